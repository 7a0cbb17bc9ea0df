// Package scenarios reads what people write: fixtures and scenarios, in YAML or
// JSON, with every error at its line and column.
package scenarios

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"regexp"
	"strconv"
	"strings"

	"gopkg.in/yaml.v3"
)

// The limits of a file.
const (
	maxFile  = 64 << 20
	maxNodes = 5_000_000 // aliases counted as often as they are used
	maxDepth = 100
)

// Document is a YAML or JSON file as JSON, with the place of each value.
type Document struct {
	Name   string
	JSON   []byte
	places map[string]Place
}

// Place is a line and column, both from 1.
type Place struct{ Line, Column int }

// Error is what is wrong with a file, and where.
type Error struct {
	File   string
	Place  Place
	Field  string // JSON pointer; "" for the file as a whole
	Detail string
}

func (e *Error) Error() string {
	field := ""
	if e.Field != "" {
		field = e.Field + ": "
	}
	if e.Place.Line == 0 {
		return fmt.Sprintf("%s: %s%s", e.File, field, e.Detail)
	}
	return fmt.Sprintf("%s:%d:%d: %s%s", e.File, e.Place.Line, e.Place.Column, field, e.Detail)
}

// ReadDocument turns a YAML (or JSON, which is YAML) file into JSON. Scalars
// keep the type that YAML 1.2 gives them; what looks like a time stays a text.
// Its error is an [*Error].
func ReadDocument(name string, text []byte) (*Document, error) {
	d := &Document{Name: name, places: map[string]Place{}}
	if len(text) > maxFile {
		return nil, &Error{File: name, Detail: "is over 64 MiB"}
	}
	var root yaml.Node
	decoder := yaml.NewDecoder(bytes.NewReader(text))
	switch err := decoder.Decode(&root); {
	case errors.Is(err, io.EOF):
		root = yaml.Node{Kind: yaml.MappingNode, Line: 1, Column: 1}
	case err != nil:
		return nil, &Error{File: name, Place: yamlPlace(err), Detail: strings.TrimPrefix(err.Error(), "yaml: ")}
	}
	var second yaml.Node
	if err := decoder.Decode(&second); err == nil {
		return nil, &Error{File: name, Place: Place{second.Line, second.Column}, Detail: "a file holds one document, and this is a second"}
	}
	c := converter{document: d}
	if err := c.write(&root, "", 0); err != nil {
		return nil, err
	}
	d.JSON = c.out.Bytes()
	return d, nil
}

var lineInError = regexp.MustCompile(`line (\d+)`)

func yamlPlace(err error) Place {
	if m := lineInError.FindStringSubmatch(err.Error()); m != nil {
		line, _ := strconv.Atoi(m[1])
		return Place{line, 1}
	}
	return Place{1, 1}
}

// Locate is where a JSON pointer's value stands in the file, or its nearest
// parent that is there.
func (d *Document) Locate(pointer string) Place {
	for {
		if place, ok := d.places[pointer]; ok {
			return place
		}
		cut := strings.LastIndexByte(pointer, '/')
		if cut < 0 {
			return Place{1, 1}
		}
		pointer = pointer[:cut]
	}
}

// At is an error at a JSON pointer of the document.
func (d *Document) At(pointer, detail string) *Error {
	return &Error{File: d.Name, Place: d.Locate(pointer), Field: pointer, Detail: detail}
}

type converter struct {
	document *Document
	out      bytes.Buffer
	nodes    int
}

func (c *converter) fail(n *yaml.Node, pointer, detail string) error {
	return &Error{File: c.document.Name, Place: Place{n.Line, n.Column}, Field: pointer, Detail: detail}
}

