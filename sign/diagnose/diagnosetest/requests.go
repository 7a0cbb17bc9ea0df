// Package diagnosetest has the mistakes that merchants' clients were seen to make, as the bytes they put on the wire, so that every user of package diagnose can be
// held to all of them.
package diagnosetest

import (
	"crypto/md5"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"net/url"
	"strings"
	"unicode/utf16"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
)

// Request is a request with a wrong signature, as one client sends it.
type Request struct {
	Name  string
	Kinds []string // what a diagnosis names

	// The bytes on the wire. A body has the content type application/x-www-form-urlencoded.
	Query, Body string
	Data        string // the decoded parameter, as a server reads it
	Sign        string

	Says, SaysZh []string // what detail and evidence say
	Fix, FixZh   string   // what the fix says
}

// MD5 is the hash of a text as most clients print it.
func MD5(text string) string {
	sum := md5.Sum([]byte(text))
	return strings.ToUpper(hex.EncodeToString(sum[:]))
}

// bound is the data of a bindcar.
const bound = `{"token":"d970cff4-3811","plateNumber":"渝ATX061","plateColor":"1"}`

// client makes requests of one merchant.
type client struct{ no, key, stamp string }

// signs is a request whose data arrives well, and for which another text was signed.
func (c client) signs(name, kind, data, signature string) Request {
	body := "merchant_no=" + c.no + "&time_stamp=" + c.stamp + "&data=" + url.QueryEscape(data) + "&sign=" + url.QueryEscape(signature)
	return Request{Name: name, Kinds: strings.Split(kind, "+"), Body: body, Data: data, Sign: signature}
}

// of is the signature of a data.
func (c client) of(data string) string { return MD5(data + c.key + c.stamp) }

// damaged is a request whose data arrives otherwise than it was signed: raw is what stands in the form.
func (c client) damaged(name, kind, signed, raw, arrived string) Request {
	r := c.signs(name, kind, arrived, c.of(signed))
	r.Body = "merchant_no=" + c.no + "&time_stamp=" + c.stamp + "&data=" + raw + "&sign=" + r.Sign
	return r
}

func (r Request) says(en, zh, fix, fixZh string) Request {
	r.Says, r.SaysZh, r.Fix, r.FixZh = strings.Split(en, "|"), strings.Split(zh, "|"), fix, fixZh
	return r
}

// Requests are requests of a merchant at an instant.
func Requests(no, key, stamp string) []Request {
	c := client{no, key, stamp}
	var all []Request
	all = append(all, c.broken()...)
	all = append(all, c.foreign()...)
	all = append(all, c.styled()...)
	all = append(all, c.plain()...)
	all = append(all, c.near()...)
	all = append(all, c.rewritten()...)
	all = append(all, c.libraries()...)
	all = append(all, c.changed()...)
	all = append(all, c.printedSent()...)
	all = append(all, c.printedSigned()...)
	all = append(all, c.escapedTexts()...)
	all = append(all, c.further()...)
	all = append(all, c.together()...)
	return append(append(all, c.programs()...), FromTheField(no, key, stamp)...)
}

