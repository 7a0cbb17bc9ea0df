// Package server is what answers: sandboxes, and before them the platform's paths and those of the control API, as a handler. It listens nowhere, has no pages
// for a browser, and keeps nothing unless it is given where: package mock adds all of that, and package inprocess none.
package server

import (
	"log/slog"
	"net/http"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/gin-gonic/gin"

	"github.com/etcp-mock/etcp-mock/mock/internal/api"
	"github.com/etcp-mock/etcp-mock/mock/internal/control"
	"github.com/etcp-mock/etcp-mock/mock/internal/ledger"
	"github.com/etcp-mock/etcp-mock/mock/internal/outgoing"
	"github.com/etcp-mock/etcp-mock/mock/internal/push"
	"github.com/etcp-mock/etcp-mock/mock/internal/registry"
	"github.com/etcp-mock/etcp-mock/mock/internal/runs"
	"github.com/etcp-mock/etcp-mock/mock/internal/sandbox"
)

// Options are what a server is made of.
type Options struct {
	Log       *slog.Logger
	Wall      func() time.Time
	Version   control.Version // but for that of Go
	Dialer    *outgoing.Dialer
	Hostile   bool   // see mock.WithHostile
	Scenarios string // a folder; "" for the built-in ones alone

	Ledger ledger.Ledger // nil: nothing is kept
	Shared bool          // others use the ledger, too
	Counts Counts        // nil: nothing is counted
	Pages  Pages
}

// Counts hears of each request, and of what becomes of pushes.
type Counts interface {
	api.RequestCounter
	sandbox.PushCounter
}

// Pages is what a server has beside the platform and the control API.
type Pages struct {
	Home     string                                      // where a person with a browser who asks for / is sent; "" for nowhere
	Register func(r gin.IRoutes, admin *control.Control) // nil where there are none
}

// Server answers by its Handler. Package mock documents what may be done with it, and when.
type Server struct {
	Sandboxes *registry.Registry
	Control   *control.Control
	API       *api.API
	Runs      *runs.Runs
	Handler   http.Handler // everything, for everybody
	Unknown   http.Handler // what the platform answers to a path that it does not have

	dialer *outgoing.Dialer
	wall   func() time.Time
}

// New makes a server without a sandbox.
func New(o Options) *Server {
	o.Version.GoVersion = runtime.Version()
	s := &Server{dialer: o.Dialer, wall: o.Wall}
	sender := push.NewSender(push.SenderOptions{Dialer: o.Dialer})
	s.Sandboxes = registry.New(o.Wall, sender, registry.Options{Ledger: o.Ledger, Shared: o.Shared, Counts: o.Counts, Failed: logFailure(o.Log)})
	s.Sandboxes.Unreliable = o.Hostile
	s.Runs = runs.New(o.Scenarios, o.Version.Replica, o.Log, control.Judge(o.Wall))
	s.API = api.New(s.Sandboxes, o.Counts, o.Log)
	s.Control = control.New(s.Sandboxes, s.Runs, o.Version, o.Log)
	s.Control.Examine = (&examiner{dialer: o.Dialer, underWay: map[string]bool{}}).examine
	quietly(func() { s.routes(o.Pages) })
	return s
}

// ginMode guards Gin's mode, which is the process's, while routes are registered.
var ginMode sync.Mutex

// quietly registers routes without Gin printing each of them on the standard output of whoever embeds the mock, and
// leaves the process's mode as it was.
func quietly(register func()) {
	ginMode.Lock()
	defer ginMode.Unlock()
	defer gin.SetMode(gin.Mode())
	gin.SetMode(gin.ReleaseMode)
	register()
}

func (s *Server) routes(pages Pages) {
	engine := gin.New()
	engine.RedirectTrailingSlash = false
	engine.UseRawPath = true // an escaped slash in a path stays in its element
	engine.UnescapePathValues = true
	unknown := gin.New()
	unknown.NoRoute(s.API.NoRoute)
	s.Unknown = unknown
	s.API.Register(engine)
	s.Control.Register(engine)
	if pages.Register != nil {
		pages.Register(engine, s.Control)
	}
	engine.NoRoute(func(c *gin.Context) {
		path := c.Request.URL.Path
		if pages.Home != "" && c.Request.Method == http.MethodGet && path == "/" && strings.Contains(c.GetHeader("Accept"), "text/html") {
			c.Redirect(http.StatusFound, pages.Home) // a person with a browser
			return
		}
		if strings.HasPrefix(path+"/", control.Prefix+"/") || slices.Contains([]string{"/healthz", "/readyz", "/metrics"}, path) {
			s.Control.NoRoute(c, engine.Routes())
			return
		}
		s.API.NoRoute(c)
	})
	s.Handler = engine
}

// Serve has the scenarios that the control API runs ask a handler: the server's own, or one in front of it.
func (s *Server) Serve(handler http.Handler) {
	transport := s.dialer.HTTP(nil)
	transport.DisableKeepAlives = true
	outside := &http.Client{Transport: s.dialer.Shared("scenarios", transport), Timeout: outsideTimeout}
	s.Runs.Serve(handler, outside, s.wall)
}

// outsideTimeout is how long a request of a scenario to anything but the server may take.
const outsideTimeout = 30 * time.Second

// Stop ends what goes on by itself or waits: runs of scenarios, streams of events, delays of faults.
func (s *Server) Stop() {
	s.Runs.Close()    // while everything still answers
	s.Control.Close() // before a listener, which waits for its answers to end
	s.API.Stop()
}

// logFailure logs what failed: an error as one, a panic with where it happened.
func logFailure(log *slog.Logger) func(what string, failure any, stack []byte) {
	return func(what string, failure any, stack []byte) {
		if err, ok := failure.(error); ok && len(stack) == 0 {
			log.Error(what+" failed", "error", err)
			return
		}
		log.Error(what+" failed", "panic", failure, "stack", string(stack))
	}
}
