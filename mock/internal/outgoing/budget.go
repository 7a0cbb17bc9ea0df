package outgoing

import (
	"context"
	"slices"
	"sync"
)

// budget bounds the exchanges at once and shares them. One may begin while fewer than the limit are under way, and whoever it is
// for has none yet, or fewer than a quarter of what is free of one half of the limit: the other half is for the first exchange of each.
// A single one gets a tenth of the limit. (Choudhury and Hahne, Dynamic queue length thresholds, 1998.) Beside that each has a window, as
// a sender of TCP has (RFC 5681): two at first, one more with each answer, half of what it had when an exchange timed out. A hundred that
// hang hold two hundred at once, and one each when they go on hanging; the rest is for the others.
type budget struct {
	mu      sync.Mutex
	limit   int
	used    int
	held    map[string]int
	windows map[string]int             // how many each may have; whoever is not listed is new
	waiting map[string][]chan struct{} // by whom it is for, in the order they came
	names   []string                   // who waits, in the order they came
}

func newBudget(limit int) *budget {
	return &budget{limit: limit, held: map[string]int{}, windows: map[string]int{}, waiting: map[string][]chan struct{}{}}
}

func (b *budget) mayLocked(who string) bool {
	held := b.held[who]
	if held == 0 {
		return b.used < b.limit
	}
	if window := b.windowLocked(who); held >= window && window < wide {
		return false
	}
	more := b.used - len(b.held) // beyond the first of each
	return b.used < b.limit && held*4 < b.limit/2-more
}

func (b *budget) takeLocked(who string) {
	b.used++
	b.held[who]++
}

func (b *budget) acquire(ctx context.Context, who string) error {
	b.mu.Lock()
	if b.mayLocked(who) {
		b.takeLocked(who)
		b.mu.Unlock()
		return nil
	}
	begin := make(chan struct{})
	if len(b.waiting[who]) == 0 {
		b.names = append(b.names, who)
	}
	b.waiting[who] = append(b.waiting[who], begin)
	b.mu.Unlock()
	select {
	case <-begin:
		return nil
	case <-ctx.Done():
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if at := slices.Index(b.waiting[who], begin); at >= 0 {
		b.forgetLocked(who, at)
	} else { // it was let in meanwhile
		b.releaseLocked(who)
	}
	return ctx.Err()
}

// forgetLocked takes one who waits off the list.
func (b *budget) forgetLocked(who string, at int) {
	b.waiting[who] = slices.Delete(b.waiting[who], at, at+1)
	if len(b.waiting[who]) == 0 {
		delete(b.waiting, who)
		b.names = slices.DeleteFunc(b.names, func(name string) bool { return name == who })
	}
}

const (
	first       = 2       // the window of who is new
	wide        = 16      // from here on a window bounds nothing
	mostWindows = 1 << 14 // are remembered; then all are new again
)

func (b *budget) windowLocked(who string) int {
	if window, known := b.windows[who]; known {
		return window
	}
	return first
}

func (b *budget) setLocked(who string, window int) {
	if len(b.windows) >= mostWindows {
		clear(b.windows)
	}
	b.windows[who] = window
}

// widen spares somebody the small windows.
func (b *budget) widen(who string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.setLocked(who, wide)
}

func (b *budget) release(who string, hung bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch window := b.windowLocked(who); {
	case hung:
		b.setLocked(who, max(min(window, b.held[who])/2, 1))
	case window < wide:
		b.setLocked(who, window+1)
	}
	b.releaseLocked(who)
}

// releaseLocked gives one back and lets in who waits and may, one of each in turn.
func (b *budget) releaseLocked(who string) {
	b.used--
	if b.held[who]--; b.held[who] == 0 {
		delete(b.held, who)
	}
	for again := true; again; {
		again = false
		for _, name := range slices.Clone(b.names) {
			if b.used >= b.limit {
				return
			}
			if b.mayLocked(name) {
				b.takeLocked(name)
				close(b.waiting[name][0])
				b.forgetLocked(name, 0)
				again = true
			}
		}
	}
}
