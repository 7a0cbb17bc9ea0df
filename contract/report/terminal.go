package report

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/jedib0t/go-pretty/v6/text"

	"github.com/etcp-mock/etcp-mock/internal/lang"
	"github.com/etcp-mock/etcp-mock/internal/lazyregexp"
	"github.com/etcp-mock/etcp-mock/internal/wrap"
)

// Terminal prints a run as it goes: a line a case, the failures below theirs; and a summary at the end, which names what failed once more. What was
// skipped is printed with the summary, by reason where it is much.
type Terminal struct {
	Out      io.Writer
	Color    bool
	Quiet    bool   // only what failed, and the summary
	Language string // "zh" is Chinese, else English
	Width    int    // of the terminal, at which lines are broken between words; 0: they stay whole

	ids, sections int // how wide their columns are, where that is more than usual
}

// Fit makes the columns as wide as the ids and sections of the cases that will be printed, within reason: what is wider stands out.
func (t *Terminal) Fit(id, sections string) {
	t.ids = max(t.ids, min(text.StringWidthWithoutEscSequences(id), 2*idWidth))
	t.sections = max(t.sections, min(text.StringWidthWithoutEscSequences(printable(oneSign(sections))), 2*sectionWidth))
}

// The width of the columns. Chinese characters are two wide.
const (
	idWidth      = 34
	sectionWidth = 13
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
	if c.Status == Skipped || t.Quiet && c.Status == Passed {
		return
	}
	t.line(c)
}

func (t *Terminal) line(c *Case) {
	mark := marks[c.Status]
	line := fmt.Sprintf("%s %s %s %s %s", t.paint(mark.sign, mark.color), text.Pad(c.ID, max(idWidth, t.ids), ' '),
		text.Pad(c.Level, len(Should), ' '), text.Pad(printable(oneSign(c.Section)), max(sectionWidth, t.sections), ' '), printable(c.Title))
	switch {
	case c.Status == Skipped:
		line += t.paint(" — "+oneLine(c.Reason), text.FgHiBlack)
	case c.Duration > 0:
		line += t.paint("  "+c.Duration.String(), text.FgHiBlack)
	}
	t.print(strings.TrimRight(line, " "), len(mark.sign)+1)
	for i := range c.Failures {
		t.failure(&c.Failures[i])
	}
	if len(c.Failures) == 0 {
		return
	}
	t.row(labelSent, c.Sent)
	t.row(labelExpected, c.Expected)
	t.row(labelFix, c.GeneralFix())
}

// oneSign is several sections with one sign before them, §9.4 9.5: the sign is two wide on some terminals, and one on others. With one in each
// line the columns behind it stay below each other on all.
func oneSign(sections string) string { return strings.ReplaceAll(sections, " §", " ") }

func (t *Terminal) failure(f *Failure) {
	t.print("     "+t.paint(printable(f.Message), text.Bold), 5)
	for _, line := range f.detail(t.Language) {
		color := text.Reset
		switch {
		case strings.HasPrefix(line, "- "):
			color = text.FgGreen
		case strings.HasPrefix(line, "+ "):
			color = text.FgRed
		}
		line = "       " + t.paint(shorten(printable(line)), color)
		if f.copied(line) {
			fmt.Fprintln(t.Out, line)
			continue
		}
		t.print(line, 7+labelWidth+1)
	}
}

func (t *Terminal) row(label lang.Text, value string) {
	if value != "" {
		t.print("     "+t.paint(text.Pad(label.In(t.Language), labelWidth, ' '), text.FgCyan)+" "+shorten(label.In(t.Language) + " " + printable(value))[len(label.In(t.Language))+1:], 5+labelWidth+1)
	}
}

// print prints a line; on a terminal what is too long goes on below, behind an indent.
func (t *Terminal) print(line string, indent int) {
	fmt.Fprintln(t.Out, wrap.Indented(line, t.Width, indent))
}

// copied reports whether a line of a failure is to be copied or stands above a caret: it is never broken.
func (f *Failure) copied(line string) bool {
	source, _ := around(f.Source, f.Column)
	return f.Curl != "" && strings.Contains(line, f.Curl) || f.Repeat != "" && strings.Contains(line, f.Repeat) || f.Source != "" && (strings.Contains(line, source) || strings.TrimSpace(line) == "^")
}

// shorten cuts a line that nobody reads to its end. A line that repeats a request, and those that say why
// it was refused and what to do, stay whole.
func shorten(line string) string {
	for _, whole := range []lang.Text{labelRepeat, labelFix, labelExplanation} {
		if strings.HasPrefix(line, whole.EN) || strings.HasPrefix(line, whole.ZH) {
			return line
		}
	}
	if len(line) <= widest {
		return line
	}
	return text.Trim(line, widest) + "…"
}

