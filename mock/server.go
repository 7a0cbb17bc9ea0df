// Package mock is the ETCP Open Platform as an embeddable server: the
// platform's endpoints, the control API and the deliveries of pushes.
//
//	server, err := mock.New(mock.WithSeed(7))
//	if err != nil { … }
//	if err := server.Start("127.0.0.1:0"); err != nil { … }
//	defer server.Close(ctx)
//	fmt.Println(server.URL())
//
// Several servers live side by side in one process. Tests want package mocktest.
package mock

import (
	"context"
	"crypto/tls"
	"errors"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"time"
	"unicode"

	"github.com/gin-gonic/gin"

	"github.com/etcp-mock/etcp-mock/internal/httpserver"
	"github.com/etcp-mock/etcp-mock/mock/internal/console"
	"github.com/etcp-mock/etcp-mock/mock/internal/control"
	"github.com/etcp-mock/etcp-mock/mock/internal/fixture"
	"github.com/etcp-mock/etcp-mock/mock/internal/guard"
	"github.com/etcp-mock/etcp-mock/mock/internal/metrics"
	"github.com/etcp-mock/etcp-mock/mock/internal/openapi"
	"github.com/etcp-mock/etcp-mock/mock/internal/outgoing"
	"github.com/etcp-mock/etcp-mock/mock/internal/registry"
	"github.com/etcp-mock/etcp-mock/mock/internal/server"
	"github.com/etcp-mock/etcp-mock/mock/internal/strict"
)

// Server is one mock. It is made by [New].
type Server struct {
	core    *server.Server
	guarded http.Handler // for everybody
	public  http.Handler // for everybody, on the platform's address
	guard   *guard.Guard
	log     *slog.Logger
	limits  httpserver.Limits
	tls     *tls.Config
	kept    Kept
	member  server.Member // nil: it shares its data with no other

	seed      *uint64 // that of the option; nil: none was given
	adminAddr string  // "" for that of everything
	noAdmin   bool

	mu        sync.Mutex
	listeners []*listening // the first is that of the platform's paths
	closed    bool
}

type options struct {
	log     *slog.Logger
	seed    *uint64
	fixture []byte

	fallback *uint64 // where no seed is named
	wall     func() time.Time
	version  control.Version
	hostile  bool

	scenarios string // a folder
	admin     guard.Options
	adminAddr string
	noAdmin   bool
	outgoing  outgoing.Options
	limits    httpserver.Limits
	tls       *tls.Config

	data    string        // the directory or the database of the ledger, "" for none
	sync    time.Duration // how often a directory is synced
	replica Replica       // how it takes part with others that share a database; nil: it cannot
}

// Option changes how a server is made.
type Option func(*options)

// WithLogger sends the server's log to l; without it nothing is logged.
func WithLogger(l *slog.Logger) Option { return func(o *options) { o.log = l } }

// WithSeed makes everything random in the sandbox default follow from a seed.
func WithSeed(seed uint64) Option { return func(o *options) { o.seed = &seed } }

// WithDefaultSeed is the seed of the sandbox default where neither WithSeed nor
// its fixture names one; without it that is another each time.
func WithDefaultSeed(seed uint64) Option { return func(o *options) { o.fallback = &seed } }

// WithFixture starts the sandbox default from a fixture, as JSON; of a file in
// YAML scenarios.ReadFixture makes that. Without it default has the merchant
// demo with the key demo-key and a small city.
func WithFixture(fixture []byte) Option { return func(o *options) { o.fixture = fixture } }

// WithClock replaces the wall clock, which the check of time_stamp and running
// sandbox clocks read.
func WithClock(now func() time.Time) Option { return func(o *options) { o.wall = now } }

// WithHostile makes the platform a trying one, in the sandbox default and in
// those made without a fixture: tokens expire after two minutes
// (rule token.ttl), surroundingparking gives pages of two (search.page), one
// answer in twenty is code 2, one push in five comes twice and one in five
// late, by a median of two seconds. It is made of ordinary rules and faults,
// which the control API shows and can take away; a rule that the fixture of
// default sets stays. Chance comes from the sandbox's seed.
func WithHostile() Option { return func(o *options) { o.hostile = true } }

