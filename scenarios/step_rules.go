package scenarios

import (
	"context"
	"net/http"
)

func init() {
	register(&action{
		name:     "rules",
		doc:      "Changes rules of the platform.",
		form:     rulesForm,
		answer:   anything,
		subject:  noSubject,
		children: noSteps,
		read:     readValue,
		needs:    mockOnly,
		defines:  definesNothing,
		run:      (*runner).rules,
		expects:  expectsNothing,
	})
}

func (r *runner) rules(ctx context.Context, f *frame, step *Step, out *outcome) error {
	return r.post(ctx, f, step, out, http.MethodPatch, "/rules")
}
