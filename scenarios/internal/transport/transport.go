// Package transport is the last that changes a request of a step, and notes what was sent.
package transport

import (
	"bytes"
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
	Method, ContentType string

	url  *url.URL
	body func() (io.ReadCloser, error) // nil: there is none
}

// URL is where it was sent; "" where it was not.
func (n *Note) URL() string {
	if n.url == nil {
		return ""
	}
	return n.url.String()
}

// Body is what was sent. Nobody reads most of them, so that it is copied here and not when it is sent.
func (n *Note) Body() []byte {
	if n.body == nil {
		return nil
	}
	body, err := n.body()
	if err != nil {
		return nil
	}
	var text bytes.Buffer
	_, _ = text.ReadFrom(body) // from memory
	return text.Bytes()
}

// Parameters are those of the envelope, from the body or else the query, and the URL without a query.
func (n *Note) Parameters() (to string, params url.Values, err error) {
	u, err := url.Parse(n.URL())
	if err != nil {
		return "", nil, err
	}
	params = u.Query()
	if body := n.Body(); len(body) > 0 {
		if params, err = url.ParseQuery(string(body)); err != nil {
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
	if n, ok := req.Context().Value(noteKey{}).(*Note); ok {
		*n = Note{Method: req.Method, ContentType: req.Header.Get("Content-Type"), url: req.URL, body: req.GetBody}
	}
	next := t.Next
	if next == nil {
		next = http.DefaultTransport
	}
	return next.RoundTrip(req)
}
