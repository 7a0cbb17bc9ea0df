package file

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/mock/internal/ledger"
)

var nothing = ledger.Restore{Snapshot: func(uint64, []byte) error { return nil }, Record: func(uint64, []byte) error { return nil }}

func placeFile(dir string) string { return filepath.Join(dir, "sandboxes", "default", "place") }

// claimedIn are the numbers that the sandbox of a directory has claimed.
func claimedIn(t testing.TB, dir string) ([]string, error) {
	t.Helper()
	s, err := Open(dir, Options{})
	if err != nil {
		return nil, err
	}
	defer func() { require.NoError(t, s.Close()) }()
	places, err := s.Places(t.Context())
	require.NoError(t, err)
	require.Len(t, places, 1)
	return places[0].Merchants, nil
}

// changed makes a directory whose sandbox claimed and released numbers, and gives what it had after each change with where the file ended then.
func changed(t testing.TB) (dir string, after [][]string, ends []int64) {
	t.Helper()
	dir = filepath.Join(t.TempDir(), "data")
	s := open(t, dir, Options{})
	log, err := s.Create(t.Context(), "default", []string{"M1", "M2"})
	require.NoError(t, err)
	for i := range 8 {
		if i > 0 {
			require.NoError(t, log.Claim(t.Context(), fmt.Sprint("N", i), fmt.Sprint("渝", i), "M1"))
		}
		if i%3 == 2 {
			require.NoError(t, log.Release(t.Context(), fmt.Sprint("N", i-1), "M2", "none"))
		}
		places, err := s.Places(t.Context())
		require.NoError(t, err)
		info, err := os.Stat(placeFile(dir))
		require.NoError(t, err)
		after, ends = append(after, places[0].Merchants), append(ends, info.Size())
	}
	require.NoError(t, s.Close())
	return dir, after, ends
}

// Of changes that were cut off at any byte those before are there, and changes go on after them.
func TestClaims_cutAtEveryByte(t *testing.T) {
	t.Parallel()
	dir, after, ends := changed(t)
	text, err := os.ReadFile(placeFile(dir))
	require.NoError(t, err)
	for n := range text {
		require.NoError(t, os.WriteFile(placeFile(dir), text[:n], 0o600))
		got, err := claimedIn(t, dir)
		if int64(n) < ends[0] {
			var corrupt *ledger.CorruptError
			require.ErrorAs(t, err, &corrupt, "cut at %d", n)
			continue
		}
		require.NoError(t, err, "cut at %d", n)
		last := 0
		for i, end := range ends {
			if end <= int64(n) {
				last = i
			}
		}
		if !slices.Equal(after[last], got) { // a step of changed is up to two changes
			require.Less(t, last+1, len(after))
			require.Greater(t, len(got), len(after[last]), "cut at %d", n)
		}
		s := open(t, dir, Options{})
		log, err := s.Take(t.Context(), "default", nothing)
		require.NoError(t, err)
		require.NoError(t, log.Claim(t.Context(), "Z"))
		require.NoError(t, s.Close())
		again, err := claimedIn(t, dir)
		require.NoError(t, err)
		want := append(slices.Clone(got), "Z")
		slices.Sort(want)
		require.Equal(t, want, again, "cut at %d", n)
	}
}

// A bit that is flipped in any byte is a refusal, or takes the very last change away.
func TestClaims_flipEveryByte(t *testing.T) {
	t.Parallel()
	dir, after, ends := changed(t)
	text, err := os.ReadFile(placeFile(dir))
	require.NoError(t, err)
	cut := 0
	for at := range text {
		for _, bit := range []int{0, 3, 7} {
			text[at] ^= 1 << bit
			require.NoError(t, os.WriteFile(placeFile(dir), text, 0o600))
			got, err := claimedIn(t, dir)
			if err != nil {
				var corrupt *ledger.CorruptError
				require.ErrorAs(t, err, &corrupt)
				require.Equal(t, placeFile(dir), corrupt.File)
				require.LessOrEqual(t, corrupt.Offset, int64(at))
			} else {
				require.GreaterOrEqual(t, int64(at), ends[len(ends)-2])
				require.Equal(t, after[len(after)-2], got)
				cut++
			}
			text[at] ^= 1 << bit
		}
	}
	require.Positive(t, cut)
}

