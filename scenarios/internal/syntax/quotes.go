package syntax

import (
	"strconv"
	"strings"

	"github.com/etcp-mock/etcp-mock/internal/lazyregexp"
)

// behindSpace is where in the rest of a line something stands. (The line is not made a text for that: it may have a hundred thousand quotes.)
func behindSpace(rest []rune) (at int) {
	for at < len(rest) && (rest[at] == ' ' || rest[at] == '\t') {
		at++
	}
	return at
}

// followedByKey is what goes on behind a quote where only a comma was forgotten.
var followedByKey = lazyregexp.New(`^([\w.]+|"[^"]*"|'[^']*') *:`)

// quoted reads up to the quote that closes.
func (s *mistakes) quoted() {
	for len(s.rest) > 0 {
		c := s.rest[0]
		switch {
		case c == '\\' && s.quote == '"' && len(s.rest) > 1:
			s.next(2)
			continue
		case c == '\'' && s.quote == '\'' && len(s.rest) > 1 && s.rest[1] == c:
			s.next(2)
			continue
		case c == s.quote:
			s.quote = 0
			s.next(1)
			s.ended()
			if i := behindSpace(s.rest); i < len(s.rest) && !strings.ContainsRune(",:}]#", s.rest[i]) {
				switch {
				case len(s.open) > 0 && s.quoteAt.Line == s.line && followedByKey().MatchString(string(s.rest[i:])):
					s.spaces()
					s.noComma(s.here())
				case s.quoteAt.Line < s.line:
					s.fail(s.quoteAt, "the quote is closed only in line "+strconv.Itoa(s.line), "close the quote in its own line")
				default:
					s.fail(s.here(), "a text goes on behind its closing quote", `a quote inside quotes is written \"`)
				}
			}
			return
		}
		s.next(1)
	}
}
