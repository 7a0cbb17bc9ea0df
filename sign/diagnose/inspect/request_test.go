package inspect_test

import (
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/sign/diagnose/inspect"
)

// What a form, a query or the headers show of a parameter that is not there.
func TestMissing_fromWhatElseCame(t *testing.T) {
	t.Parallel()
	const formType = "application/x-www-form-urlencoded"
	form := func(body string) inspect.Arrived { return inspect.Arrived{Body: body, ContentType: formType} }
	for _, row := range []struct {
		saying
		param string
		came  inspect.Arrived
	}{
		{saying{"Content-Encoding", "", "body-compressed", "compressed (br)", "压缩的（br）", "Content-Encoding"}, "sign", inspect.Arrived{Body: "\x8b\x02", Encoding: "BR", ContentType: formType}},
		{saying{"gzip without saying so", "", "body-compressed", "compressed (gzip)", "压缩的（gzip）", "compression"}, "sign", form("\x1f\x8b\x08\x00")},
		{saying{"UTF-16", "", "body-charset", "UTF-16", "UTF-16", "Encoding.UTF8"}, "merchant_no", form("m\x00e\x00r\x00c\x00h\x00")},
		{saying{"multipart as a form", "", "body-multipart", "multipart/form-data", "multipart/form-data", "URLSearchParams"}, "sign", form("--x\r\nContent-Disposition: form-data")},
		{saying{"multipart without parts", "", "body-multipart", "Content-Type is multipart/form-data", "multipart/form-data", "curl -d"}, "sign", inspect.Arrived{Body: "x", ContentType: "Multipart/Form-Data; boundary=x"}},
		{saying{"JSON in a GET's body", "", "parameters-in-body", "JSON in its body", "把 JSON 放在了请求体里", "/carnum?merchant_no=…"}, "sign", inspect.Arrived{Body: ` {"sign":"x"}`, Want: "GET", Path: "/carnum"}},
		{saying{"no content type", "", "body-content-type", "without a Content-Type", "没有带 Content-Type", "Content-Type: application/x-www-form-urlencoded"}, "sign", inspect.Arrived{Body: "merchant_no=M1"}},
		{saying{"JSON as the name of a parameter", "", "body-json", "Content-Type says form", "写的是表单", "belongs into data"}, "sign", inspect.Arrived{RawQuery: url.QueryEscape(`{"token":"t"}`) + "="}},
		{saying{"semicolons", "", "parameter-separator", "`;` stands between", "参数之间用的是 `;`", "&"}, "time_stamp", form("merchant_no=M1;time_stamp=1;sign=x")},
		{saying{"a header", "", "parameter-in-header", "header X-Sign", "请求头 X-Sign", "form"}, "sign", inspect.Arrived{RawQuery: "merchant_no=M1&data=x", HeaderNames: []string{"Accept", "X-Token", "X-Sign"}, Want: "GET"}},
		{saying{"a bearer's token", "", "parameter-in-header", "a header Authorization", "请求头 Authorization", "in the form"}, "sign", inspect.Arrived{RawQuery: "merchant_no=M1&data=x", HeaderNames: []string{"Authorization"}, Want: "GET"}},
		{saying{"inside of data", "", "parameter-in-data", "member sign", "成员 sign", "side by side"}, "sign", form("data=" + url.QueryEscape(`{"token":"t","sign":"x"}`))},
		{saying{"two names for it inside of data", "", "parameter-in-data", "member merchantNo", "成员 merchantNo", "side by side"}, "merchant_no", form("data=" + url.QueryEscape(`{"merchant_no":"1","merchantNo":"2"}`))},
		{saying{"a body that ends in data", "", "data-cut", "`\"}` is missing", "缺少 `\"}`", "Content-Length"}, "sign", form("merchant_no=M1&data={\"token\":\"t")},
		{saying{"a bare # in a URL", "", "data-cut", "with it", "也在其中", "# is %23"}, "sign", inspect.Arrived{RawQuery: `merchant_no=M1&data={"note":"`, Want: "GET"}},
		{saying{"data that is empty", "", "parameter-empty", "data is there, and empty", "data 存在，但为空", "querystring"}, "data", form("merchant_no=M1&data=&sign=x")},
		{saying{"fields of data side by side", "", "data-flattened", "token, plateNumber", "token、plateNumber", `data={"token":"…"}`}, "data", form("merchant_no=M1&token=t&plateNumber=x&sign=y")},
		{saying{"names of something else", "", "parameter-unknown", "other names are there: apples, pears", "apples、pears", "merchant_no=…"}, "sign", form("apples=1&pears=2")},
		{saying{"nothing at all", "", "parameters-missing", "no parameter at all", "没有任何参数", "Content-Length"}, "merchant_no", inspect.Arrived{Want: "POST"}},
		{saying{"white space before a name", "", "parameter-name", "white space stands around the name ` sign`", "前后有空白", "behind &"}, "sign", form("merchant_no=M1& sign=x")},
		{saying{"a question mark", "", "question-mark", "question mark", "问号", "URL has one"}, "merchant_no", inspect.Arrived{RawQuery: "?merchant_no=M1", Want: "GET"}},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			for range 8 { // the same each time, whatever the order of a map
				f, ok := inspect.Missing(row.param, row.came)
				require.True(t, ok)
				row.check(t, f)
			}
		})
	}
}

