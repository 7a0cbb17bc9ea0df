package control

import (
	"strconv"
	"time"

	"github.com/etcp-mock/etcp-mock/internal/duration"
	"github.com/etcp-mock/etcp-mock/mock/internal/engine"
	"github.com/etcp-mock/etcp-mock/mock/internal/fixture"
	"github.com/etcp-mock/etcp-mock/mock/internal/platform"
	"github.com/etcp-mock/etcp-mock/mock/internal/platform/notation"
	"github.com/etcp-mock/etcp-mock/mock/internal/problem"
	"github.com/etcp-mock/etcp-mock/mock/internal/stay"
)

type stayItem struct {
	ID        string `json:"id"`
	At        string `json:"at"`
	Gap       string `json:"gap,omitempty"` // since the item before it
	Lane      string `json:"lane"`
	Kind      string `json:"kind"`
	RequestID string `json:"requestId,omitempty"`
	PushID    string `json:"pushId,omitempty"`
	Attempt   int    `json:"attempt,omitempty"`
	Behind    string `json:"behind,omitempty"`
	Failed    bool   `json:"failed,omitempty"`
	Amount    string `json:"amount,omitempty"`
	Text      string `json:"text"`
	TextZh    string `json:"textZh"`
	Why       string `json:"why,omitempty"`
	WhyZh     string `json:"whyZh,omitempty"`
}

func stayItemOf(i *stay.Item) stayItem {
	item := stayItem{
		ID: i.ID, At: notation.FormatTime(i.At), Lane: i.Lane(), Kind: i.Kind, RequestID: i.RequestID, PushID: i.PushID,
		Attempt: i.Attempt, Behind: i.Behind, Failed: i.Failed, Text: i.Text, TextZh: i.TextZh, Why: i.Why, WhyZh: i.WhyZh,
	}
	if i.Gap > 0 {
		item.Gap = duration.Format(i.Gap)
	}
	if i.Amount != nil {
		item.Amount = i.Amount.Plain()
	}
	return item
}

// noOrder is the answer where the path names no order.
func noOrder(id string) error {
	return problem.Missing(problem.UnknownOrder, "no order "+strconv.Quote(id))
}

// getStay lists what happened in the course of a stay, and the attempts to come.
func (a *Control) getStay(in *call) (reply, error) {
	page, err := in.page()
	if err != nil {
		return reply{}, err
	}
	id := in.gin.Param("order")
	var (
		s     *stay.Stay
		known bool
	)
	log := in.sandbox.History()
	in.sandbox.Read(func(v engine.View, now time.Time) { s, known = stay.Collect(v, &log, id, now) })
	if !known {
		return reply{}, noOrder(id)
	}
	all := s.Items()
	items := make([]stayItem, len(all))
	for i := range all {
		items[i] = stayItemOf(&all[i])
	}
	return listed(paged(items, page, func(i stayItem) string { return i.ID }, nil))
}

type feeItem struct {
	At        string `json:"at"`
	Fee       string `json:"fee"`
	Remaining string `json:"remaining"`
	Why       string `json:"why"`
	WhyZh     string `json:"whyZh"`
}

type feeQuote struct {
	RequestID string `json:"requestId"`
	At        string `json:"at"`
	Until     string `json:"until"`
	Amount    string `json:"amount"`
}

type feePayment struct {
	At         string `json:"at"`
	Amount     string `json:"amount"`
	How        string `json:"how"` // electronic, withhold or cash
	PayOrderID string `json:"payOrderId,omitempty"`
}

// feeCurve is the fee of a stay over time, with what belongs beside it in a drawing.
type feeCurve struct {
	list[feeItem]

	OrderID      string       `json:"orderId"`
	EntranceTime string       `json:"entranceTime"`
	ExitTime     string       `json:"exitTime"`
	Now          string       `json:"now"`
	Until        string       `json:"until"`
	FreeMinutes  int          `json:"freeMinutes"`
	DailyCap     string       `json:"dailyCap,omitempty"`
	Quotes       []feeQuote   `json:"quotes"`
	Payments     []feePayment `json:"payments"`
}

// maxFeeAhead bounds how far from the entrance on a fee is asked for, where that lies beyond now.
const maxFeeAhead = 31 * 24 * time.Hour

