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
)

// check is one row of the table: what is sent, what is expected, and how to fix it.
type check struct {
	id, level, section, title string
	sent, expected, fix       string
	needs                     []string      // checks that must have passed, else this one is not judged
	kinds                     []client.Kind // that it sends
	run                       func(*exam)
}

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
	shaken   bool // the endpoint timed out or cut the connection
	excuse   string

	down string // the check since which no right push was taken
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
		if slices.Contains(ids, checks[i].id) && (slices.Contains(checks[i].needs, id) || neededBy(checks[i].needs, id)) {
			return true
		}
	}
	return false
}

func (x *exam) one(c *check) report.Case {
	out := report.Case{
		ID: c.id, Title: c.title, Level: c.level, Section: c.section,
		Status: report.Passed, Sent: c.sent, Expected: c.expected, Fix: c.fix,
	}
	if out.Reason = x.whyNot(c); out.Reason != "" {
		out.Status = report.Skipped
		return out
	}
	x.failures, x.pushed, x.shaken, x.excuse = nil, nil, false, ""
	start := time.Now()
	c.run(x)
	if len(x.failures) == 0 && x.excuse == "" && x.report.Outage == nil {
		x.probe(c)
	}
	if x.shaken && x.report.Outage == nil && c.id != controlPositive {
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
		out.Status, out.Reason = report.Skipped, "the endpoint could not be reached"
	case x.ctx.Err() != nil:
		out.Status, out.Reason, out.Failures = report.Skipped, "the examination was broken off", nil
	case x.excuse != "":
		out.Status, out.Reason, out.Failures = report.Skipped, x.excuse, nil
	case len(x.failures) > 0 && (c.level == report.Must || x.endpoint.Strict):
		out.Status = report.Failed
	case len(x.failures) > 0:
		out.Status = report.Warned
	}
	return out
}

// whyNot is the reason why a check is not judged.
func (x *exam) whyNot(c *check) string {
	if x.ctx.Err() != nil {
		return "the examination was broken off"
	}
	if x.report.Outage != nil {
		return "not judged: the endpoint could not be reached"
	}
	if c.id != controlPositive && x.status[controlPositive] != report.Passed {
		return "not judged: a right push is not taken, see " + controlPositive
	}
	if x.down != "" {
		return "not judged: no right push has been taken since " + x.down
	}
	for _, kind := range c.kinds {
		if x.addresses[kind] == "" {
			return fmt.Sprintf("the merchant does not receive %s", kind)
		}
	}
	for _, need := range c.needs {
		if s, ran := x.status[need]; ran && s != report.Passed {
			return "not judged: it rests on " + need + ", which did not pass"
		}
	}
	return ""
}

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

// refusal says why an answer does not take a push; "" is one that does (docs/protocol.md, pushes).
func (r *reply) refusal(timeout time.Duration) string {
	switch {
	case r.TimedOut():
		return fmt.Sprintf("no answer within %s", timeout)
	case r.Err != nil:
		return "the connection was cut without a whole answer: " + r.Err.Error()
	case r.Status < 200 || r.Status > 299:
		return fmt.Sprintf("HTTP %d; only 2xx counts as delivered", r.Status)
	}
	code, problem := r.code()
	switch {
	case problem != "":
		return problem
	case code != "0":
		return "code " + code + "; only the number 0 counts as delivered"
	}
	return ""
}

