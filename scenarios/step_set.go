package scenarios

import (
	"context"

	"github.com/etcp-mock/etcp-mock/scenarios/internal/language"
	"github.com/etcp-mock/etcp-mock/scenarios/internal/syntax"
)

func init() {
	register(&language.Kind{
		Name: "set", NameZh: "设置变量",
		Doc:      "Sets variables.",
		Form:     language.Vars,
		Answer:   language.NoAnswer,
		Subject:  language.NoSubject,
		Children: language.NoSteps,
		Read: func(b *language.Builder, step *language.Step, n *syntax.Node, path string) {
			step.With = b.Vars(n.Get(step.Action), syntax.Join(path, step.Action))
		},
		Needs: language.Nothing,
		Defines: func(step *language.Step) []string {
			names := make([]string, len(step.With))
			for i, v := range step.With {
				names[i] = v.Name
			}
			return names
		},
	}, (*runner).set, expectsNothing)
}

func (r *runner) set(_ context.Context, f *frame, step *language.Step, _ *outcome) error {
	for _, v := range step.With {
		value, err := v.Value.Eval(f.vars)
		if err != nil {
			return err
		}
		if err := f.set(v.Name, value); err != nil {
			return wrong(v.Value.Position, err)
		}
	}
	return nil
}
