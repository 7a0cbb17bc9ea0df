package scenarios

import (
	"context"
	"net/http"

	"github.com/etcp-mock/etcp-mock/scenarios/internal/language"
)

func init() {
	register(&language.Kind{
		Name: "rules", NameZh: "设置规则",
		Doc:      "Changes rules of the platform.",
		Form:     language.RulesForm,
		Answer:   language.Anything,
		Subject:  language.NoSubject,
		Children: language.NoSteps,
		Read:     language.ReadValue,
		Needs:    language.MockOnly,
		Defines:  language.DefinesNothing,
		Judged:   true,
	}, (*runner).rules, expectsNothing)
}

func (r *runner) rules(ctx context.Context, f *frame, step *language.Step, out *outcome) error {
	return r.post(ctx, f, step, out, http.MethodPatch, "/rules")
}
