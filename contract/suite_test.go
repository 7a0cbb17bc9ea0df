package contract_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/contract"
	"github.com/etcp-mock/etcp-mock/contract/internal/contracttest"
	"github.com/etcp-mock/etcp-mock/contract/report"
	"github.com/etcp-mock/etcp-mock/scenarios/suite"
)

// The mock keeps the contract: every case passes, and every cell of the tables is reached.
func TestSuite(t *testing.T) {
	coverage := contract.NewCoverage()
	r, err := contract.Runner{
		Library: suite.Library(), Seed: 1,
		Hits: coverage.Add,
	}.Run(t.Context(), contracttest.NewMock(t), contract.Cases(suite.Library())...)
	require.NoError(t, err)
	require.Nil(t, r.Outage)
	for _, c := range r.Cases {
		t.Run(c.ID, func(t *testing.T) {
			for _, f := range c.Failures {
				t.Errorf("%s:%d:%d: %s\n%s\nwant %s\ngot  %s\n%s %s", f.File, f.Line, f.Column, f.Message, f.Source, f.Expected, f.Actual, f.Reason, f.Received)
			}
			require.Equal(t, report.Passed, c.Status, c.Reason)
		})
	}
	require.Empty(t, coverage.Missing())
	require.Empty(t, coverage.AddRules(r), "no rules")
	require.Empty(t, coverage.Unchecked(), "rules that no case checks")
	require.Empty(t, coverage.Beyond, "answered, and not in the tables")
	t.Logf("%d cases, %d requests in %s", len(r.Cases), r.Requests, r.Duration)
}
