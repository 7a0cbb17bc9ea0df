package strict

import (
	"fmt"
	"unicode/utf8"
)

// step is one step of the way from where skip began to where it is.
type step struct {
	key   string
	index int
	isKey bool
}

// maxMembers bounds the fields of an object that is skipped: each is held against the others.
const maxMembers = 100_000

// skip reads over a value that nobody wants, or that a type reads itself. It sees what value sees, and keeps nothing.
func (p *parser) skip(where *path, depth int) error {
	if p.pos >= len(p.src) {
		return p.fail("the end, where a value should be")
	}
	c := p.src[p.pos]
	switch {
	case c == '{' || c == '[':
		if depth > p.maxDepth {
			p.report(p.pos, p.way(where), fmt.Sprintf("nested deeper than %d levels", p.maxDepth))
			return errSyntax
		}
		p.trail = append(p.trail, step{isKey: c == '{'})
		names := len(p.names)
		skip := p.skipItems
		if c == '{' {
			skip = p.skipMembers
		}
		err := skip(where, depth)
		p.trail, p.names = p.trail[:len(p.trail)-1], p.names[:names]
		return err
	case c == '"':
		_, err := p.name(where, false)
		return err
	case c == '-' || c >= '0' && c <= '9':
		return p.number()
	case p.word("null"), p.word("true"), p.word("false"):
		return nil
	}
	return p.failf("%s, where a value should be", p.here())
}

// way is where skip is as a path; it is made where there is a problem.
func (p *parser) way(where *path) *path {
	for _, s := range p.trail {
		where = &path{up: where, key: s.key, index: s.index, isKey: s.isKey}
	}
	return where
}

// name reads a text, and keeps it where it is wanted; one without escapes costs nothing.
func (p *parser) name(where *path, wanted bool) (string, error) {
	for i := p.pos + 1; i < len(p.src); i++ {
		switch c := p.src[i]; {
		case c == '"' && utf8.ValidString(p.src[p.pos+1:i]):
			text := p.src[p.pos+1 : i]
			p.pos = i + 1
			return text, nil
		case c == '"', c == '\\', c < ' ':
			return p.text(p.way(where), wanted)
		}
	}
	return p.text(p.way(where), wanted)
}

func (p *parser) skipItems(where *path, depth int) error {
	p.pos++
	p.space()
	if p.word("]") {
		return nil
	}
	for level := len(p.trail) - 1; ; p.trail[level].index++ {
		p.space()
		if err := p.skip(where, depth+1); err != nil {
			return err
		}
		if p.enough() {
			return errEnough
		}
		if more, err := p.more("]"); err != nil || !more {
			return err
		}
	}
}

func (p *parser) skipMembers(where *path, depth int) error {
	p.pos++
	p.space()
	if p.word("}") {
		return nil
	}
	first, level := len(p.names), len(p.trail)-1
	seen := names{}
	for {
		p.space()
		at := p.pos
		if at >= len(p.src) || p.src[at] != '"' {
			return p.failf("%s, where a field's name in quotes should be", p.here())
		}
		p.trail[level].key = ""
		key, err := p.name(where, true)
		if err != nil {
			return err
		}
		p.trail[level].key = key
		p.space()
		if !p.word(":") {
			return p.failf("%s, where : should be", p.here())
		}
		p.space()
		before := p.names[first:]
		if len(before) == maxMembers {
			p.report(at, p.way(where), fmt.Sprintf("more than %d fields in one object", maxMembers))
			return errEnough
		}
		if seen.again(key, before) {
			p.report(at, p.way(where), "this field is there twice")
		}
		p.names = append(p.names, key)
		if p.enough() {
			return errEnough
		}
		if err := p.skip(where, depth+1); err != nil {
			return err
		}
		if more, err := p.more("}"); err != nil || !more {
			return err
		}
	}
}
