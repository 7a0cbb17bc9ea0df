package wire

import (
	"encoding/json"
	"slices"
	"strings"
	"unicode/utf8"
)

// WholeRunes cuts off the piece of a character that a text ends in.
func WholeRunes(text string) (whole, part string) {
	whole = text
	for n := 0; n < 3 && len(whole) > 0 && !utf8.ValidString(whole); n++ {
		whole = whole[:len(whole)-1]
	}
	return whole, text[len(whole):]
}

// IsObject reports whether a text is one JSON object.
func IsObject(text string) bool {
	text = strings.TrimSpace(text)
	return strings.HasPrefix(text, "{") && json.Valid([]byte(text))
}

// Closers are the quotes and brackets that a JSON text lacks at its end; "" where it is complete, or cannot be completed so.
func Closers(data string) string {
	if !strings.HasPrefix(strings.TrimSpace(data), "{") || len(data) > Longest {
		return ""
	}
	var open []byte
	inString, escaped := false, false
	for i := range len(data) {
		c := data[i]
		switch {
		case escaped:
			escaped = false
		case inString && c == '\\':
			escaped = true
		case c == '"':
			inString = !inString
		case inString:
		case c == '{' || c == '[':
			open = append(open, c+2)
		case (c == '}' || c == ']') && len(open) > 0 && open[len(open)-1] == c:
			open = open[:len(open)-1]
		}
	}
	if len(open) > 8 {
		return ""
	}
	slices.Reverse(open)
	if inString {
		return `"` + string(open)
	}
	return string(open)
}
