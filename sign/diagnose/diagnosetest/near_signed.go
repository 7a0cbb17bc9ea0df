package diagnosetest

import (
	"crypto/hmac"
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha3"
	"crypto/sha512"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"hash"
	"hash/crc32"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/emmansun/gmsm/sm3"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
)

// further are neighbours of what is above: other hashes, keys as they are typed, stamps of other programs, other ways to join.
func (c client) further() []Request {
	all := append(c.otherHashes(), c.keysAsTyped()...)
	all = append(all, c.stampsOfOthers()...)
	return append(append(all, c.joinedOtherwise()...), c.otherCharsets()...)
}

// hashed is the hash of a text in hex digits.
func hashed(fresh func() hash.Hash, text string) string {
	h := fresh()
	h.Write([]byte(text))
	return fmt.Sprintf("%X", h.Sum(nil))
}

// authenticated is HMAC of a text in hex digits.
func authenticated(fresh func() hash.Hash, key, text string) string {
	h := hmac.New(fresh, []byte(key))
	h.Write([]byte(text))
	return fmt.Sprintf("%X", h.Sum(nil))
}

func (c client) otherHashes() []Request {
	text, unkeyed := bound+c.key+c.stamp, bound+c.stamp
	newSHA3 := func() hash.Hash { return sha3.New256() }
	newLongSHA3 := func() hash.Hash { return sha3.New512() }
	each := func(name, kind, sign string) Request { return c.signs(name, kind, bound, sign) }
	sum := sha1.Sum([]byte(text))
	long := sha256.Sum256([]byte(text))
	digest := md5.Sum([]byte(text))
	right := c.of(bound)
	backwards := []rune(right)
	for i, j := 0, len(backwards)-1; i < j; i, j = i+1, j-1 {
		backwards[i], backwards[j] = backwards[j], backwards[i]
	}
	return []Request{
		each("SM3", "sm3", hashed(sm3.New, text)).says("SM3|64 digits", "国密 SM3|64 位", "MD5", "MD5"),
		each("SM3 in lower case", "lower-case+sm3", strings.ToLower(hashed(sm3.New, text))),
		each("HMAC-SM3", "hmac-sm3", authenticated(sm3.New, c.key, unkeyed)).says("HMAC-SM3", "HMAC-SM3", "no HMAC", "不用 HMAC"),
		each("SHA3-256", "sha3-256", hashed(newSHA3, text)).says("SHA3-256", "SHA3-256", "MD5", "MD5"),
		each("HMAC of SHA3-256", "hmac-sha3-256", authenticated(newSHA3, c.key, unkeyed)),
		each("SHA3-512", "sha3-512", hashed(newLongSHA3, text)),
		each("HMAC of SHA3-512", "hmac-sha3-512", authenticated(newLongSHA3, c.key, unkeyed)),
		each("SHA-512/256", "sha512-256", hashed(sha512.New512_256, text)),
		each("HMAC of SHA-512/256", "hmac-sha512-256", authenticated(sha512.New512_256, c.key, unkeyed)),
		each("CRC-32", "crc32", fmt.Sprintf("%08X", crc32.ChecksumIEEE([]byte(text)))).says("checksum|8 digits", "校验和|8 位", "MD5", "MD5"),
		each("MD5 of SHA-1", "hash-chained", MD5(hex.EncodeToString(sum[:]))).says("another hash was taken first", "先求了另一种哈希", "no other hash", "不要再套"),
		each("MD5 of SHA-256", "hash-chained", MD5(hex.EncodeToString(long[:]))),
		each("MD5 of the MD5 in Base64", "hash-chained", MD5(base64.StdEncoding.EncodeToString(digest[:]))),
		each("HMAC-SHA256, a line end behind the key", "hmac-sha256", authenticated(sha256.New, c.key+"\n", unkeyed)).says("line end behind the key", "密钥后带有换行符", "no HMAC", "不用 HMAC"),
		each("HMAC-MD5, a line end behind the key", "hmac-md5", authenticated(md5.New, c.key+"\n", unkeyed)),
		each("HMAC-SHA1 with key& (OAuth)", "hmac-sha1", authenticated(sha1.New, c.key+"&", unkeyed)).says("& behind the key", "密钥后带有 &", "no HMAC", "不用 HMAC"),
		each("HMAC-SHA256 with the MD5 of the key", "hmac-sha256", authenticated(sha256.New, MD5(c.key), unkeyed)),
		each("HMAC-SHA256, the number and the stamp first", "hmac-sha256", authenticated(sha256.New, c.key, c.no+c.stamp+bound)),
		each("bcrypt", "sign-password-hash", "$2a$10$N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7p92ldGxad68LJZdL17lhWy").says("passwords", "密码专用", "without a salt", "不带盐"),
		each("a JSON Web Token", "sign-jwt", "eyJhbGciOiJIUzI1NiJ9.eyJhIjoxfQ.SflKxwRJSMeKKF2QT4fwpMeJf36POk6yJV_adQssw5c").says("JSON Web Token", "JSON Web Token", "MD5", "MD5"),
		each("hash() of Python", "sign-not-md5", "-5284901663456214713").says("decimal number|hash()", "十进制数|hash()", "hexdigest", "hexdigest"),
		each("digits typed as letters", "sign-mistyped", strings.NewReplacer("0", "O", "1", "I", "5", "S").Replace(right)).says("look like digits|in place of", "形似数字|应为", "do not copy it by hand", "不要手工抄写"),
		each("digits from behind", "sign-byte-order", string(backwards)),
	}
}

