// Package control is a typed client of the mock's control API: sandboxes, their clock and cars, pushes, the journal,
// faults and scenarios. The command line, the scenario engine and tests in Go use it, and nothing but it.
//
//	c := control.New("http://127.0.0.1:8787")
//	made, err := c.CreateSandbox(ctx, control.NewSandbox{})
//	s := c.Sandbox(made.ID)
//	order, err := s.Enter(ctx, control.Entry{PlateNumber: "渝ATX061", ParkingID: "1"})
//	_, err = s.Advance(ctx, 90*time.Minute)
//
// Whatever the server refuses is a [*ProblemError], which says what is wrong and, for a body, where in it. A redirect, which the
// API never answers, is one, too: it is not followed. Times are those of the sandbox's clock in Asia/Shanghai, money is exact;
// both are the types of package client.
package control

import (
	"bytes"
	"context"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/etcp-mock/etcp-mock/internal/trust"
)

// Client calls the control API of one server. Safe for use by several goroutines.
type Client struct {
	base  string
	token string
	http  *http.Client
	roots *x509.CertPool // nil: those of http

	language string // that is asked for; "": none

	patience time.Duration // 0: as long as the context
	bounds   bounds
}

// Option changes a new [Client].
type Option func(*Client)

// WithToken sends a token with every call, as a server that is not on a loopback address wants it.
func WithToken(token string) Option { return func(c *Client) { c.token = token } }

// WithHTTPClient sends through h. By default calls last as long as their context: an advance over a retry schedule waits
// for every delivery.
func WithHTTPClient(h *http.Client) Option { return func(c *Client) { c.http = h } }

// WithRoots trusts these authorities in place of the system's, such as that of a mock that serves HTTPS (etcp-mock ca prints it).
// Together with WithHTTPClient it goes by that client's settings, and leaves the client itself alone.
func WithRoots(roots *x509.CertPool) Option { return func(c *Client) { c.roots = roots } }

// New is a client of the server at baseURL, such as http://127.0.0.1:8787. The base of the control API will do as well, as the variable
// ETCP_MOCK_ADMIN has it: http://127.0.0.1:8787/__admin.
func New(baseURL string, opts ...Option) *Client {
	c := &Client{base: strings.TrimRight(strings.TrimSuffix(strings.TrimRight(baseURL, "/"), "/__admin"), "/"), http: &http.Client{}, bounds: usualBounds}
	for _, opt := range opts {
		opt(c)
	}
	if c.roots != nil {
		c.http = trust.Roots(c.http, c.roots)
	}
	return c
}

// ProblemError is a refusal by the control API (RFC 9457).
type ProblemError struct {
	Type      string        `json:"type"`
	Title     string        `json:"title"`
	Status    int           `json:"status"` // of HTTP
	Detail    string        `json:"detail"`
	Reason    ProblemReason `json:"reason,omitempty"`    // "" where the status says enough
	Errors    []FieldError  `json:"errors,omitempty"`    // what is wrong with the body
	Parameter string        `json:"parameter,omitempty"` // of the query or the path, where that is wrong
	Pending   int           `json:"pending,omitempty"`   // after a drain that ran out of time: attempts still due
}

// FieldError is one thing that is wrong with a body.
type FieldError struct {
	Pointer string `json:"pointer"` // RFC 6901, into the body as sent: /fixture/parkings/0/lat
	Detail  string `json:"detail"`
}

// Error gives the detail and every field's error, each on its own after a semicolon.
func (p *ProblemError) Error() string {
	var text strings.Builder
	switch {
	case len(p.Errors) > 0:
		for i, e := range p.Errors {
			if i > 0 {
				text.WriteString("; ")
			}
			if e.Pointer != "" {
				text.WriteString(e.Pointer + ": ")
			}
			text.WriteString(e.Detail)
		}
	case p.Detail != "":
		text.WriteString(p.Detail)
	default:
		fmt.Fprintf(&text, "HTTP %d %s", p.Status, p.Title)
	}
	return text.String()
}

// IsNotFound reports whether err is a [*ProblemError] with HTTP status 404.
func IsNotFound(err error) bool { return hasStatus(err, http.StatusNotFound) }

// IsConflict reports whether err is a [*ProblemError] with HTTP status 409: what was asked does not fit the sandbox as it is.
func IsConflict(err error) bool { return hasStatus(err, http.StatusConflict) }

func hasStatus(err error, status int) bool {
	p, ok := errors.AsType[*ProblemError](err)
	return ok && p.Status == status
}

