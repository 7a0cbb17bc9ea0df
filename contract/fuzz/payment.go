package fuzz

import (
	"encoding/json"
	"time"

	"github.com/etcp-mock/etcp-mock/client"
	"github.com/etcp-mock/etcp-mock/schemas"
)

const (
	quoteYoung = 5 * time.Minute
	grace      = 15 * time.Minute
)

func (m *model) predictPayment(fields map[string]any) int {
	quote, given := m.quotes[textOf(fields, "verificationInfo")]
	order := m.orders[textOf(fields, "orderId")]
	if !given || order == nil || quote.order != textOf(fields, "orderId") {
		return schemas.CodeOrderUpdateFailed
	}
	amount, err := client.ParseYuan(textOf(fields, "payment"))
	if err != nil {
		return unsure
	}
	if earlier, used := m.paid[textOf(fields, "externalOrderId")]; used {
		if earlier.order == quote.order && earlier.amount == amount.String() {
			return 0
		}
		return schemas.CodeOrderCreateFailed
	}
	fee, err := client.ParseYuan(quote.fee)
	due, young := m.due(order), m.now-quote.at < quoteYoung
	want := due
	if young {
		want = fee
	}
	switch {
	case due == 0:
		return schemas.CodeOrderUpdateFailed
	case err != nil || young && order.paid && quote.at <= order.paidAt: // whether a quote outlives a payment the document does not say
		return unsure
	case amount != want:
		return schemas.CodeWrongAmount
	}
	return 0
}

func (m *model) observePayment(fields map[string]any, answer *client.Answer, wrong func(string, ...any) *breach) *breach {
	var data struct {
		OrderID    string      `json:"orderId"`
		External   string      `json:"externalOrderId"`
		PayOrderID string      `json:"payOrderId"`
		Payment    json.Number `json:"payment"`
	}
	_ = json.Unmarshal(answer.Data, &data) // the schema has seen it
	amount, _ := client.ParseYuan(textOf(fields, "payment"))
	said, err := client.ParseYuan(data.Payment.String())
	external := textOf(fields, "externalOrderId")
	switch {
	case data.OrderID != textOf(fields, "orderId") || data.External != external:
		return wrong("answers with another order's ids")
	case err != nil || said != amount:
		return wrong("says that %s was paid, and it was %s", data.Payment, amount)
	}
	if earlier, used := m.paid[external]; used {
		if earlier.receipt != data.PayOrderID {
			return wrong("gives a retry another payOrderId")
		}
		return nil
	}
	m.paid[external] = modelPayment{data.OrderID, amount.String(), data.PayOrderID}
	if o := m.orders[data.OrderID]; o != nil {
		o.paid, o.paidAt, o.sum = true, m.now, o.sum+amount
		o.payers = append(o.payers, m.phones[textOf(fields, "token")])
	}
	return nil
}
