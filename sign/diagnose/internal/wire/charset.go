package wire

import (
	"encoding/base64"
	"fmt"
	"net/url"
	"strings"
	unicode16 "unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
	"golang.org/x/text/encoding/unicode"
)

// Charset is a way to write text in bytes that is not UTF-8.
type Charset struct {
	Name string
	encoding.Encoding
}

// Charsets that senders have where UTF-8 is wanted.
var (
	GBK         = Charset{"GBK", simplifiedchinese.GBK}
	Latin1      = Charset{"ISO-8859-1", charmap.ISO8859_1}
	Windows1252 = Charset{"windows-1252", charmap.Windows1252}
	GB18030     = Charset{"GB18030", simplifiedchinese.GB18030}
	Big5        = Charset{"Big5", traditionalchinese.Big5}
	ShiftJIS    = Charset{"Shift_JIS", japanese.ShiftJIS}
	EUCJP       = Charset{"EUC-JP", japanese.EUCJP}
	EUCKR       = Charset{"EUC-KR", korean.EUCKR}
	ISO2022JP   = Charset{"ISO-2022-JP", japanese.ISO2022JP}
	HZ          = Charset{"HZ-GB2312", simplifiedchinese.HZGB2312}
	Macintosh   = Charset{"Mac OS Roman", charmap.Macintosh}
	CP437       = Charset{"code page 437", charmap.CodePage437}
	CP850       = Charset{"code page 850", charmap.CodePage850}
	UTF16LE     = Charset{"UTF-16LE", unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM)}
	UTF16BE     = Charset{"UTF-16BE", unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM)}
)

// Multibyte are the charsets that have Chinese characters.
var Multibyte = []Charset{GBK, GB18030, Big5, UTF16LE, UTF16BE, ShiftJIS, EUCKR, EUCJP}

// EncodeIn is a text's bytes in a charset, "" where it lacks a character.
func EncodeIn(c Charset, s string) string {
	switch c {
	case Windows1252:
		return encodeWestern(s)
	case Big5:
		return encodeBig5(s)
	}
	out, err := c.NewEncoder().String(s)
	if err != nil {
		return ""
	}
	return out
}

// encodeWestern writes windows-1252 as browsers and .NET do, which have a control character for each of the five bytes without a meaning.
func encodeWestern(s string) string {
	out := make([]byte, 0, len(s))
	for _, r := range s {
		b, ok := charmap.Windows1252.EncodeRune(r)
		if !ok && strings.ContainsRune("\u0081\u008d\u008f\u0090\u009d", r) {
			b, ok = byte(r), true //nolint:gosec // below 256
		}
		if !ok {
			return ""
		}
		out = append(out, b)
	}
	return string(out)
}

// plainBig5 are the characters that Hong Kong's supplement of Big5 has once more, with the bytes that every machine writes for them: 渝 and 港 of plates are among them.
var plainBig5 = map[rune]string{
	'倩': "\xad\xc5", '偽': "\xb0\xb0", '包': "\xa5\x5d", '卿': "\xad\xeb", '婷': "\xb4\x40", '幵': "\xc9\xdb", '彘': "\xd8\xf4", '撐': "\xbc\xb5", '晴': "\xb4\xb8", '杞': "\xa7\xfb",
	'沜': "\xcb\x58", '渝': "\xb4\xfc", '港': "\xb4\xe4", '煮': "\xb5\x4e", '瑜': "\xb7\xec", '砉': "\xcf\xf1",
}

// encodeBig5 writes Big5 as Windows, Java and iconv do: package traditionalchinese prefers the supplement.
func encodeBig5(s string) string {
	var b strings.Builder
	enc := Big5.NewEncoder()
	from := 0
	for at, r := range s + "\x00" {
		plain, twice := plainBig5[r]
		if !twice && at < len(s) {
			continue
		}
		out, err := enc.String(s[from:at])
		if err != nil {
			return ""
		}
		b.WriteString(out + plain)
		from = min(at+utf8.RuneLen(r), len(s))
	}
	return b.String()
}

// Big5WithMarks is a text in Big5 with ? for each character that it lacks, as simplified ones; "" where it lacks none, or has none of the text's.
func Big5WithMarks(s string) string {
	var b strings.Builder
	lacks, has := false, false
	for _, r := range s {
		code := EncodeIn(Big5, string(r))
		if code == "" || len(code) > 1 && (code < "\xa1" || code >= "\xf9\xd6" || code >= "\xc6\xa1" && code < "\xc9") { // those are supplements, which few machines have
			code, lacks = "?", true
		}
		has = has || len(code) > 1
		b.WriteString(code)
	}
	if !lacks || !has {
		return ""
	}
	return b.String()
}

