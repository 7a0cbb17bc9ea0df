// Package wire sends requests to what is judged, and names what came back that is no answer of an HTTP API.
package wire

import (
	"context"
	"errors"
	"io"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/time/rate"

	"github.com/etcp-mock/etcp-mock/client"
	"github.com/etcp-mock/etcp-mock/client/control"
	"github.com/etcp-mock/etcp-mock/contract/report"
	"github.com/etcp-mock/etcp-mock/internal/allowance"
	"github.com/etcp-mock/etcp-mock/internal/lang"
	"github.com/etcp-mock/etcp-mock/schemas"
)

// Client is how requests get to a target: counted, held back to a rate, and watched for answers that are none of an HTTP API's.
type Client struct {
	HTTP     *http.Client
	next     http.RoundTripper
	own      *http.Transport
	Requests atomic.Int64 // that were sent

	limit *rate.Limiter // nil: as fast as it goes
	held  time.Duration // how long a request may wait for its turn
}

// New goes on from a client; nil is a default one. It sends at most so many requests a second, 0 being no limit, and keeps
// connections for a number of workers.
func New(from *http.Client, perSecond float64, workers int) *Client {
	w := &Client{}
	w.HTTP = &http.Client{Timeout: 30 * time.Second}
	if from != nil {
		*w.HTTP = *from
		w.next = from.Transport
	}
	if w.next == nil {
		w.own = http.DefaultTransport.(*http.Transport).Clone()
		w.own.MaxIdleConnsPerHost = max(workers, 4)
		w.next = w.own
	}
	w.HTTP.Transport = w
	if perSecond > 0 {
		w.limit = rate.NewLimiter(rate.Limit(perSecond), 1)
		w.held = time.Duration(float64(workers+1) / perSecond * float64(time.Second))
		w.SetTimeout(w.HTTP.Timeout)
	}
	return w
}

// SetTimeout says how long an answer may take, once the request was sent.
func (w *Client) SetTimeout(limit time.Duration) {
	if limit > 0 {
		limit += w.held
	}
	w.HTTP.Timeout = limit
}

// hold waits for the turn of a request. The time of a case goes on without that: see package allowance.
func (w *Client) hold(ctx context.Context) error {
	turn := w.limit.Reserve()
	delay := turn.Delay()
	if delay <= 0 {
		return ctx.Err()
	}
	allowance.Prolong(ctx, delay)
	timer := time.NewTimer(delay)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		turn.Cancel()
		return ctx.Err()
	}
}

// Close ends the idle connections that it made.
func (w *Client) Close() {
	if w.own != nil {
		w.own.CloseIdleConnections()
	}
}

var errRedirect = errors.New("a redirect, which the platform never answers")

// PerProcessor is how many cases or stories run at once for each processor: one of them waits for an answer or a push a quarter of its time. With
// one for each, on two processors, the contract suite took 0.22 s in place of 0.17.
const PerProcessor = 3

// RoundTrip sends a request. A redirect is an error, so that nobody follows it.
func (w *Client) RoundTrip(r *http.Request) (*http.Response, error) {
	if w.limit != nil {
		if err := w.hold(r.Context()); err != nil {
			return nil, err
		}
	}
	w.Requests.Add(1)
	seen, _ := r.Context().Value(watchKey{}).(*Watch)
	address := func() string { return r.URL.Scheme + "://" + r.URL.Host + r.URL.Path }
	res, err := w.next.RoundTrip(r)
	if err != nil {
		if r.Context().Err() == nil || errors.Is(r.Context().Err(), context.DeadlineExceeded) {
			seen.note((&Reply{Err: err}).Outage(address()))
		}
		return nil, err
	}
	if res.StatusCode >= 300 && res.StatusCode < 400 && res.StatusCode != http.StatusNotModified {
		body, _ := io.ReadAll(io.LimitReader(res.Body, HeadSize))
		_ = res.Body.Close()
		seen.note((&Reply{Status: res.StatusCode, Header: res.Header, Body: body}).Outage(address()))
		return nil, errRedirect
	}
	if seen != nil {
		res.Body = &watchedBody{ReadCloser: res.Body, seen: seen, address: address, res: res}
	}
	return res, nil
}

// probeTimeout is how long the first answer may take. It is shorter than that of a request: who waits for it has not begun.
const probeTimeout = 4 * time.Second

