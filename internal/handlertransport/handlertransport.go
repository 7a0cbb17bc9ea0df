// Package handlertransport answers HTTP requests by calling a handler: HTTP without a socket.
package handlertransport

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
)

// errCut is a connection that ended without an answer.
var errCut = errors.New("connection reset by peer")

// New makes a transport of a handler. An answer is handed on when the handler has returned, so an endless stream ends only with its
// request's context; a handler that is still running then is left to itself. A handler that panics or hijacks and closes the connection has cut it,
// as in net/http: what it had written arrives, followed by an error.
//
// Handlers run on goroutines that wait for the next request: they end once there was none for a tenth of a second, or with CloseIdleConnections.
func New(handler http.Handler) *Transport { return &Transport{handler: handler} }

// Transport answers requests by a handler. Safe for use by several goroutines.
type Transport struct {
	handler http.Handler
	workers workers
}

// CloseIdleConnections ends the goroutines that wait for a request; [http.Client.CloseIdleConnections] calls it.
func (t *Transport) CloseIdleConnections() { t.workers.end() }

// RoundTrip runs the handler.
func (t *Transport) RoundTrip(r *http.Request) (*http.Response, error) {
	ctx, cancel := context.WithCancel(r.Context())
	in, err := incoming(ctx, r)
	if err != nil {
		cancel()
		return nil, err
	}
	c := &call{request: in, cancel: cancel, answered: make(chan *writer, 1)}
	t.workers.run(t.handler, c)
	select {
	case <-r.Context().Done():
		cancel()
		t.workers.abandon(c)
		return nil, r.Context().Err()
	case w := <-c.answered:
		if r.Context().Err() != nil {
			return nil, r.Context().Err()
		}
		return w.response(r)
	}
}

// incoming is a request as a server has it, with a body of its own: the handler may read it when the client has given up.
func incoming(ctx context.Context, r *http.Request) (*http.Request, error) {
	body, length, err := bodyOf(r)
	if err != nil {
		return nil, err
	}
	in := r.Clone(ctx)
	in.RequestURI, in.RemoteAddr = r.URL.RequestURI(), "127.0.0.1:0"
	if in.Host == "" {
		in.Host = r.URL.Host
	}
	if in.ContentLength = length; r.ContentLength < 0 && length != 0 { // as it comes in chunks
		in.ContentLength, in.TransferEncoding = -1, []string{"chunked"}
	}
	in.Body = body
	return in, nil
}

// bodyOf is a request's body and its length. One that can be had again, from memory, is not copied.
func bodyOf(r *http.Request) (body io.ReadCloser, length int64, err error) {
	if r.Body == nil || r.Body == http.NoBody {
		return http.NoBody, 0, nil
	}
	defer func() { _ = r.Body.Close() }()
	if r.GetBody != nil && r.ContentLength != 0 {
		body, err = r.GetBody()
		return body, r.ContentLength, err
	}
	text, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, 0, err
	}
	return io.NopCloser(bytes.NewReader(text)), int64(len(text)), nil
}

// writer keeps what a handler answers, and how it broke the connection.
type writer struct {
	*Answer

	hijacked *keptConn
	cut      error // the handler panicked
}

func (w *writer) serve(h http.Handler, r *http.Request) {
	defer func() {
		switch failure := recover(); failure {
		case nil:
		case http.ErrAbortHandler:
			w.cut = errCut
		default:
			w.cut = fmt.Errorf("%w: the handler panicked: %v", io.ErrUnexpectedEOF, failure)
		}
	}()
	h.ServeHTTP(w, r)
}

// Hijack hands out a connection whose writes are the raw answer.
func (w *writer) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	near, far := net.Pipe()
	_ = far.Close()
	w.hijacked = &keptConn{Conn: near}
	return w.hijacked, bufio.NewReadWriter(bufio.NewReader(w.hijacked), bufio.NewWriter(w.hijacked)), nil
}

type keptConn struct {
	net.Conn

	written bytes.Buffer
}

func (c *keptConn) Write(p []byte) (int, error) { return c.written.Write(p) }

// response is what a client would have read.
func (w *writer) response(r *http.Request) (*http.Response, error) {
	switch {
	case w.hijacked != nil && w.hijacked.written.Len() > 0:
		return http.ReadResponse(bufio.NewReader(bytes.NewReader(w.hijacked.written.Bytes())), r)
	case w.hijacked != nil:
		return nil, errCut
	case w.cut != nil && w.body.Len() == 0:
		return nil, w.cut
	}
	w.WriteHeader(http.StatusOK)
	var body io.Reader = &w.body
	length := int64(w.body.Len())
	declared, err := strconv.ParseInt(w.sent.Get("Content-Length"), 10, 64)
	if err == nil && declared > length || w.cut != nil {
		body, length = io.MultiReader(body, cutShort{}), -1
	}
	return &http.Response{
		Status: strconv.Itoa(w.status) + " " + http.StatusText(w.status), StatusCode: w.status,
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: w.sent, Body: io.NopCloser(body), ContentLength: length, Request: r,
	}, nil
}

// cutShort is the end of a body that was cut off.
type cutShort struct{}

func (cutShort) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }
