package main

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// measured is an outcome of so many requests in a second, each of which took so many microseconds of a client and of the processor.
func measured(requests int64, latency int64, cpu time.Duration) outcome {
	o := outcome{requests: requests, took: time.Second, latency: newLatency(), cpu: cpu * time.Duration(requests)}
	_ = o.latency.RecordValues(latency, requests)
	return o
}

// The median is one of the figures, with as many below as above; its input stays as it was.
func TestMedian(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		all := rapid.SliceOfN(rapid.IntRange(-9, 9), 1, 12).Draw(t, "figures")
		before := slices.Clone(all)
		m := median(all)
		require.Equal(t, before, all)
		require.Contains(t, all, m)
		below, above := 0, 0
		for _, v := range all {
			if v < m {
				below++
			}
			if v > m {
				above++
			}
		}
		require.LessOrEqual(t, below, len(all)/2)
		require.LessOrEqual(t, above, len(all)/2)
	})
	require.Equal(t, "0.95 (0.90–1.02)", spread([]float64{1.02, 0.95, 0.9}, "%.2f"))
	require.Equal(t, "–", spread(nil, "%.2f"), "of nothing")
}

// A ratio is of the mock over the baseline in the same turn; a turn whose baseline is not known has none.
func TestComparison_ratio(t *testing.T) {
	t.Parallel()
	c := comparison{turns: []turn{{measured(100, 10, 0), measured(50, 10, time.Microsecond)}, {measured(200, 10, 4*time.Microsecond), measured(300, 10, 2*time.Microsecond)}}}
	require.Equal(t, []float64{0.5, 1.5}, c.ratio(outcome.rate))
	require.Equal(t, []float64{0.5}, c.ratio(processorOf), "processor time of the first is not known")
	require.InDelta(t, 4, processorOf(c.turns[1].baseline), 1e-9, "in microseconds a request")
	require.Zero(t, processorOf(outcome{}), "of no requests")
}

// wholeReport is a report in which everything was measured.
func wholeReport() *figures {
	turns := []turn{{measured(1000, 100, 20*time.Microsecond), measured(500, 200, 40*time.Microsecond)}}
	one := named{name: "carnum", outcome: measured(1000, 100, 20*time.Microsecond), bytes: 3292, mallocs: 22}
	return &figures{
		settings: settings{rounds: 1, slice: time.Second, connections: 16, pushes: 40_000},
		compared: []comparison{{name: "rotation", turns: turns}}, refused: []comparison{{name: "bindcar", turns: turns}}, kept: []comparison{{name: "16", turns: turns}},
		endpoints: []named{one}, baselines: []named{{name: "bare Gin, as carnum", outcome: one.outcome}}, sizes: []named{{name: "10 vehicles", outcome: one.outcome}},
		pushes:   pushFigures{live: 1, liveRequests: 2, backlog: 3, flooded: 4, requests: measured(5, 6000, 0), besides: measured(7, 8000, 0), alone: 9, beside: 10},
		restarts: []restart{{"killed right after", 2, 1500 * time.Millisecond}}, pauses: []pause{{"without --data", measured(1, 12_000, 0)}},
		replicated: []scaled{{1, "by owner", measured(100, 1000, 0)}, {3, "blindly", measured(50, 2000, 0)}},
		starts:     []time.Duration{3 * time.Millisecond, time.Millisecond, 2 * time.Millisecond}, bare: []time.Duration{time.Millisecond}, idle: memory{30_000_000, 6_000_000}, bareIdle: memory{15_000_000, 3_000_000}, peers: []peerTurns{{name: "WireMock", version: "3.13.2", started: 2 * time.Second, resident: 250_000_000, outcomes: []outcome{measured(1000, 100, 0)}}}, million: []millionStart{{3 * time.Second, 800_000_000}},
		watched:   []watched{{name: "a page", alone: []float64{0.5, 0.25}, with: []float64{0.6, 0.5}, own: 1.5}},
		endurance: []endurance{{1000, memory{40_000_000, 30_000_000}}}, inside: []insideRow{{name: "lock held, carnum", format: "%.0f ns", figures: []float64{3, 1, 2}}},
	}
}

