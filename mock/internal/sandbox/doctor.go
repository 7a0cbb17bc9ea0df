package sandbox

import (
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/etcp-mock/etcp-mock/internal/suggest"
	"github.com/etcp-mock/etcp-mock/mock/internal/platform"
	"github.com/etcp-mock/etcp-mock/sign"
)

// mostKeys bounds how many other merchants' keys one signature is held against.
const mostKeys = 1000

// otherKeys are the keys of the other merchants of this server by their number,
// those of this sandbox first.
func (s *Sandbox) otherKeys(merchantNo string) map[string]string {
	keys := map[string]string{}
	take := func(w *platform.State, _ time.Time) {
		for _, m := range w.Merchants() {
			if len(keys) < mostKeys && m.No != merchantNo {
				keys[m.No] = m.Key
			}
		}
	}
	s.View(take)
	for _, other := range s.worlds.All() {
		if other != s && len(keys) < mostKeys {
			other.View(take)
		}
	}
	return keys
}

// ExamineSign examines the signature of a request (§6); the keys of the other
// merchants are the server's.
func (s *Sandbox) ExamineSign(a sign.RequestAttempt) sign.Examination {
	a.OtherKeys = s.otherKeys(a.MerchantNo)
	return sign.Examine(a)
}

// ExaminePush examines the signature of a push (§10). Its error matches [sign.ErrMalformed].
func (s *Sandbox) ExaminePush(a sign.PushAttempt) (sign.Examination, error) {
	a.OtherKeys = s.otherKeys(a.MerchantNo)
	return sign.ExaminePush(a)
}

// Doubt is what is found out of a refusal when somebody asks and not before, so
// that a flood of wrong signatures costs no more than other requests.
type Doubt struct {
	explain func() []platform.Value
	cheap   bool
	weight  int // of the texts it keeps, in bytes

	once   sync.Once
	done   atomic.Bool
	values []platform.Value
}

// Doubt keeps what it takes to explain a wrong signature.
func (s *Sandbox) Doubt(a sign.RequestAttempt) *Doubt {
	const most = 16 << 10 // longer data is not held against its encoding
	if len(a.RawData) > most {
		a.RawData = ""
	}
	a.RawData = strings.Clone(a.RawData) // not the whole body with it
	return &Doubt{weight: len(a.Data) + len(a.RawData), explain: func() []platform.Value { return s.signValues(a) }}
}

// forgotten is the doubt of an entry whose texts the journal has shortened.
func forgotten() *Doubt {
	const en, zh = "(no longer known)", "（已不再保存）"
	return &Doubt{cheap: true, explain: func() []platform.Value {
		return []platform.Value{
			{Name: "want", Text: en, Zh: zh},
			{Name: "signed", Text: en, Zh: zh},
			{
				Name: "diagnosis", Text: "The journal holds as much as it may, so data was shortened before anybody asked what this is the signature of.",
				Zh: "请求日志已达上限，在查询之前 data 已被截短，因此无法再分析该签名。",
			},
		}
	}}
}

// DoubtMerchant keeps what it takes to say which merchant was meant.
func (s *Sandbox) DoubtMerchant(no string) *Doubt {
	return &Doubt{cheap: true, explain: func() []platform.Value { return []platform.Value{s.worlds.merchantMend(no)} }}
}

// merchantMend names the merchant that was probably meant, or some there are.
func (ws *Worlds) merchantMend(no string) platform.Value {
	ws.mu.RLock()
	names := make([]string, 0, min(len(ws.merchants), mostKeys))
	for name := range ws.merchants {
		if len(names) == mostKeys {
			break
		}
		names = append(names, name)
	}
	ws.mu.RUnlock()
	slices.Sort(names)
	if meant := suggest.Nearest(no, names); meant != "" {
		return platform.Value{Name: "mend", Text: "Did you mean " + meant + "?", Zh: "是否想用 " + meant + "？"}
	}
	const few = 5
	if len(names) == 0 {
		return platform.Value{Name: "mend", Text: "It has no merchant at all.", Zh: "本服务器还没有任何商户。"}
	}
	more := ""
	if len(names) > few {
		names, more = names[:few], " …"
	}
	return platform.Value{Name: "mend", Text: "There are " + strings.Join(names, ", ") + more + ".", Zh: "现有商户：" + strings.Join(names, "、") + more + "。"}
}

// Examined tells whether explaining costs next to nothing, now or any more.
func (e *Entry) Examined() bool { return e.Doubt == nil || e.Doubt.cheap || e.Doubt.done.Load() }

// explained are the values of the explanation that were left out.
func (d *Doubt) explained() []platform.Value {
	d.once.Do(func() {
		d.values = d.explain()
		d.done.Store(true)
		d.explain = nil // nor the key, nor data a second time
	})
	return d.values
}

// signValues are the right signature, its text, and the diagnosis of a wrong one.
func (s *Sandbox) signValues(a sign.RequestAttempt) []platform.Value {
	found := s.ExamineSign(a)
	en, zh := make([]string, 0, len(found.Findings)), make([]string, 0, len(found.Findings))
	for _, f := range found.Findings {
		en = append(en, f.Kind+": "+f.Detail+".")
		zh = append(zh, f.Kind+"："+f.DetailZh)
	}
	return []platform.Value{
		{Name: "want", Text: found.Expected},
		{Name: "signed", Text: clipText(found.Signed)},
		{Name: "diagnosis", Text: strings.Join(en, " "), Zh: strings.Join(zh, "")},
	}
}

// Explain is why a request was refused, in English ("en") or Chinese ("zh"), or
// "" where it was not.
func (e *Entry) Explain(language string) string {
	switch {
	case e.Refusal == nil:
		return ""
	case e.Doubt == nil:
		return e.Refusal.Explain(language)
	}
	whole := *e.Refusal
	whole.Values = slices.Concat(whole.Values, e.Doubt.explained())
	return whole.Explain(language)
}

// clipText shows both ends of a long text.
func clipText(text string) string {
	const most, end = 400, 60
	if len(text) <= most {
		return text
	}
	return strings.ToValidUTF8(text[:most-end], "") + "…" + strings.ToValidUTF8(text[len(text)-end:], "")
}

// doubtAgain makes what was left out of a restored journal explainable, with the
// keys and rules that the state has now. The door is held.
func (s *Sandbox) doubtAgain() {
	ws := sign.Whitespace(s.world.Rules().SignWhitespace)
	s.journal.forward(func(e *Entry) bool {
		if e.Refusal != nil && e.Refusal.Reason == "unknown-merchant" {
			e.Doubt = s.DoubtMerchant(e.MerchantNo)
		}
		if e.Refusal != nil && e.Refusal.Reason == "sign-mismatch" && e.Shortened {
			e.Doubt = forgotten()
		} else if e.Refusal != nil && e.Refusal.Reason == "sign-mismatch" {
			key, _ := s.world.MerchantKey(e.MerchantNo)
			e.Doubt = s.Doubt(sign.RequestAttempt{
				MerchantNo: e.MerchantNo, Key: key, Data: e.Data, Stamp: e.TimeStamp, Sign: e.Sign, Whitespace: ws,
			})
		}
		return true
	})
}
