package scenarios

import (
	"context"
	"encoding/json"
	"net/http"

	"github.com/etcp-mock/etcp-mock/scenarios/internal/language"
	"github.com/etcp-mock/etcp-mock/scenarios/internal/syntax"
)

func init() {
	register(&language.Kind{
		Name: "trigger", NameZh: "触发推送",
		Doc: "Fires a push by hand.",
		Form: syntax.Object("a push made by hand",
			syntax.Required("kind", language.PushKind, "Its kind."), syntax.Optional("merchantNo", language.MerchantName, "To whom, by number or name; default the first merchant."),
			syntax.Optional("fields", language.Values, "Its fields; what is left out is made up.")),
		Answer: language.Known(
			"status", "detail", "id", "kind", "merchantNo", "plateNumber", "orderId", "url", "contentType", "body", "signed",
			"attempts", "nextAttemptAt", "createdAt",
		),
		Subject:  language.Member("kind"),
		Children: language.NoSteps,
		Read:     language.ReadValue,
		Needs:    language.MockOnly,
		Defines:  language.DefinesNothing,
		Judged:   true,
	}, (*runner).trigger, expectsNothing)
}

func (r *runner) trigger(ctx context.Context, f *frame, step *language.Step, out *outcome) error {
	value, err := step.Body.Eval(f.vars)
	if err != nil {
		return err
	}
	body := value.(map[string]any) // by its form
	name, _ := body["merchantNo"].(string)
	merchant, err := r.merchantOf(name)
	if err != nil {
		return wrong(step.Body.Position, err)
	}
	body["merchantNo"] = merchant.MerchantNo
	return simulate(step, out, func() (json.RawMessage, error) { return r.sandbox.Call(ctx, http.MethodPost, "/pushes", body) })
}
