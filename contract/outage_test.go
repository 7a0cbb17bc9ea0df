package contract_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/contract"
	"github.com/etcp-mock/etcp-mock/contract/fuzz"
	"github.com/etcp-mock/etcp-mock/contract/internal/contracttest"
	"github.com/etcp-mock/etcp-mock/contract/report"
	"github.com/etcp-mock/etcp-mock/internal/outagetest"
	"github.com/etcp-mock/etcp-mock/scenarios"
	"github.com/etcp-mock/etcp-mock/scenarios/suite"
)

// A target that is a mock by its address, and answers nothing that is one, is an outage: once, at the first case.
func TestRunner_outageOfAMock(t *testing.T) {
	handlers := outagetest.Handlers()
	handlers["unreachable"] = nil
	for name, handler := range handlers {
		t.Run(name, func(t *testing.T) {
			url := "http://127.0.0.1:1"
			if handler != nil {
				server := httptest.NewServer(handler)
				defer server.Close()
				url = server.URL
			}
			target := scenarios.Mock(url, "")
			r, err := contract.Runner{Library: suite.Library(), Seed: 1, Timeout: 300 * time.Millisecond, Workers: 4}.Run(t.Context(), target, contract.Cases(suite.Library())...)
			require.NoError(t, err)
			require.NotNil(t, r.Outage)
			require.NotEmpty(t, r.Outage.Case)
			require.Equal(t, report.ExitUnreachable, r.ExitCode())
			require.Zero(t, r.Count(report.Failed), "%+v", r.Outage)
		})
	}
}

// A platform's address where something else answers is an outage, too, for the suite, for a comparison and for the fuzzer: nothing is judged, and nothing else is asked.
func TestRunner_outageOfAPlatform(t *testing.T) {
	handlers := outagetest.Handlers()
	delete(handlers, "timeout") // it takes as long as an answer may
	for name, handler := range handlers {
		t.Run(name, func(t *testing.T) {
			server := httptest.NewServer(handler)
			defer server.Close()
			target := scenarios.Platform(server.URL, "M1", "k1")
			runner := contract.Runner{Library: suite.Library(), Seed: 1, Workers: 1}
			cases := contract.Cases(suite.Library())
			r, err := runner.Run(t.Context(), target, cases...)
			require.NoError(t, err)
			require.Equal(t, report.ExitUnreachable, r.ExitCode())
			require.NotEmpty(t, r.Outage.Case)
			require.Zero(t, r.Count(report.Failed))
			require.LessOrEqual(t, r.Requests, 3)

			mock := contracttest.NewMock(t)
			for _, sides := range [][2]scenarios.Target{{mock, target}, {target, mock}} {
				r, err = runner.Diff(t.Context(), sides[0], sides[1], cases...)
				require.NoError(t, err)
				require.Equal(t, report.ExitUnreachable, r.ExitCode())
				require.LessOrEqual(t, r.Requests, 3, "the mock is not asked")
			}

			r, found := fuzz.Fuzzer{Target: target, Seed: 1, Workers: 1, AllowWrites: true}.Run(t.Context())
			require.Empty(t, found)
			require.Equal(t, report.ExitUnreachable, r.ExitCode(), "%+v", r)
		})
	}
}

// One page where JSON belongs fails the case that met it, and not the run.
func TestRunner_onePage(t *testing.T) {
	broken := contracttest.BrokenMock{Handler: contracttest.NewHandler(t), Bug: contracttest.Bug{
		Name: "a page of the proxy's", Spoil: func(endpoint string, _ *http.Request, status int, body string) (int, string) {
			if endpoint == "parkingstatus" {
				return http.StatusNotFound, "<html>404 page not found</html>"
			}
			return status, body
		},
	}}
	r, err := contract.Runner{Library: suite.Library(), Seed: 1}.Run(t.Context(), scenarios.InProcess(broken), contract.Cases(suite.Library())...)
	require.NoError(t, err)
	require.Nil(t, r.Outage)
	require.Equal(t, report.ExitBroken, r.ExitCode())
	require.NotZero(t, r.Count(report.Passed))
	for _, c := range r.Cases {
		if c.Status == report.Failed {
			require.True(t, strings.Contains(c.Failures[0].Message, "parkingstatus") || strings.Contains(c.Failures[0].Received, "404"), "%s: %+v", c.ID, c.Failures[0])
		}
	}
}
