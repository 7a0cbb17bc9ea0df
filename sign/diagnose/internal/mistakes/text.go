package mistakes

import (
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"github.com/etcp-mock/etcp-mock/internal/lazyregexp"
	"github.com/etcp-mock/etcp-mock/sign"
	"github.com/etcp-mock/etcp-mock/sign/diagnose/internal/guess"
	"github.com/etcp-mock/etcp-mock/sign/diagnose/internal/jsondoc"
	"github.com/etcp-mock/etcp-mock/sign/diagnose/internal/wire"
	"github.com/etcp-mock/etcp-mock/sign/diagnose/internal/words"
)

// base64Spaces are values in Base64 whose + have become spaces.
var base64Spaces = lazyregexp.New(`"[A-Za-z0-9+/]+(?: [A-Za-z0-9+/]*)+={0,2}"`)

// textRows are data in another character set, URL encoding or frame: it arrived whole, and something else was signed.
var textRows = []guess.Hypothesis{
	{
		Kind: "data-url-encoded", In: guess.OfBoth, At: guess.InText, What: words.Phrase{En: "data was signed while it was URL-encoded", Zh: "签名时 data 还是 URL 编码后的文本"},
		Fix: words.Phrase{En: "Sign data before it is URL-encoded", Zh: "请先对 data 签名，再做 URL 编码"}, PushFix: words.Phrase{En: "Hash the text as received: do not URL-encode it, and decode what came in a form before hashing", Zh: "请对收到的原文求哈希：不要做 URL 编码，表单里的内容先解码再求哈希"},
		Try: texts(func(s *guess.Case, data string, few bool) []string {
			var all []string
			if raw := s.Came.RawData; raw != "" && !guess.IsRaw(raw) {
				all = append(all, raw)
			}
			if few {
				return append(all, wire.LikelyEncodings(data)[:2-len(all)]...)
			}
			return append(append(all, wire.URLEncodings(data)...), wire.EscapedU(data))
		}),
	},
	{
		Kind: "plus-for-space", In: guess.OfBoth, At: guess.InText, Alone: true, What: words.Phrase{En: "a + was signed where a space was sent, or a space where a + was", Zh: "发送的是空格而签的是 +，或发送的是 + 而签的是空格"},
		Fix:     words.Phrase{En: "A + in a form means a space; send a plus sign as %2B and a space as %20", Zh: "表单里的 + 表示空格；加号请写成 %2B，空格请写成 %20"},
		PushFix: words.Phrase{En: "Hash the text as it was received: do not URL-decode it again", Zh: "请对收到的原文求哈希，不要再做一次 URL 解码"},
		Try: texts(func(s *guess.Case, data string, _ bool) []string {
			if guess.IsRaw(s.Came.RawData) { // a bare + is data-not-url-encoded
				return []string{strings.ReplaceAll(data, "+", " ")}
			}
			inBase64 := base64Spaces().ReplaceAllStringFunc(data, func(value string) string { return strings.ReplaceAll(value, " ", "+") })
			return []string{strings.ReplaceAll(data, " ", "+"), strings.ReplaceAll(data, "+", " "), inBase64}
		}),
	},
	{
		Kind: "data-double-encoded", In: guess.OfRequests, At: guess.InText, What: words.Phrase{En: "data was URL-encoded once too often", Zh: "data 多做了一次 URL 编码"},
		Fix: words.Phrase{En: "Encode data once, and sign it before", Zh: "data 只编码一次，并在编码之前签名"},
		Try: texts(func(_ *guess.Case, data string, few bool) []string {
			if few {
				return wire.DecodedAgain(data)
			}
			return wire.DoubleEncodings(data)
		}),
	},
	{
		Kind: "values-url-decoded", In: guess.OfPushes, At: guess.InText, What: words.Phrase{En: "the text was URL-decoded before hashing", Zh: "求哈希之前对文本做了 URL 解码"},
		Fix: words.Phrase{En: "Hash the body as received: its JSON is not URL-encoded, so that a + or a %41 in it is meant as it is", Zh: "请对收到的原文求哈希：正文的 JSON 没有做 URL 编码，其中的 + 或 %41 就是原文"},
		Try: texts(func(_ *guess.Case, data string, _ bool) []string { return wire.DecodedAgain(data) }),
	},
	{
		Kind: "data-double-encoded", In: guess.OfPushes, At: guess.InText, What: words.Phrase{En: "the text was URL-encoded twice before hashing", Zh: "求哈希之前对文本做了两次 URL 编码"},
		Fix: words.Phrase{En: "Hash the text as received: do not URL-encode it, and decode what came in a form before hashing", Zh: "请对收到的原文求哈希：不要做 URL 编码，表单里的内容先解码再求哈希"},
		Try: texts(func(_ *guess.Case, data string, few bool) []string {
			if few {
				return nil
			}
			return wire.EncodedTwice(data)
		}),
	},
	{
		Kind: "gbk-encoded", In: guess.OfBoth, At: guess.InText, What: words.Phrase{En: "the text was hashed in GBK", Zh: "按 GBK 字节求了哈希"},
		Fix: words.Phrase{En: "Hash the UTF-8 bytes, not GBK: name the charset (getBytes(\"UTF-8\"))", Zh: "请对 UTF-8 字节求哈希，而不是 GBK：写明字符集（getBytes(\"UTF-8\")）"},
		Try: texts(func(_ *guess.Case, data string, few bool) []string {
			if wire.IsASCII(data) {
				return nil
			}
			if few {
				return []string{wire.EncodeIn(wire.GBK, data)}
			}
			gbk := wire.EncodeIn(wire.GBK, data)
			return []string{gbk, wire.EncodeIn(wire.GB18030, data), url.QueryEscape(gbk), strings.ReplaceAll(url.QueryEscape(gbk), "+", "%20")}
		}),
	},
	{
		Kind: "other-charset", In: guess.OfBoth, At: guess.InText, What: words.Phrase{En: "the text was hashed in another charset than UTF-8", Zh: "按 UTF-8 以外的字符集求了哈希"},
		Fix: words.Phrase{En: "Hash the UTF-8 bytes: name the charset (getBytes(\"UTF-8\"))", Zh: "请对 UTF-8 字节求哈希：写明字符集（getBytes(\"UTF-8\")）"}, Try: inOtherCharset,
	},
	{
		Kind: "ascii-question-marks", In: guess.OfBoth, At: guess.InText, What: words.Phrase{En: "the text was hashed in a charset without Chinese: each character became ?", Zh: "按不含汉字的字符集求了哈希：每个汉字都成了 ?"},
		Fix: words.Phrase{En: "The charset used has no Chinese; name UTF-8 (getBytes(\"UTF-8\"))", Zh: "所用字符集没有汉字；请写明 UTF-8（getBytes(\"UTF-8\")）"},
		Try: inASCII,
	},
	{
		Kind: "utf8-twice", In: guess.OfBoth, At: guess.InText, What: words.Phrase{En: "the text was encoded in UTF-8 twice: its bytes were read as ISO-8859-1", Zh: "文本被做了两次 UTF-8 编码：字节被按 ISO-8859-1 读取"},
		Fix: words.Phrase{En: "Encode the text once", Zh: "只编码一次"}, PushFix: words.Phrase{En: "Decode the body as UTF-8, not as ISO-8859-1, and hash that text in UTF-8", Zh: "请按 UTF-8 而不是 ISO-8859-1 解码请求体，再以 UTF-8 求哈希"},
		Try: texts(func(_ *guess.Case, data string, few bool) []string {
			if wire.IsASCII(data) {
				return nil
			}
			if few {
				return []string{wire.UTF8Twice(data)}
			}
			return []string{wire.UTF8Twice(data), wire.DecodeFrom(wire.Windows1252, data), wire.UTF8Twice(wire.UTF8Twice(data)), wire.DecodeFrom(wire.Windows1252, wire.DecodeFrom(wire.Windows1252, data)), wire.UTF8Twice(wire.EncodeIn(wire.GBK, data))}
		}),
	},
	{
		Kind: "decoded-as-gbk", In: guess.OfBoth, At: guess.InText, Alone: true, What: words.Phrase{En: "the UTF-8 bytes were read as GBK before hashing", Zh: "求哈希之前 UTF-8 字节被按 GBK 读取"},
		Fix: words.Phrase{En: "Read the bytes as UTF-8", Zh: "请按 UTF-8 读取字节"},
		Try: texts(func(_ *guess.Case, data string, _ bool) (all []string) {
			if wire.IsASCII(data) || !utf8.ValidString(data) {
				return nil
			}
			for _, c := range []wire.Charset{wire.GBK, wire.GB18030, wire.Big5} {
				wrong := wire.DecodeFrom(c, data)
				back, _ := c.NewEncoder().String(strings.ReplaceAll(wrong, "\uFFFD", "?"))
				all = append(all, wrong, strings.ReplaceAll(wrong, "\uFFFD", "?"), back)
			}
			return all
		}),
	},
	{
		Kind: "unicode-normalized", In: guess.OfBoth, At: guess.InText, Alone: true, What: words.Phrase{En: "characters were brought into another form of Unicode (NFC, NFD, NFKC or NFKD) before hashing", Zh: "求哈希之前字符被转成了另一种 Unicode 规范形式（NFC、NFD、NFKC 或 NFKD）"},
		Fix:     words.Phrase{En: "Sign the very text that is sent: normalize before data is marshalled, or not at all", Zh: "请对实际发送的文本签名：在序列化 data 之前做规范化，或完全不做"},
		PushFix: words.Phrase{En: "Hash the text as received, without Unicode normalization", Zh: "请对收到的原文求哈希，不要做 Unicode 规范化"},
		Try: texts(func(_ *guess.Case, data string, _ bool) []string {
			if wire.IsASCII(data) {
				return nil
			}
			return []string{norm.NFC.String(data), norm.NFD.String(data), norm.NFKC.String(data), norm.NFKD.String(data)}
		}),
	},
	{
		Kind: "html-signed", In: guess.OfBoth, At: guess.InText, Alone: true, What: words.Phrase{En: "data was signed while it was HTML-escaped", Zh: "签名时 data 还是 HTML 转义后的文本"},
		Fix: words.Phrase{En: "Sign data as it is sent, without HTML escaping", Zh: "请对实际发送的 data 签名，不要做 HTML 转义"}, PushFix: words.Phrase{En: "Hash the text as it was received, without HTML escaping (no htmlspecialchars, no XSS filter)", Zh: "请对收到的原文求哈希，不要做 HTML 转义（htmlspecialchars、XSS 过滤）"},
		Try: texts(func(_ *guess.Case, data string, _ bool) []string {
			return []string{
				strings.NewReplacer("&", "&amp;", `"`, "&quot;", "<", "&lt;", ">", "&gt;").Replace(data),
				strings.NewReplacer("&", "&amp;", `"`, "&quot;", "<", "&lt;", ">", "&gt;", "'", "&#039;").Replace(data),
				strings.NewReplacer("&", "&amp;", `"`, "&#34;", "<", "&lt;", ">", "&gt;", "'", "&#39;").Replace(data),
				strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace(data),
				numbered(data, "&#%d;"), numbered(data, "&#x%x;"), numbered(data, "&#x%X;"),
			}
		}),
	},
	{
		Kind: "data-framed", In: guess.OfBoth, At: guess.InText, What: words.Phrase{En: "something stands around data in the text", Zh: "签名的 data 前后多了或少了内容"},
		Fix:     words.Phrase{En: "Sign data exactly as it is sent, without a line end, a byte order mark, quotes or a name around it", Zh: "请对实际发送的 data 签名，前后不要带换行、BOM、引号或参数名"},
		PushFix: words.Phrase{En: "Hash data exactly as it was received, without a line end or anything else around it", Zh: "请对收到的 data 原文求哈希，前后不要带换行或其他内容"},
		Try: texts(func(s *guess.Case, data string, few bool) []string {
			all := []string{"\uFEFF" + data, `"` + data + `"`, "data=" + data, "[" + data + "]", " " + data, data + " ", data + "\x00", data + ";", data + ",", `{"data":` + data + `}`, `{"params":` + data + `}`}
			if s.Scope == guess.OfPushes {
				all = append(all, strings.TrimSpace(data))
			}
			if strings.HasPrefix(data, "{") {
				all = append(all, strings.Trim(data, "{}"))
			}
			if few {
				return all[:2]
			}
			return all
		}),
	},
	{
		Kind: "envelope-signed", In: guess.OfRequests, At: guess.InText, Alone: true, What: words.Phrase{En: "JSON of more than data was signed: merchant_no, time_stamp or sign stand in it", Zh: "签名的是 data 之外还带有 merchant_no、time_stamp 或 sign 的 JSON"},
		Fix: words.Phrase{En: "Sign data + key + time_stamp, data being exactly the text that is sent as data (§6)", Zh: "请签 data + 密钥 + time_stamp，data 就是作为 data 发送的那段文本（§6）"}, Try: envelopeSigned,
	},
	{
		Kind: "data-unset", In: guess.OfBoth, At: guess.InText, Alone: true, What: words.Phrase{En: "what a language prints of a variable was signed in the place of data", Zh: "data 的位置签的是变量打印出来的文本"},
		Fix: words.Phrase{En: "Sign the JSON text itself: the variable held nothing yet, or an object that is no text", Zh: "请对 JSON 文本本身签名：该变量尚未赋值，或是不能当文本用的对象"}, PushFix: words.Phrase{En: "Hash the body's text: the variable held nothing, as where the body was read before, or an object that is no text", Zh: "请对请求体的文本求哈希：该变量是空的（例如请求体已被读过），或是不能当文本用的对象"},
		Try: texts(func(*guess.Case, string, bool) []string {
			return []string{"null", "undefined", "None", "nil", "$DATA", "${DATA}", "$data", "${data}", "{}", "[]", "[object Object]", "Array", "map[]", "Object", "System.Object", "System.Collections.Generic.Dictionary`2[System.String,System.String]", "System.Collections.Generic.Dictionary`2[System.String,System.Object]"}
		}),
	},
	{
		Kind: "data-quoted", In: guess.OfBoth, At: guess.InText, Alone: true, What: words.Phrase{En: "data was marshalled twice: a JSON string stands where the object belongs", Zh: "data 被序列化了两次：对象成了 JSON 字符串"},
		Fix:     words.Phrase{En: "Marshal once; sign the object's text, and send the same", Zh: "只序列化一次；对对象的文本签名，并发送同一文本"},
		PushFix: words.Phrase{En: "Hash the text as received, not a JSON string that holds it", Zh: "请对收到的原文求哈希，而不是把它再序列化成的 JSON 字符串"},
		Try: texts(func(_ *guess.Case, data string, _ bool) []string {
			quoted := string(sign.AppendJSONString(nil, data))
			all := []string{quoted, quoted[1 : len(quoted)-1], string(jsondoc.AppendStyled(nil, data, jsondoc.EscapeUnicode))}
			if n := (*jsondoc.Node)(nil); strings.HasPrefix(data, `"`) {
				if n = jsondoc.Parse(data); n != nil && n.Kind == '"' {
					all = append(all, n.Text)
				}
			}
			return all
		}),
	},
	{
		Kind: "data-base64", In: guess.OfBoth, At: guess.InText, Alone: true, What: words.Phrase{En: "data was signed in Base64", Zh: "签名时 data 是 Base64 文本"},
		Fix:     words.Phrase{En: "Sign the text of data itself", Zh: "请直接对 data 的文本签名"},
		PushFix: words.Phrase{En: "Hash the text as received, neither as Base64 nor as hex", Zh: "请直接对收到的原文求哈希，不要转成 Base64 或十六进制"},
		Try: texts(func(_ *guess.Case, data string, _ bool) []string {
			plain := []byte(data)
			return []string{
				base64.StdEncoding.EncodeToString(plain), base64.URLEncoding.EncodeToString(plain), base64.RawURLEncoding.EncodeToString(plain), base64.RawStdEncoding.EncodeToString(plain),
				inLines(plain, 76, "\r\n"), inLines(plain, 76, "\n"), inLines(plain, 64, "\n"), base64.StdEncoding.EncodeToString(plain) + "\n",
			}
		}),
	},
	{
		Kind: "data-hex", In: guess.OfBoth, At: guess.InText, Alone: true, What: words.Phrase{En: "data was signed as hex digits", Zh: "签名时 data 是十六进制文本"},
		Fix:     words.Phrase{En: "Sign the text of data itself", Zh: "请直接对 data 的文本签名"},
		PushFix: words.Phrase{En: "Hash the text as received, neither as Base64 nor as hex", Zh: "请直接对收到的原文求哈希，不要转成 Base64 或十六进制"},
		Try: texts(func(_ *guess.Case, data string, _ bool) []string {
			return []string{hex.EncodeToString([]byte(data)), strings.ToUpper(hex.EncodeToString([]byte(data)))}
		}),
	},
	{
		Kind: "text-case", In: guess.OfBoth, At: guess.InText, Alone: true, What: words.Phrase{En: "data was turned into upper or lower case before hashing", Zh: "求哈希之前把 data 转成了大写或小写"}, Fix: words.Phrase{En: "Turn the hash into upper case, not the text", Zh: "转成大写的应是哈希结果，而不是文本"},
		Try: texts(func(_ *guess.Case, data string, _ bool) []string {
			return []string{strings.ToLower(data), strings.ToUpper(data)}
		}),
	},
}

