package cli

import (
	"bytes"
	"strings"
	"testing"
	"unicode"

	"github.com/spf13/cobra"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/etcp-mock/etcp-mock/internal/wrap"
)

// printing is a command that prints into a buffer.
func printing(t *testing.T) (*cobra.Command, *bytes.Buffer) {
	t.Helper()
	root, out := &cobra.Command{Use: "etcp-mock"}, &bytes.Buffer{}
	SharedFlags(root)
	OutputFlag(root)
	root.SetOut(out)
	require.NoError(t, root.ParseFlags([]string{"--lang", "en"}))
	return root, out
}

// cell is a text of a table: words, Chinese, colours.
func cell() *rapid.Generator[string] {
	return rapid.StringOf(rapid.SampledFrom([]rune("ab 渝停车场，x-1\n")))
}

// A table is no wider than its terminal wherever it fits: Chinese takes two columns, every column begins at the same one in each line, and
// nothing of a cell is lost. Where not even the longest words fit, each row is a card.
func TestTable_width(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		width := rapid.SampledFrom([]int{0, 10, 14, 20, 30, 60}).Draw(t, "width")
		columns := make([]tableColumn, rapid.IntRange(1, 4).Draw(t, "columns"))
		n := rapid.IntRange(1, 3).Draw(t, "rows")
		for i := range columns {
			columns[i] = tableColumn{title: rapid.SampledFrom([]string{"ID", "PLATE", "车牌"}).Draw(t, "title"), cells: rapid.SliceOfN(cell(), n, n).Draw(t, "cells")}
		}
		var all strings.Builder
		for _, c := range columns {
			for _, text := range c.cells {
				all.WriteString(text)
			}
		}
		widths, fits := layout(columns, width)
		if fits {
			total := gap * (len(columns) - 1)
			for i, w := range widths {
				total += w
				require.GreaterOrEqual(t, w, wrap.Width(columns[i].title))
			}
			require.True(t, width == 0 || total <= width, "%d of %d", total, width)
		}
		var out bytes.Buffer
		(&Printer{Out: &out, Width: width}).table(columns)
		require.Equal(t, letters(all.String()), letters(out.String(), "ID", "PLATE", "车牌"))
		if fits && width > 0 {
			for line := range strings.SplitSeq(out.String(), "\n") {
				require.LessOrEqual(t, wrap.Width(line), width, "%q", line)
			}
		}
	})
}

// letters are how often each letter stands in a text, titles and white space aside.
func letters(text string, titles ...string) map[rune]int {
	counts := map[rune]int{}
	for _, title := range titles {
		text = strings.ReplaceAll(text, title, "")
	}
	for _, r := range text {
		if !unicode.IsSpace(r) {
			counts[r]++
		}
	}
	return counts
}

// A listing is a table for people, and for programs an object with items, though there is none.
func TestPrintList(t *testing.T) {
	columns := []Column[string]{{Title: "PLATE", Cell: func(s string) string { return s }}, {Title: "N", Right: true, Cell: func(s string) string { return strings.Repeat("1", len(s)/3) }}}
	var out bytes.Buffer
	p := &Printer{Out: &out}
	require.NoError(t, PrintList(p, []string{"渝ATX061", "a停车场"}, "none", columns))
	require.Equal(t, "PLATE       N\n渝ATX061  111\na停车场   111\n", out.String())
	out.Reset()
	require.NoError(t, PrintList(p, nil, "no cases", columns))
	require.Equal(t, "no cases\n", out.String())
	out.Reset()
	p.JSON = true
	require.NoError(t, PrintList(p, nil, "no cases", columns))
	require.JSONEq(t, `{"items":[]}`, out.String())
	require.NoError(t, PrintList(p, []string{"<渝>"}, "", columns))
	require.Contains(t, out.String(), `"<渝>"`, "no HTML escapes")
}

