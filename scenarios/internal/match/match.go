// Package match compares an answer with what a scenario expects of it: a subset, by value and JSON type, with matchers such
// as {$gt: 0} in place of values.
package match

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/etcp-mock/etcp-mock/client/control"
	"github.com/etcp-mock/etcp-mock/internal/zone"
	"github.com/etcp-mock/etcp-mock/scenarios/internal/expression"
	"github.com/etcp-mock/etcp-mock/scenarios/internal/syntax"
	"github.com/etcp-mock/etcp-mock/scenarios/internal/template"
	"github.com/etcp-mock/etcp-mock/scenarios/problem"
)

// Difference is one expectation that did not hold, as values.
type Difference struct {
	Path     string           // in the value: data[0].remainingFee
	Want     any              // the value, or the matcher as it is written: {"$gt":0}
	Got      any              // nil where there is none
	Absent   bool             // there is none
	Detail   string           // want 10, got 9
	Position problem.Position // of the expectation
}

// Matcher says what a value must be.
type Matcher struct {
	Position problem.Position
	value    *template.Value // a literal, or a computed value
	items    []*Matcher
	named    []namedMatcher
	ops      []operation
	shape    matcherShape
}

// Names reports whether the matcher is a mapping that says what a name must be.
func (x *Matcher) Names(name string) bool {
	return x != nil && slices.ContainsFunc(x.named, func(n namedMatcher) bool { return n.name == name })
}

// Literal is what the matcher says a name must be, as a value; nil where that is computed, a matcher, or not said.
func (x *Matcher) Literal(name string) any {
	if x == nil {
		return nil
	}
	i := slices.IndexFunc(x.named, func(n namedMatcher) bool { return n.name == name })
	if i < 0 || x.named[i].match.value == nil || x.named[i].match.value.Shape != template.LiteralShape {
		return nil
	}
	return x.named[i].match.value.Literal
}

// IsMapping reports whether the matcher says what single fields must be, so that it looks at no other.
func (x *Matcher) IsMapping() bool { return x != nil && x.shape == objectMatcher }

type matcherShape uint8

const (
	valueMatcher matcherShape = iota
	listMatcher
	objectMatcher
	opsMatcher
)

type namedMatcher struct {
	name  string
	match *Matcher
}

type operation struct {
	name    string
	operand *template.Value
	regex   *regexp.Regexp  // of $match, where its text is no template
	within  *template.Value // of $near
}

// Matching compares a value with matchers.
type Matching struct {
	Scope       map[string]any
	Differences []Difference
	Err         error // of an expression
}

func (m *Matching) miss(x *Matcher, path string, want, got any, present bool, detail string) {
	const most = 200
	if len(m.Differences) >= most {
		return
	}
	m.Differences = append(m.Differences, Difference{Path: path, Want: want, Got: got, Absent: !present, Detail: detail, Position: x.Position})
}

// Match compares a value, which may be absent, and notes the differences.
func (m *Matching) Match(x *Matcher, path string, got any, present bool) {
	if x.shape == opsMatcher {
		m.operations(x, path, got, present)
		return
	}
	if !present {
		want := m.shown(x)
		m.miss(x, path, want, nil, false, "want "+expression.Brief(want)+", but it is absent")
		return
	}
	switch x.shape {
	case listMatcher:
		m.list(x, path, got)
	case objectMatcher:
		m.object(x, path, got)
	default:
		want, err := x.value.Eval(m.Scope)
		if err != nil {
			m.Err = err
			return
		}
		m.equal(x, path, want, got)
	}
}

func (m *Matching) list(x *Matcher, path string, got any) {
	list, ok := got.([]any)
	switch {
	case !ok:
		m.miss(x, path, m.shown(x), got, true, "want an array, got "+expression.WithType(got))
		return
	case len(list) != len(x.items):
		m.miss(x, path, m.shown(x), got, true, fmt.Sprintf("want %d items, got %d", len(x.items), len(list)))
	}
	for i, item := range x.items {
		if i < len(list) {
			m.Match(item, syntax.Index(path, i), list[i], true)
		}
	}
}

func (m *Matching) object(x *Matcher, path string, got any) {
	object, ok := got.(map[string]any)
	if !ok {
		m.miss(x, path, m.shown(x), got, true, "want an object, got "+expression.WithType(got))
		return
	}
	for _, n := range x.named {
		value, has := object[n.name]
		m.Match(n.match, syntax.Join(path, n.name), value, has)
	}
}

// equal compares with a value as a subset: what a ${…} gives is matched as if it stood there.
func (m *Matching) equal(x *Matcher, path string, want, got any) {
	switch w := want.(type) {
	case map[string]any:
		object, ok := got.(map[string]any)
		if !ok {
			break
		}
		for _, name := range slices.Sorted(maps.Keys(w)) {
			value, has := object[name]
			if !has {
				m.miss(x, syntax.Join(path, name), w[name], nil, false, "want "+expression.Brief(w[name])+", but it is absent")
				continue
			}
			m.equal(x, syntax.Join(path, name), w[name], value)
		}
		return
	case []any:
		list, ok := got.([]any)
		if !ok || len(list) != len(w) {
			break
		}
		for i := range w {
			m.equal(x, syntax.Index(path, i), w[i], list[i])
		}
		return
	}
	if expression.Same(want, got) {
		return
	}
	detail := "want " + expression.Brief(want) + ", got " + expression.Brief(got)
	if expression.TypeOf(want) != expression.TypeOf(got) {
		detail = "want " + expression.WithType(want) + ", got " + expression.WithType(got)
	}
	m.miss(x, path, want, got, true, detail)
}

