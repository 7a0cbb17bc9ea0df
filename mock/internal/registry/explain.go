package registry

import (
	"slices"
	"strings"
	"time"

	"github.com/etcp-mock/etcp-mock/internal/mask"
	"github.com/etcp-mock/etcp-mock/internal/suggest"
	"github.com/etcp-mock/etcp-mock/mock/internal/engine"
	"github.com/etcp-mock/etcp-mock/mock/internal/platform/reasons"
	"github.com/etcp-mock/etcp-mock/mock/internal/sandbox"
	"github.com/etcp-mock/etcp-mock/sign/diagnose"
	"github.com/etcp-mock/etcp-mock/sign/diagnose/inspect"
)

// maxKeys bounds how many other merchants' keys one signature is held against.
const maxKeys = 1000

// otherKeys are the keys of the other merchants of this server by their number, those of the same sandbox first.
func (r *Registry) otherKeys(merchantNo string) map[string]string {
	keys := map[string]string{}
	own, _ := r.Of(merchantNo)
	all := append([]*sandbox.Sandbox{own}, r.All()...)
	for _, s := range all {
		if s == nil || len(keys) >= maxKeys {
			continue
		}
		s.View(func(w engine.StateView, _ time.Time) {
			for _, m := range w.Merchants() {
				if len(keys) < maxKeys && m.No != merchantNo {
					keys[m.No] = m.Key
				}
			}
		})
	}
	return keys
}

// Keys are the keys of all merchants of all sandboxes.
func (r *Registry) Keys() *mask.Words { return &r.host.Keys }

// ExamineSign examines the signature of a request (§6); the keys of the other merchants are the server's.
func (r *Registry) ExamineSign(a diagnose.Request) diagnose.Result {
	a.OtherKeys = r.otherKeys(a.MerchantNo)
	return a.Examine()
}

// ExplainRequest examines the signature of a request, and the rest of the request with it.
func (r *Registry) ExplainRequest(a diagnose.Request) diagnose.Result {
	a.OtherKeys = r.otherKeys(a.MerchantNo)
	return a.Explain()
}

// ExaminePush examines the signature of a push (§10). Its error matches [sign.ErrMalformed].
func (r *Registry) ExaminePush(a diagnose.Push) (diagnose.Result, error) {
	a.OtherKeys = r.otherKeys(a.MerchantNo)
	return a.Examine()
}

// explainer explains refusals with what the whole server knows.
type explainer struct{ r *Registry }

// Sign gives the right signature, its text, the diagnosis of a wrong one, and the fix.
func (x explainer) Sign(a diagnose.Request) reasons.Explanation {
	found := x.r.ExamineSign(a)
	var en, zh, fix, fixZh []string
	for _, f := range found.Findings {
		text, textZh := f.Kind+": "+f.Detail, f.Kind+"："+f.DetailZh
		if f.Evidence != "" {
			text, textZh = text+"; "+f.Evidence, textZh+"；"+f.EvidenceZh
		}
		en, zh = append(en, text+"."), append(zh, textZh+"。")
		fix, fixZh = append(fix, f.Fix), append(fixZh, f.FixZh)
	}
	for _, other := range found.Alternatives {
		each, eachZh := make([]string, len(other)), make([]string, len(other))
		for i, f := range other { // the text that was signed is the same, and stands above
			what, _, _ := strings.Cut(f.Detail, "; signed ")
			whatZh, _, _ := strings.Cut(f.DetailZh, "；实际签名的文本是 ")
			each[i], eachZh[i] = f.Kind+": "+what, f.Kind+"："+whatZh
		}
		en, zh = append(en, "It may also be "+strings.Join(each, "; and ")+"."), append(zh, "也可能是 "+strings.Join(eachZh, "；并且 ")+"。")
	}
	return reasons.Explanation{Findings: found.Findings, Values: []reasons.Value{
		{Name: "want", Text: found.Expected},
		{Name: "signed", Text: trim(found.Signed)},
		{Name: "diagnosis", Text: strings.Join(en, " "), Zh: strings.Join(zh, "")},
		{Name: "fix", Text: strings.Join(fix, "; "), Zh: strings.Join(fixZh, "；")},
	}}
}

// Merchant says which merchant was probably meant and what is wrong with its number, or which there are.
func (x explainer) Merchant(no string) reasons.Explanation {
	for other, key := range x.r.otherKeys("") {
		if key == no {
			return because(inspect.MerchantIsKey(other), "•••")
		}
	}
	names := x.r.numbers(maxKeys)
	if f, ok := inspect.Merchant(no, func(name string) bool { return slices.Contains(names, name) }); ok {
		return because(f, no)
	}
	fix := func(en, zh string) reasons.Explanation {
		return reasons.Explanation{Values: []reasons.Value{{Name: "given", Text: no}, {Name: "fix", Text: en, Zh: zh}}}
	}
	if meant := suggest.Nearest(no, names); meant != "" {
		return fix("Did you mean "+meant+"?", "是否想用 "+meant+"？")
	}
	const few = 5
	if len(names) == 0 {
		return fix("It has no merchant at all.", "本服务器还没有任何商户。")
	}
	more := ""
	if len(names) > few {
		names, more = names[:few], " …"
	}
	return fix("Send the number of a merchant that this server has: "+strings.Join(names, ", ")+more+".", "请发送本服务器已有的商户号："+strings.Join(names, "、")+more+"。")
}

// because is the explanation of a merchant_no that a finding explains.
func because(f inspect.Finding, given string) reasons.Explanation {
	r := reasons.Refuse("unknown-merchant").With("given", given).Because(f)
	return reasons.Explanation{Values: r.Values, Findings: r.Findings}
}

// trim shows both ends of a long text.
func trim(text string) string {
	const most, end = 400, 60
	if len(text) <= most {
		return text
	}
	return strings.ToValidUTF8(text[:most-end], "") + "…" + strings.ToValidUTF8(text[len(text)-end:], "")
}
