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
	"github.com/etcp-mock/etcp-mock/internal/chinese"
	"github.com/etcp-mock/etcp-mock/internal/lang"
	"github.com/etcp-mock/etcp-mock/schemas"
)

// Proxy is an http.Handler that forwards to a platform, holds requests and answers against the schemas, and writes a scenario
// of what went through. It changes nothing of what it forwards.
type Proxy struct {
	Upstream  *url.URL
	Transport http.RoundTripper // nil is a default one
	Scenario  io.Writer         // gets the scenario as it grows; nil: none
	Name      string            // of the scenario
	// Merchant is the merchant's endpoint: what comes on any other path than the platform's or a mock's (/__admin) is a push on its way back, which is
	// forwarded there and judged; a GET without anything in it is forwarded only. Nil: nobody is there.
	Merchant *url.URL
	// MerchantNo and Key verify the pushes' signatures; without a key these are not judged. The key is in no output.
	MerchantNo, Key string
	Progress        func(*report.Case)
	Language        string // of what the proxy says: "zh" is Chinese, else English

	once    sync.Once
	serving sync.WaitGroup         // requests under way
	forward *httputil.ReverseProxy // to the platform
	back    *httputil.ReverseProxy // to the merchant
	mu      sync.Mutex
	report  report.Report
	begun   bool
	failed  error
	known   map[string]string // variable by the value it was saved from
	stays   bool              // a call was recorded that needs a car
}

const maxProxied = 1 << 20

// patience is how long the other side may take until a client that leaves without an answer is its fault.
const patience = time.Second

func (p *Proxy) init() {
	p.report = report.Report{Command: "proxy", Target: p.Upstream.String(), Started: time.Now()}
	p.known = map[string]string{}
	p.forward = p.reverse(p.Upstream, p.answered)
	if p.Merchant != nil {
		p.back = p.reverse(p.Merchant, p.acknowledged)
	}
}

func (p *Proxy) reverse(to *url.URL, answered func(*http.Response) error) *httputil.ReverseProxy {
	return &httputil.ReverseProxy{
		Transport: p.Transport,
		Rewrite: func(r *httputil.ProxyRequest) {
			r.SetURL(to)
			if to == p.Merchant && r.In.URL.Path == "/" {
				r.Out.URL.Path = to.Path
			}
			r.Out.Host = to.Host
			r.Out.Header.Del("Accept-Encoding") // what is read has to be readable
		},
		ModifyResponse: answered,
		ErrorHandler: func(w http.ResponseWriter, r *http.Request, err error) {
			o := (&wire.Reply{Err: err}).Outage(to.String())
			if r.Context().Err() != nil {
				s := sentOf(r.Context())
				if s == nil || time.Since(s.at) < patience {
					return // the client has gone, which is no fault of the platform's
				}
				o = (&wire.Reply{Err: context.DeadlineExceeded}).Outage(to.String())
			}
			p.mu.Lock()
			if to == p.Upstream {
				p.report.Outage = o
			} else {
				_, fix := o.In(p.Language)
				p.add("push", report.Case{Title: unanswered.In(p.Language), Section: "§10", Status: report.Failed, Failures: []report.Failure{{Message: o.Line(p.Language), Fix: fix}}})
			}
			p.mu.Unlock()
			http.Error(w, "contract proxy: "+o.Line(p.Language), http.StatusBadGateway)
		},
	}
}

// ServeHTTP forwards a request.
func (p *Proxy) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	p.once.Do(p.init)
	p.serving.Add(1)
	defer p.serving.Done()
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxProxied))
	if err != nil {
		http.Error(w, "contract proxy: "+p.text(err), http.StatusRequestEntityTooLarge)
		return
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	r.ContentLength = int64(len(body))
	to := p.forward
	if p.back != nil && !ofPlatform(r.URL.Path) {
		to = p.back
	}
	to.ServeHTTP(w, r.WithContext(withSent(r.Context(), &sent{r.Method, *r.URL, r.Header.Get("Content-Type"), body, time.Now()})))
}

