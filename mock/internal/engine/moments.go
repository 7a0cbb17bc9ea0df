package engine

import (
	"slices"
	"time"

	"github.com/etcp-mock/etcp-mock/mock/internal/platform"
)

// Moment is where an input stands in the log, and what came of it.
type Moment struct {
	Seq     uint64
	At      time.Time // what the clock showed
	Request uint64    // the number of the journal entry it wrote, or 0
	Pushes  uint64    // how many pushes there were after it

	kept *kept
	came came
}

// Command is the command that the input was, where it was one and was carried out, or nil.
func (m *Moment) Command() platform.Command {
	if m.came.kind != "command" || m.came.result != "" {
		return nil
	}
	r := m.kept.record()
	c, ok := r.Input.(*Command)
	if !ok {
		return nil
	}
	return c.Command
}

// Since are the inputs kept at which the clock showed an instant or later, oldest first, without what an undo has put back. whole tells
// whether the log goes back that far.
func (h *History) Since(at time.Time) (moments []Moment, whole bool) {
	undone := h.Undone()
	whole = h.Whole()
	for i := range slices.Backward(h.records) {
		k := &h.records[i]
		c, d := k.notes()
		head := d.head()
		if undone(head.seq) || k.undo() != 0 {
			continue // an undo bears the time of what it put back
		}
		if head.at.Before(at) {
			whole = true
			break
		}
		c.kind = head.kind
		moments = append(moments, Moment{Seq: head.seq, At: head.at, Request: c.request, Pushes: c.pushes, kept: k, came: c})
	}
	slices.Reverse(moments)
	return moments, whole
}
