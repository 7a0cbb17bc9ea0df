package report

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/jedib0t/go-pretty/v6/text"

	"github.com/etcp-mock/etcp-mock/internal/atomicfile"
	"github.com/etcp-mock/etcp-mock/internal/lang"
	"github.com/etcp-mock/etcp-mock/internal/lazyregexp"
	"github.com/etcp-mock/etcp-mock/internal/suggest"
)

// Format is a form a report is written in.
type Format string

// The formats of --report.
const (
	JUnit  Format = "junit"
	JSON   Format = "json"
	TAP    Format = "tap"
	HTML   Format = "html"
	GitHub Format = "github"
)

var writers = map[Format]func(io.Writer, *Report) error{
	JUnit: writeJUnit, JSON: writeJSON, TAP: writeTAP, HTML: writeHTML, GitHub: writeGitHub,
}

// Write writes a report in a format.
func Write(w io.Writer, f Format, r *Report) error {
	write, known := writers[f]
	if !known {
		return fmt.Errorf("unknown report format %q", f)
	}
	return write(w, r)
}

// Output is one report that is wanted: a format, and the file it goes to ("" or "-": standard output).
type Output struct {
	Format Format
	File   string
}

// ParseOutputs reads the value of --report: "junit=out/junit.xml,json=report.json,github".
func ParseOutputs(text string) ([]Output, error) {
	var outputs []Output
	for part := range strings.SplitSeq(text, ",") {
		if part = strings.TrimSpace(part); part == "" {
			continue
		}
		name, file, _ := strings.Cut(part, "=")
		o := Output{Format(name), file}
		if _, known := writers[o.Format]; !known {
			return nil, fmt.Errorf("--report: %q is no format; there are junit=FILE, json=FILE, tap=FILE, html=FILE and github%s", name, meant(name))
		}
		if (o.File == "" || o.File == "-") && o.Format == HTML {
			return nil, errors.New("--report: html needs a file: html=report.html")
		}
		outputs = append(outputs, o)
	}
	return outputs, nil
}

// meant is the format that a name may have been meant to be, as the end of a sentence.
func meant(name string) string {
	known := make([]string, 0, len(writers))
	for format := range writers {
		known = append(known, string(format))
	}
	slices.Sort(known)
	if near := suggest.Nearest(name, known); near != "" {
		return "; did you mean " + strconv.Quote(near) + "?"
	}
	return ""
}

// WriteAll writes a report to each output. A file appears whole or not at all, its folder is made where it is missing. One that is a pipe
// is waited for until the context ends.
func WriteAll(ctx context.Context, outputs []Output, r *Report, stdout io.Writer) error {
	for _, o := range outputs {
		var text bytes.Buffer
		if err := Write(&text, o.Format, r); err != nil {
			return fmt.Errorf("report %s: %w", o.Format, err)
		}
		if o.File == "" || o.File == "-" {
			if _, err := stdout.Write(text.Bytes()); err != nil {
				return fmt.Errorf("report %s: %w", o.Format, err)
			}
			continue
		}
		if err := writeFile(ctx, o.File, text.Bytes()); err != nil {
			return fmt.Errorf("report %s: %w", o.Format, err)
		}
	}
	return nil
}

func writeFile(ctx context.Context, name string, text []byte) error {
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil { //nolint:gosec // a report is for everybody to read
		return err
	}
	return atomicfile.WriteBytes(ctx, name, 0o644, text)
}

func writeJSON(w io.Writer, r *Report) error {
	whole := struct {
		Version int `json:"version"`
		*Report
		Summary map[Status]int `json:"summary"`
		Exit    int            `json:"exitCode"`
	}{1, r, map[Status]int{}, r.ExitCode()}
	for _, s := range []Status{Passed, Failed, Warned, Skipped} {
		whole.Summary[s] = r.Count(s)
	}
	if r.Cases == nil {
		filled := *r
		filled.Cases = []Case{}
		whole.Report = &filled
	}
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(whole)
}

// ReadJSON reads a report that was written as JSON.
func ReadJSON(text []byte) (*Report, error) {
	var r Report
	if err := json.Unmarshal(text, &r); err != nil {
		return nil, fmt.Errorf("no report of this runner: %w", err)
	}
	return &r, nil
}

