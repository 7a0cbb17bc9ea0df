package scenarios

import (
	"context"
	"encoding/json"

	"github.com/etcp-mock/etcp-mock/scenarios/internal/template"
)

func init() {
	register(&action{
		name:     "redeliver",
		doc:      "Delivers a push once more, byte for byte, by its id (push.id).",
		form:     template.Text,
		answer:   known("status", "detail"),
		subject:  itself,
		children: noSteps,
		read:     readValue,
		needs:    mockOnly,
		defines:  definesNothing,
		run:      (*runner).redeliver,
		expects:  expectsNothing,
	})
}

func (r *runner) redeliver(ctx context.Context, f *frame, step *Step, out *outcome) error {
	id, err := step.body.Text(f.vars)
	if err != nil {
		return err
	}
	return simulate(step, out, func() (json.RawMessage, error) { return nil, r.sandbox.Redeliver(ctx, id) })
}
