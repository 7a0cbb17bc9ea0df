package cli

import (
	"strings"

	"github.com/spf13/cobra"

	"github.com/etcp-mock/etcp-mock/scenarios"
)

// caseRow is a case as a listing shows it to programs.
type caseRow struct {
	ID      string   `json:"id"`
	Summary string   `json:"summary"`
	Tags    []string `json:"tags"`
	Covers  []string `json:"covers"`
	File    string   `json:"file"`
	Line    int      `json:"line"`
}

// Print shows the cases that were chosen.
func (s *Selection) Print(cmd *cobra.Command, asJSON bool) error {
	p := PrinterOf(cmd)
	if asJSON {
		rows := []caseRow{}
		for _, c := range s.Cases {
			rows = append(rows, caseRow{
				c.Name(), c.Scenario.Summary, append([]string{}, c.Scenario.Tags...), append([]string{}, c.Scenario.Covers...), c.Scenario.File, c.Position().Line,
			})
		}
		return p.Object(rows)
	}
	err := PrintList(p, s.Cases, "no cases", []Column[scenarios.Case]{
		{Title: "CASE", Cell: func(c scenarios.Case) string { return p.Bold(c.Name()) }},
		{Title: "SECTIONS", Cell: func(c scenarios.Case) string {
			return strings.ReplaceAll(strings.Join(c.Scenario.Covers, " "), " §", " ")
		}},
		{Title: "TAGS", Cell: func(c scenarios.Case) string { return strings.Join(c.Scenario.Tags, ",") }},
		{Title: "SUMMARY", Cell: func(c scenarios.Case) string { return p.Either(c.Scenario.Summary, c.Scenario.SummaryZh) }},
	})
	if err != nil {
		return err
	}
	p.Line("%d of %d cases", len(s.Cases), s.All)
	if len(s.Cases) == 0 {
		return ExitCode(ExitNothing)
	}
	return nil
}
