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
	"sync"
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
	made   func() *spelled // nil: of none
	many   bool            // secrets: whether a text may hold one is not looked for
	others *Words          // secrets of others
	known  map[string]bool // names that are none, though they may equal one
}

// spelled are secrets in the ways in which they are looked for.
type spelled struct {
	long   *strings.Replacer
	longs  [][]byte // what long replaces, where they are few
	shorts []string

	begin      func() beginnings
	plain      *strings.Replacer // of texts without their escapes: replaces secrets by their length between zeros
	plains     []string          // what plain replaces, where they are few
	plainWords []string          // those to be found there as words of their own
	parts      [][]byte          // of each secret that JSON or URLs escape: the longest part of it that they do not, in each case; empty where there is none
}

// New hides each secret, also in capitals or small letters, as it is written inside a JSON text or a URL, in hexadecimal digits and in base64, alone
// or as a part of a longer text. Empty ones are no secrets. How they are written is found out when the first text is searched for them: of 200,000
// keys that takes more than a second, and next to no answer has a text that somebody sent.
func New(secrets ...string) Masker {
	secrets = slices.DeleteFunc(slices.Clone(secrets), func(s string) bool { return s == "" })
	if len(secrets) == 0 {
		return Masker{}
	}
	return Masker{made: sync.OnceValue(func() *spelled { return spell(secrets) }), many: len(secrets) > few}
}

