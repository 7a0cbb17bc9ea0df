package inspect_test

import (
	"net/url"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/sign/diagnose/diagnosetest"
	"github.com/etcp-mock/etcp-mock/sign/diagnose/inspect"
)

// saying is what an explanation has to say.
type saying struct {
	name, given, kind string
	en, zh, fix       string
}

func (s saying) check(t *testing.T, f inspect.Finding) {
	t.Helper()
	require.Equal(t, s.kind, f.Kind, "%+v", f)
	diagnosetest.Whole(t, f)
	require.Contains(t, f.Detail+" "+f.Evidence, s.en)
	require.Contains(t, f.DetailZh+" "+f.EvidenceZh, s.zh)
	require.Contains(t, f.Fix, s.fix)
}

// Check 7 of §1: data is a JSON object in UTF-8; what it is instead is named.
func TestData(t *testing.T) {
	for _, s := range []saying{
		{"an array", `[{"token":"t"}]`, "data-array", "JSON array", "数组", "{…}"},
		{"a JSON string", `"{\"token\":\"t\"}"`, "data-quoted", "marshalled twice", "序列化了两次", "once"},
		{"str(dict)", `{'token': 't', 'n': None}`, "python-dict", "byte 2", "第 2 字节", "json.dumps"},
		{"map.toString()", `{token=t, plateNumber=渝ATX061}`, "java-map", "Java Map", "Java Map", "toJSONString"},
		{"Base64", "eyJ0b2tlbiI6InQifQ==", "data-base64", `{"token":"t"}`, "Base64", "not in Base64"},
		{"GBK", "{\"plateNumber\":\"\xd3\xe5ATX061\"}", "form-charset", "read as GBK it is `渝ATX061", "按 GBK", "UTF-8"},
		{"HTML-escaped", `{&quot;token&quot;:1}`, "html-escaped", "byte 2", "第 2 字节", "HTML"},
		{"a byte order mark", "\uFEFF{\"a\":1}", "bom", `\ufeff`, "BOM", "byte order mark"},
		{"encoded twice", url.QueryEscape(`{"a":1}`), "data-double-encoded", "encoded twice", "编码了两次", "once"},
		{"cut", `{"token":"t","plateNumber":"渝ATX061`, "data-cut", "`\"}` is missing", "缺少 `\"}`", "Content-Length"},
		{"a word", "token", "data-not-json", "byte 1", "第 1 字节", "§3.3"},
		{"null", "null", "data-word", "not an object", "不是对象", "§3.3"},
		{"an object's text", "[object Object]", "object-object", "[object Object]", "[object Object]", "JSON.stringify"},
		{"no quotes", `{token:"t"}`, "javascript-object", "no quotes", "没有引号", "JSON.stringify"},
		{"quotes lost", `{token:t,plateNumber:渝ATX061}`, "quotes-lost", "lost its quotes", "引号丢了", "single quotes"},
		{"a query", "token=t&plateNumber=x", "query-for-json", "name=value", "name=value", "§3.3"},
		{"XML", "<xml><token>t</token></xml>", "data-xml", "XML", "XML", "§3.3"},
		{"a comma too many", "{\n \"a\": 1,\n}", "data-not-json", "line 3, column 1", "第 3 行第 1 列", "comma"},
		{"two objects", `{"a":1}{"b":2}`, "data-not-json", "byte 8", "第 8 字节", "one object"},
		{"a line end in a text", "{\"a\":\"x\ny\"}", "data-not-json", `\n`, "控制字符", "escape"},
		{"full-width quotes", `{“token”：“t”}`, "full-width-punctuation", "full-width", "全角", "ASCII"},
		{"cut in an escape", `{"token":"t","plateNumber":%2`, "data-cut", "middle of a URL escape", "URL 转义", "Content-Length"},
		{"a Ruby hash of symbols", `{:token=>"t", :n=>1}`, "ruby-hash", "byte 8", "Ruby", "to_json"},
		{"an Erlang map", `#{<<"token">> => <<"t">>,plateNumber => "x"}`, "erlang-map", "Erlang", "Erlang", "json:encode"},
		{"a Clojure map", `{:token "t", :n 1}`, "clojure-map", "Clojure", "Clojure", "write-str"},
		{"a PowerShell object", `@{token=t; plateNumber=x}`, "powershell-hashtable", "PowerShell", "PowerShell", "ConvertTo-Json"},
		{"a JSON web token", "eyJhbGciOiJIUzI1NiJ9.e30.abc", "data-jwt", "web token", "JWT", "JSON object"},
		{"a Ruby hash", `{"token"=>"t"}`, "ruby-hash", "Ruby", "Ruby", "to_json"},
		{"addslashes", `{\"token\":\"t\"}`, "backslashes-added", "backslashes", "反斜杠", "addslashes"},
		{"blank", "  ", "data-empty", "empty", "为空", "§3.3"},
	} {
		t.Run(s.name, func(t *testing.T) { s.check(t, inspect.Data(s.given)) })
	}
}

