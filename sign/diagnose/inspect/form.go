package inspect

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/etcp-mock/etcp-mock/sign/diagnose/internal/wire"
	"github.com/etcp-mock/etcp-mock/sign/diagnose/internal/words"
)

// Incomplete says of a body that broke off what was announced and what came of it: announced is the Content-Length in bytes, below 0 of a chunked body; waited tells that the
// server has waited for the rest until its read timeout.
func Incomplete(announced int64, body string, waited bool) Finding {
	what := words.Phrase{En: "the body is shorter than its Content-Length says", Zh: "请求体比 Content-Length 所说的短"}
	evidence := words.Phrase{En: fmt.Sprintf("Content-Length is %d, and %d bytes came", announced, len(body)), Zh: fmt.Sprintf("Content-Length 是 %d，只收到 %d 字节", announced, len(body))}
	fix := words.Phrase{En: "Content-Length counts the bytes of the body as it is sent: take the length of its UTF-8 bytes after URL encoding, or let an HTTP library set it", Zh: "Content-Length 是实际发送的请求体的字节数：请取 URL 编码后的 UTF-8 字节长度，或交给 HTTP 库设置"}
	if announced < 0 {
		what = words.Phrase{En: "the chunked body has no end: the last chunk, of length 0, is missing", Zh: "分块编码的请求体没有结束：缺少长度为 0 的最后一块"}
		evidence = words.Phrase{En: fmt.Sprintf("%d bytes came in whole chunks", len(body)), Zh: fmt.Sprintf("完整的块中共收到 %d 字节", len(body))}
		fix = words.Phrase{En: "End a chunked body with 0 CR LF CR LF: close the stream that writes it, or send a Content-Length", Zh: "分块请求体以 0 CR LF CR LF 结束：请关闭写入它的流，或改用 Content-Length"}
	}
	if waited {
		evidence = evidence.Plus("; the server has waited for the rest until its read timeout", "；服务器一直等到读超时")
	}
	if end := body[max(0, len(body)-24):]; end != "" {
		shown := "`" + words.Visible(strings.ToValidUTF8(end, "")) + "`"
		evidence = evidence.Plus("; it ends with "+shown, "；末尾是 "+shown)
	}
	return words.Note("body-incomplete", what, evidence, fix)
}

// unreadable knows bodies whose bytes are no form: compressed ones, and multipart under another content type.
func unreadable(a Arrived, body string) (Finding, bool) {
	begins := words.Phrase{En: "it begins with `" + words.Visible(words.Cut(body, 40)) + "`", Zh: "它以 `" + words.Visible(words.Cut(body, 40)) + "` 开头"}
	switch encoding := strings.ToLower(a.Encoding); {
	case encoding != "" && encoding != "identity" && body != "", strings.HasPrefix(body, "\x1f\x8b"), strings.HasPrefix(body, "\x1f\uFFFD"):
		if encoding == "" {
			encoding = "gzip"
		}
		return words.Note("body-compressed", words.Phrase{En: "the body is compressed (" + words.Visible(words.Cut(encoding, 20)) + "), which is not read", Zh: "请求体是压缩的（" + words.Visible(words.Cut(encoding, 20)) + "），不会读取"}, begins,
			words.Phrase{En: "Send the form as it is, without Content-Encoding: take the compression of requests off the client", Zh: "请原样发送表单，不要带 Content-Encoding：关闭客户端对请求的压缩"}), true
	case bytesWide(body) > 2:
		return words.Note("body-charset", words.Phrase{En: "the body is UTF-32, four bytes for a character", Zh: "请求体是 UTF-32，每个字符四字节"}, begins, words.Phrase{En: "Write the form in UTF-8: Encoding.UTF8, not Encoding.UTF32", Zh: "请用 UTF-8 写表单：用 Encoding.UTF8，不用 Encoding.UTF32"}), true
	case bytesWide(body) > 1:
		return words.Note("body-charset", words.Phrase{En: "the body is UTF-16, two bytes for a character", Zh: "请求体是 UTF-16，每个字符两字节"}, begins, words.Phrase{En: "Write the form in UTF-8: Encoding.UTF8, not Encoding.Unicode", Zh: "请用 UTF-8 写表单：用 Encoding.UTF8，不用 Encoding.Unicode"}), true
	case strings.HasPrefix(body, "--") && strings.Contains(words.First(body, 1024), "Content-Disposition"):
		return words.Note("body-multipart", words.Phrase{En: "the body is multipart/form-data, which is not read", Zh: "请求体是 multipart/form-data，不会读取"}, begins,
			words.Phrase{En: "Send application/x-www-form-urlencoded (curl -d, not -F; URLSearchParams, not FormData)", Zh: "请用 application/x-www-form-urlencoded（curl 用 -d 而不是 -F；用 URLSearchParams 而不是 FormData）"}), true
	}
	return Finding{}, false
}

