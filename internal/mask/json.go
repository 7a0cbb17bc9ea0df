package mask

import (
	"bytes"
	"encoding/json"
	"strings"
)

// JSON is a JSON document with the secrets hidden within the members that are named, whatever way they are written there: as a text, a number or
// the name of a member, or in JSON that is a text. In the members that are names of something, a text stays that the masker knows as a name (see
// Knowing), or that the member's function calls one. The document is as an encoder wrote it; all else in it stays byte for byte.
func (m Masker) JSON(document []byte, inside func(member string) bool, names map[string]func(text string) bool) []byte {
	return m.json(jsonMasker{in: document, masker: m, word: Hidden, inside: inside, names: names})
}

// JSONAs is JSON with a word in place of [Hidden] in each text that a secret is hidden in. A text in which one was hidden before stays.
func (m Masker) JSONAs(word string, document []byte, inside func(member string) bool) []byte {
	return m.json(jsonMasker{in: document, masker: m, word: word, inside: inside})
}

func (m Masker) json(j jsonMasker) []byte {
	if m.IsZero() {
		return j.in
	}
	if j.escaped = !m.plainIn(j.in); j.escaped && !m.escapedIn(j.in) {
		return j.in // next to every one
	}
	j.value(false)
	return j.masked()
}

// jsonMasker reads JSON that an encoder has written, and copies it only where a secret is in it: copying all of it took twice as long.
type jsonMasker struct {
	in     []byte
	at     int
	out    []byte // what comes of in up to copied
	copied int
	masker Masker
	// escaped is that no secret is written as it is in the document, so that only texts with escapes need to be searched: a tenth less work for a page
	// of pushes to a URL with a % in it (BenchmarkMasker_JSON).
	escaped bool
	word    string // stands for a secret
	inside  func(member string) bool
	names   map[string]func(text string) bool
}

// replace writes a text in place of what was read since from.
func (j *jsonMasker) replace(from int, by []byte) {
	j.out = append(append(j.out, j.in[j.copied:from]...), by...)
	j.copied = j.at
}

// masked is the whole document.
func (j *jsonMasker) masked() []byte {
	if j.copied == 0 {
		return j.in
	}
	return append(j.out, j.in[j.copied:]...)
}

// value passes over a value and, where it is inside of a named member, hides the secrets in it.
func (j *jsonMasker) value(within bool) {
	j.space()
	if j.at >= len(j.in) {
		return
	}
	switch j.in[j.at] {
	case '{':
		j.members(within)
	case '[':
		j.items(within)
	case '"':
		if within {
			j.text(true)
		} else {
			j.raw()
		}
	default:
		from := j.at
		for j.at < len(j.in) && !bytes.ContainsRune([]byte(",]} \n\r\t"), rune(j.in[j.at])) {
			j.at++
		}
		if !within || j.escaped {
			return
		}
		if number := string(j.in[from:j.at]); j.masker.Text(number) != number {
			j.replace(from, []byte(`"`+j.word+`"`)) // a secret of digits
		}
	}
}

func (j *jsonMasker) members(within bool) {
	for j.next('{', ',') {
		if j.space(); j.peek() == '}' {
			break
		}
		name := j.text(within)
		j.next(':', ':')
		if j.space(); !within && j.peek() == '"' && j.names[name] != nil {
			j.name(j.names[name])
		} else {
			j.value(within || j.inside(name))
		}
		j.space()
	}
	j.next('}', '}')
}

// name passes over a text, and hides the secrets in it unless it is a name that is known.
func (j *jsonMasker) name(is func(string) bool) {
	from := j.at
	if text := j.text(false); !j.masker.known[text] && (!is(text) || j.masker.Text(text) == Hidden) {
		j.at = from
		j.text(true)
	}
}

func (j *jsonMasker) items(within bool) {
	for j.next('[', ',') {
		if j.space(); j.peek() == ']' {
			break
		}
		j.value(within)
		j.space()
	}
	j.next(']', ']')
}

func (j *jsonMasker) peek() byte {
	if j.at < len(j.in) {
		return j.in[j.at]
	}
	return 0
}

// next passes over one of two characters, if it comes.
func (j *jsonMasker) next(a, b byte) bool {
	j.space()
	c := j.peek()
	if c == 0 || c != a && c != b {
		return false
	}
	j.at++
	return true
}

func (j *jsonMasker) space() {
	for j.at < len(j.in) && (j.in[j.at] == ' ' || j.in[j.at] == '\n' || j.in[j.at] == '\r' || j.in[j.at] == '\t') {
		j.at++
	}
}

// raw passes over a text, and gives it as it is written.
func (j *jsonMasker) raw() []byte {
	from := j.at
	for j.at++; j.at < len(j.in) && j.in[j.at] != '"'; j.at++ {
		if j.in[j.at] == '\\' {
			j.at++
		}
	}
	j.at = min(j.at+1, len(j.in))
	return j.in[from:j.at]
}

// text passes over a text, hides the secrets in it where it is within a named member, and gives it as it was.
func (j *jsonMasker) text(within bool) string {
	from := j.at
	raw := j.raw()
	var text string
	if bytes.IndexByte(raw, '\\') < 0 {
		text = string(bytes.Trim(raw, `"`))
	} else if json.Unmarshal(raw, &text) != nil {
		return ""
	}
	if within && (!j.escaped || bytes.ContainsAny(raw, escapeMarks)) {
		if hidden := j.hidden(text); hidden != text {
			written, _ := json.Marshal(strings.ReplaceAll(hidden, Hidden, j.word)) //nolint:errchkjson // a text always encodes
			j.replace(from, written)
		}
	}
	return text
}

// hidden is a text with the secrets hidden. It may be JSON that was sent as text, which stays JSON.
func (j *jsonMasker) hidden(text string) string {
	if strings.Contains(text, `\u`) && json.Valid([]byte(text)) {
		inner := jsonMasker{in: []byte(text), masker: j.masker, word: j.word, inside: j.inside, names: j.names}
		inner.value(true)
		text = string(inner.masked())
	}
	return j.masker.Text(text)
}
