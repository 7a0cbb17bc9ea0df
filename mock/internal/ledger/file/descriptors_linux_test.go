package file

import (
	"fmt"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/mock/internal/ledger"
)

// However few descriptors are left: a sandbox that was refused is not there after the next start, and can be made once there are some; one whose
// deletion was refused goes on, and one that is deleted is gone.
func TestDescriptors_few(t *testing.T) { //nolint:paralleltest // the limit is the process's
	refused := map[string]int{}
	for left := range 8 {
		dir := filepath.Join(t.TempDir(), "data")
		s := open(t, dir, Options{})
		old, err := s.Create(t.Context(), "old", nil, []byte("old"))
		require.NoError(t, err)
		var made ledger.Log
		var createErr, deleteErr error
		with(t, left, func() { made, createErr = s.Create(t.Context(), "new", []string{"M"}, []byte("new")) })
		with(t, left, func() { deleteErr = old.Delete(t.Context()) })
		if deleteErr != nil {
			refused["delete"]++
			require.ErrorIs(t, deleteErr, ledger.ErrUnavailable)
			seq, err := old.Append([]byte("goes on"))
			require.NoError(t, err)
			require.NoError(t, old.Wait(t.Context(), seq))
			require.NoError(t, old.Delete(t.Context()), "with %d descriptors", left)
		}
		if createErr != nil {
			refused["create"]++
			require.ErrorIs(t, createErr, ledger.ErrUnavailable)
			require.Empty(t, placesOf(t, copyDir(t, dir)), "what was refused is not there, with %d descriptors", left)
			made, err = s.Create(t.Context(), "new", []string{"M"}, []byte("new"))
			require.NoError(t, err, "with %d descriptors", left)
		}
		require.NotNil(t, made)
		require.NoError(t, s.Close())
		require.Equal(t, []string{"new"}, placesOf(t, dir))
	}
	require.Positive(t, refused["create"])
	require.Positive(t, refused["delete"])
	require.Less(t, refused["create"], 8)
}

func placesOf(t *testing.T, dir string) (ids []string) {
	t.Helper()
	s, err := Open(dir, Options{})
	require.NoError(t, err)
	defer s.Close()
	places, err := s.Places(t.Context())
	require.NoError(t, err)
	for _, p := range places {
		ids = append(ids, p.Sandbox)
	}
	return ids
}

// with does something while the process may open so many descriptors more.
func with(t *testing.T, left int, do func()) {
	t.Helper()
	var limit syscall.Rlimit
	require.NoError(t, syscall.Getrlimit(syscall.RLIMIT_NOFILE, &limit))
	var fillers []*os.File
	defer func() {
		for _, f := range fillers {
			_ = f.Close()
		}
	}()
	lower := limit
	lower.Cur = uint64(highest(t) + 1)
	require.NoError(t, syscall.Setrlimit(syscall.RLIMIT_NOFILE, &lower))
	defer func() { require.NoError(t, syscall.Setrlimit(syscall.RLIMIT_NOFILE, &limit)) }()
	for { // those below the highest that are free
		f, err := os.Open(os.DevNull)
		if err != nil {
			break
		}
		fillers = append(fillers, f)
	}
	for len(fillers) < left { // there is none to give back
		lower.Cur++
		require.NoError(t, syscall.Setrlimit(syscall.RLIMIT_NOFILE, &lower))
		left--
	}
	for range left {
		_ = fillers[len(fillers)-1].Close()
		fillers = fillers[:len(fillers)-1]
	}
	do()
}

// highest is the highest descriptor of the process.
func highest(t *testing.T) (most int) {
	t.Helper()
	entries, err := os.ReadDir("/proc/self/fd")
	require.NoError(t, err)
	for _, e := range entries {
		var n int
		_, err := fmt.Sscan(e.Name(), &n)
		require.NoError(t, err)
		most = max(most, n)
	}
	return most
}

// More sandboxes than the process may open files are made, taken after a restart, and written to, one after the other: who rests keeps none open.
func TestDescriptors_moreSandboxes(t *testing.T) { //nolint:paralleltest // the limit is the process's
	const sandboxes, descriptors, most = 60, 12, 4
	dir := filepath.Join(t.TempDir(), "data")
	opts := Options{MaxOpen: most}
	id := func(i int) string { return fmt.Sprintf("s%02d", i) }
	s := open(t, dir, opts)
	with(t, descriptors, func() {
		for i := range sandboxes {
			_, err := s.Create(t.Context(), id(i), nil, []byte("first"))
			require.NoError(t, err, i)
		}
	})
	require.NoError(t, s.Close())
	s = open(t, dir, opts)
	logs := make([]ledger.Log, sandboxes)
	with(t, descriptors, func() {
		for i := range logs {
			var err error
			logs[i], err = s.Take(t.Context(), id(i), ledger.Restore{Record: func(uint64, []byte) error { return nil }})
			require.NoError(t, err, i)
		}
		for round := range 2 {
			for i, log := range logs {
				seq, err := log.Append([]byte{byte(round)})
				require.NoError(t, err)
				require.NoError(t, log.Wait(t.Context(), seq), i)
				if i%most == 0 {
					s.syncDirty()
				}
			}
		}
	})
	require.NoError(t, s.Close())
	s = open(t, dir, opts)
	for i := range sandboxes {
		var got []string
		_, err := s.Take(t.Context(), id(i), ledger.Restore{Record: func(_ uint64, input []byte) error {
			got = append(got, string(input))
			return nil
		}})
		require.NoError(t, err)
		require.Equal(t, []string{"first", "\x00", "\x01"}, got)
	}
}
