package scenarios

import (
	"context"
	"encoding/json"
	"net/http"

	"github.com/etcp-mock/etcp-mock/client/control"
	"github.com/etcp-mock/etcp-mock/scenarios/internal/language"
	"github.com/etcp-mock/etcp-mock/scenarios/internal/template"
)

func init() {
	register(&language.Kind{
		Name: "clock", NameZh: "设置时钟",
		Doc:      "Sets the clock: a time, at which it stands, or {now, mode, rate}.",
		Form:     language.ClockForm,
		Answer:   clockAnswer,
		Subject:  language.Itself,
		Children: language.NoSteps,
		Read:     language.ReadValue,
		Needs:    language.MockOnly,
		Defines:  language.DefinesNothing,
		Judged:   true,
	}, (*runner).clock, expectsNothing)
}

// clock sets the sandbox's clock.
func (r *runner) clock(ctx context.Context, f *frame, step *language.Step, out *outcome) error {
	if step.Body.Shape == template.ObjectShape {
		return r.post(ctx, f, step, out, http.MethodPut, "/clock")
	}
	now, err := step.Body.Text(f.vars)
	if err != nil {
		return err
	}
	return simulate(step, out, func() (json.RawMessage, error) {
		return r.sandbox.Call(ctx, http.MethodPut, "/clock", map[string]string{"now": now, "mode": control.ClockFrozen})
	})
}