// broken are those of the first sort: what arrived is damaged, and the signature is right for what was meant.
func (c client) broken() []Request {
	form := url.QueryEscape
	latin := strings.ReplaceAll(bound, "渝", "?")
	gbk, _ := simplifiedchinese.GBK.NewEncoder().String(bound)
	big5, _ := traditionalchinese.Big5.NewEncoder().String(`{"city":"重慶市"}`)
	mojibake, _ := charmap.ISO8859_1.NewDecoder().String(bound)
	western, _ := charmap.Windows1252.NewDecoder().String(`{"plateNumber":"吉A12345"}`)
	asGBK, _ := simplifiedchinese.GB18030.NewDecoder().String(bound)
	escaped := strings.ReplaceAll(bound, `"`, "&quot;")
	amp := `{"token":"t","note":"P&R","n":"1"}`
	plus := `{"verificationInfo":"a+b/c=","token":"t"}`
	percent := `{"note":"100%41 off"}`
	all := []Request{
		c.damaged("Apache HttpClient: new UrlEncodedFormEntity(list), ISO-8859-1", "characters-replaced", bound, form(latin), latin).
			says("characters were replaced by ?|plateNumber", "替换成了 ?|plateNumber", "UTF-8", "UTF-8"),
		c.damaged("the same, the city", "characters-replaced", `{"city":"重庆市"}`, form(`{"city":"???"}`), `{"city":"???"}`).says("city", "city", "UTF-8", "UTF-8"),
		c.damaged("the same, two characters of a plate", "characters-replaced", `{"plateNumber":"渝A1234学"}`, form(`{"plateNumber":"?A1234?"}`), `{"plateNumber":"?A1234?"}`).says("?", "?", "UTF-8", "UTF-8"),
		c.damaged("U+FFFD where a character stood", "characters-replaced", bound, form(strings.ReplaceAll(bound, "渝", "\uFFFD")), strings.ReplaceAll(bound, "渝", "\uFFFD")).says("U+FFFD", "U+FFFD", "UTF-8", "UTF-8"),
		c.damaged("URLEncoder.encode(data, \"GBK\")", "form-charset", bound, form(gbk), gbk).says("the form is in GBK|D3 E5|渝", "GBK|D3 E5|渝", "UTF-8", "UTF-8"),
		c.damaged("a form in GBK whose bytes are UTF-8, too", "form-charset", `{"plateNumber":"鲁ATX061"}`, form("{\"plateNumber\":\"\xc2\xb3ATX061\"}"), "{\"plateNumber\":\"\xc2\xb3ATX061\"}").
			says("the form is in GBK|C2 B3|鲁|³ in UTF-8", "GBK|C2 B3|鲁", "UTF-8", "UTF-8"),
		c.damaged("a form in Big5", "form-charset", `{"city":"重慶市"}`, form(big5), big5).says("form is in", "编码", "UTF-8", "UTF-8"),
		c.damaged("UTF-8 read as ISO-8859-1 and written as UTF-8", "mojibake", bound, form(mojibake), mojibake).says("encoded twice|ISO-8859-1|plateNumber|渝", "编码了两次|plateNumber", "UTF-8", "UTF-8"),
		c.damaged("UTF-8 read as windows-1252", "mojibake", `{"plateNumber":"吉A12345"}`, form(western), western).says("encoded twice|windows-1252|吉", "编码了两次", "UTF-8", "UTF-8"),
		c.damaged("UTF-8 read as GBK", "mojibake", bound, form(asGBK), asGBK).says("encoded twice|GB18030|渝", "编码了两次", "UTF-8", "UTF-8"),
		c.damaged("htmlspecialchars over data", "html-escaped", bound, form(escaped), escaped).says("HTML-escaped|&quot;", "HTML 转义|&quot;", "HTML", "HTML"),
		c.damaged("&#34; over data, sent raw", "html-escaped", `{"a":"1"}`, `{&#34;a&#34;:&#34;1&#34;}`, "{").says("HTML-escaped|&#34;", "HTML 转义|&#34;", "HTML", "HTML"),
		c.damaged("a bare & in data", "data-not-url-encoded", amp, amp, `{"token":"t","note":"P`).says("&|R\",\"n\":\"1\"}", "&|R\",\"n\":\"1\"}", "%26", "%26"),
		c.damaged("a bare & in data, after encodeURI", "data-not-url-encoded", amp, strings.NewReplacer("{", "%7B", "}", "%7D", `"`, "%22").Replace(amp), `{"token":"t","note":"P`).says("&", "&", "%26", "%26"),
		c.damaged("a bare + in data", "data-not-url-encoded", plus, plus, strings.ReplaceAll(plus, "+", " ")).says("without URL encoding|verificationInfo|+", "未做 URL 编码|verificationInfo", "%2B", "%2B"),
		c.damaged("a bare + in data, after encodeURI", "data-not-url-encoded", plus, strings.NewReplacer("{", "%7B", "}", "%7D", `"`, "%22").Replace(plus), strings.ReplaceAll(plus, "+", " ")).says("+", "+", "%2B", "%2B"),
		c.damaged("a bare % in data", "data-not-url-encoded", percent, percent, `{"note":"100A off"}`).says("without URL encoding|%41", "未做 URL 编码|%41", "%25", "%25"),
		c.damaged("a bare % in data whose other characters are escaped", "data-not-url-encoded", percent, strings.ReplaceAll(form(percent), "%25", "%"), `{"note":"100A off"}`).says("without URL encoding|%41", "未做 URL 编码|%41", "%25", "%25"),
		c.damaged("a bare %20 in data whose marks of JSON are escaped by hand", "data-not-url-encoded", `{"note":"100%20 off"}`, strings.NewReplacer("{", "%7B", "}", "%7D", `"`, "%22").Replace(`{"note":"100%20 off"}`), `{"note":"100  off"}`).says("without URL encoding|%20", "未做 URL 编码|%20", "%25", "%25"),
		c.damaged("a byte order mark", "bom", bound, form("\uFEFF"+bound), "\uFEFF"+bound).says("byte order mark", "BOM", "U+FEFF", "U+FEFF"),
		c.damaged("a zero-width space", "invisible-characters", bound, form(strings.ReplaceAll(bound, "渝", "渝\u200b")), strings.ReplaceAll(bound, "渝", "渝\u200b")).says("invisible|\\u200b", "不可见", "invisible", "不可见"),
		c.damaged("addslashes", "backslashes-added", bound, form(strings.ReplaceAll(bound, `"`, `\"`)), strings.ReplaceAll(bound, `"`, `\"`)).says("backslashes", "反斜杠", "addslashes", "addslashes"),
		c.damaged("cmd.exe takes the quotes away", "quotes-lost", bound, form(strings.ReplaceAll(bound, `"`, "")), strings.ReplaceAll(bound, `"`, "")).says("quotes", "引号", "single quotes", "单引号"),
		c.damaged("JavaScript's escape()", "percent-u-escaped", bound, strings.ReplaceAll(form(bound), "%E6%B8%9D", "%u6E1D"), strings.ReplaceAll(bound, "渝", "%u6E1D")).says("escape()|%u6E1D", "escape()", "encodeURIComponent", "encodeURIComponent"),
		c.damaged("Base64 in data", "data-base64", bound, form(base64.StdEncoding.EncodeToString([]byte(bound))), base64.StdEncoding.EncodeToString([]byte(bound))).says("Base64", "Base64", "Base64", "Base64"),
		c.damaged("encoded twice", "data-double-encoded", bound, form(form(bound)), form(bound)).says("once too often", "多做了一次", "once", "一次"),
		c.damaged("line ends turned into CR LF", "line-ends-changed", "{\n\"a\": 1\n}", form("{\r\n\"a\": 1\r\n}"), "{\r\n\"a\": 1\r\n}").says("line ends", "换行", "line ends", "换行"),
		c.cut("Content-Length counts characters", `{"token":"t","plateNumber":"渝ATX061"}`, 2),
		c.cut("Content-Length counts characters, two of them", `{"token":"t","plateNumber":"渝A1234学"}`, 4),
	}
	all = append(all, c.damaged("a column too narrow: data without its end", "data-cut", `{"token":"t","code":"1"}`, form(`{"token":"t","code":"1`), `{"token":"t","code":"1`).
		says("ends early", "提前结束", "Send all of data", "完整的 data"))
	twice := c.signs("data in body and again behind it", "parameter-twice", bound, c.of(`{"a":"2"}`))
	twice.Body += "&data=" + form(`{"a":"2"}`)
	signedTwice := c.signs("sign given twice, the right one behind", "parameter-twice", bound, MD5("?"))
	signedTwice.Body += "&sign=" + c.of(bound)
	all = append(all, signedTwice.says("twice|second sign", "两次|第二个 sign", "once", "一次"))
	return append(all, twice.says("twice|second data", "两次|第二个 data", "once", "一次"))
}

