package serving

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/cmd/internal/cli"
	"github.com/etcp-mock/etcp-mock/internal/postgrestest"
)

// With a database the private networks are out of reach of pushes, unless that is turned off; without one they are not.
func TestServe_sharedDeniesPrivate(t *testing.T) {
	server, err := postgrestest.Start()
	if err != nil {
		t.Skip(err)
	}
	t.Cleanup(func() { require.NoError(t, server.Stop()) })
	for _, row := range []struct {
		name   string
		args   []string
		denied bool
	}{
		{"database", []string{"--data", server.Database(t), "--replica", "a"}, true},
		{"turned off", []string{"--data", server.Database(t), "--replica", "b", "--push-deny-private=false"}, false},
		{"an exception", []string{"--data", server.Database(t), "--replica", "c", "--push-allow", "127.0.0.0/8"}, false},
		{"directory", []string{"--data", t.TempDir() + "/data"}, false},
	} {
		t.Run(row.name, func(t *testing.T) {
			ctx, cancel := context.WithCancel(t.Context())
			out, printed := io.Pipe()
			cmd := &cobra.Command{Use: "etcp-mock"}
			cli.SharedFlags(cmd)
			cmd.AddCommand(NewServe())
			cmd.SetArgs(append([]string{"serve", "--addr", "127.0.0.1:0"}, row.args...))
			cmd.SetOut(printed)
			cmd.SetErr(io.Discard)
			done := make(chan error, 1)
			go func() { done <- cmd.ExecuteContext(ctx) }()
			lines := bufio.NewReader(out)
			line, err := lines.ReadString('\n')
			require.NoError(t, err)
			go func() { _, _ = io.Copy(io.Discard, lines) }()
			base := strings.TrimPrefix(strings.TrimSpace(line), "listening on ") + "/__admin/sandboxes/default"
			call := func(method, path, body string) []byte {
				req, err := http.NewRequestWithContext(ctx, method, base+path, strings.NewReader(body))
				require.NoError(t, err)
				res, err := http.DefaultClient.Do(req)
				require.NoError(t, err)
				defer func() { require.NoError(t, res.Body.Close()) }()
				text, err := io.ReadAll(res.Body)
				require.NoError(t, err)
				require.Less(t, res.StatusCode, 300, "%s", text)
				return text
			}
			call(http.MethodPut, "/merchants/M1", `{"key":"k","push":{"url":"http://127.0.0.1:1/"}}`)
			call(http.MethodPost, "/pushes", `{"merchantNo":"M1","kind":"entry"}`)
			call(http.MethodPost, "/pushes/drain", `{"timeout":"20s"}`)
			var pushes struct {
				Items []struct{ Attempts []struct{ Error string } }
			}
			require.NoError(t, json.Unmarshal(call(http.MethodGet, "/pushes", ""), &pushes))
			require.NotEmpty(t, pushes.Items[0].Attempts)
			require.Equal(t, row.denied, strings.Contains(pushes.Items[0].Attempts[0].Error, "--push-deny-private"), pushes.Items[0].Attempts[0].Error)
			cancel()
			require.NoError(t, <-done)
			require.NoError(t, printed.Close())
		})
	}
}
