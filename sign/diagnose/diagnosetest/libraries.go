package diagnosetest

import (
	"crypto/hmac"
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"math/big"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// libraries are habits of libraries, of settings' files and of other platforms, each in one request.
func (c client) libraries() []Request {
	all := append(c.keysAsRead(), c.partsAsJoined()...)
	return append(append(all, c.textsAsWritten()...), c.hashesAsPrinted()...)
}

// signsEach are requests of rows of a name, a kind and a signature.
func (c client) signsEach(kind string, rows ...[2]string) (all []Request) {
	for _, row := range rows {
		all = append(all, c.signs(row[0], kind, bound, row[1]))
	}
	return all
}

// keysAsRead are keys as they come out of files, copied texts and settings.
func (c client) keysAsRead() []Request {
	with := func(key string) string { return MD5(bound + key + c.stamp) }
	around := func(before, after string) [2]string {
		return [2]string{fmt.Sprintf("a key with %q before it and %q behind", before, after), with(before + c.key + after)}
	}
	digest1, digest256 := sha1.Sum([]byte(c.key)), sha256.Sum256([]byte(c.key))
	full := strings.Map(func(r rune) rune { return r + '！' - '!' }, c.key)
	all := c.signsEach("key-padded", around("", "\u00a0"), around("", "\u200b"), around("\u200b", ""), around("", "\u3000"), around("\u202a", "\u202c"), around("", "\x00"), around("", "  "), around("", ";"),
		around("<", ">"), around("${", "}"), around("merchant_key=", ""), around("key:", ""), around("“", "”"))
	all[0] = all[0].says(`\u00a0`+"` stands behind the key", `密钥后面有 `+"`\\u00a0`", "Trim the key", "多余的字符")
	all[10] = all[10].says("`merchant_key=` stands before the key", "密钥前面有 `merchant_key=`", "Trim the key", "多余的字符")
	all = append(all, c.signsEach("key-trailing-newline", around("", "\r"), around("", "\n\n"))...)
	all = append(all, c.signsEach("key-hashed", [2]string{"SHA-1 of the key", with(hex.EncodeToString(digest1[:]))}, [2]string{"SHA-256 of the key", with(hex.EncodeToString(digest256[:]))}, [2]string{"16 digits of the key's MD5", with(strings.ToLower(MD5(c.key))[8:24])})...)
	all = append(all, c.signsEach("key-cut", [2]string{"a column of 8 characters for the key", with(c.key[:8])})...)
	all = append(all, c.signsEach("key-unset", [2]string{"a key that a log has masked", with("******")})...)
	return append(all, c.signsEach("key-encoded", [2]string{"a key in full-width characters", with(full)})...)
}

// partsAsJoined are the parts as other platforms join them.
func (c client) partsAsJoined() []Request {
	d, k, n, t := bound, c.key, c.no, c.stamp
	path := openAPI + "bindcar"
	all := c.signsEach("merchant-no-included", [2]string{"data, key and customer, as Kuaidi100 asks", MD5(d + k + n)}, [2]string{"key, number, data", MD5(k + n + d)}, [2]string{"stamp, number, data, key", MD5(t + n + d + k)}, [2]string{"data, stamp, number, key", MD5(d + t + n + k)},
		[2]string{"stamp, data, key, number", MD5(t + d + k + n)})
	all[0] = all[0].says("merchant_no was put into the text", "加进了 merchant_no", "data + key + time_stamp", "data + 密钥 + time_stamp")
	repeated := c.signsEach("parts-repeated", [2]string{"the key at both ends", MD5(k + d + t + k)}, [2]string{"data between two keys", MD5(k + d + k)}, [2]string{"append() called twice", MD5(d + d + k + t)})
	repeated[0] = repeated[0].says("stands twice", "出现了两次", "comes once", "只出现一次")
	framed := c.signsEach("text-framed", [2]string{"String s = null; s += data", MD5("null" + d + k + t)}, [2]string{"let s; s += data", MD5("undefined" + d + k + t)}, [2]string{"sizeof counts the NUL", MD5(d + k + t + "\x00")}, [2]string{"JSON.stringify of the text's quotes", MD5(`"` + d + k + t + `"`)},
		[2]string{"str(bytes) of Python", MD5("b'" + d + k + t + "'")})
	framed[0] = framed[0].says("before or behind the whole text|null{", "前后多了内容", "begin with an empty text", "从空字符串开始")
	nothing := c.signs("an empty buffer hashed", "data-missing", bound, MD5("")).says("nothing was hashed", "是空的", "data is part of the text", "data 是待签名文本的一部分")
	all = append(append(append(all, repeated...), framed...), nothing)
	all = append(all, c.signsEach("data-missing", [2]string{"number, key, stamp", MD5(n + k + t)}, [2]string{"the key alone", MD5(k)})...)
	all = append(all, c.signsEach("key-missing", [2]string{"number, data, stamp", MD5(n + d + t)}, [2]string{"data alone", MD5(d)})...)
	all = append(all, c.signsEach("ampersand-joined", [2]string{"data&key=", MD5(d + "&key=" + k)}, [2]string{"data&key=&time_stamp=", MD5(d + "&key=" + k + "&time_stamp=" + t)})...)
	all = append(all, c.signsEach("separator-joined", [2]string{"Arrays.asList(…).toString()", MD5("[" + d + ", " + k + ", " + t + "]")})...)
	all = append(all, c.signsEach("path-included", [2]string{"method and path before data", MD5("POST" + path + d + k + t)}, [2]string{"path?query and the key, as Baidu asks", MD5(path + "?merchant_no=" + n + "&time_stamp=" + t + "&data=" + d + k)})...)
	all = append(all, c.signsEach("trailing-newline", [2]string{"a file with CR LF", MD5(d + "\r\n" + k + t)}, [2]string{"a line end in front", MD5("\n" + d + k + t)})...)
	all = append(all, c.signsEach("envelope-signed", [2]string{"the key as a member of data", MD5(strings.TrimSuffix(d, "}") + `,"key":"` + k + `"}`)}, [2]string{"a list of JSON", MD5(`["` + strings.ReplaceAll(d, `"`, `\"`) + `","` + k + `","` + t + `"]`)})...)
	plate := url.QueryEscape("渝ATX061")
	fields := "token=d970cff4-3811&plateNumber=" + plate + "&plateColor=1"
	all = append(all, c.signsEach("wechat-pay-style", [2]string{"ksort, http_build_query, &key=", MD5("plateColor=1&plateNumber=" + plate + "&token=d970cff4-3811&key=" + k)}, [2]string{"http_build_query, &key=", MD5(fields + "&key=" + k)},
		[2]string{"WeChat Pay in lower case", MD5(strings.ToLower("plateColor=1&plateNumber=渝ATX061&token=d970cff4-3811&key=" + k))})...)
	return append(all, c.signsEach("alipay-style", [2]string{"http_build_query and the key", MD5(fields + k)})...)
}

// textsAsWritten are the text of data as languages write it.
func (c client) textsAsWritten() []Request {
	d := bound
	at, _ := time.ParseInLocation("20060102150405", c.stamp, shanghai)
	stamped := func(stamp string) string { return MD5(d + c.key + stamp) }
	each := func(kind, name, text string) Request { return c.signs(name, kind, d, c.of(text)) }
	names := func(token, plate, color string) string {
		return strings.NewReplacer(`"token"`, `"`+token+`"`, `"plateNumber"`, `"`+plate+`"`, `"plateColor"`, `"`+color+`"`).Replace(d)
	}
	escape := strings.NewReplacer("%E6%B8%9D", "%u6E1D").Replace(url.QueryEscape(d))
	all := []Request{
		each("field-names-rewritten", "Jackson's SNAKE_CASE", names("token", "plate_number", "plate_color")).says("another style|plateNumber", "另一种写法|plateNumber", "naming strategies", "命名策略"),
		each("field-names-rewritten", "C# properties", names("Token", "PlateNumber", "PlateColor")),
		each("field-names-rewritten", "System.Text.Json of C# properties", strings.ReplaceAll(names("Token", "PlateNumber", "PlateColor"), "渝", `\u6E1D`)),
		each("field-names-rewritten", "names in lower case, as columns have them", names("token", "platenumber", "platecolor")),
		each("json-single-quoted", "JSON written by hand with '", strings.ReplaceAll(d, `"`, "'")).says("in the place of", "代替了", "double quotes", "双引号"),
		each("data-hex", "data in hex digits", hex.EncodeToString([]byte(d))).says("hex digits", "十六进制", "the text of data itself", "data 的文本"),
		each("data-hex", "data in upper hex digits", strings.ToUpper(hex.EncodeToString([]byte(d)))),
		each("text-case", "data in upper case", strings.ToUpper(d)),
		each("html-signed", "xmlcharrefreplace", strings.ReplaceAll(d, "渝", "&#28189;")),
		each("data-url-encoded", "escape() before signing", escape),
		each("values-joined", "values joined by commas", "d970cff4-3811,渝ATX061,1"),
		each("map-to-string", "names and values without quotes", "{token:d970cff4-3811,plateNumber:渝ATX061,plateColor:1}"),
		c.signs("three times MD5", "md5-twice", d, MD5(strings.ToLower(MD5(strings.ToLower(c.of(d)))))),
		c.signs("MD5 of data and MD5 of the key", "md5-salted-twice", d, MD5(strings.ToLower(MD5(d))+strings.ToLower(MD5(c.key)))),
	}
	digits, _ := new(big.Float).SetString(c.stamp)
	number, _ := digits.Float64()
	return append(all, c.signsEach("stamp-format", [2]string{"a stamp in full-width digits", stamped(strings.Map(func(r rune) rune { return r + '！' - '!' }, c.stamp))}, [2]string{"a stamp that was a float64", stamped(fmt.Sprint(number))},
		[2]string{"a stamp on a 12-hour clock", stamped(at.Format("2006-01-02 03:04:05 PM"))}, [2]string{"a stamp in nanoseconds", stamped(strconv.FormatInt(at.UnixNano(), 10))}, [2]string{"a stamp with a point", stamped(c.stamp + ".0")})...)
}

// hashesAsPrinted are hashes of the right text as libraries print them that are not made for hashes, and other hashes.
func (c client) hashesAsPrinted() []Request {
	text := bound + c.key + c.stamp
	sum := md5.Sum([]byte(text))
	right := sum[:]
	for i := 0; right[0] < 0x80; i++ { // one that is negative as a signed number
		text = fmt.Sprintf(`{"i":%d}`, i) + c.key + c.stamp
		sum = md5.Sum([]byte(text))
	}
	data := strings.TrimSuffix(text, c.key+c.stamp)
	r := func(name, kind, signature string) Request { return c.signs(name, kind, data, signature) }
	n := new(big.Int).SetBytes(right)
	uuid := append([]byte(nil), right...)
	uuid[6], uuid[8] = uuid[6]&0x0f|0x30, uuid[8]&0x3f|0x80
	guid := []byte{right[3], right[2], right[1], right[0], right[5], right[4], right[7], right[6]}
	guid = append(guid, right[8:]...)
	dashed := func(id []byte) string {
		return fmt.Sprintf("%x-%x-%x-%x-%x", id[:4], id[4:6], id[6:8], id[8:10], id[10:])
	}
	var words, escaped strings.Builder
	for i := range right {
		fmt.Fprintf(&words, "%02X", right[i/4*4+3-i%4])
		fmt.Fprintf(&escaped, `\x%02X`, right[i])
	}
	mac := func(key, text string) []byte {
		m := hmac.New(sha256.New, []byte(key))
		m.Write([]byte(text))
		return m.Sum(nil)
	}
	macMD5 := hmac.New(md5.New, []byte(c.key))
	macMD5.Write([]byte(data + c.stamp))
	upper := strings.ToUpper(hex.EncodeToString(right))
	hash1, hash256, hash384, hash224 := sha1.Sum([]byte(text)), sha256.Sum256([]byte(text)), sha512.Sum384([]byte(text)), sha256.Sum224([]byte(text))
	return []Request{
		r("new BigInteger(digest).toString(16)", "sign-number", new(big.Int).Sub(n, new(big.Int).Lsh(big.NewInt(1), 128)).Text(16)).says("big number", "大整数", "%032X", "%032X"),
		r("int.from_bytes(digest)", "sign-number", n.String()),
		r("UUID.nameUUIDFromBytes", "sign-uuid", dashed(uuid)).says("UUID", "UUID", "32 hex digits", "32 位十六进制"),
		r("new Guid(digest)", "sign-uuid", dashed(guid)),
		r("words printed with %08X", "sign-byte-order", words.String()).says("another order", "另一种顺序", "little-endian", "小端序"),
		r("full-width digits", "sign-full-width", strings.Map(func(r rune) rune { return r + '！' - '!' }, upper)).says("full-width", "全角", "ASCII", "半角"),
		r("the text, not hashed", "sign-not-hashed", text).says("not its hash|the key is among them", "而不是它的哈希|含有密钥", "never the text", "不要发送文本本身"),
		r("the key for the signature", "sign-not-hashed", c.key).says("the key itself", "密钥本身", "has to be changed", "更换密钥"),
		r("the key in quotes for the signature", "sign-not-hashed", `"`+c.key+`"`),
		r("the stamp for the signature", "sign-not-hashed", c.stamp).says("it is time_stamp", "它是 time_stamp", "MD5", "MD5"),
		r(`\x escapes`, "sign-separated", escaped.String()),
		r("{MD5} of LDAP", "sign-padded+base64", "{MD5}"+base64.StdEncoding.EncodeToString(right)),
		r("the signature twice", "sign-padded", upper+upper).says("32 more", "多了 32 位", "32 digits", "32 位"),
		r("SHA-384", "sha384", fmt.Sprintf("%X", hash384)).says("SHA-384", "SHA-384", "MD5", "MD5"),
		r("SHA-224", "sha224", fmt.Sprintf("%X", hash224)),
		r("HMAC-SHA384", "hmac-sha384", macOf(data+c.stamp, c.key, 384)),
		r("HMAC-SHA224", "hmac-sha224", macOf(data+c.stamp, c.key, 224)),
		r("SHA-256 in a column of 32", "sha256", fmt.Sprintf("%X", hash256)[:32]).says("SHA-256, cut to 32 digits", "SHA-256，并截断为 32 位", "MD5", "MD5"),
		r("SHA-1 in a column of 32", "sha1", fmt.Sprintf("%X", hash1)[:32]),
		r("HMAC-MD5 in Base64", "base64+hmac-md5", base64.StdEncoding.EncodeToString(macMD5.Sum(nil))),
		r("DingTalk's signature", "base64+hmac-sha256", base64.StdEncoding.EncodeToString(mac(c.key, c.stamp+"\n"+c.key))),
		r("Base64 of HMAC's hex digits", "base64+hmac-sha256", base64.StdEncoding.EncodeToString([]byte(hex.EncodeToString(mac(c.key, data+c.stamp))))),
	}
}

// macOf is HMAC with SHA-384 or SHA-224 in hex digits.
func macOf(text, key string, bits int) string {
	fresh := sha512.New384
	if bits == 224 {
		fresh = sha256.New224
	}
	m := hmac.New(fresh, []byte(key))
	m.Write([]byte(text))
	return fmt.Sprintf("%X", m.Sum(nil))
}
