package scenarios

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// A form says what a value of a scenario file may be. The parser checks files against the forms, and the JSON Schema
// for editors is written from the same ones (schema.go), so that the two cannot disagree.
type form struct {
	want     string                                 // what is wanted, for messages: "a text"
	kind     kind                                   // of a leaf, a list or a mapping
	oneOf    []string                               // of a text: the values there are
	pattern  *regexp.Regexp                         // of a text
	fixed    bool                                   // of a text with a pattern: it holds no ${…}
	number   *bounds                                // of a number: it must be whole
	check    func(c *checker, n *node, path string) // of a leaf: what a pattern cannot say
	positive bool                                   // of a number
	item     *form                                  // of a list
	least    int                                    // items of a list, or members of a mapping
	fields   []field                                // of a mapping with known keys
	each     *form                                  // of a mapping with any keys
	keys     *regexp.Regexp                         // what the keys of each look like
	keyWant  string                                 // and how a message says so
	options  []*form                                // alternatives, told apart by their kinds
	anyOf    func() []*form                         // mappings told apart by their first field
	name     string                                 // under $defs of the schema, where the form is used often or in itself
	any      bool                                   // any value
}

type bounds struct{ least, most int }

// field is a key of a mapping.
type field struct {
	name     string
	form     *form
	doc      string // a sentence or two, shown by editors
	required bool
}

func leaf(want string, k kind) *form { return &form{want: want, kind: k} }

func (f *form) accepts(k kind) bool {
	if f.any {
		return true
	}
	for _, option := range f.options {
		if option.accepts(k) {
			return true
		}
	}
	return len(f.options) == 0 && f.kind == k
}

// takes says whether a text would do.
func (f *form) takes(text string) bool {
	for _, option := range f.options {
		if option.takes(text) {
			return true
		}
	}
	return len(f.options) == 0 && f.kind == textKind && (f.pattern == nil || f.pattern.MatchString(text)) && (f.oneOf == nil || slices.Contains(f.oneOf, text))
}

// checker checks a file and gathers what is wrong with it.
type checker struct {
	file     string
	text     []byte
	problems Problems
	more     int

	// What the expressions read, for the search for variables that are nowhere defined.
	uses []use
}

// use is a place where variables are read.
type use struct {
	expr   *expression
	place  Place
	path   string
	answer bool // the step's answer can be read too
	step   *Step
}

func (c *checker) reads(e *expression, at Place, path string, answer bool) {
	if len(e.names) > 0 {
		c.uses = append(c.uses, use{expr: e, place: at, path: path, answer: answer})
	}
}

func (c *checker) at(at Place, path, detail, hint string) {
	if len(c.problems) >= maxProblems {
		c.more++
		return
	}
	p := problemAt(c.file, c.text, at, path, detail)
	p.Hint = hint
	c.problems = append(c.problems, p)
}

func (c *checker) err() error {
	c.problems.sort()
	if c.more > 0 {
		c.problems = append(c.problems, &Problem{File: c.file, Detail: fmt.Sprintf("and %d more", c.more)})
	}
	return c.problems.Err()
}

// form checks a value against a form.
func (c *checker) form(f *form, n *node, path string) {
	switch {
	case f.any:
	case len(f.options) > 0:
		for _, option := range f.options {
			if option.accepts(n.kind) {
				if option.want == computed.want {
					both := *option
					both.want = f.want + ", or " + computed.want
					option = &both
				}
				c.form(option, n, path)
				return
			}
		}
		c.wrongKind(f, n, path)
		return
	case f.kind != n.kind:
		c.wrongKind(f, n, path)
		return
	case f.anyOf != nil:
		c.alternative(f, n, path)
	case n.kind == objectKind && f.each != nil:
		c.mapping(f, n, path)
	case n.kind == objectKind && f.fields != nil:
		c.fields(f.fields, n, path, "")
	case n.kind == listKind:
		if len(n.items) < f.least {
			c.at(n.place, path, "is empty; want "+f.want, "")
		}
		for i, item := range n.items {
			c.form(f.item, item, index(path, i))
		}
	default:
		c.leaf(f, n, path)
		return
	}
	if f.check != nil {
		f.check(c, n, path)
	}
}

