package api_test

import (
	"bufio"
	"net"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/mock"
	"github.com/etcp-mock/etcp-mock/mock/internal/servertest"
	"github.com/etcp-mock/etcp-mock/schemas"
	"github.com/etcp-mock/etcp-mock/sign"
)

// A raw space in a URL is answered in the envelope and journaled, on a connection that is kept alive too; data that arrived raw has its lint.
func TestRequestLine_rawSpaces(t *testing.T) {
	server, err := mock.New()
	require.NoError(t, err)
	require.NoError(t, server.Start("127.0.0.1:0"))
	defer func() { _ = server.Close(t.Context()) }()
	conn, err := net.Dial("tcp", server.Addr())
	require.NoError(t, err)
	defer func() { _ = conn.Close() }()
	read := bufio.NewReader(conn)
	for _, data := range []string{`{"token": "t"}`, `{"token":"t"}`, `{"token": "` + strings.Repeat("x y ", 2000) + `"}`} {
		stamp := servertest.Stamp()
		_, err = conn.Write([]byte("GET " + schemas.PathPrefix + "carnum?merchant_no=nobody&time_stamp=" + stamp + "&data=" + data + "&sign=" + sign.Request(data, "k", stamp) + " HTTP/1.1\r\nHost: " + server.Addr() + "\r\n\r\n"))
		require.NoError(t, err)
		answer, err := http.ReadResponse(read, nil) //nolint:bodyclose // the reader is closed with its connection
		require.NoError(t, err)
		body := new(strings.Builder)
		_, err = bufio.NewReader(answer.Body).WriteTo(body)
		require.NoError(t, err)
		require.Equal(t, http.StatusOK, answer.StatusCode)
		require.Equal(t, "unknown-merchant", answer.Header.Get("X-Mock-Reason"))
		require.NotEmpty(t, answer.Header.Get("X-Mock-Request-Id"))
		require.Contains(t, body.String(), `"code":5`)
	}
}
