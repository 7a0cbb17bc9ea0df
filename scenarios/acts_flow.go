package scenarios

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"sync"

	"github.com/etcp-mock/etcp-mock/scenarios/internal/expression"
	"github.com/etcp-mock/etcp-mock/scenarios/internal/template"
)

// sleep lets time pass: on a mock its clock moves, elsewhere it is waited.
func (r *runner) sleep(ctx context.Context, f *frame, step *Step, _ *outcome) error {
	d, err := r.duration(f, step)
	if err != nil {
		return err
	}
	if r.sandbox == nil {
		return wait(ctx, d)
	}
	_, err = r.advanceBy(ctx, d)
	return err
}

func (r *runner) set(_ context.Context, f *frame, step *Step, _ *outcome) error {
	for _, v := range step.with {
		value, err := v.value.Eval(f.vars)
		if err != nil {
			return err
		}
		f.vars[v.name] = value
	}
	return nil
}

// use runs another scenario's steps in this world. Its variables are its own, but for those the caller has too and those
// given by with; what they are in the end comes along.
func (r *runner) use(ctx context.Context, f *frame, step *Step, out *outcome) error {
	other := step.file.used[step.Subject]
	inner := &frame{s: other, vars: r.functions()}
	for _, name := range always {
		inner.vars[name] = f.vars[name]
	}
	given := map[string]any{}
	for _, v := range other.allVars() {
		if value, has := f.vars[v.name]; has {
			given[v.name] = value
		}
	}
	for _, v := range step.with {
		value, err := v.value.Eval(f.vars)
		if err != nil {
			return err
		}
		given[v.name] = value
	}
	if err := r.define(inner, other.allVars(), given); err != nil {
		return err
	}
	ok := true
	if other.setup != nil {
		ok = r.steps(ctx, &frame{s: other.setup, vars: inner.vars}, other.setup.Steps, &out.steps)
	}
	ok = ok && r.steps(ctx, inner, other.Steps, &out.steps)
	ok = r.steps(ctx, inner, other.Finally, &out.steps) && ok
	out.inner = !ok
	for _, name := range other.exports() {
		if value, has := inner.vars[name]; has {
			f.vars[name] = value
		}
	}
	return nil
}

// parallel runs steps at once, each with the variables as they are now.
func (r *runner) parallel(ctx context.Context, f *frame, step *Step, out *outcome) error {
	results := make([]*StepResult, len(step.Steps))
	frames := make([]*frame, len(step.Steps))
	panics := make([]any, len(step.Steps))
	var running sync.WaitGroup
	for i, branch := range step.Steps {
		frames[i] = f.clone()
		running.Go(func() {
			defer func() { panics[i] = recover() }()
			results[i] = r.step(ctx, frames[i], branch)
		})
	}
	running.Wait()
	for _, failure := range panics { // goes on where whoever runs the scenario can recover it
		if failure != nil {
			panic(failure)
		}
	}
	out.steps = results
	for i, branch := range step.Steps {
		if results[i].Status == Failed {
			r.fail(results[i])
			out.inner = true
		}
		for _, name := range branch.given() {
			if value, has := frames[i].vars[name]; has {
				f.vars[name] = value
			}
		}
	}
	return nil
}

// given are the variables that a step and those inside it give values.
func (s *Step) given() []string {
	names := s.defines()
	for _, inner := range s.Steps {
		names = append(names, inner.given()...)
	}
	if other := s.file.used[s.Subject]; s.Action == "use" && other != nil {
		names = append(names, other.exports()...)
	}
	return names
}

func (r *runner) repeat(ctx context.Context, f *frame, step *Step, out *outcome) error {
	value, err := step.body.Eval(f.vars)
	if err != nil {
		return err
	}
	times, whole := value.(int)
	if !whole || times < 0 || times > maxRepeat {
		return template.At(step.body.Position, fmt.Errorf("times is a whole number from 0 to %d, not %s", maxRepeat, expression.Brief(value)))
	}
	before, had := f.vars["index"]
	defer func() {
		if had {
			f.vars["index"] = before
		} else {
			delete(f.vars, "index")
		}
	}()
	for i := range times {
		f.vars["index"] = i
		var results []*StepResult
		ok := r.steps(ctx, f, step.Steps, &results)
		if len(out.steps) < maxExecuted || !ok {
			out.steps = append(out.steps, results...)
		}
		if !ok {
			out.inner = true
			return nil
		}
	}
	return nil
}

var errNoURL = errors.New("want a URL, or a path of the target")

func withVars(base map[string]any, more map[string]any) map[string]any {
	out := maps.Clone(base)
	maps.Copy(out, more)
	return out
}
