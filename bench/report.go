package main

import (
	"bufio"
	"cmp"
	"fmt"
	"os"
	"runtime"
	"slices"
	"strings"
	"time"
)

func median[T cmp.Ordered](all []T) T {
	sorted := slices.Sorted(slices.Values(all))
	return sorted[len(sorted)/2]
}

// report is docs/benchmarks.md.
func (f *figures) report() string {
	var b strings.Builder
	say := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	say("# Benchmarks")
	say("")
	say("Written by `go run ./bench -write`, on %s (%s, %d processors, %s/%s), %s. Server and load share the processors.",
		time.Now().UTC().Format(time.DateOnly), processor(), runtime.NumCPU(), runtime.GOOS, runtime.GOARCH, runtime.Version())
	say("The machine was %s; the same requests went to both servers in turns, so that what else ran on it weighed on both.", busy())
	say("Everything is switched on: signature, state, journal, metrics, events. The baseline is a bare Gin server that parses the same")
	say("form, hashes, unmarshals `data` and looks a value up.")
	say("")
	f.reportTurns(say)
	f.reportPeers(say)
	f.reportRefused(say)
	f.reportEndpoints(say)
	f.reportPushes(say)
	f.reportKept(say)
	f.reportReplicas(say)
	f.reportConsole(say)
	f.reportInside(say)
	f.reportProcess(say)
	f.reportEndurance(say)
	return b.String()
}

func mb(bytes int64) float64 { return float64(bytes) / 1e6 }

type sayer func(format string, args ...any)

// ratio is a figure of the mock over the same of the baseline, turn by turn.
func (c *comparison) ratio(figure func(outcome) float64) []float64 {
	all := make([]float64, 0, len(c.turns))
	for _, t := range c.turns {
		if under := figure(t.baseline); under > 0 {
			all = append(all, figure(t.mock)/under)
		}
	}
	return all
}

// spread is the median of figures with the least and the most: "0.95 (0.90–1.02)".
func spread(all []float64, format string) string {
	if len(all) == 0 {
		return "–"
	}
	return fmt.Sprintf(format+" ("+format+"–"+format+")", median(all), slices.Min(all), slices.Max(all))
}

func processorOf(o outcome) float64 {
	return float64(o.cpu.Microseconds()) / float64(max(o.requests, 1))
}

func (f *figures) reportTurns(say sayer) {
	if len(f.compared) == 0 {
		return
	}
	s := f.settings
	say("## Beside bare Gin")
	say("")
	say("The same requests to bare Gin and to the mock, in %d turns of %s each, over %d connections where nothing else is said.", s.rounds, s.slice, s.connections)
	say("A ratio is the mock's figure over bare Gin's in the same turn; each figure is the median over the turns, with the least and the most.")
	say("The rotation is carnum, bindcar, orderunpay and parkingstatus.")
	say("")
	say("| | bare Gin, requests/s | the mock, requests/s | throughput, ratio | processor time, ratio | p99, ratio |")
	say("|---|---:|---:|---:|---:|---:|")
	for i := range f.compared {
		c := &f.compared[i]
		var mocks, bases []float64
		for _, t := range c.turns {
			mocks, bases = append(mocks, t.mock.rate()), append(bases, t.baseline.rate())
		}
		p99 := func(o outcome) float64 { return float64(o.quantile(99)) }
		say("| %s | %.0f | %.0f | %s | %s | %s |", c.name, median(bases), median(mocks),
			spread(c.ratio(outcome.rate), "%.2f"), spread(c.ratio(processorOf), "%.2f"), spread(c.ratio(p99), "%.2f"))
	}
	say("")
}

func (f *figures) reportEndpoints(say sayer) {
	if len(f.endpoints) == 0 && len(f.sizes) == 0 {
		return
	}
	say("## By endpoint, and by size of the sandbox")
	say("")
	say("| | requests/s | p50 µs | p99 µs | p99.9 µs | processor µs | bytes | objects |")
	say("|---|---:|---:|---:|---:|---:|---:|---:|")
	for _, group := range [][]named{f.baselines, f.endpoints, f.sizes} {
		for _, n := range group {
			cpu := float64(n.cpu.Microseconds()) / float64(max(n.requests, 1))
			say("| %s | %.0f | %d | %d | %d | %.1f | %.0f | %.0f |", n.name, n.rate(), n.quantile(50), n.quantile(99), n.quantile(99.9), cpu, n.bytes, n.mallocs)
		}
	}
	say("")
	say("The sizes are asked a mixed day. Bytes and objects are what the server allocates a request, net/http's share included.")
	say("")
}

