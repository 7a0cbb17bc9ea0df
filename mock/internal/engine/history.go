package engine

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/etcp-mock/etcp-mock/internal/zone"
	"github.com/etcp-mock/etcp-mock/mock/internal/pack"
	"github.com/etcp-mock/etcp-mock/mock/internal/platform/rules"
)

// Errors of going back in the log.
var (
	// ErrForgotten is the cause where a point is not among the inputs that are kept: it lies before them, or never was.
	ErrForgotten = errors.New("is not in the log that is kept")
	// ErrNoPoint is the cause where what was named is no point of the log.
	ErrNoPoint = errors.New(`want the id of a request such as r17, the id of a push such as p4, a sequence number such as 120, or a time such as "2017-08-20 12:00:00"`)
)

// Keep is how many inputs a history keeps at least (rule log.keep), unless they hold more than so many bytes (rule log.bytes).
type Keep struct{ Inputs, Bytes int }

// KeepBy is what the rules say of a history.
func KeepBy(r *rules.Rules) Keep { return Keep{r.LogKeep, r.LogBytes} }

// History is the newest part of a sandbox's log, and what it takes to be at any point of it again: checkpoints, and the inputs
// between them. It is a value whose copies stay as they are when the original grows.
type History struct {
	first       uint64 // the sequence number of records[0]
	opened      uint64 // the input of the snapshot that the sandbox was opened with; 0: there was none
	records     []kept // without a gap
	checkpoints []*Checkpoint
	bytes       int
	recent      int // bytes since the last checkpoint
	slab        pack.Slab
	room        []byte // for one record that is being written
	newest      []byte // the newest record, where it is kept encoded
}

// Newest is the record that was added last as [Encode] writes it; nil where it has to be encoded. It must not be changed.
func (h *History) Newest() []byte { return h.newest }

// Add appends an input that was applied. It says whether a checkpoint of the engine as it is now is wanted.
func (h *History) Add(r Record, keep Keep, cost int) (wants bool) {
	if len(h.records) == 0 {
		h.first = r.Seq
	}
	k := h.keep(&r)
	// Room for as many as come before the next checkpoint: growing bit by bit was a fifteenth of what a request left for the collector.
	if n := len(h.records); n == cap(h.records) {
		h.records = slices.Grow(h.records, min(max(keep.Inputs, cost, 1000), max(n, 16)))
	}
	h.records = append(h.records, k)
	h.bytes += k.size
	h.recent += k.size
	since := len(h.records)
	if n := len(h.checkpoints); n > 0 {
		since = int(r.Seq - h.checkpoints[n-1].Seq) //nolint:gosec // a part of the records
	}
	// As many inputs lie between two checkpoints as there are things to copy for one, so that it costs each input little.
	return since >= max(keep.Inputs, 1000, cost) || h.recent > keep.Bytes/2
}

// Checkpoint keeps a checkpoint of now, and lets go of what lies before the newest one that leaves enough.
func (h *History) Checkpoint(c *Checkpoint, keep Keep) {
	h.checkpoints = append(slices.Clip(h.checkpoints), c)
	h.recent = 0
	drop := 0
	for i := range h.checkpoints[:len(h.checkpoints)-1] {
		behind := int(c.Seq - h.checkpoints[i].Seq) //nolint:gosec // a part of the records
		if behind >= keep.Inputs || h.bytesFrom(h.checkpoints[i].Seq) > keep.Bytes {
			drop = i
			if behind < keep.Inputs {
				drop = i + 1
			}
		}
	}
	if drop == 0 && (len(h.checkpoints) < 2 || int(c.Seq-h.checkpoints[0].Seq) < keep.Inputs) { //nolint:gosec // a part of the records
		return
	}
	h.checkpoints = slices.Clone(h.checkpoints[drop:])
	first := h.checkpoints[0].Seq + 1
	at := h.index(first)
	left := h.records[at:]
	h.records = append(make([]kept, 0, len(left)+max(keep.Inputs, 1000)), left...) // with room for those before the next checkpoint
	h.first += uint64(at)                                                          //nolint:gosec // never negative
	h.bytes = h.bytesFrom(0)
}

func (h *History) bytesFrom(seq uint64) (bytes int) {
	for i := h.index(seq); i < len(h.records); i++ {
		bytes += h.records[i].size
	}
	return bytes
}

// index is where the record with a sequence number is, or would be.
func (h *History) index(seq uint64) int {
	if len(h.records) == 0 || seq <= h.first {
		return 0
	}
	return min(int(seq-h.first), len(h.records)) //nolint:gosec // a part of the records
}

// Start has the history begin at a checkpoint, as after the sandbox was taken over.
func (h *History) Start(c *Checkpoint) { *h = History{opened: c.Seq, checkpoints: []*Checkpoint{c}} }

// Base is the state right before the oldest input kept; nil where that is the beginning of the log.
func (h *History) Base() *Checkpoint {
	if len(h.checkpoints) == 0 || h.checkpoints[0].Seq+1 != h.First() {
		return nil
	}
	return h.checkpoints[0]
}

// Last is the sequence number of the newest input.
func (h *History) Last() uint64 {
	if n := len(h.records); n > 0 {
		return h.first + uint64(n) - 1
	}
	if n := len(h.checkpoints); n > 0 {
		return h.checkpoints[n-1].Seq
	}
	return 0
}

// First is the sequence number of the oldest input kept.
func (h *History) First() uint64 {
	if len(h.records) > 0 {
		return h.first
	}
	return h.Last() + 1
}

