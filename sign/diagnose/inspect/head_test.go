package inspect_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/sign/diagnose/inspect"
)

// A head that an HTTP server refuses says what is wrong with it: the request line, or the first header that is.
func TestHead(t *testing.T) {
	t.Parallel()
	const line = "POST /merchant/open/1.0.0/openapi/carnum HTTP/1.1\r\n"
	for _, row := range []struct {
		saying
		status int
	}{
		{saying{"too large", line, "head-too-large", "1 MiB", "1 MiB", "POST"}, http.StatusRequestHeaderFieldsTooLarge},
		{saying{"compressed on its way", line + "Host: x\r\nTransfer-Encoding: gzip\r\n\r\n", "transfer-encoding", "another than chunked", "不是 chunked", "Content-Length"}, http.StatusNotImplemented},
		{saying{"a line end in the URL", "GET /carnum?data={\n\"token\":1} HTTP/1.1\r\nHost: x\r\n\r\n", "request-line-malformed", "`GET /carnum?data={`", "URL 中有换行", "%0A"}, http.StatusBadRequest},
		{saying{"another version", "GET / HTTP/9.9\r\n\r\n", "request-line-malformed", "HTTP/9.9", "版本不对", "URL-encode"}, http.StatusBadRequest},
		{saying{"no colon", line + "Host: x\r\nContent-Length 12\r\n\r\n", "header-malformed", "header 2 is `Content-Length 12`", "第 2 个请求头", "Name: value"}, http.StatusBadRequest},
		{saying{"a space before the colon", line + "Host : x\r\n\r\n", "header-malformed", "header 1 is `Host : x`", "冒号前的空格", "without a space"}, http.StatusBadRequest},
		{saying{"no name", line + ": x\r\n\r\n", "header-malformed", "header 1", "第 1 个", "Name: value"}, http.StatusBadRequest},
		{saying{"a name in Chinese", line + "商户: x\r\n\r\n", "header-malformed", "a character that none may have", "不允许的字符", "Name: value"}, http.StatusBadRequest},
		{saying{"two hosts", line + "Host: a\r\nhost: b\r\n\r\n", "host-malformed", "header 2 is `host: b`", "两次", "once"}, http.StatusBadRequest},
		{saying{"a host with a path", line + "Host: a/b\r\n\r\n", "host-malformed", "`Host: a/b`", "格式有误", "host:port"}, http.StatusBadRequest},
		{saying{"no length", line + "Host: a\r\nContent-Length:\r\n\r\n", "content-length-malformed", "empty", "为空", "once"}, http.StatusBadRequest},
		{saying{"a length in words", line + "Host: a\r\nContent-Length: twelve\r\n\r\n", "content-length-malformed", "`Content-Length: twelve`", "不是数字", "bytes of the body"}, http.StatusBadRequest},
		{saying{"two lengths", line + "Host: a\r\nContent-Length: 12\r\nContent-Length: 13\r\n\r\n", "content-length-malformed", "header 3", "第 3 个", "once"}, http.StatusBadRequest},
		{saying{"a % in the path", "GET /carnum%2 HTTP/1.1\r\nHost: a\r\n\r\n", "path-escape", "begins no escape", "不是合法的转义", "values of parameters"}, http.StatusBadRequest},
		{saying{"a % at the end of the path", "GET /carnum%?a=b HTTP/1.1\r\nHost: a\r\n\r\n", "path-escape", "begins no escape", "不是合法的转义", "values of parameters"}, http.StatusBadRequest},
		{saying{"no host", line + "Accept: */*\r\n\r\n", "host-missing", "no header Host", "没有 Host", "host:port"}, http.StatusBadRequest},
		{saying{"something else", line + "Host: a\r\nContent-Length: 12\r\nContent-Length: 12\r\n\r\n", "head-malformed", "no HTTP/1.1", "不是合法的 HTTP/1.1", "library"}, http.StatusBadRequest},
		{saying{"a % in the query, which is not looked at", "GET /carnum?data=100% HTTP/1.1\r\nHost: a\r\n\r\n", "head-malformed", "no HTTP/1.1", "不是合法的 HTTP/1.1", "library"}, http.StatusBadRequest},
		{saying{"headers end at an empty line", line + "Host: a\r\n\r\nno header", "head-malformed", "no HTTP/1.1", "不是合法的 HTTP/1.1", "library"}, http.StatusBadRequest},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			row.check(t, inspect.Head(row.status, []byte(row.given)))
		})
	}
}

// Whatever a head is, there is a finding, its texts are of one line, and no more of the head is in them than a line of it.
func FuzzHead(f *testing.F) {
	for _, seed := range []string{"", "\r\n\r\n", "GET / HTTP/1.1\r\n", "x\x00y: \xff\r\n", "POST / HTTP/1.1\nHost: a\nHost: b", strings.Repeat("a: b\r\n", 99)} {
		f.Add(400, []byte(seed))
	}
	f.Fuzz(func(t *testing.T, status int, head []byte) {
		found := inspect.Head(status, head)
		require.NotEmpty(t, found.Kind)
		for _, text := range []string{found.Detail, found.DetailZh, found.Evidence, found.EvidenceZh} {
			require.NotContains(t, text, "\n")
			require.Less(t, len(text), 1000)
		}
	})
}
