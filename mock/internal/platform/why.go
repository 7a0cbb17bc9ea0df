package platform

import (
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/etcp-mock/etcp-mock/internal/duration"
	"github.com/etcp-mock/etcp-mock/internal/excerpt"
	"github.com/etcp-mock/etcp-mock/mock/internal/platform/notation"
	"github.com/etcp-mock/etcp-mock/mock/internal/platform/params"
	"github.com/etcp-mock/etcp-mock/mock/internal/platform/reasons"
	"github.com/etcp-mock/etcp-mock/mock/internal/platform/seal"
	"github.com/etcp-mock/etcp-mock/mock/internal/platform/tariff"
	"github.com/etcp-mock/etcp-mock/sign/diagnose/inspect"
)

func (w *State) refuseBindLimit(phone string, u *user, most int) *reasons.Refusal {
	bound := reasons.Vehicles(u.Bound, func(v notation.Vehicle) time.Time { return w.bindings[v].Since })
	return reasons.Refuse("bind-limit").With("phone", phone).With("count", itoa(len(u.Bound))).
		Say("vehicles", bound.En, bound.Zh).With("most", itoa(most))
}

// refuseTooManyBoundInAMonth names the vehicles that count, each with the first time it was bound within the month.
func refuseTooManyBoundInAMonth(phone string, u *user, counted []notation.Vehicle, since time.Time, most int) *reasons.Refusal {
	list := reasons.Vehicles(counted, func(v notation.Vehicle) time.Time {
		at := slices.IndexFunc(u.History, func(e bindEvent) bool { return e.Vehicle == v && !e.At.Before(since) })
		return u.History[at].At
	})
	return reasons.Refuse("bind-limit-month").With("phone", phone).With("count", itoa(len(counted))).
		With("since", notation.FormatTime(since)).Say("vehicles", list.En, list.Zh).With("most", itoa(most))
}

// whoHas says which colour of a number is bound by whom.
func (w *State) whoHas(plate string) (have reasons.Phrase) {
	for color := '1'; color <= '4'; color++ {
		v := notation.Vehicle{Plate: plate, Color: string(color)}
		if b := w.bindings[v]; b != nil {
			name, since := reasons.Vehicle(v), notation.FormatTime(b.Since)
			have.Add(name.En+" is bound by "+b.Phone+" since "+since+". ", name.Zh+"自 "+since+" 起由 "+b.Phone+" 绑定。")
		}
	}
	if have.En == "" {
		have.Add("Nobody has bound it.", "没有人绑定它。")
	}
	return reasons.Phrase{En: strings.TrimSpace(have.En), Zh: have.Zh}
}

// refuseVerificationInfo says why a verificationInfo is not an order's.
func refuseVerificationInfo(o *order, given string, q seal.Quote, err error) *reasons.Refusal {
	r := reasons.Refuse("verification-info-invalid").With("order", o.ID)
	if !errors.Is(err, errOtherOrder) {
		r.With("cause", err.Error())
		if f, ok := inspect.Sealed(given, 128); ok && len(given) <= params.MaxExplained {
			r.Because(f)
		}
		return r
	}
	at := notation.FormatTime(q.At)
	return r.Say("cause",
		"it is that of order "+q.Order+", issued at "+at+" over "+q.Amount.Plain(),
		"它属于订单 "+q.Order+"，于 "+at+" 签发，金额 "+q.Amount.Plain()+" 元")
}

// refuseToken says of a token that nobody was given which one was meant, where that shows.
func (w *State) refuseToken(given string) *reasons.Refusal {
	r := reasons.Refuse("token-unknown").With("token", excerpt.Given(given))
	if f, ok := inspect.Token(given, func(text string) bool { _, known, _, _ := w.tokens.Find(text); return known }); ok {
		r.Because(f)
	}
	return r
}

// refuseParking says of a parkingId that no car park has which one was meant, where that shows.
func (w *State) refuseParking(given string) *reasons.Refusal {
	r := reasons.Refuse("parking-unknown").With("given", excerpt.Given(given))
	byName := func(name string) (found string) {
		for id, p := range w.parkings {
			if p.Name == name && (found == "" || id < found) { // of two of one name always the same
				found = id
			}
		}
		return found
	}
	if f, ok := inspect.ParkingID(given, func(id string) bool { return w.parkings[id] != nil }, byName); ok {
		r.Because(f)
	}
	return r
}

