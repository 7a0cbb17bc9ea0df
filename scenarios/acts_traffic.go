package scenarios

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/etcp-mock/etcp-mock/client/control"
)

var (
	trafficRate = &form{want: "a rate such as 5/s, 2/m or 100/h", kind: textKind, check: checkRate, pattern: ratePattern}
	mixForm     = object("a mapping of kinds of events to weights", func() []field {
		weight := wholeNumber(0, maxTrafficWeight)
		fields := make([]field, len(trafficKinds))
		for i, k := range trafficKinds {
			fields[i] = field{k.Name, weight, k.Doc, false}
		}
		return fields
	}()...)
	trafficForm = object("traffic",
		field{"rate", trafficRate, "How many events there are on average, on the sandbox's clock; busy hours have more.", true},
		field{"for", duration, "How long, on the sandbox's clock: at most 31d, and 100000 events.", true},
		field{"mix", mixForm, "Weights of the kinds of events; those left out do not happen. Default: a usual day's.", false},
		field{"seed", wholeNumber(0, 1<<53), "The same seed in the same world makes the same events; default the run's.", false})
	trafficFields = []string{
		"status", "detail", "seed", "from", "to", "events", "kinds", "calls", "codes", "turnedAway", "owners", "vehicles", "parked",
		"paidOnline", "paidCash", "debited", "owing", "unexpected", "failures",
	}
)

func checkRate(c *checker, n *node, path string) {
	text.check(c, n, path)
	if isTemplate(n) {
		return
	}
	if _, err := ParseRate(n.scalar); err != nil {
		c.at(n.place, path, err.Error(), "")
	}
}

// traffic lets a city live.
func (r *runner) traffic(ctx context.Context, f *frame, step *Step, out *outcome) error {
	t, err := r.trafficOf(f, step)
	if err != nil {
		return err
	}
	if _, err := t.events(); err != nil {
		return placed(step.body.place, err)
	}
	d := &trafficDrive{Traffic: t, sandbox: r.sandbox, touch: r.touch}
	for _, m := range r.merchants {
		d.clients = append(d.clients, r.clientOf(m))
	}
	return simulate(step, out, func() (json.RawMessage, error) {
		report, err := d.run(ctx)
		if err != nil {
			return nil, err
		}
		return json.Marshal(report)
	})
}

// trafficOf computes what the step says.
func (r *runner) trafficOf(f *frame, step *Step) (Traffic, error) {
	t := Traffic{Seed: r.seed, Speed: r.speed}
	rate, length := step.body.find("rate"), step.body.find("for")
	text, err := rate.text(f.vars)
	if err != nil {
		return t, err
	}
	if t.Rate, err = ParseRate(text); err != nil {
		return t, placed(rate.place, err)
	}
	if text, err = length.text(f.vars); err != nil {
		return t, err
	}
	if t.For, err = control.ParseDuration(text); err != nil {
		return t, placed(length.place, err)
	}
	if seed := step.body.find("seed"); seed != nil {
		n, err := wholeOf(seed, f)
		if err != nil {
			return t, err
		}
		t.Seed = uint64(n) //nolint:gosec // any 64 bits are a seed
	}
	mix := step.body.find("mix")
	if mix == nil {
		return t, nil
	}
	t.Mix = map[string]int{}
	for _, m := range mix.members {
		if t.Mix[m.name], err = wholeOf(m.value, f); err != nil {
			return t, err
		}
	}
	return t, nil
}

func wholeOf(t *template, f *frame) (int, error) {
	value, err := t.eval(f.vars)
	if err != nil {
		return 0, err
	}
	n, whole := value.(int)
	if !whole {
		return 0, placed(t.place, fmt.Errorf("want a whole number, got %s", brief(value)))
	}
	return n, nil
}
