// Package control is the control API: how a test, the command line and the
// console drive the mock. Handlers return; one adapter reads, writes and turns
// errors into RFC 9457 problems.
package control

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"github.com/gin-gonic/gin"

	"github.com/etcp-mock/etcp-mock/internal/mask"
	"github.com/etcp-mock/etcp-mock/internal/readall"
	"github.com/etcp-mock/etcp-mock/mock/internal/events"
	"github.com/etcp-mock/etcp-mock/mock/internal/ledger"
	"github.com/etcp-mock/etcp-mock/mock/internal/problem"
	"github.com/etcp-mock/etcp-mock/mock/internal/registry"
	"github.com/etcp-mock/etcp-mock/mock/internal/runs"
	"github.com/etcp-mock/etcp-mock/mock/internal/sandbox"
	"github.com/etcp-mock/etcp-mock/mock/internal/strict"
)

// Version says what is running.
type Version struct {
	Version   string `json:"version"`
	Commit    string `json:"commit"`
	GoVersion string `json:"goVersion"`
	Replica   string `json:"replica,omitempty"` // the name of the process that answers, where several share a store
}

// Replica is one of the processes that share a store, and what it owns.
type Replica struct {
	Name      string   `json:"name"`
	Addr      string   `json:"addr"` // where the others reach it
	Self      bool     `json:"self"` // it is the one that answers
	Live      bool     `json:"live"`
	SilentMs  int64    `json:"silentMs"` // since the store heard of it
	Sandboxes []string `json:"sandboxes"`
}

// Control serves the control API for every sandbox of a server.
type Control struct {
	registry *registry.Registry
	version  Version
	log      *slog.Logger

	// Heartbeat is how often a quiet stream of events shows that it lives. It is
	// set before the first is served.
	Heartbeat time.Duration
	// Examine examines merchants' endpoints; nil where that cannot be done.
	Examine Examine
	// Replicas are the processes that share this one's store, by name; nil where it shares none.
	Replicas func(ctx context.Context) ([]Replica, error)
	// InTouch tells whether this process may answer for what it owns; nil: always.
	InTouch func() bool

	recordings chan struct{} // holds one while a recording is made
	longest    int           // bytes of a recording
	broadcasts *events.Broadcasts
	runs       *runs.Runs
	life       context.Context //nolint:containedctx // the server's own, ended by Close
	end        context.CancelFunc
	said       atomic.Int64    // the minute in which the log last had what a client is not told
	moves      context.Context //nolint:containedctx // ended by BreakOff
	breakOff   context.CancelFunc
}

// New makes the control API.
func New(sandboxes *registry.Registry, scenarios *runs.Runs, version Version, log *slog.Logger) *Control {
	a := &Control{Heartbeat: heartbeat, registry: sandboxes, runs: scenarios, version: version, log: log, recordings: make(chan struct{}, 1), longest: maxRecording, broadcasts: events.New(log, shape)}
	a.life, a.end = context.WithCancel(context.Background())
	a.moves, a.breakOff = context.WithCancel(context.Background())
	return a
}

// Close ends the streams of events, which would go on for ever, and the calls
// that wait for something to happen.
func (a *Control) Close() {
	a.end()
	a.broadcasts.Close()
}

// BreakOff ends the moves of clocks, which Close lets end by themselves. Each answers how far it came.
func (a *Control) BreakOff() { a.breakOff() }

// Followers is how many follow the events of any sandbox.
func (a *Control) Followers() int { return a.broadcasts.Count() }

// Prefix is where the control API lives.
const Prefix = "/__admin"

// call is one request to the control API, for its handler.
type call struct {
	ctx     context.Context //nolint:containedctx // lives as long as the request
	moving  context.Context //nolint:containedctx // of a move of the clock, which a stop lets end as long as there is time
	gin     *gin.Context
	sandbox *sandbox.Sandbox // where the path names one
	body    []byte
}

// reply is what a handler answers: a status and a body, nil for none.
type reply struct {
	status int
	body   any

	hides   mask.Masker              // hides keys
	members func(member string) bool // in what is within these members; nil: in what somebody sent
}

