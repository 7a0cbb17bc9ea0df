package control

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"iter"
	"net/http"
	"strings"
)

// The kinds of [Event].
const (
	EventRequest   = "request"
	EventPush      = "push"
	EventCar       = "car"
	EventClock     = "clock"
	EventFault     = "fault"     // a fault has hit
	EventFaults    = "faults"    // a [Changed]: which faults there are
	EventRules     = "rules"     // a [Changed]: names of rules
	EventMerchants = "merchants" // a [Changed]: numbers of merchants
	EventSandbox   = "sandbox"   // a [Changed]: the sandbox, where it was created or deleted
	EventReset     = "reset"
	EventLagged    = "lagged" // {"missed":n}: this reader was too slow, or resumed too late
)

// What a [Changed] says was done.
const (
	ActionAdded   = "added"
	ActionChanged = "changed"
	ActionDeleted = "deleted"
)

// The causes of an [EventReset].
const (
	CauseReset   = "reset"
	CauseRestore = "restore"
	CauseUndo    = "undo"
	CauseUnknown = "unknown-event-id" // the id to resume from is another sandbox's or server's
)

// Changed is the data of an event of what somebody has set up.
type Changed struct {
	Action string   `json:"action"`
	IDs    []string `json:"ids"`
}

// Event is something that has happened in a sandbox.
type Event struct {
	ID   string // for resuming
	Kind string
	Data json.RawMessage
}

// Events follows what happens in the sandbox, from now or from after an event's id, until the context ends or the stream breaks;
// the error says which. Resume with the last ID seen. The data of an EventReset is {"cause","now"}: "reset" or "restore", or
// "unknown-event-id" where the id to resume from is another sandbox's or server's, so that the stream starts afresh.
func (s *Sandbox) Events(ctx context.Context, after string) iter.Seq2[Event, error] {
	return func(yield func(Event, error) bool) {
		events, err := s.Follow(ctx, after)
		if err != nil {
			yield(Event{}, err)
			return
		}
		events(yield)
	}
}

// Follow is [Sandbox.Events] that is connected when it comes back, so that nothing that happens afterwards is missed. Range over
// the stream once, or end the context: either lets the connection go.
func (s *Sandbox) Follow(ctx context.Context, after string) (iter.Seq2[Event, error], error) {
	body, err := s.stream(ctx, after)
	if err != nil {
		return nil, err
	}
	return func(yield func(Event, error) bool) {
		defer func() { _ = body.Close() }()
		lines := bufio.NewScanner(body)
		lines.Buffer(nil, maxEvent)
		var event Event
		for lines.Scan() {
			line := lines.Text()
			if line == "" {
				if event.Data != nil && !yield(event, nil) {
					return
				}
				event = Event{ID: event.ID}
				continue
			}
			event.field(line)
			if len(event.Data) > maxEvent {
				yield(Event{}, fmt.Errorf("control: events: an event has more than %d MiB", maxEvent>>20))
				return
			}
		}
		err = lines.Err()
		if err == nil {
			err = io.ErrUnexpectedEOF
		}
		yield(Event{}, fmt.Errorf("control: events: %w", err))
	}, nil
}

// maxEvent bounds an event, in bytes.
const maxEvent = 16 << 20

// field reads one line of an event stream (WHATWG HTML, §9.2.6). A comment has an empty name and falls through.
func (e *Event) field(line string) {
	name, value, _ := strings.Cut(line, ":")
	value = strings.TrimPrefix(value, " ")
	switch name {
	case "id":
		e.ID = value
	case "event":
		e.Kind = value
	case "data":
		if e.Data != nil {
			e.Data = append(e.Data, '\n')
		}
		e.Data = append(e.Data, value...)
	}
}

func (s *Sandbox) stream(ctx context.Context, after string) (io.ReadCloser, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, s.c.base+s.path+"/events", http.NoBody)
	if err != nil {
		return nil, fmt.Errorf("control: %w", err)
	}
	req.Header.Set("Accept", "text/event-stream")
	req.Header.Set("Accept-Encoding", "identity")
	if after != "" {
		req.Header.Set("Last-Event-ID", after)
	}
	if s.c.token != "" {
		req.Header.Set("Authorization", "Bearer "+s.c.token)
	}
	res, err := s.c.own().Do(req)
	if err != nil {
		return nil, fmt.Errorf("control: %w", err)
	}
	if res.StatusCode != http.StatusOK {
		defer func() { _ = res.Body.Close() }()
		return nil, problemOf(res)
	}
	return res.Body, nil
}