func (c client) keysAsTyped() (all []Request) {
	k := c.key
	for _, row := range []struct{ name, kind, key string }{
		{"a key broken by a space", "key-mistyped", k[:8] + " " + k[8:]},
		{"a key broken by a line end", "key-mistyped", k[:5] + "\n" + k[5:]},
		{"a key whose neighbours were exchanged", "key-mistyped", k[:2] + k[3:4] + k[2:3] + k[4:]},
		{"a key that a page has masked", "key-mistyped", k[:4] + "****" + k[len(k)-4:]},
		{"a key without a character in it", "key-mistyped", k[:6] + k[7:]},
		{"a byte order mark before the key, read as ISO-8859-1", "key-padded", "ï»¿" + k},
		{"a key in escaped quotes", "key-padded", `\"` + k + `\"`},
		{"a key in quotes, and a line end", "key-padded", "'" + k + "'\n"},
		{"a line of a settings file for the key", "key-padded", "merchant_key = " + k},
		{"a comment behind the key", "key-padded", k + " # key"},
		{"an escaped line end behind the key", "key-padded", k + `\n`},
		{"the number and a colon before the key", "key-padded", c.no + ":" + k},
		{"a key in a column of 32 characters", "key-padded", fmt.Sprintf("%-32s", k)},
		{"a key in a buffer of 32 bytes", "key-padded", k + strings.Repeat("\x00", 32-len(k))},
		{"base64.b64encode of the key with its line end", "key-encoded", base64.StdEncoding.EncodeToString([]byte(k + "\n"))},
	} {
		all = append(all, c.signs(row.name, row.kind, bound, MD5(bound+row.key+c.stamp)))
	}
	all[0] = all[0].says("a space stands behind character 8", "第 8 个字符后面有空格", "Copy the key", "完整复制密钥")
	all[8] = all[8].says("`merchant_key = ` stands before the key", "密钥前面有", "Trim the key", "多余的字符")
	return all
}

func (c client) stampsOfOthers() (all []Request) {
	at, _ := time.ParseInLocation("20060102150405", c.stamp, shanghai)
	year, week := at.ISOWeek()
	half := "AM"
	if at.Hour() >= 12 {
		half = "PM"
	}
	noon := map[string]string{"AM": "上午", "PM": "下午"}[half]
	for _, row := range []struct{ name, kind, stamp string }{
		{"a 12-hour clock with AM or PM", "stamp-format", at.Format("20060102030405") + half},
		{"toLocaleString() in Chinese", "stamp-format", at.Format("2006/1/2 ") + noon + at.Format("3:04:05")},
		{"toLocaleString() in English", "stamp-format", at.Format("1/2/2006, 3:04:05 PM")},
		{"toLocaleString() in Britain", "stamp-format", at.Format("02/01/2006, 15:04:05")},
		{"time.Now().String() of Go", "stamp-format", at.Format("2006-01-02 15:04:05 +0800 CST")},
		{"Time.now.to_s of Ruby in UTC", "stamp-format", at.UTC().Format("2006-01-02 15:04:05 -0700")},
		{"a zone's name behind it", "stamp-format", at.Format("2006-01-02 15:04:05 CST")},
		{"RFC 850", "stamp-format", at.Format(time.RFC850)},
		{"a German date", "stamp-format", at.Format("02.01.2006 15:04:05")},
		{"LocalDateTime without seconds", "stamp-format", at.Format("2006-01-02T15:04")},
		{"DateTime.Now.Ticks", "stamp-format", strconv.FormatInt(at.UnixNano()/100+621355968000000000, 10)},
		{"Unix seconds in hex", "stamp-format", strconv.FormatInt(at.Unix(), 16)},
		{"the week of the year", "stamp-format", fmt.Sprintf("%dW%02d", year, week)},
		{"the day of the year", "stamp-format", at.Format("2006002150405")},
		{"the time of day alone", "stamp-format", at.Format("150405")},
		{"Arabic digits", "stamp-format", strings.Map(func(r rune) rune { return r - '0' + '٠' }, c.stamp)},
		{"kept for two minutes", "stamp-drift", stampOf(at.Add(-2 * time.Minute))},
		{"kept for 53 minutes", "stamp-drift", stampOf(at.Add(-53 * time.Minute))},
	} {
		all = append(all, c.signs("time signed: "+row.name, row.kind, bound, MD5(bound+c.key+row.stamp)))
	}
	all[17] = all[17].says("older time_stamp|signed "+stampOf(at.Add(-53*time.Minute)), "更早的 time_stamp", "anew for each request", "每次请求都重新生成")
	return all
}

