package mistakes

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/etcp-mock/etcp-mock/internal/lazyregexp"
	"github.com/etcp-mock/etcp-mock/sign/diagnose/internal/guess"
	"github.com/etcp-mock/etcp-mock/sign/diagnose/internal/jsondoc"
	"github.com/etcp-mock/etcp-mock/sign/diagnose/internal/wire"
	"github.com/etcp-mock/etcp-mock/sign/diagnose/internal/words"
)

// unsetWords are what languages print of a variable that has no value.
var unsetWords = []string{"null", "None", "undefined", "nil", "NaN", "NULL", "<nil>", "(null)"}

// unsetRows are values that were not there yet, or were no JSON, on one side: when the text was signed, or when it was sent.
var unsetRows = []guess.Hypothesis{
	{
		Kind: "value-unset", In: guess.OfBoth, At: guess.InValues, Alone: true, Rare: true, Try: signedUnset,
		What:    words.Phrase{En: "a field was signed without its value: as nothing, or as what a language prints of a variable without one", Zh: "有字段签名时没有值：是空的，或是未赋值变量打印出来的文本"},
		Fix:     words.Phrase{En: "Set every field before data is marshalled, marshal once, sign that text and send the same text", Zh: "先给所有字段赋值再序列化 data，只序列化一次，对该文本签名并发送同一文本"},
		PushFix: words.Phrase{En: "Hash the text as received: \"\" stays \"\", and is neither null nor None", Zh: "请对收到的原文求哈希：\"\" 就是 \"\"，不是 null 或 None"},
	},
	{
		Kind: "number-rewritten", In: guess.OfBoth, At: guess.InValues, Alone: true, Rare: true, Try: otherNumbers,
		What:    words.Phrase{En: "a number was signed as floating-point arithmetic, a locale or a language writes it, and sent as another text", Zh: "数字按浮点运算、区域格式或语言的写法参与签名，与发送的文本不同"},
		Fix:     words.Phrase{En: "Make the text of an amount once, with decimals (BigDecimal, Decimal, fen as an integer) and not with float or double, and sign the very text that is sent", Zh: "金额的文本只生成一次，用十进制类型（BigDecimal、Decimal 或以分为单位的整数）而不是 float、double，并对实际发送的文本签名"},
		PushFix: words.Phrase{En: "Hash the text as received: do not read its numbers and print them anew", Zh: "请对收到的原文求哈希：不要把数字解析后重新输出"},
	},
}

// unsetSent are the same on the other side, and data whose letters changed on its way.
var unsetSent = []guess.Hypothesis{
	{
		Kind: "value-unset", In: guess.OfRequests, At: guess.InRepair, Alone: true, Try: sentUnset,
		What: words.Phrase{En: "a field was sent as what a language prints of a variable without a value, and was signed empty, as null or not at all", Zh: "有字段发送的是未赋值变量打印出来的文本，而签名时是空值、null 或没有该字段"},
		Fix:  words.Phrase{En: "Send the very text that was signed: do not put values into a text by hand (str(None), String.valueOf(null), \"\" + undefined), marshal the object", Zh: "请发送签名用的同一段文本：不要手工把值拼进文本（str(None)、String.valueOf(null)、\"\" + undefined），请序列化对象"},
	},
	{
		Kind: "number-rewritten", In: guess.OfRequests, At: guess.InRepair, Alone: true, Try: sentDecorated,
		What: words.Phrase{En: "a number was sent in a form that JSON does not have, and signed as JSON writes it", Zh: "发送的数字写法不是 JSON 的写法，而签名时是"},
		Fix:  words.Phrase{En: "Send the very text that was signed: a number in JSON has no separators of thousands, no + and no zeros before it, and no suffix", Zh: "请发送签名用的同一段文本：JSON 的数字没有千位分隔符，前面没有 + 和多余的 0，后面没有后缀"},
	},
	{
		Kind: "text-case", In: guess.OfRequests, At: guess.InRepair, Alone: true, Try: recased,
		What: words.Phrase{En: "the letters of data were turned into one case on its way", Zh: "data 的字母在途中被统一转成了大写或小写"},
		Fix:  words.Phrase{En: "Send data as it was signed: no toLowerCase, strtolower or ToUpper over the form, the URL or data", Zh: "请按签名的原样发送 data：不要对表单、URL 或 data 做 toLowerCase、strtolower 或 ToUpper"},
	},
}

