// Package template holds the values of scenario files in which texts may hold ${…}, and the forms that check them.
package template

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/etcp-mock/etcp-mock/internal/excerpt"
	"github.com/etcp-mock/etcp-mock/internal/jsonvalue"
	"github.com/etcp-mock/etcp-mock/scenarios/internal/expression"
	"github.com/etcp-mock/etcp-mock/scenarios/internal/syntax"
	"github.com/etcp-mock/etcp-mock/scenarios/problem"
)

// Value is a value of a file in which texts may hold ${…}.
type Value struct {
	Position problem.Position
	Literal  any                    // the whole value, where nothing in it is computed
	expr     *expression.Expression // of a text that is one ${…}, whose value keeps its type
	parts    []part                 // of a text with ${…} in it
	Items    []*Value
	Members  []Member
	Shape    Shape
}

// Shape says what a value is made of.
type Shape uint8

// The shapes of a template.
const (
	LiteralShape Shape = iota
	exprShape
	textShape
	listShape
	ObjectShape
)

// Member is a key of a mapping with its value.
type Member struct {
	Name  string
	Value *Value
}

type part struct {
	Text string
	Expr *expression.Expression
}

// Error is what failed while a scenario ran, and where in its file.
type Error struct {
	Position problem.Position
	Err      error
}

func (e *Error) Error() string { return e.Err.Error() }
func (e *Error) Unwrap() error { return e.Err }

// At gives an error its position, unless it has one.
func At(at problem.Position, err error) error {
	if _, ok := errors.AsType[*Error](err); err == nil || ok {
		return err
	}
	return &Error{at, err}
}

// MaxValue is the most bytes that a value may have, and that the variables of a scenario may have together.
const MaxValue = 64 << 20

// Eval computes the value.
func (t *Value) Eval(scope map[string]any) (any, error) {
	v, err := t.eval(scope)
	if err == nil && (t.Shape == listShape || t.Shape == ObjectShape) && expression.Size(v, MaxValue) > MaxValue {
		return nil, At(t.Position, errLarge)
	}
	return v, err
}

var errLarge = fmt.Errorf("the value would be over %d MiB", MaxValue>>20)

func (t *Value) eval(scope map[string]any) (any, error) {
	switch t.Shape {
	case exprShape:
		v, err := t.expr.Eval(scope)
		return v, At(t.Position, err)
	case textShape:
		text, err := t.joined(scope)
		return text, At(t.Position, err)
	case listShape:
		list := make([]any, len(t.Items))
		for i, item := range t.Items {
			var err error
			if list[i], err = item.eval(scope); err != nil {
				return nil, err
			}
		}
		return list, nil
	case ObjectShape:
		object := make(map[string]any, len(t.Members))
		for _, m := range t.Members {
			v, err := m.Value.eval(scope)
			if err != nil {
				return nil, err
			}
			object[m.Name] = v
		}
		return object, nil
	default:
		return t.Literal, nil
	}
}

// joined puts a text together.
func (t *Value) joined(scope map[string]any) (string, error) {
	var out strings.Builder
	computed := 0
	for _, p := range t.parts {
		out.WriteString(p.Text)
		if p.Expr == nil {
			continue
		}
		v, err := p.Expr.Eval(scope)
		if err != nil {
			return "", err
		}
		text, err := expression.Display(v)
		if err != nil {
			return "", fmt.Errorf("%s: %w", p.Expr.Text, err)
		}
		if computed += len(text); computed > expression.MaxText {
			return "", fmt.Errorf("the text would be over %d bytes", expression.MaxText)
		}
		out.WriteString(text)
	}
	return out.String(), nil
}

// Text computes the value, which must be a text; a number is taken by its own.
func (t *Value) Text(scope map[string]any) (string, error) {
	if t == nil {
		return "", nil
	}
	v, err := t.Eval(scope)
	if err != nil {
		return "", err
	}
	switch v.(type) {
	case string, int, json.Number:
		return expression.Display(v)
	}
	return "", At(t.Position, fmt.Errorf("want a text, got %s", expression.TypeOf(v)))
}

// WriteJSON writes the value with its keys in the file's order: data is signed as it is written.
func (t *Value) WriteJSON(out *bytes.Buffer, scope map[string]any) error {
	switch t.Shape {
	case listShape:
		out.WriteByte('[')
		for i, item := range t.Items {
			if i > 0 {
				out.WriteByte(',')
			}
			if err := item.WriteJSON(out, scope); err != nil {
				return err
			}
		}
		out.WriteByte(']')
		return nil
	case ObjectShape:
		out.WriteByte('{')
		for i, m := range t.Members {
			if i > 0 {
				out.WriteByte(',')
			}
			syntax.WriteText(out, m.Name)
			out.WriteByte(':')
			if err := m.Value.WriteJSON(out, scope); err != nil {
				return err
			}
		}
		out.WriteByte('}')
		return nil
	default:
		v, err := t.Eval(scope)
		if err != nil {
			return err
		}
		enc := json.NewEncoder(out)
		enc.SetEscapeHTML(false)
		if err := enc.Encode(v); err != nil {
			return At(t.Position, err)
		}
		out.Truncate(out.Len() - 1)
		if out.Len() > MaxValue {
			return At(t.Position, errLarge)
		}
		return nil
	}
}

