package main

import (
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/etcp-mock/etcp-mock/scenarios"
)

func printScenarios(p *printer, all []*scenarios.Scenario) error {
	if p.json {
		items := make([]map[string]any, len(all))
		for i, s := range all {
			items[i] = map[string]any{
				"name": s.Name, "summary": s.Summary, "tags": append([]string{}, s.Tags...), "covers": append([]string{}, s.Covers...),
				"file": s.File, "cases": len(s.Cases()),
			}
		}
		return p.object(map[string]any{"items": items})
	}
	return printList(p, all, "no scenarios", []column[*scenarios.Scenario]{
		{title: "NAME", cell: func(s *scenarios.Scenario) string { return p.bold(s.Name) }},
		{title: "TAGS", cell: func(s *scenarios.Scenario) string { return strings.Join(s.Tags, ",") }},
		{title: "SUMMARY", cell: func(s *scenarios.Scenario) string { return s.Summary }},
	})
}

// play runs what was chosen and tells what became of it.
func (f *scenarioRun) play(cmd *cobra.Command, g *gathered, target scenarios.Target, options scenarios.Options) error {
	p := printerOf(cmd)
	live := &liveLine{out: cmd.ErrOrStderr(), on: !p.json && isTerminal(cmd.OutOrStdout()) && isTerminal(cmd.ErrOrStderr())}
	options.Progress = live.show
	var results []*scenarios.Result
	failed, cases, unreachable := 0, 0, false
	start := time.Now()
	for _, s := range g.chosen {
		if cmd.Context().Err() != nil {
			break
		}
		o := options
		o.Line = g.lines[s]
		result, err := scenarios.Run(cmd.Context(), target, s, o)
		if err != nil {
			return said(cmd, err)
		}
		live.clear()
		results = append(results, result)
		for _, c := range result.Cases {
			cases++
			if c.Status == scenarios.Failed {
				failed++
				unreachable = unreachable || c.Class == scenarios.ClassTransport && f.server != ""
			}
			if !p.json {
				p.scenarioCase(c, result.Seed, f.server != "")
			}
		}
	}
	switch {
	case p.json:
		if err := p.object(map[string]any{"items": results}); err != nil {
			return err
		}
	case cases != 1:
		p.line("%d of %s passed in %s", cases-failed, counted(cases, "case"), round(time.Since(start)))
	}
	switch {
	case cmd.Context().Err() != nil:
		return cmd.Context().Err()
	case unreachable:
		return exitCodeError(exitUnreachable)
	case failed > 0:
		return exitCodeError(exitFailed)
	}
	return nil
}

func round(d time.Duration) time.Duration {
	if d > time.Second {
		return d.Round(10 * time.Millisecond)
	}
	return d.Round(time.Millisecond)
}

// scenarioCase tells what became of a case: a line, and why it failed.
func (p *printer) scenarioCase(c *scenarios.CaseResult, seed uint64, server bool) {
	mark := map[scenarios.Status]string{scenarios.Passed: p.green("ok  "), scenarios.Failed: p.red("FAIL"), scenarios.Skipped: p.yellow("skip")}[c.Status]
	line := mark + " " + p.bold(c.Name) + " " + p.dim(round(c.Duration).String())
	if c.Reason != "" {
		line += " " + c.Reason
	}
	p.line("%s", line)
	if c.Kept {
		p.line("     the sandbox %s is still there", c.Sandbox)
	}
	if c.Status != scenarios.Failed {
		return
	}
	c.Visit(func(s *scenarios.StepResult) {
		if s.Status == scenarios.Failed && len(s.Steps) == 0 && s.Failure != nil {
			p.scenarioFailure(s, server)
		}
	})
	p.line("     %s", p.dim(fmt.Sprintf("seed %d", seed)))
}

// scenarioFailure tells why a step failed: where, what was wanted and what came, and how to ask again.
func (p *printer) scenarioFailure(s *scenarios.StepResult, server bool) {
	p.line("  %s %s", p.red("✗"), p.bold(clean(s.Name)))
	f := s.Failure
	if len(f.Mismatches) == 0 {
		p.line("    %s:%d:%d: %s", f.File, f.Line, f.Column, clean(f.Detail))
		p.source(f.Source, f.Position)
	}
	for _, m := range f.Mismatches {
		path := m.Path
		if path == "assert" || path == "" || path == "push" {
			path = ""
		} else {
			path += ": "
		}
		p.line("    %s:%d:%d: %s%s", m.File, m.Line, m.Column, path, clean(m.Detail))
		p.source(m.Source, m.Position)
		p.difference(m)
		if m.Schema != "" {
			p.line("      %s", p.dim("schema "+m.Schema))
		}
	}
	if s.MockReason != "" {
		p.line("    the mock says: %s", s.MockReason)
	}
	if e := s.Exchange; e != nil && e.Body != "" {
		p.line("    %s %s", p.dim("answer"), clean(fit(e.Body, 400)))
	}
	if s.Curl != "" && server {
		p.line("    %s", p.dim(clean(s.Curl)))
	}
}

func (p *printer) source(line string, at scenarios.Position) {
	if line == "" {
		return
	}
	for text := range strings.SplitSeq(scenarios.Caret(clean(line), at), "\n") {
		p.line("    %s", text)
	}
}

// difference shows what was wanted and what came where they are more than the line above says.
func (p *printer) difference(m scenarios.Mismatch) {
	want, got := scenarios.Brief(m.Want), scenarios.Brief(m.Got)
	if m.Path == "assert" || m.Path == "push" || m.Want == nil && m.Got == nil {
		return
	}
	p.line("      %s", p.red("- "+clean(want)))
	if m.Absent {
		p.line("      %s", p.green("+ (absent)"))
		return
	}
	p.line("      %s", p.green("+ "+clean(got)))
}

// liveLine is a line on a terminal that says what runs now, and is gone when it is over.
type liveLine struct {
	out io.Writer
	on  bool
}

func (l *liveLine) show(e scenarios.Event) {
	if !l.on || e.Step == nil || e.Ended {
		return
	}
	fmt.Fprintf(l.out, "\r\x1b[2K%s %d/%d %s", e.Case.Name, e.Index+1, e.Total, fit(clean(e.Step.Name), 60))
}

func (l *liveLine) clear() {
	if l.on {
		fmt.Fprint(l.out, "\r\x1b[2K")
	}
}
