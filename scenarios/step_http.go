package scenarios

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"

	"github.com/etcp-mock/etcp-mock/scenarios/internal/envelope"
	"github.com/etcp-mock/etcp-mock/scenarios/internal/expression"
	"github.com/etcp-mock/etcp-mock/scenarios/internal/language"
	"github.com/etcp-mock/etcp-mock/scenarios/internal/syntax"
	"github.com/etcp-mock/etcp-mock/scenarios/internal/template"
	"github.com/etcp-mock/etcp-mock/scenarios/internal/transport"
)

// Any other request.

func init() {
	register(&language.Kind{
		Name: "http", NameZh: "HTTP 请求",
		Doc: "Any other request, to a merchant's own API, say. A status of 2xx is expected unless expect.status says otherwise.",
		Form: syntax.Object("a request",
			syntax.Optional("method", envelope.Method, "Default GET, or POST with a body."),
			syntax.Required("url", urlForm, "Where; a path alone is the target's."),
			syntax.Optional("headers", &syntax.Form{Want: "a mapping of headers", Kind: syntax.ObjectKind, Each: template.Text}, "Headers."),
			syntax.Optional("json", template.Any, "A body as JSON."),
			syntax.Optional("form", &syntax.Form{Want: "a mapping of form fields", Kind: syntax.ObjectKind, Each: template.TextOrNo}, "A body as a form."),
			syntax.Optional("body", template.Text, "A body as it is.")),
		Answer:   language.Known("status", "headers", "body", "text", "error"),
		Subject:  language.Member("url"),
		Check:    checkStatus,
		Children: language.NoSteps,
		Read:     language.ReadValue,
		Needs:    httpNeeds,
		Defines:  language.DefinesNothing,
	}, (*runner).callHTTP, expectsOfHTTP)
}

// urlForm is a URL, or a path of the target.
var urlForm = &syntax.Form{Want: "a URL, or a path of the target", Kind: syntax.TextKind, Name: "url", Check: func(c *syntax.Checker, n *syntax.Node, path string) {
	template.Text.Check(c, n, path)
	address, err := url.Parse(n.Scalar)
	switch {
	case template.IsTemplate(n):
	case err != nil, address.Host == "" && !strings.HasPrefix(n.Scalar, "/"), address.Host != "" && address.Scheme != "http" && address.Scheme != "https":
		c.Problem(n.Position, path, fmt.Sprintf("%q is no URL, and no path of the target", n.Scalar), "such as http://127.0.0.1:9000/etcp, or /readyz")
	}
}}

func checkStatus(c *syntax.Checker, n *syntax.Node, path string) {
	expectedStatus(c, n, path, "status")
}

// expectedStatus looks whether the HTTP status that is expected can be one.
func expectedStatus(c *syntax.Checker, n *syntax.Node, path, name string) {
	status := n.Get("expect").Get(name)
	if status == nil || status.Kind != syntax.NumberKind {
		return
	}
	if v, whole := status.Value().(int); !whole || v < 100 || v > 599 {
		c.Problem(status.Position, syntax.Join(path, "expect."+name), "there is no HTTP status "+status.Scalar, "they are 100 to 599")
	}
}

func httpNeeds(step *language.Step) language.Need {
	method := step.Body.Find("method")
	if method == nil {
		if step.Body.Find("json") != nil || step.Body.Find("form") != nil || step.Body.Find("body") != nil {
			return language.NeedWrites
		}
		return 0
	}
	if text, _ := method.Literal.(string); strings.EqualFold(text, "GET") || strings.EqualFold(text, "HEAD") {
		return 0
	}
	return language.NeedWrites
}

const maxHTTPAnswer = 16 << 20

var errNoURL = errors.New("want a URL, or a path of the target")

