package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/fsnotify/fsnotify"
	"github.com/spf13/cobra"

	"github.com/etcp-mock/etcp-mock/contract"
	"github.com/etcp-mock/etcp-mock/contract/report"
	"github.com/etcp-mock/etcp-mock/scenarios"
)

const runHelp = `Run contract cases: scenario files whose expectations hold a target to the platform's document.

Without arguments the built-in suite runs; without --target it runs against a mock in this process. Arguments are files,
folders or names of cases (contract list shows them).

Each case has a sandbox of its own on a mock, so that cases run at once (--workers) and the report is the same. Against what
is no mock (give --merchant-no and a key) only cases that read run, unless --allow-writes; a case that needs the control API
of a mock is skipped, and says so.

What failed is kept in --last-run; --rerun-failed runs that again. --watch runs again what a changed file touches.`

type runFlags struct {
	targetFlags
	caseFlags
	outputFlags

	workers, repeat                       int
	timeout                               time.Duration
	list, failFast, shuffle, rerun, watch bool
	lastRun                               string
}

func newRun() *cobra.Command {
	var f runFlags
	cmd := &cobra.Command{
		Use:   "run [file|dir|name…]",
		Short: "Run contract cases against a mock or the platform",
		Long:  runHelp,
		Example: "  contract run\n  contract run --tag payment --target http://127.0.0.1:8787 --admin\n" +
			"  contract run cases/ --watch\n  contract run --file cases/pays.yaml:12\n" +
			"  contract run --target http://mapi.test.etcp.cn --merchant-no M1 --key-file key.txt --report junit=junit.xml",
		RunE: f.run,
	}
	f.targetFlags.flags(cmd)
	f.caseFlags.flags(cmd)
	f.outputFlags.flags(cmd)
	cmd.Flags().IntVar(&f.workers, "workers", 0, "cases that run at once (default: one a processor)")
	cmd.Flags().IntVar(&f.repeat, "repeat", 1, "run each case so many times")
	cmd.Flags().DurationVar(&f.timeout, "timeout", time.Minute, "of a case")
	cmd.Flags().BoolVar(&f.list, "list", false, "show what would run, and run nothing")
	cmd.Flags().BoolVar(&f.failFast, "fail-fast", false, "stop at the first case that fails")
	cmd.Flags().BoolVar(&f.shuffle, "shuffle", false, "run in another order, from the seed")
	cmd.Flags().BoolVar(&f.rerun, "rerun-failed", false, "run only what failed in the last run")
	cmd.Flags().BoolVar(&f.watch, "watch", false, "go on, and run again what a changed file touches")
	cmd.Flags().StringVar(&f.lastRun, "last-run", filepath.Join(".contract", "last-run.json"), "`file` that keeps the last run; empty: none")
	return cmd
}

func (f *runFlags) run(cmd *cobra.Command, args []string) error {
	if f.admin == sameAddress { // --admin URL, without =
		if i := slices.IndexFunc(args, func(a string) bool { return strings.HasPrefix(a, "http://") || strings.HasPrefix(a, "https://") }); i >= 0 {
			f.admin, args = args[i], slices.Delete(slices.Clone(args), i, i+1)
		}
	}
	if f.repeat < 1 || f.workers < 0 {
		return errors.New("--repeat is 1 or more, --workers 0 or more")
	}
	out, err := f.outputFlags.open(cmd)
	if err != nil {
		return err
	}
	given, err := f.read()
	if err != nil {
		return err
	}
	var failed map[string]bool
	if f.rerun {
		var files []string
		if failed, files, err = f.lastFailed(); err != nil {
			return err
		}
		if len(args) == 0 && f.file == "" {
			args = files
		}
	}
	s, err := f.choose(args, given.names()...)
	if err != nil {
		return err
	}
	if f.rerun {
		s.cases = slices.DeleteFunc(s.cases, func(c scenarios.Case) bool { return !failed[c.Name()] })
	}
	if f.list {
		return s.print(cmd, false)
	}
	target, closeTarget, err := f.targetFlags.open(cmd, args)
	if err != nil {
		return err
	}
	defer closeTarget()
	if f.watch {
		return f.watchFiles(cmd, out, s, args, given, target)
	}
	return f.once(cmd, out, s, given, target)
}

// once runs the chosen cases and tells of it.
func (f *runFlags) once(cmd *cobra.Command, out *output, s *selection, given variables, target scenarios.Target) error {
	runner := contract.Runner{
		Library: s.library, Workers: f.workers, Seed: f.seedOf(cmd), Shuffle: f.shuffle, Repeat: f.repeat, FailFast: f.failFast,
		Timeout: f.timeout, Rate: f.rate, AllowWrites: f.allowWrites, Line: f.line, Vars: given.vars, Secrets: given.secrets, Progress: out.terminal.Case,
	}
	r, err := runner.Run(cmd.Context(), target, s.cases...)
	if err != nil {
		return err
	}
	if len(s.cases) == 0 {
		why := "there are no cases"
		switch {
		case f.rerun:
			why = "nothing of this failed in the last run"
		case s.all > 0:
			why = fmt.Sprintf("the filter matches none of %d cases", s.all)
		}
		r.Warnings = append(r.Warnings, why)
	}
	for name := range given.vars {
		declares := func(c scenarios.Case) bool { is, _ := c.Scenario.Declares(name); return is }
		if name != "code" && len(s.cases) > 0 && !slices.ContainsFunc(s.cases, declares) { // code is what an sms step asks for
			r.Warnings = append(r.Warnings, fmt.Sprintf("--var %s: no case that is run has such a variable", name))
		}
	}
	if err := f.keep(r); err != nil {
		return err
	}
	return out.end(r)
}

