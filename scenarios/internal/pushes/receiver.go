// Package pushes takes the pushes that a runner listens for, and judges how one was sent (§10).
package pushes

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"path"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/etcp-mock/etcp-mock/internal/httpserver"
	"github.com/etcp-mock/etcp-mock/internal/readall"
	"github.com/etcp-mock/etcp-mock/schemas"
)

// Receiver is an http.Handler that takes pushes, for a runner that listens. It answers each with code 0 and keeps it; the
// kind is the last element of the path (…/unbind), or, where that is none, what the fields are those of: then unbind and
// certification-invalid, whose fields are the same, both fit. A query says what is answered in place of that: status, body, type (the
// content type), location, after (how much later) and cut (the connection ends before the last byte that is promised), which count for the first so many pushes at that URL where times is given.
type Receiver struct {
	// URL is where the handler is served, as the platform reaches it.
	URL string

	mu     sync.Mutex
	pushes []Received
	more   chan struct{}
}

// Received is a push that came.
type Received struct {
	Kind string // "" where it is unbind or certification-invalid
	At   time.Time
	Body []byte // the JSON of its fields
	Raw  []byte // the body as it came

	Method      string
	ContentType string
	Query       string
	URI         string // path and query
}

const (
	maxPushBody = 1 << 20
	maxReceived = 100_000
)

// ServeHTTP takes a push.
func (r *Receiver) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	raw, err := readall.Bounded(http.MaxBytesReader(w, req.Body, maxPushBody), req.ContentLength, maxPushBody+1)
	if err != nil {
		http.Error(w, err.Error(), http.StatusRequestEntityTooLarge)
		return
	}
	fields := fieldsOf(raw, req)
	r.keep(Received{
		Kind: kindOf(req.URL.Path, fields), At: time.Now(), Body: fields, Raw: raw,
		Query: req.URL.RawQuery, URI: req.URL.RequestURI(), Method: req.Method, ContentType: req.Header.Get("Content-Type"),
	})
	r.answer(w, req)
}

// answer answers as the URL's query asks, or with code 0.
func (r *Receiver) answer(w http.ResponseWriter, req *http.Request) {
	w.Header().Set("Content-Type", "application/json;charset=UTF-8")
	query := req.URL.Query()
	if times, err := strconv.Atoi(query.Get("times")); err == nil && r.came(req.URL.RequestURI()) > times {
		query = nil
	}
	if kind := query.Get("type"); kind != "" {
		w.Header().Set("Content-Type", kind)
	}
	if after, err := time.ParseDuration(query.Get("after")); err == nil {
		wait(req.Context(), min(after, maxAfter))
	}
	if to := query.Get("location"); to != "" {
		w.Header().Set("Location", to)
	}
	body := `{"code":0,"message":"ok"}`
	if query.Has("body") {
		body = query.Get("body")
	}
	if query.Has("cut") { // more is promised than comes
		w.Header().Set("Content-Length", strconv.Itoa(len(body)+1))
	}
	if status, err := strconv.Atoi(query.Get("status")); err == nil && status >= 200 && status <= 599 {
		w.WriteHeader(status)
	}
	_, _ = io.WriteString(w, body) //nolint:gosec // what the case says, for a platform and no browser
}

// maxAfter is how late an answer may be.
const maxAfter = 10 * time.Second

// wait waits, or until nobody waits for the answer any more.
func wait(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}

// came is how many pushes came to a URL.
func (r *Receiver) came(uri string) (n int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for i := range r.pushes {
		if r.pushes[i].URI == uri {
			n++
		}
	}
	return n
}

// Listen serves a receiver of its own on a free port of the loopback address until it is stopped.
func Listen() (r *Receiver, stop func(), err error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0") //nolint:noctx // a free port is there at once
	if err != nil {
		return nil, nil, err
	}
	r = &Receiver{URL: "http://" + listener.Addr().String()}
	server, done := httpserver.Start(listener, r, httpserver.Usual) // it ends when it is closed
	return r, func() {
		_ = server.Close()
		<-done //nolint:errcheck // it was closed here
	}, nil
}

// fieldsOf is a push's JSON, however it is encoded.
func fieldsOf(raw []byte, req *http.Request) []byte {
	if json.Valid(raw) {
		return raw
	}
	req.Body = io.NopCloser(bytes.NewReader(raw))
	if req.ParseForm() != nil {
		return raw
	}
	if data := req.PostForm.Get("data"); data != "" {
		return []byte(data)
	}
	fields := map[string]string{}
	for name := range req.PostForm {
		fields[name] = req.PostForm.Get(name)
	}
	text, err := json.Marshal(fields)
	if err != nil {
		return raw
	}
	return text
}

// kindOf is the kind whose URL a push came to, or else the kind with the fewest fields that has
// all of its; "" where several are alike, or none fits.
func kindOf(at string, body []byte) string {
	if _, known := schemas.LookupPush(path.Base(at)); known {
		return path.Base(at)
	}
	var fields map[string]json.RawMessage
	if json.Unmarshal(body, &fields) != nil || len(fields) == 0 {
		return ""
	}
	var found *schemas.Push
	for _, p := range schemas.Pushes() {
		if hasAll(&p, fields) && (found == nil || len(p.Fields) < len(found.Fields)) {
			found = &p
		}
	}
	if found == nil || len(Alike(found.Kind)) > 1 {
		return ""
	}
	return found.Kind
}

// hasAll reports whether a kind has every given field that any kind has, and one of them at least.
func hasAll(p *schemas.Push, fields map[string]json.RawMessage) bool {
	some := false
	for _, other := range schemas.Pushes() {
		for _, name := range other.Fields {
			if _, given := fields[name]; !given {
				continue
			}
			if some = true; !slices.Contains(p.Fields, name) {
				return false
			}
		}
	}
	return some
}

// Alike are the kinds that have the fields of a kind, itself among them: no push says which of them it is.
func Alike(kind string) (kinds []string) {
	row, known := schemas.LookupPush(kind)
	if !known {
		return nil
	}
	for _, p := range schemas.Pushes() {
		if slices.Equal(p.Fields, row.Fields) {
			kinds = append(kinds, p.Kind)
		}
	}
	return kinds
}

func (r *Receiver) keep(p Received) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.pushes) >= maxReceived {
		r.pushes = r.pushes[1:]
	}
	r.pushes = append(r.pushes, p)
	if r.more != nil {
		close(r.more)
		r.more = nil
	}
}

// Since are the pushes that came after the first n, and how to wait for more.
func (r *Receiver) Since(n int) ([]Received, <-chan struct{}) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.more == nil {
		r.more = make(chan struct{})
	}
	return append([]Received(nil), r.pushes[min(n, len(r.pushes)):]...), r.more
}

// Len is how many pushes came.
func (r *Receiver) Len() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.pushes)
}

// Wait waits until there are more than n pushes, or the context ends.
func (r *Receiver) Wait(ctx context.Context, n int) {
	got, more := r.Since(n)
	if len(got) > 0 {
		return
	}
	select {
	case <-more:
	case <-ctx.Done():
	}
}
