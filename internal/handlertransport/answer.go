package handlertransport

import (
	"bytes"
	"maps"
	"net/http"
)

// Answer keeps what a handler answers until it is known what becomes of it, as net/http would have sent it: the first status, and the header as it
// was then.
type Answer struct {
	header, sent http.Header
	status       int
	body         bytes.Buffer
}

// NewAnswer is an answer to which nothing is written yet.
func NewAnswer() *Answer { return &Answer{header: http.Header{}} }

// Header is the header to write to.
func (a *Answer) Header() http.Header { return a.header }

// WriteHeader keeps the first status that is no interim one, and the header with it.
func (a *Answer) WriteHeader(status int) {
	if a.status == 0 && (status >= http.StatusOK || status == http.StatusSwitchingProtocols) {
		a.status, a.sent = status, a.header.Clone()
	}
}

// Write keeps a part of the body. It does not fail.
func (a *Answer) Write(p []byte) (int, error) {
	if a.status == 0 {
		if a.header.Get("Content-Type") == "" {
			a.header.Set("Content-Type", http.DetectContentType(p))
		}
		a.WriteHeader(http.StatusOK)
	}
	return a.body.Write(p)
}

// Flush is there for handlers that stream.
func (a *Answer) Flush() { a.WriteHeader(http.StatusOK) }

// Status is that of the answer, 0 where the handler has written nothing.
func (a *Answer) Status() int { return a.status }

// Sent is the header as it was when the status was written, nil where none was.
func (a *Answer) Sent() http.Header { return a.sent }

// Body is what was written so far.
func (a *Answer) Body() []byte { return a.body.Bytes() }

// Give writes the answer to whom it is for. Of a handler that has written nothing it is an empty 200, as in net/http.
func (a *Answer) Give(w http.ResponseWriter) {
	a.WriteHeader(http.StatusOK)
	maps.Copy(w.Header(), a.sent)
	w.WriteHeader(a.status)
	_, _ = w.Write(a.body.Bytes()) // who has gone needs no answer
}
