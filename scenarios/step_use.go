package scenarios

import (
	"context"

	"github.com/etcp-mock/etcp-mock/scenarios/internal/language"
	"github.com/etcp-mock/etcp-mock/scenarios/internal/syntax"
	"github.com/etcp-mock/etcp-mock/scenarios/internal/template"
)

func init() {
	register(&language.Kind{
		Name: "use", NameZh: "引用场景",
		Doc:      "Runs another scenario's steps here, in this sandbox; what they save comes along.",
		Form:     language.ScenarioName,
		Beside:   []syntax.Field{syntax.Optional("with", language.Vars, "Values for its variables.")},
		Answer:   language.NoAnswer,
		Subject:  language.Itself,
		Children: language.NoSteps,
		Read:     readUse,
		Needs:    language.Nothing,
		Defines:  language.DefinesNothing,
	}, (*runner).use, expectsNothing)
}

func readUse(b *language.Builder, step *language.Step, n *syntax.Node, path string) {
	step.Body = template.Compile(b.Checker, n.Get(step.Action), syntax.Join(path, step.Action))
	step.Uses = n.Get(step.Action).Scalar
	step.With = b.Vars(n.Get("with"), syntax.Join(path, "with"))
}

// use runs another scenario's steps in this sandbox. Its variables are its own, but for those the caller has too and those
// given by with; what they are in the end comes along.
func (r *runner) use(ctx context.Context, f *frame, step *language.Step, out *outcome) error {
	other := step.File.Used[step.Uses]
	inner := &frame{s: other, vars: r.functions(), among: f.among}
	for _, name := range language.Always {
		inner.vars[name] = f.vars[name]
	}
	outside := map[string]any{}
	for _, v := range other.AllVars() {
		value, has := f.vars[v.Name]
		if text, isText := r.given[v.Name].(Text); isText && value == string(text) {
			value = text // of the type that the other scenario has
		}
		if has {
			outside[v.Name] = value
		}
	}
	for _, v := range step.With {
		value, err := v.Value.Eval(f.vars)
		if err != nil {
			return err
		}
		outside[v.Name] = value
	}
	if err := r.define(inner, other.AllVars(), outside); err != nil {
		return err
	}
	ok := true
	if other.SetupScenario != nil {
		ok = r.steps(ctx, &frame{s: other.SetupScenario, vars: inner.vars, among: f.among}, other.SetupScenario.Steps, &out.steps)
	}
	ok = ok && r.steps(ctx, inner, other.Steps, &out.steps)
	ok = r.steps(ctx, inner, other.Finally, &out.steps) && ok
	out.inner = !ok
	for _, name := range other.Exports() {
		if value, has := inner.vars[name]; has {
			f.vars[name] = value
		}
	}
	return nil
}
