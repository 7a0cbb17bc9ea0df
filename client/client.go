package client

import (
	"bytes"
	"context"
	"crypto/x509"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/etcp-mock/etcp-mock/internal/readall"
	"github.com/etcp-mock/etcp-mock/internal/trust"
	"github.com/etcp-mock/etcp-mock/sign"
)

// Version is the version in the path; §7 knows no other.
const Version = "1.0.0"

// maxAnswer bounds what is read of one answer. The longest honest one, a year of history, stays far below.
const maxAnswer = 16 << 20

// byGet are the endpoints that are asked with GET; the others take POST.
var byGet []string

// get declares that an endpoint is asked with GET.
func get(endpoint string) string { //nolint:unparam // a declaration wants a value
	byGet = append(byGet, endpoint)
	return endpoint
}

// Client calls the platform as one merchant. It holds no tokens: a token belongs to a user, and every call that takes
// one is given it. Safe for use by several goroutines.
type Client struct {
	base       string
	unusable   bool // base is no URL that HTTP can be sent to
	merchantNo string
	key        string
	http       *http.Client
	roots      *x509.CertPool // nil: those of http
	now        func() time.Time
	whitespace sign.Whitespace
}

// Option changes a new [Client].
type Option func(*Client)

// WithHTTPClient sends through h instead of a client with a timeout of 30 s.
func WithHTTPClient(h *http.Client) Option { return func(c *Client) { c.http = h } }

// WithRoots trusts these authorities in place of the system's, such as that of a mock that serves HTTPS (etcp-mock ca prints it).
// Together with WithHTTPClient it goes by that client's settings, and leaves the client itself alone.
func WithRoots(roots *x509.CertPool) Option { return func(c *Client) { c.roots = roots } }

// WithClock takes the time of time_stamp from now instead of time.Now.
func WithClock(now func() time.Time) Option { return func(c *Client) { c.now = now } }

// WithWhitespace signs under another value of the rule sign.whitespace than [sign.Exact].
func WithWhitespace(ws sign.Whitespace) Option { return func(c *Client) { c.whitespace = ws } }

// New is a client of the platform at baseURL (§8: https://mapi.etcp.cn, or a mock's address) for a merchant and its key.
func New(baseURL, merchantNo, key string, opts ...Option) *Client {
	c := &Client{
		base:       strings.TrimRight(baseURL, "/"),
		merchantNo: merchantNo,
		key:        key,
		http:       &http.Client{Timeout: 30 * time.Second},
		now:        time.Now,
		whitespace: sign.Exact,
	}
	base, err := url.Parse(c.base)
	c.unusable = err != nil || base.Host == "" || base.Scheme != "http" && base.Scheme != "https"
	for _, opt := range opts {
		opt(c)
	}
	if c.roots != nil {
		c.http = trust.Roots(c.http, c.roots)
	}
	return c
}

// Request is one call whose envelope may be overridden. The zero value of a field means what an honest client sends.
type Request struct {
	Endpoint string // the last element of the path
	Data     any    // marshalled once, compact and without HTML escapes; nil is {}

	RawData    string            // sent as data, in place of Data, and signed
	MerchantNo string            // in place of the client's
	Key        string            // signs in place of the client's
	TimeStamp  string            // in place of now; signed
	Sign       string            // in place of the right signature
	Method     string            // in place of the endpoint's own
	Version    string            // in the path, in place of 1.0.0
	Params     map[string]string // set after signing, over any parameter; an empty text is sent as such
	Omit       []string          // parameters not sent: merchant_no, time_stamp, data, sign
}

// Answer is what came back, the envelope taken apart.
type Answer struct {
	Endpoint   string
	Code       int             // of §11
	Message    string          // of §11
	Data       json.RawMessage // nil where there was none
	HTTPStatus int
	Header     http.Header
	RequestID  string // X-Mock-Request-Id: the journal entry's id on a mock, "" elsewhere
	Reason     string // X-Mock-Reason: the mock's word for a refusal
	Raw        []byte // the body as received
}

type answerKey struct{}

// WithAnswer gives a context whose calls leave their answer in a, the last one's where there are several: the typed methods give what
// they were asked for, and this the rest, such as the request's id and the HTTP status. It stays as it is where no answer came.
//
//	var answer client.Answer
//	orders, err := c.OrderUnpay(client.WithAnswer(ctx, &answer), query)
//	log.Println(answer.RequestID, err)
//
// It is not for calls at the same time.
func WithAnswer(ctx context.Context, a *Answer) context.Context {
	return context.WithValue(ctx, answerKey{}, a)
}

// Err is nil for code 0 and an [*Error] for any other.
func (a *Answer) Err() error {
	if a.Code == CodeOK {
		return nil
	}
	return &Error{Endpoint: a.Endpoint, Code: a.Code, Message: a.Message, Reason: a.Reason, RequestID: a.RequestID}
}

// Do sends data to an endpoint, signed. The error is nil whenever an envelope came back, whatever its code: see
// [Answer.Err].
func (c *Client) Do(ctx context.Context, endpoint string, data any) (*Answer, error) {
	return c.Send(ctx, Request{Endpoint: endpoint, Data: data})
}

