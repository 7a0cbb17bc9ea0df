package scenarios

import (
	"context"
	"sync"

	"github.com/etcp-mock/etcp-mock/scenarios/internal/syntax"
)

func init() {
	register(&action{
		name:     "parallel",
		doc:      "Steps that are run at once; what they save comes along when all are done.",
		form:     &syntax.Form{Want: "a list of steps", Kind: syntax.ListKind, Item: stepForm, Least: 1},
		answer:   noAnswer,
		subject:  noSubject,
		children: atOnce,
		read: func(b *builder, step *Step, n *syntax.Node, path string) {
			step.Steps = b.steps(step.file, n.Get(step.Action), syntax.Join(path, step.Action), step.Phase)
		},
		needs:   nothing,
		defines: definesNothing,
		run:     (*runner).parallel,
		expects: expectsNothing,
	})
}

// parallel runs steps at once, each with the variables as they are now.
func (r *runner) parallel(ctx context.Context, f *frame, step *Step, out *outcome) error {
	results := make([]*StepResult, len(step.Steps))
	frames := make([]*frame, len(step.Steps))
	panics := make([]any, len(step.Steps))
	var running sync.WaitGroup
	for i, branch := range step.Steps {
		frames[i] = f.clone()
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
		for _, name := range branch.given() {
			if value, has := frames[i].vars[name]; has {
				f.vars[name] = value
			}
		}
	}
	return nil
}
