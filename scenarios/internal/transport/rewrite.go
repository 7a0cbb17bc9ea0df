package transport

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
)

// Parameters are the four of the envelope (§3).
var Parameters = []string{"merchant_no", "time_stamp", "data", "sign"}

// Rewrite is how a request that is ready to be sent is changed once more.
type Rewrite struct {
	Data, Query, Body *string // nil: as it is
	Size              int     // of the body; 0: as it is
	Headers           map[string]string
}

type rewriteKey struct{}

// filling is what a body is filled up with, piece by piece.
var filling = strings.Repeat("x", 4<<10)

// WithRewrite has [Noting] change what is sent with the context; nil: nothing.
func WithRewrite(ctx context.Context, w *Rewrite) context.Context {
	if w == nil {
		return ctx
	}
	return context.WithValue(ctx, rewriteKey{}, w)
}

var errNotRewritten = errors.New("the request cannot be changed")

// rewritten is the request as its context wants it sent.
func rewritten(req *http.Request) (*http.Request, error) {
	w, ok := req.Context().Value(rewriteKey{}).(*Rewrite)
	if !ok {
		return req, nil
	}
	encoded := req.URL.RawQuery
	if req.GetBody != nil && req.Method == http.MethodPost {
		body, err := req.GetBody()
		if err != nil {
			return nil, fmt.Errorf("%w: %w", errNotRewritten, err)
		}
		text, err := io.ReadAll(body)
		if err != nil {
			return nil, fmt.Errorf("%w: %w", errNotRewritten, err)
		}
		encoded = string(text)
	}
	params, err := url.ParseQuery(encoded)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errNotRewritten, err)
	}
	return w.apply(req.Clone(req.Context()), params), nil
}

// filled reads a text and behind it, up to a size, a parameter that nobody asks for.
func filled(text string, size int) io.Reader {
	missing := size - len(text)
	if missing <= 0 {
		return strings.NewReader(text)
	}
	return io.MultiReader(strings.NewReader(text+"&"), io.LimitReader(&filler{}, int64(missing-1)))
}

// filler is an endless filling.
type filler struct{}

func (filler) Read(p []byte) (n int, err error) {
	for n < len(p) {
		n += copy(p[n:], filling)
	}
	return n, nil
}

func (w *Rewrite) apply(req *http.Request, params url.Values) *http.Request {
	var pairs, replaced []string
	for _, name := range Parameters {
		value := url.QueryEscape(params.Get(name))
		if name == "data" && w.Data != nil {
			value = *w.Data
		}
		replaced = append(replaced, "{"+name+"}", value)
		if params.Has(name) {
			pairs = append(pairs, name+"="+value)
		}
	}
	all := strings.NewReplacer(append(replaced, "{params}", strings.Join(pairs, "&"))...)
	query, body := w.Query, w.Body
	whole := strings.Join(pairs, "&")
	if (w.Data != nil || w.Size > 0) && query == nil && body == nil {
		if req.Method == http.MethodPost {
			body = &whole
		} else {
			query = &whole
		}
	}
	if query != nil {
		req.URL.RawQuery = all.Replace(*query)
	}
	if body != nil {
		text := all.Replace(*body)
		req.ContentLength = int64(max(len(text), w.Size))
		req.GetBody = func() (io.ReadCloser, error) { return io.NopCloser(filled(text, w.Size)), nil }
		req.Body, _ = req.GetBody()
	}
	for name, value := range w.Headers {
		if req.Header.Del(name); value != "" {
			req.Header.Set(name, value)
		}
	}
	if strings.EqualFold(req.Header.Get("Transfer-Encoding"), "chunked") { // net/http sends it where no length is known
		req.Header.Del("Transfer-Encoding")
		req.ContentLength = -1
	}
	return req
}
