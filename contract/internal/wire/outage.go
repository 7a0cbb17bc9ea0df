package wire

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"syscall"
	"unicode/utf8"

	"github.com/etcp-mock/etcp-mock/client/control"
	"github.com/etcp-mock/etcp-mock/contract/report"
	"github.com/etcp-mock/etcp-mock/internal/chinese"
	"github.com/etcp-mock/etcp-mock/internal/excerpt"
	"github.com/etcp-mock/etcp-mock/internal/lang"
)

// HeadSize is how much of an answer is shown that was no answer.
const HeadSize = 200

// Head is the first bytes of an answer, cut between characters.
func Head(body []byte) string {
	if len(body) > HeadSize {
		body = body[:HeadSize]
		for n := 1; n < utf8.UTFMax && n <= len(body); n++ { // a character that begins at the end, and is not whole
			if end := body[len(body)-n:]; utf8.RuneStart(end[0]) {
				if !utf8.FullRune(end) {
					body = body[:len(body)-n]
				}
				break
			}
		}
	}
	return strings.ToValidUTF8(string(body), "�")
}

// Reply is what came back on one request.
type Reply struct {
	Status int
	Header http.Header
	Body   []byte
	Err    error // no answer, or one that was cut short
}

// NeverCame says that the request met nobody: no connection, or no TLS.
func (r *Reply) NeverCame() bool {
	kind := Kind(r.Err)
	return kind == "unreachable" || kind == "tls"
}

// TimedOut tells whether no answer came in time.
func (r *Reply) TimedOut() bool { return Kind(r.Err) == "timeout" }

// Kind sorts an error of a transport; "" is none.
func Kind(err error) string {
	if err == nil {
		return "" // before what errors.As sets is allocated, for every answer
	}
	var (
		op      *net.OpError
		dns     *net.DNSError
		record  tls.RecordHeaderError
		alert   tls.AlertError
		cert    *tls.CertificateVerificationError
		unknown x509.UnknownAuthorityError
		wrong   x509.HostnameError
		netErr  net.Error
		syntax  *json.SyntaxError
	)
	switch {
	case errors.As(err, &record), errors.As(err, &alert), errors.As(err, &cert), errors.As(err, &unknown), errors.As(err, &wrong),
		strings.Contains(err.Error(), "server gave HTTP response to HTTPS client"), strings.Contains(err.Error(), "tls: "):
		return "tls"
	case errors.As(err, &dns), errors.Is(err, syscall.ECONNREFUSED), errors.As(err, &op) && op.Op == "dial":
		return "unreachable"
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &netErr) && netErr.Timeout(),
		strings.Contains(err.Error(), "net/http: request canceled"): // by a client's timeout, as a transport says it
		return "timeout"
	case errors.Is(err, errRedirect):
		return "redirect"
	case errors.As(err, &syntax):
		switch {
		case strings.Contains(syntax.Error(), "'<'"):
			return "html"
		case syntax.Error() == "unexpected end of JSON input":
			return "truncated"
		}
		return "not-json"
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.EPIPE),
		strings.Contains(err.Error(), "connection reset"): // by a handler without a socket, too
		return "truncated"
	}
	return "unreachable"
}

// Outage says in which way an answer is none of an HTTP API's. Nil is an answer to judge.
func (r *Reply) Outage(address string) *report.Outage {
	if kind := Kind(r.Err); kind != "" {
		err := r.Err
		if u, ok := errors.AsType[*url.Error](err); ok {
			err = u.Err // the URL of a GET holds a token
		}
		return report.NewOutage(kind, says(address, err), Head(r.Body), fixOf(r.Err, fixes[kind]))
	}
	switch {
	case r.Status >= 300 && r.Status < 400:
		return report.NewOutage("redirect", lang.T("%s: HTTP %d to %q, which nobody follows with a POST", "%s：HTTP %d 重定向到 %q，POST 请求不会跟随重定向").
			With(address, r.Status, r.Header.Get("Location")), Head(r.Body), fixes["redirect"])
	case r.Status == http.StatusBadRequest && bytes.Contains(r.Body, []byte(httpToHTTPS)):
		return report.NewOutage("tls", lang.Same(address+": "+Head(bytes.TrimSpace(r.Body))), Head(r.Body), wantsHTTPS)
	case isHTML(r.Header, r.Body):
		return report.NewOutage("html", lang.T("%s: HTTP %d with a page of HTML where JSON belongs", "%s：HTTP %d，返回的是 HTML 页面而不是 JSON").With(address, r.Status), Head(r.Body), fixes["html"])
	}
	return nil
}

