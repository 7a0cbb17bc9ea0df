package handlertransport_test

import (
	"context"
	"io"
	"net/http"
	"strings"
	"testing"
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