func (c client) joinedOtherwise() []Request {
	d, k, n, t := bound, c.key, c.no, c.stamp
	sorted := "plateColor=1&plateNumber=渝ATX061&token=d970cff4-3811"
	each := func(name, kind, text string) Request { return c.signs(name, kind, bound, MD5(text)) }
	of := func(name, kind, text string) Request { return c.signs(name, kind, bound, c.of(text)) }
	inLines := base64.StdEncoding.EncodeToString([]byte(d))
	all := []Request{
		each("merchant_no twice", "parts-repeated", n+n+d+k+t).says("stands twice", "出现了两次", "comes once", "只出现一次"),
		each("names with colons", "ampersand-joined", "data:"+d+",key:"+k+",time_stamp:"+t),
		each("names run together", "ampersand-joined", "data="+d+"merchant_key="+k+"time_stamp="+t),
		each("lines, the key first", "separator-joined", k+"\n"+t+"\n"+d),
		each("WeChat Pay with KEY", "wechat-pay-style", sorted+"&KEY="+k),
		each("WeChat Pay, the key first", "wechat-pay-style", "key="+k+"&"+sorted),
		each("WeChat Pay, the key sorted among the fields", "wechat-pay-style", "key="+k+"&plateColor=1&plateNumber=渝ATX061&time_stamp="+t+"&token=d970cff4-3811"),
		each("app_secret for key", "wechat-pay-style", sorted+"&app_secret="+k),
		each("sign_type among the fields", "wechat-pay-style", "data="+d+"&merchant_no="+n+"&sign_type=MD5&time_stamp="+t+"&key="+k),
		of("MySQL's JSON", "json-spaced+keys-sorted", `{"token": "d970cff4-3811", "plateColor": "1", "plateNumber": "渝ATX061"}`),
		of("jsonb's order", "keys-sorted", `{"token":"d970cff4-3811","plateColor":"1","plateNumber":"渝ATX061"}`).says("by their length", "按长度排序", "very text", "实际发送的文本"),
		of("values in a list", "values-joined", `["d970cff4-3811","渝ATX061","1"]`),
		of("values in quotes", "values-joined", `"d970cff4-3811","渝ATX061","1"`),
		of("pairs joined by ;", "query-joined", "token=d970cff4-3811;plateNumber=渝ATX061;plateColor=1"),
		of("pairs in lines", "query-joined", "token=d970cff4-3811\nplateNumber=渝ATX061\nplateColor=1"),
		of("pairs with quotes", "query-joined", `token="d970cff4-3811"&plateNumber="渝ATX061"&plateColor="1"`),
		of("names and values, sorted", "keys-and-values-joined+keys-sorted", "plateColor1plateNumber渝ATX061tokend970cff4-3811"),
		of("Base64 in lines of 76", "data-base64", inLines[:76]+"\r\n"+inLines[76:]),
		of("Base64 in lines of 64", "data-base64", inLines[:64]+"\n"+inLines[64:]),
		of("a semicolon behind data, signed", "data-framed", d+";"),
	}
	return append(all, c.signs("true in quotes", "json-number-quoted", `{"a":true,"token":"t"}`, c.of(`{"a":"true","token":"t"}`)),
		c.signs("from Z to A", "keys-sorted", `{"a":"1","c":"2","b":"3","d":"4","e":"5"}`, c.of(`{"e":"5","d":"4","c":"2","b":"3","a":"1"}`)))
}

