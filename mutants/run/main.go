// Command run runs the contract suite, or the fuzzer, against a mock in this process, until the first failure. ./mutants builds it with
// bugs planted and starts it once for each.
package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"time"

	"github.com/etcp-mock/etcp-mock/contract"
	"github.com/etcp-mock/etcp-mock/contract/fuzz"
	"github.com/etcp-mock/etcp-mock/contract/report"
	"github.com/etcp-mock/etcp-mock/mock"
	"github.com/etcp-mock/etcp-mock/scenarios"
	"github.com/etcp-mock/etcp-mock/scenarios/suite"
)

// Verdict is what a run comes to.
type Verdict struct {
	Killed bool   `json:"killed"`
	By     string `json:"by,omitempty"` // the case that failed
	Why    string `json:"why,omitempty"`
	Millis int64  `json:"millis"`
}

func main() {
	fuzzing := flag.Duration("fuzz", 0, "fuzz for so long in place of the suite")
	flag.Parse()
	start := time.Now()
	v, err := run(context.Background(), *fuzzing)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
	v.Millis = time.Since(start).Milliseconds()
	if err := json.NewEncoder(os.Stdout).Encode(v); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
}

func run(ctx context.Context, fuzzing time.Duration) (Verdict, error) {
	server, err := mock.New(mock.WithSeed(1))
	if err != nil {
		return Verdict{}, err
	}
	defer func() { _ = server.Close(ctx) }()
	target := scenarios.InProcess(server.Handler())
	var r *report.Report
	if fuzzing > 0 {
		r, _ = fuzz.Fuzzer{Target: target, Seed: 1, MaxTime: fuzzing, MaxFindings: 1, Workers: 1}.Run(ctx)
	} else {
		runner := contract.Runner{Library: suite.Library(), Seed: 1, Workers: 1, FailFast: true, Timeout: 20 * time.Second}
		if r, err = runner.Run(ctx, target, contract.Cases(suite.Library())...); err != nil {
			return Verdict{}, err
		}
	}
	if r.Outage != nil {
		return Verdict{Killed: true, By: "outage", Why: r.Outage.String()}, nil
	}
	for _, c := range r.Cases {
		if c.Status == report.Failed {
			return Verdict{Killed: true, By: c.ID, Why: c.Failures[0].Message}, nil
		}
	}
	return Verdict{}, nil
}