// inLines is Base64 in lines of a width, as MIME and PEM have it, without a line end behind the last.
func inLines(plain []byte, width int, end string) string {
	var lines []string
	for line := range slices.Chunk([]byte(base64.StdEncoding.EncodeToString(plain)), width) {
		lines = append(lines, string(line))
	}
	return strings.Join(lines, end)
}

// numbered writes each character beyond ASCII as a numeric reference of HTML.
func numbered(data, format string) string {
	var b strings.Builder
	for _, r := range data {
		if r < utf8.RuneSelf {
			b.WriteRune(r)
		} else {
			fmt.Fprintf(&b, format, r)
		}
	}
	return b.String()
}

// envelopeSigned are objects that hold data and the other parameters, or data with the others as members of it.
func envelopeSigned(s *guess.Case, g guess.Guess, _ bool, yield func(guess.Guess) bool) bool {
	if g.Settle(); len(g.Data) > wire.Longest || !strings.HasPrefix(g.Data, "{") || !slices.Equal(g.Form, s.Right.Form) {
		return true
	}
	quoted := string(sign.AppendJSONString(nil, g.Data))
	no, stamp := `"merchant_no":`+string(sign.AppendJSONString(nil, g.No)), `"time_stamp":`+string(sign.AppendJSONString(nil, g.Stamp))
	var all, keyed []string
	for _, data := range []string{`"data":` + g.Data, `"data":` + quoted} {
		parts := []string{no, stamp, data}
		for order := range jsondoc.Orders(len(parts)) {
			all = append(all, "{"+parts[order[0]]+","+parts[order[1]]+","+parts[order[2]]+"}")
		}
		all = append(all, "{"+stamp+","+data+"}", "{"+data+","+stamp+"}", "{"+no+","+data+"}")
	}
	inside := strings.TrimSuffix(strings.TrimSpace(g.Data), "}") + ","
	key := string(sign.AppendJSONString(nil, g.Key))
	for _, name := range []string{"key", "merchant_key", "merchantKey"} { // the key as a member
		member := `"` + name + `":` + key
		keyed = append(keyed, []string{inside + member + "}", `{"data":` + g.Data + "," + member + "," + stamp + "}", "{" + no + "," + stamp + `,"data":` + g.Data + "," + member + "}", `{"data":` + quoted + "," + member + "," + stamp + "}"}...)
	}
	list := "[" + quoted + "," + key + `,"` + g.Stamp + `"]`
	keyed = append(keyed, list, "["+quoted+", "+key+`, "`+g.Stamp+`"]`)
	for _, more := range []string{`"sign":""`, `"sign":null`, no, stamp, no + "," + stamp, stamp + "," + no} {
		all = append(all, inside+more+"}")
	}
	for _, text := range all {
		g.Data, g.Doc = text, nil
		for _, form := range [][]string{s.Right.Form, {guess.TheData, guess.TheKey}, {guess.TheData, "&key=", guess.TheKey}, {guess.TheKey, guess.TheData}} {
			if g.Form = form; !yield(g) {
				return false
			}
		}
	}
	for _, text := range keyed {
		g.Data, g.Doc = text, nil
		g.What = words.Phrase{En: "JSON was signed in which the key stands beside data", Zh: "签名的是把密钥和 data 放在一起的 JSON"}
		for _, form := range [][]string{{guess.TheData}, {guess.TheData, guess.TheStamp}} {
			if g.Form = form; !yield(g) {
				return false
			}
		}
	}
	return true
}

