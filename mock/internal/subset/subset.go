// Package subset tells whether a JSON object contains another, and where it does not.
//
// Scalars compare by JSON type and value: 8, 8.0 and 8e0 are equal, "8" is not 8 (a merchant that sends the one and not the
// other is what a test may be about), unless [Object.ByValue] has it so. Of objects, members may be left out, within objects too; arrays are
// equal item by item. Of a name written twice the last counts.
package subset

import (
	"encoding/json"
	"errors"
	"strings"
	"unicode/utf8"

	"github.com/etcp-mock/etcp-mock/internal/jsonvalue"
	"github.com/etcp-mock/etcp-mock/schemas"
)

// Object is what an object must contain.
type Object struct {
	members []member
}

type member struct {
	name string
	want value
}

// value is a JSON value, taken apart once.
type value struct {
	kind    byte   // 's'tring, 'n'umber, 'l'iteral true, false or null, 'o'bject, 'a'rray
	text    string // unquoted where it is a string, else as written
	inner   *Object
	items   []value
	byValue bool // a number and a text of the same value are equal
	amount  bool // so are two texts of the same value
}

// ErrNotObject is the error of a text that is no JSON object.
var ErrNotObject = errors.New("want an object")

// New reads what is wanted from a JSON object.
func New(text []byte) (*Object, error) {
	if !json.Valid(text) {
		return nil, ErrNotObject
	}
	v := parse(string(text))
	if v.kind != 'o' {
		return nil, ErrNotObject
	}
	return v.inner, nil
}

// ByValue has numbers compare as people mean them: a number and a text that says the same are equal, and of amounts two texts, too: a payment of
// 10 is 10.0, "10" and "10.0". Of other texts, as ids, only the same are equal.
func (o *Object) ByValue() {
	if o == nil {
		return
	}
	for i := range o.members {
		o.members[i].want.compareByValue(schemas.IsAmount(o.members[i].name))
	}
}

func (v *value) compareByValue(amount bool) {
	v.byValue, v.amount = true, amount
	v.inner.ByValue()
	for i := range v.items {
		v.items[i].compareByValue(amount)
	}
}

// parse reads a valid JSON value.
func parse(text string) value {
	text = strings.TrimSpace(text)
	v := value{kind: kindOf(text[0]), text: text}
	switch v.kind {
	case 's':
		v.text = jsonvalue.Unquote(text)
	case 'o':
		v.inner = &Object{}
		s := scanner{text: text}
		for name, raw, more := s.member(); more; name, raw, more = s.member() {
			v.inner.members = append(v.inner.members, member{jsonvalue.Unquote(name), parse(raw)})
		}
	case 'a':
		s := scanner{text: text}
		for raw, more := s.item(); more; raw, more = s.item() {
			v.items = append(v.items, parse(raw))
		}
	}
	return v
}

// Fields is how many members are wanted.
func (o *Object) Fields() int {
	if o == nil {
		return 0
	}
	return len(o.members)
}

// Differs counts the wanted members that a text, which should be a JSON object, has not or has otherwise. It reads the
// text without building anything of it.
func (o *Object) Differs(text string) (n int) {
	if o.Fields() == 0 {
		return 0
	}
	o.compare(text, func(int, string) { n++ })
	return n
}

// Explain says of each such member what is wanted and what is there, its name behind a prefix: "data.payment: want 8, got 9".
func (o *Object) Explain(prefix, text string) (all []string) {
	if o.Fields() == 0 {
		return nil
	}
	whole := o.compare(text, func(i int, got string) {
		m := &o.members[i]
		path := prefix + "." + m.name
		if m.want.kind == 'o' && got != "" && got[0] == '{' {
			all = append(all, m.want.inner.Explain(path, got)...)
			return
		}
		note := ""
		if got != "" && kindOf(got[0]) != m.want.kind && (scalarText(got) == m.want.text || m.want.sameAmount(got)) {
			note = map[byte]string{'s': " (a string)", 'n': " (a number)", 'l': " (no string)"}[kindOf(got[0])]
		}
		all = append(all, path+": want "+m.want.show()+", got "+show(got)+note)
	})
	if !whole {
		return []string{prefix + ": want an object, got " + show(text)}
	}
	return all
}

