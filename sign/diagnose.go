package sign

import (
	"cmp"
	"crypto/md5"
	"fmt"
	"iter"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/etcp-mock/etcp-mock/internal/mask"
)

// Finding is one thing that is wrong with a signature, proven: the signature given is exactly what this mistake leads to
// (but for the kinds not-hex and unknown, which say what could not be examined or explained).
type Finding struct {
	Kind     string `json:"kind"`     // a stable word in kebab-case, such as json-spaced
	Detail   string `json:"detail"`   // what was signed, its key as •••, where it first differs, and the mend
	DetailZh string `json:"detailZh"` // the same in Chinese
}

const (
	hidden = mask.Hidden
	// effort bounds one diagnosis, in bytes hashed (a text counts overhead more, for the work around it), to stay under 2 ms.
	effort   = 400 << 10
	overhead = 192
	// longest is the data that is taken apart as JSON or encoded anew; a longer one gets the cheap guesses only.
	longest = 4 << 10
	// secret is how long a key is at least that is looked for inside of data; a shorter one is no secret, and in every text.
	secret = 4
)

// The names of the values in a guess's form; anything else in a form stands for itself.
const (
	theData  = "data"
	theKey   = "key"
	theStamp = "time_stamp"
	theNo    = "merchant_no"
)

// values are what a signed text is put together from.
type values struct{ data, key, stamp, no string }

// guess is one text somebody may have signed: the values put together in the order of form.
type guess struct {
	kinds []string // what is wrong with it, each with a mend
	form  []string
	values
	note phrase // what else there is to say, such as the merchant whose key it was
}

// phrase is a text in both languages.
type phrase struct{ en, zh string }

func (p phrase) plus(en, zh string) phrase { return phrase{p.en + en, p.zh + zh} }

// doctor looks for the guess that gives the signature at hand.
type doctor struct {
	right   guess
	rule    Whitespace
	padded  bool // want was filled up with zeros
	want    [md5.Size]byte
	left    int
	buf     []byte
	others  map[string]string // the keys of other merchants
	secrets []string          // what mask hides; made when it is needed
	sums    map[bool][md5.Size]byte
}

func (v values) of(name string) string {
	switch name {
	case theData:
		return v.data
	case theKey:
		return v.key
	case theStamp:
		return v.stamp
	case theNo:
		return v.no
	}
	return name
}

func (g *guess) size() (n int) {
	for _, name := range g.form {
		n += len(g.of(name))
	}
	return n
}

func (g *guess) append(dst []byte) []byte {
	for _, name := range g.form {
		dst = append(dst, g.of(name)...)
	}
	return dst
}

// diagnose finds what is wrong with a signature that is not the right one. Of the guesses the first that fits is taken, so
// the likely ones stand first.
func (d *doctor) diagnose(signature string, guesses iter.Seq[guess]) []Finding {
	found, shape := d.examine(signature)
	if shape == settled {
		return found
	}
	if shape == md5Sized {
		for g := range guesses {
			if d.left < 0 {
				break
			}
			if d.fits(&g) {
				if d.padded {
					found = append(found, about("leading-zero-dropped", fewDigits))
				}
				return append(found, d.explain(&g)...)
			}
		}
	}
	if g, ok := d.partOrOtherHash(signature); ok {
		return append(found, d.explain(&g)...)
	}
	unknown := d.right
	unknown.kinds = []string{"unknown"}
	return append(found, d.explain(&unknown)...)
}

// fits reports whether the guess is what was signed.
func (d *doctor) fits(g *guess) bool {
	d.left -= g.size() + overhead
	if d.left < 0 {
		return false
	}
	d.buf = g.append(d.buf[:0])
	if md5.Sum(d.buf) == d.want {
		return true
	}
	return (d.rule == Strip || d.rule == Either) && md5.Sum(appendStripped(nil, string(d.buf))) == d.want
}

// explain says what the guess signed, in both languages.
func (d *doctor) explain(g *guess) []Finding {
	at := -1
	if g.data != d.right.data {
		at = firstDifference(g.data, d.right.data)
	}
	said := phrase{"signed ", "实际签名的文本是 "}
	if len(g.kinds) == 1 && g.kinds[0] == "unknown" {
		said = phrase{"the text to sign is ", "应当签名的文本是 "}
	}
	text := d.formText(g, at)
	said = said.plus(text, text)
	if at >= 0 {
		signed, sent := d.glimpse(g.data, at), d.glimpse(d.right.data, at)
		said = said.plus(
			fmt.Sprintf("; first difference at byte %d of data: signed %s, but sent %s", at, signed.en, sent.en),
			fmt.Sprintf("；data 的第一处不同在第 %d 字节：签名的是 %s，发送的是 %s", at, signed.zh, sent.zh))
	} else if g.stamp != d.right.stamp {
		first, sent := firstDifference(g.stamp, d.right.stamp), d.show(d.right.stamp, -1)
		said = said.plus(
			fmt.Sprintf("; first difference at byte %d of time_stamp: sent %s", first, sent),
			fmt.Sprintf("；time_stamp 的第一处不同在第 %d 字节：发送的是 %s", first, sent))
	}
	if g.note.en != "" {
		said = said.plus("; "+g.note.en, "；"+g.note.zh)
	}
	findings := make([]Finding, len(g.kinds))
	for i, kind := range g.kinds {
		findings[i] = about(kind, said)
	}
	return findings
}

