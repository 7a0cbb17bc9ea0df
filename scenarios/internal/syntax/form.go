package syntax

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/etcp-mock/etcp-mock/internal/suggest"
	"github.com/etcp-mock/etcp-mock/scenarios/internal/expression"
	"github.com/etcp-mock/etcp-mock/scenarios/problem"
)

// Form says what a value of a scenario file may be. The parser checks files against the forms, and the JSON Schema
// for editors is written from the same ones (schema.go), so that the two cannot disagree.
type Form struct {
	Want         string                                 // what is wanted, for messages: "a text"
	Kind         kind                                   // of a leaf, a list or a mapping
	OneOf        []string                               // of a text: the values there are
	Pattern      func() *regexp.Regexp                  // of a text
	Fixed        bool                                   // of a text with a pattern: it holds no ${…}
	Number       *Bounds                                // of a number: it must be whole
	Check        func(c *Checker, n *Node, path string) // of a leaf: what a pattern cannot say
	Positive     bool                                   // of a number
	Item         *Form                                  // of a list
	Least        int                                    // items of a list, or members of a mapping
	Fields       []Field                                // of a mapping with known keys
	Each         *Form                                  // of a mapping with any keys
	Keys         func() *regexp.Regexp                  // what the keys of each look like
	KeyWant      string                                 // and how a message says so
	Options      []*Form                                // alternatives, told apart by their kinds
	Alternatives func() []*Form                         // mappings told apart by their first field
	Name         string                                 // under $defs of the schema, where the form is used often or in itself
	Defines      bool                                   // its keys name variables that get values
	Refers       bool                                   // it names another scenario
	Anything     bool                                   // any value
	Computed     bool                                   // an option: one ${…} in place of a value of another type
	Reserved     []string                               // of a mapping with any keys: those it must not have
	Schema       func() map[string]any                  // its JSON Schema, where the fields above do not say it
}

// Bounds are the least and the most a whole number may be.
type Bounds struct{ Least, Most int }

// Field is a key of a mapping.
type Field struct {
	Name     string
	Form     *Form
	doc      string // a sentence or two, shown by editors
	required bool
}

func (f *Form) accepts(k kind) bool {
	if f.Anything {
		return true
	}
	for _, option := range f.Options {
		if option.accepts(k) {
			return true
		}
	}
	return len(f.Options) == 0 && f.Kind == k
}

// takes says whether a text would do.
func (f *Form) takes(text string) bool {
	for _, option := range f.Options {
		if option.takes(text) {
			return true
		}
	}
	return len(f.Options) == 0 && f.Kind == TextKind && (f.Pattern == nil || f.Pattern().MatchString(text)) && (f.OneOf == nil || slices.Contains(f.OneOf, text))
}

// Checker checks a file and gathers what is wrong with it.
type Checker struct {
	File     string
	Text     []byte
	Problems problem.Problems
	More     int

	// What the expressions read, for the search for variables that are nowhere defined.
	Uses []Use

	// Judge judges what the server would be sent; nil: nobody does.
	Judge Judge

	// The merchants that steps name, and the car parks that steps and stays do.
	Merchants, CarParks []Reference

	// The codes that steps expect.
	Codes []Reference
}

// Reads notes that an expression reads variables.
func (c *Checker) Reads(names []string, at problem.Position, path string, answer bool) {
	if len(names) > 0 {
		c.Uses = append(c.Uses, Use{Names: names, Position: at, Path: path, Answer: answer})
	}
}

// Problem notes what is wrong at a position of the file; path is where in its values.
func (c *Checker) Problem(at problem.Position, path, detail, hint string) {
	if len(c.Problems) >= problem.MaxProblems {
		c.More++
		return
	}
	p := problem.At(c.File, c.Text, at, path, detail)
	p.Hint = hint
	c.Problems = append(c.Problems, p)
}

// Err is all that is wrong with the file as [problem.Problems], or nil.
func (c *Checker) Err() error {
	c.Problems.Sort()
	switch {
	case c.enough():
		c.Problems = append(c.Problems, &problem.Problem{File: c.File, Detail: fmt.Sprintf("and over %d more", mostMore-1)})
	case c.More > 0:
		c.Problems = append(c.Problems, &problem.Problem{File: c.File, Detail: fmt.Sprintf("and %d more", c.More)})
	}
	return c.Problems.Err()
}

// mostMore is how many problems are counted that are not told. A file that is wrong all over is not checked to its end.
const mostMore = 1000

