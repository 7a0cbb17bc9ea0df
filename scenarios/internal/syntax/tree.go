// Package syntax reads and writes the YAML of scenario files: a tree of values with their positions, forms that say what a
// value may be, the JSON Schema of those forms, and the one writer of YAML. No other package knows the YAML library.
package syntax

import (
	"bytes"
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"github.com/etcp-mock/etcp-mock/internal/jsonvalue"
	"github.com/etcp-mock/etcp-mock/scenarios/internal/expression"
	"github.com/etcp-mock/etcp-mock/scenarios/problem"
)

// kind is the JSON type of a node.
type kind uint8

// The kinds of a node.
const (
	nullKind kind = iota
	boolKind
	NumberKind
	TextKind
	ListKind
	ObjectKind
	unreadKind // of a part that was left out since it could not be read
)

func (k kind) String() string {
	return [...]string{"null", "a boolean", "a number", "a text", "a list", "a mapping", "what could not be read"}[k]
}

// Node is a value of a file with the position it stands at. Where the file uses an
// alias, the node it names is shared.
type Node struct {
	Kind     kind
	Position problem.Position
	Scalar   string // a text as it is, anything else as JSON
	Items    []*Node
	Members  []Member

	again []Member // those whose names others before them have
}

// Member is one key of a mapping, those merged in (<<) last.
type Member struct {
	Name     string
	Position problem.Position
	Value    *Node
}

// Get is the value of a key, or nil; nil has none.
func (n *Node) Get(name string) *Node {
	if n == nil {
		return nil
	}
	for i := range n.Members {
		if n.Members[i].Name == name {
			return n.Members[i].Value
		}
	}
	return nil
}

// Mapping are the members of a mapping; nil, and what is no mapping, has none.
func (n *Node) Mapping() []Member {
	if n == nil {
		return nil
	}
	return n.Members
}

// Has reports whether the mapping has a key.
func (n *Node) Has(name string) bool { return n.Get(name) != nil }

// Locate is where a JSON pointer's value stands, or its nearest parent that is there.
func (n *Node) Locate(pointer string) problem.Position {
	_, at, _ := n.Find(pointer)
	return at
}

// Find is the value of a JSON pointer, nil where there is none, with the positions of it (or its nearest parent that is there) and of the
// key before it.
func (n *Node) Find(pointer string) (found *Node, at, key problem.Position) {
	at, key = n.Position, n.Position
	if pointer == "" {
		return n, at, key
	}
	for token := range strings.SplitSeq(strings.TrimPrefix(pointer, "/"), "/") {
		token = jsonvalue.UnescapePointer(token)
		switch n.Kind {
		case ListKind:
			i, err := strconv.Atoi(token)
			if err != nil || i < 0 || i >= len(n.Items) {
				return nil, at, key
			}
			n = n.Items[i]
			key = n.Position
		default:
			i := slices.IndexFunc(n.Members, func(m Member) bool { return m.Name == token })
			if i < 0 {
				return nil, at, key
			}
			n, key = n.Members[i].Value, n.Members[i].Position
		}
		at = n.Position
	}
	return n, at, key
}

// Again are the positions of the keys of a JSON pointer whose mappings have them already, in the file's order.
func (n *Node) Again(pointer string) []problem.Position {
	within, name := pointer[:max(strings.LastIndexByte(pointer, '/'), 0)], jsonvalue.UnescapePointer(pointer[strings.LastIndexByte(pointer, '/')+1:])
	parents := []*Node{n}
	for token := range strings.SplitSeq(strings.TrimPrefix(within, "/"), "/") {
		if within == "" {
			break
		}
		var next []*Node
		for _, parent := range parents {
			next = append(next, parent.all(jsonvalue.UnescapePointer(token))...)
		}
		parents = next
	}
	var found []problem.Position
	for _, parent := range parents {
		for _, m := range parent.again {
			if m.Name == name {
				found = append(found, m.Position)
			}
		}
	}
	return found
}

// all are the values of an index or a key, which may be there more than once.
func (n *Node) all(token string) (found []*Node) {
	if i, err := strconv.Atoi(token); n.Kind == ListKind && err == nil && i >= 0 && i < len(n.Items) {
		return n.Items[i : i+1]
	}
	for _, m := range slices.Concat(n.Members, n.again) {
		if m.Name == token {
			found = append(found, m.Value)
		}
	}
	return found
}

// IsBare reports whether the value is a number or boolean, which quotes would make a text.
func (n *Node) IsBare() bool { return n.Kind == NumberKind || n.Kind == boolKind }

// Value is the node as JSON values are in memory: integers as int, other numbers as json.Number.
func (n *Node) Value() any {
	switch n.Kind {
	case boolKind:
		return n.Scalar == "true"
	case NumberKind:
		return expression.Number(json.Number(n.Scalar))
	case TextKind:
		return n.Scalar
	case ListKind:
		list := make([]any, len(n.Items))
		for i, item := range n.Items {
			list[i] = item.Value()
		}
		return list
	case ObjectKind:
		object := make(map[string]any, len(n.Members))
		for _, m := range n.Members {
			object[m.Name] = m.Value.Value()
		}
		return object
	default:
		return nil
	}
}

// WriteJSON writes the value as JSON, keys in the file's order and numbers as they are written.
func (n *Node) WriteJSON(out *bytes.Buffer) {
	switch n.Kind {
	case nullKind:
		out.WriteString("null")
	case boolKind, NumberKind:
		out.WriteString(n.Scalar)
	case TextKind:
		WriteText(out, n.Scalar)
	case ListKind:
		out.WriteByte('[')
		for i, item := range n.Items {
			if i > 0 {
				out.WriteByte(',')
			}
			item.WriteJSON(out)
		}
		out.WriteByte(']')
	default:
		out.WriteByte('{')
		for i, m := range n.Members {
			if i > 0 {
				out.WriteByte(',')
			}
			WriteText(out, m.Name)
			out.WriteByte(':')
			m.Value.WriteJSON(out)
		}
		out.WriteByte('}')
	}
}

// WriteText writes a JSON string without HTML escapes.
func WriteText(out *bytes.Buffer, text string) {
	enc := json.NewEncoder(out)
	enc.SetEscapeHTML(false)
	_ = enc.Encode(text)        //nolint:errchkjson // a string always encodes
	out.Truncate(out.Len() - 1) // its newline
}
