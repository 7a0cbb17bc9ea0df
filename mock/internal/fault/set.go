package fault

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"time"

	"github.com/etcp-mock/etcp-mock/mock/internal/subset"
)

// Active is a fault in force.
type Active struct {
	ID string `json:"id"`
	Fault
	Stats Stats `json:"stats"`
}

// Stats counts what a fault has met: the requests or pushes it is on, and those it hit.
type Stats struct {
	Matched int `json:"matched"`
	Applied int `json:"applied"`
}

// MaxFaults is how many faults a set holds.
const MaxFaults = 1000

// Errors of a set of faults.
var (
	ErrUnknown = errors.New("no such fault")
	ErrFull    = fmt.Errorf("a sandbox has at most %d faults", MaxFaults)
	ErrState   = errors.New("not the faults of a state")
)

// member is a fault of a set, with what it looks for read once.
type member struct {
	Active
	where *subset.Object
	size  int
}

// memberSize is what a fault takes beside its texts, in bytes: its conditions and counters.
const memberSize = 2 << 10

// size is about how much memory a fault takes.
func (f *Fault) size() int {
	size := memberSize + len(f.Name) + 4*len(f.On.Where) // which is there as values too
	apply(&f.Do, func(e *effect) {
		if e.size != nil {
			size += e.size(&f.Do)
		}
	})
	return size
}

// where is what a request's data or a push's body must contain; nil is nothing.
func (on *On) where() (*subset.Object, error) {
	if len(on.Where) == 0 || string(on.Where) == "null" {
		return nil, nil //nolint:nilnil // no object is no error
	}
	return subset.New(on.Where)
}

// Set is the faults of one sandbox, in the order they were added. Whoever owns
// it lets one caller in at a time.
type Set struct {
	list     []*member
	seq      uint64
	rng      *rand.PCG
	requests int // how many are on requests
	bytes    int // about what they take
}

// NewSet makes an empty set that draws from a random source of its own.
func NewSet(rng *rand.PCG) *Set { return &Set{rng: rng} }

// Add puts a checked fault in force. Its error is [ErrFull].
func (s *Set) Add(f Fault) (Active, error) {
	if len(s.list) >= MaxFaults {
		return Active{}, ErrFull
	}
	s.seq++
	a := Active{ID: "f" + strconv.FormatUint(s.seq, 10), Fault: f}
	s.insert(a)
	return a, nil
}

func (s *Set) insert(a Active) {
	where, _ := a.On.where() // Check has read it
	m := &member{a, where, a.size()}
	s.list = append(s.list, m)
	s.bytes += m.size
	if a.On.Push == "" {
		s.requests++
	}
}

// Remove takes a fault away. Its error is [ErrUnknown].
func (s *Set) Remove(id string) error {
	i := slices.IndexFunc(s.list, func(m *member) bool { return m.ID == id })
	if i < 0 {
		return ErrUnknown
	}
	if s.list[i].On.Push == "" {
		s.requests--
	}
	s.bytes -= s.list[i].size
	s.list = slices.Delete(s.list, i, i+1)
	return nil
}

// Clear takes every fault away; ids and the random source go on.
func (s *Set) Clear() { s.list, s.requests, s.bytes = nil, 0, 0 }

// Bytes is about how much memory the faults take.
func (s *Set) Bytes() int { return s.bytes }

// List is every fault, in the order they were added.
func (s *Set) List() []Active {
	all := make([]Active, len(s.list))
	for i, m := range s.list {
		all[i] = m.Active
	}
	return all
}

// OnRequests tells whether any fault is on requests at all.
func (s *Set) OnRequests() bool { return s.requests > 0 }

// OnPushes tells whether any fault is on pushes at all.
func (s *Set) OnPushes() bool { return len(s.list) > s.requests }

// hit counts a match, and says whether it is one that is hit.
func (s *Set) hit(a *member) bool {
	a.Stats.Matched++
	switch {
	case a.Stats.Matched <= a.After, a.Times > 0 && a.Stats.Applied >= a.Times:
		return false
	case a.Probability != nil && rand.New(s.rng).Float64() >= *a.Probability: //nolint:gosec // what is drawn has to repeat
		return false
	}
	a.Stats.Applied++
	return true
}

// Request is what of a request could be read, for faults to match.
type Request struct {
	Endpoint, MerchantNo string
	Data                 string // text of data, JSON or not
}

