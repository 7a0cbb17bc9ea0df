// Package stay puts together the time line of one stay of a car, from the first SMS code to the last attempt to deliver a push: what
// the journal, the push log and the order say of it, in the order in which it happened. It is pure.
package stay

import (
	"encoding/json"
	"slices"
	"time"

	"github.com/etcp-mock/etcp-mock/mock/internal/engine"
	"github.com/etcp-mock/etcp-mock/mock/internal/journal"
	"github.com/etcp-mock/etcp-mock/mock/internal/platform"
	"github.com/etcp-mock/etcp-mock/mock/internal/platform/notation"
	"github.com/etcp-mock/etcp-mock/mock/internal/push"
)

// Stay is what there is to know of one stay. It is a value: what changes later is not in it.
type Stay struct {
	order    platform.Order // as it is now
	left     platform.Order // as it was when the car left, where it has
	from     time.Time      // when the stay before it ended; zero where there was none
	until    time.Time      // when the stay after it began; zero where there is none
	requests []*journal.Entry
	pushes   []push.Item // oldest first
	quoteTTL time.Duration
	ordered  bool    // pushes of a vehicle wait for each other
	course   *course // nil where nothing of it is in the log any more
}

// Collect reads a stay from a sandbox, and the order of what happened from its log. It is false where the order is not known.
func Collect(v engine.View, log *engine.History, id string, now time.Time) (*Stay, bool) {
	state := v.State()
	order, known := state.Order(id, now)
	if !known {
		return nil, false
	}
	s := &Stay{order: order, quoteTTL: state.Rules().QuoteTTL, ordered: v.Policy().Ordering != push.OrderNone, course: courseOf(log, &order)}
	if !order.ExitTime.IsZero() {
		s.left, _ = state.OrderAt(id, order.ExitTime)
	}
	s.between(state.OrdersOf(order.Vehicle.Plate, "", now))
	owner, binding, bound := state.Owner(order.Vehicle)
	if !bound || (!order.ExitTime.IsZero() && binding.Since.After(order.ExitTime)) {
		owner = ""
	}
	s.requests = s.chooseRequests(v.Journal(), owner)
	s.pushes = s.choosePushes(v.Pushes())
	return s, true
}

// between finds the stays of the same vehicle before and after this one.
func (s *Stay) between(orders []platform.Order) {
	own := slices.IndexFunc(orders, func(o platform.Order) bool { return o.ID == s.order.ID })
	for i := range orders {
		switch o := &orders[i]; {
		case o.Vehicle != s.order.Vehicle || i == own:
		case i < own:
			s.from = o.ExitTime
		case s.until.IsZero():
			s.until = o.EntranceTime
		}
	}
}

// choosePushes are those of the order, and those of its plate that belong to no order and were made before the next stay.
func (s *Stay) choosePushes(all engine.Pushes) (chosen []push.Item) {
	all.Visit(func(p *push.Item) bool {
		own := p.OrderID == s.order.ID
		if p.OrderID == "" && p.PlateNumber == s.order.Vehicle.Plate && !p.CreatedAt.Before(s.order.EntranceTime) {
			own = s.until.IsZero() || p.CreatedAt.Before(s.until)
		}
		if own {
			item, _ := all.Get(p.ID) // with the instant of its next attempt
			chosen = append(chosen, item)
		}
		return true
	})
	slices.Reverse(chosen) // Visit shows the newest first
	return chosen
}

// chooseRequests are the requests that belong to the stay: about its order or, at the right time, its plate; the binding in
// force; and how those users signed in.
func (s *Stay) chooseRequests(j engine.Journal, owner string) []*journal.Entry {
	var about, signing []*journal.Entry
	j.Forward(func(e *journal.Entry) bool {
		if e.OrderID == s.order.ID || e.PlateNumber == s.order.Vehicle.Plate {
			about = append(about, e)
		}
		if signsIn(e) {
			signing = append(signing, e)
		}
		return true
	})
	chosen := map[string]*journal.Entry{}
	var binding *journal.Entry
	for _, e := range about {
		if s.belongs(e) {
			chosen[e.ID] = e
		}
		if second(e.At).After(s.order.EntranceTime) || e.Code != 0 {
			continue
		}
		switch kindOf(e) {
		case Bind:
			binding = e
		case Unbind:
			binding = nil
		}
	}
	if binding != nil {
		chosen[binding.ID] = binding
	}
	for phone, first := range s.users(chosen, owner) {
		for _, e := range s.signedIn(signing, phone, first) {
			chosen[e.ID] = e
		}
	}
	all := make([]*journal.Entry, 0, len(chosen))
	for _, e := range chosen {
		all = append(all, e)
	}
	slices.SortFunc(all, byNumber)
	return all
}

