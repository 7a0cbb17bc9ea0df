package engine

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"time"
	"unicode/utf8"

	"github.com/etcp-mock/etcp-mock/mock/internal/fault"
	"github.com/etcp-mock/etcp-mock/mock/internal/journal"
	"github.com/etcp-mock/etcp-mock/mock/internal/platform/notation"
	"github.com/etcp-mock/etcp-mock/mock/internal/platform/params"
	"github.com/etcp-mock/etcp-mock/mock/internal/platform/reasons"
)

// Record is an input in the log.
type Record struct {
	Seq uint64 // from 1, without a gap
	Stamp
	Input Input

	// What came of it. It is not encoded: applying the input again gives it.
	Request uint64    // the number of the journal entry it wrote, or 0
	Pushes  uint64    // how many pushes there were after it
	After   time.Time // what the sandbox's clock showed after it
	Result  string    // in short: the code and reason of a request, or why a command was refused
}

// codecVersion is the first byte of an encoded record.
const codecVersion = 1

// ErrRecord is the cause where bytes are no record: of another version, cut short, or edited.
var ErrRecord = errors.New("not a record of this version")

// inputs makes an input of each kind, to be decoded into. A test holds that none is missing.
var inputs = map[string]func() Input{
	"create":        func() Input { return &Create{} },
	"request":       func() Input { return &Request{} },
	"command":       func() Input { return &Command{} },
	"clock":         func() Input { return &SetClock{} },
	"move":          func() Input { return &MoveClock{} },
	"wake":          func() Input { return &Wake{} },
	"resume":        func() Input { return &Resume{} },
	"fault-add":     func() Input { return &AddFault{} },
	"fault-delete":  func() Input { return &DeleteFault{} },
	"redeliver":     func() Input { return &Redeliver{} },
	"outcome":       func() Input { return &Outcome{} },
	"journal-clear": func() Input { return &ClearJournal{} },
	"reset":         func() Input { return &Reset{} },
	"restore":       func() Input { return &Restore{} },
	"undo":          func() Input { return &Restore{} },
}

// Encode appends a record: version, sequence number, the two instants in nanoseconds since 1970 (UTC), the kind, and the input;
// a request and an outcome in fields of their own, since there are many, every other as JSON.
func Encode(to []byte, r *Record) ([]byte, error) {
	to = appendHead(to, r)
	switch in := r.Input.(type) {
	case *Request:
		return appendRequest(to, in)
	case *Outcome:
		return appendOutcome(to, in), nil
	}
	text, err := json.Marshal(r.Input)
	if err != nil {
		return to, fmt.Errorf("input %d, %s: %w", r.Seq, r.Input.Kind(), err)
	}
	return append(to, text...), nil
}

// appendHead appends a record up to its input.
func appendHead(to []byte, r *Record) []byte {
	to = append(to, codecVersion)
	to = binary.AppendUvarint(to, r.Seq)
	to = appendTime(to, r.At)
	to = appendTime(to, r.Wall)
	return appendText(to, r.Input.Kind())
}

// Decode reads a record. Its error matches [ErrRecord].
func Decode(from []byte) (Record, error) {
	// One text of the whole, of which the texts in it are pieces: a replay spends half as long as with a copy of each.
	d := decoder{rest: string(from)}
	return d.record(false)
}

// head is what a record begins with.
type head struct {
	version  byte
	seq      uint64
	at, wall time.Time
	kind     string
}

func (d *decoder) head() head {
	return head{d.byte(), d.number(), d.time(), d.time(), d.text()}
}

