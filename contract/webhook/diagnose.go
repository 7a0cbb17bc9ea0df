package webhook

import (
	"cmp"
	"encoding/json"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/etcp-mock/etcp-mock/internal/lang"
	"github.com/etcp-mock/etcp-mock/sign"
)

// guess is one way in which a merchant may verify wrong: a push that only such a merchant accepts.
type guess struct {
	means lang.Text // what it means that it was accepted
	push  func(s sender, m message) (sender, message)
}

// guesses are tried, in their order, where a right push is not accepted.
var guesses = slices.Concat([]guess{
	otherSender(lang.T("the body has to be JSON (--encoding json)", "正文必须是 JSON（--encoding json）"), func(s *sender) { s.encoding = EncodingJSON }),
	otherSender(lang.T("it reads a form (--encoding form)", "它读取表单（--encoding form）"), func(s *sender) { s.encoding = EncodingForm }),
	otherSender(lang.T("it reads a form whose parameter data holds the JSON (--encoding form-data-param)", "它读取表单，JSON 在参数 data 中（--encoding form-data-param）"), func(s *sender) { s.encoding = EncodingFormParam }),
	otherSender(lang.T("it hashes the compact JSON (--sign-data json)", "它对紧凑 JSON 计算散列（--sign-data json）"), func(s *sender) { s.signData = sign.JSON }),
	otherSender(lang.T("it hashes the values joined (--sign-data values)", "它对各字段值拼接计算散列（--sign-data values）"), func(s *sender) { s.signData = sign.Values }),
	otherSender(lang.T("it hashes k=v joined by & (--sign-data query)", "它对以 & 连接的 k=v 计算散列（--sign-data query）"), func(s *sender) { s.signData = sign.Query }),
}, sortedGuesses(), []guess{
	signedOver(lang.T("it hashes data without the merchant's number: MD5(data + key)", "它的散列内容缺少商户号：MD5(data + key)"), func(s sender, text string) string { return sign.Push("", text, s.key) }),
	signedOver(lang.T("it hashes in another order: MD5(data + merchant_no + key)", "它的拼接顺序不同：MD5(data + merchant_no + key)"), func(s sender, text string) string { return sign.Push(text, s.merchantNo, s.key) }),
	signedOver(lang.T("it hashes in another order: MD5(data + key + merchant_no)", "它的拼接顺序不同：MD5(data + key + merchant_no)"), func(s sender, text string) string { return sign.Push(text, s.key, s.merchantNo) }),
	signedOver(lang.T("it hashes in another order: MD5(key + data + merchant_no)", "它的拼接顺序不同：MD5(key + data + merchant_no)"), func(s sender, text string) string { return sign.Push(s.key, text, s.merchantNo) }),
	signedOver(lang.T("it hashes in another order: MD5(merchant_no + key + data)", "它的拼接顺序不同：MD5(merchant_no + key + data)"), func(s sender, text string) string { return sign.Push(s.merchantNo, s.key, text) }),
	signedOver(lang.T("it wants signment in lower case; §6 says upper case", "它要求小写的 signment；§6 要求大写"), func(s sender, text string) string {
		return strings.ToLower(sign.Push(s.merchantNo, text, s.key))
	}),
	signedOver(lang.T("it hashes the text while it is still URL-encoded; decode first", "它对尚未 URL 解码的文本计算散列；请先解码"), func(s sender, text string) string {
		return sign.Push(s.merchantNo, url.QueryEscape(text), s.key)
	}),
	signedOver(lang.T("it encodes the JSON anew with \\u escapes before it hashes (Python's json.dumps, PHP's json_encode): hash what was received", "它先用 \\u 转义重新编码 JSON 再计算散列（Python 的 json.dumps、PHP 的 json_encode）：请对收到的原文计算散列"), func(s sender, text string) string {
		return sign.Push(s.merchantNo, escapeNonASCII(text), s.key)
	}),
	signedOver(lang.T("it encodes the JSON anew with spaces before it hashes (Python's json.dumps): hash what was received", "它先带空格重新编码 JSON 再计算散列（Python 的 json.dumps）：请对收到的原文计算散列"), func(s sender, text string) string {
		return sign.Push(s.merchantNo, spaced(text, false), s.key)
	}),
	signedOver(lang.T("it encodes the JSON anew with spaces and \\u escapes before it hashes (Python's json.dumps): hash what was received", "它先带空格和 \\u 转义重新编码 JSON 再计算散列（Python 的 json.dumps）：请对收到的原文计算散列"), func(s sender, text string) string {
		return sign.Push(s.merchantNo, spaced(text, true), s.key)
	}),
	signedOver(lang.T("it leaves signment in the text it hashes, empty; take the field out", "它计算散列时保留了空的 signment；请去掉该字段"), func(s sender, text string) string {
		return sign.Push(s.merchantNo, strings.TrimSuffix(text, "}")+`,"signment":""}`, s.key)
	}),
	signedAs(lang.T("it hashes parkId as a text, in quotes; it is a number (§10.1)", "它把 parkId 当作带引号的字符串计算散列；它是数字（§10.1）"), func(fields []sign.Field) []sign.Field {
		return set(fields, "parkId", "1")
	}),
	signedAs(lang.T("it hashes the required fields only, without userType and pushTime: hash what was received", "它只对必须字段计算散列，缺少 userType 和 pushTime：请对收到的原文计算散列"), func(fields []sign.Field) []sign.Field {
		return without(fields, "userType", "pushTime")
	}),
})

