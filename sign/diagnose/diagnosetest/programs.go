package diagnosetest

import (
	"crypto/hmac"
	"crypto/md5"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"net/url"
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/simplifiedchinese"
)

// programs are further mistakes of clients: times signed in another form than they are sent, settings that were read wrongly, charsets in rounds, and two mistakes at once.
func (c client) programs() []Request {
	all := append(c.times(), c.settings()...)
	all = append(all, c.rounds()...)
	return append(append(all, c.unsent()...), c.pairs()...)
}

// times are clients that sign the time in another form than they send it.
func (c client) times() (all []Request) {
	at, _ := time.ParseInLocation("20060102150405", c.stamp, shanghai)
	const late = 437 * time.Millisecond // of the second that is sent
	unix := func(at time.Time) string { return strconv.FormatInt(at.UnixMilli(), 10) }
	for _, row := range []struct{ name, kind, stamp string }{
		{"System.currentTimeMillis()", "stamp-format", unix(at.Add(late))},
		{"Date.now(), a second later", "stamp-format", unix(at.Add(time.Second + late))},
		{"time(), a second later", "stamp-format", strconv.FormatInt(at.Unix()+1, 10)},
		{"yyyyMMddHHmmssSSS", "stamp-format", c.stamp + "437"},
		{"toISOString()", "stamp-format", at.Add(late).UTC().Format("2006-01-02T15:04:05.000Z")},
		{"LocalDateTime.toString()", "stamp-format", at.Format("2006-01-02T15:04:05.000")},
		{"Date.toString() of Java", "stamp-format", at.Format("Mon Jan 02 15:04:05 CST 2006")},
		{"String(new Date())", "stamp-format", at.Format("Mon Jan 02 2006 15:04:05 GMT+0800 (中国标准时间)")},
		{"DateTime.Now.ToString() of .NET", "stamp-format", at.Format("2006/1/2 15:04:05")},
		{"a header's date", "stamp-format", at.UTC().Format("Mon, 02 Jan 2006 15:04:05 GMT")},
		{"in Chinese", "stamp-format", at.Format("2006年01月02日 15:04:05")},
		{"with separators, of Tokyo", "stamp-format", at.In(time.FixedZone("", 9*60*60)).Format(time.DateTime)},
		{"in quotes", "stamp-format", `"` + c.stamp + `"`},
		{"of India", "stamp-zone", at.In(time.FixedZone("", 5*60*60+30*60)).Format("20060102150405")},
		{"a variable without a value", "stamp-unset", "undefined"},
	} {
		all = append(all, c.signs("time signed: "+row.name, row.kind, bound, MD5(bound+c.key+row.stamp)))
	}
	all[0] = all[0].says("with its milliseconds|of time_stamp: signed "+unix(at.Add(late))+", but sent "+c.stamp, "带毫秒|签名的是 "+unix(at.Add(late)), "this one text", "同一段文本")
	all[14] = all[14].says("without a value|signed undefined", "未赋值", "before signing", "再签名")
	return append(all, c.signs("milliseconds, and the key last", "stamp-format", bound, MD5(bound+unix(at.Add(late))+c.key)).says("milliseconds", "毫秒", "the order is data, key, time_stamp", "顺序是"),
		c.signs("milliseconds, and in lower case", "lower-case+stamp-format", bound, strings.ToLower(MD5(bound+c.key+unix(at.Add(late))))))
}

