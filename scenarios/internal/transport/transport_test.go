package transport_test

import (
	"context"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/etcp-mock/etcp-mock/scenarios/internal/transport"
)

// answering takes a request and keeps it.
type answering struct{ got *http.Request }

func (a *answering) RoundTrip(req *http.Request) (*http.Response, error) {
	a.got = req
	return &http.Response{StatusCode: http.StatusOK, Body: http.NoBody, Request: req}, nil
}

// sent is a request as it goes out, with its body, and what was noted of it.
func sent(t require.TestingT, method, target, body string, w *transport.Rewrite) (got *http.Request, text string, n transport.Note) {
	ctx := transport.WithRewrite(transport.WithNote(context.Background(), &n), w)
	req, err := http.NewRequestWithContext(ctx, method, target, strings.NewReader(body))
	require.NoError(t, err)
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	next := &answering{}
	resp, err := transport.Noting{Next: next}.RoundTrip(req)
	require.NoError(t, err)
	require.NoError(t, resp.Body.Close())
	out, err := io.ReadAll(next.got.Body)
	require.NoError(t, err)
	return next.got, string(out), n
}

// What is not overridden goes out as it was, and what is noted is what went out.
func TestNoting_changesNothingOfItself(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		form := url.Values{}
		for _, name := range transport.Parameters {
			form.Set(name, rapid.String().Draw(rt, name))
		}
		_, body, n := sent(rt, http.MethodPost, "http://mock.invalid/x", form.Encode(), nil)
		require.Equal(rt, form.Encode(), body)
		require.Equal(rt, []string{http.MethodPost, "http://mock.invalid/x", "application/x-www-form-urlencoded", body}, []string{n.Method, n.URL(), n.ContentType, string(n.Body())})
	})
}

// Whatever is put in the place of data, the other parameters of the envelope stay, and stand in the order of the document.
func TestRewrite_dataAlone(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		form := url.Values{"data": {"{}"}}
		for _, name := range []string{"merchant_no", "time_stamp", "sign"} {
			form.Set(name, rapid.String().Draw(rt, name))
		}
		data := rapid.StringMatching(`(%[0-9A-F]{2}|[a-z{}"]){0,20}`).Draw(rt, "data")
		_, body, _ := sent(rt, http.MethodPost, "http://mock.invalid/x", form.Encode(), &transport.Rewrite{Data: &data})
		var names []string
		for pair := range strings.SplitSeq(body, "&") {
			name, value, _ := strings.Cut(pair, "=")
			names = append(names, name)
			if name == "data" {
				require.Equal(rt, data, value)
				continue
			}
			decoded, err := url.QueryUnescape(value)
			require.NoError(rt, err)
			require.Equal(rt, form.Get(name), decoded)
		}
		require.Equal(rt, transport.Parameters, names)
	})
}

// A body has the size that is asked for, where it is not longer already; the length in the header is the body's.
func TestRewrite_size(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		size := rapid.IntRange(1, 5000).Draw(rt, "size")
		got, body, _ := sent(rt, http.MethodPost, "http://mock.invalid/x", "data=%7B%7D&sign=A", &transport.Rewrite{Size: size})
		require.Len(rt, body, max(size, len("data=%7B%7D&sign=A")))
		require.Equal(rt, int64(len(body)), got.ContentLength)
		require.True(rt, strings.HasPrefix(body, "data=%7B%7D&sign=A"))
	})
}

// A query and a body may name the parameters; headers are set, and an empty one is not sent.
func TestRewrite_queryBodyAndHeaders(t *testing.T) {
	query, body := "{params}&again={sign}", "only={data}"
	got, text, n := sent(t, http.MethodPost, "http://mock.invalid/x?old=1", "data=%7B%7D&sign=A", &transport.Rewrite{
		Query: &query, Body: &body, Headers: map[string]string{"content-type": "", "X-More": "1"},
	})
	require.Equal(t, "data=%7B%7D&sign=A&again=A", got.URL.RawQuery)
	require.Equal(t, "only=%7B%7D", text)
	require.Empty(t, got.Header.Values("Content-Type"))
	require.Equal(t, "1", got.Header.Get("X-More"))
	require.Equal(t, text, string(n.Body()))

	data := "%FF"
	got, _, _ = sent(t, http.MethodGet, "http://mock.invalid/x?data=1&sign=A", "", &transport.Rewrite{Data: &data})
	require.Equal(t, "data=%FF&sign=A", got.URL.RawQuery, "a GET carries data in its query")
}
