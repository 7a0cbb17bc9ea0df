package diagnose

import (
	"cmp"
	"fmt"
	"html"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/etcp-mock/etcp-mock/sign/diagnose/internal/jsondoc"
	"github.com/etcp-mock/etcp-mock/sign/diagnose/internal/wire"
	"github.com/etcp-mock/etcp-mock/sign/diagnose/internal/words"
)

const (
	hidden = "•••"
	// secret is how long a key is at least that is looked for inside of data; a shorter one is no secret, and in every text.
	secret = 4
)

// explain says what the guess signed.
func (s *search) explain(g *guess) []Finding {
	flat := *g
	if flat.doc != nil {
		flat.settle()
	}
	if slices.Contains(g.kinds(), "whitespace-stripped") {
		flat.data = wire.Strip(flat.data)
	}
	at := -1
	if flat.data != s.right.data {
		at = words.FirstDifference(flat.data, s.right.data)
	}
	text := s.formText(&flat, at)
	findings := make([]Finding, len(g.mistakes))
	for i, m := range g.mistakes {
		what, fix := s.words(m)
		evidence := cmp.Or(m.evidence, g.evidence)
		switch {
		case evidence != (words.Phrase{}):
		case i > 0 && m.row != nil && m.row.at >= inKey: // the first difference is another mistake's
			evidence = s.rightText()
		default:
			evidence = s.difference(&flat, at)
		}
		evidence = words.Say(words.Visible(s.mask(evidence.En)), words.Visible(s.mask(evidence.Zh)))
		findings[i] = words.Note(m.kind, what.Plus("; signed "+text, "；实际签名的文本是 "+text), evidence, fix)
	}
	return findings
}

// words are what a mistake is and what to do.
func (s *search) words(m mistake) (what, fix words.Phrase) {
	row := m.row
	if row == nil || row.what == (words.Phrase{}) {
		row = s.row(m.kind)
	}
	what, fix = row.what, row.fix
	if s.scope == ofPushes && row.pushFix != (words.Phrase{}) {
		fix = row.pushFix
	}
	if m.what != (words.Phrase{}) {
		what = m.what
	}
	if m.fix != (words.Phrase{}) {
		fix = m.fix
	}
	return what, fix
}

func (s *search) row(kind string) *hypothesis {
	if at := s.index(kind); at >= 0 {
		return &table[at]
	}
	for i := range looks {
		if looks[i].kind == kind {
			return &looks[i]
		}
	}
	return &hypothesis{kind: kind}
}

// about is a finding on the looks of a signature.
func about(kind string, evidence words.Phrase) Finding {
	for _, l := range looks {
		if l.kind == kind {
			return words.Note(kind, l.what, evidence, l.fix)
		}
	}
	return words.Note(kind, evidence, words.Phrase{}, words.Phrase{})
}

// difference says where the guess's texts and the right ones part.
func (s *search) difference(g *guess, at int) words.Phrase {
	if at >= 0 {
		signed, sent := s.glimpse(g.data, at), s.glimpse(s.right.data, at)
		where := fmt.Sprintf("byte %d", at)
		in := ""
		whereZh := fmt.Sprintf("第 %d 字节", at)
		if at < 1<<16 {
			if n := utf8.RuneCountInString(s.right.data[:min(at, len(s.right.data))]); n != at {
				where += fmt.Sprintf(" (character %d)", n)
				whereZh += fmt.Sprintf("（第 %d 个字符）", n)
			}
		}
		if field := fieldAt(s.right.data, at); field != "" {
			in = ", in " + field
			whereZh += "，字段 " + field
		}
		return words.Say(
			fmt.Sprintf("first difference at %s of data%s: signed %s, but sent %s", where, in, signed.En, sent.En),
			fmt.Sprintf("data 的第一处不同在%s：签名的是 %s，发送的是 %s", whereZh, signed.Zh, sent.Zh))
	}
	if g.stamp != s.right.stamp {
		first := words.FirstDifference(g.stamp, s.right.stamp)
		return words.Say(
			fmt.Sprintf("first difference at byte %d of time_stamp: signed %s, but sent %s", first, words.Visible(g.stamp), s.show(s.right.stamp, -1)),
			fmt.Sprintf("time_stamp 的第一处不同在第 %d 字节：签名的是 %s，发送的是 %s", first, words.Visible(g.stamp), s.show(s.right.stamp, -1)))
	}
	return s.rightText()
}

func (s *search) rightText() words.Phrase {
	right := s.formText(&s.right, -1)
	return words.Say("the right text is "+right, "正确的待签名文本是 "+right)
}

// fieldAt is the name of the member of a JSON text that byte at belongs to, "" where that does not show.
func fieldAt(text string, at int) string {
	const far = 4 << 10
	from := max(0, min(at, len(text))-far)
	name := ""
	for _, m := range memberName.FindAllStringSubmatchIndex(text[from:min(len(text), at+64)], -1) {
		if name != "" && from+m[0] > at {
			break
		}
		name = text[from+m[2] : from+m[3]]
	}
	return name
}

