package main

import (
	"errors"
	"fmt"
	"os"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/cmd/internal/cli"
	"github.com/etcp-mock/etcp-mock/cmd/internal/helptest"
)

// Every command and every flag says what it does in both languages.
func TestHelp_readsInBothLanguages(t *testing.T) {
	t.Parallel()
	helptest.Read(t, newRoot)
}

// A report that could not be written is no wrong usage.
func TestExplain_fullDisk(t *testing.T) {
	t.Parallel()
	full := fmt.Errorf("report: %w", &os.PathError{Op: "write", Path: "junit.xml", Err: syscall.ENOSPC})
	require.Equal(t, cli.ExitFailed, explain(newRoot(), full).Code)
	require.Equal(t, cli.ExitUsage, explain(newRoot(), errors.New("no such case")).Code)
}