func (f *figures) reportPushes(say sayer) {
	p := f.pushes
	if p.live == 0 {
		return
	}
	say("## Pushes")
	say("")
	say("| | a second |")
	say("|---|---:|")
	say("| to one fast merchant, while requests are answered | %.0f |", p.live)
	say("| … the requests answered beside it | %.0f |", p.liveRequests)
	say("| from a backlog of %d, all due at once | %.0f |", f.settings.pushes, p.backlog)
	say("| … while requests are answered over %d connections | %.0f |", f.settings.connections, p.flooded)
	say("| … those requests (p99 %.1f ms) | %.0f |", float64(p.besides.quantile(99))/1000, p.besides.rate())
	say("| … and without the backlog (p99 %.1f ms) | %.0f |", float64(p.requests.quantile(99))/1000, p.requests.rate())
	say("| to %d of %d merchants, all answering | %.0f |", crowd-hanging, crowd, p.alone)
	say("| to the same, while the other %d hang | %.0f |", hanging, p.beside)
	say("")
}

func (f *figures) reportProcess(say sayer) {
	if len(f.starts) == 0 {
		return
	}
	ms := func(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
	say("## The process")
	say("")
	say("| | |")
	say("|---|---:|")
	say("| from exec to the first answer, median of %d | %.1f ms |", len(f.starts), ms(median(f.starts)))
	say("| … a bare Gin server | %.1f ms |", ms(median(f.bare)))
	say("| resident memory after the first answer | %.1f MB |", mb(f.idle.resident))
	say("| … of it the program's own, without pages of its file | %.1f MB |", mb(f.idle.own))
	say("| … a bare Gin server | %.1f MB |", mb(f.bareIdle.resident))
	if len(f.million) > 0 {
		took, most := make([]time.Duration, 0, len(f.million)), int64(0)
		for _, m := range f.million {
			took, most = append(took, m.took), max(most, m.most)
		}
		say("| with a fixture of a million car parks, from exec to the first answer, median of %d | %.1f s |", len(took), median(took).Seconds())
		say("| … the most memory on the way | %.0f MB |", mb(most))
	}
	say("")
}

func (f *figures) reportEndurance(say sayer) {
	if len(f.endurance) == 0 {
		return
	}
	say("## Memory")
	say("")
	say("A mixed day, at the default rules.")
	say("")
	say("| requests answered | resident memory | of it its own |")
	say("|---:|---:|---:|")
	for _, e := range f.endurance {
		say("| %d | %.1f MB | %.1f MB |", e.requests, mb(e.resident), mb(e.own))
	}
	say("")
}

func (f *figures) reportInside(say sayer) {
	if len(f.inside) == 0 {
		return
	}
	say("## Inside")
	say("")
	say("Benchmarks of single packages, the median of %d runs of each with the least and the most.", insideRuns)
	say("")
	say("| | |")
	say("|---|---:|")
	for _, row := range f.inside {
		say("| %s | %s |", row.name, spread(row.figures, row.format))
	}
	say("")
}

// busy says how much else ran on the machine, by its load over the last quarter of an hour.
func busy() string {
	text, err := os.ReadFile("/proc/loadavg")
	if err != nil {
		return "shared, perhaps"
	}
	fields := strings.Fields(string(text))
	if len(fields) < 3 {
		return "shared, perhaps"
	}
	return "under a load of " + fields[2] + " in the quarter of an hour before the end"
}

// processor is the machine's, as the kernel names it.
func processor() string {
	file, err := os.Open("/proc/cpuinfo")
	if err != nil {
		return "unknown processor"
	}
	defer func() { _ = file.Close() }()
	for lines := bufio.NewScanner(file); lines.Scan(); {
		if name, value, found := strings.Cut(lines.Text(), ":"); found && strings.TrimSpace(name) == "model name" {
			return strings.TrimSpace(value)
		}
	}
	return "unknown processor"
}
