package scenarios

import (
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/etcp-mock/etcp-mock/client"
	"github.com/etcp-mock/etcp-mock/client/control"
)

// Mismatch is one expectation that did not hold, as values.
type Mismatch struct {
	Path   string `json:"path"`             // in the answer: data[0].remainingFee
	Want   any    `json:"want,omitempty"`   // the value, or the matcher as it is written: {"$gt":0}
	Got    any    `json:"got,omitempty"`    // nil where there is none
	Absent bool   `json:"absent,omitempty"` // there is none
	Detail string `json:"detail"`           // want 10, got 9
	Schema string `json:"schema,omitempty"` // of a violated schema: answer/orderunpay#/properties/data
	File   string `json:"file"`
	Place         // of the expectation
	Source string `json:"source,omitempty"` // the line there
}

// matcher says what a value must be.
type matcher struct {
	place Place
	value *template // a literal, or a computed value
	items []*matcher
	named []namedMatcher
	ops   []operation
	shape matcherShape
}

type matcherShape uint8

const (
	valueMatcher matcherShape = iota
	listMatcher
	objectMatcher
	opsMatcher
)

type namedMatcher struct {
	name  string
	match *matcher
}

type operation struct {
	name    string
	operand *template
	regex   *regexp.Regexp // of $match, where its text is no template
	within  *template      // of $near
}

// matching compares a value with matchers.
type matching struct {
	scope      map[string]any
	mismatches []Mismatch
	err        error // of an expression
}

func (m *matching) miss(x *matcher, path string, want, got any, present bool, detail string) {
	const most = 200
	if len(m.mismatches) >= most {
		return
	}
	m.mismatches = append(m.mismatches, Mismatch{Path: path, Want: want, Got: got, Absent: !present, Detail: detail, Place: x.place})
}

func (m *matching) match(x *matcher, path string, got any, present bool) {
	if x.shape == opsMatcher {
		m.operations(x, path, got, present)
		return
	}
	if !present {
		want := m.shown(x)
		m.miss(x, path, want, nil, false, "want "+brief(want)+", but it is absent")
		return
	}
	switch x.shape {
	case listMatcher:
		m.list(x, path, got)
	case objectMatcher:
		m.object(x, path, got)
	default:
		want, err := x.value.eval(m.scope)
		if err != nil {
			m.err = err
			return
		}
		m.equal(x, path, want, got)
	}
}

func (m *matching) list(x *matcher, path string, got any) {
	list, is := got.([]any)
	switch {
	case !is:
		m.miss(x, path, m.shown(x), got, true, "want an array, got "+withType(got))
		return
	case len(list) != len(x.items):
		m.miss(x, path, m.shown(x), got, true, fmt.Sprintf("want %d items, got %d", len(x.items), len(list)))
	}
	for i, item := range x.items {
		if i < len(list) {
			m.match(item, index(path, i), list[i], true)
		}
	}
}

func (m *matching) object(x *matcher, path string, got any) {
	object, is := got.(map[string]any)
	if !is {
		m.miss(x, path, m.shown(x), got, true, "want an object, got "+withType(got))
		return
	}
	for _, n := range x.named {
		value, has := object[n.name]
		m.match(n.match, join(path, n.name), value, has)
	}
}

// equal compares with a value as a subset: what a ${…} gives is matched as if it stood there.
func (m *matching) equal(x *matcher, path string, want, got any) {
	switch w := want.(type) {
	case map[string]any:
		object, is := got.(map[string]any)
		if !is {
			break
		}
		for _, name := range slices.Sorted(maps.Keys(w)) {
			value, has := object[name]
			if !has {
				m.miss(x, join(path, name), w[name], nil, false, "want "+brief(w[name])+", but it is absent")
				continue
			}
			m.equal(x, join(path, name), w[name], value)
		}
		return
	case []any:
		list, is := got.([]any)
		if !is || len(list) != len(w) {
			break
		}
		for i := range w {
			m.equal(x, index(path, i), w[i], list[i])
		}
		return
	}
	if same(want, got) {
		return
	}
	detail := "want " + brief(want) + ", got " + brief(got)
	if typeOf(want) != typeOf(got) {
		detail = "want " + withType(want) + ", got " + withType(got)
	}
	m.miss(x, path, want, got, true, detail)
}

