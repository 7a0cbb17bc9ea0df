package main

import (
	"encoding/json"
	"strconv"

	"github.com/spf13/cobra"

	"github.com/etcp-mock/etcp-mock/cmd/internal/cli"
	"github.com/etcp-mock/etcp-mock/contract"
	"github.com/etcp-mock/etcp-mock/internal/lang"
)

type coverageFlags struct {
	cli.SelectionFlags
	cli.VariableFlags

	target  targetFlags
	seed    uint64
	asJSON  bool
	require float64
}

func newCoverage() *cobra.Command {
	var f coverageFlags
	cmd := &cobra.Command{
		Use:   "coverage [FILE[:LINE]|FOLDER|NAME…]",
		Short: "Show which cases reach which cell of endpoint × code and push × outcome, and check which rule",
		Long: "Run cases and show the matrix endpoint × code and push kind × outcome: which of the cells that the platform's tables say\n" +
			"are reachable are reached; and which rules no case checks, by the ids that cases name under checks.\n(r) marks a code that takes another setting of a rule.",
		Example: "  contract coverage --require 100\n  contract coverage cases/ --json",
		RunE:    f.run,
	}
	f.target.register(cmd)
	f.SelectionFlags.Register(cmd)
	f.VariableFlags.Register(cmd)
	cmd.Flags().Uint64Var(&f.seed, "seed", 0, "seed of everything made up")
	cmd.Flags().BoolVar(&f.asJSON, "json", false, "as JSON, with the cases of each cell")
	cmd.PreRunE = func(*cobra.Command, []string) error {
		if f.require < 0 || f.require > 100 {
			return cli.Usagef("--require: want 0 to 100 per cent, got %g", f.require)
		}
		return nil
	}
	cmd.Flags().Float64Var(&f.require, "require", 0, "fail below so many per cent")
	return cmd
}

func (f *coverageFlags) run(cmd *cobra.Command, args []string) error {
	given, err := f.Read()
	if err != nil {
		return err
	}
	s, err := f.Choose(args, source, given.Names()...)
	if err != nil {
		return err
	}
	if err := given.Check(cmd, s.Cases); err != nil {
		return err
	}
	target, err := f.target.open(cmd, f.seed)
	if err != nil {
		return err
	}
	defer target.Close()
	c := contract.NewCoverage()
	r, err := contract.Runner{
		Library: s.Library, Seed: f.seed, Hits: c.Add, AllowWrites: target.AllowWrites, Rate: target.Rate, Vars: given.Plain, Secrets: given.Secret, Line: s.Line,
	}.Run(cmd.Context(), target.Target, s.Cases...)
	if err != nil {
		return err
	}
	if r.Outage != nil {
		cli.Note(cmd, "contract: %s", r.Outage)
		return cli.ExitCode(cli.ExitUnreachable)
	}
	c.Sort()
	if unknown := c.AddRules(r); len(unknown) > 0 {
		cli.Note(cmd, "contract: there are no such rules: %s", unknown)
	}
	if err := f.print(cmd, c); err != nil {
		return err
	}
	switch {
	case r.Ran() == 0:
		return cli.ExitCode(cli.ExitNothing)
	case c.Percent() < f.require:
		cli.Note(cmd, "contract: %.1f %% of the cells and rules are reached, and %g %% are required", c.Percent(), f.require)
		return cli.ExitCode(cli.ExitFailed)
	}
	return nil
}

func (f *coverageFlags) print(cmd *cobra.Command, c *contract.Coverage) error {
	if !f.asJSON {
		printCoverage(cmd, c)
		return nil
	}
	enc := json.NewEncoder(cmd.OutOrStdout())
	enc.SetIndent("", "  ")
	return enc.Encode(struct {
		Percent float64 `json:"percent"`
		*contract.Coverage
	}{c.Percent(), c})
}

func printCoverage(cmd *cobra.Command, c *contract.Coverage) {
	p := cli.PrinterOf(cmd)
	header := []string{p.In("endpoint")}
	for _, code := range c.Codes() {
		header = append(header, strconv.Itoa(code))
	}
	var rows [][]string
	for _, cell := range c.Cells {
		if cell.Endpoint == "" || len(rows) > 0 && rows[len(rows)-1][0] == cell.Endpoint {
			continue
		}
		row := []string{cell.Endpoint}
		for _, code := range c.Codes() {
			row = append(row, mark(c.Cell(cell.Endpoint, code)))
		}
		rows = append(rows, row)
	}
	p.Grid(header, rows)
	p.Line("")
	printPushes(cmd, c)
	missing := c.Missing()
	unchecked := c.Unchecked()
	share := func(part, whole int) float64 { return 100 * float64(part) / float64(max(1, whole)) }
	cells, rules := len(c.Cells)-len(missing), len(c.Rules)-len(unchecked)
	p.Line("\n%d of %d cells are reached: %.1f %%", cells, len(c.Cells), share(cells, len(c.Cells)))
	p.Line("%d of %d rules are checked: %.1f %%", rules, len(c.Rules), share(rules, len(c.Rules)))
	for _, r := range unchecked {
		p.Line("unchecked: %s: %s (%s)", r.ID, lang.T(r.Text, r.TextZh).In(cli.Language(cmd)), r.Section)
	}
	for _, cell := range missing {
		if cell.Push != "" {
			p.Line("missing: push %s %s (%s)", cell.Push, p.In(cell.Outcome), cell.Section)
			continue
		}
		p.Line("missing: %s %d (%s)", cell.Endpoint, cell.Code, cell.Section)
	}
	for _, cell := range c.Beyond {
		p.Line("beyond the tables: %s%s %d %s by %s", cell.Endpoint, cell.Push, cell.Code, cell.Outcome, cell.Cases)
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

// printPushes prints which outcomes of pushes are reached.
func printPushes(cmd *cobra.Command, c *contract.Coverage) {
	p := cli.PrinterOf(cmd)
	header := []string{p.In("push")}
	for _, outcome := range contract.Outcomes() {
		header = append(header, p.In(outcome))
	}
	var rows [][]string
	for i := 0; i < len(c.Cells); i++ {
		if c.Cells[i].Push == "" {
			continue
		}
		row := []string{c.Cells[i].Push}
		for range contract.Outcomes() {
			row = append(row, mark(&c.Cells[i]))
			i++
		}
		i--
		rows = append(rows, row)
	}
	p.Grid(header, rows)
}