// §3: the four parameters, by their names.
func TestMissing(t *testing.T) {
	const formType = "application/x-www-form-urlencoded"
	for _, row := range []struct {
		saying
		param string
		came  inspect.Arrived
	}{
		{saying{"camel case", "", "parameter-name", "`merchantNo` is there; the name is merchant_no", "参数名应为 merchant_no", "Rename"}, "merchant_no", inspect.Arrived{Body: "merchantNo=M1&timeStamp=1&data=x&Sign=y", ContentType: formType}},
		{saying{"camel case", "", "parameter-name", "`timeStamp` is there", "timeStamp", "time_stamp"}, "time_stamp", inspect.Arrived{RawQuery: "merchant_no=M1&timeStamp=1&data=x&sign=y", Want: "GET"}},
		{saying{"upper case", "", "parameter-name", "`Sign` is there; the name is sign", "Sign", "sign"}, "sign", inspect.Arrived{RawQuery: "merchant_no=M1&time_stamp=1&data=x&Sign=y", Want: "GET"}},
		{saying{"a push's name", "", "parameter-name", "`signment` is there; the name is sign", "signment", "sign"}, "sign", inspect.Arrived{Body: "merchant_no=M1&time_stamp=1&data=x&signment=y", ContentType: formType}},
		{saying{"a slip", "", "parameter-name", "`mercahnt_no` is there", "mercahnt_no", "merchant_no"}, "merchant_no", inspect.Arrived{Body: "mercahnt_no=M1", ContentType: formType}},
		{saying{"JSON in a form", "", "body-json", "Content-Type says form", "Content-Type 写的是表单", "form"}, "merchant_no", inspect.Arrived{Body: `{"merchant_no":"M1"}`, ContentType: formType}},
		{saying{"JSON", "", "body-json", "application/json, which is not read", "不会读取", "belongs into data"}, "merchant_no", inspect.Arrived{Body: `{"token":"t"}`, ContentType: "application/json; charset=utf-8"}},
		{saying{"a GET's body", "", "parameters-in-body", "query", "查询串", "query"}, "merchant_no", inspect.Arrived{Body: "merchant_no=M1", Want: "GET", Path: "/merchant/open/1.0.0/openapi/carnum"}},
		{saying{"PHP's http_build_query", "", "data-as-array", "data[token]", "data[token]", "json_encode"}, "data", inspect.Arrived{Body: "merchant_no=M1&data%5Btoken%5D=t&data%5BplateNumber%5D=x", ContentType: formType}},
		{saying{"FormData", "", "body-multipart", "multipart/form-data", "multipart/form-data", "URLSearchParams"}, "merchant_no", inspect.Arrived{Body: "--x\r\nContent-Disposition", ContentType: "multipart/form-data; boundary=x"}},
		{saying{"a form as text/plain", "", "body-content-type", "text/plain", "text/plain", "Content-Type"}, "merchant_no", inspect.Arrived{Body: "merchant_no=M1", ContentType: "text/plain"}},
		{saying{"XML", "", "body-xml", "XML", "XML", "form"}, "merchant_no", inspect.Arrived{Body: "<xml/>", ContentType: "text/xml"}},
		{saying{"a byte order mark", "", "bom", `\ufeff`, "BOM", "byte order mark"}, "merchant_no", inspect.Arrived{Body: "\uFEFFmerchant_no=M1", ContentType: formType}},
		{saying{"&amp;", "", "html-escaped", "&amp;", "&amp;", "&"}, "time_stamp", inspect.Arrived{RawQuery: "merchant_no=M1&amp;time_stamp=1", Want: "GET"}},
		{saying{"escaped as a whole", "", "form-escaped", "whole form", "整个表单", "values only"}, "merchant_no", inspect.Arrived{Body: "merchant_no%3DM1%26time_stamp%3D1=", ContentType: formType}},
		{saying{"empty", "", "parameter-empty", "there, and empty", "但为空", "value"}, "sign", inspect.Arrived{RawQuery: "merchant_no=M1&sign=", Want: "GET"}},
	} {
		t.Run(row.name+" "+row.param, func(t *testing.T) {
			f, ok := inspect.Missing(row.param, row.came)
			require.True(t, ok)
			row.check(t, f)
		})
	}
	_, ok := inspect.Missing("sign", inspect.Arrived{RawQuery: "merchant_no=M1&time_stamp=1&data=x", Want: "GET"})
	require.False(t, ok, "nothing is known of a parameter that is just not there")
}

