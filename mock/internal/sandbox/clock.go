package sandbox

import (
	"context"
	"time"

	"github.com/etcp-mock/etcp-mock/mock/internal/clock"
	"github.com/etcp-mock/etcp-mock/mock/internal/engine"
)

// Clock is what the clock shows.
func (s *Sandbox) Clock() (shown clock.Reading) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.engine.View().Clock(s.wall())
}

// BrokenOffError is a move of the clock that did not come to its end: it has come as far as Shown says, and stays there. What fell due on
// the way has happened, and so has the change of mode and rate.
type BrokenOffError struct {
	Shown clock.Reading
	Err   error // why: the context's, or ErrMoved
}

func (e *BrokenOffError) Error() string {
	return "the clock was broken off on its way and shows " + e.Shown.Now.Format(time.DateTime) + ": " + e.Err.Error()
}

// Unwrap is why.
func (e *BrokenOffError) Unwrap() error { return e.Err }

// SetClock changes mode, rate and time. A time that lies ahead is an advance, which begins once mode and rate are changed; one that lies
// behind needs a sandbox where nothing has happened. Its errors are [*strict.Invalid], [engine.ErrClockBack], [ErrMoving], [ErrReset],
// [ErrClosed], the context's where nothing has changed, and [*BrokenOffError].
func (s *Sandbox) SetClock(ctx context.Context, change clock.Change) (clock.Reading, error) {
	if err := change.Check(); err != nil {
		return clock.Reading{}, err
	}
	if err := s.takeTurn(ctx); err != nil {
		return clock.Reading{}, err
	}
	defer s.endTurn()
	if err := ctx.Err(); err != nil { // nobody waits for it any more: nothing has changed
		return clock.Reading{}, err
	}
	ahead := change.Now != nil && change.Now.After(s.Now())
	if fx := s.Apply(&engine.SetClock{Change: change, Quiet: ahead}); fx.Err != nil {
		return clock.Reading{}, fx.Err
	}
	if ahead {
		if err := s.advance(ctx, *change.Now); err != nil {
			return clock.Reading{}, err
		}
	}
	return s.Clock(), nil
}

// Advance moves the clock forward. Everything that falls due on the way happens in order, and the outcome of each push attempt
// is awaited, so that advancing over a whole retry schedule runs all of it. A second advance waits its turn, half a push.timeout
// at most: it may come from the handler the first awaits. Its errors are [clock.ErrRange], [ErrMoving], [ErrReset], [ErrClosed], the
// context's where nothing has changed, and [*BrokenOffError].
func (s *Sandbox) Advance(ctx context.Context, by time.Duration) (clock.Reading, error) {
	if err := s.takeTurn(ctx); err != nil {
		return clock.Reading{}, err
	}
	defer s.endTurn()
	to := s.Now().Add(by)
	if err := (&engine.MoveClock{To: to}).Check(); err != nil {
		return clock.Reading{}, err
	}
	if err := s.advance(ctx, to); err != nil {
		return clock.Reading{}, err
	}
	return s.Clock(), nil
}

// takeTurn waits for another move of the clock, but not for long: that may be waiting for this one.
func (s *Sandbox) takeTurn(ctx context.Context) error {
	timer := time.NewTimer(s.Settings().Rules.PushTimeout / 2)
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

// advance goes step by step. Attempts that were under way before it began are awaited too, so that what becomes of them, and
// their retries, has its place on the way. A handler that asks for an advance before it answers runs into its push.timeout.
func (s *Sandbox) advance(ctx context.Context, to time.Time) error {
	s.mu.Lock()
	restarts := s.restarts
	s.mu.Unlock()
	for {
		changed, arrived, err := s.step(to, restarts)
		if err != nil || arrived {
			return err
		}
		if changed == nil {
			continue
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return s.brokenOff(restarts, ctx.Err())
		}
	}
}

// step goes to the next instant at which something falls due, or says what to wait for before it can.
func (s *Sandbox) step(to time.Time, restarts uint64) (changed <-chan struct{}, arrived bool, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.stillLocked(restarts); err != nil {
		return nil, false, err
	}
	v := s.engine.View()
	if v.Pushes().InFlight() > 0 {
		return s.changeLocked(), false, nil
	}
	now := v.Now(s.wall())
	if due, ok := v.Pushes().NextDue(v.Policy()); ok && !due.After(to) {
		if due.After(now) {
			s.applyLocked(&engine.MoveClock{To: due})
		} else {
			s.applyLocked(&engine.Wake{})
		}
		return nil, false, nil
	}
	s.applyLocked(&engine.MoveClock{To: to, Last: true})
	return nil, true, nil
}

// brokenOff says where a move has ended, in an event and in the error that it gives.
func (s *Sandbox) brokenOff(restarts uint64, why error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.stillLocked(restarts); err != nil {
		return err
	}
	v := s.engine.View()
	s.applyLocked(&engine.MoveClock{To: v.Now(s.wall()), Last: true})
	return &BrokenOffError{Shown: v.Clock(s.wall()), Err: why}
}

// stillLocked says whether the sandbox is the one that was looked at before.
func (s *Sandbox) stillLocked(restarts uint64) error {
	switch {
	case s.broken != nil:
		return s.broken
	case s.closed:
		return ErrClosed
	case s.restarts != restarts:
		return ErrReset
	}
	return nil
}
