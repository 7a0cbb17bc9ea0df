package inspect

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/etcp-mock/etcp-mock/sign/diagnose/internal/wire"
	"github.com/etcp-mock/etcp-mock/sign/diagnose/internal/words"
)

// answerFix is the one answer that ends a push (§10).
var answerFix = words.Phrase{En: `Answer {"code":0,"message":"ok"} as application/json;charset=UTF-8, code a number`, Zh: `请以 application/json;charset=UTF-8 应答 {"code":0,"message":"ok"}，code 是数字`}

// Answer says why a merchant's answer to a push with HTTP 2xx does not count as delivered: it is not a JSON object with the number code 0 (§10). False where it does.
func Answer(body []byte) (Finding, bool) {
	text := string(body[:min(len(body), wire.Huge)])
	trimmed := strings.TrimSpace(text)
	begins := words.Phrase{En: "it begins with `" + words.Visible(words.Cut(text, 40)) + "`", Zh: "它以 `" + words.Visible(words.Cut(text, 40)) + "` 开头"}
	lower := strings.ToLower(trimmed)
	switch {
	case trimmed == "":
		return words.Note("answer-empty", words.Phrase{En: "the answer is empty", Zh: "应答为空"}, words.Phrase{En: fmt.Sprintf("it has %d bytes", len(body)), Zh: fmt.Sprintf("共 %d 字节", len(body))}, answerFix), true
	case strings.HasPrefix(text, "\uFEFF"):
		return words.Note("answer-bom", words.Phrase{En: "a byte order mark (U+FEFF) stands before the JSON", Zh: "JSON 前面有 BOM（U+FEFF）"}, words.Phrase{En: "the first bytes are EF BB BF", Zh: "开头的字节是 EF BB BF"},
			words.Phrase{En: "Save the source file in UTF-8 without a byte order mark (PHP files with one send it)", Zh: "请把源文件保存为无 BOM 的 UTF-8（带 BOM 的 PHP 文件会输出它）"}), true
	case strings.HasPrefix(text, "\x1f"): // of the second byte 8B a text keeps nothing
		return words.Note("answer-compressed", words.Phrase{En: "it is compressed (gzip), without a Content-Encoding that says so", Zh: "它是压缩的（gzip），且没有 Content-Encoding 说明"}, begins, answerFix), true
	case answerFramed(trimmed) != "":
		return words.Note("answer-framed", words.Phrase{En: "something stands before the JSON object", Zh: "JSON 对象前面还有内容"}, begins,
			words.Phrase{En: "Answer the JSON alone: turn warnings and debug output off (PHP: display_errors=0), and use no JSONP", Zh: "只应答 JSON：关闭警告和调试输出（PHP 用 display_errors=0），不要用 JSONP"}), true
	case strings.HasPrefix(lower, "<!doctype html") || strings.HasPrefix(lower, "<html") || strings.HasPrefix(lower, "<head") || strings.HasPrefix(lower, "<body"):
		return words.Note("answer-html", words.Phrase{En: "it is an HTML page, such as a login page, an error page or a proxy's", Zh: "它是 HTML 页面，如登录页、错误页或代理的页面"}, begins,
			words.Phrase{En: "Let the URL of the push answer JSON by itself: no login, no redirect, no error page before it", Zh: "推送地址要直接应答 JSON：前面不要有登录、跳转或错误页"}), true
	case strings.HasPrefix(trimmed, "<"):
		return words.Note("answer-xml", words.Phrase{En: "it is XML", Zh: "它是 XML"}, begins, answerFix), true
	case lower == "success" || lower == "ok" || lower == `"success"` || lower == `"ok"` || lower == "true" || lower == "fail":
		return words.Note("answer-word", words.Phrase{En: "it is the word " + words.Visible(trimmed) + ", as WeChat Pay and Alipay want it, not JSON", Zh: "它是单词 " + words.Visible(trimmed) + "，那是微信支付、支付宝要的应答，而不是 JSON"}, begins, answerFix), true
	case !utf8.ValidString(trimmed) && len(body) <= wire.Huge:
		evidence, _ := notUTF8(trimmed)
		return words.Note("answer-charset", words.Phrase{En: "it is not UTF-8", Zh: "它不是 UTF-8"}, evidence, answerFix), true
	}
	var object map[string]json.RawMessage
	dec := json.NewDecoder(bytes.NewReader(body))
	if err := dec.Decode(&object); err != nil || object == nil {
		if strings.HasPrefix(trimmed, `"{`) {
			return words.Note("answer-quoted", words.Phrase{En: "it is a JSON string that holds the object: it was marshalled twice", Zh: "它是装着对象的 JSON 字符串：序列化了两次"}, begins, words.Phrase{En: "Marshal once", Zh: "只序列化一次"}), true
		}
		broken := Data(trimmed)
		return words.Note("answer-not-json", words.Phrase{En: "it is not a JSON object", Zh: "它不是 JSON 对象"}, words.Phrase{En: broken.Detail + ", " + broken.Evidence, Zh: broken.DetailZh + "，" + broken.EvidenceZh}, answerFix), true
	}
	if rest := strings.TrimSpace(text[min(len(text), int(dec.InputOffset())):]); rest != "" {
		return words.Note("answer-trailing", words.Phrase{En: "something follows the JSON object", Zh: "JSON 对象之后还有内容"}, words.Phrase{En: "behind it stands `" + words.Visible(words.Cut(rest, 40)) + "`", Zh: "其后是 `" + words.Visible(words.Cut(rest, 40)) + "`"},
			words.Phrase{En: "Answer once, and end there: a second answer, a debug page or an echo was written behind it", Zh: "只应答一次并到此结束：后面又写了一次应答、调试页面或其他输出"}), true
	}
	return answerCode(object)
}

