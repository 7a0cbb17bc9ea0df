package scenarios

import (
	"context"
	"fmt"

	"github.com/etcp-mock/etcp-mock/scenarios/internal/expression"
	"github.com/etcp-mock/etcp-mock/scenarios/internal/language"
	"github.com/etcp-mock/etcp-mock/scenarios/internal/syntax"
	"github.com/etcp-mock/etcp-mock/scenarios/internal/template"
)

func init() {
	register(&language.Kind{
		Name: "repeat", NameZh: "重复",
		Doc: "Steps that are run several times.",
		Form: syntax.Object("what is repeated",
			syntax.Required("times", template.WholeNumber(0, maxRepeat), "How often. ${index} counts from 0."),
			syntax.Required("steps", &syntax.Form{Want: "a list of steps", Kind: syntax.ListKind, Item: language.StepForm, Least: 1}, "The steps.")),
		Answer:   language.NoAnswer,
		Subject:  language.NoSubject,
		Children: language.InOrder,
		Read:     readRepeat,
		Needs:    language.Nothing,
		Defines:  language.DefinesNothing,
	}, (*runner).repeat, expectsNothing)
}

const (
	maxRepeat   = 100_000
	maxExecuted = 2000 // results kept of the repeated steps of a case
)

func readRepeat(b *language.Builder, step *language.Step, n *syntax.Node, path string) {
	body := n.Get(step.Action)
	path = syntax.Join(path, step.Action)
	step.Body = template.Compile(b.Checker, body.Get("times"), syntax.Join(path, "times"))
	step.Steps = b.Steps(step.File, body.Get("steps"), syntax.Join(path, "steps"), step.Phase)
}

func (r *runner) repeat(ctx context.Context, f *frame, step *language.Step, out *outcome) error {
	value, err := step.Body.Eval(f.vars)
	if err != nil {
		return err
	}
	times, whole := value.(int)
	if !whole || times < 0 || times > maxRepeat {
		return wrong(step.Body.Position, fmt.Errorf("times is a whole number from 0 to %d, not %s", maxRepeat, expression.Brief(value)))
	}
	before, had := f.vars["index"]
	defer func() {
		if had {
			f.vars["index"] = before
		} else {
			delete(f.vars, "index")
		}
	}()
	for i := range times {
		f.vars["index"] = i
		var results []*StepResult
		ok := r.steps(ctx, f, step.Steps, &results)
		if r.kept.Add(int64(len(results))) <= maxExecuted || !ok {
			out.steps = append(out.steps, results...)
		}
		if !ok {
			out.inner = true
			return nil
		}
	}
	return nil
}
