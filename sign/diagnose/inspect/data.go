package inspect

import (
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"html"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/etcp-mock/etcp-mock/internal/lazyregexp"
	"github.com/etcp-mock/etcp-mock/sign/diagnose/internal/repair"
	"github.com/etcp-mock/etcp-mock/sign/diagnose/internal/wire"
	"github.com/etcp-mock/etcp-mock/sign/diagnose/internal/words"
)

// dataCase is one thing that a data may be that is no JSON object, with what gives it away.
type dataCase struct {
	kind string
	is   func(text string) (evidence words.Phrase, ok bool)
	what words.Phrase
	fix  words.Phrase
}

var (
	sendObject = words.Phrase{En: "Send a JSON object as text: data={\"token\":\"…\"}, URL-encoded (§3.3)", Zh: "data 应是 JSON 对象的文本，即 data={\"token\":\"…\"}，并做 URL 编码（§3.3）"}
	javaMap    = lazyregexp.New(`^\{\s*[A-Za-z_]\w*=[^"]*\}$`)
	javaObject = lazyregexp.New(`^(?:[a-zA-Z_$][\w$]*\.)*[A-Z][\w$]*(?:@[0-9a-f]{1,8}$|[\[({](?:\w+=|[\])}]$))`)
	jsObject   = lazyregexp.New(`^\{\s*([A-Za-z_]\w*)\s*:`)
	mixedText  = lazyregexp.New(`[g-z].*[G-Z]|[G-Z].*[g-z]`) // no hex digits
	objectText = lazyregexp.New(`^(?:<(?:nil|.* at 0x[0-9a-fA-F]+)>|(?:HASH|ARRAY|SCALAR|CODE)\(0x[0-9a-f]+\)|(?:table|function|userdata): ?0x[0-9a-fA-F]+|#<.*>|0x[0-9a-fA-F]{6,16}|\[[A-Z]\w*@[0-9a-f]+|function ?\w* ?\(.*|kotlin\.Unit|(?:Newtonsoft|Microsoft)\.[\w.]+|Dictionary` + "`\\d.*" + `|Optional\(.*\)|&?\{[^\s:="',{}]+(?: [^\s:="',{}]+)+\})$`)
	unfilled   = lazyregexp.New(`^(?:\$?\{+ ?[\w.]+ ?\}+|%[sdv]|@[\w./-]+|<\w+>|\$\w+|#\{\w+\})$`)
	rubyHash   = lazyregexp.New(`^\{\s*(?::?"[^"]*"|:\w+)\s*=>`)
	lostQuotes = lazyregexp.New(`^\{\s*[A-Za-z_]\w*:[^"]*\}$`)
)

// dataCases are asked in their order: what explains most stands first.
var dataCases = slices.Concat(encodedCases, languageCases(), textCases)

// languageCases are objects as languages and formats write them that are no JSON.
func languageCases() (all []dataCase) {
	for i := range repair.Languages {
		l := &repair.Languages[i]
		fix := sendObject
		if l.JSON != "" {
			fix = words.Phrase{En: "Send JSON, which " + l.JSON + " gives", Zh: "请发送 JSON（" + l.JSON + " 的结果）"}
		}
		all = append(all, dataCase{l.Kind, func(text string) (words.Phrase, bool) {
			if len(text) > wire.Longest || l.Read(text) == nil {
				return words.Phrase{}, false // without words for where it would begin: each malformed data is read in each of the languages
			}
			return words.AtByte(text, 0), true
		}, words.Phrase{En: "it is " + l.English(), Zh: "它是" + l.Chinese()}, fix})
	}
	return all
}

