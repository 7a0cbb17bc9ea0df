package scenarios

import (
	"context"

	"github.com/etcp-mock/etcp-mock/scenarios/internal/syntax"
)

func init() {
	register(&action{
		name:     "set",
		doc:      "Sets variables.",
		form:     vars,
		answer:   noAnswer,
		subject:  noSubject,
		children: noSteps,
		read: func(b *builder, step *Step, n *syntax.Node, path string) {
			step.with = b.vars(n.Get(step.Action), syntax.Join(path, step.Action))
		},
		needs: nothing,
		defines: func(step *Step) []string {
			names := make([]string, len(step.with))
			for i, v := range step.with {
				names[i] = v.name
			}
			return names
		},
		run:     (*runner).set,
		expects: expectsNothing,
	})
}

func (r *runner) set(_ context.Context, f *frame, step *Step, _ *outcome) error {
	for _, v := range step.with {
		value, err := v.value.Eval(f.vars)
		if err != nil {
			return err
		}
		f.vars[v.name] = value
	}
	return nil
}
