package file

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/mock/internal/ledger"
)

// Once the directory, a sandbox's folder or its newest segment is not there any more, or another is in its place, nothing is accepted: it would be written to a
// file without a name, and lost.
func TestRemoved(t *testing.T) {
	t.Parallel()
	for name, remove := range map[string]func(t *testing.T, dir string){
		"the directory": func(t *testing.T, dir string) { require.NoError(t, os.RemoveAll(dir)) },
		"the directory moved": func(t *testing.T, dir string) {
			require.NoError(t, os.Rename(dir, dir+"-elsewhere"))
		},
		"the directory replaced": func(t *testing.T, dir string) {
			require.NoError(t, os.Rename(dir, dir+"-elsewhere"))
			require.NoError(t, os.CopyFS(dir, os.DirFS(dir+"-elsewhere")))
		},
		"a sandbox's folder": func(t *testing.T, dir string) {
			require.NoError(t, os.RemoveAll(filepath.Join(dir, "sandboxes", "default")))
		},
		"a segment": func(t *testing.T, dir string) { require.NoError(t, os.Remove(newestSegment(t, dir))) },
	} {
		removed(t, name, Options{}, remove)
		removed(t, name+", while a segment is open", Options{Sync: time.Hour}, remove)
	}
}

func removed(t *testing.T, name string, opts Options, remove func(t *testing.T, dir string)) {
	t.Helper()
	t.Run(name, func(t *testing.T) {
		t.Parallel()
		dir := filepath.Join(t.TempDir(), "data")
		s, err := Open(dir, opts)
		require.NoError(t, err)
		t.Cleanup(func() { _ = s.Close() })
		made, err := s.Create(t.Context(), "default", nil, []byte("first"))
		require.NoError(t, err)
		if opts.Sync > 0 {
			seq, err := made.Append([]byte("second"))
			require.NoError(t, err)
			require.NoError(t, made.Wait(t.Context(), seq))
			require.NotNil(t, made.(*log).file, "it stays open until it is synced")
		}
		remove(t, dir)
		made.(*log).checked = time.Now().Add(-checkEvery)
		seq, err := made.Append([]byte("late"))
		require.NoError(t, err)
		err = made.Wait(t.Context(), seq)
		require.ErrorIs(t, err, ledger.ErrRemoved)
		require.ErrorIs(t, err, ledger.ErrUnavailable)
		require.ErrorIs(t, made.Ready(), ledger.ErrRemoved)
		if strings.HasPrefix(name, "the directory") {
			require.ErrorIs(t, s.Ready(), ledger.ErrRemoved)
			_, err = s.Create(t.Context(), "other", nil, []byte("first"))
			require.ErrorIs(t, err, ledger.ErrRemoved)
		}
	})
}
