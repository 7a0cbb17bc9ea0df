package diagnose

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// Parameters are the four parameters of a request (§3), as they are named.
var parameters = []string{"merchant_no", "time_stamp", "data", "sign"}

// came is what arrived, raw.
type came struct {
	body    string
	pairs   []pair
	rawData string // the value of data, still escaped
	joined  string // and what followed behind a bare &, up to a parameter of §3
	after   string // that which followed
}

// pair is a parameter as it stands in a query or form: its name decoded, its value not.
type pair struct{ name, raw, text string }

// mostPairs bounds how many parameters are looked at.
const mostPairs = 64

func cameOf(r Request) came {
	c := came{body: r.RawBody}
	if len(c.body) > huge {
		c.body = c.body[:huge]
	}
	text := c.body
	if strings.IndexByte(text, '=') < 0 {
		text = r.RawQuery
	} else if r.RawQuery != "" {
		text += "&" + r.RawQuery
	}
	if len(text) > 2*huge {
		text = text[:2*huge]
	}
	c.pairs = pairsOf(text)
	at := -1
	for i, p := range c.pairs {
		if p.name == "data" && p.raw != "" {
			at = i
			break
		}
	}
	if at >= 0 {
		c.rawData, c.joined = c.pairs[at].raw, c.pairs[at].raw
		for _, p := range c.pairs[at+1:] {
			if isParameter(p.name) {
				break
			}
			c.after += "&" + p.text
		}
		c.joined += c.after
	}
	if r.RawData != "" {
		c.rawData = r.RawData
		if c.joined == "" {
			c.joined = r.RawData
		}
	}
	return c
}

func isParameter(name string) bool {
	return slices.Contains(parameters, name)
}

func pairsOf(text string) (pairs []pair) {
	for p := range strings.SplitSeq(text, "&") {
		if len(pairs) == mostPairs {
			break
		}
		name, raw, _ := strings.Cut(p, "=")
		pairs = append(pairs, pair{unescape(name, true), raw, p})
	}
	return pairs
}

// isRaw says of a parameter's text that it was not URL-encoded: it has characters that an encoded one does not have.
func isRaw(raw string) bool {
	return strings.ContainsAny(raw, "{}\" ") || !isASCII(raw)
}

// cutBytes is how many bytes are missing of a raw body whose Content-Length was the number of its characters; 0 where every character is a byte.
func (c *came) cutBytes() int {
	body, part := wholeRunes(c.body)
	n := len(body) - utf8.RuneCountInString(body)
	if part != "" {
		n += 2 // of a Chinese character
	}
	return n
}

// wholeRunes cuts off the piece of a character that a text ends in.
func wholeRunes(text string) (whole, part string) {
	whole = text
	for n := 0; n < 3 && len(whole) > 0 && !utf8.ValidString(whole); n++ {
		whole = whole[:len(whole)-1]
	}
	return whole, text[len(whole):]
}

func (c *came) cutEvidence() phrase {
	n := c.cutBytes()
	return say(fmt.Sprintf("the body ends after %d bytes; its characters take %d bytes more than there are characters, and %d bytes are missing at its end", len(c.body), n, n),
		fmt.Sprintf("请求体在 %d 字节处结束；其 UTF-8 字节数比字符数多 %d，末尾正好缺少 %d 字节", len(c.body), n, n))
}

var cutFix = say("Content-Length counts bytes, not characters: take the length of the UTF-8 bytes (getBytes(\"UTF-8\").length, Buffer.byteLength), and URL-encode data",
	"Content-Length 是字节数而不是字符数：请取 UTF-8 字节的长度（getBytes(\"UTF-8\").length、Buffer.byteLength），并对 data 做 URL 编码")
