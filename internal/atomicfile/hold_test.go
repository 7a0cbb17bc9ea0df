package atomicfile_test

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/internal/atomicfile"
)

// Who holds a file keeps others from it, by whatever name they call it, is named by its process, and leaves nothing behind.
func TestHold(t *testing.T) {
	dir := t.TempDir()
	name, link := filepath.Join(dir, "f.yaml"), filepath.Join(dir, "link")
	require.NoError(t, os.Symlink("f.yaml", link))
	release, err := atomicfile.Hold(name)
	require.NoError(t, err)
	for _, same := range []string{name, link} {
		_, err = atomicfile.Hold(same)
		require.Equal(t, &atomicfile.HeldError{Name: same, PID: os.Getpid()}, err)
	}
	other, err := atomicfile.Hold(filepath.Join(dir, "g.yaml"))
	require.NoError(t, err)
	other()
	require.NoError(t, atomicfile.WriteBytes(t.Context(), name, 0o600, []byte("x")), "its holder writes it")
	release()
	release, err = atomicfile.Hold(link)
	require.NoError(t, err)
	release()
	left, err := filepath.Glob(filepath.Join(dir, ".*"))
	require.NoError(t, err)
	require.Empty(t, left)
	_, err = atomicfile.Hold(filepath.Join(dir, "missing", "f"))
	require.ErrorIs(t, err, fs.ErrNotExist)
	for range 2 {
		_, err = atomicfile.Hold(os.DevNull)
		require.NoError(t, err)
	}
	require.EqualError(t, &atomicfile.HeldError{Name: "f", PID: 7}, "f is in use by process 7")
	require.EqualError(t, &atomicfile.HeldError{Name: "f"}, "f is in use by another process")
}

// Nothing lies beside a file that is held and not yet written; what a process left that was killed while it wrote goes when the file is held again.
func TestWriteHeld(t *testing.T) {
	dir := t.TempDir()
	name, partial := filepath.Join(dir, "f.yaml"), filepath.Join(dir, ".f.yaml.partial")
	require.NoError(t, os.WriteFile(partial, []byte("half"), 0o600))
	release, err := atomicfile.Hold(name)
	require.NoError(t, err)
	defer release()
	require.NoFileExists(t, partial)
	broken := errors.New("broken")
	require.ErrorIs(t, atomicfile.WriteHeld(t.Context(), name, 0o600, func(io.Writer) error {
		left, err := filepath.Glob(filepath.Join(dir, "*"))
		require.NoError(t, err)
		require.Equal(t, []string{filepath.Join(dir, ".f.yaml.lock")}, left)
		return broken
	}), broken)
	require.NoFileExists(t, name)
	require.NoError(t, atomicfile.WriteHeld(t.Context(), name, 0o600, func(w io.Writer) error {
		_, err := io.WriteString(w, "one")
		require.FileExists(t, partial)
		require.NoFileExists(t, name)
		return err
	}))
	require.NoFileExists(t, partial)
	text, err := os.ReadFile(name)
	require.NoError(t, err)
	require.Equal(t, "one", string(text))
	require.ErrorIs(t, atomicfile.WriteHeld(t.Context(), name, 0o600, func(w io.Writer) error {
		_, err := io.WriteString(w, "two")
		return errors.Join(err, broken)
	}), broken)
	require.NoFileExists(t, partial)
	require.NoError(t, atomicfile.WriteHeld(t.Context(), name, 0o600, func(io.Writer) error { return nil }), "an empty file is one")
	text, err = os.ReadFile(name)
	require.NoError(t, err)
	require.Empty(t, text)
}
