package engine

import (
	"strings"
	"sync"
	"time"

	"github.com/etcp-mock/etcp-mock/internal/excerpt"
	"github.com/etcp-mock/etcp-mock/mock/internal/fault"
	"github.com/etcp-mock/etcp-mock/mock/internal/journal"
	"github.com/etcp-mock/etcp-mock/mock/internal/platform"
	"github.com/etcp-mock/etcp-mock/mock/internal/platform/notation"
	"github.com/etcp-mock/etcp-mock/mock/internal/platform/params"
	"github.com/etcp-mock/etcp-mock/mock/internal/platform/reasons"
	"github.com/etcp-mock/etcp-mock/schemas"
)

// Request is a request of the platform as it was read, with all that its checks, its effect and its journal entry rest on.
type Request struct {
	Endpoint   string // of §9, or the path's last element where it is none
	Method     string
	MerchantNo string
	TimeStamp  string
	Data       string // decoded
	Sign       string
	RawData    string // data as it was sent, still URL-encoded
	RawForm    string // the query or body as it was sent, where it is not what a form encoder makes of the four parameters; bounded
	InQuery    bool   // RawForm is the query
	Foreign    string // a content type that was not read
	Lints      []params.Lint
	RemoteAddr string
	Headers    []journal.Header
	Elapsed    time.Duration // in real time, until it is applied

	// Where reading it failed, the refusal and the HTTP status; it has no effect then but its entry.
	Refusal *reasons.Refusal
	Status  int

	// Injected is what faults do to it, where they were asked before: a delay lies between.
	Injected *fault.OnRequest

	entry    journal.Entry // what was written of it, in the request's own room: the journal keeps a copy
	prepared *prepared     // what was found out of it without the lock
}

// Kind is request.
func (*Request) Kind() string { return "request" }

// prepared is what is found out of a request ahead, from settings with a version: all that is costly.
type prepared struct {
	version uint64
	row     *schemas.Endpoint
	key     string
	known   bool
	stamp   time.Time
	isStamp bool
	signed  bool // the signature is right
	input   params.Input
	lints   []params.Lint
	refusal *reasons.Refusal // of checks 7 to 9
}

// preparations are used again: one is as large as all else that a request leaves for the collector.
var preparations = sync.Pool{New: func() any { return new(prepared) }}

// Prepare does what of a request's checks costs much and rests on nothing but settings: hashing, and decoding of data. It may
// be called without a lock; where other settings are in force when the request is applied, it is done again.
func (r *Request) Prepare(settings *Settings) {
	p, _ := preparations.Get().(*prepared)
	*p = prepared{version: settings.Version}
	r.prepared = p
	if r.Refusal != nil {
		return
	}
	p.row, _ = schemas.Lookup(r.Endpoint)
	if p.key, p.known = settings.Key(r.MerchantNo); !p.known || p.row == nil || r.Sign == "" {
		return
	}
	var err error
	if p.stamp, err = notation.ParseStamp(r.TimeStamp); err != nil {
		return
	}
	p.isStamp = true
	if p.signed = verify(settings, p.key, r); p.signed {
		p.input, p.lints, p.refusal = params.Decode(p.row, r.Data)
	}
}

// exchange is a request on its way through the checks.
type exchange struct {
	*Request

	e      *Engine
	st     Stamp
	p      *prepared
	lints  []params.Lint
	lazy   *journal.Lazy
	raw    *journal.Raw
	answer platform.Answer
	status int
}

func (x *exchange) refuse(r *reasons.Refusal) { x.answer = platform.Answer{Code: r.Code, Refusal: r} }

// NothingInjected is what no fault does; it is not changed.
var NothingInjected fault.OnRequest

func (r *Request) apply(e *Engine, st Stamp, fx *Effects) {
	if r.prepared == nil || r.prepared.version != e.settings.Version {
		r.Prepare(e.settings)
	}
	defer func() { // the log keeps the request
		e.scratch.exchange = exchange{}
		preparations.Put(r.prepared)
		r.prepared = nil
	}()
	x := &e.scratch.exchange
	*x = exchange{Request: r, e: e, st: st, p: r.prepared, lints: r.Lints, status: statusOK}
	fx.Injected = &NothingInjected
	if r.Refusal != nil {
		x.status = r.Status
		x.refuse(r.Refusal)
	}
	switch {
	case x.status == statusNotFound || x.status == statusMethodNotAllowed || r.isPanic():
		e.answered(x, fx) // no endpoint was reached
		return
	case r.Injected != nil:
		fx.Injected = r.Injected
	case e.faults.OnRequests():
		on := e.injected(r)
		if fx.Injected = &on; on.Delay > 0 {
			return // it is applied again after the delay, with what was drawn now
		}
	}
	x.checks(fx)
	e.answered(x, fx)
}

// isPanic tells whether the request failed before it could be applied.
func (r *Request) isPanic() bool { return r.Refusal != nil && r.Refusal.Reason == "panic" }

