package diagnose

import (
	"encoding/json"
	"errors"
	"fmt"
	"html"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// dataCase is one thing that a data may be that is no JSON object, with what gives it away.
type dataCase struct {
	kind string
	is   func(text string) (evidence phrase, ok bool)
	what phrase
	fix  phrase
}

var (
	sendObject = say("Send a JSON object as text: data={\"token\":\"…\"}, URL-encoded (§3.3)", "data 应是 JSON 对象的文本，即 data={\"token\":\"…\"}，并做 URL 编码（§3.3）")
	javaMap    = regexp.MustCompile(`^\{\s*[A-Za-z_]\w*=[^"]*\}$`)
	jsObject   = regexp.MustCompile(`^\{\s*([A-Za-z_]\w*)\s*:`)
	lostQuotes = regexp.MustCompile(`^\{\s*[A-Za-z_]\w*:[^"]*\}$`)
)

// dataCases are asked in their order: what explains most stands first.
var dataCases = []dataCase{
	{
		"data-empty", func(text string) (phrase, bool) {
			return say("data has no character but white space", "data 只有空白"), strings.TrimSpace(text) == ""
		},
		say("data is empty", "data 为空"), sendObject,
	},
	{"form-charset", notUTF8, say("it is not UTF-8", "不是合法的 UTF-8"), say("Escape the form as UTF-8 (URLEncoder.encode(data, \"UTF-8\")), and sign the UTF-8 text", "请按 UTF-8 转义表单（URLEncoder.encode(data, \"UTF-8\")），并对 UTF-8 文本签名")},
	{
		"bom", begins("\uFEFF"), say("a byte order mark (U+FEFF) stands before the JSON", "JSON 前面有 BOM（U+FEFF）"),
		say("Take the byte order mark off before data is signed and sent", "签名和发送前去掉 data 开头的 BOM"),
	},
	{
		"html-escaped", func(text string) (phrase, bool) {
			at := strings.IndexByte(text, '&')
			return atByte(text, at), at >= 0 && isObject(html.UnescapeString(text))
		}, say("it is HTML-escaped: &quot; stands for a quote", "它被做了 HTML 转义：引号成了 &quot;"),
		say("Send data as it is, without HTML escaping (no htmlspecialchars, no XSS filter over it)", "请原样发送 data，不要做 HTML 转义（不要用 htmlspecialchars 或 XSS 过滤）"),
	},
	{
		"data-double-encoded", func(text string) (phrase, bool) {
			return atByte(text, strings.IndexByte(text, '%')), len(decodedAgain(text)) > 0 && isObject(decodedAgain(text)[len(decodedAgain(text))-1])
		}, say("it is still URL-encoded: it was encoded twice", "它仍是 URL 编码的文本：编码了两次"), say("URL-encode data once; most form libraries do it by themselves", "data 只做一次 URL 编码；多数表单库会自动编码"),
	},
	{
		"data-base64", func(text string) (phrase, bool) {
			plain := fromBase64(text)
			return say("decoded it begins with "+visible(cutAt(plain, 20)), "解码后以 "+visible(cutAt(plain, 20))+" 开头"), strings.HasPrefix(strings.TrimSpace(plain), "{")
		}, say("it is Base64 of a JSON object", "它是 JSON 对象的 Base64"), say("Send the JSON text itself, URL-encoded, not in Base64", "请直接发送 JSON 文本并做 URL 编码，不要用 Base64"),
	},
	{
		"object-object", begins("[object "), say("it is [object Object], the text of a JavaScript object", "它是 [object Object]，即 JavaScript 对象的文本"), say("Send JSON.stringify(data)", "请发送 JSON.stringify(data)"),
	},
	{"data-array", begins("["), say("it is a JSON array, not an object", "它是 JSON 数组，而不是对象"), say("Send one object {…}, without [ ] around it", "请发送一个对象 {…}，外面不要加 [ ]")},
	{
		"data-quoted", begins(`"`), say("it is a JSON string: the object was marshalled twice", "它是 JSON 字符串：对象被序列化了两次"),
		say("Marshal once: data is the object's text {…}, without quotes around it", "只序列化一次：data 是对象的文本 {…}，外面不带引号"),
	},
	{
		"backslashes-added", begins(`{\"`), say("backslashes stand before its quotes", "引号前带有反斜杠"),
		say("Send data as it is: no addslashes, no second JSON encoding, no escaping for a shell", "请原样发送 data：不要用 addslashes，不要再次做 JSON 编码或 shell 转义"),
	},
	{
		"python-dict", func(text string) (phrase, bool) {
			return atByte(text, strings.IndexByte(text, '\'')), strings.HasPrefix(text, "{'") || strings.HasPrefix(text, "{u'")
		}, say("it is the text of a Python dict: single quotes", "它是 Python dict 的文本：用的是单引号"), say("Send json.dumps(d), not str(d)", "请发送 json.dumps(d)，而不是 str(d)"),
	},
	{
		"ruby-hash", func(text string) (phrase, bool) {
			return atByte(text, strings.Index(text, "=>")), strings.HasPrefix(text, "{") && strings.Contains(text, `"=>`)
		},
		say("it is the text of a Ruby hash", "它是 Ruby Hash 的文本"), say("Send hash.to_json", "请发送 hash.to_json"),
	},
	{
		"java-map", func(text string) (phrase, bool) {
			return atByte(text, strings.IndexByte(text, '=')), javaMap.MatchString(cutAt(text, longest))
		},
		say("it is the text of a Java Map ({a=b})", "它是 Java Map 的文本（{a=b}）"), say("Send JSON (JSON.toJSONString(map), new Gson().toJson(map)), not map.toString()", "请发送 JSON（JSON.toJSONString(map)、new Gson().toJson(map)），而不是 map.toString()"),
	},
	{
		"go-map", begins("map["), say("it is the text of a Go map", "它是 Go map 的文本"), say("Send json.Marshal(m), not fmt.Sprint(m)", "请发送 json.Marshal(m) 的结果，而不是 fmt.Sprint(m)"),
	},
	{
		"php-array", func(text string) (phrase, bool) {
			return atByte(text, 0), text == "Array" || strings.HasPrefix(text, "Array\n") || strings.HasPrefix(text, "a:") && strings.HasSuffix(text, "}")
		}, say("it is the text of a PHP array", "它是 PHP 数组的文本"), say("Send json_encode($data)", "请发送 json_encode($data)"),
	},
	{"data-xml", begins("<"), say("it is XML or HTML", "它是 XML 或 HTML"), sendObject},
	{
		"quotes-lost", func(text string) (phrase, bool) { return atByte(text, 1), lostQuotes.MatchString(cutAt(text, longest)) },
		say("it has lost its quotes", "它的引号丢了"), say("A shell took the quotes away: put data into single quotes, or read it from a file", "引号被 shell 去掉了：请用单引号括住 data，或从文件读取"),
	},
	{
		"javascript-object", func(text string) (phrase, bool) { return atByte(text, 1), jsObject.MatchString(text) },
		say("its names have no quotes, as in JavaScript", "它的键没有引号，是 JavaScript 写法"), say("Send JSON.stringify(data): JSON has its names in double quotes", "请发送 JSON.stringify(data)：JSON 的键要用双引号"),
	},
	{
		"query-for-json", func(text string) (phrase, bool) {
			return atByte(text, strings.IndexByte(text, '=')), strings.Contains(text, "=") && !strings.ContainsAny(text, "{\"")
		}, say("it is name=value, not JSON", "它是 name=value，而不是 JSON"), sendObject,
	},
	{
		"full-width-punctuation", func(text string) (phrase, bool) {
			at := strings.IndexAny(text, "“”‘’：，｛｝＂")
			return atByte(text, at), at >= 0 && isObject(halfWidth.Replace(text))
		}, say("it has full-width punctuation where JSON has ASCII", "它用了全角标点，而 JSON 要用半角"), say("Write \" : , { } in ASCII", "请用半角的 \" : , { }"),
	},
	{
		"data-word", func(text string) (phrase, bool) {
			var v any
			return atByte(text, 0), json.Unmarshal([]byte(text), &v) == nil && !isObject(text)
		}, say("it is JSON, but not an object", "它是 JSON，但不是对象"), sendObject,
	},
}

var halfWidth = strings.NewReplacer("“", `"`, "”", `"`, "‘", `"`, "’", `"`, "＂", `"`, "：", ":", "，", ",", "｛", "{", "｝", "}")

func begins(with string) func(string) (phrase, bool) {
	return func(text string) (phrase, bool) {
		trimmed := strings.TrimLeft(text, " \t\r\n")
		return atByte(text, len(text)-len(trimmed)), strings.HasPrefix(trimmed, with)
	}
}

func isObject(text string) bool {
	text = strings.TrimSpace(text)
	return strings.HasPrefix(text, "{") && json.Valid([]byte(text))
}

// atByte says what stands at a byte of data, invisible characters made visible.
func atByte(text string, at int) phrase {
	at = max(0, min(at, len(text)))
	if at == len(text) {
		return say(fmt.Sprintf("it ends at byte %d", at), fmt.Sprintf("在第 %d 字节结束", at))
	}
	line := 1 + strings.Count(text[:at], "\n")
	column := utf8.RuneCountInString(text[strings.LastIndexByte(text[:at], '\n')+1:at]) + 1
	piece := strings.TrimRight(cutAt(text[at:], 24), "…")
	return say(fmt.Sprintf("byte %d (line %d, column %d): `%s`", at, line, column, visible(piece)),
		fmt.Sprintf("第 %d 字节（第 %d 行第 %d 列）：`%s`", at, line, column, visible(piece)))
}

// notUTF8 finds the first byte that is no UTF-8, and the charset that gives it a meaning.
func notUTF8(text string) (phrase, bool) {
	at := 0
	for at < len(text) {
		r, size := utf8.DecodeRuneInString(text[at:])
		if r == utf8.RuneError && size == 1 {
			break
		}
		at += size
	}
	if at == len(text) {
		return phrase{}, false
	}
	piece := text[at:min(len(text), at+16)]
	evidence := say(fmt.Sprintf("byte %d is %02X", at, text[at]), fmt.Sprintf("第 %d 字节是 %02X", at, text[at]))
	for _, c := range []charset{gbkCharset, big5, shiftJIS} {
		if plain := decodeFrom(c, cutRaw(text, longest)); plain != "" && !strings.ContainsRune(plain, utf8.RuneError) && strings.ContainsFunc(plain, func(r rune) bool { return unicode.Is(unicode.Han, r) }) {
			meant := visible(cutAt(decodeFrom(c, piece), 24))
			return evidence.plus("; read as "+c.name+" it is `"+meant+"`", "；按 "+c.name+" 读取是 `"+meant+"`"), true
		}
	}
	return evidence, true
}

func cutRaw(text string, most int) string { return text[:min(len(text), most)] }

// Data says what a data is that is not a JSON object in UTF-8 (§3.3): an array, a JSON string, a Python dict's text, Base64, cut short, … With
// nothing known it says where the JSON breaks. Text is what the parameter held, decoded.
func Data(text string) Finding {
	for _, c := range dataCases {
		if evidence, ok := c.is(text); ok {
			return note(c.kind, c.what, evidence, c.fix)
		}
	}
	if !strings.HasPrefix(strings.TrimLeft(text, " \t\r\n"), "{") {
		return note("data-not-json", say("it is not JSON, but plain text", "它不是 JSON，而是普通文本"), atByte(text, 0), sendObject)
	}
	var broken *json.SyntaxError
	if err := json.Unmarshal([]byte(text), new(any)); errors.As(err, &broken) {
		at := int(broken.Offset) - 1
		if broken.Offset >= int64(len(text)) && strings.HasPrefix(err.Error(), "unexpected end") {
			end := atByte(text, len(text))
			if closing := closers(text); closing != "" {
				end = end.plus(", `"+closing+"` is missing", "，缺少 `"+closing+"`")
			}
			return note("data-cut", say("it ends early: it is not complete JSON", "它提前结束，不是完整的 JSON"), end,
				say("Send all of data: URL-encode it (a bare & or # ends it), and let Content-Length count bytes", "请发送完整的 data：做 URL 编码（裸 & 或 # 会截断它），Content-Length 用字节数"))
		}
		what := say("it is not JSON: "+broken.Error(), "它不是 JSON：此处不符合 JSON 语法")
		fix := say("Build data with a JSON library", "请用 JSON 库生成 data")
		switch {
		case strings.Contains(broken.Error(), "after top-level value"):
			what, fix = say("something follows the JSON object", "JSON 对象之后还有内容"), say("Send one object and nothing behind it", "只发送一个对象，后面不要有任何内容")
		case at > 0 && (text[at] == '}' || text[at] == ']') && strings.HasSuffix(strings.TrimRight(text[:at], " \t\r\n"), ","):
			what, fix = say("a comma stands before a closing bracket", "右括号前多了一个逗号"), say("Take the last comma out", "去掉最后一个逗号")
		case strings.Contains(broken.Error(), "in string literal"):
			what = say("a control character stands in a string, such as a line end", "字符串中有控制字符，如换行")
			fix = say("Write it as an escape (\\n): build data with a JSON library", "请写成转义（\\n）：用 JSON 库生成 data")
		}
		return note("data-not-json", what, atByte(text, at), fix)
	}
	return note("data-not-json", say("it is not a JSON object", "它不是 JSON 对象"), atByte(text, 0), sendObject)
}