var memberName = regexp.MustCompile(`"([\p{L}\d_]{1,40})"\s*:`)

// formText is the guess's text with every key hidden.
func (s *search) formText(g *guess, at int) string {
	var b strings.Builder
	for _, name := range g.form {
		switch name {
		case theKey:
			b.WriteString(hidden)
		case theData:
			b.WriteString(s.show(g.data, at))
		case theStamp, theNo:
			b.WriteString(s.show(g.of(name), -1))
		default:
			if isDigest(name) {
				name = "MD5(…)"
			}
			b.WriteString(words.Visible(s.mask(name)))
		}
	}
	return b.String()
}

// mask hides every key, in whatever dress the guesses put it on inside of data.
func (s *search) mask(text string) string {
	for _, hide := range s.dressed() {
		text = strings.ReplaceAll(text, hide, hidden)
	}
	return text
}

// dressed is all that is hidden, the longest first, for a key may begin with another one.
func (s *search) dressed() []string {
	if s.secrets == nil {
		s.secrets = dresses([]string{}, s.right.key)
		for _, key := range s.others {
			s.secrets = dresses(s.secrets, key)
		}
		slices.SortFunc(s.secrets, func(a, b string) int { return cmp.Compare(len(b), len(a)) })
	}
	return s.secrets
}

func dresses(all []string, key string) []string {
	if len(key) < secret {
		return all
	}
	if !strings.ContainsFunc(key, func(r rune) bool { return !unicode.IsDigit(r) && (r >= utf8.RuneSelf || !unicode.IsLetter(r)) }) {
		all = append(all, slices.Compact([]string{key, strings.ToLower(key), strings.ToUpper(key)})...)
		return all // letters and digits look the same everywhere
	}
	var forms []string
	for _, e := range jsondoc.Escapes {
		quoted := jsondoc.AppendStyled(nil, key, e)
		forms = append(forms, string(quoted[1:len(quoted)-1]))
	}
	for _, s := range slices.Compact(forms) {
		forms = append(forms, wire.URLEncodings(s)...)
		forms = append(forms, wire.DoubleEncodings(s)...)
	}
	forms = append(forms, key, wire.EncodeIn(wire.GBK, key), wire.UTF8Twice(key))
	for _, s := range slices.Clone(forms) {
		forms = append(forms, wire.Strip(s), strings.TrimSpace(s), strings.ToLower(s), strings.ToUpper(s), html.EscapeString(s))
	}
	slices.Sort(forms)
	for _, s := range slices.Compact(forms) {
		if len(s) >= secret {
			all = append(all, s)
		}
	}
	return all
}

// show renders a text from outside on one line without keys; of a long one what is around byte at.
func (s *search) show(text string, at int) string {
	const most, around = 300, 100
	if len(text) <= most {
		return words.Visible(s.mask(text))
	}
	// Masked before it is cut, for half a key is a secret too; but not the whole of a mebibyte.
	text, at, before, after := s.window(text, max(at, 0))
	at = len(s.mask(text[:at]))
	text = s.mask(text)
	from, to := max(0, min(at, len(text))-around), min(len(text), at+around)
	out := words.Visible(strings.ToValidUTF8(text[from:max(from, to)], ""))
	if before || from > 0 {
		out = "…" + out
	}
	if after || to < len(text) {
		out += "…"
	}
	return out
}

// window cuts out what is around byte at, so wide that no key lies across its edge and what is shown of it.
func (s *search) window(text string, at int) (piece string, in int, before, after bool) {
	wide := 1024
	if all := s.dressed(); len(all) > 0 {
		wide += 2 * len(all[0])
	}
	at = min(at, len(text))
	from, to := max(0, at-wide), min(len(text), at+wide)
	return text[from:to], at - from, from > 0, to < len(text)
}

// glimpse quotes what stands at byte at.
func (s *search) glimpse(text string, at int) words.Phrase {
	text, at, _, _ = s.window(text, at)
	at = len(s.mask(text[:at]))
	text = s.mask(text)
	if at >= len(text) {
		return words.Say("nothing more", "结尾")
	}
	for at > 0 && !utf8.RuneStart(text[at]) {
		at--
	}
	end := min(len(text), at+12)
	for end < len(text) && !utf8.RuneStart(text[end]) {
		end++
	}
	quoted := "`" + words.Visible(text[at:end]) + "`"
	return words.Say(quoted, quoted)
}

// plain is the right text as it is, but for the keys.
func (s *search) plain(strip bool) string {
	const many = 64 << 10 // of a longer text only the merchant's own key is hidden
	if s.right.size() > many {
		s.secrets = dresses([]string{}, s.right.key)
		defer func() { s.secrets = nil }()
	}
	g := s.right
	g.doc = nil
	g.data, g.stamp, g.no, g.key = s.mask(g.data), s.mask(g.stamp), s.mask(g.no), hidden
	text := g.append(nil)
	if strip {
		text = wire.Stripped(text)
	}
	return string(text)
}
