// Package phrases says in Chinese what was made in English of a format and values. A [Book] finds the format that a text was made of, and
// fills the values into its Chinese.
package phrases

import (
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/etcp-mock/etcp-mock/internal/lazyregexp"
)

// Book is a table of formats in English, each with its Chinese. It may be used from several goroutines at once.
type Book struct {
	rows func() rows

	mu   sync.RWMutex
	said map[string]string // short texts that were looked up, with their Chinese
}

// The limits of what is remembered: how many texts, and of which length in bytes.
const (
	mostSaid    = 1024
	longestSaid = 256
)

// New is a book of tables, whose keys are formats of package fmt and whose values are their Chinese. In the Chinese %s stands for a value's own
// Chinese, where it is a text or a word of the book, and %v for the value as it is, which is a name. What was printed with %q or %d stays as it
// is. The tables are read when the first text is looked up, and a row's pattern is compiled when a text may be of it.
func New(tables ...map[string]string) *Book {
	return &Book{rows: sync.OnceValue(func() rows { return read(tables) }), said: map[string]string{}}
}

// template is one row that has values: a pattern of its English, and its Chinese as a format of texts.
type template struct {
	longest string // the longest part of the English between values: what does not hold it is not this
	pattern func() *regexp.Regexp
	names   []bool // which values are names, by the Chinese: they stay, too
	quoted  []bool // which values were printed with %q or %d: they are somebody's own words, and stay
	literal int    // how much of the English is no value: of several rows the one that says most is meant
	says    bool   // it has words itself
	chinese string
}

// rows are the tables as they are read: those without values by their English, and the others with those that say most first.
type rows struct {
	exact  map[string]string
	values []template
}

func read(tables []map[string]string) rows {
	all := rows{exact: map[string]string{}}
	for _, table := range tables {
		for english, zh := range table {
			if found := verb().FindAllStringIndex(english, -1); len(found) > 0 {
				all.values = append(all.values, row(english, zh, found))
			} else {
				all.exact[english] = zh
			}
		}
	}
	slices.SortStableFunc(all.values, func(a, b template) int {
		if a.literal != b.literal {
			return b.literal - a.literal
		}
		if len(a.quoted) != len(b.quoted) { // of two that say as much, the one that takes the text less apart
			return len(a.quoted) - len(b.quoted)
		}
		return strings.Compare(a.chinese, b.chinese)
	})
	return all
}

var verb = lazyregexp.New(`%(\[[0-9]+\])?[-+# 0]*[0-9.]*[a-zA-Z%]`)

var letters = lazyregexp.New(`[a-zA-Z]`)

// Verbs are the verbs of a format, in their order.
func Verbs(format string) []string { return verb().FindAllString(format, -1) }

// row reads a row whose English has verbs at these places.
func row(english, zh string, verbs [][]int) template {
	t := template{chinese: zh}
	var pattern strings.Builder
	pattern.WriteString(`(?s)\A`)
	at := 0
	add := func(text string) {
		pattern.WriteString(regexp.QuoteMeta(text))
		t.literal += len(strings.ReplaceAll(text, " ", "")) // a space divides words of a value as well
		if len(text) > len(t.longest) {
			t.longest = text
		}
	}
	for _, m := range verbs {
		add(english[at:m[0]])
		text, quoted := form(english[m[0]:m[1]])
		pattern.WriteString(text)
		if quoted {
			t.literal++ // it says more than a value of any form
		}
		if text != "%" {
			t.quoted = append(t.quoted, quoted)
		}
		at = m[1]
	}
	add(english[at:])
	t.says = letters().MatchString(verb().ReplaceAllString(english, ""))
	t.pattern = lazyregexp.New(pattern.String() + `\z`)
	t.names = make([]bool, len(t.quoted))
	for i, m := range verb().FindAllStringSubmatch(zh, -1) {
		if n, err := strconv.Atoi(strings.Trim(m[1], "[]")); err == nil {
			i = n - 1
		}
		if i < len(t.names) {
			t.names[i] = strings.HasSuffix(m[0], "v")
		}
	}
	return t
}

// form is what a verb prints, and whether that stays as it is.
func form(verb string) (pattern string, quoted bool) {
	switch verb[len(verb)-1] {
	case 'd':
		return `(-?[0-9]+)`, true
	case 'q':
		return `("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)+')`, true
	case 'c':
		return `(.)`, true
	case 'x':
		return `([0-9a-f]+)`, true
	case '%':
		return `%`, true
	}
	return `(.*?)`, false
}

const (
	deepest = 6       // one text in another
	longest = 8 << 10 // bytes of a text that is looked at: a longer one holds what somebody sent
	most    = 2_000   // rows that are tried for one text
)

// edge stands at both ends of a value while a text is read; apart is the space that the Chinese of a row leaves for a name, where the value
// has become Chinese, and near is where a name or a quotation needs one.
const edge = "\x00"