func (c *Checker) enough() bool { return c.More >= mostMore }

// Form checks a value against a form.
func (c *Checker) Form(f *Form, n *Node, path string) {
	switch {
	case c.enough(), n.Kind == unreadKind:
		return
	case f.Anything:
	case len(f.Options) > 0:
		for _, option := range f.Options {
			if option.accepts(n.Kind) {
				if option.Computed {
					both := *option
					both.Want = f.Want + ", or " + option.Want
					option = &both
				}
				c.Form(option, n, path)
				return
			}
		}
		c.wrongKind(f, n, path)
		return
	case f.Kind != n.Kind:
		c.wrongKind(f, n, path)
		return
	case f.Alternatives != nil:
		c.alternative(f, n, path)
	case n.Kind == ObjectKind && f.Each != nil:
		c.mapping(f, n, path)
	case n.Kind == ObjectKind && f.Fields != nil:
		if len(n.Members) < f.Least {
			c.Problem(n.Position, path, "is empty; want "+f.Want, "")
		}
		c.fields(f.Fields, n, path, "")
	case n.Kind == ListKind:
		if len(n.Items) < f.Least {
			c.Problem(n.Position, path, "is empty; want "+f.Want, "")
		}
		for i, item := range n.Items {
			c.Form(f.Item, item, Index(path, i))
		}
	default:
		c.leaf(f, n, path)
		return
	}
	if f.Check != nil {
		f.Check(c, n, path)
	}
}

func (c *Checker) wrongKind(f *Form, n *Node, path string) {
	want := f.Want
	if f.Kind == ObjectKind && len(f.Options) == 0 && !strings.Contains(want, "mapping") {
		want = "a mapping (" + want + ")"
	}
	detail := fmt.Sprintf("want %s, got %s", want, n.Kind)
	hint := ""
	switch n.Kind {
	case NumberKind, boolKind:
		detail += " " + n.Scalar
		if f.takes(n.Scalar) {
			hint = fmt.Sprintf("write %q, in quotes", n.Scalar)
		}
	case TextKind:
		detail += " " + expression.Brief(n.Scalar)
	default:
	}
	c.Problem(n.Position, path, detail, hint)
}

func (c *Checker) leaf(f *Form, n *Node, path string) {
	templated := !f.Fixed && n.Kind == TextKind && strings.Contains(n.Scalar, "${")
	switch {
	case n.Kind == NumberKind && f.Number != nil:
		v, whole := n.Value().(int)
		if !whole || v < f.Number.Least || v > f.Number.Most {
			c.Problem(n.Position, path, fmt.Sprintf("want a whole number from %d to %d, got %s", f.Number.Least, f.Number.Most, n.Scalar), "")
			return
		}
	case f.Positive && strings.HasPrefix(n.Scalar, "-"), f.Positive && expression.Same(n.Value(), 0):
		c.Problem(n.Position, path, fmt.Sprintf("want %s, got %s", f.Want, n.Scalar), "")
		return
	case f.OneOf != nil && !slices.Contains(f.OneOf, n.Scalar):
		c.Problem(n.Position, path, fmt.Sprintf("there is no %s %q", f.Want, n.Scalar), DidYouMeanOr(n.Scalar, f.OneOf))
		return
	case f.Pattern != nil && !templated && !f.Pattern().MatchString(n.Scalar):
		c.Problem(n.Position, path, fmt.Sprintf("want %s, got %s", f.Want, expression.Brief(n.Scalar)), "")
		return
	}
	if f.Check != nil {
		f.Check(c, n, path)
	}
}

// fewNames is how many names are listed where none of them is like the one that was given.
const fewNames = 24

// DidYouMeanOr names the nearest, else the one that begins alike, else all where they are few.
func DidYouMeanOr(got string, known []string) string {
	if strings.Contains(got, "：") && !slices.ContainsFunc(known, func(name string) bool { return strings.Contains(name, "：") }) {
		return wideColonHint
	}
	if hint := suggest.DidYouMean(got, known); hint != "" {
		return hint
	}
	if alike := suggest.SameStart(got, known); alike != "" {
		return fmt.Sprintf("did you mean %q?", alike)
	}
	if len(known) > fewNames {
		return ""
	}
	return "there is " + strings.Join(known, ", ")
}

