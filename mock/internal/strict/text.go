package strict

import (
	"cmp"
	"fmt"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// maxText bounds one text, in bytes: no text of the control API is as long.
const maxText = 4 << 20

// str reads a text. One without escapes, which next to every name and value is, is where it stands.
func (p *parser) str(where *path) (string, error) {
	rest, all := p.src[p.pos+1:min(len(p.src), p.pos+maxText)], byte(0)
	for i := range len(rest) {
		c := rest[i]
		if c == '"' && (all < utf8.RuneSelf || utf8.ValidString(rest[:i])) {
			p.pos += i + 2
			return rest[:i], nil
		}
		if c == '"' || c == '\\' || c < ' ' {
			break
		}
		all |= c
	}
	return p.text(where, true)
}

// text reads a text, and keeps it where it is wanted.
func (p *parser) text(where *path, wanted bool) (string, error) {
	t := text{parser: p, start: p.pos, wanted: wanted}
	p.pos++
	for first := p.pos; p.pos < len(p.src); {
		from := p.pos
		for p.pos < len(p.src) && p.src[p.pos] != '"' && p.src[p.pos] != '\\' && p.src[p.pos] >= ' ' {
			p.pos++
		}
		plain := p.src[from:p.pos]
		if !utf8.ValidString(plain) {
			t.broken = "the text is not valid UTF-8"
		}
		switch {
		case p.pos == len(p.src):
		case p.src[p.pos] < ' ':
			return "", p.failf("the control character %q within a string", p.src[p.pos])
		case p.pos-t.start > maxText:
			p.report(t.start, where, fmt.Sprintf("a text longer than %d MiB", maxText>>20))
			return "", errEnough
		case p.src[p.pos] == '"' && from == first: // without escapes it is where it stands
			p.pos++
			t.whole(where)
			return plain, nil
		case p.src[p.pos] == '"':
			p.pos++
			t.whole(where)
			return string(append(t.out, plain...)), nil
		default:
			t.add(plain)
			if err := t.escape(); err != nil {
				return "", err
			}
		}
	}
	return "", p.fail("the end, within a string")
}

// text is a text that is being read.
type text struct {
	*parser

	start  int
	wanted bool
	out    []byte
	broken string // what is wrong with it
}

// whole reports a text that is no Unicode, which is a problem but not the end.
func (t *text) whole(where *path) {
	if t.broken != "" {
		t.report(t.start, where, t.broken)
	}
}

func (t *text) add(plain string) {
	if t.wanted {
		t.out = append(t.out, plain...)
	}
}

// escapes are the characters that a backslash may have behind it, but u, with what they stand for.
var escapes = [256]byte{'"': '"', '\\': '\\', '/': '/', 'b': '\b', 'f': '\f', 'n': '\n', 'r': '\r', 't': '\t'}

// escape reads what begins with a backslash.
func (t *text) escape() error {
	if t.pos+1 >= len(t.src) {
		t.pos = len(t.src)
		return nil
	}
	e := t.src[t.pos+1]
	if c := escapes[e]; c != 0 {
		t.pos += 2
		if t.wanted {
			t.out = append(t.out, c)
		}
		return nil
	}
	if e != 'u' {
		return t.failf(`the escape \%s`, t.src[t.pos+1:t.pos+1+max(1, runeLen(t.src[t.pos+1:]))])
	}
	r, ok := t.hex()
	if !ok {
		return t.fail(`\u without four hexadecimal digits`)
	}
	if utf16.IsSurrogate(r) {
		r = t.pair(r)
	}
	if t.wanted {
		t.out = utf8.AppendRune(t.out, r)
	}
	return nil
}

// pair reads the second half of a surrogate pair.
func (t *text) pair(high rune) rune {
	back := t.pos
	if strings.HasPrefix(t.src[t.pos:], `\u`) {
		if low, ok := t.hex(); ok {
			if r := utf16.DecodeRune(high, low); r != utf8.RuneError {
				return r
			}
		}
	}
	t.broken, t.pos = cmp.Or(t.broken, "the text is not valid Unicode"), back
	return utf8.RuneError
}

func runeLen(s string) int { _, n := utf8.DecodeRuneInString(s); return n }

// hex reads \uXXXX.
func (p *parser) hex() (rune, bool) {
	if p.pos+6 > len(p.src) {
		return 0, false
	}
	var r rune
	for _, c := range []byte(p.src[p.pos+2 : p.pos+6]) {
		switch {
		case c >= '0' && c <= '9':
			c -= '0'
		case c|0x20 >= 'a' && c|0x20 <= 'f':
			c = c | 0x20 - 'a' + 10
		default:
			return 0, false
		}
		r = r<<4 | rune(c)
	}
	p.pos += 6
	return r, true
}