func spell(secrets []string) *spelled {
	var long, plain []string
	m := &spelled{begin: sync.OnceValue(func() beginnings { return newBeginnings(secrets) })}
	for _, s := range secrets {
		switch text := plainly(s); {
		case text == "":
		case len(text) < short:
			m.plainWords = append(m.plainWords, text)
		default:
			plain = append(plain, text)
		}
		if part := unescapedPart(s); len(part) < len(s) {
			m.parts = append(m.parts, []byte(part), []byte(strings.ToUpper(part)), []byte(strings.ToLower(part)))
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
	slices.SortFunc(plain, byLength)
	if plain = slices.Compact(plain); len(plain) > 0 {
		if len(secrets) <= few {
			m.plains = plain
		}
		var pairs []string
		for _, text := range plain {
			pairs = append(pairs, text, "\x00"+strconv.Itoa(len(text))+"\x00")
		}
		m.plain = strings.NewReplacer(pairs...)
	}
	if len(long) == 0 {
		return m
	}
	var pairs []string
	for _, form := range slices.Compact(long) {
		pairs = append(pairs, form, Hidden)
		if len(secrets) <= few {
			m.longs = append(m.longs, []byte(form))
		}
	}
	m.long = strings.NewReplacer(pairs...)
	return m
}

// Knowing hides the same, but leaves these names where a name is expected: they are what they say, though one may equal a secret.
func (m Masker) Knowing(names ...string) Masker {
	m.known = make(map[string]bool, len(names))
	for _, name := range names {
		m.known[name] = true
	}
	return m
}

// Name hides the secrets in what was sent as the name of something, unless it is the name of something.
func (m Masker) Name(name string) string {
	if m.known[name] {
		return name
	}
	return m.Text(name)
}

// spellings are the ways in which a secret is found written. A short one is not looked for in other letters or in base64, where it would be
// found in what is none.
func spellings(s string) (all []string) {
	cases := []string{s}
	if len(s) >= short {
		cases = append(cases, strings.ToUpper(s), strings.ToLower(s))
		all = encodings(s)
	}
	for _, text := range cases {
		if !escapes(text) {
			all = append(all, text)
			continue
		}
		inJSON, _ := json.Marshal(text) //nolint:errchkjson // a text always encodes
		inURL := url.QueryEscape(text)
		all = append(all, text, inURL, smallHex(inURL), url.QueryEscape(inURL), url.PathEscape(text), string(inJSON[1:len(inJSON)-1]))
	}
	return all
}

// escapes reports whether JSON or a URL may write a text otherwise than it is. Keys of letters and digits, which are next to all, need not be
// written in six ways that are all the same: making a masker of two takes a sixth less time.
func escapes(text string) bool {
	return strings.ContainsFunc(text, func(r rune) bool {
		return (r < '0' || r > '9') && (r < 'A' || r > 'Z') && (r < 'a' || r > 'z') && !strings.ContainsRune("-._~", r)
	})
}

// encodings are a secret in hexadecimal digits and in base64.
func encodings(s string) []string {
	digits := hex.EncodeToString([]byte(s))
	return append(base64Of(s), digits, strings.ToUpper(digits))
}

var percentEscapes = lazyregexp.New(`%[0-9A-F]{2}`)

// smallHex is a text of a URL with %2f in place of %2F.
func smallHex(inURL string) string {
	return percentEscapes().ReplaceAllStringFunc(inURL, strings.ToLower)
}

// shortBase64 is the length below which what base64 makes of a secret is not looked for.
const shortBase64 = 6

// inURLs writes base64 with the characters it has in URLs.
var inURLs = strings.NewReplacer("+", "-", "/", "_")

// base64Of is what is the same in each base64 text that a secret is a part of, wherever it begins in it: three texts, and those that are written
// otherwise in a URL.
func base64Of(s string) (all []string) {
	for lead := range 3 {
		text := base64.RawStdEncoding.EncodeToString(append(make([]byte, lead), s...))
		text = text[(8*lead+5)/6 : 8*(lead+len(s))/6] // without the characters that depend on what stands before and behind
		switch {
		case len(text) < shortBase64:
		case escapes(text):
			all = append(all, text, url.QueryEscape(text), smallHex(url.QueryEscape(text)), inURLs.Replace(text))
		default:
			all = append(all, text)
		}
	}
	return all
}

// IsZero reports whether nothing is hidden.
func (m Masker) IsZero() bool { return m.none() && m.others.isEmpty() }

// none reports whether there are no secrets but those of others.
func (m Masker) none() bool { return m.made == nil }

// few is up to how many secrets a text is searched for one by one, which is the faster way then.
const few = 128

// unescapedPart is the longest part of a secret that neither JSON nor HTML writes otherwise unless somebody wants to hide it.
func unescapedPart(s string) (longest string) {
	for part := range strings.FieldsFuncSeq(s, func(r rune) bool { return r < ' ' || strings.ContainsRune(`"'\/<>&`+"\u2028\u2029\x7f", r) }) {
		if len(part) > len(longest) {
			longest = part
		}
	}
	return longest
}

// In reports whether a text may hold a secret: false is sure.
func (m Masker) In(text []byte) bool { return m.plainIn(text) || m.escapedIn(text) }

// plainIn reports whether a text may hold a secret as it is, or in one of the ways it is looked for in: false is sure.
func (m Masker) plainIn(text []byte) bool {
	return m.others.in(text) || m.many || !m.none() && m.made().plainIn(text)
}

// escapedIn reports whether a text may hold a secret whose characters are escaped: false is sure.
func (m Masker) escapedIn(text []byte) bool { return !m.none() && m.made().escapedIn(text) }

func (m *spelled) plainIn(text []byte) bool {
	if len(m.longs)+len(m.shorts) > few {
		return true
	}
	in := func(form []byte) bool { return bytes.Contains(text, form) }
	return slices.ContainsFunc(m.longs, in) || slices.ContainsFunc(m.shorts, func(form string) bool { return in([]byte(form)) }) || m.cutIn(text)
}

func (m *spelled) escapedIn(text []byte) bool {
	if !bytes.ContainsAny(text, escapeMarks) {
		return false
	}
	if bytes.IndexByte(text, '%') >= 0 || bytes.Contains(text, []byte(`\u`)) || bytes.Contains(text, []byte(`\x`)) || bytes.IndexByte(text, '&') >= 0 {
		return true // any character may be written as its number
	}
	return slices.ContainsFunc(m.parts, func(form []byte) bool { return bytes.Contains(text, form) })
}

// Text hides the secrets in a text, also where their characters are escaped for JSON, a URL or HTML, once or several times.
func (m Masker) Text(s string) string {
	if s == "" || m.IsZero() {
		return s
	}
	text := []byte(s)
	plain := m.plainIn(text)
	if !plain && !m.escapedIn(text) { // next to every one: what replaces them, 2 MB in a run of the contract suite, need not be built
		return s
	}
	if m.none() {
		return m.others.hide(s)
	}
	made := m.made()
	if plain {
		s = made.replaced(s)
	}
	return made.cuts(m.others.hide(made.escaped(s)))
}

func (m *spelled) replaced(s string) string {
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

// Value hides the secrets in the texts of a JSON value and in the names of its members; what it changes it copies.
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
			out[m.Text(name)] = m.Value(x[name])
		}
		return out
	}
	return v
}

// hideWord hides a secret where no letter or digit touches it.
func hideWord(s, secret string) string {
	var b strings.Builder
	from := 0
	for _, at := range wordsIn(s, secret) {
		b.WriteString(s[from:at] + Hidden)
		from = at + len(secret)
	}
	return b.String() + s[from:]
}

// wordsIn is where a text stands that no letter or digit touches.
func wordsIn(s, word string) (all []int) {
	for from := 0; ; {
		i := strings.Index(s[from:], word)
		if i < 0 {
			return all
		}
		start, end := from+i, from+i+len(word)
		before, _ := utf8.DecodeLastRuneInString(s[:start])
		after, _ := utf8.DecodeRuneInString(s[end:])
		if !isWord(before) && !isWord(after) {
			all = append(all, start)
		}
		from = end
	}
}

func isWord(r rune) bool {
	return r != utf8.RuneError && (unicode.IsLetter(r) || unicode.IsDigit(r))
}
