package scenarios

import (
	"slices"
	"strings"
)

// schemaOf writes a form as a JSON Schema (draft 2020-12), the named forms under $defs.
func schemaOf(f *form) map[string]any {
	w := schemaWriter{defs: map[string]any{}}
	root := w.form(f)
	root["$schema"] = "https://json-schema.org/draft/2020-12/schema"
	root["$id"] = "https://etcp-mock.github.io/schemas/scenario.schema.json"
	root["title"] = "etcp-mock scenario"
	root["description"] = "A world and a story for the mock to play, a contract case, or a recording to replay."
	root["$defs"] = w.defs
	return root
}

type schemaWriter struct{ defs map[string]any }

func (w *schemaWriter) form(f *form) map[string]any {
	if f.name == "" {
		return w.plain(f)
	}
	if _, done := w.defs[f.name]; !done {
		w.defs[f.name] = nil // it may hold itself
		w.defs[f.name] = w.plain(f)
	}
	return map[string]any{"$ref": "#/$defs/" + f.name}
}

func (w *schemaWriter) plain(f *form) map[string]any {
	switch {
	case f == matcherForm:
		return w.matcher()
	case f.any:
		return map[string]any{}
	case len(f.options) > 0:
		all := make([]any, len(f.options))
		for i, option := range f.options {
			all[i] = w.form(option)
		}
		return map[string]any{"anyOf": all}
	case f.anyOf != nil:
		return w.alternatives(f.anyOf())
	}
	switch f.kind {
	case listKind:
		s := map[string]any{"type": "array", "items": w.form(f.item)}
		if f.least > 0 {
			s["minItems"] = f.least
		}
		return s
	case objectKind:
		return w.object(f)
	default:
		return leafSchema(f)
	}
}

func leafSchema(f *form) map[string]any {
	s := map[string]any{"type": map[kind]string{textKind: "string", numberKind: "number", boolKind: "boolean", nullKind: "null"}[f.kind]}
	switch {
	case f.number != nil:
		s["type"], s["minimum"], s["maximum"] = "integer", f.number.least, f.number.most
	case f.positive:
		s["exclusiveMinimum"] = 0
	case f.oneOf != nil:
		s["enum"] = f.oneOf
	case f.fixed:
		s["pattern"] = f.pattern.String()
	case f.pattern != nil:
		s["anyOf"] = []any{map[string]any{"pattern": f.pattern.String()}, map[string]any{"pattern": `\$\{`}}
	}
	return s
}

func (w *schemaWriter) object(f *form) map[string]any {
	s := map[string]any{"type": "object"}
	if f.least > 0 {
		s["minProperties"] = f.least
	}
	if f.each != nil {
		s["additionalProperties"] = w.form(f.each)
		names := map[string]any{}
		if f.keys != nil {
			names["pattern"] = f.keys.String()
		}
		if f == vars || f == saveForm {
			names["not"] = map[string]any{"enum": reserved}
		}
		if len(names) > 0 {
			s["propertyNames"] = names
		}
		return s
	}
	properties, required := map[string]any{}, []string{}
	for _, field := range f.fields {
		property := w.form(field.form)
		doc := field.doc
		if doc == "" {
			doc = "What " + field.name + " of the answer must be."
		}
		property["description"] = doc
		properties[field.name] = property
		if field.required {
			required = append(required, field.name)
		}
	}
	s["properties"], s["additionalProperties"] = properties, false
	if len(required) > 0 {
		s["required"] = required
	}
	return s
}

// alternatives are mappings of which each has its own first field: none has another's.
func (w *schemaWriter) alternatives(forms []*form) map[string]any {
	all := make([]any, len(forms))
	for i, f := range forms {
		s := w.object(f)
		s["title"] = f.fields[0].name
		s["description"] = f.fields[0].doc
		all[i] = s
	}
	return map[string]any{"type": "object", "anyOf": all}
}

func (w *schemaWriter) matcher() map[string]any {
	properties := map[string]any{}
	for _, op := range matcherOps {
		s := op.schema()
		s["description"] = op.doc
		properties[op.name] = s
	}
	self := map[string]any{"$ref": "#/$defs/" + matcherForm.name}
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

// matcherOp is a matcher: its name, what it takes and what it says.
type matcherOp struct {
	name string
	doc  string
	form *form
}

func (op matcherOp) schema() map[string]any {
	if len(op.form.options) > 0 {
		all := make([]any, len(op.form.options))
		for i, option := range op.form.options {
			all[i] = leafSchema(option)
		}
		return map[string]any{"anyOf": all}
	}
	if op.form.any {
		return map[string]any{}
	}
	return leafSchema(op.form)
}

var (
	ordered    = &form{want: "a number or a text", options: []*form{leaf("a number", numberKind), leaf("a text", textKind)}}
	matcherOps = []matcherOp{
		{"$match", "A regular expression (RE2) that the text matches.", leaf("a regular expression as a text", textKind)},
		{"$type", "The JSON type.", &form{want: "type", kind: textKind, oneOf: jsonTypes}},
		{"$gt", "More than this: numbers by value, texts (so times too) by letter.", ordered},
		{"$gte", "At least this.", ordered},
		{"$lt", "Less than this.", ordered},
		{"$lte", "At most this.", ordered},
		{"$ne", "Anything but this.", &form{want: "a value", any: true}},
		{"$len", "The length of a text, an array or an object.", &form{want: "a whole number", options: []*form{{want: "a whole number", kind: numberKind, number: &bounds{0, 1_000_000}}, {want: "a ${…}", kind: textKind, pattern: computed.pattern}}}},
		{"$any", "true: anything, as long as it is there.", flag},
		{"$absent", "true: it must not be there.", flag},
		{"$near", "A time that is no further off than $within.", &form{want: "a time", kind: textKind, pattern: instant.pattern}},
		{"$within", "How far off $near may be.", &form{want: duration.want, kind: textKind, pattern: duration.pattern}},
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

func isTemplate(n *node) bool { return n.kind == textKind && strings.Contains(n.scalar, "${") }
