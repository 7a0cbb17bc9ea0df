package file

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/etcp-mock/etcp-mock/mock/internal/ledger"
)

func TestMain(m *testing.M) {
	if dir := os.Getenv(childDir); dir != "" {
		os.Exit(beChild(dir))
	}
	goleak.VerifyTestMain(m)
}

func open(t testing.TB, dir string, opts Options) *Store {
	t.Helper()
	s, err := Open(dir, opts)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, s.Close()) })
	return s
}

// inputs are numbered, and of different lengths.
func inputs(n int) [][]byte {
	all := make([][]byte, n)
	for i := range all {
		all[i] = []byte(fmt.Sprint(i+1, strings.Repeat("·", i%7)))
	}
	return all
}

// read takes the sandbox of a directory, and gives what was kept of it.
func read(t testing.TB, dir string) (got []string, next uint64, err error) {
	t.Helper()
	s, err := Open(dir, Options{})
	if err != nil {
		return nil, 0, err
	}
	defer func() { require.NoError(t, s.Close()) }()
	log, err := s.Take(t.Context(), "default", ledger.Restore{
		Snapshot: func(seq uint64, state []byte) error {
			got = strings.Split(string(state), "\n")
			return nil
		},
		Record: func(seq uint64, input []byte) error {
			if seq != uint64(len(got)+1) {
				return errors.New("out of order")
			}
			got = append(got, string(input))
			return nil
		},
	})
	if err != nil {
		return nil, 0, err
	}
	return got, log.Next(), nil
}

func prefix(t testing.TB, want [][]byte, got []string) {
	t.Helper()
	require.LessOrEqual(t, len(got), len(want))
	for i := range got {
		require.Equal(t, string(want[i]), got[i])
	}
}

// copyDir copies a directory, so that it can be damaged.
func copyDir(t testing.TB, dir string) string {
	t.Helper()
	to := filepath.Join(t.TempDir(), "copy")
	require.NoError(t, os.CopyFS(to, os.DirFS(dir)))
	return to
}

// sample makes a directory with a snapshot, a segment that is full and the newest one, and gives its inputs.
func sample(t testing.TB) (dir string, want [][]byte) {
	t.Helper()
	dir = filepath.Join(t.TempDir(), "data")
	want = inputs(40)
	s := open(t, dir, Options{SegmentSize: 250})
	log, err := s.Create(t.Context(), "default", []string{"M1"})
	require.NoError(t, err)
	var state []string
	for i, input := range want {
		seq, err := log.Append(input)
		require.NoError(t, err)
		require.NoError(t, log.Wait(t.Context(), seq))
		state = append(state, string(input))
		if i == 14 {
			require.NoError(t, log.Keep(t.Context(), seq-1, strings.NewReader(strings.Join(state[:seq-1], "\n"))))
		}
	}
	require.NoError(t, s.Close())
	c, err := list(filepath.Join(dir, "sandboxes", "default"))
	require.NoError(t, err)
	require.Len(t, c.snapshots, 1)
	require.Greater(t, len(c.segments), 2)
	return dir, want
}

func newestSegment(t testing.TB, dir string) string {
	t.Helper()
	folder := filepath.Join(dir, "sandboxes", "default")
	c, err := list(folder)
	require.NoError(t, err)
	return filepath.Join(folder, segmentName(c.segments[len(c.segments)-1]))
}

// The newest segment cut at any byte gives a prefix, and appends go on after it.
func TestCut_atEveryByte(t *testing.T) {
	t.Parallel()
	dir, want := sample(t)
	sound := dir
	text, err := os.ReadFile(newestSegment(t, sound))
	require.NoError(t, err)
	shortest := len(want)
	for n := range text {
		dir := copyDir(t, sound)
		require.NoError(t, os.Truncate(newestSegment(t, dir), int64(n)))
		got, next, err := read(t, dir)
		require.NoError(t, err, "cut at %d", n)
		prefix(t, want, got)
		require.Equal(t, uint64(len(got)+1), next)
		shortest = min(shortest, len(got))

		s := open(t, dir, Options{})
		log, err := s.Take(t.Context(), "default", ledger.Restore{Snapshot: func(uint64, []byte) error { return nil }, Record: func(uint64, []byte) error { return nil }})
		require.NoError(t, err)
		seq, err := log.Append([]byte("after"))
		require.NoError(t, err)
		require.NoError(t, log.Wait(t.Context(), seq))
		require.NoError(t, s.Close())
		again, _, err := read(t, dir)
		require.NoError(t, err)
		require.Equal(t, append(got, "after"), again)
	}
	require.Less(t, shortest, len(want)-1)
}

