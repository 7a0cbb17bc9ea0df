package mask

import (
	"bytes"
	"slices"
	"strings"

	"github.com/etcp-mock/etcp-mock/internal/lazyregexp"
)

// mark is what package excerpt writes where the rest of a text was left out.
const mark = "…"

// The shortest beginning of a secret that is hidden before a cut: of the secret itself, and of its hexadecimal digits and base64.
const (
	shortBeginning = 2
	shortEncoded   = 6
)

// beginnings are what the beginnings of secrets are looked for in.
type beginnings struct {
	plain, encoded sorted
	longest        int // of all, in bytes
}

// sorted are texts in order.
type sorted struct {
	texts   []string
	longest int // of them, in bytes
}

func newBeginnings(secrets []string) beginnings {
	var plain, encoded []string
	for _, secret := range secrets {
		if len(secret) < short {
			continue
		}
		encoded = append(encoded, encodings(secret)...)
		for _, text := range []string{secret, strings.ToUpper(secret), strings.ToLower(secret)} {
			plain = append(plain, plainly(text))
		}
	}
	b := beginnings{plain: newSorted(plain), encoded: newSorted(encoded)}
	b.longest = max(b.plain.longest, b.encoded.longest)
	return b
}

func newSorted(texts []string) (s sorted) {
	s.texts = slices.Sorted(slices.Values(texts))
	for _, text := range s.texts {
		s.longest = max(s.longest, len(text))
	}
	return s
}

// escapeLength is how much longer a text may be than what it stands for: the number of a character of HTML, each of its own written for a URL.
const escapeLength = 18

// window is how much of a text before a cut is looked at.
func (b beginnings) window(before string) string {
	return before[max(0, len(before)-escapeLength*b.longest):]
}

// ofEscape is the beginning of an escape that a cut has left over.
var ofEscape = lazyregexp.New(`(\\+(u[0-9a-fA-F]{0,3}|x[0-9a-fA-F]?)?|%[0-9a-fA-F]?|&#?[0-9a-zA-Z]*)$`)

// before is where in a text that a cut follows a secret begins that does not end in it, however it is escaped; -1 where none does.
func (b beginnings) before(text string) int {
	at := b.encoded.suffix(text, shortEncoded)
	left := ofEscape().ReplaceAllString(text, "")
	plain, units := canonical(left)
	plain = ofEscape().ReplaceAllString(plain, "") // of HTML, which was escaped for a URL
	if i := b.plain.suffix(plain, shortBeginning); i >= 0 {
		if from := int(units[i].start); at < 0 || from < at {
			at = from
		}
	}
	return at
}

// suffix is where the longest end of a text begins that one of the texts begins with, and is longer than; -1 where none does.
func (s sorted) suffix(text string, shortest int) int {
	for n := min(s.longest-1, len(text)); n >= shortest; n-- {
		end := text[len(text)-n:]
		if i, _ := slices.BinarySearch(s.texts, end); i < len(s.texts) && len(s.texts[i]) > n && strings.HasPrefix(s.texts[i], end) {
			return len(text) - n
		}
	}
	return -1
}

// cuts hides the beginnings of secrets whose end was left out.
func (m *spelled) cuts(s string) string {
	if !strings.Contains(s, mark) {
		return s
	}
	begin := m.begin()
	var out strings.Builder
	for {
		before, rest, found := strings.Cut(s, mark)
		if !found {
			break
		}
		window := begin.window(before)
		if at := begin.before(window); at >= 0 {
			before = before[:len(before)-len(window)+at] + Hidden
		}
		out.WriteString(before + mark)
		s = rest
	}
	return out.String() + s
}

// cutIn reports whether a beginning of a secret may stand before a cut in a text.
func (m *spelled) cutIn(text []byte) bool {
	if !bytes.Contains(text, []byte(mark)) {
		return false
	}
	begin := m.begin()
	for {
		before, rest, found := bytes.Cut(text, []byte(mark))
		if !found {
			return false
		}
		if begin.before(string(before[max(0, len(before)-escapeLength*begin.longest):])) >= 0 {
			return true
		}
		text = rest
	}
}
