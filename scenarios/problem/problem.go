// Package problem says what is wrong with a file that people write: file, line, column, the line itself with a caret, and a
// hint where one can be given.
package problem

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/etcp-mock/etcp-mock/internal/chinese"
	"github.com/etcp-mock/etcp-mock/internal/lang"
)

// Position is a line and column, both from 1; the zero value is no position.
type Position struct {
	Line   int `json:"line"`
	Column int `json:"column"`
}

// Problem is what is wrong with a file, and where.
type Problem struct { //nolint:errname // it is read as what it is: a problem of a file
	File     string `json:"file"`
	Position        // where the offending text begins
	Field    string `json:"field,omitempty"` // in a scenario its path, steps[2].expect; in a fixture a JSON pointer; "" for the file as a whole
	Detail   string `json:"detail"`
	Hint     string `json:"hint,omitempty"`   // how to fix it, where that can be said: did you mean "usersigin"?
	Source   string `json:"source,omitempty"` // the line

	// DetailZh is Detail in Chinese where whoever found it says so; "": it is looked up.
	DetailZh string `json:"-"`
}

// Error is the problem on one line: file:line:column: field: detail (hint).
func (p *Problem) Error() string { return p.line("%s: ", " (%s)") }

func (p *Problem) line(colon, brackets string) string {
	var text strings.Builder
	text.WriteString(p.File)
	if p.Line > 0 {
		fmt.Fprintf(&text, ":%d:%d", p.Line, p.Column)
	}
	text.WriteString(": ")
	if p.Field != "" {
		fmt.Fprintf(&text, colon, p.Field)
	}
	text.WriteString(p.Detail)
	if p.Hint != "" {
		fmt.Fprintf(&text, brackets, p.Hint)
	}
	return text.String()
}

// Text is the problem with the offending line below it, and a caret.
func (p *Problem) Text() string { return p.TextIn(lang.English) }

// Chinese is the detail in Chinese.
func (p *Problem) Chinese() string {
	if p.DetailZh != "" {
		return p.DetailZh
	}
	return chinese.Of(p.Detail)
}

// TextIn is Text in a language.
func (p *Problem) TextIn(language string) string {
	line := p.Error()
	if language == lang.Chinese {
		said := *p
		said.Detail, said.Hint = p.Chinese(), chinese.Of(p.Hint)
		line = said.line("%s：", "（%s）")
	}
	if p.Source == "" {
		return line
	}
	return line + "\n" + Caret(p.Source, p.Position)
}

// Caret shows a line with its number, and a caret below the column.
func Caret(source string, at Position) string {
	const most = 160
	margin := fmt.Sprintf("%5d | ", at.Line)
	var pad strings.Builder
	column := 1
	for _, r := range source {
		if column >= at.Column {
			break
		}
		column++
		switch {
		case r == '\t':
			pad.WriteByte('\t')
		case r >= 0x1100: // as wide as two on a terminal
			pad.WriteString("  ")
		default:
			pad.WriteByte(' ')
		}
	}
	if runes := []rune(source); len(runes) > most {
		source = string(runes[:most]) + "…"
		if at.Column > most {
			return margin + source
		}
	}
	return margin + source + "\n      | " + pad.String() + "^"
}

// Problems is everything that is wrong with a file, or with several, in the files' order.
type Problems []*Problem //nolint:errname // as Problem

// MaxProblems bounds what is said about one file.
const MaxProblems = 50

// Error lists the problems, each with its line and a caret.
func (ps Problems) Error() string { return ps.TextIn(lang.English) }

// TextIn is Error in a language.
func (ps Problems) TextIn(language string) string {
	texts := make([]string, len(ps))
	for i, p := range ps {
		texts[i] = p.TextIn(language)
	}
	return strings.Join(texts, "\n")
}

// Sort puts the problems in the order of files, lines and columns.
func (ps Problems) Sort() {
	slices.SortStableFunc(ps, func(a, b *Problem) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
}

// Err is nil where there are no problems.
func (ps Problems) Err() error {
	if len(ps) == 0 {
		return nil
	}
	return ps
}

// At is a problem at a position of a text, with the line there.
func At(file string, text []byte, at Position, field, detail string) *Problem {
	return &Problem{File: file, Position: at, Field: field, Detail: detail, Source: LineOf(text, at.Line)}
}

// LineOf is a line of a text, from 1, without its end.
func LineOf(text []byte, number int) string {
	for range number - 1 {
		_, rest, found := bytes.Cut(text, []byte{'\n'})
		if !found {
			return ""
		}
		text = rest
	}
	if number < 1 {
		return ""
	}
	line, _, _ := bytes.Cut(text, []byte{'\n'})
	return strings.ToValidUTF8(strings.TrimRight(string(line), "\r"), "\uFFFD")
}
