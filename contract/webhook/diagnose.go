package webhook

import (
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/etcp-mock/etcp-mock/contract/report"
	"github.com/etcp-mock/etcp-mock/internal/lang"
	"github.com/etcp-mock/etcp-mock/sign"
	"github.com/etcp-mock/etcp-mock/sign/diagnose"
)

// otherSenders are other values of the rules push.encoding and push.sign_data, tried where a right push is not accepted.
var otherSenders = []struct {
	means  lang.Text // what it means that it was accepted
	change func(*sender)
}{
	{lang.Text{EN: "the body has to be JSON (--encoding json)", ZH: "正文必须是 JSON（--encoding json）"}, func(s *sender) { s.encoding = EncodingJSON }},
	{lang.Text{EN: "it reads a form (--encoding form)", ZH: "它读取表单（--encoding form）"}, func(s *sender) { s.encoding = EncodingForm }},
	{lang.Text{EN: "it reads a form whose parameter data holds the JSON (--encoding form-data-param)", ZH: "它读取表单，JSON 在参数 data 中（--encoding form-data-param）"}, func(s *sender) { s.encoding = EncodingFormParam }},
	{lang.Text{EN: "it hashes the compact JSON (--sign-data json)", ZH: "它对紧凑 JSON 计算散列（--sign-data json）"}, func(s *sender) { s.signData = sign.JSON }},
	{lang.Text{EN: "it hashes the values joined (--sign-data values)", ZH: "它对各字段值拼接计算散列（--sign-data values）"}, func(s *sender) { s.signData = sign.Values }},
	{lang.Text{EN: "it hashes k=v joined by & (--sign-data query)", ZH: "它对以 & 连接的 k=v 计算散列（--sign-data query）"}, func(s *sender) { s.signData = sign.Query }},
}

var doesNotVerify = lang.Text{
	EN: "it takes another push, and a forged one as well: it does not verify, and refuses for another reason",
	ZH: "它接受了另一种推送，也接受了伪造的推送：它没有验签，拒绝另有原因",
}

// diagnose finds out what an endpoint accepts that does not accept a right push. none where nothing was found.
func (x *examination) diagnose(m message, first *reply) lang.Text {
	if spoken := x.spoken(first); first.Err != nil || !spoken.IsZero() {
		if found := x.fieldOf(m, first); !found.IsZero() {
			return and(spoken, found)
		}
		return spoken
	}
	if turned := x.turnedRound(first); !turned.IsZero() {
		return turned
	}
	var reads *readsAs
	for _, other := range otherSenders {
		s := x.sender
		if other.change(&s); s == x.sender || x.ctx.Err() != nil {
			continue
		}
		if r := x.sendAs(s, x.maker.entry()); !r.refusal(x.endpoint.Timeout).IsZero() {
			if reads == nil && s.encoding != x.sender.encoding && r.Err == nil && r.verdict() != first.verdict() {
				reads = &readsAs{s, other.means, r.verdict()}
			}
			continue
		}
		if x.acceptsAs(s, x.maker.entry().signedAs(x.forged())) {
			return doesNotVerify
		}
		return lang.Text{EN: "another push it does accept: %s", ZH: "它接受了另一种推送：%s"}.With(other.means)
	}
	if other := x.otherReason(first); !other.IsZero() {
		if found := x.fieldOf(m, first); !found.IsZero() {
			return and(other, found)
		}
		if succeeds := x.successCode(first); !succeeds.IsZero() {
			return succeeds
		}
		return lang.Text{EN: "%s; give a plate that it knows (--plate)", ZH: "%s；请给出它认识的车牌（--plate）"}.With(other)
	}
	if reads != nil && x.isUnread(first) {
		return x.examineAs(reads, m, first)
	}
	if cause, _ := x.cause(m); !cause.IsZero() {
		return cause
	}
	if code, problem := first.code(); problem.IsZero() && code != "0" {
		return lang.Text{
			EN: "no other way of signing was accepted either: check the key and the merchant's number, and give a plate that the endpoint knows (--plate). Print the text that it hashes, and compare it byte by byte: merchant_no, the body as it came without signment, the key (etcp-mock sign explain --push does so)",
			ZH: "其他签名方式也未被接受：请检查密钥和商户号，并给出端点认识的车牌（--plate）。请打印端点求哈希的文本并逐字节比对：商户号、收到的原文去掉 signment、密钥（etcp-mock sign explain --push 可以帮忙比对）",
		}
	}
	return lang.Text{}
}

func (x *examination) acceptsAs(s sender, m message) bool {
	return x.sendAs(s, m).refusal(x.endpoint.Timeout).IsZero()
}

// The limits of a search for causes: pushes sent for the first push, which are all that package diagnose knows; for one that is refused though others
// were accepted; for all of an examination; and the time that a search takes.
const (
	mostTries  = 6000
	laterTries = 2500
	allTries   = 10000
	causeTime  = 15 * time.Second
	// atOnce is how many are sent at the same time: many servers answer after 40 ms only, since they write head and body apart.
	atOnce = 8
)

// cause finds out which mistake makes an endpoint refuse a right push: it sends the push as who makes that mistake would want it signed, for each mistake that
// package diagnose knows. What was found before is tried first. none where nothing was found; open says that not all could be tried.
func (x *examination) cause(m message) (fix lang.Text, open bool) {
	p := diagnose.Push{MerchantNo: x.sender.merchantNo, Key: x.sender.key, SignData: x.sender.signData}
	if _, _, body := x.sender.encode(m); m.raw == nil || m.rawText != "" {
		p.Body = []byte(body)
	} else {
		return lang.Text{}, false
	}
	most := mostTries
	if x.works() {
		most = laterTries
	}
	var candidates []diagnose.Candidate
	if err := p.Candidates(func(c diagnose.Candidate) bool {
		candidates = append(candidates, c)
		return len(candidates) < most
	}); err != nil {
		return lang.Text{}, false
	}
	if x.found != nil {
		slices.SortStableFunc(candidates, func(a, b diagnose.Candidate) int {
			return boolRank(slices.Equal(a.Kinds, x.found)) - boolRank(slices.Equal(b.Kinds, x.found))
		})
	}
	return x.search(m, candidates)
}

