package platform

import (
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/etcp-mock/etcp-mock/sign/diagnose/inspect"

	"github.com/etcp-mock/etcp-mock/internal/duration"
)

// phrase is a text in both languages, for [Refusal.Say].
type phrase struct{ en, zh string }

func (p *phrase) add(en, zh string) {
	p.en += en
	p.zh += zh
}

func (v Vehicle) phrase() phrase {
	return phrase{v.Plate + " (plateColor " + v.Color + ")", v.Plate + "（车牌颜色 " + v.Color + "）"}
}

// vehicleList names vehicles, each with what there is to say of it.
func vehicleList(all []Vehicle, since func(Vehicle) time.Time) (list phrase) {
	for i, v := range all {
		if i > 0 {
			list.add(", ", "、")
		}
		name, at := v.phrase(), FormatTime(since(v))
		list.add(name.en+" on "+at, name.zh+"于 "+at)
	}
	return list
}

func (w *State) refuseBindLimit(phone string, u *user, most int) *Refusal {
	bound := vehicleList(u.Bound, func(v Vehicle) time.Time { return w.bindings[v].Since })
	return Refuse("bind-limit").With("phone", phone).With("count", itoa(len(u.Bound))).
		Say("vehicles", bound.en, bound.zh).With("most", itoa(most))
}

// refuseTooManyBoundInAMonth names the vehicles that count, each with the first time it was bound within the month.
func refuseTooManyBoundInAMonth(phone string, u *user, counted []Vehicle, since time.Time, most int) *Refusal {
	list := vehicleList(counted, func(v Vehicle) time.Time {
		at := slices.IndexFunc(u.History, func(e bindEvent) bool { return e.Vehicle == v && !e.At.Before(since) })
		return u.History[at].At
	})
	return Refuse("bind-limit-month").With("phone", phone).With("count", itoa(len(counted))).
		With("since", FormatTime(since)).Say("vehicles", list.en, list.zh).With("most", itoa(most))
}

// whoHas says which colour of a number is bound by whom.
func (w *State) whoHas(plate string) (have phrase) {
	for color := '1'; color <= '4'; color++ {
		v := Vehicle{plate, string(color)}
		if b := w.bindings[v]; b != nil {
			name, since := v.phrase(), FormatTime(b.Since)
			have.add(name.en+" is bound by "+b.Phone+" since "+since+". ", name.zh+"自 "+since+" 起由 "+b.Phone+" 绑定。")
		}
	}
	if have.en == "" {
		have.add("Nobody has bound it.", "没有人绑定它。")
	}
	return phrase{strings.TrimSpace(have.en), have.zh}
}

// refuseVerificationInfo says why a verificationInfo is not an order's.
func refuseVerificationInfo(o *order, given string, q quote, err error) *Refusal {
	r := Refuse("verification-info-invalid").With("order", o.ID)
	if !errors.Is(err, errOtherOrder) {
		r.With("cause", err.Error())
		if f, ok := inspect.Sealed(given, 128); ok && len(given) <= maxExplained {
			r.Because(f)
		}
		return r
	}
	at := FormatTime(q.at)
	return r.Say("cause",
		"it is that of order "+q.order+", issued at "+at+" over "+q.amount.Plain(),
		"它属于订单 "+q.order+"，于 "+at+" 签发，金额 "+q.amount.Plain()+" 元")
}

// refuseNothingToPay says since when an order is paid, and how long that holds.
func (w *State) refuseNothingToPay(o *order, now time.Time) *Refusal {
	why := w.feeStory(o, now)
	return Refuse("nothing-to-pay").With("order", o.ID).With("fee", o.fee(now, w.rules).Plain()).
		With("paid", o.paid().Plain()).Say("why", why.en, why.zh)
}

