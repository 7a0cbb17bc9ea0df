package webhook

import (
	"encoding/json"
	"net/http"
	"strconv"

	"github.com/etcp-mock/etcp-mock/contract/report"
	"github.com/etcp-mock/etcp-mock/internal/lang"
	"github.com/etcp-mock/etcp-mock/internal/lazyregexp"
	"github.com/etcp-mock/etcp-mock/schemas"
	"github.com/etcp-mock/etcp-mock/sign/diagnose"
	"github.com/etcp-mock/etcp-mock/sign/diagnose/inspect"
)

// turnedRound says that an endpoint answers a right push with another code than 0, and a forged one of the same fields with code 0. none where it does not.
func (x *examination) turnedRound(r *reply) lang.Text {
	code, problem := r.code()
	if !problem.IsZero() || isZero(code) || x.ctx.Err() != nil {
		return lang.Text{}
	}
	accepts := func(m message) bool { return x.send(m).refusal(x.endpoint.Timeout).IsZero() }
	if !accepts(x.maker.entry().signedAs(x.forged())) || accepts(x.maker.entry()) || !accepts(x.maker.entry().signedAs(x.forged())) {
		return lang.Text{}
	}
	return lang.Text{
		EN: "its codes are the other way round: a right push is answered with code %s, and a forged one with code 0. Answer 0 where a push is stored, and 4 where its signment is wrong",
		ZH: "它的 code 用反了：正确的推送得到 code %s，伪造的推送却得到 code 0。推送保存好之后返回 0，signment 错误时返回 4",
	}.With(code)
}

// wellDone is a message that says success.
var wellDone = lazyregexp.New(`(?i)^\s*(ok|success(ful)?(ly)?|succeed(ed)?|done|received|accepted|(操作|处理|接收|推送|请求|保存)?成功)\W*$`)

// successCode says of a refusal that is not of the signature that it may be none: some endpoints say 1 where all is well. none where its code is one of the
// platform's own for what is wrong.
func (x *examination) successCode(r *reply) lang.Text {
	code, problem := r.code()
	if !problem.IsZero() || isZero(code) || r.Status < 200 || r.Status > 299 {
		return lang.Text{}
	}
	var answer struct {
		Message string `json:"message"`
		Msg     string `json:"msg"`
	}
	_ = json.Unmarshal(r.Body, &answer)
	if message := answer.Message + answer.Msg; wellDone().MatchString(message) {
		return lang.Text{
			EN: "code %s comes with the message %q, and a forged push is answered with %s: so %[1]s seems to be what it answers where all is well. Answer code 0 there",
			ZH: "code %s 的 message 是 %q，而伪造的推送得到 %s：看来 %[1]s 就是它表示成功的应答。成功时请返回 code 0",
		}.With(code, message, x.forgedReply.verdict())
	}
	if number, err := strconv.Atoi(code); err == nil && number != 1 && schemas.Message(number) != "" {
		return lang.Text{}
	}
	return lang.Text{
		EN: "a forged push is answered with %s, and this one with %s, so it is not the signature. If %s is what it answers where all is well, answer code 0 there; else something in these fields is refused: give a plate that it knows (--plate)",
		ZH: "伪造的推送得到 %s，而本推送得到 %s，所以原因不是签名。如果 %s 是它表示成功的 code，请改为返回 code 0；否则被拒绝的是这些字段中的内容：请给出它认识的车牌（--plate）",
	}.With(x.forgedReply.verdict(), r.verdict(), code)
}

// readsAs is another way of writing a push, under which a right one is answered otherwise, though it is not accepted.
type readsAs struct {
	sender  sender
	means   lang.Text
	verdict string
}

// isUnread says that a right push is answered as what is no push at all.
func (x *examination) isUnread(first *reply) bool {
	garbage := x.send(body("this is no push"))
	return garbage.Err == nil && garbage.verdict() == first.verdict()
}

// examineAs says that an endpoint reads another encoding, and under it looks for the cause that a right push is not accepted.
func (x *examination) examineAs(reads *readsAs, m message, first *reply) lang.Text {
	was, forged := x.sender, x.forgedReply
	x.sender, x.forgedReply = reads.sender, nil
	defer func() { x.sender, x.forgedReply = was, forged }()
	seems := lang.Text{
		EN: "a right push is answered as what is no push is (%s), and written otherwise it is answered with %s: %s",
		ZH: "正确的推送得到的应答与不是推送的内容相同（%s），换一种写法则得到 %s：%s",
	}.With(first.verdict(), reads.verdict, reads.means)
	if !x.otherReason(x.send(x.maker.entry())).IsZero() {
		return seems
	}
	if cause, _ := x.cause(m); !cause.IsZero() {
		return lang.Text{EN: "%s. So written, %s", ZH: "%s。按此写法，%s"}.With(seems, cause)
	}
	return seems
}

// isOther says that a push is answered otherwise than a forged one is, and is not accepted either.
func (x *examination) isOther(r *reply) bool {
	f := x.forgedReply
	return f != nil && f.Err == nil && r.Err == nil && r.Status != http.StatusTooManyRequests && r.verdict() != f.verdict() && !r.refusal(x.endpoint.Timeout).IsZero()
}

// getsPast says that a push under a candidate's signment gets past the check of signatures, and then is not accepted for another reason, which is said. none
// where it was chance: a limit of requests answers everything otherwise.
func (x *examination) getsPast(m message, c diagnose.Candidate) lang.Text {
	again := x.sendAs(x.sender, m.resigned(c.Signature))
	forged := x.sendAs(x.sender, m.resigned(x.forged()))
	if !x.isOther(again) || forged.Err != nil || forged.verdict() != x.forgedReply.verdict() {
		return lang.Text{}
	}
	x.found = c.Kinds
	past := lang.Text{EN: "with another signment this push gets past the check of signatures: %s", ZH: "换成另一种 signment，同一推送就通过了验签：%s"}.With(said(c))
	then := x.spoken(again)
	if then.IsZero() {
		then = again.refusal(x.endpoint.Timeout)
	}
	return lang.Text{EN: "%s. Then it is not accepted for another reason: %s", ZH: "%s。之后它因别的原因仍未被接受：%s"}.With(past, then)
}

// outageOf says that an answer to the first push is none of an HTTP API's. nil is an answer to judge. Of a page its status, or what stands behind it, says
// more than that it is one.
func (x *examination) outageOf(m message, r *reply) *report.Outage {
	o := r.Outage(x.address(m))
	if o == nil || o.Kind != "html" {
		return o
	}
	fix, known := byStatus[r.Status]
	if f, ok := inspect.Answer(r.Body); !known && ok && f.Kind == "answer-framed" {
		fix, known = lang.Text{EN: "%s. %s", ZH: "%s。%s"}.With(lang.Text{EN: f.Detail, ZH: f.DetailZh}, lang.Text{EN: f.Fix, ZH: f.FixZh}), true
	}
	if !known && r.Status < http.StatusMultipleChoices {
		fix, known = pageFix, true
	}
	if known {
		o.Fix, o.FixZh = fix.EN, fix.ZH
	}
	return o
}

var pageFix = lang.Text{
	EN: "answer JSON: a login page or a proxy's stands before the endpoint (give the endpoint's own address), or its handler answers with a view (Spring: @RestController or @ResponseBody)",
	ZH: "请应答 JSON：要么接口前面是登录页或代理的页面（请给出接口本身的地址），要么处理程序返回的是视图（Spring 用 @RestController 或 @ResponseBody）",
}
