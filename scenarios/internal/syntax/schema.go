package syntax

// JSONSchema writes a form as a JSON Schema (draft 2020-12), the named forms under $defs.
func JSONSchema(f *Form) map[string]any {
	w := schemaWriter{defs: map[string]any{}}
	root := w.form(f)
	root["$schema"] = "https://json-schema.org/draft/2020-12/schema"
	root["$id"] = "https://etcp-mock.github.io/schemas/scenario.schema.json"
	root["title"] = "etcp-mock scenario"
	root["description"] = "A sandbox and steps for the mock to run, a contract case, or a recording to replay."
	root["$defs"] = w.defs
	return root
}

type schemaWriter struct{ defs map[string]any }

func (w *schemaWriter) form(f *Form) map[string]any {
	if f.Name == "" {
		return w.plain(f)
	}
	if _, done := w.defs[f.Name]; !done {
		w.defs[f.Name] = nil // it may hold itself
		w.defs[f.Name] = w.plain(f)
	}
	return map[string]any{"$ref": "#/$defs/" + f.Name}
}

func (w *schemaWriter) plain(f *Form) map[string]any {
	switch {
	case f.Schema != nil:
		return f.Schema()
	case f.Anything:
		return map[string]any{}
	case len(f.Options) > 0:
		all := make([]any, len(f.Options))
		for i, option := range f.Options {
			all[i] = w.form(option)
		}
		return map[string]any{"anyOf": all}
	case f.Alternatives != nil:
		return w.alternatives(f.Alternatives())
	}
	switch f.Kind {
	case ListKind:
		s := map[string]any{"type": "array", "items": w.form(f.Item)}
		if f.Least > 0 {
			s["minItems"] = f.Least
		}
		return s
	case ObjectKind:
		return w.object(f)
	default:
		return LeafSchema(f)
	}
}

// LeafSchema is the JSON Schema of a form without parts.
func LeafSchema(f *Form) map[string]any {
	s := map[string]any{"type": map[kind]string{TextKind: "string", NumberKind: "number", boolKind: "boolean", nullKind: "null"}[f.Kind]}
	switch {
	case f.Number != nil:
		s["type"], s["minimum"], s["maximum"] = "integer", f.Number.Least, f.Number.Most
	case f.Positive:
		s["exclusiveMinimum"] = 0
	case f.OneOf != nil:
		s["enum"] = f.OneOf
	case f.Fixed:
		s["pattern"] = f.Pattern().String()
	case f.Pattern != nil:
		s["anyOf"] = []any{map[string]any{"pattern": f.Pattern().String()}, map[string]any{"pattern": `\$\{`}}
	}
	return s
}

func (w *schemaWriter) object(f *Form) map[string]any {
	s := map[string]any{"type": "object"}
	if f.Least > 0 {
		s["minProperties"] = f.Least
	}
	if f.Each != nil {
		s["additionalProperties"] = w.form(f.Each)
		names := map[string]any{}
		if f.Keys != nil {
			names["pattern"] = f.Keys().String()
		}
		if f.Reserved != nil {
			names["not"] = map[string]any{"enum": f.Reserved}
		}
		if len(names) > 0 {
			s["propertyNames"] = names
		}
		return s
	}
	properties, required := map[string]any{}, []string{}
	for _, field := range f.Fields {
		property := w.form(field.Form)
		doc := field.doc
		if doc == "" {
			doc = "What " + field.Name + " of the answer must be."
		}
		property["description"] = doc
		properties[field.Name] = property
		if field.required {
			required = append(required, field.Name)
		}
	}
	s["properties"], s["additionalProperties"] = properties, false
	if len(required) > 0 {
		s["required"] = required
	}
	return s
}

// alternatives are mappings of which each has its own first field: none has another's.
func (w *schemaWriter) alternatives(forms []*Form) map[string]any {
	all := make([]any, len(forms))
	for i, f := range forms {
		s := w.object(f)
		s["title"] = f.Fields[0].Name
		s["description"] = f.Fields[0].doc
		all[i] = s
	}
	return map[string]any{"type": "object", "anyOf": all}
}
