//go:build unix

package file

import (
	"errors"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/mock/internal/ledger"
)

// What lies in the directory and is no regular file, as a pipe that nobody writes to or a link to a device without end, and a file larger than any
// that is written here, is refused with its name, or removed where it stands for a write
// that did not end: a server neither waits for it nor reads it.
func TestOpen_readsRegularFilesOnly(t *testing.T) {
	const segment, snapshot = "sandboxes/default/00000000000000000001.log", "sandboxes/default/00000000000000000009.snapshot"
	put := map[string]func(t *testing.T, name string){
		"a named pipe": func(t *testing.T, name string) { require.NoError(t, syscall.Mkfifo(name, 0o600)) },
		"a link":       func(t *testing.T, name string) { require.NoError(t, os.Symlink("/dev/zero", name)) },
		"a folder":     func(t *testing.T, name string) { require.NoError(t, os.Mkdir(name, 0o700)) },
		"bytes": func(t *testing.T, name string) {
			require.NoError(t, os.WriteFile(name, nil, 0o600))
			require.NoError(t, os.Truncate(name, 1<<40)) // it has holes, and takes no room
		},
	}
	for what, put := range put {
		for _, name := range []string{"lock", "pid", "format", "format.tmp", "sandboxes/default/place", "sandboxes/default/place.tmp", segment, snapshot, snapshot + ".tmp"} {
			if what == "bytes" && (name == "lock" || name == "pid" || filepath.Ext(name) == ".tmp") {
				continue // they are overwritten or removed, not read
			}
			t.Run(what+" as "+filepath.Base(name), func(t *testing.T) {
				dir := t.TempDir()
				s, err := Open(dir, Options{})
				require.NoError(t, err)
				_, err = s.Create(t.Context(), "default", []string{"M1"}, []byte("an input"))
				require.NoError(t, err)
				require.NoError(t, s.Close())
				require.NoError(t, os.RemoveAll(filepath.Join(dir, name)))
				put(t, filepath.Join(dir, name))

				s, err = Open(dir, Options{})
				if err == nil {
					defer s.Close()
					_, err = s.Take(t.Context(), "default", ledger.Restore{
						Snapshot: func(uint64, []byte) error { return errors.New("it was read") },
						Record:   func(uint64, []byte) error { return nil },
					})
				}
				if filepath.Ext(name) == ".tmp" && filepath.Base(name) != "format.tmp" {
					require.NoError(t, err, "it is only removed")
					require.NoFileExists(t, filepath.Join(dir, name))
					return
				}
				var corrupt *ledger.CorruptError
				require.ErrorAs(t, err, &corrupt)
				require.Equal(t, filepath.Join(dir, name), corrupt.File)
				require.Contains(t, corrupt.Detail, what)
			})
		}
	}
}
