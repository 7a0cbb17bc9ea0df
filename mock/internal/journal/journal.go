// Package journal is what the mock was asked, and what it answered: entries, which are not written again, in the order in which
// the requests were applied. They are kept as bytes ([Stored]). It is pure. What is costly to explain is found out when somebody asks ([Lazy]).
package journal

import (
	"sort"
	"strconv"
	"strings"
	"time"

	"github.com/etcp-mock/etcp-mock/internal/excerpt"
	"github.com/etcp-mock/etcp-mock/mock/internal/pack"
	"github.com/etcp-mock/etcp-mock/mock/internal/platform/params"
	"github.com/etcp-mock/etcp-mock/mock/internal/platform/reasons"
)

// Short bounds what an entry keeps of a text that a stranger wrote, where an honest one is short: 256 bytes.
func Short(text string) string { return excerpt.Bytes(text, 256) }

// Entry is one request the mock was asked, and what it answered.
type Entry struct {
	ID         string           `json:"id"`
	At         time.Time        `json:"at"`     // on the sandbox's clock
	WallAt     time.Time        `json:"wallAt"` // in real time
	Endpoint   string           `json:"endpoint"`
	Method     string           `json:"method"`
	RemoteAddr string           `json:"remoteAddr,omitempty"` // address and port of the client
	Headers    []Header         `json:"headers,omitempty"`    // what was sent, as far as it is kept
	MerchantNo string           `json:"merchantNo"`
	TimeStamp  string           `json:"timeStamp"`
	Data       string           `json:"data"` // decoded, as it was hashed
	Sign       string           `json:"sign"`
	Raw        *Raw             `json:"raw,omitempty"` // of a wrong signature: how it came
	HTTPStatus int              `json:"httpStatus"`
	Code       int              `json:"code"`
	Refusal    *reasons.Refusal `json:"refusal,omitempty"`
	Lints      []params.Lint    `json:"lints,omitempty"`
	Response   string           `json:"response"`          // where Cut is set, what the client never got
	Faults     []string         `json:"faults,omitempty"`  // ids of those that were applied
	Cut        string           `json:"cut,omitempty"`     // fault.Before or fault.After: there was no answer
	Duration   time.Duration    `json:"duration"`          // until the request was applied
	Trimmed    bool             `json:"trimmed,omitempty"` // Data and Response were, since the journal has its limit

	// Whom and what the request was about, also where it names only a token or an order; "" where that is not known.
	Phone       string `json:"phone,omitempty"`
	PlateNumber string `json:"plateNumber,omitempty"`
	OrderID     string `json:"orderId,omitempty"`

	Lazy *Lazy `json:"-"` // what is explained when somebody asks
}

// Raw is how a request came, as far as it is kept. Where both texts are empty it came as a form encoder writes it.
type Raw struct {
	Data    Exact `json:"data,omitempty"`    // data, still URL-encoded
	Form    Exact `json:"form,omitempty"`    // the query or body
	InQuery bool  `json:"inQuery,omitempty"` // it was the query
}

// Header is one header of a request.
type Header struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// baseSize is about how many bytes a value keeps that has no long texts.
const baseSize = 512

// textSize is Size without what is explained lazily.
func (e *Entry) textSize() int {
	bytes := baseSize + len(e.Data) + len(e.Response)
	for i := range e.Headers {
		bytes += 32 + len(e.Headers[i].Name) + len(e.Headers[i].Value)
	}
	return bytes
}

// Limits are how many entries a journal keeps (rule journal.keep), and about how many bytes of them (rule journal.bytes; 0: no limit).
type Limits struct{ Keep, Bytes int }

// trimmed is what is left of each long text of the oldest entries beyond the limit, in bytes.
const trimmed = 1 << 10

// Trim is the entry with the beginnings of its long texts.
func (e *Entry) Trim() *Entry {
	short := *e
	short.Data, short.Response = beginning(e.Data), beginning(e.Response)
	short.Trimmed = e.Trimmed || short.Data != e.Data || short.Response != e.Response
	if e.Lazy != nil && e.Lazy.size > 2*trimmed {
		short.Lazy, short.Raw, short.Trimmed = e.Lazy.trim(), nil, true // Lazy's size has that of Raw
	}
	return &short
}

