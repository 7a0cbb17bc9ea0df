package diagnosetest

import (
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"math/big"
	"net/url"
	"strings"
)

// together are mistakes that come with others: damage that shows by itself before two more, and a hash that is printed as a number or a UUID of a text that is wrong, too.
func (c client) together() []Request {
	sent := func(name, kind, signature, arrived string) Request {
		r := c.damaged(name, kind, "", url.QueryEscape(arrived), arrived)
		r.Body, r.Sign = strings.Replace(r.Body, "sign="+r.Sign, "sign="+signature, 1), signature
		return r
	}
	const spaced = `{"token": "d970cff4-3811", "plateNumber": "渝ATX061", "plateColor": "1"}`
	dumped := strings.Replace(spaced, "渝", `\u6e1d`, 1)
	upper := strings.ToUpper(c.key)
	last := func(text string) string { return MD5(text + c.stamp + c.key) }
	all := []Request{
		sent("a file's line end, json.dumps, a key in upper case", "data-padded+key-case+json-escaped-unicode", MD5(dumped+upper+c.stamp), spaced+"\n").says("white space stands around data|escapes|turned into upper case", "前后有空白|转义|变成了大写", "trim it", "先去掉"),
		sent("a byte order mark, json.dumps, the key last", "bom+json-escaped-unicode+key-stamp-swapped", last(dumped), "\uFEFF"+spaced).says("byte order mark|time_stamp stands before the key", "BOM|time_stamp 放在了密钥之前", "U+FEFF", "U+FEFF"),
		sent("htmlspecialchars, sorted, the key last", "html-escaped+keys-sorted+key-stamp-swapped", last(`{"plateColor":"1","plateNumber":"渝ATX061","token":"d970cff4-3811"}`), strings.ReplaceAll(bound, `"`, "&quot;")),
		sent("a CSV file's quotes", "quotes-doubled", c.of(bound), `"`+strings.ReplaceAll(bound, `"`, `""`)+`"`).says("quotes of data were doubled", "引号在途中变成了两个", "CSV parser", "CSV 解析器"),
		sent("Visual Basic's quotes", "quotes-doubled", c.of(bound), strings.ReplaceAll(bound, `"`, `""`)),
		c.signs("GBK hashed", "gbk-encoded", bound, c.of(boundInGBK())).says("hashed in GBK|in plateNumber|`\\xd3\\xe5", "按 GBK 字节求了哈希|字段 plateNumber", "UTF-8 bytes, not GBK", "UTF-8 字节求哈希，而不是 GBK"),
		c.signs("UTF-32", "utf32-encoded", bound, MD5(wide32(bound+c.key+c.stamp))).says("UTF-32", "UTF-32", "UTF-8", "UTF-8"),
		c.signs("the four names sorted, the key among them", "ampersand-joined", bound, MD5("data="+bound+"&merchant_key="+c.key+"&merchant_no="+c.no+"&time_stamp="+c.stamp)).says("joined by &", "用 & 相连", "nothing between", "直接相连"),
		c.signs("a list of Python's json.dumps", "envelope-signed", bound, MD5(`["`+strings.ReplaceAll(bound, `"`, `\"`)+`", "`+c.key+`", "`+c.stamp+`"]`)),
		c.signs("a literal of JavaScript signed", "map-to-string", bound, c.of(`{token:"d970cff4-3811",plateNumber:"渝ATX061",plateColor:"1"}`)).says("printed map or object", "打印出来的文本", "JSON text", "JSON 文本"),
		c.signs("joined by ~", "separator-joined", bound, MD5(bound+"~"+c.key+"~"+c.stamp)),
		c.signs("joined by spaces, as echo $data $key $stamp", "separator-joined", bound, MD5(bound+" "+c.key+" "+c.stamp)).says("between the parts", "分隔符", "nothing between", "直接相连"),
		c.signs("data, key, number, stamp", "merchant-no-included", bound, MD5(bound+c.key+c.no+c.stamp)).says("merchant_no was put into the text", "加进了 merchant_no", "data + key + time_stamp", "data + 密钥 + time_stamp"),
		c.signs("a key with a carriage return", "key-trailing-newline", bound, MD5(bound+c.key+"\r"+c.stamp)).says("line end stands behind the key|`\\r` stands behind the key", "密钥后面带有换行符|密钥后面有 `\\r`", "CR LF", "CR LF"),
		c.signs("characters left out before hashing", "ascii-question-marks", bound, c.of(strings.Replace(bound, "渝", "", 1))).says("left out", "丢掉", "do not ignore errors", "不要忽略编码错误"),
	}
	return append(append(all, c.keysForData()), c.printedAndWrong()...)
}

// keysForData is what form encoders write of an object: data once for each of its keys, and none of its values.
func (c client) keysForData() Request {
	r := c.signs("requests: data=dict, the keys alone", "unknown", "token", c.of(bound))
	r.Body = strings.Replace(r.Body, "data=token", "data=token&data=plateNumber&data=plateColor", 1)
	return r.says("data came twice|data is no JSON object|`token`", "data 出现了两次|data 不是 JSON 对象", "not an object given to a form encoder", "而不是交给表单编码器的对象")
}

// printedAndWrong are hashes of another text, printed as a number or a UUID.
func (c client) printedAndWrong() []Request {
	swapped := func(negative bool) (data string, digest []byte) { // a hash that is negative as a signed number, or is not
		for i := 0; ; i++ {
			data = fmt.Sprintf(`{"token":"t%d"}`, i)
			if digest, _ = hex.DecodeString(MD5(data + c.stamp + c.key)); negative == (digest[0] >= 0x80) && digest[0]&0x70 != 0 && digest[0]&0x70 != 0x70 {
				return data, digest
			}
		}
	}
	data, digest := swapped(true)
	positive, plus := swapped(false)
	n := new(big.Int).SetBytes(digest)
	dashed := func(order ...int) string {
		var b strings.Builder
		for i, at := range order {
			if i == 4 || i == 6 || i == 8 || i == 10 {
				b.WriteString("-")
			}
			fmt.Fprintf(&b, "%02x", digest[at])
		}
		return b.String()
	}
	return []Request{
		c.signs("new BigInteger(digest).toString(16), the key last", "sign-number+key-stamp-swapped", data, new(big.Int).Sub(n, new(big.Int).Lsh(big.NewInt(1), 128)).Text(16)).says("big number", "大整数", "%032X", "%032X"),
		c.signs("int(digest), the key last", "sign-number+key-stamp-swapped", positive, new(big.Int).SetBytes(plus).String()).says("big number", "大整数", "%032X", "%032X"),
		c.signs("new Guid(digest), the key last", "sign-uuid+key-stamp-swapped", data, dashed(3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15)).says("UUID", "UUID", "Guid", "Guid"),
		c.signs("a hash in binary digits", "sign-number", data, fmt.Sprintf("%b", new(big.Int).SetBytes(md5Of(data+c.key+c.stamp)))),
		c.signs("a hash in octal digits", "sign-number", data, fmt.Sprintf("%o", new(big.Int).SetBytes(md5Of(data+c.key+c.stamp)))),
	}
}

func md5Of(text string) []byte {
	digest, _ := hex.DecodeString(MD5(text))
	return digest
}

// wide32 is a text in UTF-32, little-endian.
func wide32(text string) string {
	var b []byte
	for _, r := range text {
		b = binary.LittleEndian.AppendUint32(b, uint32(r)) //nolint:gosec // a character is no negative number
	}
	return string(b)
}
