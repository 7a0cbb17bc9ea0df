// Package httpserver makes the HTTP servers of this module. Each of them has limits, so that no client that is slow, silent or one of very many
// holds up the others.
package httpserver

import (
	"net"
	"net/http"
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

// New makes a server with limits. They are for what a client sends: how long a handler takes is its own affair, and its request's context lives
// on meanwhile (net/http ends the limit for reading with the request that was read).
func New(handler http.Handler, l Limits) *http.Server {
	return &http.Server{
		Handler: handler, ReadHeaderTimeout: l.Header, ReadTimeout: l.Read, IdleTimeout: l.Idle, MaxHeaderBytes: l.MaxHeader,
	}
}

// Start makes a server with limits and serves a listener, at most so many connections at once, until the server is closed; what Serve answers
// then comes on the channel.
func Start(listener net.Listener, handler http.Handler, l Limits) (server *http.Server, done <-chan error) {
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
