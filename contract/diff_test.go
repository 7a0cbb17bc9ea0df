package contract_test

import (
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/client"
	"github.com/etcp-mock/etcp-mock/contract"
	"github.com/etcp-mock/etcp-mock/contract/report"
	"github.com/etcp-mock/etcp-mock/mock"
	"github.com/etcp-mock/etcp-mock/scenarios"
	suite "github.com/etcp-mock/etcp-mock/scenarios/contract"
)

// Two mocks differ in what is volatile only, which is no difference.
func TestDiff_same(t *testing.T) {
	r, err := contract.Runner{Library: suite.Library(), Seed: 1}.Diff(t.Context(), newMock(t), newMock(t), contract.Cases(suite.Library())...)
	require.NoError(t, err)
	require.Empty(t, broken(r))
	require.Equal(t, report.ExitPassed, r.ExitCode())
	require.Equal(t, len(r.Cases), r.Count(report.Passed))
}

// A platform that is broken in one way differs in that way.
func TestDiff_broken(t *testing.T) {
	server, err := mock.New(mock.WithSeed(1))
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, server.Close(t.Context())) })
	for _, tt := range []struct {
		bug, path string
	}{
		{"a text of §11 is wrong", "message"},
		{"a fee is text", "data[0].remainingFee"},
		{"no token", "data.tocken"},
		{"what is not bound is unbound", "code"},
	} {
		t.Run(tt.bug, func(t *testing.T) {
			var planted bug
			for _, b := range bugs {
				if b.name == tt.bug {
					planted = b
				}
			}
			r, err := contract.Runner{Library: suite.Library(), Seed: 1}.Diff(t.Context(),
				scenarios.InProcess(server.Handler()), scenarios.InProcess(brokenMock{server.Handler(), planted}), contract.Cases(suite.Library())...)
			require.NoError(t, err)
			require.Equal(t, report.ExitBroken, r.ExitCode())
			require.NotEmpty(t, broken(r))
			require.Less(t, len(broken(r)), len(r.Cases))
			for _, c := range r.Cases {
				if len(c.Failures) > 0 {
					require.NotEmpty(t, c.Failures[0].Expected)
					var paths []string
					for _, f := range c.Failures {
						paths = append(paths, f.Path)
					}
					require.Contains(t, paths, tt.path)
					return
				}
			}
		})
	}
}

// The report is the same whatever the number of workers.
func TestRunner_workers(t *testing.T) {
	run := func(workers int, shuffle bool) *report.Report {
		var told []string
		r, err := contract.Runner{
			Library: suite.Library(), Seed: 3, Workers: workers, Shuffle: shuffle,
			Progress: func(c *report.Case) { told = append(told, c.ID) },
		}.Run(t.Context(), newMock(t), contract.Cases(suite.Library())...)
		require.NoError(t, err)
		require.Len(t, told, len(r.Cases))
		for i := range r.Cases {
			require.Equal(t, r.Cases[i].ID, told[i])
			r.Cases[i].Duration = 0
		}
		return r
	}
	one := run(1, false)
	require.Equal(t, one.Cases, run(7, false).Cases)
	require.Equal(t, one.Cases, run(3, true).Cases)
}

// What goes through the proxy is judged and recorded, and the recording replays.
func TestProxy(t *testing.T) {
	server, err := mock.New(mock.WithSeed(1))
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, server.Close(t.Context())) })
	upstream := httptest.NewServer(server.Handler())
	defer upstream.Close()
	to, err := url.Parse(upstream.URL)
	require.NoError(t, err)
	var recorded strings.Builder
	p := &contract.Proxy{Upstream: to, Scenario: &recorded}
	front := httptest.NewServer(p)
	defer front.Close()

	c := client.New(front.URL, "demo", "demo-key")
	send := func(endpoint string, data map[string]any) *client.Answer {
		answer, err := c.Do(t.Context(), endpoint, data)
		require.NoError(t, err)
		return answer
	}
	signedIn := send("usersigin", map[string]any{"mobilePhone": "13800000009", "appId": "ETCP"})
	token := strings.Split(string(signedIn.Data), `"`)[3]
	send("bindcar", map[string]any{"token": token, "plateNumber": "渝A 12345"})
	send("carnum", map[string]any{"token": token})
	send("bindcar", map[string]any{"token": token, "plateNumber": "渝"})

	r, err := p.Report()
	require.NoError(t, err)
	require.Len(t, r.Cases, 4)
	require.Equal(t, report.Warned, r.Cases[1].Status, "a plate with a space is taken, though the document has none")
	require.Equal(t, report.ExitPassed, r.ExitCode())
	require.NotContains(t, recorded.String(), token, "it is a variable")
	require.NotContains(t, recorded.String(), "demo-key")

	s, err := scenarios.Parse("recorded.yaml", []byte(recorded.String()))
	require.NoError(t, err, recorded.String())
	again, err := contract.Run(t.Context(), newMock(t), s.Cases()...)
	require.NoError(t, err)
	require.Equal(t, report.ExitPassed, again.ExitCode(), recorded.String())
}

// A platform whose answers violate the schemas is caught on the way.
func TestProxy_brokenUpstream(t *testing.T) {
	server, err := mock.New(mock.WithSeed(1))
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, server.Close(t.Context())) })
	upstream := httptest.NewServer(brokenMock{server.Handler(), bugs[3]})
	to, err := url.Parse(upstream.URL)
	require.NoError(t, err)
	p := &contract.Proxy{Upstream: to}
	front := httptest.NewServer(p)
	defer front.Close()
	c := client.New(front.URL, "demo", "demo-key")
	_, err = c.Do(t.Context(), "usersigin", map[string]any{"mobilePhone": "13800000009", "appId": "ETCP"})
	require.NoError(t, err)
	r, err := p.Report()
	require.NoError(t, err)
	require.Equal(t, []string{"1-usersigin"}, broken(r))

	upstream.Close()
	_, err = c.Do(t.Context(), "carnum", map[string]any{"token": "t"})
	require.Error(t, err)
	r, err = p.Report()
	require.NoError(t, err)
	require.Equal(t, report.ExitUnreachable, r.ExitCode())
}
