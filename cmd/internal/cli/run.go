package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/etcp-mock/etcp-mock/contract"
	"github.com/etcp-mock/etcp-mock/contract/report"
	"github.com/etcp-mock/etcp-mock/internal/atomicfile"
	"github.com/etcp-mock/etcp-mock/internal/curl"
	"github.com/etcp-mock/etcp-mock/internal/lazyregexp"
	"github.com/etcp-mock/etcp-mock/scenarios"
	"github.com/etcp-mock/etcp-mock/scenarios/traffic"
)

// RunFlags are the flags of the runner, alike in contract run and etcp-mock scenario run.
type RunFlags struct {
	VariableFlags
	SelectionFlags
	ReportFlags

	workers, repeat                             int
	timeout                                     time.Duration
	seed                                        uint64
	speed                                       string
	list, failFast, shuffle, rerun, watch, keep bool
	lastRun, record                             string
}

// Register adds the flags.
func (f *RunFlags) Register(cmd *cobra.Command) {
	f.VariableFlags.Register(cmd)
	f.SelectionFlags.Register(cmd)
	f.ReportFlags.Register(cmd)
	cmd.Flags().Uint64Var(&f.seed, "seed", 0, "seed of everything made up (default: another each time)")
	cmd.Flags().IntVar(&f.workers, "workers", 0, "cases that run at once (default: three a processor)")
	cmd.Flags().IntVar(&f.repeat, "repeat", 1, "run each case so many times")
	cmd.Flags().DurationVar(&f.timeout, "timeout", time.Minute, "of a case (10m with --speed)")
	cmd.Flags().StringVar(&f.speed, "speed", "max", "max, or how much faster than real time sleeps and advances are: 10x")
	cmd.Flags().BoolVar(&f.keep, "keep", false, "leave the sandboxes on the server")
	cmd.Flags().BoolVar(&f.list, "list", false, "show what would run, and run nothing")
	cmd.Flags().BoolVar(&f.failFast, "fail-fast", false, "stop at the first case that fails")
	cmd.Flags().BoolVar(&f.shuffle, "shuffle", false, "run in another order, from the seed")
	cmd.Flags().BoolVar(&f.rerun, "rerun-failed", false, "run only what failed in the last run")
	cmd.Flags().BoolVar(&f.watch, "watch", false, "go on, and run again what a changed file touches")
	cmd.Flags().StringVar(&f.record, "record", "", "keep what was sent and came in this `file`, keys masked: contract run --target FILE judges it again, contract diff compares two")
	cmd.Flags().StringVar(&f.lastRun, "last-run", "", "`file` that keeps the last run (default: in the user's cache); empty: it is not kept")
}

// Seed is the seed that was given, or another one each time.
func (f *RunFlags) Seed(cmd *cobra.Command) uint64 {
	if f.seed == 0 && !cmd.Flags().Changed("seed") {
		f.seed = uint64(time.Now().UnixNano()) % 1_000_000
	}
	return f.seed
}

// Keep reports whether --keep was given.
func (f *RunFlags) Keep() bool { return f.keep }

// Target is what a run judges.
type Target struct {
	scenarios.Target
	Rate        float64 // requests a second, at most; 0: as fast as it goes
	AllowWrites bool
	InProcess   bool                // it ends with the command
	Recording   *contract.Recording // of a run before, which is judged again; nil: it is none
	Close       func()
}

// Runner is one of the two commands that run cases: what they run where nothing is named, and what they judge.
type Runner struct {
	*RunFlags

	Source Source
	Open   func(cmd *cobra.Command) (Target, error)
	// Results, where set, gets what the cases did, and nothing is printed but what it prints.
	Results func(cmd *cobra.Command, r *report.Report, results map[string]*scenarios.CaseResult, s *Selection) error
}