func (m *matching) operations(x *matcher, path string, got any, present bool) {
	for _, op := range x.ops {
		operand, err := op.operand.eval(m.scope)
		if err != nil {
			m.err = err
			return
		}
		absent := op.name == "$absent" && operand == true || op.name == "$any" && operand == false
		if absent == present {
			detail := "want " + op.name + ", but it is absent"
			if present {
				detail = "want it absent, got " + brief(got)
			}
			m.miss(x, path, map[string]any{op.name: operand}, got, present, detail)
			return
		}
		if !present {
			return
		}
		ok, detail, err := m.holds(op, operand, got)
		if err != nil {
			m.err = placed(op.operand.place, err)
			return
		}
		if !ok {
			m.miss(x, path, map[string]any{op.name: operand}, got, true, detail+", got "+withType(got))
		}
	}
}

// holds says whether one operation is satisfied, and what was wanted.
func (m *matching) holds(op operation, operand, got any) (ok bool, want string, err error) {
	switch op.name {
	case "$match":
		return matchText(op, operand, got)
	case "$type":
		return hasType(operand, got)
	case "$len":
		n, is := length(got)
		return is && same(operand, n), "want length " + brief(operand), nil
	case "$near":
		return m.near(op, operand, got)
	case "$ne":
		return !same(operand, got), "want anything but " + brief(operand), nil
	case "$gt", "$gte", "$lt", "$lte":
		word := map[string]string{"$gt": "more than", "$gte": "at least", "$lt": "less than", "$lte": "at most"}[op.name]
		order, failed := compare(got, operand)
		if failed != nil {
			return false, "want " + word + " " + brief(operand), nil //nolint:nilerr // what has no order is not what was wanted
		}
		holds := map[string]bool{"$gt": order > 0, "$gte": order >= 0, "$lt": order < 0, "$lte": order <= 0}
		return holds[op.name], "want " + word + " " + brief(operand), nil
	default: // $any, $absent
		return true, "", nil
	}
}

func matchText(op operation, operand, got any) (ok bool, want string, err error) {
	regex := op.regex
	if regex == nil {
		text, is := operand.(string)
		if !is {
			return false, "", fmt.Errorf("$match wants a text, not %s", typeOf(operand))
		}
		if regex, err = regexp.Compile(text); err != nil {
			return false, "", fmt.Errorf("$match: %w", err)
		}
	}
	text, is := got.(string)
	if !is {
		return false, "want a string that matches " + regex.String(), nil
	}
	return regex.MatchString(text), "want a string that matches " + regex.String(), nil
}

// jsonTypes are what $type takes.
var jsonTypes = []string{"string", "number", "integer", "boolean", "object", "array", "null"}

func hasType(operand, got any) (ok bool, want string, err error) {
	name, _ := operand.(string)
	if !slices.Contains(jsonTypes, name) {
		return false, "", fmt.Errorf("$type is one of %s, not %s", strings.Join(jsonTypes, ", "), brief(operand))
	}
	if name == "integer" {
		r, is := rational(got)
		return is && r.IsInt(), "want an integer", nil
	}
	return typeOf(got) == name, "want type " + name, nil
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

func (m *matching) near(op operation, operand, got any) (ok bool, want string, err error) {
	margin, err := op.within.text(m.scope)
	if err != nil {
		return false, "", err
	}
	most, err := control.ParseDuration(margin)
	if err != nil {
		return false, "", err
	}
	to, is := instantOf(operand)
	if !is {
		return false, "", fmt.Errorf("$near wants a time such as 2017-08-20 12:00:00, not %s", brief(operand))
	}
	at, is := instantOf(got)
	return is && at.Sub(to).Abs() <= most, fmt.Sprintf("want a time within %s of %s", margin, brief(operand)), nil
}

func instantOf(v any) (time.Time, bool) {
	text, _ := v.(string)
	if t, err := client.ParseTime(text); err == nil {
		return t.Time, true
	}
	t, err := time.Parse(time.RFC3339, text)
	return t, err == nil
}

// shown is a matcher as a value, for what is said about it.
func (m *matching) shown(x *matcher) any {
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
			object[op.name], _ = op.operand.eval(m.scope)
		}
		return object
	default:
		v, _ := x.value.eval(m.scope)
		return v
	}
}

// brief is a value as JSON, not at length.
func brief(v any) string {
	const most = 120
	var out strings.Builder
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return fmt.Sprint(v)
	}
	text := strings.TrimSuffix(out.String(), "\n")
	if runes := []rune(text); len(runes) > most {
		return string(runes[:most]) + "…"
	}
	return text
}

func withType(v any) string {
	if v == nil {
		return "null"
	}
	return "the " + typeOf(v) + " " + brief(v)
}

// join and index make paths: data.list[0].id.
func join(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}

func index(path string, i int) string { return path + "[" + strconv.Itoa(i) + "]" }
