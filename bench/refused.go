package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
)

// measureRefused is a flood of wrong signatures: the same requests with the right signature and with a wrong one, to one mock in turns. Why a signature is wrong is
// looked for when somebody asks, so that it costs nothing here.
func (f *figures) measureRefused(ctx context.Context) error {
	base, mock, work, err := startPair(ctx)
	if err != nil {
		return err
	}
	base.stop()
	defer mock.stop()
	for _, name := range []string{"carnum", "bindcar"} {
		right := work.requests[name]
		wrong := make([][]byte, len(right))
		for i, request := range right {
			if wrong[i], err = wronglySigned(request); err != nil {
				return err
			}
		}
		c := comparison{name: name, connections: f.settings.connections}
		for round := range f.settings.rounds + 1 {
			var t turn
			if t.baseline, err = load(ctx, mock, c.connections, f.settings.slice, 0, right); err != nil {
				return err
			}
			if t.mock, err = load(ctx, mock, c.connections, f.settings.slice, 0, wrong); err != nil {
				return err
			}
			if round > 0 { // the first warms
				c.turns = append(c.turns, t)
			}
		}
		f.refused = append(f.refused, c)
	}
	return nil
}

// wronglySigned is a request with the digits of its signature in another order.
func wronglySigned(request []byte) ([]byte, error) {
	const name, digits = "sign=", 32
	at := bytes.Index(request, []byte(name))
	if at < 0 || at+len(name)+digits > len(request) {
		return nil, errors.New("a request without sign")
	}
	out := bytes.Clone(request)
	slices.Reverse(out[at+len(name):][:digits])
	if bytes.Equal(out, request) {
		return nil, fmt.Errorf("the signature reads the same backwards: %s", out[at:][:digits])
	}
	return out, nil
}

func (f *figures) reportRefused(say sayer) {
	if len(f.refused) == 0 {
		return
	}
	say("## A flood of wrong signatures")
	say("")
	say("The same requests with the right signature and with a wrong one, to one mock in %d turns of %s each. A ratio is wrong over right in the same turn.", f.settings.rounds, f.settings.slice)
	say("")
	say("| | right, requests/s | wrong, requests/s | throughput, ratio | processor time, ratio |")
	say("|---|---:|---:|---:|---:|")
	for i := range f.refused {
		c := &f.refused[i]
		var rights, wrongs []float64
		for _, t := range c.turns {
			rights, wrongs = append(rights, t.baseline.rate()), append(wrongs, t.mock.rate())
		}
		say("| %s | %.0f | %.0f | %s | %s |", c.name, median(rights), median(wrongs), spread(c.ratio(outcome.rate), "%.2f"), spread(c.ratio(processorOf), "%.2f"))
	}
	say("")
}
