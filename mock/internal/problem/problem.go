// Package problem is how the control API refuses: RFC 9457's problem details, in both languages, with the HTTP status and the reason of each error
// of the packages behind it.
package problem

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

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

// Problem is RFC 9457's problem details.
type Problem struct {
	Type      string         `json:"type"`
	Title     string         `json:"title"`
	Status    int            `json:"status"`
	Detail    string         `json:"detail"`
	Reason    Reason         `json:"reason,omitempty"` // a stable word, where programs distinguish refusals of one status
	Errors    []Field        `json:"errors,omitempty"`
	Parameter string         `json:"parameter,omitempty"` // of the query or the path, where that is wrong
	Pending   *int           `json:"pending,omitempty"`   // of a drain that did not end
	First     *uint64        `json:"first,omitempty"`     // of a log that does not go back so far: the first input kept
	Clock     map[string]any `json:"clock,omitempty"`     // of a move of the clock that was broken off: how far it came

	Retry    bool   `json:"-"` // the store may take it in a moment
	detailZh string // where it is put together of several
}

// Field is one thing that is wrong with a body.
type Field struct {
	Pointer string `json:"pointer"`
	Detail  string `json:"detail"`

	// Of a scenario's source: where in it, from 1.
	Line   int `json:"line,omitempty"`
	Column int `json:"column,omitempty"`

	zh string // the detail in Chinese
}

// StatusError is an error that already knows its HTTP status.
type StatusError struct {
	Status    int
	Reason    Reason
	Detail    string
	Pending   *int
	First     *uint64
	Parameter string
}

func (e *StatusError) Error() string { return e.Detail }

// Fail is a [*StatusError] without a reason.
func Fail(status int, detail string) error { return &StatusError{Status: status, Detail: detail} }

// Missing is a [*StatusError] of what is not there.
func Missing(why Reason, detail string) error {
	return &StatusError{Status: http.StatusNotFound, Reason: why, Detail: detail}
}

// InQuery is a [*StatusError] of a parameter of the query.
func InQuery(name, detail string) error {
	return &StatusError{Status: http.StatusUnprocessableEntity, Detail: name + " in the query: " + detail, Parameter: name}
}

// reasonedError is an error with a reason that its kind does not give it.
type reasonedError struct {
	reason Reason
	error
}

func (e *reasonedError) Unwrap() error { return e.error }

// Because gives an error a reason that its kind does not.
func Because(why Reason, err error) error { return &reasonedError{why, err} }

// statuses is where each error of the domain gets its HTTP status, and its reason.
var statuses = []struct {
	err    error
	status int
	reason Reason
}{
	{registry.ErrMerchantTaken, http.StatusConflict, MerchantTaken},
	{registry.ErrTaken, http.StatusConflict, SandboxTaken},
	{registry.ErrDefault, http.StatusConflict, ""},
	{registry.ErrFull, http.StatusConflict, ""},
	{engine.ErrClockBack, http.StatusConflict, ""},
	{sandbox.ErrMoving, http.StatusConflict, ""},
	{sandbox.ErrReset, http.StatusConflict, ""},
	{sandbox.ErrClosed, http.StatusNotFound, UnknownSandbox},
	{registry.ErrUnknown, http.StatusNotFound, UnknownSandbox},
	{engine.ErrForgotten, http.StatusGone, NotKept},
	{clock.ErrRange, http.StatusUnprocessableEntity, ""},
	{push.ErrUnknown, http.StatusNotFound, UnknownPush},
	{fault.ErrUnknown, http.StatusNotFound, UnknownFault},
	{fault.ErrFull, http.StatusConflict, ""},
	{runs.ErrNoScenario, http.StatusNotFound, UnknownScenario},
	{runs.ErrTooMany, http.StatusConflict, ""},
	{ledger.ErrUnavailable, http.StatusServiceUnavailable, StorageUnavailable},
	{ledger.ErrUncertain, http.StatusServiceUnavailable, StorageUncertain},
	{ledger.ErrClosed, http.StatusServiceUnavailable, StorageUnavailable}, // the server stops
	{ledger.ErrFenced, http.StatusServiceUnavailable, StorageUnavailable},
	{context.Canceled, http.StatusServiceUnavailable, ""},
	{context.DeadlineExceeded, http.StatusServiceUnavailable, ""},
}

