package file

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/etcp-mock/etcp-mock/mock/internal/ledger"
)

func (l *log) Keep(ctx context.Context, seq uint64, state io.WriterTo) error {
	l.place.keeping.Lock()
	defer l.place.keeping.Unlock()
	switch {
	case seq > l.durable.Load():
		return fmt.Errorf("%w: snapshot of %d, durable are %d", ledger.ErrNotDurable, seq, l.durable.Load())
	case ctx.Err() != nil:
		return ctx.Err()
	}
	if err := l.ended(); err != nil {
		return err
	}
	if err := l.store.Ready(); err != nil {
		return err
	}
	if err := writeSealed(filepath.Join(l.place.dir, snapshotName(seq)), magicSnapshot, seq, state); err != nil {
		return unavailable("write the snapshot", err)
	}
	return l.dropBefore(seq)
}

// ended is why this log has ended, if it has.
func (l *log) ended() error {
	l.Lock()
	defer l.Unlock()
	return l.Err
}

// dropBefore removes the segments whose inputs a snapshot stands for, and older snapshots. The newest segment is
// closed, so that the next snapshot can drop it.
func (l *log) dropBefore(seq uint64) error {
	var gone []segment
	l.Lock()
	for l.writing {
		_ = l.AwaitLocked(context.Background())
	}
	if l.Err != nil {
		l.Unlock()
		return nil // the snapshot is whole; what it made useless is removed by the next Take
	}
	l.aloneLocked(func() {
		l.rotate()
		for len(l.segments) > 0 {
			after := l.durable.Load() + 1
			if len(l.segments) > 1 {
				after = l.segments[1].first
			}
			if after > seq+1 {
				break
			}
			gone, l.segments = append(gone, l.segments[0]), l.segments[1:]
		}
	})
	l.Unlock()
	var errs []error
	for _, s := range gone {
		errs = append(errs, os.Remove(filepath.Join(l.place.dir, segmentName(s.first))))
	}
	c, err := list(l.place.dir)
	errs = append(errs, err)
	for _, older := range c.snapshots {
		if older < seq {
			errs = append(errs, os.Remove(filepath.Join(l.place.dir, snapshotName(older))))
		}
	}
	if err := errors.Join(errs...); err != nil {
		return unavailable("drop what a snapshot stands for", err)
	}
	return nil
}

// currentLocked is nil where this log has not failed and no other has taken the sandbox since. The store's lock is held.
func (l *log) currentLocked() error {
	if err := l.ended(); err != nil {
		return err
	}
	if l.place.log != l {
		return ledger.ErrFenced
	}
	return nil
}

func (l *log) Delete(context.Context) error {
	s, p := l.store, l.place
	p.taking.Lock()
	defer p.taking.Unlock()
	p.claiming.Lock()
	defer p.claiming.Unlock()
	p.keeping.Lock()
	defer p.keeping.Unlock()
	s.mu.Lock()
	err := l.currentLocked()
	s.mu.Unlock()
	if err != nil {
		return err
	}
	if err := s.Ready(); err != nil {
		return err
	}
	parent, err := openFolder(filepath.Dir(p.dir)) // while the sandbox can still go on
	if err != nil {
		return unavailable("delete the sandbox", err)
	}
	defer parent.close()
	_ = l.stop(ledger.ErrClosed)
	removed := filepath.Join(s.dir, "removed", fmt.Sprintf("%s-%d", filepath.Base(p.dir), s.removals.Add(1)))
	if err := errors.Join(os.Rename(p.dir, removed), parent.sync()); err != nil {
		return unavailable("delete the sandbox", err)
	}
	s.mu.Lock()
	delete(s.places, p.id)
	for no := range p.merchants {
		delete(s.merchants, no)
	}
	p.log = nil
	s.mu.Unlock()
	_ = os.RemoveAll(removed) // the sandbox is deleted; what is left of its files is removed at the next start
	return nil
}
