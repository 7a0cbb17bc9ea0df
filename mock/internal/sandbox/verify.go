package sandbox

import (
	"cmp"
	"context"
	"encoding/json"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

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

// Verification is what a search found: how many match and, where too few do,
// those that come nearest, best first.
type Verification struct {
	OK      bool
	Matched int
	Nearest []Near
}

// Near is an entry that does not match, and where it does not.
type Near struct {
	ID      string
	Differs []string // "data.payment: want 8, got 9"
}

const mostNearest = 5

// VerifyRequests counts the journal's entries that match. It waits, without the
// door held, until the count holds; for a Max until the time is over. Its errors
// are [ErrReset], [ErrClosed] and the context's.
func (s *Sandbox) VerifyRequests(ctx context.Context, want RequestWant, count Count) (Verification, error) {
	return s.verify(ctx, count, func(finish func()) (int, func() []Near) {
		all := s.journal.newest(len(s.journal.ring)) // which are not written again
		finish()
		found := search[*Entry]{differs: want.weigh}
		for _, e := range slices.Backward(all) {
			found.take(e)
		}
		return found.matched, func() []Near { return found.explain(func(e *Entry) Near { return Near{e.ID, want.explain(e)} }) }
	})
}

// VerifyPushes does for pushes what VerifyRequests does for requests.
func (s *Sandbox) VerifyPushes(ctx context.Context, want PushWant, count Count) (Verification, error) {
	return s.verify(ctx, count, func(finish func()) (int, func() []Near) {
		defer finish() // pushes change
		found := search[Near]{}
		worst := 0
		s.pushes.Visit(func(item *push.Item) bool {
			off := want.weigh(item)
			if off == 0 || len(found.nearest) < mostNearest || off < worst {
				near := Near{}
				if off > 0 {
					near = Near{item.ID, want.explain(item)}
				}
				found.place(near, off)
				worst = found.worst()
			}
			return true
		})
		return found.matched, func() []Near { return found.explain(func(n Near) Near { return n }) }
	})
}

// verify looks again whenever something has happened. Look is called with the
// door held and calls finish when it needs it no more.
func (s *Sandbox) verify(ctx context.Context, count Count, look func(finish func()) (int, func() []Near)) (Verification, error) {
	over := time.NewTimer(count.Within)
	defer over.Stop()
	life, last := uint64(0), false
	for first := true; ; first = false {
		s.mu.Lock()
		if first {
			life = s.life
		}
		if err := s.still(life); err != nil && !first {
			s.mu.Unlock()
			return Verification{}, err
		}
		more := s.more()
		start := time.Now()
		matched, nearest := look(s.mu.Unlock)
		v := Verification{OK: matched >= count.Min && (count.Max < 0 || matched <= count.Max), Matched: matched, Nearest: []Near{}}
		settled := count.Max >= 0 && matched > count.Max || v.OK && count.Max < 0
		if settled || last || count.Within <= 0 {
			if matched < count.Min {
				v.Nearest = nearest()
			}
			return v, nil
		}
		var err error
		if last, err = await(ctx, more, over.C, 4*time.Since(start)); err != nil {
			return Verification{}, err
		}
	}
}

// await waits for news or the end of the time, and then rests as long as the
// search was dear, so that a wait in a busy sandbox stays cheap.
func await(ctx context.Context, more <-chan struct{}, over <-chan time.Time, rest time.Duration) (last bool, err error) {
	select {
	case <-more:
	case <-over:
		return true, nil
	case <-ctx.Done():
		return false, ctx.Err()
	}
	pause := time.NewTimer(rest)
	defer pause.Stop()
	select {
	case <-pause.C:
		return false, nil
	case <-over:
		return true, nil
	case <-ctx.Done():
		return false, ctx.Err()
	}
}

// still says whether the sandbox is the one that was looked at before.
func (s *Sandbox) still(life uint64) error {
	switch {
	case s.closed:
		return ErrClosed
	case s.life != life:
		return ErrReset
	}
	return nil
}

// search counts what matches and keeps what comes nearest, the first of equals first.
type search[T any] struct {
	differs func(T) int
	matched int
	nearest []scored[T]
}

type scored[T any] struct {
	item T
	off  int
}

func (s *search[T]) take(item T) {
	if off := s.differs(item); off == 0 || len(s.nearest) < mostNearest || off < s.worst() {
		s.place(item, off)
	}
}

func (s *search[T]) worst() int {
	if len(s.nearest) == 0 {
		return 0
	}
	return s.nearest[len(s.nearest)-1].off
}

func (s *search[T]) place(item T, off int) {
	if off == 0 {
		s.matched++
		return
	}
	at, _ := slices.BinarySearchFunc(s.nearest, off+1, func(have scored[T], off int) int { return cmp.Compare(have.off, off) })
	s.nearest = slices.Insert(s.nearest, at, scored[T]{item, off})
	s.nearest = s.nearest[:min(len(s.nearest), mostNearest)]
}

func (s *search[T]) explain(near func(T) Near) []Near {
	all := make([]Near, len(s.nearest))
	for i, n := range s.nearest {
		all[i] = near(n.item)
	}
	return all
}

// How much further away an entry is that differs in what it is, than one that
// differs in a field.
const (
	offKind     = 8
	offMerchant = 3
)

func (w *RequestWant) weigh(e *Entry) (off int) {
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

func (w *RequestWant) explain(e *Entry) []string {
	var d differences
	d.text("endpoint", w.Endpoint, e.Endpoint)
	d.text("merchantNo", w.MerchantNo, e.MerchantNo)
	if w.Code != nil && *w.Code != e.Code {
		d = append(d, "code: want "+strconv.Itoa(*w.Code)+", got "+strconv.Itoa(e.Code))
	}
	return append(d, w.Data.Explain("data", e.Data)...)
}

func (w *PushWant) weigh(p *push.Item) (off int) {
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

func (w *PushWant) explain(p *push.Item) []string {
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
func bodyObject(p *push.Item) string {
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
