package syntax

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/etcp-mock/etcp-mock/scenarios/problem"
)

// mistake is where the syntax of a file goes wrong.
type mistake struct {
	at           problem.Position
	detail, hint string
	indented     bool // it is one of where a line begins
}

func (m mistake) problem(name string, text []byte) *problem.Problem {
	p := problem.At(name, text, m.at, "", m.detail)
	p.Hint = m.hint
	return p
}

// findMistake looks for the mistake in a text that the library could not read: the library gives the line where it gave up, which for a
// bracket that is never closed or a line that is indented wrongly is the beginning of what holds it. It knows the mistakes people make:
// brackets, quotes, indentation, tabs. The second result is false where it finds none of these.
func findMistake(text []byte) (mistake, bool) {
	s := mistakes{}
	for i, line := range bytes.Split(text, []byte{'\n'}) {
		s.line, s.column, s.rest = i+1, 1, []rune(strings.TrimRight(string(line), "\r"))
		s.begins = len(s.rest) - len([]rune(strings.TrimLeft(string(s.rest), " "))) + 1
		s.readLine()
		if s.found != nil {
			if n := len(s.wide); n > 0 && s.wide[n-1].Line >= s.found.at.Line-1 {
				s.wide = s.wide[n-1:]
				s.wideColon()
			}
			return *s.found, true
		}
	}
	switch {
	case len(s.wide) > 0:
		s.wideColon()
	case s.quote != 0:
		s.fail(s.quoteAt, "the quote is never closed", "")
	case len(s.open) > 0:
		s.neverClosed()
	default:
		return mistake{}, false
	}
	return *s.found, true
}

var closing = map[rune]rune{'{': '}', '[': ']'}

type bracket struct {
	bracket rune
	at      problem.Position
	indent  int // column of the line's first character

	// Of the item that is being read, behind the last comma:
	begun  bool // something of it was read
	colon  bool // its key was read
	closed bool // its value has ended with a quote or a bracket
}

// level is a column at which the lines of a block begin.
type level struct {
	indent int
	list   bool
}

// mistakes reads a text line by line; what it skips is not its matter.
type mistakes struct {
	line, column int
	begins       int    // column of the line's first character
	rest         []rune // of the line
	found        *mistake

	open    []bracket
	goesOn  bool // a line began, inside brackets, that belongs to the block around them
	quote   rune // the one that is open, or 0
	quoteAt problem.Position
	word    problem.Position // where the last word of a text without quotes begins, inside brackets
	literal int              // indent of the line whose text goes on in the lines below (| or >), from 1; 0: none
	levels  []level
	wide    []problem.Position // full-width colons where a key's colon belongs
	filled  string             // the key of the last line, where it has its value on that line
}

func (s *mistakes) fail(at problem.Position, detail, hint string) {
	if s.goesOn && len(s.open) > 0 { // whatever it is, it comes of the bracket
		at, detail, hint = s.unclosed()
	}
	if s.found == nil {
		s.found = &mistake{at: at, detail: detail, hint: hint}
	}
}

func (s *mistakes) here() problem.Position { return problem.Position{Line: s.line, Column: s.column} }

func (s *mistakes) next(n int) {
	s.rest, s.column = s.rest[n:], s.column+n
}

// spaces skips spaces and gives how many there were.
func (s *mistakes) spaces() int {
	n := 0
	for n < len(s.rest) && s.rest[n] == ' ' {
		n++
	}
	s.next(n)
	return n
}

func (s *mistakes) readLine() {
	if s.quote != 0 {
		s.quoted()
		s.values()
		return
	}
	if len(s.open) > 0 {
		s.goesOn = s.goesOn || s.isBlockLine()
		s.values()
		return
	}
	s.goesOn = false
	indent := s.spaces()
	if len(s.rest) == 0 {
		return
	}
	if s.literal > 0 {
		if indent >= s.literal {
			return
		}
		s.literal = 0
	}
	switch text := string(s.rest); {
	case s.rest[0] == '\t' && strings.TrimLeft(text, "\t ") != "":
		s.fail(s.here(), "the line is indented with a tab", "YAML is indented with spaces")
		return
	case s.rest[0] == '#', indent == 0 && (strings.HasPrefix(text, "---") || strings.HasPrefix(text, "...") || s.rest[0] == '%'):
		return
	}
	s.block(indent)
}

