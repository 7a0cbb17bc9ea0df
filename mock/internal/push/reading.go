package push

import (
	"iter"
	"slices"
	"time"
)

// InFlight returns the number of attempts without an outcome.
func (l *Log) InFlight() int { return len(l.flights) }

// DueOrInFlight returns how many attempts are in flight or could go out at now: 0 is what a drain waits for.
func (l *Log) DueOrInFlight(now time.Time, policy Policy) int {
	n := len(l.flights) + l.ready.dueBy(now)
	if policy.Ordering == OrderNone {
		n += l.waiting.dueBy(now)
	}
	return n
}

// Pending returns how many pushes are neither delivered nor failed.
func (l *Log) Pending() int { return l.pending }

// Len returns how many pushes the log holds.
func (l *Log) Len() int { return len(l.byID) }

// Get returns an item.
func (l *Log) Get(id string) (Item, bool) {
	e := l.byID[id]
	if e == nil {
		return Item{}, false
	}
	return l.show(e), true
}

// List returns up to limit items that pass, oldest first, from behind the one with Seq after on (0: from the first; limit 0
// or less: all). next is the after of the following page, 0 when there is none.
func (l *Log) List(filter Filter, after uint64, limit int) (items []Item, next uint64) {
	return l.page(slices.All(l.inOrder[l.find(after+1):]), filter, limit)
}

// ListNewest is List from the other end: newest first, from before the one with Seq before on (0: from the last).
func (l *Log) ListNewest(filter Filter, before uint64, limit int) (items []Item, next uint64) {
	end := len(l.inOrder)
	if before > 0 {
		end = l.find(before)
	}
	return l.page(slices.Backward(l.inOrder[:end]), filter, limit)
}

// page is up to limit of those that pass, and the Seq of the last where there are more.
func (l *Log) page(all iter.Seq2[int, slot], filter Filter, limit int) (items []Item, next uint64) {
	items = []Item{}
	for _, s := range all {
		e := s.entry
		if e == nil || !filter.match(&e.item) {
			continue
		}
		if limit > 0 && len(items) == limit {
			return items, items[limit-1].Seq
		}
		items = append(items, l.show(e))
	}
	return items, 0
}

// Visit shows the items, newest first, until told to stop. They are the log's own: nothing of them may be changed or kept.
func (l *Log) Visit(visit func(*Item) bool) {
	for _, s := range slices.Backward(l.inOrder) {
		if s.entry != nil && !visit(&s.entry.item) {
			return
		}
	}
}

// Briefs are those of all items, newest first.
func (l *Log) Briefs() []Brief {
	all := make([]Brief, 0, len(l.byID))
	for _, s := range slices.Backward(l.inOrder) {
		if s.entry != nil {
			all = append(all, s.entry.item.Brief())
		}
	}
	return all
}

// show copies an item out.
func (l *Log) show(e *entry) Item {
	item := e.item.clone()
	item.NextAttemptAt = time.Time{}
	if at, _, wants := e.when(); wants && e.flight == 0 {
		item.NextAttemptAt = at
	}
	if e.behind() {
		item.WaitsFor = e.chain.head.item.ID
	}
	return item
}
