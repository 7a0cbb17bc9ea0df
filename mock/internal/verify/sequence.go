package verify

import (
	"github.com/etcp-mock/etcp-mock/mock/internal/journal"
	"github.com/etcp-mock/etcp-mock/mock/internal/push"
)

// Happening is one thing that happened: a request, a push that was made, or a car that entered or left.
type Happening struct {
	Request *journal.Entry
	Push    *push.Brief
	Car     string // enter or exit
	Plate   string // of Car
}

// ID names what happened: the request's or the push's id, or such as enter 渝ATX061.
func (h *Happening) ID() string {
	switch {
	case h.Request != nil:
		return h.Request.ID
	case h.Push != nil:
		return h.Push.ID
	default:
		return h.Car + " " + h.Plate
	}
}

// Step is one thing of a sequence; exactly one of the three is set.
type Step struct {
	Request *RequestWant
	Push    *PushWant
	Car     string // enter or exit
}

// ByValue has the numbers in what is wanted compare as people mean them: see [subset.Object.ByValue].
func (s *Step) ByValue() {
	switch {
	case s.Request != nil:
		s.Request.Data.ByValue()
	case s.Push != nil:
		s.Push.Body.ByValue()
	}
}

func (s *Step) match(h *Happening) bool {
	switch {
	case s.Request != nil:
		return h.Request != nil && s.Request.Distance(h.Request) == 0
	case s.Push != nil:
		return h.Push != nil && s.Push.Distance(h.Push) == 0
	default:
		return h.Request == nil && h.Push == nil && s.Car == h.Car
	}
}

// SequenceResult is what looking for a sequence found: the ids that matched, as far as it came, and the index of the first step
// that did not, -1 where all did.
type SequenceResult struct {
	OK      bool
	Matched []string
	Missing int
	Got     string // with Strict: what stood in the place of Missing
}

// Sequence looks for steps in this order, others between them unless strict: then each follows the one before at once.
func Sequence(happenings []Happening, steps []Step, strict bool) SequenceResult {
	if !strict {
		return loose(happenings, steps)
	}
	best := SequenceResult{Missing: 0, Matched: []string{}}
	for start := range happenings {
		r := SequenceResult{Missing: -1, Matched: []string{}}
		for i := range steps {
			at := start + i
			if at >= len(happenings) || !steps[i].match(&happenings[at]) {
				r.Missing = i
				if at < len(happenings) {
					r.Got = happenings[at].ID()
				}
				break
			}
			r.Matched = append(r.Matched, happenings[at].ID())
		}
		if r.Missing < 0 {
			r.OK = true
			return r
		}
		if r.Missing > best.Missing || best.Got == "" && r.Missing == best.Missing {
			best = r
		}
	}
	return best
}

func loose(happenings []Happening, steps []Step) SequenceResult {
	r := SequenceResult{Missing: -1, Matched: []string{}}
	at := 0
	for i := range steps {
		for at < len(happenings) && !steps[i].match(&happenings[at]) {
			at++
		}
		if at == len(happenings) {
			r.Missing = i
			return r
		}
		r.Matched = append(r.Matched, happenings[at].ID())
		at++
	}
	r.OK = true
	return r
}
