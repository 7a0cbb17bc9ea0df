package diagnosetest

import (
	"encoding/base64"
	"fmt"
	"net/url"
	"strconv"
	"strings"

	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/simplifiedchinese"
)

// FromTheField are requests of clients that were seen in the field: values that were not there yet, amounts that floating-point arithmetic has left, hashes printed byte by byte, text in the
// charsets of other machines, separators behind the last part.
func FromTheField(no, key, stamp string) []Request {
	c := client{no, key, stamp}
	all := append(c.lostValues(), c.amounts()...)
	all = append(all, c.byteByByte()...)
	return append(append(all, c.otherMachines()...), c.separated()...)
}

const fieldPaid = `{"token":"t1","orderId":"9E2F1B7C","payment":30,"payTime":"2017-10-27 09:30:00","appId":""}`

// otherwise is fieldPaid with another value in the place of one.
func otherwise(old, value string) string { return strings.Replace(fieldPaid, old, value, 1) }

func (c client) lostValues() []Request {
	const empty = `"appId":""`
	signed := func(name, sent, signed string) Request {
		return c.signs(name, "value-unset", sent, c.of(signed))
	}
	arrives := func(name, kind, signed, arrived string) Request {
		return c.damaged(name, kind, signed, url.QueryEscape(arrived), arrived)
	}
	lower := strings.ToLower(bound)
	return []Request{
		signed(`str(None) signed, "" sent`, fieldPaid, otherwise(empty, `"appId":"None"`)).says("signed without its value|appId|`None", "签名时没有值|字段 appId", "Set every field", "先给所有字段赋值"),
		signed(`None signed bare, "" sent`, fieldPaid, otherwise(empty, `"appId":None`)),
		signed(`"undefined" signed, the value sent`, fieldPaid, otherwise(`"9E2F1B7C"`, `"undefined"`)).says("signed without its value|orderId|`undefined", "签名时没有值|字段 orderId", "marshal once", "只序列化一次"),
		signed(`null signed, the value sent`, fieldPaid, otherwise(`"9E2F1B7C"`, "null")),
		signed(`nothing signed, the value sent`, fieldPaid, otherwise(`"9E2F1B7C"`, `""`)),
		signed(`an amount of 0 signed`, fieldPaid, otherwise("30", "0")),
		signed(`"null" signed, null sent`, otherwise(empty, `"appId":null`), otherwise(empty, `"appId":"null"`)),
		c.signs("json.dumps(json.dumps(d))", "data-quoted", bound, c.of(`"`+strings.ReplaceAll(escapedAll(bound, false), `"`, `\"`)+`"`)).says("marshalled twice", "序列化了两次", "Marshal once", "只序列化一次"),
		signed("Go's <nil>", fieldPaid, otherwise(empty, `"appId":"<nil>"`)),
		arrives(`"None" sent, "" signed`, "value-unset", fieldPaid, otherwise(empty, `"appId":"None"`)).says("sent as what a language prints|appId was sent as `None`", "未赋值变量打印出来的文本|appId 发送的是 `None`", "marshal the object", "序列化对象"),
		arrives(`"undefined" sent, null signed`, "value-unset", otherwise(empty, `"appId":null`), otherwise(empty, `"appId":"undefined"`)),
		arrives("undefined sent bare", "value-unset", otherwise(empty, `"appId":null`), otherwise(empty, `"appId":undefined`)).says("undefined", "undefined", "by hand", "手工"),
		arrives("data in lower case", "text-case", bound, lower).says("turned into one case|signed `Number", "统一转成了大写或小写|签名的是 `Number", "toLowerCase", "toLowerCase"),
		arrives("data in upper case", "text-case", bound, strings.ToUpper(bound)).says("turned into one case", "统一转成了大写或小写", "toLowerCase", "toLowerCase"),
		arrives("a value in mixed case in lower case", "unknown", otherwise("9E2F1B7C", "9E2f1b7C"), strings.ToLower(fieldPaid)).says("letters of the name `orderid` are in another case than those of orderId", "字段名 `orderid` 的大小写与 orderId 不同", "toLowerCase", "toLowerCase"),
	}
}