// Of is the problem of an error.
func Of(err error) Problem {
	p := Problem{Type: "about:blank", Status: http.StatusInternalServerError, Detail: ledger.PublicText(err)}
	var (
		known   *StatusError
		invalid *strict.Invalid
		refused *platform.CommandError
	)
	var source scenarios.Problems
	var taken *ledger.TakenError
	if halfway, ok := errors.AsType[*sandbox.BrokenOffError](err); ok {
		p.Clock = halfway.Shown.Members()
	}
	switch {
	case errors.As(err, &taken): // by a sandbox of another replica
		p.Status, p.Reason = http.StatusConflict, MerchantTaken
	case errors.As(err, &source):
		p.Status = http.StatusUnprocessableEntity
		p.Detail, p.detailZh, p.Errors = sourceProblem(source)
	case errors.As(err, &known):
		p.Status, p.Reason, p.Pending, p.First, p.Parameter = known.Status, known.Reason, known.Pending, known.First, known.Parameter
	case errors.As(err, &invalid):
		p.Status = http.StatusUnprocessableEntity
		for _, f := range invalid.Problems {
			detail := excerpt.Message(f.Detail, mostError)
			p.Errors = append(p.Errors, Field{Pointer: f.Pointer, Detail: detail, zh: chinese.Of(detail)})
		}
		p.detailZh = joinedZh(p.Errors)
	case errors.As(err, &refused):
		p.Status = map[platform.Kind]int{
			platform.Invalid: http.StatusUnprocessableEntity, platform.NotFound: http.StatusNotFound, platform.Conflict: http.StatusConflict,
		}[refused.Kind]
		p.Reason = Reason(refused.Reason)
		if refused.Kind == platform.Invalid && refused.Field != "" {
			p.Errors = []Field{{Pointer: "/" + refused.Field, Detail: refused.Detail, zh: chinese.Of(refused.Detail)}} // a field's own name, which needs no escape
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
	p.Retry = errors.Is(err, ledger.ErrUnavailable) || errors.Is(err, ledger.ErrUncertain) || errors.Is(err, ledger.ErrFenced)
	p.Title = http.StatusText(p.Status)
	p.shorten()
	return p
}

// The bounds of a problem's texts, in bytes: whatever was sent, its answer is short.
const (
	mostDetail = 8 << 10
	mostError  = 600
	mostErrors = 40 << 10
)

// shorten shortens what was sent in the texts of a problem, and leaves errors out where there is too much of them.
func (p *Problem) shorten() {
	p.Detail, p.detailZh = excerpt.Message(p.Detail, mostDetail), excerpt.Message(p.detailZh, mostDetail)
	size := 0
	for i := range p.Errors {
		e := &p.Errors[i]
		e.Pointer = excerpt.Bytes(e.Pointer, mostError)
		e.Detail, e.zh = excerpt.Message(e.Detail, mostError), excerpt.Message(e.zh, mostError)
		if size += len(e.Pointer) + max(len(e.Detail), len(e.zh)); size > mostErrors {
			p.Errors = append(p.Errors[:i:i], Field{Detail: strict.Stopped, zh: chinese.Of(strict.Stopped)})
			return
		}
	}
}

func joinedZh(errors []Field) string {
	texts := make([]string, len(errors))
	for i, e := range errors {
		texts[i] = e.zh
		if e.Pointer != "" {
			texts[i] = e.Pointer + "：" + e.zh
		}
	}
	return strings.Join(texts, "；")
}

// In is the problem in the language that a request asks for (RFC 9457, §3.1.3), with the headers of an answer that is one.
func (p Problem) In(header http.Header, r *http.Request) Problem {
	header.Set("Content-Type", "application/problem+json")
	if p.Retry {
		header.Set("Retry-After", "1")
	}
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

// Refuse answers a call with the problem of an error.
func Refuse(w http.ResponseWriter, r *http.Request, err error) {
	out := Of(err).In(w.Header(), r)
	w.WriteHeader(out.Status)
	_ = json.NewEncoder(w).Encode(out) //nolint:errchkjson // a plain type; a client that has gone needs no answer
}

// sourceProblem answers what is wrong with the text of a scenario, each thing with its place.
func sourceProblem(found scenarios.Problems) (detail, zh string, fields []Field) {
	texts, textsZh := make([]string, len(found)), make([]string, len(found))
	for i, p := range found {
		text, textZh := p.Detail, p.Chinese()
		if p.Field != "" {
			text, textZh = p.Field+": "+text, p.Field+"："+textZh
		}
		if p.Hint != "" {
			text, textZh = text+" ("+p.Hint+")", textZh+"（"+chinese.Of(p.Hint)+"）"
		}
		fields = append(fields, Field{Pointer: "/source", Detail: text, Line: p.Line, Column: p.Column, zh: textZh})
		texts[i], textsZh[i] = text, textZh
		if p.Line > 0 {
			at := fmt.Sprintf("%d:%d: ", p.Line, p.Column)
			texts[i], textsZh[i] = at+text, at+textZh
		}
	}
	return strings.Join(texts, "; "), strings.Join(textsZh, "；"), fields
}
