package scenarios

import (
	"context"
	"encoding/json"
	"net/http"

	"github.com/etcp-mock/etcp-mock/scenarios/internal/syntax"
)

func init() {
	register(&action{
		name: "trigger",
		doc:  "Fires a push by hand.",
		form: syntax.Object("a push made by hand",
			syntax.Required("kind", pushKind, "Its kind."), syntax.Optional("merchantNo", merchantName, "To whom, by number or name; default the first merchant."),
			syntax.Optional("fields", values, "Its fields; what is left out is made up.")),
		answer: known(
			"status", "detail", "id", "kind", "merchantNo", "plateNumber", "orderId", "url", "contentType", "body", "signed",
			"attempts", "nextAttemptAt", "createdAt",
		),
		subject:  member("kind"),
		children: noSteps,
		read:     readValue,
		needs:    mockOnly,
		defines:  definesNothing,
		run:      (*runner).trigger,
		expects:  expectsNothing,
	})
}

func (r *runner) trigger(ctx context.Context, f *frame, step *Step, out *outcome) error {
	value, err := step.body.Eval(f.vars)
	if err != nil {
		return err
	}
	body := value.(map[string]any) // by its form
	name, _ := body["merchantNo"].(string)
	merchant, err := r.merchantOf(name)
	if err != nil {
		return wrong(step.body.Position, err)
	}
	body["merchantNo"] = merchant.MerchantNo
	return simulate(step, out, func() (json.RawMessage, error) { return r.sandbox.Call(ctx, http.MethodPost, "/pushes", body) })
}
