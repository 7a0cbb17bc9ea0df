package control

import (
	"context"
	"net/http"

	"github.com/etcp-mock/etcp-mock/client"
)

// StayItem is one thing that happened in the course of a stay; or, of kind next, an attempt to deliver a push that is to come.
type StayItem struct {
	ID        string      `json:"id"` // within the stay
	At        client.Time `json:"at"`
	Gap       string      `json:"gap,omitempty"` // since the item before, such as 1h30m; "" for none
	Lane      string      `json:"lane"`          // user, platform, car or webhook
	Kind      string      `json:"kind"`          // sms, login, bind, enter, push, attempt, next, quote, refused, paid, exit, unbind, …
	RequestID string      `json:"requestId,omitempty"`
	PushID    string      `json:"pushId,omitempty"`
	Attempt   int         `json:"attempt,omitempty"` // counts the attempts of a push from 1
	Behind    string      `json:"behind,omitempty"`  // the push whose end an attempt to come waits for
	Failed    bool        `json:"failed,omitempty"`
	Amount    *client.Fen `json:"amount,omitempty"`
	Text      string      `json:"text"`            // what happened, in English
	TextZh    string      `json:"textZh"`          // in Chinese
	Why       string      `json:"why,omitempty"`   // why a request was refused, in English
	WhyZh     string      `json:"whyZh,omitempty"` // in Chinese
}

// Stay lists what happened in the course of a stay, by its order's id, in order. What the journal does not keep any more is not
// in it. No such order: [IsNotFound].
func (s *Sandbox) Stay(ctx context.Context, orderID string, page Page) (List[StayItem], error) {
	return do[List[StayItem]](ctx, s.c, http.MethodGet, s.path+"/stays/"+segment(orderID), page.query(), nil)
}

// FeePoint is what the fee of a stay is from an instant on.
type FeePoint struct {
	At        client.Time `json:"at"`
	Fee       client.Fen  `json:"fee"`
	Remaining client.Fen  `json:"remaining"`
	Why       string      `json:"why"`   // how it came about, in English
	WhyZh     string      `json:"whyZh"` // in Chinese
}

// FeeQuote is an amount that orderunpay said (§9.7), and until when it may be paid.
type FeeQuote struct {
	RequestID string      `json:"requestId"`
	At        client.Time `json:"at"`
	Until     client.Time `json:"until"`
	Amount    client.Fen  `json:"amount"`
}

// FeePayment is a payment of a stay.
type FeePayment struct {
	At         client.Time `json:"at"`
	Amount     client.Fen  `json:"amount"`
	How        string      `json:"how"` // electronic, withhold or cash
	PayOrderID string      `json:"payOrderId,omitempty"`
}

// FeeCurve is the fee of a stay over time, in steps.
type FeeCurve struct {
	List[FeePoint]

	OrderID      string       `json:"orderId"`
	EntranceTime client.Time  `json:"entranceTime"`
	ExitTime     client.Time  `json:"exitTime"` // zero while it is parked
	Now          client.Time  `json:"now"`
	Until        client.Time  `json:"until"`
	FreeMinutes  int          `json:"freeMinutes"`
	DailyCap     *client.Fen  `json:"dailyCap,omitempty"` // nil: none
	Quotes       []FeeQuote   `json:"quotes"`
	Payments     []FeePayment `json:"payments"`
}

// OrderFee gives the instants at which the fee of a stay changes, from the entrance until an instant, zero for now: at most 31 days behind the
// entrance where that is later than now. Beyond now nobody pays and the car stays. No such order: [IsNotFound].
func (s *Sandbox) OrderFee(ctx context.Context, orderID string, until client.Time, page Page) (FeeCurve, error) {
	text := ""
	if !until.IsZero() {
		text = until.String()
	}
	return do[FeeCurve](ctx, s.c, http.MethodGet, s.path+"/orders/"+segment(orderID)+"/fee", page.query("until", text), nil)
}
