package file

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/etcp-mock/etcp-mock/mock/internal/ledger"
)

// begin makes the next segment, empty: its header goes with the first records.
func (l *log) begin(first uint64) error {
	if err := l.store.Ready(); err != nil {
		return err
	}
	f, err := os.OpenFile(filepath.Join(l.place.dir, segmentName(first)), os.O_RDWR|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return unavailable("make a segment", err)
	}
	if l.store.opts.Sync == Always {
		if err := syncFolder(l.place.dir); err != nil {
			return unavailable("make a segment", errors.Join(err, f.Close()))
		}
	}
	l.opened(f)
	l.begun.Store(true)
	if n := len(l.segments); n == 0 || l.segments[n-1].first != first {
		l.segments = append(l.segments, segment{first})
	}
	return nil
}

// resume opens the newest segment again, which was parked.
func (l *log) resume() error {
	if err := l.store.Ready(); err != nil {
		return err
	}
	f, err := os.OpenFile(l.newest(), os.O_RDWR, 0)
	if errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("%w: %w", ledger.ErrRemoved, ledger.ErrUnavailable)
	}
	if err != nil {
		return unavailable("open a segment", err)
	}
	found, err := f.Stat()
	switch {
	case err != nil:
		return unavailable("open a segment", errors.Join(err, f.Close()))
	case found.Size() != l.size: // somebody has written to it, or it is another
		return errors.Join(fmt.Errorf("%w: %w", ledger.ErrRemoved, ledger.ErrUnavailable), f.Close())
	}
	l.opened(f)
	return nil
}

// newest is the path of the newest segment.
func (l *log) newest() string {
	return filepath.Join(l.place.dir, segmentName(l.segments[len(l.segments)-1].first))
}

func (l *log) opened(f *os.File) {
	l.file, l.checked = f, time.Now()
	l.store.opened.Add(1)
}

// park leaves the newest segment to be synced and closed in the background, and reports whether it was open. The next write opens it again.
func (l *log) park() bool {
	if l.file == nil {
		return false
	}
	l.oldMu.Lock()
	l.old = append(l.old, l.file)
	l.oldMu.Unlock()
	l.file = nil
	l.store.opened.Add(-1)
	return true
}

// crowded reports whether more segments are open than may stay so.
func (s *Store) crowded() bool { return s.opened.Load() > int64(s.opts.MaxOpen) }