// cut is a raw body that ends n bytes early; its data stands last.
func (c client) cut(name, data string, n int) Request {
	whole := "merchant_no=" + c.no + "&time_stamp=" + c.stamp + "&sign=" + c.of(data) + "&data=" + data
	r := Request{Name: name, Kinds: []string{"content-length-in-characters"}, Body: whole[:len(whole)-n], Data: data[:len(data)-n], Sign: c.of(data)}
	return r.says("ends early|bytes", "提前结束|字节", "Content-Length counts bytes", "Content-Length 是字节数")
}

// foreign are requests signed as other platforms ask, or hashed otherwise.
func (c client) foreign() []Request {
	wide := func(big bool) string {
		var out []byte
		for _, u := range utf16.Encode([]rune(bound + c.key + c.stamp)) {
			if big {
				out = binary.BigEndian.AppendUint16(out, u)
			} else {
				out = binary.LittleEndian.AppendUint16(out, u)
			}
		}
		return MD5(string(out))
	}
	paid := `{"token":"t1","orderId":"9E2F","externalOrderId":"x1","payment":8,"payTime":"2017-10-27 09:30:00","verificationInfo":"A1b2","appId":"ETCP"}`
	shuffled := `{"verificationInfo":"A1b2","orderId":"9E2F","payTime":"2017-10-27 09:30:00","appId":"ETCP","payment":8,"externalOrderId":"x1","token":"t1"}`
	hashtable := `{"payment":8,"orderId":"9E2F","externalOrderId":"x1","verificationInfo":"A1b2","token":"t1","payTime":"2017-10-27 09:30:00","appId":"ETCP"}`
	sorted := "plateColor=1&plateNumber=渝ATX061&token=d970cff4-3811"
	low := MD5(bound + c.key + c.stamp)
	return []Request{
		c.signs("HashMap of Java 8", "hashmap-order", paid, c.of(shuffled)).says("HashMap|first difference at byte 3", "HashMap", "LinkedHashMap", "LinkedHashMap"),
		c.signs("Hashtable", "hashmap-order", paid, c.of(hashtable)).says("Hashtable", "Hashtable", "LinkedHashMap", "LinkedHashMap"),
		c.signs("new HashMap(64)", "hashmap-order", paid, c.of(`{"orderId":"9E2F","payTime":"2017-10-27 09:30:00","appId":"ETCP","payment":8,"verificationInfo":"A1b2","externalOrderId":"x1","token":"t1"}`)),
		c.signs("Gson, Map<String, Object>", "number-as-double", paid, c.of(strings.Replace(paid, ":8,", ":8.0,", 1))).says("double|payment", "double|payment", "Gson", "Gson"),
		c.signs("HashMap and doubles", "number-as-double+hashmap-order", paid, c.of(strings.Replace(shuffled, ":8,", ":8.0,", 1))),
		c.signs("a number quoted", "json-number-quoted", paid, c.of(strings.Replace(paid, ":8,", `:"8",`, 1))).says("quotes|payment", "引号|payment", "not quoted", "不带引号"),
		c.signs("WeChat Pay v2", "wechat-pay-style", bound, MD5(sorted+"&key="+c.key)).says("WeChat Pay", "微信支付", "does not sort", "不排序"),
		c.signs("WeChat Pay v2 over the four parameters", "wechat-pay-style", bound, MD5("data="+bound+"&merchant_no="+c.no+"&time_stamp="+c.stamp+"&key="+c.key)),
		c.signs("WeChat Pay v2 over all fields", "wechat-pay-style", bound, MD5("merchant_no="+c.no+"&"+strings.Replace(sorted, "&token", "&time_stamp="+c.stamp+"&token", 1)+"&key="+c.key)),
		c.signs("Alipay's MD5", "alipay-style", bound, MD5(sorted+c.key)).says("Alipay", "支付宝", "does not sort", "不排序"),
		c.signs("Taobao", "taobao-style", bound, MD5(c.key+"plateColor1plateNumber渝ATX061tokend970cff4-3811"+c.key)).says("Taobao", "淘宝", "does not sort", "不排序"),
		c.signs("MD5 of the MD5, lower case", "md5-twice", bound, MD5(strings.ToLower(low))).says("MD5 of the MD5", "又求了一次 MD5", "once", "一次"),
		c.signs("MD5 of the MD5, upper case", "md5-twice", bound, MD5(low)),
		c.signs("MD5 of data first", "md5-salted-twice", bound, MD5(strings.ToLower(MD5(bound))+c.key+c.stamp)),
		c.signs("Encoding.Unicode", "utf16-encoded", bound, wide(false)).says("UTF-16", "UTF-16", "UTF-8", "UTF-8"),
		c.signs("UTF-16BE", "utf16-encoded", bound, wide(true)),
		c.signs("chars cut to bytes", "low-bytes", bound, MD5(strings.ReplaceAll(bound, "渝", "\x1d")+c.key+c.stamp)),
		c.signs("the text in upper case", "text-case", bound, MD5(strings.ToUpper(bound+c.key+c.stamp))),
		c.signs("HTML-escaped before signing", "html-signed", bound, c.of(strings.ReplaceAll(bound, `"`, "&quot;"))),
		c.signs("the values joined", "values-joined", bound, c.of("d970cff4-3811渝ATX0611")),
		c.signs("sorted, joined by &", "query-joined+keys-sorted", bound, c.of(sorted)),
	}
}