func (c client) otherCharsets() []Request {
	jp, _ := japanese.EUCJP.NewEncoder().String(bound)
	read := func(m *charmap.Charmap, text string) string { out, _ := m.NewDecoder().String(text); return out }
	with := func(escape string) string { return strings.ReplaceAll(bound, "渝", escape) }
	sent := func(name, kind, arrived string) Request {
		return c.damaged(name, kind, bound, url.QueryEscape(arrived), arrived)
	}
	return []Request{
		sent("a form in EUC-JP", "form-charset", jp).says("the form is in EUC-JP", "EUC-JP", "UTF-8", "UTF-8"),
		sent("a form in UTF-7", "form-charset", with("+bh0-")).says("UTF-7|+bh0-", "UTF-7", "UTF-8", "UTF-8"),
		c.damaged("UTF-7, not escaped", "form-charset", bound, strings.ReplaceAll(url.QueryEscape(with("ZZZ")), "ZZZ", "+bh0-"), with(" bh0-")),
		sent("UTF-8 read as Mac OS Roman", "mojibake", read(charmap.Macintosh, bound)).says("Mac OS Roman", "Mac OS Roman", "UTF-8", "UTF-8"),
		sent("UTF-8 read as code page 437", "mojibake", read(charmap.CodePage437, bound)).says("code page 437", "code page 437", "UTF-8", "UTF-8"),
		sent("UTF-8 read as code page 850", "mojibake", read(charmap.CodePage850, bound)),
		sent("GBK read as code page 437", "mojibake", read(charmap.CodePage437, boundInGBK())).says("its GBK was read as code page 437", "GBK", "UTF-8", "UTF-8"),
		sent("Oracle's ¿", "characters-replaced", with("¿")).says("¿", "¿", "UTF-8", "UTF-8"),
		sent("〓 for a character", "characters-replaced", with("〓")),
		sent("CR for each line end", "line-ends-changed", bound).with("{\n\"token\": \"t\"\n}", "{\r\"token\": \"t\"\r}", c),
		c.signs("signed in UTF-7", "other-charset", bound, c.of(with("+bh0-"))).says("UTF-7", "UTF-7", "UTF-8", "UTF-8"),
		c.signs("signed over the URL-encoded GBK", "gbk-encoded", bound, c.of(url.QueryEscape(boundInGBK()))),
	}
}

// with is the request with other texts signed and sent.
func (r Request) with(signed, arrived string, c client) Request {
	return c.damaged(r.Name, strings.Join(r.Kinds, "+"), signed, url.QueryEscape(arrived), arrived)
}

// furtherPushes are neighbours among what receivers compute: merchant_no twice, signment left in at any place, other hashes, texts of languages.
func furtherPushes(no, key string) (all []Push) {
	of := func(text string) string { return MD5(no + text + key) }
	open := func(data string) string { return strings.TrimSuffix(data, "}") }
	for kind, data := range map[string]string{"entry": Entry, "exit": Exit, "unbind": Notice, "certification-invalid": Notice} {
		add := func(name, kinds, signment string) {
			all = append(all, Push{name, kind, strings.Split(kinds, "+"), data, signment})
		}
		add("merchant_no twice", "parts-repeated", MD5(no+no+data+key))
		add("the key twice", "parts-repeated", MD5(no+data+key+key))
		for _, value := range []string{`""`, "null"} {
			add("signment left in behind, "+value, "signment-included", of(open(data)+`,"signment":`+value+"}"))
			add("signment left in front, "+value, "signment-included", of(`{"signment":`+value+","+data[1:]))
			at := strings.Index(data, `,"`) + 1
			add("signment left in second, "+value, "signment-included", of(data[:at]+`"signment":`+value+","+data[at:]))
		}
		add("SM3", "sm3", hashed(sm3.New, no+data+key))
		add("HMAC-SHA256, a line end behind the key", "hmac-sha256", authenticated(sha256.New, key+"\n", no+data))
		add("a key broken by a space", "key-mistyped", MD5(no+data+key[:8]+" "+key[8:]))
		add("MD5 of SHA-1", "hash-chained", MD5(strings.ToLower(hashed(sha1.New, no+data+key))))
	}
	notice := func(name, kind, kinds, text string) {
		all = append(all, Push{name, kind, strings.Split(kinds, "+"), Notice, of(text)})
	}
	notice("a PHP array printed", "unbind", "printed-signed", "Array\n(\n    [plateNumber] => 渝ATX061\n    [time] => 2017-08-20 11:57:51\n)\n")
	notice("XML", "certification-invalid", "printed-signed", "<xml><plateNumber>渝ATX061</plateNumber><time>2017-08-20 11:57:51</time></xml>")
	notice("printed escapes", "unbind", "characters-escaped", strings.ReplaceAll(Notice, "渝", `\xe6\xb8\x9d`))
	notice("values in a list", "unbind", "values-joined", `["渝ATX061","2017-08-20 11:57:51"]`)
	return all
}