func ok(body any) (reply, error)      { return reply{status: http.StatusOK, body: body}, nil }
func created(body any) (reply, error) { return reply{status: http.StatusCreated, body: body}, nil }
func noContent(err error) (reply, error) {
	return reply{status: http.StatusNoContent}, err
}

type handler func(*call) (reply, error)

// Register adds the routes.
func (a *Control) Register(r gin.IRoutes) {
	for _, route := range a.routes() {
		r.Handle(route.method, route.path, func(c *gin.Context) { a.serve(c, &route) })
	}
}

// NoRoute answers a path or a method that the server does not have: all are its routes, also those that others have added.
func (a *Control) NoRoute(c *gin.Context, all gin.RoutesInfo) {
	path := c.Request.URL.Path
	var allowed []string
	for _, route := range all {
		if samePath(route.Path, c.Request.URL.EscapedPath()) { // as routes are found: an escaped slash or letter is no other's
			allowed = append(allowed, route.Method)
		}
	}
	slices.Sort(allowed)
	if len(allowed) == 0 {
		a.refuse(c, problem.Missing(problem.UnknownPath, "no such path: "+path))
		return
	}
	takes := strings.Join(allowed, ", ")
	c.Header("Allow", takes)
	a.refuse(c, problem.Fail(http.StatusMethodNotAllowed, path+" takes "+takes+", not "+c.Request.Method))
}

func samePath(pattern, path string) bool {
	for pattern != "" && path != "" {
		if pattern[0] == ':' {
			pattern, path = afterElement(pattern), afterElement(path)
			continue
		}
		if pattern[0] != path[0] {
			return false
		}
		pattern, path = pattern[1:], path[1:]
	}
	return pattern == path
}

func afterElement(text string) string {
	for i := range len(text) {
		if text[i] == '/' {
			return text[i:]
		}
	}
	return ""
}

// The bounds of a body: a state that is put back, a fixture, a signature to explain, and every other.
const (
	maxBody        = 2 << 20
	maxSignBody    = 8 << 20 // a mebibyte of data, escaped
	maxFixtureBody = 128 << 20
	maxStateBody   = 512 << 20
)

// patience is how much more of a body that is too large is read before the answer, in bytes.
const patience = 64 << 20

// answerTimeout is how long a client may take to read an answer.
const answerTimeout = 5 * time.Minute

func (a *Control) serve(c *gin.Context, route *route) {
	defer func() {
		if failure := recover(); failure != nil {
			a.log.Error("the control API failed", "path", c.Request.URL.Path, "panic", failure, "stack", string(debug.Stack()))
			write(c, refusal(problem.Fail(http.StatusInternalServerError, "the mock failed at this request; its log says where")))
		}
	}()
	ctx, cancel := context.WithCancel(c.Request.Context())
	defer cancel()
	defer context.AfterFunc(a.life, cancel)()
	moving, stop := context.WithCancel(c.Request.Context())
	defer stop()
	defer context.AfterFunc(a.moves, stop)()
	in := &call{ctx: ctx, moving: moving, gin: c}
	if id, named := c.Params.Get("id"); named { // it may be empty
		s, found := a.registry.Get(id)
		if !found {
			a.refuse(c, problem.Missing(problem.UnknownSandbox, "no sandbox "+strconv.Quote(id)))
			return
		}
		in.sandbox = s
	}
	err := in.knowsQuery()
	if err == nil {
		err = in.read(route.mostBody)
	}
	if err == nil && route.keeps {
		err = unhidden(in.body)
	}
	if err != nil {
		a.refuse(c, err)
		return
	}
	out, err := route.handle(in)
	if err == nil && in.sandbox != nil {
		err = in.sandbox.Durable(ctx) // nobody is told of what may be lost
	}
	if errors.Is(err, sandbox.ErrClosed) && a.life.Err() != nil {
		err = context.Canceled // not this sandbox has gone, but the server stops
	}
	if err != nil {
		a.logs(err)
		out = refusal(err)
	}
	out.members = route.members()
	if in.sandbox != nil {
		out.hides = in.sandbox.Hides() // though it may have been deleted since
	} else {
		out.hides = a.hides(c)
	}
	write(c, out)
}

