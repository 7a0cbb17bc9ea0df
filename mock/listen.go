package mock

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io/fs"
	"log"
	"net"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/etcp-mock/etcp-mock/internal/httpserver"
	"github.com/etcp-mock/etcp-mock/mock/internal/api"
	"github.com/etcp-mock/etcp-mock/mock/internal/guard"
)

// WithAdminAddr serves the control API, the console and the metrics on an address of their own only: a TCP address such as
// 127.0.0.1:8788, port 0 takes a free one, or unix:/path/of/a/socket, which its owner alone can open. The platform's paths are there, too.
// [Server.Start] listens on it; what it serves on its own address, and [Server.Handler], is the platform alone.
func WithAdminAddr(addr string) Option { return func(o *options) { o.adminAddr = addr } }

// WithoutAdmin serves neither the control API, nor the console, nor the metrics.
func WithoutAdmin() Option { return func(o *options) { o.noAdmin = true } }

// listening is one listener and what it serves.
type listening struct {
	server *httpserver.Server
	addr   net.Addr
	done   chan struct{}
}

// Start listens on a TCP address such as 127.0.0.1:8787; port 0 takes a free one. With [WithAdminAddr] it listens there, too. An
// address that cannot be listened on is an [*OptionError].
func (s *Server) Start(addr string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed || len(s.listeners) > 0 {
		return errors.New("mock: started or closed already")
	}
	main, err := net.Listen("tcp", addr) //nolint:noctx // resolving a literal address does not wait
	if err != nil {
		return &OptionError{OptionAddr, CodeUnavailable, err}
	}
	if s.adminAddr == "" {
		s.guard.Listens(main.Addr())
		s.serveOn(main, s.public)
		return nil
	}
	admin, err := listenAdmin(s.adminAddr)
	if err != nil {
		return &OptionError{OptionAdminAddr, CodeUnavailable, errors.Join(err, main.Close())}
	}
	s.guard.Listens(admin.Addr())
	s.serveOn(main, s.public)
	s.serveOn(admin, s.guarded)
	return nil
}

func listenAdmin(addr string) (net.Listener, error) {
	path, unix := strings.CutPrefix(addr, "unix:")
	if !unix {
		return net.Listen("tcp", addr) //nolint:noctx // resolving a literal address does not wait
	}
	if info, err := os.Lstat(path); err == nil && info.Mode()&fs.ModeSocket != 0 {
		if conn, err := net.DialTimeout("unix", path, time.Second); err == nil { //nolint:noctx // it has a limit
			return nil, errors.Join(fmt.Errorf("another process listens on %s", path), conn.Close())
		}
		if err := os.Remove(path); err != nil { // it was left behind
			return nil, err
		}
	}
	listener, err := net.Listen("unix", path) //nolint:noctx // it does not wait
	if err != nil {
		return nil, err
	}
	if err := os.Chmod(path, 0o600); err != nil {
		return nil, errors.Join(err, listener.Close())
	}
	return listener, nil
}

// serveOn serves a handler on a listener until the server is closed; the lock is held.
func (s *Server) serveOn(listener net.Listener, handler http.Handler) {
	said := newHTTPWriter(s.log)
	l := &listening{addr: listener.Addr(), done: make(chan struct{}), server: httpserver.New(guard.EndChunked(handler), s.limits)}
	l.server.ErrorLog = log.New(said, "", 0)
	switch {
	case l.addr.Network() == "unix":
	case s.tls != nil:
		listener = tls.NewListener(listener, s.tls)
	default:
		listener = api.RepairRequestLines(listener, said.spokeTLS, api.RefusedHeads(handler))
	}
	s.listeners = append(s.listeners, l)
	go func() {
		defer close(l.done)
		if err := l.server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			s.log.Error("the listener ended", "error", err)
		}
	}()
}

// close takes no new request and waits for those in flight until the context ends.
func (l *listening) close(ctx context.Context) error {
	err := l.server.Shutdown(ctx)
	<-l.done
	return err
}

// Addr is where the server listens, or "" where it does not.
func (s *Server) Addr() string { return s.addrOf(0) }

// URL is the server's base URL, or "" where it does not listen.
func (s *Server) URL() string { return s.urlOf(s.Addr()) }

// AdminURL is the base URL of the control API: that of [WithAdminAddr], as http://127.0.0.1:8788 or unix:/path/of/a/socket, else [Server.URL]. It
// is "" where there is none.
func (s *Server) AdminURL() string {
	switch {
	case s.noAdmin:
		return ""
	case s.adminAddr == "":
		return s.URL()
	}
	addr := s.addrOf(1)
	if addr != "" && strings.HasPrefix(s.adminAddr, "unix:") {
		return "unix:" + addr
	}
	return s.urlOf(addr)
}

func (s *Server) addrOf(which int) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if which >= len(s.listeners) {
		return ""
	}
	return s.listeners[which].addr.String()
}

func (s *Server) urlOf(addr string) string {
	switch {
	case addr == "":
		return ""
	case s.tls != nil:
		return "https://" + reachable(addr)
	}
	return "http://" + reachable(addr)
}

// reachable is an address that this machine can be called by: 0.0.0.0 and [::] are every one it has.
func reachable(addr string) string {
	host, port, err := net.SplitHostPort(addr)
	if ip := net.ParseIP(host); err == nil && ip != nil && ip.IsUnspecified() {
		return net.JoinHostPort("127.0.0.1", port)
	}
	return addr
}
