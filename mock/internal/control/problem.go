package control

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/etcp-mock/etcp-mock/internal/chinese"
	"github.com/etcp-mock/etcp-mock/internal/excerpt"
	"github.com/etcp-mock/etcp-mock/internal/lang"
	"github.com/etcp-mock/etcp-mock/mock/internal/clock"
	"github.com/etcp-mock/etcp-mock/mock/internal/engine"
	"github.com/etcp-mock/etcp-mock/mock/internal/fault"
	"github.com/etcp-mock/etcp-mock/mock/internal/ledger"
	"github.com/etcp-mock/etcp-mock/mock/internal/platform"
	"github.com/etcp-mock/etcp-mock/mock/internal/push"
	"github.com/etcp-mock/etcp-mock/mock/internal/registry"
	"github.com/etcp-mock/etcp-mock/mock/internal/runs"
	"github.com/etcp-mock/etcp-mock/mock/internal/sandbox"
	"github.com/etcp-mock/etcp-mock/mock/internal/strict"
	"github.com/etcp-mock/etcp-mock/scenarios"
)

// problem is RFC 9457's problem details.
type problem struct {
	Type      string         `json:"type"`
	Title     string         `json:"title"`
	Status    int            `json:"status"`
	Detail    string         `json:"detail"`
	Reason    reason         `json:"reason,omitempty"` // a stable word, where programs tell refusals of one status apart
	Errors    []fieldProblem `json:"errors,omitempty"`
	Parameter string         `json:"parameter,omitempty"` // of the query or the path, where that is wrong
	Pending   *int           `json:"pending,omitempty"`   // of a drain that did not end
	First     *uint64        `json:"first,omitempty"`     // of a log that does not go back so far: the first input kept
	Clock     map[string]any `json:"clock,omitempty"`     // of a move of the clock that was broken off: how far it came

	retry    bool   // the store may take it in a moment
	detailZh string // where it is put together of several
}

type fieldProblem struct {
	Pointer string `json:"pointer"`
	Detail  string `json:"detail"`

	// Of a scenario's source: where in it, from 1.
	Line   int `json:"line,omitempty"`
	Column int `json:"column,omitempty"`

	zh string // the detail in Chinese
}

// failure is an error that already knows its HTTP status.
type failure struct {
	status    int
	reason    reason
	detail    string
	pending   *int
	first     *uint64
	parameter string
}

func (f *failure) Error() string { return f.detail }

func fail(status int, detail string) error { return &failure{status: status, detail: detail} }

// missing is a failure of what is not there.
func missing(why reason, detail string) error {
	return &failure{status: http.StatusNotFound, reason: why, detail: detail}
}

// reasonedError is an error with a reason that its kind does not give it.
type reasonedError struct {
	reason reason
	error
}

func (e *reasonedError) Unwrap() error { return e.error }

// statuses is where each error of the domain gets its HTTP status, and its reason.
var statuses = []struct {
	err    error
	status int
	reason reason
}{
	{registry.ErrMerchantTaken, http.StatusConflict, merchantTaken},
	{registry.ErrTaken, http.StatusConflict, sandboxTaken},
	{registry.ErrDefault, http.StatusConflict, ""},
	{registry.ErrFull, http.StatusConflict, ""},
	{engine.ErrClockBack, http.StatusConflict, ""},
	{sandbox.ErrMoving, http.StatusConflict, ""},
	{sandbox.ErrReset, http.StatusConflict, ""},
	{sandbox.ErrClosed, http.StatusNotFound, unknownSandbox},
	{registry.ErrUnknown, http.StatusNotFound, unknownSandbox},
	{engine.ErrForgotten, http.StatusGone, notKept},
	{clock.ErrRange, http.StatusUnprocessableEntity, ""},
	{push.ErrUnknown, http.StatusNotFound, unknownPush},
	{fault.ErrUnknown, http.StatusNotFound, unknownFault},
	{fault.ErrFull, http.StatusConflict, ""},
	{runs.ErrNoScenario, http.StatusNotFound, unknownScenario},
	{runs.ErrTooMany, http.StatusConflict, ""},
	{ledger.ErrUnavailable, http.StatusServiceUnavailable, storageUnavailable},
	{ledger.ErrUncertain, http.StatusServiceUnavailable, storageUncertain},
	{ledger.ErrClosed, http.StatusServiceUnavailable, storageUnavailable}, // the server stops
	{ledger.ErrFenced, http.StatusServiceUnavailable, storageUnavailable},
	{context.Canceled, http.StatusServiceUnavailable, ""},
	{context.DeadlineExceeded, http.StatusServiceUnavailable, ""},
}

