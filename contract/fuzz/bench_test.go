package fuzz_test

import (
	"testing"

	"github.com/etcp-mock/etcp-mock/contract/fuzz"
	"github.com/etcp-mock/etcp-mock/contract/internal/contracttest"
)

func BenchmarkFuzzer(b *testing.B) {
	target, requests := contracttest.NewMock(b), 0
	for b.Loop() {
		r, _ := fuzz.Fuzzer{Target: target, Seed: 1, MaxCalls: 5_000}.Run(b.Context())
		requests += r.Requests
	}
	b.ReportMetric(float64(requests)/b.Elapsed().Seconds(), "calls/s")
}
