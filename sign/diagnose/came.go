package diagnose

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/etcp-mock/etcp-mock/sign/diagnose/internal/wire"
	"github.com/etcp-mock/etcp-mock/sign/diagnose/internal/words"
)

// came is what arrived, raw.
type came struct {
	unknown bool // nothing of it is known
	body    string
	pairs   []wire.Pair
	rawData string // the value of data, still escaped
	joined  string // and what followed behind a bare &, up to a parameter of §3
	after   string // that which followed
}

func cameOf(r Request) came {
	c := came{body: r.RawBody, unknown: r.RawBody == "" && r.RawQuery == "" && r.RawData == ""}
	if len(c.body) > wire.Huge {
		c.body = c.body[:wire.Huge]
	}
	text := c.body
	if strings.IndexByte(text, '=') < 0 {
		text = r.RawQuery
	} else if r.RawQuery != "" {
		text += "&" + r.RawQuery
	}
	if len(text) > 2*wire.Huge {
		text = text[:2*wire.Huge]
	}
	c.pairs = wire.Pairs(text)
	at := -1
	for i, p := range c.pairs {
		if p.Name == "data" && p.Raw != "" {
			at = i
			break
		}
	}
	if at >= 0 {
		c.rawData, c.joined = c.pairs[at].Raw, c.pairs[at].Raw
		for _, p := range c.pairs[at+1:] {
			if wire.IsParameter(p.Name) {
				break
			}
			c.after += "&" + p.Text
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

// isRaw says of a parameter's text that it was not URL-encoded: it has characters that an encoded one does not have.
func isRaw(raw string) bool {
	return strings.ContainsAny(raw, "{}\" ") || !wire.IsASCII(raw)
}

// cutBytes is how many bytes are missing of a raw body whose Content-Length was the number of its characters; 0 where every character is a byte.
func (c *came) cutBytes() int {
	body, part := wire.WholeRunes(c.body)
	n := len(body) - utf8.RuneCountInString(body)
	if part != "" {
		n += 2 // of a Chinese character
	}
	return n
}

func (c *came) cutEvidence() words.Phrase {
	n := c.cutBytes()
	return words.Say(fmt.Sprintf("the body ends after %d bytes; its characters take %d bytes more than there are characters, and %d bytes are missing at its end", len(c.body), n, n),
		fmt.Sprintf("请求体在 %d 字节处结束；其 UTF-8 字节数比字符数多 %d，末尾正好缺少 %d 字节", len(c.body), n, n))
}

var cutFix = words.Say("Content-Length counts bytes, not characters: take the length of the UTF-8 bytes (getBytes(\"UTF-8\").length, Buffer.byteLength), and URL-encode data",
	"Content-Length 是字节数而不是字符数：请取 UTF-8 字节的长度（getBytes(\"UTF-8\").length、Buffer.byteLength），并对 data 做 URL 编码")
