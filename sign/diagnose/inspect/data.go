package inspect

import (
	"encoding/json"
	"errors"
	"fmt"
	"html"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/etcp-mock/etcp-mock/internal/lazyregexp"
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
	sendObject = words.Say("Send a JSON object as text: data={\"token\":\"…\"}, URL-encoded (§3.3)", "data 应是 JSON 对象的文本，即 data={\"token\":\"…\"}，并做 URL 编码（§3.3）")
	javaMap    = lazyregexp.New(`^\{\s*[A-Za-z_]\w*=[^"]*\}$`)
	javaObject = lazyregexp.New(`^(?:[a-zA-Z_$][\w$]*\.)*[A-Z][\w$]*(?:@[0-9a-f]{1,8}$|[\[({](?:\w+=|[\])}]$))`)
	jsObject   = lazyregexp.New(`^\{\s*([A-Za-z_]\w*)\s*:`)
	lostQuotes = lazyregexp.New(`^\{\s*[A-Za-z_]\w*:[^"]*\}$`)
)

// dataCases are asked in their order: what explains most stands first.
var dataCases = []dataCase{
	{
		"data-empty", func(text string) (words.Phrase, bool) {
			return words.Say("data has no character but white space", "data 只有空白"), strings.TrimSpace(text) == ""
		},
		words.Say("data is empty", "data 为空"), sendObject,
	},
	{"form-charset", notUTF8, words.Say("it is not UTF-8", "不是合法的 UTF-8"), words.Say("Escape the form as UTF-8 (URLEncoder.encode(data, \"UTF-8\")), and sign the UTF-8 text", "请按 UTF-8 转义表单（URLEncoder.encode(data, \"UTF-8\")），并对 UTF-8 文本签名")},
	{
		"bom", begins("\uFEFF"), words.Say("a byte order mark (U+FEFF) stands before the JSON", "JSON 前面有 BOM（U+FEFF）"),
		words.Say("Take the byte order mark off before data is signed and sent", "签名和发送前去掉 data 开头的 BOM"),
	},
	{
		"html-escaped", func(text string) (words.Phrase, bool) {
			at := strings.IndexByte(text, '&')
			return words.AtByte(text, at), at >= 0 && wire.IsObject(html.UnescapeString(text))
		}, words.Say("it is HTML-escaped: &quot; stands for a quote", "它被做了 HTML 转义：引号成了 &quot;"),
		words.Say("Send data as it is, without HTML escaping (no htmlspecialchars, no XSS filter over it)", "请原样发送 data，不要做 HTML 转义（不要用 htmlspecialchars 或 XSS 过滤）"),
	},
	{
		"data-double-encoded", func(text string) (words.Phrase, bool) {
			return words.AtByte(text, strings.IndexByte(text, '%')), len(wire.DecodedAgain(text)) > 0 && wire.IsObject(wire.DecodedAgain(text)[len(wire.DecodedAgain(text))-1])
		}, words.Say("it is still URL-encoded: it was encoded twice", "它仍是 URL 编码的文本：编码了两次"), words.Say("URL-encode data once; most form libraries do it by themselves", "data 只做一次 URL 编码；多数表单库会自动编码"),
	},
	{
		"data-base64", func(text string) (words.Phrase, bool) {
			plain := wire.FromBase64(text)
			return words.Say("decoded it begins with "+words.Visible(words.Cut(plain, 20)), "解码后以 "+words.Visible(words.Cut(plain, 20))+" 开头"), strings.HasPrefix(strings.TrimSpace(plain), "{")
		}, words.Say("it is Base64 of a JSON object", "它是 JSON 对象的 Base64"), words.Say("Send the JSON text itself, URL-encoded, not in Base64", "请直接发送 JSON 文本并做 URL 编码，不要用 Base64"),
	},
	{
		"object-object", begins("[object "), words.Say("it is [object Object], the text of a JavaScript object", "它是 [object Object]，即 JavaScript 对象的文本"), words.Say("Send JSON.stringify(data)", "请发送 JSON.stringify(data)"),
	},
	{"data-array", begins("["), words.Say("it is a JSON array, not an object", "它是 JSON 数组，而不是对象"), words.Say("Send one object {…}, without [ ] around it", "请发送一个对象 {…}，外面不要加 [ ]")},
	{
		"data-quoted", begins(`"`), words.Say("it is a JSON string: the object was marshalled twice", "它是 JSON 字符串：对象被序列化了两次"),
		words.Say("Marshal once: data is the object's text {…}, without quotes around it", "只序列化一次：data 是对象的文本 {…}，外面不带引号"),
	},
	{
		"backslashes-added", begins(`{\"`), words.Say("backslashes stand before its quotes", "引号前带有反斜杠"),
		words.Say("Send data as it is: no addslashes, no second JSON encoding, no escaping for a shell", "请原样发送 data：不要用 addslashes，不要再次做 JSON 编码或 shell 转义"),
	},
	{
		"python-dict", func(text string) (words.Phrase, bool) {
			return words.AtByte(text, strings.IndexByte(text, '\'')), strings.HasPrefix(text, "{'") || strings.HasPrefix(text, "{u'")
		}, words.Say("it is the text of a Python dict: single quotes", "它是 Python dict 的文本：用的是单引号"), words.Say("Send json.dumps(d), not str(d)", "请发送 json.dumps(d)，而不是 str(d)"),
	},
	{
		"ruby-hash", func(text string) (words.Phrase, bool) {
			return words.AtByte(text, strings.Index(text, "=>")), strings.HasPrefix(text, "{") && strings.Contains(text, `"=>`)
		},
		words.Say("it is the text of a Ruby hash", "它是 Ruby Hash 的文本"), words.Say("Send hash.to_json", "请发送 hash.to_json"),
	},
	{
		"java-map", func(text string) (words.Phrase, bool) {
			return words.AtByte(text, strings.IndexByte(text, '=')), javaMap().MatchString(words.Cut(text, wire.Longest))
		},
		words.Say("it is the text of a Java Map ({a=b})", "它是 Java Map 的文本（{a=b}）"), words.Say("Send JSON (JSON.toJSONString(map), new Gson().toJson(map)), not map.toString()", "请发送 JSON（JSON.toJSONString(map)、new Gson().toJson(map)），而不是 map.toString()"),
	},
	{
		"go-map", begins("map["), words.Say("it is the text of a Go map", "它是 Go map 的文本"), words.Say("Send json.Marshal(m), not fmt.Sprint(m)", "请发送 json.Marshal(m) 的结果，而不是 fmt.Sprint(m)"),
	},
	{
		"php-array", func(text string) (words.Phrase, bool) {
			return words.AtByte(text, 0), text == "Array" || strings.HasPrefix(text, "Array\n") || strings.HasPrefix(text, "a:") && strings.HasSuffix(text, "}")
		}, words.Say("it is the text of a PHP array", "它是 PHP 数组的文本"), words.Say("Send json_encode($data)", "请发送 json_encode($data)"),
	},
	{
		"java-object", func(text string) (words.Phrase, bool) {
			return words.AtByte(text, 0), javaObject().MatchString(words.First(text, wire.Longest))
		},
		words.Say("it is the text of a Java object", "它是 Java 对象的文本"), words.Say("Send JSON (JSON.toJSONString(o), new ObjectMapper().writeValueAsString(o)), not o.toString()", "请发送 JSON（JSON.toJSONString(o)、new ObjectMapper().writeValueAsString(o)），而不是 o.toString()"),
	},
	{
		"dotnet-type", begins("System."), words.Say("it is the name of a .NET type", "它是 .NET 类型的名称"), words.Say("Send JsonSerializer.Serialize(o), not o.ToString()", "请发送 JsonSerializer.Serialize(o)，而不是 o.ToString()"),
	},
	{
		"javascript-undefined", func(text string) (words.Phrase, bool) {
			return words.AtByte(text, 0), text == "undefined" || text == "NaN"
		},
		words.Say("it is the text of a JavaScript variable without a value", "它是未赋值的 JavaScript 变量的文本（undefined）"), words.Say("Give data a value: JSON.stringify(data)", "请给 data 赋值：JSON.stringify(data)"),
	},
	{"data-xml", begins("<"), words.Say("it is XML or HTML", "它是 XML 或 HTML"), sendObject},
	{
		"quotes-lost", func(text string) (words.Phrase, bool) {
			return words.AtByte(text, 1), lostQuotes().MatchString(words.Cut(text, wire.Longest))
		},
		words.Say("it has lost its quotes", "它的引号丢了"), words.Say("A shell took the quotes away: put data into single quotes, or read it from a file", "引号被 shell 去掉了：请用单引号括住 data，或从文件读取"),
	},
	{
		"javascript-object", func(text string) (words.Phrase, bool) { return words.AtByte(text, 1), jsObject().MatchString(text) },
		words.Say("its names have no quotes, as in JavaScript", "它的键没有引号，是 JavaScript 写法"), words.Say("Send JSON.stringify(data): JSON has its names in double quotes", "请发送 JSON.stringify(data)：JSON 的键要用双引号"),
	},
	{
		"query-for-json", func(text string) (words.Phrase, bool) {
			return words.AtByte(text, strings.IndexByte(text, '=')), strings.Contains(text, "=") && !strings.ContainsAny(text, "{\"")
		}, words.Say("it is name=value, not JSON", "它是 name=value，而不是 JSON"), sendObject,
	},
	{
		"full-width-punctuation", func(text string) (words.Phrase, bool) {
			at := strings.IndexAny(text, "“”‘’：，｛｝＂")
			return words.AtByte(text, at), at >= 0 && wire.IsObject(wire.HalfWidth(text))
		}, words.Say("it has full-width punctuation where JSON has ASCII", "它用了全角标点，而 JSON 要用半角"), words.Say("Write \" : , { } in ASCII", "请用半角的 \" : , { }"),
	},
	{
		"data-word", func(text string) (words.Phrase, bool) {
			var v any
			return words.AtByte(text, 0), json.Unmarshal([]byte(text), &v) == nil && !wire.IsObject(text)
		}, words.Say("it is JSON, but not an object", "它是 JSON，但不是对象"), sendObject,
	},
}

