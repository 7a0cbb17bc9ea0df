package scenarios

import (
	"context"
	"encoding/json"
	"net/http"

	"github.com/etcp-mock/etcp-mock/scenarios/internal/language"
	"github.com/etcp-mock/etcp-mock/scenarios/internal/syntax"
	"github.com/etcp-mock/etcp-mock/scenarios/internal/template"
)

func init() {
	register(&language.Kind{
		Name: "fault", NameZh: "注入故障",
		Doc:      "Injects a fault; `clear` takes every fault away.",
		Form:     &syntax.Form{Want: "a fault, or clear", Options: []*syntax.Form{{Want: "fault", Kind: syntax.TextKind, OneOf: []string{"clear"}}, language.FaultForm}},
		Answer:   language.Known("status", "detail", "id"),
		Subject:  language.Itself,
		Children: language.NoSteps,
		Read:     language.ReadValue,
		Needs:    language.MockOnly,
		Defines:  language.DefinesNothing,
		Judged:   true,
	}, (*runner).fault, expectsNothing)
}

func (r *runner) fault(ctx context.Context, f *frame, step *language.Step, out *outcome) error {
	if step.Body.Shape == template.ObjectShape {
		return r.post(ctx, f, step, out, http.MethodPost, "/faults")
	}
	return simulate(step, out, func() (json.RawMessage, error) { return nil, r.sandbox.ClearFaults(ctx) })
}