func (c client) amounts() (all []Request) {
	for _, n := range []struct{ sent, signed string }{
		{"30", "30.000000000000004"},
		{"30", "29.999999999999996"},
		{"0.3", "0.30000000000000004"},
		{"0.3", "3E-1"},
		{"30", "3.0E1"},
		{"30", `"3E+1"`},
		{`"30"`, `"3E+1"`},
		{`"10000000"`, `"1.0E7"`},
		{"10000000", `"10,000,000.00"`},
		{"1000", "1,000"},
		{"5.1", "5.099999904632568"},
		{"5.1", "5.0999999999999996447286321199499070644378662109375"},
		{"30", `"¥30.00"`},
		{"30", "30.0f"},
		{`"30元"`, "30"},
		{`"1,000.00"`, "1000.00"},
	} {
		all = append(all, c.signs(n.sent+" sent, "+n.signed+" signed", "number-rewritten", otherwise("30", n.sent), c.of(otherwise("30", n.signed))))
	}
	all[0] = all[0].says("floating-point arithmetic|payment was signed as `30.000000000000004`, and sent as `30`", "浮点运算|payment 签名的是 `30.000000000000004`，发送的是 `30`", "BigDecimal", "BigDecimal")
	for _, n := range []struct{ arrived, signed string }{{"1,000", "1000"}, {"+30", "30"}, {"030", "30"}, {"30f", "30"}, {".3", "0.3"}, {"0,3", "0.3"}, {"30.0d", "30"}} {
		arrived := otherwise("30", n.arrived)
		all = append(all, c.damaged(n.arrived+" sent, which is no JSON", "number-rewritten", otherwise("30", n.signed), url.QueryEscape(arrived), arrived).says("form that JSON does not have|payment", "不是 JSON 的写法|payment", "thousands", "千位分隔符"))
	}
	return append(all,
		c.signs("fen as a double leaves them", "amount-in-fen", otherwise("30", "19.99"), c.of(otherwise("30", "1998.9999999999998"))),
		c.signs("fen cut off", "amount-in-fen", otherwise("30", "19.99"), c.of(otherwise("30", "1998"))),
		c.signs("fen sent as a double leaves them", "amount-in-fen", otherwise("30", "509.99999999999994"), c.of(otherwise("30", "5.1"))))
}

func (c client) byteByByte() (all []Request) {
	right, swapped := md5Of(bound+c.key+c.stamp), md5Of(bound+c.stamp+c.key)
	numbers := func(digest []byte, separator string, number func(b byte) string) string {
		var each []string
		for _, b := range digest {
			each = append(each, number(b))
		}
		return strings.Join(each, separator)
	}
	plain := func(b byte) string { return strconv.Itoa(int(b)) }
	signed := func(b byte) string { return strconv.Itoa(int(int8(b))) } //nolint:gosec // the sign is what Java prints
	padded := func(b byte) string { return fmt.Sprintf("%03d", b) }
	octal := func(b byte) string { return fmt.Sprintf("%03o", b) }
	for name, sign := range map[string]string{
		"Arrays.toString(digest)": "[" + numbers(right, ", ", signed) + "]", "a Uint8Array joined": numbers(right, ",", plain), "bytes in decimals, joined by nothing": numbers(right, "", plain), "signed bytes, joined by nothing": numbers(right, "", signed),
		"bytes joined by -": numbers(right, "-", plain), "signed bytes joined by -": numbers(right, "-", signed), "fmt.Sprint(digest)": "[" + numbers(right, " ", plain) + "]", "bytes in three decimals": numbers(right, "", padded), "bytes in three octal digits": numbers(right, "", octal),
		"JSON.stringify(buffer)": `{"type":"Buffer","data":[` + numbers(right, ",", plain) + "]}", "bytes as 0x0a in a list": "[" + numbers(right, ", ", func(b byte) string { return fmt.Sprintf("0x%02x", b) }) + "]",
		"bytes as 0x0A": numbers(right, "", func(b byte) string { return fmt.Sprintf("0x%02X", b) }), "repr(digest)": "b'" + numbers(right, "", func(b byte) string { return fmt.Sprintf(`\x%02x`, b) }) + "'",
	} {
		all = append(all, c.signs(name, "sign-bytes", bound, sign).says("bytes of the hash themselves, or their numbers|begins with", "原始字节|开头", "32 hex digits", "32 位大写十六进制"))
	}
	for name, sign := range map[string]string{
		"Arrays.toString(digest), the key last": "[" + numbers(swapped, ", ", signed) + "]", "bytes joined by nothing, the key last": numbers(swapped, "", plain),
	} {
		all = append(all, c.signs(name, "sign-bytes+key-stamp-swapped", bound, sign))
	}
	return append(all, c.signs("Base64 in upper case", "base64", bound, strings.ToUpper(base64.StdEncoding.EncodeToString(right))).says("base64|turned into one case", "base64|统一转成了大写或小写", "hex", "十六进制"))
}