// Send sends r. Where an answer came that is no envelope, it is handed back together with an error that matches
// [ErrNotEnvelope].
func (c *Client) Send(ctx context.Context, r Request) (*Answer, error) {
	params, err := c.params(r)
	if err != nil {
		return nil, fmt.Errorf("etcp %s: %w", r.Endpoint, err)
	}
	req, err := c.request(ctx, r, params)
	if err != nil {
		return nil, fmt.Errorf("etcp %s: %w", r.Endpoint, err)
	}
	res, err := c.http.Do(req)
	if err != nil {
		return nil, fmt.Errorf("etcp %s: %w", r.Endpoint, plain(err))
	}
	defer func() { _ = res.Body.Close() }()
	body, err := readall.Bounded(res.Body, res.ContentLength, maxAnswer+1)
	answer := &Answer{
		Endpoint:   r.Endpoint,
		HTTPStatus: res.StatusCode,
		Header:     res.Header,
		RequestID:  res.Header.Get("X-Mock-Request-Id"),
		Reason:     res.Header.Get("X-Mock-Reason"),
		Raw:        body,
	}
	if into, wanted := ctx.Value(answerKey{}).(*Answer); wanted {
		defer func() { *into = *answer }()
	}
	switch {
	case err != nil:
		return answer, fmt.Errorf("etcp %s: reading the answer: %w", r.Endpoint, err)
	case len(body) > maxAnswer:
		return answer, fmt.Errorf("etcp %s: %w: longer than %d bytes", r.Endpoint, ErrNotEnvelope, maxAnswer)
	}
	if err := answer.open(); err != nil {
		return answer, fmt.Errorf("etcp %s: %w: HTTP %d: %w", r.Endpoint, ErrNotEnvelope, res.StatusCode, err)
	}
	return answer, nil
}

// plain takes the URL out of a network error: that of a GET holds the user's token.
func plain(err error) error {
	if u, ok := err.(*url.Error); ok { //nolint:errorlint // only the outermost, which net/http has put there
		return u.Err
	}
	return err
}

// params are the four parameters of §3, with what r overrides.
func (c *Client) params(r Request) (url.Values, error) {
	data := r.RawData
	if data == "" {
		var err error
		if data, err = marshal(r.Data); err != nil {
			return nil, err
		}
	}
	stamp := or(r.TimeStamp, c.now().In(Zone).Format(StampLayout))
	signature := or(r.Sign, sign.RequestWith(c.whitespace, data, or(r.Key, c.key), stamp))
	params := url.Values{
		"merchant_no": {or(r.MerchantNo, c.merchantNo)},
		"time_stamp":  {stamp},
		"data":        {data},
		"sign":        {signature},
	}
	for name, text := range r.Params {
		params.Set(name, text)
	}
	for name := range params {
		if slices.Contains(r.Omit, name) {
			params.Del(name)
		}
	}
	return params, nil
}

// request carries params in the query of a GET (and of any method but POST) and in the body of a POST (§5).
func (c *Client) request(ctx context.Context, r Request, params url.Values) (*http.Request, error) {
	if c.unusable {
		return nil, fmt.Errorf("the base URL %q: want http:// or https:// and a host, such as http://127.0.0.1:8787", c.base)
	}
	address := c.base + "/merchant/open/" + url.PathEscape(or(r.Version, Version)) + "/openapi/" + url.PathEscape(r.Endpoint)
	method := or(r.Method, Method(r.Endpoint))
	if method == http.MethodPost {
		req, err := http.NewRequestWithContext(ctx, method, address, strings.NewReader(params.Encode()))
		if err != nil {
			return nil, err
		}
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded;charset=utf-8")
		return req, nil
	}
	return http.NewRequestWithContext(ctx, method, address+"?"+params.Encode(), http.NoBody)
}

// Method is the method an endpoint takes (§9); POST for one the document does not know.
func Method(endpoint string) string {
	if slices.Contains(byGet, endpoint) {
		return http.MethodGet
	}
	return http.MethodPost
}

// open takes the envelope apart. A code that is not an integer makes it no envelope.
func (a *Answer) open() error {
	var envelope struct {
		Code    *int            `json:"code"`
		Message string          `json:"message"`
		Data    json.RawMessage `json:"data"`
	}
	if err := json.Unmarshal(a.Raw, &envelope); err != nil {
		return err
	}
	if envelope.Code == nil {
		return fmt.Errorf("no code in %.80q", a.Raw)
	}
	a.Code, a.Message = *envelope.Code, envelope.Message
	if !bytes.Equal(envelope.Data, []byte("null")) {
		a.Data = envelope.Data
	}
	return nil
}

// marshal is the text of data as it is signed and sent.
func marshal(data any) (string, error) {
	if data == nil {
		return "{}", nil
	}
	var text strings.Builder
	enc := json.NewEncoder(&text)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(data); err != nil {
		return "", err
	}
	return strings.TrimSuffix(text.String(), "\n"), nil
}

func or(text, otherwise string) string {
	if text != "" {
		return text
	}
	return otherwise
}

// call sends data and decodes what a success carries into a T.
func call[T any](ctx context.Context, c *Client, endpoint string, data any) (T, error) {
	var out T
	answer, err := c.Do(ctx, endpoint, data)
	if err != nil {
		return out, err
	}
	if err := answer.Err(); err != nil {
		return out, err
	}
	if answer.Data == nil {
		return out, fmt.Errorf("etcp %s: %w: there is none", endpoint, ErrUnexpectedData)
	}
	if err := json.Unmarshal(answer.Data, &out); err != nil {
		return out, fmt.Errorf("etcp %s: %w: %w", endpoint, ErrUnexpectedData, err)
	}
	return out, nil
}

// send sends data to an endpoint whose success carries nothing.
func (c *Client) send(ctx context.Context, endpoint string, data any) error {
	answer, err := c.Do(ctx, endpoint, data)
	if err != nil {
		return err
	}
	return answer.Err()
}