// encodedCases are a JSON object in another encoding.
var encodedCases = []dataCase{
	{
		"data-empty", func(text string) (words.Phrase, bool) {
			return words.Phrase{En: "data has no character but white space", Zh: "data 只有空白"}, strings.TrimSpace(text) == ""
		},
		words.Phrase{En: "data is empty", Zh: "data 为空"},
		sendObject,
	},
	{"form-charset", notUTF8, words.Phrase{En: "it is not UTF-8", Zh: "不是合法的 UTF-8"}, words.Phrase{En: "Escape the form as UTF-8 (URLEncoder.encode(data, \"UTF-8\")), and sign the UTF-8 text", Zh: "请按 UTF-8 转义表单（URLEncoder.encode(data, \"UTF-8\")），并对 UTF-8 文本签名"}},
	{
		"bom", begins("\uFEFF"),
		words.Phrase{En: "a byte order mark (U+FEFF) stands before the JSON", Zh: "JSON 前面有 BOM（U+FEFF）"},
		words.Phrase{En: "Take the byte order mark off before data is signed and sent", Zh: "签名和发送前去掉 data 开头的 BOM"},
	},
	{
		"html-escaped", func(text string) (words.Phrase, bool) {
			at := strings.IndexByte(text, '&')
			return words.AtByte(text, at), at >= 0 && wire.IsObject(html.UnescapeString(text))
		},
		words.Phrase{En: "it is HTML-escaped: &quot; stands for a quote", Zh: "它被做了 HTML 转义：引号成了 &quot;"},
		words.Phrase{En: "Send data as it is, without HTML escaping (no htmlspecialchars, no XSS filter over it)", Zh: "请原样发送 data，不要做 HTML 转义（不要用 htmlspecialchars 或 XSS 过滤）"},
	},
	{
		"data-double-encoded", func(text string) (words.Phrase, bool) {
			return words.AtByte(text, strings.IndexByte(text, '%')), strings.Contains(text, "%") && len(wire.DecodedAgain(text)) > 0 && wire.IsObject(wire.DecodedAgain(text)[len(wire.DecodedAgain(text))-1])
		}, words.Phrase{En: "it is still URL-encoded: it was encoded twice", Zh: "它仍是 URL 编码的文本：编码了两次"}, words.Phrase{En: "URL-encode data once; most form libraries do it by themselves", Zh: "data 只做一次 URL 编码；多数表单库会自动编码"},
	},
	{
		"data-base64", func(text string) (words.Phrase, bool) {
			plain := wire.FromBase64(text)
			return words.Phrase{En: "decoded it begins with " + words.Visible(words.Cut(plain, 20)), Zh: "解码后以 " + words.Visible(words.Cut(plain, 20)) + " 开头"}, strings.HasPrefix(strings.TrimSpace(plain), "{")
		}, words.Phrase{En: "it is Base64 of a JSON object", Zh: "它是 JSON 对象的 Base64"}, words.Phrase{En: "Send the JSON text itself, URL-encoded, not in Base64", Zh: "请直接发送 JSON 文本并做 URL 编码，不要用 Base64"},
	},
	{
		"python-bytes", func(text string) (words.Phrase, bool) {
			return words.AtByte(text, 0), strings.HasPrefix(text, "b'") && strings.HasSuffix(text, "'") || strings.HasPrefix(text, `b"`) && strings.HasSuffix(text, `"`)
		}, words.Phrase{En: "it is the text of Python bytes (b'…')", Zh: "它是 Python bytes 的文本（b'…'）"}, words.Phrase{En: "Send the text itself: data.decode('utf-8'), not str(data) of bytes", Zh: "请发送文本本身：data.decode('utf-8')，而不是对 bytes 用 str(data)"},
	},
	{
		"data-encrypted", func(text string) (words.Phrase, bool) {
			raw := wire.Base64Bytes(text)
			return words.Phrase{En: fmt.Sprintf("its %d characters are %d bytes in Base64, which are no text", len(text), len(raw)), Zh: fmt.Sprintf("它的 %d 个字符是 %d 字节的 Base64，解码后不是文本", len(text), len(raw))}, len(raw) >= 16 && !utf8.Valid(raw) && mixedText().MatchString(text) && !strings.Contains(text, "-")
		}, words.Phrase{En: "it is Base64 of bytes that are no text: is it encrypted or compressed?", Zh: "它是 Base64，但解码后不是文本：是否做了加密或压缩？"}, words.Phrase{En: "Send the JSON text itself, URL-encoded: this platform neither encrypts nor compresses data (§3.3)", Zh: "请直接发送 JSON 文本并做 URL 编码：本平台的 data 既不加密也不压缩（§3.3）"},
	},
}

