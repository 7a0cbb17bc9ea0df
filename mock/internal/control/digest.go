package control

import (
	"strconv"
	"time"

	"github.com/etcp-mock/etcp-mock/mock/internal/engine"
	"github.com/etcp-mock/etcp-mock/mock/internal/journal"
	"github.com/etcp-mock/etcp-mock/mock/internal/sandbox"
)

// A digest is for people to look at: events gather for digestPause, and of more
// than digestMost requests in that time the newest are sent and the others
// counted, so that an open page costs a busy server next to nothing.
const (
	digestPause  = 80 * time.Millisecond
	digestMost   = 32
	eventSkipped = "skipped"
)

// skipped stands in a digest for the requests that it leaves out.
type skipped struct {
	Requests int            `json:"requests"`
	Codes    map[string]int `json:"codes"`            // how many were answered with each
	Unknown  uint64         `json:"unknown,omitzero"` // events of any kind that were gone before they could be counted
}

// thinned is the news with one event in place of those that a digest leaves out.
func thinned(news sandbox.News) []engine.Event {
	leave := -digestMost
	for i := range news.Events {
		if news.Events[i].Kind == engine.EventRequest {
			leave++
		}
	}
	if (leave <= 0 && news.Missed == 0) || len(news.Events) == 0 {
		return news.Events
	}
	out := skipped{Codes: map[string]int{}, Unknown: news.Missed}
	kept := make([]engine.Event, 0, len(news.Events)-max(leave, 0)+1)
	if leave <= 0 {
		kept = append(kept, engine.Event{Seq: news.Events[0].Seq - 1, Kind: eventSkipped, Value: out})
	}
	for _, e := range news.Events {
		entry, is := e.Value.(journal.Stored)
		if !is || out.Requests >= leave {
			kept = append(kept, e)
			continue
		}
		out.Requests++
		out.Codes[strconv.Itoa(entry.Code())]++
		if out.Requests == leave { // in the place of the last of them
			kept = append(kept, engine.Event{Seq: e.Seq, Kind: eventSkipped, Value: out})
		}
	}
	return kept
}
