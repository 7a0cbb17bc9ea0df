// Package allowance limits the time of work without the time that a limit of requests holds it back: who may ask five times a second only has not failed
// for having waited.
package allowance

import (
	"context"
	"sync"
	"time"
)

type key struct{}

// Held is a context for work that a limit of requests holds back: what [WithTimeout] gives under it can be prolonged by [Prolong].
func Held(ctx context.Context) context.Context { return context.WithValue(ctx, key{}, (*limited)(nil)) }

// WithTimeout is [context.WithTimeout], but of a context of [Held] one whose time is prolonged by what it was held back, and that therefore names no
// deadline.
func WithTimeout(parent context.Context, limit time.Duration) (context.Context, context.CancelFunc) {
	if _, held := parent.Value(key{}).(*limited); !held {
		return context.WithTimeout(parent, limit)
	}
	l := &limited{Context: parent, done: make(chan struct{}), until: time.Now().Add(limit)}
	l.mu.Lock()
	l.timer = time.AfterFunc(limit, l.expire)
	l.mu.Unlock()
	stop := context.AfterFunc(parent, func() { l.end(parent.Err()) })
	return l, func() {
		stop()
		l.end(context.Canceled)
	}
}

// Prolong gives the innermost limit of a context more time. Of a context without one it does nothing.
func Prolong(ctx context.Context, by time.Duration) {
	if l, _ := ctx.Value(key{}).(*limited); l != nil && by > 0 {
		l.mu.Lock()
		defer l.mu.Unlock()
		l.until = l.until.Add(by)
	}
}

// limited is a context that ends at an instant which may move.
type limited struct {
	context.Context //nolint:containedctx // it is a context itself

	done chan struct{}

	mu    sync.Mutex
	timer *time.Timer
	until time.Time
	err   error
}

func (l *limited) Deadline() (time.Time, bool) { return time.Time{}, false }

func (l *limited) Done() <-chan struct{} { return l.done }

func (l *limited) Err() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.err
}

func (l *limited) Value(k any) any {
	if k == (key{}) {
		return l
	}
	return l.Context.Value(k)
}

// expire ends the context, if its time was not prolonged meanwhile.
func (l *limited) expire() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if left := time.Until(l.until); left > 0 {
		l.timer.Reset(left)
		return
	}
	l.endLocked(context.DeadlineExceeded)
}

func (l *limited) end(err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.endLocked(err)
}

func (l *limited) endLocked(err error) {
	if l.err == nil {
		l.err = err
		l.timer.Stop()
		close(l.done)
	}
}
