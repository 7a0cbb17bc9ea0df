package report_test

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/contract/report"
	"github.com/etcp-mock/etcp-mock/internal/lang"
	"github.com/etcp-mock/etcp-mock/schemas"
)

// sample has a case of each status, and texts that are special somewhere.
func sample() *report.Report {
	return &report.Report{
		Command: "run", Target: "http://127.0.0.1:8787", Seed: 7, Requests: 12,
		Started: time.Date(2017, 8, 20, 12, 0, 0, 0, time.FixedZone("", 8*3600)), Duration: report.Millis(1500 * time.Millisecond),
		Warnings: []string{"95 % of the answers are code 6: is the key right?"},
		Cases: []report.Case{
			{ID: "pays", Title: "a temporary car pays", Level: report.Must, Section: "§9.8", Status: report.Passed, Duration: report.Millis(1234567)},
			{
				ID: "refuses", Title: "a wrong # amount \\ is <refused> & told]]>", Level: report.Must, Section: "§9.8 §11", Status: report.Failed,
				Tags: []string{"payment"}, File: "a,b:c.yaml", Line: 3, Sent: "orderpaid", Expected: "code 20206", Fix: "compare as decimals",
				Failures: []report.Failure{
					{
						Message: "code is not what was expected\nat all", File: "a,b:c.yaml", Line: 9, Column: 12, Source: "  expect: {code: 20206}", Path: "code",
						Expected: "20206", Actual: "0", Schema: "envelope#/properties/code", Reason: "wrong-amount", Sent: "{}", Received: "bell \x07 <b>渝</b> 100%",
						Curl: `curl 'http://x'`, Fix: "look there",
					},
					{Message: "a second one"},
				},
			},
			{ID: "should", Title: "a SHOULD", Level: report.Should, Section: "§10", Status: report.Warned, Failures: []report.Failure{{Message: "no message"}}},
			{ID: "left", Title: "needs control", Level: report.Must, Section: "§9", Status: report.Skipped, Reason: "no # control"},
		},
	}
}

func outage() *report.Report {
	return &report.Report{Command: "webhook", Outage: &report.Outage{Kind: "html", Detail: "a page", Head: "<html>", Fix: "look"}}
}

func write(t *testing.T, f report.Format, r *report.Report) string {
	t.Helper()
	var text bytes.Buffer
	require.NoError(t, report.Write(&text, f, r))
	return text.String()
}

func TestExitCode(t *testing.T) {
	r := sample()
	require.Equal(t, report.ExitBroken, r.ExitCode())
	r.Cases[1].Status = report.Passed
	require.Equal(t, report.ExitPassed, r.ExitCode(), "a SHOULD alone fails nothing")
	r.Cases = r.Cases[3:]
	require.Equal(t, report.ExitNothing, r.ExitCode(), "skipped is not run")
	require.Equal(t, report.ExitNothing, (&report.Report{}).ExitCode())
	require.Equal(t, report.ExitUnreachable, outage().ExitCode())
}

func TestJSON_followsItsSchema(t *testing.T) {
	for _, r := range []*report.Report{sample(), outage(), {Command: "fuzz"}} {
		text := write(t, report.JSON, r)
		require.NoError(t, schemas.ValidateContractReport([]byte(text)), text)
		back, err := report.ReadJSON([]byte(text))
		require.NoError(t, err)
		require.Equal(t, text, write(t, report.JSON, back))
	}
	require.Error(t, schemas.ValidateContractReport([]byte(`{"version":1}`)))
	require.Error(t, schemas.ValidateContractReport([]byte(strings.Replace(write(t, report.JSON, sample()), `"failed",`, `"odd",`, 1))))
	_, err := report.ReadJSON([]byte("no"))
	require.Error(t, err)
}

func TestJUnit(t *testing.T) {
	text := write(t, report.JUnit, sample())
	var suites struct {
		Suites []struct {
			Tests    int `xml:"tests,attr"`
			Failures int `xml:"failures,attr"`
			Skipped  int `xml:"skipped,attr"`
			Cases    []struct {
				Name    string `xml:"name,attr"`
				Failure *struct {
					Message string `xml:"message,attr"`
					Text    string `xml:",chardata"`
				} `xml:"failure"`
				Skipped *struct {
					Message string `xml:"message,attr"`
				} `xml:"skipped"`
			} `xml:"testcase"`
		} `xml:"testsuite"`
	}
	require.NoError(t, xml.Unmarshal([]byte(text), &suites))
	suite := suites.Suites[0]
	require.Equal(t, [3]int{4, 1, 2}, [3]int{suite.Tests, suite.Failures, suite.Skipped})
	require.Nil(t, suite.Cases[0].Failure)
	require.Equal(t, "code is not what was expected (and 1 more)", suite.Cases[1].Failure.Message)
	require.Contains(t, suite.Cases[1].Failure.Text, `bell \u0007 <b>渝</b> 100%`)
	require.Equal(t, "SHOULD: no message", suite.Cases[2].Skipped.Message)
	require.Equal(t, "no # control", suite.Cases[3].Skipped.Message)
}