// styled are requests whose data was marshalled a second time for signing.
func (c client) styled() []Request {
	lines := func(end, indent, colon string) string {
		return "{" + end + indent + `"token"` + colon + `"d970cff4-3811",` + end + indent + `"plateNumber"` + colon + `"渝ATX061",` + end + indent + `"plateColor"` + colon + `"1"` + end + "}"
	}
	return []Request{
		c.signs("json.dumps", "json-spaced+json-escaped-unicode", bound, c.of(`{"token": "d970cff4-3811", "plateNumber": "\u6e1dATX061", "plateColor": "1"}`)),
		c.signs("json.dumps, sort_keys", "json-spaced+json-escaped-unicode+keys-sorted", bound, c.of(`{"plateColor": "1", "plateNumber": "\u6e1dATX061", "token": "d970cff4-3811"}`)),
		c.signs("indented on Windows", "json-spaced", bound, c.of(lines("\r\n", "  ", ": "))).says("CR LF|\\r\\n", "CRLF", "white space", "空白"),
		c.signs("indented by four on Windows", "json-spaced", bound, c.of(lines("\r\n", "    ", ": "))),
		c.signs("fastjson's pretty print", "json-spaced", bound, c.of(lines("\n", "\t", ":"))).says("tabs|fastjson", "制表符|fastjson", "white space", "空白"),
		c.signs("Jackson's pretty print", "json-spaced", bound, c.of(lines("\n", "  ", " : "))),
		c.signs("System.Text.Json", "json-escaped-unicode", bound, c.of(strings.ReplaceAll(bound, "渝", `\u6E1D`))),
		c.signs("PHP's pretty print", "json-spaced+json-escaped-unicode", bound, c.of(strings.ReplaceAll(lines("\n", "    ", ": "), "渝", `\u6e1d`))),
		c.signs("dict printed", "python-repr", bound, c.of(`{'token': 'd970cff4-3811', 'plateNumber': '渝ATX061', 'plateColor': '1'}`)),
		c.signs("Map printed", "map-to-string", bound, c.of(`{token=d970cff4-3811, plateNumber=渝ATX061, plateColor=1}`)),
		c.signs("sent indented, signed compact", "json-compacted", "{\n  \"note\": \"a b\"\n}", c.of(`{"note":"a b"}`)),
	}
}
