package journal

import (
	"encoding/binary"
	"encoding/json"
	"time"

	"github.com/etcp-mock/etcp-mock/mock/internal/pack"
	"github.com/etcp-mock/etcp-mock/mock/internal/platform/params"
	"github.com/etcp-mock/etcp-mock/mock/internal/platform/reasons"
	"github.com/etcp-mock/etcp-mock/sign/diagnose/inspect"
)

// Stored is an entry as a journal keeps it: as bytes. As values an entry is some six objects, which the garbage collector follows
// in each of its cycles; at the usual limits there are tens of thousands.
type Stored struct {
	raw     []byte
	lazy    *Lazy
	number  uint64
	size    int // without what is explained lazily
	code    int
	refused bool
}

// store writes an entry into the journal's slab.
func (j *Journal) store(e *Entry) Stored {
	number := Number(e.ID)
	j.room = e.appendTo(binary.AppendUvarint(j.room[:0], number))
	s := Stored{j.slab.Keep(j.room), e.Lazy, number, e.textSize(), e.Code, e.Refusal != nil}
	if cap(j.room) > 64<<10 {
		j.room = nil
	}
	return s
}

// Size is about how many bytes the entry keeps.
func (s *Stored) Size() int {
	if s.lazy != nil {
		return s.size + s.lazy.size
	}
	return s.size
}

// Code is the entry's.
func (s *Stored) Code() int { return s.code }

// Explained tells of the entry whether explaining it costs next to nothing, now or any more.
func (s *Stored) Explained() bool { return s.lazy.explainedNow() }

// MarshalJSON writes the entry.
func (s Stored) MarshalJSON() ([]byte, error) { return json.Marshal(s.Entry()) }

// appendTo appends all of an entry behind its number.
func (e *Entry) appendTo(to []byte) []byte {
	to = pack.AppendTime(pack.AppendTime(to, e.At), e.WallAt)
	for _, text := range [...]string{
		e.Endpoint, e.Method, e.RemoteAddr, e.MerchantNo, e.TimeStamp, e.Data, e.Sign, e.Response, e.Cut, e.Phone, e.PlateNumber, e.OrderID,
	} {
		to = pack.AppendText(to, text)
	}
	to = binary.AppendVarint(binary.AppendVarint(to, int64(e.HTTPStatus)), int64(e.Code))
	to = pack.AppendBool(binary.AppendVarint(to, int64(e.Duration)), e.Trimmed)
	to = binary.AppendUvarint(to, uint64(len(e.Headers)))
	for i := range e.Headers {
		to = pack.AppendText(pack.AppendText(to, e.Headers[i].Name), e.Headers[i].Value)
	}
	to = binary.AppendUvarint(to, uint64(len(e.Lints)))
	for i := range e.Lints {
		to = pack.AppendText(pack.AppendText(pack.AppendText(to, e.Lints[i].Rule), e.Lints[i].Detail), e.Lints[i].DetailZh)
	}
	to = binary.AppendUvarint(to, uint64(len(e.Faults)))
	for _, id := range e.Faults {
		to = pack.AppendText(to, id)
	}
	r := e.Refusal
	if to = pack.AppendBool(to, r != nil); r == nil {
		return to
	}
	to = pack.AppendText(pack.AppendText(binary.AppendVarint(to, int64(r.Code)), r.Reason), r.Param)
	to = binary.AppendUvarint(to, uint64(len(r.Values)))
	for i := range r.Values {
		to = pack.AppendText(pack.AppendText(pack.AppendText(to, r.Values[i].Name), r.Values[i].Text), r.Values[i].Zh)
	}
	to = binary.AppendUvarint(to, uint64(len(r.Findings)))
	for i := range r.Findings {
		for _, text := range texts(&r.Findings[i]) {
			to = pack.AppendText(to, *text)
		}
	}
	if to = pack.AppendBool(to, e.Raw != nil); e.Raw != nil {
		to = pack.AppendBool(pack.AppendText(pack.AppendText(to, string(e.Raw.Data)), string(e.Raw.Form)), e.Raw.InQuery)
	}
	return to
}

// texts are all that a finding has.
func texts(f *inspect.Finding) [7]*string {
	return [...]*string{&f.Kind, &f.Detail, &f.DetailZh, &f.Evidence, &f.EvidenceZh, &f.Fix, &f.FixZh}
}

// Entry reads the entry. It is a value of its own, but for what is explained lazily.
func (s *Stored) Entry() Entry {
	r := pack.Reader{Rest: string(s.raw)} // one text, of which the entry's are pieces
	e := Entry{Lazy: s.lazy}
	if n := r.Number(); n != 0 {
		e.ID = id(n)
	}
	e.At, e.WallAt = r.Time(), r.Time()
	for _, to := range [...]*string{
		&e.Endpoint, &e.Method, &e.RemoteAddr, &e.MerchantNo, &e.TimeStamp, &e.Data, &e.Sign, &e.Response, &e.Cut, &e.Phone, &e.PlateNumber, &e.OrderID,
	} {
		*to = r.Text()
	}
	e.HTTPStatus, e.Code = int(r.Signed()), int(r.Signed())
	e.Duration, e.Trimmed = time.Duration(r.Signed()), r.Bool()
	if n := r.Length(); n > 0 {
		e.Headers = make([]Header, n)
	}
	for i := range e.Headers {
		e.Headers[i] = Header{Name: r.Text(), Value: r.Text()}
	}
	if n := r.Length(); n > 0 {
		e.Lints = make([]params.Lint, n)
	}
	for i := range e.Lints {
		e.Lints[i] = params.Lint{Rule: r.Text(), Detail: r.Text(), DetailZh: r.Text()}
	}
	if n := r.Length(); n > 0 {
		e.Faults = make([]string, n)
	}
	for i := range e.Faults {
		e.Faults[i] = r.Text()
	}
	if !r.Bool() {
		return e
	}
	e.Refusal = &reasons.Refusal{Code: int(r.Signed()), Reason: r.Text(), Param: r.Text()}
	if n := r.Length(); n > 0 {
		e.Refusal.Values = make([]reasons.Value, n)
	}
	for i := range e.Refusal.Values {
		e.Refusal.Values[i] = reasons.Value{Name: r.Text(), Text: r.Text(), Zh: r.Text()}
	}
	if n := r.Length(); n > 0 {
		e.Refusal.Findings = make([]inspect.Finding, n)
	}
	for i := range e.Refusal.Findings {
		for _, text := range texts(&e.Refusal.Findings[i]) {
			*text = r.Text()
		}
	}
	if r.Bool() {
		e.Raw = &Raw{Data: Exact(r.Text()), Form: Exact(r.Text()), InQuery: r.Bool()}
	}
	return e
}
