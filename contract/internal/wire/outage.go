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
)

// HeadSize is how much of an answer is shown that was no answer.
const HeadSize = 200

// Head is the first bytes of an answer, cut between characters.
func Head(body []byte) string {
	if len(body) > HeadSize {
		body = body[:HeadSize]
		for len(body) > 0 && !utf8.RuneStart(body[len(body)-1]) {
			body = body[:len(body)-1]
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
	case err == nil:
		return ""
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
		if u, is := errors.AsType[*url.Error](err); is {
			err = u.Err // the URL of a GET holds a token
		}
		o := &report.Outage{Kind: kind, Detail: address + ": " + err.Error(), Head: Head(r.Body)}
		switch kind {
		case "unreachable":
			o.Fix = "is the address right, and does something listen there?"
		case "tls":
			o.Fix = "is it https that this port speaks, and is the certificate one that this machine trusts and that names this host?"
		case "redirect":
			o.Fix = "give the address it redirects to (http or https? a slash at the end? a login page?)"
		case "timeout":
			o.Fix = "it took the connection and did not answer: is it busy, or a firewall in between?"
		case "truncated":
			o.Fix = "the connection was closed before the answer was whole: did the handler crash? its own log should tell"
		}
		return o
	}
	switch {
	case r.Status >= 300 && r.Status < 400:
		return &report.Outage{
			Kind: "redirect", Detail: fmt.Sprintf("%s: HTTP %d to %q, which nobody follows with a POST", address, r.Status, r.Header.Get("Location")),
			Head: Head(r.Body), Fix: "give the address it redirects to (http or https? a slash at the end? a login page?)",
		}
	case isHTML(r.Header, r.Body):
		return &report.Outage{
			Kind: "html", Detail: fmt.Sprintf("%s: HTTP %d with a page of HTML where JSON belongs", address, r.Status),
			Head: Head(r.Body), Fix: "is it the endpoint's own address? a proxy, a login page or a framework's error page answered",
		}
	}
	return nil
}

// ControlOutage says in which way a call of the control API got no answer, or one that is none of its. Nil is no error.
func ControlOutage(err error) *report.Outage {
	if err == nil {
		return nil
	}
	o := &report.Outage{
		Kind: Kind(err), Detail: "the control API: " + err.Error(),
		Fix: "is this the address of a mock, and its control API's (--admin URL)?",
	}
	if problem, refused := errors.AsType[*control.ProblemError](err); refused {
		switch {
		case problem.Status < http.StatusBadRequest:
			o.Kind, o.Fix = "redirect", "give the control API's own address (--admin URL): what answers there sends its callers elsewhere (a login page? http or https?)"
		case problem.Status == http.StatusUnauthorized, problem.Status == http.StatusForbidden:
			o.Kind, o.Fix = "unauthorized", "the control API wants a token: --admin-token or ETCP_MOCK_ADMIN_TOKEN"
		default:
			o.Kind = "not-json"
		}
	}
	return o
}

func isHTML(header http.Header, body []byte) bool {
	if strings.HasPrefix(strings.ToLower(header.Get("Content-Type")), "text/html") {
		return !looksJSON(body)
	}
	start := bytes.ToLower(bytes.TrimLeft(body, " \t\r\n\ufeff"))
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
		o := &report.Outage{
			Kind: "truncated", Detail: fmt.Sprintf("%s: HTTP %d with JSON that ends before it is whole", address, status), Head: Head(body),
			Fix: "was the answer cut short on its way, or by the handler? its own log should tell",
		}
		if len(body) == 0 {
			o.Detail = fmt.Sprintf("%s: HTTP %d with an empty body", address, status)
		}
		return o
	}
	return &report.Outage{
		Kind: "not-json", Detail: fmt.Sprintf("%s: HTTP %d with what is no JSON", address, status), Head: Head(body),
		Fix: "is it the endpoint's own address? a proxy or a framework's error page may have answered",
	}
}
