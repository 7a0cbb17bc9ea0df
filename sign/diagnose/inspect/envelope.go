package inspect

import (
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"unicode"
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
	Want         string // the method of the endpoint: GET carries the parameters in the query, POST in the body (§5)
}

var useForm = words.Say("Send the four parameters as application/x-www-form-urlencoded: merchant_no=…&time_stamp=…&data=…&sign=… (§5)", "请以 application/x-www-form-urlencoded 发送四个参数：merchant_no=…&time_stamp=…&data=…&sign=…（§5）")

// Missing says why a parameter of §3 is not there, from what arrived: another name for it, a body that is JSON, a body of a GET, an array of parameters. False where
// nothing shows.
func Missing(param string, a Arrived) (Finding, bool) {
	body := words.First(a.Body, wire.Huge)
	trimmed := strings.TrimLeft(body, " \t\r\n\uFEFF")
	kind, _, _ := strings.Cut(a.ContentType, ";")
	kind = strings.ToLower(strings.TrimSpace(kind))
	switch {
	case a.Want == "GET" && strings.Contains(body, param+"="):
		return words.Note("parameters-in-body", words.Say("a GET carries its parameters in the query, and this one has them in its body", "GET 的参数要放在查询串里，而该请求把参数放在了请求体里"),
			words.Say("the body begins with `"+words.Visible(words.Cut(body, 40))+"`", "请求体以 `"+words.Visible(words.Cut(body, 40))+"` 开头"), words.Say("Put the parameters into the query: "+a.Path+"?merchant_no=…", "请把参数放到查询串："+a.Path+"?merchant_no=…")), true
	case a.Want == "GET" && (strings.HasPrefix(trimmed, "{") || strings.HasPrefix(trimmed, "[")):
		return words.Note("parameters-in-body", words.Say("a GET carries its parameters in the query, and this one has JSON in its body", "GET 的参数要放在查询串里，而该请求把 JSON 放在了请求体里"),
			words.Say("the body begins with `"+words.Visible(words.Cut(body, 40))+"`", "请求体以 `"+words.Visible(words.Cut(body, 40))+"` 开头"), words.Say("Put the four parameters into the query: "+a.Path+"?merchant_no=…", "请把四个参数放到查询串："+a.Path+"?merchant_no=…")), true
	case strings.HasPrefix(trimmed, "{") || strings.HasPrefix(trimmed, "["):
		return jsonBody(trimmed, kind), true
	case strings.HasPrefix(trimmed, "<"):
		return words.Note("body-xml", words.Say("the body is XML", "请求体是 XML"), words.Say("it begins with `"+words.Visible(words.Cut(trimmed, 40))+"`", "它以 `"+words.Visible(words.Cut(trimmed, 40))+"` 开头"), useForm), true
	case kind == "multipart/form-data":
		return words.Note("body-multipart", words.Say("the body is multipart/form-data, which is not read", "请求体是 multipart/form-data，不会读取"), words.Say("Content-Type is multipart/form-data", "Content-Type 是 multipart/form-data"),
			words.Say("Send application/x-www-form-urlencoded (curl -d, not -F; URLSearchParams, not FormData)", "请用 application/x-www-form-urlencoded（curl 用 -d 而不是 -F；用 URLSearchParams 而不是 FormData）")), true
	case body != "" && kind != formType && strings.Contains(body, "="):
		given := kind
		if given == "" {
			given = "none"
		}
		return words.Note("body-content-type", words.Say("the body is a form, but its content type is "+words.Visible(given)+", which is not read", "请求体是表单，但 Content-Type 是 "+words.Visible(given)+"，不会读取"),
			words.Say("Content-Type is "+words.Visible(given), "Content-Type 是 "+words.Visible(given)), words.Say("Set Content-Type: application/x-www-form-urlencoded", "请设置 Content-Type: application/x-www-form-urlencoded")), true
	}
	text := a.RawQuery
	if strings.Contains(body, "=") {
		text += "&" + body
	}
	pairs := wire.Pairs(strings.TrimPrefix(text, "&"))
	if f, ok := otherName(param, pairs); ok {
		return f, true
	}
	return emptyOrEscaped(param, pairs, body)
}

// fieldNames are the names that data has at the endpoints of §9.
var fieldNames = []string{
	"mobilePhone", "code", "appId", "carNumber", "token", "plateNumber", "plateColor", "orderId", "externalOrderId", "payment", "payTime", "verificationInfo",
	"carFrameNum", "carEngineNum", "lat", "lon", "radius", "city", "payType", "scrollId", "parkingId",
}

const formType = "application/x-www-form-urlencoded"

