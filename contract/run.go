package contract

import (
	"cmp"
	"context"
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"net"
	"net/url"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/etcp-mock/etcp-mock/contract/internal/wire"
	"github.com/etcp-mock/etcp-mock/contract/report"
	"github.com/etcp-mock/etcp-mock/internal/allowance"
	"github.com/etcp-mock/etcp-mock/internal/chinese"
	"github.com/etcp-mock/etcp-mock/internal/excerpt"
	"github.com/etcp-mock/etcp-mock/internal/jsonvalue"
	"github.com/etcp-mock/etcp-mock/internal/lang"
	"github.com/etcp-mock/etcp-mock/scenarios"
)

// Runner says how cases are run. The zero value runs them all, on three workers a processor.
type Runner struct {
	Library     *scenarios.Library // of scenarios that cases use; nil: the built-in ones
	Workers     int                // how many cases run at once; 0: three a processor. The report is the same
	Seed        uint64             // of everything made up, and of Shuffle: a case's own seed follows from it and the case's name
	Shuffle     bool               // run in another order; the report keeps the order given
	Repeat      int                // how often each case runs; 0 is once
	FailFast    bool               // what stands after the first failed case is skipped
	Timeout     time.Duration      // of a case, without the time for which Rate holds it back; 0: 10 minutes
	Speed       float64            // how much faster than real time sleeps and advances are; 0: at once
	Keep        bool               // leave the sandboxes for a look afterwards
	Rate        float64            // requests a second, at most; 0: as fast as it goes
	AllowWrites bool               // run cases that write against what is no mock
	Line        int                // the line of a file: the row, or the steps up to the one, that stands there
	Vars        map[string]any     // in place of the cases' own variables
	Secrets     map[string]any     // likewise; they appear in no output
	Now         func() time.Time   // nil is time.Now
	Language    string             // of what the runner itself says in the report: "zh" is Chinese, else English

	// FailuresOnly gives Result and Events no details of steps that passed (see [scenarios.Options]); so it is where neither is set.
	FailuresOnly bool

	// Progress is told of each case, in their order; a case is told as soon as all before it have ended.
	Progress func(*report.Case)
	// Hits is called with the cells of the coverage a case has reached.
	Hits func(id string, hits []scenarios.Hit)
	// Result, where set, gets what became of a case. It may be called by several goroutines at once.
	Result func(id string, result *scenarios.CaseResult)
	// Events, where set, gets what happens as it happens, from several goroutines at once.
	Events func(scenarios.Event)
	// RepeatLine, where set, gives the command line that runs a failed case again, up to a line of its file, in place of one that
	// sends the failed request again: for a target that ends with the process.
	RepeatLine func(c *report.Case, line int) string
}

// Run runs cases against a target with a [Runner]'s defaults.
//
//	target := scenarios.InProcess(server.Handler())
//	r, err := contract.Run(ctx, target, contract.Cases(scenarios.Builtin())...)
func Run(ctx context.Context, target scenarios.Target, cases ...scenarios.Case) (*report.Report, error) {
	return Runner{}.Run(ctx, target, cases...)
}

// Cases are all cases of a library's own scenarios, by name.
func Cases(l *scenarios.Library) []scenarios.Case {
	var cases []scenarios.Case
	for _, s := range l.Own() {
		cases = append(cases, s.Cases()...)
	}
	return cases
}

