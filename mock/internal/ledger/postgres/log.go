package postgres

import (
	"context"
	"encoding/binary"
	"fmt"

	"github.com/etcp-mock/etcp-mock/mock/internal/ledger"
)

// log is a sandbox that was taken.
type log struct {
	ledger.Tail

	store      *Store
	id         string
	generation uint64
	epoch      uint64

	sent    uint64 // the first that was not handed to the writer
	durable uint64 // who waits is woken when it changes, or the log fails
	dirty   bool   // in the store's list of what is to be written
}

func newLog(s *Store, id string, generation, epoch, next uint64) *log {
	return &log{
		Tail:  ledger.Tail{Seq: next, Most: s.opts.MaxPending},
		store: s, id: id, generation: generation, epoch: epoch, sent: next, durable: next - 1,
	}
}

func appendInput(b, input []byte) []byte {
	return append(binary.AppendUvarint(b, uint64(len(input))), input...)
}

func (l *log) Epoch() uint64 { return l.epoch }

func (l *log) Durable() uint64 {
	l.Lock()
	defer l.Unlock()
	return l.durable
}

func (l *log) Append(input []byte) (uint64, error) {
	if err := ledger.CheckSize(input); err != nil {
		return 0, err
	}
	l.Lock()
	if l.Err != nil {
		defer l.Unlock()
		return 0, l.Err
	}
	seq := l.Seq
	l.Buf = appendInput(l.Buf, input)
	l.Seq++
	wasDirty := l.dirty
	l.dirty = true
	l.Unlock()
	if !wasDirty {
		l.store.isDirty(l)
	}
	return seq, nil
}

func (l *log) Wait(ctx context.Context, seq uint64) error {
	l.Lock()
	defer l.Unlock()
	for l.durable < seq {
		switch {
		case l.Err != nil:
			return l.Err
		case seq >= l.Seq:
			return fmt.Errorf("wait for input %d of sandbox %q, which was not appended", seq, l.id)
		}
		if err := l.AwaitLocked(ctx); err != nil && l.durable < seq && l.Err == nil {
			return ledger.Failed(ledger.ErrUncertain, err)
		}
	}
	return nil
}

// take hands what waits to the writer.
func (l *log) take() (group, bool) {
	l.Lock()
	defer l.Unlock()
	l.dirty = false
	if l.Err != nil || len(l.Buf) == 0 {
		return group{}, false
	}
	g := group{log: l, first: l.sent, next: l.Seq, inputs: l.Buf}
	l.Buf, l.sent = nil, l.Seq
	return g, true
}

func (l *log) isDurable(last uint64) {
	l.Lock()
	defer l.Unlock()
	l.durable = last
	l.WakeLocked()
}

// fail ends the log; the first reason stays. It gives an error where inputs were waiting.
func (l *log) fail(why error) error {
	l.store.forget(l)
	l.Lock()
	defer l.Unlock()
	if l.Err != nil {
		return nil
	}
	l.Err = fmt.Errorf("sandbox %q: %w", l.id, why)
	l.Buf = nil
	l.WakeLocked()
	if l.durable+1 < l.Seq {
		return fmt.Errorf("inputs from %d were not written: %w", l.durable+1, l.Err)
	}
	return nil
}

// ended is why the log has failed, if it has.
func (l *log) ended() error {
	l.Lock()
	defer l.Unlock()
	return l.Err
}

func (l *log) Close(ctx context.Context) error {
	if l.ended() != nil {
		return nil
	}
	l.Lock()
	last := l.Seq - 1
	l.Unlock()
	if err := l.Wait(ctx, last); err != nil {
		return err
	}
	if err := l.fail(ledger.ErrClosed); err != nil {
		return err
	}
	_, err := l.store.ask(ctx, `UPDATE etcp_mock_sandboxes SET owner = '' WHERE id = $1 AND epoch = $2`, new(params).text(l.id).number(l.epoch))
	return err
}