var (
	apart = lazyregexp.New(`(\p{Han}\x00*) (\x00+\p{Han})|(\p{Han}\x00+) (\x00*\p{Han})`)
	near  = lazyregexp.New(`(\p{Han}\x00*)(\x00[0-9A-Za-z"])|([0-9A-Za-z"]\x00)(\x00*\p{Han})`)
)

// Of is a text in Chinese. What has no row, and values that are no texts of the book, stay as they are. The same few texts are asked for again and
// again, as errors of pushes are whenever these are listed: looking each up anew was a fiftieth of a run of the contract suite.
func (b *Book) Of(text string) string {
	if len(text) > longestSaid {
		return b.of(text)
	}
	b.mu.RLock()
	zh, known := b.said[text]
	b.mu.RUnlock()
	if known {
		return zh
	}
	zh = b.of(text)
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.said) >= mostSaid {
		clear(b.said)
	}
	b.said[text] = zh
	return zh
}

func (b *Book) of(text string) string {
	if len(text) > longest || !utf8.ValidString(text) || strings.Contains(text, edge) {
		return text
	}
	r := reading{rows: b.rows(), known: map[string]found{}}
	zh := apart().ReplaceAllString(r.of(text, 0).text, "$1$2$3$4")
	zh = near().ReplaceAllString(zh, "$1$3 $2$4")
	return strings.ReplaceAll(strings.ReplaceAll(zh, edge, ""), "？；", "？")
}

// found is a text in Chinese, and how many words of it are still English.
type found struct {
	text string
	left int
}

// reading is one text being read: a part of it may be looked at by several rows.
type reading struct {
	rows

	known map[string]found
	tried int
}

func (r *reading) of(text string, depth int) found {
	if zh, known := r.exact[text]; known {
		return found{zh, 0}
	}
	left := len(strings.Fields(quotes().ReplaceAllString(text, "q"))) // a quotation stays, however many words it has
	if left < 2 || depth > deepest {                                  // a name, or a number
		return found{text, max(left-1, 0)}
	}
	if done, ok := r.known[text]; ok {
		return done
	}
	best := found{text, left}
	for i := range r.values {
		t := &r.values[i]
		if best.left == 0 || !strings.Contains(text, t.longest) {
			continue
		}
		if r.tried++; r.tried > most {
			break
		}
		if one, ok := r.by(t, text, depth); ok && one.left < best.left {
			best = one
		}
	}
	r.known[text] = best
	return best
}

// by reads a text by one row. Of two that leave as little in English the one that says more itself comes first.
func (r *reading) by(t *template, text string, depth int) (found, bool) {
	parts := t.pattern().FindStringSubmatch(text)
	if parts == nil {
		return found{}, false
	}
	left, said := 0, t.says
	values := make([]any, len(parts)-1)
	for i, value := range parts[1:] {
		inner := found{value, 0}
		if !t.quoted[i] && !t.names[i] {
			inner = r.of(value, depth+1)
		}
		if !t.quoted[i] && inner.text == value && isProse(value, t.names[i]) {
			return found{}, false // a sentence is in one language: English words would stand within the Chinese
		}
		said = said || inner.text != value
		shown := held{value, inner.text}
		if !t.quoted[i] {
			shown = held{listed(value), listed(inner.text)}
		}
		values[i], left = shown, left+inner.left
	}
	if !said { // signs between names are no sentence
		return found{}, false
	}
	return found{fmt.Sprintf(t.chinese, values...), left}, true
}

// quotes are texts in quotes, which are somebody's own words; prose is English that is no name: it has a word that only sentences have.
var (
	quotes = lazyregexp.New(`"(?:[^"\\]|\\.)*"`)
	prose  = lazyregexp.New(`(?i)(?:^|[\s(,;:])(?:a|an|and|are|as|at|be|below|but|by|cannot|did|does|for|from|has|have|in|is|it|its|no|nor|not|of|on|or|than|that|the|there|they|this|to|want|wants|was|were|which|with)(?:$|[\s),;:.])`)
)

// isProse reports whether a value is a part of a sentence. A name may be of two words, whatever they are.
func isProse(value string, name bool) bool {
	if list().MatchString(value) { // of names, such as no
		return false
	}
	value = quotes().ReplaceAllString(value, "")
	return (!name || len(strings.Fields(value)) > 2) && prose().MatchString(value)
}

// list are names that English sets beside each other.
var list = lazyregexp.New(`\A[\w$.*:/-]+(, ([\w$.*:/-]+|…))+\z`)

// listed is a list as Chinese has it, and anything else as it is.
func listed(value string) string {
	if !list().MatchString(value) {
		return value
	}
	return strings.ReplaceAll(value, ", ", "、")
}

// held is a value in a text: %s in the Chinese of a row stands for its Chinese, %v for the value as it is.
type held struct{ given, chinese string }

// Format writes one of the two.
func (h held) Format(f fmt.State, verb rune) {
	text := h.chinese
	if verb == 'v' {
		text = h.given
	}
	_, _ = io.WriteString(f, edge+text+edge)
}
