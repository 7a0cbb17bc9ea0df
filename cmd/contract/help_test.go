package main

import (
	"errors"
	"fmt"
	"os"
	"syscall"
	"testing"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/cmd/internal/cli"
	"github.com/etcp-mock/etcp-mock/cmd/internal/helptest"
)

// Every command and every flag says what it does in both languages.
func TestHelp_readsInBothLanguages(t *testing.T) {
	t.Parallel()
	helptest.Read(t, newRoot)
}

// A wrong value of the environment is blamed on its variable, whatever command reads it, in both languages.
func TestVariables_wrongValues(t *testing.T) { helptest.WrongVariables(t, newRoot, run) }

// What flags do stands close to them: none has a placeholder that pushes the texts of all to the right.
func TestHelp_textsStandNearTheirFlags(t *testing.T) {
	t.Parallel()
	var below func(cmd *cobra.Command)
	below = func(cmd *cobra.Command) {
		cmd.Flags().VisitAll(func(f *pflag.Flag) {
			placeholder, _ := pflag.UnquoteUsage(f)
			require.LessOrEqual(t, len(f.Name)+len(placeholder), 30, "%s --%s %s", cmd.CommandPath(), f.Name, placeholder)
		})
		for _, sub := range cmd.Commands() {
			below(sub)
		}
	}
	below(newRoot())
}

// A report that could not be written is no wrong usage.
func TestExplain_fullDisk(t *testing.T) {
	t.Parallel()
	full := fmt.Errorf("report: %w", &os.PathError{Op: "write", Path: "junit.xml", Err: syscall.ENOSPC})
	require.Equal(t, cli.ExitFailed, explain(newRoot(), full).Code)
	require.Equal(t, cli.ExitUsage, explain(newRoot(), errors.New("no such case")).Code)
}