// search sends a push under one candidate's signment after the other until one is accepted. Several are sent at once, and fewer as soon as the endpoint
// answers late or not at all; which got no answer is said where none was accepted.
func (x *examination) search(m message, candidates []diagnose.Candidate) (fix lang.Text, open bool) {
	all, silent := len(candidates), 0
	until := time.Now().Add(causeTime)
	width := atOnce
	for len(candidates) > 0 {
		if x.tries > allTries {
			return givenUp.With(allTries), true
		}
		if x.ctx.Err() != nil || time.Now().After(until) {
			break
		}
		some := candidates[:min(width, len(candidates))]
		x.tries += len(some)
		t := x.tryAll(m, some)
		if t.accepted >= 0 {
			c := some[t.accepted]
			if x.acceptsAs(x.sender, m.resigned(x.forged())) {
				return doesNotVerify, false
			}
			x.found = c.Kinds
			return lang.Text{EN: "the endpoint accepts this push with another signment: %s", ZH: "换成另一种 signment，端点就接受了同一推送：%s"}.With(said(c)), false
		}
		if t.other >= 0 {
			if past := x.getsPast(m, some[t.other]); !past.IsZero() {
				return past, false
			}
		}
		if len(some) > 1 && (t.silent > 0 || t.uneven) {
			width = len(some) / 2
		}
		if t.silent > 0 && len(some) > 1 {
			continue // the same again, fewer at once
		}
		silent += t.silent
		candidates = candidates[len(some):]
	}
	switch {
	case x.ctx.Err() != nil:
		return lang.Text{}, false
	case silent+len(candidates) > 0:
		open := lang.Text{
			EN: "no other way of signing was accepted; but of the %d that are known %d got no answer and %d were not tried within %s, so these are not ruled out: " +
				"answer faster (listen backlog, workers), and run this check again",
			ZH: "其他签名方式均未被接受；但已知的 %d 种中有 %d 种没有得到应答，%d 种在 %s 内未及尝试，因此不能排除：请加快应答（监听队列、工作线程）后重新运行此项检查",
		}.With(all, silent, len(candidates), causeTime)
		if x.works() {
			return open, true
		}
		return lang.Text{EN: "check the key and the merchant's number: %s", ZH: "请核对密钥和商户号：%s"}.With(open), true
	case x.works():
		return notTheSignature.With(all), true
	}
	return lang.Text{}, false
}

// works says that a right push was accepted: the endpoint has the key and the merchant's number.
func (x *examination) works() bool { return x.status[controlPositive] == report.Passed }

// said is what a candidate says of the mistake that leads to it, and what to do.
func said(c diagnose.Candidate) lang.Text {
	return lang.Text{EN: "%s (%s). %s", ZH: "%s（%s）。%s"}.With(lang.Text{EN: c.What, ZH: c.WhatZh}, strings.Join(c.Kinds, ", "), lang.Text{EN: c.Fix, ZH: c.FixZh})
}

var (
	givenUp = lang.Text{
		EN: "the cause was not looked for: this run has sent more than %d pushes to find causes; --check with this check alone looks for it",
		ZH: "没有查找原因：本次运行为查找原因已发送超过 %d 条推送；用 --check 单独运行此项即可查找",
	}
	notTheSignature = lang.Text{
		EN: "it is answered as a forged push is, and with none of the %d other ways of signing that were tried is it accepted; the key is right, since other pushes are: so either this text is changed before it is hashed (hash the bytes as received), " +
			"or something in these fields is refused under the code of a wrong signature",
		ZH: "它得到的应答与伪造的推送相同，尝试的 %d 种其他签名方式也均未被接受；密钥是对的，因为其他推送被接受了：要么求哈希之前改动了这段文本（请对收到的原始字节求哈希），要么这些字段中的内容被拒绝，却用了签名错误的 code",
	}
)

// tried is what became of several pushes that were sent at the same time.
type tried struct {
	accepted int  // the first that was accepted; -1: none
	other    int  // the first that was answered, and otherwise than a forged push is; -1: none
	silent   int  // how many got no answer
	uneven   bool // some waited much longer than others, as they do whose connection did not fit into a short accept queue
}

// unevenBy is how much longer than the fastest the slowest takes where connections wait: a connection that was dropped is asked for again after one second.
const unevenBy = 700 * time.Millisecond

func (x *examination) tryAll(m message, candidates []diagnose.Candidate) tried {
	replies, times := make([]*reply, len(candidates)), make([]time.Duration, len(candidates))
	var all sync.WaitGroup
	for i, c := range candidates {
		all.Go(func() {
			begun := time.Now()
			replies[i] = x.sendAs(x.sender, m.resigned(c.Signature))
			times[i] = time.Since(begun)
		})
	}
	all.Wait()
	t := tried{accepted: -1, other: -1, uneven: slices.Max(times)-slices.Min(times) > unevenBy}
	for i, r := range replies {
		if r.Err != nil {
			t.silent++
		}
		if t.accepted < 0 && r.refusal(x.endpoint.Timeout).IsZero() {
			t.accepted = i
		}
		if t.other < 0 && x.isOther(r) {
			t.other = i
		}
	}
	return t
}

func boolRank(first bool) int {
	if first {
		return 0
	}
	return 1
}