// answerFramed is what stands before a whole object, "" where nothing does.
func answerFramed(text string) string {
	before, _, ok := framed(text)
	if !ok {
		return ""
	}
	return before
}

// names are the names of an object's fields, as many as a line has room for.
func names(object map[string]json.RawMessage) string {
	if len(object) == 0 {
		return "{}"
	}
	return words.Visible(words.Cut(strings.Join(slices.Sorted(maps.Keys(object)), ", "), 60))
}

func answerCode(object map[string]json.RawMessage) (Finding, bool) {
	code, has := object["code"]
	if !has {
		for _, name := range slices.Sorted(maps.Keys(object)) {
			var inner map[string]json.RawMessage
			if shown := words.Visible(words.Cut(name, 40)); json.Unmarshal(object[name], &inner) == nil && inner["code"] != nil {
				value := words.Visible(words.Cut(string(object[name]), 40))
				return words.Note("answer-code-missing", words.Phrase{En: "code stands inside of " + shown, Zh: "code 放在了 " + shown + " 里面"}, words.Phrase{En: shown + " is " + value, Zh: shown + " 的值是 " + value}, answerFix), true
			}
			if strings.EqualFold(name, "code") || name == "status" || name == "errcode" || name == "errCode" || name == "return_code" || name == "resultCode" || name == "success" {
				return words.Note("answer-code-missing", words.Phrase{En: "it has no code, but " + name, Zh: "没有 code，却有 " + name}, words.Phrase{En: name + " is " + words.Visible(words.Cut(string(object[name]), 40)), Zh: name + " 的值是 " + words.Visible(words.Cut(string(object[name]), 40))}, answerFix), true
			}
		}
		return words.Note("answer-code-missing", words.Phrase{En: "it has no code", Zh: "没有 code"}, words.Phrase{En: "its fields are " + names(object), Zh: "它的字段是 " + names(object)}, answerFix), true
	}
	text := words.Visible(words.Cut(string(code), 40))
	evidence := words.Phrase{En: "code is " + text, Zh: "code 的值是 " + text}
	var number json.Number
	switch {
	case len(code) > 0 && code[0] == '"':
		return words.Note("answer-code-text", words.Phrase{En: "code is text; it has to be a number, without quotes", Zh: "code 是文本；应为数字，不带引号"}, evidence, words.Phrase{En: `Write "code":0, not "code":"0"`, Zh: `请写 "code":0，不要写 "code":"0"`}), true
	case json.Unmarshal(code, &number) != nil || number == "":
		return words.Note("answer-code-not-a-number", words.Phrase{En: "code is no number", Zh: "code 不是数字"}, evidence, answerFix), true
	}
	if f, err := number.Float64(); err != nil || f != 0 {
		what := words.Phrase{En: "code is " + number.String() + "; only 0 counts as delivered", Zh: "code 是 " + number.String() + "，只有 0 才算送达"}
		fix := words.Phrase{En: "Answer code 0 where the push was accepted", Zh: "接收成功时请应答 code 0"}
		if number == "200" {
			fix = words.Phrase{En: "Answer code 0, not 200: HTTP's status is not the envelope's code", Zh: "请应答 code 0 而不是 200：HTTP 状态码不是这里的 code"}
		}
		if number == "4" {
			fix = words.Phrase{
				En: "Code 4 is 签名校验非法: the endpoint hashed another text than the one signed, or used another key (where no fault corrupted the signature). Compare what it hashes with what is signed of this push; etcp-mock sign explain --push and contract webhook name the mistake",
				Zh: "code 4 是“签名校验非法”：接收端计算签名的文本与被签名的文本不同，或者密钥不同（没有用故障破坏签名时）。请与该推送的签名文本（signed）比较；etcp-mock sign explain --push 和 contract webhook 会指出错误",
			}
		}
		return words.Note("answer-code-not-0", what, evidence, fix), true
	}
	return Finding{}, false
}
