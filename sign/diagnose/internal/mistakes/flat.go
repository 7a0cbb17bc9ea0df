package mistakes

import (
	"net/url"
	"strings"

	"github.com/etcp-mock/etcp-mock/sign"
	"github.com/etcp-mock/etcp-mock/sign/diagnose/internal/guess"
	"github.com/etcp-mock/etcp-mock/sign/diagnose/internal/jsondoc"
	"github.com/etcp-mock/etcp-mock/sign/diagnose/internal/words"
)

// flatRows are the texts of an object that are no JSON.
var flatRows = []guess.Hypothesis{
	{
		Kind: "json-signed", In: guess.OfPushes, At: guess.InFlat, What: words.Phrase{En: "the JSON was signed", Zh: "签名的是 JSON"}, Fix: words.Phrase{En: "Hash the text that the rule push.sign_data says, which is not the JSON", Zh: "请对规则 push.sign_data 所规定的文本求哈希，它不是 JSON"},
		Try: func(s *guess.Case, g guess.Guess, _ bool, yield func(guess.Guess) bool) bool {
			if s.How == sign.JSON || g.Doc == nil {
				return true
			}
			g.Flat = nil
			return yield(g)
		},
	},
	{
		Kind: "values-joined", In: guess.OfBoth, At: guess.InFlat, What: words.Phrase{En: "the values were joined", Zh: "签名的是相连的各个值"},
		Fix: words.Phrase{En: "Sign the JSON text of data, not its values joined", Zh: "请签 data 的 JSON 文本，而不是把各值相连"}, PushFix: words.Phrase{En: "Hash the JSON text, not the values joined; or set the rule push.sign_data to values", Zh: "请对 JSON 文本求哈希，而不是把各值相连；或把规则 push.sign_data 设为 values"},
		Try: flattened(jsondoc.AsValues, jsondoc.ValuesJoined(","), jsondoc.ValuesJoined("|"), jsondoc.ValuesJoined("&"), jsondoc.ValuesJoined("-"), jsondoc.ValuesJoined("_"), jsondoc.ValuesJoined(" "), jsondoc.ValuesJoined("\n"),
			jsondoc.ValuesJoined("#"), jsondoc.ValuesJoined(":"), jsondoc.ValuesJoined(", "), jsondoc.ValuesQuoted("", ",", ""), jsondoc.ValuesQuoted("[", ",", "]"), jsondoc.ValuesQuoted("[", ", ", "]")),
	},
	{
		Kind: "query-joined", In: guess.OfBoth, At: guess.InFlat, What: words.Phrase{En: "name=value pairs were joined", Zh: "签名的是 name=value 相连的文本"},
		Fix: words.Phrase{En: "Sign the JSON text of data, not name=value pairs", Zh: "请签 data 的 JSON 文本，而不是 name=value"}, PushFix: words.Phrase{En: "Hash the JSON text, not name=value pairs; or set the rule push.sign_data to query", Zh: "请对 JSON 文本求哈希，而不是 name=value；或把规则 push.sign_data 设为 query"},
		Try: flattened(jsondoc.AsQuery, &jsondoc.Flattening{Colon: "=", Comma: ","}, &jsondoc.Flattening{Colon: "=", Comma: "|"}, &jsondoc.Flattening{Colon: "="}, &jsondoc.Flattening{Colon: "=", Comma: ";"}, &jsondoc.Flattening{Colon: "=", Comma: "\n"}, &jsondoc.Flattening{Colon: ":", Comma: "&"},
			&jsondoc.Flattening{Colon: "=", Comma: "&", Quote: `"`, BareNames: true}, &jsondoc.Flattening{Colon: "=", Comma: ", "}, &jsondoc.Flattening{Colon: ": ", Comma: ", "}, &jsondoc.Flattening{Colon: "=", Comma: "&", End: "&"}),
	},
	{
		Kind: "query-url-encoded", In: guess.OfBoth, At: guess.InFlat, Pair: true, What: words.Phrase{En: "name=value pairs were joined, their values URL-encoded", Zh: "签名的是值经 URL 编码的 name=value"},
		Fix: words.Phrase{En: "Sign the JSON text of data", Zh: "请签 data 的 JSON 文本"}, PushFix: words.Phrase{En: "Do not URL-encode the values that are hashed", Zh: "参与哈希的值不要做 URL 编码"},
		Try: flattened(&jsondoc.Flattening{Colon: "=", Comma: "&", Encode: url.QueryEscape}, &jsondoc.Flattening{Colon: "=", Comma: "&", Encode: func(s string) string { return strings.ReplaceAll(url.QueryEscape(s), "+", "%20") }}),
	},
	{
		Kind: "map-to-string", In: guess.OfBoth, At: guess.InFlat, Pair: true, What: words.Phrase{En: "the printed map or object was signed (toString, util.inspect, %v)", Zh: "签名的是 Map 或对象打印出来的文本（toString、util.inspect、%v）"}, Fix: words.Phrase{En: "Sign the JSON text, not the printed object (toString)", Zh: "请签 JSON 文本，而不是打印（toString）出来的样子"},
		PushFix: words.Phrase{En: "Hash the JSON text as received, not the printed object (toString)", Zh: "请对收到的 JSON 原文求哈希，而不是打印（toString）出来的样子"},
		Try: flattened(&jsondoc.Flattening{Open: "{", Colon: "=", Comma: ", ", End: "}"}, &jsondoc.Flattening{Open: "{", Colon: "=", Comma: ",", End: "}"}, &jsondoc.Flattening{Open: "map[", Colon: ":", Comma: " ", End: "]", Words: map[string]string{"null": "<nil>"}, Sorted: true},
			&jsondoc.Flattening{Open: "{ ", Colon: ": ", Comma: ", ", Quote: "'", BareNames: true, End: " }"}, &jsondoc.Flattening{Open: "{", Colon: ": ", Comma: ", ", Quote: "'", BareNames: true, End: "}"},
			&jsondoc.Flattening{Open: "{", Colon: ":", Comma: ",", End: "}"}, &jsondoc.Flattening{Open: "{", Colon: ": ", Comma: ", ", End: "}"},
			&jsondoc.Flattening{Open: "{", Colon: ":", Comma: ",", Quote: `"`, BareNames: true, End: "}"}, &jsondoc.Flattening{Open: "{", Colon: ": ", Comma: ", ", Quote: `"`, BareNames: true, End: "}"}, &jsondoc.Flattening{Open: "{ ", Colon: ": ", Comma: ", ", Quote: `"`, BareNames: true, End: " }"}),
	},
	{
		Kind: "python-repr", In: guess.OfBoth, At: guess.InFlat, Pair: true, What: words.Phrase{En: "the printed dict was signed", Zh: "签名的是 dict 打印出来的文本"}, Fix: words.Phrase{En: "Sign the JSON text (json.dumps), not the printed dict", Zh: "请签 JSON 文本（json.dumps），而不是 dict 打印出来的样子"},
		PushFix: words.Phrase{En: "Hash the JSON text as received, not the printed dict", Zh: "请对收到的 JSON 原文求哈希，而不是 dict 打印出来的样子"},
		Try: flattened(&jsondoc.Flattening{Open: "{", Colon: ": ", Comma: ", ", Quote: "'", End: "}", Words: map[string]string{"null": "None", "true": "True", "false": "False"}},
			&jsondoc.Flattening{Open: "{", Colon: " => ", Comma: ", ", Quote: `"`, End: "}", Words: map[string]string{"null": "nil"}}, &jsondoc.Flattening{Open: "{", Colon: "=>", Comma: ", ", Quote: `"`, End: "}", Words: map[string]string{"null": "nil"}}),
	},
	{
		Kind: "keys-and-values-joined", In: guess.OfBoth, At: guess.InFlat, Pair: true, What: words.Phrase{En: "the names and values were joined", Zh: "签名的是键和值相连的文本"}, Fix: words.Phrase{En: "Sign the JSON text, not its names and values joined", Zh: "请签 JSON 文本，而不是把键和值相连"},
		PushFix: words.Phrase{En: "Hash the JSON text as received, not its names and values joined", Zh: "请对收到的 JSON 原文求哈希，而不是把键和值相连"},
		Try:     flattened(&jsondoc.Flattening{}, &jsondoc.Flattening{Colon: ":", Comma: ","}),
	},
}

// flattened tries other texts of the object.
func flattened(ways ...*jsondoc.Flattening) func(*guess.Case, guess.Guess, bool, func(guess.Guess) bool) bool {
	return func(s *guess.Case, g guess.Guess, few bool, yield func(guess.Guess) bool) bool {
		if !s.DocOf(&g) {
			return true
		}
		before := g.Flat
		for i, f := range ways {
			if few && i > 0 {
				break
			}
			if g.Flat = f; f != before && !yield(g) {
				return false
			}
		}
		return true
	}
}
