package scenarios

import "bytes"

// The limits of a fixture's file.
var documentLimits = limits{bytes: 64 << 20, nodes: 5_000_000}

// Document is a YAML or JSON file as JSON, with the place of each value.
type Document struct {
	Name string
	JSON []byte

	text []byte
	root *node
}

// ReadDocument turns a YAML (or JSON, which is YAML) file into JSON. Scalars
// keep the type that YAML 1.2 gives them; what looks like a time stays a text.
// Its error is a [*Problem].
func ReadDocument(name string, text []byte) (*Document, error) {
	root, err := readTree(name, text, documentLimits)
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	root.writeJSON(&out)
	return &Document{Name: name, JSON: out.Bytes(), text: text, root: root}, nil
}

// Locate is where a JSON pointer's value stands in the file, or its nearest
// parent that is there.
func (d *Document) Locate(pointer string) Place { return d.root.locate(pointer) }

// At is a problem at a JSON pointer of the document.
func (d *Document) At(pointer, detail string) *Problem {
	return problemAt(d.Name, d.text, d.Locate(pointer), pointer, detail)
}
