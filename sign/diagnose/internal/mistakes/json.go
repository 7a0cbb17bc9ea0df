package mistakes

import (
	"slices"

	"github.com/etcp-mock/etcp-mock/sign/diagnose/internal/guess"
	"github.com/etcp-mock/etcp-mock/sign/diagnose/internal/jsondoc"
	"github.com/etcp-mock/etcp-mock/sign/diagnose/internal/words"
)

// styleRows are the same JSON, laid out by another library. What all have in common: marshal once, and keep that text.
var styleRows = []guess.Hypothesis{
	{
		Kind: "json-compacted", In: guess.OfBoth, At: guess.InSpacing, Try: compacted, What: words.Phrase{En: "the JSON was laid out without white space", Zh: "JSON 去掉了空白"},
		Fix:     words.Phrase{En: "Sign the very text that is sent; it has other white space", Zh: "请对实际发送的文本签名；它的空白不同"},
		PushFix: words.Phrase{En: "Hash the raw text as received, with its white space, not one that was parsed and encoded anew", Zh: "请对收到的原文（含空白）求哈希，而不是解析后重新序列化的文本"},
	},
	{
		Kind: "json-spaced", In: guess.OfBoth, At: guess.InSpacing, Try: spaced, What: words.Phrase{En: "the JSON was laid out with more white space", Zh: "JSON 带有更多空白"},
		Fix:     words.Phrase{En: "Sign the very text that is sent; it has less white space", Zh: "请对实际发送的文本签名；它的空白更少"},
		PushFix: words.Phrase{En: "Hash the text as received (compact JSON), not one that was encoded anew with white space", Zh: "请对收到的紧凑 JSON 原文求哈希，而不是重新序列化成带空白的文本"},
	},
	{
		Kind: "json-unescaped", In: guess.OfBoth, At: guess.InHTML, What: words.Phrase{En: "the JSON was written without the escapes that were sent", Zh: "JSON 没有写成所发送的转义形式"},
		Fix:     words.Phrase{En: "Sign the very text that is sent; it has escapes", Zh: "请对实际发送的文本签名；它带有转义"},
		PushFix: words.Phrase{En: "Hash the raw text as received, with its escapes, not one that was parsed and encoded anew", Zh: "请对收到的原文（含转义）求哈希，而不是解析后重新序列化的文本"},
		Try: func(s *guess.Case, g guess.Guess, _ bool, yield func(guess.Guess) bool) bool {
			if !s.DocOf(&g) || g.Flat != nil {
				return true
			}
			sent := g.Style.Escape
			for _, e := range []jsondoc.Escape{0, sent &^ jsondoc.EscapeSlash, sent &^ (jsondoc.EscapeUnicode | jsondoc.EscapeUpper), sent &^ (jsondoc.EscapeHTML | jsondoc.EscapeEquals | jsondoc.EscapeApostrophe | jsondoc.EscapePlus)} {
				if g.Style.Escape = e; e != sent && !yield(g) {
					return false
				}
			}
			return true
		},
	},
	{
		Kind: "json-escaped-unicode", In: guess.OfBoth, At: guess.InUnicode, What: words.Phrase{En: "characters were written as \\u escapes", Zh: "汉字被写成了 \\u 转义"},
		Fix:     words.Phrase{En: "Sign the very text that is sent; it has the characters themselves, not \\u escapes (ensure_ascii=False, JSON_UNESCAPED_UNICODE)", Zh: "请对实际发送的文本签名；它直接写汉字，不用 \\u 转义（ensure_ascii=False、JSON_UNESCAPED_UNICODE）"},
		PushFix: words.Phrase{En: "Hash the text as received, not one that was encoded anew with \\u escapes (Python's json.dumps, PHP's json_encode, .NET's JsonSerializer)", Zh: "请对收到的原文求哈希，而不是重新序列化成带 \\u 转义的文本（Python 的 json.dumps、PHP 的 json_encode、.NET 的 JsonSerializer）"},
		Try:     escaping(jsondoc.EscapeUnicode|jsondoc.EscapeUpper, jsondoc.EscapeUnicode, jsondoc.EscapeUnicode|jsondoc.EscapeUpper, jsondoc.EscapeDotNet),
	},
	{
		Kind: "json-escaped-slash", In: guess.OfBoth, At: guess.InSlash, What: words.Phrase{En: "slashes were written as \\/", Zh: "/ 被写成了 \\/"},
		Fix:     words.Phrase{En: "Sign the very text that is sent; it has / without a backslash (JSON_UNESCAPED_SLASHES)", Zh: "请对实际发送的文本签名；其中的 / 前没有反斜杠（JSON_UNESCAPED_SLASHES）"},
		PushFix: words.Phrase{En: "Hash the text as received, not one that was encoded anew (PHP's json_encode escapes /)", Zh: "请对收到的原文求哈希，而不是重新序列化的文本（PHP 的 json_encode 会转义 /）"},
		Try:     escaping(jsondoc.EscapeSlash, jsondoc.EscapeSlash),
	},
	{
		Kind: "json-escaped-html", In: guess.OfBoth, At: guess.InHTML, What: words.Phrase{En: "<, >, &, = or ' were written as \\u003c and the like", Zh: "<、>、&、= 或 ' 被写成了 \\u003c 之类"},
		Fix:     words.Phrase{En: "Sign the very text that is sent; it has no HTML escapes (SetEscapeHTML(false), disableHtmlEscaping)", Zh: "请对实际发送的文本签名；它没有 HTML 转义（SetEscapeHTML(false)、disableHtmlEscaping）"},
		PushFix: words.Phrase{En: "Hash the text as received, not one that was encoded anew (Go's json.Marshal and Gson escape these)", Zh: "请对收到的原文求哈希，而不是重新序列化的文本（Go 的 json.Marshal 和 Gson 会转义这些字符）"},
		Try:     escaping(jsondoc.EscapeHTML|jsondoc.EscapeEquals|jsondoc.EscapeApostrophe|jsondoc.EscapePlus, jsondoc.EscapeHTML, jsondoc.EscapeHTML|jsondoc.EscapeEquals|jsondoc.EscapeApostrophe, jsondoc.EscapeHTML|jsondoc.EscapeUpper, jsondoc.EscapeHTML|jsondoc.EscapeApostrophe|jsondoc.EscapePlus|jsondoc.EscapeUpper),
	},
}