func problemOf(err error) reply {
	p := problem{Type: "about:blank", Status: http.StatusInternalServerError, Detail: ledger.Told(err)}
	var (
		known   *failure
		invalid *strict.Invalid
		refused *platform.CommandError
	)
	var source scenarios.Problems
	var taken *ledger.TakenError
	if halfway, ok := errors.AsType[*sandbox.BrokenOffError](err); ok {
		p.Clock = clockText(halfway.Shown)
	}
	switch {
	case errors.As(err, &taken): // by a sandbox of another replica
		p.Status, p.Reason = http.StatusConflict, merchantTaken
	case errors.As(err, &source):
		p.Status = http.StatusUnprocessableEntity
		p.Detail, p.detailZh, p.Errors = sourceProblem(source)
	case errors.As(err, &known):
		p.Status, p.Reason, p.Pending, p.First, p.Parameter = known.status, known.reason, known.pending, known.first, known.parameter
	case errors.As(err, &invalid):
		p.Status = http.StatusUnprocessableEntity
		for _, f := range invalid.Problems {
			detail := excerpt.Message(f.Detail, mostError)
			p.Errors = append(p.Errors, fieldProblem{Pointer: f.Pointer, Detail: detail, zh: chinese.Of(detail)})
		}
		p.detailZh = joinedZh(p.Errors)
	case errors.As(err, &refused):
		p.Status = map[platform.Kind]int{
			platform.Invalid: http.StatusUnprocessableEntity, platform.NotFound: http.StatusNotFound, platform.Conflict: http.StatusConflict,
		}[refused.Kind]
		p.Reason = reason(refused.Reason)
		if refused.Kind == platform.Invalid && refused.Field != "" {
			p.Errors = []fieldProblem{{Pointer: "/" + refused.Field, Detail: refused.Detail, zh: chinese.Of(refused.Detail)}} // a field's own name, which needs no escape
		}
	default:
		for _, s := range statuses {
			if errors.Is(err, s.err) {
				p.Status, p.Reason = s.status, s.reason
				break
			}
		}
	}
	if why, ok := errors.AsType[*reasonedError](err); ok {
		p.Reason = why.reason
	}
	p.retry = errors.Is(err, ledger.ErrUnavailable) || errors.Is(err, ledger.ErrUncertain) || errors.Is(err, ledger.ErrFenced)
	p.Title = http.StatusText(p.Status)
	p.shorten()
	return reply{status: p.Status, body: p}
}

// The bounds of a problem's texts, in bytes: whatever was sent, its answer is short.
const (
	mostDetail = 8 << 10
	mostError  = 600
	mostErrors = 40 << 10
)

// shorten shortens what was sent in the texts of a problem, and leaves errors out where there is too much of them.
func (p *problem) shorten() {
	p.Detail, p.detailZh = excerpt.Message(p.Detail, mostDetail), excerpt.Message(p.detailZh, mostDetail)
	size := 0
	for i := range p.Errors {
		e := &p.Errors[i]
		e.Pointer = excerpt.Bytes(e.Pointer, mostError)
		e.Detail, e.zh = excerpt.Message(e.Detail, mostError), excerpt.Message(e.zh, mostError)
		if size += len(e.Pointer) + max(len(e.Detail), len(e.zh)); size > mostErrors {
			p.Errors = append(p.Errors[:i:i], fieldProblem{Detail: strict.Stopped, zh: chinese.Of(strict.Stopped)})
			return
		}
	}
}

func joinedZh(errors []fieldProblem) string {
	texts := make([]string, len(errors))
	for i, e := range errors {
		texts[i] = e.zh
		if e.Pointer != "" {
			texts[i] = e.Pointer + "：" + e.zh
		}
	}
	return strings.Join(texts, "；")
}

// in is the problem in the language that a request asks for (RFC 9457, §3.1.3), with the headers that say so.
func (p problem) in(header http.Header, r *http.Request) problem {
	header.Add("Vary", "Accept-Language")
	language := lang.OfHeader(r.Header.Get("Accept-Language"))
	header.Set("Content-Language", language)
	if language != lang.Chinese {
		return p
	}
	if p.detailZh == "" {
		p.detailZh = chinese.Of(p.Detail)
	}
	p.Title, p.Detail = chinese.Of(p.Title), p.detailZh
	p.Errors = slices.Clone(p.Errors)
	for i := range p.Errors {
		p.Errors[i].Detail = p.Errors[i].zh
	}
	return p
}

// logs writes an error of the store into the log, once a minute, where whoever has asked is told less.
func (a *Control) logs(err error) {
	if ledger.Told(err) == err.Error() {
		return
	}
	if minute := time.Now().Unix() / 60; a.said.Swap(minute) != minute {
		a.log.Error("the control API could not do what was asked", "error", err)
	}
}

// Unavailable answers a call where another replica would have to, and does not.
func Unavailable(w http.ResponseWriter, r *http.Request, err error) {
	out := problemOf(err)
	if p, ok := out.body.(problem); ok {
		out.body = p.in(w.Header(), r)
	}
	w.Header().Set("Content-Type", "application/problem+json")
	w.Header().Set("Retry-After", "1")
	w.WriteHeader(out.status)
	_ = json.NewEncoder(w).Encode(out.body) //nolint:errchkjson // a plain type; a client that has gone needs no answer
}