// record reads a record, or what it is up to its input.
func (d *decoder) record(headOnly bool) (r Record, err error) {
	h := d.head()
	if h.version != codecVersion {
		return r, fmt.Errorf("%w: version %d, want %d", ErrRecord, h.version, codecVersion)
	}
	r.Seq, r.At, r.Wall = h.seq, h.at, h.wall
	fresh, known := inputs[h.kind]
	if d.failed || !known {
		return r, fmt.Errorf("%w: input %d of kind %q", ErrRecord, r.Seq, h.kind)
	}
	if headOnly {
		return r, nil
	}
	r.Input = fresh()
	switch in := r.Input.(type) {
	case *Request:
		err = d.request(in)
	case *Outcome:
		d.outcome(in)
	default:
		err = json.Unmarshal([]byte(d.rest), r.Input)
		d.rest = ""
	}
	if in, ok := r.Input.(*Restore); ok && err == nil && (in.State == nil || in.Kind() != h.kind) {
		err = errors.New("no state, or of another kind")
	}
	if err != nil || d.failed || d.rest != "" {
		return r, fmt.Errorf("%w: input %d, %s: cut short or edited (%v)", ErrRecord, r.Seq, h.kind, err) //nolint:errorlint // the cause is for the reader
	}
	return r, nil
}

func appendTime(to []byte, t time.Time) []byte {
	to = binary.AppendVarint(to, t.Unix())
	return binary.AppendUvarint(to, uint64(t.Nanosecond())) //nolint:gosec // below a billion
}

func appendText(to []byte, text string) []byte {
	to = binary.AppendUvarint(to, uint64(len(text)))
	return append(to, text...)
}

func appendBool(to []byte, b bool) []byte {
	if b {
		return append(to, 1)
	}
	return append(to, 0)
}

// requestExtra is what few requests have.
type requestExtra struct {
	RawData  string           `json:"rawData,omitempty"`
	RawForm  string           `json:"rawForm,omitempty"`
	InQuery  bool             `json:"inQuery,omitempty"`
	Foreign  string           `json:"foreign,omitempty"`
	Lints    []params.Lint    `json:"lints,omitempty"`
	Refusal  *reasons.Refusal `json:"refusal,omitempty"`
	Status   int              `json:"status,omitempty"`
	Injected *fault.OnRequest `json:"injected,omitempty"`

	Bytes *requestBytes `json:"bytes,omitempty"` // in place of RawData, RawForm and Foreign
}

// requestBytes are texts as they were sent where they are no UTF-8, which JSON could not keep.
type requestBytes struct {
	RawData []byte `json:"rawData,omitempty"`
	RawForm []byte `json:"rawForm,omitempty"`
	Foreign []byte `json:"foreign,omitempty"`
}

func (x *requestExtra) empty() bool {
	return x.RawData == "" && x.RawForm == "" && !x.InQuery && x.Foreign == "" && x.Lints == nil && x.Refusal == nil && x.Status == 0 && x.Injected == nil
}

func appendRequest(to []byte, r *Request) ([]byte, error) {
	for _, text := range []string{r.Endpoint, r.Method, r.MerchantNo, r.TimeStamp, r.Data, r.Sign, r.RemoteAddr} {
		to = appendText(to, text)
	}
	to = binary.AppendVarint(to, int64(r.Elapsed))
	to = binary.AppendUvarint(to, uint64(len(r.Headers)))
	for i := range r.Headers {
		to = appendText(appendText(to, r.Headers[i].Name), r.Headers[i].Value)
	}
	extra := requestExtra{RawData: r.RawData, RawForm: r.RawForm, InQuery: r.InQuery, Foreign: r.Foreign, Lints: r.Lints, Refusal: r.Refusal, Status: r.Status, Injected: r.Injected}
	if extra.empty() {
		return appendText(to, ""), nil
	}
	if !utf8.ValidString(r.RawData) || !utf8.ValidString(r.RawForm) || !utf8.ValidString(r.Foreign) {
		extra.Bytes = &requestBytes{[]byte(r.RawData), []byte(r.RawForm), []byte(r.Foreign)}
		extra.RawData, extra.RawForm, extra.Foreign = "", "", ""
	}
	text, err := json.Marshal(extra) //nolint:musttag // a delay has a JSON of its own
	if err != nil {
		return to, fmt.Errorf("a request: %w", err)
	}
	return appendText(to, string(text)), nil
}