// says is what an error of the network or of a mock says of an address, in both languages.
func says(address string, err error) lang.Text {
	return lang.Text{EN: address + ": " + err.Error(), ZH: address + "：" + chinese.Of(err.Error())}
}

// fixes are what can be done about a kind of outage.
var fixes = map[string]lang.Text{
	"unreachable": lang.T("check the address: nothing answers there, so start the server or give another address", "请检查地址：该处没有应答，请启动服务或换一个地址"),
	"tls": lang.T("use https only at a port that speaks it, with a certificate that names this host and that this machine trusts (--cacert FILE trusts another authority)",
		"只对提供 https 的端口使用 https，其证书须与主机名相符并受本机信任（--cacert FILE 追加信任）"),
	"redirect":  lang.T("give the address it redirects to: mostly https in place of http, a slash at the end, or a path that wants no login", "请直接使用重定向后的地址：多为 https 代替 http、末尾加斜杠，或不需要登录的路径"),
	"timeout":   lang.T("it took the connection and did not answer: look at its load and its log, and at firewalls in between", "连接已建立但没有应答：请查看服务的负载和日志，以及中间的防火墙"),
	"truncated": lang.T("the connection was closed before the answer was whole: look into the server's log for a handler that crashed", "应答未完整返回连接就关闭了：请查看服务端日志，处理程序可能崩溃了"),
	"html":      lang.T("give the endpoint's own address: a proxy, a login page or a framework's error page answered", "请给出接口本身的地址：应答的是代理、登录页或框架的错误页"),
	"not-json":  lang.T("give the endpoint's own address: a proxy or a framework's error page may have answered", "请给出接口本身的地址：应答的可能是代理或框架的错误页"),
	"refused":   lang.T("a proxy or a gateway answered: log in to it or go around it, and look whether the platform behind it runs", "应答的是代理或网关：请登录或绕过它，并查看后面的平台是否在运行"),
}

// byError are fixes for what an error says itself, whoever was asked.
var byError = []struct {
	says string
	fix  lang.Text
}{
	{"proxyconnect ", lang.T("the proxy (--proxy, HTTP_PROXY, HTTPS_PROXY) did not answer: correct its address, or reach the target without it (NO_PROXY)",
		"代理（--proxy、HTTP_PROXY、HTTPS_PROXY）没有应答：请更正代理地址，或改为不经代理访问目标（NO_PROXY）")},
	{"certificate signed by unknown authority", lang.T("this machine does not trust who signed its certificate: --cacert FILE trusts that authority too (etcp-mock ca prints that of serve --tls), --insecure trusts any",
		"本机不信任该证书的签发者：用 --cacert FILE 追加信任（etcp-mock ca 输出 serve --tls 的根证书），或用 --insecure 信任任何证书")},
	{"server gave HTTP response to HTTPS client", lang.T("this port speaks http: write http:// in place of https://", "该端口提供的是 http：请把 https:// 改为 http://")},
}

// httpToHTTPS is how a server in Go answers plain HTTP at a port that speaks HTTPS.
const httpToHTTPS = "Client sent an HTTP request to an HTTPS server"

var wantsHTTPS = lang.T("this port speaks https: write https:// in place of http://", "该端口提供的是 https：请把 http:// 改为 https://")

// fixOf is what an error says itself to do, or else what its kind does.
func fixOf(err error, otherwise lang.Text) lang.Text {
	for _, known := range byError {
		if strings.Contains(err.Error(), known.says) {
			return known.fix
		}
	}
	return otherwise
}

// Refused says that a gateway lets nobody through to the platform.
func Refused(address string, status int, body []byte) *report.Outage {
	return report.NewOutage("refused", lang.T("%s: HTTP %d without the platform's envelope", "%s：HTTP %d，没有平台的应答信封").With(address, status), Head(body), fixes["refused"])
}

