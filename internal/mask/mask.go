// Package mask hides secrets in what is printed.
package mask

import (
	"bytes"
	"cmp"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/etcp-mock/etcp-mock/internal/lazyregexp"
)

// Hidden stands in every output where a secret was.
const Hidden = "•••"

// short is the length below which a secret is hidden only where it stands as a word of its own: in a longer one it would take everything with it.
const short = 4

// Masker hides secrets. The zero value hides none.
type Masker struct {
	long   *strings.Replacer
	longs  []string // what long replaces
	shorts []string
}

// New hides each secret, also in capitals or small letters, as it is written inside a JSON text or a URL, in hexadecimal digits and in base64, alone
// or as a part of a longer text. Empty ones are no secrets.
func New(secrets ...string) Masker {
	var long []string
	var m Masker
	for _, s := range secrets {
		if s == "" {
			continue
		}
		for _, form := range spellings(s) {
			if len(form) < short {
				m.shorts = append(m.shorts, form)
			} else {
				long = append(long, form)
			}
		}
	}
	byLength := func(a, b string) int { return cmp.Or(len(b)-len(a), strings.Compare(a, b)) } // the longest first, so that a secret that holds another is hidden whole
	slices.SortFunc(long, byLength)
	slices.SortFunc(m.shorts, byLength)
	m.shorts = slices.Compact(m.shorts)
	if len(long) == 0 {
		return m
	}
	var pairs []string
	m.longs = slices.Compact(long)
	for _, form := range m.longs {
		pairs = append(pairs, form, Hidden)
	}
	m.long = strings.NewReplacer(pairs...)
	return m
}

// spellings are the ways in which a secret is found written. A short one is not looked for in other letters or in base64, where it would be
// found in what is none.
func spellings(s string) (all []string) {
	cases := []string{s}
	if len(s) >= short {
		cases = append(cases, strings.ToUpper(s), strings.ToLower(s))
		digits := hex.EncodeToString([]byte(s))
		all = append(base64Of(s), digits, strings.ToUpper(digits))
	}
	for _, text := range cases {
		inJSON, _ := json.Marshal(text) //nolint:errchkjson // a text always encodes
		inURL := url.QueryEscape(text)
		all = append(all, text, inURL, smallHex(inURL), url.QueryEscape(inURL), url.PathEscape(text), strings.Trim(string(inJSON), `"`))
	}
	return all
}

var escaped = lazyregexp.New(`%[0-9A-F]{2}`)

// smallHex is a text of a URL with %2f in place of %2F.
func smallHex(inURL string) string { return escaped().ReplaceAllStringFunc(inURL, strings.ToLower) }

// shortBase64 is the length below which what base64 makes of a secret is not looked for.
const shortBase64 = 6

// base64Of is what is the same in each base64 text that a secret is a part of, wherever it begins in it: three texts, and those that are written
// otherwise in a URL.
func base64Of(s string) (all []string) {
	for lead := range 3 {
		text := base64.RawStdEncoding.EncodeToString(append(make([]byte, lead), s...))
		text = text[(8*lead+5)/6 : 8*(lead+len(s))/6] // without the characters that depend on what stands before and behind
		if len(text) >= shortBase64 {
			all = append(all, text, url.QueryEscape(text), smallHex(url.QueryEscape(text)), strings.NewReplacer("+", "-", "/", "_").Replace(text))
		}
	}
	return all
}

// IsZero reports whether nothing is hidden.
func (m Masker) IsZero() bool { return m.long == nil && len(m.shorts) == 0 }

// few is up to how many secrets a text is searched for one by one, which is the faster way then.
const few = 128

// In reports whether a text may hold a secret: false is sure.
func (m Masker) In(text []byte) bool {
	if len(m.longs)+len(m.shorts) > few {
		return !m.IsZero()
	}
	in := func(form string) bool { return bytes.Contains(text, []byte(form)) }
	return slices.ContainsFunc(m.longs, in) || slices.ContainsFunc(m.shorts, in)
}

// Text hides the secrets in a text, also where their characters are written as in \u006b.
func (m Masker) Text(s string) string {
	if m.IsZero() {
		return s
	}
	s = m.replaced(s)
	if strings.Contains(s, `\u`) {
		plain := unescaped(s)
		if hidden := m.replaced(plain); hidden != plain {
			return hidden
		}
	}
	return s
}

var escape = lazyregexp.New(`\\u[0-9a-fA-F]{4}`)

// unescaped is a text with the characters that it writes by their numbers.
func unescaped(s string) string {
	return escape().ReplaceAllStringFunc(s, func(e string) string {
		n, _ := strconv.ParseUint(e[2:], 16, 16) // four digits
		return string(rune(n))
	})
}

func (m Masker) replaced(s string) string {
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
