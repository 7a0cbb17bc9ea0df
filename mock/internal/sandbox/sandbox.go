// Package sandbox holds isolated worlds: each a platform with its clock,
// journal and push log behind one door, and the set of them by merchant number.
//
// A [Sandbox] is the only place with a lock, and the only one that knows what
// time it is. Nothing waits with the door held: a merchant that answers a push
// may call the mock back, or move the clock, before it does.
package sandbox

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/etcp-mock/etcp-mock/mock/internal/fault"
	"github.com/etcp-mock/etcp-mock/mock/internal/platform"
	"github.com/etcp-mock/etcp-mock/mock/internal/push"
)

// Sandbox is one world.
type Sandbox struct {
	id     string
	birth  string
	worlds *Worlds

	mu      sync.Mutex
	spec    Spec // what it was made from, for Reset
	world   *platform.State
	clock   clock
	journal journal
	events  events
	pushes  *push.Log
	faults  *fault.Set
	tape    tape
	lanes   map[string]*lane
	flying  map[uint64]struct{}    // attempts taken from the log whose outcome is not booked
	late    map[uint64]*time.Timer // those of them that a fault delays
	wake    *time.Timer            // for the next due push, while the clock runs
	changed chan struct{}          // closed and replaced at each outcome
	closed  bool
	life    uint64 // counts resets and restores

	moving chan struct{} // holds one token: whoever takes it moves the clock
}

// ID is the sandbox's name.
func (s *Sandbox) ID() string { return s.id }

func (s *Sandbox) wall() time.Time { return s.worlds.wall() }

// now is the sandbox's time; the door is held.
func (s *Sandbox) now() time.Time { return s.clock.now(s.wall()) }

// Now is the sandbox's time.
func (s *Sandbox) Now() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.now()
}

// Do lets a command happen now, and sends on their way the pushes that fall due.
func (s *Sandbox) Do(c platform.Command) platform.Result {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.do(c)
}

func (s *Sandbox) do(c platform.Command) platform.Result {
	now := s.now()
	r := s.world.Apply(now, c)
	switch c.(type) {
	case platform.Enter, platform.Exit:
		if r.Err == nil {
			s.emit(EventCar, r.Value)
		}
	}
	for _, p := range r.Pushes {
		item, err := s.pushes.Add(s.itemOf(p, now), now)
		if err != nil {
			panic(err) // the world never gives an id twice
		}
		s.emit(EventPush, item)
		if counts := s.worlds.Counts; counts != nil {
			counts.PushMade(item.Kind)
		}
	}
	if taped(c, r) {
		s.note(now, Commanded{c, r})
	}
	_, rules := c.(platform.SetRules)
	if rules && r.Err == nil {
		s.journal.shrink(s.world.Rules().JournalKeep)
		s.pushes.Trim(s.policy())
	}
	if rules || len(r.Pushes) > 0 {
		func() {
			defer s.worlds.survive(sendingDue) // the command has happened, whatever becomes of its pushes
			s.dispatch()
		}()
	}
	return r
}

// View looks at the world as it is now. The function must keep nothing of it.
func (s *Sandbox) View(look func(w *platform.State, now time.Time)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	look(s.world, s.now())
}

// Envelope is what checking a request's envelope takes.
type Envelope struct {
	Key       string
	Known     bool
	Rules     *platform.Rules
	Now, Wall time.Time
	Faults    bool // some fault is on requests
}

// Envelope gives a merchant's key, the rules and both clocks.
func (s *Sandbox) Envelope(merchantNo string) Envelope {
	s.mu.Lock()
	defer s.mu.Unlock()
	wall := s.wall()
	key, known := s.world.MerchantKey(merchantNo)
	return Envelope{Key: key, Known: known, Rules: s.world.Rules(), Now: s.clock.now(wall), Wall: wall, Faults: s.faults.OnRequests()}
}

// Clock is what the clock shows.
func (s *Sandbox) Clock() Clock {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.clock.show(s.wall())
}

// ClockChange is what to change of a clock; nil is left as it is.
type ClockChange struct {
	Now  *time.Time
	Mode *string
	Rate *float64
}

// Errors of moving a clock.
var (
	ErrClockBack  = errors.New("the clock goes back only in a sandbox with no orders and no pushes")
	ErrClockRange = errors.New("the clock shows times from 1970 to 9000")
	ErrClosed     = errors.New("the sandbox is gone")
	ErrMoving     = errors.New("the clock is being moved by another call")
	ErrReset      = errors.New("the sandbox was reset or restored meanwhile")
)