// The strictest XSD of JUnit takes it. xmllint judges where there is one.
func TestJUnit_followsTheXSD(t *testing.T) {
	xmllint, err := exec.LookPath("xmllint")
	if err != nil {
		t.Skip("no xmllint (Debian: libxml2-utils)")
	}
	for name, r := range map[string]*report.Report{"sample": sample(), "outage": outage(), "empty": {Command: "fuzz"}} {
		file := filepath.Join(t.TempDir(), name+".xml")
		require.NoError(t, os.WriteFile(file, []byte(write(t, report.JUnit, r)), 0o600))
		out, err := exec.CommandContext(t.Context(), xmllint, "--noout", "--nonet", "--schema", "testdata/JUnit.xsd", file).CombinedOutput()
		require.NoError(t, err, "%s", out)
	}
}

// What the XSD asks for, held without it.
func TestJUnit_structure(t *testing.T) {
	for _, r := range []*report.Report{sample(), outage()} {
		dec := xml.NewDecoder(strings.NewReader(write(t, report.JUnit, r)))
		want := map[string][]string{
			"testsuite": {"name", "package", "id", "timestamp", "hostname", "tests", "failures", "errors", "time"},
			"testcase":  {"name", "classname", "time"}, "failure": {"type"}, "error": {"type"}, "property": {"name"},
		}
		var order []string
		for {
			token, err := dec.Token()
			if errors.Is(err, io.EOF) {
				break
			}
			require.NoError(t, err)
			start, ok := token.(xml.StartElement)
			if !ok {
				continue
			}
			have := map[string]string{}
			for _, a := range start.Attr {
				have[a.Name.Local] = a.Value
			}
			for _, name := range want[start.Name.Local] {
				require.NotEmpty(t, have[name], "%s/@%s", start.Name.Local, name)
			}
			if start.Name.Local == "testsuite" {
				require.Regexp(t, `^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$`, have["timestamp"])
			}
			if len(order) == 0 || order[len(order)-1] != start.Name.Local {
				order = append(order, start.Name.Local)
			}
		}
		require.Equal(t, []string{"testsuites", "testsuite", "properties", "property", "testcase"}, order[:5])
		require.Equal(t, []string{"system-out", "system-err"}, order[len(order)-2:])
	}
}

func TestTAP(t *testing.T) {
	text := write(t, report.TAP, sample())
	lines := strings.Split(text, "\n")
	require.Equal(t, []string{"TAP version 14", "1..4"}, lines[:2])
	require.Regexp(t, `^# contract \S+ of .*, seed \d+$`, lines[2], "what it takes to run it again")
	require.Contains(t, text, "\nok 1 - pays: a temporary car pays\n")
	require.Contains(t, text, "\n  at:\n    file: \"a,b:c.yaml\"\n    line: 9\n    column: 12\n")
	require.Contains(t, text, "\nnot ok 2 - refuses: a wrong \\# amount \\\\ is <refused> & told]]>\n  ---\n")
	require.Contains(t, text, "\nnot ok 3 - should: a SHOULD # TODO SHOULD\n")
	require.Contains(t, text, "\nok 4 - left: needs control # SKIP no \\# control\n")
	require.Contains(t, write(t, report.TAP, outage()), "1..0\nBail out! html: a page\n")
}

// Where each failure says how it is fixed, what the check says of its kind is left out; where one does not, it stands there.
func TestCase_generalFix(t *testing.T) {
	t.Parallel()
	c := report.Case{Fix: "compare the signature", Failures: []report.Failure{{Message: "no answer", Fix: "answer sooner"}}}
	require.Empty(t, c.GeneralFix())
	c.Failures = append(c.Failures, report.Failure{Message: "refused"})
	require.Equal(t, "compare the signature", c.GeneralFix())
	require.Equal(t, "compare the signature", (&report.Case{Fix: "compare the signature"}).GeneralFix())
}