// kinds are those of findings, in their order.
func kinds(found []inspect.Finding) (all []string) {
	for _, f := range found {
		all = append(all, f.Kind)
	}
	return all
}

// Of an envelope each parameter that is not there is said once, and the time stamp where it is none.
func TestEnvelope(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		query, body, stamp string
		kinds              []string
	}{
		{"merchant_no=M1&time_stamp=1&data=x&sign=y", "", "20171027213000", nil},
		{"", "merchant_no=M1&time_stamp=1&data=x&sign=y", "", nil},
		{"merchantNo=M1&timeStamp=1&data=x&Sign=y", "", "", []string{"parameter-name", "parameter-name", "parameter-name"}},
		{"a=merchant", "a=merchant", "2017-10-27 21:30:00", []string{"parameter-unknown", "stamp-format"}},
		{"", `{"merchant_no":"M1"}`, "", []string{"body-json"}},
		{"", "", "20171327213000", []string{"stamp-no-such-time"}},
		{"", "", "soon", nil},
	} {
		require.Equal(t, row.kinds, kinds(inspect.Envelope(row.query, row.body, row.stamp)), "%+v", row)
	}
}

// Of data it is said how it was sent, which of its members have other names, and which values have a wrong form, each with its field.
func TestContent(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		data, raw string
		kinds     []string
	}{
		{`{"token":"t","plateNumber":"渝ATX061","payment":8.5,"payTime":"2017-10-27 09:30:00","lat":"29.563","radius":"500"}`, "", nil},
		{`{"token":"t"}`, `%7B"token":"t"}`, []string{"data-not-url-encoded"}},
		{`[1]`, "[1]", []string{"data-not-url-encoded", "data-array"}},
		{`{"mobile":"+8613800000001","x":1,"plate_number":"x"}`, "", []string{"field-name", "field-name"}},
		{`{"params":{"token":"t"},"other":{"a":1}}`, "", []string{"field-nested"}},
		{`{"mobilePhone":"+8613800000001","plateColor":"蓝","payment":"8.000","carFrameNum":"x","lat":"106.5","lon":"x","radius":"2"}`, "", []string{"phone-prefix", "color-in-words", "amount-places", "vin-length", "coordinate-swapped", "coordinate-not-a-number", "radius-kilometres"}},
		{`{"payTime":"2017-10-27","verificationInfo":"a b","plateNumber":"渝A·12345"}`, "", []string{"plate-separator", "time-format", "sealed-truncated"}},
		{`{"token":null,"payment":true,"mobilePhone":"","plateColor":[]}`, "", nil},
		{"{" + strings.Repeat(`"mobile":1,`, 1) + `"a":1}` + strings.Repeat(" ", 1<<17), "", nil},
	} {
		found := inspect.Content(row.data, row.raw)
		if len(row.data) > 1<<16 {
			require.Empty(t, found, "too large to be looked at")
			continue
		}
		require.Equal(t, row.kinds, kinds(found), row.data)
	}
	found := inspect.Content(`{"payment":"8.000"}`, "")
	require.Len(t, found, 1)
	require.True(t, strings.HasPrefix(found[0].Evidence, "data.payment: "), found[0].Evidence)
	require.True(t, strings.HasPrefix(found[0].EvidenceZh, "data.payment："), found[0].EvidenceZh)
	raw := inspect.Content(`{"a":1}`, `%7B%22a%22:1}`)
	require.Contains(t, raw[0].Evidence, "byte 13", "where it was not encoded first")
}

