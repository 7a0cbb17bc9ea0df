// Package httpserver makes the HTTP servers of this module. Each of them has limits, so that no client that is slow, silent or one of very many
// holds up the others.
package httpserver

import (
	"context"
	"errors"
	"maps"
	"net"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/net/netutil"
)

// Limits are those of a server.
type Limits struct {
	Header, Read, Idle time.Duration // for a request's head, for all of it, and between two
	MaxHeader          int           // bytes of a head; a GET has all its parameters there
	Connections        int           // at once; 0 is any number
}

// Usual are the limits of whatever a command listens with.
var Usual = Limits{Header: 10 * time.Second, Read: 60 * time.Second, Idle: 2 * time.Minute, MaxHeader: 1 << 20, Connections: 1024}

// Server is a server of this module.
type Server struct {
	http.Server
	unused unused
}

// New makes a server with limits. They are for what a client sends: how long a handler takes is its own affair, and its request's context lives
// on meanwhile (net/http ends the limit for reading with the request that was read).
func New(handler http.Handler, l Limits) *Server {
	s := &Server{Server: http.Server{
		Handler: handler, ReadHeaderTimeout: l.Header, ReadTimeout: l.Read, IdleTimeout: l.Idle, MaxHeaderBytes: l.MaxHeader,
	}}
	s.ConnState = s.unused.follow
	return s
}

// Start makes a server with limits and serves a listener, at most so many connections at once, until the server is closed; what Serve answers
// then comes on the channel.
func Start(listener net.Listener, handler http.Handler, l Limits) (server *Server, done <-chan error) {
	server = New(handler, l)
	ended := make(chan error, 1)
	if l.Connections > 0 {
		listener = netutil.LimitListener(listener, l.Connections)
	}
	go func() {
		ended <- server.Serve(listener)
		close(ended)
	}()
	return server, ended
}

// Shutdown takes no new connection, waits for the requests under way until the context ends, and closes what is left then. A connection on
// which nothing was asked yet is closed after [firstRequest]: browsers and HTTP clients open some that they may need, and net/http would wait five
// seconds for each. The error says that requests were broken off.
func (s *Server) Shutdown(ctx context.Context) error {
	timer := time.AfterFunc(firstRequest, s.unused.close)
	defer timer.Stop()
	err := s.Server.Shutdown(ctx)
	if err != nil {
		err = errors.Join(err, s.Close())
	}
	return err
}

// firstRequest is how long a connection is waited for that was accepted before the end: what was sent on it may not be read yet.
const firstRequest = 200 * time.Millisecond

// unused are the connections on which no request was read yet. Where there are none, which is nearly always, a request costs the look at their number.
type unused struct {
	number atomic.Int32
	mu     sync.Mutex
	conns  map[net.Conn]struct{}
}

func (u *unused) follow(conn net.Conn, state http.ConnState) {
	if state != http.StateNew && u.number.Load() == 0 {
		return
	}
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.conns == nil {
		u.conns = map[net.Conn]struct{}{}
	}
	if state == http.StateNew {
		u.conns[conn] = struct{}{}
	} else {
		delete(u.conns, conn)
	}
	u.number.Store(int32(len(u.conns))) //nolint:gosec // not as many connections
}

func (u *unused) close() {
	u.mu.Lock()
	conns := slices.Collect(maps.Keys(u.conns))
	u.mu.Unlock()
	for _, conn := range conns {
		_ = conn.Close() // the server finds it closed, and forgets it
	}
}