// inASCII are what encoders of a charset without Chinese put where a character stood; some leave it out.
func inASCII(s *guess.Case, g guess.Guess, few bool, yield func(guess.Guess) bool) bool {
	marks := func(all ...string) func(*guess.Case, string, bool) []string {
		return func(_ *guess.Case, data string, _ bool) (replaced []string) {
			if wire.IsASCII(data) {
				return nil
			}
			for _, mark := range all {
				replaced = append(replaced, wire.ReplacedBy(data, mark))
			}
			return replaced
		}
	}
	if few {
		return texts(marks("?"))(s, g, few, yield)
	}
	if !texts(marks("?", "\x1a", "??", "???", "\uFFFD", "\uFFFD\uFFFD\uFFFD"))(s, g, few, yield) {
		return false
	}
	g.What = words.Phrase{En: "the text was hashed in a charset without Chinese, and its characters were left out", Zh: "按不含汉字的字符集求了哈希，汉字都被丢掉了"}
	g.Fix = words.Phrase{En: "The charset used has no Chinese; name UTF-8 (getBytes(\"UTF-8\")), and do not ignore errors (errors='ignore', iconv -c)", Zh: "所用字符集没有汉字；请写明 UTF-8（getBytes(\"UTF-8\")），不要忽略编码错误（errors='ignore'、iconv -c）"}
	return texts(marks(""))(s, g, few, yield)
}

