package scenarios

import (
	"context"
	"net/http"

	"github.com/etcp-mock/etcp-mock/scenarios/internal/language"
	"github.com/etcp-mock/etcp-mock/scenarios/internal/syntax"
	"github.com/etcp-mock/etcp-mock/scenarios/internal/template"
)

func init() {
	register(&language.Kind{
		Name: "exit", NameZh: "离场",
		Doc: "A car drives out; the answer is its order.",
		Form: syntax.Object("a car that leaves",
			syntax.Required("plateNumber", template.Text, "Its plate."), syntax.Optional("plateColor", template.Text, "Its colour; default \"1\", blue."),
			syntax.Optional("at", template.Instant, "When; default now."),
			syntax.Optional("payment", &syntax.Form{Want: "payment", Kind: syntax.TextKind, OneOf: []string{"cash", "withhold", "none"}}, "How what is owed is settled: in cash (default), debited, or left owing.")),
		Answer:   orderAnswer,
		Subject:  language.Member("plateNumber"),
		Children: language.NoSteps,
		Check:    checkOrder,
		Read:     language.ReadValue,
		Needs:    language.MockOnly,
		Defines:  language.DefinesNothing,
		Judged:   true,
	}, (*runner).exit, expectsNothing)
}

func (r *runner) exit(ctx context.Context, f *frame, step *language.Step, out *outcome) error {
	return r.post(ctx, f, step, out, http.MethodPost, "/cars/exit")
}
