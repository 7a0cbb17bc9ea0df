package inspect

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/etcp-mock/etcp-mock/sign/diagnose/internal/wire"
	"github.com/etcp-mock/etcp-mock/sign/diagnose/internal/words"
)

// Arrived is a request as it arrived, before anything was read from it. Bodies over some 64 KiB may be cut.
type Arrived struct {
	Method, Path string
	RawQuery     string
	Body         string
	ContentType  string
	Encoding     string   // Content-Encoding
	HeaderNames  []string // the names of all headers
	Want         string   // the method of the endpoint: GET carries the parameters in the query, POST in the body (§5)
}

var useForm = words.Phrase{En: "Send the four parameters as application/x-www-form-urlencoded: merchant_no=…&time_stamp=…&data=…&sign=… (§5)", Zh: "请以 application/x-www-form-urlencoded 发送四个参数：merchant_no=…&time_stamp=…&data=…&sign=…（§5）"}

// Missing says why a parameter of §3 is not there, from what arrived: another name for it, a body that is JSON, a body of a GET, an array of parameters. False where
// nothing shows.
func Missing(param string, a Arrived) (Finding, bool) {
	body := words.First(a.Body, wire.Huge)
	trimmed := strings.TrimLeft(body, " \t\r\n\uFEFF")
	kind, _, _ := strings.Cut(a.ContentType, ";")
	kind = strings.ToLower(strings.TrimSpace(kind))
	if f, ok := unreadable(a, trimmed); ok {
		return f, true
	}
	switch {
	case a.Want == "GET" && strings.Contains(body, param+"="):
		return words.Note("parameters-in-body", words.Phrase{En: "a GET carries its parameters in the query, and this one has them in its body", Zh: "GET 的参数要放在查询串里，而该请求把参数放在了请求体里"},
			words.Phrase{En: "the body begins with `" + words.Visible(words.Cut(body, 40)) + "`", Zh: "请求体以 `" + words.Visible(words.Cut(body, 40)) + "` 开头"}, words.Phrase{En: "Put the parameters into the query: " + a.Path + "?merchant_no=…", Zh: "请把参数放到查询串：" + a.Path + "?merchant_no=…"}), true
	case a.Want == "GET" && (strings.HasPrefix(trimmed, "{") || strings.HasPrefix(trimmed, "[")):
		return words.Note("parameters-in-body", words.Phrase{En: "a GET carries its parameters in the query, and this one has JSON in its body", Zh: "GET 的参数要放在查询串里，而该请求把 JSON 放在了请求体里"},
			words.Phrase{En: "the body begins with `" + words.Visible(words.Cut(body, 40)) + "`", Zh: "请求体以 `" + words.Visible(words.Cut(body, 40)) + "` 开头"}, words.Phrase{En: "Put the four parameters into the query: " + a.Path + "?merchant_no=…", Zh: "请把四个参数放到查询串：" + a.Path + "?merchant_no=…"}), true
	case strings.HasPrefix(trimmed, "[object ") || strings.HasPrefix(trimmed, "{'"):
		return words.Note("body-object-text", words.Phrase{En: "the body is what a language prints of an object", Zh: "请求体是语言打印对象得到的文本"}, words.Phrase{En: "it begins with `" + words.Visible(words.Cut(trimmed, 40)) + "`", Zh: "它以 `" + words.Visible(words.Cut(trimmed, 40)) + "` 开头"},
			useForm.Plus("; let a form encoder write it (URLSearchParams, urllib.parse.urlencode)", "；请用表单编码器生成（URLSearchParams、urllib.parse.urlencode）")), true
	case strings.HasPrefix(trimmed, "{") || strings.HasPrefix(trimmed, "[") || strings.HasPrefix(trimmed, `"{`):
		return jsonBody(trimmed, kind), true
	case strings.HasPrefix(trimmed, "<"):
		return words.Note("body-xml", words.Phrase{En: "the body is XML", Zh: "请求体是 XML"}, words.Phrase{En: "it begins with `" + words.Visible(words.Cut(trimmed, 40)) + "`", Zh: "它以 `" + words.Visible(words.Cut(trimmed, 40)) + "` 开头"}, useForm), true
	case kind == "multipart/form-data":
		return words.Note("body-multipart", words.Phrase{En: "the body is multipart/form-data, which is not read", Zh: "请求体是 multipart/form-data，不会读取"}, words.Phrase{En: "Content-Type is multipart/form-data", Zh: "Content-Type 是 multipart/form-data"},
			words.Phrase{En: "Send application/x-www-form-urlencoded (curl -d, not -F; URLSearchParams, not FormData)", Zh: "请用 application/x-www-form-urlencoded（curl 用 -d 而不是 -F；用 URLSearchParams 而不是 FormData）"}), true
	case body != "" && kind != formType && strings.Contains(body, "="):
		what, evidence := words.Phrase{En: "the body is a form, but its content type is " + words.Visible(kind) + ", which is not read", Zh: "请求体是表单，但 Content-Type 是 " + words.Visible(kind) + "，不会读取"},
			words.Phrase{En: "Content-Type is " + words.Visible(kind), Zh: "Content-Type 是 " + words.Visible(kind)}
		if kind == "" {
			what = words.Phrase{En: "the body is a form, but it comes without a Content-Type, so it is not read", Zh: "请求体是表单，但没有带 Content-Type，因此不会读取"}
			evidence = words.Phrase{En: "the header Content-Type is missing", Zh: "缺少请求头 Content-Type"}
		}
		return words.Note("body-content-type", what, evidence, words.Phrase{En: "Set Content-Type: application/x-www-form-urlencoded", Zh: "请设置 Content-Type: application/x-www-form-urlencoded"}), true
	}
	text := a.RawQuery
	if strings.Contains(body, "=") {
		text += "&" + body
	}
	pairs := wire.Pairs(strings.TrimPrefix(text, "&"))
	for _, look := range []func(string, Arrived, []wire.Pair) (Finding, bool){escapedJSON, separated, inHeaders, insideData, endsInData} {
		if f, ok := look(param, a, pairs); ok {
			return f, true
		}
	}
	if f, ok := otherName(param, pairs); ok {
		return f, true
	}
	return emptyOrEscaped(param, pairs, body)
}