func (c *converter) write(n *yaml.Node, pointer string, depth int) error {
	if c.nodes++; c.nodes > maxNodes {
		return c.fail(n, pointer, fmt.Sprintf("the file has more than %d values, aliases counted as often as they are used", maxNodes))
	}
	if depth > maxDepth {
		return c.fail(n, pointer, fmt.Sprintf("is nested more than %d deep", maxDepth))
	}
	if _, known := c.document.places[pointer]; !known {
		c.document.places[pointer] = Place{n.Line, n.Column}
	}
	switch n.Kind {
	case yaml.DocumentNode:
		return c.write(n.Content[0], pointer, depth)
	case yaml.AliasNode:
		return c.write(n.Alias, pointer, depth+1)
	case yaml.MappingNode:
		return c.mapping(n, pointer, depth)
	case yaml.SequenceNode:
		c.out.WriteByte('[')
		for i, item := range n.Content {
			if i > 0 {
				c.out.WriteByte(',')
			}
			if err := c.write(item, pointer+"/"+strconv.Itoa(i), depth+1); err != nil {
				return err
			}
		}
		c.out.WriteByte(']')
		return nil
	default:
		return c.scalar(n, pointer)
	}
}

func (c *converter) mapping(n *yaml.Node, pointer string, depth int) error {
	c.out.WriteByte('{')
	seen := map[string]bool{}
	written := 0
	var add func(m *yaml.Node, merged bool, depth int) error
	add = func(m *yaml.Node, merged bool, depth int) error {
		if m.Kind == yaml.AliasNode {
			m = m.Alias
		}
		if m.Kind == yaml.SequenceNode && merged {
			for _, each := range m.Content {
				if err := add(each, true, depth+1); err != nil {
					return err
				}
			}
			return nil
		}
		if m.Kind != yaml.MappingNode || depth > maxDepth {
			return c.fail(m, pointer, "<< merges a mapping, or a list of mappings")
		}
		// Keys of its own come before what is merged in, whatever their order.
		var merges []*yaml.Node
		for i := 0; i < len(m.Content); i += 2 {
			key, value := m.Content[i], m.Content[i+1]
			if key.Tag == "!!merge" {
				merges = append(merges, value)
				continue
			}
			if key.Kind != yaml.ScalarNode {
				return c.fail(key, pointer, "a key must be a plain text")
			}
			if seen[key.Value] {
				if merged {
					continue
				}
				return c.fail(key, pointer+"/"+escape(key.Value), "is there twice")
			}
			seen[key.Value] = true
			if written > 0 {
				c.out.WriteByte(',')
			}
			written++
			c.text(key.Value)
			c.out.WriteByte(':')
			if err := c.write(value, pointer+"/"+escape(key.Value), depth+1); err != nil {
				return err
			}
		}
		for _, value := range merges {
			if err := add(value, true, depth+1); err != nil {
				return err
			}
		}
		return nil
	}
	if err := add(n, false, depth); err != nil {
		return err
	}
	c.out.WriteByte('}')
	return nil
}

func escape(key string) string {
	return strings.NewReplacer("~", "~0", "/", "~1").Replace(key)
}

func (c *converter) text(s string) {
	b, err := json.Marshal(s)
	if err != nil {
		panic(err) // a string always encodes
	}
	c.out.Write(b)
}

func (c *converter) scalar(n *yaml.Node, pointer string) error {
	switch n.Tag {
	case "!!null":
		c.out.WriteString("null")
	case "!!bool":
		var b bool
		if err := n.Decode(&b); err != nil {
			return c.fail(n, pointer, "is no boolean")
		}
		c.out.WriteString(strconv.FormatBool(b))
	case "!!int", "!!float":
		if json.Valid([]byte(n.Value)) { // keeps 10.50 as it is written
			c.out.WriteString(n.Value)
			return nil
		}
		var f float64
		if err := n.Decode(&f); err != nil || math.IsNaN(f) || math.IsInf(f, 0) {
			return c.fail(n, pointer, "is no number that JSON has")
		}
		b, err := json.Marshal(f)
		if err != nil {
			return c.fail(n, pointer, "is no number that JSON has")
		}
		c.out.Write(b)
	case "!!binary":
		return c.fail(n, pointer, "binary values are not taken")
	default:
		c.text(n.Value)
	}
	return nil
}
