package diagnosetest

import (
	"net/url"
	"strconv"
	"strings"
)

// heads are requests that an HTTP library would not have written: their heads are refused before anything is read from them.
func (c client) heads() []Envelope {
	form := c.form(bound)
	target := openAPI + "carnum?" + c.form(`{"token":"t"}`)
	withLength := func(header string) string {
		return "POST " + openAPI + "bindcar HTTP/1.1\r\nHost: mock\r\nConnection: close\r\nContent-Type: " + formContent + "\r\n" + header + "\r\n\r\n" + form
	}
	lines := func(all ...string) string { return strings.Join(all, "\r\n") + "\r\n\r\n" }
	bad := func(name, kind, wire string) Envelope {
		return Envelope{Name: name, Wire: wire, Reason: "body-malformed", Kind: kind}
	}
	length := strconv.Itoa(len(form))
	return []Envelope{
		bad("an empty Content-Length", "content-length-malformed", withLength("Content-Length: ")).says("Content-Length is empty|header 4 is `Content-Length: `", "Content-Length 为空|第 4 个请求头", "an HTTP library counts", "HTTP 库会自动计算"),
		bad("a Content-Length that is no number", "content-length-malformed", withLength("Content-Length: undefined")).says("Content-Length: undefined", "Content-Length: undefined", "number of bytes", "字节数"),
		bad("two Content-Lengths", "content-length-malformed", withLength("Content-Length: "+length+"\r\nContent-Length: 7")).says("there twice", "出现了两次", "once", "一次"),
		bad("no Host", "host-missing", lines("GET "+target+" HTTP/1.1", "Connection: close")).says("no header Host", "没有 Host", "Host: host:port", "Host: host:port"),
		bad("two Hosts", "host-malformed", lines("GET "+target+" HTTP/1.1", "Host: mock", "Host: other", "Connection: close")).says("there twice", "出现了两次", "once", "一次"),
		bad("a header without a colon", "header-malformed", lines("GET "+target+" HTTP/1.1", "Host: mock", "Connection close")).says("no colon|Connection close", "没有冒号|Connection close", "Name: value", "Name: value"),
		bad("a space before a colon", "header-malformed", lines("GET "+target+" HTTP/1.1", "Host: mock", "X-User : a")).says("header 2 is `X-User : a`", "第 2 个请求头", "without a space", "不要有空格"),
		bad("a line end in a URL", "request-line-malformed", lines("GET "+openAPI+"carnum?merchant_no="+c.no+"&data={", "\"token\":\"t\"} HTTP/1.1", "Host: mock")).says("a line end stands in the URL", "URL 中有换行", "%0A", "%0A"),
		bad("a bare % in the path", "path-escape", lines("GET "+openAPI+"car%num?"+c.form("{}")+" HTTP/1.1", "Host: mock")).says("begins no escape|car%num", "不是合法的转义|car%num", "as it is in §9", "按 §9"),
		bad("a compressed transfer", "transfer-encoding", lines("POST "+openAPI+"bindcar HTTP/1.1", "Host: mock", "Transfer-Encoding: gzip, chunked")).says("Transfer-Encoding", "Transfer-Encoding", "Content-Length", "Content-Length"),
		bad("headers over 1 MiB", "head-too-large", lines("GET "+target+" HTTP/1.1", "Host: mock", "Cookie: "+strings.Repeat("x", 5<<18))).says("more than 1 MiB", "超过 1 MiB", "by POST", "POST"),
		missing("UTF-32", "body-charset", formContent, wide32("merchant_no="+c.no+"&time_stamp="+c.stamp+"&data="+url.QueryEscape(bound)+"&sign="+c.of(bound))).says("UTF-32", "UTF-32", "Encoding.UTF8", "Encoding.UTF8"),
		missing("UTF-16", "body-charset", formContent, utf16Of("merchant_no="+c.no+"&time_stamp="+c.stamp+"&data="+url.QueryEscape(bound)+"&sign="+c.of(bound))).says("UTF-16", "UTF-16", "Encoding.UTF8", "Encoding.UTF8"),
		{Name: "a raw space in an absolute URL", Wire: get("http://mock" + openAPI + "carnum?" + c.rawQuery(`{"token": "t"}`)), Reason: "token-unknown", Lint: "data-not-url-encoded"},
		{Name: "a raw tab in a URL", Wire: get(openAPI + "carnum?" + c.rawQuery("{\"token\":\t\"t\"}")), Reason: "token-unknown", Lint: "data-not-url-encoded"},
		{Name: "an empty line before a request, and raw JSON", Wire: "\r\n" + get(openAPI+"carnum?"+c.rawQuery(`{"token":"t"}`)), Reason: "token-unknown", Lint: "data-not-url-encoded"},
	}
}

// rawQuery are the four parameters as they are written without URL encoding.
func (c client) rawQuery(data string) string {
	return "merchant_no=" + c.no + "&time_stamp=" + c.stamp + "&data=" + data + "&sign=" + c.of(data)
}

func utf16Of(text string) string {
	var b strings.Builder
	b.WriteString("\xff\xfe")
	for i := range len(text) { // which is ASCII
		b.WriteString(text[i:i+1] + "\x00")
	}
	return b.String()
}
