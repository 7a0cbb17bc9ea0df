package report

import (
	"bufio"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/etcp-mock/etcp-mock/internal/lang"
)

// The elements of JUnit's XML, in the order and with the attributes that its strictest schema asks for.
type (
	junitSuites struct {
		XMLName xml.Name     `xml:"testsuites"`
		Suites  []junitSuite `xml:"testsuite"`
	}
	junitSuite struct {
		Name       string          `xml:"name,attr"`
		Package    string          `xml:"package,attr"`
		ID         int             `xml:"id,attr"`
		Timestamp  string          `xml:"timestamp,attr"`
		Hostname   string          `xml:"hostname,attr"`
		Tests      int             `xml:"tests,attr"`
		Failures   int             `xml:"failures,attr"`
		Errors     int             `xml:"errors,attr"`
		Skipped    int             `xml:"skipped,attr"`
		Time       string          `xml:"time,attr"`
		Properties junitProperties `xml:"properties"`
		Cases      []junitCase     `xml:"testcase"`
		Out        string          `xml:"system-out"`
		Err        string          `xml:"system-err"`
	}
	junitProperties struct {
		All []junitProperty `xml:"property"`
	}
	junitProperty struct {
		Name  string `xml:"name,attr"`
		Value string `xml:"value,attr"`
	}
	junitCase struct {
		Name      string        `xml:"name,attr"`
		Classname string        `xml:"classname,attr"`
		Time      string        `xml:"time,attr"`
		Skipped   *junitSkipped `xml:"skipped"`
		Error     *junitProblem `xml:"error"`
		Failure   *junitProblem `xml:"failure"`
	}
	junitSkipped struct {
		Message string `xml:"message,attr"`
		Text    string `xml:",chardata"`
	}
	junitProblem struct {
		Message string `xml:"message,attr"`
		Type    string `xml:"type,attr"`
		Text    string `xml:",chardata"`
	}
)

func seconds(m Millis) string { return fmt.Sprintf("%.6f", time.Duration(m).Seconds()) }

// writeJUnit writes JUnit's XML. A broken SHOULD is skipped with its finding as the message, since JUnit knows no warning; an
// outage is an error in a case of its own.
func writeJUnit(w io.Writer, r *Report) error {
	suite := junitSuite{
		Name: r.Name(), Package: "contract", Hostname: "localhost",
		Timestamp: r.Started.UTC().Format("2006-01-02T15:04:05"),
		Tests:     len(r.Cases), Failures: r.Count(Failed), Skipped: r.Count(Skipped) + r.Count(Warned), Time: seconds(r.Duration),
		Properties: junitProperties{[]junitProperty{
			{"target", printable(r.Target)}, {"seed", strconv.FormatUint(r.Seed, 10)}, {"requests", strconv.Itoa(r.Requests)},
		}},
		Err: printable(strings.Join(r.Warnings, "\n")),
	}
	for i := range r.Cases {
		c := &r.Cases[i]
		one := junitCase{Name: token(c.Named()), Classname: token(strings.ReplaceAll(r.Name(), " ", ".")), Time: seconds(c.Duration)}
		text := printable(strings.Join(c.Text(r.Language), "\n"))
		switch c.Status {
		case Passed:
		case Failed:
			one.Failure = &junitProblem{printable(c.headline(r.Language)), c.Level, text}
		case Warned:
			one.Skipped = &junitSkipped{printable("SHOULD: " + c.headline(r.Language)), text}
		case Skipped:
			one.Skipped = &junitSkipped{Message: printable(c.Reason)}
		}
		suite.Cases = append(suite.Cases, one)
	}
	if o := r.Outage; o != nil {
		suite.Tests, suite.Errors = suite.Tests+1, 1
		_, fix := o.In(r.Language)
		suite.Cases = append(suite.Cases, junitCase{
			Name: "target", Classname: token(strings.ReplaceAll(r.Name(), " ", ".")), Time: "0",
			Error: &junitProblem{printable(o.Line(r.Language)), o.Kind, printable(o.Head + "\n" + fix)},
		})
	}
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	enc := xml.NewEncoder(w)
	enc.Indent("", "  ")
	if err := enc.Encode(junitSuites{Suites: []junitSuite{suite}}); err != nil {
		return err
	}
	_, err := io.WriteString(w, "\n")
	return err
}

// token is a text as XML Schema's token wants it: single spaces only.
func token(s string) string { return strings.Join(strings.Fields(printable(s)), " ") }

