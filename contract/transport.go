package contract

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
)

// handlerTransport answers requests by calling a handler: HTTP without a socket. A handler that panics has cut the connection,
// as it does in net/http; one that is too slow is left behind when the request's context ends.
type handlerTransport struct{ handler http.Handler }

func (t handlerTransport) RoundTrip(r *http.Request) (*http.Response, error) {
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
	in.RequestURI = r.URL.RequestURI()
	in.RemoteAddr = "192.0.2.1:1234" // an address for documentation, as net/http/httptest has it
	in.Host = r.URL.Host
	in.ContentLength = int64(len(body))
	in.Body = io.NopCloser(bytes.NewReader(body))
	done := make(chan *recorder, 1)
	go func() {
		defer cancel()
		w := &recorder{header: http.Header{}}
		defer func() {
			if p := recover(); p != nil {
				w.err = fmt.Errorf("%w: the handler panicked: %v", io.ErrUnexpectedEOF, p)
			}
			done <- w
		}()
		t.handler.ServeHTTP(w, in)
	}()
	select {
	case <-r.Context().Done():
		cancel()
		return nil, r.Context().Err()
	case w := <-done:
		if w.err != nil {
			return nil, w.err
		}
		return w.response(r), nil
	}
}

// recorder is a ResponseWriter of a handler that has the answer to itself.
type recorder struct {
	header http.Header
	sent   http.Header
	status int
	body   bytes.Buffer
	err    error
}

func (w *recorder) Header() http.Header { return w.header }

func (w *recorder) WriteHeader(status int) {
	if w.status == 0 && status >= http.StatusOK {
		w.status, w.sent = status, w.header.Clone()
	}
}

func (w *recorder) Write(p []byte) (int, error) {
	if w.status == 0 {
		if w.header.Get("Content-Type") == "" {
			w.header.Set("Content-Type", http.DetectContentType(p))
		}
		w.WriteHeader(http.StatusOK)
	}
	return w.body.Write(p)
}

func (w *recorder) Flush() { w.WriteHeader(http.StatusOK) }

func (w *recorder) response(r *http.Request) *http.Response {
	w.WriteHeader(http.StatusOK)
	return &http.Response{
		Status: fmt.Sprintf("%d %s", w.status, http.StatusText(w.status)), StatusCode: w.status,
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Header: w.sent,
		Body: io.NopCloser(&w.body), ContentLength: int64(w.body.Len()), Request: r,
	}
}
