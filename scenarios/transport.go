package scenarios

import (
	"context"
	"io"
	"net/http"
)

// inProcessURL is where a handler without a socket seems to be: a loopback name, which its control API wants.
const inProcessURL = "http://127.0.0.1"

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
	req, err := rewritten(req)
	if err != nil {
		return nil, err
	}
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