// ControlOutage says in which way a call of the control API got no answer, or one that is none of its. Nil is no error.
func ControlOutage(err error) *report.Outage {
	if err == nil {
		return nil
	}
	kind := Kind(err)
	fix, known := fixes[kind]
	if kind != "unreachable" && kind != "timeout" || !known {
		fix = lang.T("give the address of a mock's control API (--admin URL)", "请给出模拟平台的控制接口的地址（--admin URL）")
	}
	if problem, refused := errors.AsType[*control.ProblemError](err); refused {
		switch {
		case problem.Status < http.StatusBadRequest:
			kind, fix = "redirect", lang.T("give the control API's own address (--admin URL): what answers there sends its callers elsewhere, to a login page or to https",
				"请使用控制接口本身的地址（--admin URL）：该地址把请求转到了别处（登录页或 https）")
		case problem.Status == http.StatusUnauthorized, problem.Status == http.StatusForbidden:
			kind, fix = "unauthorized", lang.T("the control API wants the token that the mock was given, or printed, when it started: --admin-token or ETCP_MOCK_ADMIN_TOKEN", "控制接口需要模拟平台启动时指定或打印的令牌：--admin-token 或 ETCP_MOCK_ADMIN_TOKEN")
		case strings.Contains(err.Error(), httpToHTTPS):
			kind, fix = "tls", wantsHTTPS
		case problem.Status == http.StatusNotFound:
			kind, fix = "not-json", lang.T("nothing of the control API is at this address: give that of a mock which serves it (--admin URL where it has an address of its own). One without it (--no-admin) is asked as a platform: leave --admin out, and give --merchant-no and the key",
				"该地址没有控制接口：请给出提供控制接口的模拟平台的地址（另有地址时用 --admin URL）；没有控制接口的（--no-admin）按平台对待：去掉 --admin，给出 --merchant-no 和密钥")
		default:
			kind = "not-json"
		}
	}
	fix = fixOf(err, fix)
	said := lang.T("the control API: %s", "控制接口：%s")
	detail := lang.Text{EN: fmt.Sprintf(said.EN, strings.TrimPrefix(err.Error(), "control: ")), ZH: fmt.Sprintf(said.ZH, chinese.Of(strings.TrimPrefix(err.Error(), "control: ")))}
	if u, ok := errors.AsType[*url.Error](err); ok {
		where := says(excerpt.Host(u.URL), u.Err)
		detail = lang.Text{EN: fmt.Sprintf(said.EN, where.EN), ZH: fmt.Sprintf(said.ZH, where.ZH)}
	}
	return report.NewOutage(kind, detail, "", fix)
}

func isHTML(header http.Header, body []byte) bool {
	if strings.HasPrefix(strings.ToLower(header.Get("Content-Type")), "text/html") {
		return !looksJSON(body)
	}
	start := bytes.TrimLeft(body, " \t\r\n\ufeff")
	if len(start) == 0 || start[0] != '<' {
		return false
	}
	start = bytes.ToLower(start)
	return bytes.HasPrefix(start, []byte("<!doctype")) || bytes.HasPrefix(start, []byte("<html"))
}

func looksJSON(body []byte) bool {
	start := bytes.TrimLeft(body, " \t\r\n")
	return len(start) > 0 && start[0] == '{'
}

// IsEnvelope reports whether a body is the platform's envelope: a JSON object with an integer code.
func IsEnvelope(body []byte) bool {
	var answer struct {
		Code *int `json:"code"`
	}
	return json.Unmarshal(body, &answer) == nil && answer.Code != nil
}

// JSONOutage says that an answer is no JSON, or stops before it is whole. Nil is JSON, whatever it says and however wrong it
// is written.
func JSONOutage(address string, status int, body []byte) *report.Outage {
	var syntax *json.SyntaxError
	var v any
	err := json.Unmarshal(body, &v)
	if !errors.As(err, &syntax) {
		return nil
	}
	switch {
	case len(body) > 0 && !looksJSON(body):
	case syntax.Error() != "unexpected end of JSON input":
		return nil
	default:
		detail := lang.T("%s: HTTP %d with JSON that ends before it is whole", "%s：HTTP %d，JSON 不完整，提前结束").With(address, status)
		if len(body) == 0 {
			detail = lang.T("%s: HTTP %d with an empty body", "%s：HTTP %d，应答体为空").With(address, status)
		}
		return report.NewOutage("truncated", detail, Head(body), lang.T("the answer was cut short on its way or by the handler: look into the server's log", "应答在传输中或被处理程序截断：请查看服务端日志"))
	}
	return report.NewOutage("not-json", lang.T("%s: HTTP %d with what is no JSON", "%s：HTTP %d，应答不是 JSON").With(address, status), Head(body), fixes["not-json"])
}
