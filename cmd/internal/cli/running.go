package cli

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/spf13/cobra"

	"github.com/etcp-mock/etcp-mock/cmd/internal/translation"
	"github.com/etcp-mock/etcp-mock/contract"
	"github.com/etcp-mock/etcp-mock/contract/report"
	"github.com/etcp-mock/etcp-mock/internal/excerpt"
	"github.com/etcp-mock/etcp-mock/scenarios"
)

// running is a run under way.
type running struct {
	*Runner

	out    *Output
	given  Variables
	speed  float64
	failed map[string]bool // with --rerun-failed: what failed in the last run
	target Target
}

func (r *running) choose(args []string) (*Selection, error) {
	s, err := r.Choose(args, r.Source, r.given.Names()...)
	if err != nil {
		return nil, err
	}
	if r.failed != nil {
		s.Cases = slices.DeleteFunc(s.Cases, func(c scenarios.Case) bool { return !r.failed[c.Name()] })
	}
	return s, r.given.check(s.Cases)
}

// whyNone says why nothing was chosen.
func (r *running) whyNone(cmd *cobra.Command, s *Selection) string {
	switch {
	case r.failed != nil:
		return translation.In(Language(cmd), "nothing of this failed in the last run")
	case s.All > 0:
		return translation.Format(Language(cmd), "the filter matches none of %s", PrinterOf(cmd).Counted(s.All, "1 case", "%d cases"))
	case len(s.Paths) > 0:
		return translation.Format(Language(cmd), "there are no cases in %s: a file of scenarios is named *.yaml, *.yml or *.json", s.Paths)
	default:
		return translation.In(Language(cmd), "there are no cases")
	}
}

// runner is what runs the chosen cases, as the flags want it.
func (r *running) runner(cmd *cobra.Command, s *Selection) contract.Runner {
	runner := contract.Runner{
		Library: s.Library, Workers: r.workers, Seed: r.Seed(cmd), Shuffle: r.shuffle, Repeat: r.repeat, FailFast: r.failFast,
		Timeout: r.timeout, Speed: r.speed, Keep: r.keep, Rate: r.target.Rate, AllowWrites: r.target.AllowWrites, Line: s.Line,
		Vars: r.given.Plain, Secrets: r.given.Secret, Language: Language(cmd),
	}
	if r.target.InProcess || r.target.Control != nil && r.target.Sandbox == "" && !r.keep { // its sandbox is gone when somebody reads the line
		runner.RepeatLine = r.repeatLine(cmd)
	}
	return runner
}

// once runs the chosen cases and reports on them.
func (r *running) once(cmd *cobra.Command, s *Selection) error {
	live := NewLiveLine(cmd, r.Results == nil)
	runner := r.runner(cmd, s)
	if live.on { // else nobody reads it, and each step would be reported twice
		runner.Events = live.events(len(s.Cases))
	}
	runner.FailuresOnly = r.Results == nil
	var seen ended
	if r.keep || r.Results != nil {
		runner.Result = seen.add
	}
	if r.Results == nil {
		runner.Progress = func(c *report.Case) {
			live.Clear()
			r.out.Terminal.Case(c)
		}
	}
	var recorder *contract.Recorder
	if r.record != "" {
		recorder = contract.Record(&r.target.Target)
	}
	for _, c := range s.Cases {
		r.out.Terminal.Fit(c.Name(), strings.Join(c.Scenario.Covers, " "))
	}
	rep, err := runner.Run(cmd.Context(), r.target.Target, s.Cases...)
	live.Clear()
	if err != nil {
		return err
	}
	if err := r.keepRecording(cmd.Context(), recorder, rep); err != nil {
		return err
	}
	rep.Program = strings.TrimPrefix(cmd.CommandPath(), "etcp-mock ")
	if len(s.Cases) == 0 {
		rep.Warnings = append(rep.Warnings, r.whyNone(cmd, s))
	}
	if err := r.keepLast(cmd, rep); err != nil && cmd.Flags().Changed("last-run") {
		return err
	}
	if r.Results != nil {
		if err := r.Results(cmd, rep, seen.results, s); err != nil {
			return err
		}
		if code := rep.ExitCode(); code != ExitOK {
			return ExitCode(code)
		}
		return nil
	}
	if r.keep {
		seen.printKept(cmd)
	}
	return r.out.End(cmd.Context(), rep)
}

// events shows on the line which step of which case runs.
func (l *LiveLine) events(cases int) func(scenarios.Event) {
	var ended atomic.Int64
	return func(e scenarios.Event) {
		switch {
		case e.Step != nil && !e.Ended:
			l.Show("%d/%d %s: %s", ended.Load(), cases, e.Case.Name, excerpt.Runes(Clean(e.Step.Name), 60))
		case e.Step == nil && e.Ended:
			ended.Add(1)
		}
	}
}

// ended are the results of the cases that have ended, by their ids.
type ended struct {
	mu      sync.Mutex
	results map[string]*scenarios.CaseResult
}

func (e *ended) add(id string, result *scenarios.CaseResult) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.results == nil {
		e.results = map[string]*scenarios.CaseResult{}
	}
	e.results[id] = result
}

// printKept says which sandboxes were kept, and of which cases.
func (e *ended) printKept(cmd *cobra.Command) {
	for _, id := range slices.Sorted(maps.Keys(e.results)) {
		if result := e.results[id]; result.Kept {
			fmt.Fprintln(cmd.ErrOrStderr(), translation.Format(Language(cmd), "kept the sandbox %s of %s", result.Sandbox, id))
		}
	}
}