// A place of another version is refused, and stays as it is.
func TestClaims_ofAnotherVersion(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "data")
	s := open(t, dir, Options{})
	_, err := s.Create(t.Context(), "default", []string{"M1"})
	require.NoError(t, err)
	require.NoError(t, s.Close())
	text, err := os.ReadFile(placeFile(dir))
	require.NoError(t, err)
	text[len(magicPlace)-1]++
	require.NoError(t, os.WriteFile(placeFile(dir), text, 0o600))
	_, err = claimedIn(t, dir)
	require.ErrorContains(t, err, "version")
	after, err := os.ReadFile(placeFile(dir))
	require.NoError(t, err)
	require.Equal(t, text, after)
}

// Changes are written anew as a whole before they are much larger than what they change.
func TestClaims_compaction(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "data")
	s := open(t, dir, Options{})
	log, err := s.Create(t.Context(), "default", []string{"M1"})
	require.NoError(t, err)
	largest := int64(0)
	for i := range 1000 {
		require.NoError(t, log.Claim(t.Context(), "N"))
		require.NoError(t, log.Release(t.Context(), "N"))
		if i%20 == 0 {
			info, err := os.Stat(placeFile(dir))
			require.NoError(t, err)
			largest = max(largest, info.Size())
		}
	}
	require.Greater(t, largest, int64(fewChanges/2))
	require.Less(t, largest, int64(2*fewChanges))
	require.NoError(t, s.Close())
	got, err := claimedIn(t, dir)
	require.NoError(t, err)
	require.Equal(t, []string{"M1"}, got)
}

// What could not be written has not happened: the numbers are free, and the next change goes through.
func TestClaims_refused(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "data")
	s := open(t, dir, Options{})
	log, err := s.Create(t.Context(), "default", []string{"M1"})
	require.NoError(t, err)
	other, err := s.Create(t.Context(), "other", nil)
	require.NoError(t, err)
	away := placeFile(dir) + ".away"
	require.NoError(t, os.Rename(placeFile(dir), away))
	require.ErrorIs(t, log.Claim(t.Context(), "M2"), ledger.ErrUnavailable)
	require.ErrorIs(t, log.Release(t.Context(), "M1"), ledger.ErrUnavailable)
	require.NoError(t, os.Rename(away, placeFile(dir)))
	require.NoError(t, other.Claim(t.Context(), "M2"))
	var taken *ledger.TakenError
	require.True(t, errors.As(other.Claim(t.Context(), "M1"), &taken))
	require.NoError(t, log.Claim(t.Context(), "M3"))
	require.NoError(t, log.Release(t.Context(), "M1"))
	require.NoError(t, s.Close())
	s = open(t, dir, Options{})
	places, err := s.Places(t.Context())
	require.NoError(t, err)
	require.Equal(t, []string{"M3"}, places[0].Merchants)
	require.Equal(t, []string{"M2"}, places[1].Merchants)
}

// BenchmarkClaim claims one number more where 20,000 are claimed, and releases it.
func BenchmarkClaim(b *testing.B) {
	many := make([]string, 20_000)
	for i := range many {
		many[i] = fmt.Sprintf("M%08d", i)
	}
	s := open(b, filepath.Join(b.TempDir(), "data"), Options{})
	log, err := s.Create(b.Context(), "default", many)
	require.NoError(b, err)
	for b.Loop() {
		require.NoError(b, log.Claim(b.Context(), "N"))
		require.NoError(b, log.Release(b.Context(), "N"))
	}
}
