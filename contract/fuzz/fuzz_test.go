package fuzz_test

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/client/control"
	"github.com/etcp-mock/etcp-mock/contract"
	"github.com/etcp-mock/etcp-mock/contract/fuzz"
	"github.com/etcp-mock/etcp-mock/contract/internal/contracttest"
	"github.com/etcp-mock/etcp-mock/contract/report"
	"github.com/etcp-mock/etcp-mock/mock"
	"github.com/etcp-mock/etcp-mock/scenarios"
)

// The mock keeps the contract for whatever is sent to it.
func TestFuzzer_mockIsClean(t *testing.T) {
	calls := int64(100_000)
	if raceEnabled || testing.Short() {
		calls = 5_000
	}
	start := time.Now()
	r, findings := fuzz.Fuzzer{Target: contracttest.NewMock(t), Seed: 1, MaxCalls: calls}.Run(t.Context())
	for _, f := range findings {
		t.Errorf("%s: %s\n%s%s", f.Kind, f.Message, f.Scenario, f.Curl)
	}
	require.Equal(t, report.ExitPassed, r.ExitCode())
	t.Logf("%d requests, %.0f a second", r.Requests, float64(r.Requests)/time.Since(start).Seconds())
}

// So does it where it is a platform like any other, without a control API, whether its stories may write or not.
func TestFuzzer_platformIsClean(t *testing.T) {
	for _, writes := range []bool{false, true} {
		target := contracttest.NewMock(t)
		target.Control, target.MerchantNo, target.MerchantKey = nil, "demo", "demo-key"
		r, findings := fuzz.Fuzzer{Target: target, Seed: 1, MaxCalls: 3_000, AllowWrites: writes}.Run(t.Context())
		for _, f := range findings {
			t.Errorf("%s: %s\n%s%s", f.Kind, f.Message, f.Scenario, f.Curl)
		}
		require.Equal(t, report.ExitPassed, r.ExitCode())
	}
}

// Every planted bug is found, and shrunk to a scenario that shows it.
func TestFuzzer_findsPlantedBugs(t *testing.T) {
	server, err := mock.New(mock.WithSeed(1))
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, server.Close(t.Context())) })
	for _, b := range contracttest.Bugs {
		t.Run(b.Name, func(t *testing.T) {
			target := scenarios.InProcess(contracttest.BrokenMock{Handler: server.Handler(), Bug: b})
			start := time.Now()
			r, findings := fuzz.Fuzzer{Target: target, Seed: 1, MaxTime: 5 * time.Minute, MaxFindings: 1, Workers: 1}.Run(t.Context())
			require.NotEmpty(t, findings, "not found")
			found := findings[0]
			t.Logf("%s after %s: %s", found.Kind, time.Since(start), found.Message)
			require.Contains(t, found.Kind, b.Finds)
			require.Equal(t, report.ExitBroken, r.ExitCode())
			require.Contains(t, found.Curl, "curl ")
			require.LessOrEqual(t, strings.Count(found.Scenario, "  - "), 13, found.Scenario)

			s, err := scenarios.Parse("found.yaml", []byte(found.Scenario))
			require.NoError(t, err, found.Scenario)
			again, err := contract.Run(t.Context(), target, s.Cases()...)
			require.NoError(t, err)
			if !strings.HasPrefix(found.Kind, "state ") && !strings.HasPrefix(found.Kind, "message ") { // what only the fuzzer knows
				require.Equal(t, 1, again.Count(report.Failed)+again.Count(report.Skipped), "the scenario shows it: %s", found.Scenario)
			}
		})
	}
}

// The same seed makes the same calls.
func TestFuzzer_seed(t *testing.T) {
	run := func() []fuzz.Finding {
		server, err := mock.New(mock.WithSeed(1))
		require.NoError(t, err)
		defer func() { require.NoError(t, server.Close(t.Context())) }()
		_, findings := fuzz.Fuzzer{
			Target: scenarios.InProcess(contracttest.BrokenMock{Handler: server.Handler(), Bug: contracttest.Bugs[10]}), Seed: 5, MaxCalls: 50_000, MaxFindings: 1, Workers: 1,
		}.Run(t.Context())
		return findings
	}
	one, two := run(), run()
	require.Len(t, one, 1)
	require.Equal(t, one[0].Scenario, two[0].Scenario)
}

func TestFuzzer_unreachable(t *testing.T) {
	target := scenarios.Platform("http://127.0.0.1:1", "M1", "k")
	r, findings := fuzz.Fuzzer{Target: target, Seed: 1, MaxCalls: 10}.Run(t.Context())
	require.Empty(t, findings)
	require.Equal(t, report.ExitUnreachable, r.ExitCode())
}

// A fuzzer that is broken off while a sandbox is made takes it away again.
func TestFuzzer_brokenOffWhileASandboxIsMade(t *testing.T) {
	server, err := mock.New()
	require.NoError(t, err)
	defer func() { require.NoError(t, server.Close(t.Context())) }()
	ctx, cancel := context.WithCancel(t.Context())
	target := scenarios.InProcess(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		server.Handler().ServeHTTP(w, r)
		if r.Method == http.MethodPost && r.URL.Path == "/__admin/sandboxes" {
			cancel()
			<-ctx.Done()
		}
	}))
	fuzz.Fuzzer{Target: target, Seed: 1, MaxCalls: 1000, Workers: 1}.Run(ctx)
	require.Error(t, ctx.Err())
	left, err := target.Control.Sandboxes(t.Context(), control.Page{})
	require.NoError(t, err)
	require.Len(t, left.Items, 1, "default alone")
}

// The time is over when it is over, also in the middle of a sequence that a rate holds back.
func TestFuzzer_timeAtALowRate(t *testing.T) {
	target := contracttest.NewMock(t)
	target.Control, target.MerchantNo, target.MerchantKey = nil, "demo", "demo-key"
	start := time.Now()
	r, _ := fuzz.Fuzzer{Target: target, Seed: 1, MaxTime: 500 * time.Millisecond, Rate: 20, Workers: 4}.Run(t.Context())
	require.Equal(t, report.ExitPassed, r.ExitCode())
	require.NotZero(t, r.Ran())
	require.Less(t, time.Since(start), 3*time.Second)
}
