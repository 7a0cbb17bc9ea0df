package scenarios

import (
	"context"

	"github.com/etcp-mock/etcp-mock/scenarios/internal/syntax"
	"github.com/etcp-mock/etcp-mock/scenarios/internal/template"
)

func init() {
	register(&action{
		name:     "use",
		doc:      "Runs another scenario's steps here, in this sandbox; what they save comes along.",
		form:     scenarioName,
		beside:   []syntax.Field{syntax.Optional("with", vars, "Values for its variables.")},
		answer:   noAnswer,
		subject:  itself,
		children: noSteps,
		read:     readUse,
		needs:    nothing,
		defines:  definesNothing,
		run:      (*runner).use,
		expects:  expectsNothing,
	})
}

func readUse(b *builder, step *Step, n *syntax.Node, path string) {
	step.body = template.Compile(b.c, n.Get(step.Action), syntax.Join(path, step.Action))
	step.Uses = n.Get(step.Action).Scalar
	step.with = b.vars(n.Get("with"), syntax.Join(path, "with"))
}

// use runs another scenario's steps in this sandbox. Its variables are its own, but for those the caller has too and those
// given by with; what they are in the end comes along.
func (r *runner) use(ctx context.Context, f *frame, step *Step, out *outcome) error {
	other := step.file.used[step.Uses]
	inner := &frame{s: other, vars: r.functions()}
	for _, name := range always {
		inner.vars[name] = f.vars[name]
	}
	outside := map[string]any{}
	for _, v := range other.allVars() {
		value, has := f.vars[v.name]
		if text, is := r.given[v.name].(Text); is && value == string(text) {
			value = text // of the type that the other scenario has
		}
		if has {
			outside[v.name] = value
		}
	}
	for _, v := range step.with {
		value, err := v.value.Eval(f.vars)
		if err != nil {
			return err
		}
		outside[v.name] = value
	}
	if err := r.define(inner, other.allVars(), outside); err != nil {
		return err
	}
	ok := true
	if other.setup != nil {
		ok = r.steps(ctx, &frame{s: other.setup, vars: inner.vars}, other.setup.Steps, &out.steps)
	}
	ok = ok && r.steps(ctx, inner, other.Steps, &out.steps)
	ok = r.steps(ctx, inner, other.Finally, &out.steps) && ok
	out.inner = !ok
	for _, name := range other.exports() {
		if value, has := inner.vars[name]; has {
			f.vars[name] = value
		}
	}
	return nil
}