// Page cuts a listing. The zero value asks for the first page, of the server's usual length (100).
type Page struct {
	Limit  int    // at most 1000
	After  string // Next of the page before
	Newest bool   // the other way round: of the journal and the pushes, the newest first
}

func (p Page) query(pairs ...string) url.Values {
	q := url.Values{}
	for pair := range slices.Chunk(pairs, 2) {
		if name, value := pair[0], pair[1]; value != "" {
			q.Set(name, value)
		}
	}
	if p.Limit != 0 {
		q.Set("limit", strconv.Itoa(p.Limit))
	}
	if p.After != "" {
		q.Set("after", p.After)
	}
	if p.Newest {
		q.Set("order", "newest")
	}
	return q
}

// List is a page of a listing; Next is empty on the last one.
type List[T any] struct {
	Items []T    `json:"items"`
	Next  string `json:"next"`
}

// All goes through every page of a listing. After an error it ends.
//
//	for order, err := range control.All(func(p control.Page) (control.List[control.Order], error) {
//		return s.Orders(ctx, control.OrderFilter{State: control.Parked}, p)
//	}) { … }
func All[T any](list func(Page) (List[T], error)) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for page := (Page{Limit: 1000}); ; {
			got, err := list(page)
			if err != nil {
				var none T
				yield(none, err)
				return
			}
			for _, item := range got.Items {
				if !yield(item, nil) {
					return
				}
			}
			if got.Next == "" || got.Next == page.After || len(got.Items) == 0 { // a server that says the same again and again has no more
				return
			}
			page.After = got.Next
		}
	}
}

// segment is a name as one element of a path. A dot and two dots would be taken for steps in a tree.
func segment(name string) string {
	switch name {
	case ".":
		return "%2E"
	case "..":
		return "%2E%2E"
	}
	return url.PathEscape(name)
}

// send makes one call. A body is sent as JSON unless it is an io.Reader or []byte, which is sent as it is.
func (c *Client) send(ctx context.Context, method, path string, query url.Values, body any) (*http.Response, error) {
	address := c.base + path
	if len(query) > 0 {
		address += "?" + query.Encode()
	}
	var reader io.Reader = http.NoBody
	switch b := body.(type) {
	case nil:
	case []byte:
		reader = bytes.NewReader(b)
	default:
		text, err := json.Marshal(b)
		if err != nil {
			return nil, fmt.Errorf("control: %w", err)
		}
		reader = bytes.NewReader(text)
	}
	req, err := http.NewRequestWithContext(ctx, method, address, reader)
	if err != nil {
		return nil, fmt.Errorf("control: %w", err)
	}
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	req.Header.Set("Accept-Encoding", "identity") // else a few bytes may become very many
	if c.language != "" {
		req.Header.Set("Accept-Language", c.language)
	}
	if c.token != "" {
		req.Header.Set("Authorization", "Bearer "+c.token)
	}
	res, err := c.own().Do(req)
	if err != nil {
		return nil, fmt.Errorf("control: %w", err)
	}
	if res.StatusCode >= http.StatusMultipleChoices {
		defer func() { _ = res.Body.Close() }()
		return nil, problemOf(res)
	}
	return res, nil
}

// own is the caller's client, but that it follows no redirect: the token would go along.
func (c *Client) own() *http.Client {
	own := *c.http
	own.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &own
}

// problemOf reads a refusal; one that is no problem document gets its status and the beginning of its text.
func problemOf(res *http.Response) *ProblemError {
	body, _ := io.ReadAll(io.LimitReader(res.Body, 1<<20))
	p := &ProblemError{}
	media, _, _ := mime.ParseMediaType(res.Header.Get("Content-Type"))
	if res.StatusCode < http.StatusBadRequest {
		p = &ProblemError{Detail: fmt.Sprintf("HTTP %d to %q, which the control API never answers", res.StatusCode, res.Header.Get("Location"))}
	} else if media != "application/problem+json" || json.Unmarshal(body, p) != nil {
		p = &ProblemError{Detail: fmt.Sprintf("HTTP %d: %.200s", res.StatusCode, bytes.TrimSpace(body))}
	}
	p.Status = res.StatusCode
	if p.Title == "" {
		p.Title = http.StatusText(p.Status)
	}
	return p
}

// exec makes a call whose answer has no content.
func (c *Client) exec(ctx context.Context, method, path string, query url.Values, body any) error {
	_, err := c.raw(ctx, method, path, query, body)
	return err
}