// otherMachines are clients whose machine has another charset.
func (c client) otherMachines() (all []Request) {
	const city = `{"token":"t","plateNumber":"渝ATX061","city":"臺北市停車場"}`
	big5 := strings.NewReplacer("渝", "\xb4\xfc", "臺", "\xbb\x4f", "北", "\xa5\x5f", "市", "\xa5\xab", "停", "\xb0\xb1", "車", "\xa8\xae", "場", "\xb3\xf5").Replace(city) // as Windows has it
	iso2022, _ := japanese.ISO2022JP.NewEncoder().String(city)
	hz, _ := simplifiedchinese.HZGB2312.NewEncoder().String(bound)
	arrives := func(name, signed, arrived string) Request {
		return c.damaged(name, "form-charset", signed, url.QueryEscape(arrived), arrived)
	}
	java := `%FE%FF%00%7B%00%22token%FE%FF%00%22%00%3A%00%22t+u%FE%FF%00%22%00%2C%00%22plateNumber%FE%FF%00%22%00%3A%00%22%6E%1DATX061%FE%FF%00%22%00%7D` // as OpenJDK 17 writes it
	readAsUTF8, _ := url.QueryUnescape(java)
	return append(all,
		c.damaged("URLEncoder.encode(data, \"UTF-16\")", "form-charset", `{"token":"t u","plateNumber":"渝ATX061"}`, java, readAsUTF8).says("form is in UTF-16", "表单是 UTF-16BE 编码", "UTF-8", "UTF-8"),
		c.signs("a machine in traditional Chinese", "other-charset", city, c.of(big5)).says("hashed in Big5|plateNumber", "按 Big5 字节求了哈希|plateNumber", "getBytes", "getBytes"),
		c.signs("simplified characters on such a machine", "other-charset", `{"plateNumber":"渝ATX061","city":"广州市"}`, c.of("{\"plateNumber\":\"\xb4\xfcATX061\",\"city\":\"?\xa6{"+"\xa5\xab\"}")).says("with ? in the place", "都成了 ?", "getBytes", "getBytes"),
		c.signs("Big5, the key last", "other-charset+key-stamp-swapped", city, MD5(big5+c.stamp+c.key)),
		c.signs("Big5, in lower case", "lower-case+other-charset", city, strings.ToLower(c.of(big5))),
		c.signs("ISO-2022-JP hashed", "other-charset", city, c.of(iso2022)),
		c.signs("HZ hashed", "other-charset", bound, c.of(hz)),
		c.signs("data hashed in UTF-32", "other-charset", bound, c.of(wide32(bound))),
		arrives("a form in Big5 of a simplified plate", city, big5).says("form is in Big5|plateNumber", "Big5 编码|plateNumber", "UTF-8", "UTF-8"),
		arrives("a form in ISO-2022-JP", city, iso2022).says("form is in ISO-2022-JP", "表单是 ISO-2022-JP 编码", "UTF-8", "UTF-8"),
		arrives("a form in HZ", bound, hz).says("form is in HZ-GB2312", "表单是 HZ-GB2312 编码", "UTF-8", "UTF-8"),
		arrives("a form in UTF-32", bound, wide32(bound)).says("form is in UTF-32", "表单是 UTF-32 编码", "UTF-8", "UTF-8"),
		arrives("a form in UTF-32 with its mark", bound, "\xff\xfe\x00\x00"+wide32(bound)),
		arrives("a form in UTF-16 with its mark", bound, "\xff\xfe"+wide(bound)))
}

func (c client) separated() (all []Request) {
	k, t := c.key, c.stamp
	for text, kind := range map[string]string{
		bound + "&" + k + "&" + t + "&": "ampersand-joined", "&" + bound + "&" + k + "&" + t: "ampersand-joined", bound + "&" + t + "&" + k + "&": "ampersand-joined", "data=" + bound + "&key=" + k + "&time_stamp=" + t + "&": "ampersand-joined",
		bound + "|" + k + "|" + t + "|": "separator-joined", "|" + bound + "|" + k + "|" + t + "|": "separator-joined", bound + "," + k + "," + t + ",": "separator-joined", bound + "、" + k + "、" + t: "separator-joined",
		"('" + bound + "', '" + k + "', '" + t + "')": "separator-joined", bound + "|" + k + t: "separator-joined", "$data$key$time_stamp": "variables-not-replaced", "data+merchant_key+time_stamp": "variables-not-replaced",
	} {
		name := strings.NewReplacer(bound, "data", k, "key", t, "stamp").Replace(text)
		all = append(all, c.signs("the text "+name, kind, bound, MD5(text)))
	}
	year, _ := strconv.Atoi(t[:4])
	for _, stamp := range []string{strconv.Itoa(year-1911) + t[4:], fmt.Sprintf("%04d", year-1911) + t[4:], strconv.Itoa(year+543) + t[4:], fmt.Sprintf("民國%d年%s月%s日 %s:%s:%s", year-1911, t[4:6], t[6:8], t[8:10], t[10:12], t[12:])} {
		all = append(all, c.signs("a stamp of another calendar: "+stamp, "stamp-format", bound, MD5(bound+k+stamp)).says("another format|"+stamp, "格式不同|"+stamp, "very text", "完全相同的文本"))
	}
	return all
}