// §3.2: yyyyMMddHHmmss in Asia/Shanghai.
func TestStamp(t *testing.T) {
	clock := time.Date(2017, 10, 27, 21, 30, 0, 0, time.FixedZone("", 8*3600))
	for _, s := range []saying{
		{"UTC", "20171027133000", "stamp-utc", "8 hours behind: UTC instead of Asia/Shanghai", "UTC", "Asia/Shanghai"},
		{"8 hours too many", "20171028053012", "stamp-shifted-twice", "8 hours ahead", "快 8 小时", "once"},
		{"hh", "20171027093000", "stamp-12-hours", "12-hour clock", "12 小时制", "HH"},
		{"Tokyo", "20171027223000", "stamp-zone", "UTC+09:00", "UTC+09:00", "Asia/Shanghai"},
		{"New York in summer", "20171027093000", "stamp-12-hours", "12-hour clock", "12 小时制", "HH"},
		{"India", "20171027190000", "stamp-zone", "UTC+05:30", "UTC+05:30", "Asia/Shanghai"},
		{"MM for mm", "20171027211010", "stamp-month-for-minute", "MM for mm", "月份", "mm"},
		{"milliseconds", "1509111000000", "stamp-unix-milliseconds", "Unix milliseconds", "毫秒", "20171027213000"},
		{"seconds", "1509111000", "stamp-unix-seconds", "Unix seconds", "秒", "20171027213000"},
		{"with milliseconds", "20171027213000123", "stamp-milliseconds", "milliseconds", "毫秒", "20171027213000"},
		{"no seconds", "201710272130", "stamp-seconds-missing", "seconds are missing", "缺少秒", "yyyyMMddHHmmss"},
		{"readable", "2017-10-27 21:30:00", "stamp-format", "separators", "分隔符", "digits"},
		{"no such month", "20171327213000", "stamp-no-such-time", "no such day", "没有这样的日期", "yyyyMMddHHmmss"},
		{"YYYY at the end of the year", "20181027213000", "stamp-year", "year ahead", "快一年", "yyyy"},
	} {
		t.Run(s.name, func(t *testing.T) {
			f, ok := inspect.Stamp(s.given, clock)
			require.True(t, ok)
			s.check(t, f)
		})
	}
	f, ok := inspect.Stamp("20171027091700", clock)
	require.True(t, ok)
	require.Equal(t, "stamp-old", f.Kind, "13 minutes and some hours are those of no zone")
	f, ok = inspect.Stamp("20071027091700", clock)
	require.True(t, ok)
	require.Equal(t, "stamp-year", f.Kind, "ten years are no slow clock")
}

