// Package transport is the last that changes a request of a step, and notes what was sent.
package transport

import (
	"context"
	"io"
	"net/http"
	"net/url"
)

// Noting sends a request as its context wants it, and keeps what was sent where the context asks for it.
type Noting struct{ Next http.RoundTripper }

type noteKey struct{}

// Note is a request as it was sent.
type Note struct {
	Method, URL, ContentType string
	Body                     []byte
}

// Parameters are those of the envelope, from the body or else the query, and the URL without a query.
func (n *Note) Parameters() (to string, params url.Values, err error) {
	u, err := url.Parse(n.URL)
	if err != nil {
		return "", nil, err
	}
	params = u.Query()
	if len(n.Body) > 0 {
		if params, err = url.ParseQuery(string(n.Body)); err != nil {
			return "", nil, err
		}
	}
	u.RawQuery = ""
	return u.String(), params, nil
}

// WithNote has [Noting] keep in n what is sent with the context.
func WithNote(ctx context.Context, n *Note) context.Context {
	return context.WithValue(ctx, noteKey{}, n)
}

// RoundTrip sends the request.
func (t Noting) RoundTrip(req *http.Request) (*http.Response, error) {
	req, err := rewritten(req)
	if err != nil {
		return nil, err
	}
	if n, is := req.Context().Value(noteKey{}).(*Note); is {
		*n = Note{Method: req.Method, URL: req.URL.String(), ContentType: req.Header.Get("Content-Type")}
		if req.GetBody != nil {
			if body, err := req.GetBody(); err == nil {
				n.Body, _ = io.ReadAll(body)
			}
		}
	}
	next := t.Next
	if next == nil {
		next = http.DefaultTransport
	}
	return next.RoundTrip(req)
}