// headline is a case's first failure in a line.
func (c *Case) headline(language string) string {
	if len(c.Failures) == 0 {
		return c.Title
	}
	more := ""
	if n := len(c.Failures) - 1; n > 0 {
		more = lang.T(" (and %d more)", "（另有 %d 处）").With(n).In(language)
	}
	line, _, _ := strings.Cut(c.Failures[0].Message, "\n")
	return line + more
}

// writeTAP writes TAP 14. A broken SHOULD is a TODO: not ok, and no failure.
func writeTAP(w io.Writer, r *Report) error {
	b := bufio.NewWriter(w)
	_, _ = fmt.Fprintf(b, "TAP version 14\n1..%d\n", len(r.Cases))
	if r.Outage == nil {
		_, _ = fmt.Fprintf(b, "# %s\n", oneLine(lang.T("%s of %s, seed %d", "%s，目标 %s，种子 %d").With(r.Name(), r.Target, r.Seed).In(r.Language)))
	}
	for _, warning := range r.Warnings {
		_, _ = fmt.Fprintf(b, "# %s\n", oneLine(warning))
	}
	escape := strings.NewReplacer(`\`, `\\`, "#", `\#`)
	for i := range r.Cases {
		c := &r.Cases[i]
		ok, directive := "ok", ""
		switch c.Status {
		case Passed:
		case Failed:
			ok = "not ok"
		case Warned:
			ok, directive = "not ok", " # TODO "+c.Level
		case Skipped:
			directive = " # SKIP " + escape.Replace(oneLine(c.Reason))
		}
		_, _ = fmt.Fprintf(b, "%s %d - %s%s\n", ok, i+1, escape.Replace(oneLine(c.Named())), directive)
		if len(c.Failures) == 0 {
			continue
		}
		// JSON is YAML: no quoting of our own.
		_, _ = fmt.Fprintf(b, "  ---\n  level: %s\n  section: %s\n  duration_ms: %v\n", quoted(c.Level), quoted(c.Section), c.Duration.float())
		if f := &c.Failures[0]; f.File != "" {
			_, _ = fmt.Fprintf(b, "  at:\n    file: %s\n    line: %d\n    column: %d\n", quoted(f.File), f.Line, f.Column)
		}
		_, _ = fmt.Fprintf(b, "  message: %s\n  detail:\n", quoted(c.headline(r.Language)))
		for _, line := range c.Text(r.Language) {
			_, _ = fmt.Fprintf(b, "    - %s\n", quoted(line))
		}
		_, _ = b.WriteString("  ...\n")
	}
	if r.Outage != nil {
		_, _ = fmt.Fprintf(b, "Bail out! %s\n", oneLine(r.Outage.Line(r.Language)))
	}
	return b.Flush()
}

func quoted(s string) string {
	var b strings.Builder
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	_ = enc.Encode(s) //nolint:errchkjson // a text always encodes
	return strings.TrimSuffix(b.String(), "\n")
}

func oneLine(s string) string { return strings.Join(strings.Fields(printable(s)), " ") }

// writeGitHub writes the commands by which a GitHub workflow annotates a change.
func writeGitHub(w io.Writer, r *Report) error {
	b := bufio.NewWriter(w)
	message := strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A")
	property := strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C")
	annotate := func(level, file string, line, column int, title, text string) {
		place := ""
		if file != "" {
			place = fmt.Sprintf("file=%s,line=%d,", property.Replace(file), max(1, line))
			if column > 0 {
				place += fmt.Sprintf("col=%d,", column)
			}
		}
		_, _ = fmt.Fprintf(b, "::%s %stitle=%s::%s\n", level, place, property.Replace(printable(title)), message.Replace(printable(text)))
	}
	for i := range r.Cases {
		c := &r.Cases[i]
		level := map[Status]string{Failed: "error", Warned: "warning"}[c.Status]
		if level == "" {
			continue
		}
		file, line, column := c.File, c.Line, 0
		if len(c.Failures) > 0 && c.Failures[0].File != "" {
			file, line, column = c.Failures[0].File, c.Failures[0].Line, c.Failures[0].Column
		}
		annotate(level, file, line, column, c.ID+" ("+strings.TrimSpace(c.Level+" "+c.Section)+")", strings.Join(c.Text(r.Language), "\n"))
	}
	for _, warning := range r.Warnings {
		annotate("warning", "", 0, 0, r.Name(), warning)
	}
	if o := r.Outage; o != nil {
		detail, fix := o.In(r.Language)
		annotate("error", "", 0, 0, lang.T("the target: %s", "目标：%s").With(o.kind(r.Language)).In(r.Language), strings.TrimSpace(detail+"\n"+fix+"\n"+o.Head))
	}
	return b.Flush()
}
