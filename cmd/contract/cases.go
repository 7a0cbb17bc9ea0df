package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/spf13/cobra"

	"github.com/etcp-mock/etcp-mock/contract"
	"github.com/etcp-mock/etcp-mock/contract/report"
	"github.com/etcp-mock/etcp-mock/scenarios"
	"github.com/etcp-mock/etcp-mock/scenarios/suite"
)

// caseFlags choose cases.
type caseFlags struct {
	tags, names []string
	file        string
	line        int
}

func (f *caseFlags) flags(cmd *cobra.Command) {
	cmd.Flags().StringSliceVar(&f.tags, "tag", nil, "only cases with one of these `tags`; !tag: without it")
	cmd.Flags().StringSliceVar(&f.names, "name", nil, "only cases whose name is, holds or matches (*, ?) one of these `names`")
	cmd.Flags().StringVar(&f.file, "file", "", "only `FILE:LINE`: the row of the matrix there, or the steps up to the one there")
}

// selection is the cases that were chosen, and where they come from.
type selection struct {
	library *scenarios.Library
	cases   []scenarios.Case
	all     int // before the filters
	paths   []string
}

// choose loads what the arguments name (files, folders, names of cases; none: the built-in suite) and filters it.
// The variables that are given from outside need not be defined by them.
func (f *caseFlags) choose(args []string, given ...string) (*selection, error) {
	if f.file != "" {
		name, line, found := strings.Cut(f.file, ":")
		if i := strings.LastIndexByte(f.file, ':'); i > 1 { // c:\x.yaml:3
			name, line = f.file[:i], f.file[i+1:]
		}
		n, err := strconv.Atoi(line)
		if !found || err != nil || n < 1 {
			return nil, fmt.Errorf("--file is FILE:LINE, not %q", f.file)
		}
		f.line, args = n, append(slices.Clone(args), name)
	}
	s := &selection{library: suite.Library()}
	var wanted []*scenarios.Scenario
	for _, arg := range args {
		if _, err := os.Stat(arg); err == nil {
			s.paths = append(s.paths, arg)
			continue
		} else if !errors.Is(err, fs.ErrNotExist) {
			return nil, err
		}
		found := s.library.Get(arg)
		if found == nil {
			return nil, unknownCase(arg, s.library)
		}
		wanted = append(wanted, found)
	}
	switch {
	case len(s.paths) > 0:
		loaded, err := scenarios.Load(scenarios.NewLibrary(s.library).Give(given...), s.paths...)
		if err != nil {
			return nil, err
		}
		s.library = loaded
		wanted = append(wanted, loaded.Own()...)
	case len(args) == 0:
		wanted = s.library.Own()
	}
	for _, w := range wanted {
		for _, c := range w.Cases() {
			s.all++
			if f.wants(c) {
				s.cases = append(s.cases, c)
			}
		}
	}
	return s, nil
}

func unknownCase(name string, l *scenarios.Library) error {
	for _, known := range l.Names() {
		if strings.Contains(known, name) || strings.Contains(name, known) {
			return fmt.Errorf("no file and no case is called %q; did you mean %s? (contract list shows them all)", name, known)
		}
	}
	return fmt.Errorf("no file and no case is called %q (contract list shows the cases)", name)
}

func (f *caseFlags) wants(c scenarios.Case) bool {
	if f.line > 0 && !c.At(f.line) {
		return false
	}
	if len(f.names) > 0 && !slices.ContainsFunc(f.names, func(n string) bool {
		is, _ := path.Match(n, c.Name())
		return is || strings.Contains(c.Name(), n)
	}) {
		return false
	}
	included, includes := false, false
	for _, tag := range f.tags {
		if without, is := strings.CutPrefix(tag, "!"); is {
			if slices.Contains(c.Scenario.Tags, without) {
				return false
			}
			continue
		}
		includes = true
		included = included || slices.Contains(c.Scenario.Tags, tag)
	}
	return included || !includes
}