// WithAdminToken asks for a token wherever the control API and the metrics are
// called, as Authorization: Bearer. Without it a server makes one up, and asks for
// it only where it listens on an address that is no loopback; see AdminToken.
func WithAdminToken(token string) Option { return func(o *options) { o.admin.Token = token } }

// WithAdminHost lets a request for the control API, the console or the metrics
// name the server so in its Host header; the names of the loopback address
// always may. A host is without a port.
func WithAdminHost(hosts ...string) Option {
	return func(o *options) { o.admin.Hosts = append(o.admin.Hosts, hosts...) }
}

// WithPushAllow limits where pushes may go: to hosts ("merchant.test", also
// "*.merchant.test"), to hosts at a port ("127.0.0.1:9000"), and to addresses
// in a network ("10.0.0.0/8"), whatever name leads there. A push to anywhere else
// is a failed attempt, and nobody is contacted. Without it pushes go anywhere.
func WithPushAllow(patterns ...string) Option {
	return func(o *options) { o.outgoing.Allow = append(o.outgoing.Allow, patterns...) }
}

// WithPushDenyPrivate refuses to connect to this machine and to private networks, but for what WithPushAllow lists. It is for servers
// that are shared with people who should not reach what stands beside the server.
func WithPushDenyPrivate() Option { return func(o *options) { o.outgoing.DenyPrivate = true } }

// WithTLS serves HTTPS, with the certificates of a configuration. It speaks HTTP/1.1
// only, where a fault can reset a connection.
func WithTLS(config *tls.Config) Option {
	return func(o *options) {
		o.tls = config.Clone()
		o.tls.NextProtos = []string{"http/1.1"}
	}
}

// WithVersion is what GET /__admin/version says.
func WithVersion(version, commit string) Option {
	return func(o *options) { o.version.Version, o.version.Commit = version, commit }
}

// FixtureError is a fixture that was refused whole: everything that is wrong
// with it, each by its JSON pointer.
type FixtureError struct {
	Problems []FixtureProblem
}

// FixtureProblem is one thing that is wrong with a fixture.
type FixtureProblem struct {
	Pointer string // RFC 6901, such as /parkings/0/lat
	Detail  string
}

func (e *FixtureError) Error() string {
	texts := make([]string, len(e.Problems))
	for i, p := range e.Problems {
		texts[i] = strings.TrimPrefix(p.Pointer+": "+p.Detail, ": ")
		if p.Pointer == "" && strings.HasPrefix(p.Detail, "not JSON") {
			texts[i] += " (scenarios.ReadFixture makes JSON of YAML)"
		}
	}
	return "fixture: " + strings.Join(texts, "; ")
}

// check refuses options that cannot be, or not together.
func (o *options) check() error {
	if o.noAdmin && o.adminAddr != "" {
		return &OptionError{OptionAdminAddr, CodeConflict, errors.New("an admin address, and no admin: one of them")}
	}
	if strings.ContainsFunc(o.admin.Token, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }) {
		return &OptionError{OptionAdminToken, CodeInvalid, errors.New("has white space in it, perhaps a line end behind it: no client could send it")}
	}
	return nil
}

// New makes a server that listens nowhere yet; its Handler works already. Its
// error is a [*FixtureError], or an [*OptionError] that says which option cannot
// be, and why.
func New(opts ...Option) (*Server, error) {
	o := options{log: slog.New(slog.DiscardHandler), wall: time.Now, version: control.Version{Version: "dev"}, limits: httpserver.Usual}
	for _, opt := range opts {
		opt(&o)
	}
	if err := o.check(); err != nil {
		return nil, err
	}
	start := fixture.Demo()
	if o.fixture != nil {
		var err error
		if start, err = control.ReadFixture(o.fixture, o.wall()); err != nil {
			return nil, fixtureError(err)
		}
		o.fixture = nil // as large as a million car parks are, it is not to be held while these are made of what it says
	}
	dialer, err := outgoing.New(o.outgoing)
	if err != nil {
		return nil, &OptionError{OptionPushAllow, CodeInvalid, err}
	}
	s := &Server{log: o.log, limits: o.limits, seed: o.seed, tls: o.tls, adminAddr: o.adminAddr, noAdmin: o.noAdmin}
	kept, err := s.openLedger(&o)
	if err != nil {
		return nil, err
	}
	counts := metrics.New(s.held)
	s.core = server.New(server.Options{
		Log: o.log, Wall: o.wall, Version: o.version, Dialer: dialer, Hostile: o.hostile, Scenarios: o.scenarios,
		Ledger: kept, Shared: s.member != nil, Counts: counts, Pages: pages(o.version.Version, counts),
	})
	s.guard = guard.New(o.admin)
	handler := s.core.Handler
	if s.member != nil {
		if handler, err = s.member.Join(s.core, o.log, o.limits); err != nil {
			s.core.Sandboxes.Close()
			return nil, err
		}
	}
	if err := s.open(registry.Spec{Seed: o.seed, Fallback: o.fallback, Fixture: start}); err != nil {
		return nil, errors.Join(err, s.Close(context.Background()))
	}
	s.core.Serve(handler)
	s.guarded = s.guard.Wrap(handler)
	if s.public = s.guarded; o.noAdmin || o.adminAddr != "" {
		s.public = guard.Public(handler, s.core.Unknown)
	}
	return s, nil
}

