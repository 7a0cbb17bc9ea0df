package webhook_test

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/client"
	"github.com/etcp-mock/etcp-mock/contract/webhook"
	"github.com/etcp-mock/etcp-mock/internal/handlertransport"
)

// A merchant that answers a huge body with 413 at once, and closes the connection while it is still being sent, is a right one: it has not stopped.
func TestExamine_answersAHugeBodyEarly(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer func() { _ = l.Close() }()
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer func() { _ = conn.Close() }()
				r, err := http.ReadRequest(bufio.NewReader(conn))
				if err != nil {
					return
				}
				if r.ContentLength > 1<<16 {
					_, _ = io.WriteString(conn, "HTTP/1.1 413 Request Entity Too Large\r\nContent-Length: 24\r\nConnection: close\r\n\r\n{\"code\":6,\"message\":\"x\"}")
					return
				}
				body, _ := io.ReadAll(r.Body)
				w := handlertransport.NewAnswer()
				merchant{}.ServeHTTP(w, &http.Request{Method: r.Method, Body: io.NopCloser(strings.NewReader(string(body)))})
				_, _ = fmt.Fprintf(conn, "HTTP/1.1 %d x\r\nContent-Type: application/json\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s", w.Status(), len(w.Body()), w.Body())
			}()
		}
	}()
	r, err := webhook.Endpoint{
		URL: "http://" + l.Addr().String(), MerchantNo: merchantNo, Key: merchantKey, Seed: 1, Timeout: time.Minute, Burst: 5,
		Kinds: map[client.Kind]string{client.KindCertificationInvalid: webhook.NotReceived}, Only: []string{"empty-body", "huge-body", "method-get"},
	}.Examine(t.Context())
	require.NoError(t, err)
	require.Empty(t, broken(r))
}