func TestPlate(t *testing.T) {
	for _, s := range []saying{
		{"a middle dot", "渝A·TX061", "plate-separator", "character 3 is U+00B7", "第 3 个字符是 U+00B7", "渝ATX061"},
		{"a zero-width space", "渝\u200bATX061", "plate-invisible", `U+200B, invisible; the plate is ` + "`渝\\u200bATX061`", "不可见", "渝ATX061"},
		{"a byte order mark", "\uFEFF渝ATX061", "plate-invisible", "U+FEFF", "U+FEFF", "渝ATX061"},
		{"full width", "渝ＡＴＸ０６１", "plate-full-width", "U+FF21", "U+FF21", "渝ATX061"},
		{"an ideographic space", "渝　ATX061", "plate-space", "U+3000", "U+3000", "渝ATX061"},
		{"a hyphen", "渝A-TX061", "plate-separator", "U+002D", "U+002D", "渝ATX061"},
		{"the letter O", "渝AO0061", "plate-letter", "`O`", "`O`", "digits"},
		{"a question mark", "?ATX061", "characters-replaced", "U+003F", "U+003F", "UTF-8"},
		{"mojibake", "æ¸\u009dATX061", "mojibake", "encoded twice", "编码了两次", "UTF-8"},
		{"masked", "渝****61", "plate-masked", "`*`", "`*`", "whole plate"},
		{"no province", "ATX061", "plate-province", "`A`", "省份", "渝"},
		{"in quotes", `"渝ATX061"`, "value-quoted", "渝ATX061", "引号", "渝ATX061"},
		{"its colour behind it", "渝ATX061蓝", "plate-color", "渝ATX061蓝", "颜色", "plateColor"},
		{"the province twice", "渝渝ATX061", "plate-province", "渝渝ATX061", "两次", "渝ATX061"},
		{"the province in Latin letters", "YUATX061", "plate-province", "`YU`", "省份简称", "渝"},
		{"a character that looks like the province's", "⾡ATX061", "plate-province", "U+2FA1", "U+2FA1", "渝"},
		{"a suffix before the end", "渝A学1234", "plate-character", "character 3 is `学`", "第 3 个字符是 `学`", "only the last"},
		{"a province at the end", "渝ATX061渝", "plate-character", "character 8 is `渝`", "第 8 个字符是 `渝`", "only the last"},
		{"应急 behind three digits", "京A123应急", "plate-character", "character 6 is `应`", "第 6 个字符是 `应`", "four digits"},
		{"a digit in place of the letter", "渝1TX061", "plate-character", "character 2 is `1`", "第 2 个字符是 `1`", "a letter"},
		{"a picture", "渝😀TX061", "plate-character", "character 2 is `😀`", "第 2 个字符是", "a letter"},
		{"one letter", "A", "plate-character", "character 1 is `A`", "第 1 个字符是 `A`", "province"},
		{"traditional", "蘇A12345", "plate-traditional", "蘇", "繁体", "simplified"},
	} {
		t.Run(s.name, func(t *testing.T) {
			f, ok := inspect.Plate(s.given)
			require.True(t, ok)
			s.check(t, f)
		})
	}
	_, ok := inspect.Plate("渝ATX061")
	require.False(t, ok)
}

func TestAmount(t *testing.T) {
	for _, row := range []struct{ given, due, kind string }{
		{"1000", "10", "amount-in-fen"}, {"1000.00", "10", "amount-in-fen"}, {"0.1", "10", "amount-divided"}, {"550", "5.5", "amount-in-fen"},
	} {
		f, ok := inspect.Amount(row.given, row.due)
		require.True(t, ok)
		require.Equal(t, row.kind, f.Kind)
		require.Contains(t, f.Fix, row.due)
	}
	_, ok := inspect.Amount("8", "10")
	require.False(t, ok)
}

func TestSealed(t *testing.T) {
	const length = 16
	for _, s := range []saying{
		{"+ became a space", "ab cd/efghijklmn", "sealed-plus-lost", "character 3", "第 3 个字符", "%2B"},
		{"truncated", "ab+cd/ef", "sealed-truncated", "8 characters, 16 were issued", "8 个字符", "16"},
		{"URL-encoded", "ab%2Bcd%2Fefghijklmn", "sealed-url-encoded", "URL-encoded", "URL 编码", "as it is"},
		{"backslashes", `ab+cd\/efghijklmn`, "sealed-backslashes", "backslashes", "反斜杠", "orderunpay"},
		{"in quotes", `"ab+cd/efghijklmn"`, "sealed-framed", "18 characters, 16", "18 个字符", "orderunpay"},
		{"a space behind it", "ab+cd/efghijklmn ", "sealed-framed", "17 characters, 16", "17 个字符", "orderunpay"},
		{"Base64 of Base64", "YWIrY2QvZWZnaGlqa2xtbg==", "sealed-encoded", "once more", "又做了一次", "orderunpay"},
		{"in hex", "69bf9c77f79f82389a8a9f69bf9c77f7", "sealed-encoded", "in hex", "十六进制", "orderunpay"},
		{"unset", "undefined", "value-unset", "without a value", "未赋值", "orderunpay"},
		{"line ends", "ab+cd/ef\r\nghijklmn", "sealed-line-ends", "line ends", "换行", "one line"},
	} {
		t.Run(s.name, func(t *testing.T) {
			f, ok := inspect.Sealed(s.given, length)
			require.True(t, ok)
			s.check(t, f)
		})
	}
}

