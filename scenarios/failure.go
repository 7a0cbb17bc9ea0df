package scenarios

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/etcp-mock/etcp-mock/client/control"
	"github.com/etcp-mock/etcp-mock/scenarios/internal/language"
	"github.com/etcp-mock/etcp-mock/scenarios/internal/template"
	"github.com/etcp-mock/etcp-mock/scenarios/problem"
)

// stepError is why a step failed: whose fault it is, where in the file that shows, and the cause.
type stepError struct {
	class      Class
	position   Position // the zero value: the step's
	cause      error
	mismatches []Mismatch
}

func (e *stepError) Error() string { return e.cause.Error() }
func (e *stepError) Unwrap() error { return e.cause }

// wrong says that a value of the file cannot be used. An error that knows its position keeps it.
func wrong(at problem.Position, err error) error {
	if err == nil {
		return nil
	}
	if _, known := errors.AsType[*stepError](err); known {
		return err
	}
	return &stepError{class: ClassExpression, position: at, cause: template.At(at, err)}
}

// broken says that the target could not be reached, or broke off.
func broken(err error) error { return &stepError{class: ClassTransport, cause: err} }

// refused says that the control API refused what a step sent, with the position of the value it refused.
func refused(step *language.Step, err error) error {
	p, ok := errors.AsType[*control.ProblemError](err)
	if !ok {
		return broken(err)
	}
	out := &stepError{class: ClassControl, cause: err}
	if len(p.Errors) > 0 && step.Body != nil {
		out.position = step.Body.Locate(p.Errors[0].Pointer)
	}
	return out
}

// refusedFixture says that the control API refused the sandbox a scenario wants.
func refusedFixture(fixture *template.Value, file string, p *control.ProblemError) error {
	out := &stepError{class: ClassFixture, cause: p}
	for _, e := range p.Errors {
		pointer := strings.TrimPrefix(e.Pointer, "/fixture")
		out.mismatches = append(out.mismatches, Mismatch{Path: "sandbox" + pointer, Detail: e.Detail, File: file, Position: fixture.Locate(pointer)})
	}
	out.position = out.mismatches[0].Position
	return out
}

// classed is any error of a step as the one type there is.
func classed(ctx context.Context, err error) *stepError {
	var out stepError
	if known, ok := errors.AsType[*stepError](err); ok {
		out = *known
	} else if at, ok := errors.AsType[*template.Error](err); ok {
		out = stepError{class: ClassExpression, position: at.Position}
	} else if _, ok := errors.AsType[*control.ProblemError](err); ok {
		out = stepError{class: ClassControl}
	} else {
		out = stepError{class: ClassTransport}
	}
	out.cause = err
	switch {
	case out.class == ClassFixture || ctx.Err() == nil:
	case errors.Is(err, context.DeadlineExceeded):
		out.class, out.cause = ClassCanceled, errors.New("the case ran out of time")
	default:
		out.class, out.cause = ClassCanceled, errors.New("the run was broken off")
	}
	return &out
}

// failureOf is what a result says of an error.
func (r *runner) failureOf(ctx context.Context, err error, s *language.Scenario, at problem.Position) *Failure {
	e := classed(ctx, err)
	if e.position != (Position{}) {
		at = e.position
	}
	return &Failure{Class: e.class, Detail: e.Error(), File: s.File, Position: at, Mismatches: e.mismatches}
}

// mismatched is what a result says of expectations that did not hold.
func (r *runner) mismatched(step *language.Step, misses []Mismatch) *Failure {
	if len(misses) == 0 {
		return nil
	}
	for i := range misses {
		misses[i].File = step.File.File
		if misses[i].Line == 0 {
			misses[i].Position = step.Position
		}
	}
	slices.SortStableFunc(misses, func(a, b Mismatch) int { return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column)) })
	detail := misses[0].Path + ": " + misses[0].Detail
	if misses[0].Path == "assert" || misses[0].Path == "" {
		detail = misses[0].Detail
	}
	if len(misses) > 1 {
		detail += fmt.Sprintf(" (and %d more)", len(misses)-1)
	}
	return &Failure{Class: ClassExpectation, Detail: detail, File: step.File.File, Position: misses[0].Position, Mismatches: misses}
}

// innerFailure is that of a step whose inner steps hold the reason.
func (r *runner) innerFailure(step *language.Step, out *outcome) *Failure {
	c := &CaseResult{Steps: out.steps}
	if inner := c.Failed(); inner != nil {
		return &Failure{Class: inner.Failure.Class, Detail: inner.Name + ": " + inner.Failure.Detail, File: inner.Failure.File, Position: inner.Failure.Position}
	}
	return &Failure{Class: ClassExpectation, Detail: "a step inside failed", File: step.File.File, Position: step.Position}
}

// quote puts the lines at fault in. Failures of steps inside come with theirs.
func (f *Failure) quote(s *language.Scenario) {
	if f == nil {
		return
	}
	if f.Source == "" && f.File == s.File {
		f.Source = problem.LineOf(s.Text, f.Line)
	}
	for i := range f.Mismatches {
		if m := &f.Mismatches[i]; m.Source == "" && m.File == s.File {
			m.Source = problem.LineOf(s.Text, m.Line)
		}
	}
}