func (c *Checker) mapping(f *Form, n *Node, path string) {
	if len(n.Members) < f.Least {
		c.Problem(n.Position, path, "is empty; want "+f.Want, "")
	}
	for _, m := range n.Members {
		if f.Keys != nil && !f.Keys().MatchString(m.Name) {
			c.Problem(m.Position, Join(path, m.Name), "is no "+f.KeyWant, "")
			continue
		}
		c.wideColonIn(m, path)
		c.Form(f.Each, m.Value, Join(path, m.Name))
	}
}

func (c *Checker) fields(fields []Field, n *Node, path, of string) {
	for _, m := range n.Members {
		if c.enough() {
			return
		}
		i := slices.IndexFunc(fields, func(f Field) bool { return f.Name == m.Name })
		if i < 0 {
			names := make([]string, len(fields))
			for j, f := range fields {
				names[j] = f.Name
			}
			hint := DidYouMeanOr(m.Name, names)
			if lacks := lacking(fields, n, m.Name); lacks != "" {
				hint = DidYouMeanOr(lacks, []string{lacks})
			}
			if place := placeOf(fields, m.Name); place != "" && suggest.Nearest(m.Name, names) == "" {
				hint = "it stands under " + place
			}
			c.Problem(m.Position, path, fmt.Sprintf("unknown field %q%s", m.Name, of), hint)
			continue
		}
		c.Form(fields[i].Form, m.Value, Join(path, m.Name))
	}
	for _, f := range fields {
		if f.required && !n.Has(f.Name) && !n.isUnread() {
			c.Problem(n.Position, path, f.Name+" is missing", "")
		}
	}
}

// lacking is the field that a mapping must have and lacks, and that begins with a name which it has instead: plateNumber of plate.
func lacking(fields []Field, n *Node, name string) string {
	for _, f := range fields {
		if f.required && !n.Has(f.Name) && len(name) > 2 && len(name) < len(f.Name) && strings.EqualFold(f.Name[:len(name)], name) {
			return f.Name
		}
	}
	return ""
}

// alternative finds the mapping meant by its first field: the step by what it does.
func (c *Checker) alternative(f *Form, n *Node, path string) {
	var meant []*Form
	all := f.Alternatives()
	for _, each := range all {
		if n.Has(each.Fields[0].Name) {
			meant = append(meant, each)
		}
	}
	switch len(meant) {
	case 1:
		c.fields(meant[0].Fields, n, path, " of the step "+meant[0].Fields[0].Name)
		if meant[0].Check != nil {
			meant[0].Check(c, n, path)
		}
	case 0:
		c.noAction(f, n, path, all)
	default:
		second := meant[1].Fields[0].Name
		c.Problem(n.Position, path, fmt.Sprintf("does two things, %s and %s", meant[0].Fields[0].Name, second), "make two steps of it")
		var both []Field
		for _, each := range meant {
			for _, f := range each.Fields {
				f.required = false
				both = append(both, f)
			}
		}
		c.fields(both, n, path, "")
	}
}

func (c *Checker) noAction(f *Form, n *Node, path string, all []*Form) {
	names := make([]string, len(all))
	var known []string
	for i, each := range all {
		names[i] = each.Fields[0].Name
		for _, field := range each.Fields[1:] {
			known = append(known, field.Name)
		}
	}
	for _, m := range n.Members {
		if !slices.Contains(known, m.Name) {
			c.Problem(m.Position, path, fmt.Sprintf("there is no step %q", m.Name), DidYouMeanOr(m.Name, names))
			return
		}
	}
	c.Problem(n.Position, path, "want "+f.Want, "one of "+strings.Join(names, ", "))
}

// Join and index make paths: data.list[0].id.
func Join(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}

// Index is the path of an item of a list.
func Index(path string, i int) string { return path + "[" + strconv.Itoa(i) + "]" }

// FieldsWhere are the names of the fields, at any depth, whose forms are as wanted, or lists of such.
func (f *Form) FieldsWhere(wanted func(*Form) bool) map[string]bool {
	keys, seen := map[string]bool{}, map[*Form]bool{}
	var walk func(*Form)
	walk = func(f *Form) {
		if f == nil || seen[f] {
			return
		}
		seen[f] = true
		walk(f.Item)
		walk(f.Each)
		parts := f.Options
		if f.Alternatives != nil {
			parts = append(slices.Clone(parts), f.Alternatives()...)
		}
		for _, part := range parts {
			walk(part)
		}
		for _, field := range f.Fields {
			if wanted(field.Form) || field.Form.Item != nil && wanted(field.Form.Item) {
				keys[field.Name] = true
			}
			walk(field.Form)
		}
	}
	walk(f)
	return keys
}
