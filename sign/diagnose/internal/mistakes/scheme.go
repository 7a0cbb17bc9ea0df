package mistakes

import (
	"bytes"
	"net/url"
	"slices"
	"strings"

	"github.com/etcp-mock/etcp-mock/sign/diagnose/internal/guess"
	"github.com/etcp-mock/etcp-mock/sign/diagnose/internal/jsondoc"
	"github.com/etcp-mock/etcp-mock/sign/diagnose/internal/wire"
	"github.com/etcp-mock/etcp-mock/sign/diagnose/internal/words"
)

// schemeRows are the ways in which other platforms are signed.
var schemeRows = []guess.Hypothesis{
	{
		Kind: "wechat-pay-style", In: guess.OfBoth, At: guess.InFlat, Pair: true, Try: weChatPay,
		What:    words.Phrase{En: "the fields were sorted, joined as k=v&…, and &key= with the key put behind, as WeChat Pay v2 asks", Zh: "字段排序后以 k=v&… 相连，末尾加 &key=密钥，这是微信支付 v2 的做法"},
		Fix:     words.Phrase{En: "This platform does not sort: sign data + key + time_stamp, data being the JSON text that is sent (§6)", Zh: "本平台不排序：请签 data + 密钥 + time_stamp，data 是实际发送的 JSON 文本（§6）"},
		PushFix: words.Phrase{En: "This platform does not sort: hash merchant_no + data + key, data being the JSON as it was received, without signment (§10)", Zh: "本平台不排序：请对 merchant_no + data + 密钥 求哈希，data 是收到的 JSON 去掉 signment（§10）"},
	},
	{
		Kind: "alipay-style", In: guess.OfBoth, At: guess.InFlat, Pair: true, Try: aliPay,
		What:    words.Phrase{En: "the fields were sorted, joined as k=v&…, and the key put right behind, as Alipay's MD5 asks", Zh: "字段排序后以 k=v&… 相连，末尾直接接密钥，这是支付宝 MD5 的做法"},
		Fix:     words.Phrase{En: "This platform does not sort: sign data + key + time_stamp, data being the JSON text that is sent (§6)", Zh: "本平台不排序：请签 data + 密钥 + time_stamp，data 是实际发送的 JSON 文本（§6）"},
		PushFix: words.Phrase{En: "This platform does not sort: hash merchant_no + data + key, data being the JSON as it was received, without signment (§10)", Zh: "本平台不排序：请对 merchant_no + data + 密钥 求哈希，data 是收到的 JSON 去掉 signment（§10）"},
	},
	{
		Kind: "taobao-style", In: guess.OfBoth, At: guess.InFlat, Pair: true, Try: taobao,
		What:    words.Phrase{En: "the names and values were sorted and joined between two keys, as Taobao's open platform asks", Zh: "键值排序相连后前后各加密钥，这是淘宝开放平台的做法"},
		Fix:     words.Phrase{En: "This platform does not sort: sign data + key + time_stamp, data being the JSON text that is sent (§6)", Zh: "本平台不排序：请签 data + 密钥 + time_stamp，data 是实际发送的 JSON 文本（§6）"},
		PushFix: words.Phrase{En: "This platform does not sort: hash merchant_no + data + key, data being the JSON as it was received, without signment (§10)", Zh: "本平台不排序：请对 merchant_no + data + 密钥 求哈希，data 是收到的 JSON 去掉 signment（§10）"},
	},
}

// bags are the sets of fields that a foreign scheme may sign, sorted: with and without empty ones, and with the parameters of §3 beside or instead.
func bags(s *guess.Case, g *guess.Guess, few bool) (all []*jsondoc.Node) {
	common := func(with ...string) *jsondoc.Node {
		n := &jsondoc.Node{Kind: '{'}
		for i := 0; i+1 < len(with); i += 2 {
			n.Names, n.Members = append(n.Names, with[i]), append(n.Members, &jsondoc.Node{Kind: '"', Text: with[i+1]})
		}
		return n
	}
	var bags []*jsondoc.Node
	if s.DocOf(g) {
		bags = append(bags, g.Doc)
		if !few {
			bags = append(bags, jsondoc.Join(g.Doc, common("merchant_no", g.No)))
			if s.Scope == guess.OfRequests {
				bags = append(bags, jsondoc.Join(g.Doc, common("merchant_no", g.No, "time_stamp", g.Stamp)), jsondoc.Join(g.Doc, common("time_stamp", g.Stamp)))
			}
		}
	}
	if !few || len(bags) == 0 {
		text := *g
		text.Settle()
		if s.Scope == guess.OfRequests {
			bags = append(bags, common("data", text.Data, "merchant_no", g.No, "time_stamp", g.Stamp), common("data", text.Data, "time_stamp", g.Stamp))
			if !few {
				bags = append(bags, common("data", text.Data, "merchant_no", g.No, "sign_type", "MD5", "time_stamp", g.Stamp), common("charset", "UTF-8", "data", text.Data, "merchant_no", g.No, "time_stamp", g.Stamp),
					common("data", text.Data, "merchant_no", g.No, "sign", "", "time_stamp", g.Stamp), common("merchant_no", g.No, "time_stamp", g.Stamp),
					common("data", text.Data, "merchantNo", g.No, "timeStamp", g.Stamp), common("data", text.Data, "merchantNo", g.No, "timestamp", g.Stamp))
			}
		} else {
			bags = append(bags, common("data", text.Data, "merchant_no", g.No))
		}
	}
	for i, bag := range bags {
		if few && i > 0 {
			break
		}
		sorted := bag.SortedBy(strings.Compare)
		filled := sorted.Without(func(m *jsondoc.Node) bool { return m.Text == "" && m.Kind == '"' || m.Text == "null" && m.Kind == 'l' })
		all = append(all, filled)
		if len(filled.Members) != len(sorted.Members) {
			all = append(all, sorted)
		}
		if !few {
			all = append(all, bag)
		}
	}
	return all
}

