package syntax

import (
	"bytes"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/etcp-mock/etcp-mock/internal/lazyregexp"
	"github.com/etcp-mock/etcp-mock/scenarios/problem"
)

// marks are the full-width punctuation of a Chinese keyboard, and what YAML has in its stead.
var marks = map[rune]string{'：': ":", '，': ",", '｛': "{", '｝': "}", '［': "[", '］': "]", '“': `"`, '”': `"`, '‘': "'", '’': "'"}

// wideKey is a line that begins with a key of letters and a full-width colon.
var wideKey = lazyregexp.New(`^ *(?:- +)*["']?[A-Za-z_][A-Za-z0-9_.-]*["']?：`)

// wideMark is the full-width punctuation that a file became unreadable by: in the line where reading failed, or behind a key above it.
func wideMark(text []byte, line int) (mistake, bool) {
	lines := bytes.Split(text, []byte{'\n'})
	if line < 1 || line > len(lines) {
		return mistake{}, false
	}
	if column, mark := markIn([]rune(string(lines[line-1]))); column > 0 {
		return wideAt(line, column, mark), true
	}
	for i, each := range lines[:line] {
		if at := wideKey().FindIndex(each); at != nil {
			return wideAt(i+1, utf8.RuneCount(each[:at[1]]), '：'), true
		}
	}
	return mistake{}, false
}

func wideAt(line, column int, mark rune) mistake {
	at := problem.Position{Line: line, Column: column}
	if mark == '：' {
		return mistake{at: at, detail: "a full-width colon stands behind the key", hint: wideColonHint}
	}
	return mistake{at: at, detail: fmt.Sprintf("%c is full-width punctuation", mark), hint: fmt.Sprintf("write %s for it", marks[mark])}
}

// markIn is the first full-width punctuation of a line that stands where YAML has its own: inside brackets, or where a value begins; outside of
// quotes and comments. The column is 0 where there is none.
func markIn(line []rune) (column int, mark rune) {
	var quote, before rune
	open := false
	for i, r := range line {
		switch {
		case quote != 0:
			if r == quote {
				quote = 0
			}
			continue
		case r == '"' || r == '\'':
			quote = r
		case r == '#' && (i == 0 || line[i-1] == ' '):
			return 0, 0
		case r == '{' || r == '[':
			open = true
		case marks[r] != "" && (open || r != '，' && r != '：' && before == ':' || r == '｛' || r == '［'):
			return i + 1, r
		}
		if r != ' ' {
			before = r
		}
	}
	return 0, 0
}

// notUTF8 is where a text stops being UTF-8, which a file of a Chinese Windows in GBK does at its first character.
func notUTF8(name string, text []byte) *problem.Problem {
	if utf8.Valid(text) || bytes.HasPrefix(text, []byte{0xff, 0xfe}) || bytes.HasPrefix(text, []byte{0xfe, 0xff}) {
		return nil
	}
	line, column, rest := 1, 1, text
	for len(rest) > 0 {
		r, size := utf8.DecodeRune(rest)
		if r == utf8.RuneError && size == 1 {
			break
		}
		if column++; r == '\n' {
			line, column = line+1, 1
		}
		rest = rest[size:]
	}
	p := problem.At(name, text, problem.Position{Line: line, Column: column}, "", "the file is not UTF-8")
	p.Hint = "save it as UTF-8"
	if len(rest) > 1 && rest[0] >= 0x81 && rest[0] < 0xff && rest[1] >= 0x40 && rest[1] != 0x7f && rest[1] < 0xff {
		p.Hint = "it looks like GBK: save it as UTF-8"
	}
	return p
}

// wideColonIn says that a key of a mapping in brackets ends with a full-width colon, which makes its value a part of it: {token： "x"}.
func (c *Checker) wideColonIn(m Member, path string) {
	key, _, wide := strings.Cut(m.Name, "：")
	if wide && m.Value.Kind == nullKind && key != "" && strings.Trim(key, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_") == "" {
		at := m.Position
		at.Column += utf8.RuneCountInString(key)
		c.Problem(at, Join(path, key), "a full-width colon stands behind the key", wideColonHint)
	}
}
