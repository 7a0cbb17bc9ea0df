package api_test

import (
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/mock"
	"github.com/etcp-mock/etcp-mock/mock/internal/servertest"
)

// FuzzRequestBytes sends any bytes over a connection: what is answered is HTTP and no failure of the server, the connection ends once
// nothing more comes, and the next client is served.
func FuzzRequestBytes(f *testing.F) {
	for _, seed := range []string{
		"GET /merchant/open/1.0.0/openapi/carnum?merchant_no=M1&time_stamp=1&data={}&sign=x HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
		"GET /merchant/open/1.0.0/openapi/carnum?merchant_no=M1&data={\"a\": \"b c\"}&sign=x HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
		"POST /merchant/open/1.0.0/openapi/bindcar HTTP/1.1\r\nHost: h\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 9\r\n\r\ndata=%zz&",
		"POST /merchant/open/1.0.0/openapi/bindcar HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n5\r\ndata=\r\n0\r\n\r\nGET / HTTP/1.1\r\nHost: h\r\n\r\n",
		"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", "GET  /  HTTP/1.1\r\n\r\n",
		"PUT /__admin/sandboxes/default/clock HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 2\r\n\r\n{}", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "\x16\x03\x01\x02\x00\x01", "GET /__admin/../../etc HTTP/1.0\r\n\r\n",
		"PUT /__admin/sandboxes//clock HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
	} {
		f.Add([]byte(seed))
	}
	server, err := mock.New(mock.WithFixture([]byte(servertest.Fixture)))
	require.NoError(f, err)
	require.NoError(f, server.Start("127.0.0.1:0"))
	f.Cleanup(func() { _ = server.Close(f.Context()) })
	f.Fuzz(func(t *testing.T, raw []byte) {
		conn, err := net.Dial("tcp", server.Addr())
		require.NoError(t, err)
		defer func() { _ = conn.Close() }()
		_ = conn.SetDeadline(time.Now().Add(time.Minute))
		go func() {
			_, _ = conn.Write(raw) // the server may have answered and gone before
			_ = conn.(*net.TCPConn).CloseWrite()
		}()
		answer, err := io.ReadAll(io.LimitReader(conn, 8<<20))
		if failed, ok := errors.AsType[net.Error](err); ok && failed.Timeout() {
			t.Fatalf("nothing more comes, and the connection stays")
		}
		if len(answer) > 0 {
			require.True(t, strings.HasPrefix(string(answer), "HTTP/1."), "%.100q", answer)
			require.NotContains(t, string(answer), "HTTP/1.1 500", "%.300q", answer)
		}
		res, err := http.Get("http://" + server.Addr() + "/healthz")
		require.NoError(t, err)
		require.NoError(t, res.Body.Close())
		require.Equal(t, http.StatusOK, res.StatusCode)
	})
}
