package push

import (
	"errors"
	"fmt"
	"slices"
	"sort"
	"strconv"
	"strings"
	"time"
)

// Errors of a Log.
var (
	// ErrUnknown means that the log holds no item with this id.
	ErrUnknown = errors.New("no such push")
	// ErrState means that a state to restore is none that Snapshot makes.
	ErrState = errors.New("push log state")
)

const (
	// maxAttempts bounds the records of one item; the oldest make room.
	maxAttempts = 256
	// wholeAnswers is how many of an item's newest attempts keep the answer as far as it was kept; the others keep shortAnswer
	// bytes of it, with … behind them.
	wholeAnswers = 16
	shortAnswer  = 256
)

// Log holds the pushes of one sandbox: those to be sent and those that were. It is pure data: its owner guards it, tells it
// the time (on the sandbox's clock), sends what is due and reports the outcomes. The zero Log is not ready; use NewLog.
type Log struct {
	byID    map[string]*entry
	inOrder []slot // by Seq
	holes   int
	seq     uint64

	vehicles map[vehicle]*chain
	held     map[string]*entry // by merchant, the one whose next push has not come
	ready    queue             // by due instant: nothing is ahead of them
	waiting  queue             // by due instant: something of their vehicle is ahead of them
	flights  map[uint64]*entry
	attempts uint64

	pending   int
	delivered queue // finished and idle, oldest first
	failed    queue
	size      int // of these two, in bytes

	copying *Copying // nil: nothing is being copied. It is told of every entry that changes
}

// slot is a place in the order of arrival; its entry is nil when the item was dropped.
type slot struct {
	seq   uint64
	entry *entry
}

// NewLog returns an empty log.
func NewLog() *Log {
	l := &Log{}
	l.clear()
	return l
}

func (l *Log) clear() {
	*l = Log{
		ready:     queue{less: byDue},
		waiting:   queue{less: byDue},
		delivered: queue{less: bySeq},
		failed:    queue{less: bySeq},
		attempts:  l.attempts, // so that an attempt from before is not taken for one of ours
	}
}

// Reset forgets everything. Outcomes of attempts still in flight are ignored when they come.
func (l *Log) Reset() { l.clear() }

// Add appends a push that is due at once and returns it as it is kept. The caller gives all that is sent; its id and the rest
// are set here.
func (l *Log) Add(item Item, now time.Time) Item {
	l.make()
	l.seq++
	item.ID, item.Seq, item.CreatedAt = ID(l.seq), l.seq, now
	item.Status, item.Attempts = Pending, nil
	e := &entry{item: item, due: now, releases: l.held[item.MerchantNo]}
	delete(l.held, item.MerchantNo)
	if item.Injected.Hold {
		e.held, e.due = true, now.Add(HoldFor)
		l.held[item.MerchantNo] = e
	}
	l.insert(e)
	return l.show(e)
}

// ID is the id of the push with a number, such as p17.
func ID(seq uint64) string { return "p" + strconv.FormatUint(seq, 10) }

// NextID is the id that the next push gets.
func (l *Log) NextID() string { return ID(l.seq + 1) }

// Seq is how many pushes were added.
func (l *Log) Seq() uint64 { return l.seq }

// Holding tells whether a push is held that a merchant's next one will release.
func (l *Log) Holding(merchantNo string) bool { return l.held[merchantNo] != nil }

// make makes the maps, which a log without a push has not.
func (l *Log) make() {
	if l.byID == nil {
		l.byID, l.vehicles, l.held, l.flights = map[string]*entry{}, map[vehicle]*chain{}, map[string]*entry{}, map[uint64]*entry{}
	}
}

// release lets a held push go.
func (l *Log) release(e *entry, at time.Time) {
	if e.held {
		l.unhold(e)
		e.due = at
		l.place(e)
	}
}

// unhold forgets that a push, which goes out or is done with, was held.
func (l *Log) unhold(e *entry) {
	l.copying.touch(e)
	if e.held && l.held[e.item.MerchantNo] == e {
		delete(l.held, e.item.MerchantNo)
	}
	e.held = false
}