// A merchant_no that is unknown says which known one was meant (§3.1).
func TestMerchant(t *testing.T) {
	t.Parallel()
	known := func(no string) bool { return no == "M1001" || no == "m2" }
	for _, s := range []saying{
		{"a list", "M1001,M1001", "merchant-no-twice", "more than one", "不止一个", "M1001"},
		{"white space", " M1001\n", "merchant-no-padded", "byte 1 is", "第 1 字节", "M1001"},
		{"quotes", `"M1001"`, "merchant-no-padded", "quotes", "引号", "M1001"},
		{"full width", "Ｍ１００１", "merchant-no-full-width", "full-width", "全角", "M1001"},
		{"lower case", "m1001", "merchant-no-case", "another case", "大小写", "M1001"},
		{"upper case", "M2", "merchant-no-case", "another case", "大小写", "m2"},
		{"a placeholder", "${MERCHANT_NO}", "merchant-no-unset", "placeholder", "占位", "setting"},
		{"an example", "your_merchant_no", "merchant-no-unset", "placeholder", "占位", "setting"},
	} {
		f, ok := inspect.Merchant(s.given, known)
		require.True(t, ok, s.name)
		s.check(t, f)
	}
	for _, given := range []string{"M9", strings.Repeat(" ", 300) + "M1001", ""} {
		_, ok := inspect.Merchant(given, known)
		require.False(t, ok, given)
	}
	saying{"its key", "", "merchant-no-is-key", "key of merchant M1 was sent", "商户 M1 的密钥", "merchant_no=M1"}.check(t, inspect.MerchantIsKey("M1"))
}

// Data, amounts and answers that only the rarest slips make.
func TestData_rare(t *testing.T) {
	t.Parallel()
	for _, s := range []saying{
		{"an invisible character between", "{\u00a0\"a\":1}", "data-not-json", "invisible", "不可见", "copied"},
		{"a comment", "{\"a\":1, // x\n\"b\":2}", "data-not-json", "comment", "注释", "Take the comment out"},
		{"NaN", `{"a":NaN}`, "data-not-json", "NaN or Infinity", "NaN 或 Infinity", "check the amount"},
		{"no charset of China", "{\"a\":\"\xff\xfe\xff\"}", "form-charset", "byte 7 is FF", "第 7 字节是 FF", "UTF-8"},
		{"a Go map", "map[a:1]", "go-map", "Go map", "Go map", "json.Marshal"},
		{"a Java object", "com.etcp.BindCar@1b6d3586", "java-object", "Java object", "Java 对象", "JSON.toJSONString"},
		{"a .NET type", "System.Collections.Hashtable", "dotnet-type", ".NET", ".NET", "Serialize"},
		{"undefined", "undefined", "javascript-undefined", "without a value", "undefined", "JSON.stringify"},
		{"a PHP array", "Array", "php-array", "PHP", "PHP", "json_encode"},
	} {
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			s.check(t, inspect.Data(s.given))
		})
	}
	for _, s := range []saying{
		{"an echo behind it", `{"code":0} debug`, "answer-trailing", "`debug`", "`debug`", "once"},
		{"no code", `{"message":"ok"}`, "answer-code-missing", "its fields are message", "它的字段是 message", `"code":0`},
		{"two that might be it", `{"success":true,"status":0,"errcode":0}`, "answer-code-missing", "errcode is 0", "errcode", `"code":0`},
	} {
		for range 8 {
			f, ok := inspect.Answer([]byte(s.given))
			require.True(t, ok)
			s.check(t, f)
		}
	}
	for _, s := range []saying{
		{"HTML", "ab&#43;cd/efghijkl", "sealed-html-escaped", "HTML", "HTML", "orderunpay"},
		{"base64url", "ab-cd_efghijklmn", "sealed-base64url", "- and _", "-、_", "orderunpay"},
		{"one case", "ABCDEFGHIJKLMNOP", "sealed-case", "one case", "大小写", "orderunpay"},
		{"longer", "aBcdefghijklmnopq", "sealed-longer", "17 characters, 16 were issued", "17 个字符", "orderunpay"},
	} {
		f, ok := inspect.Sealed(s.given, 16)
		require.True(t, ok)
		s.check(t, f)
	}
	_, ok := inspect.Sealed("aBcdefghijklmnop", 16)
	require.False(t, ok)
}

// A name with an object before it, or white space around it, is told from another name.
func TestMissing_namesOfObjects(t *testing.T) {
	for body, says := range map[string]string{
		"req.merchant_no=M1&req.time_stamp=1": "with the name of an object before it; the name is merchant_no",
		"merchant_no = M1&time_stamp=1":       "white space stands around the name `merchant_no `",
	} {
		f, ok := inspect.Missing("merchant_no", inspect.Arrived{Body: body, ContentType: "application/x-www-form-urlencoded", Want: "POST"})
		require.True(t, ok)
		require.Equal(t, "parameter-name", f.Kind)
		require.Contains(t, f.Detail, says)
		require.Regexp(t, `\p{Han}`, f.FixZh)
	}
}