func beginning(text string) string {
	if len(text) <= trimmed+len("…") {
		return text
	}
	return strings.ToValidUTF8(text[:trimmed], "") + "…" // a text of its own: the whole one is let go
}

// Reason is what X-Mock-Reason said.
func (e *Entry) Reason() string {
	if e.Refusal == nil {
		return ""
	}
	return e.Refusal.Word()
}

// Journal keeps the newest entries in a ring that grows up to its limit. The oldest are trimmed where they are too large
// together, and forgotten where that is not enough. The zero Journal is empty.
type Journal struct {
	most    int // bytes; 0: no limit
	ring    []Stored
	head    int    // where the oldest is, once the ring is full
	seq     uint64 // ids given
	size    int
	texts   int // size, without what is explained lazily
	trimmed int // how many of the oldest have been trimmed
	slab    pack.Slab
	room    []byte // for one entry that is being written
}

// Of is a journal with entries, oldest first.
func Of(entries []Entry, seq uint64, limits Limits) Journal {
	j := Journal{ring: make([]Stored, len(entries)), seq: seq, most: limits.Bytes}
	for i := range entries {
		j.ring[i] = j.store(&entries[i])
	}
	j.measure()
	return j
}

// ExplainBy gives each entry that was refused what explains it, where explain gives something.
func (j *Journal) ExplainBy(explain func(*Entry) *Lazy) {
	for i := range j.ring {
		s := &j.ring[i]
		if !s.refused {
			continue
		}
		e := s.Entry()
		if lazy := explain(&e); lazy != nil {
			s.lazy = lazy
		}
	}
	j.measure()
}

// count adds an entry to what the journal holds, or with -1 takes it away.
func (j *Journal) count(s *Stored, times int) {
	j.size += times * s.Size()
	j.texts += times * s.size
}

// Bytes is about how many bytes the entries keep. It follows from the entries alone: not from what can be explained of them.
func (j *Journal) Bytes() int { return j.texts }

// measure finds how large the entries are, and trims the oldest.
func (j *Journal) measure() {
	j.recount()
	j.trimmed = 0
	j.trimOldest()
}

// recount adds up how large the entries are.
func (j *Journal) recount() {
	j.size, j.texts = 0, 0
	for i := range j.ring {
		j.count(&j.ring[i], 1)
	}
}

// trimOldest trims the oldest entries until the journal keeps to its bound, or none is left to trim; then it forgets the oldest eighth, as
// often as it takes. What is forgotten follows from the entries alone, as [Journal.Bytes].
func (j *Journal) trimOldest() {
	if j.most == 0 {
		return
	}
	for ; j.size > j.most && j.trimmed < len(j.ring); j.trimmed++ {
		s := &j.ring[(j.head+j.trimmed)%len(j.ring)]
		j.count(s, -1)
		e := s.Entry()
		*s = j.store(e.Trim())
		j.count(s, 1)
	}
	for j.texts > j.most && len(j.ring) > 1 {
		j.ring, j.head = j.newest(len(j.ring)-(len(j.ring)+7)/8), 0
		j.recount()
		j.trimmed = min(j.trimmed, len(j.ring))
	}
}

// NextID gives the next entry its id, before it is written.
func (j *Journal) NextID() string {
	j.seq++
	return id(j.seq)
}

func id(n uint64) string {
	var room [24]byte
	return string(strconv.AppendUint(append(room[:0], 'r'), n, 10))
}

// Shrink forgets what is beyond the limits.
func (j *Journal) Shrink(limits Limits) {
	if len(j.ring) > limits.Keep || (j.head != 0 && len(j.ring) < limits.Keep) || j.most != limits.Bytes {
		j.ring, j.head, j.most = j.newest(limits.Keep), 0, limits.Bytes
		j.measure()
	}
}

// Add writes an entry behind the others, and forgets what is beyond the limits. The entry is not kept itself.
func (j *Journal) Add(e *Entry, limits Limits) Stored {
	j.Shrink(limits)
	defer j.trimOldest()
	s := j.store(e)
	j.count(&s, 1)
	if len(j.ring) < limits.Keep {
		j.ring = append(j.ring, s)
		return s
	}
	j.count(&j.ring[j.head], -1)
	j.ring[j.head] = s
	j.head = (j.head + 1) % len(j.ring)
	j.trimmed = max(j.trimmed-1, 0)
	return s
}

