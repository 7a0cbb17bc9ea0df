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
func New(handler http.Handler) http.RoundTripper { return transport{handler} }

type transport struct{ handler http.Handler }

// RoundTrip runs the handler.
func (t transport) RoundTrip(r *http.Request) (*http.Response, error) {
	body := []byte{}
	if r.Body != nil {
		defer func() { _ = r.Body.Close() }()
		var err error
		if body, err = io.ReadAll(r.Body); err != nil {
			return nil, err
		}
	}
	ctx, cancel := context.WithCancel(r.Context())
	in := r.Clone(ctx)
	in.RequestURI, in.RemoteAddr = r.URL.RequestURI(), "127.0.0.1:0"
	if in.Host == "" {
		in.Host = r.URL.Host
	}
	if in.ContentLength = int64(len(body)); r.ContentLength < 0 && len(body) > 0 { // as it comes in chunks
		in.ContentLength, in.TransferEncoding = -1, []string{"chunked"}
	}
	in.Body = io.NopCloser(bytes.NewReader(body))
	done := make(chan *writer, 1)
	go func() {
		defer cancel()
		w := &writer{header: http.Header{}}
		w.serve(t.handler, in)
		done <- w
	}()
	select {
	case <-r.Context().Done():
		cancel()
		return nil, r.Context().Err()
	case w := <-done:
		if r.Context().Err() != nil {
			return nil, r.Context().Err()
		}
		return w.response(r)
	}
}

// writer keeps what a handler answers.
type writer struct {
	header, sent http.Header
	status       int
	body         bytes.Buffer
	hijacked     *keptConn
	cut          error // the handler panicked
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

func (w *writer) Header() http.Header { return w.header }

func (w *writer) WriteHeader(status int) {
	if w.status == 0 && (status >= http.StatusOK || status == http.StatusSwitchingProtocols) {
		w.status, w.sent = status, w.header.Clone()
	}
}

func (w *writer) Write(p []byte) (int, error) {
	if w.status == 0 {
		if w.header.Get("Content-Type") == "" {
			w.header.Set("Content-Type", http.DetectContentType(p))
		}
		w.WriteHeader(http.StatusOK)
	}
	return w.body.Write(p)
}

// Flush is there for handlers that stream.
func (w *writer) Flush() { w.WriteHeader(http.StatusOK) }

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