// Run runs cases. Its error is [scenarios.Problems]: a case cannot be run as it is written. Whatever happens is in the report.
func (o Runner) Run(ctx context.Context, target scenarios.Target, cases ...scenarios.Case) (*report.Report, error) {
	if o.Workers <= 0 {
		o.Workers = wire.PerProcessor * runtime.GOMAXPROCS(0)
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Library == nil {
		o.Library = scenarios.Builtin()
	}
	if target.Sandbox != "" || target.Control == nil && (o.AllowWrites || target.Receiver != nil) {
		o.Workers = 1 // the cases share a sandbox
	}
	jobs := o.jobs(cases)
	for i := range jobs {
		if err := jobs[i].c.Scenario.Link(o.Library); err != nil {
			return nil, err
		}
		if target.Control != nil && target.Sandbox == "" {
			jobs[i].merchants = scenarios.Merchants(jobs[i].c, scenarios.Options{Library: o.Library, Vars: o.Vars, Secrets: o.Secrets, Seed: &jobs[i].seed})
		}
	}
	target.Listens = target.Listens || target.Control != nil && onLoopback(target.URL)
	w := wire.New(target.HTTP, o.Rate, o.Workers)
	defer w.Close()
	target.HTTP = w.HTTP
	b := &batch{
		runner: o, target: target, jobs: jobs, done: make([]*report.Case, len(jobs)), codes: map[int]int{}, failed: len(jobs), wire: w,
		report: &report.Report{Command: "run", Language: o.Language, Target: target.URL, Seed: o.Seed, Started: o.Now()},
	}
	b.mask = report.NewMasker(append(secretTexts(o.Secrets), target.MerchantKey)...)
	if o.Rate > 0 {
		ctx = allowance.Held(ctx)
	}
	start := time.Now()
	b.run(ctx)
	b.report.Duration = report.Millis(time.Since(start))
	b.report.Requests = int(w.Requests.Load())
	b.report.Warnings = append(b.report.Warnings, b.vacuity()...)
	b.mask.Report(b.report)
	return b.report, nil
}

// onLoopback reports whether a URL's host is this machine, so that who answers there reaches the runner's own endpoint.
func onLoopback(address string) bool {
	u, err := url.Parse(address)
	if err != nil {
		return false
	}
	ip := net.ParseIP(u.Hostname())
	return u.Hostname() == "localhost" || ip != nil && ip.IsLoopback()
}

func secretTexts(secrets map[string]any) []string {
	var texts []string
	for _, v := range secrets {
		texts = append(texts, fmt.Sprint(v))
	}
	return texts
}

// job is one run of a case.
type job struct {
	c         scenarios.Case
	id        string
	seed      uint64
	merchants []string // numbers that its sandbox has, and no other at the same time
}

func (o *Runner) jobs(cases []scenarios.Case) []job {
	var jobs []job
	for _, c := range cases {
		if o.Line > 0 && !c.At(o.Line) {
			continue
		}
		for n := range max(1, o.Repeat) {
			id := c.Name()
			if n > 0 {
				id += fmt.Sprintf("#%d", n+1)
			}
			h := fnv.New64a()
			_, _ = fmt.Fprintf(h, "%d %s", o.Seed, id)
			jobs = append(jobs, job{c: c, id: id, seed: h.Sum64() >> 11}) // fits a JSON number exactly
		}
	}
	return jobs
}

// batch is a run under way.
type batch struct {
	runner Runner
	target scenarios.Target
	jobs   []job
	wire   *wire.Client
	mask   report.Masker
	inUse  claims
	first  sync.Once // before the first case, the target is asked whether it answers at all

	mu       sync.Mutex
	done     []*report.Case // by job
	reported int            // jobs that Progress has got
	failed   int            // the first job that failed
	codes    map[int]int    // how often each code was answered
	unknown  []string       // fields of answers that the document does not know
	report   *report.Report
}

func (b *batch) run(ctx context.Context) {
	order := make([]int, len(b.jobs))
	for i := range order {
		order[i] = i
	}
	if b.runner.Shuffle {
		rand.New(rand.NewPCG(b.runner.Seed, 1)).Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] }) //nolint:gosec // an order from a seed
		for _, i := range order {
			b.report.Order = append(b.report.Order, b.jobs[i].id)
		}
	}
	next := make(chan int)
	var workers sync.WaitGroup
	for range min(b.runner.Workers, len(order)) {
		workers.Go(func() {
			for i := range next {
				b.inUse.claim(b.jobs[i].merchants)
				b.one(ctx, i)
				b.inUse.release(b.jobs[i].merchants)
			}
		})
	}
	for _, i := range order {
		next <- i
	}
	close(next)
	workers.Wait()
	for i := range b.done {
		b.report.Cases = append(b.report.Cases, *b.done[i])
	}
}

// one runs a job and puts what came of it in its place.
func (b *batch) one(ctx context.Context, i int) {
	j := b.jobs[i]
	out := b.caseOf(j)
	if out.Reason = b.whyNot(ctx, i); out.Reason != "" {
		out.Status = report.Skipped
		b.end(i, out, nil)
		return
	}
	b.first.Do(func() { b.probe(ctx, out.ID) })
	if b.ended() {
		out.Status, out.Reason = report.Skipped, b.in(unreachable)
		b.end(i, out, nil)
		return
	}
	watched, seen := wire.WithWatch(ofCase(ctx, j.id))
	result, err := scenarios.RunCase(watched, b.target, j.c, scenarios.Options{
		Library: b.runner.Library, Vars: b.runner.Vars, Secrets: b.runner.Secrets, Seed: &j.seed, Line: b.runner.Line, Timeout: b.runner.Timeout,
		Speed: b.runner.Speed, Keep: b.runner.Keep, Progress: b.runner.Events,
		FailuresOnly: b.runner.FailuresOnly || b.runner.Result == nil && b.runner.Events == nil,
	})
	if err != nil { // it was linked, so that this is a bug of the case that shows late
		out.Status, out.Failures = report.Failed, []report.Failure{{Message: err.Error(), File: out.File, Line: out.Line}}
		b.end(i, out, nil)
		return
	}
	out.Duration = report.Millis(result.Duration)
	out.Title += rowOf(j.c, result)
	b.judge(ctx, out, result, seen)
	b.end(i, out, result)
}

func (b *batch) caseOf(j job) *report.Case {
	s := j.c.Scenario
	title := cmp.Or(s.Summary, s.Name)
	if b.runner.Language == lang.Chinese {
		title = cmp.Or(s.SummaryZh, title)
	}
	return &report.Case{
		ID: j.id, Title: title, Level: report.Must, Section: strings.Join(s.Covers, " "), Tags: slices.Clone(s.Tags), Rules: slices.Clone(s.Checks),
		File: s.File, Line: j.c.Position().Line, Status: report.Passed,
	}
}

