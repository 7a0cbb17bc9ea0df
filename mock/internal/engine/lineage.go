package engine

import (
	"slices"

	"github.com/etcp-mock/etcp-mock/mock/internal/platform"
)

// span is what an undo has put back: the inputs behind from and before to, the undo itself.
type span struct{ from, to uint64 }

// undone are the spans of what was put back, newest first and apart from each other. An undo that was itself put back counts no
// more: what it had put back has happened again.
func (h *History) undone() []span {
	var spans []span
	for i := len(h.records) - 1; i >= 0; i-- {
		undo := h.records[i].undo()
		if undo == 0 {
			continue
		}
		spans = append(spans, span{undo, h.first + uint64(i)})
		if undo < h.first {
			break
		}
		i = h.index(undo) + 1 // the undo put back what was right after it
	}
	return spans
}

// Undone tells of a sequence number whether what happened then was put back by a later undo.
func (h *History) Undone() func(seq uint64) bool {
	spans := h.undone()
	return func(seq uint64) bool {
		return slices.ContainsFunc(spans, func(s span) bool { return seq > s.from && seq < s.to })
	}
}

// Happened is what an input came to, as far as it shows in a list of what happened.
type Happened struct {
	Request uint64           // the number of the journal entry it wrote, or 0
	Pushes  uint64           // how many pushes there were after it
	Command platform.Command // of a Command that was carried out, or nil
}

// Lineage is what led to what is now, oldest first: since the sandbox was created, reset, or had a state restored, as far as that
// is kept, and without what an undo has put back. Pushes is how many pushes there were before the first.
func (h *History) Lineage() (all []Happened, pushes uint64) {
	pushes = h.pushesBefore()
walk:
	for i := len(h.records) - 1; i >= 0; i-- {
		k := &h.records[i]
		came := k.came()
		if k.begins() {
			pushes = came.pushes
			break
		}
		one := Happened{Request: came.request, Pushes: came.pushes}
		if came.kind == "command" && came.result == "" {
			r := k.record()
			if c, ok := r.Input.(*Command); ok {
				one.Command = c.Command
			}
		}
		all = append(all, one)
		switch undo := k.undo(); {
		case undo == 0:
		case undo < h.first:
			pushes = came.pushes
			break walk
		default:
			i = h.index(undo) + 1 // the undo put back what was right after it
		}
	}
	slices.Reverse(all)
	return all, pushes
}
