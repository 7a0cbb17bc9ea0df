package scenarios

import (
	"context"

	"github.com/etcp-mock/etcp-mock/scenarios/internal/language"
	"github.com/etcp-mock/etcp-mock/scenarios/internal/template"
)

func init() {
	register(&language.Kind{
		Name: "sleep", NameZh: "等待",
		Doc:      "Lets time pass: on a mock its clock moves, at once at full speed; elsewhere it is waited.",
		Form:     template.Duration,
		Answer:   language.NoAnswer,
		Subject:  language.Itself,
		Children: language.NoSteps,
		Read:     language.ReadValue,
		Needs:    language.Nothing,
		Defines:  language.DefinesNothing,
	}, (*runner).sleep, expectsNothing)
}

// sleep lets time pass: on a mock its clock moves, elsewhere it is waited.
func (r *runner) sleep(ctx context.Context, f *frame, step *language.Step, _ *outcome) error {
	d, err := r.duration(f, step)
	if err != nil {
		return err
	}
	if r.sandbox == nil {
		return wait(ctx, d)
	}
	_, err = r.advanceBy(ctx, d)
	return err
}
