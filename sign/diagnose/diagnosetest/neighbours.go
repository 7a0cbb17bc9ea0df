package diagnosetest

import (
	"crypto/hmac"
	"crypto/md5"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/simplifiedchinese"
)

// near are the neighbours of the mistakes seen in the field: other libraries, charsets and parameters, and two mistakes at once.
func (c client) near() []Request {
	return append(append(c.nearBroken(), c.nearPrinted()...), append(c.nearForeign(), c.nearLooks()...)...)
}

// nearBroken are other damages.
func (c client) nearBroken() []Request {
	const city, both = `{"city":"重庆市","payType":"1"}`, `{"city":"重庆市","plateNumber":"渝ATX061"}`
	form := url.QueryEscape
	readAsGBK := func(s string) string { out, _ := simplifiedchinese.GBK.NewDecoder().String(s); return out }
	western, _ := charmap.Windows1252.NewDecoder().String(city)
	gbk, _ := simplifiedchinese.GBK.NewEncoder().String(bound)
	swapped := MD5(bound + c.stamp + c.key)
	sent := func(name, kind, signed, arrived string) Request {
		return c.damaged(name, kind, signed, form(arrived), arrived)
	}
	replaced := func(mark string) string { return strings.ReplaceAll(bound, "渝", mark) }
	withSign := func(r Request, signature string) Request {
		r.Body, r.Sign = strings.Replace(r.Body, "sign="+r.Sign, "sign="+signature, 1), signature
		return r
	}
	return []Request{
		sent("ISO-8859-1: a city and a plate", "characters-replaced", both, `{"city":"???","plateNumber":"?ATX061"}`).says("replaced by ?|in city", "替换成了 ?|字段 city", "UTF-8", "UTF-8"),
		sent("锟斤拷", "characters-replaced", bound, replaced("锟斤拷")).says("U+FFFD|锟斤拷", "U+FFFD|锟斤拷", "UTF-8", "UTF-8"),
		sent("ICU's substitute, 1A", "characters-replaced", bound, replaced("\x1a")).says(`\x1a`, `\x1a`, "UTF-8", "UTF-8"),
		sent("Python's errors='ignore'", "characters-dropped", bound, replaced("")).says("left out|without a province: ATX061", "丢掉|没有省份简称", "UTF-8", "UTF-8"),
		sent("iconv -c, a city", "characters-dropped", city, `{"city":"","payType":"1"}`).says("city is empty", "city 为空", "iconv -c", "iconv -c"),
		sent("a browser's form in ISO-8859-1", "html-escaped", bound, replaced("&#28189;")).says("&#28189;, which stands for 渝", "&#28189;", "HTML", "HTML"),
		sent("escaped twice for HTML", "html-escaped", bound, strings.ReplaceAll(bound, `"`, "&amp;quot;")).says("&amp;", "&amp;", "HTML", "HTML"),
		sent("UTF-8 read as GBK, an odd number of bytes", "mojibake", city, readAsGBK(city)).says("encoded twice|GB18030|city", "编码了两次|city", "UTF-8", "UTF-8"),
		sent("the same with ?", "mojibake", city, strings.ReplaceAll(readAsGBK(city), "\uFFFD", "?")).says("encoded twice", "编码了两次", "UTF-8", "UTF-8"),
		sent("UTF-8 read as GBK, a city and a plate", "mojibake", both, readAsGBK(both)).says("encoded twice", "编码了两次", "UTF-8", "UTF-8"),
		sent("UTF-8 read as windows-1252, a city", "mojibake", city, western).says("windows-1252", "windows-1252", "UTF-8", "UTF-8"),
		sent("a byte order mark read as ISO-8859-1", "bom", bound, "ï»¿"+bound).says("byte order mark", "BOM", "U+FEFF", "U+FEFF"),
		sent("a byte order mark read as GBK", "bom", bound, "锘縶"+bound[1:]).says("byte order mark", "BOM", "U+FEFF", "U+FEFF"),
		c.damaged("GBK bytes, not escaped", "form-charset", bound, gbk, gbk).says("GBK|D3 E5", "GBK|D3 E5", "UTF-8", "UTF-8"),
		withSign(c.damaged("GBK, and in lower case", "lower-case+form-charset", bound, form(gbk), gbk), strings.ToLower(c.of(bound))),
		withSign(c.damaged("GBK, and the key last", "form-charset+key-stamp-swapped", bound, form(gbk), gbk), swapped),
		withSign(sent("a byte order mark, and in lower case", "lower-case+bom", bound, "\uFEFF"+bound), strings.ToLower(c.of(bound))),
		c.damaged("two bare & in data", "data-not-url-encoded", `{"note":"a&b&c"}`, `{"note":"a&b&c"}`, `{"note":"a`).says("&b&c", "&b&c", "%26", "%26"),
		c.damaged("a bare & with a = behind it", "data-not-url-encoded", `{"url":"x?a=1&b=2"}`, `{"url":"x?a=1&b=2"}`, `{"url":"x?a=1`).says("&b=2", "&b=2", "%26", "%26"),
		c.damaged("a bare & and a bare +", "data-not-url-encoded", `{"note":"a&b+c"}`, `{"note":"a&b+c"}`, `{"note":"a`).says("&b+c", "&b+c", "%26", "%26"),
	}
}

