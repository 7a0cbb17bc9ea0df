// Package api is the platform's HTTP edge: the routes of §9, read off schemas'
// table, and the one pipeline every request goes through.
package api

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"net/http"
	"runtime/debug"
	"strconv"
	"sync"
	"time"

	"github.com/gin-gonic/gin"

	"github.com/etcp-mock/etcp-mock/internal/excerpt"
	"github.com/etcp-mock/etcp-mock/mock/internal/fault"
	"github.com/etcp-mock/etcp-mock/mock/internal/metrics"
	"github.com/etcp-mock/etcp-mock/mock/internal/platform"
	"github.com/etcp-mock/etcp-mock/mock/internal/sandbox"
	"github.com/etcp-mock/etcp-mock/schemas"
	"github.com/etcp-mock/etcp-mock/sign"
)

// API serves the platform's endpoints for every sandbox of a server.
type API struct {
	worlds   *sandbox.Worlds
	log      *slog.Logger
	metrics  *metrics.Metrics
	stopping chan struct{} // closed by Stop
	stop     func()
}

// New makes the edge.
func New(worlds *sandbox.Worlds, counts *metrics.Metrics, log *slog.Logger) *API {
	stopping := make(chan struct{})
	return &API{worlds: worlds, metrics: counts, log: log, stopping: stopping, stop: sync.OnceFunc(func() { close(stopping) })}
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
	if here {
		c.Header("Allow", row.Method)
		x.status = http.StatusMethodNotAllowed
		en, zh := methodMend(row)
		x.refuse(platform.Refuse("method-not-allowed").With("endpoint", name).With("want", row.Method).
			With("given", c.Request.Method).With("section", row.Section).Say("mend", en, zh))
	} else {
		x.status = http.StatusNotFound
		en, zh := pathMend(name)
		x.refuse(platform.Refuse("unknown-path").With("path", clip(c.Request.URL.Path)).Say("mend", en, zh))
	}
	a.finish(c, x)
}

// exchange is one request on its way through the pipeline.
type exchange struct {
	row     *schemas.Endpoint
	sandbox *sandbox.Sandbox
	form    form
	env     sandbox.Envelope
	input   platform.Input
	lints   []platform.Lint
	answer  platform.Answer
	fault   *fault.OnRequest // what faults do to it
	status  int
	started time.Time
	entry   sandbox.Entry
}

// untroubled is what no fault does.
var untroubled fault.OnRequest

func (x *exchange) refuse(r *platform.Refusal) {
	x.answer = platform.Answer{Code: r.Code, Refusal: r}
}

func (a *API) begin(c *gin.Context, endpoint string) *exchange {
	x := &exchange{fault: &untroubled, status: http.StatusOK, started: time.Now()}
	x.sandbox, _ = a.worlds.Of("")
	x.entry = sandbox.Entry{Endpoint: clip(endpoint), Method: c.Request.Method}
	return x
}

// serve is a request's way through the checks of docs/protocol.md; the first
// that refuses answers.
func (a *API) serve(c *gin.Context, row *schemas.Endpoint) {
	x := a.begin(c, row.Name)
	x.row = row
	defer func() {
		if failure := recover(); failure != nil {
			if failure == http.ErrAbortHandler { //nolint:errorlint // net/http compares it so, too
				panic(failure)
			}
			a.log.Error("a rule failed", "endpoint", row.Name, "panic", failure, "stack", string(debug.Stack()))
			x.status = http.StatusOK
			x.refuse(platform.Refuse("panic"))
			a.finish(c, x)
		}
	}()
	x.read(c.Request)
	x.locate(a.worlds)
	if x.env.Faults {
		a.disturb(c, x)
	}
	for i := 0; x.answer.Refusal == nil && i < len(stages); i++ {
		if refusal := stages[i].check(x); refusal != nil {
			x.refuse(refusal)
		}
	}
	if x.answer.Refusal == nil {
		x.answer = x.sandbox.Do(platform.Call{MerchantNo: x.form.merchantNo, Input: x.input}).Answer
	}
	a.finish(c, x)
}

// locate finds the sandbox that owns the merchant; what belongs to none is default's.
func (x *exchange) locate(worlds *sandbox.Worlds) {
	x.sandbox, _ = worlds.Of(x.form.merchantNo)
	x.env = x.sandbox.Envelope(x.form.merchantNo)
}

var buffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// finish writes the envelope and the journal.
func (a *API) finish(c *gin.Context, x *exchange) {
	if x.env.Rules == nil {
		x.env = x.sandbox.Envelope(x.form.merchantNo)
	}
	if x.answer.Message == "" {
		x.answer.Message = x.env.Rules.Message(x.answer.Code, "ok")
	}
	buf, _ := buffers.Get().(*bytes.Buffer)
	defer buffers.Put(buf)
	buf.Reset()
	if x.fault.Body != nil {
		buf.WriteString(*x.fault.Body)
	} else {
		encode(buf, &x.answer)
	}

	answer, header := buf.Bytes(), c.Writer.Header()
	if x.fault.Truncate || len(answer) > netHTTPBuffer {
		header["Content-Length"] = []string{strconv.Itoa(len(answer))}
	}
	if x.fault.Truncate {
		answer = answer[:len(answer)/2]
	}
	id := x.journal(string(answer))
	a.metrics.Request(x.entry.Endpoint, x.answer.Code, x.entry.Duration)
	header["Content-Type"] = jsonType
	header["X-Mock-Request-Id"] = []string{id}
	if x.answer.Refusal != nil {
		header["X-Mock-Reason"] = []string{headerText(x.answer.Refusal.Word())}
	}
	if x.fault.Cut != "" {
		reset(c.Writer)
		return
	}
	c.Writer.WriteHeader(x.status)
	_, _ = c.Writer.Write(answer) // a client that has gone needs no answer
}

// netHTTPBuffer is up to which length net/http finds the length of an answer out by itself, and does not send it in chunks.
const netHTTPBuffer = 2000

var jsonType = []string{"application/json;charset=UTF-8"}

func (x *exchange) journal(response string) (id string) {
	e := &x.entry
	e.At = x.env.Now
	e.MerchantNo, e.TimeStamp = clip(x.form.merchantNo), clip(x.form.timeStamp)
	e.Data, e.Sign = excerpt.Bytes(x.form.data, maxKept), clip(x.form.sign)
	e.HTTPStatus, e.Code, e.Refusal, e.Lints = x.status, x.answer.Code, x.answer.Refusal, x.lints
	e.Response = response
	if e.Faults, e.Cut = fault.IDs(x.fault.Hits), x.fault.Cut; e.Cut != "" {
		e.HTTPStatus = 0 // there was no answer
	}
	e.Duration = time.Since(x.started)
	return x.sandbox.Record(*e)
}

// encode writes {"code":…,"data":…,"message":…}, data absent where there is none.
func encode(buf *bytes.Buffer, answer *platform.Answer) {
	buf.WriteString(`{"code":`)
	buf.Write(strconv.AppendInt(buf.AvailableBuffer(), int64(answer.Code), 10))
	if answer.Data != nil {
		buf.WriteString(`,"data":`)
		writeJSON(buf, answer.Data)
	}
	buf.WriteString(`,"message":`)
	buf.Write(sign.AppendJSONString(buf.AvailableBuffer(), answer.Message))
	buf.WriteByte('}')
}

func writeJSON(buf *bytes.Buffer, value any) {
	enc := json.NewEncoder(buf)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(value); err != nil {
		panic(err) // answers are plain values
	}
	buf.Truncate(buf.Len() - 1) // the encoder's newline
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