func inOtherCharset(s *guess.Case, g guess.Guess, few bool, yield func(guess.Guess) bool) bool {
	g.Settle()
	data := g.Data
	if len(data) > wire.Longest || wire.IsASCII(data) || few && s.Scope == guess.OfPushes {
		return true
	}
	in := func(name, text string) bool {
		g.Data, g.What = text, words.Phrase{En: "the text was hashed in " + name, Zh: "按 " + name + " 字节求了哈希"}
		return text == "" || yield(g)
	}
	if !in(wire.Big5.Name, wire.EncodeIn(wire.Big5, data)) {
		return false
	}
	if few {
		return true
	}
	g.Data, g.What = wire.Big5WithMarks(data), words.Phrase{En: "the text was hashed in Big5, with ? in the place of each character that it lacks", Zh: "按 Big5 字节求了哈希，其中没有的字符都成了 ?"}
	if g.Data != "" && !yield(g) {
		return false
	}
	for _, c := range []wire.Charset{wire.ShiftJIS, wire.EUCJP, wire.EUCKR, wire.UTF16LE, wire.UTF16BE, wire.ISO2022JP, wire.HZ} {
		if !in(c.Name, wire.EncodeIn(c, data)) {
			return false
		}
	}
	text, in7 := []byte(data), wire.InUTF7(data)
	return in("UTF-7", in7) && in("UTF-7", strings.ReplaceAll(in7, `-"`, `"`)) && in("UTF-16", string(wire.InUTF16(false, true)(text))) && in("UTF-16", string(wire.InUTF16(true, true)(text))) &&
		in("UTF-32", string(wire.InUTF32(false)(text))) && in("UTF-32", string(wire.InUTF32(true)(text))) && in("UTF-32", "\xff\xfe\x00\x00"+string(wire.InUTF32(false)(text)))
}