func byNumber(a, b *journal.Entry) int {
	switch x, y := journal.Number(a.ID), journal.Number(b.ID); {
	case x < y:
		return -1
	case x > y:
		return 1
	}
	return 0
}

// belongs says of a request about the order or the plate whether it belongs to this stay.
func (s *Stay) belongs(e *journal.Entry) bool {
	kind := kindOf(e)
	later := !s.until.IsZero() && !e.At.Before(s.until)
	switch {
	case e.OrderID == s.order.ID:
		return true
	case kind == Quote && e.Code == 0:
		amounts := quoted(e)
		_, own := amounts[s.order.ID]
		return own || (len(amounts) == 0 && e.OrderID == "" && !e.At.Before(s.order.EntranceTime) && !s.afterExit(e))
	case e.OrderID != "" || later:
		return false
	case e.At.Before(s.order.EntranceTime):
		return kind != Unbind && !e.At.Before(s.from)
	case s.afterExit(e):
		return kind == Unbind || kind == Quote || kind == Paid
	default:
		return true
	}
}

// afterExit tells whether a request came after the car had left. Where the log does not say it, one of the same second did not.
func (s *Stay) afterExit(e *journal.Entry) bool {
	if s.order.ExitTime.IsZero() {
		return false
	}
	if c := second(e.At).Compare(second(s.order.ExitTime)); c != 0 || !s.course.knows(e.At) {
		return c > 0
	}
	return s.course.request(e) > s.course.left
}

// users are the phones that have to do with the stay, each with the number of the first request by which that is known, 0
// where it is known otherwise.
func (s *Stay) users(chosen map[string]*journal.Entry, owner string) map[string]uint64 {
	users := map[string]uint64{}
	for _, p := range s.order.Payments {
		if p.Phone != "" {
			users[p.Phone] = 0
		}
	}
	if owner != "" {
		users[owner] = 0
	}
	for _, e := range chosen {
		n := journal.Number(e.ID)
		if first, known := users[e.Phone]; e.Phone != "" && e.Code == 0 && (!known || first == 0 || n < first) {
			users[e.Phone] = n
		}
	}
	return users
}

// maxTries is how many refused sign-ins and codes before a sign-in are shown.
const maxTries = 8

// signedIn is how a phone signed in before its first request of the stay, or, where there is none, before the end: the sign-in,
// what led to it, and what followed until the end.
func (s *Stay) signedIn(all []*journal.Entry, phone string, first uint64) []*journal.Entry {
	var own []*journal.Entry
	last := -1 // the last sign-in before the first request
	for _, e := range all {
		if e.Phone != phone || s.afterExit(e) {
			continue
		}
		if e.Code == 0 && kindOf(e) == Login && (first == 0 || journal.Number(e.ID) < first) {
			last = len(own)
		}
		own = append(own, e)
	}
	if last < 0 {
		return slices.DeleteFunc(own, func(e *journal.Entry) bool { return e.At.Before(s.from) })
	}
	start := last
	for start > 0 && last-start < maxTries && (own[start-1].Code != 0 || kindOf(own[start-1]) == SMS) {
		start--
	}
	return own[start:]
}

// quoted are the amounts that remain, by order, of an answer of orderunpay (§9.7).
func quoted(e *journal.Entry) map[string]notation.Fen {
	var answer struct {
		Data []struct {
			OrderID      string       `json:"orderId"`
			RemainingFee notation.Fen `json:"remainingFee"`
		} `json:"data"`
	}
	if json.Unmarshal([]byte(e.Response), &answer) != nil {
		return nil
	}
	amounts := make(map[string]notation.Fen, len(answer.Data))
	for _, row := range answer.Data {
		amounts[row.OrderID] = row.RemainingFee
	}
	return amounts
}

// Quoted is an amount that was quoted for the order, and until when it may be paid.
type Quoted struct {
	RequestID string
	At, Until time.Time
	Amount    notation.Fen
}

// Quotes are the amounts quoted, oldest first, each for as long as it may be paid (rule quote.ttl).
func (s *Stay) Quotes() (quotes []Quoted) {
	for _, e := range s.requests {
		amount, own := quoted(e)[s.order.ID]
		if e.Code != 0 || kindOf(e) != Quote || !own {
			continue
		}
		quotes = append(quotes, Quoted{RequestID: e.ID, At: e.At, Until: e.At.Add(s.quoteTTL), Amount: amount})
	}
	return quotes
}
