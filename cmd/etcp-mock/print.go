package main

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
	"github.com/mattn/go-isatty"
	"github.com/spf13/cobra"

	"github.com/etcp-mock/etcp-mock/internal/lang"
)

// printer writes what a command has to say, for people or, with --output json, for programs.
type printer struct {
	out  io.Writer
	json bool
	zh   bool // explanations in Chinese
	paint
}

func outputFlag(cmd *cobra.Command) {
	cmd.Flags().StringP("output", "o", "table", "table or json")
}

func printerOf(cmd *cobra.Command) *printer {
	out := cmd.OutOrStdout()
	p := &printer{out: out, paint: paint{wantsColor(cmd, out)}, zh: wantsChinese(cmd)}
	if f := cmd.Flags().Lookup("output"); f != nil {
		p.json = f.Value.String() == "json"
	}
	return p
}

func wantsColor(cmd *cobra.Command, out io.Writer) bool {
	switch cmd.Flag("color").Value.String() {
	case "always":
		return true
	case "never":
		return false
	}
	return os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb" && isTerminal(out)
}

func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	return ok && (isatty.IsTerminal(f.Fd()) || isatty.IsCygwinTerminal(f.Fd()))
}

func wantsChinese(cmd *cobra.Command) bool {
	language := cmd.Flag("lang").Value.String()
	if language == "auto" {
		language = lang.OfEnvironment(os.Getenv)
	}
	return language == lang.Chinese
}

// paint colours texts, or leaves them.
type paint struct{ on bool }

func (p paint) with(code, s string) string {
	if !p.on || s == "" {
		return s
	}
	return "\x1b[" + code + "m" + s + "\x1b[0m"
}

func (p paint) bold(s string) string   { return p.with("1", s) }
func (p paint) dim(s string) string    { return p.with("2", s) }
func (p paint) red(s string) string    { return p.with("31", s) }
func (p paint) green(s string) string  { return p.with("32", s) }
func (p paint) yellow(s string) string { return p.with("33", s) }
func (p paint) blue(s string) string   { return p.with("34", s) }
func (p paint) cyan(s string) string   { return p.with("36", s) }

// clean shows control characters as escapes: what merchants sent must not move the reader's cursor.
func clean(s string) string {
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

func (p *printer) line(format string, args ...any) { fmt.Fprintf(p.out, format+"\n", args...) }

// object prints a value as indented JSON.
func (p *printer) object(value any) error {
	enc := json.NewEncoder(p.out)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(value)
}

// compact prints a value as one line of JSON.
func (p *printer) compact(value any) error {
	enc := json.NewEncoder(p.out)
	enc.SetEscapeHTML(false)
	return enc.Encode(value)
}

// column is one column of a listing.
type column[T any] struct {
	title string
	cell  func(T) string
	right bool // aligned
}

// printList prints a listing: a table, or the shape the control API gives listings.
func printList[T any](p *printer, items []T, none string, columns []column[T]) error {
	if p.json {
		if items == nil {
			items = []T{}
		}
		return p.object(map[string]any{"items": items})
	}
	if len(items) == 0 {
		p.line("%s", p.dim(none))
		return nil
	}
	w := table.NewWriter()
	w.SetStyle(table.Style{Box: tableBox, Options: table.OptionsNoBordersAndSeparators, Format: table.FormatOptions{}})
	header := make(table.Row, len(columns))
	configs := make([]table.ColumnConfig, 0, len(columns))
	for i, c := range columns {
		header[i] = p.dim(c.title)
		if c.right {
			configs = append(configs, table.ColumnConfig{Number: i + 1, Align: text.AlignRight, AlignHeader: text.AlignRight})
		}
	}
	w.SetColumnConfigs(configs)
	w.AppendHeader(header)
	for _, item := range items {
		row := make(table.Row, len(columns))
		for i, c := range columns {
			row[i] = c.cell(item)
		}
		w.AppendRow(row)
	}
	p.lines(w.Render())
	return nil
}

// lines prints lines without the spaces at their ends.
func (p *printer) lines(block string) {
	for line := range strings.SplitSeq(block, "\n") {
		p.line("%s", strings.TrimRight(line, " "))
	}
}

var tableBox = table.BoxStyle{PaddingLeft: "", PaddingRight: "  ", MiddleVertical: " "}

// field is a name and a value of a card.
type field struct{ name, value string }

// card prints names and values, one a line; those without a value are left out. A value of several lines goes on below itself.
func (p *printer) card(fields ...field) {
	width := 0
	for _, f := range fields {
		if f.value != "" {
			width = max(width, text.StringWidth(f.name))
		}
	}
	for _, f := range fields {
		if f.value == "" {
			continue
		}
		value := strings.ReplaceAll(f.value, "\n", "\n"+strings.Repeat(" ", width+2))
		p.line("%s  %s", p.dim(pad(f.name, width)), value)
	}
}

// indented is JSON over several lines, or the text itself where it is none.
func indented(raw []byte) string {
	var out bytes.Buffer
	if json.Indent(&out, raw, "", "  ") != nil {
		return clean(string(raw))
	}
	return out.String()
}

// pad fills a text up to a width on the terminal, where a Chinese character takes two columns.
func pad(s string, width int) string {
	return s + strings.Repeat(" ", max(0, width-text.StringWidthWithoutEscSequences(s)))
}

// fit cuts a text to a width on the terminal.
func fit(s string, width int) string { return text.Snip(s, width, "…") }

// wrapWords cuts a text into lines of a width, between words; Chinese goes between any two characters.
func wrapWords(s string, width int) []string {
	lines := strings.Split(text.WrapSoft(s, width), "\n")
	for i := range lines {
		lines[i] = strings.TrimRight(lines[i], " ")
	}
	return lines
}