// A bit that is flipped in any byte of any file: a prefix (only where the very last record is hit) or a refusal that names
// the file and the byte, never anything else.
func TestFlip_everyByte(t *testing.T) {
	t.Parallel()
	dir, want := sample(t)
	newest := newestSegment(t, dir)
	refused, cut := 0, 0
	require.NoError(t, filepath.Walk(filepath.Join(dir, "sandboxes"), func(name string, info os.FileInfo, err error) error {
		if err != nil || info.IsDir() {
			return err
		}
		text, err := os.ReadFile(name)
		require.NoError(t, err)
		last := len(text) - recordHead - len(want[len(want)-1])
		for at := range text {
			for _, bit := range []int{0, 3, 7} {
				text[at] ^= 1 << bit
				require.NoError(t, os.WriteFile(name, text, 0o600))
				got, _, err := read(t, dir)
				var corrupt *ledger.CorruptError
				switch {
				case err != nil:
					require.ErrorAs(t, err, &corrupt)
					require.Equal(t, name, corrupt.File)
					require.LessOrEqual(t, corrupt.Offset, int64(at))
					require.Equal(t, !strings.HasSuffix(name, segmentEnd), corrupt.Offset == ledger.Somewhere, "%v: a byte that is none is not named", err)
					refused++
				default:
					require.Equal(t, newest, name, "byte %d of %s", at, name)
					require.GreaterOrEqual(t, at, last)
					require.Len(t, got, len(want)-1)
					prefix(t, want, got)
					cut++
				}
				text[at] ^= 1 << bit
			}
			require.NoError(t, os.WriteFile(name, text, 0o600))
		}
		return nil
	}))
	require.Positive(t, cut)
	require.Greater(t, refused, cut)
}

// Snapshots and places hold merchants' keys: their owner alone reads them, as he does the segments.
func TestSealed_mode(t *testing.T) {
	t.Parallel()
	dir, _ := sample(t)
	files := 0
	require.NoError(t, filepath.Walk(filepath.Join(dir, "sandboxes"), func(name string, info os.FileInfo, err error) error {
		if err == nil && !info.IsDir() {
			files++
			require.Equal(t, os.FileMode(0o600), info.Mode(), name)
		}
		return err
	}))
	require.Greater(t, files, 2)
}

// A file that is missing in the middle is a refusal too.
func TestMissing(t *testing.T) {
	t.Parallel()
	dir, _ := sample(t)
	folder := filepath.Join(dir, "sandboxes", "default")
	c, err := list(folder)
	require.NoError(t, err)
	missing := []string{"place", snapshotName(c.snapshots[0])}
	for _, first := range c.segments[:len(c.segments)-1] {
		missing = append(missing, segmentName(first))
	}
	for _, name := range missing {
		damaged := copyDir(t, dir)
		require.NoError(t, os.Remove(filepath.Join(damaged, "sandboxes", "default", name)))
		_, _, err := read(t, damaged)
		var corrupt *ledger.CorruptError
		require.ErrorAs(t, err, &corrupt, name)
	}
}

// A crash between any two steps of a compaction leaves files of before and after side by side; both give the same.
func TestKeep_crashBetween(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "data")
	want := inputs(12)
	s := open(t, dir, Options{SegmentSize: 120})
	_, err := s.Create(t.Context(), "default", nil, want...)
	require.NoError(t, err)
	require.NoError(t, s.Close())
	before := copyDir(t, dir)

	s = open(t, dir, Options{})
	log, err := s.Take(t.Context(), "default", ledger.Restore{Record: func(uint64, []byte) error { return nil }})
	require.NoError(t, err)
	state := make([]string, 8)
	for i := range state {
		state[i] = string(want[i])
	}
	require.NoError(t, log.Keep(t.Context(), 8, strings.NewReader(strings.Join(state, "\n"))))
	require.NoError(t, s.Close())
	snapshot, err := os.ReadFile(filepath.Join(dir, "sandboxes", "default", snapshotName(8)))
	require.NoError(t, err)

	folder := filepath.Join(before, "sandboxes", "default")
	require.NoError(t, os.WriteFile(filepath.Join(folder, snapshotName(8)+".tmp"), snapshot[:20], 0o600))
	got, _, err := read(t, before)
	require.NoError(t, err)
	require.Len(t, got, 12)
	require.NoFileExists(t, filepath.Join(folder, snapshotName(8)+".tmp"))
	require.NoError(t, os.WriteFile(filepath.Join(folder, snapshotName(8)), snapshot, 0o600))
	got, _, err = read(t, before)
	require.NoError(t, err)
	require.Len(t, got, 12)
	prefix(t, want, got)
	got, _, err = read(t, dir)
	require.NoError(t, err)
	require.Len(t, got, 12)
	prefix(t, want, got)
}

