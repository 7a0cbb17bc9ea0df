package scenarios

import (
	"context"
	"encoding/json"
	"net/http"

	"github.com/etcp-mock/etcp-mock/scenarios/internal/syntax"
	"github.com/etcp-mock/etcp-mock/scenarios/internal/template"
)

func init() {
	register(&action{
		name:     "fault",
		doc:      "Injects a fault; `clear` takes every fault away.",
		form:     &syntax.Form{Want: "a fault, or clear", Options: []*syntax.Form{{Want: "fault", Kind: syntax.TextKind, OneOf: []string{"clear"}}, faultForm}},
		answer:   known("status", "detail", "id"),
		subject:  itself,
		children: noSteps,
		read:     readValue,
		needs:    mockOnly,
		defines:  definesNothing,
		run:      (*runner).fault,
		expects:  expectsNothing,
	})
}

func (r *runner) fault(ctx context.Context, f *frame, step *Step, out *outcome) error {
	if step.body.Shape == template.ObjectShape {
		return r.post(ctx, f, step, out, http.MethodPost, "/faults")
	}
	return simulate(step, out, func() (json.RawMessage, error) { return nil, r.sandbox.ClearFaults(ctx) })
}
