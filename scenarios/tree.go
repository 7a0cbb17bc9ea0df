package scenarios

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"regexp"
	"strconv"
	"strings"

	"gopkg.in/yaml.v3"
)

// kind is the JSON type of a node.
type kind uint8

const (
	nullKind kind = iota
	boolKind
	numberKind
	textKind
	listKind
	objectKind
)

func (k kind) String() string {
	return [...]string{"null", "a boolean", "a number", "a text", "a list", "a mapping"}[k]
}

// node is a value of a file with the place it stands at. Where the file uses an
// alias, the node it names is shared.
type node struct {
	kind    kind
	place   Place
	scalar  string // a text as it is, anything else as JSON
	items   []*node
	members []member
}

// member is one key of a mapping, those merged in (<<) last.
type member struct {
	name  string
	place Place
	value *node
}

func (n *node) get(name string) *node {
	if n == nil {
		return nil
	}
	for i := range n.members {
		if n.members[i].name == name {
			return n.members[i].value
		}
	}
	return nil
}

func (n *node) has(name string) bool { return n.get(name) != nil }

// locate is where a JSON pointer's value stands, or its nearest parent that is there.
func (n *node) locate(pointer string) Place {
	place := n.place
	for token := range strings.SplitSeq(strings.TrimPrefix(pointer, "/"), "/") {
		token = unescaper.Replace(token)
		switch n.kind {
		case listKind:
			i, err := strconv.Atoi(token)
			if err != nil || i < 0 || i >= len(n.items) {
				return place
			}
			n = n.items[i]
		default:
			next := n.get(token)
			if next == nil {
				return place
			}
			n = next
		}
		place = n.place
	}
	return place
}

var unescaper = strings.NewReplacer("~1", "/", "~0", "~")

// value is the node as JSON values are in memory: integers as int, other numbers as json.Number.
func (n *node) value() any {
	switch n.kind {
	case boolKind:
		return n.scalar == "true"
	case numberKind:
		return numberValue(json.Number(n.scalar))
	case textKind:
		return n.scalar
	case listKind:
		list := make([]any, len(n.items))
		for i, item := range n.items {
			list[i] = item.value()
		}
		return list
	case objectKind:
		object := make(map[string]any, len(n.members))
		for _, m := range n.members {
			object[m.name] = m.value.value()
		}
		return object
	default:
		return nil
	}
}

func (n *node) writeJSON(out *bytes.Buffer) {
	switch n.kind {
	case nullKind:
		out.WriteString("null")
	case boolKind, numberKind:
		out.WriteString(n.scalar)
	case textKind:
		writeText(out, n.scalar)
	case listKind:
		out.WriteByte('[')
		for i, item := range n.items {
			if i > 0 {
				out.WriteByte(',')
			}
			item.writeJSON(out)
		}
		out.WriteByte(']')
	default:
		out.WriteByte('{')
		for i, m := range n.members {
			if i > 0 {
				out.WriteByte(',')
			}
			writeText(out, m.name)
			out.WriteByte(':')
			m.value.writeJSON(out)
		}
		out.WriteByte('}')
	}
}

// writeText writes a JSON string without HTML escapes.
func writeText(out *bytes.Buffer, text string) {
	enc := json.NewEncoder(out)
	enc.SetEscapeHTML(false)
	_ = enc.Encode(text)        //nolint:errchkjson // a string always encodes
	out.Truncate(out.Len() - 1) // its newline
}

// limits bound a file.
type limits struct{ bytes, nodes int }

const maxDepth = 100

// readTree reads the one document of a YAML (or JSON, which is YAML) file. Scalars keep the type that YAML 1.2 gives
// them; what looks like a time stays a text. Its error is a [*Problem].
func readTree(name string, text []byte, most limits) (*node, error) {
	if len(text) > most.bytes {
		return nil, &Problem{File: name, Detail: fmt.Sprintf("is over %d MiB", most.bytes>>20)}
	}
	var root, second yaml.Node
	decoder := yaml.NewDecoder(bytes.NewReader(text))
	switch err := decoder.Decode(&root); {
	case errors.Is(err, io.EOF):
		return &node{kind: objectKind, place: Place{1, 1}}, nil
	case err != nil:
		return nil, problemAt(name, text, yamlPlace(err), "", yamlDetail(err))
	}
	switch err := decoder.Decode(&second); {
	case err == nil:
		return nil, problemAt(name, text, Place{second.Line, second.Column}, "", "a file holds one document, and this is a second")
	case !errors.Is(err, io.EOF):
		return nil, problemAt(name, text, yamlPlace(err), "", yamlDetail(err))
	}
	b := builder{done: map[*yaml.Node]*built{}, most: most.nodes}
	out, err := b.node(&root, 0)
	if p, ok := errors.AsType[*Problem](err); ok {
		return nil, problemAt(name, text, p.Place, "", p.Detail)
	}
	return out.node, err
}

var lineInError = regexp.MustCompile(`line (\d+)`)

// yamlDetail is the library's error without the line, which is told apart.
func yamlDetail(err error) string {
	detail := strings.TrimPrefix(err.Error(), "yaml: ")
	return strings.TrimPrefix(detail, lineInError.FindString(detail)+": ")
}

