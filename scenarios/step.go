package scenarios

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/etcp-mock/etcp-mock/client"
	"github.com/etcp-mock/etcp-mock/scenarios/internal/expression"
	"github.com/etcp-mock/etcp-mock/scenarios/internal/match"
	"github.com/etcp-mock/etcp-mock/scenarios/internal/template"
)

// outcome is what one attempt at a step gave.
type outcome struct {
	answer   any            // as it is shown
	fields   map[string]any // what expressions see of it
	exchange *Exchange
	curl     string
	reason   string
	steps    []*StepResult
	misses   []Mismatch     // what did not hold, of itself
	inner    bool           // a step inside failed
	envelope *client.Answer // of a call, where one came
	matched  []pushSeen     // pushes
}

const (
	defaultEvery  = 100 * time.Millisecond
	defaultWithin = 5 * time.Second
)

// step runs one step, as often as it polls.
func (r *runner) step(ctx context.Context, f *frame, step *Step) *StepResult {
	result := r.begun(step)
	result.Status = Passed
	result.title(f)
	start := time.Now()
	defer func() {
		result.Duration = time.Since(start)
		result.Failure.quote(step.file)
		r.masked(result)
	}()
	if err := ctx.Err(); err != nil {
		result.Status, result.Failure = Failed, r.failureOf(ctx, err, step.file, step.Position)
		return result
	}
	if step.unless != nil {
		yes, err := step.unless.Truth(f.vars)
		if err != nil {
			result.Status, result.Failure = Failed, r.failureOf(ctx, wrong(step.ifPosition, err), step.file, step.Position)
			return result
		}
		if !yes {
			result.Status, result.Reason = Skipped, "if: "+step.unless.Text
			return result
		}
	}
	r.poll(ctx, f, step, result, start)
	return result
}

// poll tries a step until it holds, or the time is over; a step that does not poll is tried once.
func (r *runner) poll(ctx context.Context, f *frame, step *Step, result *StepResult, start time.Time) {
	polls := step.until != nil || step.waits && !step.action.seeks
	deadline := start.Add(defaultWithin)
	if step.waits {
		deadline = start.Add(step.within)
	}
	for {
		result.Attempts++
		failure := r.attempt(ctx, f, step, result)
		if failure == nil && step.until != nil {
			failure = r.until(ctx, step, result)
		}
		result.Failure = failure
		if failure == nil {
			break
		}
		again := cmp.Or(step.every, defaultEvery)
		if !polls || failure.Class == ClassExpression || failure.Class == ClassCanceled || !time.Now().Add(again).Before(deadline) {
			result.Status = Failed
			break
		}
		if wait(ctx, again) != nil {
			result.Status = Failed
			break
		}
	}
	if !polls {
		result.Attempts = 0
	}
	if result.Status == Passed {
		if failure := r.save(ctx, f, step, result); failure != nil {
			result.Status, result.Failure = Failed, failure
		}
	}
}

