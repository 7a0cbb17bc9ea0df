package syntax

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
	"unicode/utf8"

	"gopkg.in/yaml.v3"

	"github.com/etcp-mock/etcp-mock/internal/lazyregexp"
	"github.com/etcp-mock/etcp-mock/scenarios/problem"
)

// Limits bound a file.
type Limits struct{ Bytes, Nodes int }

const (
	maxDepth       = 100
	secondDocument = "a file holds one document, and this is a second"
)

// deepest is up to where brackets are read that stand within each other: the library looks back through all of them at each.
const deepest = 1000

func tooDeep() string { return fmt.Sprintf("is nested more than %d deep", maxDepth) }

// mayBeDeep reports whether a text may have more brackets within each other than are read; those in quotes are counted too.
func mayBeDeep(text []byte) bool {
	depth := 0
	for _, c := range text {
		switch c {
		case '[', '{':
			if depth++; depth > deepest {
				return true
			}
		case ']', '}':
			depth = max(depth-1, 0)
		}
	}
	return false
}

// Read reads the one document of a YAML (or JSON, which is YAML) file. Scalars keep the type that YAML 1.2 gives
// them; what looks like a time stays a text. Its error is a [*problem.Problem].
func Read(name string, text []byte, most Limits) (*Node, error) {
	root, twice, err := ReadTwice(name, text, most)
	if len(twice) > 0 {
		return nil, twice[0]
	}
	return root, err
}

// ReadTwice is [Read] that goes on behind a key that its mapping has already: such keys are what is wrong with the file, in its order, and stand
// apart in the tree.
func ReadTwice(name string, text []byte, most Limits) (root *Node, twice problem.Problems, err error) {
	return read(name, text, most, false)
}

// read is ReadTwice; parts of the text may have been left out.
func read(name string, text []byte, most Limits, leftOut bool) (*Node, problem.Problems, error) {
	if len(text) > most.Bytes {
		return nil, nil, &problem.Problem{File: name, Detail: fmt.Sprintf("is over %d MiB", most.Bytes>>20)}
	}
	if mayBeDeep(text) {
		if m, found := findMistake(text); found {
			return nil, nil, m.problem(name, text)
		}
	}
	if p := notUTF8(name, text); p != nil {
		return nil, nil, p
	}
	var root, second yaml.Node
	decoder := yaml.NewDecoder(bytes.NewReader(readable(text)))
	switch err := decoder.Decode(&root); {
	case errors.Is(err, io.EOF):
		return &Node{Kind: ObjectKind, Position: problem.Position{Line: 1, Column: 1}}, nil, nil
	case err != nil:
		return nil, nil, unreadable(name, text, err)
	}
	switch err := decoder.Decode(&second); {
	case err == nil:
		return nil, nil, problem.At(name, text, problem.Position{Line: second.Line, Column: second.Column}, "", secondDocument)
	case !errors.Is(err, io.EOF):
		return nil, nil, unreadable(name, text, err)
	}
	b := treeReader{done: map[*yaml.Node]*built{}, most: most.Nodes, leftOut: leftOut}
	out, err := b.node(&root, 0)
	if p, ok := errors.AsType[*problem.Problem](err); ok {
		return nil, nil, problem.At(name, text, p.Position, "", p.Detail)
	}
	var twice problem.Problems
	for _, p := range b.twice {
		twice = append(twice, problem.At(name, text, p.Position, "", p.Detail))
	}
	return out.node, twice, err
}

// unreadable is what is wrong with a text that is no YAML, where the mistake is.
func unreadable(name string, text []byte, err error) *problem.Problem {
	at := yamlPosition(err)
	m, found := findMistake(text)
	line := at.Line
	if found {
		line = m.at.Line
	}
	if wide, ok := wideMark(text, line); ok && m.hint != wideColonHint {
		m, found = wide, true
	}
	if found {
		return m.problem(name, text)
	}
	if i := bytes.IndexFunc(text, isControl); i >= 0 && strings.Contains(err.Error(), "control characters") {
		before := text[:i]
		at.Line = bytes.Count(before, []byte{'\n'}) + 1
		at.Column = utf8.RuneCount(before[bytes.LastIndexByte(before, '\n')+1:]) + 1
	}
	return problem.At(name, text, at, "", yamlDetail(err))
}

// isControl reports characters that the library does not read.
func isControl(r rune) bool {
	return r < ' ' && r != '\t' && r != '\n' && r != '\r' || r >= 0x7f && r < 0xa0 && r != 0x85 || r == 0xfffe || r == 0xffff
}

// isOdd reports characters that a text of JSON may hold as they are, and that the library refuses or takes for the end of a line.
func isOdd(r rune) bool {
	return r >= ' ' && isControl(r) || r == 0x85 || r == 0xfeff || r == 0x2028 || r == 0x2029
}

// readable is a text that the library reads: of JSON, which it reads as YAML 1.1, odd characters are written by their numbers.
func readable(text []byte) []byte {
	if bytes.IndexFunc(text, isOdd) < 0 || !json.Valid(text) {
		return text
	}
	var out bytes.Buffer
	for _, r := range string(text) {
		if isOdd(r) {
			fmt.Fprintf(&out, `\u%04x`, r)
		} else {
			out.WriteRune(r)
		}
	}
	return out.Bytes()
}

var lineInError = lazyregexp.New(`line (\d+)`)

// yamlDetail is the library's error without the line, which is reported apart.
func yamlDetail(err error) string {
	detail := strings.TrimPrefix(err.Error(), "yaml: ")
	return strings.TrimPrefix(detail, lineInError().FindString(detail)+": ")
}