// keep writes the report for --rerun-failed. A run of nothing leaves the last one.
func (f *runFlags) keep(r *report.Report) error {
	if f.lastRun == "" || r.Ran() == 0 {
		return nil
	}
	return report.WriteAll([]report.Output{{Format: report.JSON, File: f.lastRun}}, r, nil)
}

// lastFailed is what failed in the last run, and the files it stands in; cases that are built in have none here.
func (f *runFlags) lastFailed() (failed map[string]bool, files []string, err error) {
	text, err := os.ReadFile(f.lastRun)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil, fmt.Errorf("--rerun-failed: there is no last run (%s)", f.lastRun)
	}
	if err != nil {
		return nil, nil, err
	}
	last, err := report.ReadJSON(text)
	if err != nil {
		return nil, nil, fmt.Errorf("%s: %w", f.lastRun, err)
	}
	failed = map[string]bool{}
	for _, c := range last.Cases {
		if c.Status != report.Failed {
			continue
		}
		id, _, _ := strings.Cut(c.ID, "#")
		failed[id] = true
		from, _, _ := strings.Cut(id, "[")
		if _, err := os.Stat(c.File); err == nil {
			from = c.File
		}
		files = append(files, from)
	}
	slices.Sort(files)
	return failed, slices.Compact(files), nil
}

// settle is how long a burst of changes is waited for.
const settle = 100 * time.Millisecond

// watchFiles runs everything once, and then what changes.
func (f *runFlags) watchFiles(cmd *cobra.Command, out *output, s *selection, args []string, given variables, target scenarios.Target) error {
	if len(s.paths) == 0 {
		return errors.New("--watch: which files? contract run cases/ --watch")
	}
	watcher, err := fsnotify.NewWatcher()
	if err != nil {
		return fmt.Errorf("--watch: %w", err)
	}
	defer func() { _ = watcher.Close() }()
	for _, name := range s.paths {
		if err := watchUnder(watcher, name); err != nil {
			return fmt.Errorf("--watch: %w", err)
		}
	}
	said := func(err error) {
		var code exitCodeError
		if err != nil && !errors.As(err, &code) {
			fmt.Fprintf(cmd.ErrOrStderr(), "contract: %v\n", err)
		}
		fmt.Fprintln(cmd.ErrOrStderr(), "watching; interrupt to end")
	}
	said(f.once(cmd, out, s, given, target))
	for {
		changed, err := changes(cmd.Context(), watcher)
		if err != nil || len(changed) == 0 {
			return err
		}
		again, err := f.choose(args, given.names()...)
		if err == nil {
			again.cases = slices.DeleteFunc(again.cases, func(c scenarios.Case) bool { return !touches(again.library, c.Scenario, changed) })
			if len(again.cases) == 0 {
				continue
			}
			err = f.once(cmd, out, again, given, target)
		}
		said(err)
	}
}

// watchUnder watches folders, not files: editors replace files.
func watchUnder(w *fsnotify.Watcher, name string) error {
	info, err := os.Stat(name)
	if err != nil {
		return err
	}
	if !info.IsDir() {
		return w.Add(filepath.Dir(name))
	}
	return filepath.WalkDir(name, func(each string, d fs.DirEntry, err error) error {
		if err != nil || !d.IsDir() {
			return err
		}
		return w.Add(each)
	})
}

// changes waits for files that change, until it has been quiet for a moment. None: the context has ended.
func changes(ctx context.Context, w *fsnotify.Watcher) (map[string]bool, error) {
	changed := map[string]bool{}
	var quiet <-chan time.Time
	for {
		select {
		case <-ctx.Done():
			return nil, nil
		case err := <-w.Errors:
			return nil, fmt.Errorf("--watch: %w", err)
		case e := <-w.Events:
			if e.Op == fsnotify.Chmod {
				continue
			}
			if info, err := os.Stat(e.Name); err == nil && info.IsDir() && e.Has(fsnotify.Create) {
				_ = watchUnder(w, e.Name) // what is in it will be seen when it changes
			}
			if ext := filepath.Ext(e.Name); ext == ".yaml" || ext == ".yml" || ext == ".json" {
				changed[filepath.Clean(e.Name)] = true
				quiet = time.After(settle)
			}
		case <-quiet:
			return changed, nil
		}
	}
}

// touches says whether a scenario, or one that it uses, stands in a changed file.
func touches(l *scenarios.Library, s *scenarios.Scenario, changed map[string]bool) bool {
	seen := map[*scenarios.Scenario]bool{}
	var visit func(s *scenarios.Scenario) bool
	visit = func(s *scenarios.Scenario) bool {
		if s == nil || seen[s] {
			return false
		}
		seen[s] = true
		found := changed[filepath.Clean(s.File)] || s.Setup != "" && visit(l.Get(s.Setup))
		s.Walk(func(step *scenarios.Step) {
			if step.Uses != "" {
				found = visit(l.Get(step.Uses)) || found
			}
		})
		return found
	}
	return visit(s)
}
