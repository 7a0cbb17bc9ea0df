// Package fuzz makes up requests for a platform, good and bad, and holds each answer to the contract: see [Fuzzer].
//
// A story is a list of steps (story.go). It is made up from a seed (generate.go, errands.go, values.go), with ways to write its envelope
// and to send it wrongly (envelope.go, ways.go), and may go on from one that reached what few others did (guide.go). A player plays it
// (play.go, sending.go, pushes.go, deliveries.go) and holds each answer to the contract (judge.go) and, where the fuzzer has made the
// sandbox, to package model, which knows the right ones. What fails is made shorter (shrink.go) and written as a scenario (scenario.go).
package fuzz

import (
	"context"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"github.com/etcp-mock/etcp-mock/contract/internal/wire"
	"github.com/etcp-mock/etcp-mock/contract/report"
	"github.com/etcp-mock/etcp-mock/internal/lang"
	"github.com/etcp-mock/etcp-mock/scenarios"
)

// Fuzzer makes up requests from the tables and forms of package schemas, good and bad, single and in stories that feed answers
// into later requests, and holds each answer to the contract: no 5xx and no cut connection, no code outside the table, no
// violation of a schema, no message but that of §11, no accepted garbage, no refused good request; on a mock, whose sandboxes it makes,
// also the state: who has bound what, what is owed, which token is good.
type Fuzzer struct {
	Target      scenarios.Target
	Seed        uint64        // the same seed makes the same stories
	MaxTime     time.Duration // 0: no limit but MaxCalls
	MaxCalls    int64         // 0: no limit but MaxTime; both 0: 10 s
	MaxFindings int           // different ones, after which it ends; 0 is 10
	Workers     int           // stories at once; 0: three a processor
	Rate        float64       // requests a second, at most; 0: as fast as it goes
	AllowWrites bool          // write, though the target is no mock
	Language    string        // of the titles in the report: "zh" is Chinese, else English
	Progress    func(calls int64, findings int)
}

// Finding is a way in which the target breaks the contract, shrunk to what is needed to see it.
type Finding struct {
	Kind     string // what is wrong, and where: findings of one kind are one
	Message  string
	Scenario string // a scenario file that shows it
	Curl     string // the last request as it was sent

	story   int
	failure breach
}

// timeout is how long an answer may take.
const timeout = 10 * time.Second

// Run fuzzes until its limits, or until the context ends. What it found is in the report too, a case each.
func (f Fuzzer) Run(ctx context.Context) (*report.Report, []Finding) {
	if f.MaxTime == 0 && f.MaxCalls == 0 {
		f.MaxTime = 10 * time.Second
	}
	if f.MaxFindings == 0 {
		f.MaxFindings = 10
	}
	if f.Workers <= 0 {
		f.Workers = wire.PerProcessor * runtime.GOMAXPROCS(0)
	}
	w := wire.New(f.Target.HTTP, f.Rate, f.Workers)
	defer w.Close()
	w.SetTimeout(timeout)
	f.Target.HTTP = w.HTTP
	if f.Target.Now == nil {
		f.Target.Now = time.Now
	}
	run := &fuzzing{fuzzer: f, found: map[string]*Finding{}, guide: guide{cells: map[cell]int{}}}
	run.maker = maker{seed: f.Seed, simulator: f.Target.Control != nil, writes: f.AllowWrites, length: storyLength}
	if f.Target.Control != nil && (f.Target.IsInProcess() || f.Target.Listens) {
		run.hub = listen()
		defer run.hub.close()
		run.maker.receives = run.hub != nil
	}
	start := time.Now()
	if f.MaxTime > 0 {
		var stop context.CancelFunc
		run.deadline = start.Add(f.MaxTime)
		ctx, stop = context.WithDeadline(ctx, run.deadline.Add(time.Minute)) // what is found is still shrunk
		defer stop()
	}
	if run.outage, run.refused = f.first(ctx, w); run.outage != nil {
		return run.report(start, w.Requests.Load())
	}
	var workers sync.WaitGroup
	for range f.Workers {
		workers.Go(func() { run.work(ctx) })
	}
	workers.Wait()
	return run.report(start, w.Requests.Load())
}

