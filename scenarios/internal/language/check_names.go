package language

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/etcp-mock/etcp-mock/internal/suggest"
	"github.com/etcp-mock/etcp-mock/scenarios/internal/syntax"
	"github.com/etcp-mock/etcp-mock/schemas"
)

// ParameterNames are the business parameters of an endpoint (§9).
func ParameterNames(endpoint string) []string {
	e, known := schemas.Lookup(endpoint)
	if !known {
		return nil
	}
	names := make([]string, len(e.Params))
	for i, p := range e.Params {
		names[i] = p.Name
	}
	return names
}

// PushNames are the fields of a kind of push (§10), its signature included.
func PushNames(kind string) []string {
	p, known := schemas.LookupPush(kind)
	if !known {
		return nil
	}
	return append(slices.Clone(p.Fields), "signment")
}

// CheckNamesOf finds the keys of a mapping that are not among the known names. Where none is known, something else is wrong.
func CheckNamesOf(c *syntax.Checker, n *syntax.Node, known []string, of, path string) {
	if n == nil || len(known) == 0 {
		return
	}
	for _, m := range n.Members {
		if !slices.Contains(known, m.Name) && !saysAbsent(m.Value) {
			c.Problem(m.Position, syntax.Join(path, m.Name), fmt.Sprintf("%s has no %q", of, m.Name), syntax.DidYouMeanOr(m.Name, known))
		}
	}
}

// saysAbsent reports whether a matcher says that a value must not be there.
func saysAbsent(n *syntax.Node) bool { return n.Has("$absent") || n.Has("$any") }

// CheckSent finds parameters that an endpoint does not have. It ignores them (§7, with a lint), so that one that is sent on
// purpose is right; it is a slip where it is like one that is not sent, or where a parameter that must be sent is missing.
func CheckSent(c *syntax.Checker, e *schemas.Endpoint, data *syntax.Node, path string) {
	if data == nil {
		return
	}
	var left []string
	missing := false
	for _, p := range e.Params {
		if !data.Has(p.Name) {
			left, missing = append(left, p.Name), missing || p.Required
		}
	}
	for _, m := range data.Members {
		if slices.Contains(ParameterNames(e.Name), m.Name) {
			continue
		}
		hint := suggest.DidYouMean(m.Name, left)
		if hint == "" && !missing {
			continue
		}
		if hint == "" {
			hint = "it takes " + strings.Join(ParameterNames(e.Name), ", ")
		}
		c.Problem(m.Position, syntax.Join(path, m.Name), fmt.Sprintf("%s has no parameter %q", e.Name, m.Name), hint)
	}
}

// shape is what is read of a JSON Schema to find names that it does not have.
type shape struct {
	Ref        string            `json:"$ref"`
	Properties map[string]*shape `json:"properties"`
	Items      *shape            `json:"items"`
	Defs       map[string]*shape `json:"$defs"`
}

// AnswerData are the schemas of the data of each endpoint's answer.
var AnswerData = sync.OnceValue(func() map[string]*shape {
	all := map[string]*shape{}
	for _, e := range schemas.Endpoints() {
		text, _ := schemas.Schema("answer", e.Name)
		var root shape
		if json.Unmarshal(text, &root) == nil {
			all[e.Name] = root.Properties["data"].resolved(root.Defs)
		}
	}
	return all
})

// resolved puts what references name in their stead.
func (s *shape) resolved(defs map[string]*shape) *shape {
	if s == nil {
		return nil
	}
	if s.Ref != "" {
		return defs[s.Ref[strings.LastIndexByte(s.Ref, '/')+1:]].resolved(defs)
	}
	s.Items = s.Items.resolved(defs)
	for name, property := range s.Properties {
		s.Properties[name] = property.resolved(defs)
	}
	return s
}

// CheckExpected finds names that an answer's data never has.
func CheckExpected(c *syntax.Checker, s *shape, n *syntax.Node, of, path string) {
	if s == nil || n == nil {
		return
	}
	for i, item := range n.Items {
		CheckExpected(c, s.Items, item, of, syntax.Index(path, i))
	}
	if len(s.Properties) == 0 || slices.ContainsFunc(n.Members, func(m syntax.Member) bool { return strings.HasPrefix(m.Name, "$") }) {
		return
	}
	CheckNamesOf(c, n, slices.Sorted(maps.Keys(s.Properties)), "the answer of "+of, path)
	for _, m := range n.Members {
		CheckExpected(c, s.Properties[m.Name], m.Value, of, syntax.Join(path, m.Name))
	}
}

// PushFields are the fields of all kinds of push (§10), their signature among them.
var PushFields = func() []string {
	fields := []string{"signment"}
	for _, p := range schemas.Pushes() {
		for _, name := range p.Fields {
			if !slices.Contains(fields, name) {
				fields = append(fields, name)
			}
		}
	}
	return fields
}()

// CheckRequestNames finds parameters that the endpoint does not have.
func CheckRequestNames(c *syntax.Checker, n *syntax.Node, path string) {
	names, of := everyName(), "a request or push"
	if e := n.Get("endpoint"); e != nil {
		names, of = ParameterNames(e.Scalar), e.Scalar
	} else if p := n.Get("push"); p != nil {
		names, of = PushNames(p.Scalar), "push "+p.Scalar
	}
	CheckNamesOf(c, n.Get("data"), names, of, syntax.Join(path, "data"))
}

// CheckPushNames finds fields that the kind of push does not have.
func CheckPushNames(c *syntax.Checker, n *syntax.Node, path string) {
	names, of := PushFields, "a push"
	if kind := n.Get("kind"); kind != nil {
		names, of = PushNames(kind.Scalar), "push "+kind.Scalar
	}
	CheckNamesOf(c, n.Get("body"), names, of, syntax.Join(path, "body"))
}

// everyName are the parameters of all endpoints and the fields of all pushes.
func everyName() []string {
	names := slices.Clone(PushFields)
	for _, e := range schemas.Endpoints() {
		names = append(names, ParameterNames(e.Name)...)
	}
	return names
}

// CheckPush finds names that a kind of push does not have.
func CheckPush(c *syntax.Checker, n *syntax.Node, path string) {
	kind := n.Get("push")
	if kind == nil {
		return
	}
	for _, part := range []string{"expect", "where"} {
		known := syntax.Node{Kind: syntax.ObjectKind}
		for _, m := range n.Get(part).Mapping() {
			if slices.Contains(PushFields, m.Name) { // else its form has said so
				known.Members = append(known.Members, m)
			}
		}
		CheckNamesOf(c, &known, PushNames(kind.Scalar), "push "+kind.Scalar, syntax.Join(path, part))
	}
}