// at is the i-th from the oldest.
func (j *Journal) at(i int) *Stored { return &j.ring[(j.head+i)%len(j.ring)] }

// newest copies at most n entries out, oldest first.
func (j *Journal) newest(n int) []Stored {
	skip := max(len(j.ring)-n, 0)
	all := make([]Stored, 0, len(j.ring)-skip)
	for i := skip; i < len(j.ring); i++ {
		all = append(all, *j.at(i))
	}
	return all
}

// Snapshot is the journal as it is now, to be read while the original grows. It costs little: no entry is read.
func (j *Journal) Snapshot() Journal {
	return Journal{most: j.most, ring: j.newest(len(j.ring)), seq: j.seq, size: j.size, texts: j.texts, trimmed: j.trimmed}
}

// Values reads all entries, oldest first.
func (j *Journal) Values() []Entry {
	all := make([]Entry, len(j.ring))
	for i := range all {
		all[i] = j.at(i).Entry()
	}
	return all
}

// At reads an entry, 0 is the oldest.
func (j *Journal) At(i int) Entry { return j.at(i).Entry() }

// Forward reads the entries, oldest first, until told to stop.
func (j *Journal) Forward(visit func(*Entry) bool) {
	for i := range j.ring {
		if e := j.at(i).Entry(); !visit(&e) {
			return
		}
	}
}

// Clear forgets all entries; ids go on.
func (j *Journal) Clear() { *j = Journal{most: j.most, seq: j.seq} }

// Len is how many entries there are.
func (j *Journal) Len() int { return len(j.ring) }

// Seq is how many ids were given.
func (j *Journal) Seq() uint64 { return j.seq }

// Get is one entry, or nil.
func (j *Journal) Get(name string) *Entry {
	n := Number(name)
	i := sort.Search(len(j.ring), func(i int) bool { return j.at(i).number >= n })
	if i == len(j.ring) || j.at(i).number != n || name != id(n) {
		return nil
	}
	e := j.at(i).Entry()
	return &e
}

// List is up to limit entries that pass behind the one with the number after (0: from the first), oldest first, or newest
// first from before it; next is the id that continues the list, "" at its end.
func (j *Journal) List(f Filter, after uint64, limit int, newest bool) (found []Entry, next string) {
	for i := range j.ring {
		if newest {
			i = len(j.ring) - 1 - i
		}
		s := j.at(i)
		if after != 0 && ((newest && s.number >= after) || (!newest && s.number <= after)) {
			continue
		}
		e := s.Entry()
		if !f.match(&e) {
			continue
		}
		if len(found) == limit {
			return found, found[limit-1].ID
		}
		found = append(found, e)
	}
	return found, ""
}

// Number is the number in an entry's id, such as 17 in r17; 0 where it has none.
func Number(id string) uint64 {
	n, err := strconv.ParseUint(strings.TrimPrefix(id, "r"), 10, 64)
	if err != nil {
		return 0
	}
	return n
}

// Filter chooses entries; what is empty does not matter. Lint is a rule, or "true" or "any" for whichever.
type Filter struct {
	Endpoint, MerchantNo, Lint  string
	Phone, PlateNumber, OrderID string
	Reason                      string
	Code                        *int
	Failed                      bool // only those whose code is not 0
}

func (f *Filter) match(e *Entry) bool {
	if (f.Endpoint != "" && f.Endpoint != e.Endpoint) || (f.MerchantNo != "" && f.MerchantNo != e.MerchantNo) ||
		(f.Phone != "" && f.Phone != e.Phone) || (f.PlateNumber != "" && f.PlateNumber != e.PlateNumber) ||
		(f.OrderID != "" && f.OrderID != e.OrderID) || (f.Failed && e.Code == 0 && e.HTTPStatus == 200) ||
		(f.Reason != "" && (e.Refusal == nil || f.Reason != e.Refusal.Reason)) ||
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