// Find is the template of a member, or nil.
func (t *Value) Find(name string) *Value {
	if t == nil {
		return nil
	}
	for _, m := range t.Members {
		if m.Name == name {
			return m.Value
		}
	}
	return nil
}

// Locate is where a JSON pointer's value stands.
func (t *Value) Locate(pointer string) problem.Position {
	at := t.Position
	for token := range strings.SplitSeq(strings.TrimPrefix(pointer, "/"), "/") {
		var next *Value
		if t.Shape == listShape {
			var i int
			if _, err := fmt.Sscanf(token, "%d", &i); err == nil && i >= 0 && i < len(t.Items) {
				next = t.Items[i]
			}
		} else {
			next = t.Find(jsonvalue.UnescapePointer(token))
		}
		if next == nil {
			return at
		}
		t, at = next, next.Position
	}
	return at
}

// Compile compiles a value; what is wrong with its texts is reported to c.
func Compile(c *syntax.Checker, n *syntax.Node, path string) *Value {
	t := &Value{Position: n.Position}
	switch n.Kind {
	case syntax.ListKind:
		t.Shape = listShape
		t.Items = make([]*Value, len(n.Items))
		for i, item := range n.Items {
			t.Items[i] = Compile(c, item, syntax.Index(path, i))
		}
	case syntax.ObjectKind:
		t.Shape = ObjectShape
		t.Members = make([]Member, len(n.Members))
		for i, m := range n.Members {
			t.Members[i] = Member{m.Name, Compile(c, m.Value, syntax.Join(path, m.Name))}
		}
	case syntax.TextKind:
		CompileText(c, t, n, path)
	default:
		t.Literal = n.Value()
	}
	return t
}

// Computes reports whether a text in a value holds a ${…}. In one without, Compile finds nothing wrong: who only checks it need not have it built,
// which was 4 % of what reading the contract suite allocates.
func Computes(n *syntax.Node) bool {
	return IsTemplate(n) || n.Kind == syntax.TextKind && strings.Contains(n.Scalar, "$｛") || slices.ContainsFunc(n.Items, Computes) || slices.ContainsFunc(n.Members, func(m syntax.Member) bool { return Computes(m.Value) })
}

// mostShown is how much of an expression a problem shows, in characters.
const mostShown = 200

// CompileText compiles a text that may hold ${…}.
func CompileText(c *syntax.Checker, t *Value, n *syntax.Node, path string) {
	t.Literal = n.Scalar
	if strings.Contains(n.Scalar, "$｛") {
		c.Problem(n.Position, path, "has a full-width brace behind $", "write ${…} with { and }")
		return
	}
	if !strings.Contains(n.Scalar, "${") {
		return
	}
	parts, err := Split(n.Scalar)
	if err != nil {
		c.Problem(n.Position, path, err.Error(), "")
		return
	}
	for i := range parts {
		if parts[i].Expr == nil {
			continue
		}
		if err := parts[i].Compile(); err != nil {
			c.Problem(n.Position, path, fmt.Sprintf("${%s} %s", excerpt.Runes(parts[i].Expr.Text, mostShown), err), "")
			return
		}
		c.Reads(parts[i].Expr.Names, n.Position, path, false)
	}
	if len(parts) == 1 && parts[0].Expr != nil {
		t.Shape, t.expr = exprShape, parts[0].Expr
		return
	}
	t.Shape, t.parts = textShape, parts
}

func (p *part) Compile() error {
	e, err := expression.Compile(p.Expr.Text)
	if err != nil {
		return err
	}
	p.Expr = e
	return nil
}

// Split takes a text apart; its expressions are not compiled yet. $${ is a plain ${.
func Split(text string) ([]part, error) {
	var parts []part
	var plain strings.Builder
	for text != "" {
		if rest, ok := strings.CutPrefix(text, "$${"); ok {
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
			parts = append(parts, part{Text: plain.String()})
			plain.Reset()
		}
		parts = append(parts, part{Expr: &expression.Expression{Text: strings.TrimSpace(text[2 : 2+end])}})
		text = text[2+end+1:]
	}
	if plain.Len() > 0 {
		parts = append(parts, part{Text: plain.String()})
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

// CompileExpression compiles an expression. One that stands as ${…} is taken for what is in it.
func CompileExpression(c *syntax.Checker, n *syntax.Node, path string, answer bool) *expression.Expression {
	text := n.Scalar
	if inner, ok := strings.CutPrefix(strings.TrimSpace(text), "${"); ok && strings.HasSuffix(inner, "}") && closing(inner) == len(inner)-1 {
		text = inner[:len(inner)-1]
	}
	e, err := expression.Compile(strings.TrimSpace(text))
	if err != nil {
		c.Problem(n.Position, path, fmt.Sprintf("%s %s", expression.Brief(n.Scalar), err), "")
		return nil
	}
	c.Reads(e.Names, n.Position, path, answer)
	return e
}
