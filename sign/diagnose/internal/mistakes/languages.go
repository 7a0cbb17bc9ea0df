package mistakes

import (
	"bytes"
	"compress/gzip"
	"compress/zlib"
	"encoding/base64"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/etcp-mock/etcp-mock/internal/lazyregexp"
	"github.com/etcp-mock/etcp-mock/sign/diagnose/internal/guess"
	"github.com/etcp-mock/etcp-mock/sign/diagnose/internal/jsondoc"
	"github.com/etcp-mock/etcp-mock/sign/diagnose/internal/repair"
	"github.com/etcp-mock/etcp-mock/sign/diagnose/internal/wire"
	"github.com/etcp-mock/etcp-mock/sign/diagnose/internal/words"
)

// languageRows are objects that were sent as a language or a format writes them, and signed as JSON: a row for each of [repair.Languages].
var languageRows = func() (rows []guess.Hypothesis) {
	for i := range repair.Languages {
		l := &repair.Languages[i]
		with, withZh := "", ""
		if l.JSON != "" {
			with, withZh = ": the one that "+l.JSON+" gave", "（"+l.JSON+" 的结果）"
		}
		rows = append(rows, printedRow(l.Kind, words.Phrase{En: "data was sent as " + l.English() + ", and JSON was signed", Zh: "data 以" + l.Chinese() + "发送，而签名的是 JSON"},
			words.Phrase{En: "Send the very JSON text that was signed" + with, Zh: "请发送签名用的那段 JSON 文本" + withZh}, alone(l.Read)))
	}
	return rows
}()

// printedSigned are texts that a language or a format writes of the object that was sent as JSON.
var printedSigned = guess.Hypothesis{
	Kind: "printed-signed", In: guess.OfBoth, At: guess.InFlat, Alone: true, Rare: true, What: words.Phrase{En: "the text was signed that a language writes of the object, not its JSON", Zh: "签名的是语言打印对象得到的文本，而不是其 JSON"},
	Fix: words.Phrase{En: "Sign the JSON text that is sent, not the printed object", Zh: "请对实际发送的 JSON 文本签名，而不是打印出来的对象"}, PushFix: words.Phrase{En: "Hash the JSON text as received, not the printed object", Zh: "请对收到的 JSON 原文求哈希，而不是打印出来的对象"},
	Try: func(s *guess.Case, g guess.Guess, _ bool, yield func(guess.Guess) bool) bool {
		if !s.DocOf(&g) || g.Flat != nil {
			return true
		}
		doc := g.Doc
		g.Doc = nil
		for i := range repair.Languages {
			l := &repair.Languages[i]
			if l.Write == nil {
				continue
			}
			g.What = words.Phrase{En: l.English() + " was signed, not the JSON that was sent", Zh: "签名的是" + l.Chinese() + "，而不是发送的 JSON"}
			for _, text := range l.Write(doc) {
				if g.Data = text; !yield(g) {
					return false
				}
			}
		}
		g.What = words.Phrase{En: "what Node's util.inspect prints was signed, not JSON", Zh: "签名的是 Node 的 util.inspect 打印的文本，而不是 JSON"}
		inspected := jsondoc.Flattening{Open: "{\n  ", Colon: ": ", Comma: ",\n  ", Quote: "'", BareNames: true, End: "\n}"}
		g.Data = string(inspected.Append(nil, doc))
		return yield(g)
	},
}

var (
	hexBytes    = lazyregexp.New(`(?:\\x[0-9a-fA-F]{2})+`)
	octalBytes  = lazyregexp.New(`(?:\\[0-3][0-7]{2})+`)
	quotedBytes = lazyregexp.New(`(?:=[0-9A-F]{2})+`)
	codePoint   = lazyregexp.New(`\\u\{([0-9a-fA-F]{1,6})\}|\\U([0-9a-fA-F]{8})|\\x\{([0-9a-fA-F]{1,6})\}|U\+([0-9a-fA-F]{4})`)
)

// escapeForms write the bytes or the number of a character as languages do beside JSON.
var escapeForms = []struct {
	name string
	char func(r rune) string
}{
	{`\xe6`, eachByte(`\x%02x`)},
	{`\xE6`, eachByte(`\x%02X`)},
	{`\346`, eachByte(`\%03o`)},
	{`=E6`, eachByte(`=%02X`)},
	{`\u{6e1d}`, func(r rune) string { return fmt.Sprintf(`\u{%x}`, r) }},
	{`\u{6E1D}`, func(r rune) string { return fmt.Sprintf(`\u{%X}`, r) }},
	{`\U00006e1d`, func(r rune) string { return fmt.Sprintf(`\U%08x`, r) }},
	{`U+6E1D`, func(r rune) string { return fmt.Sprintf(`U+%04X`, r) }},
	{`%u6E1D`, func(r rune) string { return fmt.Sprintf(`%%u%04X`, r) }},
}