// DecodeFrom reads bytes in a charset; what they do not mean becomes U+FFFD.
func DecodeFrom(c Charset, s string) string {
	out, err := c.NewDecoder().String(s)
	if err != nil {
		return ""
	}
	return out
}

// IsASCII reports whether a text has ASCII only.
func IsASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// QuestionMarks is what getBytes leaves of s where the default charset has no Chinese.
func QuestionMarks(s string) string { return ReplacedBy(s, "?") }

// ReplacedBy is s with a mark in place of each character beyond ASCII.
func ReplacedBy(s, mark string) string {
	var b strings.Builder
	for _, r := range s {
		if r >= utf8.RuneSelf {
			b.WriteString(mark)
		} else {
			b.WriteRune(r)
		}
	}
	return b.String()
}

// UTF8Twice is the UTF-8 of s, taken for ISO-8859-1 and encoded again.
func UTF8Twice(s string) string {
	var b strings.Builder
	for i := range len(s) {
		b.WriteRune(rune(s[i]))
	}
	return b.String()
}

// What JavaScript's encodeURIComponent leaves alone, Java's URLEncoder, and JavaScript's encodeURI.
var (
	javascriptMarks = strings.NewReplacer("%21", "!", "%27", "'", "%28", "(", "%29", ")", "%2A", "*")
	javaMarks       = strings.NewReplacer("%2A", "*", "~", "%7E")
	uriMarks        = strings.NewReplacer("%3B", ";", "%2C", ",", "%2F", "/", "%3F", "?", "%3A", ":", "%40", "@", "%26", "&",
		"%3D", "=", "%2B", "+", "%24", "$", "%23", "#")
)

// LikelyEncodings are the first of [URLEncodings]: what Go and Python's urlencode write, and the same with %20 for a space.
func LikelyEncodings(s string) []string {
	form := url.QueryEscape(s)
	return []string{form, strings.ReplaceAll(form, "+", "%20")}
}

// URLEncodings writes s as the usual libraries do, which disagree on spaces and on a handful of marks.
func URLEncodings(s string) []string {
	likely := LikelyEncodings(s)
	form, percent := likely[0], likely[1]
	javascript := javascriptMarks.Replace(percent)
	java := javaMarks.Replace(form)
	wholeURI := uriMarks.Replace(javascript)
	all := []string{form, percent, javascript, java, strings.ReplaceAll(percent, "%2F", "/"), strings.ReplaceAll(java, "+", "%20"), wholeURI, url.PathEscape(s)}
	for _, upper := range all[:4] {
		all = append(all, lowerEscapes(upper))
	}
	return all
}

// lowerEscapes turns %7B into %7b, as .NET's HttpUtility does.
func lowerEscapes(s string) string {
	b := []byte(s)
	for i := 0; i+2 < len(b); i++ {
		if b[i] == '%' {
			b[i+1], b[i+2] = lowerHex(b[i+1]), lowerHex(b[i+2])
		}
	}
	return string(b)
}

func lowerHex(c byte) byte {
	if c >= 'A' && c <= 'F' {
		c |= 0x20
	}
	return c
}

// EscapedU writes s as JavaScript's old escape() does: %uXXXX beyond U+00FF, %XX below, and the marks @*_+-./ as they are.
func EscapedU(s string) string {
	var b strings.Builder
	for _, r := range s {
		switch {
		case r >= '0' && r <= '9' || r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z' || strings.ContainsRune("@*_+-./", r):
			b.WriteRune(r)
		case r <= 0xff:
			fmt.Fprintf(&b, "%%%02X", r)
		default:
			for _, unit := range unicode16.Encode([]rune{r}) {
				fmt.Fprintf(&b, "%%u%04X", unit)
			}
		}
	}
	return b.String()
}

// DoubleEncodings are for data that was encoded once too often: it arrives encoded though its plain text was signed, or what was signed
// was encoded twice.
func DoubleEncodings(data string) []string {
	return append(DecodedAgain(data), EncodedTwice(data)...)
}

// EncodedTwice is data URL-encoded twice, in each of the usual ways.
func EncodedTwice(data string) (all []string) {
	for _, once := range URLEncodings(data)[:4] {
		all = append(all, url.QueryEscape(once))
	}
	return all
}

// DecodedAgain is data decoded once more, twice, and up to four times.
func DecodedAgain(data string) (all []string) {
	for s := data; len(all) < 4; {
		plain, err := url.QueryUnescape(s)
		if err != nil || plain == s {
			break
		}
		all = append(all, plain)
		s = plain
	}
	return all
}

// Unescape decodes percent escapes, and leaves alone what is none. A + becomes a space where plus says so. JavaScript's old escape() writes
// %u6E1D.
func Unescape(s string, plus bool) string {
	return unescape(s, plus, func(byte) bool { return true })
}