// most bounds the members of one object that can be found in a single pass.
const most = 64

// compare tells of each wanted member that is not there ("") or otherwise, and
// whether the text is an object at all.
func (o *Object) compare(text string, differs func(i int, got string)) (whole bool) {
	var space [most]string
	got := space[:]
	if len(o.members) > most {
		got = make([]string, len(o.members))
	}
	s := scanner{text: text}
	for name, raw, more := s.member(); more; name, raw, more = s.member() {
		for i := range o.members {
			if sameName(name, o.members[i].name) {
				got[i] = raw
			}
		}
	}
	for i := range o.members {
		if s.broken || got[i] == "" || !o.members[i].want.matches(got[i]) {
			differs(i, got[i])
		}
	}
	return !s.broken
}

func sameName(quoted, name string) bool {
	if inner := quoted[1 : len(quoted)-1]; strings.IndexByte(inner, '\\') < 0 {
		return inner == name
	}
	return jsonvalue.Unquote(quoted) == name
}

func (v *value) matches(raw string) bool {
	if v.byValue && (v.amount || kindOf(raw[0]) != v.kind) && v.sameAmount(raw) {
		return true
	}
	if kindOf(raw[0]) != v.kind {
		return false
	}
	switch v.kind {
	case 's':
		if inner := raw[1 : len(raw)-1]; strings.IndexByte(inner, '\\') < 0 {
			return inner == v.text
		}
		return jsonvalue.Unquote(raw) == v.text
	case 'n':
		return jsonvalue.EqualNumbers(v.text, raw)
	case 'o':
		return v.inner.Differs(raw) == 0
	case 'a':
		s := scanner{text: raw}
		for i := range v.items {
			if item, more := s.item(); !more || !v.items[i].matches(item) {
				return false
			}
		}
		_, more := s.item()
		return !more && !s.broken
	default:
		return raw == v.text
	}
}

// sameAmount reports whether this and another value are numbers, or texts that are, of the same value.
func (v *value) sameAmount(raw string) bool {
	scalar := func(kind byte, text string) bool { return kind == 'n' || kind == 's' && isDecimal(text) }
	if raw[0] != '"' && kindOf(raw[0]) != 'n' {
		return false
	}
	text := scalarText(raw)
	return scalar(v.kind, v.text) && scalar(kindOf(raw[0]), text) && jsonvalue.EqualNumbers(v.text, text)
}

// isDecimal reports whether a text is a plain decimal: -10.50, and not 007, which is an id, or 1e3.
func isDecimal(text string) bool {
	return text != "" && kindOf(text[0]) == 'n' && !strings.ContainsAny(text, "eE") && json.Valid([]byte(text))
}

func (v *value) show() string {
	if v.kind == 's' {
		return show(quote(v.text))
	}
	return show(v.text)
}

// show is a value on one line, of a long one the beginning.
func show(raw string) string {
	const longest = 80
	if raw == "" {
		return "nothing"
	}
	if len(raw) > longest {
		cut := longest
		for cut > 0 && !utf8.RuneStart(raw[cut]) {
			cut--
		}
		raw = raw[:cut] + "…"
	}
	return strings.Map(func(r rune) rune {
		if r < ' ' {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(raw, "?"))
}

func scalarText(raw string) string {
	if raw[0] == '"' {
		return jsonvalue.Unquote(raw)
	}
	return raw
}

func quote(text string) string {
	var b strings.Builder
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	_ = enc.Encode(text) //nolint:errchkjson // a string always encodes
	return strings.TrimSuffix(b.String(), "\n")
}

func kindOf(c byte) byte {
	switch {
	case c == '"':
		return 's'
	case c == '{':
		return 'o'
	case c == '[':
		return 'a'
	case c == '-' || c >= '0' && c <= '9':
		return 'n'
	default:
		return 'l'
	}
}