// nearPrinted are objects in a frame, or as a language prints them, sent in the place of the JSON that was signed.
func (c client) nearPrinted() []Request {
	sent := func(name, kind, signed, arrived string) Request {
		return c.damaged(name, kind, signed, url.QueryEscape(arrived), arrived)
	}
	const python = `{'token': 'd970cff4-3811', 'plateNumber': '渝ATX061', 'plateColor': '1'}`
	return []Request{
		sent("curl --data-urlencode data@file", "data-padded", bound, bound+"\n").says(`white space stands around data|\n`, "前后有空白", "trim", "去掉"),
		sent("a space before data", "data-padded", bound, " "+bound).says("white space stands around data", "前后有空白", "without white space", "没有空白"),
		sent("quotes around data", "data-framed", bound, `"`+bound+`"`).says("quotes stand around data", "带有引号", "without quotes", "不要带引号"),
		sent("a shell's quotes inside of a file", "data-framed", bound, "'"+bound+"'").says("quotes stand around data|`'` stands before it", "带有引号", "without quotes", "不要带引号"),
		sent("a list of one", "data-framed", bound, "["+bound+"]").says("JSON array", "JSON 数组", "without [ ]", "不要加 [ ]"),
		sent("a semicolon behind data", "data-framed", bound, bound+";").says("`;` behind it", "后面是 `;`", "exactly the text", "完全相同的文本"),
		sent("C's NUL behind data", "data-framed", bound, bound+"\x00").says(`\x00`, `\x00`, "exactly the text", "完全相同的文本"),
		sent("JSONP", "data-framed", bound, "callback("+bound+")").says("callback(", "callback(", "exactly the text", "完全相同的文本"),
		sent("requests: data=dict, signed json.dumps", "python-dict", `{"token": "d970cff4-3811", "plateNumber": "\u6e1dATX061", "plateColor": "1"}`, python).says("Python dict", "Python dict", "json.dumps", "json.dumps"),
		sent("the same, signed compact", "python-dict", bound, python).says("Python dict", "Python dict", "json.dumps", "json.dumps"),
		sent("Map.toString sent, JSON signed", "java-map", bound, `{token=d970cff4-3811, plateNumber=渝ATX061, plateColor=1}`).says("Java Map", "Java Map", "toJSONString", "toJSONString"),
		sent("the same with a number", "java-map", `{"orderId":"9E2F","payment":8}`, `{orderId=9E2F, payment=8}`).says("Java Map", "Java Map", "toJSONString", "toJSONString"),
		sent("Lombok's toString sent", "java-object", bound, `BindCar(token=d970cff4-3811, plateNumber=渝ATX061, plateColor=1)`).says("Java object", "Java 对象", "toString", "toString"),
		sent("a Ruby hash of symbols sent", "ruby-hash", bound, `{:token=>"d970cff4-3811", :plateNumber=>"渝ATX061", :plateColor=>"1"}`),
		sent("a Ruby hash sent", "ruby-hash", bound, `{"token"=>"d970cff4-3811", "plateNumber"=>"渝ATX061", "plateColor"=>"1"}`).says("Ruby", "Ruby", "to_json", "to_json"),
		sent("a Go map sent", "go-map", `{"plateNumber":"渝ATX061","token":"t"}`, `map[plateNumber:渝ATX061 token:t]`).says("Go map", "Go map", "json.Marshal", "json.Marshal"),
		sent("a JavaScript literal sent", "javascript-object", bound, `{token:"d970cff4-3811",plateNumber:"渝ATX061",plateColor:"1"}`).says("no quotes", "没有引号", "JSON.stringify", "JSON.stringify"),
		sent("name=value sent", "query-for-json", `{"token":"t","plateColor":"1"}`, `token=t&plateColor=1`).says("name=value", "name=value", "JSON text", "JSON 文本"),
	}
}

