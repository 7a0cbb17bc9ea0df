package mask

import (
	"slices"
	"strings"
	"sync"
)

// shortWord is the length below which a word is not looked up among the secrets of others: it would be found where it is something else.
const shortWord = 8

// Words are secrets of several owners that are hidden where one stands as a word of its own, as it is: many can be looked for at once, which the
// spellings of many cannot. The zero value has none; it may be used from several goroutines.
type Words struct {
	mu      sync.RWMutex
	owners  map[any][]string
	all     map[string]int // how many owners have it
	longest int            // that there ever was
}

// Set has an owner have exactly these secrets. Of them those are looked for that are words of letters, digits, - and _, of at least eight
// characters. It costs what the owner has and had, however many others there are.
func (w *Words) Set(owner any, secrets []string) {
	words := slices.DeleteFunc(slices.Clone(secrets), func(s string) bool { return len(s) < shortWord || wordLength([]byte(s)) < len(s) })
	w.mu.Lock()
	defer w.mu.Unlock()
	had := w.owners[owner]
	if slices.Equal(had, words) {
		return
	}
	if w.owners == nil {
		w.owners, w.all = map[any][]string{}, map[string]int{}
	}
	for _, s := range words {
		w.all[s]++
		w.longest = max(w.longest, len(s))
	}
	for _, s := range had {
		if w.all[s]--; w.all[s] == 0 {
			delete(w.all, s)
		}
	}
	if w.owners[owner] = words; len(words) == 0 {
		delete(w.owners, owner)
	}
}

// Beside hides the same, and these words.
func (m Masker) Beside(others *Words) Masker {
	m.others = others
	return m
}

func (w *Words) isEmpty() bool {
	if w == nil {
		return true
	}
	w.mu.RLock()
	defer w.mu.RUnlock()
	return len(w.all) == 0
}

// spans is where words stand in a text, each from its first byte to behind its last, until found says that it has enough.
func (w *Words) spans(text []byte, found func(from, to int) (more bool)) {
	if w == nil {
		return
	}
	w.mu.RLock()
	defer w.mu.RUnlock()
	if len(w.all) == 0 {
		return
	}
	for from := 0; from < len(text); from++ {
		n := wordLength(text[from:])
		if n >= shortWord && n <= w.longest {
			if _, ok := w.all[string(text[from:from+n])]; ok && !found(from, from+n) {
				return
			}
		}
		from += n
	}
}

func (w *Words) in(text []byte) (found bool) {
	w.spans(text, func(int, int) bool { found = true; return false })
	return found
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

var inWord = func() (set [256]bool) {
	for _, c := range []byte("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_") {
		set[c] = true
	}
	return set
}()
