package subset

import "strings"

// scanner goes over the members of an object or the items of an array, and
// stops where the text is no JSON. It checks no more than it needs to go on.
type scanner struct {
	text   string
	at     int
	opened bool
	broken bool
}

func (s *scanner) space() {
	for s.at < len(s.text) && (s.text[s.at] == ' ' || s.text[s.at] == '\t' || s.text[s.at] == '\r' || s.text[s.at] == '\n') {
		s.at++
	}
}

func (s *scanner) stop() bool {
	s.broken = true
	return false
}

// next moves to the next member or item, over the bracket or the comma before it.
func (s *scanner) next(open, end byte) bool {
	s.space()
	if s.at >= len(s.text) || s.broken {
		return s.stop()
	}
	c := s.text[s.at]
	switch {
	case !s.opened && c == open:
		s.opened = true
		s.at++
		s.space()
		if s.at < len(s.text) && s.text[s.at] == end {
			s.at = len(s.text)
			return false
		}
		return s.at < len(s.text) || s.stop()
	case s.opened && c == ',':
		s.at++
		s.space()
		return s.at < len(s.text) || s.stop()
	case s.opened && c == end:
		s.at++
		if s.space(); s.at < len(s.text) {
			return s.stop()
		}
		return false
	default:
		return s.stop()
	}
}

// member is the next name, quoted, and its value.
func (s *scanner) member() (name, raw string, ok bool) {
	if !s.next('{', '}') || s.text[s.at] != '"' {
		s.broken = s.broken || s.at < len(s.text)
		return "", "", false
	}
	from := s.at
	if !s.str() {
		return "", "", false
	}
	name = s.text[from:s.at]
	if s.space(); s.at >= len(s.text) || s.text[s.at] != ':' {
		return "", "", s.stop()
	}
	s.at++
	s.space()
	raw, ok = s.value()
	return name, raw, ok
}

// item is the next item of an array.
func (s *scanner) item() (raw string, ok bool) {
	if !s.next('[', ']') {
		return "", false
	}
	return s.value()
}

func (s *scanner) value() (raw string, ok bool) {
	from := s.at
	if from >= len(s.text) {
		return "", s.stop()
	}
	switch s.text[from] {
	case '"':
		ok = s.str()
	case '{', '[':
		ok = s.nested()
	default:
		for s.at < len(s.text) && strings.IndexByte(",}] \t\r\n", s.text[s.at]) < 0 {
			s.at++
		}
		ok = s.at > from || s.stop()
	}
	return s.text[from:s.at], ok
}

// str goes over a string.
func (s *scanner) str() bool {
	for s.at++; ; s.at++ {
		i := strings.IndexByte(s.text[min(s.at, len(s.text)):], '"')
		if i < 0 {
			return s.stop()
		}
		end := s.at + i
		slashes := 0
		for end-slashes-1 >= s.at && s.text[end-slashes-1] == '\\' {
			slashes++
		}
		if s.at = end; slashes%2 == 0 {
			s.at++
			return true
		}
	}
}

// nested goes over an object or an array.
func (s *scanner) nested() bool {
	depth := 0
	for s.at < len(s.text) {
		switch s.text[s.at] {
		case '"':
			if !s.str() {
				return false
			}
			continue
		case '{', '[':
			depth++
		case '}', ']':
			if depth--; depth == 0 {
				s.at++
				return true
			}
		}
		s.at++
	}
	return s.stop()
}
