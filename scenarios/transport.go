package scenarios

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"strconv"
)

// inProcessURL is where a handler without a socket seems to be: a loopback name, which its control API wants.
const inProcessURL = "http://127.0.0.1"

// HandlerTransport serves requests by a handler, without a socket. The handler runs to its end before the answer is
// handed on, so endless streams end with the request's context only.
func HandlerTransport(handler http.Handler) http.RoundTripper { return handlerTransport{handler} }

type handlerTransport struct{ handler http.Handler }

var errCut = errors.New("connection reset by peer")

// RoundTrip runs the handler. A handler that breaks the connection makes an error of it.
func (t handlerTransport) RoundTrip(req *http.Request) (res *http.Response, err error) {
	in := req.Clone(req.Context())
	in.RequestURI, in.RemoteAddr = req.URL.RequestURI(), "127.0.0.1:0"
	if in.Host == "" {
		in.Host = req.URL.Host
	}
	if in.Body == nil {
		in.Body = http.NoBody
	}
	defer func() { _ = in.Body.Close() }()
	w := &answerWriter{header: http.Header{}}
	aborted := w.serve(t.handler, in)
	switch {
	case req.Context().Err() != nil:
		return nil, req.Context().Err()
	case w.hijacked != nil && w.hijacked.written.Len() > 0:
		return http.ReadResponse(bufio.NewReader(bytes.NewReader(w.hijacked.written.Bytes())), req)
	case w.hijacked != nil, aborted && w.body.Len() == 0:
		return nil, errCut
	}
	w.WriteHeader(http.StatusOK)
	var body io.Reader = &w.body
	length := int64(w.body.Len())
	if declared, err := strconv.ParseInt(w.sent.Get("Content-Length"), 10, 64); (err == nil && declared > length) || aborted {
		body = io.MultiReader(body, brokenReader{})
		length = -1
	}
	return &http.Response{
		Status: strconv.Itoa(w.status) + " " + http.StatusText(w.status), StatusCode: w.status, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: w.sent, Body: io.NopCloser(body), ContentLength: length, Request: req,
	}, nil
}

type brokenReader struct{}

func (brokenReader) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

// answerWriter keeps what a handler answers.
type answerWriter struct {
	header, sent http.Header
	status       int
	body         bytes.Buffer
	hijacked     *keptConn
}

// serve runs the handler and reports whether it aborted, as net/http lets it.
func (w *answerWriter) serve(h http.Handler, r *http.Request) (aborted bool) {
	defer func() {
		switch failure := recover(); failure {
		case nil:
		case http.ErrAbortHandler:
			aborted = true
		default:
			panic(failure)
		}
	}()
	h.ServeHTTP(w, r)
	return false
}

func (w *answerWriter) Header() http.Header { return w.header }

func (w *answerWriter) WriteHeader(status int) {
	if w.status == 0 && (status >= 200 || status == http.StatusSwitchingProtocols) {
		w.status, w.sent = status, w.header.Clone()
	}
}

func (w *answerWriter) Write(b []byte) (int, error) {
	w.WriteHeader(http.StatusOK)
	return w.body.Write(b)
}

// Flush is there for handlers that stream.
func (w *answerWriter) Flush() { w.WriteHeader(http.StatusOK) }

// Hijack hands out a connection whose writes are the raw answer.
func (w *answerWriter) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	near, far := net.Pipe()
	_ = far.Close()
	w.hijacked = &keptConn{Conn: near}
	return w.hijacked, bufio.NewReadWriter(bufio.NewReader(w.hijacked), bufio.NewWriter(w.hijacked)), nil
}

type keptConn struct {
	net.Conn

	written bytes.Buffer
}

func (c *keptConn) Write(b []byte) (int, error) { return c.written.Write(b) }

// noting keeps what was sent where the context wants it.
type noting struct{ next http.RoundTripper }

type noteKey struct{}

// note is a request as it was sent.
type note struct {
	method, url, contentType string
	body                     []byte
}

func withNote(ctx context.Context, n *note) context.Context {
	return context.WithValue(ctx, noteKey{}, n)
}

func (t noting) RoundTrip(req *http.Request) (*http.Response, error) {
	if n, is := req.Context().Value(noteKey{}).(*note); is {
		*n = note{method: req.Method, url: req.URL.String(), contentType: req.Header.Get("Content-Type")}
		if req.GetBody != nil {
			if body, err := req.GetBody(); err == nil {
				n.body, _ = io.ReadAll(body)
			}
		}
	}
	next := t.next
	if next == nil {
		next = http.DefaultTransport
	}
	return next.RoundTrip(req)
}
