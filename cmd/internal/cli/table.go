package cli

import (
	"slices"
	"strings"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/jedib0t/go-pretty/v6/text"

	"github.com/etcp-mock/etcp-mock/internal/wrap"
)

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
	cells := make([]tableColumn, len(columns))
	for i, c := range columns {
		cells[i] = tableColumn{title: p.In(c.Title), right: c.Right, cells: make([]string, len(items))}
		for j, item := range items {
			cells[i].cells[j] = c.Cell(item)
		}
	}
	p.table(cells)
	return nil
}

// tableColumn is a column as it is printed.
type tableColumn struct {
	title string
	right bool
	cells []string
}

// gap is how many columns of the terminal lie between two of a table.
const gap = 2

// table prints columns beside each other. On a terminal that is too narrow empty columns are left out and the widest are broken at words;
// where not even that fits, each row is a card of its own.
func (p *Printer) table(columns []tableColumn) {
	widths, fits := layout(columns, p.Width)
	if !fits {
		if columns = slices.DeleteFunc(columns, tableColumn.empty); len(columns) == 0 {
			return // nothing stands in any of them
		}
		if widths, fits = layout(columns, p.Width); !fits {
			p.cards(columns)
			return
		}
	}
	w := NewTable()
	header := make(table.Row, len(columns))
	configs := make([]table.ColumnConfig, 0, len(columns))
	for i, c := range columns {
		header[i] = p.Dim(c.title)
		if c.right {
			configs = append(configs, table.ColumnConfig{Number: i + 1, Align: text.AlignRight, AlignHeader: text.AlignRight})
		}
	}
	w.SetColumnConfigs(configs)
	w.AppendHeader(header)
	for j := range columns[0].cells {
		row := make(table.Row, len(columns))
		for i, c := range columns {
			row[i] = strings.Join(wrap.Lines(c.cells[j], widths[i]), "\n")
		}
		w.AppendRow(row)
	}
	p.Lines(w.Render())
}

// Grid prints a wide table of short cells, such as a matrix: where a terminal is too narrow, its columns follow in blocks below each other,
// each with the first column again.
func (p *Printer) Grid(header []string, rows [][]string) {
	widths := make([]int, len(header))
	for i := range header {
		widths[i] = wrap.Width(header[i])
		for _, row := range rows {
			widths[i] = max(widths[i], wrap.Width(row[i]))
		}
	}
	for from := 1; from < len(header); {
		to, all := from, widths[0]
		for to < len(header) && (to == from || p.Width <= 0 || all+gap+widths[to] <= p.Width) {
			all += gap + widths[to]
			to++
		}
		cut := func(cells []string) table.Row {
			row := table.Row{cells[0]}
			for _, cell := range cells[from:to] {
				row = append(row, cell)
			}
			return row
		}
		if from > 1 {
			p.Exactly("")
		}
		t := NewTable()
		t.AppendHeader(cut(header))
		for _, row := range rows {
			t.AppendRow(cut(row))
		}
		p.Lines(t.Render())
		from = to
	}
}

func (c tableColumn) empty() bool {
	return !slices.ContainsFunc(c.cells, func(cell string) bool { return cell != "" })
}

// layout is how wide each column is: as wide as its cells where they fit into a width, else the widest are made narrower, down to their longest
// words. It reports false where not even that fits.
func layout(columns []tableColumn, width int) (widths []int, fits bool) {
	widths, least := make([]int, len(columns)), make([]int, len(columns))
	all := gap * (len(columns) - 1)
	for i, c := range columns {
		widths[i], least[i] = wrap.Width(c.title), wrap.Width(c.title)
		for _, cell := range c.cells {
			for line := range strings.SplitSeq(cell, "\n") {
				widths[i] = max(widths[i], wrap.Width(line))
			}
			least[i] = max(least[i], wrap.Longest(cell))
		}
		all += widths[i]
	}
	for width > 0 && all > width {
		widest := -1
		for i := range widths {
			if widths[i] > least[i] && (widest < 0 || widths[i] > widths[widest]) {
				widest = i
			}
		}
		if widest < 0 {
			return nil, false
		}
		widths[widest]--
		all--
	}
	return widths, true
}

// cards prints each row of a table below the other, an empty line between two.
func (p *Printer) cards(columns []tableColumn) {
	for j := range columns[0].cells {
		if j > 0 {
			p.Line("")
		}
		fields := make([]Field, len(columns))
		for i, c := range columns {
			fields[i] = Field{c.title, c.cells[j]}
		}
		p.Card(fields...)
	}
}

// Lines prints lines without the spaces at their ends, however wide they are.
func (p *Printer) Lines(block string) {
	for line := range strings.SplitSeq(block, "\n") {
		p.Exactly(strings.TrimRight(line, " "))
	}
}

// NewTable is a table without lines, whose columns are aligned where they are Chinese, too.
func NewTable() table.Writer {
	w := table.NewWriter()
	w.SetStyle(table.Style{Box: tableBox, Options: table.OptionsNoBordersAndSeparators, Format: table.FormatOptions{}})
	return w
}

var tableBox = table.BoxStyle{PaddingLeft: "", PaddingRight: strings.Repeat(" ", gap), MiddleVertical: " "}

// Field is a name and a value of a card.
type Field = [2]string

// Card prints names and values, one a line; those without a value are left out. A value of several lines goes on below itself.
func (p *Printer) Card(fields ...Field) {
	width := 0
	for _, f := range fields {
		if f[1] != "" {
			width = max(width, wrap.Width(p.In(f[0])))
		}
	}
	for _, f := range fields {
		if f[1] == "" {
			continue
		}
		value := strings.ReplaceAll(f[1], "\n", "\n"+strings.Repeat(" ", width+gap))
		p.Exactly(wrap.Indented(p.Dim(Pad(p.In(f[0]), width))+strings.Repeat(" ", gap)+value, p.Width, width+gap))
	}
}