// platformPath begins the paths of the platform, whatever the version.
const platformPath = "/merchant/open/"

// adminPath begins the paths of a mock's control API, which no platform has, and whose answers hold for that mock alone.
const adminPath = "/__admin/"

// ofPlatform says that a path is one of the platform's or of a mock's, and none of the merchant's endpoint.
func ofPlatform(path string) bool {
	return strings.HasPrefix(path, platformPath) || strings.HasPrefix(path, adminPath) || strings.HasPrefix(path, "/console/") ||
		slices.Contains([]string{"/__admin", "/console", "/healthz", "/readyz", "/metrics"}, path)
}

// sent is a request as it came.
type sent struct {
	method      string
	url         url.URL
	contentType string
	body        []byte
	at          time.Time // of the wall clock
}

// params are the parameters of a request to the platform, from its form or its query.
func (s *sent) params() url.Values {
	if strings.HasPrefix(s.contentType, "application/x-www-form-urlencoded") {
		if form, err := url.ParseQuery(string(s.body)); err == nil && len(form) > 0 {
			return form
		}
	}
	return s.url.Query()
}

// endpoint is the endpoint that a request names, if there is one.
func (s *sent) endpoint() (*schemas.Endpoint, bool) {
	_, name, found := strings.Cut(s.url.Path, "/openapi/")
	if !found {
		return nil, false
	}
	return schemas.Lookup(name)
}

