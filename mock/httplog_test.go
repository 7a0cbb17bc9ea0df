package mock

import (
	"bytes"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// A process without descriptors says so once a minute, and what net/http prints is JSON where the log is.
func TestHTTPLog(t *testing.T) {
	var out bytes.Buffer
	now := time.Unix(0, 0)
	w := &httpWriter{log: slog.New(slog.NewJSONHandler(&out, nil)), now: func() time.Time { return now }}
	for range 120 {
		_, _ = w.Write([]byte("http: Accept error: accept tcp 127.0.0.1:1: accept4: too many open files; retrying in 1s\n"))
		now = now.Add(time.Second)
	}
	_, _ = w.Write([]byte("http: panic serving 127.0.0.1:1: oh\ngoroutine 1 [running]:\n"))
	_, _ = w.Write([]byte("http: TLS handshake error from 127.0.0.1:1: EOF\n"))
	lines := strings.Split(strings.TrimSpace(out.String()), "\n")
	require.Len(t, lines, 3)
	require.Contains(t, lines[1], `"level":"WARN","msg":"a connection could not be accepted"`)
	require.Contains(t, lines[1], `"since then":59`)
	require.Contains(t, lines[2], `"level":"ERROR"`)
	httpLog(slog.New(slog.DiscardHandler)).Print("http: anything")
}