// nearForeign are other texts and hashes.
func (c client) nearForeign() []Request {
	form := url.QueryEscape
	lower := func(text string) string { return strings.ToLower(MD5(text)) }
	paid := `{"token":"t1","orderId":"9E2F1B7C","externalOrderId":"x1","payment":8.00,"payTime":"2017-10-27 09:30:00","verificationInfo":"A1b2+/zQ=="}`
	sha := func(text string) string { return fmt.Sprintf("%X", sha256.Sum256([]byte(text))) }
	mac := hmac.New(md5.New, []byte(c.key))
	mac.Write([]byte(c.no + bound + c.stamp))
	return []Request{
		c.signs("names in the form's order", "ampersand-joined", bound, MD5("merchant_no="+c.no+"&data="+bound+"&time_stamp="+c.stamp+"&key="+c.key)).says("joined by &", "用 & 相连", "nothing between", "直接相连"),
		c.signs("time_stamp first", "ampersand-joined", bound, MD5("time_stamp="+c.stamp+"&data="+bound+"&merchant_key="+c.key)),
		c.signs("the whole form and the key", "data-url-encoded+ampersand-joined", bound, MD5("merchant_no="+c.no+"&time_stamp="+c.stamp+"&data="+form(bound)+c.key)),
		c.signs("separators in another order", "separator-joined", bound, MD5(bound+"|"+c.stamp+"|"+c.key)).says("between the parts", "分隔符", "nothing between", "直接相连"),
		c.signs("MD5 of data and key first", "md5-salted-twice", bound, MD5(lower(bound+c.key)+c.stamp)).says("some of the parts|MD5(…)", "一部分", "hash once", "只求一次"),
		c.signs("MD5 of key and stamp inside", "md5-salted-twice", bound, MD5(bound+lower(c.key+c.stamp))),
		c.signs("Base64 of data", "data-base64", bound, c.of(base64.StdEncoding.EncodeToString([]byte(bound)))).says("signed in Base64", "签名时 data 是 Base64", "Sign the text of data", "直接对 data 的文本签名"),
		c.signs("SHA-256, the key last", "key-stamp-swapped+sha256", bound, sha(bound+c.stamp+c.key)),
		c.signs("SHA-256 over JSON with spaces", "json-spaced+sha256", `{"a":"1","b":"2"}`, sha(`{"a": "1", "b": "2"}`+c.key+c.stamp)),
		c.signs("HMAC-MD5 with the number", "hmac-md5", bound, fmt.Sprintf("%X", mac.Sum(nil))),
		c.signs("a key that was not set", "key-unset", bound, MD5(bound+"null"+c.stamp)).says("placeholder", "占位文本", "not read", "没有读到"),
		c.signs("a key of an example", "key-unset", bound, MD5(bound+"merchant_key"+c.stamp)),
		c.signs("a key with a space, and last", "key-padded+key-stamp-swapped", bound, MD5(bound+c.stamp+c.key+" ")),
		c.signs("an object signed in JavaScript", "data-unset", bound, c.of("[object Object]")).says("variable", "变量", "JSON text", "JSON 文本"),
		c.signs("a variable without a value", "data-unset", bound, c.of("null")),
		c.signs("JSON::PP's pretty print", "json-spaced", bound, c.of("{\n   \"token\" : \"d970cff4-3811\",\n   \"plateNumber\" : \"渝ATX061\",\n   \"plateColor\" : \"1\"\n}\n")).says("Perl", "Perl", "white space", "空白"),
		c.signs("lower case of the encoded text", "text-case", bound, MD5(strings.ToLower(form(bound+c.key+c.stamp)))),
		c.signs("a payment quoted and written anew", "json-number-quoted", paid, c.of(strings.Replace(paid, "8.00", `"8"`, 1))),
		c.signs("json.dumps, sort_keys, a float", "json-spaced+number-rewritten+keys-sorted", paid,
			c.of(`{"externalOrderId": "x1", "orderId": "9E2F1B7C", "payTime": "2017-10-27 09:30:00", "payment": 8.0, "token": "t1", "verificationInfo": "A1b2+/zQ=="}`)),
		c.signs("Unix seconds, and the key last", "stamp-format+key-stamp-swapped", bound, MD5(bound+unixOf(c.stamp)+c.key)),
	}
}

