package syntax

import "github.com/etcp-mock/etcp-mock/scenarios/problem"

// Forms without parts that hold no ${…}.
var (
	Plain = Leaf("a text", TextKind)
	Flag  = Leaf("true or false", boolKind)
)

// Leaf is a value of one kind, without further bounds.
func Leaf(want string, k kind) *Form { return &Form{Want: want, Kind: k} }

// List is a list of items of one form.
func List(item *Form, want string) *Form { return &Form{Want: want, Kind: ListKind, Item: item} }

// Object is a mapping of the fields named.
func Object(want string, fields ...Field) *Form {
	return &Form{Want: want, Kind: ObjectKind, Fields: fields}
}

// Required is a field that must be there.
func Required(name string, f *Form, doc string) Field {
	return Field{Name: name, Form: f, doc: doc, required: true}
}

// Optional is a field that may be left out.
func Optional(name string, f *Form, doc string) Field {
	return Field{Name: name, Form: f, doc: doc}
}

// Reference is a name that stands for something defined elsewhere.
type Reference struct {
	Name     string
	Position problem.Position
	Path     string
	Of       string // the endpoint whose it is, of a code; "": any
}

// Use is a place where variables are read.
type Use struct {
	Names    []string // of the variables
	Position problem.Position
	Path     string
	Answer   bool // the step's answer can be read too
}
