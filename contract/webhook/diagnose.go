package webhook

import (
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/etcp-mock/etcp-mock/internal/lang"
	"github.com/etcp-mock/etcp-mock/sign"
	"github.com/etcp-mock/etcp-mock/sign/diagnose"
)

// otherSenders are other values of the rules push.encoding and push.sign_data, tried where a right push is not accepted.
var otherSenders = []struct {
	means  lang.Text // what it means that it was accepted
	change func(*sender)
}{
	{lang.T("the body has to be JSON (--encoding json)", "正文必须是 JSON（--encoding json）"), func(s *sender) { s.encoding = EncodingJSON }},
	{lang.T("it reads a form (--encoding form)", "它读取表单（--encoding form）"), func(s *sender) { s.encoding = EncodingForm }},
	{lang.T("it reads a form whose parameter data holds the JSON (--encoding form-data-param)", "它读取表单，JSON 在参数 data 中（--encoding form-data-param）"), func(s *sender) { s.encoding = EncodingFormParam }},
	{lang.T("it hashes the compact JSON (--sign-data json)", "它对紧凑 JSON 计算散列（--sign-data json）"), func(s *sender) { s.signData = sign.JSON }},
	{lang.T("it hashes the values joined (--sign-data values)", "它对各字段值拼接计算散列（--sign-data values）"), func(s *sender) { s.signData = sign.Values }},
	{lang.T("it hashes k=v joined by & (--sign-data query)", "它对以 & 连接的 k=v 计算散列（--sign-data query）"), func(s *sender) { s.signData = sign.Query }},
}

var doesNotVerify = lang.T("it takes another push, and a forged one as well: it does not verify, and refuses for another reason",
	"它接受了另一种推送，也接受了伪造的推送：它没有验签，拒绝另有原因")

// diagnose finds out what an endpoint accepts that does not accept a right push. none where nothing was found.
func (x *examination) diagnose(m message, first *reply) lang.Text {
	if spoken := x.spoken(first); first.Err != nil || !spoken.IsZero() {
		return spoken
	}
	for _, other := range otherSenders {
		s := x.sender
		if other.change(&s); s == x.sender || x.ctx.Err() != nil || !x.acceptsAs(s, x.maker.entry()) {
			continue
		}
		if x.acceptsAs(s, x.maker.entry().signedAs(x.forged())) {
			return doesNotVerify
		}
		return lang.T("another push it does accept: %s", "它接受了另一种推送：%s").With(other.means)
	}
	if other := x.otherReason(first); !other.IsZero() {
		return lang.T("%s; does it know the plate (--plate)?", "%s；它是否认识该车牌（--plate）？").With(other)
	}
	if cause := x.cause(m); !cause.IsZero() {
		return cause
	}
	if code, problem := first.code(); problem.IsZero() && code != "0" {
		return lang.T("no other way of signing was accepted either: is the key right, and the merchant's number? does the endpoint know the plate (--plate)?",
			"其他签名方式也未被接受：密钥和商户号是否正确？端点是否认识该车牌（--plate）？")
	}
	return lang.Text{}
}

func (x *examination) acceptsAs(s sender, m message) bool {
	return x.sendAs(s, m).refusal(x.endpoint.Timeout).IsZero()
}

// The limits of a search for causes: pushes sent for one that was refused, for all of an examination, and the time it takes.
const (
	mostTries = 2000
	allTries  = 4000
	causeTime = 15 * time.Second
	// atOnce is how many are sent at the same time: many servers answer after 40 ms only, since they write head and body apart.
	atOnce = 8
)

// cause finds out which mistake makes an endpoint refuse a right push: it sends the push as who makes that mistake would want it signed, for each mistake that
// package diagnose knows. What was found before is tried first. none where nothing was found.
func (x *examination) cause(m message) lang.Text {
	p := diagnose.Push{MerchantNo: x.sender.merchantNo, Key: x.sender.key, SignData: x.sender.signData}
	if _, _, body := x.sender.encode(m); m.raw == nil || m.rawText != "" {
		p.Body = []byte(body)
	} else {
		return lang.Text{}
	}
	var candidates []diagnose.Candidate
	if err := p.Candidates(func(c diagnose.Candidate) bool {
		candidates = append(candidates, c)
		return len(candidates) < mostTries
	}); err != nil {
		return lang.Text{}
	}
	if x.found != nil {
		slices.SortStableFunc(candidates, func(a, b diagnose.Candidate) int {
			return boolRank(slices.Equal(a.Kinds, x.found)) - boolRank(slices.Equal(b.Kinds, x.found))
		})
	}
	until := time.Now().Add(causeTime)
	width := atOnce
	for len(candidates) > 0 {
		if x.tries > allTries || x.ctx.Err() != nil || time.Now().After(until) {
			return lang.Text{}
		}
		some := candidates[:min(width, len(candidates))]
		x.tries += len(some)
		at, cut := x.firstAccepted(m, some)
		if cut && width > 1 { // too many at once for it
			width = 1
			continue
		}
		candidates = candidates[len(some):]
		if at < 0 {
			continue
		}
		c := some[at]
		if x.acceptsAs(x.sender, m.resigned(x.forged())) {
			return doesNotVerify
		}
		x.found = c.Kinds
		return lang.T("the endpoint accepts this push with another signment: %s (%s). %s", "换成另一种 signment，端点就接受了同一推送：%s（%s）。%s").
			With(lang.T(c.What, c.WhatZh), strings.Join(c.Kinds, ", "), lang.T(c.Fix, c.FixZh))
	}
	return lang.Text{}
}

// firstAccepted sends a push under several signments at the same time, and gives the first of them that is accepted, -1 where none is; cut says that one was not
// answered.
func (x *examination) firstAccepted(m message, candidates []diagnose.Candidate) (at int, cut bool) {
	replies := make([]*reply, len(candidates))
	var all sync.WaitGroup
	for i, c := range candidates {
		all.Go(func() { replies[i] = x.sendAs(x.sender, m.resigned(c.Signature)) })
	}
	all.Wait()
	at = -1
	for i, r := range replies {
		cut = cut || r.Err != nil
		if at < 0 && r.refusal(x.endpoint.Timeout).IsZero() {
			at = i
		}
	}
	return at, cut && at < 0
}

func boolRank(first bool) int {
	if first {
		return 0
	}
	return 1
}