func yamlPlace(err error) Place {
	if m := lineInError.FindStringSubmatch(err.Error()); m != nil {
		line, _ := strconv.Atoi(m[1])
		return Place{line, 1}
	}
	return Place{1, 1}
}

// built is a node with what it costs when it is written out.
type built struct {
	node  *node
	size  int // values, aliases counted as often as they are used
	depth int
}

type builder struct {
	done map[*yaml.Node]*built // of anchors; nil while it is under way
	most int
}

func fail(n *yaml.Node, detail string) error {
	return &Problem{Place: Place{n.Line, n.Column}, Detail: detail}
}

func (b *builder) node(n *yaml.Node, depth int) (built, error) {
	if depth > maxDepth {
		return built{}, fail(n, fmt.Sprintf("is nested more than %d deep", maxDepth))
	}
	switch n.Kind {
	case yaml.DocumentNode:
		return b.node(n.Content[0], depth)
	case yaml.AliasNode:
		return b.alias(n, depth)
	default:
	}
	if n.Anchor != "" {
		b.done[n] = nil
	}
	out := built{node: &node{place: Place{n.Line, n.Column}}, size: 1, depth: 1}
	var err error
	switch n.Kind {
	case yaml.MappingNode:
		out.node.kind = objectKind
		err = b.mapping(n, &out, depth)
	case yaml.SequenceNode:
		out.node.kind = listKind
		out.node.items = make([]*node, 0, len(n.Content))
		for _, item := range n.Content {
			var child built
			if child, err = b.node(item, depth+1); err != nil {
				break
			}
			out.add(child)
			out.node.items = append(out.node.items, child.node)
		}
	default:
		err = scalar(n, out.node)
	}
	if err == nil && out.size > b.most {
		err = fail(n, fmt.Sprintf("the file has more than %d values, aliases counted as often as they are used", b.most))
	}
	if n.Anchor != "" {
		b.done[n] = &out
	}
	return out, err
}

func (o *built) add(child built) {
	o.size = min(o.size+child.size, math.MaxInt32)
	o.depth = max(o.depth, child.depth+1)
}

func (b *builder) alias(n *yaml.Node, depth int) (built, error) {
	target, known := b.done[n.Alias]
	switch {
	case known && target == nil:
		return built{}, fail(n, "the alias *"+n.Value+" stands inside what it names")
	case !known:
		return b.node(n.Alias, depth)
	case depth+target.depth > maxDepth:
		return built{}, fail(n, fmt.Sprintf("is nested more than %d deep", maxDepth))
	}
	return *target, nil
}

func (b *builder) mapping(n *yaml.Node, out *built, depth int) error {
	// Keys of its own come before what is merged in, whatever their order.
	var merges []*yaml.Node
	seen := make(map[string]bool, len(n.Content)/2)
	for i := 0; i < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		switch {
		case key.Tag == "!!merge":
			merges = append(merges, value)
			continue
		case key.Kind != yaml.ScalarNode:
			return fail(key, "a key must be a plain text")
		case seen[key.Value]:
			return fail(key, strconv.Quote(key.Value)+" is there twice")
		}
		seen[key.Value] = true
		child, err := b.node(value, depth+1)
		if err != nil {
			return err
		}
		out.add(child)
		out.node.members = append(out.node.members, member{key.Value, Place{key.Line, key.Column}, child.node})
	}
	for _, value := range merges {
		if err := b.merge(value, out, seen, depth+1); err != nil {
			return err
		}
	}
	return nil
}

func (b *builder) merge(value *yaml.Node, out *built, seen map[string]bool, depth int) error {
	child, err := b.node(value, depth)
	if err != nil {
		return err
	}
	sources := []*node{child.node}
	if child.node.kind == listKind {
		sources = child.node.items
	}
	out.add(child)
	for _, source := range sources {
		if source.kind != objectKind {
			return fail(value, "<< merges a mapping, or a list of mappings")
		}
		for _, m := range source.members {
			if !seen[m.name] {
				seen[m.name] = true
				out.node.members = append(out.node.members, m)
			}
		}
	}
	return nil
}

func scalar(n *yaml.Node, out *node) error {
	out.kind, out.scalar = textKind, n.Value
	switch n.Tag {
	case "!!null":
		out.kind, out.scalar = nullKind, "null"
	case "!!bool":
		var b bool
		if err := n.Decode(&b); err != nil {
			return fail(n, "is no boolean")
		}
		out.kind, out.scalar = boolKind, strconv.FormatBool(b)
	case "!!int", "!!float":
		out.kind = numberKind
		if json.Valid([]byte(n.Value)) { // keeps 10.50 as it is written
			return nil
		}
		var f float64
		if err := n.Decode(&f); err != nil || math.IsNaN(f) || math.IsInf(f, 0) {
			return fail(n, "is no number that JSON has")
		}
		text, err := json.Marshal(f)
		if err != nil {
			return fail(n, "is no number that JSON has")
		}
		out.scalar = string(text)
	case "!!binary":
		return fail(n, "binary values are not taken")
	}
	return nil
}
