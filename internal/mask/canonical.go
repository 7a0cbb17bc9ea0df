package mask

import (
	"slices"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// layers is up to how often a text is read as one that was escaped, as JSON within JSON within a URL is.
const layers = 8

// unit is a byte of a text without its escapes, and where in the text it was written.
type unit struct {
	start, end int32
	b          byte
}

// canonical is a text as all of its spellings are: in small letters, without escapes of JSON, of URLs and of HTML, however often they were applied.
// The units tell of each byte where it came from.
func canonical(s string) (string, []unit) {
	units := make([]unit, len(s))
	for i := range len(s) {
		units[i] = unit{int32(i), int32(i + 1), s[i]} // no text here has 2 GiB
	}
	for range layers {
		before := len(units)
		if units = decoded(units); len(units) == before {
			break // each escape is longer than what it stands for
		}
	}
	text := make([]byte, len(units))
	for i, u := range units {
		text[i] = folded(u.b)
	}
	return string(text), units
}

func folded(b byte) byte {
	switch {
	case b >= 'A' && b <= 'Z':
		return b + 'a' - 'A'
	case b == '+':
		return ' ' // as a form writes it
	case b == 0:
		return 1 // 0 marks what is hidden
	}
	return b
}

// plainly is what canonical makes of a text.
func plainly(s string) string {
	if escapable(s) {
		text, _ := canonical(s)
		return text
	}
	text := []byte(s)
	for i, b := range text {
		text[i] = folded(b)
	}
	return string(text)
}

// escapeMarks are the characters that escapes begin with.
const escapeMarks = `\%&`

// escapable says whether a text may be written with escapes.
func escapable(s string) bool { return strings.ContainsAny(s, escapeMarks) }

// decoded is a text with one layer of escapes taken off, in its place: each escape is longer than what it stands for.
func decoded(in []unit) []unit {
	out := in[:0]
	for i := 0; i < len(in); {
		var plain []byte
		n := 0
		switch in[i].b {
		case '\\':
			plain, n = backslash(in[i:])
		case '%':
			plain, n = percent(in[i:])
		case '&':
			plain, n = entity(in[i:])
		}
		if n == 0 {
			out = append(out, in[i])
			i++
			continue
		}
		start, end := in[i].start, in[i+n-1].end
		for _, b := range plain {
			out = append(out, unit{start, end, b})
		}
		i += n
	}
	return out
}

// percent reads %2D.
func percent(in []unit) (plain []byte, n int) {
	if code, ok := number(in, 1, 2); ok {
		return []byte{byte(code & 0xff)}, 3
	}
	return nil, 0
}

// backslash reads \u002d, \x2d, \n and \/ behind any number of backslashes; before anything else they are left out.
func backslash(in []unit) (plain []byte, n int) {
	for n < len(in) && in[n].b == '\\' {
		n++
	}
	if n == len(in) {
		return nil, n
	}
	switch c := in[n].b; c {
	case 'u':
		if code, ok := number(in, n+1, 4); ok {
			r, n := code, n+5
			if utf16.IsSurrogate(r) { // the second half follows
				skip := n
				for skip < len(in) && in[skip].b == '\\' {
					skip++
				}
				if low, ok := number(in, skip+1, 4); ok && skip > n && in[skip].b == 'u' {
					return utf8.AppendRune(nil, utf16.DecodeRune(r, low)), skip + 5
				}
			}
			return utf8.AppendRune(nil, r), n
		}
	case 'x':
		if code, ok := number(in, n+1, 2); ok {
			return utf8.AppendRune(nil, code), n + 3
		}
	default:
		if i := strings.IndexByte("bfnrt", c); i >= 0 {
			return []byte{"\b\f\n\r\t"[i]}, n + 1
		}
	}
	return []byte{in[n].b}, n + 1
}

var entities = []struct {
	name  string
	plain byte
}{{"amp;", '&'}, {"lt;", '<'}, {"gt;", '>'}, {"quot;", '"'}, {"apos;", '\''}}

// entity reads &quot;, &#45; and &#x2d;.
func entity(in []unit) (plain []byte, n int) {
	head := make([]byte, 0, 10)
	for _, u := range in[1:min(len(in), 11)] {
		if head = append(head, u.b); u.b == ';' {
			break
		}
	}
	text := string(head)
	for _, e := range entities {
		if text == e.name {
			return []byte{e.plain}, len(e.name) + 1
		}
	}
	digits, ok := strings.CutPrefix(text, "#")
	digits, closed := strings.CutSuffix(digits, ";")
	if !ok || !closed {
		return nil, 0
	}
	base := 10
	if digits != "" && (digits[0] == 'x' || digits[0] == 'X') {
		digits, base = digits[1:], 16
	}
	code, err := strconv.ParseUint(digits, base, 21)
	if err != nil {
		return nil, 0
	}
	return utf8.AppendRune(nil, rune(code&0x1fffff)), len(text) + 1
}

// number reads hexadecimal digits, up to four.
func number(in []unit, from, digits int) (code rune, ok bool) {
	if from+digits > len(in) {
		return 0, false
	}
	text := make([]byte, digits)
	for i := range text {
		text[i] = in[from+i].b
	}
	read, err := strconv.ParseUint(string(text), 16, 16)
	return rune(read & 0xffff), err == nil
}

// escaped hides the secrets in a text however their characters are escaped. What is hidden goes from the first byte of an escape to the last, so
// that JSON stays JSON.
func (m *spelled) escaped(s string) string {
	if m.plain == nil && len(m.plainWords) == 0 || !escapable(s) {
		return s
	}
	text, units := canonical(s)
	var spans [][2]int
	if m.plain != nil && (m.plains == nil || slices.ContainsFunc(m.plains, func(secret string) bool { return strings.Contains(text, secret) })) {
		spans = m.marked(m.plain.Replace(text)) // a replacer reads each character by itself
	}
	for _, word := range m.plainWords {
		for _, at := range wordsIn(text, word) {
			spans = append(spans, [2]int{at, at + len(word)})
		}
	}
	slices.SortFunc(spans, func(a, b [2]int) int { return a[0] - b[0] })
	var out strings.Builder
	from := 0
	for _, span := range spans {
		start, end := int(units[span[0]].start), int(units[span[1]-1].end)
		if start < from {
			continue
		}
		out.WriteString(s[from:start])
		out.WriteString(Hidden)
		from = end
	}
	return out.String() + s[from:]
}

// marked reads where a text had secrets, which are replaced by their length between zeros.
func (m *spelled) marked(text string) (spans [][2]int) {
	for at := 0; ; {
		before, rest, found := strings.Cut(text, "\x00")
		if !found {
			return spans
		}
		length, behind, _ := strings.Cut(rest, "\x00")
		n, _ := strconv.Atoi(length) // it was written by New
		at += len(before)
		spans = append(spans, [2]int{at, at + n})
		at += n
		text = behind
	}
}
