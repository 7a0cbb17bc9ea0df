// Package api is the platform's HTTP edge: the routes of §9, read off schemas'
// table, and the one pipeline every request goes through.
package api

import (
	"cmp"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"runtime/debug"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/gin-gonic/gin"

	"github.com/etcp-mock/etcp-mock/internal/excerpt"
	"github.com/etcp-mock/etcp-mock/mock/internal/engine"
	"github.com/etcp-mock/etcp-mock/mock/internal/journal"
	"github.com/etcp-mock/etcp-mock/mock/internal/ledger"
	"github.com/etcp-mock/etcp-mock/mock/internal/platform/reasons"
	"github.com/etcp-mock/etcp-mock/mock/internal/registry"
	"github.com/etcp-mock/etcp-mock/mock/internal/sandbox"
	"github.com/etcp-mock/etcp-mock/schemas"
)

// API serves the platform's endpoints for every sandbox of a server.
type API struct {
	sandboxes *registry.Registry
	log       *slog.Logger
	counts    RequestCounter
	stopping  chan struct{} // closed by Stop
	stop      func()
}

// RequestCounter counts requests by their endpoint and what was answered.
type RequestCounter interface {
	Request(endpoint string, code int, took time.Duration)
}

// New makes the edge. Where counts is nil nobody counts.
func New(sandboxes *registry.Registry, counts RequestCounter, log *slog.Logger) *API {
	stopping := make(chan struct{})
	return &API{sandboxes: sandboxes, counts: counts, log: log, stopping: stopping, stop: sync.OnceFunc(func() { close(stopping) })}
}

// Stop ends the delays that faults have put on requests, which go on at once.
func (a *API) Stop() { a.stop() }

// Register adds the routes of §9, and answers in the platform's envelope for
// whatever lies beside them under its prefix.
func (a *API) Register(r gin.IRoutes) {
	for _, e := range schemas.Endpoints() {
		row, _ := schemas.Lookup(e.Name)
		r.Handle(row.Method, schemas.PathPrefix+row.Name, func(c *gin.Context) { a.serve(c, row) })
	}
}

// NoRoute answers a path or a method the document does not have: 404 or 405,
// both with code 1.
func (a *API) NoRoute(c *gin.Context) {
	name := lastElement(c.Request.URL.Path)
	row, known := schemas.Lookup(name)
	here := known && c.Request.URL.Path == schemas.PathPrefix+name
	if here && c.Request.Method == row.Method { // a path that was escaped where it need not be
		a.serve(c, row)
		return
	}
	x := a.begin(c, name)
	if x.refusesHead(c.Request) {
		a.apply(c, x)
		x.release()
		return
	}
	if here {
		x.allow = row.Method
		en, zh := methodFix(row)
		x.refuse(http.StatusMethodNotAllowed, reasons.Refuse("method-not-allowed").With("endpoint", name).With("want", row.Method).
			With("given", c.Request.Method).With("section", row.Section).Say("fix", en, zh))
	} else {
		x.refuse(http.StatusNotFound, pathFix(reasons.Refuse("unknown-path").With("path", journal.Short(c.Request.URL.Path)), c.Request.URL.Path))
	}
	a.apply(c, x)
	x.release()
}

// serve is a request's way: it is read, applied to its sandbox as one input, and answered.
func (a *API) serve(c *gin.Context, row *schemas.Endpoint) {
	x := a.begin(c, row.Name)
	if !x.refusesHead(c.Request) {
		x.read(c.Request)
	}
	a.apply(c, x)
	x.release()
}

// exchange is one request on its way.
type exchange struct {
	engine.Request

	started time.Time
	allow   string // the method that the path takes
	body    []byte // room for the body
}

// exchanges are used again: with its headers and its body one was a fourth of what a request left for the collector. The journal
// and the log keep copies.
var exchanges = sync.Pool{New: func() any { return new(exchange) }}

func (a *API) begin(c *gin.Context, endpoint string) *exchange {
	x, _ := exchanges.Get().(*exchange)
	x.started = time.Now()
	x.Endpoint, x.Method, x.RemoteAddr = journal.Short(endpoint), c.Request.Method, c.Request.RemoteAddr
	x.Headers = appendHeaders(x.Headers[:0], c.Request)
	return x
}

// maxRoom is how large room for a body is kept, in bytes.
const maxRoom = 16 << 10

// release gives the exchange up for another request. One whose handler panics is not used again.
func (x *exchange) release() {
	headers, body := x.Headers, x.body[:0]
	clear(headers)
	if cap(body) > maxRoom {
		body = nil
	}
	*x = exchange{body: body}
	x.Headers = headers[:0]
	exchanges.Put(x)
}

func (x *exchange) refuse(status int, r *reasons.Refusal) { x.Refusal, x.Status = r, status }