// A card has a name and a value on each line, aligned where the name is Chinese; what has no value is left out, what has several lines goes on below.
func TestCard(t *testing.T) {
	var out bytes.Buffer
	(&Printer{Out: &out}).Card(Field{"plate", "渝ATX061"}, Field{"none", ""}, Field{"停车场", "a\nb"})
	require.Equal(t, "plate   渝ATX061\n停车场  a\n        b\n", out.String())
}

// On a terminal a sentence is broken, and what is copied stays whole.
func TestPrinter_lines(t *testing.T) {
	var out bytes.Buffer
	p := &Printer{Out: &out, Width: 20}
	p.Line("%s", "one two three four five six")
	p.Exactly("one two three four five six")
	require.Equal(t, "one two three four\nfive six\none two three four five six\n", out.String())
	require.Equal(t, "渝ATX…", p.Short("渝ATX061", 6))
	p.Width = 0
	require.Equal(t, "渝ATX061", p.Short("渝ATX061", 6), "a program reads the whole")
	require.Equal(t, "1 event", p.Counted(1, "1 event", "%d events"))
	require.Equal(t, "2 events", p.Counted(2, "1 event", "%d events"))
}

// A text is filled up and cut by the columns it takes on a terminal; what moves the cursor is shown.
func TestPad(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.StringOf(rapid.SampledFrom([]rune("ab渝停 "))).Draw(t, "text")
		width := rapid.IntRange(1, 12).Draw(t, "width")
		require.Equal(t, max(width, wrap.Width(s)), wrap.Width(Pad(s, width)))
		require.LessOrEqual(t, wrap.Width(Fit(s, width)), width)
		if wrap.Width(s) <= width {
			require.Equal(t, s, Fit(s, width))
		}
	})
	require.Equal(t, `a\x1b[31m\x0a渝`, Clean("a\x1b[31m\n渝"))
	require.Equal(t, "{\n  \"a\": 1\n}", Indented([]byte(`{"a":1}`)))
	require.Equal(t, `no\x00 JSON`, Indented([]byte("no\x00 JSON")))
	require.Equal(t, "\x1b[31mx\x1b[0m", Paint{true}.Red("x"))
	require.Empty(t, Paint{true}.Red(""), "no colour of nothing")
	require.Equal(t, "x", Paint{}.Red("x"))
}

// Colours are on where they are asked for, and by themselves only on a terminal; NO_COLOR and a dumb terminal turn that off.
func TestWantsColor(t *testing.T) {
	root, out := printing(t)
	for value, want := range map[string]bool{"always": true, "never": false, "auto": false} {
		require.NoError(t, root.ParseFlags([]string{"--color", value}))
		require.Equal(t, want, WantsColor(root, out), value)
	}
}

// The language is that of --lang, then of ETCP_MOCK_LANG, then of the environment.
func TestLanguage(t *testing.T) {
	for _, row := range []struct{ flag, variable, lang, want string }{
		{"zh", "en", "en_US.UTF-8", "zh"}, {"auto", "zh", "en_US.UTF-8", "zh"}, {"auto", "", "zh_CN.UTF-8", "zh"}, {"auto", "", "C", "en"}, {"auto", "fr", "zh_CN.UTF-8", "zh"},
	} {
		t.Setenv("ETCP_MOCK_LANG", row.variable)
		t.Setenv("LC_ALL", row.lang)
		root, _ := printing(t)
		require.NoError(t, root.ParseFlags([]string{"--lang", row.flag}))
		require.Equal(t, row.want, Language(root), row)
	}
	require.Equal(t, "en", Language(&cobra.Command{}))
}

// A table in which nothing stands is none, however narrow the terminal.
func TestTable_empty(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	(&Printer{Out: &out, Width: 10}).table([]tableColumn{{title: "PLATE", cells: []string{""}}, {title: "PLATE", cells: []string{""}}})
	require.Empty(t, out.String())
}