func jsonBody(body, kind string) Finding {
	what := words.Say("the body is JSON; the four parameters go into a form", "请求体是 JSON；四个参数要放在表单里")
	evidence := words.Say("it begins with `"+words.Visible(words.Cut(body, 40))+"`", "它以 `"+words.Visible(words.Cut(body, 40))+"` 开头")
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

// otherNames are names that clients use for a parameter of §3; they are compared without regard to case and separators.
var otherNames = map[string][]string{
	"merchant_no": {"merchantno", "merchantnumber", "merchantid", "merchant", "merno", "merid", "mchno", "mchid", "mch", "appid", "partner", "partnerid", "customerno"},
	"time_stamp":  {"timestamp", "time", "ts", "t", "datetime", "reqtime", "requesttime", "currenttime"},
	"data":        {"datas", "date", "bizdata", "bizcontent", "content", "body", "params", "param", "json", "jsondata", "requestdata", "reqdata", "payload"},
	"sign":        {"signment", "signature", "signmsg", "signdata", "signstr", "sgin", "sing", "md5", "md5sign", "signvalue", "token"},
}

func plainName(name string) string {
	return strings.Map(func(r rune) rune {
		if r == '_' || r == '-' || r == '.' || r == ' ' || words.Invisible(r) {
			return -1
		}
		return unicode.ToLower(r)
	}, name)
}

// otherName finds the parameter under another name.
func otherName(param string, pairs []wire.Pair) (Finding, bool) {
	var arrays []string
	for i, p := range pairs {
		if p.Name == param || wire.IsParameter(p.Name) {
			continue
		}
		at := words.Say(fmt.Sprintf("parameter %d is `%s`", i+1, words.Visible(words.Cut(p.Name, 60))), fmt.Sprintf("第 %d 个参数是 `%s`", i+1, words.Visible(words.Cut(p.Name, 60))))
		rename := words.Say("Rename it to "+param+" (§3)", "请改名为 "+param+"（§3）")
		base, _, bracket := strings.Cut(p.Name, "[")
		switch plain := plainName(p.Name); {
		case param == "data" && (bracket && plainName(base) == "data" || strings.HasPrefix(strings.ToLower(p.Name), "data.")):
			arrays = append(arrays, words.Visible(words.Cut(p.Name, 40)))
			if len(arrays) > 1 {
				continue
			}
			return words.Note("data-as-array", words.Say("data is one JSON text, not an array of parameters, and "+arrays[0]+" is there", "data 是一段 JSON 文本，而不是数组参数，收到的是 "+arrays[0]), at,
				words.Say("Encode the JSON first: 'data' => json_encode($data), JSON.stringify(data)", "请先转成 JSON 文本：'data' => json_encode($data)、JSON.stringify(data)")), true
		case strings.HasPrefix(p.Name, "\uFEFF") || strings.HasPrefix(p.Name, "ï»¿"):
			return words.Note("bom", words.Say("a byte order mark (U+FEFF) stands before the form's first name", "表单第一个参数名前面有 BOM（U+FEFF）"), at, words.Say("Take the byte order mark off the body", "请去掉请求体开头的 BOM")), true
		case strings.HasPrefix(p.Name, "amp;"):
			return words.Note("html-escaped", words.Say("&amp; stands between the parameters where & belongs", "参数之间写的是 &amp;，应为 &"), at, words.Say("Join the parameters by &, not &amp;: HTML escaping does not belong into a request", "参数之间用 & 而不是 &amp;：请求里不要做 HTML 转义")), true
		case strings.HasPrefix(p.Name, "?"):
			return words.Note("question-mark", words.Say("a question mark stands before the name", "参数名前面多了问号"), at, words.Say("Take the ? away: a body has none, a URL has one", "请去掉多余的 ?：请求体里没有，URL 里只有一个")), true
		case plain == plainName(param) || slices.Contains(otherNames[param], plain) || len(plain) > 3 && near(plain, plainName(param)):
			return words.Note("parameter-name", words.Say("`"+words.Visible(words.Cut(p.Name, 40))+"` is there; the name is "+param, "收到的是 `"+words.Visible(words.Cut(p.Name, 40))+"`，参数名应为 "+param), at, rename), true
		}
	}
	return Finding{}, false
}

// near says of two short names that one slip of a finger lies between them.
func near(a, b string) bool {
	if a == b {
		return true
	}
	if len(a) > len(b) {
		a, b = b, a
	}
	i := words.FirstDifference(a, b)
	switch len(b) - len(a) {
	case 0:
		return a[min(i+1, len(a)):] == b[min(i+1, len(b)):] || i+1 < len(a) && a[i] == b[i+1] && a[i+1] == b[i] && a[i+2:] == b[i+2:]
	case 1:
		return a[i:] == b[i+1:]
	}
	return false
}

// emptyOrEscaped knows a parameter that is there and empty, and a form that was escaped as a whole.
func emptyOrEscaped(param string, pairs []wire.Pair, body string) (Finding, bool) {
	for i, p := range pairs {
		if p.Name == param {
			return words.Note("parameter-empty", words.Say(param+" is there, and empty", param+" 存在，但为空"), words.Say(fmt.Sprintf("parameter %d is `%s`", i+1, words.Visible(words.Cut(p.Text, 40))), fmt.Sprintf("第 %d 个参数是 `%s`", i+1, words.Visible(words.Cut(p.Text, 40)))),
				words.Say("Give "+param+" a value", "请给 "+param+" 赋值")), true
		}
	}
	if strings.Contains(body, param+"%3D") || strings.Contains(body, param+"%3d") {
		return words.Note("form-escaped", words.Say("the whole form was URL-encoded, its = and & too", "整个表单都做了 URL 编码，包括 = 和 &"), words.Say("it begins with `"+words.Visible(words.Cut(body, 40))+"`", "它以 `"+words.Visible(words.Cut(body, 40))+"` 开头"),
			words.Say("URL-encode the values only, and leave = and & between them", "只对值做 URL 编码，= 和 & 保持原样")), true
	}
	var fields []string
	for _, p := range pairs {
		if slices.Contains(fieldNames, p.Name) {
			fields = append(fields, p.Name)
		}
	}
	if param == "data" && len(fields) > 0 {
		return words.Note("data-flattened", words.Say("what belongs into data came as parameters of their own: "+strings.Join(fields, ", "), "本应放入 data 的字段成了单独的参数："+strings.Join(fields, "、")),
			words.Say("there is no data, but "+fields[0], "没有 data，却有 "+fields[0]), words.Say("Put them into data as one JSON object: data={\""+fields[0]+"\":\"…\"}, URL-encoded (§3.3)", "请把它们放进 data，写成一个 JSON 对象：data={\""+fields[0]+"\":\"…\"}，并做 URL 编码（§3.3）")), true
	}
	var names []string
	for _, p := range pairs {
		if p.Name != "" && !wire.IsParameter(p.Name) && len(names) < 5 {
			names = append(names, words.Visible(words.Cut(p.Name, 30)))
		}
	}
	if len(names) > 0 {
		return words.Note("parameter-unknown", words.Say("parameters of other names are there: "+strings.Join(names, ", "), "收到的是其他名称的参数："+strings.Join(names, "、")),
			words.Say(fmt.Sprintf("%d parameters came", len(pairs)), fmt.Sprintf("共 %d 个参数", len(pairs))), useForm), true
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

// Path says which endpoint of prefix was probably meant by a path that does not exist, of the names there are; false where none is near.
func Path(path, prefix string, names []string) (Finding, bool) {
	plain := path
	if decoded, err := url.PathUnescape(path); err == nil {
		plain = decoded
	}
	var parts []string
	for part := range strings.SplitSeq(plain, "/") {
		if part = strings.TrimFunc(part, func(r rune) bool { return unicode.IsSpace(r) || words.Invisible(r) }); part != "" {
			parts = append(parts, part)
		}
	}
	if len(parts) == 0 {
		return Finding{}, false
	}
	last := parts[len(parts)-1]
	if name, _, found := strings.Cut(last, "."); found { // bindcar.do, bindcar.json
		last = name
	}
	last, _, _ = strings.Cut(last, "?")
	meant := ""
	for _, name := range names {
		if strings.EqualFold(name, last) {
			meant = name
		}
	}
	for _, name := range names {
		if meant == "" && near(strings.ToLower(last), name) {
			meant = name
		}
	}
	if meant == "" {
		best := 3
		for _, name := range names {
			if d := distance(plainName(last), name, best); d < best {
				best, meant = d, name
			}
		}
	}
	if meant == "" {
		return Finding{}, false
	}
	want := prefix + meant
	at := words.FirstDifference(path, want)
	return words.Note("path", words.Say("did you mean "+want+"?", "是否想用 "+want+"？"),
		words.Say(fmt.Sprintf("first difference at byte %d: `%s`", at, words.Visible(words.Cut(path[at:], 40))), fmt.Sprintf("第一处不同在第 %d 字节：`%s`", at, words.Visible(words.Cut(path[at:], 40)))),
		words.Say("Send the request to "+want, "请把请求发到 "+want)), true
}

// distance is how many letters have to be changed between two names, at most limit.
func distance(a, b string, limit int) int {
	if len(a) > 64 || max(len(a), len(b))-min(len(a), len(b)) >= limit {
		return limit
	}
	row := make([]int, len(b)+1)
	for i := range row {
		row[i] = i
	}
	for i := range len(a) {
		before := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := before
			if a[i] != b[j] {
				cost++
			}
			before = row[j+1]
			row[j+1] = min(cost, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}

// Unescape decodes a value of a form as a lenient server does: a % that begins no escape stays as it is.
func Unescape(value string) string { return wire.Unescape(value, true) }
