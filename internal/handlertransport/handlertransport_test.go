package handlertransport_test

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/internal/handlertransport"
)

// A handler that breaks the connection is a broken connection without a socket too.
func TestNew(t *testing.T) {
	h := &http.Client{Transport: handlertransport.New(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/abort":
			panic(http.ErrAbortHandler)
		case "/short":
			w.Header().Set("Content-Length", "100")
			_, _ = io.WriteString(w, "short")
		case "/hijack":
			conn, _, err := http.NewResponseController(w).Hijack()
			if err == nil {
				_ = conn.Close()
			}
		case "/panic":
			_, _ = io.WriteString(w, "half")
			panic("a bug")
		case "/wait":
			<-r.Context().Done()
		default:
			_, _ = io.Copy(w, r.Body)
		}
	}))}
	get := func(ctx context.Context, path string) (string, error) {
		req, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://x"+path, strings.NewReader("hello"))
		require.NoError(t, err)
		res, err := h.Do(req)
		if err != nil {
			return "", err
		}
		defer res.Body.Close()
		body, err := io.ReadAll(res.Body)
		return string(body), err
	}
	body, err := get(t.Context(), "/echo")
	require.NoError(t, err)
	require.Equal(t, "hello", body)
	for _, path := range []string{"/abort", "/hijack"} {
		_, err := get(t.Context(), path)
		require.Error(t, err)
	}
	_, err = get(t.Context(), "/short")
	require.ErrorIs(t, err, io.ErrUnexpectedEOF)
	body, err = get(t.Context(), "/panic")
	require.Equal(t, "half", body)
	require.ErrorIs(t, err, io.ErrUnexpectedEOF)
	ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
	defer cancel()
	_, err = get(ctx, "/wait")
	require.ErrorIs(t, err, context.DeadlineExceeded)
}

// A body whose length is not said comes to the handler as net/http has it come in chunks.
func TestTransport_chunks(t *testing.T) {
	var lengths []int64
	client := &http.Client{Transport: handlertransport.New(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		lengths = append(lengths, r.ContentLength)
	}))}
	for _, length := range []int64{5, -1} {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://x/", io.NopCloser(strings.NewReader("hello")))
		require.NoError(t, err)
		req.ContentLength = length
		res, err := client.Do(req)
		require.NoError(t, err)
		require.NoError(t, res.Body.Close())
	}
	require.Equal(t, []int64{5, -1}, lengths)
}

// An answer is kept as net/http would have sent it, and given on as it was kept.
func TestAnswer(t *testing.T) {
	for name, c := range map[string]struct {
		handler     http.HandlerFunc
		status      int
		kind, after string // its Content-Type, and a header that was set when the head had gone
		body        string
	}{
		"the first status counts": {func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(http.StatusEarlyHints)
			w.Header().Set("Content-Type", "a/b")
			w.WriteHeader(http.StatusTeapot)
			w.WriteHeader(http.StatusOK)
			w.Header().Set("After", "late")
		}, http.StatusTeapot, "a/b", "", ""},
		"a body without a status": {func(w http.ResponseWriter, _ *http.Request) {
			_, _ = io.WriteString(w, "<html>")
			_, _ = io.WriteString(w, "more")
			w.Header().Set("After", "late")
		}, http.StatusOK, "text/html; charset=utf-8", "", "<html>more"},
		"a flush sends the head": {func(w http.ResponseWriter, _ *http.Request) {
			_ = http.NewResponseController(w).Flush()
			w.WriteHeader(http.StatusTeapot)
		}, http.StatusOK, "", "", ""},
		"nothing": {func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("After", "in time") }, 0, "", "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			kept := handlertransport.NewAnswer()
			c.handler(kept, nil)
			require.Equal(t, c.status, kept.Status())
			require.Equal(t, c.body, string(kept.Body()))
			require.Equal(t, []string{c.kind, c.after}, []string{kept.Sent().Get("Content-Type"), kept.Sent().Get("After")})
			given := httptest.NewRecorder()
			kept.Give(given)
			require.Equal(t, max(c.status, http.StatusOK), given.Code)
			require.Equal(t, c.body, given.Body.String())
			require.Equal(t, c.status == 0, given.Header().Get("After") == "in time")
		})
	}
}

// One request after the other is served by the same goroutine; it ends with the idle connections, or by itself when nothing comes for a while.
func TestTransport_goroutines(t *testing.T) {
	for name, end := range map[string]func(*handlertransport.Transport){
		"closed": (*handlertransport.Transport).CloseIdleConnections,
		"idle":   func(*handlertransport.Transport) { time.Sleep(time.Second) },
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) { // it fails where a goroutine is left
				served := map[string]int{} // by goroutine
				transport := handlertransport.New(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					if r.URL.Path == "/hang" {
						<-r.Context().Done()
						return
					}
					stack := make([]byte, 64)
					name, _, _ := strings.Cut(string(stack[:runtime.Stack(stack, false)]), " [")
					served[name]++
				}))
				get := func(ctx context.Context, path string) error {
					r, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://x"+path, http.NoBody)
					require.NoError(t, err)
					_, err = transport.RoundTrip(r) //nolint:bodyclose // it is in memory
					return err
				}
				for range 10 {
					require.NoError(t, get(t.Context(), "/"))
					synctest.Wait()
				}
				require.Len(t, served, 1)
				require.NotContains(t, served, "")
				ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
				defer cancel()
				require.ErrorIs(t, get(ctx, "/hang"), context.DeadlineExceeded)
				require.NoError(t, get(t.Context(), "/"))
				end(transport)
			})
		})
	}
}