// textCases are other texts.
var textCases = []dataCase{
	{
		"object-object", begins("[object "), words.Phrase{En: "it is [object Object], the text of a JavaScript object", Zh: "它是 [object Object]，即 JavaScript 对象的文本"}, words.Phrase{En: "Send JSON.stringify(data)", Zh: "请发送 JSON.stringify(data)"},
	},
	{
		"object-text", func(text string) (words.Phrase, bool) {
			return words.AtByte(text, 0), len(text) <= wire.Longest && objectText().MatchString(text)
		}, words.Phrase{En: "it is what a language prints of an object or a variable, not what is in it as JSON", Zh: "它是语言打印对象或变量得到的文本，而不是其内容的 JSON"}, sendObject,
	},
	{
		"data-placeholder", func(text string) (words.Phrase, bool) {
			return words.AtByte(text, 0), unfilled().MatchString(words.Cut(text, 100))
		}, words.Phrase{En: "it is a placeholder that was not filled in, or the name of a file that was not read", Zh: "它是没有替换的占位符，或没有读取的文件名"}, words.Phrase{En: "Fill it in before signing and sending (curl reads a file of --data-urlencode data@file, not of --data-raw)", Zh: "签名和发送前请先替换（curl 的 --data-urlencode data@file 会读文件，--data-raw 不会）"},
	},
	{
		"data-hex", func(text string) (words.Phrase, bool) {
			raw, err := hex.DecodeString(text)
			return words.Phrase{En: "decoded it begins with " + words.Visible(words.Cut(string(raw), 20)), Zh: "解码后以 " + words.Visible(words.Cut(string(raw), 20)) + " 开头"}, err == nil && wire.IsObject(string(raw))
		}, words.Phrase{En: "it is a JSON object in hex digits", Zh: "它是 JSON 对象的十六进制文本"}, words.Phrase{En: "Send the JSON text itself, URL-encoded, not in hex", Zh: "请直接发送 JSON 文本并做 URL 编码，不要用十六进制"},
	},
	{
		"data-framed", func(text string) (words.Phrase, bool) {
			before, after, ok := framed(text)
			if after == "" {
				return words.Phrase{En: "`" + words.Visible(words.Cut(before, 40)) + "` stands before it", Zh: "前面是 `" + words.Visible(words.Cut(before, 40)) + "`"}, ok
			}
			return words.Phrase{En: "`" + words.Visible(words.Cut(before, 40)) + "` stands before it, `" + words.Visible(words.Cut(after, 40)) + "` behind it", Zh: "前面是 `" + words.Visible(words.Cut(before, 40)) + "`，后面是 `" + words.Visible(words.Cut(after, 40)) + "`"}, ok
		}, words.Phrase{En: "something stands around the JSON object", Zh: "JSON 对象前后多了内容"}, words.Phrase{En: "Send the JSON object alone, from its { to its }", Zh: "只发送 JSON 对象本身，从 { 到 }"},
	},
	{"data-array", begins("["), words.Phrase{En: "it is a JSON array, not an object", Zh: "它是 JSON 数组，而不是对象"}, words.Phrase{En: "Send one object {…}, without [ ] around it", Zh: "请发送一个对象 {…}，外面不要加 [ ]"}},
	{
		"data-quoted", func(text string) (words.Phrase, bool) {
			return words.AtByte(text, 0), strings.HasPrefix(strings.TrimLeft(text, " \t\r\n"), `"`) && strings.Contains(text, "{")
		},
		words.Phrase{En: "it is a JSON string: the object was marshalled twice", Zh: "它是 JSON 字符串：对象被序列化了两次"},
		words.Phrase{En: "Marshal once: data is the object's text {…}, without quotes around it", Zh: "只序列化一次：data 是对象的文本 {…}，外面不带引号"},
	},
	{
		"backslashes-added", begins(`{\"`),
		words.Phrase{En: "backslashes stand before its quotes", Zh: "引号前带有反斜杠"},
		words.Phrase{En: "Send data as it is: no addslashes, no second JSON encoding, no escaping for a shell", Zh: "请原样发送 data：不要用 addslashes，不要再次做 JSON 编码或 shell 转义"},
	},
	{
		"python-dict", func(text string) (words.Phrase, bool) {
			return words.AtByte(text, strings.IndexByte(text, '\'')), (strings.HasPrefix(text, "{'") || strings.HasPrefix(text, "{u'")) && strings.Contains(text, "': ")
		}, words.Phrase{En: "it is the text of a Python dict: single quotes", Zh: "它是 Python dict 的文本：用的是单引号"}, words.Phrase{En: "Send json.dumps(d), not str(d)", Zh: "请发送 json.dumps(d)，而不是 str(d)"},
	},
	{
		"json-single-quoted", func(text string) (words.Phrase, bool) {
			return words.AtByte(text, strings.IndexByte(text, '\'')), strings.HasPrefix(text, "{'") || strings.HasPrefix(text, "{ '")
		}, words.Phrase{En: "its quotes are ', and JSON has \"", Zh: "它的引号是 '，而 JSON 要用 \""}, words.Phrase{En: "Write JSON with double quotes: JSON.stringify(data), json_encode($data), or a JSON library", Zh: "JSON 要用双引号：JSON.stringify(data)、json_encode($data) 或 JSON 库"},
	},
	{
		"ruby-hash", func(text string) (words.Phrase, bool) {
			return words.AtByte(text, strings.Index(text, "=>")), rubyHash().MatchString(text)
		},
		words.Phrase{En: "it is the text of a Ruby hash", Zh: "它是 Ruby Hash 的文本"},
		words.Phrase{En: "Send hash.to_json", Zh: "请发送 hash.to_json"},
	},
	{
		"java-map", func(text string) (words.Phrase, bool) {
			return words.AtByte(text, strings.IndexByte(text, '=')), javaMap().MatchString(words.Cut(text, wire.Longest))
		},
		words.Phrase{En: "it is the text of a Java Map ({a=b})", Zh: "它是 Java Map 的文本（{a=b}）"},
		words.Phrase{En: "Send JSON (JSON.toJSONString(map), new Gson().toJson(map)), not map.toString()", Zh: "请发送 JSON（JSON.toJSONString(map)、new Gson().toJson(map)），而不是 map.toString()"},
	},
	{
		"go-map", begins("map["), words.Phrase{En: "it is the text of a Go map", Zh: "它是 Go map 的文本"}, words.Phrase{En: "Send json.Marshal(m), not fmt.Sprint(m)", Zh: "请发送 json.Marshal(m) 的结果，而不是 fmt.Sprint(m)"},
	},
	{
		"php-array", func(text string) (words.Phrase, bool) {
			return words.AtByte(text, 0), text == "Array" || strings.HasPrefix(text, "Array\n") || strings.HasPrefix(text, "a:") && strings.HasSuffix(text, "}")
		}, words.Phrase{En: "it is the text of a PHP array", Zh: "它是 PHP 数组的文本"}, words.Phrase{En: "Send json_encode($data)", Zh: "请发送 json_encode($data)"},
	},
	{
		"java-object", func(text string) (words.Phrase, bool) {
			return words.AtByte(text, 0), javaObject().MatchString(words.First(text, wire.Longest))
		},
		words.Phrase{En: "it is the text of a Java object", Zh: "它是 Java 对象的文本"},
		words.Phrase{En: "Send JSON (JSON.toJSONString(o), new ObjectMapper().writeValueAsString(o)), not o.toString()", Zh: "请发送 JSON（JSON.toJSONString(o)、new ObjectMapper().writeValueAsString(o)），而不是 o.toString()"},
	},
	{
		"dotnet-type", begins("System."), words.Phrase{En: "it is the name of a .NET type", Zh: "它是 .NET 类型的名称"}, words.Phrase{En: "Send JsonSerializer.Serialize(o), not o.ToString()", Zh: "请发送 JsonSerializer.Serialize(o)，而不是 o.ToString()"},
	},
	{
		"javascript-undefined", func(text string) (words.Phrase, bool) {
			return words.AtByte(text, 0), text == "undefined" || text == "NaN"
		},
		words.Phrase{En: "it is the text of a JavaScript variable without a value", Zh: "它是未赋值的 JavaScript 变量的文本（undefined）"},
		words.Phrase{En: "Give data a value: JSON.stringify(data)", Zh: "请给 data 赋值：JSON.stringify(data)"},
	},
	{"data-xml", begins("<"), words.Phrase{En: "it is XML or HTML", Zh: "它是 XML 或 HTML"}, sendObject},
	{
		"quotes-lost", func(text string) (words.Phrase, bool) {
			return words.AtByte(text, 1), lostQuotes().MatchString(words.Cut(text, wire.Longest)) && !strings.Contains(text, "'")
		},
		words.Phrase{En: "it has lost its quotes", Zh: "它的引号丢了"},
		words.Phrase{En: "A shell took the quotes away: put data into single quotes, or read it from a file", Zh: "引号被 shell 去掉了：请用单引号括住 data，或从文件读取"},
	},
	{
		"javascript-object", func(text string) (words.Phrase, bool) { return words.AtByte(text, 1), jsObject().MatchString(text) },
		words.Phrase{En: "its names have no quotes, as in JavaScript", Zh: "它的键没有引号，是 JavaScript 写法"},
		words.Phrase{En: "Send JSON.stringify(data): JSON has its names in double quotes", Zh: "请发送 JSON.stringify(data)：JSON 的键要用双引号"},
	},
	{
		"query-for-json", func(text string) (words.Phrase, bool) {
			return words.AtByte(text, strings.IndexByte(text, '=')), strings.Contains(text, "=") && !strings.ContainsAny(text, "{\"")
		}, words.Phrase{En: "it is name=value, not JSON", Zh: "它是 name=value，而不是 JSON"}, sendObject,
	},
	{
		"full-width-punctuation", func(text string) (words.Phrase, bool) {
			at := strings.IndexAny(text, wire.Typographic)
			return words.AtByte(text, at), at >= 0 && wire.IsObject(wire.HalfWidth(text))
		}, words.Phrase{En: "it has typographic or full-width quotes or marks where JSON has ASCII", Zh: "它用了中文引号或全角标点，而 JSON 要用半角"}, words.Phrase{En: "Write \" : , { } in ASCII; an editor or a chat program has changed them", Zh: "请用半角的 \" : , { }；编辑器或聊天软件改动了它们"},
	},
	{
		"data-word", func(text string) (words.Phrase, bool) {
			var v any
			return words.AtByte(text, 0), json.Unmarshal([]byte(text), &v) == nil && !wire.IsObject(text)
		}, words.Phrase{En: "it is JSON, but not an object", Zh: "它是 JSON，但不是对象"}, sendObject,
	},
}

