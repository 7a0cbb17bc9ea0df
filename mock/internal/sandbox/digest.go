package sandbox

import (
	"github.com/etcp-mock/etcp-mock/mock/internal/engine"
	"github.com/etcp-mock/etcp-mock/mock/internal/journal"
)

// EventSkipped is the kind of the event that stands for others in a digest; its value is a [Skipped].
const EventSkipped = "skipped"

// Skipped stands in a digest for the requests that it leaves out.
type Skipped struct {
	Requests int         `json:"requests"`
	Codes    map[int]int `json:"codes"`            // how many were answered with each
	Unknown  uint64      `json:"unknown,omitzero"` // events of any kind that were gone before they could be counted
}

// Digest is the events with the newest requests, so many of them at most, and one event in place of those that are left out.
func (n *News) Digest(most int) []engine.Event {
	leave := -most
	for i := range n.Events {
		if n.Events[i].Kind == engine.EventRequest {
			leave++
		}
	}
	if (leave <= 0 && n.Missed == 0) || len(n.Events) == 0 {
		return n.Events
	}
	out := Skipped{Codes: map[int]int{}, Unknown: n.Missed}
	kept := make([]engine.Event, 0, len(n.Events)-max(leave, 0)+1)
	if leave <= 0 {
		kept = append(kept, engine.Event{Seq: n.Events[0].Seq - 1, Kind: EventSkipped, Value: out})
	}
	for _, e := range n.Events {
		entry, ok := e.Value.(*journal.Stored)
		if !ok || out.Requests >= leave {
			kept = append(kept, e)
			continue
		}
		out.Requests++
		out.Codes[entry.Code()]++
		if out.Requests == leave { // in the place of the last of them
			kept = append(kept, engine.Event{Seq: e.Seq, Kind: EventSkipped, Value: out})
		}
	}
	return kept
}