func eachByte(format string) func(rune) string {
	return func(r rune) string {
		var b strings.Builder
		for _, c := range []byte(string(r)) {
			fmt.Fprintf(&b, format, c)
		}
		return b.String()
	}
}

// writtenAs has a form in the place of each character beyond ASCII.
func writtenAs(data string, char func(rune) string) string {
	var b strings.Builder
	for _, r := range data {
		if r < utf8.RuneSelf {
			b.WriteRune(r)
		} else {
			b.WriteString(char(r))
		}
	}
	return b.String()
}

// readEscapes reads the escapes of other languages than JSON; the text itself where it has none.
func readEscapes(data string) string {
	code := func(digits string) string {
		var r rune
		if _, err := fmt.Sscanf(digits, "%x", &r); err != nil || !utf8.ValidRune(r) {
			return "\uFFFD"
		}
		return string(r)
	}
	text := codePoint().ReplaceAllStringFunc(data, func(m string) string {
		return code(strings.Trim(strings.TrimLeft(strings.TrimPrefix(m, "U+"), `\uUx`), "{}"))
	})
	text = hexBytes().ReplaceAllStringFunc(text, func(m string) string { return wire.Unescape(strings.ReplaceAll(m, `\x`, "%"), false) })
	text = octalBytes().ReplaceAllStringFunc(text, func(m string) string {
		var out []byte
		for i := 0; i+3 < len(m); i += 4 {
			out = append(out, (m[i+1]-'0')<<6|(m[i+2]-'0')<<3|(m[i+3]-'0'))
		}
		return string(out)
	})
	if !strings.Contains(text, `="`) {
		text = quotedBytes().ReplaceAllStringFunc(text, func(m string) string { return wire.Unescape(strings.ReplaceAll(m, "=", "%"), false) })
	}
	if !utf8.ValidString(text) {
		return data
	}
	return text
}

// sentOtherwise are further texts in which data was sent that was signed as JSON: bytes printed by Python, escapes of other languages, marshalled more than once, packed, JSON with
// comments.
var sentOtherwise = []guess.Hypothesis{
	{
		Kind: "python-bytes", In: guess.OfRequests, At: guess.InRepair, What: words.Phrase{En: "data was sent as the text of Python bytes (b'…'), and the text in them was signed", Zh: "data 以 Python bytes 的文本（b'…'）发送，而签名的是其中的文本"},
		Fix: words.Phrase{En: "Send the text itself: text, or data.decode('utf-8'), not str(data) of bytes", Zh: "请发送文本本身：text 或 data.decode('utf-8')，而不是对 bytes 用 str(data)"},
		Try: texts(func(_ *guess.Case, data string, _ bool) []string {
			for _, quote := range []string{"'", `"`} {
				if inner, found := strings.CutPrefix(data, "b"+quote); found && strings.HasSuffix(inner, quote) && len(inner) > 1 {
					return []string{readEscapes(strings.ReplaceAll(inner[:len(inner)-1], `\'`, "'"))}
				}
			}
			return nil
		}),
	},
	{
		Kind: "characters-escaped", In: guess.OfRequests, At: guess.InRepair, Alone: true, What: words.Phrase{En: `characters arrived as escapes of another language, such as \xE6 or U+6E1D, and the characters themselves were signed`, Zh: `汉字以其他语言的转义写法（如 \xE6、U+6E1D）到达，而签名的是汉字本身`},
		Fix: words.Phrase{En: "Send the text that was signed: the characters themselves in UTF-8, or JSON's own escapes (\\u6e1d) in both", Zh: "请发送签名用的文本：直接用 UTF-8 汉字，或两边都用 JSON 的转义（\\u6e1d）"},
		Try: texts(func(_ *guess.Case, data string, _ bool) []string { return []string{readEscapes(data)} }),
	},
	{
		Kind: "data-quoted", In: guess.OfRequests, At: guess.InRepair, What: words.Phrase{En: "data was marshalled twice before it was sent: a JSON string stands where the object belongs, and the object was signed", Zh: "data 发送前被序列化了两次：对象成了 JSON 字符串，而签名的是对象"},
		Fix: words.Phrase{En: "Marshal once: sign the object's text and send the same text, without JSON.stringify or json_encode over it again", Zh: "只序列化一次：对对象的文本签名并发送同一文本，不要再套一次 JSON.stringify 或 json_encode"},
		Try: texts(func(_ *guess.Case, data string, _ bool) []string {
			if !strings.HasPrefix(data, `"`) {
				return nil
			}
			return []string{repair.Marshalled(data)}
		}),
	},
	{
		Kind: "json-single-quoted", In: guess.OfRequests, At: guess.InRepair, Alone: true, What: words.Phrase{En: "data was sent with ' in the place of \", and JSON was signed", Zh: "发送的 data 用 ' 代替了 \"，而签名的是 JSON"},
		Fix: words.Phrase{En: "Send the JSON text that was signed, with its double quotes", Zh: "请发送签名用的 JSON 文本，保留双引号"},
		Try: texts(func(_ *guess.Case, data string, _ bool) []string {
			if !strings.HasPrefix(data, "{'") || strings.Contains(data, `"`) || strings.Contains(data, "': ") { // Python has a space there
				return nil
			}
			return []string{strings.ReplaceAll(data, "'", `"`)}
		}),
	},
	{
		Kind: "json-extended", In: guess.OfRequests, At: guess.InRepair, Alone: true, What: words.Phrase{En: "data was sent with a comment or with a comma before a bracket, which JSON does not have, and was signed without", Zh: "发送的 data 带有注释或多余的逗号（JSON 不允许），而签名时没有"},
		Fix: words.Phrase{En: "Send the text that was signed: plain JSON without comments and without a last comma", Zh: "请发送签名用的文本：不带注释和多余逗号的标准 JSON"},
		Try: texts(func(_ *guess.Case, data string, _ bool) []string {
			if !strings.HasPrefix(strings.TrimSpace(data), "{") || wire.IsObject(data) {
				return nil
			}
			return []string{repair.Plain(data)}
		}),
	},
	{
		Kind: "data-compressed", In: guess.OfRequests, At: guess.InRepair, Alone: true, What: words.Phrase{En: "data was sent compressed and in Base64, and its plain text was signed", Zh: "data 经压缩和 Base64 后发送，而签名的是明文"},
		Fix: words.Phrase{En: "Send the JSON text itself as data, URL-encoded, neither compressed nor in Base64", Zh: "data 应直接发送 JSON 文本并做 URL 编码，不要压缩，也不要用 Base64"},
		Try: texts(func(_ *guess.Case, data string, _ bool) []string { return []string{unpacked(data)} }),
	},
}

