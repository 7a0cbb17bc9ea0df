// Package wrap breaks texts into lines that fit a terminal: between words and between Chinese characters, never inside an id, a number, a
// plate, an address or a URL. Colours count nothing. Under a Chinese locale the characters whose width is ambiguous (§ × … —) are two wide,
// as terminals show them there.
package wrap

import (
	"os"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/jedib0t/go-pretty/v6/text"
	"golang.org/x/term"

	"github.com/etcp-mock/etcp-mock/internal/lazyregexp"
)

// narrowest is the least width that texts are broken for: below it a line holds too little to be read.
const narrowest = 20

// Columns is how wide a terminal is: by the variable COLUMNS, else as the terminal says. It is 0 where a stream is no terminal: what goes
// into a file or a pipe stays whole.
func Columns(f *os.File, getenv func(string) string) int {
	if !term.IsTerminal(int(f.Fd())) {
		return 0
	}
	if n, err := strconv.Atoi(getenv("COLUMNS")); err == nil && n > 0 {
		return max(n, narrowest)
	}
	n, _, err := term.GetSize(int(f.Fd()))
	if err != nil || n <= 0 {
		return 0
	}
	return max(n, narrowest)
}

// Width is how many columns of a terminal a text takes.
func Width(s string) int { return text.StringWidthWithoutEscSequences(s) }

// Longest is the width of the widest part of a text that is never broken.
func Longest(s string) int {
	longest := 0
	for line := range strings.SplitSeq(s, "\n") {
		for _, piece := range pieces(line) {
			longest = max(longest, Width(strings.TrimRight(piece, " ")))
		}
	}
	return longest
}

// Lines breaks a text into lines of a width; 0 leaves its lines as they are. A part that may not be broken and is wider has a line of its own.
func Lines(s string, width int) []string {
	var lines []string
	for line := range strings.SplitSeq(s, "\n") {
		if width <= 0 || Width(line) <= width {
			lines = append(lines, line)
			continue
		}
		lines = append(lines, broken(line, width)...)
	}
	return lines
}

// Indented breaks a text into lines of a width, all but the first of which stand behind an indent.
func Indented(s string, width, indent int) string {
	if width <= 0 {
		return s
	}
	if indent > width-narrowest {
		indent = 0
	}
	var b strings.Builder
	for i, paragraph := range strings.Split(s, "\n") {
		if i > 0 {
			b.WriteByte('\n')
		}
		head := paragraph
		if Width(paragraph) > width {
			lead, rest := cutAt(paragraph, indent)
			parts := broken(rest, width-indent)
			head = lead + strings.Join(parts, "\n"+strings.Repeat(" ", indent))
		}
		b.WriteString(head)
	}
	return b.String()
}

// Line breaks one line, and indents what follows as its beginning is.
func Line(s string, width int) string {
	return Indented(s, width, Width(s)-Width(strings.TrimLeft(s, " ")))
}

// cutAt divides a text at a column of the terminal.
func cutAt(s string, column int) (lead, rest string) {
	at := 0
	for i := 0; i < len(s); {
		if n := escape(s[i:]); n > 0 {
			i += n
			continue
		}
		if at >= column {
			return s[:i], s[i:]
		}
		r, n := utf8.DecodeRuneInString(s[i:])
		at += text.RuneWidth(r)
		i += n
	}
	return s, ""
}

// broken are the lines of a line that is too wide. A colour that goes on is begun anew in each.
func broken(line string, width int) []string {
	var lines []string
	now, at, color := "", 0, ""
	for _, piece := range pieces(line) {
		trimmed := Width(strings.TrimRight(piece, " "))
		if at > 0 && at+trimmed > width {
			now = strings.TrimRight(now, " ")
			if color != "" {
				now += reset
			}
			lines = append(lines, now)
			now, at = color, 0
		}
		now += piece
		at += Width(piece)
		color = colorAfter(color, piece)
	}
	return append(lines, strings.TrimRight(now, " "))
}

const reset = "\x1b[0m"

var escapes = lazyregexp.New("^\x1b\\[[0-9;]*m")

// escape is how long the colour is that a text begins with.
func escape(s string) int {
	if !strings.HasPrefix(s, "\x1b") {
		return 0
	}
	return len(escapes().FindString(s))
}

func colorAfter(color, piece string) string {
	for i := range len(piece) {
		if n := escape(piece[i:]); n > 0 {
			if color = piece[i : i+n]; color == reset || color == "\x1b[m" {
				color = ""
			}
		}
	}
	return color
}

// pieces are the parts of a line between which it may be broken, each with the spaces behind it. Spaces at the beginning belong to the first.
func pieces(line string) []string {
	var all []string
	start := 0
	var before rune
	for i := 0; i < len(line); {
		if n := escape(line[i:]); n > 0 {
			i += n
			continue
		}
		r, n := utf8.DecodeRuneInString(line[i:])
		if before != 0 && r != ' ' && mayBreak(before, r) && strings.TrimLeft(line[start:i], " ") != "" {
			all = append(all, line[start:i])
			start = i
		}
		before = r
		i += n
	}
	return append(all, line[start:])
}

const (
	closing   = `，。、；：！？）】》」』”’％%,.;:!?)]}>…—·`
	opening   = `（【《「『“‘([{<¥＄$§#`
	provinces = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼使领民航"
	endings   = "挂学警港澳使领应急"
)

// mayBreak says whether a line may end between two characters: behind a space, and beside a Chinese character where neither punctuation nor a
// plate is divided.
func mayBreak(before, after rune) bool {
	switch {
	case before == ' ':
		return true
	case strings.ContainsRune(closing, after), strings.ContainsRune(opening, before):
		return false
	case strings.ContainsRune(provinces, before) && (isPlate(after) || after == '*'):
		return false
	case isPlate(before) && strings.ContainsRune(endings, after):
		return false
	}
	return isChinese(before) || isChinese(after)
}

func isPlate(r rune) bool { return r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' }

// isChinese takes in the punctuation that is written with Chinese.
func isChinese(r rune) bool {
	return unicode.Is(unicode.Han, r) || r >= 0x3000 && r <= 0x303f || r >= 0xff00 && r <= 0xffef
}
