package serving

import (
	"fmt"
	"io"
	"log"
	"log/slog"
	"net"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/internal/commandtest"
)

// What a merchant sends behind its answer, which net/http's client prints through package log, is not in the server's log.
func TestLibraryLog_quotesNothing(t *testing.T) { //nolint:paralleltest // package log is the process's
	flags, writer := log.Flags(), log.Writer()
	defer func() { log.SetFlags(flags); log.SetOutput(writer) }()
	var heard commandtest.Output
	redirectLibraries(slog.New(slog.NewJSONHandler(&heard, nil)))

	merchant, err := net.Listen("tcp", "127.0.0.1:0") //nolint:noctx // a literal address
	require.NoError(t, err)
	defer merchant.Close()
	go func() {
		conn, err := merchant.Accept()
		if err != nil {
			return
		}
		defer conn.Close()
		_, _ = conn.Read(make([]byte, 4096))
		_, _ = io.WriteString(conn, "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n{\"code\":0}demo-key and more")
		_, _ = io.Copy(io.Discard, conn) // until the client closes it
	}()
	transport := &http.Transport{}
	defer transport.CloseIdleConnections()
	answer, err := (&http.Client{Transport: transport}).Get(fmt.Sprintf("http://%s/", merchant.Addr())) //nolint:noctx // the test ends it
	require.NoError(t, err)
	_, _ = io.ReadAll(answer.Body)
	require.NoError(t, answer.Body.Close())
	require.Eventually(t, func() bool { return heard.String() != "" }, time.Minute, 5*time.Millisecond)
	require.Contains(t, heard.String(), `{"time":`)
	require.Contains(t, heard.String(), "Unsolicited response")
	require.NotContains(t, heard.String(), "demo-key")
}