// block reads a line that is not inside brackets or quotes: dashes, a key, a value.
func (s *mistakes) block(indent int) {
	first := true
	for len(s.rest) > 0 && s.rest[0] == '-' && (len(s.rest) == 1 || s.rest[1] == ' ') {
		if s.enter(level{indent, true}, first); s.found != nil {
			return
		}
		first = false
		s.next(1)
		indent += 1 + s.spaces()
	}
	if s.found != nil || len(s.rest) == 0 || s.rest[0] == '#' {
		s.filled = ""
		return
	}
	if at := wideColon(s.rest, !first); at > 0 {
		s.wide = append(s.wide, problem.Position{Line: s.line, Column: s.column + at})
	}
	if key := blockKey(s.rest); key > 0 {
		s.enter(level{indent, false}, first)
		name := string(s.rest[:key])
		s.next(key + 1)
		s.spaces()
		if s.filled = ""; len(s.rest) > 0 && s.rest[0] != '#' {
			s.filled = name
		}
	} else if !first {
		s.filled = string(s.rest)
	}
	s.values()
	if n := len(s.rest); n > 0 && (s.rest[0] == '|' || s.rest[0] == '>') {
		s.literal = indent + 1
	}
}

// blockKey is where the colon behind a key stands, or 0 where the line has none.
func blockKey(line []rune) int {
	var quote rune
	for i, c := range line {
		switch {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case i == 0 && (c == '"' || c == '\''):
			quote = c
		case i == 0 && closing[c] != 0, c == '#' && i > 0 && line[i-1] == ' ':
			return 0
		case c == ':' && (i+1 == len(line) || line[i+1] == ' '):
			return i
		}
	}
	return 0
}

// enter notes where a line begins, and whether one may begin there.
func (s *mistakes) enter(at level, first bool) {
	if len(s.levels) == deepest {
		s.fail(s.here(), tooDeep(), "")
		return
	}
	deeper := slices.Clone(s.levels)
	popped := false
	for n := len(s.levels); n > 0 && s.levels[n-1].indent > at.indent; n-- {
		s.levels, popped = s.levels[:n-1], true
	}
	n := len(s.levels)
	if n > 1 && s.levels[n-1] == (level{at.indent, true}) && !at.list && s.levels[n-2] == at {
		s.levels = s.levels[:n-1] // the list of a key that begins where the key does
		return
	}
	switch {
	case n > 0 && s.levels[n-1] == at:
		return
	case n > 0 && s.levels[n-1].indent == at.indent && !at.list && first:
		s.fail(s.here(), "a key stands where the items of a list begin", "begin the item with a dash, or indent it "+indents(deeper, at.indent))
	case first && n > 0 && s.levels[n-1].indent < at.indent && popped:
		s.fail(s.here(), "is indented by "+strconv.Itoa(at.indent)+", where no line above it begins", "indent it "+indents(deeper, 0))
	case first && n > 0 && s.levels[n-1].indent < at.indent && s.filled != "":
		s.fail(s.here(), "is indented below "+strconv.Quote(s.filled)+", which has a value already", "indent it "+indents(deeper[n-1:], 0))
	}
	if s.found != nil {
		s.found.indented = true
	}
	s.levels = append(s.levels, at)
}

// indents are the two deepest levels above a column.
func indents(levels []level, above int) string {
	var texts []string
	for _, l := range slices.Backward(levels) {
		if text := strconv.Itoa(l.indent); l.indent > above && !slices.Contains(texts, text) && len(texts) < 2 {
			texts = append([]string{text}, texts...)
		}
	}
	if len(texts) == 0 {
		return "as its siblings"
	}
	return "by " + strings.Join(texts, " or ")
}