func TestGitHub(t *testing.T) {
	text := write(t, report.GitHub, sample())
	require.Contains(t, text, "::error file=a%2Cb%3Ac.yaml,line=9,col=12,title=refuses (MUST §9.8 §11)::code is not what was expected%0Aat all%0A")
	require.Contains(t, text, "100%25")
	require.Contains(t, text, "::warning title=should (SHOULD §10)::no message")
	require.Contains(t, text, "::warning title=contract run::95 %25 of")
	require.Equal(t, 3, strings.Count(text, "\n"), "one line each")
	require.Contains(t, write(t, report.GitHub, outage()), "::error title=the target%3A html::")
}

func TestHTML(t *testing.T) {
	text := write(t, report.HTML, sample())
	require.Contains(t, text, "bell \\u0007 &lt;b&gt;渝&lt;/b&gt;")
	require.NotContains(t, text, "<b>渝")
	for _, outside := range []string{"src=", "href=\"http", "@import", "url("} {
		require.NotContains(t, text, outside, "it needs no other file")
	}
	require.Equal(t, 4, strings.Count(text, "<details"))
	require.Contains(t, write(t, report.HTML, outage()), `role="alert"`)
}

func TestTerminal(t *testing.T) {
	var out bytes.Buffer
	terminal := report.Terminal{Out: &out}
	r := sample()
	for i := range r.Cases {
		terminal.Case(&r.Cases[i])
	}
	terminal.Summary(r)
	text := out.String()
	require.Contains(t, text, "       at        a,b:c.yaml:9:12\n                 expect: {code: 20206}\n")
	require.Contains(t, text, "       - want    20206\n       + got     0\n")
	require.Contains(t, text, "warning: 95 % of the answers")
	require.Contains(t, text, "1 passed, 1 failed, 1 warned, 1 skipped in 1.5s, 12 requests, seed 7\n")
	require.NotContains(t, text, "\x1b", "no colours but on a terminal")
	require.NotContains(t, text, "\x07", "what came from outside does not steer the terminal")

	out.Reset()
	(&report.Terminal{Out: &out, Color: true}).Summary(outage())
	require.Contains(t, out.String(), "\x1b[")
	require.Contains(t, out.String(), "nothing ran")
	out.Reset()
	quiet := report.Terminal{Out: &out, Quiet: true}
	quiet.Case(&r.Cases[0])
	require.Empty(t, out.String())
}

// The titles of cases stand below each other, however wide their ids and sections are.
func TestTerminal_fit(t *testing.T) {
	var out bytes.Buffer
	terminal := report.Terminal{Out: &out}
	cases := []report.Case{
		{ID: "short", Title: "one", Level: report.Must, Section: "§9.1", Status: report.Passed},
		{ID: strings.Repeat("long", 10), Title: "two", Level: report.Must, Section: "§9.6 §9.7 §9.10 §10.1", Status: report.Passed},
	}
	for _, c := range cases {
		terminal.Fit(c.ID, c.Section)
	}
	for i := range cases {
		terminal.Case(&cases[i])
	}
	lines := strings.Split(out.String(), "\n")
	require.Equal(t, strings.Index(lines[0], "MUST"), strings.Index(lines[1], "MUST"))
	require.Equal(t, strings.Index(lines[0], "one"), strings.Index(lines[1], "two"), "the titles stand below each other:\n%s", out.String())
}

// What an endpoint answers is no command to the workflow that prints it.
func TestTerminal_isNoCommand(t *testing.T) {
	foreign := "<html>\n::add-mask::y\n  ::error ::x\n##[error]x"
	c := report.Case{ID: "c", Status: report.Failed, Title: "t", Sent: foreign, Failures: []report.Failure{{Message: "m " + foreign, Received: foreign, Reason: foreign}}}
	var out bytes.Buffer
	terminal := report.Terminal{Out: &out, Width: 60}
	terminal.Case(&c)
	terminal.Summary(&report.Report{Cases: []report.Case{c}, Outage: &report.Outage{Kind: "html", Detail: foreign, Head: foreign}, Warnings: []string{foreign}})
	require.Contains(t, out.String(), "| ::add-mask::y")
	require.NotContains(t, out.String(), "##[")
	for line := range strings.SplitSeq(out.String(), "\n") {
		require.False(t, strings.HasPrefix(strings.TrimSpace(line), "::"), line)
	}
}

func TestParseOutputs(t *testing.T) {
	outputs, err := report.ParseOutputs("junit=a.xml, json=b=c.json,github,")
	require.NoError(t, err)
	require.Equal(t, []report.Output{{"junit", "a.xml"}, {"json", "b=c.json"}, {"github", ""}}, outputs)
	for _, wrong := range []string{"xml=a", "html", "junit=a;json=b,pdf"} {
		_, err := report.ParseOutputs(wrong)
		require.Error(t, err, wrong)
	}
}