// formText is the guess's text with every key hidden.
func (d *doctor) formText(g *guess, at int) string {
	var b strings.Builder
	for _, name := range g.form {
		switch name {
		case theKey:
			b.WriteString(hidden)
		case theData:
			b.WriteString(d.show(g.data, at))
		case theStamp, theNo:
			b.WriteString(d.show(g.of(name), -1))
		default:
			b.WriteString(visible(name))
		}
	}
	return b.String()
}

// about is a finding with its mend.
func about(kind string, what phrase) Finding {
	return Finding{kind, what.en + ". " + mends[kind].en, what.zh + "。" + mends[kind].zh + "。"}
}

func firstDifference(a, b string) int {
	i := 0
	for i < len(a) && i < len(b) && a[i] == b[i] {
		i++
	}
	return i
}

// mask hides every key, in whatever dress the guesses put it on inside of data.
func (d *doctor) mask(s string) string {
	for _, hide := range d.dressed() {
		s = strings.ReplaceAll(s, hide, hidden)
	}
	return s
}

// dressed is all that is hidden, the longest first, for a key may begin with another one.
func (d *doctor) dressed() []string {
	if d.secrets == nil {
		d.secrets = dresses([]string{}, d.right.key)
		for _, key := range d.others {
			d.secrets = dresses(d.secrets, key)
		}
		slices.SortFunc(d.secrets, func(a, b string) int { return cmp.Compare(len(b), len(a)) })
	}
	return d.secrets
}

func dresses(all []string, key string) []string {
	if len(key) < secret {
		return all
	}
	if !strings.ContainsFunc(key, func(r rune) bool { return !unicode.IsDigit(r) && (r >= utf8.RuneSelf || !unicode.IsLetter(r)) }) {
		return append(all, key) // letters and digits look the same everywhere
	}
	var forms []string
	for _, e := range escapes {
		quoted := appendStyled(nil, key, style{escape: e})
		forms = append(forms, string(quoted[1:len(quoted)-1]))
	}
	for _, s := range slices.Compact(forms) {
		forms = append(forms, urlEncodings(s)...)
		forms = append(forms, doubleEncodings(s)...)
	}
	forms = append(forms, key, strings.TrimSpace(key), string(appendStripped(nil, key)), gbk(key), utf8Twice(key))
	slices.Sort(forms)
	for _, s := range slices.Compact(forms) {
		if len(s) >= secret {
			all = append(all, s)
		}
	}
	return all
}

// show renders a text from outside on one line without keys; of a long one what is around byte at.
func (d *doctor) show(s string, at int) string {
	const most, around = 300, 100
	if len(s) <= most {
		return visible(d.mask(s))
	}
	// Masked before it is cut, for half a key is a secret too; but not the whole of a mebibyte.
	s, at, before, after := d.window(s, max(at, 0))
	at = len(d.mask(s[:at]))
	s = d.mask(s)
	from, to := max(0, min(at, len(s))-around), min(len(s), at+around)
	out := visible(strings.ToValidUTF8(s[from:max(from, to)], ""))
	if before || from > 0 {
		out = "…" + out
	}
	if after || to < len(s) {
		out += "…"
	}
	return out
}

// window cuts out what is around byte at, so wide that no key lies across its edge and what is shown of it.
func (d *doctor) window(s string, at int) (piece string, in int, before, after bool) {
	wide := 1024
	if all := d.dressed(); len(all) > 0 {
		wide += 2 * len(all[0])
	}
	at = min(at, len(s))
	from, to := max(0, at-wide), min(len(s), at+wide)
	return s[from:to], at - from, from > 0, to < len(s)
}

// glimpse quotes what stands at byte at.
func (d *doctor) glimpse(s string, at int) phrase {
	s, at, _, _ = d.window(s, at)
	at = len(d.mask(s[:at]))
	s = d.mask(s)
	if at >= len(s) {
		return phrase{"nothing more", "结尾"}
	}
	for at > 0 && !utf8.RuneStart(s[at]) {
		at--
	}
	end := min(len(s), at+12)
	for end < len(s) && !utf8.RuneStart(s[end]) {
		end++
	}
	text := "`" + visible(s[at:end]) + "`"
	return phrase{text, text}
}

// visible has control characters and bytes that are no UTF-8 as escapes.
func visible(s string) string {
	var b strings.Builder
	for i, r := range s {
		switch {
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\r':
			b.WriteString(`\r`)
		case r == '\t':
			b.WriteString(`\t`)
		case r == utf8.RuneError && s[i] != "\uFFFD"[0], r < ' ', r == 0x7f:
			fmt.Fprintf(&b, `\x%02x`, s[i])
		case r == '\uFEFF':
			b.WriteString(`\ufeff`)
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}
