package proxy_test

import (
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/client"
	"github.com/etcp-mock/etcp-mock/contract"
	"github.com/etcp-mock/etcp-mock/contract/internal/contracttest"
	"github.com/etcp-mock/etcp-mock/contract/proxy"
	"github.com/etcp-mock/etcp-mock/contract/report"
	"github.com/etcp-mock/etcp-mock/mock"
	"github.com/etcp-mock/etcp-mock/scenarios"
)

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
	p := &proxy.Proxy{Upstream: to, Scenario: &recorded}
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
	again, err := contract.Run(t.Context(), contracttest.NewMock(t), s.Cases()...)
	require.NoError(t, err)
	require.Equal(t, report.ExitPassed, again.ExitCode(), recorded.String())
}

// A platform whose answers violate the schemas is caught on the way.
func TestProxy_brokenUpstream(t *testing.T) {
	server, err := mock.New(mock.WithSeed(1))
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, server.Close(t.Context())) })
	upstream := httptest.NewServer(contracttest.BrokenMock{Handler: server.Handler(), Bug: contracttest.Bugs[3]})
	to, err := url.Parse(upstream.URL)
	require.NoError(t, err)
	p := &proxy.Proxy{Upstream: to}
	front := httptest.NewServer(p)
	defer front.Close()
	c := client.New(front.URL, "demo", "demo-key")
	_, err = c.Do(t.Context(), "usersigin", map[string]any{"mobilePhone": "13800000009", "appId": "ETCP"})
	require.NoError(t, err)
	r, err := p.Report()
	require.NoError(t, err)
	require.Equal(t, []string{"1-usersigin"}, contracttest.Broken(r))

	upstream.Close()
	_, err = c.Do(t.Context(), "carnum", map[string]any{"token": "t"})
	require.Error(t, err)
	r, err = p.Report()
	require.NoError(t, err)
	require.Equal(t, report.ExitUnreachable, r.ExitCode())
}