// A second process is refused with the first one's id; a lock that a dead one left is none.
func TestOpen_locked(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "data")
	s := open(t, dir, Options{})
	_, err := Open(dir, Options{})
	var locked *ledger.LockedError
	require.ErrorAs(t, err, &locked)
	require.Equal(t, os.Getpid(), locked.PID)
	require.ErrorContains(t, err, fmt.Sprint("process ", os.Getpid()))
	require.NoError(t, s.Close())
	require.NoError(t, os.WriteFile(filepath.Join(dir, "pid"), []byte("1\n"), 0o600))
	open(t, dir, Options{})
}

// A directory of something else, and one of another version, are left alone.
func TestOpen_otherDirectory(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, "thesis.doc"), nil, 0o600))
	_, err := Open(dir, Options{})
	require.ErrorContains(t, err, "thesis.doc")
	entries, err := os.ReadDir(dir)
	require.NoError(t, err)
	require.Len(t, entries, 1, "nothing was written there")
	for name, text := range map[string]string{"pid": "pid of the thesis", "lock": "1"} {
		dir, name := t.TempDir(), name
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600))
		_, err := Open(dir, Options{})
		require.ErrorContains(t, err, "something else in it ("+name+")")
		kept, err := os.ReadFile(filepath.Join(dir, name))
		require.NoError(t, err)
		require.Equal(t, text, string(kept))
	}
	other := filepath.Join(t.TempDir(), "data")
	require.NoError(t, open(t, other, Options{}).Close())
	require.NoError(t, os.WriteFile(filepath.Join(other, "format"), []byte("etcp-mock ledger 9\n"), 0o600))
	_, err = Open(other, Options{})
	require.ErrorContains(t, err, "another version")
}

// What nobody waits for is written within the interval all the same.
func TestAppend_unawaited(t *testing.T) {
	t.Parallel()
	for _, sync := range []string{"0s", "1ms"} {
		s := open(t, filepath.Join(t.TempDir(), "data"), Options{Sync: duration(t, sync)})
		log, err := s.Create(t.Context(), "default", nil)
		require.NoError(t, err)
		_, err = log.Append([]byte("x"))
		require.NoError(t, err)
		for log.Durable() == 0 {
			select {
			case <-t.Context().Done():
				require.FailNow(t, "not written")
			case <-tick():
			}
		}
	}
}

// FuzzReadSegment: a reader of any bytes gives records in order with right checksums, or says where it stopped.
func FuzzReadSegment(f *testing.F) {
	text := appendSegmentHead(nil, 7)
	for i, input := range inputs(5) {
		text = appendRecord(text, uint64(7+i), input)
	}
	f.Add(text, 30, byte(1))
	f.Add(text[:33], 0, byte(0))
	f.Add([]byte("ETCPLOG\x02"), 0, byte(0))
	f.Fuzz(func(t *testing.T, text []byte, at int, flip byte) {
		if at >= 0 && at < len(text) {
			text[at] ^= flip
		}
		again := appendSegmentHead(nil, 7)
		end, next, bad, err := readSegment(text, 7, func(seq uint64, input []byte) error {
			again = appendRecord(again, seq, input)
			return nil
		})
		require.NoError(t, err)
		if bad != nil && bad.offset == 0 {
			require.Zero(t, end)
			require.Equal(t, uint64(7), next)
			return
		}
		require.Equal(t, again, text[:end])
		require.Equal(t, bad == nil, int(end) == len(text))
	})
}
