package file

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/etcp-mock/etcp-mock/mock/internal/ledger"
)

const (
	segmentEnd  = ".log"
	snapshotEnd = ".snapshot"
)

func segmentName(first uint64) string { return fmt.Sprintf("%020d%s", first, segmentEnd) }
func snapshotName(seq uint64) string  { return fmt.Sprintf("%020d%s", seq, snapshotEnd) }

// folderName is the name of a sandbox's folder on every file system: the id, where it is short and plain. The file
// place has the id itself.
func folderName(id string) string {
	var b strings.Builder
	for _, c := range []byte(id) {
		if c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '-' || c == '_' {
			b.WriteByte(c)
		} else {
			fmt.Fprintf(&b, "%%%02x", c)
		}
	}
	name := b.String()
	if len(name) > 120 {
		sum := sha256.Sum256([]byte(id))
		name = name[:80] + "~" + hex.EncodeToString(sum[:16])
	}
	return name
}

// Take reads what is kept of a sandbox and gives its log a new epoch. Whatever the one that had it before has appended
// and not waited for is dropped.
func (s *Store) Take(_ context.Context, id string, restore ledger.Restore) (ledger.Log, error) {
	s.mu.Lock()
	p := s.places[id]
	s.mu.Unlock()
	if p == nil {
		return nil, ledger.ErrUnknown
	}
	p.taking.Lock()
	defer p.taking.Unlock()
	s.mu.Lock()
	former, current, closed := p.log, s.places[id] == p, s.closed
	p.log = nil
	s.mu.Unlock()
	if former != nil {
		_ = former.stop(ledger.ErrFenced)
	}
	p.keeping.Lock()
	defer p.keeping.Unlock()
	switch {
	case closed:
		return nil, ledger.ErrClosed
	case !current:
		return nil, ledger.ErrUnknown
	}
	l, err := s.read(p, restore)
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return nil, errors.Join(ledger.ErrClosed, l.stop(ledger.ErrClosed))
	}
	p.epoch++
	l.epoch, p.log = p.epoch, l
	return l, nil
}

// contents are the files of a sandbox's folder.
type contents struct {
	snapshots, segments []uint64 // sorted
	beside              []string // left over from a write that did not end
}

func list(dir string) (c contents, err error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return c, unavailable("list the sandbox", err)
	}
	for _, e := range entries {
		number, isSegment := strings.CutSuffix(e.Name(), segmentEnd)
		if !isSegment {
			var isSnapshot bool
			if number, isSnapshot = strings.CutSuffix(e.Name(), snapshotEnd); !isSnapshot {
				if strings.HasSuffix(e.Name(), ".tmp") {
					c.beside = append(c.beside, e.Name())
				}
				continue
			}
		}
		if err := regular(filepath.Join(dir, e.Name())); err != nil {
			return c, err
		}
		n, err := strconv.ParseUint(number, 10, 64)
		if err != nil || len(number) != 20 {
			return c, &ledger.CorruptError{File: filepath.Join(dir, e.Name()), Detail: "the name is not one of this directory"}
		}
		if isSegment {
			c.segments = append(c.segments, n)
		} else {
			c.snapshots = append(c.snapshots, n)
		}
	}
	slices.Sort(c.segments)
	slices.Sort(c.snapshots)
	return c, nil
}

