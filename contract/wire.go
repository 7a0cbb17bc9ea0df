package contract

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

// wire is how requests get to a target: counted, held back to a rate, and watched for answers that are none of an HTTP API's.
type wire struct {
	client   *http.Client
	next     http.RoundTripper
	own      *http.Transport
	requests atomic.Int64

	every time.Duration // between two requests
	mu    sync.Mutex
	free  time.Time // when the next may go
}

// newWire goes on from a client; nil is a default one.
func newWire(from *http.Client, rate float64, workers int) *wire {
	w := &wire{}
	w.client = &http.Client{Timeout: 30 * time.Second}
	if from != nil {
		*w.client = *from
		w.next = from.Transport
	}
	if w.next == nil {
		w.own = http.DefaultTransport.(*http.Transport).Clone()
		w.own.MaxIdleConnsPerHost = max(workers, 4)
		w.next = w.own
	}
	w.client.Transport = w
	if rate > 0 {
		w.every = time.Duration(float64(time.Second) / rate)
	}
	return w
}

func (w *wire) close() {
	if w.own != nil {
		w.own.CloseIdleConnections()
	}
}

// wait holds a request back until it may go.
func (w *wire) wait(ctx context.Context) error {
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
func (w *wire) RoundTrip(r *http.Request) (*http.Response, error) {
	if err := w.wait(r.Context()); err != nil {
		return nil, err
	}
	w.requests.Add(1)
	seen, _ := r.Context().Value(watchKey{}).(*watch)
	address := r.URL.Scheme + "://" + r.URL.Host + r.URL.Path
	res, err := w.next.RoundTrip(r)
	if err != nil {
		if r.Context().Err() == nil || errors.Is(r.Context().Err(), context.DeadlineExceeded) {
			seen.note((&reply{err: err}).outage(address))
		}
		return nil, err
	}
	if res.StatusCode >= 300 && res.StatusCode < 400 && res.StatusCode != http.StatusNotModified {
		body, _ := io.ReadAll(io.LimitReader(res.Body, headSize))
		_ = res.Body.Close()
		seen.note((&reply{status: res.StatusCode, header: res.Header, body: body}).outage(address))
		return nil, errRedirect
	}
	res.Body = &watchedBody{ReadCloser: res.Body, seen: seen, address: address, res: res}
	return res, nil
}

type watchKey struct{}

// watch keeps the last thing that went wrong between a case and its target.
type watch struct {
	mu   sync.Mutex
	last *report.Outage
}

func withWatch(ctx context.Context) (context.Context, *watch) {
	w := &watch{}
	return context.WithValue(ctx, watchKey{}, w), w
}

func (w *watch) note(o *report.Outage) {
	if w == nil || o == nil {
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.last = o
}

func (w *watch) outage() *report.Outage {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.last
}

// watchedBody sees the first bytes of an answer, and whether it ends too early.
type watchedBody struct {
	io.ReadCloser

	seen    *watch
	address string
	res     *http.Response
	start   bytes.Buffer
	judged  bool
}

func (b *watchedBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	if room := headSize - b.start.Len(); room > 0 && n > 0 {
		b.start.Write(p[:min(n, room)])
	}
	if err == nil || b.judged || b.seen == nil {
		return n, err
	}
	b.judged = true
	r := &reply{status: b.res.StatusCode, header: b.res.Header, body: b.start.Bytes()}
	if !errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		r.err = err
	}
	b.seen.note(r.outage(b.address))
	return n, err
}