// settings are keys that were read wrongly, and parts put together otherwise.
func (c client) settings() []Request {
	keyed := func(key string) string { return MD5(bound + key + c.stamp) }
	lower := func(text string) string { return strings.ToLower(MD5(text)) }
	form := url.QueryEscape
	no, stamp := `"merchant_no":"`+c.no+`"`, `"time_stamp":"`+c.stamp+`"`
	mac := func(text string) string {
		m := hmac.New(sha256.New, []byte(c.key))
		m.Write([]byte(text))
		return hex.EncodeToString(m.Sum(nil))
	}
	query := "data=" + bound + "&merchant_no=" + c.no + "&time_stamp=" + c.stamp
	inBase64 := base64.StdEncoding.EncodeToString([]byte(c.key))
	return []Request{
		c.signs("the key without its last character", "key-cut", bound, keyed(c.key[:len(c.key)-1])).says("missing at an end of the key", "缺了字符", "Copy the whole key", "完整的密钥"),
		c.signs("the key without its first character", "key-cut", bound, keyed(c.key[1:])),
		c.signs("the key twice", "key-cut", bound, keyed(c.key+c.key)),
		c.signs("the key in Base64", "key-encoded", bound, keyed(inBase64)).says("encoded", "编码", "as it was given", "给定的密钥文本"),
		c.signs("the key in hex", "key-encoded", bound, keyed(hex.EncodeToString([]byte(c.key)))),
		c.signs("JSON of all parameters, and the key", "envelope-signed", bound, MD5("{"+no+","+stamp+`,"data":`+bound+"}"+c.key)).says("more than data was signed", "data 之外", "exactly the text", "那段文本"),
		c.signs("JSON of all parameters, sorted, data as text", "envelope-signed", bound, MD5(`{"data":"`+strings.ReplaceAll(bound, `"`, `\"`)+`",`+no+","+stamp+"}"+c.key)),
		c.signs("data with an empty sign in it", "envelope-signed", bound, c.of(strings.TrimSuffix(bound, "}")+`,"sign":""}`)),
		c.signs("data and the parameters in one object", "envelope-signed", bound, c.of(strings.TrimSuffix(bound, "}")+","+no+","+stamp+"}")),
		c.signs("data inside of data", "data-framed", bound, c.of(`{"data":`+bound+"}")),
		c.signs("WeChat Pay with an empty sign", "wechat-pay-style", bound, MD5("data="+bound+"&merchant_no="+c.no+"&sign=&time_stamp="+c.stamp+"&key="+c.key)),
		c.signs("WeChat Pay with names of Java", "wechat-pay-style", bound, MD5("data="+bound+"&merchantNo="+c.no+"&timeStamp="+c.stamp+"&key="+c.key)),
		c.signs("WeChat Pay without data", "wechat-pay-style", bound, MD5("merchant_no="+c.no+"&time_stamp="+c.stamp+"&key="+c.key)),
		c.signs("WeChat Pay with HMAC-SHA256", "lower-case+hmac-sha256", bound, mac(query+"&key="+c.key)),
		c.signs("HMAC-SHA256 of the sorted parameters", "lower-case+hmac-sha256", bound, mac(query)),
		c.signs("the key, and the MD5 of data", "md5-salted-twice", bound, MD5(c.key+lower(bound))),
		c.signs("joined by commas and spaces", "separator-joined", bound, MD5(bound+", "+c.key+", "+c.stamp)),
		c.signs("a line for each part", "separator-joined", bound, MD5(bound+"\n"+c.key+"\n"+c.stamp+"\n")),
		c.signs("the number first, joined by &", "ampersand-joined", bound, MD5(c.no+"&"+bound+"&"+c.key+"&"+c.stamp)),
		c.signs("urllib.parse.quote, which leaves / alone", "data-url-encoded", `{"orderId":"a/b"}`, c.of("%7B%22orderId%22%3A%22a/b%22%7D")),
		c.signs("hex of hex", "hex-twice", bound, strings.ToUpper(hex.EncodeToString([]byte(strings.ToLower(c.of(bound)))))).says("once more", "又做了一次", "once", "只写一次"),
		c.signs("URL-encoded quotes around it", "sign-padded", bound, "%22"+c.of(bound)+"%22"),
		c.signs("its name before it", "sign-padded", bound, "sign="+c.of(bound)),
		c.signs("16 digits of another order", "truncated+key-stamp-swapped", bound, MD5(bound + c.stamp + c.key)[8:24]).says("only a part", "一部分", "32 digits", "32 位"),
		c.signs("16 digits in lower case of GBK", "lower-case+truncated+gbk-encoded", bound, strings.ToLower(c.of(boundInGBK())[8:24])),
		c.signs("the whole form, with the key", "data-url-encoded+ampersand-joined", bound, MD5("merchant_no="+c.no+"&time_stamp="+c.stamp+"&data="+form(bound)+"&key="+c.key)),
	}
}

