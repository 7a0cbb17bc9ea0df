package mock_test

import (
	"slices"
	"time"

	"github.com/etcp-mock/etcp-mock/schemas"
)

// naive is the platform stated a second time, as simply as can be: what its document says, for two merchants, three phones
// and five cars, over HTTP, with faults. Every answer, every push and every yuan must agree.
type naive struct {
	now    time.Time
	tokens map[string]naiveToken // by merchant and phone
	owners map[string]string     // plate to phone
	told   map[string][]string   // plate to merchants
	bound  []naiveBinding        // ever
	orders []*naiveOrder
	pushes map[string]int    // by merchant and kind
	faults map[string]string // by endpoint: before, after or code; each hits once
}

type naiveToken struct {
	text string
	at   time.Time
}

type naiveBinding struct {
	phone, plate string
	at           time.Time
}

type naiveOrder struct {
	plate     string
	in, out   time.Time
	fixed     int // yuan, once it has left
	paid      int
	settled   time.Time
	belongsTo map[string]bool
}

// fee counts started hours in days of fifty yuan at most, after a quarter of an hour for nothing.
func (o *naiveOrder) fee(now time.Time) int {
	if !o.out.IsZero() {
		return o.fixed
	}
	if !o.settled.IsZero() && !now.After(o.settled.Add(15*time.Minute)) {
		return o.paid
	}
	stay, total := now.Sub(o.in), 0
	if stay <= 15*time.Minute {
		return 0
	}
	for stay > 0 {
		day := 0
		for hour := 0; hour < 24 && stay > 0; hour++ {
			day, stay = day+5, stay-time.Hour
		}
		total += min(day, 50)
	}
	return total
}

func (o *naiveOrder) owes(now time.Time) int { return max(o.fee(now)-o.paid, 0) }

func (n *naive) parked(plate string) *naiveOrder {
	for _, o := range n.orders {
		if o.plate == plate && o.out.IsZero() {
			return o
		}
	}
	return nil
}

// valid says whether a phone's newest token through a merchant is younger than a day.
func (n *naive) valid(merchant, phone string) bool {
	t, has := n.tokens[merchant+phone]
	return has && n.now.Sub(t.at) < 24*time.Hour
}

func (n *naive) boundBy(phone string) (count int) {
	for _, owner := range n.owners {
		if owner == phone {
			count++
		}
	}
	return count
}

// thisMonth are the different vehicles a phone has bound after now minus a month.
func (n *naive) thisMonth(phone string) (plates []string) {
	since := n.now.AddDate(0, -1, 0)
	if since.Day() != n.now.Day() { // that day is not in that month
		since = since.AddDate(0, 0, -since.Day())
	}
	for _, b := range n.bound {
		if b.phone == phone && b.at.After(since) && !slices.Contains(plates, b.plate) {
			plates = append(plates, b.plate)
		}
	}
	return plates
}

func (n *naive) bind(merchant, phone, plate string) int {
	month := n.thisMonth(phone)
	switch owner, ok := n.owners[plate]; {
	case ok && owner != phone:
		return schemas.CodeBoundByOther
	case ok:
		if !slices.Contains(n.told[plate], merchant) {
			n.told[plate] = append(n.told[plate], merchant)
		}
		return 0
	case n.boundBy(phone) >= 3:
		return schemas.CodeTooManyBound
	case len(month) >= 4 && !slices.Contains(month, plate):
		return schemas.CodeTooManyBoundInAMonth
	}
	n.owners[plate], n.told[plate] = phone, []string{merchant}
	n.bound = append(n.bound, naiveBinding{phone, plate, n.now})
	return 0
}

func (n *naive) unbind(merchant, phone, plate string) int {
	if n.owners[plate] != phone {
		return schemas.CodeOperationFailed
	}
	told := n.told[plate]
	if !slices.Contains(told, merchant) {
		told = append(told, merchant)
	}
	for _, m := range told {
		n.pushes[m+" unbind"]++
	}
	delete(n.owners, plate)
	delete(n.told, plate)
	return 0
}

func (n *naive) drive(kind, plate string) {
	for _, m := range n.told[plate] {
		n.pushes[m+" "+kind]++
	}
}

// unpaid are the stays that orderunpay lists, newest first.
func (n *naive) unpaid(plate string) (found []*naiveOrder) {
	for _, o := range n.orders {
		if o.plate == plate && (o.out.IsZero() || o.owes(n.now) > 0) {
			found = append(found, o)
		}
	}
	slices.Reverse(found)
	return found
}

func (n *naive) history(phone string) (count int) {
	for _, o := range n.orders {
		if o.belongsTo[phone] && !o.out.IsZero() && o.owes(n.now) == 0 && n.now.Sub(o.out) <= 7*24*time.Hour {
			count++
		}
	}
	return count
}
