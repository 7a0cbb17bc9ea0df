package syntax

import (
	"bytes"
	"slices"
	"strings"

	"github.com/etcp-mock/etcp-mock/internal/lazyregexp"
	"github.com/etcp-mock/etcp-mock/scenarios/problem"
)

const (
	// mostAround bounds a file that is read around its mistakes, in bytes, and how often it is read for that.
	mostAround, mostReadings = 1 << 20, 60
	// unread is the tag of what stands in the place of a part that was left out.
	unread = "!etcp-mock-left-out"
)

// ReadAround reads a file that [Read] cannot without the parts in which its mistakes stand: items of lists, or keys outside of lists. In their
// places are nodes of which nothing is known, and which are right for every form. The problems are those of the syntax. The node is nil, and the
// first problem is alone, where the rest cannot be read either: then nobody can say what belongs to which mistake.
func ReadAround(name string, text []byte, most Limits, first *problem.Problem) (*Node, problem.Problems) {
	if root, twice, err := ReadTwice(name, text, most); err == nil && len(twice) > 0 {
		return root, twice
	}
	if len(text) > mostAround || first.Line == 0 || first.Detail == secondDocument { // whose keys the first one has as well
		return nil, problem.Problems{first}
	}
	a := around{name: name, most: most, left: mostReadings}
	if root, found := a.solve(text, first); root != nil {
		for _, p := range found {
			p.Source = problem.LineOf(text, p.Line)
		}
		return root, found
	}
	return nil, problem.Problems{first}
}

// plainKey is a key that nothing else can be meant by.
var plainKey = lazyregexp.New(`^["']?[\p{L}\p{N}_.$-]+["']?:( |\r?$)`)

type around struct {
	name string
	most Limits
	left int // readings that are left
}

// part is a block of lines, from 0, the last one excluded, that is an item of a list or a key with its value.
type part struct {
	begin, end int
	item       bool
}

func (p part) holds(line int) bool { return line > p.begin && line <= p.end }

// solve leaves out the smallest part around a problem without which the rest can be read, other mistakes left out likewise.
func (a *around) solve(text []byte, p *problem.Problem) (*Node, problem.Problems) {
	lines := bytes.Split(text, []byte{'\n'})
	parts := partsAround(lines, p.Line-1)
	for i, each := range parts {
		if a.left--; a.left < 0 {
			return nil, nil
		}
		rest := leftOut(lines, each)
		root, twice, err := read(a.name, rest, a.most, true)
		mayFollow := func(next *problem.Problem) bool { // it may come of the same mistake
			return each.holds(next.Line) || i+1 < len(parts) && parts[i+1].item && parts[i+1].holds(next.Line)
		}
		switch {
		case err == nil && slices.ContainsFunc(twice, mayFollow):
			continue
		case err == nil:
			return root, append(problem.Problems{p}, twice...)
		}
		next, ok := err.(*problem.Problem) //nolint:errorlint // its only kind of error
		switch {
		case !ok || strings.Contains(next.Detail, "unknown anchor"): // it was named in the part
			return nil, nil
		case mayFollow(next), !standsAlone(rest):
			continue
		}
		if root, others := a.solve(rest, next); root != nil {
			return root, append(problem.Problems{p}, others...)
		}
	}
	return nil, nil
}

// standsAlone reports whether a problem has nothing to do with the lines around it. How a line is indented has.
func standsAlone(text []byte) bool {
	m, found := findMistake(text)
	return found && !m.indented
}

// partsAround are the parts that a line stands in, the innermost first. A key of an item is none: the item as a whole is.
func partsAround(lines [][]byte, at int) (parts []part) {
	within := -1 // no limit
	for i := min(at, len(lines)-1); i >= 0 && within != 0; i-- {
		indent := indentOf(lines[i])
		item := bytes.HasPrefix(lines[i][max(indent, 0):], []byte("- "))
		if indent < 0 || within >= 0 && indent >= within && (indent > within || item || len(parts) > 0 && !parts[len(parts)-1].item) {
			continue
		}
		if !item && !plainKey().Match(lines[i][indent:]) {
			continue
		}
		parts = append(parts, part{i, endOf(lines, i, indent, item), item})
		within = indent
		if indent == 0 && !item {
			break
		}
	}
	last := -1
	for i, each := range parts {
		if each.item {
			last = i
		}
	}
	return slices.DeleteFunc(parts, func(p part) bool {
		return !p.item && last >= 0 && slices.ContainsFunc(parts[:last+1], func(other part) bool { return other.item && other.begin <= p.begin && p.end <= other.end })
	})
}

// endOf is the line in which the next part begins, behind one that begins in a line.
func endOf(lines [][]byte, begin, indent int, item bool) int {
	for i := begin + 1; i < len(lines); i++ {
		at := indentOf(lines[i])
		if at < 0 || at > indent {
			continue
		}
		line := lines[i][at:]
		dash := bytes.HasPrefix(line, []byte("- "))
		key := !dash && blockKey([]rune(string(line))) > 0 && !bytes.HasSuffix(bytes.TrimRight(line, " \r"), []byte(","))
		if at < indent && (dash || key) || at == indent && (item && dash || !item && key) {
			return i
		}
		if item && at == indent && key && keyHolds(lines, begin, indent) {
			return i
		}
	}
	return len(lines)
}

// keyHolds reports whether the list whose items begin at an indent is that of a key at the same indent.
func keyHolds(lines [][]byte, begin, indent int) bool {
	for i := begin - 1; i >= 0; i-- {
		at := indentOf(lines[i])
		switch {
		case at < 0 || at > indent, at == indent && bytes.HasPrefix(lines[i][at:], []byte("- ")):
			continue
		}
		return at == indent
	}
	return false
}

// indentOf is how many spaces a line begins with; -1: it is empty, or a comment.
func indentOf(line []byte) int {
	rest := bytes.TrimLeft(line, " ")
	if trimmed := bytes.TrimRight(rest, "\r\t "); len(trimmed) == 0 || rest[0] == '#' {
		return -1
	}
	return len(line) - len(rest)
}

// leftOut is a text without a part: an unknown value is in its place, and the lines stay as many.
func leftOut(lines [][]byte, p part) []byte {
	out := slices.Clone(lines)
	indent := indentOf(lines[p.begin])
	first := lines[p.begin][:indent+1] // the dash
	if !p.item {
		line := []rune(string(lines[p.begin][indent:]))
		first = []byte(string(lines[p.begin][:indent]) + string(line[:blockKey(line)+1]))
	}
	out[p.begin] = []byte(string(first) + " " + unread)
	for i := p.begin + 1; i < p.end; i++ {
		out[i] = nil
	}
	return bytes.Join(out, []byte{'\n'})
}

// isUnread reports whether something in a value was left out.
func (n *Node) isUnread() bool {
	return n != nil && (n.Kind == unreadKind || slices.ContainsFunc(n.Items, (*Node).isUnread) ||
		slices.ContainsFunc(n.Members, func(m Member) bool { return m.Value.isUnread() }))
}
