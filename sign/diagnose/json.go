package diagnose

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/etcp-mock/etcp-mock/sign"
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
func fieldsNode(fields []sign.Field) *node {
	n := &node{kind: '{'}
	for _, f := range fields {
		member := &node{kind: '"'}
		if _, quoted := f.Value.(string); !quoted {
			member.kind = 'l'
		}
		member.text = fieldText(f)
		n.names, n.members = append(n.names, f.Name), append(n.members, member)
	}
	return n
}

// fieldText is a field's value as it stands in a query.
func fieldText(f sign.Field) string { return sign.PushText([]sign.Field{f}, sign.Values) }

// ordered is n with its members in another order.
func (n *node) ordered(order []int) *node {
	moved := &node{kind: n.kind, names: make([]string, len(order)), members: make([]*node, len(order))}
	for i, at := range order {
		moved.names[i], moved.members[i] = n.names[at], n.members[at]
	}
	return moved
}

// sortedBy is n with its members, and those of objects inside of it, sorted by name.
func (n *node) sortedBy(compare func(a, b string) int) *node {
	if len(n.members) == 0 {
		return n
	}
	inner := &node{kind: n.kind, names: n.names, members: make([]*node, len(n.members))}
	for i, m := range n.members {
		inner.members[i] = m.sortedBy(compare)
	}
	if n.kind != '{' {
		return inner
	}
	order := counted(len(n.members))
	slices.SortStableFunc(order, func(a, b int) int { return compare(n.names[a], n.names[b]) })
	return inner.ordered(order)
}

// counted are the numbers below n.
func counted(n int) []int {
	all := make([]int, n)
	for i := range all {
		all[i] = i
	}
	return all
}

func (n *node) append(dst []byte, s style, depth int) []byte {
	switch n.kind {
	case '"':
		return appendStyled(dst, n.text, s.escape)
	case 'l':
		return append(dst, n.text...)
	}
	with := spacings[max(s.spacing, 0)]
	line := func(depth int) {
		if with.line != "" && len(n.members) > 0 {
			dst = append(dst, with.line...)
			for range depth {
				dst = append(dst, with.indent...)
			}
		}
	}
	dst = append(dst, n.kind)
	dst = append(dst, with.pad...)
	for i, m := range n.members {
		if i > 0 {
			dst = append(dst, with.comma...)
		}
		line(depth + 1)
		if n.kind == '{' {
			dst = append(appendStyled(dst, n.names[i], s.escape), with.colon...)
		}
		dst = m.append(dst, s, depth+1)
	}
	line(depth)
	dst = append(dst, with.pad...)
	return append(dst, n.kind+2) // ASCII has the closing bracket two after the opening one
}

// styleOf is the style a text was written in; its spacing is irregular where it is none of ours.
func (n *node) styleOf(text string) style {
	var dense strings.Builder
	inString, escaped := false, false
	for i := range len(text) {
		c := text[i]
		if !inString && (c == ' ' || c == '\t' || c == '\r' || c == '\n') {
			continue
		}
		switch {
		case escaped:
			escaped = false
		case inString && c == '\\':
			escaped = true
		case c == '"':
			inString = !inString
		}
		dense.WriteByte(c)
	}
	s := style{spacing: irregular}
	at := slices.IndexFunc(escapes, func(e escape) bool { return string(n.append(nil, style{escape: e}, 0)) == dense.String() })
	if at < 0 { // some characters are escaped, others of the same sort are not
		s.escape = escapeMixed
		if dense.String() == text {
			s.spacing = 0
		}
		return s
	}
	s.escape = escapes[at]
	for i := range spacings {
		if string(n.append(nil, style{i, s.escape}, 0)) == text {
			s.spacing = i
			break
		}
	}
	return s
}