// The labels of a failure's lines.
var (
	labelAt          = lang.T("at", "位置")
	labelPath        = lang.T("path", "路径")
	labelWant        = lang.T("- want", "- 期望")
	labelGot         = lang.T("+ got", "+ 实际")
	labelSchema      = lang.T("schema", "模式")
	labelReason      = lang.T("reason", "原因")
	labelExplanation = lang.T("why", "说明")
	labelSent        = lang.T("sent", "发送")
	labelReceived    = lang.T("received", "收到")
	labelExpected    = lang.T("expected", "期望")
	labelFix         = lang.T("fix", "改正")
	labelRepeat      = lang.T("repeat", "重现")
)

const labelWidth = 9

// detail is a failure in lines: what every plain format shows.
func (f *Failure) detail(language string) []string {
	var lines []string
	add := func(label lang.Text, value string) {
		if value == "" {
			return
		}
		name := label.In(language)
		for line := range strings.SplitSeq(strings.TrimRight(value, "\n"), "\n") {
			if name == "" && strings.HasPrefix(strings.TrimSpace(line), "::") {
				line = "| " + line // GitHub would take it for a command
			}
			lines = append(lines, text.Pad(name, labelWidth, ' ')+" "+line)
			name = ""
		}
	}
	if f.File != "" {
		add(labelAt, fmt.Sprintf("%s:%d:%d", f.File, f.Line, f.Column))
	}
	if f.Source != "" {
		source, column := around(f.Source, f.Column)
		lines = append(lines, "          "+source, "          "+under(source, column)+"^")
	}
	add(labelPath, f.Path)
	if f.Expected != "" || f.Actual != "" {
		want, got := labelWant, labelGot
		if f.OfTwo {
			want, got = lang.Same("- A"), lang.Same("+ B")
		}
		add(want, f.Expected)
		add(got, f.Actual)
	}
	add(labelSchema, f.Schema)
	add(labelReason, f.Reason)
	add(labelExplanation, f.Explanation)
	add(labelSent, f.Sent)
	add(labelReceived, f.Received)
	add(labelFix, f.Fix)
	add(labelRepeat, cmp.Or(f.Repeat, f.Curl))
	return lines
}

// around is the part of a long line in which a column (in characters, from 1) lies, with … where something is left out, and the column in it.
func around(line string, column int) (part string, at int) {
	const before, most = 60, 110
	all := []rune(strings.TrimLeft(line, " \t"))
	column = min(max(column-(len([]rune(line))-len(all)), 1), len(all)+1)
	from := 0
	if column-1 > before && len(all) > most {
		from = min(column-1-before, len(all)-most)
	}
	to := min(from+most, len(all))
	part, at = string(all[from:to]), column-from
	if from > 0 {
		part, at = "…"+part, at+1
	}
	if to < len(all) {
		part += "…"
	}
	return part, at
}

// under is as wide as what stands before a column (in characters, from 1) of a line. Chinese characters are two wide.
func under(line string, column int) string {
	var pad strings.Builder
	for i, r := range []rune(line) {
		switch {
		case i >= column-1:
			return pad.String()
		case r == '\t':
			pad.WriteByte('\t')
		default:
			pad.WriteString(strings.Repeat(" ", text.RuneWidth(r)))
		}
	}
	return pad.String()
}

// Text is all that a failed case has to say, in lines, in English ("en") or Chinese ("zh").
func (c *Case) Text(language string) []string {
	var lines []string
	for i := range c.Failures {
		lines = append(lines, c.Failures[i].Message)
		for _, line := range c.Failures[i].detail(language) {
			lines = append(lines, "  "+line)
		}
	}
	if fix := c.GeneralFix(); fix != "" && len(c.Failures) > 0 {
		lines = append(lines, lang.T("how to fix it: %s", "改正方法：%s").With(fix).In(language))
	}
	return lines
}

// commands are what GitHub, reading what a step prints, takes for commands: ::name:: at the beginning of a line, ##[name] in any.
var (
	commands  = lazyregexp.New(`(\n\s*)::`)
	bracketed = strings.NewReplacer("##[", `##\u005b`)
)

// printable makes a text fit for XML, terminals and logs: control characters become their escapes, and nothing in it is a command.
func printable(s string) string {
	if strings.Contains(s, "::") {
		s = commands().ReplaceAllString(s, "$1| ::")
	}
	s = bracketed.Replace(s)
	if !slices.ContainsFunc([]rune(s), isControl) {
		return s
	}
	var b strings.Builder
	for _, r := range s {
		if isControl(r) {
			fmt.Fprintf(&b, `\u%04x`, r)
			continue
		}
		b.WriteRune(r)
	}
	return b.String()
}

func isControl(r rune) bool {
	return r < ' ' && r != '\n' && r != '\t' || r == 0x7f || r >= 0x80 && r < 0xa0 || r == 0xfffe || r == 0xffff
}
