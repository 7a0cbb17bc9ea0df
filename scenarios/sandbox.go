package scenarios

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/etcp-mock/etcp-mock/client"
	"github.com/etcp-mock/etcp-mock/client/control"
	"github.com/etcp-mock/etcp-mock/scenarios/internal/expression"
	"github.com/etcp-mock/etcp-mock/scenarios/internal/fake"
	"github.com/etcp-mock/etcp-mock/scenarios/internal/language"
	"github.com/etcp-mock/etcp-mock/scenarios/internal/pushes"
	"github.com/etcp-mock/etcp-mock/scenarios/internal/template"
)

// open makes the case's sandbox and its variables, and runs its setup.
func (r *runner) open(ctx context.Context, f *frame, c language.Case) bool {
	f.vars = r.functions()
	made := &StepResult{Name: "sandbox", Action: "sandbox", Phase: language.PhaseSetup, File: r.s.File, Position: r.out.Position}
	start := time.Now()
	err := r.variables(f, c)
	if err == nil {
		err = r.enterSandbox(ctx, f)
	}
	made.Duration = time.Since(start)
	made.Status = Passed
	if err != nil {
		made.Status, made.Failure = Failed, r.failureOf(ctx, err, r.s, r.out.Position)
		made.Failure.quote(r.s)
		r.out.Steps = append(r.out.Steps, r.masked(made))
		r.fail(made)
		return false
	}
	if r.s.SetupScenario == nil {
		return true
	}
	setup := &StepResult{Name: "setup " + r.s.Setup, Action: "setup", Subject: r.s.Setup, Phase: language.PhaseSetup, File: r.s.File, Position: r.s.SetupPosition, Status: Passed}
	start = time.Now()
	inner := &frame{s: r.s.SetupScenario, vars: f.vars}
	if !r.steps(ctx, inner, r.s.SetupScenario.Steps, &setup.Steps) {
		setup.Status = Failed
	}
	setup.Duration = time.Since(start)
	r.out.Steps = append(r.out.Steps, setup)
	return setup.Status == Passed
}

// variables gives the variables their values: the setup's, the scenario's, the row's, those given from outside.
func (r *runner) variables(f *frame, c language.Case) error {
	r.given = maps.Clone(r.o.Vars)
	if r.given == nil {
		r.given = map[string]any{}
	}
	for name, value := range r.o.Secrets {
		r.given[name] = value
		if text, err := expression.Display(given(value, nil)); err == nil {
			r.secret(text)
		}
	}
	if r.s.SetupScenario != nil {
		if err := r.define(f, r.s.SetupScenario.AllVars(), r.given); err != nil {
			return err
		}
	}
	if err := r.define(f, r.s.Variables, r.given); err != nil {
		return err
	}
	if c.Row > 0 {
		row := r.s.Matrix[c.Row-1]
		if err := r.define(f, row.Values, nil); err != nil {
			return err
		}
		r.out.Vars = map[string]any{}
		for _, name := range row.Names {
			r.out.Vars[name] = r.mask(f.vars[name])
		}
	}
	for name, value := range r.given {
		f.vars[name] = given(value, f.vars[name])
	}
	return nil
}

// define gives variables their values: those from outside, or else their own.
func (r *runner) define(f *frame, vars []language.Variable, outside map[string]any) error {
	for _, v := range vars {
		value, ok := outside[v.Name]
		if _, typed := value.(Text); ok && !typed {
			f.vars[v.Name] = given(value, nil)
			continue
		}
		own, err := v.Value.Eval(f.vars)
		switch {
		case ok: // its own value says the type, if it has one
			own = given(value, own)
		case err != nil:
			return wrong(v.Position, err)
		}
		f.vars[v.Name] = own
	}
	return nil
}

