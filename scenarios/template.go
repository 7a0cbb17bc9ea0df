package scenarios

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
)

// template is a value of a file in which texts may hold ${…}.
type template struct {
	place   Place
	literal any         // the whole value, where nothing in it is computed
	expr    *expression // of a text that is one ${…}, whose value keeps its type
	parts   []part      // of a text with ${…} in it
	items   []*template
	members []templateMember
	shape   templateShape
}

type templateShape uint8

const (
	literalShape templateShape = iota
	exprShape
	textShape
	listShape
	objectShape
)

type templateMember struct {
	name  string
	value *template
}

type part struct {
	text string
	expr *expression
}

// placedError is what failed while a scenario ran, and where in its file.
type placedError struct {
	place Place
	err   error
}

func (e *placedError) Error() string { return e.err.Error() }
func (e *placedError) Unwrap() error { return e.err }

func placed(at Place, err error) error {
	if _, is := errors.AsType[*placedError](err); err == nil || is {
		return err
	}
	return &placedError{at, err}
}

// eval computes the value.
func (t *template) eval(scope map[string]any) (any, error) {
	switch t.shape {
	case exprShape:
		v, err := t.expr.eval(scope)
		return v, placed(t.place, err)
	case textShape:
		var out strings.Builder
		for _, p := range t.parts {
			out.WriteString(p.text)
			if p.expr == nil {
				continue
			}
			v, err := p.expr.eval(scope)
			if err != nil {
				return nil, placed(t.place, err)
			}
			text, err := display(v)
			if err != nil {
				return nil, placed(t.place, fmt.Errorf("%s: %w", p.expr.text, err))
			}
			out.WriteString(text)
		}
		return out.String(), nil
	case listShape:
		list := make([]any, len(t.items))
		for i, item := range t.items {
			var err error
			if list[i], err = item.eval(scope); err != nil {
				return nil, err
			}
		}
		return list, nil
	case objectShape:
		object := make(map[string]any, len(t.members))
		for _, m := range t.members {
			v, err := m.value.eval(scope)
			if err != nil {
				return nil, err
			}
			object[m.name] = v
		}
		return object, nil
	default:
		return t.literal, nil
	}
}

// text computes the value, which must be a text; a number is taken by its own.
func (t *template) text(scope map[string]any) (string, error) {
	if t == nil {
		return "", nil
	}
	v, err := t.eval(scope)
	if err != nil {
		return "", err
	}
	switch v.(type) {
	case string, int, json.Number:
		return display(v)
	}
	return "", placed(t.place, fmt.Errorf("want a text, got %s", typeOf(v)))
}

// writeJSON writes the value with its keys in the file's order: data is signed as it is written.
func (t *template) writeJSON(out *bytes.Buffer, scope map[string]any) error {
	switch t.shape {
	case listShape:
		out.WriteByte('[')
		for i, item := range t.items {
			if i > 0 {
				out.WriteByte(',')
			}
			if err := item.writeJSON(out, scope); err != nil {
				return err
			}
		}
		out.WriteByte(']')
		return nil
	case objectShape:
		out.WriteByte('{')
		for i, m := range t.members {
			if i > 0 {
				out.WriteByte(',')
			}
			writeText(out, m.name)
			out.WriteByte(':')
			if err := m.value.writeJSON(out, scope); err != nil {
				return err
			}
		}
		out.WriteByte('}')
		return nil
	default:
		v, err := t.eval(scope)
		if err != nil {
			return err
		}
		enc := json.NewEncoder(out)
		enc.SetEscapeHTML(false)
		if err := enc.Encode(v); err != nil {
			return placed(t.place, err)
		}
		out.Truncate(out.Len() - 1)
		return nil
	}
}

// find is the template of a member, or nil.
func (t *template) find(name string) *template {
	if t == nil {
		return nil
	}
	for _, m := range t.members {
		if m.name == name {
			return m.value
		}
	}
	return nil
}

// locate is where a JSON pointer's value stands.
func (t *template) locate(pointer string) Place {
	place := t.place
	for token := range strings.SplitSeq(strings.TrimPrefix(pointer, "/"), "/") {
		var next *template
		if t.shape == listShape {
			var i int
			if _, err := fmt.Sscanf(token, "%d", &i); err == nil && i >= 0 && i < len(t.items) {
				next = t.items[i]
			}
		} else {
			next = t.find(unescaper.Replace(token))
		}
		if next == nil {
			return place
		}
		t, place = next, next.place
	}
	return place
}

// compileTemplate compiles a value; what is wrong with its texts is told to c.
func compileTemplate(c *checker, n *node, path string) *template {
	t := &template{place: n.place}
	switch n.kind {
	case listKind:
		t.shape = listShape
		t.items = make([]*template, len(n.items))
		for i, item := range n.items {
			t.items[i] = compileTemplate(c, item, index(path, i))
		}
	case objectKind:
		t.shape = objectShape
		t.members = make([]templateMember, len(n.members))
		for i, m := range n.members {
			t.members[i] = templateMember{m.name, compileTemplate(c, m.value, join(path, m.name))}
		}
	case textKind:
		c.textTemplate(t, n, path)
	default:
		t.literal = n.value()
	}
	return t
}

func (c *checker) textTemplate(t *template, n *node, path string) {
	t.literal = n.scalar
	if !strings.Contains(n.scalar, "${") {
		return
	}
	parts, err := splitTemplate(n.scalar)
	if err != nil {
		c.at(n.place, path, err.Error(), "")
		return
	}
	for i := range parts {
		if parts[i].expr == nil {
			continue
		}
		if err := parts[i].compile(); err != nil {
			c.at(n.place, path, fmt.Sprintf("${%s} %s", parts[i].expr.text, err), "")
			return
		}
		c.reads(parts[i].expr, n.place, path, false)
	}
	if len(parts) == 1 && parts[0].expr != nil {
		t.shape, t.expr = exprShape, parts[0].expr
		return
	}
	t.shape, t.parts = textShape, parts
}

func (p *part) compile() error {
	e, err := compileExpression(p.expr.text)
	if err != nil {
		return err
	}
	p.expr = e
	return nil
}

// splitTemplate takes a text apart; its expressions are not compiled yet. $${ is a plain ${.
func splitTemplate(text string) ([]part, error) {
	var parts []part
	var plain strings.Builder
	for text != "" {
		if rest, is := strings.CutPrefix(text, "$${"); is {
			plain.WriteString("${")
			text = rest
			continue
		}
		if !strings.HasPrefix(text, "${") {
			plain.WriteByte(text[0])
			text = text[1:]
			continue
		}
		end := closing(text[2:])
		if end < 0 {
			return nil, errors.New("has a ${ that no } closes")
		}
		if plain.Len() > 0 {
			parts = append(parts, part{text: plain.String()})
			plain.Reset()
		}
		parts = append(parts, part{expr: &expression{text: strings.TrimSpace(text[2 : 2+end])}})
		text = text[2+end+1:]
	}
	if plain.Len() > 0 {
		parts = append(parts, part{text: plain.String()})
	}
	return parts, nil
}

// closing is where the brace that is open already closes, or -1. Braces inside texts do not count.
func closing(text string) int {
	depth, quote := 1, byte(0)
	for i := 0; i < len(text); i++ {
		ch := text[i]
		switch {
		case quote != 0:
			if ch == '\\' && quote != '`' {
				i++
			} else if ch == quote {
				quote = 0
			}
		case ch == '"' || ch == '\'' || ch == '`':
			quote = ch
		case ch == '{':
			depth++
		case ch == '}':
			if depth--; depth == 0 {
				return i
			}
		}
	}
	return -1
}
