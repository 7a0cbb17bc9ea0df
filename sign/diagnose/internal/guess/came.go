package guess

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/etcp-mock/etcp-mock/sign/diagnose/internal/wire"
	"github.com/etcp-mock/etcp-mock/sign/diagnose/internal/words"
)

// Came is what arrived, raw.
type Came struct {
	Unknown bool // nothing of it is known
	body    string
	Pairs   []wire.Pair
	RawData string // the value of data, still escaped
	Joined  string // and what followed behind a bare &, up to a parameter of §3
	After   string // that which followed
}

// CameOf reads the raw data, query and body of a request, each of which may be empty; no more than 2 × [wire.Huge] bytes of them.
func CameOf(rawData, rawQuery, rawBody string) Came {
	c := Came{body: rawBody, Unknown: rawBody == "" && rawQuery == "" && rawData == ""}
	if len(c.body) > wire.Huge {
		c.body = c.body[:wire.Huge]
	}
	text := c.body
	if strings.IndexByte(text, '=') < 0 {
		text = rawQuery
	} else if rawQuery != "" && rawQuery != rawBody { // the same text stands for whichever it was
		text += "&" + rawQuery
	}
	if len(text) > 2*wire.Huge {
		text = text[:2*wire.Huge]
	}
	c.Pairs = wire.Pairs(text)
	at := -1
	for i, p := range c.Pairs {
		if p.Name == "data" && p.Raw != "" {
			at = i
			break
		}
	}
	if at >= 0 {
		c.RawData, c.Joined = c.Pairs[at].Raw, c.Pairs[at].Raw
		for _, p := range c.Pairs[at+1:] {
			if wire.IsParameter(p.Name) {
				break
			}
			c.After += "&" + p.Text
		}
		c.Joined += c.After
	}
	if rawData != "" {
		c.RawData = rawData
		if c.Joined == "" {
			c.Joined = rawData
		}
	}
	return c
}

// IsRaw says of a parameter's text that it was not URL-encoded: it has characters that an encoded one does not have.
func IsRaw(raw string) bool {
	return strings.ContainsAny(raw, "{}\" ") || !wire.IsASCII(raw)
}

// CutBytes is how many bytes are missing of a raw body whose Content-Length was the number of its characters; 0 where every character is a byte.
func (c *Came) CutBytes() int {
	body, part := wire.WholeRunes(c.body)
	n := len(body) - utf8.RuneCountInString(body)
	if part != "" {
		n += 2 // of a Chinese character
	}
	return n
}

// CutEvidence says of a cut body how much of it is missing.
func (c *Came) CutEvidence() words.Phrase {
	n := c.CutBytes()
	return words.Phrase{
		En: fmt.Sprintf("the body ends after %d bytes; its characters take %d bytes more than there are characters, and %d bytes are missing at its end", len(c.body), n, n),
		Zh: fmt.Sprintf("请求体在 %d 字节处结束；其 UTF-8 字节数比字符数多 %d，末尾正好缺少 %d 字节", len(c.body), n, n),
	}
}

// CutFix is what to do about a Content-Length in characters.
var CutFix = words.Phrase{
	En: "Content-Length counts bytes, not characters: take the length of the UTF-8 bytes (getBytes(\"UTF-8\").length, Buffer.byteLength), and URL-encode data",
	Zh: "Content-Length 是字节数而不是字符数：请取 UTF-8 字节的长度（getBytes(\"UTF-8\").length、Buffer.byteLength），并对 data 做 URL 编码",
}
