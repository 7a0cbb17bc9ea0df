package scenarios

import (
	"context"

	"github.com/etcp-mock/etcp-mock/scenarios/internal/template"
)

func init() {
	register(&action{
		name:     "sleep",
		doc:      "Lets time pass: on a mock its clock moves, at once at full speed; elsewhere it is waited.",
		form:     template.Duration,
		answer:   noAnswer,
		subject:  itself,
		children: noSteps,
		read:     readValue,
		needs:    nothing,
		defines:  definesNothing,
		run:      (*runner).sleep,
		expects:  expectsNothing,
	})
}

// sleep lets time pass: on a mock its clock moves, elsewhere it is waited.
func (r *runner) sleep(ctx context.Context, f *frame, step *Step, _ *outcome) error {
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
