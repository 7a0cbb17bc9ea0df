package jsonvalue

import (
	"encoding/json"
	"strings"
	"unicode/utf8"
)

// Value is the value of a text that is known to be JSON, as encoding/json reads it into an any, with what number makes of each number's text. With
// [json.Valid] before it, it takes two thirds of the time of a [json.Decoder]: 6.8 and 10.7 µs for an answer with two orders.
func Value(text []byte, number func(text string) any) any {
	r := reader{text: string(text), number: number}
	r.at = SkipSpace(r.text, 0)
	return r.value()
}

// longest is the length in bytes up to which the texts of a value are pieces of the whole; one of a longer text must not keep all of it.
const longest = 16 << 10

type reader struct {
	text   string
	at     int // in text, at no white space
	number func(text string) any
}

func (r *reader) value() any {
	from := r.at
	switch r.text[from] {
	case '{':
		return r.object()
	case '[':
		return r.array()
	case '"':
		return r.string()
	}
	r.at = ValueEnd(r.text, from)
	switch literal := r.text[from:r.at]; literal {
	case "null":
		return nil
	case "true", "false":
		return literal == "true"
	default:
		return r.number(r.piece(literal))
	}
}

func (r *reader) object() any {
	object := map[string]any{}
	for r.next(); r.text[r.at] != '}'; {
		name := r.string()
		r.skip()
		r.next() // over the colon
		object[name] = r.value()
		if r.skip(); r.text[r.at] == ',' {
			r.next()
		}
	}
	r.at++
	return object
}

func (r *reader) array() any {
	array := []any{}
	for r.next(); r.text[r.at] != ']'; {
		array = append(array, r.value())
		if r.skip(); r.text[r.at] == ',' {
			r.next()
		}
	}
	r.at++
	return array
}

// string reads a text. Bytes of it that are no UTF-8 become U+FFFD.
func (r *reader) string() string {
	from := r.at
	r.at = StringEnd(r.text, from)
	quoted := r.text[from:r.at]
	inner := quoted[1 : len(quoted)-1]
	if strings.IndexByte(inner, '\\') < 0 && utf8.ValidString(inner) {
		return r.piece(inner)
	}
	var text string
	_ = json.Unmarshal([]byte(quoted), &text) // it is a text
	return text
}

func (r *reader) piece(of string) string {
	if len(r.text) > longest {
		return strings.Clone(of)
	}
	return of
}

func (r *reader) skip() { r.at = SkipSpace(r.text, r.at) }

// next passes over a character, and white space behind it.
func (r *reader) next() { r.at = SkipSpace(r.text, r.at+1) }
