package scenarios_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/client/control"
	"github.com/etcp-mock/etcp-mock/mock"
	"github.com/etcp-mock/etcp-mock/scenarios"
)

// Whatever a run does when it is broken off, it ends within a second, its finally included; so it does at its timeout.
func TestRun_brokenOffEndsWithinASecond(t *testing.T) {
	hanging := make(chan struct{})
	merchant := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		select {
		case <-hanging:
		case <-r.Context().Done():
		}
	}))
	t.Cleanup(merchant.Close)
	t.Cleanup(func() { close(hanging) })
	for name, step := range map[string]string{
		"sleep":               `{sleep: 1h}`,
		"a server that hangs": `{http: {url: "URL"}}`,
		"a push":              `{push: entry, within: 1h}`,
		"polling":             `{call: carnum, data: {token: x}, expect: {code: 0}, until: "false", every: 10ms, within: 1h}`,
		"at once":             `{parallel: [{sleep: 1h}, {push: exit, within: 1h}]}`,
		"over and over":       `{repeat: {times: 1000, steps: [{sleep: 1h}]}}`,
		"a long computation":  `{set: {a: "${count(1..150000, count(1..20, true) > 0)}"}}, {set: {a: "${let l = 1..100000; count(l, count(l, true) > 0)}"}}`,
		"an advance":          `{enter: {plateNumber: 渝ATX061, parkingId: "1"}}, {trigger: {merchantNo: M1, kind: entry}}, {advance: 100d}`,
		"a verification":      `{verify: {requests: {endpoint: carnum, count: {min: 5}, within: 1h}}}`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			source := "name: test\n" + strings.TrimLeft(base, "\n") +
				"  merchants: [{no: M" + "1, key: k, push: {url: \"URL\"}}]\nsteps: [" + step + "]\nfinally: [{sleep: 1h}]\n"
			source = strings.ReplaceAll(source, "URL", merchant.URL)
			if name != "an advance" {
				source = strings.Replace(source, "  merchants: [{no: M1, key: k, push: {url: \""+merchant.URL+"\"}}]\n", "", 1)
			}
			target := inProcess(t)
			for _, o := range []scenarios.Options{{Speed: 1}, {Speed: 1, Timeout: 300 * time.Millisecond}} {
				ctx, cancel := context.WithCancel(t.Context())
				ended := time.Now().Add(300 * time.Millisecond)
				if o.Timeout == 0 {
					time.AfterFunc(300*time.Millisecond, cancel)
				}
				result, err := scenarios.Run(ctx, target, parse(t, source), o)
				took := time.Since(ended)
				cancel()
				require.NoError(t, err)
				require.Equal(t, scenarios.Failed, result.Status)
				require.False(t, result.Cases[0].Kept)
				require.Less(t, took, 5*time.Minute) // the others that run at once take their time, too; what is broken off would wait an hour
				t.Logf("ended %v after it was broken off", took.Round(time.Millisecond))
			}
		})
	}
}

// A run that is broken off while its sandbox is made takes the sandbox away again.
func TestRun_brokenOffWhileItsSandboxIsMade(t *testing.T) {
	for name, fixture := range map[string]string{"of a fixture": base, "as any new one": ""} {
		t.Run(name, func(t *testing.T) {
			server, err := mock.New()
			require.NoError(t, err)
			t.Cleanup(func() { require.NoError(t, server.Close(context.Background())) })
			ctx, cancel := context.WithCancel(t.Context())
			made := 0
			target := scenarios.InProcess(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				server.Handler().ServeHTTP(w, r)
				if r.Method == http.MethodPost && r.URL.Path == "/__admin/sandboxes" {
					made++
					cancel()
					<-ctx.Done()
				}
			}))
			result, err := scenarios.Run(ctx, target, parse(t, "name: test\n"+fixture+"\nsteps: [{sleep: 1h}]\n"), scenarios.Options{Speed: 1})
			require.NoError(t, err)
			require.Equal(t, scenarios.Failed, result.Status)
			require.False(t, result.Cases[0].Kept)
			require.Equal(t, 1, made)
			left, err := target.Control.Sandboxes(t.Context(), control.Page{})
			require.NoError(t, err)
			require.Len(t, left.Items, 1, "default alone")
		})
	}
}