// Summary prints how it all ended.
func (t *Terminal) Summary(r *Report) {
	if !t.Quiet {
		t.skipped(r)
	}
	for _, w := range r.Warnings {
		t.print(t.paint(t.in("warning: ", "警告："), text.FgYellow)+printable(w), 2)
	}
	if o := r.Outage; o != nil {
		t.print(t.paint(t.in("the target could not be judged: ", "无法对目标作出判断："), text.FgRed)+printable(o.Line(t.Language)), 2)
		t.row(lang.T("came", "收到"), o.Head)
		_, fix := o.In(t.Language)
		t.row(labelFix, fix)
	}
	t.failed(r)
	if len(r.Order) > 0 {
		t.print(t.in("order: ", "顺序：")+strings.Join(r.Order, " "), 2)
	}
	var counts []string
	for _, s := range []Status{Passed, Failed, Warned, Skipped} {
		if n := r.Count(s); n > 0 {
			counts = append(counts, t.paint(fmt.Sprintf(t.in("%d %s", "%d 个%s"), n, statusNames[s].In(t.Language)), marks[s].color))
		}
	}
	if r.Ran() == 0 {
		counts = append([]string{t.in("nothing ran", "没有运行任何用例")}, counts...)
	}
	all := strings.Join(counts, t.in(", ", "，"))
	if t.Language == lang.Chinese {
		fmt.Fprintf(t.Out, "%s，用时 %s，%d 个请求%s\n", all, r.Duration, r.Requests, t.seedOf(r))
		return
	}
	requests := "requests"
	if r.Requests == 1 {
		requests = "request"
	}
	fmt.Fprintf(t.Out, "%s in %s, %d %s%s\n", all, r.Duration, r.Requests, requests, t.seedOf(r))
}

// seedOf is the seed at the end of the summary; what a proxy forwarded is made up by nobody.
func (t *Terminal) seedOf(r *Report) string {
	if r.Command == "proxy" {
		return ""
	}
	return fmt.Sprintf(t.in(", seed %d", "，种子 %d"), r.Seed)
}

func (t *Terminal) in(en, zh string) string { return lang.T(en, zh).In(t.Language) }

func (t *Terminal) skippedCases(cases int) string {
	if cases == 1 {
		return t.in("1 case: ", "1 个用例：")
	}
	return fmt.Sprintf(t.in("%d cases: ", "%d 个用例："), cases)
}

var statusNames = map[Status]lang.Text{
	Passed: lang.T("passed", "通过"), Failed: lang.T("failed", "失败"), Warned: lang.T("warned", "警告"), Skipped: lang.T("skipped", "跳过"),
}

// mostSkips is how many skipped cases are named one by one.
const mostSkips = 10

// skipped prints what was skipped: each case where they are few, else how many for which reason.
func (t *Terminal) skipped(r *Report) {
	if r.Count(Skipped) <= mostSkips {
		for i := range r.Cases {
			if r.Cases[i].Status == Skipped {
				t.line(&r.Cases[i])
			}
		}
		return
	}
	counts := map[string]int{}
	var order []string
	for i := range r.Cases {
		if c := &r.Cases[i]; c.Status == Skipped {
			reason := generalReason(c.Reason)
			if counts[reason]++; counts[reason] == 1 {
				order = append(order, reason)
			}
		}
	}
	slices.SortStableFunc(order, func(a, b string) int { return counts[b] - counts[a] })
	for _, reason := range order {
		t.print(fmt.Sprintf("%s %s%s", t.paint(marks[Skipped].sign, marks[Skipped].color), t.skippedCases(counts[reason]), oneLine(reason)), len(marks[Skipped].sign)+1)
	}
}

var particulars = lazyregexp.New(`^.* (writes|needs|会写入|需要)|\s*\(line \d+\)|（第 \d+ 行）`)

// generalReason is a reason without the step that it names.
func generalReason(reason string) string {
	return strings.TrimSpace(particulars().ReplaceAllString(reason, "$1"))
}

// failed prints the ids of what failed, with the place where each stands.
func (t *Terminal) failed(r *Report) {
	if r.Count(Failed) == 0 {
		return
	}
	fmt.Fprintln(t.Out, t.paint(t.in("failed:", "失败："), text.FgRed))
	for _, c := range r.Unsuccessful() {
		fmt.Fprintf(t.Out, "  %s\n", strings.TrimRight(c.ID+" "+c.Position(), " "))
	}
}
