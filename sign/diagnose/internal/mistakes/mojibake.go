package mistakes

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/etcp-mock/etcp-mock/internal/lazyregexp"
	"github.com/etcp-mock/etcp-mock/sign/diagnose/internal/guess"
	"github.com/etcp-mock/etcp-mock/sign/diagnose/internal/repair"
	"github.com/etcp-mock/etcp-mock/sign/diagnose/internal/wire"
	"github.com/etcp-mock/etcp-mock/sign/diagnose/internal/words"
)

// misreaders are the charsets in which UTF-8 is read by mistake.
var misreaders = []wire.Charset{wire.Latin1, wire.Windows1252, wire.GB18030, wire.Big5, wire.ShiftJIS, wire.CP437, wire.CP850, wire.Macintosh}

// mostRounds is how often a text is read in a wrong charset and written as UTF-8 on a way that was seen: once by a driver, once by a page, once by a column.
const mostRounds = 3

// mojibake undoes encodings too much: UTF-8 that was read in another charset and written as UTF-8 again, up to three times, each time in a charset of its own.
func mojibake(_ *guess.Case, g guess.Guess, few bool, yield func(guess.Guess) bool) bool {
	if len(g.Data) > wire.Longest || wire.IsASCII(g.Data) {
		return true
	}
	seen := map[string]bool{g.Data: true}
	var undo func(text string, through []string) bool
	undo = func(text string, through []string) bool {
		for _, c := range misreaders {
			if len(through) > 0 && c == wire.Big5 { // two rounds were seen of the charsets before it
				break
			}
			plain := wire.EncodeIn(c, text)
			if plain != "" && !utf8.ValidString(plain) && (c == wire.Latin1 || c == wire.Windows1252 || c == wire.CP437 || c == wire.CP850 || c == wire.Macintosh) {
				if chinese := wire.DecodeFrom(wire.GBK, plain); chinese != "" && !strings.ContainsRune(chinese, utf8.RuneError) && !seen[chinese] {
					seen[chinese] = true
					if !yield(unmixed(g, chinese, append(through, c.Name), "GBK")) {
						return false
					}
				}
			}
			if plain == "" || !utf8.ValidString(plain) {
				plain = repair.Lossless(c, text)
			}
			if plain == "" || !utf8.ValidString(plain) || seen[plain] {
				continue
			}
			seen[plain] = true
			way := slices.Concat(through, []string{c.Name})
			if !yield(unmixed(g, plain, way, "UTF-8")) {
				return false
			}
			if len(way) < mostRounds && !wire.IsASCII(plain) && !few && !undo(plain, way) {
				return false
			}
		}
		return true
	}
	return undo(g.Data, nil)
}

// unmixed is the guess that text was meant, whose bytes in a charset were read in others one after the other.
func unmixed(g guess.Guess, text string, way []string, written string) guess.Guess {
	sent := g.Data
	g.Data, g.Doc = text, nil
	at := words.FirstDifference(text, sent)
	if len(way) > 1 && slices.Contains(way, wire.Windows1252.Name) { // what it shares with ISO-8859-1 was read by the same program
		way = slices.Clone(way)
		for i, name := range way {
			if name == wire.Latin1.Name {
				way[i] = wire.Windows1252.Name
			}
		}
	}
	as := strings.Join(way, ", ")
	times, timesZh := "twice", "两次"
	switch len(way) {
	case 2:
		times, timesZh = "three times", "三次"
	case 3:
		times, timesZh = "four times", "四次"
	}
	asZh := strings.Join(way, "、")
	if len(way) > 1 && len(slices.Compact(slices.Clone(way))) == 1 {
		as, asZh = way[0]+" each time", way[0]
	}
	g.What = words.Phrase{En: "data was encoded " + times + ": its " + written + " was read as " + as + " and written as UTF-8 again", Zh: "data 被编码了" + timesZh + "：其 " + written + " 字节被按 " + asZh + " 读取，又写成 UTF-8"}
	meant := words.Visible(words.Cut(text[at:], 12))
	came := words.Visible(words.Cut(sent[at:], 12))
	g.Evidence = words.Phrase{En: fmt.Sprintf("byte %d of data: `%s` stands where `%s` was meant", at+1, came, meant), Zh: fmt.Sprintf("data 第 %d 字节：`%s` 本应是 `%s`", at+1, came, meant)}
	if field := guess.FieldAt(text, at); field != "" {
		g.Evidence = g.Evidence.Plus(", in "+field, "，字段 "+field)
	}
	if written == "GBK" {
		g.Fix = words.Phrase{En: "Write the text in UTF-8, not in the default charset GBK (getBytes(\"UTF-8\")), and read it as UTF-8", Zh: "请用 UTF-8 而不是默认的 GBK 写出文本（getBytes(\"UTF-8\")），并按 UTF-8 读取"}
	}
	return g
}