// orderFee lists the instants at which the fee of a stay changes, from the entrance until now or what the query says.
func (a *Control) orderFee(in *call) (reply, error) {
	page, err := in.page()
	if err != nil {
		return reply{}, err
	}
	if page.Newest {
		return reply{}, problem.InQuery("order", "want oldest: the fee is counted from the entrance on")
	}
	after, err := in.instantOf("after")
	if err != nil {
		return reply{}, err
	}
	until, err := in.instantOf("until")
	if err != nil {
		return reply{}, err
	}
	id := in.gin.Param("order")
	var (
		line  platform.FeeLine
		s     *stay.Stay
		known bool
		at    time.Time
	)
	log := in.sandbox.History()
	in.sandbox.Read(func(v engine.View, now time.Time) {
		at = now
		var o platform.Order
		if o, known = v.State().Order(id, now); !known {
			return
		}
		if until.IsZero() {
			until = now
		}
		if err = checkUntil(until, now, o.EntranceTime); err != nil {
			return
		}
		s, _ = stay.Collect(v, &log, id, now)
		line, _ = v.State().FeeLine(id, after, until, page.Limit, now)
	})
	if !known {
		return reply{}, noOrder(id)
	}
	if err != nil {
		return reply{}, err
	}
	return ok(feeCurveOf(&line, s, until, at))
}

func checkUntil(until, now, entered time.Time) error {
	latest := entered.Add(maxFeeAhead)
	if latest.Before(now) {
		latest = now
	}
	switch {
	case until.Before(entered):
		return problem.InQuery("until", "is before the car drove in, "+notation.FormatTime(entered))
	case until.After(latest):
		return problem.InQuery("until", "want at most 31 days behind the entrance, or now: "+notation.FormatTime(latest))
	}
	return nil
}

// instantOf is a parameter of the query that is a time; zero where there is none.
func (in *call) instantOf(name string) (time.Time, error) {
	var i fixture.Instant
	text := in.gin.Query(name)
	if text == "" {
		return i.Time, nil
	}
	if err := i.UnmarshalText([]byte(text)); err != nil {
		return i.Time, problem.InQuery(name, err.Error())
	}
	return i.Time, nil
}

func feeCurveOf(line *platform.FeeLine, s *stay.Stay, until, now time.Time) feeCurve {
	o := &line.Order
	curve := feeCurve{
		list: list[feeItem]{Items: make([]feeItem, len(line.Points))}, OrderID: o.ID, EntranceTime: notation.FormatTime(o.EntranceTime),
		Now: notation.FormatTime(now), Until: notation.FormatTime(until), FreeMinutes: line.Tariff.FreeMinutes, Quotes: []feeQuote{}, Payments: []feePayment{},
	}
	if !o.ExitTime.IsZero() {
		curve.ExitTime = notation.FormatTime(o.ExitTime)
	}
	if line.Tariff.DailyCap != nil {
		curve.DailyCap = line.Tariff.DailyCap.Plain()
	}
	if o.UserType == platform.LongTerm {
		curve.FreeMinutes, curve.DailyCap = 0, ""
	}
	for i, p := range line.Points {
		curve.Items[i] = feeItem{notation.FormatTime(p.At), p.Fee.Plain(), p.Remaining.Plain(), p.Why, p.WhyZh}
	}
	if line.More {
		curve.Next = curve.Items[len(curve.Items)-1].At
	}
	for _, q := range s.Quotes() {
		curve.Quotes = append(curve.Quotes, feeQuote{q.RequestID, notation.FormatTime(q.At), notation.FormatTime(q.Until), q.Amount.Plain()})
	}
	for _, p := range o.Payments {
		how := "electronic"
		if p.ExternalOrderID == "" {
			how = platform.PayWithhold
		}
		curve.Payments = append(curve.Payments, feePayment{notation.FormatTime(p.At), p.Amount.Plain(), how, p.PayOrderID})
	}
	if o.PaidCash > 0 {
		curve.Payments = append(curve.Payments, feePayment{At: curve.ExitTime, Amount: o.PaidCash.Plain(), How: platform.PayCash})
	}
	return curve
}