// framed is what stands around a whole object in a text, false where nothing does, or what is there is more than a frame.
func framed(text string) (before, after string, ok bool) {
	from := strings.IndexByte(text, '{')
	if from < 0 || len(text) > wire.Longest || strings.HasPrefix(text, "[") || strings.HasPrefix(text, `"`) {
		return "", "", false
	}
	dec := json.NewDecoder(strings.NewReader(text[from:]))
	var object map[string]json.RawMessage
	if dec.Decode(&object) != nil || len(object) == 0 {
		return "", "", false
	}
	before, after = text[:from], text[from+int(dec.InputOffset()):]
	const longest = 200
	return before, after, strings.TrimSpace(before) != "" && len(before)+len(after) <= longest
}

func begins(with string) func(string) (words.Phrase, bool) {
	return func(text string) (words.Phrase, bool) {
		trimmed := strings.TrimLeft(text, " \t\r\n")
		if !strings.HasPrefix(trimmed, with) {
			return words.Phrase{}, false
		}
		return words.AtByte(text, len(text)-len(trimmed)), true
	}
}

// notUTF8 finds the first byte that is no UTF-8, and the charset that gives it a meaning.
func notUTF8(text string) (words.Phrase, bool) {
	at := 0
	for at < len(text) {
		r, size := utf8.DecodeRuneInString(text[at:])
		if r == utf8.RuneError && size == 1 {
			break
		}
		at += size
	}
	if at == len(text) {
		return words.Phrase{}, false
	}
	piece := text[at:min(len(text), at+16)]
	evidence := words.Phrase{En: fmt.Sprintf("byte %d is %02X", at+1, text[at]), Zh: fmt.Sprintf("第 %d 字节是 %02X", at+1, text[at])}
	for _, c := range []wire.Charset{wire.GBK, wire.Big5, wire.ShiftJIS} {
		if plain := wire.DecodeFrom(c, words.First(text, wire.Longest)); plain != "" && !strings.ContainsRune(plain, utf8.RuneError) && strings.ContainsFunc(plain, func(r rune) bool { return unicode.Is(unicode.Han, r) }) {
			meant := words.Visible(words.Cut(wire.DecodeFrom(c, piece), 24))
			return evidence.Plus("; read as "+c.Name+" it is `"+meant+"`", "；按 "+c.Name+" 读取是 `"+meant+"`"), true
		}
	}
	return evidence, true
}