func (in *call) read(limit int64) error {
	sent := in.gin.Request.Body
	if in.gin.Request.ContentLength > limit+patience { // to be answered at once
		return problem.Fail(http.StatusRequestEntityTooLarge, "the body is over "+strconv.FormatInt(limit>>20, 10)+" MiB")
	}
	body, err := readall.Bounded(http.MaxBytesReader(in.gin.Writer, sent, limit), in.gin.Request.ContentLength, limit+1)
	if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
		_, _ = io.CopyN(io.Discard, sent, patience) // a client that is still sending does not look for the answer
		return problem.Fail(http.StatusRequestEntityTooLarge, "the body is over "+strconv.FormatInt(limit>>20, 10)+" MiB")
	}
	if err != nil {
		return problem.Fail(http.StatusBadRequest, "the body broke off")
	}
	in.body = body
	// The limit on reading is the request's, which has been read; a call may wait longer than that for its answer. A recorder has none.
	_ = http.NewResponseController(in.gin.Writer).SetReadDeadline(time.Time{})
	return nil
}

// none is decode for a call that takes no body.
func (in *call) none() error { return in.decode(&struct{}{}) }

// decode reads the body strictly: everything wrong with it at once.
func (in *call) decode(into any) error {
	body := in.body
	if len(body) == 0 {
		body = []byte("{}")
	}
	problems := strict.Decode(body, into, strict.Limits{})
	if len(problems) == 0 {
		return nil
	}
	invalid := &strict.Invalid{}
	for _, p := range problems {
		invalid.Problems = append(invalid.Problems, strict.Problem{Pointer: p.Pointer, Detail: p.Detail})
	}
	return invalid
}

func write(c *gin.Context, out reply) {
	if s, ok := out.body.(stream); ok {
		s(c)
		return
	}
	if out.body == nil {
		c.Status(out.status)
		c.Writer.WriteHeaderNow()
		return
	}
	if p, ok := out.body.(problem.Problem); ok {
		out.body = p.In(c.Writer.Header(), c.Request)
	} else {
		c.Header("Content-Type", "application/json; charset=utf-8")
	}
	defer answering(c)()
	c.Status(out.status)
	var text bytes.Buffer
	enc := json.NewEncoder(&text)
	enc.SetEscapeHTML(false)
	_ = enc.Encode(out.body) //nolint:errchkjson // the handlers' own plain types
	_, _ = c.Writer.Write(hideIn(text.Bytes(), out.hides, out.members))
}

// answering gives the client its time to read the answer, until what it gives is called.
func answering(c *gin.Context) (ended func()) {
	control := http.NewResponseController(c.Writer)
	_ = control.SetWriteDeadline(time.Now().Add(answerTimeout)) // a recorder has none
	return func() { _ = control.SetWriteDeadline(time.Time{}) }
}

func (a *Control) health(*call) (reply, error) {
	return ok(map[string]string{"status": "ok"})
}

// ready says whether every sandbox can be written.
func (a *Control) ready(in *call) (reply, error) {
	if err := a.registry.Ready(); err != nil {
		return reply{}, err
	}
	if a.InTouch != nil && !a.InTouch() {
		return reply{}, ledger.ErrUnavailable
	}
	return a.health(in)
}

// listReplicas lists who shares the store, and who owns what; nobody where the server has none to share.
func (a *Control) listReplicas(in *call) (reply, error) {
	page, err := in.page()
	if err != nil {
		return reply{}, err
	}
	all := []Replica{}
	if a.Replicas != nil {
		if all, err = a.Replicas(in.ctx); err != nil {
			return reply{}, err
		}
	}
	return listed(paged(all, page, func(r Replica) string { return r.Name }, byText))
}

// logs writes an error of the store into the log, once a minute, where whoever has asked is told less.
func (a *Control) logs(err error) {
	if ledger.PublicText(err) == err.Error() {
		return
	}
	if minute := time.Now().Unix() / 60; a.said.Swap(minute) != minute {
		a.log.Error("the control API could not do what was asked", "error", err)
	}
}

// refusal is the reply to a call that failed.
func refusal(err error) reply {
	p := problem.Of(err)
	return reply{status: p.Status, body: p}
}
