package main

import (
	"bytes"
	"context"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// The fast merchant answers every push of a connection, accepts or refuses it, and counts what it accepted; whatever is no HTTP ends the connection.
func TestMerchant(t *testing.T) {
	t.Parallel()
	m, err := newMerchant(t.Context(), false)
	require.NoError(t, err)
	defer m.close()
	post := func(body string) string {
		res, err := http.Post(m.url(), "application/json", strings.NewReader(body)) //nolint:noctx // a loopback address
		require.NoError(t, err)
		text, err := io.ReadAll(res.Body)
		require.NoError(t, err)
		require.NoError(t, res.Body.Close())
		return string(text)
	}
	require.JSONEq(t, `{"code":0,"message":"ok"}`, post(`{"a":1}`))
	require.JSONEq(t, `{"code":0,"message":"ok"}`, post(""))
	m.refuse.Store(true)
	require.JSONEq(t, `{"code":1,"message":"busy"}`, post(strings.Repeat("x", 20_000)))
	require.Equal(t, int64(2), m.received.Load())
	conn, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", m.listener.Addr().String())
	require.NoError(t, err)
	defer func() { _ = conn.Close() }()
	_, err = conn.Write(append([]byte("POST / HTTP/1.1\r\nX: "), bytes.Repeat([]byte("x"), 9_000)...)) // longer than any head of a push
	require.NoError(t, err)
	rest, _ := io.ReadAll(conn)
	require.Empty(t, rest)
	for _, answer := range []string{taken, refused} {
		head, body, _ := strings.Cut(answer, "\r\n\r\n")
		require.Contains(t, head, "Content-Length: "+lengthOf(body))
	}
}

func lengthOf(text string) string {
	return map[int]string{25: "25", 27: "27"}[len(text)]
}

// A merchant that hangs takes what comes and answers nothing.
func TestMerchant_hangs(t *testing.T) {
	t.Parallel()
	m, err := newMerchant(t.Context(), true)
	require.NoError(t, err)
	defer m.close()
	ctx, stop := context.WithTimeout(t.Context(), 5*time.Millisecond)
	defer stop()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, m.url(), strings.NewReader("{}"))
	require.NoError(t, err)
	_, err = http.DefaultClient.Do(req) //nolint:bodyclose // nothing comes
	require.ErrorIs(t, err, context.DeadlineExceeded)
	require.Zero(t, m.received.Load())
}

// What a process has used grows, and the side of one says it; of one that has gone nothing is known.
func TestStats(t *testing.T) {
	t.Parallel()
	before := readStats()
	kept := make([][]byte, 0, 1000)
	for range 1000 {
		kept = append(kept, make([]byte, 1<<10))
	}
	after := readStats()
	require.Len(t, kept, 1000)
	require.GreaterOrEqual(t, after.Mallocs-before.Mallocs, uint64(1000))
	require.GreaterOrEqual(t, after.Bytes-before.Bytes, uint64(1000<<10))
	require.GreaterOrEqual(t, processorTime(), time.Duration(0))
	c := served(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.WriteString(w, map[string]string{"/cpu": "1500000", "/stats": `{"mallocs":1,"bytes":2}`, "/debug/pprof/profile": "a profile of " + r.URL.RawQuery}[r.URL.Path])
	}))
	require.Equal(t, 1500*time.Microsecond, c.cpu(t.Context()))
	profile, err := c.profile(t.Context(), 6)
	require.NoError(t, err)
	require.Equal(t, "a profile of seconds=6", string(profile))
	gone := &child{addr: "127.0.0.1:1", sideAddr: "127.0.0.1:1"}
	require.Zero(t, gone.cpu(t.Context()))
	_, err = gone.stats(t.Context())
	require.ErrorContains(t, err, "refused")
	_, err = answeredAfter(t.Context(), gone, time.Now())
	require.ErrorContains(t, err, "refused")
	_, err = gone.listReplicas(t.Context())
	require.ErrorContains(t, err, "refused")
}
