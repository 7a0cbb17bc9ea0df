package match

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/etcp-mock/etcp-mock/scenarios/internal/syntax"
	"github.com/etcp-mock/etcp-mock/scenarios/internal/template"
)

// matcherSchema is the JSON Schema of a value or a matcher.
func matcherSchema() map[string]any {
	properties := map[string]any{}
	for _, op := range matcherOps {
		s := op.schema()
		s["description"] = op.doc
		properties[op.name] = s
	}
	self := map[string]any{"$ref": "#/$defs/" + "matcher"}
	return map[string]any{
		"description": "A value that must be there, or a matcher that stands in for one.",
		"anyOf": []any{
			map[string]any{"type": []string{"string", "number", "boolean", "null"}},
			map[string]any{"type": "array", "items": self},
			map[string]any{"type": "object", "propertyNames": map[string]any{"pattern": `^([^$]|$)`}, "additionalProperties": self},
			map[string]any{
				"type": "object", "properties": properties, "additionalProperties": false, "minProperties": 1,
				"dependentRequired": map[string]any{"$within": []string{"$near"}, "$near": []string{"$within"}},
			},
		},
	}
}

// Form is a value or a matcher, to any depth.
var Form = &syntax.Form{Want: "a value or a matcher", Anything: true, Name: "matcher", Schema: matcherSchema, Check: func(c *syntax.Checker, n *syntax.Node, path string) {
	if template.Computes(n) || operates(n) { // else nothing can be wrong with it
		Compile(c, n, path)
	}
}}

// operates reports whether a matcher stands in a value.
func operates(n *syntax.Node) bool {
	return slices.ContainsFunc(n.Items, operates) || slices.ContainsFunc(n.Members, func(m syntax.Member) bool { return isOperation(m.Name) || operates(m.Value) })
}

// matcherOp is a matcher: its name, what it takes and what it says.
type matcherOp struct {
	name string
	doc  string
	form *syntax.Form
}

func (op matcherOp) schema() map[string]any {
	if len(op.form.Options) > 0 {
		all := make([]any, len(op.form.Options))
		for i, option := range op.form.Options {
			all[i] = syntax.LeafSchema(option)
		}
		return map[string]any{"anyOf": all}
	}
	if op.form.Anything {
		return map[string]any{}
	}
	return syntax.LeafSchema(op.form)
}

var (
	ordered    = &syntax.Form{Want: "a number or a text", Options: []*syntax.Form{syntax.Leaf("a number", syntax.NumberKind), syntax.Leaf("a text", syntax.TextKind)}}
	matcherOps = []matcherOp{
		{"$match", "A regular expression (RE2) that the text matches.", syntax.Leaf("a regular expression as a text", syntax.TextKind)},
		{"$type", "The JSON type.", &syntax.Form{Want: "type", Kind: syntax.TextKind, OneOf: jsonTypes}},
		{"$gt", "More than this: numbers by value, texts (so times too) by letter.", ordered},
		{"$gte", "At least this.", ordered},
		{"$lt", "Less than this.", ordered},
		{"$lte", "At most this.", ordered},
		{"$ne", "Anything but this.", &syntax.Form{Want: "a value", Anything: true}},
		{"$len", "The length of a text, an array or an object.", &syntax.Form{Want: "a whole number", Options: []*syntax.Form{{Want: "a whole number", Kind: syntax.NumberKind, Number: &syntax.Bounds{Least: 0, Most: 1_000_000}}, {Want: "a ${…}", Kind: syntax.TextKind, Pattern: template.Computed.Pattern}}}},
		{"$any", "true: anything, as long as it is there.", syntax.Flag},
		{"$absent", "true: it must not be there.", syntax.Flag},
		{"$near", "A time that is no further off than $within.", &syntax.Form{Want: "a time", Kind: syntax.TextKind, Pattern: template.Instant.Pattern}},
		{"$within", "How far off $near may be.", &syntax.Form{Want: template.Duration.Want, Kind: syntax.TextKind, Pattern: template.Duration.Pattern}},
	}
)

func matcherNames() []string {
	names := make([]string, len(matcherOps))
	for i, op := range matcherOps {
		names[i] = op.name
	}
	return names
}

func matcherOpOf(name string) *matcherOp {
	i := slices.IndexFunc(matcherOps, func(op matcherOp) bool { return op.name == name })
	if i < 0 {
		return nil
	}
	return &matcherOps[i]
}

func isOperation(name string) bool { return strings.HasPrefix(name, "$") }

// Compile compiles an expectation.
func Compile(c *syntax.Checker, n *syntax.Node, path string) *Matcher {
	m := &Matcher{Position: n.Position}
	switch n.Kind {
	case syntax.ListKind:
		m.shape = listMatcher
		for i, item := range n.Items {
			m.items = append(m.items, Compile(c, item, syntax.Index(path, i)))
		}
	case syntax.ObjectKind:
		if slices.ContainsFunc(n.Members, func(m syntax.Member) bool { return isOperation(m.Name) }) {
			m.shape = opsMatcher
			m.ops = operations(c, n, path)
			return m
		}
		m.shape = objectMatcher
		for _, each := range n.Members {
			m.named = append(m.named, namedMatcher{each.Name, Compile(c, each.Value, syntax.Join(path, each.Name))})
		}
	default:
		m.value = template.Compile(c, n, path)
	}
	return m
}

func operations(c *syntax.Checker, n *syntax.Node, path string) []operation {
	var ops []operation
	for _, each := range n.Members {
		known := matcherOpOf(each.Name)
		switch {
		case !isOperation(each.Name):
			c.Problem(each.Position, path, fmt.Sprintf("%q stands beside matchers; a mapping is either values or matchers", each.Name), "")
			continue
		case known == nil:
			c.Problem(each.Position, path, fmt.Sprintf("there is no matcher %q", each.Name), syntax.DidYouMeanOr(each.Name, matcherNames()))
			continue
		}
		before := len(c.Problems) + c.More
		c.Form(known.form, each.Value, syntax.Join(path, each.Name))
		op := operation{name: each.Name, operand: template.Compile(c, each.Value, syntax.Join(path, each.Name))}
		if len(c.Problems)+c.More > before {
			continue
		}
		switch each.Name {
		case "$within":
			if !n.Has("$near") {
				c.Problem(each.Position, path, "$within goes with $near", "")
			}
			continue
		case "$near":
			within := n.Get("$within")
			if within == nil {
				c.Problem(each.Position, path, "$near wants $within: how far off the time may be", "")
				continue
			}
			op.within = template.Compile(c, within, syntax.Join(path, "$within"))
		case "$match":
			if op.operand.Shape == template.LiteralShape {
				var err error
				if op.regex, err = regexp.Compile(each.Value.Scalar); err != nil {
					c.Problem(each.Value.Position, path, "$match: "+strings.TrimPrefix(err.Error(), "error parsing regexp: "), "")
				}
			}
		}
		ops = append(ops, op)
	}
	return ops
}
