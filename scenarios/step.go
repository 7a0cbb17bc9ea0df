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
	"github.com/etcp-mock/etcp-mock/client/control"
	"github.com/etcp-mock/etcp-mock/scenarios/internal/expression"
	"github.com/etcp-mock/etcp-mock/scenarios/internal/language"
	"github.com/etcp-mock/etcp-mock/scenarios/internal/match"
	"github.com/etcp-mock/etcp-mock/scenarios/internal/template"
)

// outcome is what one attempt at a step gave.
type outcome struct {
	answer   any            // as it is shown
	fields   map[string]any // what expressions see of it
	exchange *Exchange
	curl     string
	detail   func() // computes what answer, exchange and curl lack, which is for readers only; nil: nothing
	reason   string
	steps    []*StepResult
	misses   []Mismatch     // what did not hold, of itself
	inner    bool           // a step inside failed
	envelope *client.Answer // of a call, where one came
	unknown  []string       // fields of it that the document does not know
	matched  []pushSeen     // pushes
	absent   string         // the kind of push that was wanted, and of which none came
}

const (
	defaultEvery  = 100 * time.Millisecond
	defaultWithin = 5 * time.Second
)

// step runs one step, as often as it polls.
func (r *runner) step(ctx context.Context, f *frame, step *language.Step) *StepResult {
	result := r.begun(step)
	result.Status = Passed
	result.title(f)
	start := time.Now()
	defer func() {
		result.Duration = time.Since(start)
		result.Failure.quote(step.File)
		r.masked(result)
	}()
	if err := ctx.Err(); err != nil {
		result.Status, result.Failure = Failed, r.failureOf(ctx, err, step.File, step.Position)
		return result
	}
	if step.If != nil {
		yes, err := step.If.Truth(f.vars)
		if err != nil {
			result.Status, result.Failure = Failed, r.failureOf(ctx, wrong(step.IfPosition, err), step.File, step.Position)
			return result
		}
		if !yes {
			result.Status, result.Reason = Skipped, "if: "+step.If.Text
			return result
		}
	}
	r.poll(ctx, f, step, result, start)
	return result
}

