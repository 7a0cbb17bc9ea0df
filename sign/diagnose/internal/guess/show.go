package guess

import (
	"cmp"
	"fmt"
	"html"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/etcp-mock/etcp-mock/internal/lazyregexp"
	"github.com/etcp-mock/etcp-mock/sign/diagnose/internal/jsondoc"
	"github.com/etcp-mock/etcp-mock/sign/diagnose/internal/wire"
	"github.com/etcp-mock/etcp-mock/sign/diagnose/internal/words"
)

const (
	// Hidden stands for a key.
	Hidden = "•••"
	// secret is how long a key is at least that is looked for inside of data; a shorter one is no secret, and in every text.
	secret = 4
)

// Mask hides every key, in whatever dress the guesses put it on inside of data.
func (s *Case) Mask(text string) string {
	for _, hide := range s.dressed() {
		text = strings.ReplaceAll(text, hide, Hidden)
	}
	return text
}

// dressed is all that is hidden, the longest first, for a key may begin with another one.
func (s *Case) dressed() []string {
	if s.Secrets == nil {
		s.Secrets = Dresses([]string{}, s.Right.Key)
		for _, key := range s.Others {
			s.Secrets = Dresses(s.Secrets, key)
		}
		slices.SortFunc(s.Secrets, func(a, b string) int { return cmp.Compare(len(b), len(a)) })
	}
	return s.Secrets
}

// Dresses adds to all the texts in which a key may stand inside of data; none for a key too short to be a secret.
func Dresses(all []string, key string) []string {
	if len(key) < secret {
		return all
	}
	if !strings.ContainsFunc(key, func(r rune) bool { return !unicode.IsDigit(r) && (r >= utf8.RuneSelf || !unicode.IsLetter(r)) }) {
		all = append(all, slices.Compact([]string{key, strings.ToLower(key), strings.ToUpper(key)})...)
		return all // letters and digits look the same everywhere
	}
	forms := []string{key} // as it stands in data that is no JSON
	for _, e := range jsondoc.Escapes {
		quoted := jsondoc.AppendStyled(nil, key, e)
		forms = append(forms, string(quoted[1:len(quoted)-1]))
	}
	for _, s := range slices.Compact(forms) {
		forms = append(forms, wire.URLEncodings(s)...)
		forms = append(forms, wire.DoubleEncodings(s)...)
	}
	forms = append(forms, wire.EncodeIn(wire.GBK, key), wire.UTF8Twice(key))
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

// Show renders a text from outside on one line without keys; of a long one what is around byte at.
func (s *Case) Show(text string, at int) string {
	const most, around = 300, 100
	if len(text) <= most {
		return words.Visible(s.Mask(text))
	}
	// Masked before it is cut, for half a key is a secret too; but not the whole of a mebibyte.
	text, at, before, after := s.window(text, max(at, 0))
	at = len(s.Mask(text[:at]))
	text = s.Mask(text)
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
func (s *Case) window(text string, at int) (piece string, in int, before, after bool) {
	wide := 1024
	if all := s.dressed(); len(all) > 0 {
		wide += 2 * len(all[0])
	}
	at = min(at, len(text))
	from, to := max(0, at-wide), min(len(text), at+wide)
	return text[from:to], at - from, from > 0, to < len(text)
}

// FieldAt is the name of the member of a JSON text that byte at belongs to, "" where that does not show.
func FieldAt(text string, at int) string {
	const far = 4 << 10
	from := max(0, min(at, len(text))-far)
	name := ""
	for _, m := range memberName().FindAllStringSubmatchIndex(text[from:min(len(text), at+64)], -1) {
		if name != "" && from+m[0] > at {
			break
		}
		name = text[from+m[2] : from+m[3]]
	}
	return name
}

var memberName = lazyregexp.New(`"([\p{L}\d_]{1,40})"\s*:`)

// Difference says where the guess's texts and the right ones part. People count bytes from 1.
func (s *Case) Difference(g *Guess, at int) words.Phrase {
	if at >= 0 {
		signed, sent := s.glimpse(g.Data, at), s.glimpse(s.Right.Data, at)
		where := fmt.Sprintf("byte %d", at+1)
		in := ""
		whereZh := fmt.Sprintf("第 %d 字节", at+1)
		if at < 1<<16 {
			if n := utf8.RuneCountInString(s.Right.Data[:min(at, len(s.Right.Data))]); n != at {
				where += fmt.Sprintf(" (character %d)", n+1)
				whereZh += fmt.Sprintf("（第 %d 个字符）", n+1)
			}
		}
		if field := FieldAt(s.Right.Data, at); field != "" {
			in = ", in " + field
			whereZh += "，字段 " + field
		}
		return words.Phrase{
			En: fmt.Sprintf("first difference at %s of data%s: signed %s, but sent %s", where, in, signed.En, sent.En),
			Zh: fmt.Sprintf("data 的第一处不同在%s：签名的是 %s，发送的是 %s", whereZh, signed.Zh, sent.Zh),
		}
	}
	if g.Stamp != s.Right.Stamp {
		first := words.FirstDifference(g.Stamp, s.Right.Stamp)
		return words.Phrase{
			En: fmt.Sprintf("first difference at byte %d of time_stamp: signed %s, but sent %s", first+1, words.Visible(g.Stamp), s.Show(s.Right.Stamp, -1)),
			Zh: fmt.Sprintf("time_stamp 的第一处不同在第 %d 字节：签名的是 %s，发送的是 %s", first+1, words.Visible(g.Stamp), s.Show(s.Right.Stamp, -1)),
		}
	}
	return s.RightText()
}

// RightText says which text is the right one.
func (s *Case) RightText() words.Phrase {
	right := s.FormText(&s.Right, -1)
	return words.Phrase{En: "the right text is " + right, Zh: "正确的待签名文本是 " + right}
}

// FormText is the guess's text with every key hidden.
func (s *Case) FormText(g *Guess, at int) string {
	var b strings.Builder
	for _, name := range g.Form {
		switch name {
		case TheKey:
			b.WriteString(Hidden)
		case TheData:
			b.WriteString(s.Show(g.Data, at))
		case TheStamp, TheNo:
			b.WriteString(s.Show(g.of(name), -1))
		default:
			if isDigest(name) {
				name = "MD5(…)"
			}
			b.WriteString(words.Visible(s.Mask(name)))
		}
	}
	return b.String()
}

// glimpse quotes what stands at byte at.
func (s *Case) glimpse(text string, at int) words.Phrase {
	text, at, _, _ = s.window(text, at)
	at = len(s.Mask(text[:at]))
	text = s.Mask(text)
	if at >= len(text) {
		return words.Phrase{En: "nothing more", Zh: "（到此结束）"}
	}
	for at > 0 && !utf8.RuneStart(text[at]) {
		at--
	}
	end := min(len(text), at+12)
	for end < len(text) && !utf8.RuneStart(text[end]) {
		end++
	}
	quoted := "`" + words.Visible(text[at:end]) + "`"
	return words.Phrase{En: quoted, Zh: quoted}
}
