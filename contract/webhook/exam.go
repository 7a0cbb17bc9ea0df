package webhook

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/etcp-mock/etcp-mock/client"
	"github.com/etcp-mock/etcp-mock/contract/internal/wire"
	"github.com/etcp-mock/etcp-mock/contract/report"
	"github.com/etcp-mock/etcp-mock/internal/curl"
	"github.com/etcp-mock/etcp-mock/internal/jsonvalue"
	"github.com/etcp-mock/etcp-mock/internal/lang"
)

// exam is one examination under way.
type exam struct {
	endpoint  Endpoint
	addresses map[client.Kind]string
	sender    sender
	maker     *maker
	http      *http.Client
	mask      report.Masker
	report    *report.Report
	status    map[string]report.Status
	requests  atomic.Int64

	// Of the check that runs.
	ctx      context.Context //nolint:containedctx // an examination is one call
	mu       sync.Mutex
	failures []report.Failure
	pushed   []Pushed
	unstable bool // the endpoint timed out or cut the connection
	skip     lang.Text

	found []string // the kinds of the cause that was found last
	tries int      // pushes sent to find causes

	down string // the check since which no right push was accepted
}

// maxAnswer bounds what is read of a merchant's answer.
const maxAnswer = 1 << 20

func (x *exam) run(ctx context.Context) {
	for i := range checks {
		c := &checks[i]
		only := x.endpoint.Only
		if len(only) > 0 && !slices.Contains(only, c.id) && !strings.HasPrefix(c.id, "control-") && !neededBy(only, c.id) {
			continue
		}
		x.ctx = ctx
		out := x.one(c)
		x.mask.Case(&out)
		x.status[c.id] = out.Status
		x.report.Cases = append(x.report.Cases, out)
		if x.endpoint.Progress != nil {
			x.endpoint.Progress(&x.report.Cases[len(x.report.Cases)-1])
		}
	}
}

// neededBy says that one of the ids needs a check.
func neededBy(ids []string, id string) bool {
	for i := range checks {
		if slices.Contains(ids, checks[i].id) && (slices.Contains(checks[i].needs(), id) || neededBy(checks[i].needs(), id)) {
			return true
		}
	}
	return false
}

func (x *exam) one(c *check) report.Case {
	out := report.Case{
		ID: c.id, Title: x.in(c.title), Level: c.level, Section: c.section,
		Status: report.Passed, Sent: x.in(c.sent), Expected: x.in(c.judge.expected), Fix: x.in(c.fix),
	}
	if out.Reason = x.in(x.skipReason(c)); out.Reason != "" {
		out.Status = report.Skipped
		return out
	}
	x.failures, x.pushed, x.unstable, x.skip = nil, nil, false, lang.Text{}
	start := time.Now()
	c.judge.run(x, c.sent)
	if len(x.failures) == 0 && x.skip.IsZero() && x.report.Outage == nil {
		x.probe(c)
	}
	if x.unstable && x.report.Outage == nil && c.id != controlPositive {
		x.settle(c.id)
	}
	out.Duration = report.Millis(time.Since(start))
	out.Failures = x.failures
	switch {
	case x.report.Outage != nil && x.report.Outage.Case == "":
		x.report.Outage.Case = c.id
		if len(x.failures) > 0 {
			out.Status = report.Failed
			break
		}
		out.Status, out.Reason = report.Skipped, x.in(notReached)
	case x.ctx.Err() != nil:
		out.Status, out.Reason, out.Failures = report.Skipped, x.in(brokenOff), nil
	case !x.skip.IsZero():
		out.Status, out.Reason, out.Failures = report.Skipped, x.in(x.skip), nil
	case len(x.failures) > 0 && (c.level == report.Must || x.endpoint.Strict):
		out.Status = report.Failed
	case len(x.failures) > 0:
		out.Status = report.Warned
	}
	return out
}

var (
	brokenOff  = lang.T("the examination was stopped", "检查已中止")
	notReached = lang.T("the endpoint could not be reached", "无法连接到该地址")
	notJudged  = lang.T("not judged: %s", "未判断：%s")
)

// skipReason says why a check is not judged; none: it is.
func (x *exam) skipReason(c *check) lang.Text {
	if x.ctx.Err() != nil {
		return brokenOff
	}
	if x.report.Outage != nil {
		return notJudged.With(notReached)
	}
	if c.id != controlPositive && x.status[controlPositive] != report.Passed {
		return notJudged.With(lang.T("a right push is not accepted, see %s", "正确的推送未被接受，见 %s").With(controlPositive))
	}
	if x.down != "" {
		return notJudged.With(lang.T("no right push has been accepted since %s", "自 %s 起，正确的推送不再被接受").With(x.down))
	}
	for _, kind := range c.kinds {
		if x.addresses[kind] == "" {
			return lang.T("the merchant does not receive %s", "商户不接收 %s 推送").With(kind)
		}
	}
	for _, need := range c.needs() {
		if s, ran := x.status[need]; ran && s != report.Passed {
			return notJudged.With(lang.T("it rests on %s, which did not pass", "它以 %s 为前提，而该项未通过").With(need))
		}
	}
	return lang.Text{}
}

