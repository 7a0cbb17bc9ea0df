package sandbox

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/etcp-mock/etcp-mock/mock/internal/push"
)

// laneWidth is how many attempts to one merchant are under way at once. A
// merchant that hangs fills its own lane and no other's.
const laneWidth = 64

// lane is the way to one merchant.
type lane struct {
	queue  []push.Attempt
	active int
}

func (s *Sandbox) policy() push.Policy {
	r := s.world.Rules()
	return push.Policy{Schedule: r.PushSchedule, Timeout: r.PushTimeout, Ordering: r.PushOrdering, Keep: r.PushesKeep}
}

// dispatch sends what is due on its way, and sets the alarm for what will be.
// The door is held; sending happens outside it.
func (s *Sandbox) dispatch() {
	if s.closed {
		return
	}
	wall := s.wall()
	policy := s.policy()
	for _, a := range s.pushes.Due(s.clock.now(wall), policy) {
		if to := s.world.PushURL(a.Item.MerchantNo, a.Item.Kind); to != "" && to != a.Item.URL { // it has moved since
			a.Item.URL = to
			s.pushes.Retarget(a.Item.ID, to)
		}
		s.flying[a.Seq] = struct{}{}
		if a.Delay > 0 {
			s.delay(a)
		} else {
			s.send(a)
		}
	}
	if s.wake != nil {
		s.wake.Stop()
		s.wake = nil
	}
	if due, ok := s.pushes.NextDue(policy); ok && !s.clock.frozen {
		s.wake = time.AfterFunc(s.clock.realWait(due, wall), s.alarm)
	}
}

// send puts an attempt on its merchant's lane; the door is held.
func (s *Sandbox) send(a push.Attempt) {
	l := s.lanes[a.Item.MerchantNo]
	if l == nil {
		l = &lane{}
		s.lanes[a.Item.MerchantNo] = l
	}
	l.queue = append(l.queue, a)
	if l.active < laneWidth {
		l.active++
		s.worlds.sending.Add(1)
		go s.serve(l, s.life)
	}
}

// delay sends an attempt that a fault delays when its time has come, unless the
// sandbox is closed or has begun another life by then. The lane stays free.
func (s *Sandbox) delay(a push.Attempt) {
	life := s.life
	s.late[a.Seq] = time.AfterFunc(a.Delay, func() {
		defer s.worlds.survive(sendingLate)
		s.mu.Lock()
		defer s.mu.Unlock()
		if s.closed || s.life != life {
			return
		}
		delete(s.late, a.Seq)
		a.At = s.now()
		s.send(a)
	})
}

// forgetLate stops what waits for a delay to end; the door is held.
func (s *Sandbox) forgetLate() {
	for _, timer := range s.late {
		timer.Stop()
	}
	s.late = map[uint64]*time.Timer{}
}

// What may fail of what a sandbox does by itself.
const (
	sending     = "sending a push"
	sendingLate = "sending a push that was delayed"
	sendingDue  = "sending the pushes that are due"
)

func (s *Sandbox) alarm() {
	defer s.worlds.survive(sendingDue)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.dispatch()
}

// serve works one lane until it is empty.
func (s *Sandbox) serve(l *lane, life uint64) {
	defer s.worlds.sending.Done()
	defer s.worlds.survive(sending)
	var (
		last   push.Attempt
		result push.Result
		done   bool
	)
	for {
		a, timeout, ok := s.turn(l, life, last, result, done)
		if !ok {
			return
		}
		last, done = a, true
		if a.Drop {
			result = push.Result{Error: "dropped by the fault " + strings.Join(a.Item.Faults, ", ")}
			continue
		}
		result = s.worlds.attempt(a, timeout)
	}
}

// attempt sends a push once. A sender that panics has failed to.
func (ws *Worlds) attempt(a push.Attempt, timeout time.Duration) (result push.Result) {
	defer func() {
		if failure := recover(); failure != nil {
			ws.failed(sending, failure)
			result = push.Result{Error: "the mock itself failed at sending it; its log says where"}
		}
	}()
	return ws.sender.Send(ws.context, a, timeout)
}

// turn books the outcome of the attempt before and takes the next.
func (s *Sandbox) turn(l *lane, life uint64, last push.Attempt, result push.Result, done bool) (push.Attempt, time.Duration, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if life != s.life {
		return push.Attempt{}, 0, false
	}
	interrupted := s.worlds.context.Err() != nil && !result.Delivered
	if done && !interrupted { // an attempt that closing cut off is no failure of the merchant's
		delete(s.flying, last.Seq)
		s.pushes.Outcome(last, s.now(), result, s.policy())
		if item, kept := s.pushes.Get(last.Item.ID); kept {
			s.emit(EventPush, item)
			s.count(last.Item.Status, &item, result)
		}
		s.signal()
		s.dispatch()
	}
	if s.closed || interrupted || len(l.queue) == 0 {
		l.active--
		return push.Attempt{}, 0, false
	}
	next := l.queue[0]
	l.queue = l.queue[1:]
	return next, s.world.Rules().PushTimeout, true
}

// count tells the counter of an attempt's outcome, and of the end it was for its push.
func (s *Sandbox) count(before push.Status, item *push.Item, result push.Result) {
	counts := s.worlds.Counts
	if counts == nil {
		return
	}
	counts.PushAttempt(item.Kind, result.Delivered)
	if item.Status != before {
		counts.PushEnded(item.Kind, item.Status == push.Delivered)
	}
}

// signal wakes whoever waits for an outcome.
func (s *Sandbox) signal() {
	close(s.changed)
	s.changed = make(chan struct{})
}

// Pushes lists pushes, oldest first or newest first; next continues the list and is "" at its end. [ErrCursor].
func (s *Sandbox) Pushes(f push.Filter, page Page) (items []push.Item, next string, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	item, known := s.pushes.Get(page.After)
	after := item.Seq
	if !known {
		if after, err = page.after("p"); err != nil { // an item that is gone: ids and Seq grow together
			return nil, "", err
		}
	}
	list := s.pushes.List
	if page.Newest {
		list = s.pushes.ListNewest
	}
	items, more := list(f, after, page.Limit)
	if more != 0 {
		next = items[len(items)-1].ID
	}
	return items, next, nil
}

// Push is one push.
func (s *Sandbox) Push(id string) (push.Item, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.pushes.Get(id)
}

// Redeliver sends a push once more, byte for byte.
func (s *Sandbox) Redeliver(id string) (push.Item, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.now()
	item, err := s.pushes.Redeliver(id, now)
	if err == nil {
		s.note(now, Redelivered{id})
		s.emit(EventPush, item)
		s.dispatch()
	}
	return item, err
}

// ErrNotDrained is the cause where attempts were still due or in flight.
var ErrNotDrained = errors.New("attempts are still due or in flight")

// Drain waits until no attempt is due or in flight. Retries that fall due later
// do not count. Past the timeout it gives how many are left and [ErrNotDrained].
func (s *Sandbox) Drain(ctx context.Context, timeout time.Duration) (pending int, err error) {
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	for {
		s.mu.Lock()
		pending = s.pushes.DueOrInFlight(s.now(), s.policy())
		changed := s.changed
		s.mu.Unlock()
		if pending == 0 {
			return 0, nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return pending, ErrNotDrained
		}
	}
}

// Pending counts the pushes that are neither delivered nor given up.
func (s *Sandbox) Pending() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.pushes.Pending()
}