func TestWriteAll(t *testing.T) {
	dir := t.TempDir()
	var stdout bytes.Buffer
	file := filepath.Join(dir, "new", "report.json")
	require.NoError(t, report.WriteAll(t.Context(), []report.Output{{report.JSON, file}, {report.GitHub, ""}}, sample(), &stdout))
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	require.NoError(t, schemas.ValidateContractReport(text))
	require.Contains(t, stdout.String(), "::error")
	entries, err := os.ReadDir(filepath.Dir(file))
	require.NoError(t, err)
	require.Len(t, entries, 1, "nothing is left beside it")
	require.Error(t, report.WriteAll(t.Context(), []report.Output{{report.JSON, filepath.Join(file, "x")}}, sample(), &stdout))
}

func TestMasker(t *testing.T) {
	const key = `k"y+ <密>`
	r := sample()
	r.Target = "http://x/?k=" + "k%22y%2B+%3C%E5%AF%86%3E"
	r.Cases[1].Failures[0].Received = `{"k":"k\"y+ \u003c密\u003e"} ` + key
	r.Outage = &report.Outage{Kind: "tls", Detail: key}
	report.NewMasker("", key).Report(r)
	for _, f := range []report.Format{report.JSON, report.TAP, report.JUnit, report.HTML, report.GitHub} {
		text := write(t, f, r)
		require.NotContains(t, text, "密", f)
		require.NotContains(t, text, "%AF%86", f)
	}
}

// A long line of a file is shown around the column of what is wrong, and the caret stands below it; Chinese characters are two wide.
func TestCase_longLine(t *testing.T) {
	line := "  - {call: orderunpay, data: {token: \"${token}\", plateNumber: 渝ATX061}, expect: {data: [{carNumber: 渝****61, parkingFee: 10, remainingFee: 11, parkingId: 2, parkingName: 甲}]}}"
	column := utf8.RuneCountInString(before(t, line, "11,")) + 1
	c := report.Case{Failures: []report.Failure{{Message: "m", File: "f.yaml", Line: 1, Column: column, Source: line}}}
	text := c.Text("en")
	source, caret := text[2], text[3]
	require.LessOrEqual(t, utf8.RuneCountInString(source), 125)
	require.Contains(t, source, "…")
	require.Equal(t, runewidth(before(t, source, "11,")), strings.Index(caret, "^"), "%s\n%s", source, caret)
	c.Failures[0].Source, c.Failures[0].Column = "    expect: {code: 1}", 20
	text = c.Text("en")
	require.Equal(t, strings.Index(text[2], "1}"), strings.Index(text[3], "^"), "%s\n%s", text[2], text[3])
}

func runewidth(s string) (n int) {
	for _, r := range s {
		if n++; unicode.Is(unicode.Han, r) {
			n++
		}
	}
	return n
}

// An outage is told in the language of the report, in each form.
func TestOutage_language(t *testing.T) {
	r := &report.Report{Command: "run", Language: "zh", Outage: report.NewOutage("html", lang.T("a page", "一个页面"), "<html>", lang.T("look", "请查看"))}
	for _, f := range []report.Format{report.JUnit, report.TAP, report.HTML, report.GitHub} {
		var out strings.Builder
		require.NoError(t, report.Write(&out, f, r))
		require.Contains(t, out.String(), "一个页面", f)
		require.NotContains(t, out.String(), "a page", f)
	}
	var out strings.Builder
	(&report.Terminal{Out: &out, Language: "zh"}).Summary(r)
	require.Contains(t, out.String(), "HTML 页面：一个页面")
	require.Contains(t, out.String(), "请查看")
}

// before is what stands before a part of a text.
func before(t *testing.T, text, part string) string {
	t.Helper()
	head, _, found := strings.Cut(text, part)
	require.True(t, found, text)
	return head
}

// Why a mock refused a request is printed whole, in the language of the report, however long it is.
func TestTerminal_explanation(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("why ", 200) + "end"
	r := &report.Report{Cases: []report.Case{{ID: "one", Title: "one", Level: report.Must, Section: "§9", Status: report.Failed, Failures: []report.Failure{{Message: "refused", Reason: "sign-mismatch", Explanation: long}}}}}
	for language, label := range map[string]string{"en": "why       ", "zh": "说明      "} {
		var out strings.Builder
		terminal := report.Terminal{Out: &out, Language: language}
		terminal.Case(&r.Cases[0])
		require.Contains(t, out.String(), label+long+"\n")
	}
}