// silent asks a target at a base URL, and its control API where it has one, for a first answer. Nil is that something came, whatever it is; a
// target that takes connections and answers none of them is an outage.
func (w *Client) silent(ctx context.Context, target string, api *control.Client) *report.Outage {
	ctx, cancel := context.WithTimeout(ctx, probeTimeout)
	defer cancel()
	if api != nil {
		if _, err := api.Sandboxes(ctx, control.Page{Limit: 1}); Kind(err) == "timeout" {
			return (&Reply{Err: context.DeadlineExceeded}).Outage(target + ", the control API")
		}
	}
	path := schemas.PathPrefix + "carnum"
	if api != nil {
		path = "/readyz" // which a mock keeps no request of
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, target+path, http.NoBody)
	if err != nil {
		return nil
	}
	res, err := w.HTTP.Do(r)
	if Kind(err) == "timeout" {
		return (&Reply{Err: context.DeadlineExceeded}).Outage(target)
	}
	if err == nil {
		_ = res.Body.Close()
	}
	return nil
}

// First asks a target a first question: a mock's control API as silent does, a platform in the name of a merchant. One that takes no connections, or answers none of them, is an outage; one that refuses
// the rightly signed request before it looks at what is asked is said to: what is judged then is little else.
func (w *Client) First(ctx context.Context, target string, api *control.Client, merchantNo, key string, now func() time.Time) (o *report.Outage, refused lang.Text) {
	if api != nil {
		return w.silent(ctx, target, api), lang.Text{}
	}
	ctx, cancel := context.WithTimeout(ctx, probeTimeout+w.held)
	defer cancel()
	answer, err := client.New(target, merchantNo, key, client.WithHTTPClient(w.HTTP), client.WithClock(now)).Do(ctx, client.EndpointCarNum, map[string]any{"token": "contract"})
	if err != nil && !errors.Is(err, client.ErrNotEnvelope) {
		switch Kind(err) {
		case "timeout":
			return (&Reply{Err: context.DeadlineExceeded}).Outage(target), lang.Text{}
		case "unreachable", "tls":
			return (&Reply{Err: err}).Outage(target), lang.Text{}
		}
	}
	if err != nil || answer == nil {
		return nil, lang.Text{}
	}
	if text, ok := refusedFor[answer.Code]; ok {
		return nil, text.With(merchantNo)
	}
	return nil, lang.Text{}
}

// refusedFor are what the codes of an envelope's checks say of a request that is right.
var refusedFor = map[int]lang.Text{
	client.CodeTimestampExpired: lang.T("the target answers a request of merchant %s that is stamped now with code 3 时间戳超时, so that much of what is judged here follows from that: set the clock of this machine or of the target right",
		"商户 %s 以当前时间发出的请求得到 code 3 时间戳超时，此次判断的结果大多由此而来：请校准本机或目标的时钟"),
	client.CodeBadSignature: lang.T("the target answers a rightly signed request of merchant %s with code 4 签名校验非法, so that much of what is judged here follows from that: check the key, which is another there",
		"商户 %s 签名正确的请求得到 code 4 签名校验非法，此次判断的结果大多由此而来：请检查密钥，目标那里的密钥与此不同"),
	client.CodeUnknownMerchant: lang.T("the target answers a rightly signed request with code 5 没有找到商户密钥, so that much of what is judged here follows from that: it does not know the merchant number %s",
		"签名正确的请求得到 code 5 没有找到商户密钥，此次判断的结果大多由此而来：目标不认识商户号 %s"),
}

type watchKey struct{}

// Watch keeps the last thing that went wrong between a case and its target.
type Watch struct {
	mu   sync.Mutex
	last *report.Outage
}

// WithWatch gives a context whose requests a Watch sees.
func WithWatch(ctx context.Context) (context.Context, *Watch) {
	w := &Watch{}
	return context.WithValue(ctx, watchKey{}, w), w
}

func (w *Watch) note(o *report.Outage) {
	if w == nil || o == nil {
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.last = o
}

// Outage is the last thing that went wrong, or nil.
func (w *Watch) Outage() *report.Outage {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.last
}

// watchedBody sees the first bytes of an answer, and whether it ends too early.
type watchedBody struct {
	io.ReadCloser

	seen    *Watch
	address func() string
	res     *http.Response
	start   []byte
	room    [HeadSize]byte // of start
	judged  bool
}

func (b *watchedBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	if room := HeadSize - len(b.start); room > 0 && n > 0 {
		if b.start == nil {
			b.start = b.room[:0]
		}
		b.start = append(b.start, p[:min(n, room)]...)
	}
	if err == nil || b.judged {
		return n, err
	}
	b.judged = true
	r := &Reply{Status: b.res.StatusCode, Header: b.res.Header, Body: b.start}
	if !errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		r.Err = err
	}
	b.seen.note(r.Outage(b.address()))
	return n, err
}
