// Command mutants proves that the contract suite finds bugs. It plants those of a table in the mock, one at a time, runs the suite
// against each, and prints those that it does not find. See docs/contract.md.
package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/etcp-mock/etcp-mock/mutants/active"
	"github.com/etcp-mock/etcp-mock/mutants/schema"
)

func main() {
	var o options
	flag.StringVar(&o.table, "table", "mutants/table.yaml", "the table of bugs")
	flag.DurationVar(&o.fuzz, "fuzz", 0, "fuzz each for so long in place of running the suite")
	flag.Int64Var(&o.calls, "calls", 0, "fuzz each with so many calls in place of running the suite; the same calls every time")
	flag.IntVar(&o.sample, "sample", 0, "only so many rows, drawn at random with the seed 1; 0: all")
	flag.DurationVar(&o.timeout, "timeout", time.Minute, "how long a run may take beyond that; one that hangs is found")
	flag.IntVar(&o.workers, "workers", runtime.GOMAXPROCS(0), "runs at once")
	flag.Float64Var(&o.least, "least", 0, "exit 1 where less than so many percent are found")
	flag.StringVar(&o.out, "out", "", "write what became of each bug here, as JSON")
	flag.BoolVar(&o.generate, "generate", false, "in place of the table, bugs made of the code by rules")
	flag.IntVar(&o.every, "every", 1, "of those, one in so many")
	flag.StringVar(&o.only, "only", "", "only rows whose text contains this")
	flag.Parse()
	if err := run(context.Background(), o); err != nil {
		fmt.Fprintln(os.Stderr, "mutants:", err)
		os.Exit(1)
	}
}

type options struct {
	table, out, only string
	fuzz, timeout    time.Duration
	workers, every   int
	sample           int
	calls            int64
	least            float64
	generate         bool
}

// verdict is what a run prints, see ./mutants/run.
type verdict struct {
	Killed bool   `json:"killed"`
	By     string `json:"by,omitempty"`
	Why    string `json:"why,omitempty"`
	Millis int64  `json:"millis"`
}

func run(ctx context.Context, o options) error {
	root, err := os.Getwd()
	if err != nil {
		return err
	}
	rows, planted, err := o.rows(root)
	if err != nil {
		return err
	}
	folder, err := os.MkdirTemp("", "mutants")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(folder) }()
	binary, err := build(ctx, root, folder, planted)
	if err != nil {
		return err
	}
	sound, err := o.start(ctx, binary, 0)
	if err != nil {
		return err
	}
	v, ended := sound.try(0, "", o.timeout+o.fuzz)
	if !ended {
		sound.end()
	}
	if v.Killed {
		return fmt.Errorf("without a bug: %s: %s", v.By, v.Why)
	}
	start := time.Now()
	verdicts := make([]verdict, len(rows))
	next := make(chan int)
	failures := make([]error, o.workers)
	var workers sync.WaitGroup
	for w := range o.workers {
		workers.Go(func() { failures[w] = o.work(ctx, binary, rows, planted, verdicts, next) })
	}
	for i := range rows {
		next <- i
	}
	close(next)
	workers.Wait()
	if err := errors.Join(failures...); err != nil {
		return err
	}
	return o.print(rows, verdicts, time.Since(start))
}

// rows are the bugs, and the files with them.
func (o options) rows(root string) ([]schema.Row, schema.Planted, error) {
	var rows []schema.Row
	var err error
	if o.generate {
		rows, err = schema.Generate(root, o.every)
	} else {
		rows, err = schema.Read(o.table)
	}
	if err != nil {
		return nil, schema.Planted{}, err
	}
	if o.only != "" {
		rows = schema.Containing(rows, o.only)
	}
	if o.sample > 0 && o.sample < len(rows) { // of those that a client can see
		rows = slices.DeleteFunc(rows, func(r schema.Row) bool { return r.Unseen != "" })
		rand.New(rand.NewPCG(1, 1)).Shuffle(len(rows), func(i, j int) { rows[i], rows[j] = rows[j], rows[i] }) //nolint:gosec // the same sample every time
		rows = rows[:min(o.sample, len(rows))]
	}
	planted, err := schema.PlantAll(root, rows)
	return rows, planted, err
}