// cutEscape is the beginning of an escape that was cut: a form is decoded as it came, so that it stands there as text.
var cutEscape = lazyregexp.New(`%[0-9A-Fa-f]?$`)

// notFinite is what libraries print of a number that is none.
var notFinite = lazyregexp.New(`^-?.?(?:NaN|Infinity|nan|inf)`)

func invisibleAt(text string, at int) bool {
	r, _ := utf8.DecodeRuneInString(text[at:])
	return words.Invisible(r)
}

var cutDataFix = words.Phrase{En: "Send all of data: URL-encode it (a bare & or # ends it), and let Content-Length count bytes", Zh: "请发送完整的 data：做 URL 编码（裸 & 或 # 会截断它），Content-Length 用字节数"}

// Data says what a data is that is not a JSON object in UTF-8 (§3.3): an array, a JSON string, a Python dict's text, Base64, cut short, … With
// nothing known it says where the JSON breaks. Text is what the parameter held, decoded.
func Data(text string) Finding {
	if whole, part := wire.WholeRunes(text); part != "" && utf8.ValidString(whole) && wire.Closers(whole) != "" {
		return words.Note("data-cut", words.Phrase{En: "it ends early, in the middle of a character: it is not complete JSON", Zh: "它在一个字符中间提前结束，不是完整的 JSON"}, words.AtByte(text, len(whole)), cutDataFix)
	}
	if m := cutEscape().FindString(text); m != "" && wire.Closers(strings.TrimSuffix(text, m)) != "" {
		return words.Note("data-cut", words.Phrase{En: "it ends early, in the middle of a URL escape: it is not complete JSON", Zh: "它在一个 URL 转义中间提前结束，不是完整的 JSON"}, words.AtByte(text, len(text)-len(m)), cutDataFix)
	}
	for _, c := range dataCases {
		if evidence, ok := c.is(text); ok {
			return words.Note(c.kind, c.what, evidence, c.fix)
		}
	}
	if webToken().MatchString(words.First(text, wire.Longest)) {
		return words.Note("data-jwt", words.Phrase{En: "it is a JSON web token", Zh: "它是 JWT"}, words.AtByte(text, 0), sendObject)
	}
	if !strings.HasPrefix(strings.TrimLeft(text, " \t\r\n"), "{") {
		return words.Note("data-not-json", words.Phrase{En: "it is not JSON, but plain text", Zh: "它不是 JSON，而是普通文本"}, words.AtByte(text, 0), sendObject)
	}
	var broken *json.SyntaxError
	if err := json.Unmarshal([]byte(text), new(any)); errors.As(err, &broken) {
		at := int(broken.Offset) - 1
		if broken.Offset >= int64(len(text)) && strings.HasPrefix(err.Error(), "unexpected end") {
			end := words.AtByte(text, len(text))
			if closing := wire.Closers(text); closing != "" {
				end = end.Plus(", `"+closing+"` is missing", "，缺少 `"+closing+"`")
			}
			return words.Note("data-cut", words.Phrase{En: "it ends early: it is not complete JSON", Zh: "它提前结束，不是完整的 JSON"}, end, cutDataFix)
		}
		what, fix := brokenAt(text, at, broken.Error())
		return words.Note("data-not-json", what, words.AtByte(text, at), fix)
	}
	return words.Note("data-not-json", words.Phrase{En: "it is not a JSON object", Zh: "它不是 JSON 对象"}, words.AtByte(text, 0), sendObject)
}
