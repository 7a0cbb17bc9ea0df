package report

import (
	_ "embed"
	"html/template"
	"io"
	"strings"
)

//go:embed report.html
var page string

var htmlPage = template.Must(template.New("report").Funcs(template.FuncMap{
	"text": func(c Case) string { return printable(strings.Join(c.Text(), "\n")) },
	"find": func(c Case) string {
		return strings.ToLower(strings.Join(append([]string{c.ID, c.Title, c.Level, c.Section, c.File, c.Reason}, c.Tags...), " "))
	},
	"count":    func(r *Report, s string) int { return r.Count(Status(s)) },
	"statuses": func() []Status { return []Status{Failed, Warned, Passed, Skipped} },
	"when":     func(r *Report) string { return r.Started.Format("2006-01-02 15:04:05 -07:00") },
}).Parse(page))

// writeHTML writes one page that needs no other file and no network.
func writeHTML(w io.Writer, r *Report) error { return htmlPage.Execute(w, r) }
