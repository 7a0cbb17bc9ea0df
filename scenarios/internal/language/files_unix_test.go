//go:build unix

package language_test

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/scenarios/internal/language"
)

// Of a folder only regular files are read, and links to ones inside it: a pipe would hang, and a link out of it would show what is elsewhere.
func TestLoad_readsRegularFilesOfTheFolderOnly(t *testing.T) {
	const text = "name: NAME\nsteps:\n  - advance: 1s\n"
	dir, elsewhere := t.TempDir(), t.TempDir()
	put := func(folder, name string) string {
		file := filepath.Join(folder, name+".yaml")
		require.NoError(t, os.WriteFile(file, []byte(strings.Replace(text, "NAME", name, 1)), 0o600))
		return file
	}
	put(dir, "inside")
	outside := put(elsewhere, "outside")
	require.NoError(t, os.Symlink(outside, filepath.Join(dir, "out.yaml")))
	require.NoError(t, os.Symlink("/dev/zero", filepath.Join(dir, "zero.yaml")))
	require.NoError(t, os.Symlink("nowhere", filepath.Join(dir, "broken.yaml")))
	require.NoError(t, syscall.Mkfifo(filepath.Join(dir, "pipe.yaml"), 0o600))
	require.NoError(t, os.Mkdir(filepath.Join(dir, "folder.yaml"), 0o700))
	require.NoError(t, os.Mkdir(filepath.Join(dir, "below"), 0o700))
	linked := put(filepath.Join(dir, "below"), "linked")
	require.NoError(t, os.Rename(linked, filepath.Join(dir, "below", "linked.txt")))
	require.NoError(t, os.Symlink(filepath.Join("below", "linked.txt"), filepath.Join(dir, "link.yaml")))
	library, err := language.Load(nil, dir)
	require.NoError(t, err)
	require.Equal(t, []string{"inside", "linked"}, library.Names())

	large := filepath.Join(elsewhere, "large.yaml")
	require.NoError(t, os.WriteFile(large, nil, 0o600))
	require.NoError(t, os.Truncate(large, 17<<20))
	_, err = language.Load(nil, large)
	require.ErrorContains(t, err, "more than 16 MiB")
}
