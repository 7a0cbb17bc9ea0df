package push

import (
	"cmp"
	"slices"
	"time"
)

// Copying is a [Log.Checkpoint] that is being made while the log goes on: [Copying.Step] reads a part of it, and whoever owns the log
// lets others have it between two steps. What changes meanwhile is noted and read once more at the end, so that the copy is the log
// as it is when the last step ends.
type Copying struct {
	l       *Log
	next    uint64 // the seq from which on items have not been read
	items   [][]ItemState
	touched map[uint64]struct{} // by seq
}

// pieceLength is how many items a piece of a copy has.
const pieceLength = 512

// BeginCopy begins a copy in steps, and gives up one that was begun before.
func (l *Log) BeginCopy() *Copying {
	l.copying = &Copying{l: l, touched: map[uint64]struct{}{}}
	return l.copying
}

// touch notes that an item was added, changed or dropped.
func (c *Copying) touch(e *entry) {
	if c != nil {
		c.touched[e.item.Seq] = struct{}{}
	}
}

// Step reads up to n items, and says how many it read: less than that once there are no more.
func (c *Copying) Step(n int) (read int) {
	l := c.l
	for i := l.find(c.next); i < len(l.inOrder) && read < n; i++ {
		c.next = l.inOrder[i].seq + 1
		read++ // a hole costs, too
		if e := l.inOrder[i].entry; e != nil {
			last := len(c.items) - 1
			if last < 0 || len(c.items[last]) == pieceLength {
				c.items = append(c.items, make([]ItemState, 0, min(pieceLength, len(l.inOrder))))
				last++
			}
			c.items[last] = append(c.items[last], e.state(true))
		}
	}
	return read
}

// End is the copy as of now, once there is no more to read. Nothing is noted any more.
func (c *Copying) End() Copied {
	l := c.l
	l.copying = nil
	out := Copied{seq: l.seq, items: c.items, since: make(map[uint64]*ItemState, len(c.touched))}
	for seq := range c.touched {
		out.since[seq] = nil
		if i := l.find(seq); i < len(l.inOrder) && l.inOrder[i].seq == seq && l.inOrder[i].entry != nil {
			current := l.inOrder[i].entry.state(true)
			out.since[seq] = &current
		}
	}
	return out
}

// state is the entry as a value. Its Releases names also what is held no more: see [released].
func (e *entry) state(flights bool) ItemState {
	out := ItemState{Item: e.item.clone(), Failures: e.failures}
	out.NextAttemptAt = time.Time{} // follows from the rest
	if out.Status == Pending {
		out.Due = e.due
	}
	if e.redeliveries > 0 {
		out.Redeliveries, out.RedeliverAt = e.redeliveries, e.redeliverAt
	}
	out.Held = e.held
	if e.releases != nil {
		out.Releases = e.releases.item.ID
	}
	if flights {
		out.Flight, out.Redelivers = e.flight, e.flight != 0 && e.redelivers
	}
	return out
}

// released leaves of what items release only what is held.
func released(items []ItemState) {
	held := map[string]bool{}
	for i := range items {
		if items[i].Held {
			held[items[i].ID] = true
		}
		if items[i].Releases != "" && !held[items[i].Releases] { // which came before it
			items[i].Releases = ""
		}
	}
}

// Copied is a log as it was at one moment, from which a [State] can be made later and elsewhere.
type Copied struct {
	seq   uint64
	items [][]ItemState
	since map[uint64]*ItemState // by seq; nil: it was dropped

	landed bool
}

// Landed is the copy without what is in flight: its attempts are due.
func (c Copied) Landed() Copied {
	c.landed = true
	return c
}

// CopiedOf is a state, which was copied at once.
func CopiedOf(s State) Copied { return Copied{seq: s.Seq, items: [][]ItemState{s.Items}} }

// Seq is that of the newest item.
func (c *Copied) Seq() uint64 { return c.seq }

// State makes the state. It shares nothing with the log that changes.
func (c *Copied) State() State {
	s := State{Seq: c.seq, Items: []ItemState{}}
	for _, piece := range c.items {
		for i := range piece {
			if _, changed := c.since[piece[i].Seq]; !changed {
				s.Items = append(s.Items, piece[i])
			}
		}
	}
	for _, item := range c.since {
		if item != nil {
			s.Items = append(s.Items, *item)
		}
	}
	slices.SortFunc(s.Items, func(a, b ItemState) int { return cmp.Compare(a.Seq, b.Seq) })
	released(s.Items)
	for i := range s.Items {
		if c.landed {
			s.Items[i].Flight, s.Items[i].Redelivers = 0, false
		}
	}
	return s
}
