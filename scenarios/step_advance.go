package scenarios

import (
	"context"
	"encoding/json"
	"net/http"
	"time"

	"github.com/etcp-mock/etcp-mock/client/control"
	"github.com/etcp-mock/etcp-mock/scenarios/internal/language"
	"github.com/etcp-mock/etcp-mock/scenarios/internal/template"
)

func init() {
	register(&language.Kind{
		Name: "advance", NameZh: "推进时钟",
		Doc:      "Moves the clock forward; everything that falls due on the way happens in order.",
		Form:     template.Duration,
		Answer:   clockAnswer,
		Subject:  language.Itself,
		Children: language.NoSteps,
		Read:     language.ReadValue,
		Needs:    language.MockOnly,
		Defines:  language.DefinesNothing,
	}, (*runner).advance, expectsNothing)
}

// clockAnswer is the clock, as the control API gives it.
var clockAnswer = language.Known("status", "detail", "now", "mode", "rate")

// advance moves the clock; at a speed, in slices that a person can follow.
func (r *runner) advance(ctx context.Context, f *frame, step *language.Step, out *outcome) error {
	by, err := r.duration(f, step)
	if err != nil {
		return err
	}
	return simulate(step, out, func() (json.RawMessage, error) { return r.advanceBy(ctx, by) })
}

const advanceSlices = 60

func (r *runner) advanceBy(ctx context.Context, by time.Duration) (json.RawMessage, error) {
	move := func(d time.Duration) (json.RawMessage, error) {
		return r.sandbox.Call(ctx, http.MethodPost, "/clock/advance", map[string]string{"by": d.String()})
	}
	if r.speed > 0 {
		slice := max((by / advanceSlices).Truncate(time.Second), time.Second)
		for ; by > slice; by -= slice {
			if err := wait(ctx, time.Duration(float64(slice)/r.speed)); err != nil {
				return nil, err
			}
			if _, err := move(slice); err != nil {
				return nil, err
			}
		}
		if err := wait(ctx, time.Duration(float64(by)/r.speed)); err != nil {
			return nil, err
		}
	}
	return move(by)
}

func (r *runner) duration(f *frame, step *language.Step) (time.Duration, error) {
	text, err := step.Body.Text(f.vars)
	if err != nil {
		return 0, err
	}
	d, err := control.ParseDuration(text)
	return d, wrong(step.Body.Position, err)
}