// build builds ./mutants/run with the bugs in it.
func build(ctx context.Context, root, folder string, planted schema.Planted) (string, error) {
	overlay := struct{ Replace map[string]string }{map[string]string{}}
	for path, text := range planted.Texts {
		to := filepath.Join(folder, strconv.Itoa(len(overlay.Replace))+".go")
		if err := os.WriteFile(to, text, 0o600); err != nil {
			return "", err
		}
		overlay.Replace[path] = to
	}
	text, err := json.Marshal(overlay) //nolint:musttag // the names of go build -overlay
	if err != nil {
		return "", err
	}
	file := filepath.Join(folder, "overlay.json")
	if err := os.WriteFile(file, text, 0o600); err != nil {
		return "", err
	}
	binary := filepath.Join(folder, "run")
	cmd := exec.CommandContext(ctx, "go", "build", "-overlay", file, "-o", binary, "./mutants/run") //nolint:gosec // the folder is this tool's own
	cmd.Dir, cmd.Stdout, cmd.Stderr = root, os.Stderr, os.Stderr
	return binary, cmd.Run()
}

// process is a run of ./mutants/run, which tries one bug after the other.
type process struct {
	cmd    *exec.Cmd
	in     io.WriteCloser
	out    *bufio.Reader
	stderr bytes.Buffer
}

func (o options) start(ctx context.Context, binary string, first int) (*process, error) {
	p := &process{cmd: exec.CommandContext(ctx, binary, "-fuzz", o.fuzz.String(), "-calls", strconv.FormatInt(o.calls, 10))} //nolint:gosec // it was built before
	p.cmd.Env = append(os.Environ(), active.Variable+"="+strconv.Itoa(first), "GOMAXPROCS=1")                                // bugs in the values of variables are on from the start
	p.cmd.Stderr = &p.stderr
	var err error
	if p.in, err = p.cmd.StdinPipe(); err != nil {
		return nil, err
	}
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	p.out = bufio.NewReader(out)
	return p, p.cmd.Start()
}

// try tries one bug. A run that hangs or dies has found it: so would a client; then the process has ended.
func (p *process) try(bug int, rule string, patience time.Duration) (v verdict, ended bool) {
	hung := time.AfterFunc(patience, func() { _ = p.cmd.Process.Kill() })
	_, err := fmt.Fprintf(p.in, "%d %s\n", bug, rule)
	var line []byte
	if err == nil {
		line, err = p.out.ReadBytes('\n')
	}
	inTime := hung.Stop()
	if err == nil {
		if err = json.Unmarshal(line, &v); err == nil {
			return v, false
		}
	}
	p.end()
	v = verdict{Killed: true, By: "crash", Why: p.stderr.String()[:min(p.stderr.Len(), 300)]}
	if !inTime {
		v.By, v.Why = "timeout", "did not end"
	}
	return v, true
}

func (p *process) end() {
	_ = p.in.Close()
	_ = p.cmd.Wait()
}

// work tries the bugs that come, in one process as far as that goes.
func (o options) work(ctx context.Context, binary string, rows []schema.Row, planted schema.Planted, verdicts []verdict, next <-chan int) error {
	var p *process
	for i := range next {
		alone := planted.Values[i+1]
		if p != nil && alone {
			p.end()
			p = nil
		}
		if p == nil {
			var err error
			if p, err = o.start(ctx, binary, i+1); err != nil {
				for range next {
				}
				return err
			}
		}
		var ended bool
		if verdicts[i], ended = p.try(i+1, rows[i].Rule, o.timeout+o.fuzz); ended || alone {
			if !ended {
				p.end()
			}
			p = nil
		}
	}
	if p != nil {
		p.end()
	}
	return nil
}

func (o options) print(rows []schema.Row, verdicts []verdict, took time.Duration) error {
	killed, seen := 0, 0
	survived := map[string]int{} // by the rule that is broken
	for i, v := range verdicts {
		switch {
		case v.Killed && rows[i].Unseen != "":
			fmt.Printf("SEEN, though its row says that nobody can: %s\n    by %s: %s\n", rows[i], v.By, v.Why)
			killed++
			seen++
		case v.Killed:
			killed++
			seen++
		case rows[i].Unseen == "":
			seen++
			survived[rows[i].Rule]++
			fmt.Printf("SURVIVED %s (%s)\n", rows[i], rows[i].Rule)
		}
	}
	for _, rule := range slices.Sorted(maps.Keys(survived)) {
		fmt.Printf("%3d of %s\n", survived[rule], rule)
	}
	percent := 100 * float64(killed) / float64(max(1, seen))
	fmt.Printf("%d of %d bugs found, %.1f %%, in %s; %d more that no client can see\n", killed, seen, percent, took.Round(time.Second), len(rows)-seen)
	if o.out != "" {
		type result struct {
			schema.Row
			verdict
		}
		all := make([]result, len(rows))
		for i := range rows {
			all[i] = result{rows[i], verdicts[i]}
		}
		text, err := json.MarshalIndent(all, "", " ")
		if err != nil {
			return err
		}
		if err := os.WriteFile(o.out, text, 0o600); err != nil {
			return err
		}
	}
	if percent < o.least {
		return fmt.Errorf("want at least %.0f %%", o.least)
	}
	return nil
}
