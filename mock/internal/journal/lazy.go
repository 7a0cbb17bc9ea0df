package journal

import (
	"sync"
	"sync/atomic"

	"github.com/etcp-mock/etcp-mock/mock/internal/platform/reasons"
	"github.com/etcp-mock/etcp-mock/sign/diagnose/inspect"
)

// NewLazy keeps what it takes to explain a refusal later: explain gives the values of the explanation that were left out, and
// keeps texts of about size bytes. One that is cheap is explained without being asked twice.
func NewLazy(explain func() reasons.Explanation, size int, cheap bool) *Lazy {
	return &Lazy{explain: explain, size: size, cheap: cheap}
}

// Lazy is what is found out of a refusal when somebody asks and not before, so
// that a flood of wrong signatures costs no more than other requests.
type Lazy struct {
	explain func() reasons.Explanation
	cheap   bool
	size    int // of the texts it keeps, in bytes

	once  sync.Once
	done  atomic.Bool
	found reasons.Explanation
}

// TrimmedLazy is that of an entry whose texts the journal has trimmed.
func TrimmedLazy() *Lazy {
	const en, zh = "(no longer known)", "（已不再保存）"
	return &Lazy{cheap: true, explain: func() reasons.Explanation {
		return reasons.Explanation{Values: []reasons.Value{
			{Name: "want", Text: en, Zh: zh},
			{Name: "signed", Text: en, Zh: zh},
			{
				Name: "diagnosis", Text: "The journal holds as much as it may, so data was trimmed before anybody asked what this is the signature of.",
				Zh: "请求日志已达上限，在查询之前 data 已被截短，因此无法再分析该签名。",
			},
		}}
	}}
}

// trim is what is left where the texts are let go: what was explained before stays so. Whether it was is no part of a sandbox's
// state, so nothing else depends on it: either way nothing counts for the size any more.
func (d *Lazy) trim() *Lazy {
	if !d.done.Load() {
		return TrimmedLazy()
	}
	found := d.found
	return NewLazy(func() reasons.Explanation { return found }, 0, true)
}

// explainedNow tells whether explaining costs next to nothing, now or any more.
func (d *Lazy) explainedNow() bool { return d == nil || d.cheap || d.done.Load() }

// explained is what was left out of the explanation.
func (d *Lazy) explained() reasons.Explanation {
	d.once.Do(func() {
		d.found = d.explain()
		d.done.Store(true)
		d.explain = nil // nor the key, nor data a second time
	})
	return d.found
}

// whole is why a request was refused, with what is found out only now; nil where it was not.
func (e *Entry) whole() *reasons.Refusal {
	if e.Refusal == nil || e.Lazy == nil {
		return e.Refusal
	}
	return e.Refusal.Plus(e.Lazy.explained())
}

// Diagnosis is what is known to be wrong with what came: kind, evidence and fix of each mistake.
func (e *Entry) Diagnosis() []inspect.Finding {
	if r := e.whole(); r != nil {
		return r.Findings
	}
	return nil
}

// Fix is what to do about a refusal, in English ("en") or Chinese ("zh"), or "" where that is not known.
func (e *Entry) Fix(language string) string {
	if r := e.whole(); r != nil {
		return r.Fix(language)
	}
	return ""
}

// Explain is why a request was refused, in English ("en") or Chinese ("zh"), or
// "" where it was not.
func (e *Entry) Explain(language string) string {
	if r := e.whole(); r != nil {
		return r.Explain(language)
	}
	return ""
}