// SetClock changes mode, rate and time. A time that lies ahead is an advance;
// one that lies behind needs a sandbox where nothing has happened.
func (s *Sandbox) SetClock(ctx context.Context, change ClockChange) (Clock, error) {
	if err := change.Check(); err != nil {
		return Clock{}, err
	}
	if err := s.takeTurn(ctx); err != nil {
		return Clock{}, err
	}
	defer s.endTurn()
	if err := s.setMode(change); err != nil {
		return Clock{}, err
	}
	defer s.tellClock()
	if change.Now != nil && change.Now.After(s.Now()) {
		if err := s.advance(ctx, *change.Now); err != nil {
			return Clock{}, err
		}
	}
	return s.Clock(), nil
}

// Check says everything that is wrong with a change; its error is [*InvalidError].
func (c ClockChange) Check() error {
	e := &InvalidError{}
	if c.Now != nil && (c.Now.Before(Earliest) || c.Now.After(Latest)) {
		e.add("/now", ErrClockRange.Error())
	}
	if c.Mode != nil && *c.Mode != Running && *c.Mode != Frozen {
		e.add("/mode", "want running or frozen")
	}
	if c.Rate != nil && !(*c.Rate > 0 && *c.Rate <= maxRate) {
		e.add("/rate", wantRate)
	}
	return e.err()
}

// setMode applies all but a move forward, or nothing.
func (s *Sandbox) setMode(change ClockChange) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	wall := s.wall()
	next := s.clock.at(s.clock.now(wall), wall)
	if change.Now != nil && change.Now.Before(next.base) && s.world.Orders() == 0 && s.pushes.Len() == 0 {
		next = next.at(*change.Now, wall)
		if change.Now.Before(s.world.Start()) {
			s.world.SetStart(change.Now.In(platform.Shanghai))
		}
	} else if change.Now != nil && change.Now.Before(next.base.Truncate(time.Second)) { // what the clock shows now stays as it is
		return ErrClockBack
	}
	if change.Mode != nil {
		next.frozen = *change.Mode == Frozen
	}
	if change.Rate != nil {
		next.rate = *change.Rate
	}
	if s.clock.base != next.base {
		s.note(s.clock.base, Moved{next.base})
	}
	s.clock = next
	s.dispatch()
	return nil
}

// Advance moves the clock forward. Everything that falls due on the way happens
// in order, and the outcome of each push attempt is awaited, so that advancing
// over a whole retry schedule runs all of it. A second advance waits its turn,
// half a push.timeout at most: it may come from the handler the first awaits.
func (s *Sandbox) Advance(ctx context.Context, by time.Duration) (Clock, error) {
	if err := s.takeTurn(ctx); err != nil {
		return Clock{}, err
	}
	defer s.endTurn()
	to := s.Now().Add(by)
	if to.After(Latest) {
		return Clock{}, ErrClockRange
	}
	defer s.tellClock()
	if err := s.advance(ctx, to); err != nil {
		return Clock{}, err
	}
	return s.Clock(), nil
}

// tellClock says where a move of the clock has ended, broken off or not.
func (s *Sandbox) tellClock() {
	s.mu.Lock()
	defer s.mu.Unlock()
	shown := s.clock.show(s.wall())
	s.note(shown.Now, Moved{shown.Now})
	s.emit(EventClock, shown)
}

// patience is how long a move of the clock waits for another that may be waiting for it.
func (s *Sandbox) patience() time.Duration {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.world.Rules().PushTimeout / 2
}

func (s *Sandbox) takeTurn(ctx context.Context) error {
	timer := time.NewTimer(s.patience())
	defer timer.Stop()
	select {
	case <-s.moving:
		return nil
	case <-timer.C:
		return ErrMoving
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (s *Sandbox) endTurn() { s.moving <- struct{}{} }

// advance goes step by step. Attempts that were under way before it began are
// awaited too, so that what becomes of them, and their retries, has its place on
// the way. A handler that asks for an advance before it answers runs into its
// push.timeout.
func (s *Sandbox) advance(ctx context.Context, to time.Time) error {
	m := s.beginMove(to)
	for {
		changed, arrived, err := s.step(m)
		if err != nil || arrived {
			return err
		}
		if changed == nil {
			continue
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// move is an advance under way.
type move struct {
	to   time.Time
	life uint64
}

func (s *Sandbox) beginMove(to time.Time) move {
	s.mu.Lock()
	defer s.mu.Unlock()
	return move{to: to, life: s.life}
}

// step goes to the next instant at which something falls due, or says what to
// wait for before it can.
func (s *Sandbox) step(m move) (changed <-chan struct{}, arrived bool, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return nil, false, ErrClosed
	}
	if s.life != m.life {
		return nil, false, ErrReset
	}
	s.dispatch()
	if len(s.flying) > 0 {
		return s.changed, false, nil
	}
	wall := s.wall()
	now := s.clock.now(wall)
	due, ok := s.pushes.NextDue(s.policy())
	if ok && !due.After(m.to) {
		if due.After(now) {
			s.clock = s.clock.at(due, wall)
		}
		return nil, false, nil
	}
	if m.to.After(now) {
		s.clock = s.clock.at(m.to, wall)
	}
	s.dispatch()
	return nil, true, nil
}
