package contract_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/contract"
	"github.com/etcp-mock/etcp-mock/contract/internal/contracttest"
	"github.com/etcp-mock/etcp-mock/scenarios/suite"
)

// The built-in suite against a mock in this process.
func BenchmarkSuite(b *testing.B) {
	target, cases, ran := contracttest.NewMock(b), contract.Cases(suite.Library()), 0
	for b.Loop() {
		r, err := contract.Runner{Library: suite.Library(), Seed: 1}.Run(b.Context(), target, cases...)
		require.NoError(b, err)
		ran += r.Ran()
	}
	b.ReportMetric(float64(ran)/b.Elapsed().Seconds(), "cases/s")
}
