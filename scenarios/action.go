package scenarios

import (
	"context"

	"github.com/etcp-mock/etcp-mock/scenarios/internal/language"
)

// act does what a step says, and reports what came of it.
type act func(r *runner, ctx context.Context, f *frame, step *language.Step, out *outcome) error

// expectation is what a step is held to without saying so.
type expectation func(r *runner, step *language.Step, out *outcome) []Mismatch

func expectsNothing(*runner, *language.Step, *outcome) []Mismatch { return nil }

// behaviour is what a kind of step does.
type behaviour struct {
	run     act
	expects expectation
}

var behaviours = map[*language.Kind]behaviour{}

// register makes a kind of step known: what files say of it, what it does, and what it is held to. Each kind has a file of its
// own, step_….go, that registers it; no other code knows it by its name. It is called before main begins.
func register(a *language.Kind, run act, expects expectation) {
	language.Register(a)
	behaviours[a] = behaviour{run, expects}
}