// in is a text in the language of the examination.
func (x *exam) in(t lang.Text) string { return t.In(x.endpoint.Language) }

// send sends a message and waits for the answer.
func (x *exam) send(m message) *reply { return x.sendAs(x.sender, m) }

func (x *exam) sendAs(s sender, m message) *reply {
	x.requests.Add(1)
	ctx, cancel := context.WithTimeout(x.ctx, x.endpoint.Timeout)
	defer cancel()
	method, contentType, body := s.encode(m)
	var payload io.Reader = strings.NewReader(body)
	if body == "" {
		payload = http.NoBody
	}
	r, err := http.NewRequestWithContext(ctx, method, x.address(m), payload)
	if err != nil {
		return &reply{wire.Reply{Err: err}}
	}
	if contentType != "" && contentType != "-" {
		r.Header.Set("Content-Type", contentType)
	}
	r.Header.Set("User-Agent", "etcp-mock-contract")
	res, err := x.http.Do(r)
	if err != nil {
		return &reply{wire.Reply{Err: err}}
	}
	defer func() { _ = res.Body.Close() }()
	out := &reply{wire.Reply{Status: res.StatusCode, Header: res.Header}}
	out.Body, out.Err = io.ReadAll(io.LimitReader(res.Body, maxAnswer))
	return out
}

func (x *exam) address(m message) string {
	if to := x.addresses[m.kind]; to != "" {
		return to
	}
	return x.addresses[client.KindEntry]
}

// reply is what an endpoint answered.
type reply struct{ wire.Reply }

// refusal says why an answer does not accept a push; none: it does (docs/protocol.md, pushes).
func (r *reply) refusal(timeout time.Duration) lang.Text {
	switch {
	case r.TimedOut():
		return lang.T("no answer within %s", "%s 内没有应答").With(timeout)
	case r.Err != nil:
		return lang.T("the connection was cut without a whole answer: %s", "连接在应答完整之前断开：%s").With(plainError(r.Err))
	case r.Status < 200 || r.Status > 299:
		return lang.T("HTTP %d; only 2xx counts as delivered", "HTTP %d；只有 2xx 才算投递成功").With(r.Status)
	}
	code, problem := r.code()
	if problem.IsZero() && code != "0" {
		return lang.T("code %s; only the number 0 counts as delivered", "code 为 %s；只有数字 0 才算投递成功").With(code)
	}
	return problem
}

var noObject = lang.T("the answer is not a JSON object", "应答不是 JSON 对象")

// code is the number code of an answer, as it is written.
func (r *reply) code() (code string, problem lang.Text) {
	var answer map[string]json.RawMessage
	dec := json.NewDecoder(bytes.NewReader(r.Body))
	if err := dec.Decode(&answer); err != nil {
		if len(r.Body) == 0 {
			return "", lang.T("the answer's body is empty; it has to be JSON with code and message", "应答正文为空；必须是含 code 和 message 的 JSON")
		}
		return "", noObject
	}
	raw, has := answer["code"]
	var number json.Number
	switch {
	case !has:
		return "", lang.T("the answer has no code", "应答没有 code")
	case len(raw) > 0 && raw[0] == '"':
		return "", lang.T("code is the text %s; it has to be a number, without quotes", "code 是字符串 %s；必须是不带引号的数字").With(raw)
	case json.Unmarshal(raw, &number) != nil || number == "":
		return "", lang.T("code is %.40s; it has to be a number", "code 为 %.40s；必须是数字").With(raw)
	}
	return number.String(), lang.Text{}
}

// messageProblem says what is wrong with the message of an answer.
func messageProblem(r *reply) lang.Text {
	var answer struct {
		Message any `json:"message"`
	}
	if err := json.Unmarshal(r.Body, &answer); err != nil {
		return noObject
	}
	switch m := answer.Message.(type) {
	case nil:
		return lang.T("the answer has no message", "应答没有 message")
	case string:
		return lang.Text{}
	default:
		return lang.T("message is no text: %s", "message 不是字符串：%s").With(wire.Head([]byte(jsonvalue.Encode(m))))
	}
}

// oneObject says that a body is one JSON object and nothing else.
func oneObject(body []byte) bool {
	var object map[string]json.RawMessage
	return json.Unmarshal(body, &object) == nil
}

// String is an answer as a report shows it.
func (r *reply) String() string {
	if r.Err != nil && r.Status == 0 {
		return "nothing: " + plainError(r.Err)
	}
	text := fmt.Sprintf("HTTP %d %s %s", r.Status, r.Header.Get("Content-Type"), wire.Head(r.Body))
	if r.Err != nil {
		text += " …cut short: " + plainError(r.Err)
	}
	return strings.TrimSpace(text)
}

func plainError(err error) string {
	text := err.Error()
	if i := strings.LastIndex(text, `": `); i >= 0 && strings.Contains(text, "://") {
		return text[i+3:]
	}
	return text
}

