package sandbox

import (
	"cmp"
	"context"
	"time"

	"github.com/etcp-mock/etcp-mock/mock/internal/engine"
)

// eventsKeep is how many events can be resumed from. Those who follow and are further behind have lost some.
const (
	eventsKeep  = 1024
	eventsBytes = 32 << 20
)

// eventRing keeps the newest events. Values are kept as they are: nothing is encoded unless someone listens.
type eventRing struct {
	ring ring[engine.Event]
	seq  uint64
	news chan struct{} // made by who waits, closed by what happens
}

func (r *eventRing) add(event *engine.Event) {
	r.seq = event.Seq
	r.ring.add(*event, event.Size(), eventsKeep, eventsBytes)
}

// wakeFollowers wakes whoever waits for events; the lock is held.
func (s *Sandbox) wakeFollowers() {
	if s.events.news != nil {
		close(s.events.news)
		s.events.news = nil
	}
}

// News is what has happened since, and how to wait for more.
type News struct {
	Events []engine.Event
	Missed uint64          // how many events before the first are gone
	More   <-chan struct{} // closed as soon as there is more
	Closed bool            // there will never be
}

// NewsSince gives the events after a sequence number, oldest first, once they are durable.
func (s *Sandbox) NewsSince(after uint64) News {
	s.mu.Lock()
	n, seq := s.newsLocked(after), s.engine.View().Seq()
	s.mu.Unlock()
	if len(n.Events) > 0 && s.await(s.host.Context, seq) != nil {
		return News{More: n.More, Closed: true}
	}
	return n
}

func (s *Sandbox) newsLocked(after uint64) News {
	e := &s.events
	n := News{More: s.moreLocked(), Closed: s.closed}
	if after >= e.seq {
		return n
	}
	have := e.ring.len()
	from := 0
	if missing := e.seq - after; missing > uint64(have) { //nolint:gosec // never negative
		n.Missed = missing - uint64(have) //nolint:gosec // never negative
	} else {
		from = have - int(missing) //nolint:gosec // at most have
	}
	n.Events = make([]engine.Event, 0, have-from)
	for i := from; i < have; i++ {
		n.Events = append(n.Events, *e.ring.at(i))
	}
	return n
}

// moreLocked is closed at the next event.
func (s *Sandbox) moreLocked() <-chan struct{} {
	if s.events.news == nil {
		s.events.news = make(chan struct{})
	}
	return s.events.news
}

// LastEvent is the sequence number of the newest event, 0 before the first.
func (s *Sandbox) LastEvent() uint64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.events.seq
}

// Watch waits until look, which reads the engine as it is, says that it has seen enough, or until the real time given is over:
// then it is asked a last time. Look is called with the lock held, and gives it back by calling finish, once. Its errors are
// [ErrReset], [ErrClosed] and the context's.
func (s *Sandbox) Watch(ctx context.Context, within time.Duration, look func(v engine.View, last bool, finish func()) (enough bool)) error {
	over := time.NewTimer(within)
	defer over.Stop()
	restarts, last := uint64(0), within <= 0
	for first := true; ; first = false {
		s.mu.Lock()
		if first {
			restarts = s.restarts
		}
		if err := cmp.Or(ctx.Err(), s.stillLocked(restarts)); err != nil {
			s.mu.Unlock()
			return err
		}
		more, start := s.moreLocked(), time.Now()
		if look(s.engine.View(), last, s.mu.Unlock) || last {
			return nil
		}
		var err error
		if last, err = awaitNews(ctx, more, over.C, 4*time.Since(start)); err != nil {
			return err
		}
	}
}

// awaitNews waits for news or the end of the time, and then rests as long as the look was costly, so that a wait in a busy sandbox
// stays cheap.
func awaitNews(ctx context.Context, more <-chan struct{}, over <-chan time.Time, rest time.Duration) (last bool, err error) {
	select {
	case <-more:
	case <-over:
		return true, nil
	case <-ctx.Done():
		return false, ctx.Err()
	}
	pause := time.NewTimer(rest)
	defer pause.Stop()
	select {
	case <-pause.C:
		return false, nil
	case <-over:
		return true, nil
	case <-ctx.Done():
		return false, ctx.Err()
	}
}
