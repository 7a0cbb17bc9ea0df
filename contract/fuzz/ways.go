package fuzz

import (
	"context"
	"io"
	"net/http"
	"net/url"
	"strings"

	"github.com/etcp-mock/etcp-mock/client"
	"github.com/etcp-mock/etcp-mock/schemas"
)

// way is how a request is sent: with another method, to another path, its parameters elsewhere, its body of another kind or size. The templates are those of
// a scenario's step: {params} are the four parameters as they are sent, {data} and the others one of them, URL-encoded.
type way struct {
	name        string
	on          string                   // GET or POST, of endpoints that are asked so; "": of both
	method      string                   // in place of the endpoint's
	version     string                   // in the path
	path        func(name string) string // the last element of it, in place of the endpoint's
	query, body string                   // "": as it is; "-": none
	headers     map[string]string        // "-": not sent
	size        int                      // of the body
	chunked     bool
	code        int  // that is answered before anything else is looked at; 0: as if it were sent as it should be
	status      int  // 0: 200
	noted       bool // it is a lint
}

const form = "application/x-www-form-urlencoded"

var (
	ways  = allWays()
	wayOf = func() map[string]*way {
		m := map[string]*way{}
		for i := range ways {
			m[ways[i].name] = &ways[i]
		}
		return m
	}()
)

func contentType(text string) map[string]string { return map[string]string{"Content-Type": text} }

func allWays() []way {
	const missing = schemas.CodeMissingParameter
	all := []way{
		{name: "another version", version: "2.0.0", code: 1, status: http.StatusNotFound},
		{name: "no such version", version: "1.0.1", code: 1, status: http.StatusNotFound},
		{name: "in small letters and capitals", path: strings.ToUpper, code: 1, status: http.StatusNotFound},
		{name: "with an ending", path: func(name string) string { return name + ".json" }, code: 1, status: http.StatusNotFound},
		{name: "with a slash", path: func(name string) string { return name + "/" }, code: 1, status: http.StatusNotFound},
		{name: "with a letter more", path: func(name string) string { return name + "s" }, code: 1, status: http.StatusNotFound},
		{name: "with another last letter", path: func(name string) string { return name[:len(name)-1] + "x" }, code: 1, status: http.StatusNotFound},
		{name: "an escaped path", path: func(name string) string { return name + "%20" }, code: 1, status: http.StatusNotFound},

		{name: "all in the query", on: "POST", query: "{params}", body: "-", noted: true},
		{name: "all in the query, in a form's place", on: "POST", query: "{params}", body: "x=1", noted: true},
		{name: "sign in the query", on: "POST", query: "sign={sign}", body: "merchant_no={merchant_no}&data={data}&time_stamp={time_stamp}", noted: true},
		{name: "data in the query", on: "POST", query: "data={data}", body: "merchant_no={merchant_no}&sign={sign}&time_stamp={time_stamp}", noted: true},
		{name: "time_stamp in the query", on: "POST", query: "time_stamp={time_stamp}", body: "merchant_no={merchant_no}&sign={sign}&data={data}", noted: true},
		{name: "merchant_no in the query", on: "POST", query: "merchant_no={merchant_no}", body: "time_stamp={time_stamp}&sign={sign}&data={data}", noted: true},
		{name: "others in the query", on: "POST", query: "merchant_no=nobody&time_stamp=x&sign=A3DE1813F4DDBADFC18555E18A2E579D&data=x", body: "{params}"},
		{name: "a body of JSON and a query", on: "POST", query: "{params}", body: `{"merchant_no":"x"}`, headers: contentType("application/json"), noted: true},

		{name: "nothing in the body", on: "POST", body: "-", code: missing},
		{name: "a body of JSON", on: "POST", body: `{"merchant_no":"{merchant_no}","time_stamp":"{time_stamp}","sign":"{sign}","data":"{data}"}`, headers: contentType("application/json"), code: missing},
		{name: "a body of JSON that says it is a form", on: "POST", body: `{"merchant_no":"{merchant_no}","time_stamp":"{time_stamp}","sign":"{sign}","data":"x"}`, code: missing},
		{name: "names in capitals", on: "POST", body: "MERCHANT_NO={merchant_no}&TIME_STAMP={time_stamp}&DATA={data}&SIGN={sign}", code: missing},
		{name: "the type in capitals", on: "POST", headers: contentType("Application/X-WWW-Form-URLEncoded")},
		{name: "the type without a charset", on: "POST", headers: contentType(form)},
		{name: "the type with spaces", on: "POST", headers: contentType(form + " ; charset=utf-8")},
		{name: "the type with another charset", on: "POST", headers: contentType(form + ";charset=GBK")},
		{name: "in chunks", on: "POST", chunked: true},
		{name: "a mebibyte", on: "POST", size: 1 << 20},
		{name: "a byte over a mebibyte", on: "POST", size: 1<<20 + 1, code: schemas.CodeBadParameter, status: http.StatusRequestEntityTooLarge},
		{name: "a byte over a mebibyte in chunks", on: "POST", size: 1<<20 + 1, chunked: true, code: schemas.CodeBadParameter, status: http.StatusRequestEntityTooLarge},

		{name: "in a GET's body", on: "GET", query: "-", body: "{params}", headers: contentType(form), code: missing},
		{name: "in another order", on: "GET", query: "sign={sign}&data={data}&time_stamp={time_stamp}&merchant_no={merchant_no}"},
		{name: "with more beside", on: "GET", query: "x=1&{params}&y"},
		{name: "names of a query in capitals", on: "GET", query: "Merchant_No={merchant_no}&Time_Stamp={time_stamp}&Data={data}&Sign={sign}", code: missing},
		{name: "a GET with a type", on: "GET", headers: contentType("application/json")},
	}
	for _, kind := range []string{"application/json", "text/plain", "multipart/form-data; boundary=x", "application/xml", form + "x", "text/html;" + form, "-"} {
		all = append(all, way{name: "a body of " + kind, on: "POST", headers: contentType(kind), code: missing})
	}
	for _, method := range []string{"GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "HEAD"} {
		on := map[string]string{"GET": "POST", "POST": "GET"}[method]
		all = append(all, way{name: "by " + method, on: on, method: method, code: 1, status: http.StatusMethodNotAllowed})
	}
	return all
}