func spaced(s *guess.Case, g guess.Guess, few bool, yield func(guess.Guess) bool) bool {
	if !s.DocOf(&g) || g.Flat != nil {
		return true
	}
	sent := g.Style.Spacing
	for i := 1; i < len(jsondoc.Spacings); i++ {
		if i == sent || few && !jsondoc.Spacings[i].Likely {
			continue
		}
		g.Style.Spacing = i
		if len(g.Doc.Members) == 1 && slices.Equal(g.Doc.Append(nil, g.Style, 0), g.Doc.Append(nil, jsondoc.Style{Escape: g.Style.Escape}, 0)) {
			continue // of one member there is no comma, and this is compact JSON
		}
		g.What = words.Phrase{En: "the JSON was laid out " + jsondoc.Spacings[i].En, Zh: "JSON 的排版是：" + jsondoc.Spacings[i].Zh}
		if !yield(g) {
			return false
		}
	}
	return true
}

func compacted(s *guess.Case, g guess.Guess, _ bool, yield func(guess.Guess) bool) bool {
	if !s.DocOf(&g) || g.Flat != nil || g.Style.Spacing == 0 {
		return true
	}
	g.Style.Spacing = 0
	return yield(g)
}

// escaping tries the escapes of a group in place of those that were sent.
func escaping(group jsondoc.Escape, ways ...jsondoc.Escape) func(*guess.Case, guess.Guess, bool, func(guess.Guess) bool) bool {
	return func(s *guess.Case, g guess.Guess, few bool, yield func(guess.Guess) bool) bool {
		if !s.DocOf(&g) || g.Flat != nil || !g.Style.Regular() { // its spacing is changed first, which is a mistake of its own
			return true
		}
		sent := g.Style.Escape
		for i, e := range ways {
			if few && i > 1 {
				break
			}
			if g.Style.Escape = sent&^group | e; g.Style.Escape == sent || sent&e == e {
				continue
			}
			if !yield(g) {
				return false
			}
		}
		return true
	}
}

// withSignment are the texts of those who did not take the signature out before they signed or checked.
func withSignment(s *guess.Case, g guess.Guess, few bool, yield func(guess.Guess) bool) bool {
	if g.Doc == nil {
		return true
	}
	doc := g.Doc
	for _, value := range []*jsondoc.Node{{Kind: '"', Text: s.Sent}, {Kind: '"'}, {Kind: 'l', Text: "null"}} {
		for n := range len(doc.Names) + 1 {
			at := len(doc.Names) - n // behind the others first
			g.Doc = &jsondoc.Node{Kind: doc.Kind, Names: slices.Insert(slices.Clone(doc.Names), at, "signment"), Members: slices.Insert(slices.Clone(doc.Members), at, value)}
			if !yield(g) {
				return false
			}
			if few {
				break
			}
		}
	}
	return true
}
