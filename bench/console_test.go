package main

import (
	"context"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// What pprof has shown of all samples is read off its first lines; what says nothing of it is an error.
func TestAccounted(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]float64{
		"Showing nodes accounting for 0.55s, 1.96% of 28.09s total\n": 1.96, "Type: cpu\nShowing nodes accounting for 0, 0% of 12s total": 0, "accounting for 28.09s, 100% of 28.09s total": 100,
	} {
		share, err := accounted(text)
		require.NoError(t, err)
		require.InDelta(t, want, share, 1e-9)
	}
	for _, text := range []string{"", "no samples", "accounting for , % of"} {
		_, err := accounted(text)
		require.ErrorContains(t, err, "go tool pprof printed")
	}
}

// Who has enough is not kept waiting, and what the processor's time is not known of has no share.
func TestShare_ended(t *testing.T) {
	t.Parallel()
	ended, stop := context.WithCancel(t.Context())
	stop()
	require.ErrorIs(t, sleep(ended, time.Hour), context.Canceled)
	require.NoError(t, sleep(t.Context(), 0))
	c := served(t, http.NotFoundHandler())
	_, err := share(ended, c, &atomic.Int64{}, time.Hour)
	require.ErrorIs(t, err, context.Canceled)
	_, err = share(ended, c, &atomic.Int64{})
	require.ErrorIs(t, err, context.Canceled)
	require.ErrorIs(t, (&figures{}).watchTurns(ended, c, nil, &atomic.Int64{}), context.Canceled)
	_, err = ownShare(ended, c)
	require.ErrorIs(t, err, context.Canceled)
}

// The steady load sends until its context ends, and ends with what failed; a reader of events is let go by what opened it.
func TestSteadily(t *testing.T) {
	t.Parallel()
	ctx, stop := context.WithCancel(t.Context())
	var sent atomic.Int64
	var reading atomic.Bool
	c := served(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "/events") {
			reading.Store(true)
			_, _ = io.WriteString(w, ": hello\n")
			_ = http.NewResponseController(w).Flush()
			<-r.Context().Done()
			return
		}
		if sent.Load() > 20 {
			stop()
		}
	}))
	get := []byte("GET /a HTTP/1.1\r\nHost: h\r\n\r\n")
	require.NoError(t, steadily(ctx, c, 4, [][]byte{get}, &sent))
	require.Greater(t, sent.Load(), int64(20))
	require.ErrorContains(t, steadily(t.Context(), served(t, http.NotFoundHandler()), 1, [][]byte{get}, &sent), "404")
	let, err := readDigest(t.Context(), c)
	require.NoError(t, err)
	require.True(t, reading.Load())
	let()
	_, err = readDigest(t.Context(), &child{addr: "127.0.0.1:1"})
	require.ErrorContains(t, err, "refused")
	end, err := follow(t.Context(), c)
	require.NoError(t, err)
	end()
}

// A tab is opened at the page of the server that is measured, and closed by its id.
func TestBrowser_open(t *testing.T) {
	t.Parallel()
	var asked []string
	tabs := served(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked = append(asked, r.Method+" "+r.URL.String())
		_, _ = io.WriteString(w, `{"id":"T1"}`)
	}))
	end, err := (&browser{host: tabs.addr}).open("live")(t.Context(), &child{addr: "127.0.0.1:9"})
	require.NoError(t, err)
	end()
	require.Equal(t, []string{"PUT /json/new?http%3A%2F%2F127.0.0.1%3A9%2Fconsole%2F%23%2Flive", "GET /json/close/T1"}, asked)
	_, err = (&browser{host: "127.0.0.1:1"}).open("live")(t.Context(), &child{})
	require.Error(t, err)
}

// What is asked of a server fails with its method, path and what it said; an answer that is no JSON, or of another shape, too.
func TestExchange(t *testing.T) {
	t.Parallel()
	body := "busy"
	c := served(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/stats" {
			_, _ = io.WriteString(w, `{"mallocs":3,"bytes":5}`)
			return
		}
		if body == "busy" {
			w.WriteHeader(http.StatusServiceUnavailable)
		}
		_, _ = io.WriteString(w, body)
	}))
	require.EqualError(t, c.admin(t.Context(), http.MethodPatch, "/rules", nil), "PATCH /__admin/sandboxes/default/rules: 503 Service Unavailable: busy")
	require.EqualError(t, c.admin(t.Context(), http.MethodPost, "/__admin/sandboxes", nil), "POST /__admin/sandboxes: 503 Service Unavailable: busy")
	require.Error(t, c.admin(t.Context(), http.MethodPost, "/x", func() {}), "no JSON")
	require.Error(t, c.admin(t.Context(), "no method", "/x", nil))
	require.ErrorContains(t, c.drive(t.Context(), 1, 1), "POST /drive: 503")
	used, err := c.stats(t.Context())
	require.NoError(t, err)
	require.Equal(t, stats{3, 5}, used)
	for _, answer := range []string{"<html>", `{"code":7,"message":"x"}`, `{"code":0,"data":"x"}`, ""} {
		body = answer
		var into struct{ Token string }
		require.Error(t, c.ask(t.Context(), "usersigin", "{}", &into), answer)
	}
	body = `{"code":0}`
	require.NoError(t, c.ask(t.Context(), "bindcar", "{}", nil))
	_, err = (&figures{settings: settings{connections: 1}}).one(t.Context(), &child{addr: "127.0.0.1:1", sideAddr: "127.0.0.1:1"}, "x", nil)
	require.Error(t, err)
}

// Each round of a comparison asks the baseline and then the mock; a profile is written under a name without blanks.
func TestCompare(t *testing.T) {
	t.Parallel()
	var order []string
	answering := func(name string, turned *[]string) *child {
		return served(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/cpu" {
				_, _ = io.WriteString(w, "7")
				if n := len(*turned); n == 0 || (*turned)[n-1] != name {
					*turned = append(*turned, name)
				}
			}
		}))
	}
	base, mock := answering("baseline", &order), answering("mock", &order)
	f := &figures{settings: settings{rounds: 3, slice: time.Millisecond}}
	c, err := f.compare(t.Context(), base, mock, "turns", 1, [][]byte{[]byte("GET /a HTTP/1.1\r\nHost: h\r\n\r\n")})
	require.NoError(t, err)
	require.Len(t, c.turns, 3)
	require.Equal(t, strings.Fields(strings.Repeat("baseline mock ", 4)), order, "one pair to warm, then in turns")
	_, err = f.compare(t.Context(), &child{addr: "127.0.0.1:1"}, mock, "turns", 1, [][]byte{nil})
	require.ErrorContains(t, err, "refused")
}