// rowOf are the variables of a case's row of the matrix, behind its title: which of several rows it is that failed. None without a matrix.
func rowOf(c scenarios.Case, result *scenarios.CaseResult) string {
	const most = 30 // characters of a value
	if c.Row == 0 {
		return ""
	}
	var text strings.Builder
	for _, name := range c.Scenario.Matrix[c.Row-1].Names {
		value, ok := result.Vars[name].(string)
		if !ok {
			value = jsonvalue.Encode(result.Vars[name])
		}
		text.WriteString(" " + name + "=" + excerpt.Runes(value, most))
	}
	return text.String()
}

// whyNot is the reason why a job is not run.
func (b *batch) whyNot(ctx context.Context, i int) string {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch {
	case ctx.Err() != nil:
		return b.in(runBrokenOff)
	case b.report.Outage != nil:
		return b.in(unreachable)
	case b.runner.FailFast && b.failed < i:
		return b.in(failedFast)
	case b.target.Recorded != nil:
		if !b.target.Recorded(b.jobs[i].id) {
			return b.in(notRecorded)
		}
	case b.target.Control == nil && !b.runner.AllowWrites:
		if writes := b.jobs[i].c.Scenario.Needs().Writes; len(writes) > 0 {
			return b.in(writesAway.With(writes[0].TitleIn(b.runner.Language, writes[0].Name, writes[0].Subject), writes[0].Position.Line))
		}
	}
	return ""
}

// Why a case was not run.
var (
	runBrokenOff = lang.T("the run was broken off", "运行已中止")
	unreachable  = lang.T("the target could not be reached", "无法连接到目标")
	notRecorded  = lang.T("the recording does not hold this case", "录制中没有此用例")
	failedFast   = lang.T("an earlier case failed (--fail-fast)", "前面的用例已失败（--fail-fast）")
	writesAway   = lang.T("%s writes (line %d), and the target is no mock: --allow-writes", "%s 会写入（第 %d 行），而目标不是模拟平台：--allow-writes")
)

// in is a text in the language of the run.
func (b *batch) in(t lang.Text) string { return t.In(b.runner.Language) }

// judge makes a case of what came of it.
func (b *batch) judge(ctx context.Context, out *report.Case, result *scenarios.CaseResult, seen *wire.Watch) {
	switch {
	case result.Status == scenarios.Skipped:
		out.Status, out.Reason = report.Skipped, b.in(lang.T(result.Reason, chinese.Of(result.Reason)))
	case result.Status != scenarios.Failed:
	case ctx.Err() != nil:
		out.Status, out.Reason = report.Skipped, b.in(runBrokenOff)
	default:
		o := b.outageOf(ctx, result, seen)
		if o != nil && o.Case == "" {
			b.brokenOff(out, *o)
			return
		}
		out.Status, out.Failures = report.Failed, b.failuresOf(out, result)
		if o != nil && out.Failures[0].Fix == "" {
			_, out.Failures[0].Fix = o.In(b.runner.Language)
		}
	}
}

// brokenOff ends a run whose target gave no answer to judge.
func (b *batch) brokenOff(out *report.Case, o report.Outage) {
	o.Case = out.ID
	out.Status, out.Reason = report.Skipped, b.in(unreachable) // which the report says once
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.report.Outage == nil {
		b.report.Outage = &o
	}
}

// ended reports whether the target gave no answer to judge.
func (b *batch) ended() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.report.Outage != nil
}

// end puts a case in its place, and tells of those that are next.
func (b *batch) end(i int, out *report.Case, result *scenarios.CaseResult) {
	b.sources(out, b.jobs[i].c.Scenario)
	b.mask.Case(out)
	b.mu.Lock()
	defer b.mu.Unlock()
	b.done[i] = out
	if out.Status == report.Failed && i < b.failed {
		b.failed = i
	}
	if result != nil {
		result.Visit(func(s *scenarios.StepResult) {
			if s.Exchange != nil && s.Exchange.Code != nil {
				b.codes[*s.Exchange.Code]++
			}
			for _, path := range s.Unknown {
				if field := s.Subject + " " + indexes.ReplaceAllString(path, "[]"); !slices.Contains(b.unknown, field) {
					b.unknown = append(b.unknown, field)
				}
			}
		})
	}
	if result != nil && b.runner.Hits != nil {
		b.runner.Hits(out.ID, result.Hits)
	}
	if result != nil && b.runner.Result != nil {
		b.runner.Result(out.ID, result)
	}
	for b.reported < len(b.done) && b.done[b.reported] != nil {
		c := b.done[b.reported]
		if b.runner.FailFast && b.failed < b.reported { // whatever ran of it meanwhile
			*c = *b.caseOf(b.jobs[b.reported])
			c.Status, c.Reason = report.Skipped, b.in(failedFast)
		}
		b.reported++
		if b.runner.Progress != nil {
			b.runner.Progress(c)
		}
	}
}
