package words

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// AtByte says what stands at a byte of data, invisible characters made visible. People count bytes from 1.
func AtByte(text string, at int) Phrase {
	at = max(0, min(at, len(text)))
	if at == len(text) {
		return Phrase{En: fmt.Sprintf("it ends at byte %d", at), Zh: fmt.Sprintf("在第 %d 字节结束", at)}
	}
	line := 1 + strings.Count(text[:at], "\n")
	column := utf8.RuneCountInString(text[strings.LastIndexByte(text[:at], '\n')+1:at]) + 1
	piece := Cut(text[at:], 24)
	return Phrase{
		En: fmt.Sprintf("byte %d (line %d, column %d): `%s`", at+1, line, column, Visible(piece)),
		Zh: fmt.Sprintf("第 %d 字节（第 %d 行第 %d 列）：`%s`", at+1, line, column, Visible(piece)),
	}
}

// First is at most the first bytes of a text, as they are.
func First(text string, most int) string { return text[:min(len(text), most)] }

// Cut is the beginning of a text, whole characters only, with … where something is missing.
func Cut(text string, most int) string {
	if len(text) <= most {
		return text
	}
	return strings.ToValidUTF8(text[:most], "") + "…"
}

// FirstDifference is the first byte at which two texts differ, or the length of the shorter one.
func FirstDifference(a, b string) int {
	i := 0
	for i < len(a) && i < len(b) && a[i] == b[i] {
		i++
	}
	return i
}

// Visible has control characters, invisible ones and bytes that are no UTF-8 as escapes.
func Visible(s string) string {
	var b strings.Builder
	for i, r := range s {
		switch {
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\r':
			b.WriteString(`\r`)
		case r == '\t':
			b.WriteString(`\t`)
		case r == utf8.RuneError && s[i] != "\uFFFD"[0], r < ' ', r == 0x7f:
			fmt.Fprintf(&b, `\x%02x`, s[i])
		case Invisible(r):
			fmt.Fprintf(&b, `\u%04x`, r)
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// Invisible says of a character beyond ASCII that nobody sees it, or sees a space.
func Invisible(r rune) bool {
	return r >= 0x80 && (unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Cc, r) || unicode.IsSpace(r) || unicode.Is(unicode.Variation_Selector, r))
}
