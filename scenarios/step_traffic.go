package scenarios

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/etcp-mock/etcp-mock/client"
	"github.com/etcp-mock/etcp-mock/client/control"
	"github.com/etcp-mock/etcp-mock/scenarios/internal/expression"
	"github.com/etcp-mock/etcp-mock/scenarios/internal/language"
	"github.com/etcp-mock/etcp-mock/scenarios/internal/syntax"
	"github.com/etcp-mock/etcp-mock/scenarios/internal/template"
	"github.com/etcp-mock/etcp-mock/scenarios/traffic"
)

func init() {
	register(&language.Kind{
		Name: "traffic", NameZh: "流量",
		Doc:  "A city lives its day on the sandbox's clock: cars come and go by the hour, their owners log in, bind, ask, pay and forget to pay. The answer says what became of it.",
		Form: trafficForm,
		Answer: language.Known(
			"status", "detail", "seed", "from", "to", "events", "kinds", "calls", "codes", "turnedAway", "owners", "vehicles", "parked",
			"paidOnline", "paidCash", "debited", "owing", "unexpected", "failures",
		),
		Subject:  language.NoSubject,
		Children: language.NoSteps,
		Read:     language.ReadValue,
		Needs:    language.MockOnly,
		Defines:  language.DefinesNothing,
	}, (*runner).traffic, expectsNothing)
}

var (
	trafficRate = &syntax.Form{Want: "a rate such as 5/s, 2/m or 100/h", Kind: syntax.TextKind, Check: checkRate, Pattern: traffic.RatePattern}
	mixForm     = syntax.Object("a mapping of kinds of events to weights", func() []syntax.Field {
		weight := template.WholeNumber(0, traffic.MaxWeight)
		kinds := traffic.Kinds()
		fields := make([]syntax.Field, len(kinds))
		for i, k := range kinds {
			fields[i] = syntax.Optional(k.Name, weight, k.Doc)
		}
		return fields
	}()...)
	trafficForm = syntax.Object("traffic",
		syntax.Required("rate", trafficRate, "How many events there are on average, on the sandbox's clock; busy hours have more."),
		syntax.Required("for", template.Duration, "How long, on the sandbox's clock: at most 31d, and 100000 events."),
		syntax.Optional("mix", mixForm, "Weights of the kinds of events; those left out do not happen. Default: a usual day's."),
		syntax.Optional("seed", template.WholeNumber(0, 1<<53), "The same seed in the same sandbox makes the same events; default the run's."))
)

func checkRate(c *syntax.Checker, n *syntax.Node, path string) {
	template.Text.Check(c, n, path)
	if template.IsTemplate(n) {
		return
	}
	if _, err := traffic.ParseRate(n.Scalar); err != nil {
		c.Problem(n.Position, path, err.Error(), "")
	}
}

// traffic lets a city live.
func (r *runner) traffic(ctx context.Context, f *frame, step *language.Step, out *outcome) error {
	t, err := r.trafficOf(f, step)
	if err != nil {
		return err
	}
	if err := t.Check(); err != nil {
		return wrong(step.Body.Position, err)
	}
	t.Answered = func(endpoint string, code int) { r.hit(Hit{Endpoint: endpoint, Code: code}) }
	merchants := make([]*client.Client, len(r.merchants))
	for i, m := range r.merchants {
		merchants[i] = r.clientOf(m)
	}
	return simulate(step, out, func() (json.RawMessage, error) {
		report, err := t.Run(ctx, r.sandbox, merchants)
		if err != nil {
			return nil, err
		}
		return json.Marshal(report)
	})
}

// trafficOf computes what the step says.
func (r *runner) trafficOf(f *frame, step *language.Step) (traffic.Plan, error) {
	t := traffic.Plan{Seed: r.seed, Speed: r.speed}
	rate, length := step.Body.Find("rate"), step.Body.Find("for")
	text, err := rate.Text(f.vars)
	if err != nil {
		return t, err
	}
	if t.Rate, err = traffic.ParseRate(text); err != nil {
		return t, wrong(rate.Position, err)
	}
	if text, err = length.Text(f.vars); err != nil {
		return t, err
	}
	if t.For, err = control.ParseDuration(text); err != nil {
		return t, wrong(length.Position, err)
	}
	if seed := step.Body.Find("seed"); seed != nil {
		n, err := wholeOf(seed, f)
		if err != nil {
			return t, err
		}
		t.Seed = uint64(n) //nolint:gosec // any 64 bits are a seed
	}
	mix := step.Body.Find("mix")
	if mix == nil {
		return t, nil
	}
	t.Mix = map[string]int{}
	for _, m := range mix.Members {
		if t.Mix[m.Name], err = wholeOf(m.Value, f); err != nil {
			return t, err
		}
	}
	return t, nil
}

func wholeOf(t *template.Value, f *frame) (int, error) {
	value, err := t.Eval(f.vars)
	if err != nil {
		return 0, err
	}
	n, whole := value.(int)
	if !whole {
		return 0, wrong(t.Position, fmt.Errorf("want a whole number, got %s", expression.Brief(value)))
	}
	return n, nil
}
