package file

import (
	"context"
	"errors"
	"fmt"
	"os"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"github.com/etcp-mock/etcp-mock/mock/internal/ledger"
)

// log is a sandbox that was taken.
type log struct {
	store *Store
	place *place
	epoch uint64

	durable atomic.Uint64
	dirty   atomic.Bool // the store will sync it
	crowded atomic.Bool // the newest write had several inputs
	begun   atomic.Bool // a segment was made since its folder was synced

	mu      sync.Mutex
	buf     []byte // records that are not written yet
	spare   []byte // the buffer of the write before
	next    uint64
	writing bool          // somebody has the files below
	changed chan struct{} // closed when writing ends; nil while nobody waits for it
	err     error         // why it has failed

	// These belong to whoever has set writing.
	file     *os.File  // the newest segment; nil until something is written to it, and while it is parked
	checked  time.Time // when it was last seen at its place
	size     int64
	segments []segment // what is on disk, in order

	closing sync.Mutex // held while files are synced in the background, so that none is closed meanwhile
	oldMu   sync.Mutex
	old     []*os.File // segments that are full, to be synced and closed
}

// segment is a file of the inputs from first on, up to the one before the next segment's.
type segment struct{ first uint64 }

func newLog(s *Store, p *place, next uint64) *log {
	l := &log{store: s, place: p, next: next}
	l.durable.Store(next - 1)
	return l
}

func (l *log) Epoch() uint64   { return l.epoch }
func (l *log) Durable() uint64 { return l.durable.Load() }

func (l *log) Next() uint64 {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.next
}

func (l *log) Ready() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.err != nil {
		return l.err
	}
	return ledger.CheckPending(len(l.buf), l.store.opts.MaxPending)
}