// read gives a sandbox's newest snapshot and the inputs after it to restore, drops what a crash left over, and opens
// the newest segment where the inputs end.
func (s *Store) read(p *place, restore ledger.Restore) (*log, error) {
	c, err := list(p.dir)
	if err != nil {
		return nil, err
	}
	useless := c.beside
	var kept uint64
	if n := len(c.snapshots); n > 0 {
		kept = c.snapshots[n-1]
		name := filepath.Join(p.dir, snapshotName(kept))
		seq, state, err := readSealed(name, magicSnapshot, maxSnapshot)
		switch {
		case err != nil && !isCorrupt(err):
			return nil, unavailable("read the snapshot", err)
		case err != nil:
			return nil, err
		case seq != kept:
			return nil, &ledger.CorruptError{File: name, Offset: 8, Detail: "the snapshot is another one"}
		}
		if err := restore.Snapshot(kept, state); err != nil {
			return nil, err
		}
		for _, older := range c.snapshots[:n-1] {
			useless = append(useless, snapshotName(older))
		}
	}
	for len(c.segments) > 1 && c.segments[1] <= kept+1 { // the snapshot stands for the whole of it
		useless = append(useless, segmentName(c.segments[0]))
		c.segments = c.segments[1:]
	}
	l, err := s.readSegments(p, c.segments, kept, restore)
	if err != nil {
		return nil, err
	}
	for _, name := range useless {
		if err := os.Remove(filepath.Join(p.dir, name)); err != nil {
			return nil, unavailable("remove what is left over", errors.Join(err, l.stop(ledger.ErrClosed)))
		}
	}
	p.suspect.Store(false)
	return l, nil
}

func isCorrupt(err error) bool {
	var corrupt *ledger.CorruptError
	return errors.As(err, &corrupt)
}

func (s *Store) readSegments(p *place, segments []uint64, kept uint64, restore ledger.Restore) (*log, error) {
	next := kept + 1
	var end int64
	for i, first := range segments {
		name := filepath.Join(p.dir, segmentName(first))
		if first > next || i > 0 && first != next {
			return nil, &ledger.CorruptError{File: name, Detail: fmt.Sprintf("it begins with input %d where %d is next", first, next)}
		}
		text, err := readRegular(name, "", s.opts.SegmentSize+2*int64(s.opts.MaxPending)+2*ledger.MaxRecord)
		if isCorrupt(err) {
			return nil, err
		}
		if err != nil {
			return nil, unavailable("read a segment", err)
		}
		stop, after, bad, err := readSegment(text, first, func(seq uint64, input []byte) error {
			if seq <= kept {
				return nil
			}
			return restore.Record(seq, input)
		})
		if err != nil {
			return nil, err
		}
		last := i == len(segments)-1
		if bad != nil && (!last || !bad.torn) {
			return nil, &ledger.CorruptError{File: name, Offset: bad.offset, Detail: bad.detail}
		}
		if bad != nil || p.suspect.Load() {
			if err := cutSegment(name, text[:stop], p.suspect.Load()); err != nil {
				return nil, unavailable("cut a segment", err)
			}
		}
		next, end = after, stop
	}
	next = max(next, kept+1)
	l := newLog(s, p, next)
	for _, first := range segments {
		l.segments = append(l.segments, segment{first})
	}
	return l, l.reopen(end, kept)
}

// cutSegment cuts off what a write has left unfinished. After a sync that failed it writes the rest anew: what is read
// may be in memory only, and the kernel will not try again.
func cutSegment(name string, text []byte, anew bool) error {
	if !anew {
		return os.Truncate(name, int64(len(text)))
	}
	f, err := os.Create(name + ".tmp")
	if err != nil {
		return err
	}
	if _, err := f.Write(text); err != nil {
		return errors.Join(err, f.Close())
	}
	if err := errors.Join(f.Sync(), f.Close()); err != nil {
		return err
	}
	return errors.Join(os.Rename(name+".tmp", name), syncFolder(filepath.Dir(name)))
}

// reopen makes the newest segment the one that is written, where the inputs go on in it. The first write opens it.
func (l *log) reopen(end int64, kept uint64) error {
	n := len(l.segments)
	if n == 0 {
		return nil
	}
	if end == 0 || l.Seq == kept+1 { // nothing in it that the snapshot does not stand for
		if err := os.Remove(l.newest()); err != nil {
			return unavailable("remove a segment", err)
		}
		l.segments = l.segments[:n-1]
		return nil
	}
	l.size = end
	return nil
}