func (c *checker) wrongKind(f *form, n *node, path string) {
	want := f.want
	if f.kind == objectKind && len(f.options) == 0 && !strings.Contains(want, "mapping") {
		want = "a mapping (" + want + ")"
	}
	detail := fmt.Sprintf("want %s, got %s", want, n.kind)
	hint := ""
	switch n.kind {
	case numberKind, boolKind:
		detail += " " + n.scalar
		if f.takes(n.scalar) {
			hint = fmt.Sprintf("write %q, in quotes", n.scalar)
		}
	case textKind:
		detail += " " + brief(n.scalar)
	default:
	}
	c.at(n.place, path, detail, hint)
}

func (c *checker) leaf(f *form, n *node, path string) {
	templated := !f.fixed && n.kind == textKind && strings.Contains(n.scalar, "${")
	switch {
	case n.kind == numberKind && f.number != nil:
		v, whole := n.value().(int)
		if !whole || v < f.number.least || v > f.number.most {
			c.at(n.place, path, fmt.Sprintf("want a whole number from %d to %d, got %s", f.number.least, f.number.most, n.scalar), "")
			return
		}
	case f.positive && strings.HasPrefix(n.scalar, "-"), f.positive && same(n.value(), 0):
		c.at(n.place, path, fmt.Sprintf("want %s, got %s", f.want, n.scalar), "")
		return
	case f.oneOf != nil && !slices.Contains(f.oneOf, n.scalar):
		c.at(n.place, path, fmt.Sprintf("there is no %s %q", f.want, n.scalar), didYouMeanOr(n.scalar, f.oneOf))
		return
	case f.pattern != nil && !templated && !f.pattern.MatchString(n.scalar):
		c.at(n.place, path, fmt.Sprintf("want %s, got %s", f.want, brief(n.scalar)), "")
		return
	}
	if f.check != nil {
		f.check(c, n, path)
	}
}

// didYouMeanOr names the nearest, or all where none is near and they are few.
func didYouMeanOr(got string, known []string) string {
	if hint := didYouMean(got, known); hint != "" || len(known) > 14 {
		return hint
	}
	return "there is " + strings.Join(known, ", ")
}

func (c *checker) mapping(f *form, n *node, path string) {
	if len(n.members) < f.least {
		c.at(n.place, path, "is empty; want "+f.want, "")
	}
	for _, m := range n.members {
		if f.keys != nil && !f.keys.MatchString(m.name) {
			c.at(m.place, join(path, m.name), "is no "+f.keyWant, "")
			continue
		}
		c.form(f.each, m.value, join(path, m.name))
	}
}

func (c *checker) fields(fields []field, n *node, path, of string) {
	for _, m := range n.members {
		i := slices.IndexFunc(fields, func(f field) bool { return f.name == m.name })
		if i < 0 {
			names := make([]string, len(fields))
			for j, f := range fields {
				names[j] = f.name
			}
			c.at(m.place, path, fmt.Sprintf("unknown field %q%s", m.name, of), didYouMeanOr(m.name, names))
			continue
		}
		c.form(fields[i].form, m.value, join(path, m.name))
	}
	for _, f := range fields {
		if f.required && !n.has(f.name) {
			c.at(n.place, path, f.name+" is missing", "")
		}
	}
}

// alternative finds the mapping meant by its first field: the step by what it does.
func (c *checker) alternative(f *form, n *node, path string) {
	var meant []*form
	all := f.anyOf()
	for _, each := range all {
		if n.has(each.fields[0].name) {
			meant = append(meant, each)
		}
	}
	switch len(meant) {
	case 1:
		c.fields(meant[0].fields, n, path, " of the step "+meant[0].fields[0].name)
	case 0:
		c.noAction(f, n, path, all)
	default:
		second := meant[1].fields[0].name
		c.at(n.place, path, fmt.Sprintf("does two things, %s and %s", meant[0].fields[0].name, second), "make two steps of it")
		var both []field
		for _, each := range meant {
			for _, f := range each.fields {
				f.required = false
				both = append(both, f)
			}
		}
		c.fields(both, n, path, "")
	}
}

func (c *checker) noAction(f *form, n *node, path string, all []*form) {
	names := make([]string, len(all))
	var known []string
	for i, each := range all {
		names[i] = each.fields[0].name
		for _, field := range each.fields[1:] {
			known = append(known, field.name)
		}
	}
	for _, m := range n.members {
		if !slices.Contains(known, m.name) {
			c.at(m.place, path, fmt.Sprintf("there is no step %q", m.name), didYouMeanOr(m.name, names))
			return
		}
	}
	c.at(n.place, path, "want "+f.want, "one of "+strings.Join(names, ", "))
}
