package params

import (
	"encoding/json"
	"errors"
	"strings"
	"unicode/utf8"
)

// member is one key of a JSON object with its value, unquoted where it is a
// string and as written where it is anything else.
type member struct {
	name, text string
	kind       byte // 's'tring, 'n'umber, 'b'oolean, 'z' null, 'o'bject, 'a'rray
}

var (
	errNotUTF8   = errors.New("not valid UTF-8")
	errNotObject = errors.New("not a JSON object")
)

// members lists the keys of a JSON object in the order they are written,
// repeated ones included. Once encoding/json has said that the text is JSON, a
// scan is enough, and costs a tenth of decoding into a map. How deep a value
// nests costs no stack here; encoding/json takes 10 000 levels.
func members(dst []member, data string) ([]member, error) {
	if !utf8.ValidString(data) {
		return dst, errNotUTF8
	}
	text := strings.TrimLeft(data, " \t\r\n")
	if text == "" || text[0] != '{' {
		return dst, errNotObject
	}
	if !json.Valid([]byte(text)) {
		return dst, errNotObject
	}
	i := skipSpace(text, 1)
	for text[i] != '}' {
		end := stringEnd(text, i)
		name := unquote(text[i:end])
		i = skipSpace(text, skipSpace(text, end)+1) // over the colon
		end = valueEnd(text, i)
		dst = append(dst, member{name: name, text: scalar(text[i:end]), kind: kindOf(text[i])})
		i = skipSpace(text, end)
		if text[i] == ',' {
			i = skipSpace(text, i+1)
		}
	}
	return dst, nil
}

func skipSpace(s string, i int) int {
	for i < len(s) && (s[i] == ' ' || s[i] == '\t' || s[i] == '\r' || s[i] == '\n') {
		i++
	}
	return i
}

func stringEnd(s string, i int) int {
	for i++; s[i] != '"'; i++ {
		if s[i] == '\\' {
			i++
		}
	}
	return i + 1
}

func valueEnd(s string, i int) int {
	switch s[i] {
	case '"':
		return stringEnd(s, i)
	case '{', '[':
		depth := 0
		for {
			switch s[i] {
			case '"':
				i = stringEnd(s, i)
				continue
			case '{', '[':
				depth++
			case '}', ']':
				if depth--; depth == 0 {
					return i + 1
				}
			}
			i++
		}
	default:
		for i < len(s) && !strings.ContainsRune(",}] \t\r\n", rune(s[i])) {
			i++
		}
		return i
	}
}

func kindOf(c byte) byte {
	switch c {
	case '"':
		return 's'
	case '{':
		return 'o'
	case '[':
		return 'a'
	case 't', 'f':
		return 'b'
	case 'n':
		return 'z'
	default:
		return 'n'
	}
}

func scalar(text string) string {
	if text[0] == '"' {
		return unquote(text)
	}
	return text
}

func unquote(quoted string) string {
	inner := quoted[1 : len(quoted)-1]
	if strings.IndexByte(inner, '\\') < 0 {
		return inner
	}
	var out string
	if json.Unmarshal([]byte(quoted), &out) != nil {
		return inner
	}
	return out
}
