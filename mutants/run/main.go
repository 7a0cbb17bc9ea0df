// Command run runs the contract suite, or the fuzzer, against a mock in this process, until the first failure. ./mutants builds it with
// bugs planted, and names the bugs on its standard input, one a line, with the rule that each breaks: its cases run first. A line
// of JSON comes back for each.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/etcp-mock/etcp-mock/contract"
	"github.com/etcp-mock/etcp-mock/contract/fuzz"
	"github.com/etcp-mock/etcp-mock/contract/report"
	"github.com/etcp-mock/etcp-mock/mock"
	"github.com/etcp-mock/etcp-mock/mutants/active"
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
	calls := flag.Int64("calls", 0, "fuzz with so many calls in place of the suite")
	flag.Parse()
	out := json.NewEncoder(os.Stdout)
	for lines := bufio.NewScanner(os.Stdin); lines.Scan(); {
		number, rule, _ := strings.Cut(lines.Text(), " ")
		var err error
		if active.Bug, err = strconv.Atoi(number); err != nil {
			fail(err)
		}
		start := time.Now()
		v, err := run(context.Background(), *fuzzing, *calls, rule)
		if err != nil {
			fail(err)
		}
		v.Millis = time.Since(start).Milliseconds()
		if err := out.Encode(v); err != nil {
			fail(err)
		}
	}
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, err)
	os.Exit(2)
}

func run(ctx context.Context, fuzzing time.Duration, calls int64, rule string) (Verdict, error) {
	server, err := mock.New(mock.WithSeed(1))
	if err != nil {
		return Verdict{}, err
	}
	defer func() { _ = server.Close(ctx) }()
	target := scenarios.InProcess(server.Handler())
	var r *report.Report
	if fuzzing > 0 || calls > 0 {
		r, _ = fuzz.Fuzzer{Target: target, Seed: 1, MaxTime: fuzzing, MaxCalls: calls, MaxFindings: 1, Workers: 1}.Run(ctx)
	} else {
		runner := contract.Runner{Library: suite.Library(), Seed: 1, Workers: 1, FailFast: true, Timeout: 20 * time.Second}
		if r, err = runner.Run(ctx, target, cases(rule)...); err != nil {
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

// cases are all, those first that check a rule.
func cases(rule string) []scenarios.Case {
	all := contract.Cases(suite.Library())
	slices.SortStableFunc(all, func(a, b scenarios.Case) int {
		return rank(a, rule) - rank(b, rule)
	})
	return all
}

func rank(c scenarios.Case, rule string) int {
	if slices.Contains(c.Scenario.Checks, rule) {
		return 0
	}
	return 1
}