const formType = "application/x-www-form-urlencoded"

func jsonBody(body, kind string) Finding {
	what := words.Phrase{En: "the body is JSON; the four parameters go into a form", Zh: "请求体是 JSON；四个参数要放在表单里"}
	evidence := words.Phrase{En: "it begins with `" + words.Visible(words.Cut(body, 40)) + "`", Zh: "它以 `" + words.Visible(words.Cut(body, 40)) + "` 开头"}
	if kind == formType {
		evidence = evidence.Plus(", and Content-Type says form", "，而 Content-Type 写的是表单")
	} else if kind != "" {
		evidence = evidence.Plus("; Content-Type is "+words.Visible(kind)+", which is not read", "；Content-Type 是 "+words.Visible(kind)+"，不会读取")
	}
	var object map[string]json.RawMessage
	if json.Unmarshal([]byte(body), &object) == nil && object["merchant_no"] == nil && object["sign"] == nil {
		return words.Note("body-json", what, evidence, useForm.Plus("; this JSON is what belongs into data", "；这段 JSON 应放入 data"))
	}
	return words.Note("body-json", what, evidence, useForm)
}

// emptyOrEscaped knows a parameter that is there and empty, and a form that was escaped as a whole.
func emptyOrEscaped(param string, pairs []wire.Pair, body string) (Finding, bool) {
	for i, p := range pairs {
		if p.Name == param {
			fix := words.Phrase{En: "Give " + param + " a value", Zh: "请给 " + param + " 赋值"}
			if param == "data" {
				fix = fix.Plus(": one JSON text, of JSON.stringify(data) or json_encode($data); a form encoder that gets an object may write nothing (Node's querystring)", "：一段 JSON 文本，即 JSON.stringify(data) 或 json_encode($data) 的结果；把对象交给表单编码器可能什么都不写（如 Node 的 querystring）")
			}
			return words.Note("parameter-empty", words.Phrase{En: param + " is there, and empty", Zh: param + " 存在，但为空"}, words.Phrase{En: fmt.Sprintf("parameter %d is `%s`", i+1, words.Visible(words.Cut(p.Text, 40))), Zh: fmt.Sprintf("第 %d 个参数是 `%s`", i+1, words.Visible(words.Cut(p.Text, 40)))},
				fix), true
		}
	}
	if len(pairs) > 0 && len(pairs) < 3 {
		if f, ok := wholeForm(param, pairs, body); ok {
			return f, true
		}
	}
	if strings.Contains(body, param+"%3D") || strings.Contains(body, param+"%3d") {
		return words.Note("form-escaped", words.Phrase{En: "the whole form was URL-encoded, its = and & too", Zh: "整个表单都做了 URL 编码，包括 = 和 &"}, words.Phrase{En: "it begins with `" + words.Visible(words.Cut(body, 40)) + "`", Zh: "它以 `" + words.Visible(words.Cut(body, 40)) + "` 开头"},
			words.Phrase{En: "URL-encode the values only, and leave = and & between them", Zh: "只对值做 URL 编码，= 和 & 保持原样"}), true
	}
	var fields []string
	for _, p := range pairs {
		if slices.Contains(wire.Fields, p.Name) {
			fields = append(fields, p.Name)
		}
	}
	if param == "data" && len(fields) > 0 {
		return words.Note("data-flattened", words.Phrase{En: "what belongs into data came as parameters of their own: " + strings.Join(fields, ", "), Zh: "本应放入 data 的字段成了单独的参数：" + strings.Join(fields, "、")},
			words.Phrase{En: "there is no data, but " + fields[0], Zh: "没有 data，却有 " + fields[0]}, words.Phrase{En: "Put them into data as one JSON object: data={\"" + fields[0] + "\":\"…\"}, URL-encoded (§3.3)", Zh: "请把它们放进 data，写成一个 JSON 对象：data={\"" + fields[0] + "\":\"…\"}，并做 URL 编码（§3.3）"}), true
	}
	var names []string
	for _, p := range pairs {
		if p.Name != "" && !wire.IsParameter(p.Name) && len(names) < 5 {
			names = append(names, words.Visible(words.Cut(p.Name, 30)))
		}
	}
	if len(names) > 0 {
		return words.Note("parameter-unknown", words.Phrase{En: "parameters of other names are there: " + strings.Join(names, ", "), Zh: "收到的是其他名称的参数：" + strings.Join(names, "、")},
			words.Phrase{En: fmt.Sprintf("%d parameters came", len(pairs)), Zh: fmt.Sprintf("共 %d 个参数", len(pairs))}, useForm), true
	}
	return nothing(param, pairs, body)
}

