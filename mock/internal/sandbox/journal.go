package sandbox

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/etcp-mock/etcp-mock/mock/internal/platform"
)

// Entry is one request the mock was asked, and what it answered.
type Entry struct {
	ID         string            `json:"id"`
	At         time.Time         `json:"at"` // on the sandbox's clock
	Endpoint   string            `json:"endpoint"`
	Method     string            `json:"method"`
	MerchantNo string            `json:"merchantNo"`
	TimeStamp  string            `json:"timeStamp"`
	Data       string            `json:"data"` // decoded, as it was hashed
	Sign       string            `json:"sign"`
	HTTPStatus int               `json:"httpStatus"`
	Code       int               `json:"code"`
	Refusal    *platform.Refusal `json:"refusal,omitempty"`
	Lints      []platform.Lint   `json:"lints,omitempty"`
	Response   string            `json:"response"`         // where Cut is set, what the client never got
	Faults     []string          `json:"faults,omitempty"` // ids of those that were applied
	Cut        string            `json:"cut,omitempty"`    // fault.Before or fault.After: there was no answer
	Duration   time.Duration     `json:"duration"`
	Shortened  bool              `json:"shortened,omitempty"` // Data and Response were, since the journal has its bound
	Doubt      *Doubt            `json:"-"`                   // of a wrong signature
}

// lightWeight is about what a value keeps that has no long texts, in bytes.
const lightWeight = 512

// weight is about how many bytes an entry keeps.
func (e *Entry) weight() int {
	bytes := lightWeight + len(e.Data) + len(e.Response)
	if e.Doubt != nil {
		bytes += e.Doubt.weight
	}
	return bytes
}

// The bounds of what a journal keeps in bytes, and of what then is left of each long text of the oldest entries.
const (
	journalBytes = 64 << 20
	shortened    = 1 << 10
)

// shorter is the entry with the beginnings of its long texts.
func (e *Entry) shorter() *Entry {
	short := *e
	short.Data, short.Response = beginning(e.Data), beginning(e.Response)
	short.Shortened = e.Shortened || short.Data != e.Data || short.Response != e.Response
	if e.Doubt != nil && !e.Examined() && e.Doubt.weight > 2*shortened {
		short.Doubt, short.Shortened = forgotten(), true
	}
	return &short
}

func beginning(text string) string {
	if len(text) <= shortened+len("…") {
		return text
	}
	return strings.ToValidUTF8(text[:shortened], "") + "…" // a text of its own: the whole one is let go
}

// Reason is what X-Mock-Reason said.
func (e *Entry) Reason() string {
	if e.Refusal == nil {
		return ""
	}
	return e.Refusal.Word()
}

// journal keeps the newest entries, which are not written again, in a ring that grows up to its bound.
// The oldest are shortened where they weigh too much together.
type journal struct {
	ring    []*Entry
	head    int    // where the oldest is, once the ring is full
	seq     uint64 // ids given
	weighed int
	short   int // how many of the oldest have been shortened
}

// journalOf is a journal with entries, oldest first.
func journalOf(entries []Entry, seq uint64) journal {
	j := journal{ring: pointers(entries), seq: seq}
	j.weigh()
	return j
}

func (j *journal) weigh() {
	j.weighed, j.short = 0, 0
	for _, e := range j.ring {
		j.weighed += e.weight()
	}
	j.lighten()
}

// lighten shortens the oldest entries until the journal keeps to its bound, or none is left to shorten.
func (j *journal) lighten() {
	for ; j.weighed > journalBytes && j.short < len(j.ring); j.short++ {
		e := &j.ring[(j.head+j.short)%len(j.ring)]
		j.weighed -= (*e).weight()
		*e = (*e).shorter()
		j.weighed += (*e).weight()
	}
}

// nextID gives the next entry its id, before it is written.
func (j *journal) nextID() string {
	j.seq++
	return "r" + strconv.FormatUint(j.seq, 10)
}

// shrink forgets what is beyond keep.
func (j *journal) shrink(keep int) {
	if len(j.ring) > keep || (j.head != 0 && len(j.ring) < keep) {
		j.ring, j.head = j.newest(keep), 0
		j.weigh()
	}
}

func (j *journal) add(e *Entry, keep int) {
	j.shrink(keep)
	defer j.lighten()
	j.weighed += e.weight()
	if len(j.ring) < keep {
		j.ring = append(j.ring, e)
		return
	}
	j.weighed -= j.ring[j.head].weight()
	j.ring[j.head] = e
	j.head = (j.head + 1) % len(j.ring)
	j.short = max(j.short-1, 0)
}

