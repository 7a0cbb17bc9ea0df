package scenarios

import (
	"context"
	"crypto/rand"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"maps"
	"sync"
	"sync/atomic"
	"time"

	"github.com/brianvoe/gofakeit/v6"

	"github.com/etcp-mock/etcp-mock/client"
	"github.com/etcp-mock/etcp-mock/client/control"
	"github.com/etcp-mock/etcp-mock/internal/allowance"
	"github.com/etcp-mock/etcp-mock/internal/mask"
	"github.com/etcp-mock/etcp-mock/scenarios/internal/expression"
	"github.com/etcp-mock/etcp-mock/scenarios/internal/fake"
	"github.com/etcp-mock/etcp-mock/scenarios/internal/language"
	"github.com/etcp-mock/etcp-mock/scenarios/internal/template"
)

// Options is how scenarios are run.
type Options struct {
	Library  *language.Library // of scenarios that are used; nil: the built-in ones
	Vars     map[string]any    // in place of the scenario's own values; a [Text] takes the type of the scenario's
	Secrets  map[string]any    // likewise, masked in all that comes out
	Seed     *uint64           // of everything made up; nil: another each time, which the result says
	Speed    float64           // how much faster than real time sleeps and advances are; 0: at once
	Keep     bool              // leave sandboxes for a look afterwards
	Line     int               // only the row at this line of the file, or the steps up to the one there; 0: everything
	Timeout  time.Duration     // of a case; 0: 10 minutes
	Progress func(Event)       // gets what happens; called from one goroutine per case

	// FailuresOnly leaves out of the results of steps that passed what they answered and sent, but for the code of §11: a fifth less processor time.
	FailuresOnly bool
}

const (
	caseTimeout    = 10 * time.Minute
	cleanupTimeout = 30 * time.Second

	// A run that is broken off ends within a second: so long its finally goes on, and so long its sandbox may take to go.
	brokenFinally = 600 * time.Millisecond
	brokenCleanup = 300 * time.Millisecond
)

// Run runs all cases of a scenario, one after the other. Its error is [Problems]: the scenario cannot be run as it is
// written. Whatever happens while it runs is in the result.
func Run(ctx context.Context, target Target, s *language.Scenario, o Options) (*Result, error) {
	if err := o.link(s); err != nil {
		return nil, err
	}
	seed := o.seed()
	o.Seed = &seed
	out := &Result{Scenario: s.Name, File: s.File, Status: Skipped, Seed: seed, Started: target.now()}
	start := time.Now()
	for _, c := range s.Cases() {
		if o.Line > 0 && !c.At(o.Line) {
			continue
		}
		one, err := RunCase(ctx, target, c, o)
		if err != nil {
			return nil, err
		}
		out.Cases = append(out.Cases, one)
		switch {
		case one.Status == Failed:
			out.Status = Failed
		case one.Status == Passed && out.Status == Skipped:
			out.Status = Passed
		}
	}
	out.Duration = time.Since(start)
	return out, nil
}

func (o *Options) link(s *language.Scenario) error {
	if o.Library == nil {
		o.Library = Builtin()
	}
	return s.Link(o.Library)
}

func (o *Options) seed() uint64 {
	if o.Seed != nil {
		return *o.Seed
	}
	var b [8]byte
	_, _ = rand.Read(b[:])                     // never fails
	return binary.BigEndian.Uint64(b[:]) >> 11 // fits a JSON number exactly
}

// runner runs one case.
type runner struct {
	target Target
	o      Options
	s      *language.Scenario
	seed   uint64
	out    *CaseResult
	faker  *gofakeit.Faker
	speed  float64

	ctx       context.Context  //nolint:containedctx // of the case, for what expressions ask for
	sandbox   *control.Sandbox // nil: the real platform
	own       bool             // the sandbox was made for this case
	merchants []control.SandboxMerchant
	names     map[string]string // merchants' numbers by name
	seen      int               // pushes the receiver had before the case

	kept   atomic.Int64 // results of repeated steps and of those that ran at once
	atOnce atomic.Int64 // steps that run at once now

	mu        sync.Mutex // of what steps that run at once share
	clients   map[string]*client.Client
	snapshots map[string]json.RawMessage
	secrets   []string
	hidden    mask.Masker    // of the secrets, as far as they are no news
	news      bool           // there are secrets that hidden does not know
	given     map[string]any // variables from outside, as they were given
	hits      map[Hit]bool
}

