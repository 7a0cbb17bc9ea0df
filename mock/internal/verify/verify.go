// Package verify answers "does this hold that?" of a journal and a push log, and what differs where it does not. It is pure.
package verify

import (
	"cmp"
	"encoding/json"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/etcp-mock/etcp-mock/internal/lang"
	"github.com/etcp-mock/etcp-mock/mock/internal/journal"
	"github.com/etcp-mock/etcp-mock/mock/internal/push"
	"github.com/etcp-mock/etcp-mock/mock/internal/subset"
)

// RequestWant is what a journal is searched for; what is empty does not matter.
type RequestWant struct {
	Endpoint, MerchantNo string
	Code                 *int
	Data                 *subset.Object
}

// PushWant is what a push log is searched for; what is empty does not matter.
type PushWant struct {
	Kind, MerchantNo, PlateNumber, Status string
	Body                                  *subset.Object
}

// Count is how many are wanted, and how long to wait for them in real time. Max
// is negative where there is no upper bound.
type Count struct {
	Min, Max int
	Within   time.Duration
}

// Verification is what a search found: how many match, where too few do those that come nearest, best first, and where too many do the ids of
// some of them, newest first.
type Verification struct {
	OK      bool
	Matched int
	Nearest []Near
	TooMany []string
}

// Found is what matches, and what comes nearest. Nearest and IDs are asked for at most once.
type Found struct {
	Matched int
	Nearest func() []Near
	IDs     func() []string // of some that match
}

// Near is an entry that does not match, and where it does not.
type Near struct {
	ID      string
	Differs []string // "data.payment: want 8, got 9"
}

const mostNearest = 5

// OK tells whether so many are as many as are wanted, and whether nothing that comes can change that.
func (c Count) OK(matched int) (ok, settled bool) {
	ok = matched >= c.Min && (c.Max < 0 || matched <= c.Max)
	return ok, c.Max >= 0 && matched > c.Max || ok && c.Max < 0
}

// Judge is what was found, held to the count. It is the last word where nothing that comes can change it, or the time is over.
func (c Count) Judge(found Found, last bool) (out Verification, settled bool) {
	ok, settled := c.OK(found.Matched)
	out = Verification{OK: ok, Matched: found.Matched, Nearest: []Near{}}
	switch {
	case !settled && !last:
	case found.Matched < c.Min:
		out.Nearest = found.Nearest()
	case !ok:
		out.TooMany = found.IDs()
	}
	return out, settled
}

// Wanted says what was wanted and how many matched: "want at least 2, matched 1".
func (c Count) Wanted(matched int) lang.Text {
	text := lang.T("want at least %d, matched %d", "要求至少 %d 条，匹配 %d 条").With(c.Min, matched)
	switch {
	case c.Max == 0:
		text = lang.T("want none, matched %d", "要求一条也没有，匹配 %d 条").With(matched)
	case c.Max == c.Min:
		text = lang.T("want exactly %d, matched %d", "要求恰好 %d 条，匹配 %d 条").With(c.Min, matched)
	case c.Max > 0 && c.Min > 0:
		text = lang.T("want %d to %d, matched %d", "要求 %d 至 %d 条，匹配 %d 条").With(c.Min, c.Max, matched)
	case c.Max > 0:
		text = lang.T("want at most %d, matched %d", "要求至多 %d 条，匹配 %d 条").With(c.Max, matched)
	}
	return text
}

// Requests looks for entries that match, which are given oldest first.
func (w *RequestWant) Requests(entries []journal.Entry) Found {
	return search(func(each func(*journal.Entry)) {
		for i := range slices.Backward(entries) {
			each(&entries[i])
		}
	}, w.Distance, func(e *journal.Entry) int64 { return w.Data.Off(e.Data) }, func(e *journal.Entry) string { return e.ID }, w.explain)
}

// Pushes looks for pushes that match, which are given newest first.
func (w *PushWant) Pushes(all []push.Brief) Found {
	return search(func(each func(*push.Brief)) {
		for i := range all {
			each(&all[i])
		}
	}, w.Distance, func(p *push.Brief) int64 {
		if w.Body.Fields() == 0 {
			return 0
		}
		return w.Body.Off(bodyObject(p))
	}, func(p *push.Brief) string { return p.ID }, w.explain)
}

// near is what does not match: in how much it differs, how far its values are from those that are wanted, and what is said of it.
type near struct {
	differs int
	off     int64
	Near
}