// unpacked is the text in what gzip or zlib has packed and Base64 has written, no more than [wire.Longest] of it; "" where there is none.
func unpacked(data string) string {
	raw, err := base64.StdEncoding.DecodeString(strings.NewReplacer("-", "+", "_", "/", " ", "+").Replace(data))
	if err != nil || len(raw) < 2 {
		return ""
	}
	var r io.Reader
	switch {
	case raw[0] == 0x1f && raw[1] == 0x8b:
		r, err = gzip.NewReader(bytes.NewReader(raw))
	case raw[0] == 0x78:
		r, err = zlib.NewReader(bytes.NewReader(raw))
	default:
		return ""
	}
	if err != nil {
		return ""
	}
	text, err := io.ReadAll(io.LimitReader(r, wire.Longest))
	if err != nil || !utf8.Valid(text) {
		return ""
	}
	return string(text)
}

// escapedSigned are the escapes of other languages in the text that was signed.
var escapedSigned = guess.Hypothesis{
	Kind: "characters-escaped", In: guess.OfBoth, At: guess.InText, Alone: true, Rare: true, What: words.Phrase{En: "the text was signed with escapes of another language than JSON for its characters", Zh: "签名的文本里汉字是 JSON 以外的转义写法"},
	Fix: words.Phrase{En: "Sign the very text that is sent, with the characters themselves in UTF-8", Zh: "请对实际发送的文本签名，汉字直接用 UTF-8"}, PushFix: words.Phrase{En: "Hash the text as received, in UTF-8, not one that was printed with escapes", Zh: "请对收到的 UTF-8 原文求哈希，而不是带转义打印出来的文本"},
	Try: func(_ *guess.Case, g guess.Guess, _ bool, yield func(guess.Guess) bool) bool {
		g.Settle()
		data := g.Data
		if len(data) > wire.Longest || wire.IsASCII(data) {
			return true
		}
		for _, form := range escapeForms {
			text := writtenAs(data, form.char)
			g.What = words.Phrase{En: "characters were written as " + form.name + " and the like in the text that was signed", Zh: "签名的文本里汉字被写成了 " + form.name + " 之类的转义"}
			for _, all := range []string{text, "b'" + text + "'"} {
				if g.Data = all; !yield(g) {
					return false
				}
			}
		}
		return true
	},
}
