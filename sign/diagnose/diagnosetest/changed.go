package diagnosetest

import (
	"encoding/base64"
	"encoding/hex"
	"net/url"
	"strings"
)

// changed are requests of which a value or a piece of the text changed between signing and sending.
func (c client) changed() []Request {
	const paid = `{"token":"t1","orderId":"9E2F1B7C","payment":8.50,"payTime":"2017-10-27 09:30:00","appId":"ETCP"}`
	with := func(old, replacement string) string { return strings.Replace(paid, old, replacement, 1) }
	pays := func(kind, name, sent, signed string) Request { return c.signs(name, kind, sent, c.of(signed)) }
	plate := func(text string) string { return strings.Replace(bound, "渝ATX061", text, 1) }
	color := func(text string) string { return strings.Replace(bound, `"plateColor":"1"`, `"plateColor":`+text, 1) }
	const at, amount = `"2017-10-27 09:30:00"`, "8.50"
	all := []Request{
		pays("time-rewritten", "Jackson's LocalDateTime", paid, with(at, "[2017,10,27,9,30]")).says("in another format|payTime", "另一格式|payTime", "as a string", "字符串"),
		pays("time-rewritten", "JavaScriptSerializer's date", paid, with(at, `"\/Date(1509067800000)\/"`)),
		pays("time-rewritten", "DateTimeOffset of .NET", paid, with(at, `"2017-10-27T09:30:00.0000000+08:00"`)),
		pays("time-rewritten", "sent with a T, signed with a space", with(at, `"2017-10-27T09:30:00"`), paid),
		pays("time-rewritten", "sent in milliseconds, signed as text", with(at, "1509067800000"), paid),
		pays("time-rewritten", "sent in UTC, signed as text", with(at, `"2017-10-27T01:30:00.000Z"`), paid),
		pays("time-drift", "data built twice, a second apart", paid, with("09:30:00", "09:30:01")).says("another second|payTime", "相差几秒|payTime", "build it once", "只组装一次"),
		pays("number-rewritten", "float of PHP 7.0", with(amount, "8.6"), with(amount, "8.5999999999999996")),
		pays("number-rewritten", "stripTrailingZeros", with(amount, "800"), with(amount, "8E+2")),
		pays("number-rewritten", "printf %f", paid, with(amount, "8.500000")),
		pays("number-rewritten", "rounded up", paid, with(amount, "9")),
		pays("json-number-quoted", "toFixed(2)", with(amount, "8.5"), with(amount, `"8.50"`)),
		pays("amount-in-fen", "fen as a text", paid, with(amount, `"850"`)),
		c.signs("signed with a middle dot", "plate-rewritten", bound, c.of(plate("渝A·TX061"))).says("another form|plateNumber", "写法不同|plateNumber", "very text", "对实际发送的文本签名"),
		c.signs("sent with a middle dot, signed without", "plate-rewritten", plate("渝A·TX061"), c.of(bound)),
		c.signs("signed with a space", "plate-rewritten", bound, c.of(plate("渝A TX061"))),
		c.signs("a masked plate signed", "plate-rewritten", bound, c.of(plate("渝****61"))),
		c.signs("another colour signed", "color-rewritten", bound, c.of(color(`"2"`))).says("another plateColor", "plateColor 与发送的不同", "very text", "对实际发送的文本签名"),
		c.signs("the colour signed in words", "color-rewritten", bound, c.of(color(`"蓝"`))),
		c.signs("colours counted from 0", "color-rewritten", bound, c.of(color("0"))),
		c.signs("a token signed without its dash", "id-rewritten", bound, c.of(strings.Replace(bound, "d970cff4-3811", "d970cff43811", 1))).says("dashes|token", "连字符|token", "very text", "对实际发送的文本签名"),
		c.signs("names sent in snake case, signed in camel case", "field-names-rewritten", `{"token":"t","plate_number":"渝ATX061"}`, c.of(`{"token":"t","plateNumber":"渝ATX061"}`)),
	}
	return append(all, c.wayward()...)
}

// wayward are texts that arrived otherwise than they were signed.
func (c client) wayward() []Request {
	sent := func(name, kind, signed, arrived string) Request {
		return c.damaged(name, kind, signed, url.QueryEscape(arrived), arrived)
	}
	inBase64 := base64.StdEncoding.EncodeToString([]byte(bound))
	quoted := strings.ReplaceAll(strings.ReplaceAll(bound, `\`, `\\`), `"`, `\"`)
	const escaped, lines = `{"plateNumber":"\u6e1dATX061"}`, "{\n\"token\":\"t\"\n}"
	return []Request{
		sent("data in hex digits", "data-hex", bound, hex.EncodeToString([]byte(bound))).says("hex digits", "十六进制", "JSON text itself", "JSON 文本"),
		sent("Base64 of Base64", "data-base64", bound, base64.StdEncoding.EncodeToString([]byte(inBase64))),
		sent("Base64 that was escaped twice", "data-base64", bound, url.QueryEscape(inBase64)),
		sent("an object around data", "data-framed", bound, `{"data":`+bound+`}`).says("inside of another object|one member alone, data", "多套了一层|成员 data", "without another object", "不要再套一层"),
		sent("data as a text in an object", "data-framed", bound, `{"json":"`+quoted+`"}`),
		sent("a brace too many", "data-framed", bound, bound+"}").says("`}` behind it", "后面是 `}`", "exactly the text", "完全相同的文本"),
		sent("a template that takes the braces", "braces-lost", bound, strings.Trim(bound, "{}")).says("braces", "花括号", "with its braces", "花括号"),
		sent("the first character lost", "braces-lost", bound, bound[1:]),
		sent("stripslashes", "backslashes-lost", escaped, `{"plateNumber":"u6e1dATX061"}`).says("backslashes of data were lost", "反斜杠在途中丢失", "stripslashes", "stripslashes"),
		sent("backslashes doubled", "backslashes-added", escaped, `{"plateNumber":"\\u6e1dATX061"}`),
		sent(`line ends written as \n`, "backslashes-added", lines, `{\n"token":"t"\n}`),
		sent("a proxy that takes spaces away", "space-lost", `{"payTime":"2017-10-27 09:30:00"}`, `{"payTime":"2017-10-2709:30:00"}`).says("space between a date and a time|payTime", "空格在途中丢失", "%20", "%20"),
	}
}
