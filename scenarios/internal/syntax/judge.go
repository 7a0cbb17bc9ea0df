package syntax

import (
	"bytes"
	"slices"
	"strconv"
	"strings"

	"github.com/etcp-mock/etcp-mock/internal/jsonvalue"
	"github.com/etcp-mock/etcp-mock/scenarios/problem"
)

// Judge says what is wrong with a value that the server would be sent, as JSON: what names it (sandbox, or the step). left are the pointers
// (RFC 6901) of what is computed when the scenario runs: they are left out of the value, and what is only wrong because of them is not reported.
type Judge func(what string, value []byte, left []string) []Judged

// Judged is one thing that is wrong with a value, by its pointer (RFC 6901) into it.
type Judged struct {
	Pointer, Detail string
	DetailZh        string // the same in Chinese, where whoever judges has it
}

// judgings bounds how often a value is judged: again without what was found, since a server that finds one thing may not look further.
const judgings = 4

// Judged has a value judged. What is wrong at a position of which something was said already is not said again.
func (c *Checker) Judged(what string, n *Node, path string) {
	if c.Judge == nil || n == nil || c.enough() || n.isUnread() {
		return
	}
	before := slices.Clip(c.Problems)
	wrong, missing := map[string]bool{}, []string{}
	for range judgings {
		var value bytes.Buffer
		left := n.writeKnown(&value, "", wrong, nil)
		found := c.Judge(what, value.Bytes(), slices.Concat(left, missing))
		again := false
		for _, each := range found {
			if !wrong[each.Pointer] {
				c.judged(each, n, path, before)
			}
		}
		for _, each := range found {
			again = again || !wrong[each.Pointer]
			missing = append(missing, each.Pointer)
			wrong[each.Pointer] = true
		}
		if !again {
			return
		}
	}
}

func (c *Checker) judged(found Judged, n *Node, path string, before problem.Problems) {
	of, at, key := n.Find(found.Pointer)
	said := func(at problem.Position) bool {
		return slices.ContainsFunc(before, func(p *problem.Problem) bool { return p.Position == at })
	}
	parent := n
	for token := range strings.SplitSeq(strings.TrimPrefix(found.Pointer, "/"), "/") {
		token = jsonvalue.UnescapePointer(token)
		if token == "" {
			break
		}
		if n != nil {
			parent = n
		}
		if i, err := strconv.Atoi(token); n != nil && n.Kind == ListKind && err == nil && i >= 0 && i < len(n.Items) {
			n, path = n.Items[i], Index(path, i)
			continue
		}
		n, path = n.Get(token), Join(path, token)
	}
	if said(at) || said(key) || of.says(said) || of == nil && parent.says(said) {
		return
	}
	if strings.HasPrefix(found.Detail, "unknown field") || strings.HasPrefix(found.Detail, "no such rule") {
		at = key
	}
	detail, hint := SplitHint(found.Detail)
	last := len(c.Problems)
	if c.Problem(at, path, detail, hint); len(c.Problems) > last {
		c.Problems[last].DetailZh = found.DetailZh
	}
}

// SaidOfKeys reports whether something was said of a key of a mapping.
func (c *Checker) SaidOfKeys(n *Node) bool {
	return slices.ContainsFunc(n.Members, func(m Member) bool {
		return slices.ContainsFunc(c.Problems, func(p *problem.Problem) bool { return p.Position == m.Position })
	})
}

// says reports whether something was said of a part of the value.
func (n *Node) says(said func(problem.Position) bool) bool {
	return n != nil && (slices.ContainsFunc(n.Items, func(i *Node) bool { return said(i.Position) || i.says(said) }) ||
		slices.ContainsFunc(n.Members, func(m Member) bool { return said(m.Position) || said(m.Value.Position) || m.Value.says(said) }))
}

// writeKnown writes a value as JSON without the texts in it that are computed and without what is wrong, an empty mapping in the place of an item
// of a list, and adds their pointers to left.
func (n *Node) writeKnown(out *bytes.Buffer, pointer string, wrong map[string]bool, left []string) []string {
	switch {
	case n.computed(), wrong[pointer]:
		out.WriteString("{}")
		return append(left, pointer)
	case n.Kind == ListKind:
		out.WriteByte('[')
		for i, item := range n.Items {
			if i > 0 {
				out.WriteByte(',')
			}
			left = item.writeKnown(out, pointer+"/"+strconv.Itoa(i), wrong, left)
		}
		out.WriteByte(']')
	case n.Kind == ObjectKind:
		out.WriteByte('{')
		comma := ""
		for _, m := range n.Members {
			at := pointer + "/" + jsonvalue.EscapePointer(m.Name)
			if m.Value.computed() || wrong[at] {
				left = append(left, at)
				continue
			}
			out.WriteString(comma)
			WriteText(out, m.Name)
			out.WriteByte(':')
			left = m.Value.writeKnown(out, at, wrong, left)
			comma = ","
		}
		out.WriteByte('}')
	default:
		n.WriteJSON(out)
	}
	return left
}

func (n *Node) computed() bool { return n.Kind == TextKind && strings.Contains(n.Scalar, "${") }
