// Package proxy forwards traffic to a platform, holds requests and answers against the schemas, and records a scenario of them: see [Proxy].
package proxy

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httputil"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/etcp-mock/etcp-mock/contract/internal/wire"
	"github.com/etcp-mock/etcp-mock/contract/report"
	"github.com/etcp-mock/etcp-mock/internal/jsonvalue"
	"github.com/etcp-mock/etcp-mock/schemas"
)

// Proxy is an http.Handler that forwards to a platform, holds requests and answers against the schemas, and writes a scenario
// of what went through. It changes nothing of what it forwards, and knows no keys.
type Proxy struct {
	Upstream  *url.URL
	Transport http.RoundTripper // nil is a default one
	Scenario  io.Writer         // gets the scenario as it grows; nil: none
	Name      string            // of the scenario
	Progress  func(*report.Case)

	once    sync.Once
	forward *httputil.ReverseProxy
	mu      sync.Mutex
	report  report.Report
	begun   bool
	failed  error
	known   map[string]string // variable by the value it was saved from
}

const maxProxied = 1 << 20

func (p *Proxy) init() {
	p.report = report.Report{Command: "proxy", Target: p.Upstream.String(), Started: time.Now()}
	p.known = map[string]string{}
	p.forward = &httputil.ReverseProxy{
		Transport: p.Transport,
		Rewrite: func(r *httputil.ProxyRequest) {
			r.SetURL(p.Upstream)
			r.Out.Host = p.Upstream.Host
			r.Out.Header.Del("Accept-Encoding") // what is read has to be readable
		},
		ModifyResponse: p.answered,
		ErrorHandler: func(w http.ResponseWriter, r *http.Request, err error) {
			o := (&wire.Reply{Err: err}).Outage(p.Upstream.String())
			p.mu.Lock()
			p.report.Outage = o
			p.mu.Unlock()
			http.Error(w, "contract proxy: "+o.String(), http.StatusBadGateway)
		},
	}
}

// ServeHTTP forwards a request.
func (p *Proxy) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	p.once.Do(p.init)
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxProxied))
	if err != nil {
		http.Error(w, "contract proxy: "+err.Error(), http.StatusRequestEntityTooLarge)
		return
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	r.ContentLength = int64(len(body))
	r = r.WithContext(withProxied(r.Context(), dataOf(r, body)))
	p.forward.ServeHTTP(w, r)
}

// dataOf is a request's parameter data.
func dataOf(r *http.Request, body []byte) string {
	if strings.HasPrefix(r.Header.Get("Content-Type"), "application/x-www-form-urlencoded") {
		if form, err := url.ParseQuery(string(body)); err == nil && form.Has("data") {
			return form.Get("data")
		}
	}
	return r.URL.Query().Get("data")
}

// answered judges an answer on its way back.
func (p *Proxy) answered(res *http.Response) error {
	body, err := io.ReadAll(io.LimitReader(res.Body, maxProxied))
	_ = res.Body.Close()
	res.Body = io.NopCloser(bytes.NewReader(body))
	if err != nil {
		return err
	}
	at := strings.LastIndex(res.Request.URL.Path, "/openapi/")
	if at < 0 {
		return nil
	}
	e, known := schemas.Lookup(res.Request.URL.Path[at+len("/openapi/"):])
	if !known {
		return nil
	}
	p.exchange(e, proxied(res.Request.Context()), body, res)
	return nil
}

// exchange judges one request and its answer, and adds them to the scenario.
func (p *Proxy) exchange(e *schemas.Endpoint, data string, body []byte, res *http.Response) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.report.Requests++
	c := report.Case{
		ID: fmt.Sprintf("%d-%s", p.report.Requests, e.Name), Title: e.Title, Level: report.Must, Section: e.Section, Status: report.Passed,
	}
	var answer struct {
		Code *int            `json:"code"`
		Data json.RawMessage `json:"data"`
	}
	_ = json.Unmarshal(body, &answer) // what is none, the schema tells
	code := -1
	if answer.Code != nil {
		code = *answer.Code
	}
	if err := schemas.ValidateAnswer(e.Name, body); err != nil {
		c.Status = report.Failed
		c.Failures = append(c.Failures, report.Failure{Message: "the answer: " + err.Error(), Sent: data, Received: fmt.Sprintf("HTTP %d %s", res.StatusCode, wire.Head(body)), Reason: res.Header.Get("X-Mock-Reason")})
	} else if code != 0 && !slices.Contains(e.Codes, code) && !slices.Contains(e.CodesByRule, code) && !slices.Contains(schemas.EnvelopeCodes(), code) {
		c.Status = report.Failed
		c.Failures = append(c.Failures, report.Failure{Message: fmt.Sprintf("the answer: code %d is none that %s answers", code, e.Name), Sent: data, Received: wire.Head(body)})
	}
	if err := schemas.ValidateRequest(e.Name, []byte(data)); err != nil {
		if code == 0 && c.Status == report.Passed { // taken all the same
			c.Status = report.Warned
		}
		c.Failures = append(c.Failures, report.Failure{Message: "the request: " + err.Error(), Sent: data, Received: wire.Head(body)})
		if c.Status == report.Passed { // refused, as it had to be
			c.Failures = nil
		}
	}
	p.report.Cases = append(p.report.Cases, c)
	if p.Progress != nil {
		p.Progress(&c)
	}
	if p.failed == nil && p.Scenario != nil && code >= 0 {
		p.failed = p.write(e, data, code, body)
	}
}