// Run runs what the arguments choose.
func (r *Runner) Run(cmd *cobra.Command, args []string) error {
	switch {
	case r.repeat < 1:
		return Usagef("--repeat: want 1 or more, got %d", r.repeat)
	case r.record != "" && r.watch:
		return Usagef("--record keeps one run: leave out --watch")
	}
	speed, err := traffic.ParseSpeed(r.speed)
	if err != nil {
		return Usagef("--speed: %v", err)
	}
	if speed > 0 && !cmd.Flags().Changed("timeout") {
		r.timeout = 10 * time.Minute
	}
	out, err := r.ReportFlags.Open(cmd)
	if err != nil {
		return err
	}
	given, err := r.Read()
	if err != nil {
		return err
	}
	run := &running{Runner: r, out: out, given: given, speed: speed}
	if r.rerun {
		var files []string
		if run.failed, files, err = r.lastFailed(cmd); err != nil {
			return err
		}
		if len(args) == 0 && r.SelectionFlags.file == "" {
			args = files
		}
	}
	s, err := run.choose(args)
	if err != nil {
		return err
	}
	if err := given.Check(cmd, s.Cases); err != nil {
		return err
	}
	if r.list {
		return s.Print(cmd, false)
	}
	if run.target, err = r.Open(cmd); err != nil {
		return err
	}
	defer run.target.Close()
	if run.target.Recording != nil && !cmd.Flags().Changed("seed") {
		r.seed = run.target.Recording.Seed
	}
	if r.watch {
		return run.watchFiles(cmd, s, args)
	}
	return run.once(cmd, s)
}

// keepRecording writes what was sent and came, where it was recorded.
func (r *running) keepRecording(ctx context.Context, recorder *contract.Recorder, rep *report.Report) error {
	if recorder == nil {
		return nil
	}
	var secrets []string
	for _, v := range r.given.Secret {
		secrets = append(secrets, fmt.Sprint(v))
	}
	text, err := json.MarshalIndent(recorder.Recording(r.target.Target, rep.Seed, rep.Started, secrets...), "", " ")
	if err != nil {
		return fmt.Errorf("--record: %w", err)
	}
	if err := atomicfile.WriteBytes(ctx, r.record, 0o644, append(text, '\n')); err != nil {
		return fmt.Errorf("--record: %w", err)
	}
	return nil
}

// ReadRecording gives the recording that a file holds, and nil where there is no such file.
func ReadRecording(name string) (*contract.Recording, error) {
	info, err := os.Stat(name)
	if os.IsNotExist(err) && strings.HasSuffix(name, ".json") && !strings.Contains(name, "://") {
		return nil, Usagef("there is no file %s", name)
	}
	if err != nil || info.IsDir() {
		return nil, nil //nolint:nilnil,nilerr // it is an address, then
	}
	text, err := ReadFile(name, MostOfState)
	if err != nil {
		return nil, Usagef("%v", err)
	}
	recording, err := contract.ReadRecording(text)
	if err != nil {
		return nil, Usagef("%s: %v", name, err)
	}
	return recording, nil
}

// notRepeated are the flags that a line which repeats a case leaves out: what they choose is in the line, or does not matter to it.
var notRepeated = []string{
	"seed", "report", "quiet", "file", "tag", "name", "workers", "repeat", "list", "fail-fast", "shuffle", "rerun-failed", "watch", "last-run", "admin-token", "merchant-key", "token", "color", "lang",
}

var plainWord = lazyregexp.New(`^[\w./:@%+,=-]+$`)

// shellWord is a text as one word of a shell's command line.
func shellWord(text string) string {
	if plainWord().MatchString(text) {
		return text
	}
	return curl.Quote(text)
}

// ranAs is what a case is reported as: the scenario's name, the row of its matrix, and which of several runs.
var ranAs = lazyregexp.New(`^(.*?\S)(\[\d+\])?(#\d+)?$`)

// namesIn are the names of a scenario and of its case in the id of a run.
func namesIn(id string) (scenario, name string) {
	m := ranAs().FindStringSubmatch(id)
	if m == nil {
		return id, id
	}
	return m[1], m[1] + m[2]
}

