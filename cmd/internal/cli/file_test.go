//go:build unix

package cli

import (
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// What somebody has named is read up to a size, a device too; what only lies there is read where it is a regular file.
func TestReadFile(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	plain, pipe, device := filepath.Join(dir, "plain"), filepath.Join(dir, "pipe"), filepath.Join(dir, "device")
	require.NoError(t, os.WriteFile(plain, []byte("text"), 0o600))
	require.NoError(t, syscall.Mkfifo(pipe, 0o600))
	require.NoError(t, os.Symlink("/dev/zero", device))
	text, err := ReadFile(plain, 4)
	require.NoError(t, err)
	require.Equal(t, "text", string(text))
	text, err = ReadFound(plain, 4)
	require.NoError(t, err)
	require.Equal(t, "text", string(text))
	_, err = ReadFile(plain, 3)
	require.ErrorContains(t, err, "it has more than")
	_, err = ReadFile(device, 1<<20)
	require.ErrorContains(t, err, "it has more than 1 MiB")
	for _, name := range []string{pipe, device, dir} {
		_, err = ReadFound(name, 1<<20)
		require.ErrorIs(t, err, errNotRegular, name)
	}
	go func() { _ = os.WriteFile(pipe, []byte("through"), 0o600) }()
	text, err = ReadFile(pipe, 100)
	require.NoError(t, err)
	require.Equal(t, "through", string(text))
	_, err = ReadAll(strings.NewReader("text"), "stdin", 3)
	require.ErrorContains(t, err, "it has more than")
}

// endless is what is never written: a reader that waits.
type endless struct{ began, end chan struct{} }

func (e endless) Read([]byte) (int, error) {
	close(e.began)
	<-e.end
	return 0, io.EOF
}

// What nobody writes is waited for until the process is to end; what is read after that is read.
func TestReadFile_interrupted(t *testing.T) {
	defer func() { interrupted = make(chan struct{}) }()
	pipe := endless{make(chan struct{}), make(chan struct{})}
	defer close(pipe.end)
	came := make(chan error, 1)
	go func() {
		_, err := ReadAll(pipe, "stdin", 100)
		came <- err
	}()
	<-pipe.began
	close(interrupted)
	select {
	case err := <-came:
		require.EqualError(t, err, "read stdin: it was waited for until the command was interrupted")
	case <-time.After(time.Minute):
		t.Fatal("it is waited for on")
	}
	plain := filepath.Join(t.TempDir(), "plain")
	require.NoError(t, os.WriteFile(plain, []byte("text"), 0o600))
	text, err := ReadFile(plain, 4)
	require.NoError(t, err)
	require.Equal(t, "text", string(text))
}
