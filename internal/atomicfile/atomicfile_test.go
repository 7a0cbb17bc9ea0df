//go:build unix

package atomicfile_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/internal/atomicfile"
)

func TestWrite(t *testing.T) {
	name := filepath.Join(t.TempDir(), "f")
	require.NoError(t, atomicfile.WriteBytes(t.Context(), name, 0o600, []byte("one")))
	info, err := os.Stat(name)
	require.NoError(t, err)
	require.Equal(t, fs.FileMode(0o600), info.Mode().Perm())
	require.NoError(t, os.Chmod(name, 0o666))
	require.NoError(t, atomicfile.WriteBytes(t.Context(), name, 0o600, []byte("two")))
	info, err = os.Stat(name)
	require.NoError(t, err)
	require.Equal(t, fs.FileMode(0o666), info.Mode().Perm(), "a file keeps its mode")

	broken := errors.New("broken")
	err = atomicfile.Write(t.Context(), name, 0o600, func(w io.Writer) error {
		_, _ = w.Write([]byte("half"))
		return broken
	})
	require.ErrorIs(t, err, broken)
	text, err := os.ReadFile(name)
	require.NoError(t, err)
	require.Equal(t, "two", string(text), "nothing is written by halves")
	left, err := os.ReadDir(filepath.Dir(name))
	require.NoError(t, err)
	require.Len(t, left, 1)
	require.Error(t, atomicfile.WriteBytes(t.Context(), filepath.Dir(name), 0o600, nil))
	require.Error(t, atomicfile.WriteBytes(t.Context(), filepath.Join(name, "below"), 0o600, nil))
}

// A link stays a link, also one that leads to what is not there yet.
func TestWrite_followsLinks(t *testing.T) {
	dir := t.TempDir()
	link, other := filepath.Join(dir, "link"), filepath.Join(dir, "sub", "file")
	require.NoError(t, os.Mkdir(filepath.Dir(other), 0o755))
	require.NoError(t, os.Symlink(filepath.Join("sub", "file"), link))
	for _, text := range []string{"one", "two"} {
		require.NoError(t, atomicfile.WriteBytes(t.Context(), link, 0o644, []byte(text)))
		got, err := os.ReadFile(other)
		require.NoError(t, err)
		require.Equal(t, text, string(got))
		info, err := os.Lstat(link)
		require.NoError(t, err)
		require.NotZero(t, info.Mode()&fs.ModeSymlink)
	}
	loop := filepath.Join(dir, "loop")
	require.NoError(t, os.Symlink("loop", loop))
	require.ErrorContains(t, atomicfile.WriteBytes(t.Context(), loop, 0o644, nil), "links")
}

// A device and a pipe are written to, and are still there afterwards.
func TestWrite_devicesAndPipes(t *testing.T) {
	require.NoError(t, atomicfile.WriteBytes(t.Context(), os.DevNull, 0o644, []byte("gone")))
	info, err := os.Stat(os.DevNull)
	require.NoError(t, err)
	require.NotZero(t, info.Mode()&fs.ModeDevice)

	pipe := filepath.Join(t.TempDir(), "pipe")
	require.NoError(t, syscall.Mkfifo(pipe, 0o600))
	got := make(chan string)
	go func() {
		text, _ := os.ReadFile(pipe)
		got <- string(text)
	}()
	require.NoError(t, atomicfile.WriteBytes(t.Context(), pipe, 0o644, []byte("through")))
	require.Equal(t, "through", <-got)

	from, to, err := os.Pipe() // as /dev/stdout is one, and what bash makes of >(…)
	require.NoError(t, err)
	require.NoError(t, atomicfile.WriteBytes(t.Context(), fmt.Sprintf("/dev/fd/%d", to.Fd()), 0o644, []byte("through")))
	require.NoError(t, to.Close())
	text, err := io.ReadAll(from)
	require.NoError(t, err)
	require.Equal(t, "through", string(text))
	require.NoError(t, from.Close())
	if full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0); err == nil {
		_ = full.Close()
		require.ErrorIs(t, atomicfile.WriteBytes(t.Context(), "/dev/full", 0o644, []byte("x")), syscall.ENOSPC)
	}
}

// What cannot be written is called by the name that was given, not by that of the file beside it.
func TestWrite_namesWhatWasGiven(t *testing.T) {
	t.Parallel()
	name := filepath.Join(t.TempDir(), "missing", "report.xml")
	err := atomicfile.WriteBytes(t.Context(), name, 0o600, []byte("x"))
	require.ErrorIs(t, err, fs.ErrNotExist)
	require.Equal(t, "write "+name+": no such file or directory", err.Error())
}

// So is what could not be written to the end.
func TestWrite_namesWhatWasGivenWhereTheDiskIsFull(t *testing.T) {
	name := filepath.Join(t.TempDir(), "report.xml")
	var limit syscall.Rlimit
	require.NoError(t, syscall.Getrlimit(syscall.RLIMIT_FSIZE, &limit))
	small := limit
	small.Cur = 10
	require.NoError(t, syscall.Setrlimit(syscall.RLIMIT_FSIZE, &small))
	err := atomicfile.WriteBytes(t.Context(), name, 0o600, []byte(strings.Repeat("x", 100)))
	require.NoError(t, syscall.Setrlimit(syscall.RLIMIT_FSIZE, &limit))
	require.ErrorIs(t, err, syscall.EFBIG)
	require.Equal(t, "write "+name+": file too large", err.Error())
}

// A pipe that nobody reads is waited for until the process is to end; what is written after that, as what a command has gathered, is written.
func TestWrite_pipeThatNobodyReads(t *testing.T) {
	began, done := make(chan struct{}), make(chan error, 1)
	ctx, interrupt := context.WithCancel(t.Context())
	pipe := filepath.Join(t.TempDir(), "pipe")
	require.NoError(t, syscall.Mkfifo(pipe, 0o600))
	reader, err := os.OpenFile(pipe, os.O_RDWR, 0)
	require.NoError(t, err)
	go func() {
		done <- atomicfile.Write(ctx, pipe, 0o644, func(w io.Writer) error {
			close(began)
			_, err := w.Write(make([]byte, 1<<20))
			return err
		})
	}()
	<-began
	interrupt()
	select {
	case err := <-done:
		require.EqualError(t, err, "write "+pipe+": nobody read it until the command was interrupted")
	case <-time.After(time.Minute):
		t.Fatal("it is waited for on")
	}
	_, err = io.CopyN(io.Discard, reader, 1<<20) // the writer goes on
	require.NoError(t, err)
	require.NoError(t, reader.Close())
	name := filepath.Join(t.TempDir(), "recording")
	require.NoError(t, atomicfile.WriteBytes(ctx, name, 0o600, nil))
	require.NoError(t, atomicfile.WriteBytes(ctx, "/dev/null", 0o644, []byte("x")))
}
