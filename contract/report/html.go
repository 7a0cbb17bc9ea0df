package report

import (
	_ "embed"
	"html/template"
	"io"
	"slices"
	"strings"
	"sync"

	"github.com/etcp-mock/etcp-mock/internal/lang"
)

//go:embed report.html
var page string

// statuses are the ways a case ends in the order they are read in.
var statuses = []Status{Failed, Warned, Passed, Skipped}

// htmlPage is parsed when the first report is written: it takes a millisecond that no other start needs.
var htmlPage = sync.OnceValue(func() *template.Template {
	return template.Must(template.New("report").Funcs(template.FuncMap{
		"t":    func(r *Report, en, zh string) string { return lang.T(en, zh).In(r.Language) },
		"name": func(r *Report, s Status) string { return statusNames[s].In(r.Language) },
		"kind": func(r *Report, o *Outage) string { return o.kind(r.Language) },
		"detail": func(r *Report, o *Outage) string {
			detail, _ := o.In(r.Language)
			return detail
		},
		"fix": func(r *Report, o *Outage) string {
			_, fix := o.In(r.Language)
			return fix
		},
		"lang": func(r *Report) string {
			if r.Language == lang.Chinese {
				return "zh-CN"
			}
			return lang.English
		},
		"text": func(r *Report, c *Case) string { return printable(strings.Join(c.Text(r.Language), "\n")) },
		"find": func(c *Case) string {
			return strings.ToLower(strings.Join(append([]string{c.ID, c.Title, c.Level, c.Section, c.File, c.Reason}, c.Tags...), " "))
		},
		"count":    func(r *Report, s string) int { return r.Count(Status(s)) },
		"statuses": func() []Status { return statuses },
		"hides":    func(r *Report, s Status) bool { return s == Skipped && r.Count(Skipped) > mostSkips },
		"inOrder":  byStatus,
		"when":     func(r *Report) string { return r.Started.Format("2006-01-02 15:04:05 -07:00") },
	}).Parse(page))
})

// byStatus are the cases as the page shows them: what failed first.
func byStatus(r *Report) []*Case {
	cases := make([]*Case, len(r.Cases))
	for i := range r.Cases {
		cases[i] = &r.Cases[i]
	}
	slices.SortStableFunc(cases, func(a, b *Case) int { return slices.Index(statuses, a.Status) - slices.Index(statuses, b.Status) })
	return cases
}

// writeHTML writes one page that needs no other file and no network: what failed first, in the report's language.
func writeHTML(w io.Writer, r *Report) error { return htmlPage().Execute(w, r) }
