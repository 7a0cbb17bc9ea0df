package scenarios

import (
	"context"
	"encoding/json"
	"fmt"
)

func init() {
	register(&action{
		name:     "restore",
		doc:      "Puts the state of the sandbox back as it was at the snapshot.",
		form:     snapshotName,
		answer:   known("status", "detail"),
		subject:  itself,
		children: noSteps,
		read:     readValue,
		needs:    mockOnly,
		defines:  definesNothing,
		run:      (*runner).restore,
		expects:  expectsNothing,
	})
}

func (r *runner) restore(ctx context.Context, _ *frame, step *Step, out *outcome) error {
	r.mu.Lock()
	state, has := r.snapshots[step.Subject]
	r.mu.Unlock()
	if !has {
		return wrong(step.Position, fmt.Errorf("there is no snapshot %q", step.Subject))
	}
	return simulate(step, out, func() (json.RawMessage, error) { return nil, r.sandbox.Restore(ctx, state) })
}