// newest copies at most n entries out, oldest first.
func (j *journal) newest(n int) []*Entry {
	skip := max(len(j.ring)-n, 0)
	all := make([]*Entry, 0, len(j.ring)-skip)
	for i := skip; i < len(j.ring); i++ {
		all = append(all, j.ring[(j.head+i)%len(j.ring)])
	}
	return all
}

// values copies all entries out, oldest first.
func (j *journal) values() []Entry {
	all := make([]Entry, 0, len(j.ring))
	j.forward(func(e *Entry) bool { all = append(all, *e); return true })
	return all
}

func pointers(entries []Entry) []*Entry {
	all := make([]*Entry, len(entries))
	for i := range entries {
		all[i] = &entries[i]
	}
	return all
}

// forward visits the entries, oldest first, until told to stop.
func (j *journal) forward(visit func(*Entry) bool) {
	for i := range j.ring {
		if !visit(j.ring[(j.head+i)%len(j.ring)]) {
			return
		}
	}
}

// backward visits the entries, newest first, until told to stop.
func (j *journal) backward(visit func(*Entry) bool) {
	for i := range slices.Backward(j.ring) {
		if !visit(j.ring[(j.head+i)%len(j.ring)]) {
			return
		}
	}
}

func (j *journal) clear() { *j = journal{seq: j.seq} }

// RequestFilter chooses journal entries; what is empty does not matter. Lint is a
// rule, or "true" or "any" for whichever.
type RequestFilter struct {
	Endpoint, MerchantNo, Lint string
	Code                       *int
}

func (f RequestFilter) match(e *Entry) bool {
	if (f.Endpoint != "" && f.Endpoint != e.Endpoint) || (f.MerchantNo != "" && f.MerchantNo != e.MerchantNo) ||
		(f.Code != nil && *f.Code != e.Code) {
		return false
	}
	if f.Lint == "" {
		return true
	}
	for _, l := range e.Lints {
		if l.Rule == f.Lint || f.Lint == "true" || f.Lint == "any" {
			return true
		}
	}
	return false
}

// Record writes an entry into the journal and gives its id.
func (s *Sandbox) Record(e Entry) (id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	e.ID = s.journal.nextID()
	s.journal.add(&e, s.world.Rules().JournalKeep)
	s.noteRequest(&e)
	s.emit(EventRequest, &e)
	return e.ID
}

// Page is a piece of a list: at most Limit items after the one with the id
// After, oldest first, or newest first where Newest is set.
type Page struct {
	After  string
	Limit  int
	Newest bool
}

// Requests lists entries; next continues the list and is "" at its end. [ErrCursor].
func (s *Sandbox) Requests(f RequestFilter, page Page) (found []Entry, next string, err error) {
	after, err := page.after("r")
	if err != nil {
		return nil, "", err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	visit := func(e *Entry) bool {
		seq := sequence(e.ID)
		if page.After != "" && ((page.Newest && seq >= after) || (!page.Newest && seq <= after)) || !f.match(e) {
			return true
		}
		if len(found) == page.Limit {
			next = found[page.Limit-1].ID
			return false
		}
		found = append(found, *e)
		return true
	}
	if page.Newest {
		s.journal.backward(visit)
	} else {
		s.journal.forward(visit)
	}
	return found, next, nil
}

// Request is one entry.
func (s *Sandbox) Request(id string) (entry Entry, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.journal.backward(func(e *Entry) bool {
		if ok = e.ID == id; ok {
			entry = *e
		}
		return !ok
	})
	return entry, ok
}

// JournalLen is how many requests the journal holds.
func (s *Sandbox) JournalLen() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.journal.ring)
}

// ClearRequests empties the journal; ids go on.
func (s *Sandbox) ClearRequests() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.journal.clear()
}

// ErrCursor is the cause where a list cannot go on after what was named.
var ErrCursor = errors.New("want an id of this list, or what next said")

// after is the number in the id a page goes on after, 0 for none.
func (p Page) after(prefix string) (uint64, error) {
	if p.After == "" {
		return 0, nil
	}
	number, is := strings.CutPrefix(p.After, prefix)
	n, err := strconv.ParseUint(number, 10, 64)
	if !is || err != nil || n == 0 {
		return 0, fmt.Errorf("%w, got %q", ErrCursor, p.After[:min(len(p.After), 40)])
	}
	return n, nil
}

// sequence is the number in an entry's id, such as 17 in r17.
func sequence(id string) uint64 {
	n, err := strconv.ParseUint(strings.TrimPrefix(id, "r"), 10, 64)
	if err != nil {
		return 0
	}
	return n
}
