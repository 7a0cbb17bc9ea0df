package scenarios

import (
	"context"
	"encoding/json"

	"github.com/etcp-mock/etcp-mock/scenarios/internal/syntax"
)

func init() {
	register(&action{
		name:     "snapshot",
		doc:      "Keeps the whole state of the sandbox under a name.",
		form:     snapshotName,
		answer:   known("status", "detail"),
		subject:  itself,
		children: noSteps,
		read:     readValue,
		needs:    mockOnly,
		defines:  definesNothing,
		run:      (*runner).snapshot,
		expects:  expectsNothing,
	})
}

var snapshotName = &syntax.Form{Want: "a name", Kind: syntax.TextKind, Pattern: word, Fixed: true}

func (r *runner) snapshot(ctx context.Context, _ *frame, step *Step, out *outcome) error {
	return simulate(step, out, func() (json.RawMessage, error) {
		state, err := r.sandbox.State(ctx)
		r.mu.Lock()
		defer r.mu.Unlock()
		r.snapshots[step.Subject] = state
		return nil, err
	})
}
