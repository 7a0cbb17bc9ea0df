// Package commandtest runs commands in tests as the command line does, and has the servers that they speak to: a mock, or one that
// answers as a test says, right or wrong.
package commandtest

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/spf13/cobra"
	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/cmd/etcp-mock/internal/remote"
	"github.com/etcp-mock/etcp-mock/cmd/internal/cli"
	"github.com/etcp-mock/etcp-mock/mock"
)

// Result is what a command came to.
type Result struct {
	Code     int // of its exit
	Out, Err string
}

// Run runs a command with its arguments, in English unless they hold --lang.
func Run(tb testing.TB, cmd *cobra.Command, args ...string) Result {
	tb.Helper()
	return RunIn(tb.Context(), cmd, "", args...)
}

// RunIn is [Run] with a context that may end, and a text on stdin.
func RunIn(ctx context.Context, cmd *cobra.Command, stdin string, args ...string) Result {
	root := &cobra.Command{Use: "etcp-mock", PersistentPreRunE: func(cmd *cobra.Command, _ []string) error { return cli.Prepare(cmd) }}
	cli.SharedFlags(root)
	root.AddCommand(cmd)
	var out, said bytes.Buffer
	code := cli.Execute(ctx, root, append([]string{"--lang", "en", cmd.Name()}, args...), strings.NewReader(stdin), &out, &said, remote.Explain)
	return Result{code, out.String(), said.String()}
}

// Mock serves a mock that starts from a fixture until the test ends, and gives its base URL.
func Mock(tb testing.TB, fixture string) string {
	tb.Helper()
	server, err := mock.New(mock.WithSeed(7), mock.WithFixture([]byte(fixture)))
	require.NoError(tb, err)
	served := httptest.NewServer(server.Handler())
	tb.Cleanup(func() {
		served.Close()
		require.NoError(tb, server.Close(context.WithoutCancel(tb.Context())))
	})
	return served.URL
}

// City is the fixture of a sandbox with the merchant M1 and one car park, at noon of 2017-08-20. The key is M1's, as it stands in JSON.
func City(key string) string {
	return `{"clock": "2017-08-20 12:00:00", "merchants": [{"no": "M1", "key": "` + key + `"}],
	"parkings": [{"id": "1", "name": "P", "city": "重庆市", "lat": "29.563", "lon": "106.551"}]}`
}

// Server answers as a test says, and keeps what it was sent.
type Server struct {
	URL string

	mu   sync.Mutex
	sent []string
}

// Answering is a server with a body for each pattern of [http.ServeMux], below the sandbox default unless its path is the platform's or
// begins with /__admin. Whatever else it is asked is answered with 404; a body that is "cut" breaks the connection off.
func Answering(tb testing.TB, answers map[string]string) *Server {
	tb.Helper()
	s := &Server{}
	mux := http.NewServeMux()
	for pattern, body := range answers {
		method, path, _ := strings.Cut(pattern, " ")
		if !strings.HasPrefix(path, "/__admin") && !strings.HasPrefix(path, "/merchant/") {
			path = sandbox + path
		}
		mux.HandleFunc(method+" "+path, func(w http.ResponseWriter, _ *http.Request) {
			if body == "cut" {
				panic(http.ErrAbortHandler)
			}
			w.Header().Set("Content-Type", "application/json")
			_, _ = io.WriteString(w, body)
		})
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		s.mu.Lock()
		s.sent = append(s.sent, strings.TrimSpace(r.Method+" "+strings.TrimPrefix(r.URL.RequestURI(), sandbox)+" "+string(body)))
		s.mu.Unlock()
		mux.ServeHTTP(w, r)
	}))
	tb.Cleanup(server.Close)
	s.URL = server.URL
	return s
}

const sandbox = "/__admin/sandboxes/default"

// Sent is what the server was asked so far, METHOD PATH BODY, without the path of the sandbox default.
func (s *Server) Sent() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]string{}, s.sent...)
}
