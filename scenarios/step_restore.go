package scenarios

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/etcp-mock/etcp-mock/scenarios/internal/language"
)

func init() {
	register(&language.Kind{
		Name: "restore", NameZh: "恢复快照",
		Doc:      "Puts the state of the sandbox back as it was at the snapshot.",
		Form:     snapshotName,
		Answer:   language.Known("status", "detail"),
		Subject:  language.Itself,
		Children: language.NoSteps,
		Read:     language.ReadValue,
		Needs:    language.MockOnly,
		Defines:  language.DefinesNothing,
	}, (*runner).restore, expectsNothing)
}

func (r *runner) restore(ctx context.Context, _ *frame, step *language.Step, out *outcome) error {
	r.mu.Lock()
	state, has := r.snapshots[step.Subject]
	r.mu.Unlock()
	if !has {
		return wrong(step.Position, fmt.Errorf("there is no snapshot %q", step.Subject))
	}
	return simulate(step, out, func() (json.RawMessage, error) { return nil, r.sandbox.Restore(ctx, state) })
}
