package main

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/spf13/cobra"

	"github.com/etcp-mock/etcp-mock/cmd/internal/cli"
	"github.com/etcp-mock/etcp-mock/contract"
)

func newList() *cobra.Command {
	var (
		f      cli.SelectionFlags
		v      cli.VariableFlags
		asJSON bool
	)
	cmd := &cobra.Command{
		Use:     "list [file|dir|name…]",
		Short:   "Show cases",
		Long:    "Show the cases that `contract run` with the same arguments would run: the built-in suite, or those of files and folders.",
		Example: "  contract list --tag payment\n  contract list cases/ --json",
		RunE: func(cmd *cobra.Command, args []string) error {
			given, err := v.Read()
			if err != nil {
				return err
			}
			s, err := f.Choose(args, source, given.Names()...)
			if err != nil {
				return err
			}
			return s.Print(cmd, asJSON)
		},
	}
	f.Register(cmd)
	v.Register(cmd)
	cmd.Flags().BoolVar(&asJSON, "json", false, "as JSON")
	return cmd
}

func newValidate() *cobra.Command {
	var v cli.VariableFlags
	cmd := &cobra.Command{
		Use:   "validate [file|dir…]",
		Short: "Check case files without running them",
		Long: "Check case files without running them. Everything that is wrong is printed with its line, a caret, and what may have been\n" +
			"meant. Without arguments the built-in suite is checked.",
		Example: "  contract validate cases/",
		RunE: func(cmd *cobra.Command, args []string) error {
			given, err := v.Read()
			if err != nil {
				return err
			}
			var f cli.SelectionFlags
			s, err := f.Choose(args, source, given.Names()...)
			if err != nil {
				return err
			}
			idle := 0
			for _, c := range s.Cases {
				if c.Row <= 1 && !c.Scenario.Asserts() {
					idle++
					fmt.Fprintf(cmd.ErrOrStderr(), "warning: %s:%d: %s asserts nothing beyond code 0 and the schema\n", c.Scenario.File, c.Scenario.Position.Line, c.Scenario.Name)
				}
			}
			if len(s.Cases) == 1 {
				fmt.Fprintln(cmd.OutOrStdout(), "1 case is right")
				return nil
			}
			fmt.Fprintf(cmd.OutOrStdout(), "%d cases are right\n", len(s.Cases))
			if len(s.Cases) == 0 {
				return cli.ExitCode(cli.ExitNothing)
			}
			return nil
		},
	}
	v.Register(cmd)
	return cmd
}

func newCoverage() *cobra.Command {
	var (
		t       targetFlags
		f       cli.SelectionFlags
		v       cli.VariableFlags
		seed    uint64
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
			given, err := v.Read()
			if err != nil {
				return err
			}
			s, err := f.Choose(args, source, given.Names()...)
			if err != nil {
				return err
			}
			target, err := t.open(cmd, seed)
			if err != nil {
				return err
			}
			defer target.Close()
			c := contract.NewCoverage()
			r, err := contract.Runner{
				Library: s.Library, Seed: seed, Touched: c.Add, AllowWrites: target.AllowWrites, Rate: target.Rate, Vars: given.Plain, Secrets: given.Secret, Line: s.Line,
			}.Run(cmd.Context(), target.Target, s.Cases...)
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
				return cli.ExitCode(cli.ExitUnreachable)
			case r.Ran() == 0:
				return cli.ExitCode(cli.ExitNothing)
			case c.Percent() < require:
				fmt.Fprintf(cmd.ErrOrStderr(), "contract: %.1f %% of the cells are reached, and %g %% are required\n", c.Percent(), require)
				return cli.ExitCode(cli.ExitFailed)
			}
			return nil
		},
	}
	t.register(cmd)
	f.Register(cmd)
	v.Register(cmd)
	cmd.Flags().Uint64Var(&seed, "seed", 0, "seed of everything made up")
	cmd.Flags().BoolVar(&asJSON, "json", false, "as JSON, with the cases of each cell")
	cmd.Flags().Float64Var(&require, "require", 0, "fail below so many per cent")
	return cmd
}

func printCoverage(cmd *cobra.Command, c *contract.Coverage) {
	out := cmd.OutOrStdout()
	p := cli.PrinterOf(cmd)
	t := cli.NewTable()
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
	p.Lines(t.Render())
	fmt.Fprintln(out)
	pushes := cli.NewTable()
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
	p.Lines(pushes.Render())
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
