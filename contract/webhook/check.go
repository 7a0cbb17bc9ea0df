package webhook

import (
	"slices"
	"strings"
	"sync"

	"github.com/etcp-mock/etcp-mock/client"
	"github.com/etcp-mock/etcp-mock/internal/lang"
)

// check is one row of the table. A new check is one row: it is listed, run, documented and reported from here alone.
type check struct {
	id      string
	level   string // report.Must or report.Should
	section string
	title   lang.Text // the rule that is checked
	sent    lang.Text // what is sent
	fix     lang.Text // how a merchant fixes it
	// kinds are the kinds of push that it sends besides entry. It is skipped where the merchant does not receive one of them, or
	// does not accept a plain one: the checks of those names come first.
	kinds []client.Kind
	after []string // checks that must have passed, else this one is not judged
	judge judge    // what it sends, and which answers pass
	order bool     // what it sends is refused for what came before it, or did not, and not for its fields
}

// judge sends the pushes of a check and judges the answers.
type judge struct {
	expected lang.Text
	after    []string // that every check judged so rests on
	run      func(x *examination, sent lang.Text)
}

// checks is the table, in the order it is run: the controls, then what rests on them.
var checks = slices.Concat(controls, kindChecks, carChecks, plateChecks, timeChecks, exitChecks, valueChecks, textChecks, rawChecks,
	answerChecks, signatureChecks, repeatChecks, robustnessChecks, burstChecks, lastChecks)

// The two controls. Nothing is judged of an endpoint that does not accept a right push, and no refusal of one that accepts anything.
const (
	controlPositive = "control-right-push"
	controlNegative = "control-garbage"
	forged          = "signature-forged" // what rests on signatures being verified at all comes after it
)

// Check is a row of the table as it is shown, in one language.
type Check struct {
	ID, Level, Section, Title, Sent, Expected, Fix string
	Needs                                          []string // checks without which it is not judged
}

// Checks lists what [Endpoint.Examine] checks, in its order, in English ("en") or Chinese ("zh").
func Checks(language string) []Check {
	list := make([]Check, len(checks))
	for i := range checks {
		c := &checks[i]
		list[i] = Check{
			c.id, c.level, c.section, c.title.In(language), c.sent.In(language), c.judge.expected.In(language), c.fix.In(language), c.needs(),
		}
	}
	return list
}

// needs are the checks without which this one is not judged.
func (c *check) needs() []string {
	all := slices.Concat(c.judge.after, c.after)
	for _, kind := range c.kinds {
		if c.id != string(kind) {
			all = append(all, string(kind))
		}
	}
	return all
}

var (
	isAccepted = lang.Text{
		EN: "HTTP 2xx within the timeout, and a JSON object whose code is the number 0",
		ZH: "超时前返回 HTTP 2xx，正文为 JSON 对象，且 code 为数字 0",
	}
	isRefused = lang.Text{
		EN: "anything but HTTP 2xx with code 0; best is code 4 签名校验非法",
		ZH: "除 HTTP 2xx 且 code 为 0 以外的任何应答；最好返回 code 4 签名校验非法",
	}
	isError = lang.Text{
		EN: "an answer that is an error (HTTP 4xx, or a code that is not 0); and a right push is accepted afterwards",
		ZH: "返回错误（HTTP 4xx，或 code 不为 0）；之后仍能接收正确的推送",
	}
)

// accepts judges right pushes: each has to be accepted.
func accepts(pushes func(*maker) []message) judge {
	return judge{expected: isAccepted, run: func(x *examination, sent lang.Text) {
		all := pushes(x.maker)
		for _, m := range all {
			if !x.accept(m, m.among(all, sent)) && x.report.Outage != nil {
				return
			}
		}
	}}
}

// acceptsOne judges one right push.
func acceptsOne(push func(*maker) message) judge {
	return accepts(func(k *maker) []message { return []message{push(k)} })
}

// acceptsPlates judges right pushes of other plates than the one given. An endpoint that takes only plates it knows (--plate) refuses them as it refuses
// any plate it does not know, which is no fault.
func acceptsPlates(pushes func(*maker) []message) judge {
	return judge{expected: isAccepted, run: func(x *examination, sent lang.Text) {
		all := pushes(x.maker)
		for _, m := range all {
			r := x.send(m)
			if x.note(m, sent, r, true) {
				return
			}
			why := r.refusal(x.endpoint.Timeout)
			switch {
			case why.IsZero():
			case x.knownOnly && r.Err == nil && r.verdict() == x.strangeVerdict():
				x.skip = lang.Text{EN: "the endpoint takes only plates it knows (--plate), and this is none of them", ZH: "该端点只接受已知车牌（--plate），而这不是其中之一"}
				return
			default:
				x.fail(m, r, notAccepted.With(m.among(all, sent), why)).Fix = x.in(x.fixOf(m, r))
			}
		}
	}}
}

// notAccepted is a finding about a right push, by what it is and how it was answered.
var notAccepted = lang.Text{EN: "%s: not accepted: %s", ZH: "%s：未被接受：%s"}

