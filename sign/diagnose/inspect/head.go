package inspect

import (
	"fmt"
	"strings"

	"github.com/etcp-mock/etcp-mock/sign/diagnose/internal/wire"
	"github.com/etcp-mock/etcp-mock/sign/diagnose/internal/words"
)

// Head says what is wrong with the head of a request that an HTTP server refuses, and with which status: its first line and headers as they came, as far as they
// were read.
func Head(status int, head []byte) Finding {
	text := words.First(string(head), wire.Huge)
	if end := strings.Index(text, "\r\n\r\n"); end >= 0 {
		text = text[:end]
	}
	const tooLarge, notImplemented = 431, 501
	lines := strings.Split(strings.ReplaceAll(text, "\r\n", "\n"), "\n")
	library := words.Phrase{En: "Let an HTTP library write the request, and do not set Content-Length and Host by hand", Zh: "请让 HTTP 库生成请求，不要手工设置 Content-Length 和 Host"}
	first := words.Phrase{En: "the request line is `" + words.Visible(words.Cut(lines[0], 80)) + "`", Zh: "请求行是 `" + words.Visible(words.Cut(lines[0], 80)) + "`"}
	switch {
	case status == tooLarge:
		return words.Note("head-too-large", words.Phrase{En: "the request line and the headers have more than 1 MiB", Zh: "请求行和请求头超过 1 MiB"}, first, words.Phrase{En: "Send large data by POST in the body, and drop large headers (cookies)", Zh: "较大的 data 请用 POST 放在请求体里，并去掉过大的请求头（如 Cookie）"})
	case status == notImplemented:
		return words.Note("transfer-encoding", words.Phrase{En: "the Transfer-Encoding is another than chunked, which is not read", Zh: "Transfer-Encoding 不是 chunked，不会读取"}, first, words.Phrase{En: "Send the form with Content-Length, without compression on its way", Zh: "请带 Content-Length 发送表单，传输时不要压缩"})
	case !strings.Contains(lines[0], " HTTP/1."):
		return words.Note("request-line-malformed", words.Phrase{En: "the request line does not end with HTTP/1.1: a line end stands in the URL, or the version is another", Zh: "请求行不以 HTTP/1.1 结尾：URL 中有换行，或版本不对"}, first, words.Phrase{En: "URL-encode data (a line end is %0A), and send compact JSON", Zh: "请对 data 做 URL 编码（换行写成 %0A），并发送紧凑 JSON"})
	}
	hosts := 0
	length := ""
	for i, line := range lines[1:] {
		if line == "" {
			break
		}
		at := words.Phrase{En: fmt.Sprintf("header %d is `%s`", i+1, words.Visible(words.Cut(line, 60))), Zh: fmt.Sprintf("第 %d 个请求头是 `%s`", i+1, words.Visible(words.Cut(line, 60)))}
		name, value, found := strings.Cut(line, ":")
		value = strings.TrimSpace(value)
		switch {
		case !found:
			return words.Note("header-malformed", words.Phrase{En: "a header has no colon", Zh: "有一个请求头没有冒号"}, at, words.Phrase{En: "Write each header as Name: value, on one line", Zh: "每个请求头写成一行 Name: value"})
		case name == "" || strings.ContainsAny(name, " \t()<>@,;\\\"/[]?={}") || !wire.IsASCII(name):
			return words.Note("header-malformed", words.Phrase{En: "the name of a header has a character that none may have, such as a space before the colon", Zh: "请求头的名称中有不允许的字符，如冒号前的空格"}, at, words.Phrase{En: "Write each header as Name: value, without a space before the colon", Zh: "每个请求头写成 Name: value，冒号前不要有空格"})
		case strings.EqualFold(name, "Host"):
			if hosts++; hosts > 1 || strings.ContainsAny(value, " \t/") {
				return words.Note("host-malformed", words.Phrase{En: "Host is malformed, or there twice", Zh: "Host 格式有误，或出现了两次"}, at, words.Phrase{En: "Send Host once: host:port", Zh: "Host 只发送一次：host:port"})
			}
		case strings.EqualFold(name, "Content-Length"):
			if value == "" || strings.Trim(value, "0123456789") != "" || length != "" && length != value {
				return words.Note("content-length-malformed", words.Phrase{En: "Content-Length is empty, no number, or there twice with other numbers", Zh: "Content-Length 为空、不是数字，或出现了两次且数值不同"}, at,
					words.Phrase{En: "Send Content-Length once: the number of bytes of the body; an HTTP library counts them by itself", Zh: "Content-Length 只发送一次：请求体的字节数；HTTP 库会自动计算"})
			}
			length = value
		}
	}
	path, _, _ := strings.Cut(lines[0], "?")
	switch {
	case badEscape(path):
		return words.Note("path-escape", words.Phrase{En: "a % in the path begins no escape", Zh: "路径中的 % 不是合法的转义"}, first, words.Phrase{En: "Write the path as it is in §9, and URL-encode the values of parameters only", Zh: "路径按 §9 原样书写，只对参数值做 URL 编码"})
	case hosts == 0 && strings.Contains(lines[0], " HTTP/1.1"):
		return words.Note("host-missing", words.Phrase{En: "there is no header Host, which HTTP/1.1 wants", Zh: "没有 Host 请求头，而 HTTP/1.1 要求有"}, first, words.Phrase{En: "Send Host: host:port, or let an HTTP library do it", Zh: "请发送 Host: host:port，或交给 HTTP 库处理"})
	}
	return words.Note("head-malformed", words.Phrase{En: "the head of the request is no HTTP/1.1", Zh: "请求头部不是合法的 HTTP/1.1"}, first, library)
}

// badEscape reports whether a % in a text begins no escape.
func badEscape(text string) bool {
	for i := range len(text) {
		if text[i] == '%' && (i+2 >= len(text) || !wire.IsHex(text[i+1]) || !wire.IsHex(text[i+2])) {
			return true
		}
	}
	return false
}