// callHTTP sends any other request.
func (r *runner) callHTTP(ctx context.Context, f *frame, step *language.Step, out *outcome) error {
	req, own, err := r.httpRequest(ctx, f, step)
	if err != nil {
		return err
	}
	var sent transport.Note
	h := *r.target.outside()
	if own {
		h = *r.target.http()
	}
	h.Transport = transport.Noting{Next: h.Transport}
	out.fields = map[string]any{}
	res, err := h.Do(req.WithContext(transport.WithNote(ctx, &sent)))
	out.exchange = exchangeOf(&sent, "")
	out.detail = func() { out.curl = r.curl(&sent) }
	var body []byte
	if err == nil {
		defer func() { _ = res.Body.Close() }()
		body, err = io.ReadAll(io.LimitReader(res.Body, maxHTTPAnswer))
	}
	if err != nil {
		out.fields["error"] = err.Error()
		if step.Expects("error") {
			return nil
		}
		return broken(err)
	}
	headers := headersOf(res.Header)
	out.fields["status"], out.fields["headers"], out.fields["text"] = res.StatusCode, headers, string(body)
	out.fields["body"] = string(body)
	if value, err := expression.Decode(body); err == nil {
		out.fields["body"] = value
	}
	out.answer = map[string]any{"status": res.StatusCode, "headers": headers, "body": out.fields["body"]}
	out.exchange.HTTPStatus, out.exchange.Body, out.exchange.Envelope = res.StatusCode, string(body), body
	return nil
}

// headersOf are an answer's headers, by name in lower case.
func headersOf(header http.Header) map[string]any {
	headers := map[string]any{}
	for name := range header {
		headers[strings.ToLower(name)] = header.Get(name)
	}
	return headers
}

// httpRequest makes the request, and says whether it goes to the target.
func (r *runner) httpRequest(ctx context.Context, f *frame, step *language.Step) (req *http.Request, own bool, err error) {
	address, err := step.Body.Find("url").Text(f.vars)
	if err != nil {
		return nil, false, err
	}
	if own = strings.HasPrefix(address, "/"); own {
		address = strings.TrimRight(r.target.URL, "/") + address
	}
	own = own || strings.HasPrefix(address, strings.TrimRight(r.target.URL, "/")+"/")
	body, kind, err := httpBody(f, step)
	if err != nil {
		return nil, own, err
	}
	method, err := step.Body.Find("method").Text(f.vars)
	if err != nil {
		return nil, own, err
	}
	if method == "" {
		if method = http.MethodGet; body != nil {
			method = http.MethodPost
		}
	}
	req, err = http.NewRequestWithContext(ctx, method, address, bytes.NewReader(body))
	if err != nil || req.URL.Host == "" {
		return nil, own, wrong(step.Body.Find("url").Position, errNoURL)
	}
	if kind != "" {
		req.Header.Set("Content-Type", kind)
	}
	if headers := step.Body.Find("headers"); headers != nil {
		for _, m := range headers.Members {
			text, err := m.Value.Text(f.vars)
			if err != nil {
				return nil, own, err
			}
			req.Header.Set(m.Name, text)
		}
	}
	return req, own, nil
}

func httpBody(f *frame, step *language.Step) (body []byte, kind string, err error) {
	if t := step.Body.Find("json"); t != nil {
		var out bytes.Buffer
		err := t.WriteJSON(&out, f.vars)
		return out.Bytes(), "application/json", err
	}
	if t := step.Body.Find("form"); t != nil {
		form := url.Values{}
		for _, m := range t.Members {
			text, err := m.Value.Text(f.vars)
			if err != nil {
				return nil, "", err
			}
			form.Set(m.Name, text)
		}
		return []byte(form.Encode()), "application/x-www-form-urlencoded", nil
	}
	if t := step.Body.Find("body"); t != nil {
		text, err := t.Text(f.vars)
		return []byte(text), "", err
	}
	return nil, "", nil
}

// expectsOfHTTP is a status of 2xx.
func expectsOfHTTP(_ *runner, step *language.Step, out *outcome) []Mismatch {
	status, came := out.fields["status"].(int)
	if !came || step.Expects("status") || status >= 200 && status <= 299 {
		return nil
	}
	return []Mismatch{{Path: "status", Want: "2xx", Got: status, Detail: fmt.Sprintf("want HTTP 2xx, got %d", status)}}
}
