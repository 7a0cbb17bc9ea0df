package sandbox

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/etcp-mock/etcp-mock/mock/internal/engine"
	"github.com/etcp-mock/etcp-mock/mock/internal/fault"
	"github.com/etcp-mock/etcp-mock/mock/internal/journal"
	"github.com/etcp-mock/etcp-mock/mock/internal/push"
)

// Page is a piece of a list: at most Limit items after the one with the id After, oldest first, or newest first where Newest is
// set.
type Page struct {
	After  string
	Limit  int
	Newest bool
}

// ErrCursor is the cause where a list cannot go on after what was named.
var ErrCursor = errors.New("want an id of this list, or what next said")

// Number is the number in the id a page goes on after, 0 for none. Its error matches [ErrCursor].
func (p Page) Number(prefix string) (uint64, error) {
	if p.After == "" {
		return 0, nil
	}
	number, ok := strings.CutPrefix(p.After, prefix)
	n, err := strconv.ParseUint(number, 10, 64)
	if !ok || err != nil || n == 0 {
		return 0, fmt.Errorf("%w, got %q", ErrCursor, p.After[:min(len(p.After), 40)])
	}
	return n, nil
}

func journalID(n uint64) string { return "r" + strconv.FormatUint(n, 10) }

func pushID(n uint64) string { return push.ID(n) }

// Requests lists entries; next continues the list and is "" at its end. Its error matches [ErrCursor].
func (s *Sandbox) Requests(f journal.Filter, page Page) (found []journal.Entry, next string, err error) {
	after, err := page.Number("r")
	if err != nil {
		return nil, "", err
	}
	var all journal.Journal
	s.Read(func(v engine.View, _ time.Time) { all = v.Journal().Snapshot() })
	found, next = all.List(f, after, page.Limit, page.Newest)
	return found, next, nil
}

// Entry is one entry of the journal.
func (s *Sandbox) Entry(id string) (entry journal.Entry, ok bool) {
	s.Read(func(v engine.View, _ time.Time) {
		if e := v.Journal().Get(id); e != nil {
			entry, ok = *e, true
		}
	})
	return entry, ok
}

// JournalLen is how many requests the journal holds.
func (s *Sandbox) JournalLen() (n int) {
	s.Read(func(v engine.View, _ time.Time) { n = v.Journal().Len() })
	return n
}

// Pushes lists pushes; next continues the list and is "" at its end. Its error matches [ErrCursor].
func (s *Sandbox) Pushes(f push.Filter, page Page) (items []push.Item, next string, err error) {
	after, err := page.Number("p") // ids and Seq are the same numbers
	if err != nil {
		return nil, "", err
	}
	s.Read(func(v engine.View, _ time.Time) {
		list := v.Pushes().List
		if page.Newest {
			list = v.Pushes().ListNewest
		}
		var more uint64
		if items, more = list(f, after, page.Limit); more != 0 {
			next = items[len(items)-1].ID
		}
		for i := range items {
			waitsFor(v, &items[i])
		}
	})
	return items, next, nil
}

// waitsFor forgets what a push waits for where the rule push.ordering has none wait.
func waitsFor(v engine.View, item *push.Item) {
	if v.Policy().Ordering == push.OrderNone {
		item.WaitsFor = ""
	}
}

// Push is one push.
func (s *Sandbox) Push(id string) (item push.Item, ok bool) {
	s.Read(func(v engine.View, _ time.Time) {
		item, ok = v.Pushes().Get(id)
		waitsFor(v, &item)
	})
	return item, ok
}

// Faults lists the faults in force, oldest first.
func (s *Sandbox) Faults() (all []fault.Active) {
	s.Read(func(v engine.View, _ time.Time) { all = v.Faults() })
	return all
}
