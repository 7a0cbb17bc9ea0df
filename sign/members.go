package sign

import (
	"bytes"
	"encoding/json"
	"fmt"
)

// members reads the members of an object whose text is known to be valid JSON in UTF-8. [json.Decoder] allocates for every token: a push took
// four times as long to read, and the contract suite reads each several times.
type members struct {
	text []byte
	at   int
}

// open passes over the bracket that begins an object, and reports whether there is one.
func (m *members) open() bool {
	m.space()
	if m.text[m.at] != '{' {
		return false
	}
	m.at++
	return true
}

// more passes over what stands between two members, and reports whether another one follows.
func (m *members) more() bool {
	m.space()
	if m.text[m.at] == ',' {
		m.at++
		m.space()
	}
	return m.text[m.at] == '"'
}

// next reads a name and a scalar.
func (m *members) next() (Field, error) {
	name, err := m.string()
	if err != nil {
		return Field{}, err
	}
	m.space()
	m.at++ // the colon
	m.space()
	switch m.text[m.at] {
	case '"':
		value, err := m.string()
		return Field{name, value}, err
	case '{', '[':
		return Field{}, fmt.Errorf("%w: %q is no scalar", ErrMalformed, name)
	}
	from := m.at
	m.at += bytes.IndexAny(m.text[from:], ",} \t\r\n") // the object is closed somewhere
	return Field{name, Number(m.text[from:m.at])}, nil
}

// string reads a JSON string.
func (m *members) string() (text string, err error) {
	from, escaped := m.at, false
	for m.at++; m.text[m.at] != '"'; m.at++ {
		if m.text[m.at] == '\\' {
			escaped = true
			m.at++
		}
	}
	m.at++
	if !escaped {
		return string(m.text[from+1 : m.at-1]), nil
	}
	if err := json.Unmarshal(m.text[from:m.at], &text); err != nil {
		return "", fmt.Errorf("%w: %w", ErrMalformed, err)
	}
	return text, nil
}

func (m *members) space() {
	for m.at < len(m.text) && (m.text[m.at] == ' ' || m.text[m.at] == '\t' || m.text[m.at] == '\r' || m.text[m.at] == '\n') {
		m.at++
	}
}
