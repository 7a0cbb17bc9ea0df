package mask

import "strings"

// shortWord is the length below which a word is not looked up among the secrets of others: it would be found where it is something else.
const shortWord = 8

// Words are secrets that are hidden where one stands as a word of its own, as it is: many can be looked for at once, which the spellings of many cannot.
type Words struct {
	all     map[string]struct{}
	longest int
}

// NewWords takes of the secrets those that are words of letters, digits, - and _, of at least eight characters.
func NewWords(secrets ...string) *Words {
	w := &Words{all: make(map[string]struct{}, len(secrets))}
	for _, s := range secrets {
		if len(s) < shortWord || wordLength([]byte(s)) < len(s) {
			continue
		}
		w.all[s] = struct{}{}
		w.longest = max(w.longest, len(s))
	}
	return w
}

// Beside hides the same, and these words.
func (m Masker) Beside(others *Words) Masker {
	m.others = others
	return m
}

func (w *Words) isEmpty() bool { return w == nil || len(w.all) == 0 }

// spans is where words stand in a text, each from its first byte to behind its last, until found says that it has enough.
func (w *Words) spans(text []byte, found func(from, to int) (more bool)) {
	if w.isEmpty() {
		return
	}
	for from := 0; from < len(text); from++ {
		n := wordLength(text[from:])
		if n >= shortWord && n <= w.longest {
			if _, is := w.all[string(text[from:from+n])]; is && !found(from, from+n) {
				return
			}
		}
		from += n
	}
}

func (w *Words) in(text []byte) (is bool) {
	w.spans(text, func(int, int) bool { is = true; return false })
	return is
}

func (w *Words) hide(s string) string {
	var out strings.Builder // a text may be full of them
	from := 0
	w.spans([]byte(s), func(at, to int) bool {
		out.WriteString(s[from:at])
		out.WriteString(Hidden)
		from = to
		return true
	})
	if from == 0 {
		return s
	}
	out.WriteString(s[from:])
	return out.String()
}

// wordLength is how long the word is that a text begins with, in bytes.
func wordLength(text []byte) (n int) {
	for n < len(text) && inWord[text[n]] {
		n++
	}
	return n
}

var inWord = func() (is [256]bool) {
	for _, c := range []byte("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_") {
		is[c] = true
	}
	return is
}()
