package webhook

import (
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/etcp-mock/etcp-mock/internal/lang"
	"github.com/etcp-mock/etcp-mock/sign"
	"github.com/etcp-mock/etcp-mock/sign/diagnose"
	"github.com/etcp-mock/etcp-mock/sign/diagnose/inspect"
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
func (x *exam) diagnose(m message, first *reply) lang.Text {
	if first.Err != nil || first.Status == http.StatusNotFound || first.Status == http.StatusMethodNotAllowed {
		return x.spoken(first)
	}
	if spoken := x.spoken(first); !spoken.IsZero() {
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
	if cause := x.cause(m); !cause.IsZero() {
		return cause
	}
	if code, problem := first.code(); problem.IsZero() && code != "0" {
		return lang.T("no other way of signing was accepted either: is the key right, and the merchant's number? does the endpoint know the plate (--plate)?",
			"其他签名方式也未被接受：密钥和商户号是否正确？端点是否认识该车牌（--plate）？")
	}
	return lang.Text{}
}

func (x *exam) acceptsAs(s sender, m message) bool {
	return x.sendAs(s, m).refusal(x.endpoint.Timeout).IsZero()
}

// The limits of a search for causes: pushes sent for one that was refused, for all of an examination, and the time it takes.
const (
	mostTries = 600
	allTries  = 3000
	causeTime = 10 * time.Second
)

// cause finds out which mistake makes an endpoint refuse a right push: it sends the push as who makes that mistake would want it signed, for each mistake that
// package diagnose knows. What was found before is tried first. none where nothing was found.
func (x *exam) cause(m message) lang.Text {
	p := diagnose.Push{MerchantNo: x.sender.merchantNo, Key: x.sender.key, SignData: x.sender.signData}
	if _, _, body := x.sender.encode(m); m.raw == nil || m.rawText != "" {
		p.Body = []byte(body)
	} else {
		return lang.Text{}
	}
	var lower string
	if s, err := p.Examine(); err == nil {
		lower = strings.ToLower(s.Expected)
	}
	candidates := []diagnose.Candidate{{
		Kinds: []string{"lower-case"}, Signature: lower, What: "the signment is compared in lower case", WhatZh: "比较时用的是小写的 signment",
		Fix: "Compute and compare it in upper case (§6)", FixZh: "请用大写计算和比较（§6）",
	}}
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
	for _, c := range candidates {
		if x.tries++; x.tries > allTries || x.ctx.Err() != nil || time.Now().After(until) {
			return lang.Text{}
		}
		if !x.acceptsAs(x.sender, m.resigned(c.Signature)) {
			continue
		}
		if x.acceptsAs(x.sender, m.resigned(x.forged())) {
			return doesNotVerify
		}
		x.found = c.Kinds
		return lang.T("the endpoint accepts this push with the signment of another text: %s (%s). %s", "端点接受了对另一文本签名的同一推送：%s（%s）。%s").
			With(lang.T(c.What, c.WhatZh), strings.Join(c.Kinds, ", "), lang.T(c.Fix, c.FixZh))
	}
	return lang.Text{}
}

func boolRank(first bool) int {
	if first {
		return 0
	}
	return 1
}

// spoken is the fix that follows from an answer as it is: none where the answer is a refusal with a code, or an error.
func (x *exam) spoken(r *reply) lang.Text {
	switch {
	case r.TimedOut():
		return lang.T("answer within %s: store the push, answer code 0, and do the slow work (database, calls to others) afterwards", "请在 %s 内应答：先保存推送并返回 code 0，耗时的工作（数据库、调用其他系统）放到之后").With(x.endpoint.Timeout)
	case r.Err != nil && r.Status == 0:
		return lang.T("the connection was refused or reset (%s): raise the listen backlog (net.core.somaxconn, acceptCount, backlog) and the number of workers", "连接被拒绝或重置（%s）：请调大监听队列（net.core.somaxconn、acceptCount、backlog）和工作线程数").With(plainError(r.Err))
	case r.Err != nil:
		return lang.Text{}
	case r.Status < 200 || r.Status > 299:
		if f, ok := inspect.Answer(r.Body); ok && (f.Kind == "answer-html" || f.Kind == "answer-xml") {
			return lang.T("HTTP %d: %s. %s", "HTTP %d：%s。%s").With(r.Status, lang.T(f.Detail, f.DetailZh), lang.T(f.Fix, f.FixZh))
		}
		return lang.Text{}
	}
	f, ok := inspect.Answer(r.Body)
	if !ok || f.Kind == "answer-code-not-0" {
		return lang.Text{}
	}
	return lang.T("%s (%s). %s", "%s（%s）。%s").With(lang.T(f.Detail, f.DetailZh), lang.T(f.Evidence, f.EvidenceZh), lang.T(f.Fix, f.FixZh))
}