// write adds a step to the scenario. A value that an earlier answer held, and that its schema calls volatile, becomes a variable.
func (p *Proxy) write(e *schemas.Endpoint, data string, code int, body []byte) error {
	var b strings.Builder
	if !p.begun {
		p.begun = true
		name := p.Name
		if name == "" {
			name = "recorded"
		}
		fmt.Fprintf(&b, "name: %s\nsummary: %s\ntags: [recorded]\nsteps:\n", name, jsonvalue.Encode("Recorded from "+p.Upstream.Host))
	}
	fmt.Fprintf(&b, "  - call: %s\n", e.Name)
	if text, ok := p.withVariables(data); ok {
		fmt.Fprintf(&b, "    data: %s\n", text)
	} else {
		fmt.Fprintf(&b, "    request: {rawData: %s}\n", jsonvalue.Encode(strings.ReplaceAll(data, "${", "$ {")))
	}
	if code != 0 {
		fmt.Fprintf(&b, "    expect: {code: %d}\n", code)
	}
	if saves := p.saves(e, body); code == 0 && len(saves) > 0 {
		fmt.Fprintf(&b, "    save: {%s}\n", strings.Join(saves, ", "))
	}
	_, err := io.WriteString(p.Scenario, b.String())
	return err
}

// withVariables is a flat JSON object as YAML reads it, known values as variables.
func (p *Proxy) withVariables(data string) (string, bool) {
	fields, err := orderedFields(data)
	if err != nil {
		return "", false
	}
	parts := make([]string, len(fields))
	for i, f := range fields {
		value := f.text
		var text string
		if json.Unmarshal([]byte(value), &text) == nil && value[0] == '"' {
			if strings.Contains(text, "${") {
				return "", false
			}
			if name, is := p.known[text]; is {
				text = "${" + name + "}"
			}
			value = jsonvalue.Encode(text)
		}
		parts[i] = jsonvalue.Encode(f.name) + ": " + value
	}
	return "{" + strings.Join(parts, ", ") + "}", true
}

type orderedField struct{ name, text string }

func orderedFields(data string) ([]orderedField, error) {
	dec := json.NewDecoder(strings.NewReader(data))
	if open, err := dec.Token(); err != nil || open != json.Delim('{') {
		return nil, errors.New("no object")
	}
	var fields []orderedField
	for dec.More() {
		name, err := dec.Token()
		if err != nil {
			return nil, err
		}
		var value json.RawMessage
		if err := dec.Decode(&value); err != nil {
			return nil, err
		}
		fields = append(fields, orderedField{fmt.Sprint(name), string(value)})
	}
	return fields, nil
}

// saves makes variables of an answer's volatile texts that look like ids: a later request may hold them.
func (p *Proxy) saves(e *schemas.Endpoint, body []byte) []string {
	value, err := jsonvalue.Decode(body)
	if err != nil {
		return nil
	}
	var saves []string
	for _, pointer := range schemas.Volatile(e.Name) {
		at(value, strings.Split(strings.TrimPrefix(pointer, "/"), "/"), "", func(path, text string) {
			if _, seen := p.known[text]; seen || len(text) < 16 || strings.Contains(text, " ") || len(p.known) >= 100_000 {
				return
			}
			name := "v" + strconv.Itoa(len(p.known)+1)
			p.known[text] = name
			saves = append(saves, name+": "+jsonvalue.Encode(path))
		})
	}
	return saves
}

// at visits the texts at a JSON pointer's elements, * being any index.
func at(value any, elements []string, path string, visit func(path, text string)) {
	if len(elements) == 0 {
		if text, is := value.(string); is {
			visit(path, text)
		}
		return
	}
	switch v := value.(type) {
	case map[string]any:
		at(v[elements[0]], elements[1:], strings.TrimPrefix(path+"."+elements[0], "."), visit)
	case []any:
		if elements[0] != "*" {
			return
		}
		for i, item := range v {
			at(item, elements[1:], path+"["+strconv.Itoa(i)+"]", visit)
		}
	}
}

// Report is what went through so far. Its error is that of writing the scenario.
func (p *Proxy) Report() (*report.Report, error) {
	p.once.Do(p.init)
	p.mu.Lock()
	defer p.mu.Unlock()
	r := p.report
	r.Cases = slices.Clone(r.Cases)
	r.Duration = report.Millis(time.Since(r.Started))
	return &r, p.failed
}

type proxiedKey struct{}

func withProxied(ctx context.Context, data string) context.Context {
	return context.WithValue(ctx, proxiedKey{}, data)
}

func proxied(ctx context.Context) string {
	data, _ := ctx.Value(proxiedKey{}).(string)
	return data
}