// among says which of several pushes a push is, by the fields that set it apart, behind what they are together.
func (m message) among(all []message, together lang.Text) lang.Text {
	var apart []string
	for _, f := range m.fields {
		value := m.text(f.Name)
		if f.Name != "synId" && slices.ContainsFunc(all, func(other message) bool { return other.text(f.Name) != value }) {
			apart = append(apart, f.Name+" "+value)
		}
	}
	if len(apart) == 0 {
		return together
	}
	return lang.Text{EN: "%s, the one with %s", ZH: "%s，其中 %s 的那一条"}.With(together, strings.Join(apart[:min(len(apart), mostApart)], " "))
}

// mostApart is how many fields say which of several pushes one is.
const mostApart = 3

// strangeVerdict is how a right push is answered whose plate the endpoint does not know.
func (x *examination) strangeVerdict() string {
	if x.strange == nil {
		x.strange = x.send(x.maker.entry().with("plateNumber", x.maker.newPlate()))
	}
	return x.strange.verdict()
}

// part is one push of several, with a name of its own in what is reported.
type part struct {
	name lang.Text
	push message
}

// acceptsInTurn judges right pushes of which each makes sense only if the one before was accepted.
func acceptsInTurn(parts func(*maker) []part) judge {
	return judge{expected: isAccepted, run: func(x *examination, _ lang.Text) {
		for _, p := range parts(x.maker) {
			if !x.accept(p.push, p.name) {
				return
			}
		}
	}}
}

// notInAForm is a judge that says nothing of a form, in which numbers and texts look alike.
func notInAForm(j judge) judge {
	run := j.run
	j.run = func(x *examination, sent lang.Text) {
		if x.sender.encoding == EncodingForm {
			x.skip = lang.Text{EN: "a form does not tell a number from a text", ZH: "表单不区分数字和字符串"}
			return
		}
		run(x, sent)
	}
	return j
}

// refuses judges one push that is signed wrong.
func refuses(push func(*examination) message) judge {
	return judge{expected: isRefused, after: []string{controlNegative}, run: func(x *examination, sent lang.Text) { x.refuse(push(x), sent) }}
}

// refusesEach judges a push once for each of its fields, with that field changed after it was signed.
func refusesEach(push func(*maker) message) judge {
	return judge{expected: isRefused, after: []string{controlNegative, forged}, run: func(x *examination, _ lang.Text) {
		for _, f := range push(x.maker).fields {
			m := push(x.maker)
			x.refuse(m.tampered(f.Name, other(f)), lang.Text{EN: "a push with %s changed after signing", ZH: "签名后修改了 %s 的推送"}.With(f.Name))
		}
	}}
}

// answers judges the answer to a right push; wrong says what is wrong with it.
func answers(expected lang.Text, wrong func(*reply) lang.Text) judge {
	return judge{expected: expected, run: func(x *examination, sent lang.Text) {
		m := x.maker.entry()
		r := x.send(m)
		if x.note(m, sent, r, true) {
			return
		}
		if why := r.refusal(x.endpoint.Timeout); !why.IsZero() {
			x.fail(m, r, notAccepted.With(sent, why)).Fix = x.in(x.fixOf(m, r))
			return
		}
		if problem := wrong(r); !problem.IsZero() {
			x.fail(m, r, problem)
		}
	}}
}

// survives judges what is no push: it is answered with an error, and a right push is accepted afterwards.
func survives(garbage func(*examination) message) judge { return survivesOr(false, garbage) }

// survivesOrCuts is survives, where the endpoint may also close the connection.
func survivesOrCuts(garbage func(*examination) message) judge { return survivesOr(true, garbage) }

func survivesOr(mayCut bool, garbage func(*examination) message) judge {
	return judge{expected: isError, after: []string{controlNegative}, run: func(x *examination, sent lang.Text) { x.survive(garbage(x), sent, mayCut) }}
}

var shortQueue = lang.Text{
	EN: "the queue of connections is too short: raise the listen backlog (request_queue_size, acceptCount, backlog)",
	ZH: "连接队列过短：请调大监听队列（request_queue_size、acceptCount、backlog）",
}

// acceptsAtOnce judges right pushes that are sent at the same time; it fails once, with how many were not accepted.
func acceptsAtOnce(expected lang.Text, pushes func(*examination) []message) judge {
	return judge{expected: expected, run: func(x *examination, sent lang.Text) {
		messages := pushes(x)
		replies := make([]*reply, len(messages))
		var all sync.WaitGroup
		for i := range messages {
			all.Go(func() { replies[i] = x.send(messages[i]) })
		}
		all.Wait()
		bad, first := 0, -1
		for i, r := range replies {
			if r.NeverCame() { // too many at once, which is no end of the endpoint: settle finds out
				x.unstable = true
			} else {
				x.note(messages[i], sent, r, true)
			}
			if !r.refusal(x.endpoint.Timeout).IsZero() {
				if bad++; first < 0 {
					first = i
				}
			}
		}
		if bad > 0 {
			r := replies[first]
			f := x.fail(messages[first], r, lang.Text{EN: "%s: %d of %d were not accepted; the first: %s", ZH: "%s：%d 条（共 %d 条）未被接受；第一条：%s"}.
				With(sent, bad, len(messages), r.refusal(x.endpoint.Timeout)))
			if f.Fix = x.in(x.spoken(r)); r.TimedOut() {
				f.Fix = x.in(lang.Text{EN: "%s; where one push alone is answered at once, %s", ZH: "%s；如果单条推送应答很快，则是%s"}.With(x.spoken(r), shortQueue))
			}
		}
	}}
}