func bagged(s *guess.Case, g guess.Guess, few bool, forms [][]string, flat *jsondoc.Flattening, yield func(guess.Guess) bool) bool {
	if g.Size() > wire.Longest || !slices.Equal(g.Form, s.Right.Form) {
		return true
	}
	for _, bag := range bags(s, &g, few) {
		next := g
		next.Doc = nil
		next.Data = string(flat.Append(nil, bag))
		for _, form := range forms {
			next.Form = form
			if !yield(next) {
				return false
			}
			if few {
				break
			}
		}
	}
	return true
}

func weChatPay(s *guess.Case, g guess.Guess, few bool, yield func(guess.Guess) bool) bool {
	return bagged(s, g, few, [][]string{
		{guess.TheData, "&key=", guess.TheKey},
		{guess.TheData, "&merchant_key=", guess.TheKey},
		{guess.TheData, "&secret=", guess.TheKey},
		{guess.TheData, "&merchantKey=", guess.TheKey},
		{guess.TheData, "&appKey=", guess.TheKey},
		{guess.TheData, "&KEY=", guess.TheKey},
		{guess.TheData, "&app_secret=", guess.TheKey},
		{guess.TheData, "&appSecret=", guess.TheKey},
		{guess.TheData, "&api_key=", guess.TheKey},
		{guess.TheData, "&apiKey=", guess.TheKey},
		{guess.TheData, "&secret_key=", guess.TheKey},
		{guess.TheData, "&secretKey=", guess.TheKey},
		{guess.TheData, "&app_key=", guess.TheKey},
		{guess.TheData, "&md5key=", guess.TheKey},
		{"key=", guess.TheKey, "&", guess.TheData},
	}, jsondoc.AsQuery, yield) && (few || bagged(s, g, few, [][]string{{guess.TheData, "&key=", guess.TheKey}}, encodedQuery, yield) &&
		bagged(s, g, few, [][]string{{guess.TheData, "&key=", guess.TheKey}}, percentQuery, yield) && lowered(s, g, yield) && keySorted(s, g, yield))
}

// encodedQuery and percentQuery are pairs whose values are URL-encoded, as http_build_query, querystring and URLSearchParams write them: with + or %20 for a space.
var (
	encodedQuery = &jsondoc.Flattening{Colon: "=", Comma: "&", Encode: url.QueryEscape}
	percentQuery = &jsondoc.Flattening{Colon: "=", Comma: "&", Encode: func(s string) string { return strings.ReplaceAll(url.QueryEscape(s), "+", "%20") }}
)

// lowered is the text of WeChat Pay in lower case, key and all.
// keySorted are pairs among which the key is sorted, too.
func keySorted(s *guess.Case, g guess.Guess, yield func(guess.Guess) bool) bool {
	if g.Size() > wire.Longest || !slices.Equal(g.Form, s.Right.Form) {
		return true
	}
	for _, name := range []string{"key", "merchant_key", "merchantKey", "secret"} {
		for _, bag := range bags(s, &g, false) {
			if slices.Contains(bag.Names, "data") { // the four parameters joined are ampersand-joined
				continue
			}
			all := jsondoc.Join(bag, &jsondoc.Node{Kind: '{', Names: []string{name}, Members: []*jsondoc.Node{{Kind: '"', Text: g.Key}}}).SortedBy(strings.Compare)
			next := g
			next.Doc, next.Data, next.Form = nil, string(jsondoc.AsQuery.Append(nil, all)), []string{guess.TheData}
			if !yield(next) {
				return false
			}
		}
	}
	return true
}

func lowered(s *guess.Case, g guess.Guess, yield func(guess.Guess) bool) bool {
	g.Whole = bytes.ToLower
	return bagged(s, g, true, [][]string{{guess.TheData, "&key=", guess.TheKey}}, jsondoc.AsQuery, yield)
}

func aliPay(s *guess.Case, g guess.Guess, few bool, yield func(guess.Guess) bool) bool {
	return bagged(s, g, few, [][]string{{guess.TheData, guess.TheKey}, {guess.TheKey, guess.TheData}, {guess.TheData, "&", guess.TheKey}}, jsondoc.AsQuery, yield) &&
		(few || bagged(s, g, few, [][]string{{guess.TheData, guess.TheKey}, {guess.TheKey, guess.TheData}}, encodedQuery, yield))
}

func taobao(s *guess.Case, g guess.Guess, few bool, yield func(guess.Guess) bool) bool {
	return bagged(s, g, few, [][]string{{guess.TheKey, guess.TheData, guess.TheKey}}, &jsondoc.Flattening{}, yield) && (few ||
		bagged(s, g, few, [][]string{{guess.TheKey, guess.TheData, guess.TheKey}}, jsondoc.AsQuery, yield) && bagged(s, g, few, [][]string{{guess.TheData, guess.TheKey}, {guess.TheKey, guess.TheData}}, &jsondoc.Flattening{}, yield))
}