// first says that the target answers nothing, or refuses the merchant.
func (f *Fuzzer) first(ctx context.Context, w *wire.Client) (o *report.Outage, refused lang.Text) {
	if f.Target.IsInProcess() {
		return nil, lang.Text{}
	}
	return w.First(ctx, f.Target.URL, f.Target.Control, f.Target.MerchantNo, f.Target.MerchantKey, f.Target.Now)
}

// fuzzing is a fuzzer at work.
type fuzzing struct {
	fuzzer    Fuzzer
	maker     maker
	guide     guide
	known     known
	hub       *hub // nil: no pushes can be taken
	deadline  time.Time
	refused   lang.Text    // that the target refuses the merchant
	next      atomic.Int64 // the number of the next story
	sandboxes atomic.Int64 // that were made
	calls     atomic.Int64
	answered  atomic.Bool // something has answered as a platform does: from then on silence is a finding

	mu     sync.Mutex
	found  map[string]*Finding
	order  []string
	outage *report.Outage
}

// late reports whether the time is over.
func (f *fuzzing) late() bool { return !f.deadline.IsZero() && time.Now().After(f.deadline) }

func (f *fuzzing) over() bool {
	if f.late() {
		return true
	}
	if f.fuzzer.MaxCalls > 0 && f.calls.Load() >= f.fuzzer.MaxCalls {
		return true
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	return len(f.found) >= f.fuzzer.MaxFindings || f.outage != nil
}

func (f *fuzzing) work(ctx context.Context) {
	for ctx.Err() == nil && !f.over() {
		number := f.next.Add(1)
		s := f.maker.story(uint64(number), f.guide.draw(f.fuzzer.Seed, uint64(number))) //nolint:gosec // counted from 1
		failure := f.explore(ctx, s)
		if f.fuzzer.Progress != nil && number%256 == 0 {
			f.mu.Lock()
			n := len(f.found)
			f.mu.Unlock()
			f.fuzzer.Progress(f.calls.Load(), n)
		}
		if failure == nil || ctx.Err() != nil {
			continue
		}
		f.mu.Lock()
		_, known := f.found[failure.kind]
		if failure.outage != nil && f.outage == nil {
			f.outage = failure.outage
		}
		if !known && failure.outage == nil {
			f.found[failure.kind] = &Finding{Kind: failure.kind, story: int(number)}
			f.order = append(f.order, failure.kind)
		}
		f.mu.Unlock()
		if known || failure.outage != nil {
			continue
		}
		s, failure = f.shrink(ctx, s, failure)
		f.mu.Lock()
		finding := f.found[failure.kind]
		finding.Message, finding.Curl, finding.failure = failure.message, failure.curl, *failure
		finding.Scenario = s.scenario(f.player(s).setup, failure)
		f.mu.Unlock()
	}
}

func (f *fuzzing) report(start time.Time, requests int64) (*report.Report, []Finding) {
	r := &report.Report{
		Command: "fuzz", Target: f.fuzzer.Target.URL, Seed: f.fuzzer.Seed, Started: start, Duration: report.Millis(time.Since(start)),
		Requests: int(requests), Outage: f.outage,
	}
	var findings []Finding
	for _, kind := range f.order {
		one := f.found[kind]
		findings = append(findings, *one)
		b := &one.failure
		r.Cases = append(r.Cases, report.Case{
			ID: "fuzz: " + kind, Title: lang.T("sequence %d of seed %d", "第 %d 个序列，种子 %d").With(one.story, f.fuzzer.Seed).In(f.fuzzer.Language), Level: report.Must, Section: b.section, Status: report.Failed,
			Failures: []report.Failure{{
				Message: b.message, Expected: b.want, Actual: b.got, Sent: one.Scenario, Received: b.received, Reason: b.reason, Curl: b.curl,
			}},
		})
	}
	if calls := f.calls.Load(); calls > 0 && len(findings) == 0 && f.outage == nil {
		r.Cases = []report.Case{{
			ID: "fuzz", Title: lang.T("%d calls in %d sequences keep the contract", "%d 次调用、%d 个序列均符合契约").With(calls, f.next.Load()).In(f.fuzzer.Language), Level: report.Must, Section: "§9 §11",
			Status: report.Passed, Duration: r.Duration,
		}}
	}
	if !f.refused.IsZero() {
		r.Warnings = append(r.Warnings, f.refused.In(f.fuzzer.Language))
	}
	report.NewMasker(f.fuzzer.Target.MerchantKey).Report(r)
	return r, findings
}