// injected asks the faults, check 1.
func (e *Engine) injected(r *Request) fault.OnRequest {
	on := e.faults.Request(fault.Request{Endpoint: r.Endpoint, MerchantNo: r.MerchantNo, Data: r.Data})
	for _, f := range on.Hits {
		e.emit(EventFault, FaultHit{Fault: f, At: e.now, MerchantNo: r.MerchantNo, Endpoint: r.Endpoint})
	}
	return on
}

// checks are those of docs/protocol.md in their order; the first that refuses answers.
func (x *exchange) checks(fx *Effects) {
	defer recovered(fx, func() {
		x.status = statusOK
		x.refuse(reasons.Refuse("panic"))
	})
	on := fx.Injected
	if on.Answers || on.Cut == fault.Before {
		x.status = statusOK
		x.injected(on)
	}
	for i := 0; x.answer.Refusal == nil && i < len(stages); i++ {
		if refusal := stages[i].check(x); refusal != nil {
			x.refuse(refusal)
		}
	}
	if x.answer.Refusal == nil {
		if refusal := x.memory(); refusal != nil {
			x.refuse(refusal)
		}
	}
	if x.answer.Refusal == nil {
		r := x.e.state.Call(x.e.now, x.MerchantNo, &x.p.input)
		x.e.push(r.Pushes, fx)
		x.answer = r.Answer
	}
}

// injected answers in the platform's place, or cuts the connection before anything is carried out.
func (x *exchange) injected(on *fault.OnRequest) {
	refusal := reasons.Refuse("injected-fault").With("fault", strings.Join(fault.IDs(on.Hits), ", "))
	if on.Code != nil {
		refusal.Code = *on.Code
	}
	if on.Cut == "" {
		refusal.Say("what", "answered", "作了应答")
	} else {
		refusal.Say("what", "cut the connection", "切断了连接")
	}
	x.refuse(refusal)
	x.answer.Message = on.Message
	if on.HTTPStatus != 0 {
		x.status = on.HTTPStatus
	}
}

// answered writes the journal.
func (e *Engine) answered(x *exchange, fx *Effects) {
	rules := e.state.Rules()
	if x.answer.Message == "" {
		x.answer.Message = rules.Message(x.answer.Code, "ok")
	}
	text := e.envelope(&x.answer, fx.Injected)
	if fx.Length = len(text); fx.Injected.Truncate {
		text = text[:len(text)/2]
	}
	fx.Answer = text
	response := text
	if fx.Injected != &NothingInjected { // what the platform answers is UTF-8, what a fault does to it may be none
		response = strings.ToValidUTF8(text, "\uFFFD")
	}
	entry := &x.entry
	*entry = journal.Entry{
		ID: e.journal.NextID(), At: e.now, WallAt: x.st.Wall, Endpoint: x.Endpoint, Method: x.Method, RemoteAddr: x.RemoteAddr, Headers: x.Headers,
		MerchantNo: journal.Short(x.MerchantNo), TimeStamp: journal.Short(x.TimeStamp), Data: excerpt.Bytes(x.Data, maxKept), Sign: journal.Short(x.Sign),
		HTTPStatus: x.status, Code: x.answer.Code, Refusal: x.answer.Refusal, Lints: x.lints, Response: response,
		Faults: fault.IDs(fx.Injected.Hits), Cut: fx.Injected.Cut, Duration: x.Elapsed, Lazy: x.lazy, Raw: x.raw,
	}
	if entry.Cut != "" {
		entry.HTTPStatus = 0 // there was no answer
	}
	x.about(entry)
	if _, _, full := e.full(); full {
		*entry = *entry.Trim()
	}
	e.emit(EventRequest, e.stored(e.journal.Add(entry, journalLimits(rules))))
	fx.Entry = entry
}

// maxRead bounds data that is read only to find out what a refused request was about.
const maxRead = 4 << 10

// about finds whom and what the request was about, also where it was refused before data was read.
func (x *exchange) about(entry *journal.Entry) {
	in := x.p.input
	if in.Row() == nil {
		row, known := schemas.Lookup(x.Endpoint)
		if !known || len(x.Data) > maxRead {
			return
		}
		in, _, _ = params.Decode(row, x.Data)
	}
	entry.Phone, entry.PlateNumber, entry.OrderID = journal.Short(in.Get("mobilePhone")), journal.Short(in.Get("plateNumber")), journal.Short(in.Get("orderId"))
	if entry.PlateNumber == "" {
		entry.PlateNumber = journal.Short(in.Get("carNumber"))
	}
	if token := in.Get("token"); token != "" && entry.Phone == "" {
		entry.Phone = x.e.state.TokenPhone(token)
	}
	if rows, _ := x.answer.Data.([]platform.UnpaidRow); len(rows) == 1 {
		entry.OrderID = rows[0].OrderID
	}
	if entry.OrderID != "" && entry.PlateNumber == "" {
		entry.PlateNumber = x.e.state.OrderPlate(entry.OrderID)
	}
}

// maxKept bounds what the journal keeps of data, in bytes; an honest one has hundreds, and the journal keeps ten thousand.
const maxKept = 64 << 10
