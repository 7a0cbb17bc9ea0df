package control

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/etcp-mock/etcp-mock/client"
)

// Version says what the server is.
type Version struct {
	Version   string `json:"version"`
	Commit    string `json:"commit"`
	GoVersion string `json:"goVersion"`
	Replica   string `json:"replica,omitempty"` // the name of the process that answers, where several share a store
}

// Version asks what the server is.
func (c *Client) Version(ctx context.Context) (Version, error) {
	return do[Version](ctx, c, http.MethodGet, "/__admin/version", nil, nil)
}

// Replica is one of the processes that share a store, and what it owns.
type Replica struct {
	Name      string   `json:"name"`
	Addr      string   `json:"addr"`      // where the others reach it
	Self      bool     `json:"self"`      // it is the one that answered
	Live      bool     `json:"live"`      // the store has heard of it within the last five seconds
	SilentMs  int64    `json:"silentMs"`  // since the store heard of it, in milliseconds
	Sandboxes []string `json:"sandboxes"` // their ids
}

// Replicas lists the processes that share the server's store, by name. There are none where it shares none.
func (c *Client) Replicas(ctx context.Context, page Page) (List[Replica], error) {
	return do[List[Replica]](ctx, c, http.MethodGet, "/__admin/replicas", page.query(), nil)
}

// Health asks whether the server lives.
func (c *Client) Health(ctx context.Context) error { return c.status(ctx, "/healthz") }

// Ready asks whether the server is ready to serve.
func (c *Client) Ready(ctx context.Context) error { return c.status(ctx, "/readyz") }

func (c *Client) status(ctx context.Context, path string) error {
	out, err := do[struct {
		Status string `json:"status"`
	}](ctx, c, http.MethodGet, path, nil, nil)
	if err == nil && out.Status != "ok" {
		err = errors.New("control: " + path + " says " + out.Status)
	}
	return err
}

// ServerTime is the server's own clock, not a sandbox's, to the second.
func (c *Client) ServerTime(ctx context.Context) (time.Time, error) {
	if c.patience > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, c.patience)
		defer cancel()
	}
	res, err := c.send(ctx, http.MethodGet, "/healthz", nil, nil)
	if err != nil {
		return time.Time{}, err
	}
	_ = res.Body.Close() // only its header is wanted
	at, err := http.ParseTime(res.Header.Get("Date"))
	if err != nil {
		return at, fmt.Errorf("control: %w", err)
	}
	return at, nil
}

// Metrics gives the server's metrics as Prometheus reads them.
func (c *Client) Metrics(ctx context.Context) ([]byte, error) {
	return c.raw(ctx, http.MethodGet, "/metrics", nil, nil)
}

// OpenAPI gives the description of everything the server serves.
func (c *Client) OpenAPI(ctx context.Context) (json.RawMessage, error) {
	return c.raw(ctx, http.MethodGet, "/__admin/openapi.json", nil, nil)
}

// Session says whether a browser gets in.
type Session struct {
	Required bool `json:"required"` // the admin token is wanted
	OK       bool `json:"ok"`       // whoever asked is let in
}

// Session asks whether the server wants its admin token, and whether this client is let in.
func (c *Client) Session(ctx context.Context) (Session, error) {
	return do[Session](ctx, c, http.MethodGet, "/__admin/session", nil, nil)
}

// BeginSession has a browser's cookie made of the admin token; of clients, one whose HTTP client has a jar keeps it.
func (c *Client) BeginSession(ctx context.Context, token string) error {
	return c.exec(ctx, http.MethodPost, "/__admin/session", nil, map[string]string{"token": token})
}

// EndSession takes the cookie of BeginSession back.
func (c *Client) EndSession(ctx context.Context) error {
	return c.exec(ctx, http.MethodDelete, "/__admin/session", nil, nil)
}

