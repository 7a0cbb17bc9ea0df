package control

import (
	"context"
	"encoding/json"
	"net/http"

	"github.com/etcp-mock/etcp-mock/client"
)

// StateAt is the whole state as it was right after a request, a push or a time: an id ("r12", "p3") or yyyy-MM-dd HH:mm:ss.
func (s *Sandbox) StateAt(ctx context.Context, at string) (json.RawMessage, error) {
	return s.c.raw(ctx, http.MethodGet, s.path+"/state", Page{}.query("at", at), nil)
}

// NewFork is what [Sandbox.Fork] takes.
type NewFork struct {
	At        string            `json:"at,omitempty"`        // a request's id, a push's id or a time; "" is now
	ID        string            `json:"id,omitempty"`        // of the new sandbox; "" is a made-up one
	Merchants map[string]string `json:"merchants,omitempty"` // numbers of the new sandbox by those of this one; others are made up
}

// Fork makes a new sandbox as this one was at a point. Its merchants have numbers and keys of their own, and no push URL.
func (s *Sandbox) Fork(ctx context.Context, in NewFork) (SandboxDetail, error) {
	return do[SandboxDetail](ctx, s.c, http.MethodPost, s.path+"/fork", nil, in)
}

// Undo puts the sandbox back to what it was right after a request, a push or a time. What came later stays in the log, as undone.
func (s *Sandbox) Undo(ctx context.Context, to string) (SandboxDetail, error) {
	return do[SandboxDetail](ctx, s.c, http.MethodPost, s.path+"/undo", nil, map[string]string{"to": to})
}

// Difference is one thing that changed between two points.
type Difference struct {
	Kind   string          `json:"kind"` // binding, order, payment, token, push, clock, rule, …
	Key    string          `json:"key"`
	Before json.RawMessage `json:"before"` // null: it was not there
	After  json.RawMessage `json:"after"`  // null: it is gone
}

// Diff lists what changed between two points, each a request's id, a push's id or a time; to may be "", which is now.
func (s *Sandbox) Diff(ctx context.Context, from, to string, page Page) (List[Difference], error) {
	return do[List[Difference]](ctx, s.c, http.MethodGet, s.path+"/diff", page.query("from", from, "to", to), nil)
}

// Input is one entry of the ordered log: whatever changed the sandbox.
type Input struct {
	Seq       uint64      `json:"seq"`
	At        client.Time `json:"at"` // on the sandbox's clock
	Kind      string      `json:"kind"`
	RequestID string      `json:"requestId"` // of the journal's entry, where it was a request
	Summary   string      `json:"summary"`
	SummaryZh string      `json:"summaryZh"` // the same in Chinese
	Undone    bool        `json:"undone"`    // put back by a later undo
}

// Log lists the inputs in the order they were applied, the oldest first. It goes back as far as the rule log.keep; before that the error is a
// [*ProblemError] with status 410.
func (s *Sandbox) Log(ctx context.Context, page Page) (List[Input], error) {
	return do[List[Input]](ctx, s.c, http.MethodGet, s.path+"/log", page.query(), nil)
}

// SequenceStep is one step of what [Sandbox.VerifySequence] looks for: a request, a push or a car, by exactly one of the first three fields.
type SequenceStep struct {
	Endpoint   string         `json:"endpoint,omitempty"`
	Push       string         `json:"push,omitempty"` // a kind of push
	Car        string         `json:"car,omitempty"`  // enter or exit
	MerchantNo string         `json:"merchantNo,omitempty"`
	Code       *int           `json:"code,omitempty"` // of a request
	Data       map[string]any `json:"data,omitempty"` // a subset of the request's data, or of the push's body
}

// Sequence is what [Sandbox.VerifySequence] takes.
type Sequence struct {
	Steps   []SequenceStep `json:"steps"`
	Strict  bool           `json:"strict,omitempty"`  // nothing else between the steps
	Within  Duration       `json:"within,omitempty"`  // real time, waited on the server
	ByValue bool           `json:"byValue,omitempty"` // 10, 10.0 and "10.0" are equal
}

// SequenceResult says whether a sequence was found.
type SequenceResult struct {
	OK      bool     `json:"ok"`
	Matched []string `json:"matched"` // ids, in the steps' order
	Missing *int     `json:"missing"` // the index of the first step that did not come; nil where all did
	Got     string   `json:"got"`     // with Strict: what came in its place
}

// VerifySequence looks for requests, pushes and cars in an order.
func (s *Sandbox) VerifySequence(ctx context.Context, in Sequence) (SequenceResult, error) {
	return do[SequenceResult](ctx, s.c, http.MethodPost, s.path+"/verify/sequence", nil, in)
}
