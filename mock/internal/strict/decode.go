// Package strict reads JSON the way the control API promises to: what it does not know is an error, a field named twice is
// an error, and all that is wrong is said at once, each with a pointer to the place.
package strict

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"
)

// Problem is one thing wrong with a body.
type Problem struct {
	// Pointer leads to the place in the body as sent (RFC 6901); "" is the whole body.
	Pointer string `json:"pointer"`
	Detail  string `json:"detail"`
	// Offset is the place in bytes; see Position.
	Offset int `json:"-"`

	meaning bool // found in what the value means, not in how it is written
}

// Stopped is the detail of the last problem of a body that was not read to its end.
const Stopped = "there may be more problems: reading stopped here"

// ProblemsError is a list of them as an error. An UnmarshalStrictJSON that returns one (with pointers and offsets from its own
// value on) has each reported in its place.
type ProblemsError []Problem

func (p ProblemsError) Error() string {
	switch len(p) {
	case 0:
		return "no problem"
	case 1:
		return p[0].text()
	}
	return fmt.Sprintf("%s (and %d more)", p[0].text(), len(p)-1)
}

func (p Problem) text() string {
	if p.Pointer == "" {
		return p.Detail
	}
	return p.Pointer + ": " + p.Detail
}

// Limits bound what a body may ask for.
type Limits struct {
	// MaxDepth is how many objects and arrays may lie within each other; 0 is 64.
	MaxDepth int
	// MaxProblems is after how many problems reading stops; 0 is 100. A last one more says that it did.
	MaxProblems int
}

// TextUnmarshaler is a type that is a string in JSON and judges it itself. Its error becomes the problem's detail.
type TextUnmarshaler interface{ UnmarshalStrict(text string) error }

// JSONUnmarshaler is a type with a JSON of its own, such as a string or a number. Its error becomes the problem's detail; see ProblemsError.
type JSONUnmarshaler interface {
	UnmarshalStrictJSON(raw json.RawMessage) error
}

// Decode reads body into what into points to, and changes it only when it returns no problem. What the body does not
// mention keeps its value; slices, maps and what pointers lead to are made anew, never written through.
//
// Fields go by their json tags, exactly. null stands for absent where the type is a pointer, slice, map or interface. Types may take part as TextUnmarshaler, JSONUnmarshaler,
// encoding.TextUnmarshaler (strings) or json.Unmarshaler.
func Decode(body []byte, into any, limits Limits) []Problem {
	target := reflect.ValueOf(into)
	if target.Kind() != reflect.Pointer || target.IsNil() {
		panic(fmt.Sprintf("strict.Decode into %T: want a pointer", into))
	}
	return decode(body, target, limits, len(body))
}

// Begins says whether what the first bytes of a body say is right, as [Decode] would read it into what like points to. Whoever reads a large
// body by other means finds out so, at little cost, that it is something else.
func Begins(body []byte, like any, bytes int) bool {
	problems := decode(body, reflect.New(reflect.TypeOf(like).Elem()), Limits{}, bytes)
	return len(problems) == 0
}

// errCut ends a parse at the byte up to which it was to go.
var errCut = errors.New("cut")

// decode reads up to a byte.
func decode(body []byte, target reflect.Value, limits Limits, until int) []Problem {
	if limits.MaxDepth <= 0 {
		limits.MaxDepth = 64
	}
	if limits.MaxProblems <= 0 {
		limits.MaxProblems = 100
	}
	d := &decoder{src: string(body), max: limits.MaxProblems, until: until}
	d.parser = parser{src: d.src, maxDepth: limits.MaxDepth, report: d.report, enough: d.enough}
	fresh := reflect.New(target.Type().Elem()).Elem()
	fresh.Set(target.Elem())
	err := d.whole(fresh)
	if err == nil && len(d.problems) == 0 {
		target.Elem().Set(fresh)
		return nil
	}
	if errors.Is(err, errCut) {
		return d.problems
	}
	if errors.Is(err, errSyntax) { // what is no JSON is not held to what it should say
		d.problems = slices.DeleteFunc(d.problems, func(p Problem) bool { return p.meaning })
	}
	slices.SortStableFunc(d.problems, func(a, b Problem) int { return cmp.Compare(a.Offset, b.Offset) })
	d.problems = slices.CompactFunc(d.problems, func(a, b Problem) bool { return a.Offset == b.Offset && a.Pointer == b.Pointer && a.Detail == b.Detail }) // by a value that reads itself
	if len(d.problems) > limits.MaxProblems || errors.Is(err, errEnough) {
		most := min(len(d.problems), limits.MaxProblems)
		d.problems = append(d.problems[:most:most], Problem{Detail: Stopped, Offset: len(body)})
	}
	return d.problems
}

type decoder struct {
	until    int // no value is begun behind this byte
	parser   parser
	src      string
	problems []Problem
	max      int
	paths    paths
	recent   [16]string // the texts that fields had, by where they stand in their types
}

// enough says whether as many problems were found as are listed.
func (d *decoder) enough() bool { return len(d.problems) >= d.max }

func (d *decoder) report(at int, p *path, detail string) {
	if !d.enough() {
		d.problems = append(d.problems, Problem{Pointer: p.String(), Detail: detail, Offset: at})
	}
}

// refuse reports a value that is JSON and not what is wanted.
func (d *decoder) refuse(at int, p *path, detail string) {
	if !d.enough() {
		d.problems = append(d.problems, Problem{Pointer: p.String(), Detail: detail, Offset: at, meaning: true})
	}
}

func (d *decoder) wrong(n *node, p *path, want string) {
	d.refuse(n.start, p, fmt.Sprintf("want %s, got %s", want, n.kind))
}