func otherSender(means lang.Text, change func(*sender)) guess {
	return guess{means, func(s sender, m message) (sender, message) {
		change(&s)
		return s, m
	}}
}

func signedOver(means lang.Text, hash func(s sender, text string) string) guess {
	return guess{means, func(s sender, m message) (sender, message) {
		return s, m.signedAs(hash(s, sign.PushText(m.fields, s.signData)))
	}}
}

func signedAs(means lang.Text, change func([]sign.Field) []sign.Field) guess {
	return guess{means, func(s sender, m message) (sender, message) {
		return s, m.signedAs(s.signment(change(slices.Clone(m.fields))))
	}}
}

// sortedGuesses are the ways of who sorts the keys, which most Chinese payment platforms ask for, and this one does not.
func sortedGuesses() []guess {
	var list []guess
	for _, how := range []sign.PushData{sign.JSON, sign.Query, sign.Values} {
		list = append(list, guess{
			lang.T("it sorts the keys before it hashes (%s); the order is that of the document, and of what was received (§10.1: 顺序固定)", "它先对键排序再计算散列（%s）；顺序应与文档及收到的内容一致（§10.1：顺序固定）").With(how),
			func(s sender, m message) (sender, message) {
				fields := slices.Clone(m.fields)
				slices.SortFunc(fields, func(a, b sign.Field) int { return cmp.Compare(a.Name, b.Name) })
				return s, m.signedAs(sign.Push(s.merchantNo, sign.PushText(fields, how), s.key))
			},
		})
	}
	return list
}

// diagnose finds out what an endpoint accepts that does not accept a right push. none where nothing was found.
func (x *exam) diagnose(first *reply) lang.Text {
	if first.Err != nil || first.Status == 404 || first.Status == 405 {
		return lang.Text{}
	}
	accepts := func(s sender, m message) bool {
		r := x.sendAs(s, m)
		return r.refusal(x.endpoint.Timeout).IsZero()
	}
	for _, g := range guesses {
		s, m := g.push(x.sender, x.maker.entry())
		if s == x.sender && m.signment == nil {
			continue // that is the right push
		}
		if x.ctx.Err() != nil || !accepts(s, m) {
			continue
		}
		if accepts(s, x.maker.entry().signedAs(x.forged())) {
			return lang.T("it takes another push, and a forged one as well: it does not verify, and refuses for another reason", "它接受了另一种推送，也接受了伪造的推送：它没有验签，拒绝另有原因")
		}
		return lang.T("another push it does accept: %s", "它接受了另一种推送：%s").With(g.means)
	}
	if code, problem := first.code(); problem.IsZero() && code != "0" {
		return lang.T("no other way of signing was accepted either: is the key right, and the merchant's number? does the endpoint know the plate (--plate)?", "其他签名方式也未被接受：密钥和商户号是否正确？端点是否认识该车牌（--plate）？")
	}
	return lang.Text{}
}

func escapeNonASCII(text string) string {
	var b strings.Builder
	for _, r := range text {
		if r < utf8.RuneSelf {
			b.WriteRune(r)
			continue
		}
		const digits = "0123456789abcdef"
		b.WriteString(`\u`)
		for shift := 12; shift >= 0; shift -= 4 {
			b.WriteByte(digits[r>>shift&0xf])
		}
	}
	return b.String()
}

// spaced is a flat JSON object with ", " and ": " between its parts.
func spaced(text string, escaped bool) string {
	if !json.Valid([]byte(text)) {
		return text
	}
	if escaped {
		text = escapeNonASCII(text)
	}
	return strings.NewReplacer(`","`, `", "`, `":`, `": `, `,"`, `, "`).Replace(text)
}
