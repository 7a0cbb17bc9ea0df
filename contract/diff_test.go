package contract_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/contract"
	"github.com/etcp-mock/etcp-mock/contract/internal/contracttest"
	"github.com/etcp-mock/etcp-mock/contract/report"
	"github.com/etcp-mock/etcp-mock/mock"
	"github.com/etcp-mock/etcp-mock/scenarios"
	"github.com/etcp-mock/etcp-mock/scenarios/suite"
)

// Two mocks differ in what is volatile only, which is no difference.
func TestDiff_same(t *testing.T) {
	r, err := contract.Runner{Library: suite.Library(), Seed: 1}.Diff(t.Context(), contracttest.NewMock(t), contracttest.NewMock(t), contract.Cases(suite.Library())...)
	require.NoError(t, err)
	require.Empty(t, contracttest.Broken(r))
	require.Equal(t, report.ExitPassed, r.ExitCode())
	require.Equal(t, len(r.Cases), r.Count(report.Passed))
}

// A platform that is broken in one way differs in that way.
func TestDiff_broken(t *testing.T) {
	server, err := mock.New(mock.WithSeed(1))
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, server.Close(t.Context())) })
	some := slices.DeleteFunc(contract.Cases(suite.Library()), func(c scenarios.Case) bool {
		return c.Name() != "bind" && c.Name() != "bind-limits" && !strings.HasPrefix(c.Name(), "grace[") && !strings.HasPrefix(c.Name(), "status")
	})
	for _, tt := range []struct {
		bug, path string
	}{
		{"a text of §11 is wrong", "message"},
		{"a fee is text", "data[0].remainingFee"},
		{"no token", "data.tocken"},
		{"what is not bound is unbound", "code"},
	} {
		t.Run(tt.bug, func(t *testing.T) {
			var planted contracttest.Bug
			for _, b := range contracttest.Bugs {
				if b.Name == tt.bug {
					planted = b
				}
			}
			r, err := contract.Runner{Library: suite.Library(), Seed: 1}.Diff(t.Context(),
				scenarios.InProcess(server.Handler()), scenarios.InProcess(contracttest.BrokenMock{Handler: server.Handler(), Bug: planted}), some...)
			require.NoError(t, err)
			require.Equal(t, report.ExitBroken, r.ExitCode())
			require.NotEmpty(t, contracttest.Broken(r))
			require.Less(t, len(contracttest.Broken(r)), len(r.Cases))
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
		}.Run(t.Context(), contracttest.NewMock(t), contract.Cases(suite.Library())...)
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