// mismatch says by how much a payment is off, what it was held against, and how the fee came about.
func (w *State) mismatch(o *order, q quote, young bool, amount, want Fen, now time.Time) *Refusal {
	at, ttl, age := FormatTime(q.at), duration.Prose(w.rules.QuoteTTL), duration.Prose(now.Sub(q.at))
	basis := phrase{
		"The quote of " + at + " said " + q.amount.Plain() + "; it is " + age + " old and holds for " + ttl + " (rule quote.ttl).",
		at + " 的报价为 " + q.amount.Plain() + " 元，距今 " + age + "，在有效期 " + ttl + " 之内（规则 quote.ttl）。",
	}
	switch {
	case young:
	case !q.at.After(o.SettledAt):
		paid := FormatTime(o.SettledAt)
		basis = phrase{
			"The quote of " + at + " was settled by the payment of " + paid + ", so what is due now counts.",
			at + " 的报价已由 " + paid + " 的支付结清，因此以当前应付金额为准。",
		}
	default:
		basis = phrase{
			"The quote of " + at + " over " + q.amount.Plain() + " is " + age + " old, past " + ttl + " (rule quote.ttl), so what is due now counts.",
			at + " 的报价（" + q.amount.Plain() + " 元）距今 " + age + "，已超过有效期 " + ttl + "（规则 quote.ttl），因此以当前应付金额为准。",
		}
	}
	how := w.feeStory(o, now)
	refusal := Refuse("payment-mismatch").With("payment", amount.Plain()).With("want", want.Plain()).With("off", (amount-want).Plain()).
		Say("basis", basis.en, basis.zh).Say("how", how.en, how.zh)
	if f, ok := inspect.Amount(amount.Plain(), want.Plain()); ok {
		refusal.Because(f)
	}
	return refusal
}

// feeStory tells how a fee came about, day by day and unit by unit.
func (w *State) feeStory(o *order, now time.Time) (story phrase) {
	stay := o.end(now).Sub(o.EntranceTime)
	length, from, fee := duration.Prose(stay), FormatTime(o.EntranceTime), o.fee(now, w.rules).Plain()
	story.add("Fee "+fee+" for "+length+" from "+from+": ", "自 "+from+" 起停放 "+length+"，停车费 "+fee+" 元：")
	days := o.Tariff.Explain(stay, w.rules.TariffFree, daysExplained)
	switch {
	case o.UserType == LongTerm:
		story.add("a long-term car pays nothing", "长租车不收费")
	case o.FixedFee == nil && o.inGrace(now, w.rules):
		until := FormatTime(second(o.SettledAt).Add(w.rules.TariffGrace))
		story.add("paid in full at "+FormatTime(o.SettledAt)+", so it does not grow until "+until+" (rule tariff.grace)",
			FormatTime(o.SettledAt)+" 已付清，"+until+" 前不再计费（规则 tariff.grace）")
	case o.FixedFee != nil && *o.FixedFee != o.Tariff.Fee(stay, w.rules.TariffFree):
		story.add("it was fixed when the car left, or given", "离场时已确定，或为指定金额")
	case len(days) == 0:
		story.add("within the "+itoa(o.Tariff.FreeMinutes)+" free minutes", "在 "+itoa(o.Tariff.FreeMinutes)+" 分钟免费时间之内")
	default:
		story.days(&o.Tariff, days, w.rules.TariffFree)
		if more := int((stay+day-1)/day) - len(days); more > 0 {
			story.add(", and "+itoa(more)+" more days", "，另有 "+itoa(more)+" 天")
		}
	}
	story.add("; paid "+o.paid().Plain()+".", "；已付 "+o.paid().Plain()+" 元。")
	return story
}

// daysExplained is how many 24 h of a long stay are explained.
const daysExplained = 5

// days tells of each 24 h from entry what it came to.
func (p *phrase) days(t *Tariff, days []DayCharge, free string) {
	if t.FreeMinutes > 0 {
		minutes := itoa(t.FreeMinutes)
		if free == "deducted" {
			p.add("less "+minutes+" free minutes, ", "扣除 "+minutes+" 分钟免费时间，")
		} else {
			p.add("past "+minutes+" free minutes the whole stay counts, ", "超过 "+minutes+" 分钟免费时间，按全程计费，")
		}
	}
	unit := duration.Prose(time.Duration(t.UnitMinutes) * time.Minute)
	for i, d := range days {
		if i > 0 {
			p.add(", ", "，")
		}
		units, length := strconv.FormatInt(d.Units, 10), duration.Prose(d.Length)
		sum := units + " × " + t.UnitPrice.Plain()
		p.add("day "+itoa(d.Day)+": "+length+" in units of "+unit+" = "+sum, "第 "+itoa(d.Day)+" 天 "+length+" 按每 "+unit+" 计 = "+sum)
		if d.Capped {
			p.add(", capped at "+d.Fee.Plain(), "，封顶 "+d.Fee.Plain())
		} else {
			p.add(" = "+d.Fee.Plain(), " = "+d.Fee.Plain())
		}
	}
}