// note keeps what was sent for the probe, and how the endpoint bore it.
func (x *exam) note(m message, r *reply, right bool) (broken bool) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if r.NeverCame() && x.ctx.Err() == nil {
		if x.report.Outage == nil {
			x.report.Outage = r.Outage(x.address(m))
		}
		return true
	}
	x.unstable = x.unstable || r.Err != nil
	if len(x.pushed) < 100 {
		_, _, body := x.sender.encode(m)
		x.pushed = append(x.pushed, Pushed{
			string(m.kind), m.text("synId"), m.text("plateNumber"), body, r.refusal(x.endpoint.Timeout).IsZero(), right,
		})
	}
	return false
}

// fail adds a finding about a message and its answer.
func (x *exam) fail(m message, r *reply, what lang.Text) *report.Failure {
	x.mu.Lock()
	defer x.mu.Unlock()
	method, contentType, body := x.sender.encode(m)
	x.failures = append(x.failures, report.Failure{
		Message: x.in(what), Sent: wire.Head([]byte(method + " " + m.String() + ": " + body)), Received: r.String(),
		Curl: curl.Command(curl.Request{Method: method, URL: x.address(m), ContentType: strings.TrimPrefix(contentType, noContentType), Body: []byte(body)}),
	})
	return &x.failures[len(x.failures)-1]
}

// accept sends a right push, and fails the check if it is not accepted.
func (x *exam) accept(m message, what lang.Text) bool {
	r := x.send(m)
	if x.note(m, r, true) {
		return false
	}
	why := r.refusal(x.endpoint.Timeout)
	if !why.IsZero() {
		f := x.fail(m, r, lang.T("%s was not accepted: %s", "%s：未被接受：%s").With(what, why))
		fix := x.spoken(r)
		if fix.IsZero() && r.Err == nil && x.failedOnce() {
			fix = x.cause(m)
		}
		f.Fix = x.in(fix)
	}
	return why.IsZero()
}

// failedOnce says that this is the first failure of the check: its cause is looked for once.
func (x *exam) failedOnce() bool { return len(x.failures) == 1 }

var asIfRight = lang.T("%s was answered with code 0, as if it were right", "%s：返回了 code 0，如同推送正确")

// refuse sends a wrong push, and fails the check if it is accepted.
func (x *exam) refuse(m message, what lang.Text) {
	r := x.send(m)
	if x.note(m, r, false) {
		return
	}
	if r.refusal(x.endpoint.Timeout).IsZero() {
		x.fail(m, r, asIfRight.With(what))
	}
}

// survive sends what is no push at all: it has to be answered, with an error, and a right push has to be accepted afterwards.
func (x *exam) survive(m message, what lang.Text, mayCut bool) {
	r := x.send(m)
	if x.note(m, r, false) {
		return
	}
	switch {
	case r.TimedOut():
		x.fail(m, r, lang.T("%s was not answered within %s", "%s：%s 内没有应答").With(what, x.endpoint.Timeout))
	case r.Err != nil && !mayCut:
		x.fail(m, r, lang.T("%s made the endpoint cut the connection, as a handler does that crashes", "%s：端点断开了连接，像是处理程序崩溃").With(what))
	case r.refusal(x.endpoint.Timeout).IsZero():
		x.fail(m, r, asIfRight.With(what))
	case r.Status >= 200 && r.Status < 300 && r.Err == nil:
		if _, problem := r.code(); !problem.IsZero() {
			x.fail(m, r, lang.T("%s was answered with HTTP %d, which says success, and %s", "%s：返回了表示成功的 HTTP %d，而%s").With(what, r.Status, problem))
		}
	}
	x.accept(x.maker.entry(), lang.T("a right push after that (%s)", "此后的正确推送（%s）").With(what))
}

// settle waits until the endpoint accepts a right push again, so that what one check did is not blamed on the next.
func (x *exam) settle(id string) {
	until := time.Now().Add(4 * x.endpoint.Timeout)
	for pause := 20 * time.Millisecond; x.ctx.Err() == nil; pause = min(2*pause, time.Second) {
		m := x.maker.entry()
		r := x.send(m)
		if r.refusal(x.endpoint.Timeout).IsZero() {
			return
		}
		if time.Now().After(until) {
			if x.note(m, r, true); x.report.Outage == nil {
				x.down = id
			}
			return
		}
		select {
		case <-x.ctx.Done():
		case <-time.After(pause):
		}
	}
}

func (x *exam) probe(c *check) {
	if x.endpoint.Probe == nil || len(x.pushed) == 0 {
		return
	}
	if err := x.endpoint.Probe(x.ctx, Probed{c.id, x.pushed}); err != nil {
		x.failures = append(x.failures, report.Failure{
			Message: x.in(lang.T("the answers were right, but the merchant's own state is not: %v", "应答正确，但商户自身的状态不对：%v").With(err)),
			Fix:     x.in(lang.T("what the probe asks for is what a push has to change, or must not", "探测命令查询的正是推送应当改变或不得改变的内容")),
		})
	}
}
