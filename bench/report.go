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
	say("Everything is switched on: signature, state, journal, metrics, events. The baseline is a bare Gin server that parses the same")
	say("form, hashes, unmarshals `data` and looks a value up.")
	say("")
	f.reportTurns(say)
	f.reportEndpoints(say)
	f.reportPushes(say)
	f.reportProcess(say)
	return b.String()
}

type sayer func(format string, args ...any)

func (f *figures) reportTurns(say sayer) {
	var ratios, mocks, bases []float64
	var cpu []float64
	for _, t := range f.turns {
		ratios = append(ratios, t.mock.rate()/t.baseline.rate())
		mocks, bases = append(mocks, t.mock.rate()), append(bases, t.baseline.rate())
		if t.baseline.cpu > 0 {
			cpu = append(cpu, (t.mock.cpu.Seconds()/float64(t.mock.requests))/(t.baseline.cpu.Seconds()/float64(t.baseline.requests)))
		}
	}
	say("## Beside bare Gin")
	say("")
	say("In %d turns of %s each, %d connections, carnum, bindcar, orderunpay and parkingstatus in rotation:", len(f.turns), f.settings.slice, f.settings.connections)
	say("")
	say("| | median | least | most |")
	say("|---|---:|---:|---:|")
	say("| bare Gin, requests a second | %.0f | %.0f | %.0f |", median(bases), slices.Min(bases), slices.Max(bases))
	say("| the mock, requests a second | %.0f | %.0f | %.0f |", median(mocks), slices.Min(mocks), slices.Max(mocks))
	say("| throughput, mock / bare Gin | %.2f | %.2f | %.2f |", median(ratios), slices.Min(ratios), slices.Max(ratios))
	if len(cpu) > 0 {
		say("| processor time a request, mock / bare Gin | %.2f | %.2f | %.2f |", median(cpu), slices.Min(cpu), slices.Max(cpu))
	}
	say("")
}

func (f *figures) reportEndpoints(say sayer) {
	say("## By endpoint, and by size of the world")
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
	say("## Pushes")
	say("")
	say("| | a second |")
	say("|---|---:|")
	say("| to one fast merchant, while requests are answered | %.0f |", p.live)
	say("| … the requests answered beside it | %.0f |", p.liveRequests)
	say("| from a backlog of %d, all due at once | %.0f |", f.settings.pushes, p.backlog)
	say("| to %d of %d merchants, all answering | %.0f |", crowd-hanging, crowd, p.alone)
	say("| to the same, while the other %d hang | %.0f |", hanging, p.beside)
	say("")
}

func (f *figures) reportProcess(say sayer) {
	ms := func(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
	say("## The process")
	say("")
	say("| | |")
	say("|---|---:|")
	say("| from exec to the first answer, median of %d | %.1f ms |", len(f.starts), ms(median(f.starts)))
	say("| … a bare Gin server | %.1f ms |", ms(median(f.bare)))
	say("| resident memory after the first answer | %.1f MB |", float64(f.idle)/1e6)
	for _, e := range f.endurance {
		say("| resident memory after %d requests | %.1f MB |", e.requests, float64(e.resident)/1e6)
	}
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
