package strict

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/etcp-mock/etcp-mock/internal/excerpt"
	"github.com/etcp-mock/etcp-mock/internal/jsonvalue"
)

type kind byte

const (
	kindNull kind = iota
	kindBool
	kindNumber
	kindString
	kindArray
	kindObject
)

func (k kind) String() string {
	return [...]string{"null", "a boolean", "a number", "a string", "an array", "an object"}[k]
}

// node is a JSON value as it stands in the text.
type node struct {
	kind       kind
	start, end int
	text       string // of a string: decoded; of all others: as written
	members    []member
	items      []node
}

type member struct {
	key   string
	at    int // of the key
	value node
}

// path leads from the top to a value; it becomes text only when there is a problem.
type path struct {
	up    *path
	key   string
	index int // when there is no key
	isKey bool
}

// paths makes paths, many at a time: there is one for every value, and few are ever looked at.
type paths struct {
	free  []path
	piece int   // how many the last piece had
	spare *path // was given back
}

func (s *paths) next(p path) *path {
	if made := s.spare; made != nil {
		s.spare = made.up
		*made = p
		return made
	}
	if len(s.free) == 0 {
		s.piece = min(max(2*s.piece, 8), 128) // most bodies have few members
		s.free = make([]path, s.piece)
	}
	made := &s.free[0]
	*made, s.free = p, s.free[1:]
	return made
}

func (s *paths) in(up *path, key string) *path { return s.next(path{up: up, key: key, isKey: true}) }
func (s *paths) at(up *path, index int) *path  { return s.next(path{up: up, index: index}) }

// done gives a path back whose value has been read: a million items of an array take as many as one of them does.
func (s *paths) done(p *path) { p.up, s.spare = s.spare, p }

// maxName is up to how many bytes of a name are in a pointer. Longer ones are shortened, since no field has one.
const maxName = 512

// String is the path as an RFC 6901 pointer.
func (p *path) String() string {
	var parts []string
	for ; p != nil; p = p.up {
		part := strconv.Itoa(p.index)
		if p.isKey {
			part = jsonvalue.EscapePointer(strings.ToValidUTF8(excerpt.Bytes(p.key, maxName), "\uFFFD"))
		}
		parts = append(parts, part, "/")
	}
	slices.Reverse(parts)
	return strings.Join(parts, "")
}

// errSyntax ends a parse; what was wrong is among the problems.
var errSyntax = errors.New("syntax")

// errEnough ends a parse in which as many problems were found as are listed: the rest is not read.
var errEnough = errors.New("enough problems")

// parser reads one JSON text (RFC 8259), and notes what a stricter eye sees in it.
type parser struct {
	src      string
	pos      int
	maxDepth int
	report   func(at int, p *path, detail string)
	enough   func() bool
	paths    paths

	trail []step   // where skip is
	names []string // of the fields read so far, of the objects that it is in
}

func (p *parser) space() {
	for p.pos < len(p.src) {
		switch p.src[p.pos] {
		case ' ', '\t', '\r', '\n':
			p.pos++
		default:
			return
		}
	}
}

// fail reports a syntax error at the place reached.
func (p *parser) fail(found string) error {
	line, column := Position(p.src, p.pos)
	p.report(p.pos, nil, fmt.Sprintf("not JSON: line %d:%d: %s", line, column, found))
	return errSyntax
}

func (p *parser) failf(format string, args ...any) error { return p.fail(fmt.Sprintf(format, args...)) }

// here names what stands at the place reached.
func (p *parser) here() string {
	if p.pos >= len(p.src) {
		return "the end"
	}
	r, size := utf8.DecodeRuneInString(p.src[p.pos:])
	if r == utf8.RuneError && size == 1 {
		return fmt.Sprintf("the byte 0x%02x", p.src[p.pos])
	}
	return strconv.QuoteRune(r)
}

