package language

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/etcp-mock/etcp-mock/internal/jsonvalue"
	"github.com/etcp-mock/etcp-mock/scenarios/internal/syntax"
	"github.com/etcp-mock/etcp-mock/scenarios/problem"
)

// The limits of a fixture's file.
var documentLimits = syntax.Limits{Bytes: 64 << 20, Nodes: 5_000_000}

// Document is a YAML or JSON file as JSON, with the position of each value.
type Document struct {
	Name string
	JSON []byte

	text []byte
	root *syntax.Node
}

// ReadDocument turns a YAML (or JSON, which is YAML) file into JSON. Scalars
// keep the type that YAML 1.2 gives them; what looks like a time stays a text.
// Its error is a [*Problem].
func ReadDocument(name string, text []byte) (*Document, error) {
	root, err := syntax.Read(name, text, documentLimits)
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	root.WriteJSON(&out)
	return &Document{Name: name, JSON: out.Bytes(), text: text, root: root}, nil
}

// At is a problem at a JSON pointer of the document; an unknown field or rule is at its key. What the detail says to do about it becomes the
// hint, and a number or boolean that has to be a text the hint to put it in quotes.
func (d *Document) At(pointer, detail string) *problem.Problem {
	if strings.HasPrefix(detail, "unknown field") || strings.HasPrefix(detail, "no such rule") {
		return d.AtKey(pointer, detail)
	}
	node, at, _ := d.root.Find(pointer)
	if node != nil && strings.HasPrefix(detail, "want a string, got a ") && node.IsBare() {
		written := d.written(at)
		p := d.problem(at, pointer, strings.Replace(detail, "a string", "a text", 1)+" "+written)
		p.Hint = fmt.Sprintf("write %q, in quotes", written)
		return p
	}
	return d.problem(at, pointer, detail)
}

// AtKey is a problem with the name of a value rather than with the value: it is at the key.
func (d *Document) AtKey(pointer, detail string) *problem.Problem {
	_, _, key := d.root.Find(pointer)
	return d.problem(key, pointer, detail)
}

func (d *Document) problem(at problem.Position, pointer, detail string) *problem.Problem {
	detail, near, found := strings.Cut(detail, "; did you mean ")
	p := problem.At(d.Name, d.text, at, jsonvalue.Path(pointer), detail)
	if found {
		p.Hint = "did you mean " + near
	}
	return p
}

// written is a number or boolean as the file has it: 0138, not 138.
func (d *Document) written(at problem.Position) string {
	line := []rune(problem.LineOf(d.text, at.Line))
	text := string(line[min(at.Column-1, len(line)):])
	if end := strings.IndexAny(text, ",}] \t"); end >= 0 {
		text = text[:end]
	}
	return text
}
