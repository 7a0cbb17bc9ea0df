package engine

import (
	"time"

	"github.com/etcp-mock/etcp-mock/mock/internal/fault"
	"github.com/etcp-mock/etcp-mock/mock/internal/journal"
	"github.com/etcp-mock/etcp-mock/mock/internal/push"
)

// The kinds of [Event], and what the Value of each is.
const (
	EventRequest   = "request"   // a *journal.Stored
	EventPush      = "push"      // a push.Item
	EventCar       = "car"       // a platform.Order
	EventClock     = "clock"     // a clock.Reading
	EventFault     = "fault"     // a FaultHit: what a fault did
	EventFaults    = "faults"    // a Changed: which faults there are
	EventRules     = "rules"     // a Changed: names of rules
	EventMerchants = "merchants" // a Changed: numbers of merchants
	EventSandbox   = "sandbox"   // a Changed: the sandbox's id, where it was created or deleted
	EventReset     = "reset"     // a Restart
)

// Event is something that has happened in a sandbox. Its Value is not written again.
type Event struct {
	Seq   uint64
	Kind  string
	Value any
}

// FaultHit is a fault that was applied: to a request, or to a push.
type FaultHit struct {
	Fault      fault.Active
	At         time.Time
	MerchantNo string
	Endpoint   string // of a request
	PushID     string // of a push
}

// What a [Changed] can say was done.
const (
	Added   = "added"
	Changes = "changed"
	Deleted = "deleted"
)

// Changed is that something the operator sets up was changed.
type Changed struct {
	Action string    `json:"action"` // Added, Changes or Deleted
	IDs    []string  `json:"ids"`
	At     time.Time `json:"-"`
}

// Restart is that the sandbox was put back: to its fixture, to a state, or to an earlier point.
type Restart struct {
	Cause string // CauseReset, CauseRestore or CauseUndo
	Now   time.Time
}

// The causes of a [Restart].
const (
	CauseReset   = "reset"
	CauseRestore = "restore"
	CauseUndo    = "undo"
)

// Size is about how many bytes an event keeps.
func (e *Event) Size() int {
	switch v := e.Value.(type) {
	case *journal.Stored:
		return v.Size()
	case push.Item:
		return v.Size()
	default:
		return lightSize
	}
}

// lightSize is about what a value keeps that has no long texts, in bytes.
const lightSize = 512

// mostStored is how many entries of events are made at once, at most.
const mostStored = 64

// stored is an entry as the value of an event. Such values are made many at once, twice as many each time: one by one they were a thirtieth
// of what a request leaves for the collector.
func (e *Engine) stored(s journal.Stored) *journal.Stored {
	if len(e.values) == cap(e.values) {
		e.values = make([]journal.Stored, 0, min(max(2*cap(e.values), 1), mostStored))
	}
	e.values = append(e.values, s)
	return &e.values[len(e.values)-1]
}

func (e *Engine) emit(kind string, value any) {
	e.eventSeq++
	e.events = append(e.events, Event{e.eventSeq, kind, value})
}

func (e *Engine) changed(kind, action string, ids ...string) {
	e.emit(kind, Changed{Action: action, IDs: ids, At: e.now})
}
