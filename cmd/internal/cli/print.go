package cli

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"
	"unicode"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/jedib0t/go-pretty/v6/text"
	"github.com/spf13/cobra"

	"github.com/etcp-mock/etcp-mock/cmd/internal/translation"
	"github.com/etcp-mock/etcp-mock/internal/lang"
)

// Printer writes what a command has to say, for people or, with --output json, for programs.
type Printer struct {
	Out     io.Writer
	JSON    bool
	Chinese bool // all that is said
	Paint
}

// OutputFlag adds --output.
func OutputFlag(cmd *cobra.Command) {
	cmd.Flags().StringP("output", "o", "table", "table or json")
}

// PrinterOf is the printer that a command's flags ask for.
func PrinterOf(cmd *cobra.Command) *Printer {
	out := cmd.OutOrStdout()
	p := &Printer{Out: out, Paint: Paint{WantsColor(cmd, out)}, Chinese: Language(cmd) == lang.Chinese}
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
	f, is := Beneath(w).(*os.File)
	return is && isTerminal(f)
}

// Language is that of explanations: lang.English or lang.Chinese.
func Language(cmd *cobra.Command) string {
	f := cmd.Flag("lang")
	switch {
	case f == nil: // of no command of a program
		return lang.English
	case f.Value.String() != "auto":
		return f.Value.String()
	}
	if asked := os.Getenv(Variable("lang")); asked == lang.English || asked == lang.Chinese { // of a help, before settings are read
		return asked
	}
	return lang.OfEnvironment(os.Getenv)
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

// Counted is a number with its noun, both as formats: 1 event, %d events.
func (p *Printer) Counted(n int, one, many string) string {
	if n == 1 {
		return p.In(one)
	}
	return p.Phrase(many, n)
}

// Line prints a line, whose format has a row in package translation where it has words.
func (p *Printer) Line(format string, args ...any) {
	fmt.Fprintln(p.Out, translation.Format(p.Language(), format, args...))
}

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

// Column is one column of a listing.
type Column[T any] struct {
	Title string
	Cell  func(T) string
	Right bool // aligned
}

// PrintList prints a listing: a table, or the shape the control API gives listings.
func PrintList[T any](p *Printer, items []T, none string, columns []Column[T]) error {
	if p.JSON {
		if items == nil {
			items = []T{}
		}
		return p.Object(map[string]any{"items": items})
	}
	if len(items) == 0 {
		p.Line("%s", p.Dim(p.In(none)))
		return nil
	}
	w := NewTable()
	header := make(table.Row, len(columns))
	configs := make([]table.ColumnConfig, 0, len(columns))
	for i, c := range columns {
		header[i] = p.Dim(p.In(c.Title))
		if c.Right {
			configs = append(configs, table.ColumnConfig{Number: i + 1, Align: text.AlignRight, AlignHeader: text.AlignRight})
		}
	}
	w.SetColumnConfigs(configs)
	w.AppendHeader(header)
	for _, item := range items {
		row := make(table.Row, len(columns))
		for i, c := range columns {
			row[i] = c.Cell(item)
		}
		w.AppendRow(row)
	}
	p.Lines(w.Render())
	return nil
}

// Lines prints lines without the spaces at their ends.
func (p *Printer) Lines(block string) {
	for line := range strings.SplitSeq(block, "\n") {
		p.Line("%s", strings.TrimRight(line, " "))
	}
}

// NewTable is a table without lines, whose columns are aligned where they are Chinese, too.
func NewTable() table.Writer {
	w := table.NewWriter()
	w.SetStyle(table.Style{Box: tableBox, Options: table.OptionsNoBordersAndSeparators, Format: table.FormatOptions{}})
	return w
}

var tableBox = table.BoxStyle{PaddingLeft: "", PaddingRight: "  ", MiddleVertical: " "}

// Field is a name and a value of a card.
type Field = [2]string

// Card prints names and values, one a line; those without a value are left out. A value of several lines goes on below itself.
func (p *Printer) Card(fields ...Field) {
	width := 0
	for _, f := range fields {
		if f[1] != "" {
			width = max(width, text.StringWidth(p.In(f[0])))
		}
	}
	for _, f := range fields {
		if f[1] == "" {
			continue
		}
		value := strings.ReplaceAll(f[1], "\n", "\n"+strings.Repeat(" ", width+2))
		p.Line("%s  %s", p.Dim(Pad(p.In(f[0]), width)), value)
	}
}

// Indented is JSON over several lines, or the text itself where it is none.
func Indented(raw []byte) string {
	var out bytes.Buffer
	if json.Indent(&out, raw, "", "  ") != nil {
		return Clean(string(raw))
	}
	return out.String()
}

// Pad fills a text up to a width on the terminal, where a Chinese character takes two columns.
func Pad(s string, width int) string {
	return s + strings.Repeat(" ", max(0, width-text.StringWidthWithoutEscSequences(s)))
}

// Fit cuts a text to a width on the terminal.
func Fit(s string, width int) string { return text.Snip(s, width, "…") }

// WrapWords cuts a text into lines of a width, between words; Chinese goes between any two characters.
func WrapWords(s string, width int) []string {
	lines := strings.Split(text.WrapSoft(s, width), "\n")
	for i := range lines {
		lines[i] = strings.TrimRight(lines[i], " ")
	}
	return lines
}