// bytesWide is how many bytes a body has for each character, by its zeros: 1, 2 or 4.
func bytesWide(body string) int {
	const most = 256
	beginning := words.First(strings.ReplaceAll(words.First(body, most), "\uFFFD", "."), most)
	switch zeros := strings.Count(beginning, "\x00"); {
	case zeros > len(beginning)*3/5:
		return 4
	case zeros > len(beginning)/3 || strings.HasPrefix(body, "\xff\xfe") || strings.HasPrefix(body, "\xfe\xff"):
		return 2
	}
	return 1
}

// escapedJSON is JSON that a form encoder has written as the name of a parameter.
func escapedJSON(_ string, _ Arrived, pairs []wire.Pair) (Finding, bool) {
	if len(pairs) > 2 || len(pairs) == 0 || !strings.HasPrefix(strings.TrimSpace(pairs[0].Name), "{") {
		return Finding{}, false
	}
	return jsonBody(strings.TrimSpace(pairs[0].Name), formType), true
}

// separators are what stands between parameters where & belongs.
var separators = []string{";", "\n", "\r\n", ",", "|", " "}

// separated knows a form whose parameters are separated by something else than &.
func separated(param string, _ Arrived, pairs []wire.Pair) (Finding, bool) {
	for i, p := range pairs {
		for _, with := range separators {
			at := strings.Index(p.Text, with+param+"=")
			if at <= 0 || strings.HasPrefix(p.Text, "amp;") { // at 0 it stands behind an &
				continue
			}
			shown := words.Visible(with)
			return words.Note("parameter-separator", words.Phrase{En: "`" + shown + "` stands between the parameters where & belongs", Zh: "参数之间用的是 `" + shown + "`，应为 &"},
				words.Phrase{En: fmt.Sprintf("parameter %d is `%s`", i+1, words.Visible(words.Cut(p.Text, 60))), Zh: fmt.Sprintf("第 %d 个参数是 `%s`", i+1, words.Visible(words.Cut(p.Text, 60)))},
				words.Phrase{En: "Join the parameters by &, and URL-encode their values", Zh: "参数之间用 & 连接，并对值做 URL 编码"}), true
		}
	}
	return Finding{}, false
}

// inHeaders knows parameters that came as headers.
func inHeaders(param string, a Arrived, _ []wire.Pair) (Finding, bool) {
	for _, name := range a.HeaderNames {
		if param == "sign" && strings.EqualFold(name, "Authorization") {
			return words.Note("parameter-in-header", words.Phrase{En: "sign is not there, but a header Authorization, which this platform does not read", Zh: "没有 sign，却有请求头 Authorization，而本平台不读取它"}, words.Phrase{En: "there is a header Authorization", Zh: "有请求头 Authorization"},
				words.Phrase{En: "Send sign=UPPER(HEX(MD5(data + merchant_key + time_stamp))) in the form, beside the other parameters (§6)", Zh: "请在表单里与其他参数一起发送 sign=UPPER(HEX(MD5(data + 密钥 + time_stamp)))（§6）"}), true
		}
		plain := strings.TrimPrefix(plainName(name), "x")
		if plain != plainName(param) && (param == "data" || !slices.Contains(otherNames[param], plain) || plain == "t" || plain == "token") {
			continue
		}
		return words.Note("parameter-in-header", words.Phrase{En: param + " came as a header, and headers are not read", Zh: param + " 放在了请求头里，而请求头不会被读取"},
			words.Phrase{En: "there is a header " + words.Visible(words.Cut(name, 40)), Zh: "有请求头 " + words.Visible(words.Cut(name, 40))}, words.Phrase{En: "Put " + param + " into the form, beside the other parameters (§5)", Zh: "请把 " + param + " 放进表单，与其他参数一起（§5）"}), true
	}
	return Finding{}, false
}

