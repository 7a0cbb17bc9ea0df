package diagnose

import (
	"slices"
	"strings"

	"github.com/etcp-mock/etcp-mock/sign/diagnose/internal/jsondoc"
	"github.com/etcp-mock/etcp-mock/sign/diagnose/internal/wire"
	"github.com/etcp-mock/etcp-mock/sign/diagnose/internal/words"
)

// schemeRows are the ways in which other platforms are signed.
var schemeRows = []hypothesis{
	{
		kind: "wechat-pay-style", in: ofBoth, at: inFlat, pair: true, try: weChatPay,
		what:    words.Say("the fields were sorted, joined as k=v&…, and &key= with the key put behind, as WeChat Pay v2 asks", "字段排序后以 k=v&… 相连，末尾加 &key=密钥，这是微信支付 v2 的做法"),
		fix:     words.Say("This platform does not sort: sign data + key + time_stamp, data being the JSON text that is sent (§6)", "本平台不排序：请签 data + 密钥 + time_stamp，data 是实际发送的 JSON 文本（§6）"),
		pushFix: words.Say("This platform does not sort: hash merchant_no + data + key, data being the JSON as it was received, without signment (§10)", "本平台不排序：请对 merchant_no + data + 密钥 求哈希，data 是收到的 JSON 去掉 signment（§10）"),
	},
	{
		kind: "alipay-style", in: ofBoth, at: inFlat, pair: true, try: aliPay,
		what:    words.Say("the fields were sorted, joined as k=v&…, and the key put right behind, as Alipay's MD5 asks", "字段排序后以 k=v&… 相连，末尾直接接密钥，这是支付宝 MD5 的做法"),
		fix:     words.Say("This platform does not sort: sign data + key + time_stamp, data being the JSON text that is sent (§6)", "本平台不排序：请签 data + 密钥 + time_stamp，data 是实际发送的 JSON 文本（§6）"),
		pushFix: words.Say("This platform does not sort: hash merchant_no + data + key, data being the JSON as it was received, without signment (§10)", "本平台不排序：请对 merchant_no + data + 密钥 求哈希，data 是收到的 JSON 去掉 signment（§10）"),
	},
	{
		kind: "taobao-style", in: ofBoth, at: inFlat, pair: true, try: taobao,
		what:    words.Say("the names and values were sorted and joined between two keys, as Taobao's open platform asks", "键值排序相连后前后各加密钥，这是淘宝开放平台的做法"),
		fix:     words.Say("This platform does not sort: sign data + key + time_stamp, data being the JSON text that is sent (§6)", "本平台不排序：请签 data + 密钥 + time_stamp，data 是实际发送的 JSON 文本（§6）"),
		pushFix: words.Say("This platform does not sort: hash merchant_no + data + key, data being the JSON as it was received, without signment (§10)", "本平台不排序：请对 merchant_no + data + 密钥 求哈希，data 是收到的 JSON 去掉 signment（§10）"),
	},
}

// bags are the sets of fields that a foreign scheme may sign, sorted: with and without empty ones, and with the parameters of §3 beside or instead.
func (s *search) bags(g *guess, few bool) (all []*jsondoc.Node) {
	common := func(with ...string) *jsondoc.Node {
		n := &jsondoc.Node{Kind: '{'}
		for i := 0; i+1 < len(with); i += 2 {
			n.Names, n.Members = append(n.Names, with[i]), append(n.Members, &jsondoc.Node{Kind: '"', Text: with[i+1]})
		}
		return n
	}
	var bags []*jsondoc.Node
	if s.docOf(g) {
		bags = append(bags, g.doc)
		if !few {
			bags = append(bags, jsondoc.Join(g.doc, common("merchant_no", g.no)))
			if s.scope == ofRequests {
				bags = append(bags, jsondoc.Join(g.doc, common("merchant_no", g.no, "time_stamp", g.stamp)), jsondoc.Join(g.doc, common("time_stamp", g.stamp)))
			}
		}
	}
	if !few || len(bags) == 0 {
		text := *g
		text.settle()
		if s.scope == ofRequests {
			bags = append(bags, common("data", text.data, "merchant_no", g.no, "time_stamp", g.stamp), common("data", text.data, "time_stamp", g.stamp))
			if !few {
				bags = append(bags, common("data", text.data, "merchant_no", g.no, "sign", "", "time_stamp", g.stamp), common("merchant_no", g.no, "time_stamp", g.stamp),
					common("data", text.data, "merchantNo", g.no, "timeStamp", g.stamp), common("data", text.data, "merchantNo", g.no, "timestamp", g.stamp))
			}
		} else {
			bags = append(bags, common("data", text.data, "merchant_no", g.no))
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

func (s *search) bagged(g guess, few bool, forms [][]string, flat *jsondoc.Flattening, yield func(guess) bool) bool {
	if g.size() > wire.Longest || !slices.Equal(g.form, s.right.form) {
		return true
	}
	for _, bag := range s.bags(&g, few) {
		next := g
		next.doc = nil
		next.data = string(flat.Append(nil, bag))
		for _, form := range forms {
			next.form = form
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

func weChatPay(s *search, g guess, few bool, yield func(guess) bool) bool {
	return s.bagged(g, few, [][]string{
		{theData, "&key=", theKey}, {theData, "&merchant_key=", theKey}, {theData, "&secret=", theKey}, {theData, "&merchantKey=", theKey}, {theData, "&appKey=", theKey},
	}, jsondoc.AsQuery, yield)
}

func aliPay(s *search, g guess, few bool, yield func(guess) bool) bool {
	return s.bagged(g, few, [][]string{{theData, theKey}, {theKey, theData}, {theData, "&", theKey}}, jsondoc.AsQuery, yield)
}

func taobao(s *search, g guess, few bool, yield func(guess) bool) bool {
	return s.bagged(g, few, [][]string{{theKey, theData, theKey}}, &jsondoc.Flattening{}, yield) && (few ||
		s.bagged(g, few, [][]string{{theKey, theData, theKey}}, jsondoc.AsQuery, yield) && s.bagged(g, few, [][]string{{theData, theKey}, {theKey, theData}}, &jsondoc.Flattening{}, yield))
}