// insert puts an entry where it belongs; its Seq is above all others'.
func (l *Log) insert(e *entry) {
	l.make()
	l.byID[e.item.ID] = e
	l.inOrder = append(l.inOrder, slot{e.item.Seq, e})
	if e.item.Status == Pending {
		l.pending++
		if e.item.PlateNumber != "" && !e.item.Injected.Hold {
			key := vehicleOf(&e.item)
			c := l.vehicles[key]
			if c == nil {
				c = &chain{}
				l.vehicles[key] = c
			}
			c.append(e)
		}
	}
	l.place(e)
}

func vehicleOf(i *Item) vehicle { return vehicle{i.MerchantNo, i.PlateNumber, i.PlateColor} }

// place moves an entry to the queue its state asks for. To be called after every change to what when or behind say of it,
// before another entry of its queue is touched.
func (l *Log) place(e *entry) {
	l.copying.touch(e)
	l.leave(e)
	_, _, wants := e.when()
	switch {
	case e.flight != 0:
	case wants && e.behind():
		l.waiting.add(e)
	case wants:
		l.ready.add(e)
	case e.item.Status == Delivered:
		l.delivered.add(e)
		l.size += e.item.Size()
	default:
		l.failed.add(e)
		l.size += e.item.Size()
	}
}

// leave takes an entry out of its queue. It is as it was when it came there, but for its next attempt.
func (l *Log) leave(e *entry) {
	if e.in == &l.delivered || e.in == &l.failed {
		l.size -= e.item.Size()
	}
	if e.in != nil {
		e.in.remove(e)
	}
}

// next returns the entry that is to go out first of all that may.
func (l *Log) next(ordering string) *entry {
	first := l.ready.first()
	if ordering != OrderNone {
		return first
	}
	other := l.waiting.first()
	if first == nil || other != nil && byDue(other, first) {
		return other
	}
	return first
}

// Due takes out every attempt that is due at now, earliest first, and marks it in flight. Each must come back with Outcome;
// until then its item is not due again, and under OrderVehicle neither are those behind it.
func (l *Log) Due(now time.Time, policy Policy) []Attempt {
	var out []Attempt
	for {
		e := l.next(policy.Ordering)
		if e == nil {
			return out
		}
		at, redelivery, _ := e.when()
		if at.After(now) {
			return out
		}
		l.attempts++
		e.flight, e.redelivers = l.attempts, redelivery
		l.flights[e.flight] = e
		l.place(e)
		attempt := Attempt{Item: l.show(e), Redelivery: redelivery, Seq: e.flight, At: now}
		if !redelivery && e.failures == 0 {
			attempt.Delay, attempt.Drop = e.item.Injected.Delay, e.item.Injected.Drop
			l.unhold(e)
		}
		out = append(out, attempt)
	}
}

// NextDue returns the earliest instant at which something is due that neither waits for another push nor is in flight. It may have passed.
func (l *Log) NextDue(policy Policy) (time.Time, bool) {
	e := l.next(policy.Ordering)
	if e == nil {
		return time.Time{}, false
	}
	at, _, _ := e.when()
	return at, true
}

// Outcome records what became of an attempt, at the instant it became known: the next one is due by the schedule from then
// on, or the push is delivered or failed, and the vehicle's next push may go. It tells whether the attempt was in flight;
// one from before a Reset or Restore, or reported twice, changes nothing.
func (l *Log) Outcome(attempt Attempt, at time.Time, result Result, policy Policy) bool {
	e := l.flights[attempt.Seq]
	if e == nil {
		return false
	}
	delete(l.flights, attempt.Seq)
	e.flight = 0
	if len(e.item.Attempts) >= maxAttempts {
		e.item.Attempts = slices.Delete(e.item.Attempts, 0, 1+len(e.item.Attempts)-maxAttempts)
	}
	if n := len(e.item.Attempts) - wholeAnswers; n >= 0 {
		if old := &e.item.Attempts[n]; len(old.Response) > shortAnswer {
			old.Response = strings.ToValidUTF8(old.Response[:shortAnswer], "") + "…"
		}
	}
	e.item.Attempts = append(e.item.Attempts, AttemptRecord{
		At: attempt.At, DurationMs: result.Duration.Milliseconds(), HTTPStatus: result.HTTPStatus, Response: result.Response, Error: result.Error,
	})
	if e.redelivers {
		e.redeliveries--
		e.redeliverAt = at
	}
	switch {
	case result.Delivered:
		if n := e.item.Injected.Duplicates; n > 0 && !e.redelivers {
			if e.redeliveries == 0 {
				e.redeliverAt = at
			}
			e.redeliveries += n
		}
		l.finish(e, Delivered, at)
	case e.redelivers:
	default:
		e.failures++
		delay, more := Next(policy.Schedule, e.failures)
		e.due = at.Add(delay)
		if !more {
			l.finish(e, Failed, at)
		}
	}
	l.place(e)
	l.trim(policy)
	return true
}