// frame is where a scenario's steps run: its variables.
type frame struct {
	vars  map[string]any
	s     *language.Scenario
	among int // frames that run at once, and share what variables may take; 0 is 1
}

func (f *frame) clone() *frame { return &frame{maps.Clone(f.vars), f.s, f.among} }

// largeVar is the size in bytes from which on a variable has the size of all looked at.
const largeVar = 4 << 10

// set gives a variable its value, unless all together would take too much.
func (f *frame) set(name string, value any) error {
	if expression.Size(value, largeVar) > largeVar {
		most := template.MaxValue / max(f.among, 1)
		size := expression.Size(value, most)
		for other, held := range f.vars {
			if size > most {
				break
			}
			if other != name {
				size += expression.Size(held, most-size)
			}
		}
		if size > most {
			return fmt.Errorf("%s: the variables would be over %d bytes together", name, most)
		}
	}
	f.vars[name] = value
	return nil
}

// RunCase runs one case. Its error is [Problems], as [Run]'s.
func RunCase(ctx context.Context, target Target, c language.Case, o Options) (*CaseResult, error) {
	if err := o.link(c.Scenario); err != nil {
		return nil, err
	}
	r := &runner{
		target: target, o: o, s: c.Scenario, seed: o.seed(), speed: o.Speed, names: map[string]string{},
		clients: map[string]*client.Client{}, snapshots: map[string]json.RawMessage{}, hits: map[Hit]bool{},
		out: &CaseResult{Name: c.Name(), Row: c.Row, Position: c.Position(), Started: target.now()},
	}
	r.faker = fake.New(r.seed)
	stop, err := r.listen()
	if err != nil {
		return nil, err
	}
	defer stop()
	if r.target.Receiver != nil {
		r.seen = r.target.Receiver.Len()
	}
	start := time.Now()
	r.report(Event{Case: r.out})
	r.run(ctx, c)
	r.out.Duration = time.Since(start)
	for hit := range r.hits {
		r.out.Hits = append(r.out.Hits, hit)
	}
	sortHits(r.out.Hits)
	r.report(Event{Case: r.out, Ended: true})
	return r.out, nil
}

func (r *runner) report(e Event) {
	if r.o.Progress != nil {
		r.o.Progress(e)
	}
}

func (r *runner) run(parent context.Context, c language.Case) {
	limit := r.o.Timeout
	if limit <= 0 {
		limit = caseTimeout
	}
	ctx, cancel := allowance.WithTimeout(parent, limit)
	defer cancel()
	if reason := r.cannot(); reason != "" {
		r.out.Status, r.out.Reason = Skipped, reason
		return
	}
	life, end := context.WithCancel(context.WithoutCancel(parent))
	defer end()
	defer context.AfterFunc(ctx, func() { time.AfterFunc(brokenFinally, end) })()
	r.out.Status, r.ctx = Passed, life
	f := &frame{s: r.s, vars: map[string]any{}}
	opened := r.open(ctx, f, c)
	if opened {
		r.steps(ctx, f, r.s.UpTo(r.o.Line), &r.out.Steps)
	} else {
		r.skip(r.s.Steps, &r.out.Steps, "there is no sandbox to run in")
	}
	after := ctx
	if ctx.Err() != nil { // broken off: what has to be cleaned up still is
		after = life
	}
	if opened {
		r.steps(after, f, r.s.Finally, &r.out.Steps)
		if r.s.SetupScenario != nil {
			r.steps(after, &frame{s: r.s.SetupScenario, vars: f.vars}, r.s.SetupScenario.Finally, &r.out.Steps)
		}
	}
	r.skippedAll()
	limit = cleanupTimeout
	if ctx.Err() != nil {
		limit = brokenCleanup
	}
	r.close(parent, limit)
}