// UnescapeMarks decodes as [Unescape] does, but only escapes of the marks of JSON and of what is not ASCII: who escapes by hand, or with a
// set of characters of his own, escapes these, and leaves a % that stands in a text.
func UnescapeMarks(s string, plus bool) string {
	return unescape(s, plus, func(c byte) bool { return c >= utf8.RuneSelf || strings.IndexByte(`{}[]":,`, c) >= 0 })
}

// UnescapeReserved decodes as [Unescape] does, but not escapes of letters, digits and the other characters that no encoder escapes:
// their % is one that stood in the text.
func UnescapeReserved(s string, plus bool) string {
	return unescape(s, plus, func(c byte) bool {
		letter := c|0x20 >= 'a' && c|0x20 <= 'z'
		return !letter && (c < '0' || c > '9') && strings.IndexByte("-._~", c) < 0
	})
}

// unescape decodes the percent escapes of the bytes that are wanted.
func unescape(s string, plus bool, wanted func(byte) bool) string {
	if strings.IndexByte(s, '%') < 0 && (!plus || strings.IndexByte(s, '+') < 0) {
		return s
	}
	out := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '%' && i+2 < len(s) && IsHex(s[i+1]) && IsHex(s[i+2]) && wanted(unhex(s[i+1])<<4|unhex(s[i+2])):
			out = append(out, unhex(s[i+1])<<4|unhex(s[i+2]))
			i += 2
		case s[i] == '+' && plus:
			out = append(out, ' ')
		default:
			out = append(out, s[i])
		}
	}
	return string(out)
}

// IsHex reports whether c is a hex digit.
func IsHex(c byte) bool { return c >= '0' && c <= '9' || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F' }

func unhex(c byte) byte {
	switch {
	case c <= '9':
		return c - '0'
	case c >= 'a':
		return c - 'a' + 10
	}
	return c - 'A' + 10
}

// UnescapeU decodes JavaScript's %u6E1D.
func UnescapeU(s string) string {
	if !strings.Contains(s, "%u") && !strings.Contains(s, "%U") {
		return s
	}
	var units []uint16
	var b strings.Builder
	flush := func() {
		b.WriteString(string(unicode16.Decode(units)))
		units = units[:0]
	}
	for i := 0; i < len(s); i++ {
		if i+5 < len(s) && s[i] == '%' && s[i+1]|0x20 == 'u' && IsHex(s[i+2]) && IsHex(s[i+3]) && IsHex(s[i+4]) && IsHex(s[i+5]) {
			units = append(units, uint16(unhex(s[i+2]))<<12|uint16(unhex(s[i+3]))<<8|uint16(unhex(s[i+4]))<<4|uint16(unhex(s[i+5])))
			i += 5
			continue
		}
		flush()
		b.WriteByte(s[i])
	}
	flush()
	return b.String()
}

// HalfWidth is a text with the quotes and marks of JSON in ASCII, where an input method or a word processor has put others.
func HalfWidth(s string) string { return halfWidth.Replace(s) }

var halfWidth = strings.NewReplacer("“", `"`, "”", `"`, "‘", `"`, "’", `"`, "„", `"`, "‟", `"`, "«", `"`, "»", `"`, "″", `"`, "＂", `"`, "：", ":", "，", ",", "｛", "{", "｝", "}")

// Typographic are the characters that HalfWidth replaces.
const Typographic = "“”‘’„‟«»″＂：，｛｝"

// Base64Bytes are the bytes that a text of Base64 stands for, nil where it is none.
func Base64Bytes(text string) []byte {
	text = strings.TrimRight(Strip(text), "=")
	for _, e := range []*base64.Encoding{base64.RawStdEncoding, base64.RawURLEncoding} {
		if raw, err := e.DecodeString(text); err == nil {
			return raw
		}
	}
	return nil
}

// FromBase64 reads Base64 of any sort, "" where it is none.
func FromBase64(data string) string {
	data = strings.TrimRight(Strip(strings.ReplaceAll(strings.TrimSpace(data), " ", "+")), "=")
	for _, e := range []*base64.Encoding{base64.RawStdEncoding, base64.RawURLEncoding} {
		if raw, err := e.DecodeString(data); err == nil && len(raw) > 0 && utf8.Valid(raw) {
			return string(raw)
		}
	}
	return ""
}

// Stripped is a text without space, tab, CR and LF.
func Stripped(text []byte) []byte {
	out := make([]byte, 0, len(text))
	for _, c := range text {
		if c != ' ' && c != '\t' && c != '\r' && c != '\n' {
			out = append(out, c)
		}
	}
	return out
}

// Strip is [Stripped] of a string.
func Strip(s string) string {
	if !strings.ContainsAny(s, " \t\r\n") {
		return s
	}
	return string(Stripped([]byte(s)))
}
