package scenarios_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/scenarios"
)

// A case with two calls: what the engine adds to them.
func BenchmarkRunCase(b *testing.B) {
	s, err := scenarios.Parse("bench.yaml", []byte(`name: bench
vars: {phone: "13800000001"}
sandbox: {clock: 2017-08-20 12:00:00}
steps:
  - call: usersigin
    data: {mobilePhone: "${phone}", appId: ETCP}
    save: {token: data.token}
  - call: carnum
    data: {token: "${token}"}
    expect: {data: {number: 0}}
`))
	require.NoError(b, err)
	target := inProcess(b)
	b.ReportAllocs()
	for b.Loop() {
		result, err := scenarios.RunCase(b.Context(), target, s.Cases()[0], scenarios.Options{})
		if err != nil || result.Status != scenarios.Passed {
			b.Fatal(err, show(b, result))
		}
	}
}
