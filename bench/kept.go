package main

import (
	"context"
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
)

// keptOrders is how many orders the directory has whose restart is measured.
const keptOrders = 100_000

// restart is how long a server took from exec to its first answer, with a directory that was left in some way.
type restart struct {
	name   string
	inputs int64 // behind the snapshot
	took   time.Duration
}

// pause is the longest that a request waited.
type pause struct {
	name string
	outcome
}

// inFolder gives a fixture's file and an empty data directory for as long as do takes.
func inFolder(fixture string, do func(file, data string) error) error {
	dir, err := os.MkdirTemp("", "etcp-mock-bench")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	file := ""
	if fixture != "" {
		file = filepath.Join(dir, "fixture.json")
		if err := os.WriteFile(file, []byte(fixture), 0o600); err != nil {
			return err
		}
	}
	return do(file, filepath.Join(dir, "data"))
}

// measureKept asks a mock that keeps what it answers and one that does not the same, in turns.
func (f *figures) measureKept(ctx context.Context) error {
	return inFolder("", func(_, data string) error {
		plain, err := startChild(ctx, "mock", "")
		if err != nil {
			return err
		}
		defer plain.stop()
		kept, err := startChild(ctx, "mock", "", "-data", data)
		if err != nil {
			return err
		}
		defer kept.stop()
		work, err := prepare(ctx, plain)
		if err == nil {
			_, err = prepare(ctx, kept) // the same seed, so the same tokens
		}
		if err != nil {
			return err
		}
		rotation := slices.Concat(work.requests["carnum"], work.requests["bindcar"], work.requests["orderunpay"], work.requests["parkingstatus"])
		for _, connections := range []int{1, 16, 64} {
			name := strconv.Itoa(connections)
			if f.settings.only != "" && !strings.Contains(name, f.settings.only) {
				continue
			}
			one, err := f.compare(ctx, plain, kept, name, connections, rotation)
			if err != nil {
				return err
			}
			f.kept = append(f.kept, one)
		}
		return nil
	})
}

// answeredAfter asks once, and gives how long after an instant the answer came.
func answeredAfter(ctx context.Context, c *child, began time.Time) (time.Duration, error) {
	_, err := load(ctx, c, 1, time.Minute, 1, [][]byte{wire("parkingstatus", `{"parkingId":"1"}`)})
	return time.Since(began), err
}

// measureRestart starts with a directory of many orders: as it was killed right after they were there, after as many requests
// more, and after it was told to stop.
func (f *figures) measureRestart(ctx context.Context) error {
	return inFolder(cityOf(keptOrders, 10), func(file, data string) error {
		begin := func(name string, inputs int64) (*child, error) {
			began := time.Now()
			c, err := startChild(ctx, "mock", file, "-data", data)
			if err != nil {
				return nil, err
			}
			took, err := answeredAfter(ctx, c, began)
			f.restarts = append(f.restarts, restart{name, inputs, took})
			return c, err
		}
		c, err := begin("made, of a fixture", 0)
		if err != nil {
			return err
		}
		c.stop()
		if c, err = begin("killed right after", 2); err != nil {
			return err
		}
		work, err := prepare(ctx, c)
		if err != nil {
			return errors.Join(err, ctx.Err())
		}
		const more = 90_000 // below what makes a snapshot
		if _, err = load(ctx, c, f.settings.connections, time.Minute, more, work.requests["a mixed day"]); err != nil {
			return err
		}
		c.stop()
		if c, err = begin("killed with these inputs since", more); err != nil {
			return err
		}
		req, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://"+c.sideAddr+"/end", http.NoBody)
		if err != nil {
			return err
		}
		if err := exchange(req, func([]byte) error { return nil }); err != nil {
			return err
		}
		c.stop()
		c, err = begin("stopped", 0)
		if err != nil {
			return err
		}
		c.stop()
		return nil
	})
}

// measurePauses has many orders, and more requests than lie between two snapshots, with and without a directory.
func (f *figures) measurePauses(ctx context.Context) error {
	return inFolder(cityOf(keptOrders, 10), func(file, data string) error {
		for _, kind := range []struct {
			name string
			more []string
		}{{"without --data", nil}, {"with --data DIR", []string{"-data", data}}} {
			c, err := startChild(ctx, "mock", file, kind.more...)
			if err != nil {
				return err
			}
			work, err := prepare(ctx, c)
			if err == nil {
				var o outcome
				o, err = load(ctx, c, 4, time.Minute, 5*keptOrders, work.requests["a mixed day"])
				f.pauses = append(f.pauses, pause{kind.name, o})
			}
			c.stop()
			if err != nil {
				return err
			}
		}
		return nil
	})
}

func (f *figures) reportKept(say sayer) {
	if len(f.kept) > 0 {
		say("## With `--data DIR`")
		say("")
		say("The rotation, to a mock without and one with `--data DIR` (`--sync 100ms`), in turns.")
		say("")
		say("| connections | without, requests/s | with, requests/s | throughput, ratio | processor time, ratio |")
		say("|---|---:|---:|---:|---:|")
		for i := range f.kept {
			c := &f.kept[i]
			var kept, plain []float64
			for _, t := range c.turns {
				kept, plain = append(kept, t.mock.rate()), append(plain, t.baseline.rate())
			}
			say("| %s | %.0f | %.0f | %s | %s |", c.name, median(plain), median(kept), spread(c.ratio(outcome.rate), "%.2f"), spread(c.ratio(processorOf), "%.2f"))
		}
		say("")
	}
	if len(f.restarts) > 0 {
		say("## Start with a directory")
		say("")
		say("| a directory of %d orders, from exec to the first answer | inputs after the snapshot | |", keptOrders)
		say("|---|---:|---:|")
		for _, r := range f.restarts {
			say("| %s | %d | %.2f s |", r.name, r.inputs, r.took.Seconds())
		}
		say("")
	}
	if len(f.pauses) > 0 {
		say("## The longest wait")
		say("")
		say("| %d orders, %d requests over 4 connections, several snapshots | p99.9 ms | longest ms |", keptOrders, 5*keptOrders)
		say("|---|---:|---:|")
		for _, p := range f.pauses {
			say("| %s | %.1f | %.1f |", p.name, float64(p.quantile(99.9))/1000, float64(p.latency.Max())/1000)
		}
		say("")
	}
}