// enterSandbox makes the sandbox, or takes the one given, or, on the real platform, just its merchant.
func (r *runner) enterSandbox(ctx context.Context, f *frame) error {
	f.vars["url"] = r.target.URL
	f.vars["sandbox"] = nil
	switch {
	case r.target.Control == nil:
		r.merchants = []control.SandboxMerchant{{MerchantNo: r.target.MerchantNo, MerchantKey: r.target.MerchantKey}}
	case r.target.Sandbox != "":
		r.sandbox = r.target.Control.Sandbox(r.target.Sandbox)
		got, err := r.sandbox.Get(ctx)
		if err != nil {
			return err
		}
		r.merchants = got.Merchants
		r.out.Kept = true
	default:
		if err := r.createSandbox(ctx, f); err != nil {
			return err
		}
	}
	if r.sandbox != nil {
		r.out.Sandbox = r.sandbox.ID()
		f.vars["sandbox"] = r.sandbox.ID()
	}
	for _, m := range r.merchants {
		r.secret(m.MerchantKey)
	}
	f.vars["merchant"] = ""
	if len(r.merchants) > 0 {
		f.vars["merchant"] = r.merchants[0].MerchantNo
	}
	return nil
}

// createSandbox makes the case's sandbox from its fixture, or as any new one is.
func (r *runner) createSandbox(ctx context.Context, f *frame) error {
	from := r.s.FixtureValue()
	in := control.NewSandbox{Seed: &r.seed}
	var fixture map[string]any
	if from != nil {
		var err error
		if fixture, err = completeFixture(from, f.vars, r.names, r.target.Receiver, r.unique()); err != nil {
			return err
		}
		in.Fixture = fixture
		if fixture["seed"] != nil {
			in.Seed = nil
		}
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	got, err := r.target.Control.CreateSandbox(r.ctx, in) // not ctx: broken off halfway, what the server made would have no owner
	if err != nil {
		if p, ok := errors.AsType[*control.ProblemError](err); ok && len(p.Errors) > 0 && from != nil {
			return refusedFixture(from, r.s.File, p)
		}
		return err
	}
	r.sandbox, r.own, r.merchants = r.target.Control.Sandbox(got.ID), true, got.Merchants
	if from == nil {
		return r.takePushes(ctx)
	}
	sortMerchants(r.merchants, fixture)
	return nil
}

// takePushes has the merchants of a new sandbox, which have no URL, push to where pushes are accepted.
func (r *runner) takePushes(ctx context.Context) error {
	for i := range r.merchants {
		m := &r.merchants[i]
		if m.PushURL != "" {
			continue
		}
		push := pushes.Accepting(r.target.Receiver)
		if err := r.sandbox.PutMerchant(ctx, control.Merchant{No: m.MerchantNo, Key: m.MerchantKey, Push: &push}); err != nil {
			return err
		}
		m.PushURL = push.URL
	}
	return nil
}

// sortMerchants puts merchants as the fixture has them: the first is the one that calls.
func sortMerchants(merchants []control.SandboxMerchant, fixture map[string]any) {
	list, _ := fixture["merchants"].([]any)
	at := map[string]int{}
	for i, item := range list {
		m, _ := item.(map[string]any)
		no, _ := m["no"].(string)
		at[no] = i
	}
	slices.SortStableFunc(merchants, func(a, b control.SandboxMerchant) int {
		return cmp.Compare(at[a.MerchantNo], at[b.MerchantNo])
	})
}

// Fixture is the sandbox a scenario starts in, as the control API takes it, with the scenario's own variables: merchants
// whose number or key is left out get fresh ones. A scenario without a fixture
// has one fresh merchant here, and in a sandbox of its own the car parks of any new sandbox, see [Scenario.HasFixture]. What is made up follows
// from the seed, and the merchants' keys do; nil is another seed each time. Numbers are fresh each time, so that several sandboxes fit on one server.
func Fixture(s *language.Scenario, in *language.Library, seed *uint64) (json.RawMessage, error) {
	o := Options{Library: in, Seed: seed}
	if err := o.link(s); err != nil {
		return nil, err
	}
	r := &runner{s: s, o: o, out: &CaseResult{}, seed: o.seed()}
	r.faker = fake.New(r.seed)
	f := &frame{s: s, vars: r.functions()}
	c := s.Cases()[0]
	if err := r.variables(f, c); err != nil {
		return nil, err
	}
	keys := fake.Following("keys", r.seed)
	fixture, err := completeFixture(s.FixtureValue(), f.vars, map[string]string{}, nil, func(bytes int) string {
		if bytes == pushes.KeyBytes {
			return keys(bytes)
		}
		return fake.Fresh(bytes)
	})
	if err != nil {
		return nil, err
	}
	return json.Marshal(fixture)
}

// Merchants are the numbers of the merchants that a case's sandbox names itself, as its options make them. Those that are
// made up are free, and left out. A case that cannot be computed has none: it will say so when it is run.
func Merchants(c language.Case, o Options) []string {
	from := c.Scenario.FixtureValue().Find("merchants")
	if from == nil || o.link(c.Scenario) != nil {
		return nil
	}
	r := &runner{s: c.Scenario, o: o, out: &CaseResult{}, seed: o.seed()}
	r.faker = fake.New(r.seed)
	f := &frame{s: c.Scenario, vars: r.functions()}
	if r.variables(f, c) != nil {
		return nil
	}
	value, err := from.Eval(f.vars)
	list, ok := value.([]any)
	if err != nil || !ok {
		return nil
	}
	var numbers []string
	for _, item := range list {
		m, _ := item.(map[string]any)
		if no, ok := m["no"].(string); ok {
			numbers = append(numbers, no)
		}
	}
	return numbers
}

// completeFixture computes a fixture and makes up what its merchants lack.
func completeFixture(t *template.Value, scope map[string]any, names map[string]string, receiver *Receiver, fresh func(bytes int) string) (map[string]any, error) {
	fixture := map[string]any{}
	if t != nil {
		value, err := t.Eval(scope)
		if err != nil {
			return nil, err
		}
		fixture = value.(map[string]any) // by its form
	}
	pushes.Complete(fixture, names, receiver, fresh)
	return fixture, nil
}

// unique gives what has to be unique on a server: at random, or as it follows from the target's salt and the seed of the case.
func (r *runner) unique() func(bytes int) string {
	if r.target.Salt == "" {
		return fake.Fresh
	}
	return fake.Following(r.target.Salt, r.seed)
}

// close takes the sandbox away, whatever happened.
func (r *runner) close(parent context.Context, limit time.Duration) {
	if !r.own {
		return
	}
	if r.o.Keep {
		r.out.Kept = true
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(parent), limit)
	defer cancel()
	if err := r.sandbox.Delete(ctx); err != nil && !control.IsNotFound(err) {
		left := &StepResult{Name: "delete the sandbox", Action: "sandbox", Phase: language.PhaseFinally, File: r.s.File, Position: r.out.Position, Status: Failed}
		left.Failure = r.failureOf(ctx, fmt.Errorf("the sandbox %s is left: %w", r.sandbox.ID(), err), r.s, r.out.Position)
		r.out.Steps = append(r.out.Steps, left)
		r.out.Kept = true
		r.fail(left)
	}
}

// merchantOf is a merchant by its number or name; the empty name is the first.
func (r *runner) merchantOf(name string) (control.SandboxMerchant, error) {
	if no, ok := r.names[name]; ok {
		name = no
	}
	var known []string
	for _, m := range r.merchants {
		if name == "" || m.MerchantNo == name {
			return m, nil
		}
		known = append(known, m.MerchantNo)
	}
	if len(known) == 0 {
		return control.SandboxMerchant{}, errors.New("the sandbox has no merchant")
	}
	for other := range r.names {
		known = append(known, other)
	}
	slices.Sort(known)
	return control.SandboxMerchant{}, fmt.Errorf("there is no merchant %q in this sandbox, only %s", name, strings.Join(known, ", "))
}

func (r *runner) clientOf(m control.SandboxMerchant) *client.Client {
	r.mu.Lock()
	defer r.mu.Unlock()
	c := r.clients[m.MerchantNo]
	if c == nil {
		c = r.target.merchant(m.MerchantNo, m.MerchantKey)
		r.clients[m.MerchantNo] = c
	}
	return c
}
