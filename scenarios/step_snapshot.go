package scenarios

import (
	"context"
	"encoding/json"

	"github.com/etcp-mock/etcp-mock/scenarios/internal/language"
	"github.com/etcp-mock/etcp-mock/scenarios/internal/syntax"
)

func init() {
	register(&language.Kind{
		Name: "snapshot", NameZh: "保存快照",
		Doc:      "Keeps the whole state of the sandbox under a name.",
		Form:     snapshotName,
		Answer:   language.Known("status", "detail"),
		Subject:  language.Itself,
		Children: language.NoSteps,
		Read:     language.ReadValue,
		Needs:    language.MockOnly,
		Defines:  language.DefinesNothing,
	}, (*runner).snapshot, expectsNothing)
}

var snapshotName = &syntax.Form{Want: "a name", Kind: syntax.TextKind, Pattern: language.Word, Fixed: true}

func (r *runner) snapshot(ctx context.Context, _ *frame, step *language.Step, out *outcome) error {
	return simulate(step, out, func() (json.RawMessage, error) {
		state, err := r.sandbox.State(ctx)
		r.mu.Lock()
		defer r.mu.Unlock()
		r.snapshots[step.Subject] = state
		return nil, err
	})
}
