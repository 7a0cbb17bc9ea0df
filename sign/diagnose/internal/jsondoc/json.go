// Package jsondoc is a JSON value that remembers how it was written, and that is written again as other libraries write it.
package jsondoc

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/etcp-mock/etcp-mock/sign"
)

// Node is a JSON value that keeps the order of its members and the literal text of its numbers.
type Node struct {
	Kind    byte // '{', '[', '"' or 'l', a literal
	Text    string
	Names   []string // of the members of an object
	Members []*Node
}

// Parse reads one JSON value, nil where it is none.
func Parse(s string) *Node {
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

func parseNode(dec *json.Decoder, depth int) (*Node, error) {
	t, err := dec.Token()
	if err != nil {
		return nil, err
	}
	switch v := t.(type) {
	case string:
		return &Node{Kind: '"', Text: v}, nil
	case json.Number:
		return &Node{Kind: 'l', Text: string(v)}, nil
	case bool, nil:
		if v == nil {
			return &Node{Kind: 'l', Text: "null"}, nil
		}
		return &Node{Kind: 'l', Text: fmt.Sprint(v)}, nil
	}
	const deepest = 32
	if depth == deepest {
		return nil, io.ErrUnexpectedEOF
	}
	n := &Node{Kind: '['}
	if t == json.Delim('{') {
		n.Kind = '{'
	}
	for dec.More() {
		if n.Kind == '{' {
			name, err := dec.Token()
			if err != nil {
				return nil, err
			}
			text, _ := name.(string)
			n.Names = append(n.Names, text)
		}
		member, err := parseNode(dec, depth+1)
		if err != nil {
			return nil, err
		}
		n.Members = append(n.Members, member)
	}
	_, err = dec.Token()
	return n, err
}

// OfFields is an object of a push's fields.
func OfFields(fields []sign.Field) *Node {
	n := &Node{Kind: '{'}
	for _, f := range fields {
		member := &Node{Kind: '"'}
		if _, quoted := f.Value.(string); !quoted {
			member.Kind = 'l'
		}
		member.Text = fieldText(f)
		n.Names, n.Members = append(n.Names, f.Name), append(n.Members, member)
	}
	return n
}

// fieldText is a field's value as it stands in a query.
func fieldText(f sign.Field) string { return sign.PushText([]sign.Field{f}, sign.Values) }

// Ordered is n with its members in another order.
func (n *Node) Ordered(order []int) *Node {
	moved := &Node{Kind: n.Kind, Names: make([]string, len(order)), Members: make([]*Node, len(order))}
	for i, at := range order {
		moved.Names[i], moved.Members[i] = n.Names[at], n.Members[at]
	}
	return moved
}

// SortedBy is n with its members, and those of objects inside of it, sorted by name.
func (n *Node) SortedBy(compare func(a, b string) int) *Node {
	if len(n.Members) == 0 {
		return n
	}
	inner := &Node{Kind: n.Kind, Names: n.Names, Members: make([]*Node, len(n.Members))}
	for i, m := range n.Members {
		inner.Members[i] = m.SortedBy(compare)
	}
	if n.Kind != '{' {
		return inner
	}
	order := make([]int, len(n.Members))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return compare(n.Names[a], n.Names[b]) })
	return inner.Ordered(order)
}

// Append appends the value as JSON in a style, depth levels deep.
func (n *Node) Append(dst []byte, s Style, depth int) []byte {
	switch n.Kind {
	case '"':
		return AppendStyled(dst, n.Text, s.Escape)
	case 'l':
		return append(dst, n.Text...)
	}
	with := Spacings[max(s.Spacing, 0)]
	line := func(depth int) {
		if with.line != "" && len(n.Members) > 0 {
			dst = append(dst, with.line...)
			for range depth {
				dst = append(dst, with.indent...)
			}
		}
	}
	dst = append(dst, n.Kind)
	dst = append(dst, with.pad...)
	for i, m := range n.Members {
		if i > 0 {
			dst = append(dst, with.comma...)
		}
		line(depth + 1)
		if n.Kind == '{' {
			dst = append(AppendStyled(dst, n.Names[i], s.Escape), with.colon...)
		}
		dst = m.Append(dst, s, depth+1)
	}
	line(depth)
	dst = append(dst, with.pad...)
	dst = append(dst, n.Kind+2) // ASCII has the closing bracket two after the opening one
	if depth == 0 {
		dst = append(dst, with.end...)
	}
	return dst
}

// StyleOf is the style a text was written in; its spacing is irregular where it is none of ours.
func (n *Node) StyleOf(text string) Style {
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
	s := Style{Spacing: irregular}
	at := slices.IndexFunc(Escapes, func(e Escape) bool { return string(n.Append(nil, Style{Escape: e}, 0)) == dense.String() })
	if at < 0 { // some characters are escaped, others of the same sort are not
		s.Escape = escapeMixed
		if dense.String() == text {
			s.Spacing = 0
		}
		return s
	}
	s.Escape = Escapes[at]
	for i := range Spacings {
		if string(n.Append(nil, Style{i, s.Escape}, 0)) == text {
			s.Spacing = i
			break
		}
	}
	return s
}

// Join is an object with the members of both.
func Join(a, b *Node) *Node {
	return &Node{Kind: '{', Names: slices.Concat(a.Names, b.Names), Members: slices.Concat(a.Members, b.Members)}
}

// Without is n without the members that drop chooses.
func (n *Node) Without(drop func(*Node) bool) *Node {
	rest := &Node{Kind: n.Kind}
	for i, m := range n.Members {
		if !drop(m) {
			rest.Names, rest.Members = append(rest.Names, n.Names[i]), append(rest.Members, m)
		}
	}
	return rest
}

// IsNumber reports whether a text is a JSON number.
func IsNumber(s string) bool {
	return s != "" && strings.ContainsRune("-0123456789", rune(s[0])) && s[len(s)-1] > ' ' && json.Valid([]byte(s))
}

// As is m with another kind, if it has the one given and the condition holds.
func (n *Node) As(from, to byte, ok bool) []*Node { return n.With(to, n.Text, ok && n.Kind == from) }

// With is a value of a kind, if the condition holds.
func (*Node) With(kind byte, text string, ok bool) []*Node {
	if !ok {
		return nil
	}
	return []*Node{{Kind: kind, Text: text}}
}

// Literals are values that are no texts.
func Literals(texts ...string) (all []*Node) {
	for _, t := range texts {
		all = append(all, &Node{Kind: 'l', Text: t})
	}
	return all
}