// inUTF7 reads data that was written in UTF-7, its + escaped or not.
func inUTF7(s *guess.Case, g guess.Guess, yield func(guess.Guess) bool) bool {
	raw := s.Came.RawData
	if len(raw) > wire.Longest || len(g.Data) > wire.Longest {
		return true
	}
	for _, came := range []string{g.Data, wire.Unescape(raw, false)} {
		text := wire.FromUTF7(came)
		if text == came {
			continue
		}
		next, at := g, words.FirstDifference(text, came)
		next.Data, next.Doc, next.What = text, nil, words.Phrase{En: "the form is in UTF-7", Zh: "表单是 UTF-7 编码"}
		shown := words.Visible(words.Cut(came[at:], 8))
		next.Evidence = words.Phrase{En: fmt.Sprintf("byte %d of data: `%s` is %s in UTF-7", at+1, shown, firstRune(text[at:])), Zh: fmt.Sprintf("data 第 %d 字节：`%s` 是 UTF-7 编码的“%s”", at+1, shown, firstRune(text[at:]))}
		if !yield(next) {
			return false
		}
	}
	return true
}

var escapedRun = lazyregexp.New(`(?:%[0-9A-Fa-f]{2})+`)

// inWideOrShifted reads data in UTF-32, and in the charsets of seven bits that mark where Chinese begins.
func inWideOrShifted(s *guess.Case, g guess.Guess, yield func(guess.Guess) bool) bool {
	raw := s.Came.RawData
	if len(raw) > 3*wire.Longest || len(g.Data) > wire.Longest {
		return true
	}
	came := g.Data
	if raw != "" {
		came = wire.Unescape(raw, true)
	}
	for _, c := range []struct{ name, mark, text string }{
		{wire.UTF16BE.Name, "\xfe\xff", ""}, {"UTF-32", "\x00\x00", ""}, {wire.ISO2022JP.Name, "\x1b$", ""}, {wire.HZ.Name, "~{", ""},
	} {
		if !strings.Contains(came, c.mark) {
			continue
		}
		switch c.name {
		case wire.UTF16BE.Name: // Java's URLEncoder escapes each run of characters by itself, with a mark before it
			c.text = strings.ReplaceAll(escapedRun().ReplaceAllStringFunc(raw, func(run string) string {
				return strings.TrimPrefix(wire.DecodeFrom(wire.UTF16BE, wire.Unescape(run, false)), "\uFEFF")
			}), "+", " ")
		case wire.HZ.Name:
			c.text = wire.DecodeFrom(wire.HZ, came)
		case wire.ISO2022JP.Name:
			c.text = wire.DecodeFrom(wire.ISO2022JP, came)
		default:
			c.text = wire.FromUTF32(came)
		}
		if c.text == "" || strings.ContainsRune(c.text, utf8.RuneError) {
			continue
		}
		next, at := g, words.FirstDifference(c.text, came)
		next.Data, next.Doc, next.What = c.text, nil, words.Phrase{En: "the form is in " + c.name, Zh: "表单是 " + c.name + " 编码"}
		shown := words.Visible(words.First(came[at:], 4))
		next.Evidence = words.Phrase{En: fmt.Sprintf("byte %d of data: `%s` begins what is `%s` in %s", at+1, shown, words.Cut(c.text[at:], 8), c.name), Zh: fmt.Sprintf("data 第 %d 字节：`%s` 起是 %s 编码的 `%s`", at+1, shown, c.name, words.Cut(c.text[at:], 8))}
		if !yield(next) {
			return false
		}
	}
	return true
}