// §10: a merchant answers with the number code 0.
func TestAnswer(t *testing.T) {
	for _, s := range []saying{
		{"a byte order mark", "\uFEFF{\"code\":0,\"message\":\"ok\"}", "answer-bom", "EF BB BF", "EF BB BF", "without a byte order mark"},
		{"HTML", "<!DOCTYPE html><html>", "answer-html", "HTML page", "HTML 页面", "login"},
		{"success", "success", "answer-word", "the word success", "success", `"code":0`},
		{"code as text", `{"code":"0"}`, "answer-code-text", `code is "0"`, `code 的值是 "0"`, "quotes"[:0] + `"code":0`},
		{"empty", "", "answer-empty", "empty", "为空", `"code":0`},
		{"200", `{"code":200}`, "answer-code-not-0", "200", "200", "not 200"},
		{"a signature refused", `{"code":4,"message":"签名校验非法"}`, "answer-code-not-0", "code is 4", "code 的值是 4", "hashed another text"},
		{"another name", `{"status":0}`, "answer-code-missing", "status", "status", `"code":0`},
		{"a list", `[0]`, "answer-not-json", "array", "数组", `"code":0`},
		{"XML", "<xml><return_code>SUCCESS</return_code></xml>", "answer-xml", "XML", "XML", `"code":0`},
		{"GBK", "{\"code\":0,\"message\":\"\xb3\xc9\xb9\xa6\"}", "answer-charset", "not UTF-8", "UTF-8", `"code":0`},
		{"quoted", `"{\"code\":0}"`, "answer-quoted", "marshalled twice", "两次", "once"},
		{"null", `{"code":null}`, "answer-code-not-a-number", "null", "null", `"code":0`},
	} {
		t.Run(s.name, func(t *testing.T) {
			f, ok := inspect.Answer([]byte(s.given))
			require.True(t, ok)
			s.check(t, f)
		})
	}
	_, ok := inspect.Answer([]byte(`{"code":0,"message":"ok"}`))
	require.False(t, ok)
}

// §9: the paths there are.
func TestPath(t *testing.T) {
	const prefix = "/merchant/open/1.0.0/openapi/"
	names := []string{"usersigin", "userlogin", "bindcar", "unbindcar", "orderunpay", "carnum"}
	for given, want := range map[string]string{
		prefix + "usersigin/":                   "usersigin",
		prefix + "usersignin":                   "usersigin",
		"/usersigin":                            "usersigin",
		"/merchant/open/usersigin":              "usersigin",
		"//merchant/open/1.0.0//bindcar":        "bindcar",
		prefix + "/" + prefix + "bindcar":       "bindcar",
		prefix + "BindCar":                      "bindcar",
		prefix + "bindcar.do":                   "bindcar",
		prefix + "bind_car":                     "bindcar",
		prefix + "orderUnPay%20":                "orderunpay",
		"/merchant/open/1.0.0/openapi/bindcars": "bindcar",
	} {
		f, ok := inspect.Path(given, prefix, names)
		require.True(t, ok, given)
		require.Contains(t, f.Detail, prefix+want, given)
		require.Contains(t, f.DetailZh, prefix+want)
	}
	_, ok := inspect.Path("/favicon.ico", prefix, names)
	require.False(t, ok)
}

func TestNotEncoded(t *testing.T) {
	for raw, want := range map[string]bool{`{"a":1}`: true, url.QueryEscape(`{"a":1}`): false, "%7B%22a%22%3A渝%7D": true, "100%": true, "abc+def": false} {
		require.Equal(t, want, inspect.NotEncoded(raw), raw)
	}
}
