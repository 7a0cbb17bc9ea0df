package scenarios

import (
	"context"
	"net/http"

	"github.com/etcp-mock/etcp-mock/scenarios/internal/syntax"
	"github.com/etcp-mock/etcp-mock/scenarios/internal/template"
)

func init() {
	register(&action{
		name: "exit",
		doc:  "A car drives out; the answer is its order.",
		form: syntax.Object("a car that leaves",
			syntax.Required("plateNumber", template.Text, "Its plate."), syntax.Optional("plateColor", template.Text, "Its colour; default \"1\", blue."),
			syntax.Optional("at", template.Instant, "When; default now."),
			syntax.Optional("payment", &syntax.Form{Want: "payment", Kind: syntax.TextKind, OneOf: []string{"cash", "withhold", "none"}}, "How what is owed is settled: in cash (default), debited, or left owing.")),
		answer:   orderAnswer,
		subject:  member("plateNumber"),
		children: noSteps,
		read:     readValue,
		needs:    mockOnly,
		defines:  definesNothing,
		run:      (*runner).exit,
		expects:  expectsNothing,
	})
}

func (r *runner) exit(ctx context.Context, f *frame, step *Step, out *outcome) error {
	return r.post(ctx, f, step, out, http.MethodPost, "/cars/exit")
}