// apply finds the sandbox that owns the merchant (what belongs to none is default's), applies the request and answers. A fault
// that delays it lies between two inputs: one that draws the delay, and the request itself.
func (a *API) apply(c *gin.Context, x *exchange) {
	fx, ok := a.request(&x.Request, x)
	if ok && fx.Entry == nil && fx.Err == nil { // a fault delays it
		again := x.Request
		injected := *fx.Injected
		again.Injected = &injected
		a.wait(c, injected.Delay)
		fx, ok = a.request(&again, x)
	}
	if !ok {
		failed := x.Request
		failed.Refusal, failed.Status = reasons.Refuse("panic"), http.StatusOK
		fx, ok = a.request(&failed, x)
	}
	if !ok {
		Unavailable(c.Writer, nil)
		return
	}
	a.answer(c, x, &fx)
}

// request applies a request; ok is false where that failed.
func (a *API) request(r *engine.Request, x *exchange) (fx engine.Effects, ok bool) {
	defer func() {
		if failure := recover(); failure != nil {
			a.log.Error("a rule failed", "endpoint", r.Endpoint, "panic", failure, "stack", string(debug.Stack()))
			fx, ok = engine.Effects{}, false
		}
	}()
	s, _ := a.sandboxes.Of(r.MerchantNo)
	if s == nil { // another replica has it by now
		return engine.Effects{Err: sandbox.ErrMoved}, true
	}
	r.Elapsed = time.Since(x.started)
	return s.Request(r), true
}

// answer writes what came of a request.
func (a *API) answer(c *gin.Context, x *exchange, fx *engine.Effects) {
	header := c.Writer.Header()
	header["Content-Type"] = jsonType
	if fx.Err != nil {
		Unavailable(c.Writer, fx.Err)
		return
	}
	entry := fx.Entry
	if a.counts != nil {
		a.counts.Request(entry.Endpoint, entry.Code, time.Since(x.started))
	}
	if x.Status == http.StatusMethodNotAllowed {
		header["Allow"] = []string{x.allow}
	}
	if fx.Length != len(fx.Answer) || fx.Length > netHTTPBuffer {
		header["Content-Length"] = []string{strconv.Itoa(fx.Length)}
	}
	header["X-Mock-Request-Id"] = []string{entry.ID}
	if entry.Refusal != nil {
		header["X-Mock-Reason"] = []string{headerText(entry.Refusal.Word())}
	}
	for _, h := range fx.Injected.Headers {
		header.Set(h.Name, h.Value)
	}
	if entry.Cut != "" {
		reset(c.Writer)
		return
	}
	c.Writer.WriteHeader(entry.HTTPStatus)
	if fx.Injected.Dribble > 0 {
		a.dribble(c, fx.Answer, fx.Injected)
		return
	}
	_, _ = c.Writer.WriteString(fx.Answer) // a client that has gone needs no answer
}

// Unavailable answers where the sandbox was deleted or the server stops, and where the sandbox is kept and cannot be written:
// then the request has not happened, or it is uncertain whether it has.
func Unavailable(w http.ResponseWriter, err error) {
	reason := "sandbox-gone"
	switch {
	case errors.Is(err, ledger.ErrUncertain):
		reason = "storage-uncertain"
	case errors.Is(err, ledger.ErrUnavailable), errors.Is(err, ledger.ErrFenced):
		reason = "storage-unavailable"
	}
	w.Header()["X-Mock-Reason"] = []string{reason}
	w.Header()["Content-Type"] = jsonType
	if reason != "sandbox-gone" {
		w.Header()["Retry-After"] = []string{"1"}
	}
	w.WriteHeader(http.StatusServiceUnavailable)
	_, _ = io.WriteString(w, `{"code":2,"message":"服务器异常"}`) // a client that has gone needs no answer
}

// netHTTPBuffer is up to which length net/http finds the length of an answer out by itself, and does not send it in chunks.
const netHTTPBuffer = 2000

var jsonType = []string{"application/json;charset=UTF-8"}

// The limits of what is kept of a request's headers.
const (
	maxHeaders = 32
	maxHeader  = 512
)

// appendHeaders appends a request's headers, by name, without those that carry a secret.
func appendHeaders(all []journal.Header, r *http.Request) []journal.Header {
	for name, values := range r.Header {
		if len(all) == maxHeaders || len(values) == 0 {
			continue
		}
		value := excerpt.Bytes(values[0], maxHeader)
		if name == "Authorization" || name == "Cookie" || name == "Proxy-Authorization" {
			value = "•••"
		}
		all = append(all, journal.Header{Name: journal.Short(name), Value: value})
	}
	slices.SortStableFunc(all, func(a, b journal.Header) int { return cmp.Compare(a.Name, b.Name) })
	return all
}

func lastElement(path string) string {
	for i := len(path) - 1; i >= 0; i-- {
		if path[i] == '/' {
			return path[i+1:]
		}
	}
	return path
}

// headerText keeps a reason ASCII and on one line.
func headerText(word string) string {
	for i := range len(word) {
		if word[i] < ' ' || word[i] > '~' {
			return strconv.QuoteToASCII(word)
		}
	}
	return word
}
