package syntax

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"gopkg.in/yaml.v3"

	"github.com/etcp-mock/etcp-mock/internal/lazyregexp"
)

var errNoMapping = errors.New("want a mapping")

// WriteYAML writes a mapping, as JSON in the order it is to be read, as the YAML a person would write: what stands under the
// long keys under each other, small values on one line, quotes where they are needed. The notes stand above it.
func WriteYAML(mapping json.RawMessage, long []string, notes ...string) ([]byte, error) {
	rest, lists, err := inPieces(mapping, long)
	if err != nil {
		return nil, errNoMapping
	}
	write := func(mapping json.RawMessage) ([]byte, error) { return writeWhole(mapping, long) }
	text, err := write(rest)
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	for _, note := range notes {
		writeComment(&out, note)
	}
	if err := lists.fill(&out, text, write); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

func writeWhole(mapping json.RawMessage, long []string) ([]byte, error) {
	var root yaml.Node
	if err := yaml.Unmarshal(readable(mapping), &root); err != nil { // JSON is YAML
		return nil, fmt.Errorf("write YAML: %w", err)
	}
	if len(root.Content) != 1 || root.Content[0].Kind != yaml.MappingNode {
		return nil, errNoMapping
	}
	restyle(root.Content[0], 0, long)
	var out bytes.Buffer
	enc := yaml.NewEncoder(&out)
	enc.SetIndent(2)
	if err := enc.Encode(&root); err != nil {
		return nil, fmt.Errorf("write YAML: %w", err)
	}
	return out.Bytes(), nil
}

// writeComment writes a note as lines of comment. It may hold what somebody sent: any other character that ends a line for some reader of YAML, or
// that YAML does not allow, is written by its number.
func writeComment(out *bytes.Buffer, note string) {
	for line := range strings.SplitSeq(note, "\n") {
		out.WriteString("# ")
		for _, r := range line {
			switch {
			case r == utf8.RuneError || strconv.IsGraphic(r):
				out.WriteRune(r)
			case r <= math.MaxUint16:
				fmt.Fprintf(out, `\u%04x`, r)
			default:
				fmt.Fprintf(out, `\U%08x`, r)
			}
		}
		out.WriteByte('\n')
	}
}

// blockDepth is how deep mappings and lists are written under each other: the file, its steps, a step.
const blockDepth = 3

func restyle(n *yaml.Node, depth int, long []string) {
	n.Style = 0
	switch n.Kind { // JSON has neither aliases nor documents
	default:
	case yaml.MappingNode:
		if depth >= blockDepth {
			n.Style = yaml.FlowStyle
		}
		for i := 0; i+1 < len(n.Content); i += 2 {
			n.Content[i].Style = 0
			if name := n.Content[i].Value; name == "<<" || strings.ContainsAny(name, "\r\n") { // else it would merge what stands behind it, or be read as less
				n.Content[i].Style = yaml.DoubleQuotedStyle
			}
			inner := depth + 1
			if name := n.Content[i].Value; depth == 0 && !slices.Contains(long, name) {
				inner = blockDepth
			}
			restyle(n.Content[i+1], inner, long)
		}
	case yaml.SequenceNode:
		if depth >= blockDepth {
			n.Style = yaml.FlowStyle
		}
		for _, item := range n.Content {
			restyle(item, depth+1, long)
		}
	case yaml.ScalarNode:
		if n.Tag == "!!str" && Ambiguous(n.Value) {
			n.Style = yaml.DoubleQuotedStyle
		}
	}
}

var writtenDuration = lazyregexp.New(`^[0-9.]*[0-9](ms|[dhms])([0-9.hms]*[hms])?$`)

// Ambiguous says whether a text, unquoted, would be something else to some reader of YAML, or to a person.
func Ambiguous(text string) bool {
	if text == "" || strings.ContainsAny(text, ":#{}[],&*!|>'\"%@`$") || strings.TrimSpace(text) != text {
		return true
	}
	if writtenDuration().MatchString(text) {
		return false
	}
	switch c := text[0]; {
	case c >= '0' && c <= '9', c == '-', c == '+', c == '.', c == '~', c == '=':
		return true
	}
	switch strings.ToLower(text) {
	case "y", "n", "yes", "no", "on", "off", "true", "false", "null":
		return true
	}
	return false
}