// refuseNothingToPay says since when an order is paid, and how long that holds.
func (w *State) refuseNothingToPay(o *order, now time.Time) *reasons.Refusal {
	why := w.explainFee(o, now)
	return reasons.Refuse("nothing-to-pay").With("order", o.ID).With("fee", o.fee(now, w.rules).Plain()).
		With("paid", o.paid().Plain()).Say("why", why.En, why.Zh)
}

// mismatch says by how much a payment is off, what it was held against, and how the fee came about.
func (w *State) mismatch(o *order, q seal.Quote, young bool, amount, want notation.Fen, now time.Time) *reasons.Refusal {
	at, ttl, age := notation.FormatTime(q.At), duration.Prose(w.rules.QuoteTTL), duration.Prose(now.Sub(q.At))
	ttlZh, ageZh := duration.Chinese(w.rules.QuoteTTL), duration.Chinese(now.Sub(q.At))
	basis := reasons.Phrase{
		En: "The quote of " + at + " said " + q.Amount.Plain() + "; it is " + age + " old and holds for " + ttl + " (rule quote.ttl).",
		Zh: at + " 的报价为 " + q.Amount.Plain() + " 元，距今 " + ageZh + "，在有效期 " + ttlZh + "之内（规则 quote.ttl）。",
	}
	switch {
	case young:
	case !q.At.After(o.SettledAt):
		paid := notation.FormatTime(o.SettledAt)
		basis = reasons.Phrase{
			En: "The quote of " + at + " was settled by the payment of " + paid + ", so what is due now counts.",
			Zh: at + " 的报价已由 " + paid + " 的支付结清，因此以当前应付金额为准。",
		}
	default:
		basis = reasons.Phrase{
			En: "The quote of " + at + " over " + q.Amount.Plain() + " is " + age + " old, past " + ttl + " (rule quote.ttl), so what is due now counts.",
			Zh: at + " 的报价（" + q.Amount.Plain() + " 元）距今 " + ageZh + "，已超过有效期 " + ttlZh + "（规则 quote.ttl），因此以当前应付金额为准。",
		}
	}
	how := w.explainFee(o, now)
	refusal := reasons.Refuse("payment-mismatch").With("payment", amount.Plain()).With("want", want.Plain()).With("off", (amount-want).Plain()).
		Say("basis", basis.En, basis.Zh).Say("how", how.En, how.Zh)
	if f, ok := inspect.Amount(amount.Plain(), want.Plain()); ok {
		refusal.Because(f)
	}
	return refusal
}

// explainFee says how a fee came about, day by day and unit by unit.
func (w *State) explainFee(o *order, now time.Time) (why reasons.Phrase) {
	end := o.end(now)
	length, lengthZh := duration.Between(o.EntranceTime, end)
	from, fee := notation.FormatTime(o.EntranceTime), o.fee(now, w.rules).Plain()
	why.Add("Fee "+fee+" for "+length+" from "+from+": ", "自 "+from+" 起停放 "+lengthZh+"，停车费 "+fee+" 元：")
	days := o.Tariff.Explain(end.Sub(o.EntranceTime), w.rules.TariffFree, daysExplained)
	switch {
	case o.UserType == LongTerm:
		why.Add("a long-term car pays nothing", "长租车不收费")
	case o.FixedFee == nil && o.inGrace(now, w.rules):
		until := notation.FormatTime(notation.Second(o.SettledAt).Add(w.rules.TariffGrace))
		why.Add("paid in full at "+notation.FormatTime(o.SettledAt)+", so it does not grow until "+until+" (rule tariff.grace)",
			notation.FormatTime(o.SettledAt)+" 已付清，"+until+" 前不再计费（规则 tariff.grace）")
	case o.FixedFee != nil && *o.FixedFee != o.Tariff.FeeBetween(o.EntranceTime, end, w.rules.TariffFree):
		why.Add("it was fixed when the car left, or given", "离场时已确定，或为指定金额")
	case len(days) == 0:
		why.Add("within the "+itoa(o.Tariff.FreeMinutes)+" free minutes", "在 "+itoa(o.Tariff.FreeMinutes)+" 分钟免费时间之内")
	default:
		prose := o.Tariff.Prose(days, w.rules.TariffFree)
		why.Add(prose.En, prose.Zh)
		if more := int(tariff.Days(o.EntranceTime, end)) - len(days); more > 0 {
			why.Add(", and "+itoa(more)+" more days", "，另有 "+itoa(more)+" 天")
		}
	}
	why.Add("; paid "+o.paid().Plain()+".", "；已付 "+o.paid().Plain()+" 元。")
	return why
}

// daysExplained is how many 24 h of a long stay are explained.
const daysExplained = 5
