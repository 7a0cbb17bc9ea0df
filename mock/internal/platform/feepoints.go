package platform

import (
	"time"

	"github.com/etcp-mock/etcp-mock/mock/internal/platform/notation"
	"github.com/etcp-mock/etcp-mock/mock/internal/platform/rules"
	"github.com/etcp-mock/etcp-mock/mock/internal/platform/tariff"
)

// FeePoint is the fee of a stay from an instant on, until the next point.
type FeePoint struct {
	At        time.Time
	Fee       notation.Fen
	Remaining notation.Fen
	Why       string // how it came about
	WhyZh     string
}

// FeeLine is the fee of a stay over time.
type FeeLine struct {
	Order  Order // as it is now
	Tariff tariff.Tariff
	Points []FeePoint
	More   bool // points follow
}

// FeeLine gives the instants at which the fee of an order, or what remains of it, changes: up to limit of them, behind an
// instant (zero: from the entrance on), up to another. The past is as it was, but by the rules of now; beyond now nothing more
// is paid and the car stays. The second result is false where the order is not known.
func (w *State) FeeLine(id string, after, until time.Time, limit int, now time.Time) (line FeeLine, known bool) {
	o := w.orders[id]
	if o == nil {
		return line, false
	}
	line.Order, line.Tariff = o.value(now, w.rules), o.Tariff.Clone()
	at := o.EntranceTime
	if !after.IsZero() {
		at = notation.Second(after)
	}
	last, first := w.feePoint(o, at), after.IsZero()
	for ok := !at.After(until) && !at.Before(o.EntranceTime); ok; {
		p := w.feePoint(o, at)
		if first || p.Fee != last.Fee || p.Remaining != last.Remaining {
			if len(line.Points) == limit {
				line.More = true
				return line, true
			}
			why := w.explainFee(o.asOf(at), at)
			p.Why, p.WhyZh = why.En, why.Zh
			line.Points = append(line.Points, p)
			last, first = p, false
		}
		at, ok = o.nextChange(at, w.rules)
		ok = ok && !at.After(until)
	}
	return line, true
}

func (w *State) feePoint(o *order, at time.Time) FeePoint {
	was := o.asOf(at)
	return FeePoint{At: at, Fee: was.fee(at, w.rules), Remaining: was.remaining(at, w.rules)}
}

// OrderAt is an order as it was at an instant, to the second.
func (w *State) OrderAt(id string, at time.Time) (Order, bool) {
	o := w.orders[id]
	if o == nil {
		return Order{}, false
	}
	return o.asOf(at).value(at, w.rules), true
}

// asOf is the order as it was at an instant, to the second: with what was paid by then, and parked until it left.
func (o *order) asOf(at time.Time) *order {
	at = notation.Second(at)
	was := *o
	was.Payments, was.SettledAt = nil, time.Time{}
	late := false // whether it was paid after it had left
	for i := range o.Payments {
		p := &o.Payments[i]
		if notation.Second(p.At).After(at) {
			continue
		}
		was.Payments = append(was.Payments, *p)
		if p.ExternalOrderID != "" {
			was.SettledAt = p.At
			late = late || (o.left() && !p.At.Before(o.ExitTime))
		}
	}
	switch {
	case !o.left():
	case at.Before(o.ExitTime):
		was.ExitTime, was.Cash = time.Time{}, 0
		if !o.Given {
			was.FixedFee = nil
		} else if o.ExitFee != nil {
			was.FixedFee = o.ExitFee
		}
	case o.ExitFee != nil && !late:
		was.FixedFee = o.ExitFee
	}
	return &was
}

// nextChange is the first instant behind another at which the fee may change: somebody pays, the grace ends, the car leaves,
// or the tariff counts another unit.
func (o *order) nextChange(at time.Time, r *rules.Rules) (next time.Time, ok bool) {
	consider := func(t time.Time) {
		if t.After(at) && (!ok || t.Before(next)) {
			next, ok = t, true
		}
	}
	for i := range o.Payments {
		p := &o.Payments[i]
		consider(notation.Second(p.At))
		if p.ExternalOrderID != "" {
			consider(notation.Second(p.At).Add(r.TariffGrace + time.Second))
		}
	}
	if o.left() {
		consider(o.ExitTime)
	}
	if o.UserType != LongTerm && !o.Given && (!o.left() || at.Before(o.ExitTime)) {
		if change, changes := o.Tariff.NextChange(o.EntranceTime, at, r.TariffFree); changes {
			consider(change)
		}
	}
	return next, ok
}