// cannot says why the case cannot be run against the target.
func (r *runner) cannot() string {
	if r.target.Control != nil && r.target.Receiver == nil && r.target.Recorded == nil && r.target.Sandbox == "" {
		if at := r.asksForAnswers(); at != nil {
			return fmt.Sprintf("needs a receiver of pushes (line %d), which answers as its URL says: --listen", at.Position.Line)
		}
	}
	if r.target.Control != nil && r.target.Sandbox == "" {
		return ""
	}
	state, at := r.s.StateNeeded()
	if state != "" && r.target.Sandbox != "" {
		return fmt.Sprintf("needs %s as its file says (line %d), and runs in the sandbox %s, which is left as it is", state, at, r.target.Sandbox)
	}
	if r.target.Control != nil {
		return ""
	}
	needs, others := r.s.Needs(), r.otherMerchants()
	switch {
	case state != "":
		return fmt.Sprintf("needs %s to be set (line %d), which takes the control API of a mock", state, at)
	case len(needs.Control) > 0:
		return fmt.Sprintf("%s needs the control API of a mock (line %d)", needs.Control[0].Action, needs.Control[0].Position.Line)
	case len(needs.Pushes) > 0 && r.target.Receiver == nil:
		return fmt.Sprintf("push needs the control API of a mock, or a receiver of pushes (line %d)", needs.Pushes[0].Position.Line)
	case len(others) > 0:
		return fmt.Sprintf("needs the merchant %s (line %d), which takes the control API of a mock", others[0].Literal, others[0].Position.Line)
	case r.target.MerchantNo == "":
		return "the target is no mock, and no merchant is given"
	}
	return ""
}

// otherMerchants are the merchants that steps name, and that the target is not.
func (r *runner) otherMerchants() (others []*template.Value) {
	r.s.Walk(func(step *language.Step) {
		if as := step.Extras["as"]; as != nil && as.Literal != nil && as.Literal != r.target.MerchantNo {
			others = append(others, as)
		}
	})
	return others
}

// skippedAll has a case count as skipped of which no step ran, because each one's if said no: nothing of it was checked.
func (r *runner) skippedAll() {
	if r.out.Status != Passed {
		return
	}
	own := 0
	for _, step := range r.out.Steps {
		if step.Phase != language.PhaseSteps {
			continue
		}
		if own++; step.Status != Skipped {
			return
		}
	}
	if own > 0 {
		r.out.Status, r.out.Reason = Skipped, "no step ran: each was skipped by its if"
	}
}

// steps runs steps in their order; after one that failed the rest is skipped.
func (r *runner) steps(ctx context.Context, f *frame, steps []*language.Step, into *[]*StepResult) bool {
	for i, step := range steps {
		if r.o.Progress != nil {
			r.o.Progress(Event{Case: r.out, Step: r.begun(step), Index: i, Total: len(steps)})
		}
		result := r.step(ctx, f, step)
		*into = append(*into, result)
		r.report(Event{Case: r.out, Step: result, Index: i, Total: len(steps), Ended: true})
		if result.Status == Failed {
			r.fail(result)
			r.skip(steps[i+1:], into, "an earlier step failed")
			return false
		}
	}
	return true
}

func (r *runner) fail(result *StepResult) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.out.Status = Failed
	if r.out.Class == "" && result.Failure != nil {
		r.out.Class = result.Failure.Class
	}
}

func (r *runner) skip(steps []*language.Step, into *[]*StepResult, why string) {
	for _, step := range steps {
		skipped := r.begun(step)
		skipped.Status, skipped.Reason = Skipped, why
		*into = append(*into, skipped)
	}
}

func (r *runner) begun(step *language.Step) *StepResult {
	return &StepResult{
		Name: step.Title(), Action: step.Action, Subject: step.Subject, Phase: step.Phase, File: step.File.File, Position: step.Position, step: step,
	}
}

// hit notes that a cell of the coverage was hit.
func (r *runner) hit(t Hit) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.hits[t] = true
}

// secret is a text that is masked from now on.
func (r *runner) secret(text string) {
	if text == "" {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.secrets, r.news = append(r.secrets, text), true
}
