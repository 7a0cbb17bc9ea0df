package scenarios

import (
	"context"
	"encoding/json"

	"github.com/etcp-mock/etcp-mock/scenarios/internal/language"
	"github.com/etcp-mock/etcp-mock/scenarios/internal/template"
)

func init() {
	register(&language.Kind{
		Name: "redeliver", NameZh: "重新投递",
		Doc:      "Delivers a push once more, byte for byte, by its id (push.id).",
		Form:     template.Text,
		Answer:   language.Known("status", "detail"),
		Subject:  language.Itself,
		Children: language.NoSteps,
		Read:     language.ReadValue,
		Needs:    language.MockOnly,
		Defines:  language.DefinesNothing,
	}, (*runner).redeliver, expectsNothing)
}

func (r *runner) redeliver(ctx context.Context, f *frame, step *language.Step, out *outcome) error {
	id, err := step.Body.Text(f.vars)
	if err != nil {
		return err
	}
	return simulate(step, out, func() (json.RawMessage, error) { return nil, r.sandbox.Redeliver(ctx, id) })
}
