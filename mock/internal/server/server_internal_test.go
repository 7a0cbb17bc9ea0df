package server

import (
	"bytes"
	"errors"
	"log/slog"
	"testing"

	"github.com/stretchr/testify/require"
)

// What failed without a panic is logged as an error, without a stack that it has not.
func TestLogFailure(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	failed := logFailure(slog.New(slog.NewTextHandler(&out, nil)))
	failed("storing", errors.New("no space left"), nil)
	require.Contains(t, out.String(), `msg="storing failed" error="no space left"`)
	require.NotContains(t, out.String(), "panic")
	failed("storing", "index out of range", []byte("goroutine 1"))
	require.Contains(t, out.String(), `panic="index out of range" stack="goroutine 1"`)
}