func boundInGBK() string {
	out, _ := simplifiedchinese.GBK.NewEncoder().String(bound)
	return out
}

// rounds are texts that went through wrong charsets more than once.
func (c client) rounds() []Request {
	western := func(text string) string { out, _ := charmap.Windows1252.NewDecoder().String(text); return out }
	browser := func(text string) string { // has a control character for each byte without a meaning
		var b strings.Builder
		for i := range len(text) {
			if r := []rune(western(text[i : i+1]))[0]; r != '\uFFFD' {
				b.WriteRune(r)
			} else {
				b.WriteRune(rune(text[i]))
			}
		}
		return b.String()
	}
	latin := func(text string) string { out, _ := charmap.ISO8859_1.NewDecoder().String(text); return out }
	sent := func(name, signed, arrived string) Request {
		return c.damaged(name, "mojibake", signed, url.QueryEscape(arrived), arrived)
	}
	const city = `{"city":"重庆市"}`
	return []Request{
		sent("windows-1252 twice", bound, western(western(bound))).says("three times|windows-1252 each time|in plateNumber|`渝", "三次|windows-1252|字段 plateNumber", "UTF-8", "UTF-8"),
		sent("windows-1252 twice, as browsers read it", bound, browser(browser(bound))).says("three times", "三次", "UTF-8", "UTF-8"),
		sent("windows-1252 twice, a city", city, western(western(city))).says("three times|in city", "三次|字段 city", "UTF-8", "UTF-8"),
		sent("ISO-8859-1 three times", bound, latin(latin(latin(bound)))).says("four times", "四次", "UTF-8", "UTF-8"),
		sent("windows-1252, then ISO-8859-1", bound, latin(western(bound))).says("windows-1252", "windows-1252", "UTF-8", "UTF-8"),
		sent("GBK read as ISO-8859-1", bound, latin(boundInGBK())).says("its GBK was read as ISO-8859-1", "GBK", `getBytes("UTF-8")`, `getBytes("UTF-8")`),
		sent("GBK read as windows-1252", bound, western(boundInGBK())).says("its GBK was read as", "GBK", `getBytes("UTF-8")`, `getBytes("UTF-8")`),
		c.signs("signed as windows-1252 twice", "utf8-twice", bound, c.of(western(western(bound)))),
		c.signs("signed as GBK read as ISO-8859-1", "utf8-twice", bound, c.of(latin(boundInGBK()))),
		c.damaged("encoded five times", "data-double-encoded", bound, fiveTimes(bound), url.QueryEscape(url.QueryEscape(url.QueryEscape(url.QueryEscape(bound))))),
	}
}

func fiveTimes(text string) string {
	const times = 5
	for range times {
		text = url.QueryEscape(text)
	}
	return text
}

// unsent are clients that sign another object than they send.
func (c client) unsent() []Request {
	const paid = `{"token":"t1","payment":8.50,"payTime":"2017-10-27 09:30:00","verificationInfo":"A1b2+/zQ=="}`
	sent := func(name, kind, signed, arrived string) Request {
		return c.damaged(name, kind, signed, url.QueryEscape(arrived), arrived)
	}
	smart := strings.NewReplacer(`{"`, "{“", `":"`, "”:“", `","`, "”,“", `"}`, "”}").Replace(bound)
	return []Request{
		sent("an empty appId signed, not sent", "field-not-sent", `{"token":"t","appId":""}`, `{"token":"t"}`).says("not sent|has appId", "没有发送|有 appId", "the very text", "同一段文本"),
		sent("null signed, left out by NON_NULL", "field-not-sent", `{"token":"t","plateColor":null}`, `{"token":"t"}`).says("has plateColor", "有 plateColor", "the very text", "同一段文本"),
		sent("word processor's quotes", "full-width-punctuation", bound, smart).says("full-width", "全角", "ASCII", "半角"),
		sent("a + that became a space on the way", "plus-for-space", paid, strings.ReplaceAll(paid, "+/", " /")).says("+", "+", "%2B", "%2B"),
		sent("sorted when it is sent", "keys-sorted", bound, `{"plateColor":"1","plateNumber":"渝ATX061","token":"d970cff4-3811"}`),
		sent("text signed, a number sent", "json-number-quoted", `{"payment":"8.50"}`, `{"payment":8.50}`),
	}
}