func begins(with string) func(string) (words.Phrase, bool) {
	return func(text string) (words.Phrase, bool) {
		trimmed := strings.TrimLeft(text, " \t\r\n")
		return words.AtByte(text, len(text)-len(trimmed)), strings.HasPrefix(trimmed, with)
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
	evidence := words.Say(fmt.Sprintf("byte %d is %02X", at, text[at]), fmt.Sprintf("第 %d 字节是 %02X", at, text[at]))
	for _, c := range []wire.Charset{wire.GBK, wire.Big5, wire.ShiftJIS} {
		if plain := wire.DecodeFrom(c, words.First(text, wire.Longest)); plain != "" && !strings.ContainsRune(plain, utf8.RuneError) && strings.ContainsFunc(plain, func(r rune) bool { return unicode.Is(unicode.Han, r) }) {
			meant := words.Visible(words.Cut(wire.DecodeFrom(c, piece), 24))
			return evidence.Plus("; read as "+c.Name+" it is `"+meant+"`", "；按 "+c.Name+" 读取是 `"+meant+"`"), true
		}
	}
	return evidence, true
}

// notFinite is what libraries print of a number that is none.
var notFinite = lazyregexp.New(`^-?.?(?:NaN|Infinity|nan|inf)`)

func invisibleAt(text string, at int) bool {
	r, _ := utf8.DecodeRuneInString(text[at:])
	return words.Invisible(r)
}

// Data says what a data is that is not a JSON object in UTF-8 (§3.3): an array, a JSON string, a Python dict's text, Base64, cut short, … With
// nothing known it says where the JSON breaks. Text is what the parameter held, decoded.
func Data(text string) Finding {
	for _, c := range dataCases {
		if evidence, ok := c.is(text); ok {
			return words.Note(c.kind, c.what, evidence, c.fix)
		}
	}
	if !strings.HasPrefix(strings.TrimLeft(text, " \t\r\n"), "{") {
		return words.Note("data-not-json", words.Say("it is not JSON, but plain text", "它不是 JSON，而是普通文本"), words.AtByte(text, 0), sendObject)
	}
	var broken *json.SyntaxError
	if err := json.Unmarshal([]byte(text), new(any)); errors.As(err, &broken) {
		at := int(broken.Offset) - 1
		if broken.Offset >= int64(len(text)) && strings.HasPrefix(err.Error(), "unexpected end") {
			end := words.AtByte(text, len(text))
			if closing := wire.Closers(text); closing != "" {
				end = end.Plus(", `"+closing+"` is missing", "，缺少 `"+closing+"`")
			}
			return words.Note("data-cut", words.Say("it ends early: it is not complete JSON", "它提前结束，不是完整的 JSON"), end,
				words.Say("Send all of data: URL-encode it (a bare & or # ends it), and let Content-Length count bytes", "请发送完整的 data：做 URL 编码（裸 & 或 # 会截断它），Content-Length 用字节数"))
		}
		what := words.Say("it is not JSON: "+broken.Error(), "它不是 JSON：此处不符合 JSON 语法")
		fix := words.Say("Build data with a JSON library", "请用 JSON 库生成 data")
		switch {
		case strings.Contains(broken.Error(), "after top-level value"):
			what, fix = words.Say("something follows the JSON object", "JSON 对象之后还有内容"), words.Say("Send one object and nothing behind it", "只发送一个对象，后面不要有任何内容")
		case at > 0 && (text[at] == '}' || text[at] == ']') && strings.HasSuffix(strings.TrimRight(text[:at], " \t\r\n"), ","):
			what, fix = words.Say("a comma stands before a closing bracket", "右括号前多了一个逗号"), words.Say("Take the last comma out", "去掉最后一个逗号")
		case invisibleAt(text, at):
			what = words.Say("an invisible character stands where JSON allows none", "JSON 中不该有的位置出现了不可见字符")
			fix = words.Say("Take invisible characters out; they come from a copied text (outside of its strings JSON has space, tab and line ends only)", "请去掉不可见字符，它们多来自复制的文本（字符串之外 JSON 只允许空格、制表符和换行）")
		case strings.HasPrefix(text[at:], "/"):
			what, fix = words.Say("a comment stands in it, which JSON does not have", "其中有注释，而 JSON 没有注释"), words.Say("Take the comment out", "请去掉注释")
		case notFinite().MatchString(text[max(0, at-1):]):
			what, fix = words.Say("NaN or Infinity stands in it, which JSON does not have", "其中有 NaN 或 Infinity，而 JSON 没有这样的值"), words.Say("Send a number: check the amount before it is written to JSON", "请发送数字：写入 JSON 之前先检查该值")
		case strings.Contains(broken.Error(), "in string literal"):
			what = words.Say("a control character stands in a string, such as a line end", "字符串中有控制字符，如换行")
			fix = words.Say("Write it as an escape (\\n): build data with a JSON library", "请写成转义（\\n）：用 JSON 库生成 data")
		}
		return words.Note("data-not-json", what, words.AtByte(text, at), fix)
	}
	return words.Note("data-not-json", words.Say("it is not a JSON object", "它不是 JSON 对象"), words.AtByte(text, 0), sendObject)
}
