// Package mask hides secrets in what is printed.
package mask

import (
	"encoding/json"
	"net/url"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Hidden stands in every output where a secret was.
const Hidden = "•••"

// short is the length below which a secret is hidden only where it stands as a word of its own: in a longer one it would take everything with it.
const short = 4

// Masker hides secrets. The zero value hides none.
type Masker struct {
	long   *strings.Replacer
	shorts []string
}

// New hides each secret, also as it is written inside a JSON text or a URL. Empty ones are no secrets.
func New(secrets ...string) Masker {
	var long []string
	var m Masker
	for _, s := range secrets {
		if s == "" {
			continue
		}
		inJSON, _ := json.Marshal(s) //nolint:errchkjson // a text always encodes
		for _, form := range []string{s, url.QueryEscape(s), url.PathEscape(s), strings.Trim(string(inJSON), `"`)} {
			if len(form) < short {
				m.shorts = append(m.shorts, form)
			} else {
				long = append(long, form)
			}
		}
	}
	byLength := func(a, b string) int { return len(b) - len(a) } // the longest first, so that a secret that holds another is hidden whole
	slices.SortFunc(long, byLength)
	slices.SortFunc(m.shorts, byLength)
	if len(long) == 0 {
		return m
	}
	var pairs []string
	for _, form := range slices.Compact(long) {
		pairs = append(pairs, form, Hidden)
	}
	m.long = strings.NewReplacer(pairs...)
	return m
}

// IsZero reports whether nothing is hidden.
func (m Masker) IsZero() bool { return m.long == nil && len(m.shorts) == 0 }

// Text hides the secrets in a text.
func (m Masker) Text(s string) string {
	if m.long != nil {
		s = m.long.Replace(s)
	}
	for _, secret := range m.shorts {
		s = hideWord(s, secret)
	}
	return s
}

// Texts hides the secrets in texts, in place.
func (m Masker) Texts(texts ...*string) {
	for _, t := range texts {
		*t = m.Text(*t)
	}
}

// Value hides the secrets in the texts of a JSON value; what it changes it copies.
func (m Masker) Value(v any) any {
	switch x := v.(type) {
	case string:
		return m.Text(x)
	case []any:
		out := make([]any, len(x))
		for i := range x {
			out[i] = m.Value(x[i])
		}
		return out
	case map[string]any:
		out := make(map[string]any, len(x))
		for name := range x {
			out[name] = m.Value(x[name])
		}
		return out
	}
	return v
}

// hideWord hides a secret where no letter or digit touches it.
func hideWord(s, secret string) string {
	var b strings.Builder
	for from := 0; ; {
		i := strings.Index(s[from:], secret)
		if i < 0 {
			return b.String() + s[from:]
		}
		start, end := from+i, from+i+len(secret)
		before, _ := utf8.DecodeLastRuneInString(s[:start])
		after, _ := utf8.DecodeRuneInString(s[end:])
		b.WriteString(s[from:start])
		if isWord(before) || isWord(after) {
			b.WriteString(secret)
		} else {
			b.WriteString(Hidden)
		}
		from = end
	}
}

func isWord(r rune) bool {
	return r != utf8.RuneError && (unicode.IsLetter(r) || unicode.IsDigit(r))
}