// poll tries a step until it holds, or the time is over; a step that does not poll is tried once.
func (r *runner) poll(ctx context.Context, f *frame, step *language.Step, result *StepResult, start time.Time) {
	polls := step.Until != nil || step.Waits && !step.Kind.Seeks
	deadline := start.Add(defaultWithin)
	if step.Waits {
		deadline = start.Add(step.Within)
	}
	var out *outcome
	for {
		result.Attempts++
		out = &outcome{}
		failure := r.attempt(ctx, f, step, result, out)
		if failure == nil && step.Until != nil {
			failure = r.until(ctx, step, result)
		}
		result.Failure = failure
		if failure == nil {
			break
		}
		again := cmp.Or(step.Every, defaultEvery)
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
	r.explain(ctx, result, out)
	r.show(result, out)
}

// show puts what came of a step into its result: of one that passed nobody may want the details, which are a fifth of a run's processor time.
func (r *runner) show(result *StepResult, out *outcome) {
	result.scope = nil
	result.Steps, result.Unknown = out.steps, out.unknown
	if r.o.FailuresOnly && result.Status == Passed {
		if out.exchange != nil {
			result.Exchange = &Exchange{Code: out.exchange.Code}
		}
		return
	}
	if out.detail != nil {
		out.detail()
	}
	result.Answer, result.Exchange, result.Curl, result.MockReason = out.answer, out.exchange, out.curl, out.reason
}

// explain asks the mock why it refused the call of a step that failed, or sent no such push. A target that cannot say it leaves the reason alone.
func (r *runner) explain(ctx context.Context, result *StepResult, out *outcome) {
	id, _ := out.fields["requestId"].(string)
	switch {
	case result.Status != Failed || r.sandbox == nil:
		return
	case out.absent != "":
		if v, err := r.sandbox.VerifyPushes(ctx, control.PushWant{Kind: client.Kind(out.absent)}); err == nil {
			result.Explanation, result.ExplanationZh = v.Hint, v.HintZh
		}
		return
	case out.reason == "" || id == "":
		return
	}
	if request, err := r.sandbox.Request(ctx, id); err == nil {
		result.Explanation, result.ExplanationZh = request.Explanation, request.ExplanationZh
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
func (r *runner) attempt(ctx context.Context, f *frame, step *language.Step, result *StepResult, out *outcome) *Failure {
	err := behaviours[step.Kind].run(r, ctx, f, step, out)
	result.scope = r.scope(f, step, out)
	if err != nil {
		return r.failureOf(ctx, err, step.File, step.Position)
	}
	if out.inner {
		return r.innerFailure(step, out)
	}
	misses := append(slices.Clip(out.misses), behaviours[step.Kind].expects(r, step, out)...)
	if !step.Kind.Seeks { // it has looked for what matches
		m := &match.Matching{Scope: f.vars}
		if step.Expect != nil {
			m.Match(step.Expect, "", answerOf(out), true)
		}
		if m.Err == nil {
			r.asserts(m, step, result.scope)
		}
		if m.Err != nil {
			return r.failureOf(ctx, m.Err, step.File, step.Position)
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
	return out.fields
}

// scope is what expressions over the answer see: the answer's fields hide variables of their name.
func (r *runner) scope(f *frame, step *language.Step, out *outcome) map[string]any {
	if out.fields == nil || len(step.Asserts)+len(step.Saves) == 0 && step.Until == nil { // nothing looks at it
		return f.vars
	}
	scope := maps.Clone(f.vars)
	for _, name := range slices.Concat(step.Kind.Answer.Names, step.Kind.Answer.Seen) {
		scope[name] = nil
	}
	maps.Copy(scope, out.fields)
	return scope
}

func (r *runner) asserts(m *match.Matching, step *language.Step, scope map[string]any) {
	for _, a := range step.Asserts {
		yes, err := a.Truth(scope)
		if err != nil {
			m.Err = wrong(a.Position, err)
			return
		}
		if !yes {
			m.Differences = append(m.Differences, match.Difference{
				Path: "assert", Want: true, Got: false, Position: a.Position, Detail: a.Text + " does not hold" + expression.Sides(a.Expression, scope),
			})
		}
	}
}

func (r *runner) until(ctx context.Context, step *language.Step, result *StepResult) *Failure {
	yes, err := step.Until.Truth(result.scope)
	if err != nil {
		return r.failureOf(ctx, wrong(step.Until.Position, err), step.File, step.Position)
	}
	if yes {
		return nil
	}
	detail := fmt.Sprintf("%s did not come true%s", step.Until.Text, expression.Sides(step.Until.Expression, result.scope))
	return &Failure{Class: ClassExpectation, Detail: detail, File: step.File.File, Position: step.Until.Position}
}

func (r *runner) save(ctx context.Context, f *frame, step *language.Step, result *StepResult) *Failure {
	for _, s := range step.Saves {
		value, err := s.From.Eval(result.scope)
		if err == nil && value == nil {
			err = fmt.Errorf("%s: is not in the answer", s.From.Text)
		}
		if err == nil {
			err = f.set(s.Name, value)
		}
		if err != nil {
			return r.failureOf(ctx, wrong(s.From.Position, err), step.File, step.Position)
		}
	}
	return nil
}

func sortHits(hits []Hit) {
	slices.SortStableFunc(hits, func(a, b Hit) int {
		return cmp.Or(cmp.Compare(a.Endpoint, b.Endpoint), cmp.Compare(a.Code, b.Code), cmp.Compare(a.Push, b.Push), cmp.Compare(a.Outcome, b.Outcome))
	})
}

// title computes the ${…} of the step's title, as far as they can be.
func (s *StepResult) title(f *frame) {
	if s.step.Name != "" || !strings.Contains(s.Subject, "${") {
		return
	}
	if text, ok := template.Fill(s.Subject, f.vars); ok {
		s.Subject = text
		s.Name = s.Action + " " + text
	}
}
