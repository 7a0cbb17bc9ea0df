package webhook

import (
	"net/url"
	"strings"

	"github.com/etcp-mock/etcp-mock/contract/report"
	"github.com/etcp-mock/etcp-mock/internal/lang"
	"github.com/etcp-mock/etcp-mock/sign"
)

// rawFix is for receivers that parse the JSON and write it anew before they hash it: they pass as long as both libraries write alike.
var rawFix = lang.Text{
	EN: "hash the raw text that was received, with signment cut out; JSON that was parsed and written anew has other numbers, escapes or white space",
	ZH: "请对收到的原文去掉 signment 后计算散列；解析后重新序列化的 JSON 会改变数字、转义或空白",
}

// rawChecks are bodies that are legal and unusual, and signed as they are written.
var rawChecks = []check{
	{
		id: "raw-number", level: report.Should, section: "§10.2", kinds: exitOnly, after: []string{"exit-without-entry", "exit-fee-decimal"}, fix: rawFix,
		title: lang.Text{EN: "numbers keep their literal text", ZH: "数字应保持原文"},
		sent:  lang.Text{EN: "exits with receivableFee 150.0 and 5.50", ZH: "receivableFee 为 150.0 和 5.50 的离场推送"},
		judge: notInAForm(accepts(func(k *maker) []message {
			return []message{k.exit(k.entry().temporary()).with("receivableFee", sign.Number("150.0")), k.exit(k.entry().temporary()).with("receivableFee", sign.Number("5.50"))}
		})),
	},
	{
		id: "raw-escapes", level: report.Should, section: "§10.1", fix: rawFix,
		title: lang.Text{EN: "escapes that were signed are hashed as they are", ZH: "参与签名的转义应按原样计算散列"},
		sent:  lang.Text{EN: "an entry whose parkName is written `\\u4e1c\\/\\u897f\\u95e8`, signed so", ZH: "parkName 写作 `\\u4e1c\\/\\u897f\\u95e8` 并按此签名的入场推送"},
		judge: acceptsRaw(func(text string) string { return strings.Replace(text, "东/西门", `\u4e1c\/\u897f\u95e8`, 1) }),
	},
	{
		id: "raw-white-space", level: report.Should, section: "§10.1", fix: rawFix,
		title: lang.Text{EN: "white space that was signed is hashed as it is", ZH: "参与签名的空白应按原样计算散列"},
		sent:  lang.Text{EN: "an entry with a space after each comma and colon, signed so", ZH: "每个逗号和冒号后带空格并按此签名的入场推送"},
		judge: acceptsRaw(func(text string) string { return strings.NewReplacer(`":`, `": `, `,"`, `, "`).Replace(text) }),
	},
}

// acceptsRaw judges an entry whose JSON is written in another way, and signed so.
func acceptsRaw(write func(string) string) judge {
	return judge{expected: isAccepted, run: func(x *examination, sent lang.Text) {
		if x.sender.encoding == EncodingForm || x.sender.signData == sign.Values || x.sender.signData == sign.Query {
			x.skip = lang.Text{EN: "what is signed is no JSON text", ZH: "签名的内容不是 JSON 文本"}
			return
		}
		m := x.maker.entry().with("parkName", "东/西门")
		m.rawText = write(sign.PushText(m.fields, sign.JSON))
		m.inData = x.sender.encoding == EncodingFormParam
		x.accept(m.resigned(sign.Push(x.sender.merchantNo, m.rawText, x.sender.key)), sent)
	}}
}

// resigned is the message with another signment.
func (m message) resigned(signment string) message {
	if m.rawText == "" {
		return m.signedAs(signment)
	}
	colon := `":"`
	if strings.Contains(m.rawText, `": `) {
		colon = `": "`
	}
	comma := `,"`
	if strings.Contains(m.rawText, `, "`) {
		comma = `, "`
	}
	body := strings.TrimSuffix(m.rawText, "}") + comma + "signment" + colon + signment + `"}`
	if m.inData {
		body = "data=" + url.QueryEscape(body)
	}
	m.raw = &body
	return m
}