func yamlPosition(err error) problem.Position {
	if m := lineInError().FindStringSubmatch(err.Error()); m != nil {
		line, _ := strconv.Atoi(m[1])
		return problem.Position{Line: line, Column: 1}
	}
	return problem.Position{Line: 1, Column: 1}
}

// built is a node with what it costs when it is written out.
type built struct {
	node  *Node
	size  int // values, aliases counted as often as they are used
	depth int
}

type treeReader struct {
	done    map[*yaml.Node]*built // of anchors; nil while it is under way
	most    int
	leftOut bool // values whose tag is unread are of no known kind

	twice []*problem.Problem // keys that their mappings have already, of which problem.MaxProblems are listed
}

func fail(n *yaml.Node, detail string) error {
	return &problem.Problem{Position: problem.Position{Line: n.Line, Column: n.Column}, Detail: detail}
}

func (b *treeReader) node(n *yaml.Node, depth int) (built, error) {
	if depth > maxDepth {
		return built{}, fail(n, tooDeep())
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
	out := built{node: &Node{Position: problem.Position{Line: n.Line, Column: n.Column}}, size: 1, depth: 1}
	var err error
	switch n.Kind {
	case yaml.MappingNode:
		out.node.Kind = ObjectKind
		err = b.mapping(n, &out, depth)
	case yaml.SequenceNode:
		out.node.Kind = ListKind
		out.node.Items = make([]*Node, 0, len(n.Content))
		for _, item := range n.Content {
			var child built
			if child, err = b.node(item, depth+1); err != nil {
				break
			}
			out.add(child)
			out.node.Items = append(out.node.Items, child.node)
		}
	default:
		if err = scalar(n, out.node); b.leftOut && n.Tag == unread {
			out.node.Kind = unreadKind
		}
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

func (b *treeReader) alias(n *yaml.Node, depth int) (built, error) {
	target, known := b.done[n.Alias]
	switch {
	case known && target == nil:
		return built{}, fail(n, "the alias *"+n.Value+" stands inside what it names")
	case !known:
		return b.node(n.Alias, depth)
	case depth+target.depth > maxDepth:
		return built{}, fail(n, tooDeep())
	}
	return *target, nil
}

func (b *treeReader) mapping(n *yaml.Node, out *built, depth int) error {
	// Keys of its own come before what is merged in, whatever their order.
	var merges []*yaml.Node
	seen := make(map[string]bool, len(n.Content)/2)
	out.node.Members = make([]Member, 0, len(n.Content)/2)
	for i := 0; i < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		switch {
		case key.Tag == "!!merge":
			merges = append(merges, value)
			continue
		case key.Kind != yaml.ScalarNode:
			return fail(key, "a key must be a plain text")
		}
		again := seen[key.Value]
		if again && len(b.twice) < problem.MaxProblems {
			b.twice = append(b.twice, &problem.Problem{Position: problem.Position{Line: key.Line, Column: key.Column}, Detail: strconv.Quote(key.Value) + " is there twice"})
		}
		seen[key.Value] = true
		child, err := b.node(value, depth+1)
		if err != nil {
			return err
		}
		out.add(child)
		member := Member{key.Value, problem.Position{Line: key.Line, Column: key.Column}, child.node}
		if again {
			out.node.again = append(out.node.again, member)
			continue
		}
		out.node.Members = append(out.node.Members, member)
	}
	for _, value := range merges {
		if err := b.merge(value, out, seen, depth+1); err != nil {
			return err
		}
	}
	return nil
}

func (b *treeReader) merge(value *yaml.Node, out *built, seen map[string]bool, depth int) error {
	child, err := b.node(value, depth)
	if err != nil {
		return err
	}
	sources := []*Node{child.node}
	if child.node.Kind == ListKind {
		sources = child.node.Items
	}
	out.add(child)
	for _, source := range sources {
		if source.Kind != ObjectKind {
			return fail(value, "<< merges a mapping, or a list of mappings")
		}
		for _, m := range source.Members {
			if !seen[m.Name] {
				seen[m.Name] = true
				out.node.Members = append(out.node.Members, m)
			}
		}
	}
	return nil
}

// decimal is a whole number of YAML 1.2 that JSON writes otherwise: with a sign, or zeros before it.
var decimal = lazyregexp.New(`^[-+]?[0-9]+$`)

func scalar(n *yaml.Node, out *Node) error {
	out.Kind, out.Scalar = TextKind, n.Value
	switch n.Tag {
	case "!!null":
		out.Kind, out.Scalar = nullKind, "null"
	case "!!bool":
		var b bool
		if err := n.Decode(&b); err != nil {
			return fail(n, "is no boolean")
		}
		out.Kind, out.Scalar = boolKind, strconv.FormatBool(b)
	case "!!int", "!!float":
		out.Kind = NumberKind
		if json.Valid([]byte(n.Value)) { // keeps 10.50 as it is written
			return nil
		}
		if decimal().MatchString(n.Value) { // the library reads 012 as YAML 1.1 does, in octal
			out.Scalar = strings.TrimLeft(strings.TrimLeft(n.Value, "+-"), "0")
			if out.Scalar == "" {
				out.Scalar = "0"
			}
			if n.Value[0] == '-' {
				out.Scalar = "-" + out.Scalar
			}
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
		out.Scalar = string(text)
	case "!!binary":
		return fail(n, "binary values are not accepted")
	}
	return nil
}
