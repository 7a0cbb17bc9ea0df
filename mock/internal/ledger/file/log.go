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
	ledger.Tail

	store *Store
	place *place
	epoch uint64

	durable atomic.Uint64
	dirty   atomic.Bool // the store will sync it
	crowded atomic.Bool // the newest write had several inputs
	begun   atomic.Bool // a segment was made since its folder was synced

	spare   []byte // the buffer of the write before
	writing bool   // somebody has the files below; who waits is woken when that ends

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
	l := &log{Tail: ledger.Tail{Seq: next, Most: s.opts.MaxPending}, store: s, place: p}
	l.durable.Store(next - 1)
	return l
}

func (l *log) Epoch() uint64   { return l.epoch }
func (l *log) Durable() uint64 { return l.durable.Load() }

func (l *log) Append(input []byte) (uint64, error) {
	if err := ledger.CheckSize(input); err != nil {
		return 0, err
	}
	l.Lock()
	defer l.Unlock()
	if l.Err != nil {
		return 0, l.Err
	}
	seq := l.Seq
	if len(l.Buf) == 0 && l.epoch > 0 {
		l.markDirty() // so that it is written even where nobody waits for it
	}
	l.Buf = appendRecord(l.Buf, seq, input)
	l.Seq++
	return seq, nil
}

func (l *log) Wait(ctx context.Context, seq uint64) error {
	if l.durable.Load() >= seq {
		return nil
	}
	if l.crowded.Load() { // who is about to append goes along. Alone it would only wake an idle processor
		runtime.Gosched()
	}
	l.Lock()
	defer l.Unlock()
	for l.durable.Load() < seq {
		switch {
		case l.Err != nil:
			return l.Err
		case seq >= l.Seq:
			return fmt.Errorf("wait for input %d of sandbox %q, which was not appended", seq, l.place.id)
		case l.writing:
			if err := l.AwaitLocked(ctx); err != nil {
				return ledger.Failed(ledger.ErrUncertain, err)
			}
		default:
			l.flushLocked()
		}
	}
	return nil
}

// aloneLocked calls what with the files to itself, without the lock. Nobody else is writing when it is called.
func (l *log) aloneLocked(what func()) {
	l.writing = true
	l.Unlock()
	defer func() {
		l.Lock()
		l.writing = false
		l.WakeLocked()
	}()
	what()
}

// flushLocked writes what has been appended.
func (l *log) flushLocked() {
	if len(l.Buf) == 0 || l.Err != nil {
		return
	}
	text, first, last := l.Buf, l.durable.Load()+1, l.Seq-1
	l.Buf, l.spare = l.spare[:0], nil
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
	if l.Err == nil {
		l.Err = fmt.Errorf("sandbox %q: %w", l.place.id, err)
	}
	l.Buf = nil
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
	l.Lock()
	for l.writing {
		_ = l.AwaitLocked(context.Background())
	}
	l.flushLocked()
	for l.writing {
		_ = l.AwaitLocked(context.Background())
	}
	if l.store.crowded() {
		l.aloneLocked(func() { l.park() })
	}
	l.closing.Lock()
	file := l.file // nobody closes it while closing is held
	l.Unlock()
	err := l.syncFiles(file)
	l.closing.Unlock()
	if err == nil {
		return
	}
	l.place.suspect.Store(true)
	l.Lock()
	l.failLocked(fmt.Errorf("sync: %w: %w", ledger.ErrUncertain, err))
	l.Unlock()
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
	l.Lock()
	defer l.Unlock()
	for l.writing {
		_ = l.AwaitLocked(context.Background())
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
	l.Lock()
	for l.writing {
		_ = l.AwaitLocked(context.Background())
	}
	failed := l.Err
	l.flushLocked()
	err := l.Err
	l.Unlock()
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
