package webhook

import (
	"strings"
	"time"

	"github.com/etcp-mock/etcp-mock/contract/internal/wire"
	"github.com/etcp-mock/etcp-mock/contract/report"
	"github.com/etcp-mock/etcp-mock/internal/curl"
	"github.com/etcp-mock/etcp-mock/internal/lang"
)

// sent is a message that reached the endpoint.
type sent struct {
	check   string // the id of the check it was sent in
	message message
	what    lang.Text
}

// maxPushed bounds what a probe is given.
const maxPushed = 100

// note keeps what was sent for the probe, and how the endpoint bore it. It reports whether nothing is to be judged: the endpoint takes no
// connection. Before the control has passed that is an outage; afterwards the endpoint has stopped.
func (x *examination) note(m message, what lang.Text, r *reply, right bool) (over bool) {
	if r.NeverCame() && x.ctx.Err() == nil {
		if x.status[controlPositive] != report.Passed {
			x.outage(r.Outage(x.address(m)))
		} else {
			x.stopped(r)
		}
		return true
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	x.last = &sent{x.current, m, what}
	x.unstable = x.unstable || r.Err != nil
	if m.kind != "" && len(x.pushed) < maxPushed {
		_, _, body := x.sender.encode(m)
		x.pushed = append(x.pushed, Pushed{
			string(m.kind), m.text("synId"), m.text("plateNumber"), body, r.refusal(x.endpoint.Timeout).IsZero(), right,
		})
	}
	return false
}

func (x *examination) outage(o *report.Outage) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.report.Outage == nil {
		x.report.Outage = o
	}
}

var stopFix = lang.Text{
	EN: "whatever comes in a request, the process has to live: catch the error and answer it; the endpoint's own log shows why it ended",
	ZH: "无论请求内容是什么，进程都不能退出：捕获错误并返回应答；退出原因请查看端点自己的日志",
}

// stopped says that the endpoint takes no connections any more. What it was sent last is the finding, of the check that sent it.
func (x *examination) stopped(r *reply) {
	x.mu.Lock()
	was := x.last
	x.mu.Unlock()
	x.unstable, x.fatal = true, true
	if was == nil {
		return
	}
	f := x.failure(was.message, r, lang.Text{EN: "the endpoint takes no connections any more; the last it was sent: %s", ZH: "端点不再接受连接；最后发送给它的是：%s"}.With(was.what))
	f.Fix = x.in(stopFix)
	if was.check == x.current {
		x.mu.Lock()
		x.failures = append(x.failures, f)
		x.mu.Unlock()
		return
	}
	for i := range x.report.Cases {
		if c := &x.report.Cases[i]; c.ID == was.check {
			c.Status, c.Failures = report.Failed, append(c.Failures, f)
			x.status[c.ID] = c.Status
			x.mask.Case(c)
			x.progress(c)
		}
	}
	x.skip = notJudged.With(lang.Text{EN: "the endpoint stopped in %s", ZH: "端点在 %s 中停止服务"}.With(was.check))
}

// failure is a finding about a message and its answer.
func (x *examination) failure(m message, r *reply, what lang.Text) report.Failure {
	method, contentType, body := x.sender.encode(m)
	text := method + " " + m.in(x.endpoint.Language) + x.in(lang.Text{EN: ": ", ZH: "："}) + body
	shown := wire.Head([]byte(text))
	if len(text) > wire.HeadSize {
		shown += "…"
	}
	return report.Failure{
		Message: x.in(what), Sent: shown, Received: r.in(x.endpoint.Language),
		Curl: curl.Command(curl.Request{Method: method, URL: x.address(m), ContentType: strings.TrimPrefix(contentType, noContentType), Body: []byte(body)}),
	}
}

// fail adds a finding about a message and its answer.
func (x *examination) fail(m message, r *reply, what lang.Text) *report.Failure {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.failures = append(x.failures, x.failure(m, r, what))
	return &x.failures[len(x.failures)-1]
}

// accept sends a right push, and fails the check if it is not accepted.
func (x *examination) accept(m message, what lang.Text) bool {
	r := x.send(m)
	if x.note(m, what, r, true) {
		return false
	}
	why := r.refusal(x.endpoint.Timeout)
	if !why.IsZero() {
		f := x.fail(m, r, notAccepted.With(what, why))
		f.Fix = x.in(x.fixOf(m, r))
	}
	return why.IsZero()
}

// and is a fix with what was found besides.
func and(fix, found lang.Text) lang.Text {
	if fix.IsZero() {
		return found
	}
	return lang.Text{EN: "%s (%s)", ZH: "%s（%s）"}.With(fix, found)
}

// fixOf is what an answer that does not accept a right push says to do.
func (x *examination) fixOf(m message, r *reply) lang.Text {
	fix := x.spoken(r)
	if r.Err != nil || len(x.failures) != 1 { // the cause is looked for once in a check
		return fix
	}
	if state := x.stateOf(r); !state.IsZero() {
		return and(fix, state)
	}
	if fix.IsZero() {
		other := x.otherReason(r)
		if other.IsZero() {
			cause, open := x.cause(m)
			if open {
				return and(x.own, cause)
			}
			return cause
		}
		return and(x.own, other)
	}
	return fix
}