func (l *log) Append(input []byte) (uint64, error) {
	if err := ledger.CheckSize(input); err != nil {
		return 0, err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.err != nil {
		return 0, l.err
	}
	seq := l.next
	if len(l.buf) == 0 && l.epoch > 0 {
		l.markDirty() // so that it is written even where nobody waits for it
	}
	l.buf = appendRecord(l.buf, seq, input)
	l.next++
	return seq, nil
}

func (l *log) Wait(ctx context.Context, seq uint64) error {
	if l.durable.Load() >= seq {
		return nil
	}
	if l.crowded.Load() { // who is about to append goes along. Alone it would only wake an idle processor
		runtime.Gosched()
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	for l.durable.Load() < seq {
		switch {
		case l.err != nil:
			return l.err
		case seq >= l.next:
			return fmt.Errorf("wait for input %d of sandbox %q, which was not appended", seq, l.place.id)
		case l.writing:
			if err := l.awaitLocked(ctx); err != nil {
				return ledger.Failed(ledger.ErrUncertain, err)
			}
		default:
			l.flushLocked()
		}
	}
	return nil
}

// awaitLocked waits for whoever is writing. The lock is not held meanwhile.
func (l *log) awaitLocked(ctx context.Context) error {
	if l.changed == nil {
		l.changed = make(chan struct{})
	}
	changed := l.changed
	l.mu.Unlock()
	defer l.mu.Lock()
	select {
	case <-changed:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// aloneLocked calls what with the files to itself, without the lock. Nobody else is writing when it is called.
func (l *log) aloneLocked(what func()) {
	l.writing = true
	l.mu.Unlock()
	defer func() {
		l.mu.Lock()
		l.writing = false
		if l.changed != nil {
			close(l.changed)
			l.changed = nil
		}
	}()
	what()
}

// flushLocked writes what has been appended.
func (l *log) flushLocked() {
	if len(l.buf) == 0 || l.err != nil {
		return
	}
	text, first, last := l.buf, l.durable.Load()+1, l.next-1
	l.buf, l.spare = l.spare[:0], nil
	l.crowded.Store(last > first)
	var err error
	l.aloneLocked(func() {
		if err = l.write(text, first); err == nil {
			l.durable.Store(last)
		}
	})
	if cap(text) <= 4<<20 {
		l.spare = text[:0]
	}
	if err != nil {
		l.failLocked(err)
	}
}

func (l *log) failLocked(err error) {
	if l.err == nil {
		l.err = fmt.Errorf("sandbox %q: %w", l.place.id, err)
	}
	l.buf = nil
}

// write puts records at the end of the newest segment. What a failed write left there is cut off again, so that it has
// not happened; where that fails too, or a sync does, it may have.
func (l *log) write(text []byte, first uint64) error {
	if err := l.there(); err != nil {
		return err
	}
	if l.file == nil {
		open := l.resume
		if l.size == 0 {
			open = func() error { return l.begin(first) }
		}
		if err := open(); err != nil {
			return err
		}
	}
	if l.size == 0 {
		text = append(appendSegmentHead(make([]byte, 0, segmentHead+len(text)), first), text...)
	}
	if _, err := l.file.WriteAt(text, l.size); err != nil {
		if cut := l.file.Truncate(l.size); cut != nil {
			return fmt.Errorf("write: %w: %w", ledger.ErrUncertain, errors.Join(err, cut))
		}
		return unavailable("write", err)
	}
	if l.store.opts.Sync == Always {
		if err := dataSync(l.file); err != nil {
			l.place.suspect.Store(true)
			return fmt.Errorf("sync: %w: %w", ledger.ErrUncertain, err)
		}
	}
	l.size += int64(len(text))
	if l.size >= l.store.opts.SegmentSize {
		l.rotate()
	}
	return nil
}

// rotate leaves the newest segment to be synced and closed in the background.
func (l *log) rotate() {
	if l.park() {
		l.markDirty()
	}
	l.size = 0
}

// markDirty has the log synced at the end of the interval.
func (l *log) markDirty() {
	if !l.dirty.Load() && !l.dirty.Swap(true) {
		l.store.isDirty(l)
	}
}

// sync writes what nobody waits for, and syncs all. It is called in the background.
func (l *log) sync() {
	l.mu.Lock()
	for l.writing {
		_ = l.awaitLocked(context.Background())
	}
	l.flushLocked()
	for l.writing {
		_ = l.awaitLocked(context.Background())
	}
	if l.store.crowded() {
		l.aloneLocked(func() { l.park() })
	}
	l.closing.Lock()
	file := l.file // nobody closes it while closing is held
	l.mu.Unlock()
	err := l.syncFiles(file)
	l.closing.Unlock()
	if err == nil {
		return
	}
	l.place.suspect.Store(true)
	l.mu.Lock()
	l.failLocked(fmt.Errorf("sync: %w: %w", ledger.ErrUncertain, err))
	l.mu.Unlock()
}

func (l *log) syncFiles(newest *os.File) error {
	var errs []error
	if newest != nil {
		errs = append(errs, dataSync(newest))
	}
	for _, f := range l.takeOld() {
		if f != newest {
			errs = append(errs, dataSync(f))
		}
		errs = append(errs, f.Close())
	}
	if l.begun.Swap(false) {
		errs = append(errs, syncFolder(l.place.dir))
	}
	return errors.Join(errs...)
}

func (l *log) takeOld() []*os.File {
	l.oldMu.Lock()
	defer l.oldMu.Unlock()
	old := l.old
	l.old = nil
	return old
}

// stop ends the log: who waits is given the reason, what is not durable is dropped, and the files are closed.
func (l *log) stop(why error) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	for l.writing {
		_ = l.awaitLocked(context.Background())
	}
	l.failLocked(why)
	var err error
	l.aloneLocked(func() { err = l.closeFiles() })
	return err
}

func (l *log) closeFiles() error {
	l.closing.Lock()
	defer l.closing.Unlock()
	l.rotate()
	var errs []error
	for _, f := range l.takeOld() {
		if err := dataSync(f); err != nil {
			l.place.suspect.Store(true)
			errs = append(errs, err)
		}
		errs = append(errs, f.Close())
	}
	return errors.Join(errs...)
}

// finish writes what was appended and ends the log.
func (l *log) finish(why error) error {
	l.mu.Lock()
	for l.writing {
		_ = l.awaitLocked(context.Background())
	}
	failed := l.err
	l.flushLocked()
	err := l.err
	l.mu.Unlock()
	if failed != nil { // it was reported when it happened
		err = nil
	}
	return errors.Join(err, l.stop(why))
}

func (l *log) Close(context.Context) error {
	p := l.place
	p.taking.Lock()
	defer p.taking.Unlock()
	err := l.finish(ledger.ErrClosed)
	l.store.mu.Lock()
	defer l.store.mu.Unlock()
	if p.log == l {
		p.log = nil
	}
	return err
}