func appendOutcome(to []byte, o *Outcome) []byte {
	to = binary.AppendUvarint(to, o.Attempt)
	to = appendTime(appendText(to, o.ID), o.SentAt)
	to = appendBool(to, o.Result.Delivered)
	to = binary.AppendVarint(to, int64(o.Result.HTTPStatus))
	to = appendText(appendText(to, o.Result.Response), o.Result.Error)
	return binary.AppendVarint(to, int64(o.Result.Duration))
}

// decoder reads what the functions above append. Once something is cut short it has failed, and gives zeros.
type decoder struct {
	rest   string
	failed bool
}

func (d *decoder) fail() { d.rest, d.failed = "", true }

func (d *decoder) byte() byte {
	if d.rest == "" {
		d.fail()
		return 0
	}
	b := d.rest[0]
	d.rest = d.rest[1:]
	return b
}

// number reads what [binary.AppendUvarint] appends.
func (d *decoder) number() (n uint64) {
	for i := 0; i < len(d.rest) && i < binary.MaxVarintLen64; i++ {
		b := d.rest[i]
		if i == binary.MaxVarintLen64-1 && b > 1 {
			break // more than 64 bits
		}
		n |= uint64(b&0x7f) << (7 * i)
		if b < 0x80 {
			d.rest = d.rest[i+1:]
			return n
		}
	}
	d.fail()
	return 0
}

// signed reads what [binary.AppendVarint] appends.
func (d *decoder) signed() int64 {
	n := d.number()
	return int64(n>>1) ^ -int64(n&1) //nolint:gosec // as encoding/binary does
}

func (d *decoder) text() string {
	n := d.number()
	if n > uint64(len(d.rest)) {
		d.fail()
		return ""
	}
	text := d.rest[:n]
	d.rest = d.rest[n:]
	return text
}

func (d *decoder) time() time.Time {
	seconds, nanos := d.signed(), d.number()
	if nanos >= 1e9 {
		d.fail()
		return time.Time{}
	}
	return time.Unix(seconds, int64(nanos)).In(notation.Shanghai)
}

func (d *decoder) request(r *Request) error {
	for _, to := range []*string{&r.Endpoint, &r.Method, &r.MerchantNo, &r.TimeStamp, &r.Data, &r.Sign, &r.RemoteAddr} {
		*to = d.text()
	}
	r.Elapsed = time.Duration(d.signed())
	n := d.number()
	if n > uint64(len(d.rest)) {
		d.fail()
		return nil
	}
	if n > 0 {
		r.Headers = make([]journal.Header, n)
	}
	for i := range r.Headers {
		r.Headers[i] = journal.Header{Name: d.text(), Value: d.text()}
	}
	text := d.text()
	if text == "" {
		return nil
	}
	var extra requestExtra
	if err := json.Unmarshal([]byte(text), &extra); err != nil { //nolint:musttag // a delay has a JSON of its own
		return fmt.Errorf("a request: %w", err)
	}
	if b := extra.Bytes; b != nil {
		extra.RawData, extra.RawForm, extra.Foreign = string(b.RawData), string(b.RawForm), string(b.Foreign)
	}
	r.RawData, r.RawForm, r.InQuery, r.Foreign, r.Lints, r.Refusal, r.Status, r.Injected = extra.RawData, extra.RawForm, extra.InQuery, extra.Foreign, extra.Lints, extra.Refusal, extra.Status, extra.Injected
	return nil
}

func (d *decoder) outcome(o *Outcome) {
	o.Attempt, o.ID, o.SentAt = d.number(), d.text(), d.time()
	o.Result.Delivered = d.byte() == 1
	o.Result.HTTPStatus = int(d.signed())
	o.Result.Response, o.Result.Error = d.text(), d.text()
	o.Result.Duration = time.Duration(d.signed())
}
