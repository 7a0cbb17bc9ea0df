package scenarios

import (
	"context"
	"fmt"
	"sync"

	"github.com/etcp-mock/etcp-mock/scenarios/internal/language"
	"github.com/etcp-mock/etcp-mock/scenarios/internal/syntax"
)

func init() {
	register(&language.Kind{
		Name: "parallel", NameZh: "并行",
		Doc:      "Steps that are run at once; what they save comes along when all are done.",
		Form:     &syntax.Form{Want: "a list of steps", Kind: syntax.ListKind, Item: language.StepForm, Least: 1},
		Answer:   language.NoAnswer,
		Subject:  language.NoSubject,
		Children: language.AtOnce,
		Read: func(b *language.Builder, step *language.Step, n *syntax.Node, path string) {
			step.Steps = b.Steps(step.File, n.Get(step.Action), syntax.Join(path, step.Action), step.Phase)
		},
		Needs:   language.Nothing,
		Defines: language.DefinesNothing,
	}, (*runner).parallel, expectsNothing)
}

// maxAtOnce is how many steps run at once in a case.
const maxAtOnce = 2000

// parallel runs steps at once, each with the variables as they are now.
func (r *runner) parallel(ctx context.Context, f *frame, step *language.Step, out *outcome) error {
	if at := r.atOnce.Add(int64(len(step.Steps))); at > maxAtOnce {
		r.atOnce.Add(-int64(len(step.Steps)))
		return wrong(step.Position, fmt.Errorf("at most %d steps run at once, these would be %d", maxAtOnce, at))
	}
	defer r.atOnce.Add(-int64(len(step.Steps)))
	r.kept.Add(int64(len(step.Steps)))
	results := make([]*StepResult, len(step.Steps))
	frames := make([]*frame, len(step.Steps))
	panics := make([]any, len(step.Steps))
	var running sync.WaitGroup
	for i, branch := range step.Steps {
		frames[i] = f.clone()
		frames[i].among = max(f.among, 1) * len(step.Steps)
		running.Go(func() {
			defer func() { panics[i] = recover() }()
			results[i] = r.step(ctx, frames[i], branch)
		})
	}
	running.Wait()
	for _, failure := range panics { // goes on where whoever runs the scenario can recover it
		if failure != nil {
			panic(failure)
		}
	}
	out.steps = results
	for i, branch := range step.Steps {
		if results[i].Status == Failed {
			r.fail(results[i])
			out.inner = true
		}
		for _, name := range branch.Given() {
			if value, has := frames[i].vars[name]; has {
				f.vars[name] = value
			}
		}
	}
	return nil
}