// replacedAt is an object with another value for one of its members; without it where the value is nil.
func replacedAt(doc *jsondoc.Node, at int, value *jsondoc.Node) *jsondoc.Node {
	other := &jsondoc.Node{Kind: doc.Kind, Names: slices.Clone(doc.Names), Members: slices.Clone(doc.Members)}
	if other.Members[at] = value; value == nil {
		other.Names, other.Members = slices.Delete(other.Names, at, at+1), slices.Delete(other.Members, at, at+1)
	}
	return other
}

const mostMembers = 16

func signedUnset(s *guess.Case, g guess.Guess, _ bool, yield func(guess.Guess) bool) bool {
	if !s.DocOf(&g) || g.Flat != nil || len(g.Doc.Members) > mostMembers {
		return true
	}
	doc := g.Doc
	for _, word := range unsetWords { // in the place of all that is empty
		for _, kind := range []byte{'"', 'l'} {
			all := &jsondoc.Node{Kind: doc.Kind, Names: doc.Names, Members: slices.Clone(doc.Members)}
			empty := 0
			for at, m := range doc.Members {
				if m.Kind == '"' && m.Text == "" {
					all.Members[at] = &jsondoc.Node{Kind: kind, Text: word}
					empty++
				}
			}
			if g.Doc = all; empty > 1 && !yield(g) {
				return false
			}
		}
	}
	for at, m := range doc.Members {
		values := []*jsondoc.Node{{Kind: '"'}}
		for _, word := range unsetWords {
			values = append(values, &jsondoc.Node{Kind: '"', Text: word})
			if word[0] != '<' && word[0] != '(' {
				values = append(values, &jsondoc.Node{Kind: 'l', Text: word})
			}
		}
		if m.Kind == 'l' {
			values = append(values, jsondoc.Literals("0", "0.0")...)
		}
		if m.Text == "" && m.Kind == '"' {
			values = append(append(values, jsondoc.Literals("0", "[]", "{}", "false")...), &jsondoc.Node{Kind: '"', Text: "0"}, &jsondoc.Node{Kind: '"', Text: " "}, &jsondoc.Node{Kind: '"', Text: "-"})
		}
		for _, value := range values {
			if g.Doc = replacedAt(doc, at, value); (value.Kind != m.Kind || value.Text != m.Text) && !yield(g) {
				return false
			}
		}
	}
	return true
}

var bareWord = lazyregexp.New(`([:\[,]\s*)(None|undefined|nil|NaN|NULL|Null|Nil|<nil>|\(null\))(\s*[,}\]])`)

func sentUnset(s *guess.Case, g guess.Guess, _ bool, yield func(guess.Guess) bool) bool {
	if len(g.Data) > wire.Longest {
		return true
	}
	if !wire.IsObject(g.Data) {
		for _, word := range []string{`""`, "null"} {
			next := g
			if next.Data = bareWord().ReplaceAllString(g.Data, "${1}"+word+"${3}"); next.Data != g.Data && !yield(next) {
				return false
			}
		}
		return true
	}
	if !s.DocOf(&g) || len(g.Doc.Members) > mostMembers {
		return true
	}
	doc := g.Doc
	for at, m := range doc.Members {
		if m.Kind != '"' || !contains(unsetWords, m.Text) {
			continue
		}
		for _, value := range []*jsondoc.Node{{Kind: '"'}, {Kind: 'l', Text: "null"}, nil} {
			g.Doc = replacedAt(doc, at, value)
			g.Evidence = words.Phrase{En: doc.Names[at] + " was sent as `" + words.Visible(m.Text) + "`", Zh: doc.Names[at] + " 发送的是 `" + words.Visible(m.Text) + "`"}
			if !yield(g) {
				return false
			}
		}
	}
	return true
}

