package serving

import (
	"strings"

	"github.com/etcp-mock/etcp-mock/cmd/etcp-mock/internal/show"
	"github.com/etcp-mock/etcp-mock/cmd/internal/cli"
	"github.com/etcp-mock/etcp-mock/scenarios"
)

func printScenarios(p *show.Printer, all []*scenarios.Scenario) error {
	if p.JSON {
		items := make([]map[string]any, len(all))
		for i, s := range all {
			items[i] = map[string]any{
				"name": s.Name, "summary": s.Summary, "summaryZh": s.SummaryZh, "tags": append([]string{}, s.Tags...), "covers": append([]string{}, s.Covers...),
				"file": s.File, "cases": len(s.Cases()),
			}
		}
		return p.Object(map[string]any{"items": items})
	}
	return cli.PrintList(p.Printer, all, "no scenarios", []cli.Column[*scenarios.Scenario]{
		{Title: "NAME", Cell: func(s *scenarios.Scenario) string { return p.Bold(s.Name) }},
		{Title: "TAGS", Cell: func(s *scenarios.Scenario) string { return strings.Join(s.Tags, ",") }},
		{Title: "SUMMARY", Cell: func(s *scenarios.Scenario) string { return p.Either(s.Summary, s.SummaryZh) }},
	})
}