var asIfRight = lang.Text{EN: "%s was answered with code 0, as if it were right", ZH: "%s：返回了 code 0，如同推送正确"}

// refuse sends a wrong push, and fails the check if it is accepted. When the check ends a right push follows it.
func (x *examination) refuse(m message, what lang.Text) {
	r := x.send(m)
	if x.note(m, what, r, false) {
		return
	}
	x.hostile = what
	switch {
	case r.refusal(x.endpoint.Timeout).IsZero():
		x.fail(m, r, asIfRight.With(what))
	case r.TimedOut():
		x.unanswered(m, r, what, true)
	}
}

// survive sends what is no push at all: it has to be answered, with an error.
func (x *examination) survive(m message, what lang.Text, mayCut bool) {
	r := x.send(m)
	if x.note(m, what, r, false) {
		return
	}
	x.hostile = what
	switch {
	case r.Err != nil:
		x.unanswered(m, r, what, mayCut)
	case r.refusal(x.endpoint.Timeout).IsZero():
		x.fail(m, r, asIfRight.With(what))
	case r.Status >= 200 && r.Status < 300:
		if _, problem := r.code(); !problem.IsZero() {
			x.fail(m, r, lang.Text{EN: "%s was answered with HTTP %d, which says success, and %s", ZH: "%s：返回了表示成功的 HTTP %d，而%s"}.With(what, r.Status, problem))
		}
	}
}

var (
	hangFix  = lang.Text{EN: "answer what cannot be read at once, with an error; do not wait for more, and do not loop over it", ZH: "无法读取的内容请立即返回错误；不要继续等待，也不要循环处理"}
	crashFix = lang.Text{EN: "the handler ended without an answer, as one does that crashes: its own log shows the error; catch it and answer it", ZH: "处理程序没有应答就结束了，像是崩溃：错误见它自己的日志；请捕获并返回错误应答"}
)

// unanswered is a finding about what was not answered at all.
func (x *examination) unanswered(m message, r *reply, what lang.Text, mayCut bool) {
	switch {
	case r.TimedOut():
		x.fail(m, r, lang.Text{EN: "%s was not answered within %s", ZH: "%s：%s 内没有应答"}.With(what, x.endpoint.Timeout)).Fix = x.in(hangFix)
	case !mayCut:
		x.fail(m, r, lang.Text{EN: "%s made the endpoint cut the connection, as a handler does that crashes", ZH: "%s：端点断开了连接，像是处理程序崩溃"}.With(what)).Fix = x.in(crashFix)
	}
}

// followUp sends a right push after what was hostile in a check.
func (x *examination) followUp() {
	if x.hostile.IsZero() || x.ctx.Err() != nil || x.fatal {
		return
	}
	what := x.hostile
	x.hostile = lang.Text{}
	x.accept(x.maker.entry(), lang.Text{EN: "a right push after that (%s)", ZH: "此后的正确推送（%s）"}.With(what))
}

// goneAfter is how long an endpoint may refuse connections, as one does that is started anew, until it has stopped.
const goneAfter = 3 * time.Second

// settle waits until the endpoint accepts a right push again, so that what one check did is not blamed on the next. One that does not within two
// timeouts has stopped: the check has failed, and what comes after it is not judged.
func (x *examination) settle(id string) {
	begun := time.Now()
	until := begun.Add(2 * x.endpoint.Timeout)
	for pause := 20 * time.Millisecond; x.ctx.Err() == nil; pause = min(2*pause, time.Second) {
		m := x.maker.entry()
		r := x.send(m)
		if r.refusal(x.endpoint.Timeout).IsZero() {
			return
		}
		if gone := r.NeverCame() && time.Since(begun) > goneAfter; gone || time.Now().After(until) {
			x.down, x.fatal = id, true
			if len(x.failures) == 0 && x.skip.IsZero() && x.last != nil {
				x.fail(x.last.message, r, lang.Text{EN: "no right push is accepted any more after the last that was sent: %s", ZH: "最后一次发送之后，正确的推送不再被接受：%s"}.With(x.last.what)).Fix = x.in(stopFix)
			}
			return
		}
		select {
		case <-x.ctx.Done():
		case <-time.After(pause):
		}
	}
}

func (x *examination) probe(c *check) {
	if x.endpoint.Probe == nil || len(x.pushed) == 0 {
		return
	}
	if err := x.endpoint.Probe(x.ctx, Probed{c.id, x.pushed}); err != nil {
		x.failures = append(x.failures, report.Failure{
			Message: x.in(lang.Text{EN: "the answers were right, but the merchant's own state is not: %v", ZH: "应答正确，但商户自身的状态不对：%v"}.With(err)),
			Fix:     x.in(lang.Text{EN: "what the probe asks for is what a push has to change, or must not", ZH: "探测命令查询的正是推送应当改变或不得改变的内容"}),
		})
	}
}