// otherNumbers are the other texts of each number, bare and in quotes, and of all numbers together.
func otherNumbers(s *guess.Case, g guess.Guess, _ bool, yield func(guess.Guess) bool) bool {
	if !s.DocOf(&g) || g.Flat != nil || len(g.Doc.Members) > mostMembers {
		return true
	}
	doc := g.Doc
	others := make([][]string, len(doc.Members))
	longest := 0
	for at, m := range doc.Members {
		if strings.Contains(m.Text, "-") && m.Kind == '"' || len(m.Text) > 1 && m.Text[0] == '1' && chinesePhone().MatchString(m.Text) {
			continue
		}
		others[at] = jsondoc.OtherNumbers(m.Text)
		longest = max(longest, len(others[at]))
		for _, text := range others[at] {
			for _, kind := range []byte{m.Kind, '"' + 'l' - m.Kind} {
				g.Doc = replacedAt(doc, at, &jsondoc.Node{Kind: kind, Text: text})
				g.Evidence = words.Phrase{En: doc.Names[at] + " was signed as `" + text + "`, and sent as `" + m.Text + "`", Zh: doc.Names[at] + " 签名的是 `" + text + "`，发送的是 `" + m.Text + "`"}
				if !yield(g) {
					return false
				}
			}
		}
	}
	return true
}

var oddNumber = lazyregexp.New(`:\s*([¥￥$+]?(?:\d[\d,]*\.?\d*|\.\d+)(?:[fFdDmMLn]|元)?)(\s*[,}])`)

// sentDecorated writes the numbers as JSON does that were sent in another form; a comma may have been that of a fraction.
func sentDecorated(_ *guess.Case, g guess.Guess, _ bool, yield func(guess.Guess) bool) bool {
	if len(g.Data) > wire.Longest || !strings.HasPrefix(g.Data, "{") || wire.IsObject(g.Data) {
		return true
	}
	sent := g.Data
	for _, as := range []string{"", ".", "short"} {
		text := oddNumber().ReplaceAllStringFunc(sent, func(found string) string {
			m := oddNumber().FindStringSubmatch(found)
			number := m[1]
			if as == "." && strings.Count(number, ",") == 1 {
				number = strings.Replace(number, ",", ".", 1)
			}
			if number = jsondoc.Undecorated(number); as == "short" {
				number = jsondoc.ShortNumber(number)
			}
			return strings.Replace(found, m[1], number, 1)
		})
		g.Data, g.Doc = text, nil
		if text != sent && !yield(g) {
			return false
		}
	}
	return true
}

// recased gives the names of §9 their letters again, and each value those of either case.
func recased(s *guess.Case, g guess.Guess, _ bool, yield func(guess.Guess) bool) bool {
	data := g.Data
	if len(data) > wire.Longest || data != strings.ToLower(data) && data != strings.ToUpper(data) || strings.ToLower(data) == strings.ToUpper(data) || !s.DocOf(&g) {
		return true
	}
	doc := &jsondoc.Node{Kind: g.Doc.Kind, Names: slices.Clone(g.Doc.Names), Members: slices.Clone(g.Doc.Members)}
	for i, name := range doc.Names {
		if at := slices.IndexFunc(wire.Fields, func(field string) bool { return strings.EqualFold(field, name) }); at >= 0 {
			doc.Names[i] = wire.Fields[at]
		}
	}
	var lettered []int
	for i, m := range doc.Members {
		if m.Kind == '"' && strings.ToLower(m.Text) != strings.ToUpper(m.Text) {
			lettered = append(lettered, i)
		}
	}
	const most = 6
	lettered = lettered[:min(most, len(lettered))]
	members := slices.Clone(doc.Members)
	for bits := range 1 << len(lettered) {
		doc = &jsondoc.Node{Kind: doc.Kind, Names: doc.Names, Members: slices.Clone(doc.Members)}
		for i, at := range lettered {
			text := strings.ToLower(members[at].Text)
			if bits>>i&1 == 1 {
				text = strings.ToUpper(text)
			}
			doc.Members[at] = &jsondoc.Node{Kind: '"', Text: text}
		}
		if g.Doc = doc; !yield(g) {
			return false
		}
	}
	return true
}

// fenOf are an amount in fen as arithmetic with doubles leaves it: with its noise, cut off, or with a fraction of 0.
func fenOf(f float64) []string {
	fen := f * 100
	all := []string{strconv.FormatFloat(fen, 'f', -1, 64), strconv.FormatFloat(math.Trunc(fen), 'f', 0, 64)}
	if f != math.Trunc(f) {
		all = append(all, strconv.FormatFloat(math.Round(fen), 'f', 1, 64), strconv.FormatFloat(math.Round(f)/100, 'f', -1, 64))
	}
	return all
}