// insideData knows data that holds the other parameters, too.
func insideData(param string, _ Arrived, pairs []wire.Pair) (Finding, bool) {
	for _, p := range pairs {
		if p.Name != "data" || param == "data" {
			continue
		}
		var object map[string]json.RawMessage
		if json.Unmarshal([]byte(wire.Unescape(p.Raw, true)), &object) != nil {
			continue
		}
		for _, name := range slices.Sorted(maps.Keys(object)) {
			if name == param || plainName(name) == plainName(param) {
				return words.Note("parameter-in-data", words.Phrase{En: param + " stands inside of data; it is a parameter of its own", Zh: param + " 放在了 data 里面；它应是单独的参数"},
					words.Phrase{En: "data has a member " + words.Visible(words.Cut(name, 40)), Zh: "data 里有成员 " + words.Visible(words.Cut(name, 40))}, words.Phrase{En: "Send merchant_no, time_stamp, data and sign side by side; data holds the fields of §9 only (§3)", Zh: "merchant_no、time_stamp、data、sign 并列发送；data 里只放 §9 的字段（§3）"}), true
			}
		}
	}
	return Finding{}, false
}

// endsInData knows a form or query that ends in the middle of data, so that what stands behind it is missing.
func endsInData(param string, a Arrived, pairs []wire.Pair) (Finding, bool) {
	if param == "data" || len(pairs) == 0 {
		return Finding{}, false
	}
	last := pairs[len(pairs)-1]
	text := wire.Unescape(last.Raw, true)
	closing := wire.Closers(text)
	if last.Name != "data" || closing == "" {
		return Finding{}, false
	}
	what := words.Phrase{En: "everything behind the middle of data is missing, and " + param + " with it", Zh: "data 中间以后的内容都缺失了，" + param + " 也在其中"}
	end := words.AtByte(text, len(text)).Plus(", `"+closing+"` is missing", "，缺少 `"+closing+"`")
	fix := words.Phrase{En: "URL-encode data, and let Content-Length count bytes, not characters", Zh: "请对 data 做 URL 编码，Content-Length 用字节数而不是字符数"}
	if a.RawQuery != "" {
		fix = words.Phrase{En: "URL-encode data: a bare # ends a URL, and what stands behind it is never sent; # is %23, & is %26", Zh: "请对 data 做 URL 编码：裸 # 会结束 URL，其后的内容不会发送；# 写成 %23，& 写成 %26"}
	}
	return words.Note("data-cut", what, end, fix), true
}

// nothing knows a request that has no parameter at all.
func nothing(param string, pairs []wire.Pair, body string) (Finding, bool) {
	if body != "" && !strings.Contains(body, "=") {
		return words.Note("body-no-form", words.Phrase{En: "the body is no form: it has no name=value", Zh: "请求体不是表单：其中没有 name=value"}, words.Phrase{En: "it begins with `" + words.Visible(words.Cut(body, 40)) + "`", Zh: "它以 `" + words.Visible(words.Cut(body, 40)) + "` 开头"}, useForm), true
	}
	if body != "" || len(pairs) > 1 || len(pairs) == 1 && pairs[0].Text != "" {
		return Finding{}, false
	}
	return words.Note("parameters-missing", words.Phrase{En: "the request has no parameter at all, " + param + " is only the first that is looked for", Zh: "请求中没有任何参数，" + param + " 只是第一个被检查的"},
		words.Phrase{En: "its query and its body are empty", Zh: "查询串和请求体都是空的"}, useForm.Plus("; a body needs Content-Length or chunked encoding, which HTTP libraries set by themselves", "；请求体需要 Content-Length 或分块编码，HTTP 库会自动设置")), true
}
