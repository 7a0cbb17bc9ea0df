package cli

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"
	"unicode"

	"github.com/jedib0t/go-pretty/v6/text"
	"github.com/spf13/cobra"

	"github.com/etcp-mock/etcp-mock/cmd/internal/translation"
	"github.com/etcp-mock/etcp-mock/internal/chinese"
	"github.com/etcp-mock/etcp-mock/internal/lang"
	"github.com/etcp-mock/etcp-mock/internal/wrap"
)

// Printer writes what a command has to say, for people or, with --output json, for programs.
type Printer struct {
	Out     io.Writer
	JSON    bool
	Chinese bool // all that is said
	Width   int  // of the terminal; 0 where there is none, and all stays whole
	Paint
}

// OutputFlag adds --output.
func OutputFlag(cmd *cobra.Command) {
	cmd.Flags().StringP("output", "o", "table", "table or json")
}

// PrinterOf is the printer that a command's flags ask for.
func PrinterOf(cmd *cobra.Command) *Printer {
	out := cmd.OutOrStdout()
	p := &Printer{Out: out, Paint: Paint{WantsColor(cmd, out)}, Chinese: Language(cmd) == lang.Chinese, Width: Columns(out)}
	if f := cmd.Flags().Lookup("output"); f != nil {
		p.JSON = f.Value.String() == "json"
	}
	return p
}

// WantsColor reports whether a stream is coloured.
func WantsColor(cmd *cobra.Command, out io.Writer) bool {
	switch cmd.Flag("color").Value.String() {
	case "always":
		return true
	case "never":
		return false
	}
	return os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb" && IsTerminal(out)
}

// IsTerminal reports whether a stream is a terminal.
func IsTerminal(w io.Writer) bool {
	f, ok := Beneath(w).(*os.File)
	return ok && isTerminal(f)
}

// Columns is how wide the terminal is that a stream goes to, 0 where it is none.
func Columns(w io.Writer) int {
	f, ok := Beneath(w).(*os.File)
	if !ok {
		return 0
	}
	return wrap.Columns(f, os.Getenv)
}

// Language is that of explanations: lang.English or lang.Chinese.
func Language(cmd *cobra.Command) string {
	f := cmd.Flag("lang")
	switch {
	case f == nil: // of no command of a program
		return lang.English
	case f.Value.String() == lang.English, f.Value.String() == lang.Chinese:
		return f.Value.String()
	}
	return lang.OfEnvironment(os.Getenv) // so that a language which there is not is refused in the terminal's
}

// Paint colours texts, or leaves them.
type Paint struct{ On bool }

// With sets a text between an ANSI code and its end.
func (p Paint) With(code, s string) string {
	if !p.On || s == "" {
		return s
	}
	return "\x1b[" + code + "m" + s + "\x1b[0m"
}

// Bold is the text so.
func (p Paint) Bold(s string) string { return p.With("1", s) }

// Dim is the text so.
func (p Paint) Dim(s string) string { return p.With("2", s) }

// Red is the text so.
func (p Paint) Red(s string) string { return p.With("31", s) }

// Green is the text so.
func (p Paint) Green(s string) string { return p.With("32", s) }

// Yellow is the text so.
func (p Paint) Yellow(s string) string { return p.With("33", s) }

// Blue is the text so.
func (p Paint) Blue(s string) string { return p.With("34", s) }

// Cyan is the text so.
func (p Paint) Cyan(s string) string { return p.With("36", s) }

// Clean shows control characters as escapes: what merchants sent must not move the reader's cursor.
func Clean(s string) string {
	if !strings.ContainsFunc(s, unicode.IsControl) {
		return s
	}
	var b strings.Builder
	for _, r := range s {
		if unicode.IsControl(r) {
			fmt.Fprintf(&b, `\x%02x`, r)
			continue
		}
		b.WriteRune(r)
	}
	return b.String()
}

// Language is that of what is printed.
func (p *Printer) Language() string {
	if p.Chinese {
		return lang.Chinese
	}
	return lang.English
}

// Either is the text in the language of what is printed: English where there is no Chinese.
func (p *Printer) Either(en, zh string) string {
	if p.Chinese && zh != "" {
		return zh
	}
	return en
}

// In is a text of the command in the language of what is printed.
func (p *Printer) In(english string) string { return translation.In(p.Language(), english) }

// Phrase is a format of the command in the language of what is printed, filled in.
func (p *Printer) Phrase(format string, args ...any) string {
	return translation.Format(p.Language(), format, args...)
}

// Said is a message of the server or the system, made in English, in the language of what is printed.
func (p *Printer) Said(english string) string {
	if p.Chinese {
		return chinese.Of(english)
	}
	return english
}

// Counted is a number with its noun, both as formats: 1 event, %d events.
func (p *Printer) Counted(n int, one, many string) string {
	if n == 1 {
		return p.In(one)
	}
	return p.Phrase(many, n)
}

// Line prints a line, whose format has a row in package translation where it has words. On a terminal it is broken at its width.
func (p *Printer) Line(format string, args ...any) {
	fmt.Fprintln(p.Out, wrap.Line(translation.Format(p.Language(), format, args...), p.Width))
}

// Exactly prints a text as it is, however wide the terminal: what is copied from it, such as a command, a request, a signature.
func (p *Printer) Exactly(text string) { fmt.Fprintln(p.Out, text) }

// Object prints a value as indented JSON.
func (p *Printer) Object(value any) error {
	enc := json.NewEncoder(p.Out)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(value)
}

// Compact prints a value as one line of JSON.
func (p *Printer) Compact(value any) error {
	enc := json.NewEncoder(p.Out)
	enc.SetEscapeHTML(false)
	return enc.Encode(value)
}

// Indented is JSON over several lines, or the text itself where it is none.
func Indented(raw []byte) string {
	var out bytes.Buffer
	if json.Indent(&out, raw, "", "  ") != nil {
		return Clean(string(raw))
	}
	lines := strings.Split(out.String(), "\n")
	for i := range lines {
		lines[i] = Clean(lines[i]) // a text in JSON may hold DEL and the controls from U+0080 on as they are
	}
	return strings.Join(lines, "\n")
}

// Pad fills a text up to a width on the terminal, where a Chinese character takes two columns.
func Pad(s string, width int) string {
	return s + strings.Repeat(" ", max(0, width-wrap.Width(s)))
}

// Fit cuts a text to a width on the terminal.
func Fit(s string, width int) string { return text.Snip(s, width, "…") }

// Short is a text cut to a width where it is shown on a terminal, and whole elsewhere.
func (p *Printer) Short(s string, width int) string {
	if p.Width == 0 {
		return s
	}
	return Fit(s, width)
}
