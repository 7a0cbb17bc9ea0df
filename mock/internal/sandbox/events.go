package sandbox

import (
	"time"

	"github.com/etcp-mock/etcp-mock/mock/internal/push"
)

// The kinds of [Event], and what the Value of each is.
const (
	EventRequest = "request" // an *Entry
	EventPush    = "push"    // a push.Item
	EventCar     = "car"     // a platform.Order
	EventClock   = "clock"   // a Clock
	EventFault   = "fault"   // what a fault did
	EventReset   = "reset"   // a Rebirth
)

// Event is something that has happened in a sandbox. Its Value is not written again.
type Event struct {
	Seq   uint64
	Kind  string
	Value any
}

// Rebirth is that the sandbox was put back to its fixture or to a state.
type Rebirth struct {
	Cause string // CauseReset or CauseRestore
	Now   time.Time
}

// The causes of a [Rebirth].
const (
	CauseReset   = "reset"
	CauseRestore = "restore"
)

// eventsKeep is how many events can be resumed from. Those who follow and are
// further behind have lost some.
const (
	eventsKeep  = 1024
	eventsBytes = 32 << 20
)

// events is a ring of the newest. Values are kept as they are: nothing is
// encoded unless someone listens.
type events struct {
	ring ring[Event]
	seq  uint64
	news chan struct{} // made by who waits, closed by what happens
}

// weight is about how many bytes an event keeps.
func (e *Event) weight() int {
	switch v := e.Value.(type) {
	case *Entry:
		return v.weight()
	case push.Item:
		return v.Weight()
	default:
		return lightWeight
	}
}

// emit tells whoever listens; the door is held.
func (s *Sandbox) emit(kind string, value any) {
	e := &s.events
	e.seq++
	e.ring.weigh = (*Event).weight
	e.ring.add(Event{e.seq, kind, value}, eventsKeep, eventsBytes)
	s.wakeFollowers()
}

func (s *Sandbox) wakeFollowers() {
	if s.events.news != nil {
		close(s.events.news)
		s.events.news = nil
	}
}

// Emit tells whoever listens that something has happened.
func (s *Sandbox) Emit(kind string, value any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.emit(kind, value)
}

// News is what has happened since, and how to wait for more.
type News struct {
	Events []Event
	Missed uint64          // how many events before the first are gone
	More   <-chan struct{} // closed as soon as there is more
	Closed bool            // there will never be
}

// NewsSince gives the events after a sequence number, oldest first.
func (s *Sandbox) NewsSince(after uint64) News {
	s.mu.Lock()
	defer s.mu.Unlock()
	e := &s.events
	n := News{More: s.more(), Closed: s.closed}
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
	n.Events = make([]Event, 0, have-from)
	for i := from; i < have; i++ {
		n.Events = append(n.Events, *e.ring.at(i))
	}
	return n
}

// more is closed at the next event; the door is held.
func (s *Sandbox) more() <-chan struct{} {
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

// Birth names this sandbox among all there ever were, so that a sequence number
// of another, on a server before or under the same id, is not taken for one of
// its own.
func (s *Sandbox) Birth() string { return s.birth }
