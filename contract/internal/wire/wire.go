// Package wire sends requests to what is judged, and names what came back that is no answer of an HTTP API.
package wire

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/etcp-mock/etcp-mock/contract/report"
)

// Client is how requests get to a target: counted, held back to a rate, and watched for answers that are none of an HTTP API's.
type Client struct {
	HTTP     *http.Client
	next     http.RoundTripper
	own      *http.Transport
	Requests atomic.Int64

	every time.Duration // between two requests
	mu    sync.Mutex
	free  time.Time // when the next may go
}

// New goes on from a client; nil is a default one.
func New(from *http.Client, rate float64, workers int) *Client {
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
	if rate > 0 {
		w.every = time.Duration(float64(time.Second) / rate)
	}
	return w
}

func (w *Client) Close() {
	if w.own != nil {
		w.own.CloseIdleConnections()
	}
}

// wait holds a request back until it may go.
func (w *Client) wait(ctx context.Context) error {
	if w.every == 0 {
		return nil
	}
	w.mu.Lock()
	now := time.Now()
	at := w.free
	if at.Before(now) {
		at = now
	}
	w.free = at.Add(w.every)
	w.mu.Unlock()
	timer := time.NewTimer(at.Sub(now))
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

var errRedirect = errors.New("a redirect, which the platform never answers")

// RoundTrip sends a request. A redirect is an error, so that nobody follows it.
func (w *Client) RoundTrip(r *http.Request) (*http.Response, error) {
	if err := w.wait(r.Context()); err != nil {
		return nil, err
	}
	w.Requests.Add(1)
	seen, _ := r.Context().Value(watchKey{}).(*Watch)
	address := r.URL.Scheme + "://" + r.URL.Host + r.URL.Path
	res, err := w.next.RoundTrip(r)
	if err != nil {
		if r.Context().Err() == nil || errors.Is(r.Context().Err(), context.DeadlineExceeded) {
			seen.note((&Reply{Err: err}).Outage(address))
		}
		return nil, err
	}
	if res.StatusCode >= 300 && res.StatusCode < 400 && res.StatusCode != http.StatusNotModified {
		body, _ := io.ReadAll(io.LimitReader(res.Body, HeadSize))
		_ = res.Body.Close()
		seen.note((&Reply{Status: res.StatusCode, Header: res.Header, Body: body}).Outage(address))
		return nil, errRedirect
	}
	res.Body = &watchedBody{ReadCloser: res.Body, seen: seen, address: address, res: res}
	return res, nil
}

type watchKey struct{}

// Watch keeps the last thing that went wrong between a case and its target.
type Watch struct {
	mu   sync.Mutex
	last *report.Outage
}

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

func (w *Watch) Outage() *report.Outage {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.last
}

// watchedBody sees the first bytes of an answer, and whether it ends too early.
type watchedBody struct {
	io.ReadCloser

	seen    *Watch
	address string
	res     *http.Response
	start   bytes.Buffer
	judged  bool
}

func (b *watchedBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	if room := HeadSize - b.start.Len(); room > 0 && n > 0 {
		b.start.Write(p[:min(n, room)])
	}
	if err == nil || b.judged || b.seen == nil {
		return n, err
	}
	b.judged = true
	r := &Reply{Status: b.res.StatusCode, Header: b.res.Header, Body: b.start.Bytes()}
	if !errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		r.Err = err
	}
	b.seen.note(r.Outage(b.address))
	return n, err
}
