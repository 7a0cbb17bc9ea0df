package language

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"strings"
	"sync"

	"github.com/etcp-mock/etcp-mock/internal/jsonvalue"
	"github.com/etcp-mock/etcp-mock/scenarios/internal/syntax"
	"github.com/etcp-mock/etcp-mock/scenarios/problem"
)

// The limits of a fixture's file. YAML is read as a tree, of 1 to 3 KB a value.
var documentLimits = syntax.Limits{Bytes: 64 << 20, Nodes: 1_000_000}

const (
	maxJSON   = 128 << 20 // of a fixture in JSON, in bytes: what the control API takes
	maxPlaced = 4 << 20   // of a JSON file in which problems are shown by line and column, in bytes
)

// Document is a YAML or JSON file as JSON, with the position of each value.
type Document struct {
	Name string
	JSON []byte

	text []byte
	root func() (*syntax.Node, error) // an error where the file is no YAML, or too large to be read for its positions
}

// ReadDocument turns a YAML (or JSON, which is YAML) file into JSON. Scalars
// keep the type that YAML 1.2 gives them; what looks like a time stays a text.
// Its error is a [*problem.Problem], or [problem.Problems] where several keys are there twice.
func ReadDocument(name string, text []byte) (*Document, error) {
	root, twice, err := syntax.ReadTwice(name, text, documentLimits)
	switch {
	case err != nil:
		return nil, err
	case len(twice) == 1:
		return nil, twice[0]
	case len(twice) > 1:
		return nil, twice
	}
	var out bytes.Buffer
	root.WriteJSON(&out)
	return &Document{Name: name, JSON: out.Bytes(), text: text, root: func() (*syntax.Node, error) { return root, nil }}, nil
}

// ReadFixture is ReadDocument for a file that somebody else judges strictly afterwards. JSON is left as it is, so that a million car parks cost
// what they take (49 MB as a tree of YAML: 8 GB); where its values stand is found out when one is wrong. The error of one that cannot be read is a
// [*problem.Problem], or [problem.Problems] where more can be said of it.
func ReadFixture(name string, text []byte) (*Document, error) {
	if len(text) > maxJSON {
		return nil, &problem.Problem{File: name, Detail: fmt.Sprintf("is over %d MiB", maxJSON>>20)}
	}
	if !json.Valid(text) {
		d, err := ReadDocument(name, text)
		switch first := err.(type) { //nolint:errorlint // its only kinds of errors
		case *problem.Problem:
			return nil, fixtureAround(name, text, first)
		case problem.Problems:
			return nil, fixtureAround(name, text, first[0])
		}
		return d, err
	}
	return &Document{Name: name, JSON: text, text: text, root: sync.OnceValues(func() (*syntax.Node, error) {
		root, _, err := syntax.ReadTwice(name, text, syntax.Limits{Bytes: maxPlaced, Nodes: documentLimits.Nodes})
		return root, err
	})}, nil
}

// fixtureAround is what is wrong with a fixture that cannot be read: its syntax, and what its other parts have that no fixture has.
func fixtureAround(name string, text []byte, first *problem.Problem) error {
	root, problems := syntax.ReadAround(name, text, documentLimits, first)
	c := &syntax.Checker{File: name, Text: text, Problems: problems}
	if root != nil {
		c.Form(fixtureForm, root, "")
	}
	if len(c.Problems) == 1 {
		return first
	}
	return c.Err()
}

// At is a problem at a JSON pointer of the document; an unknown field or rule is at its key. What the detail says to do about it becomes the
// hint, and a number or boolean that has to be a text the hint to put it in quotes.
func (d *Document) At(pointer, detail string) *problem.Problem {
	if strings.HasPrefix(detail, "unknown field") || strings.HasPrefix(detail, "no such rule") {
		return d.AtKey(pointer, detail)
	}
	root, err := d.root()
	if err != nil {
		return d.unplaced(pointer, detail, err)
	}
	node, at, _ := root.Find(pointer)
	if node != nil && strings.HasPrefix(detail, "want a string, got a ") && node.IsBare() {
		written := d.written(at)
		p := d.problem(at, pointer, strings.Replace(detail, "a string", "a text", 1)+" "+written)
		p.Hint = fmt.Sprintf("write %q, in quotes", written)
		return p
	}
	return d.problem(at, pointer, detail)
}

// Placed are problems by their JSON pointers and details, each as [Document.At] has it, in the file's order. A field that is said to be there twice is
// at the key that is one too many, each time at the next.
func (d *Document) Placed(said iter.Seq2[string, string]) problem.Problems {
	const twice = "this field is there twice" // as whoever reads JSON strictly says
	var found problem.Problems
	nth := map[string]int{}
	for pointer, detail := range said {
		p := d.At(pointer, detail)
		if root, err := d.root(); err == nil && detail == twice {
			if keys := root.Again(pointer); nth[pointer] < len(keys) {
				p = d.problem(keys[nth[pointer]], pointer, detail)
			}
			nth[pointer]++
		}
		found = append(found, p)
	}
	found.Sort()
	return found
}

// AtKey is a problem with the name of a value rather than with the value: it is at the key.
func (d *Document) AtKey(pointer, detail string) *problem.Problem {
	root, err := d.root()
	if err != nil {
		return d.unplaced(pointer, detail, err)
	}
	_, _, key := root.Find(pointer)
	return d.problem(key, pointer, detail)
}

// unplaced is a problem of a file that could not be read as a tree: that of the file where it is smaller.
func (d *Document) unplaced(pointer, detail string, err error) *problem.Problem {
	if found, ok := errors.AsType[*problem.Problem](err); ok && len(d.text) <= maxPlaced {
		return found
	}
	return d.problem(problem.Position{}, pointer, detail)
}

func (d *Document) problem(at problem.Position, pointer, detail string) *problem.Problem {
	detail, hint := syntax.SplitHint(detail)
	p := problem.At(d.Name, d.text, at, jsonvalue.Path(pointer), detail)
	p.Hint = hint
	return p
}

// written is a number or boolean as the file has it: 0138, not 138.
func (d *Document) written(at problem.Position) string {
	line := []rune(problem.LineOf(d.text, at.Line))
	text := string(line[min(at.Column-1, len(line)):])
	if end := strings.IndexAny(text, ",}] \t"); end >= 0 {
		text = text[:end]
	}
	return text
}
