package ledger

import (
	"context"
	"fmt"
	"sync"
)

// Tail is what the logs of the stores do alike: it numbers inputs, holds those that are not written yet, and wakes who waits for that. Its
// lock guards its fields, and what a log has beside them.
type Tail struct {
	sync.Mutex

	Buf  []byte // inputs that are not written, as the store writes them
	Seq  uint64 // the next input's
	Most int    // how many bytes may gather in Buf
	Err  error  // why the log has failed

	changed chan struct{} // closed by WakeLocked; nil while nobody waits
}

// Next is [Log.Next].
func (t *Tail) Next() uint64 {
	t.Lock()
	defer t.Unlock()
	return t.Seq
}

// Ready is [Log.Ready].
func (t *Tail) Ready() error {
	t.Lock()
	defer t.Unlock()
	switch {
	case t.Err != nil:
		return t.Err
	case len(t.Buf) > t.Most:
		return fmt.Errorf("%d bytes: %w: %w", len(t.Buf), ErrBehind, ErrUnavailable)
	}
	return nil
}

// AwaitLocked waits for WakeLocked. The lock is not held meanwhile.
func (t *Tail) AwaitLocked(ctx context.Context) error {
	if t.changed == nil {
		t.changed = make(chan struct{})
	}
	changed := t.changed
	t.Unlock()
	defer t.Lock()
	select {
	case <-changed:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// WakeLocked wakes who waits.
func (t *Tail) WakeLocked() {
	if t.changed != nil {
		close(t.changed)
		t.changed = nil
	}
}
