package sign

import (
	"net/url"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"
)

// encodings are data in another character set, URL encoding or frame; raw is data as it was sent, where that is known.
func (d *doctor) encodings(raw string, yield func(guess) bool) {
	data := d.right.data
	if len(data) > longest {
		return
	}
	try := func(kind string, texts ...string) bool {
		for _, text := range texts {
			if text != data && text != "" && !yield(d.like(kind, func(g *guess) { g.data = text })) {
				return false
			}
		}
		return true
	}
	_ = try("data-url-encoded", raw) &&
		try("data-url-encoded", urlEncodings(data)...) &&
		try("plus-for-space", plusForSpace(data, raw)...) &&
		try("data-double-encoded", doubleEncodings(data)...) &&
		try("gbk-encoded", gbk(data)) &&
		try("ascii-question-marks", questionMarks(data)) &&
		try("utf8-twice", utf8Twice(data)) &&
		try("data-framed", data+"\n", data+"\r\n", "\uFEFF"+data, strings.TrimSpace(data), `"`+data+`"`, "data="+data) &&
		try("data-quoted", string(AppendJSONString(nil, data)))
}

// urlEncodings writes s as the usual libraries do, which disagree on spaces and on a handful of marks.
func urlEncodings(s string) []string {
	form := url.QueryEscape(s) // Go, Python's urlencode
	percent := strings.ReplaceAll(form, "+", "%20")
	javascript := strings.NewReplacer("%21", "!", "%27", "'", "%28", "(", "%29", ")", "%2A", "*").Replace(percent)
	java := strings.NewReplacer("%2A", "*", "~", "%7E").Replace(form)
	wholeURI := strings.NewReplacer("%3B", ";", "%2C", ",", "%2F", "/", "%3F", "?", "%3A", ":", "%40", "@", "%26", "&",
		"%3D", "=", "%2B", "+", "%24", "$", "%23", "#").Replace(javascript) // JavaScript's encodeURI
	all := []string{form, percent, javascript, java, strings.ReplaceAll(java, "+", "%20"), wholeURI, url.PathEscape(s)}
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
			copy(b[i+1:i+3], strings.ToLower(s[i+1:i+3]))
		}
	}
	return string(b)
}

// plusForSpace undoes what form decoding does to a plus sign that was sent as it is, and the mirror image of that.
func plusForSpace(data, raw string) []string {
	all := []string{strings.ReplaceAll(data, " ", "+"), strings.ReplaceAll(data, "+", " ")}
	if literal, err := url.PathUnescape(raw); err == nil {
		all = append(all, literal)
	}
	return all
}

// doubleEncodings are for data that was encoded once too often: it arrives encoded though its plain text was signed, or what
// was signed was encoded twice.
func doubleEncodings(data string) []string {
	var all []string
	for s := data; len(all) < 2; {
		plain, err := url.QueryUnescape(s)
		if err != nil || plain == s {
			break
		}
		all = append(all, plain)
		s = plain
	}
	for _, once := range urlEncodings(data)[:4] {
		all = append(all, url.QueryEscape(once))
	}
	return all
}

func gbk(s string) string {
	out, err := simplifiedchinese.GBK.NewEncoder().String(s)
	if err != nil {
		return ""
	}
	return out
}

// questionMarks is what getBytes leaves of s where the default character set has no Chinese.
func questionMarks(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= utf8.RuneSelf {
			return '?'
		}
		return r
	}, s)
}

// utf8Twice is the UTF-8 of s, taken for ISO-8859-1 and encoded again.
func utf8Twice(s string) string {
	var b strings.Builder
	for i := range len(s) {
		b.WriteRune(rune(s[i]))
	}
	return b.String()
}
