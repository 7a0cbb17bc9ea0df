package report

import (
	"fmt"
	"io"
	"strings"

	"github.com/jedib0t/go-pretty/v6/text"
)

// Terminal tells a run as it goes: a line a case, the failures below theirs, and a summary.
type Terminal struct {
	Out   io.Writer
	Color bool
	Quiet bool // only what failed, and the summary
}

// The width of the columns. Chinese characters are two wide.
const (
	idWidth      = 34
	sectionWidth = 12
	widest       = 400 // of one line of detail
)

func (t *Terminal) paint(s string, colors ...text.Color) string {
	if !t.Color {
		return s
	}
	return text.Colors(colors).Sprint(s)
}

var marks = map[Status]struct {
	sign  string
	color text.Color
}{
	Passed: {"ok  ", text.FgGreen}, Failed: {"FAIL", text.FgRed}, Warned: {"warn", text.FgYellow}, Skipped: {"skip", text.FgHiBlack},
}

// Case prints a case that has ended.
func (t *Terminal) Case(c *Case) {
	if t.Quiet && (c.Status == Passed || c.Status == Skipped) {
		return
	}
	mark := marks[c.Status]
	line := fmt.Sprintf("%s %s %s %s %s", t.paint(mark.sign, mark.color), text.Pad(c.ID, idWidth, ' '),
		text.Pad(c.Level, len(Should), ' '), text.Pad(printable(c.Section), sectionWidth, ' '), printable(c.Title))
	switch {
	case c.Status == Skipped:
		line += t.paint(" — "+oneLine(c.Reason), text.FgHiBlack)
	case c.Duration > 0:
		line += t.paint("  "+c.Duration.String(), text.FgHiBlack)
	}
	fmt.Fprintln(t.Out, strings.TrimRight(line, " "))
	for i := range c.Failures {
		t.failure(&c.Failures[i])
	}
	if len(c.Failures) == 0 {
		return
	}
	for _, row := range [][2]string{{"sent", c.Sent}, {"expected", c.Expected}, {"fix", c.Fix}} {
		if row[1] != "" {
			t.row(row[0], row[1], text.FgCyan)
		}
	}
}

func (t *Terminal) failure(f *Failure) {
	fmt.Fprintf(t.Out, "     %s\n", t.paint(printable(f.Message), text.Bold))
	for _, line := range f.detail() {
		color := text.Reset
		switch {
		case strings.HasPrefix(line, "- want"):
			color = text.FgGreen
		case strings.HasPrefix(line, "+ got"):
			color = text.FgRed
		}
		fmt.Fprintf(t.Out, "       %s\n", t.paint(shorten(printable(line)), color))
	}
}

func (t *Terminal) row(label, value string, color text.Color) {
	fmt.Fprintf(t.Out, "     %s %s\n", t.paint(text.Pad(label, 9, ' '), color), shorten(printable(value)))
}

// shorten cuts a line that nobody reads to its end. A line that repeats a request stays whole.
func shorten(line string) string {
	if strings.HasPrefix(line, "repeat") || len(line) <= widest {
		return line
	}
	return text.Trim(line, widest) + "…"
}

// Summary prints how it all ended.
func (t *Terminal) Summary(r *Report) {
	for _, w := range r.Warnings {
		fmt.Fprintf(t.Out, "%s %s\n", t.paint("warning:", text.FgYellow), printable(w))
	}
	if o := r.Outage; o != nil {
		fmt.Fprintf(t.Out, "%s %s: %s\n", t.paint("the target could not be judged:", text.FgRed), o.Kind, printable(o.Detail))
		if o.Head != "" {
			t.row("came", o.Head, text.FgCyan)
		}
		if o.Fix != "" {
			t.row("fix", o.Fix, text.FgCyan)
		}
	}
	var counts []string
	for _, s := range []Status{Passed, Failed, Warned, Skipped} {
		if n := r.Count(s); n > 0 {
			counts = append(counts, t.paint(fmt.Sprintf("%d %s", n, s), marks[s].color))
		}
	}
	if r.Ran() == 0 {
		counts = append([]string{"nothing ran"}, counts...)
	}
	requests := "requests"
	if r.Requests == 1 {
		requests = "request"
	}
	fmt.Fprintf(t.Out, "%s in %s, %d %s, seed %d\n", strings.Join(counts, ", "), r.Duration, r.Requests, requests, r.Seed)
}