// OnRequest is what happens to a request.
type OnRequest struct {
	Hits  []Active      `json:"hits,omitempty"`  // the faults that hit it
	Delay time.Duration `json:"delay,omitempty"` // before anything else
	Cut   string        `json:"cut,omitempty"`   // Before, After or ""

	// Done to whatever the answer is.
	Headers  []Header      `json:"headers,omitempty"` // set, by name
	Truncate bool          `json:"truncate,omitempty"`
	Dribble  time.Duration `json:"dribble,omitempty"` // before each byte of the body; see [OnRequest.Pause]

	// Where Answers, Code, Message ("" for the code's own), HTTPStatus (0 for
	// 200) and the body answer in the platform's place. The body is Garbage, or
	// none where Empty, or Body, or else the envelope.
	Answers    bool    `json:"answers,omitempty"`
	Code       *int    `json:"code,omitempty"`
	Message    string  `json:"message,omitempty"`
	HTTPStatus int     `json:"httpStatus,omitempty"`
	Body       *string `json:"body,omitempty"`
	Empty      bool    `json:"empty,omitempty"`
	Garbage    []byte  `json:"garbage,omitempty"`
}

// Request lets the faults meet a request. All that hit are applied, in the order
// they were added: where two say different things the first is right, but
// delays add up, to [MaxDelay] at most.
func (s *Set) Request(r Request) (out OnRequest) {
	for _, a := range s.list {
		on := &a.On
		if on.Push != "" || (on.Endpoint != "" && on.Endpoint != r.Endpoint) || (on.MerchantNo != "" && on.MerchantNo != r.MerchantNo) ||
			a.where.Differs(r.Data) > 0 || !s.hit(a) {
			continue
		}
		out.Hits = append(out.Hits, a.Active)
		apply(&a.Do, func(e *effect) {
			if e.Answers {
				out.Answers = true
			}
			if e.request != nil {
				e.request(&a.Do, &out, s.rng)
			}
		})
	}
	return out
}

// Push is what faults match of a push.
type Push struct {
	Kind, MerchantNo string
	Body             string // its fields as a JSON object
	Plain            string // the same with the real plate, where Body masks it
	Releases         bool   // another push is held behind this one
}

// OnPush is what happens to a push.
type OnPush struct {
	Hits        []Active // the faults that hit it
	Delay       time.Duration
	Duplicates  int // deliveries beyond the first
	Reorder     bool
	CorruptSign bool
	Drop        bool
}

// Push lets the faults meet a push that falls due; they are applied as those of
// a request are. A push that another is held behind is none that a reorder is
// on, so that a lasting reorder swaps pairs and holds none for ever.
func (s *Set) Push(p Push) (out OnPush) {
	for _, a := range s.list {
		on, do := &a.On, &a.Do
		if on.Push != p.Kind || (on.MerchantNo != "" && on.MerchantNo != p.MerchantNo) || (do.Reorder && p.Releases) ||
			(a.where.Differs(p.Body) > 0 && a.where.Differs(p.Plain) > 0) || !s.hit(a) {
			continue
		}
		out.Hits = append(out.Hits, a.Active)
		apply(do, func(e *effect) {
			if e.push != nil {
				e.push(do, &out, s.rng)
			}
		})
	}
	return out
}

// IDs are the ids of faults; none is nil.
func IDs(hits []Active) []string {
	if len(hits) == 0 {
		return nil
	}
	ids := make([]string, len(hits))
	for i := range hits {
		ids[i] = hits[i].ID
	}
	return ids
}

// State is a set as plain values; put back, it goes on where it was.
type State struct {
	Seq  uint64   `json:"seq"`
	Rng  []byte   `json:"rng"`
	List []Active `json:"list"`
}

// State takes everything out.
func (s *Set) State() State {
	rng, _ := s.rng.MarshalBinary() // a PCG always encodes
	return State{Seq: s.seq, Rng: rng, List: s.List()}
}

// FromState makes the set that the state was taken of. Its error is [ErrState].
// A state without a random source leaves that of fresh.
func FromState(state State, fresh *rand.PCG) (*Set, error) {
	s := NewSet(fresh)
	s.seq = state.Seq
	if len(state.Rng) > 0 {
		if err := s.rng.UnmarshalBinary(state.Rng); err != nil {
			return nil, fmt.Errorf("%w: rng: %w", ErrState, err)
		}
	}
	if len(state.List) > MaxFaults {
		return nil, fmt.Errorf("%w: %w", ErrState, ErrFull)
	}
	seen := map[string]bool{}
	for _, a := range state.List {
		if problems := a.Check(); len(problems) > 0 {
			return nil, fmt.Errorf("%w: %s: %s: %s", ErrState, a.ID, problems[0].Pointer, problems[0].Detail)
		}
		if a.ID == "" || seen[a.ID] || a.Stats.Matched < 0 || a.Stats.Applied < 0 {
			return nil, fmt.Errorf("%w: id %q is empty or there twice, or counts below 0", ErrState, a.ID)
		}
		seen[a.ID] = true
		s.insert(a)
	}
	return s, nil
}