// size of what is filled up costs more than a hundred other calls.
func (w *way) isLarge() bool { return w.size > 0 }

// send sends an envelope the way that the step asks for.
func (p *player) send(ctx context.Context, f *fuzzStep, e *envelope) (*client.Answer, error) {
	p.met = false
	req, err := p.httpRequest(ctx, f, e)
	if err != nil {
		return nil, err
	}
	res, err := p.f.send(req)
	if err != nil {
		return nil, err
	}
	defer func() { _ = res.Body.Close() }()
	const most = 16 << 20
	body, err := io.ReadAll(io.LimitReader(res.Body, most))
	answer := &client.Answer{Endpoint: f.subject, HTTPStatus: res.StatusCode, Header: res.Header, Reason: res.Header.Get("X-Mock-Reason"), Raw: body}
	if err != nil {
		return answer, err
	}
	if req.Method == http.MethodHead {
		return answer, nil
	}
	p.met, err = p.f.known.open(answer)
	return answer, err
}

// httpRequest is the request that a step sends.
func (p *player) httpRequest(ctx context.Context, f *fuzzStep, e *envelope) (*http.Request, error) {
	w := wayOf[f.way]
	if w == nil {
		w = &way{}
	}
	method, version, name := client.Method(f.subject), client.Version, f.subject
	isPost := method == http.MethodPost
	if w.method != "" {
		method = w.method
	}
	if w.version != "" {
		version = w.version
	}
	if w.path != nil {
		name = w.path(name)
	}
	query, body := "{params}", ""
	if isPost && method == http.MethodPost {
		query, body = "", query
	}
	for to, instead := range map[*string]string{&query: w.query, &body: w.body} {
		switch instead {
		case "":
		case "-":
			*to = ""
		default:
			*to = instead
		}
	}
	query, body = e.fill(query, f), e.fill(body, f)
	if missing := w.size - len(body); missing > 0 {
		body += "&" + strings.Repeat("x", missing-1)
	}
	address := p.f.fuzzer.Target.URL + "/merchant/open/" + version + "/openapi/" + name
	if query != "" {
		address += "?" + query
	}
	var content io.Reader = http.NoBody
	if body != "" {
		content = strings.NewReader(body)
	}
	req, err := http.NewRequestWithContext(ctx, method, address, content)
	if err != nil {
		return nil, err
	}
	if method == http.MethodPost {
		req.Header["Content-Type"] = formHeader
	}
	for name, value := range w.headers {
		if req.Header.Del(name); value != "-" {
			req.Header.Set(name, value)
		}
	}
	if w.chunked {
		req.ContentLength = -1
	}
	return req, nil
}

var formHeader = []string{form + ";charset=utf-8"}

// fill puts the parameters into a template.
func (e *envelope) fill(template string, f *fuzzStep) string {
	if !strings.Contains(template, "{") {
		return template
	}
	encoded := func(name string) string {
		if name == "data" && f.encoded != "" {
			return f.encoded
		}
		return url.QueryEscape(e.values[name])
	}
	var all strings.Builder
	for _, name := range parameters {
		if _, sent := e.values[name]; !sent {
			continue
		}
		if all.Len() > 0 {
			all.WriteByte('&')
		}
		all.WriteString(name)
		all.WriteByte('=')
		all.WriteString(encoded(name))
	}
	if template == "{params}" {
		return all.String()
	}
	replaced := []string{"{params}", all.String()}
	for _, name := range parameters {
		replaced = append(replaced, "{"+name+"}", encoded(name))
	}
	return strings.NewReplacer(replaced...).Replace(template)
}
