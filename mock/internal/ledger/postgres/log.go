package postgres

import (
	"context"
	"encoding/binary"
	"fmt"
	"sync"

	"github.com/etcp-mock/etcp-mock/mock/internal/ledger"
)

// log is a sandbox that was taken.
type log struct {
	store      *Store
	id         string
	generation uint64
	epoch      uint64

	mu      sync.Mutex
	buf     []byte // inputs that wait, each with its length before it
	next    uint64
	sent    uint64 // the first that was not handed to the writer
	durable uint64
	dirty   bool          // in the store's list of what is to be written
	changed chan struct{} // closed when durable or err change; nil while nobody waits
	err     error         // why it has failed
}

func newLog(s *Store, id string, generation, epoch, next uint64) *log {
	return &log{store: s, id: id, generation: generation, epoch: epoch, next: next, sent: next, durable: next - 1}
}

func appendInput(b, input []byte) []byte {
	return append(binary.AppendUvarint(b, uint64(len(input))), input...)
}

func (l *log) Epoch() uint64 { return l.epoch }

func (l *log) Next() uint64 {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.next
}

func (l *log) Durable() uint64 {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.durable
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
	if l.err != nil {
		defer l.mu.Unlock()
		return 0, l.err
	}
	seq := l.next
	l.buf = appendInput(l.buf, input)
	l.next++
	wasDirty := l.dirty
	l.dirty = true
	l.mu.Unlock()
	if !wasDirty {
		l.store.isDirty(l)
	}
	return seq, nil
}

func (l *log) Wait(ctx context.Context, seq uint64) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	for l.durable < seq {
		switch {
		case l.err != nil:
			return l.err
		case seq >= l.next:
			return fmt.Errorf("wait for input %d of sandbox %q, which was not appended", seq, l.id)
		}
		if l.changed == nil {
			l.changed = make(chan struct{})
		}
		changed := l.changed
		l.mu.Unlock()
		var err error
		select {
		case <-changed:
		case <-ctx.Done():
			err = ledger.Failed(ledger.ErrUncertain, ctx.Err())
		}
		l.mu.Lock()
		if err != nil && l.durable < seq && l.err == nil {
			return err
		}
	}
	return nil
}

// take hands what waits to the writer.
func (l *log) take() (group, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.dirty = false
	if l.err != nil || len(l.buf) == 0 {
		return group{}, false
	}
	g := group{log: l, first: l.sent, next: l.next, inputs: l.buf}
	l.buf, l.sent = nil, l.next
	return g, true
}

func (l *log) isDurable(last uint64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.durable = last
	l.wakeLocked()
}

func (l *log) wakeLocked() {
	if l.changed != nil {
		close(l.changed)
		l.changed = nil
	}
}

// fail ends the log; the first reason stays. It gives an error where inputs were waiting.
func (l *log) fail(why error) error {
	l.store.forget(l)
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.err != nil {
		return nil
	}
	l.err = fmt.Errorf("sandbox %q: %w", l.id, why)
	l.buf = nil
	l.wakeLocked()
	if l.durable+1 < l.next {
		return fmt.Errorf("inputs from %d were not written: %w", l.durable+1, l.err)
	}
	return nil
}

// ended is why the log has failed, if it has.
func (l *log) ended() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.err
}

func (l *log) Close(ctx context.Context) error {
	if l.ended() != nil {
		return nil
	}
	l.mu.Lock()
	last := l.next - 1
	l.mu.Unlock()
	if err := l.Wait(ctx, last); err != nil {
		return err
	}
	if err := l.fail(ledger.ErrClosed); err != nil {
		return err
	}
	_, err := l.store.ask(ctx, `UPDATE etcp_mock_sandboxes SET owner = '' WHERE id = $1 AND epoch = $2`, new(params).text(l.id).number(l.epoch))
	return err
}