func (m *Matching) operations(x *Matcher, path string, got any, present bool) {
	for _, op := range x.ops {
		operand, err := op.operand.Eval(m.Scope)
		if err != nil {
			m.Err = err
			return
		}
		absent := op.name == "$absent" && operand == true || op.name == "$any" && operand == false
		if absent == present {
			detail := "want " + op.name + ", but it is absent"
			if present {
				detail = "want it absent, got " + expression.Brief(got)
			}
			m.miss(x, path, map[string]any{op.name: operand}, got, present, detail)
			return
		}
		if !present {
			return
		}
		ok, detail, err := m.holds(op, operand, got)
		if err != nil {
			m.Err = template.At(op.operand.Position, err)
			return
		}
		if !ok {
			m.miss(x, path, map[string]any{op.name: operand}, got, true, detail+", got "+expression.WithType(got))
		}
	}
}

// holds says whether one operation is satisfied, and what was wanted.
func (m *Matching) holds(op operation, operand, got any) (ok bool, want string, err error) {
	switch op.name {
	case "$match":
		return matchText(op, operand, got)
	case "$type":
		return hasType(operand, got)
	case "$len":
		n, countable := length(got)
		return countable && expression.Same(operand, n), "want length " + expression.Brief(operand), nil
	case "$near":
		return m.near(op, operand, got)
	case "$ne":
		return !expression.Same(operand, got), "want anything but " + expression.Brief(operand), nil
	case "$gt", "$gte", "$lt", "$lte":
		word := map[string]string{"$gt": "more than", "$gte": "at least", "$lt": "less than", "$lte": "at most"}[op.name]
		order, failed := expression.Compare(got, operand)
		if failed != nil {
			return false, "want " + word + " " + expression.Brief(operand), nil //nolint:nilerr // what has no order is not what was wanted
		}
		holds := map[string]bool{"$gt": order > 0, "$gte": order >= 0, "$lt": order < 0, "$lte": order <= 0}
		return holds[op.name], "want " + word + " " + expression.Brief(operand), nil
	default: // $any, $absent
		return true, "", nil
	}
}

func matchText(op operation, operand, got any) (ok bool, want string, err error) {
	regex := op.regex
	if regex == nil {
		text, isText := operand.(string)
		if !isText {
			return false, "", fmt.Errorf("$match wants a text, not %s", expression.TypeOf(operand))
		}
		if regex, err = regexp.Compile(text); err != nil {
			return false, "", fmt.Errorf("$match: %w", err)
		}
	}
	text, isText := got.(string)
	if !isText {
		return false, "want a string that matches " + regex.String(), nil
	}
	return regex.MatchString(text), "want a string that matches " + regex.String(), nil
}

// jsonTypes are what $type takes.
var jsonTypes = []string{"string", "number", "integer", "boolean", "object", "array", "null"}

func hasType(operand, got any) (ok bool, want string, err error) {
	name, _ := operand.(string)
	if !slices.Contains(jsonTypes, name) {
		return false, "", fmt.Errorf("$type is one of %s, not %s", strings.Join(jsonTypes, ", "), expression.Brief(operand))
	}
	if name == "integer" {
		r, isNumber := expression.Rational(got)
		return isNumber && r.IsInt(), "want an integer", nil
	}
	return expression.TypeOf(got) == name, "want type " + name, nil
}

func length(v any) (int, bool) {
	switch x := v.(type) {
	case string:
		return utf8.RuneCountInString(x), true
	case []any:
		return len(x), true
	case map[string]any:
		return len(x), true
	}
	return 0, false
}

func (m *Matching) near(op operation, operand, got any) (ok bool, want string, err error) {
	margin, err := op.within.Text(m.Scope)
	if err != nil {
		return false, "", err
	}
	most, err := control.ParseDuration(margin)
	if err != nil {
		return false, "", err
	}
	to, isTime := instantOf(operand)
	if !isTime {
		return false, "", fmt.Errorf("$near wants a time such as 2017-08-20 12:00:00, not %s", expression.Brief(operand))
	}
	at, isTime := instantOf(got)
	return isTime && at.Sub(to).Abs() <= most, fmt.Sprintf("want a time within %s of %s", margin, expression.Brief(operand)), nil
}

func instantOf(v any) (time.Time, bool) {
	text, _ := v.(string)
	t, _, err := zone.Parse(text)
	return t, err == nil
}

// shown is a matcher as a value, for what is said about it.
func (m *Matching) shown(x *Matcher) any {
	switch x.shape {
	case listMatcher:
		list := make([]any, len(x.items))
		for i, item := range x.items {
			list[i] = m.shown(item)
		}
		return list
	case objectMatcher:
		object := make(map[string]any, len(x.named))
		for _, n := range x.named {
			object[n.name] = m.shown(n.match)
		}
		return object
	case opsMatcher:
		object := map[string]any{}
		for _, op := range x.ops {
			object[op.name], _ = op.operand.Eval(m.Scope)
		}
		return object
	default:
		v, _ := x.value.Eval(m.Scope)
		return v
	}
}