func (p *parser) value(where *path, depth int) (node, error) {
	if p.pos >= len(p.src) {
		return node{}, p.fail("the end, where a value should be")
	}
	start := p.pos
	n := node{start: start}
	var err error
	switch c := p.src[p.pos]; {
	case c == '{' || c == '[':
		if depth > p.maxDepth {
			p.report(start, where, fmt.Sprintf("nested deeper than %d levels", p.maxDepth))
			return node{}, errSyntax
		}
		if c == '{' {
			n.kind = kindObject
			n.members, err = p.object(where, depth)
		} else {
			n.kind = kindArray
			n.items, err = p.array(where, depth)
		}
		n.end = p.pos
		return n, err
	case c == '"':
		n.kind = kindString
		n.text, err = p.str(where)
		n.end = p.pos
		return n, err
	case c == '-' || c >= '0' && c <= '9':
		n.kind = kindNumber
		err = p.number()
	case p.word("null"):
		n.kind = kindNull
	case p.word("true"), p.word("false"):
		n.kind = kindBool
	default:
		return node{}, p.failf("%s, where a value should be", p.here())
	}
	n.end = p.pos
	n.text = p.src[start:p.pos]
	return n, err
}

func (p *parser) word(w string) bool {
	if !strings.HasPrefix(p.src[p.pos:], w) {
		return false
	}
	p.pos += len(w)
	return true
}

// more reads what stands behind an item: a comma, or the end of them.
func (p *parser) more(end string) (bool, error) {
	p.space()
	switch {
	case p.word(","):
		return true, nil
	case p.word(end):
		return false, nil
	default:
		return false, p.failf("%s, where , or %s should be", p.here(), end)
	}
}

func (p *parser) array(where *path, depth int) ([]node, error) {
	p.pos++
	items := []node{}
	p.space()
	if p.word("]") {
		return items, nil
	}
	for {
		p.space()
		inside := p.paths.at(where, len(items))
		item, err := p.value(inside, depth+1)
		if err != nil {
			return nil, err
		}
		p.paths.done(inside)
		if p.enough() {
			return nil, errEnough
		}
		items = append(items, item)
		if more, err := p.more("]"); err != nil {
			return nil, err
		} else if !more {
			return items, nil
		}
	}
}

func (p *parser) object(where *path, depth int) ([]member, error) {
	p.pos++
	seen, first := names{}, len(p.names)
	defer func() { p.names = p.names[:first] }()
	p.space()
	if p.word("}") {
		return []member{}, nil
	}
	members := make([]member, 0, 8)
	for {
		p.space()
		at := p.pos
		key, err := p.key(where)
		if err != nil {
			return nil, err
		}
		inside := p.paths.in(where, key)
		if seen.again(key, p.names[first:]) {
			p.report(at, inside, "this field is there twice")
		}
		p.names = append(p.names, key)
		if p.enough() {
			return nil, errEnough
		}
		value, err := p.value(inside, depth+1)
		if err != nil {
			return nil, err
		}
		p.paths.done(inside)
		members = append(members, member{key, at, value})
		if more, err := p.more("}"); err != nil {
			return nil, err
		} else if !more {
			return members, nil
		}
	}
}

func (p *parser) digits() bool {
	from := p.pos
	for p.pos < len(p.src) && p.src[p.pos] >= '0' && p.src[p.pos] <= '9' {
		p.pos++
	}
	return p.pos > from
}

func (p *parser) number() error {
	p.word("-")
	if !p.word("0") && !p.digits() {
		return p.failf("%s, where a digit should be", p.here())
	}
	if p.word(".") && !p.digits() {
		return p.failf("%s, where a digit should be", p.here())
	}
	if p.word("e") || p.word("E") {
		if !p.word("+") {
			p.word("-")
		}
		if !p.digits() {
			return p.failf("%s, where a digit should be", p.here())
		}
	}
	if p.pos < len(p.src) && p.src[p.pos] >= '0' && p.src[p.pos] <= '9' {
		return p.fail("a number with a leading zero")
	}
	return nil
}

// Position returns the line and column, both from 1, of a byte offset; columns count characters.
func Position(src string, offset int) (line, column int) {
	before := src[:min(max(offset, 0), len(src))]
	start := strings.LastIndexByte(before, '\n') + 1
	return strings.Count(before, "\n") + 1, utf8.RuneCountInString(before[start:]) + 1
}