// Records are up to limit inputs behind a sequence number, oldest first.
func (h *History) Records(after uint64, limit int) []Record {
	from := h.index(after + 1)
	if after >= h.Last() || limit <= 0 {
		return nil
	}
	some := h.records[from:min(from+limit, len(h.records))]
	records := make([]Record, len(some))
	for i := range some {
		records[i] = some[i].record()
	}
	return records
}

// Whole tells whether the log is kept from its beginning.
func (h *History) Whole() bool { return len(h.records) > 0 && h.first == 1 }

// Point finds the sequence number that what was named happened at: the id of a request or a push, a sequence number, or a time
// on the sandbox's clock, which is after the last input behind which the clock did not show more than that. An id counts from
// anew after an undo, so that it may stand in the log more than once: the one meant is the one that led to what is now, else the
// newest that was undone. Its errors match [ErrForgotten] and [ErrNoPoint].
func (h *History) Point(text string) (seq uint64, err error) {
	number := func(prefix string) (n uint64, ok bool) {
		digits, ok := strings.CutPrefix(text, prefix)
		if !ok {
			return 0, false
		}
		n, err := strconv.ParseUint(digits, 10, 64)
		return n, err == nil && n > 0
	}
	if n, ok := number("r"); ok {
		return h.search(text, func(r *came, _ uint64) bool { return r.request == n })
	}
	if n, ok := number("p"); ok {
		return h.search(text, func(r *came, before uint64) bool { return r.pushes >= n && before < n })
	}
	if n, ok := number(""); ok {
		if n+1 < h.First() || (n < h.First() && len(h.checkpoints) == 0) {
			return 0, h.forgotten(text)
		}
		if n > h.Last() {
			return 0, fmt.Errorf("%w; the last input is %d", ErrNoPoint, h.Last())
		}
		return n, nil
	}
	at, whole, err := zone.Parse(text)
	switch {
	case err != nil:
		return 0, fmt.Errorf("%w, got %q", ErrNoPoint, text[:min(len(text), 40)])
	case whole:
		at = at.Add(time.Second - 1) // the whole second that was named
	}
	return h.search(text, func(r *came, _ uint64) bool { return !r.after.After(at) })
}

// pushesBefore is how many pushes there were before the oldest input kept.
func (h *History) pushesBefore() uint64 {
	if h.Whole() || len(h.checkpoints) == 0 {
		return 0
	}
	return h.checkpoints[0].pushes()
}

// search finds the newest record that is looked for, first among those that led to what is now, then among those that were undone.
// Before is how many pushes there were before the record. An undo made none; where a state was put there, all it has came with it.
func (h *History) search(text string, found func(r *came, before uint64) bool) (uint64, error) {
	undone, oldest := h.Undone(), h.pushesBefore()
	for _, want := range []bool{false, true} {
		for i := range slices.Backward(h.records) {
			seq := h.first + uint64(i) //nolint:gosec // never negative
			if undone(seq) != want {
				continue
			}
			here, before := h.records[i].came(), oldest
			switch {
			case h.records[i].undo() != 0:
				before = here.pushes
			case h.records[i].begins():
				before = 0
			case i > 0:
				before = h.records[i-1].came().pushes
			}
			if found(&here, before) {
				return seq, nil
			}
		}
	}
	return 0, h.forgotten(text)
}

func (h *History) forgotten(text string) error {
	return &forgottenError{text, h.Reach()}
}

// forgottenError is [ErrForgotten] of a point.
type forgottenError struct{ point, reach string }

func (e *forgottenError) Error() string { return e.point + " " + ErrForgotten.Error() + ": " + e.reach }

// Unwrap gives the error that it matches.
func (e *forgottenError) Unwrap() error { return ErrForgotten }

// Reach says how far back the log goes, and why no further.
func (h *History) Reach() string {
	switch first := h.First(); {
	case h.Whole():
		return "the log has all that happened"
	case first == h.opened+1:
		return fmt.Sprintf("the log goes back to input %d, before which the server was restarted with a snapshot", first)
	default:
		return fmt.Sprintf("the log goes back to input %d (rule log.keep)", first)
	}
}

// At is the engine as it was right after an input. It is another engine: nothing that is applied to it is applied here. Its
// error matches [ErrForgotten].
func (h *History) At(seq uint64, explainer Explainer) (*Engine, error) {
	return h.Replay(seq, explainer, nil)
}

// Replay applies the inputs kept up to a sequence number again, from the last checkpoint before it (or, where each is to be
// seen, from the first), and shows each with its effects.
func (h *History) Replay(seq uint64, explainer Explainer, see func(e *Engine, r *Record, fx *Effects)) (*Engine, error) {
	e := New(explainer)
	from := 0
	for i := range slices.Backward(h.checkpoints) {
		c := h.checkpoints[i]
		if c.Seq > seq || (see != nil && i > 0) || (see != nil && h.Whole()) {
			continue
		}
		var err error
		if e, err = FromCheckpoint(c, explainer); err != nil {
			return nil, err
		}
		from = h.index(c.Seq + 1)
		break
	}
	if e.state == nil && !h.Whole() {
		return nil, h.forgotten(strconv.FormatUint(seq, 10))
	}
	for i := from; i < len(h.records) && h.first+uint64(i) <= seq; i++ {
		r := h.records[i].record()
		fx := e.Apply(r.Stamp, r.Input)
		if see != nil {
			see(e, &r, &fx)
		}
	}
	return e, nil
}
