// Package chinese has the Chinese of what files and calls are refused for: problems of fixtures, scenarios and bodies, and the refusals
// of the control API. They are made in English in many places, most of them of a format and values; [Of] finds the format that a text was
// made of, and fills the values into its Chinese. A test walks the formats of those packages and fails for one that has no row here, and
// for a row that nothing says any more.
package chinese

import (
	"fmt"
	"io"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/etcp-mock/etcp-mock/internal/lazyregexp"
)

// template is one row: a pattern of its English, and its Chinese as a format of texts.
type template struct {
	exact   string         // the English, where it holds no value
	longest string         // the longest part of the English between values: what does not hold it is not this
	pattern *regexp.Regexp // nil for an exact one
	names   []bool         // which values are names, by the Chinese: they stay, too
	quoted  []bool         // which values were printed with %q: they are somebody's own words, and stay
	literal int            // how much of the English is no value: of several rows the one that says most is meant
	chinese string
}

var verb = lazyregexp.New(`%(\[[0-9]+\])?[-+# 0]*[0-9.]*[a-zA-Z%]`)

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

func compile(english, zh string) template {
	t := template{chinese: zh}
	var pattern strings.Builder
	pattern.WriteString(`(?s)\A`)
	at := 0
	add := func(text string) {
		pattern.WriteString(regexp.QuoteMeta(text))
		t.literal += len(text)
		if len(text) > len(t.longest) {
			t.longest = text
		}
	}
	found := verb().FindAllStringIndex(english, -1)
	for _, m := range found {
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
	if len(found) == 0 {
		t.exact = english
		return t
	}
	t.pattern = regexp.MustCompile(pattern.String() + `\z`)
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

// rows are the table as it is read.
type rows struct {
	exact  map[string]string
	values []template
}

// table are all rows, those that say most first, and those without values by their English.
var table = sync.OnceValue(func() (all rows) {
	all.exact = map[string]string{}
	for _, rows := range tables() {
		for english, zh := range rows {
			if t := compile(english, zh); t.pattern == nil {
				all.exact[english] = zh
			} else {
				all.values = append(all.values, t)
			}
		}
	}
	slices.SortFunc(all.values, func(a, b template) int {
		if a.literal != b.literal {
			return b.literal - a.literal
		}
		return strings.Compare(a.chinese, b.chinese)
	})
	return all
})

const (
	deepest = 6       // one message in another
	longest = 8 << 10 // bytes of a message that is looked at: a longer one holds what somebody sent
	most    = 2_000   // rows that are tried for one message
)

// Of is a message in Chinese. What has no row, and values that are no messages, stay as they are.
func Of(message string) string {
	if len(message) > longest || !utf8.ValidString(message) {
		return message
	}
	r := reading{known: map[string]found{}}
	return r.of(message, 0).text
}

// found is a message in Chinese, and how many words of it are still English.
type found struct {
	text string
	left int
}

// reading is one message being read: a part of it may be looked at by several rows.
type reading struct {
	known map[string]found
	tried int
}

func (r *reading) of(message string, depth int) found {
	if text, known := table().exact[message]; known {
		return found{text, 0}
	}
	left := len(strings.Fields(message))
	if left < 2 || depth > deepest { // a name, or a number
		return found{message, max(left-1, 0)}
	}
	if done, is := r.known[message]; is {
		return done
	}
	best := found{message, left}
	values := table().values
	for i := range values {
		t := &values[i]
		if best.left == 0 || !strings.Contains(message, t.longest) {
			continue
		}
		if r.tried++; r.tried > most {
			break
		}
		if one, is := r.by(t, message, depth); is && one.left < best.left {
			best = one
		}
	}
	r.known[message] = best
	return best
}

// by reads a message by one row. Of two that leave as little in English the one that says more itself comes first.
func (r *reading) by(t *template, message string, depth int) (found, bool) {
	parts := t.pattern.FindStringSubmatch(message)
	if parts == nil {
		return found{}, false
	}
	left := 0
	values := make([]any, len(parts)-1)
	for i, value := range parts[1:] {
		inner := found{value, 0}
		if !t.quoted[i] && !t.names[i] {
			inner = r.of(value, depth+1)
		}
		values[i], left = held{value, inner.text}, left+inner.left
	}
	return found{fmt.Sprintf(t.chinese, values...), left}, true
}

// held is a value in a message: %s in the Chinese of a row stands for its Chinese, where it is a message or a word of one; %v for the
// value as it is, which is a name.
type held struct{ given, chinese string }

// Format writes one of the two.
func (h held) Format(f fmt.State, verb rune) {
	text := h.chinese
	if verb == 'v' {
		text = h.given
	}
	_, _ = io.WriteString(f, text)
}

// Known reports whether an English format has a row.
func Known(english string) bool {
	for _, rows := range tables() {
		if _, known := rows[english]; known {
			return true
		}
	}
	return false
}

// All are the rows.
func All() map[string]string {
	all := map[string]string{}
	for _, rows := range tables() {
		maps.Copy(all, rows)
	}
	return all
}

func tables() []map[string]string {
	return []map[string]string{forms, bodies, states, calls, files, expressions}
}