// search counts what matches, and keeps the first of that. What comes nearest is looked for when it is asked for, for that takes longer: that in
// which least differs, of equals that with the nearest values, of equals the first.
func search[T any](visit func(each func(T)), differs func(T) int, off func(T) int64, id func(T) string, explain func(T) []string) Found {
	out := Found{}
	first := []string{}
	visit(func(item T) {
		if differs(item) == 0 {
			if out.Matched++; len(first) < mostNearest {
				first = append(first, id(item))
			}
		}
	})
	out.IDs = func() []string { return first }
	out.Nearest = func() []Near {
		var nearest []near
		visit(func(item T) {
			n := near{differs: differs(item)}
			full := len(nearest) == mostNearest
			if n.differs == 0 || full && n.differs > nearest[mostNearest-1].differs {
				return
			}
			n.off = off(item)
			at, _ := slices.BinarySearchFunc(nearest, n, func(have, n near) int {
				if c := cmp.Or(cmp.Compare(have.differs, n.differs), cmp.Compare(have.off, n.off)); c != 0 {
					return c
				}
				return -1 // behind its equals
			})
			if at == mostNearest {
				return
			}
			n.Near = Near{id(item), explain(item)}
			nearest = slices.Insert(nearest, at, n)
			nearest = nearest[:min(len(nearest), mostNearest)]
		})
		all := make([]Near, len(nearest))
		for i := range nearest {
			all[i] = nearest[i].Near
		}
		return all
	}
	return out
}

// How much further away an entry is that differs in what it is, than one that
// differs in a field.
const (
	offKind     = 8
	offMerchant = 3
)

// Distance is 0 where an entry matches, and grows with what differs.
func (w *RequestWant) Distance(e *journal.Entry) (off int) {
	if w.Endpoint != "" && w.Endpoint != e.Endpoint {
		off += offKind
	}
	if w.MerchantNo != "" && w.MerchantNo != e.MerchantNo {
		off += offMerchant
	}
	if w.Code != nil && *w.Code != e.Code {
		off++
	}
	return off + w.Data.Differs(e.Data)
}

func (w *RequestWant) explain(e *journal.Entry) []string {
	var d differences
	d.text("endpoint", w.Endpoint, e.Endpoint)
	d.text("merchantNo", w.MerchantNo, e.MerchantNo)
	if w.Code != nil && *w.Code != e.Code {
		d = append(d, "code: want "+strconv.Itoa(*w.Code)+", got "+strconv.Itoa(e.Code))
	}
	return append(d, w.Data.Explain("data", e.Data)...)
}

// Distance is 0 where a push matches, and grows with what differs.
func (w *PushWant) Distance(p *push.Brief) (off int) {
	if w.Kind != "" && w.Kind != p.Kind {
		off += offKind
	}
	if w.MerchantNo != "" && w.MerchantNo != p.MerchantNo {
		off += offMerchant
	}
	if w.PlateNumber != "" && w.PlateNumber != p.PlateNumber {
		off += offMerchant
	}
	if w.Status != "" && w.Status != string(p.Status) {
		off++
	}
	if w.Body.Fields() == 0 {
		return off
	}
	return off + w.Body.Differs(bodyObject(p))
}

func (w *PushWant) explain(p *push.Brief) []string {
	var d differences
	d.text("kind", w.Kind, p.Kind)
	d.text("merchantNo", w.MerchantNo, p.MerchantNo)
	d.text("plateNumber", w.PlateNumber, p.PlateNumber)
	d.text("status", w.Status, string(p.Status))
	return append(d, w.Body.Explain("body", bodyObject(p))...)
}

type differences []string

func (d *differences) text(name, want, got string) {
	if want != "" && want != got {
		*d = append(*d, name+": want "+want+", got "+got)
	}
}

// bodyObject is a push's body as JSON, however push.encoding wrote it: a form's
// fields are strings.
func bodyObject(p *push.Brief) string {
	if !strings.HasPrefix(p.ContentType, "application/x-www-form-urlencoded") {
		return p.Body
	}
	form, err := url.ParseQuery(p.Body)
	if err != nil {
		return ""
	}
	if form.Has("data") {
		return form.Get("data")
	}
	fields := make(map[string]string, len(form))
	for name := range form {
		fields[name] = form.Get(name)
	}
	text, err := json.Marshal(fields)
	if err != nil {
		return ""
	}
	return string(text)
}