func newList() *cobra.Command {
	var (
		f      caseFlags
		v      variableFlags
		asJSON bool
	)
	cmd := &cobra.Command{
		Use:     "list [file|dir|name…]",
		Short:   "Show cases",
		Long:    "Show the cases that `contract run` with the same arguments would run: the built-in suite, or those of files and folders.",
		Example: "  contract list --tag payment\n  contract list cases/ --json",
		RunE: func(cmd *cobra.Command, args []string) error {
			given, err := v.read()
			if err != nil {
				return err
			}
			s, err := f.choose(args, given.names()...)
			if err != nil {
				return err
			}
			return s.print(cmd, asJSON)
		},
	}
	f.flags(cmd)
	v.flags(cmd)
	cmd.Flags().BoolVar(&asJSON, "json", false, "as JSON")
	return cmd
}

func (s *selection) print(cmd *cobra.Command, asJSON bool) error {
	if asJSON {
		type row struct {
			ID      string   `json:"id"`
			Summary string   `json:"summary"`
			Tags    []string `json:"tags"`
			Covers  []string `json:"covers"`
			File    string   `json:"file"`
			Line    int      `json:"line"`
		}
		rows := []row{}
		for _, c := range s.cases {
			rows = append(rows, row{c.Name(), c.Scenario.Summary, list(c.Scenario.Tags), list(c.Scenario.Covers), c.Scenario.File, c.Position().Line})
		}
		enc := json.NewEncoder(cmd.OutOrStdout())
		enc.SetEscapeHTML(false)
		enc.SetIndent("", "  ")
		return enc.Encode(rows)
	}
	t := newTable(cmd.OutOrStdout())
	t.AppendHeader(table.Row{"case", "sections", "tags", "what"})
	for _, c := range s.cases {
		t.AppendRow(table.Row{c.Name(), strings.Join(c.Scenario.Covers, " "), strings.Join(c.Scenario.Tags, " "), c.Scenario.Summary})
	}
	t.Render()
	fmt.Fprintf(cmd.OutOrStdout(), "%d of %d cases\n", len(s.cases), s.all)
	if len(s.cases) == 0 {
		return exitCodeError(report.ExitNothing)
	}
	return nil
}

// list is a list of texts that is there where it is empty, too.
func list(texts []string) []string { return append([]string{}, texts...) }

func newValidate() *cobra.Command {
	var v variableFlags
	cmd := &cobra.Command{
		Use:   "validate [file|dir…]",
		Short: "Check case files without running them",
		Long: "Check case files without running them. Everything that is wrong is told with its line, a caret, and what may have been\n" +
			"meant. Without arguments the built-in suite is checked.",
		Example: "  contract validate cases/",
		RunE: func(cmd *cobra.Command, args []string) error {
			given, err := v.read()
			if err != nil {
				return err
			}
			var f caseFlags
			s, err := f.choose(args, given.names()...)
			if err != nil {
				return err
			}
			idle := 0
			for _, c := range s.cases {
				if c.Row <= 1 && !c.Scenario.Asserts() {
					idle++
					fmt.Fprintf(cmd.ErrOrStderr(), "warning: %s:%d: %s asserts nothing beyond code 0 and the schema\n", c.Scenario.File, c.Scenario.Position.Line, c.Scenario.Name)
				}
			}
			if len(s.cases) == 1 {
				fmt.Fprintln(cmd.OutOrStdout(), "1 case is right")
				return nil
			}
			fmt.Fprintf(cmd.OutOrStdout(), "%d cases are right\n", len(s.cases))
			if len(s.cases) == 0 {
				return exitCodeError(report.ExitNothing)
			}
			return nil
		},
	}
	v.flags(cmd)
	return cmd
}

