package sandbox

import (
	"context"
	"errors"
	"runtime/debug"
	"time"

	"github.com/etcp-mock/etcp-mock/mock/internal/engine"
	"github.com/etcp-mock/etcp-mock/mock/internal/push"
)

// queueWidth is how many attempts to one merchant are under way at once, at most. A merchant that hangs fills its own queue and no
// other's.
const queueWidth = 64

// What may fail of what a sandbox does by itself.
const (
	sending        = "sending a push"
	sendingDelayed = "sending a push that was delayed"
	sendingDue     = "sending the pushes that are due"
)

func stack() []byte { return debug.Stack() }

// sendLocked puts the attempts that are due on their way; sending happens without the lock.
func (s *Sandbox) sendLocked(fx *engine.Effects) {
	if s.closed {
		return
	}
	for _, a := range fx.Sends {
		if a.Delay > 0 {
			s.delayLocked(a)
		} else {
			s.enqueueLocked(a)
		}
	}
}

// enqueueLocked puts an attempt into its merchant's queue.
func (s *Sandbox) enqueueLocked(a push.Attempt) {
	q := s.queues[a.Item.MerchantNo]
	if q == nil {
		q = &queue{}
		if s.queues == nil {
			s.queues = map[string]*queue{}
		}
		s.queues[a.Item.MerchantNo] = q
	}
	q.waiting = append(q.waiting, a)
	s.staffLocked(q)
}

// staffLocked begins another worker of a queue where it may have one.
func (s *Sandbox) staffLocked(q *queue) {
	if q.active < q.width() {
		q.active++
		s.host.Sending.Add(1)
		go s.work(s.sending, q, s.restarts)
	}
}

// delayLocked sends an attempt that a fault delays when its time has come, unless the sandbox is closed or was put back by then.
// The queue stays free.
func (s *Sandbox) delayLocked(a push.Attempt) {
	restarts := s.restarts
	if s.delayed == nil {
		s.delayed = map[uint64]*time.Timer{}
	}
	s.delayed[a.Seq] = time.AfterFunc(a.Delay, func() {
		defer s.survive(sendingDelayed)
		s.mu.Lock()
		defer s.mu.Unlock()
		if s.stillLocked(restarts) != nil {
			return
		}
		delete(s.delayed, a.Seq)
		a.At = s.engine.View().Now(s.wall())
		s.enqueueLocked(a)
	})
}

// stopDelayed stops what waits for a delay to end; the lock is held.
func (s *Sandbox) stopDelayed() {
	for _, timer := range s.delayed {
		timer.Stop()
	}
	s.delayed = nil
}

// forgetSends lets go of what was to be sent for another state, and breaks off what is under way; the lock is held.
func (s *Sandbox) forgetSends() {
	s.giveUp()
	s.sending, s.giveUp = context.WithCancel(s.host.Context)
	s.queues = nil
	s.stopDelayed()
	s.signal()
}

// work sends what is in one queue until it is empty.
func (s *Sandbox) work(ctx context.Context, q *queue, restarts uint64) {
	defer s.host.Sending.Done()
	defer s.survive(sending)
	var done *engine.Outcome
	for {
		t, ok := s.turn(ctx, q, restarts, done)
		if !ok || s.await(ctx, t.seq) != nil { // nothing leaves before what made it is durable
			return
		}
		if t.rest > 0 && !push.Wait(ctx, t.rest) {
			return
		}
		a := t.attempt
		done = &engine.Outcome{Attempt: a.Seq, ID: a.Item.ID, SentAt: a.At}
		if a.Drop {
			done.Result = push.Result{Error: push.DroppedBy(a.Item.Faults)}
			continue
		}
		done.Result = s.attempt(ctx, a, t.timeout)
	}
}

// attempt sends a push once. A sender that panics has failed to.
func (s *Sandbox) attempt(ctx context.Context, a push.Attempt, timeout time.Duration) (result push.Result) {
	defer func() {
		if failure := recover(); failure != nil {
			s.failed(sending, failure, debug.Stack())
			result = push.Result{Error: push.SendingFailed}
		}
	}()
	return s.host.Sender.Send(ctx, a, timeout)
}

// turn is what a worker does next.
type turn struct {
	attempt push.Attempt
	timeout time.Duration
	seq     uint64        // of the newest input, which is to be durable before
	rest    time.Duration // before the attempt (rule push.rate)
}

// turn applies the outcome of the attempt before and takes the next.
func (s *Sandbox) turn(ctx context.Context, q *queue, restarts uint64, done *engine.Outcome) (next turn, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if restarts != s.restarts {
		return turn{}, false
	}
	interrupted := done != nil && ctx.Err() != nil && !done.Result.Delivered
	if done != nil && !interrupted { // an attempt that closing cut off is no failure of the merchant's
		q.answered(done.Result)
		s.applyLocked(done)
		s.signal()
	}
	if s.closed || interrupted || restarts != s.restarts || len(q.waiting) == 0 || q.active > q.width() {
		q.active--
		return turn{}, false
	}
	next.attempt = q.waiting[0]
	if q.waiting = q.waiting[1:]; len(q.waiting) > 0 {
		s.staffLocked(q) // the queue may have become wider
	}
	v := s.engine.View()
	rules := v.State().Rules()
	next.timeout, next.seq, next.rest = rules.PushTimeout, v.Seq(), q.rest(time.Now(), rules.PushRate)
	return next, true
}

// count reports what became of pushes; the lock is held.
func (s *Sandbox) count(fx *engine.Effects) {
	counts := s.host.Counts
	if counts == nil {
		return
	}
	for _, kind := range fx.Made {
		counts.PushMade(kind)
	}
	if a := fx.Attempt; a != nil {
		counts.PushAttempt(a.Kind, a.Delivered)
		if a.Ended {
			counts.PushEnded(a.Kind, a.Delivered)
		}
	}
}

// changeLocked is closed at the next outcome.
func (s *Sandbox) changeLocked() <-chan struct{} {
	if s.changed == nil {
		s.changed = make(chan struct{})
	}
	return s.changed
}

// signal wakes whoever waits for an outcome; the lock is held.
func (s *Sandbox) signal() {
	if s.changed != nil {
		close(s.changed)
		s.changed = nil
	}
}

// ErrNotDrained is the cause where attempts were still due or in flight.
var ErrNotDrained = errors.New("attempts are still due or in flight")

// Drain waits until no attempt is due or in flight. Retries that fall due later do not count. Past the timeout, in real time, it
// gives how many are left and [ErrNotDrained]; in a sandbox that was closed, [ErrClosed].
func (s *Sandbox) Drain(ctx context.Context, timeout time.Duration) (pending int, err error) {
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	for {
		var changed <-chan struct{}
		var closed bool
		s.Read(func(v engine.View, now time.Time) {
			pending, changed, closed = v.Pushes().DueOrInFlight(now, v.Policy()), s.changeLocked(), s.closed
		})
		switch {
		case pending == 0:
			return 0, nil
		case closed:
			return pending, ErrClosed
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return pending, ErrNotDrained
		}
	}
}

// Pending counts the pushes that are neither delivered nor given up.
func (s *Sandbox) Pending() (pending int) {
	s.Read(func(v engine.View, _ time.Time) { pending = v.Pushes().Pending() })
	return pending
}