// SandboxSummary is a sandbox in the listing.
type SandboxSummary struct {
	ID            string      `json:"id"`
	Merchants     []string    `json:"merchants"` // their numbers
	Now           client.Time `json:"now"`       // on its clock
	Orders        int         `json:"orders"`
	PushesPending int         `json:"pushesPending"`
}

// Sandboxes lists the sandboxes.
func (c *Client) Sandboxes(ctx context.Context, page Page) (List[SandboxSummary], error) {
	return do[List[SandboxSummary]](ctx, c, http.MethodGet, "/__admin/sandboxes", page.query(), nil)
}

// NewSandbox is what [Client.CreateSandbox] takes; all of it is optional.
type NewSandbox struct {
	ID       string  `json:"id,omitempty"`   // made up where it is empty
	Seed     *uint64 `json:"seed,omitempty"` // the same seed and calls give the same codes, ids and tokens
	Fixture  any     `json:"fixture,omitempty"`
	Scenario string  `json:"scenario,omitempty"` // what a scenario begins with, by its name
}

// SandboxDetail is a sandbox with the keys of its merchants.
type SandboxDetail struct {
	ID            string            `json:"id"`
	Seed          uint64            `json:"seed"`
	Merchants     []SandboxMerchant `json:"merchants"`
	Now           client.Time       `json:"now"`
	Orders        int               `json:"orders"`
	PushesPending int               `json:"pushesPending"`
}

// SandboxMerchant is what a merchant's client and its push handler need.
type SandboxMerchant struct {
	MerchantNo  string `json:"merchantNo"`
	MerchantKey string `json:"merchantKey"`
	PushURL     string `json:"pushUrl"`
}

// CreateSandbox makes a sandbox. Its fixture may be a [Fixture], or any value whose JSON is one, such as a
// json.RawMessage read from a file. An id or a merchant number that is taken: [IsConflict].
func (c *Client) CreateSandbox(ctx context.Context, in NewSandbox) (SandboxDetail, error) {
	return do[SandboxDetail](ctx, c, http.MethodPost, "/__admin/sandboxes", nil, in)
}

// Sandbox is one sandbox of the server. It is a handle: making one asks nothing.
type Sandbox struct {
	c    *Client
	id   string
	path string
}

// Default is the id of the sandbox that always exists.
const Default = "default"

// Sandbox is the handle of a sandbox.
func (c *Client) Sandbox(id string) *Sandbox {
	return &Sandbox{c: c, id: id, path: "/__admin/sandboxes/" + segment(id)}
}

// ID is the sandbox's id.
func (s *Sandbox) ID() string { return s.id }

// Call makes any call below the sandbox's own path, such as POST /cars/enter, and gives the answer as it came. A body is
// sent as JSON; nil is none.
func (s *Sandbox) Call(ctx context.Context, method, path string, body any) (json.RawMessage, error) {
	return s.c.raw(ctx, method, s.path+path, nil, body)
}

// Get describes the sandbox.
func (s *Sandbox) Get(ctx context.Context) (SandboxDetail, error) {
	return do[SandboxDetail](ctx, s.c, http.MethodGet, s.path, nil, nil)
}

// Delete ends the sandbox. The default one cannot be: [IsConflict].
func (s *Sandbox) Delete(ctx context.Context) error {
	return s.c.exec(ctx, http.MethodDelete, s.path, nil, nil)
}

// Reset takes the sandbox back to its fixture.
func (s *Sandbox) Reset(ctx context.Context) error {
	return s.c.exec(ctx, http.MethodPost, s.path+"/reset", nil, nil)
}

// State is the whole sandbox as one document, for [Sandbox.Restore] here or on another server.
func (s *Sandbox) State(ctx context.Context) (json.RawMessage, error) {
	return s.c.raw(ctx, http.MethodGet, s.path+"/state", nil, nil)
}

// Restore puts a state back.
func (s *Sandbox) Restore(ctx context.Context, state json.RawMessage) error {
	return s.c.exec(ctx, http.MethodPut, s.path+"/state", nil, []byte(state))
}

