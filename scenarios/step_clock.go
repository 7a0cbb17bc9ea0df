package scenarios

import (
	"context"
	"encoding/json"
	"net/http"

	"github.com/etcp-mock/etcp-mock/client/control"
	"github.com/etcp-mock/etcp-mock/scenarios/internal/template"
)

func init() {
	register(&action{
		name:     "clock",
		doc:      "Sets the clock: a time, at which it stands, or {now, mode, rate}.",
		form:     clockForm,
		answer:   clockAnswer,
		subject:  itself,
		children: noSteps,
		read:     readValue,
		needs:    mockOnly,
		defines:  definesNothing,
		run:      (*runner).clock,
		expects:  expectsNothing,
	})
}

// clock sets the sandbox's clock.
func (r *runner) clock(ctx context.Context, f *frame, step *Step, out *outcome) error {
	if step.body.Shape == template.ObjectShape {
		return r.post(ctx, f, step, out, http.MethodPut, "/clock")
	}
	now, err := step.body.Text(f.vars)
	if err != nil {
		return err
	}
	return simulate(step, out, func() (json.RawMessage, error) {
		return r.sandbox.Call(ctx, http.MethodPut, "/clock", map[string]string{"now": now, "mode": control.ClockFrozen})
	})
}