func newCoverage() *cobra.Command {
	var (
		t       targetFlags
		f       caseFlags
		asJSON  bool
		require float64
	)
	cmd := &cobra.Command{
		Use:   "coverage [file|dir|name…]",
		Short: "Show which cases reach which cell of endpoint × code and push × outcome",
		Long: "Run cases and show the matrix endpoint × code and push kind × outcome: which of the cells that the platform's tables say\n" +
			"are reachable are reached. (r) marks a code that takes another setting of a rule.",
		Example: "  contract coverage --require 100\n  contract coverage cases/ --json",
		RunE: func(cmd *cobra.Command, args []string) error {
			given, err := t.read()
			if err != nil {
				return err
			}
			s, err := f.choose(args, given.names()...)
			if err != nil {
				return err
			}
			target, closeTarget, err := t.open(cmd, args)
			if err != nil {
				return err
			}
			defer closeTarget()
			c := contract.NewCoverage()
			r, err := contract.Runner{Library: s.library, Seed: t.seedOf(cmd), Touched: c.Add, AllowWrites: t.allowWrites, Rate: t.rate, Vars: given.vars, Secrets: given.secrets}.
				Run(cmd.Context(), target, s.cases...)
			if err != nil {
				return err
			}
			c.Sort()
			if asJSON {
				enc := json.NewEncoder(cmd.OutOrStdout())
				enc.SetIndent("", "  ")
				if err := enc.Encode(struct {
					Percent float64 `json:"percent"`
					*contract.Coverage
				}{c.Percent(), c}); err != nil {
					return err
				}
			} else {
				printCoverage(cmd, c)
			}
			switch {
			case r.Outage != nil:
				fmt.Fprintf(cmd.ErrOrStderr(), "contract: %s\n", r.Outage)
				return exitCodeError(report.ExitUnreachable)
			case r.Ran() == 0:
				return exitCodeError(report.ExitNothing)
			case c.Percent() < require:
				fmt.Fprintf(cmd.ErrOrStderr(), "contract: %.1f %% of the cells are reached, and %g %% are required\n", c.Percent(), require)
				return exitCodeError(report.ExitBroken)
			}
			return nil
		},
	}
	t.flags(cmd)
	f.flags(cmd)
	cmd.Flags().BoolVar(&asJSON, "json", false, "as JSON, with the cases of each cell")
	cmd.Flags().Float64Var(&require, "require", 0, "fail below so many per cent")
	return cmd
}

func printCoverage(cmd *cobra.Command, c *contract.Coverage) {
	out := cmd.OutOrStdout()
	t := newTable(out)
	header := table.Row{"endpoint"}
	for _, code := range c.Codes() {
		header = append(header, code)
	}
	t.AppendHeader(header)
	var row table.Row
	last := ""
	flush := func() {
		if row != nil {
			t.AppendRow(row)
		}
	}
	for _, cell := range c.Cells {
		if cell.Endpoint == "" || cell.Endpoint == last {
			continue
		}
		last = cell.Endpoint
		flush()
		row = table.Row{cell.Endpoint}
		for _, code := range c.Codes() {
			row = append(row, mark(c.Cell(cell.Endpoint, code)))
		}
	}
	flush()
	t.Render()
	fmt.Fprintln(out)
	pushes := newTable(out)
	header = table.Row{"push"}
	for _, o := range contract.Outcomes() {
		header = append(header, o)
	}
	pushes.AppendHeader(header)
	for i := 0; i < len(c.Cells); i++ {
		if c.Cells[i].Push == "" {
			continue
		}
		row := table.Row{c.Cells[i].Push}
		for range contract.Outcomes() {
			row = append(row, mark(&c.Cells[i]))
			i++
		}
		i--
		pushes.AppendRow(row)
	}
	pushes.Render()
	missing := c.Missing()
	fmt.Fprintf(out, "\n%d of %d cells are reached: %.1f %%\n", len(c.Cells)-len(missing), len(c.Cells), c.Percent())
	for _, cell := range missing {
		if cell.Push != "" {
			fmt.Fprintf(out, "missing: push %s %s (%s)\n", cell.Push, cell.Outcome, cell.Section)
			continue
		}
		fmt.Fprintf(out, "missing: %s %d (%s)\n", cell.Endpoint, cell.Code, cell.Section)
	}
	for _, cell := range c.Beyond {
		fmt.Fprintf(out, "beyond the tables: %s%s %d %s by %s\n", cell.Endpoint, cell.Push, cell.Code, cell.Outcome, strings.Join(cell.Cases, ", "))
	}
}

// mark is how many cases reach a cell; a dot for one that none can reach.
func mark(cell *contract.Cell) string {
	if cell == nil {
		return "·"
	}
	text := strconv.Itoa(len(cell.Cases))
	if cell.ByRule {
		text += "r"
	}
	return text
}
