package syntax

import "slices"

// wideColon says that the first full-width colon is the mistake: what is found after it follows from it.
func (s *mistakes) wideColon() {
	s.found = &mistake{at: s.wide[0], detail: "a full-width colon stands behind the key", hint: wideColonHint}
}

const wideColonHint = "write : and a space for the full-width colon"

// wideColon is where a full-width colon stands behind the first word of a line, as a Chinese keyboard writes one; 0: nowhere. In a line that begins no
// item it counts only before a bracket, a space or the line's end, where no text of one's own has it.
func wideColon(line []rune, item bool) int {
	at := slices.Index(line, '：')
	if at < 0 || slices.ContainsFunc(line[:at], func(c rune) bool { return c == ' ' || c == ':' || closing[c] != 0 || c == '"' || c == '\'' || c == '#' }) {
		return 0
	}
	if !item && at+1 < len(line) && line[at+1] != ' ' && closing[line[at+1]] == 0 {
		return 0
	}
	return at
}