// repeatLine is a command that runs a failed case again up to the step that failed, against the same target.
func (f *RunFlags) repeatLine(cmd *cobra.Command) func(c *report.Case, line int) string {
	var flags strings.Builder
	cmd.Flags().Visit(func(flag *pflag.Flag) {
		if slices.Contains(notRepeated, flag.Name) {
			return
		}
		values := []string{flag.Value.String()}
		if list, ok := flag.Value.(pflag.SliceValue); ok {
			values = list.GetSlice()
		}
		for _, value := range values {
			fmt.Fprintf(&flags, " --%s=%s", flag.Name, shellWord(value))
		}
	})
	return func(c *report.Case, line int) string {
		what, _ := namesIn(c.ID)
		if _, err := os.Stat(c.File); err == nil && line > 0 {
			what = fmt.Sprintf("%s:%d", c.File, line)
		}
		return fmt.Sprintf("%s %s --seed %d%s", cmd.CommandPath(), shellWord(what), f.seed, flags.String())
	}
}

// lastFile is where the last run is kept: in the user's cache, by the current folder; "" keeps none.
func (f *RunFlags) lastFile(cmd *cobra.Command) string {
	if cmd.Flags().Changed("last-run") || f.lastRun != "" {
		return f.lastRun
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		return ""
	}
	here, err := os.Getwd()
	if err != nil {
		return ""
	}
	return filepath.Join(cache, "etcp-mock", "last-run", strings.NewReplacer("/", "-", `\`, "-", ":", "-").Replace(here)+".json")
}

// keepLast keeps the report, unless nothing ran: then it still concerns the one before.
func (f *RunFlags) keepLast(cmd *cobra.Command, r *report.Report) error {
	name := f.lastFile(cmd)
	if name == "" || r.Ran() == 0 {
		return nil
	}
	if err := report.WriteAll(cmd.Context(), []report.Output{{Format: report.JSON, File: name}}, r, io.Discard); err != nil {
		return fmt.Errorf("--last-run: %w", err)
	}
	return nil
}

// lastFailed is what failed in the last run, and the files it stands in; cases that are built in have none here.
func (f *RunFlags) lastFailed(cmd *cobra.Command) (failed map[string]bool, files []string, err error) {
	name := f.lastFile(cmd)
	text, err := ReadFound(name, MostOfState)
	if name == "" || errors.Is(err, fs.ErrNotExist) {
		return nil, nil, Usagef("--rerun-failed: there is no last run (%s)", name)
	}
	if err != nil {
		return nil, nil, Usagef("--rerun-failed: %v", err)
	}
	last, err := report.ReadJSON(text)
	if err != nil {
		return nil, nil, Usagef("--rerun-failed: %s: %v", name, err)
	}
	failed = map[string]bool{}
	for i := range last.Cases {
		c := &last.Cases[i]
		if c.Status != report.Failed {
			continue
		}
		from, id := namesIn(c.ID)
		failed[id] = true
		if _, err := os.Stat(c.File); err == nil {
			from = c.File
		}
		files = append(files, from)
	}
	slices.Sort(files)
	return failed, slices.Compact(files), nil
}

// LiveLine is a line on a terminal that says what runs now, and is gone when it is over. It may be used by several goroutines.
type LiveLine struct {
	out io.Writer
	on  bool
	mu  sync.Mutex
}

// NewLiveLine is a line that shows only where a person reads the command's output.
func NewLiveLine(cmd *cobra.Command, wanted bool) *LiveLine {
	return &LiveLine{out: cmd.ErrOrStderr(), on: wanted && IsTerminal(cmd.OutOrStdout()) && IsTerminal(cmd.ErrOrStderr())}
}

// Show replaces the line.
func (l *LiveLine) Show(format string, args ...any) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.on {
		fmt.Fprintf(l.out, "\r\x1b[2K"+format, args...)
	}
}

// Clear takes the line away.
func (l *LiveLine) Clear() { l.Show("") }