func wait(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// attempt acts, and holds what came against what is expected.
func (r *runner) attempt(ctx context.Context, f *frame, step *Step, result *StepResult) *Failure {
	out := &outcome{}
	err := step.action.run(r, ctx, f, step, out)
	result.Answer, result.Exchange, result.Curl, result.MockReason, result.Steps = out.answer, out.exchange, out.curl, out.reason, out.steps
	result.scope = r.scope(f, step, out)
	if err != nil {
		return r.failureOf(ctx, err, step.file, step.Position)
	}
	if out.inner {
		return r.innerFailure(step, out)
	}
	misses := append(slices.Clip(out.misses), step.action.expects(r, step, out)...)
	if !step.action.seeks { // it has looked for what matches
		m := &match.Matching{Scope: f.vars}
		if step.expect != nil {
			m.Match(step.expect, "", answerOf(out), true)
		}
		if m.Err == nil {
			r.asserts(m, step, result.scope)
		}
		if m.Err != nil {
			return r.failureOf(ctx, m.Err, step.file, step.Position)
		}
		misses = append(misses, mismatches(m.Differences)...)
	}
	return r.mismatched(step, misses)
}

// answerOf is what expect is held against.
func answerOf(out *outcome) any {
	if out.fields == nil {
		return out.answer
	}
	object := make(map[string]any, len(out.fields))
	for name, v := range out.fields {
		if v != absent {
			object[name] = v
		}
	}
	return object
}

// absent marks a field of the answer that expressions may name though it did not come.
var absent = &struct{ _ int }{}

// scope is what expressions over the answer see: the answer's fields hide variables of their name.
func (r *runner) scope(f *frame, step *Step, out *outcome) map[string]any {
	if out.fields == nil {
		return f.vars
	}
	scope := maps.Clone(f.vars)
	for _, name := range slices.Concat(step.action.answer.names, step.action.answer.seen) {
		scope[name] = nil
	}
	for name, v := range out.fields {
		if v == absent {
			v = nil
		}
		scope[name] = v
	}
	return scope
}

func (r *runner) asserts(m *match.Matching, step *Step, scope map[string]any) {
	for _, a := range step.asserts {
		yes, err := a.Truth(scope)
		if err != nil {
			m.Err = wrong(a.position, err)
			return
		}
		if !yes {
			m.Differences = append(m.Differences, match.Difference{
				Path: "assert", Want: true, Got: false, Position: a.position, Detail: a.Text + " does not hold" + sides(a.Expression, scope),
			})
		}
	}
}

// sides says what an assertion compared: the values of both sides of a comparison, or of the variables it reads.
func sides(e *expression.Expression, scope map[string]any) string {
	var said []string
	say := func(text string) {
		part, err := expression.Compile(text)
		if err != nil {
			return
		}
		if v, err := part.Eval(scope); err == nil && expression.Brief(v) != text {
			said = append(said, text+" is "+expression.Brief(v))
		}
	}
	if left, right, is := expression.Comparison(e.Text); is {
		say(left)
		say(right)
	} else {
		for _, name := range e.Names {
			switch scope[name].(type) {
			case map[string]any, []any, nil:
			default:
				say(name)
			}
		}
	}
	if len(said) == 0 {
		return ""
	}
	return ": " + strings.Join(said, ", ")
}

func (r *runner) until(ctx context.Context, step *Step, result *StepResult) *Failure {
	yes, err := step.until.Truth(result.scope)
	if err != nil {
		return r.failureOf(ctx, wrong(step.until.position, err), step.file, step.Position)
	}
	if yes {
		return nil
	}
	detail := fmt.Sprintf("%s did not come true%s", step.until.Text, sides(step.until.Expression, result.scope))
	return &Failure{Class: ClassExpectation, Detail: detail, File: step.file.File, Position: step.until.position}
}

func (r *runner) save(ctx context.Context, f *frame, step *Step, result *StepResult) *Failure {
	for _, s := range step.saves {
		value, err := s.from.Eval(result.scope)
		if err == nil && value == nil {
			err = fmt.Errorf("%s: is not in the answer", s.from.Text)
		}
		if err != nil {
			return r.failureOf(ctx, wrong(s.from.position, err), step.file, step.Position)
		}
		f.vars[s.name] = value
	}
	return nil
}

func sortHits(hits []Hit) {
	slices.SortFunc(hits, func(a, b Hit) int {
		return cmp.Or(cmp.Compare(a.Endpoint, b.Endpoint), cmp.Compare(a.Code, b.Code), cmp.Compare(a.Push, b.Push), cmp.Compare(a.Outcome, b.Outcome))
	})
}

// title computes the ${…} of the step's title, as far as they can be.
func (s *StepResult) title(f *frame) {
	if s.step.Name != "" || !strings.Contains(s.Subject, "${") {
		return
	}
	parts, err := template.Split(s.Subject)
	if err != nil {
		return
	}
	var out strings.Builder
	for _, p := range parts {
		out.WriteString(p.Text)
		if p.Expr == nil {
			continue
		}
		if p.Compile() != nil {
			return
		}
		v, err := p.Expr.Eval(f.vars)
		if err != nil {
			return
		}
		text, err := expression.Display(v)
		if err != nil {
			return
		}
		out.WriteString(text)
	}
	s.Subject = out.String()
	s.Name = s.Action + " " + s.Subject
}

// holds says whether the step says itself what a field of the answer must be.
func (s *Step) names(name string) bool { return s.expect.Names(name) }
