package sign

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// node is a JSON value that keeps the order of its members and the literal text of its numbers.
type node struct {
	kind    byte // '{', '[', '"' or 'l', a literal
	text    string
	names   []string // of the members of an object
	members []*node
}

// parseJSON reads one JSON value, nil where it is none.
func parseJSON(s string) *node {
	if !json.Valid([]byte(s)) {
		return nil
	}
	dec := json.NewDecoder(strings.NewReader(s))
	dec.UseNumber()
	n, err := parseNode(dec, 0)
	if err != nil {
		return nil
	}
	return n
}

func parseNode(dec *json.Decoder, depth int) (*node, error) {
	t, err := dec.Token()
	if err != nil {
		return nil, err
	}
	switch v := t.(type) {
	case string:
		return &node{kind: '"', text: v}, nil
	case json.Number:
		return &node{kind: 'l', text: string(v)}, nil
	case bool, nil:
		if v == nil {
			return &node{kind: 'l', text: "null"}, nil
		}
		return &node{kind: 'l', text: fmt.Sprint(v)}, nil
	}
	const deepest = 32
	if depth == deepest {
		return nil, io.ErrUnexpectedEOF
	}
	n := &node{kind: '['}
	if t == json.Delim('{') {
		n.kind = '{'
	}
	for dec.More() {
		if n.kind == '{' {
			name, err := dec.Token()
			if err != nil {
				return nil, err
			}
			text, _ := name.(string)
			n.names = append(n.names, text)
		}
		member, err := parseNode(dec, depth+1)
		if err != nil {
			return nil, err
		}
		n.members = append(n.members, member)
	}
	_, err = dec.Token()
	return n, err
}

// fieldsNode is an object of a push's fields.
func fieldsNode(fields []Field) *node {
	n := &node{kind: '{'}
	for _, f := range fields {
		member := &node{kind: '"'}
		if _, ok := f.Value.(string); !ok {
			member.kind = 'l'
		}
		member.text = string(appendValue(nil, f, false))
		n.names, n.members = append(n.names, f.Name), append(n.members, member)
	}
	return n
}

// escape is what a JSON library escapes beyond what it must.
type escape uint8

const (
	escapeUnicode escape = 1 << iota // non-ASCII as \u6e1d: Python, PHP
	escapeUpper                      // its hex digits in upper case
	escapeSlash                      // / as \/: PHP, old Java
	escapeHTML                       // <, > and & as \u003c: Go
	escapeGson                       // = and ' too: Gson
)

// style is how a JSON library lays out a value.
type style struct {
	spacing int // an index of spacings
	escape  escape
	sorted  bool
}

var spacings = []struct{ comma, colon, indent string }{
	{",", ":", ""},
	{", ", ": ", ""}, // Python
	{",", ": ", ""},
	{", ", ":", ""},
	{",", ": ", "  "}, // JSON.stringify(…, 2)
	{",", ": ", "    "},
	{",", ": ", "\t"},
	{",", " : ", "  "}, // Jackson
}

var escapes = []escape{
	0, escapeUnicode, escapeUnicode | escapeUpper, escapeSlash, escapeUnicode | escapeSlash,
	escapeHTML, escapeHTML | escapeGson,
}

func (n *node) append(dst []byte, s style, depth int) []byte {
	switch n.kind {
	case '"':
		return appendStyled(dst, n.text, s)
	case 'l':
		return append(dst, n.text...)
	}
	order := make([]int, len(n.members))
	for i := range order {
		order[i] = i
	}
	if s.sorted && n.kind == '{' {
		slices.SortStableFunc(order, func(a, b int) int { return strings.Compare(n.names[a], n.names[b]) })
	}
	return n.appendInOrder(dst, s, depth, order)
}

func (n *node) appendInOrder(dst []byte, s style, depth int, order []int) []byte {
	return n.appendParts(dst, s, depth, order, func(dst []byte, at int) []byte { return n.appendPart(dst, s, depth, at) })
}

// appendPart is a member: a name and a value, or a value.
func (n *node) appendPart(dst []byte, s style, depth, at int) []byte {
	if n.kind == '{' {
		dst = append(appendStyled(dst, n.names[at], s), spacings[s.spacing].colon...)
	}
	return n.members[at].append(dst, s, depth+1)
}

// parts are the members, so that they can be put into many orders.
func (n *node) parts(s style) [][]byte {
	all := make([][]byte, len(n.members))
	for at := range all {
		all[at] = n.appendPart(nil, s, 0, at)
	}
	return all
}

func (n *node) appendParts(dst []byte, s style, depth int, order []int, part func([]byte, int) []byte) []byte {
	with := spacings[s.spacing]
	newLine := func(depth int) {
		if with.indent != "" && len(order) > 0 {
			dst = append(dst, '\n')
			for range depth {
				dst = append(dst, with.indent...)
			}
		}
	}
	dst = append(dst, n.kind)
	for i, at := range order {
		if i > 0 {
			dst = append(dst, with.comma...)
		}
		newLine(depth + 1)
		dst = part(dst, at)
	}
	newLine(depth)
	return append(dst, n.kind+2) // ASCII has the closing bracket two after the opening one
}

// appendStyled appends text as a JSON string with the escapes of a style.
func appendStyled(dst []byte, text string, s style) []byte {
	start := len(dst)
	dst = AppendJSONString(dst, text)
	if s.escape == 0 {
		return dst
	}
	plain := string(dst[start:])
	dst = dst[:start]
	for _, r := range plain {
		switch {
		case r == '/' && s.escape&escapeSlash != 0:
			dst = append(dst, `\/`...)
		case s.escape&escapeHTML != 0 && strings.ContainsRune("<>&\u2028\u2029", r),
			s.escape&escapeGson != 0 && (r == '=' || r == '\''),
			s.escape&escapeUnicode != 0 && r >= utf8.RuneSelf:
			dst = appendEscaped(dst, r, s.escape&escapeUpper != 0)
		default:
			dst = utf8.AppendRune(dst, r)
		}
	}
	return dst
}

func appendEscaped(dst []byte, r rune, upper bool) []byte {
	format := `\u%04x`
	if upper {
		format = `\u%04X`
	}
	if high, low := utf16.EncodeRune(r); r > 0xffff {
		return fmt.Appendf(fmt.Appendf(dst, format, high), format, low)
	}
	return fmt.Appendf(dst, format, r)
}

// styleOf is the style a text was written in; false where it is none of ours.
func (n *node) styleOf(text string) (style, bool) {
	for spacing := range spacings {
		for _, e := range escapes {
			s := style{spacing: spacing, escape: e}
			if string(n.append(nil, s, 0)) == text {
				return s, true
			}
		}
	}
	return style{}, false
}

// kindsBeside names how s differs from the style that was sent.
func (s style) kindsBeside(sent style) []string {
	var kinds []string
	switch s.spacing {
	case sent.spacing:
	case 0:
		kinds = append(kinds, "json-compacted")
	default:
		kinds = append(kinds, "json-spaced")
	}
	if more := s.escape &^ sent.escape; more != 0 {
		for _, e := range []struct {
			bits escape
			kind string
		}{
			{escapeUnicode | escapeUpper, "json-escaped-unicode"},
			{escapeSlash, "json-escaped-slash"},
			{escapeHTML | escapeGson, "json-escaped-html"},
		} {
			if more&e.bits != 0 {
				kinds = append(kinds, e.kind)
			}
		}
	} else if s.escape != sent.escape {
		kinds = append(kinds, "json-unescaped")
	}
	if s.sorted {
		kinds = append(kinds, "keys-sorted")
	}
	return kinds
}