// code is the number code of an answer, as it is written.
func (r *reply) code() (code, problem string) {
	var answer map[string]json.RawMessage
	dec := json.NewDecoder(bytes.NewReader(r.Body))
	if err := dec.Decode(&answer); err != nil {
		if len(r.Body) == 0 {
			return "", "the answer's body is empty; it has to be JSON with code and message"
		}
		return "", "the answer is not a JSON object"
	}
	raw, has := answer["code"]
	var number json.Number
	switch {
	case !has:
		return "", "the answer has no code"
	case len(raw) > 0 && raw[0] == '"':
		return "", fmt.Sprintf("code is the text %s; it has to be a number, without quotes", raw)
	case json.Unmarshal(raw, &number) != nil || number == "":
		return "", fmt.Sprintf("code is %.40s; it has to be a number", raw)
	}
	return number.String(), ""
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
	x.shaken = x.shaken || r.Err != nil
	if len(x.pushed) < 100 {
		_, _, body := x.sender.encode(m)
		x.pushed = append(x.pushed, Pushed{
			string(m.kind), m.text("synId"), m.text("plateNumber"), body, r.refusal(x.endpoint.Timeout) == "", right,
		})
	}
	return false
}

// fail adds a finding about a message and its answer.
func (x *exam) fail(m message, r *reply, format string, args ...any) *report.Failure {
	x.mu.Lock()
	defer x.mu.Unlock()
	method, contentType, body := x.sender.encode(m)
	x.failures = append(x.failures, report.Failure{
		Message: fmt.Sprintf(format, args...), Sent: wire.Head([]byte(method + " " + m.String() + ": " + body)), Received: r.String(),
		Curl: curl(method, x.address(m), contentType, body),
	})
	return &x.failures[len(x.failures)-1]
}

// curl is a command line that repeats a request. A body too long for one is left out.
func curl(method, address, contentType, body string) string {
	if len(body) > 4000 {
		return ""
	}
	quote := func(s string) string { return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'" }
	text := "curl -X " + method + " " + quote(address)
	if contentType != "" && contentType != "-" {
		text += " -H " + quote("Content-Type: "+contentType)
	}
	if body != "" {
		text += " --data-binary " + quote(body)
	}
	return text
}

// take sends a right push, and fails the check if it is not taken.
func (x *exam) take(m message, what string) bool {
	r := x.send(m)
	if x.note(m, r, true) {
		return false
	}
	if why := r.refusal(x.endpoint.Timeout); why != "" {
		x.fail(m, r, "%s was not taken: %s", what, why)
		return false
	}
	return true
}

// refuse sends a wrong push, and fails the check if it is taken.
func (x *exam) refuse(m message, what string) {
	r := x.send(m)
	if x.note(m, r, false) {
		return
	}
	if r.refusal(x.endpoint.Timeout) == "" {
		x.fail(m, r, "%s was answered with code 0, as if it were right", what)
	}
}

// survive sends what is no push at all: it has to be answered, with an error, and a right push has to be taken afterwards.
func (x *exam) survive(m message, what string, mayCut bool) {
	r := x.send(m)
	if x.note(m, r, false) {
		return
	}
	switch {
	case r.TimedOut():
		x.fail(m, r, "%s was not answered within %s", what, x.endpoint.Timeout)
	case r.Err != nil && !mayCut:
		x.fail(m, r, "%s made the endpoint cut the connection, as a handler does that crashes", what)
	case r.refusal(x.endpoint.Timeout) == "":
		x.fail(m, r, "%s was answered with code 0, as if it were right", what)
	case r.Status >= 200 && r.Status < 300 && r.Err == nil:
		if _, problem := r.code(); problem != "" {
			x.fail(m, r, "%s was answered with HTTP %d, which says success, and %s", what, r.Status, problem)
		}
	}
	x.take(x.maker.entry(), "after "+what+", a right push")
}

// settle waits until the endpoint takes a right push again, so that one check's trouble is not the next one's.
func (x *exam) settle(id string) {
	until := time.Now().Add(4 * x.endpoint.Timeout)
	for pause := 20 * time.Millisecond; x.ctx.Err() == nil; pause = min(2*pause, time.Second) {
		m := x.maker.entry()
		r := x.send(m)
		if r.refusal(x.endpoint.Timeout) == "" {
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
			Message: "the answers were right, but the merchant's own state is not: " + err.Error(),
			Fix:     "what the probe asks for is what a push has to change, or must not",
		})
	}
}
