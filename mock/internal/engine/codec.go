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
	"github.com/etcp-mock/etcp-mock/mock/internal/pack"
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
	to = pack.AppendTime(to, r.At)
	to = pack.AppendTime(to, r.Wall)
	return pack.AppendText(to, r.Input.Kind())
}

// Decode reads a record. Its error matches [ErrRecord].
func Decode(from []byte) (Record, error) {
	// One text of the whole, of which the texts in it are pieces: a replay makes no copy of each.
	d := decoder{pack.Reader{Rest: string(from)}}
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
	return head{d.Byte(), d.Number(), d.Time(), d.Time(), d.Text()}
}

// record reads a record, or what it is up to its input.
func (d *decoder) record(headOnly bool) (r Record, err error) {
	h := d.head()
	if h.version != codecVersion {
		return r, fmt.Errorf("%w: version %d, want %d", ErrRecord, h.version, codecVersion)
	}
	r.Seq, r.At, r.Wall = h.seq, h.at, h.wall
	fresh, known := inputs[h.kind]
	if d.Failed || !known {
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
		err = json.Unmarshal([]byte(d.Rest), r.Input)
		d.Rest = ""
	}
	if in, ok := r.Input.(*Restore); ok && err == nil && (in.State == nil || in.Kind() != h.kind) {
		err = errors.New("no state, or of another kind")
	}
	if err != nil || d.Failed || d.Rest != "" {
		return r, fmt.Errorf("%w: input %d, %s: cut short or edited (%v)", ErrRecord, r.Seq, h.kind, err) //nolint:errorlint // the cause is for the reader
	}
	return r, nil
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
		to = pack.AppendText(to, text)
	}
	to = binary.AppendVarint(to, int64(r.Elapsed))
	to = binary.AppendUvarint(to, uint64(len(r.Headers)))
	for i := range r.Headers {
		to = pack.AppendText(pack.AppendText(to, r.Headers[i].Name), r.Headers[i].Value)
	}
	extra := requestExtra{RawData: r.RawData, RawForm: r.RawForm, InQuery: r.InQuery, Foreign: r.Foreign, Lints: r.Lints, Refusal: r.Refusal, Status: r.Status, Injected: r.Injected}
	if extra.empty() {
		return pack.AppendText(to, ""), nil
	}
	if !utf8.ValidString(r.RawData) || !utf8.ValidString(r.RawForm) || !utf8.ValidString(r.Foreign) {
		extra.Bytes = &requestBytes{[]byte(r.RawData), []byte(r.RawForm), []byte(r.Foreign)}
		extra.RawData, extra.RawForm, extra.Foreign = "", "", ""
	}
	text, err := json.Marshal(extra) //nolint:musttag // a delay has a JSON of its own
	if err != nil {
		return to, fmt.Errorf("a request: %w", err)
	}
	return pack.AppendText(to, string(text)), nil
}

func appendOutcome(to []byte, o *Outcome) []byte {
	to = binary.AppendUvarint(to, o.Attempt)
	to = pack.AppendTime(pack.AppendText(to, o.ID), o.SentAt)
	to = pack.AppendBool(to, o.Result.Delivered)
	to = binary.AppendVarint(to, int64(o.Result.HTTPStatus))
	to = pack.AppendText(pack.AppendText(to, o.Result.Response), o.Result.Error)
	return binary.AppendVarint(to, int64(o.Result.Duration))
}

// decoder reads records.
type decoder struct{ pack.Reader }

func (d *decoder) request(r *Request) error {
	for _, to := range []*string{&r.Endpoint, &r.Method, &r.MerchantNo, &r.TimeStamp, &r.Data, &r.Sign, &r.RemoteAddr} {
		*to = d.Text()
	}
	r.Elapsed = time.Duration(d.Signed())
	n := d.Length()
	if n > 0 {
		r.Headers = make([]journal.Header, n)
	}
	for i := range r.Headers {
		r.Headers[i] = journal.Header{Name: d.Text(), Value: d.Text()}
	}
	text := d.Text()
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
	o.Attempt, o.ID, o.SentAt = d.Number(), d.Text(), d.Time()
	o.Result.Delivered = d.Bool()
	o.Result.HTTPStatus = int(d.Signed())
	o.Result.Response, o.Result.Error = d.Text(), d.Text()
	o.Result.Duration = time.Duration(d.Signed())
}