// nearLooks are right hashes that are printed otherwise.
func (c client) nearLooks() []Request {
	right := c.of(bound)
	lower := strings.ToLower(right)
	digest, _ := hex.DecodeString(right)
	var java, signed strings.Builder
	for i, b := range digest {
		fmt.Fprintf(&java, "%x", uint32(int32(int8(b)))) //nolint:gosec // that is the mistake
		if i > 0 {
			signed.WriteString(", ")
		}
		fmt.Fprint(&signed, int8(b)) //nolint:gosec // Java's bytes have a sign
	}
	return []Request{
		c.signs("0x before it", "sign-padded", bound, "0x"+right).says("stand around", "前后有", "32 digits", "32 位"),
		c.signs("Python's bytes", "sign-padded+lower-case", bound, "b'"+lower+"'"),
		c.signs("md5sum's dash", "sign-padded+lower-case", bound, lower+"  -"),
		c.signs("openssl's label", "sign-padded+lower-case", bound, "MD5(stdin)= "+lower),
		c.signs("Integer.toHexString(b)", "lower-case+sign-extended", bound, java.String()),
		c.signs("Arrays.toString(bytes)", "sign-bytes", bound, "["+signed.String()+"]").says("bytes of the hash", "原始字节", "32 hex digits", "32 位"),
		c.signs("fmt.Sprint(sum)", "sign-bytes", bound, string(digest)),
		c.signs("bytes.toString()", "sign-object", bound, "[B@1b6d3586").says("text of an object", "对象的文本", "%02X", "%02X"),
		c.signs("str(hashlib.md5(…))", "sign-object", bound, "<md5 _hashlib.HASH object @ 0x7f0102030405>").says("text of an object", "对象的文本", "hexdigest", "hexdigest"),
		c.signs("Buffer printed", "sign-object", bound, "<Buffer c1 e2 34 fa>"),
		c.signs("Base64 of the digits", "base64", bound, base64.StdEncoding.EncodeToString([]byte(right))).says("hex digits already", "解码后", "hex", "十六进制"),
		c.signs("base64url without =", "base64", bound, base64.RawURLEncoding.EncodeToString(digest)),
		c.signs("SHA-256 in Base64", "base64+sha256", bound, func() string {
			sum := sha256.Sum256([]byte(bound + c.key + c.stamp))
			return base64.StdEncoding.EncodeToString(sum[:])
		}()),
		c.signs("an RSA signature", "rsa", bound, base64.StdEncoding.EncodeToString([]byte(strings.Repeat("\x07\x63\xc8\x01", 64)))).says("RSA|128 bytes", "RSA|128 字节", "MD5", "MD5"),
	}
}

// unixOf is a stamp's instant in Unix seconds.
func unixOf(stamp string) string {
	at, _ := time.ParseInLocation("20060102150405", stamp, shanghai)
	return strconv.FormatInt(at.Unix(), 10)
}