// wholeForm knows a form that stands inside of a parameter, in Base64, or as JSON.
func wholeForm(param string, pairs []wire.Pair, body string) (Finding, bool) {
	p := pairs[0]
	value := wire.Unescape(p.Raw, true)
	inside := words.Phrase{En: "`" + words.Visible(words.Cut(p.Name, 30)) + "` holds `" + words.Visible(words.Cut(value, 40)) + "`", Zh: "`" + words.Visible(words.Cut(p.Name, 30)) + "` 的值是 `" + words.Visible(words.Cut(value, 40)) + "`"}
	switch {
	case strings.Contains(value, param+"=") && strings.Contains(value, "&"):
		return words.Note("form-in-parameter", words.Phrase{En: "the whole form stands inside of one parameter, " + words.Visible(words.Cut(p.Name, 30)), Zh: "整个表单放在了一个参数 " + words.Visible(words.Cut(p.Name, 30)) + " 里"}, inside,
			words.Phrase{En: "Send the four parameters side by side, not as the value of another", Zh: "四个参数应并列发送，不要作为另一个参数的值"}), true
	case strings.Contains(value, `"`+param+`"`):
		return words.Note("json-in-parameter", words.Phrase{En: "the four parameters stand as JSON inside of " + words.Visible(words.Cut(p.Name, 30)), Zh: "四个参数以 JSON 放在了 " + words.Visible(words.Cut(p.Name, 30)) + " 里"}, inside, useForm), true
	}
	if plain := wire.FromBase64(wire.Unescape(body, false)); strings.Contains(plain, param+"=") {
		return words.Note("form-base64", words.Phrase{En: "the whole form is in Base64", Zh: "整个表单做了 Base64"}, words.Phrase{En: "decoded it begins with `" + words.Visible(words.Cut(plain, 40)) + "`", Zh: "解码后以 `" + words.Visible(words.Cut(plain, 40)) + "` 开头"}, useForm), true
	}
	return Finding{}, false
}

// NotEncoded says of the raw value of data in a query or form that it was not URL-encoded though it happened to arrive: the lint data-not-url-encoded.
func NotEncoded(raw string) bool {
	for i := range len(raw) {
		switch c := raw[i]; {
		case c >= utf8.RuneSelf, c == '{', c == '}', c == '"', c == ' ', c == '[', c == ']', c == '<', c == '>', c == '\\', c == '^', c == '`', c == '|':
			return true
		case c == '%' && (i+2 >= len(raw) || !wire.IsHex(raw[i+1]) || !wire.IsHex(raw[i+2])):
			return true
		}
	}
	return false
}

// Unescape decodes a value of a form as a lenient server does: a % that begins no escape stays as it is.
func Unescape(value string) string { return wire.Unescape(value, true) }
