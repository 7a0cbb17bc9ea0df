package httpserver_test

import (
	"bufio"
	"context"
	"io"
	"net"
	"net/http"
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/internal/httpserver"
)

// start serves a handler until the test ends.
func start(t *testing.T, handler http.HandlerFunc, l httpserver.Limits) (addr string) {
	t.Helper()
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	require.NoError(t, err)
	server, done := httpserver.Start(listener, handler, l)
	t.Cleanup(func() {
		require.NoError(t, server.Close())
		require.ErrorIs(t, <-done, http.ErrServerClosed)
	})
	return listener.Addr().String()
}

// dial opens a connection and writes a text to it. Nothing is waited for longer than a minute.
func dial(t *testing.T, addr, text string) net.Conn {
	t.Helper()
	conn, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", addr)
	require.NoError(t, err)
	t.Cleanup(func() { _ = conn.Close() })
	require.NoError(t, conn.SetDeadline(time.Now().Add(time.Minute)))
	_, err = io.WriteString(conn, text)
	require.NoError(t, err)
	return conn
}

const request = "GET / HTTP/1.1\r\nHost: a\r\n\r\n"

func ok(w http.ResponseWriter, r *http.Request) {
	if _, err := io.Copy(io.Discard, r.Body); err != nil {
		w.WriteHeader(http.StatusRequestTimeout)
	}
}

// A client that does not finish its head or its body, or that sends no other request, is let go.
func TestStart_slowClients(t *testing.T) {
	t.Parallel()
	limits := httpserver.Limits{Header: time.Second, Read: 2 * time.Second, Idle: time.Second, MaxHeader: 1 << 12}
	addr := start(t, ok, limits)
	for name, text := range map[string]string{
		"nothing": "", "a part of a head": "GET / HTTP/1.1\r\nHo", "a part of a body": "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nab", "one request": request,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := io.Copy(io.Discard, dial(t, addr, text))
			require.NoError(t, err, "the server has closed it")
		})
	}
}

// A client that has sent everything may wait for a handler for longer than it might have taken to send: the handler is not told that it has gone.
func TestStart_slowHandler(t *testing.T) {
	t.Parallel()
	const limit = 2 * time.Second // for a machine that does something else meanwhile
	addr := start(t, func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		select {
		case <-r.Context().Done():
			w.WriteHeader(http.StatusGone)
		case <-time.After(limit + limit/4):
		}
	}, httpserver.Limits{Header: limit, Read: limit, Idle: time.Minute})
	for name, text := range map[string]string{
		"nothing": request, "a body": "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nab",
		"chunks": "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\r\n",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			res, err := http.ReadResponse(bufio.NewReader(dial(t, addr, text)), nil)
			require.NoError(t, err)
			require.NoError(t, res.Body.Close())
			require.Equal(t, http.StatusOK, res.StatusCode)
		})
	}
}

// So many connections are there at once, whatever becomes of each; who comes then waits for one of them to end.
func TestStart_connections(t *testing.T) {
	entered, leave := make(chan struct{}), make(chan struct{})
	addr := start(t, func(http.ResponseWriter, *http.Request) {
		entered <- struct{}{}
		<-leave
	}, httpserver.Limits{Connections: 2})
	const last = "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
	first, second := dial(t, addr, last), dial(t, addr, last)
	<-entered
	<-entered
	third := dial(t, addr, last)
	select {
	case <-entered:
		require.Fail(t, "a third was served beside two")
	case <-time.After(50 * time.Millisecond):
	}
	leave <- struct{}{}
	<-entered
	close(leave)
	for _, conn := range []net.Conn{first, second, third} {
		res, err := http.ReadResponse(bufio.NewReader(conn), nil)
		require.NoError(t, err)
		require.NoError(t, res.Body.Close())
	}
}

// A server whose connections are all taken can be closed.
func TestStart_closedWhileFull(t *testing.T) {
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	require.NoError(t, err)
	entered := make(chan struct{})
	server, done := httpserver.Start(listener, http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		close(entered)
		<-r.Context().Done()
	}), httpserver.Limits{Connections: 1})
	dial(t, listener.Addr().String(), request)
	<-entered
	require.NoError(t, server.Close())
	require.ErrorIs(t, <-done, http.ErrServerClosed)
}

// A server that ends answers what it was asked, and does not wait for connections on which nothing was: those that a browser opens ahead of need,
// and those of a client that does not finish its first head.
func TestServer_Shutdown(t *testing.T) {
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	require.NoError(t, err)
	entered, leave := make(chan struct{}), make(chan struct{})
	server, done := httpserver.Start(listener, http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		close(entered)
		<-leave
	}), httpserver.Usual)
	addr := listener.Addr().String()
	asked := dial(t, addr, request)
	<-entered
	nothing, part := dial(t, addr, ""), dial(t, addr, "GET / HTTP/1.1\r\nHo")
	ended := make(chan error, 1)
	go func() { ended <- server.Shutdown(t.Context()) }()
	for _, conn := range []net.Conn{nothing, part} {
		require.NoError(t, conn.SetDeadline(time.Now().Add(4*time.Second))) // net/http lets them live for five
		_, err := io.Copy(io.Discard, conn)
		require.NotErrorIs(t, err, os.ErrDeadlineExceeded, "the server has closed it")
	}
	select {
	case err := <-ended:
		require.Fail(t, "it ended before it had answered", "%v", err)
	default:
	}
	close(leave)
	require.NoError(t, <-ended)
	require.ErrorIs(t, <-done, http.ErrServerClosed)
	res, err := http.ReadResponse(bufio.NewReader(asked), nil)
	require.NoError(t, err)
	require.NoError(t, res.Body.Close())
	require.Equal(t, http.StatusOK, res.StatusCode)
}

// What is under way when the time is over is broken off.
func TestServer_Shutdown_timeOver(t *testing.T) {
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	require.NoError(t, err)
	entered := make(chan struct{})
	server, done := httpserver.Start(listener, http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		close(entered)
		<-r.Context().Done()
	}), httpserver.Usual)
	conn := dial(t, listener.Addr().String(), request)
	<-entered
	over, cancel := context.WithCancel(t.Context())
	cancel()
	require.ErrorIs(t, server.Shutdown(over), context.Canceled)
	require.ErrorIs(t, <-done, http.ErrServerClosed)
	_, err = io.Copy(io.Discard, conn)
	require.NotErrorIs(t, err, os.ErrDeadlineExceeded, "the server has closed it")
}

// No limit of what a command listens with is left out.
func TestUsual(t *testing.T) {
	server := httpserver.New(http.NotFoundHandler(), httpserver.Usual)
	require.Positive(t, httpserver.Usual.Connections)
	for _, limit := range []time.Duration{server.ReadHeaderTimeout, server.ReadTimeout, server.IdleTimeout, time.Duration(server.MaxHeaderBytes)} {
		require.Positive(t, limit)
	}
}
