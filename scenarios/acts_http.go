package scenarios

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/etcp-mock/etcp-mock/scenarios/internal/expression"
	"github.com/etcp-mock/etcp-mock/scenarios/internal/template"
)

const maxHTTPAnswer = 16 << 20

// callHTTP sends any other request.
func (r *runner) callHTTP(ctx context.Context, f *frame, step *Step, out *outcome) error {
	req, own, err := r.httpRequest(ctx, f, step)
	if err != nil {
		return err
	}
	var sent note
	h := *r.target.outside()
	if own {
		h = *r.target.http()
	}
	h.Transport = noting{h.Transport}
	out.fields = map[string]any{"status": absent, "headers": absent, "body": absent, "text": absent, "error": absent}
	res, err := h.Do(req.WithContext(withNote(ctx, &sent)))
	out.exchange, out.curl = exchangeOf(&sent, ""), r.curl(&sent)
	var body []byte
	if err == nil {
		defer func() { _ = res.Body.Close() }()
		body, err = io.ReadAll(io.LimitReader(res.Body, maxHTTPAnswer))
	}
	if err != nil {
		out.fields["error"] = err.Error()
		if step.expects("error") {
			return nil
		}
		return &transportError{err}
	}
	headers := map[string]any{}
	for name := range res.Header {
		headers[strings.ToLower(name)] = res.Header.Get(name)
	}
	out.fields["status"], out.fields["headers"], out.fields["text"] = res.StatusCode, headers, string(body)
	out.fields["body"] = string(body)
	if value, err := expression.Decode(body); err == nil {
		out.fields["body"] = value
	}
	out.answer = map[string]any{"status": res.StatusCode, "headers": headers, "body": out.fields["body"]}
	out.exchange.HTTPStatus, out.exchange.Body, out.exchange.Envelope = res.StatusCode, string(body), body
	if !step.expects("status") && (res.StatusCode < 200 || res.StatusCode > 299) {
		out.misses = append(out.misses, Mismatch{Path: "status", Want: "2xx", Got: res.StatusCode, Detail: fmt.Sprintf("want HTTP 2xx, got %d", res.StatusCode)})
	}
	return nil
}

// httpRequest makes the request, and says whether it goes to the target.
func (r *runner) httpRequest(ctx context.Context, f *frame, step *Step) (req *http.Request, own bool, err error) {
	address, err := step.body.Find("url").Text(f.vars)
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
	method, err := step.body.Find("method").Text(f.vars)
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
		return nil, own, template.At(step.body.Find("url").Position, errNoURL)
	}
	if kind != "" {
		req.Header.Set("Content-Type", kind)
	}
	if headers := step.body.Find("headers"); headers != nil {
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

func httpBody(f *frame, step *Step) (body []byte, kind string, err error) {
	if t := step.body.Find("json"); t != nil {
		var out bytes.Buffer
		err := t.WriteJSON(&out, f.vars)
		return out.Bytes(), "application/json", err
	}
	if t := step.body.Find("form"); t != nil {
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
	if t := step.body.Find("body"); t != nil {
		text, err := t.Text(f.vars)
		return []byte(text), "", err
	}
	return nil, "", nil
}

// exchangeOf is a request as it was sent.
func exchangeOf(n *note, endpoint string) *Exchange {
	e := &Exchange{Method: n.method, URL: n.url, Endpoint: endpoint, Data: string(n.body)}
	if endpoint == "" {
		return e
	}
	e.Data = ""
	u, err := url.Parse(n.url)
	if err != nil {
		return e
	}
	params := u.Query()
	if len(n.body) > 0 {
		if params, err = url.ParseQuery(string(n.body)); err != nil {
			return e
		}
	}
	u.RawQuery = ""
	e.URL, e.MerchantNo, e.Data = u.String(), params.Get("merchant_no"), params.Get("data")
	return e
}

// served is where the mock's command listens by default.
const served = "http://127.0.0.1:8787"

// curl is a command that sends a request again. That of a mock without a socket is as it would be sent to one that is served.
func (r *runner) curl(n *note) string {
	if path, is := strings.CutPrefix(n.url, inProcessURL+"/"); is {
		there := *n
		there.url = served + "/" + path
		return curl(&there)
	}
	return curl(n)
}

// curl is a command that sends a request again.
func curl(n *note) string {
	if n.url == "" {
		return ""
	}
	u, err := url.Parse(n.url)
	if err != nil {
		return ""
	}
	var out strings.Builder
	out.WriteString("curl -sS")
	params, form := u.Query(), false
	if strings.HasPrefix(n.contentType, "application/x-www-form-urlencoded") {
		params, err = url.ParseQuery(string(n.body))
		form = err == nil
	}
	switch {
	case form && n.method == http.MethodPost:
	case len(params) > 0 && !form:
		out.WriteString(" -G")
		fallthrough
	default:
		if n.method != http.MethodGet {
			out.WriteString(" -X " + n.method)
		}
	}
	if len(params) > 0 {
		u.RawQuery = ""
	}
	out.WriteString(" " + quoted(u.String()))
	for _, name := range []string{"merchant_no", "time_stamp", "data", "sign"} {
		if values, has := params[name]; has {
			out.WriteString(" --data-urlencode " + quoted(name+"="+values[0]))
			delete(params, name)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(params)) {
		out.WriteString(" --data-urlencode " + quoted(name+"="+params.Get(name)))
	}
	if len(n.body) > 0 && !form {
		if n.contentType != "" {
			out.WriteString(" -H " + quoted("Content-Type: "+n.contentType))
		}
		out.WriteString(" --data-binary " + quoted(string(n.body)))
	}
	return out.String()
}

// quoted is a text in single quotes, for a POSIX shell.
func quoted(text string) string { return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'" }
