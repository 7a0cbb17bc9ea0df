package diagnose

import (
	"cmp"
	"slices"

	"github.com/etcp-mock/etcp-mock/sign/diagnose/inspect"
	"github.com/etcp-mock/etcp-mock/sign/diagnose/internal/guess"
	"github.com/etcp-mock/etcp-mock/sign/diagnose/internal/wire"
	"github.com/etcp-mock/etcp-mock/sign/diagnose/internal/words"
)

// Explain is [Request.Examine], and what else a server would find in the request, in the order of its checks: parameters that are missing or have other
// names, a merchant_no that is not written as MerchantNo is, a malformed time stamp, and, where the signature is right, data that is no JSON object or was not URL-encoded, and fields and values that are none of §9's.
//
// What of data, time_stamp, sign and merchant_no is empty is taken out of what arrived. Where data or time_stamp is not there either, the
// result has findings only.
func (r Request) Explain() Result {
	came := guess.CameOf(r.RawData, r.RawQuery, r.RawBody)
	sent := ""
	for _, p := range []struct {
		name string
		to   *string
	}{{"merchant_no", &sent}, {"time_stamp", &r.Stamp}, {"data", &r.Data}, {"sign", &r.Sign}} {
		at := slices.IndexFunc(came.Pairs, func(pair wire.Pair) bool { return pair.Name == p.name && pair.Raw != "" })
		if *p.to == "" && at >= 0 {
			*p.to = wire.Unescape(came.Pairs[at].Raw, true)
		}
	}
	found := inspect.Envelope(r.RawQuery, r.RawBody, r.Stamp)
	if f, ok := inspect.Merchant(sent, func(no string) bool { return no == r.MerchantNo }); ok && sent != r.MerchantNo && r.MerchantNo != "" {
		found = append(found, f)
	}
	r.MerchantNo = cmp.Or(r.MerchantNo, sent)
	if r.Data == "" || r.Stamp == "" {
		if len(found) == 0 {
			found = []Finding{words.Note("unknown", words.Phrase{En: "there is no data or no time_stamp, so there is nothing to sign", Zh: "没有 data 或 time_stamp，因此没有待签名文本"}, words.Phrase{},
				words.Phrase{En: "Send merchant_no, time_stamp, data and sign (§3)", Zh: "请发送 merchant_no、time_stamp、data 和 sign（§3）"})}
		}
		return Result{Findings: r.masked(found)}
	}
	out := r.Examine()
	if out.OK {
		found = append(found, inspect.Content(r.Data, came.RawData)...)
	}
	for _, f := range r.masked(found) {
		if !slices.ContainsFunc(out.Findings, func(known Finding) bool { return known.Kind == f.Kind && known.Evidence == f.Evidence }) {
			out.Findings = append(out.Findings, f)
		}
	}
	return out
}

// masked takes every key out of findings.
func (r Request) masked(found []Finding) []Finding {
	if len(found) == 0 {
		return nil
	}
	s := r.search()
	for i := range found {
		f := &found[i]
		for _, text := range []*string{&f.Detail, &f.DetailZh, &f.Evidence, &f.EvidenceZh, &f.Fix, &f.FixZh} {
			*text = s.Mask(*text)
		}
	}
	return found
}