// finish gives an entry its end and lets the vehicle's next push go.
func (l *Log) finish(e *entry, status Status, at time.Time) {
	was := e.item.Status
	e.item.Status = status
	if was != Pending {
		return
	}
	l.pending--
	l.unhold(e)
	if e.releases != nil {
		l.release(e.releases, at)
		e.releases = nil
	}
	c := e.chain
	if c == nil {
		return
	}
	first := c.head == e
	c.remove(e)
	switch {
	case c.head == nil:
		delete(l.vehicles, vehicleOf(&e.item))
	case first:
		freed := c.head
		if freed.due.Before(at) {
			freed.due = at
		}
		l.place(freed)
	}
}

// Redeliver asks for one more attempt, due now, whatever the item's status. Its success delivers the item, its failure
// changes neither status nor schedule. While the item is in flight or, pending, behind another, it waits for that. ErrUnknown.
func (l *Log) Redeliver(id string, now time.Time) (Item, error) {
	e := l.byID[id]
	if e == nil {
		return Item{}, fmt.Errorf("%w: %q", ErrUnknown, id)
	}
	if e.redeliveries == 0 {
		e.redeliverAt = now
	}
	e.redeliveries++
	l.place(e)
	return l.show(e), nil
}

// pendingSize is about what a push keeps that has not ended, in bytes.
const pendingSize = 2 << 10

// Bytes is about how many bytes the pushes keep.
func (l *Log) Bytes() int {
	return l.size + pendingSize*(len(l.byID)-len(l.delivered.entries)-len(l.failed.entries))
}

// Trim drops what is beyond the policy's Keep, as every Outcome does.
func (l *Log) Trim(policy Policy) { l.trim(policy) }

// trim drops finished items beyond the policy's Keep, or too large together: delivered ones first, since a failed one may yet be redelivered; of each the oldest first.
func (l *Log) trim(policy Policy) {
	keep, most := policy.Keep, policy.KeepBytes
	for n := len(l.delivered.entries) + len(l.failed.entries); n > 1 && (keep > 0 && n > keep || most > 0 && l.size > most); n-- {
		from := &l.delivered
		if len(from.entries) == 0 {
			from = &l.failed
		}
		e := from.first()
		l.leave(e)
		delete(l.byID, e.item.ID)
		l.copying.touch(e)
		l.inOrder[l.find(e.item.Seq)].entry = nil
		l.holes++
	}
	if l.holes > 64 && l.holes > len(l.inOrder)/2 {
		l.inOrder = slices.DeleteFunc(l.inOrder, func(s slot) bool { return s.entry == nil })
		l.holes = 0
	}
}

// find returns the index of the first slot with a seq of at least seq.
func (l *Log) find(seq uint64) int {
	return sort.Search(len(l.inOrder), func(i int) bool { return l.inOrder[i].seq >= seq })
}

// Retarget sends an item's attempts to another URL from now on. An attempt under way is not touched.
func (l *Log) Retarget(id, url string) {
	if e := l.byID[id]; e != nil {
		l.copying.touch(e)
		e.item.URL = url
	}
}

// ForgetFlights makes every attempt in flight due again: whoever sent them has gone, and did not say what became of them.
func (l *Log) ForgetFlights() {
	for seq, e := range l.flights {
		delete(l.flights, seq)
		e.flight = 0
		l.place(e)
	}
}

// Attempts is how many attempts were taken out; see SetAttempts.
func (l *Log) Attempts() uint64 { return l.attempts }

// SetAttempts has the attempts numbered from behind n on, so that one from before is not taken for one of this log's.
func (l *Log) SetAttempts(n uint64) { l.attempts = max(l.attempts, n) }
