package control

import (
	"compress/gzip"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

// An answer that is compressed, holds nothing, is of the wrong type or does not end is an error that says so, never an empty result.
func TestAnswer_hostile(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct {
		answer func(w http.ResponseWriter, r *http.Request)
		want   string
	}{
		"compressed": {func(w http.ResponseWriter, r *http.Request) {
			if r.Header.Get("Accept-Encoding") != "identity" {
				t.Error("it may be compressed")
			}
			w.Header().Set("Content-Encoding", "gzip")
			z := gzip.NewWriter(w)
			_, _ = z.Write([]byte(`{"items":[]}`))
			_ = z.Close()
		}, "it is compressed"},
		"null":            {func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, " null\n") }, "there is nothing in it"},
		"an empty object": {func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "{}") }, "there is nothing in it"},
		"null items":      {func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, `{"items":null}`) }, "there is nothing in it"},
		"items of null":   {func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, `{"items":[null]}`) }, "there is nothing in it"},
		"a list":          {func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, `[]`) }, "it has a value that is a JSON array"},
		"a wrong type":    {func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, `{"items":[{"id":1}]}`) }, "items.id has a value that is a JSON number"},
		"no JSON":         {func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, `<html>`) }, "invalid character"},
		"dribble": {func(w http.ResponseWriter, r *http.Request) {
			w.WriteHeader(http.StatusOK)
			for r.Context().Err() == nil {
				fmt.Fprint(w, " ")
				_ = http.NewResponseController(w).Flush()
				time.Sleep(time.Millisecond)
			}
		}, "no whole answer within 100ms"},
		"silence": {func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }, "no whole answer within 50ms"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := httptest.NewServer(http.HandlerFunc(row.answer))
			defer server.Close()
			patience, c := time.Minute, New(server.URL)
			switch name { // what does not end is waited for
			case "silence":
				patience = 50 * time.Millisecond
			case "dribble":
				c.bounds.time = 100 * time.Millisecond
			}
			WithPatience(patience)(c)
			_, err := c.Sandboxes(t.Context(), Page{})
			require.ErrorContains(t, err, row.want)
			if strings.Contains(row.want, "within") {
				var late *SlowError
				require.ErrorAs(t, err, &late)
				require.Equal(t, "GET /__admin/sandboxes", late.Call)
			}
		})
	}
}

// Patience is for the beginning of an answer: a large state may take longer than that to come.
func TestAnswer_longerThanPatience(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		const patience = time.Second
		slow := roundTripper(func(r *http.Request) (*http.Response, error) {
			body, rest := io.Pipe()
			go func() {
				select {
				case <-time.After(patience + patience/4):
					_, _ = io.WriteString(rest, `{"items":[]}`)
					_ = rest.Close()
				case <-r.Context().Done():
					_ = rest.CloseWithError(r.Context().Err())
				}
			}()
			return &http.Response{StatusCode: http.StatusOK, Header: http.Header{"Content-Type": {"application/json"}}, Body: body, ContentLength: -1, Request: r}, nil
		})
		all, err := New("http://mock.test", WithPatience(patience), WithHTTPClient(&http.Client{Transport: slow})).Sandboxes(t.Context(), Page{})
		require.NoError(t, err)
		require.Empty(t, all.Items)
	})
}

type roundTripper func(r *http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// A listing whose pages are empty, or say the same again, ends.
func TestAll_endless(t *testing.T) {
	t.Parallel()
	for _, items := range [][]int{{}, {1}} {
		pages := 0
		for _, err := range All(func(p Page) (List[int], error) {
			if pages++; pages > 2 {
				t.Fatal("it goes on")
			}
			return List[int]{Items: items, Next: "again"}, nil
		}) {
			require.NoError(t, err)
		}
	}
}

// An answer is read up to a size, and one over it is none; a state may be larger than any other.
func TestAnswer_size(t *testing.T) {
	t.Parallel()
	size := 0
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, strings.Repeat(" ", size-len(`{"items":[]}`))+`{"items":[]}`)
	}))
	defer server.Close()
	c := New(server.URL)
	c.bounds.other, c.bounds.state = 1<<20, 2<<20
	size = 1 << 20
	_, err := c.Sandboxes(t.Context(), Page{})
	require.NoError(t, err)
	size++
	_, err = c.Sandboxes(t.Context(), Page{})
	require.ErrorContains(t, err, "it has more than 1 MiB")
	text, err := c.Sandbox("a").State(t.Context())
	require.NoError(t, err)
	require.Len(t, text, size)
	size = 2<<20 + 1
	_, err = c.Sandbox("a").State(t.Context())
	require.ErrorContains(t, err, "it has more than 2 MiB")
}
