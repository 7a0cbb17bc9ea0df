package mock

import (
	"bytes"
	"crypto/tls"
	"io"
	"log/slog"
	"net"
	"strings"
	"sync"
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
}

// A client that speaks TLS to a plain address, or plain HTTP to one with TLS, is in the log with what to do.
func TestStart_wrongProtocol(t *testing.T) {
	for _, c := range []struct {
		name, says, fix string
		options         []Option
		speak           func(t *testing.T, addr string)
	}{
		{"TLS to a plain address", "a client spoke TLS to this address", "http://", nil, func(t *testing.T, addr string) {
			t.Helper()
			conn, err := net.Dial("tcp", addr)
			require.NoError(t, err)
			require.Error(t, tls.Client(conn, &tls.Config{InsecureSkipVerify: true}).Handshake())
			require.NoError(t, conn.Close())
		}},
		{"plain HTTP to an address with TLS", "a client spoke plain HTTP to this address", "https://", []Option{WithTLS(&tls.Config{Certificates: []tls.Certificate{{}}})}, func(t *testing.T, addr string) {
			t.Helper()
			conn, err := net.Dial("tcp", addr)
			require.NoError(t, err)
			_, err = conn.Write([]byte("GET / HTTP/1.1\r\nHost: mock\r\n\r\n"))
			require.NoError(t, err)
			answer, err := io.ReadAll(conn)
			require.NoError(t, err)
			require.Contains(t, string(answer), "HTTP request to an HTTPS server")
			require.NoError(t, conn.Close())
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			var out lockedBuffer
			s, err := New(append(c.options, WithLogger(slog.New(slog.NewTextHandler(&out, nil))))...)
			require.NoError(t, err)
			require.NoError(t, s.Start("127.0.0.1:0"))
			c.speak(t, s.Addr())
			require.Eventually(t, func() bool { return strings.Contains(out.String(), c.says) }, time.Minute, time.Millisecond)
			require.NoError(t, s.Close(t.Context()))
			require.Contains(t, out.String(), c.fix)
		})
	}
}

// lockedBuffer is written to by a server, and read by a test.
type lockedBuffer struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.Write(p)
}

func (b *lockedBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.String()
}