// values reads what stands on a line behind its key: a text, or brackets.
func (s *mistakes) values() {
	start := true // a value may begin here
	for len(s.rest) > 0 && s.found == nil {
		c := s.rest[0]
		switch {
		case c == ' ' || c == '\t':
			s.next(1)
			continue
		case c == '#' && s.column > 1 && start:
			s.rest = nil
			return
		case start && (c == '"' || c == '\''):
			if s.item(); s.found != nil {
				return
			}
			s.quote, s.quoteAt = c, s.here()
			s.next(1)
			s.quoted()
			start = false
			continue
		case start && (c == '@' || c == '`'):
			s.fail(s.here(), fmt.Sprintf("no text begins with %c", c), "put it in quotes")
			return
		case start && (c == '{' || c == '['):
			if s.item(); s.found != nil {
				return
			}
			if len(s.open) == deepest {
				s.fail(s.here(), tooDeep(), "")
				return
			}
			s.open = append(s.open, bracket{bracket: c, at: s.here(), indent: s.begins})
			s.next(1)
			continue
		case len(s.open) > 0:
			start = s.inside(c)
			continue
		case start && (c == '|' || c == '>'), !start:
			return
		}
		return // a plain text of a block
	}
}

// item notes that a key or a value begins here, inside brackets: behind one that has ended there is a comma.
func (s *mistakes) item() {
	if len(s.open) == 0 {
		return
	}
	innermost := &s.open[len(s.open)-1]
	if innermost.closed {
		s.noComma(s.here())
	}
	innermost.begun = true
}

func (s *mistakes) noComma(at problem.Position) {
	if outer := s.open[0]; at.Line > outer.at.Line && at.Column == s.begins && at.Column <= outer.indent && outer.indent < outer.at.Column {
		s.neverClosed() // what holds the bracket goes on
		return
	}
	s.fail(at, "a comma is missing before this", "put one between the two")
}

// isBlockLine reports whether a line inside brackets begins an item or a key of the block that holds them: it is indented no further than the line
// in which the outermost bracket was opened behind something else, and is an item of a list, or a key where no comma is before it.
func (s *mistakes) isBlockLine() bool {
	outer, innermost := s.open[0], s.open[len(s.open)-1]
	if s.begins > outer.indent || outer.indent == outer.at.Column {
		return false
	}
	line := s.rest[s.begins-1:]
	if len(line) > 1 && line[0] == '-' && line[1] == ' ' {
		return true
	}
	return innermost.begun && blockKey(line) > 0
}

// ended notes that a value has ended with its quote or bracket.
func (s *mistakes) ended() {
	if len(s.open) > 0 {
		s.open[len(s.open)-1].closed = true
	}
}

// inside reads one character inside brackets, and says whether a value may begin behind it.
func (s *mistakes) inside(c rune) (start bool) {
	innermost := &s.open[len(s.open)-1]
	switch c {
	case '}', ']':
		if closing[innermost.bracket] != c {
			s.fail(s.here(), fmt.Sprintf("%c closes no bracket: the last that is open is %c of line %d", c, innermost.bracket, innermost.at.Line),
				fmt.Sprintf("a %c is missing", closing[innermost.bracket]))
		}
		s.open = s.open[:len(s.open)-1]
		s.ended()
		s.next(1)
		if i := behindSpace(s.rest); len(s.open) == 0 && i < len(s.rest) && (s.rest[i] == '}' || s.rest[i] == ']') {
			s.spaces()
			s.fail(s.here(), fmt.Sprintf("%c closes no bracket", s.rest[0]), "")
		}
		return false
	case ',':
		if !innermost.begun {
			s.fail(s.here(), "nothing stands before the comma", "leave it out")
		}
		innermost.begun, innermost.colon, innermost.closed = false, false, false
		s.next(1)
		return true
	case ':':
		if innermost.colon {
			s.noComma(cmp.Or(s.word, s.here())) // no word where nothing but colons came
		}
		innermost.colon, innermost.closed = true, false
		s.next(1)
		return true
	}
	return s.plain()
}

// plain reads a text without quotes inside brackets, up to what ends it.
func (s *mistakes) plain() (start bool) {
	s.item()
	s.word = s.here()
	for len(s.rest) > 0 && !strings.ContainsRune("{}[],", s.rest[0]) && (s.rest[0] != ':' || len(s.rest) > 1 && s.rest[1] != ' ') {
		if space := s.rest[0] == ' '; space && len(s.rest) > 1 && s.rest[1] == '#' {
			s.rest = nil // a comment
			return false
		} else if space {
			s.word = problem.Position{Line: s.line, Column: s.column + 1}
		}
		s.next(1)
	}
	return len(s.rest) > 0 && (s.rest[0] == '{' || s.rest[0] == '[')
}