// answered judges an answer of the platform on its way back.
func (p *Proxy) answered(res *http.Response) error {
	body, err := io.ReadAll(io.LimitReader(res.Body, maxProxied))
	_ = res.Body.Close()
	if err != nil && res.Request.Context().Err() != nil {
		return err // the client has gone
	}
	res.Body = io.NopCloser(bytes.NewReader(body))
	s := sentOf(res.Request.Context())
	if s == nil || ofPlatform(s.url.Path) && !strings.HasPrefix(s.url.Path, platformPath) {
		return nil
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if err != nil {
		p.cut(s, body, err)
		res.ContentLength = int64(len(body))
		res.Header.Set("Content-Length", strconv.Itoa(len(body)))
		return nil
	}
	if e, known := s.endpoint(); known {
		p.exchange(e, s, body, res)
	} else {
		p.unknown(s, body, res)
	}
	return nil
}

// cut reports an answer that ended before it was whole. What came of it is passed on.
func (p *Proxy) cut(s *sent, body []byte, err error) {
	name := "request"
	if e, known := s.endpoint(); known {
		name = e.Name
	}
	p.add(name, report.Case{
		Title: s.method + " " + s.url.Path, Section: "§7", Status: report.Failed,
		Failures: []report.Failure{{
			Message: cutShort.With(len(body), p.text(err)).In(p.Language), Sent: s.params().Get("data"), Received: wire.Head(body),
			Fix: cutShortFix.In(p.Language),
		}},
	})
}

// What is reported of a request and its answer.
var (
	ofRequest   = lang.T("the request: %s", "请求：%s")
	ofAnswer    = lang.T("the answer: %s", "应答：%s")
	noSuchPath  = lang.T("the request: the document has no such path, and HTTP %d came", "请求：文档中没有这个路径，却得到 HTTP %d")
	notRefused  = lang.T("HTTP %d to a %s, want 405", "以 HTTP %d 应答 %s 请求，应为 405")
	strangeCode = lang.T("code %d is none that %s answers", "code %d 不是 %s 会应答的")
	unanswered  = lang.T("a push that the merchant did not answer", "商户没有应答的推送")
	cutShort    = lang.T("the answer was cut after %d bytes: %s", "应答在 %d 字节后中断：%s")
	cutShortFix = lang.T("the connection was closed before the answer was whole: the platform's log, or that of a proxy before it, should tell",
		"应答还没有发完，连接就已关闭：原因请看平台的日志，或它前面的代理的日志")
)

// text is an error in the proxy's language.
func (p *Proxy) text(err error) string {
	if invalid, ok := errors.AsType[*schemas.ValidationError](err); ok {
		return invalid.In(p.Language)
	}
	return lang.T(err.Error(), chinese.Of(err.Error())).In(p.Language)
}

// unknown notes a request for a path that is no endpoint's: the client's fault, which is answered with HTTP 404.
func (p *Proxy) unknown(s *sent, body []byte, res *http.Response) {
	c := report.Case{Title: s.method + " " + s.url.Path, Section: "§9", Status: report.Passed}
	if res.StatusCode != http.StatusNotFound {
		c.Status = report.Warned
		c.Failures = []report.Failure{{Message: noSuchPath.With(res.StatusCode).In(p.Language), Received: wire.Head(body)}}
	}
	p.add("request", c)
	p.record(func() string { return p.httpStep(s, res.StatusCode) })
}

// add adds a case to the report, with a number and its name for its id. The lock is held.
func (p *Proxy) add(name string, c report.Case) {
	p.report.Requests++
	c.ID, c.Level = fmt.Sprintf("%d-%s", p.report.Requests, name), report.Must
	report.NewMasker(p.Key).Case(&c)
	p.report.Cases = append(p.report.Cases, c)
	if p.Progress != nil {
		p.Progress(&c)
	}
}

// exchange judges one request and its answer, and adds them to the scenario. The lock is held.
func (p *Proxy) exchange(e *schemas.Endpoint, s *sent, body []byte, res *http.Response) {
	data := s.params().Get("data")
	c := report.Case{Title: e.Title, Section: e.Section, Status: report.Passed}
	var answer struct {
		Code *int `json:"code"`
	}
	_ = json.Unmarshal(body, &answer) // what is none, the schema says
	code := -1
	if answer.Code != nil {
		code = *answer.Code
	}
	if wrong := p.wrongAnswer(e, s, code, body, res); wrong != "" {
		c.Status = report.Failed
		c.Failures = append(c.Failures, report.Failure{
			Message: ofAnswer.With(wrong).In(p.Language), Sent: data, Received: fmt.Sprintf("HTTP %d %s", res.StatusCode, wire.Head(body)), Reason: res.Header.Get("X-Mock-Reason"),
		})
	}
	if err := schemas.ValidateRequest(e.Name, []byte(data)); err != nil && code == 0 { // the client's fault, accepted all the same
		if c.Status == report.Passed {
			c.Status = report.Warned
		}
		c.Failures = append(c.Failures, report.Failure{Message: ofRequest.With(p.text(err)).In(p.Language), Sent: data, Received: wire.Head(body)})
	}
	p.add(e.Name, c)
	if code >= 0 {
		p.record(func() string { return p.callStep(e, s, code, body, res.StatusCode) })
	}
}

// wrongAnswer is what is wrong with an answer, or "". A method that the endpoint does not have is the client's fault, and answered with HTTP 405.
func (p *Proxy) wrongAnswer(e *schemas.Endpoint, s *sent, code int, body []byte, res *http.Response) string {
	if s.method != e.Method {
		if res.StatusCode != http.StatusMethodNotAllowed {
			return notRefused.With(res.StatusCode, s.method).In(p.Language)
		}
		return ""
	}
	if _, err := schemas.ValidatePlatform(e.Name, body); err != nil {
		return p.text(err)
	}
	if code != 0 && !slices.Contains(e.Codes, code) && !slices.Contains(e.CodesByRule, code) && !slices.Contains(schemas.EnvelopeCodes(), code) {
		return strangeCode.With(code, e.Name).In(p.Language)
	}
	return ""
}

// Wait waits for the requests under way, after the server that serves the proxy was shut down or closed.
func (p *Proxy) Wait() { p.serving.Wait() }

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

type sentKey struct{}

func withSent(ctx context.Context, s *sent) context.Context {
	return context.WithValue(ctx, sentKey{}, s)
}

func sentOf(ctx context.Context) *sent {
	s, _ := ctx.Value(sentKey{}).(*sent)
	return s
}
