package push

import (
	"fmt"
	"time"
)

// State is a Log as plain values, for snapshots. The attempts in flight are not in it: restored, their items are due again.
type State struct {
	Seq   uint64      `json:"seq"`
	Items []ItemState `json:"items"`
}

// ItemState is an Item with what its log knows of it besides.
type ItemState struct {
	Item

	Due          time.Time `json:"due,omitzero"`
	Failures     int       `json:"failures,omitempty"`
	Redeliveries int       `json:"redeliveries,omitempty"`
	RedeliverAt  time.Time `json:"redeliverAt,omitzero"`
	Held         bool      `json:"held,omitempty"`
	Releases     string    `json:"releases,omitempty"` // the id of the push that is held behind this one

	// Of a checkpoint only: the attempt in flight, and whether it is a redelivery.
	Flight     uint64 `json:"flight,omitempty"`
	Redelivers bool   `json:"redelivers,omitempty"`
}

// Snapshot returns the whole log, but for which attempts are in flight. It shares nothing with it that changes.
func (l *Log) Snapshot() State { return l.snapshot(false) }

// Checkpoint is Snapshot with the attempts in flight: restored, their outcomes are still awaited.
func (l *Log) Checkpoint() State { return l.snapshot(true) }

func (l *Log) snapshot(flights bool) State {
	s := State{Seq: l.seq, Items: make([]ItemState, 0, len(l.byID))}
	for _, slot := range l.inOrder {
		e := slot.entry
		if e == nil {
			continue
		}
		s.Items = append(s.Items, e.state(flights))
	}
	released(s.Items)
	return s
}

// MaxRedeliveries bounds what may wait to be sent once more.
const MaxRedeliveries = 1000

// Restore replaces the log by a snapshot, or changes nothing and returns ErrState. Attempts in flight until now are forgotten.
func (l *Log) Restore(s State) error {
	ids := make(map[string]bool, len(s.Items))
	seq := uint64(0)
	for i, item := range s.Items {
		switch {
		case item.ID != ID(item.Seq):
			return fmt.Errorf("%w: item %d: id %q is not that of its seq, %s", ErrState, i, item.ID, ID(item.Seq))
		case item.Seq <= seq || item.Seq > s.Seq:
			return fmt.Errorf("%w: item %d: seq %d does not lie above its predecessor's %d and within the log's %d", ErrState, i, item.Seq, seq, s.Seq)
		case item.Status != Pending && item.Status != Delivered && item.Status != Failed:
			return fmt.Errorf("%w: item %d: status %q", ErrState, i, item.Status)
		case item.Redeliveries > MaxRedeliveries:
			return fmt.Errorf("%w: item %d: redeliveries: want at most %d", ErrState, i, MaxRedeliveries)
		case item.Failures < 0 || item.Redeliveries < 0:
			return fmt.Errorf("%w: item %d: a negative number of failures or redeliveries", ErrState, i)
		case item.Injected.Delay < 0 || item.Injected.Duplicates < 0 || item.Held && !item.Injected.Hold:
			return fmt.Errorf("%w: item %d: its injected effects", ErrState, i)
		case item.Releases != "" && !ids[item.Releases]:
			return fmt.Errorf("%w: item %d: it releases %q, which is none before it", ErrState, i, item.Releases)
		}
		ids[item.ID], seq = true, item.Seq
	}
	l.clear()
	l.make()
	l.seq = s.Seq
	for _, item := range s.Items {
		e := &entry{
			item: item.clone(), due: item.Due, failures: item.Failures, redeliveries: item.Redeliveries, redeliverAt: item.RedeliverAt,
			held: item.Held, releases: l.byID[item.Releases], flight: item.Flight, redelivers: item.Redelivers,
		}
		if e.flight != 0 {
			l.flights[e.flight] = e
			l.attempts = max(l.attempts, e.flight)
		}
		if e.releases != nil {
			delete(l.held, e.item.MerchantNo)
		}
		if e.held {
			l.held[e.item.MerchantNo] = e
		}
		l.insert(e)
	}
	return nil
}