// Each table of the report has the figures in their places and units.
func TestReport(t *testing.T) {
	t.Parallel()
	report := wholeReport().report()
	for _, want := range []string{
		"| rotation | 1000 | 500 | 0.50 (0.50–0.50) | 2.00 (2.00–2.00) | 2.00 (2.00–2.00) |", "| bindcar | 1000 | 500 | 0.50 (0.50–0.50) | 2.00 (2.00–2.00) |", "| 16 | 1000 | 500 | 0.50 (0.50–0.50) | 2.00 (2.00–2.00) |",
		"| bare Gin, as carnum | 1000 | 100 | 100 | 100 | 20.0 | 0 | 0 |\n| carnum | 1000 | 100 | 100 | 100 | 20.0 | 3292 | 22 |\n| 10 vehicles | 1000 |",
		"| to one fast merchant, while requests are answered | 1 |\n| … the requests answered beside it | 2 |\n| from a backlog of 40000, all due at once | 3 |\n| … while requests are answered over 16 connections | 4 |\n| … those requests (p99 8.0 ms) | 7 |\n| … and without the backlog (p99 6.0 ms) | 5 |\n| to 90 of 100 merchants, all answering | 9 |\n| to the same, while the other 10 hang | 10 |\n",
		"| killed right after | 2 | 1.50 s |", "| WireMock | 3.13.2 | 1000 | 100 | 100 | 250 MB | 2000 ms |", "| without --data | 12.0 | 12.0 |", "| 1, by owner | 100 | 1.0 | 1.0 | 1.00 |\n| 3, blindly | 50 | 2.0 | 2.0 | 0.50 |", "| lock held, carnum | 2 ns (1 ns–3 ns) |",
		"| from exec to the first answer, median of 3 | 2.0 ms |\n| … a bare Gin server | 1.0 ms |\n| resident memory after the first answer | 30.0 MB |\n| … of it the program's own, without pages of its file | 6.0 MB |\n| … a bare Gin server | 15.0 MB |\n| with a fixture of a million car parks, from exec to the first answer, median of 1 | 3.0 s |\n| … the most memory on the way | 800 MB |", "| 1000 | 40.0 MB | 30.0 MB |", "| a page | 50.0 % | 60.0 % | 100.0 % (20.0 %–100.0 %) | 1.5 % |", "in 1 turns of 1s each, over 16 connections",
	} {
		require.Contains(t, report, want)
	}
	require.NotContains(t, report, "%!")
	last := -1
	for _, title := range titles {
		at := strings.Index(report, "\n## "+title+"\n")
		require.Greater(t, at, last, "%s stands in its order", title)
		last = at
	}
	for line := range strings.SplitSeq(report, "\n") { // each row has as many cells as its table's head
		require.False(t, strings.HasPrefix(line, "|") && !strings.HasSuffix(line, "|"), line)
	}
}

// What was not measured is not in the report, whatever else was; and what is merged with itself is itself.
func TestReport_parts(t *testing.T) {
	t.Parallel()
	none := (&figures{}).report()
	require.NotContains(t, none, "\n## ")
	whole := wholeReport().report()
	require.Equal(t, strings.TrimSpace(whole), strings.TrimSpace(merged(whole, whole)))
	require.Equal(t, strings.TrimSpace(whole), strings.TrimSpace(merged("", whole)))
	kept := merged(whole, none)
	for _, title := range titles {
		require.Contains(t, kept, "\n## "+title+"\n")
	}
	require.Contains(t, kept, "Not measured this time but before: "+strings.Join(titles, "; "))
	f := wholeReport()
	f.restarts, f.pauses = nil, nil
	require.Contains(t, f.report(), "## With `--data DIR`")
	require.NotContains(t, f.report(), "## The longest wait")
}

// Whatever sections an older report has and whichever are measured anew, none is lost, and what was measured is as it was measured.
func TestMerged_losesNothing(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		write := func(name string) (string, map[string]bool) {
			var b strings.Builder
			b.WriteString("# Benchmarks\n\n" + name + "\n")
			has := map[string]bool{}
			for _, title := range titles {
				if rapid.Bool().Draw(t, name+title) {
					fmt.Fprintf(&b, "\n## %s\n\n%s of %s\n", title, name, title)
					has[title] = true
				}
			}
			return b.String(), has
		}
		older, had := write("older")
		report, has := write("report")
		out := merged(older, report)
		for _, title := range titles {
			require.Equal(t, has[title], strings.Contains(out, "report of "+title))
			require.Equal(t, had[title] && !has[title], strings.Contains(out, "older of "+title))
		}
		require.Equal(t, out, merged(out, report), "again, it is the same")
	})
}