// Rule is a choice that the platform's document leaves open.
type Rule struct {
	Value   any      `json:"value"`
	Default any      `json:"default"`
	Section string   `json:"section"`
	Doc     string   `json:"doc,omitempty"`
	DocZh   string   `json:"docZh,omitempty"` // in Chinese
	OneOf   []string `json:"oneOf,omitempty"` // the values there are, where they can be counted
}

// Rules are the sandbox's rules by name.
func (s *Sandbox) Rules(ctx context.Context) (map[string]Rule, error) {
	return do[map[string]Rule](ctx, s.c, http.MethodGet, s.path+"/rules", nil, nil)
}

// SetRules changes some rules, all of them or none, and gives all rules back. A nil map changes none.
func (s *Sandbox) SetRules(ctx context.Context, rules map[string]any) (map[string]Rule, error) {
	if rules == nil {
		rules = map[string]any{} // nil would be JSON's null, which is no object
	}
	return do[map[string]Rule](ctx, s.c, http.MethodPatch, s.path+"/rules", nil, rules)
}

// SignCase is what [Client.ExplainSign] takes: a request's parts, or a push's body.
type SignCase struct {
	MerchantNo  string          `json:"merchantNo,omitempty"`
	MerchantKey string          `json:"merchantKey,omitempty"` // instead of a merchant the server knows
	Data        string          `json:"data,omitempty"`
	RawData     string          `json:"rawData,omitempty"`  // data as it was sent, still URL-encoded, where that is known
	RawQuery    string          `json:"rawQuery,omitempty"` // the query and the body as they were sent, where they are known
	RawBody     string          `json:"rawBody,omitempty"`
	TimeStamp   string          `json:"timeStamp,omitempty"`
	Sign        string          `json:"sign,omitempty"`
	Push        json.RawMessage `json:"push,omitempty"`
}

// SignExplanation says whether a signature is right, and what it would be right for where it is not.
type SignExplanation struct {
	OK        bool        `json:"ok"`
	Expected  string      `json:"expected"`
	Signed    string      `json:"signed"` // the text that is hashed, with the key as •••
	Diagnosis []Diagnosis `json:"diagnosis"`
	// Alternatives are other explanations that are as good.
	Alternatives [][]Diagnosis `json:"alternatives,omitempty"`
}

// Diagnosis is something that the given signature would match.
type Diagnosis struct {
	Kind     string `json:"kind"`
	Detail   string `json:"detail"`
	DetailZh string `json:"detailZh"` // the same in Chinese
	// Evidence is where it shows: the first byte, character and field that differ.
	Evidence   string `json:"evidence"`
	EvidenceZh string `json:"evidenceZh"`
	Fix        string `json:"fix"` // what to do
	FixZh      string `json:"fixZh"`
}

// ExplainSign examines a signature.
func (c *Client) ExplainSign(ctx context.Context, in SignCase) (SignExplanation, error) {
	return do[SignExplanation](ctx, c, http.MethodPost, "/__admin/sign/explain", nil, in)
}

// Reason is a word of X-Mock-Reason. {names} in the explanations stand for values.
type Reason struct {
	Reason        string `json:"reason"`
	Code          int    `json:"code"` // of §11
	Explanation   string `json:"explanation"`
	ExplanationZh string `json:"explanationZh"`
}

// Reasons lists every reason a request can be refused for.
func (c *Client) Reasons(ctx context.Context, page Page) (List[Reason], error) {
	return do[List[Reason]](ctx, c, http.MethodGet, "/__admin/reasons", page.query(), nil)
}

// LintRule is a note that an accepted request can have.
type LintRule struct {
	Rule    string `json:"rule"`
	Section string `json:"section"` // of the platform's document
	Doc     string `json:"doc"`
	DocZh   string `json:"docZh"`
}

// Lints lists every lint there is.
func (c *Client) Lints(ctx context.Context, page Page) (List[LintRule], error) {
	return do[List[LintRule]](ctx, c, http.MethodGet, "/__admin/lints", page.query(), nil)
}
