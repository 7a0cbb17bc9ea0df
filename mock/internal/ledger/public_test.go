package ledger_test

import (
	"errors"
	"fmt"
	"io/fs"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/mock/internal/ledger"
)

// Whoever has asked is told no names of files, hosts and databases; that no space is left is said, and what an error says besides.
func TestPublicText(t *testing.T) {
	full := &fs.PathError{Op: "write", Path: "/home/somebody/data/1.log", Err: syscall.ENOSPC}
	hidden := ledger.ForTheLog(errors.New("host=db user=etcp: refused"))
	damaged := &ledger.CorruptError{File: "/home/somebody/data/1.log", Offset: 7, Detail: "checksum"}
	for want, err := range map[string]error{
		"write: the store cannot be written or read: no space left on device":                             fmt.Errorf("write: %w: %w", ledger.ErrUnavailable, ledger.ForTheLog(full)),
		"the store cannot be written or read":                                                             fmt.Errorf("%w: %w", ledger.ErrUnavailable, hidden),
		"sandbox \"a\": the store cannot be written or read":                                              fmt.Errorf("sandbox %q: %w", "a", fmt.Errorf("%w: %w", ledger.ErrUnavailable, hidden)),
		"a: the store cannot be written or read: no space left on device\nthe store or the log is closed": errors.Join(fmt.Errorf("a: %w: %w", ledger.ErrUnavailable, ledger.ForTheLog(errors.Join(full, errors.New("/home")))), ledger.ErrClosed),
		"sandbox \"a\": what is kept of it is damaged; the server's log says where":                       fmt.Errorf("sandbox %q: %w", "a", damaged),
		"the store cannot be written or read: replica b, which owns the sandbox, cannot be reached":       fmt.Errorf("%w: replica %s, which owns the sandbox, cannot be reached", ledger.ErrUnavailable, "b"),
		"the store did not say whether it was written":                                                    fmt.Errorf("%w: %w", ledger.ErrUncertain, hidden),
		"a database of a: the store cannot be written or read":                                            fmt.Errorf("a database of a: %w", ledger.Failed(ledger.ErrUnavailable, ledger.ForTheLog(errors.New("a")))),
		"the store cannot be written or read\nthe store or the log is closed":                             errors.Join(ledger.Failed(ledger.ErrUnavailable, hidden), ledger.ErrClosed),
		"no (2) inputs: too much waits to be written":                                                     fmt.Errorf("no (%d) inputs: %w", 2, ledger.ErrBehind),
	} {
		require.Equal(t, want, ledger.PublicText(err))
	}
	require.Equal(t, "the store or the log is closed", ledger.PublicText(fmt.Errorf("%w (%w)", ledger.ErrClosed, hidden)), "other words around a hidden text are left out with it")
}

// What became of what was asked is said once, however often the error was wrapped, and nothing that contradicts it.
func TestFailed(t *testing.T) {
	t.Parallel()
	cause := errors.New("no space left")
	first := ledger.Failed(ledger.ErrUnavailable, cause)
	for _, again := range []error{first, ledger.Failed(ledger.ErrUnavailable, first), ledger.Failed(ledger.ErrUnavailable, ledger.Failed(ledger.ErrUncertain, cause))} {
		require.EqualError(t, again, "the store cannot be written or read: no space left")
		require.ErrorIs(t, again, ledger.ErrUnavailable)
		require.NotErrorIs(t, again, ledger.ErrUncertain)
		require.ErrorIs(t, again, cause)
	}
	wrapped := fmt.Errorf("open the database: %w", first)
	require.Equal(t, wrapped, ledger.Failed(ledger.ErrUnavailable, wrapped))
	uncertain := ledger.Failed(ledger.ErrUncertain, wrapped)
	require.NotErrorIs(t, uncertain, ledger.ErrUnavailable)
	require.ErrorIs(t, uncertain, ledger.ErrUncertain)
}
