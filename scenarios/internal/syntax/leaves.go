package syntax

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