// pages are what a person or Prometheus asks for.
func pages(version string, counts *metrics.Metrics) server.Pages {
	return server.Pages{Home: console.Path, Register: func(r gin.IRoutes, admin *control.Control) {
		openapi.Register(r, version, admin.Hide)
		console.Console{}.Register(r)
		for _, method := range []string{http.MethodGet, http.MethodHead} {
			r.Handle(method, "/metrics", gin.WrapH(counts.Handler()))
		}
	}}
}

func fixtureError(err error) error {
	var invalid *strict.Invalid
	if !errors.As(err, &invalid) {
		return err
	}
	out := &FixtureError{}
	for _, p := range invalid.Problems {
		out.Problems = append(out.Problems, FixtureProblem{p.Pointer, p.Detail})
	}
	return out
}

// held is what the server holds at the moment.
func (s *Server) held() (h metrics.Held) {
	h.EventReaders = s.core.Control.Followers()
	for _, sb := range s.core.Sandboxes.All() {
		h.Sandboxes++
		h.Journal += sb.JournalLen()
		h.PushesPending += sb.Pending()
	}
	return h
}

// Handler serves everything, for use without a socket or on a listener of one's
// own; what that listener lets through is guarded as what Start serves is.
func (s *Server) Handler() http.Handler { return s.public }

// AdminToken is what the control API wants as Authorization: Bearer where the
// server does not listen on a loopback address, or where WithAdminToken was given.
// generated says that the server made it up, so that somebody has to be shown it.
func (s *Server) AdminToken() (token string, generated bool) { return s.guard.Token() }

// Pending counts, by sandbox, the pushes that are neither delivered nor given up.
func (s *Server) Pending() map[string]int {
	pending := map[string]int{}
	for _, sb := range s.core.Sandboxes.All() {
		if n := sb.Pending(); n > 0 {
			pending[sb.ID()] = n
		}
	}
	return pending
}

// Close stops the server: no new request is taken, those in flight finish (until
// the context ends), and push attempts under way are broken off; Pending says
// what was not delivered.
func (s *Server) Close(ctx context.Context) error {
	s.mu.Lock()
	if s.closed {
		s.mu.Unlock()
		return nil
	}
	s.closed = true
	listeners := s.listeners
	s.mu.Unlock()
	s.core.Stop()
	defer s.breakOff(ctx)()
	var err error
	for _, l := range listeners {
		err = errors.Join(err, l.close(ctx))
	}
	if s.member != nil {
		err = errors.Join(err, s.member.Leave(context.WithoutCancel(ctx)))
	}
	s.core.Sandboxes.Close()
	return err
}

// lastAnswers is how long before its end a stop breaks off the moves of clocks, so that each still answers how far it came.
const lastAnswers = 2 * time.Second

// breakOff breaks off moves of clocks shortly before a context ends, or when what it gives is called.
func (s *Server) breakOff(ctx context.Context) (now func()) {
	deadline, limited := ctx.Deadline()
	if !limited {
		return s.core.Control.BreakOff
	}
	left := time.Until(deadline)
	timer := time.AfterFunc(max(left-lastAnswers, left/2), s.core.Control.BreakOff)
	return func() {
		timer.Stop()
		s.core.Control.BreakOff()
	}
}
