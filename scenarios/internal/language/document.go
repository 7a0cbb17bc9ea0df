package language

import (
	"bytes"

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

// Locate is where a JSON pointer's value stands in the file, or its nearest
// parent that is there.
func (d *Document) Locate(pointer string) problem.Position { return d.root.Locate(pointer) }

// At is a problem at a JSON pointer of the document.
func (d *Document) At(pointer, detail string) *problem.Problem {
	return problem.At(d.Name, d.text, d.Locate(pointer), pointer, detail)
}