// pairs are two mistakes at once.
func (c client) pairs() []Request {
	form := url.QueryEscape
	swapped, lower := MD5(bound+c.stamp+c.key), strings.ToLower(c.of(bound))
	line := MD5(bound + c.key + "\n" + c.stamp)
	lost, latin := strings.ReplaceAll(bound, "渝", "?"), latin(bound)
	spaced := strings.NewReplacer(`":`, `": `, `,"`, `, "`).Replace
	escaped := strings.ReplaceAll(bound, `"`, "&quot;")
	with := func(name, kind, signature, arrived string) Request {
		r := c.signs(name, kind, arrived, signature)
		return r
	}
	sum := sha256.Sum256([]byte(boundInGBK() + c.key + c.stamp))
	digest := md5.Sum([]byte(bound + c.stamp + c.key))
	paid := `{"payment":8.50,"payTime":"2017-10-27 09:30:00","appId":""}`
	return []Request{
		with("characters lost, lower case", "lower-case+characters-replaced", lower, lost),
		with("characters lost, key last", "characters-replaced+key-stamp-swapped", swapped, lost),
		with("characters lost, key with a line end", "characters-replaced+key-trailing-newline", line, lost),
		with("characters lost, signed with spaces", "characters-replaced+json-spaced", c.of(spaced(bound)), lost),
		with("mojibake, lower case", "lower-case+mojibake", lower, latin),
		with("mojibake, key last", "mojibake+key-stamp-swapped", swapped, latin),
		with("mojibake, signed with spaces", "mojibake+json-spaced", c.of(spaced(bound)), latin),
		with("HTML, key last", "html-escaped+key-stamp-swapped", swapped, escaped),
		with("encoded twice, key last", "data-double-encoded+key-stamp-swapped", swapped, form(bound)),
		with("a byte order mark, signed with spaces", "bom+json-spaced", c.of(spaced(bound)), "\uFEFF"+bound),
		with("GBK form, WeChat Pay", "form-charset+wechat-pay-style", MD5("plateColor=1&plateNumber=渝ATX061&token=d970cff4-3811&key="+c.key), boundInGBK()),
		with("GBK, key with CR LF", "gbk-encoded+key-trailing-newline", MD5(boundInGBK()+c.key+"\r\n"+c.stamp), bound),
		with("MD5 of the key, key last", "key-hashed+key-stamp-swapped", MD5(bound+c.stamp+MD5(c.key)), bound),
		with("white space stripped, key last", "whitespace-stripped+key-stamp-swapped", MD5(strings.ReplaceAll(paid, " ", "")+c.stamp+c.key), paid),
		with("empty values left out, number rewritten", "number-rewritten+empty-dropped", c.of(`{"payment":8.5,"payTime":"2017-10-27 09:30:00"}`), paid),
		with("Base64 of the hash, key last", "base64+key-stamp-swapped", base64.StdEncoding.EncodeToString(digest[:]), bound),
		with("SHA-256 of GBK, lower case", "lower-case+gbk-encoded+sha256", hex.EncodeToString(sum[:]), bound),
		with("URL-encoded, key last", "data-url-encoded+key-stamp-swapped", MD5(form(bound)+c.stamp+c.key), bound),
	}
}
