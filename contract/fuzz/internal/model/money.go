package model

import (
	"encoding/json"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/etcp-mock/etcp-mock/client"
	"github.com/etcp-mock/etcp-mock/schemas"
)

// fee is the whole fee of a stay now: what was paid, in the grace after it was paid in full; else the tariff's from entry. Once the car has left it stands still.
func (m *Model) fee(o *parkingOrder) client.Fen {
	switch {
	case o.left:
		return o.fixed
	case o.longTerm:
		return 0
	case o.settled && m.now-o.settledAt <= m.setup.grace:
		return o.sum + o.cash
	}
	return o.park.tariff.fee(m.now-o.entered, m.setup.deducted)
}

// due is what is left to pay of an order now.
func (m *Model) due(o *parkingOrder) client.Fen { return max(m.fee(o)-o.sum-o.cash, 0) }

// order finds one by its id.
func (m *Model) order(id string) *parkingOrder {
	for _, o := range m.orders {
		if o.id == id {
			return o
		}
	}
	return nil
}

// predictPayment is the code of orderpaid (§9.8): the order and its quote, then the id, then whether something is owed, then the amount.
func (m *Model) predictPayment(fields map[string]any) int {
	quote, given := m.quotes[Text(fields, "verificationInfo")]
	o := m.order(Text(fields, "orderId"))
	if !given || o == nil || quote.order != o {
		return schemas.CodeOrderUpdateFailed
	}
	amount, err := client.ParseYuan(Text(fields, "payment"))
	if err != nil {
		return Unsure
	}
	if earlier := m.paid[Text(fields, "externalOrderId")]; earlier != nil {
		if earlier.order == o && earlier.amount == amount {
			return 0
		}
		return schemas.CodeOrderCreateFailed
	}
	due, young := m.due(o), m.now-quote.at < m.setup.quote
	want := due
	if young {
		want = quote.fee
	}
	switch {
	case due == 0:
		return schemas.CodeOrderUpdateFailed
	case young && o.settled && quote.at <= o.settledAt: // whether a quote outlives a payment the document does not say
		return Unsure
	case amount != want:
		return schemas.CodeWrongAmount
	}
	return 0
}

var receiptForm = regexp.MustCompile(`^no[0-9]{14}[0-9]{7}$`)

// payment holds the answer to a payment to what was sent, and to the first answer where it is a retry.
func (o *observed) payment(phone string) string {
	m := o.m
	var data struct {
		OrderID    string      `json:"orderId"`
		External   string      `json:"externalOrderId"`
		PayOrderID string      `json:"payOrderId"`
		PayTime    string      `json:"payTime"`
		Payment    json.Number `json:"payment"`
	}
	o.data(&data)
	amount, _ := client.ParseYuan(o.text("payment"))
	said, err := client.ParseYuan(data.Payment.String())
	switch {
	case data.OrderID != o.text("orderId") || data.External != o.text("externalOrderId"):
		return o.wrong("answers with another order's ids")
	case err != nil || said != amount:
		return o.wrong("says that %s was paid, and it was %s", data.Payment, amount)
	}
	if earlier := m.paid[data.External]; earlier != nil {
		switch {
		case earlier.receipt != data.PayOrderID:
			return o.wrong("gives a retry another payOrderId")
		case earlier.payTime != data.PayTime:
			return o.wrong("gives a retry the payTime %s, and it was %s", data.PayTime, earlier.payTime)
		}
		return ""
	}
	switch {
	case data.PayTime != o.text("payTime"):
		return o.wrong("says that it was paid at %s, and it was %s", data.PayTime, o.text("payTime"))
	case !receiptForm.MatchString(data.PayOrderID) || data.PayOrderID[2:16] != StampAt(m.setup.Clock.Add(m.now)):
		return o.wrong("gives the payOrderId %s, want no, the time and seven digits", data.PayOrderID)
	}
	order := m.order(data.OrderID)
	if order == nil {
		return ""
	}
	m.paid[data.External] = &madePayment{order, amount, data.PayOrderID, data.PayTime}
	order.settled, order.settledAt, order.sum = true, m.now, order.sum+amount
	order.payers = append(order.payers, phone)
	if order.left {
		order.fixed = order.sum + order.cash
	}
	return ""
}

// Quote is a row of the answer to orderunpay.
type Quote struct {
	OrderID   string      `json:"orderId"`
	Proof     string      `json:"verificationInfo"`
	Fee       json.Number `json:"remainingFee"`
	Whole     json.Number `json:"parkingFee"`
	Car       string      `json:"carNumber"`
	Entered   string      `json:"entranceTime"`
	Left      string      `json:"exitTime"`
	ParkingID int64       `json:"parkingId"`
	Name      string      `json:"parkingName"`
}

// newestFirst sorts orders by when they entered.
func newestFirst(orders []*parkingOrder) {
	slices.SortFunc(orders, func(a, b *parkingOrder) int { return b.number - a.number })
}

// quotes hold what is to pay of a number: the cars that are parked, in any colour, and what left owing.
func (o *observed) quotes() string {
	m := o.m
	var rows []Quote
	o.data(&rows)
	if rows == nil {
		return o.wrong("has no list")
	}
	plate := normalPlate(o.text("plateNumber"))
	var want []*parkingOrder
	for _, order := range m.orders {
		if order.plate() == plate && (!order.left || m.due(order) > 0) {
			want = append(want, order)
		}
	}
	newestFirst(want)
	if len(rows) != len(want) {
		return o.wrong("lists %d orders of %s, and %d are parked or owing", len(rows), plate, len(want))
	}
	for i, row := range rows {
		if wrong := o.quote(&row, o.inPlace(want, i, row.OrderID), i); wrong != "" {
			return wrong
		}
	}
	return ""
}

// inPlace is the order that a list must have at a place. Of those that entered in one second any may be first.
func (o *observed) inPlace(want []*parkingOrder, i int, id string) *parkingOrder {
	for _, order := range want {
		if order.id == id && order.entered == want[i].entered {
			return order
		}
	}
	return want[i]
}

var orderForm = regexp.MustCompile(`^[0-9A-F]{8}-[0-9A-F]{4}-[0-9A-F]{4}-[0-9A-F]{4}-[0-9A-F]{12}$`)

// quote holds a row of what is to pay to the stay that it is for.
func (o *observed) quote(row *Quote, order *parkingOrder, i int) string {
	m := o.m
	fee, err := client.ParseYuan(row.Fee.String())
	whole, failed := client.ParseYuan(row.Whole.String())
	car := order.plate()
	if !m.setup.plain {
		car = masked(car)
	}
	left := m.now
	if order.left {
		left = order.leftAt
	}
	switch {
	case row.OrderID != order.id || !orderForm.MatchString(row.OrderID):
		return o.wrong("lists the order %s at place %d, want %s", row.OrderID, i+1, order.id)
	case err != nil || failed != nil:
		return o.wrong("shows fees that are no amounts")
	case fee != m.due(order) || whole != m.fee(order):
		return o.wrong("shows %s of %s to pay, want %s of %s", row.Fee, row.Whole, m.due(order), m.fee(order))
	case row.Car != car:
		return o.wrong("shows the car as %q, want %q", row.Car, car)
	case row.Entered != m.At(order.entered) || row.Left != m.At(left):
		return o.wrong("shows a stay from %s to %s, want %s to %s", row.Entered, row.Left, m.At(order.entered), m.At(left))
	case row.Name != order.park.name || m.park(strconv.FormatInt(row.ParkingID, 10)) == nil || strconv.FormatInt(row.ParkingID, 10) != order.park.id || len(row.Proof) != 128:
		return o.wrong("shows car park %d and a verificationInfo of %d characters", row.ParkingID, len(row.Proof))
	}
	m.quotes[row.Proof] = givenQuote{order, fee, m.now}
	return ""
}

// masked is a plate as others see it (§9.7).
func masked(plate string) string {
	all := []rune(plate)
	return string(all[0]) + "****" + string(all[len(all)-2:])
}

// history holds a history to what left within its window with nothing owed, of a phone that had the vehicle bound or paid.
func (o *observed) history(phone string) string {
	m := o.m
	var rows []struct {
		OrderID string `json:"orderId"`
		Fee     string `json:"parkingFee"`
		Cash    string `json:"actual"`
		Car     string `json:"carNumber"`
		Entered string `json:"entranceTime"`
		Left    string `json:"exitTime"`
		Park    string `json:"parkingId"`
		Name    string `json:"parkingName"`
	}
	if o.data(&rows); rows == nil {
		return o.wrong("has no list")
	}
	var want []*parkingOrder
	for _, order := range m.orders {
		from := order.leftAt
		if m.setup.byEntrance {
			from = order.entered
		}
		if order.left && m.due(order) == 0 && (order.owner == phone || slices.Contains(order.payers, phone)) && m.now-from <= m.setup.history {
			want = append(want, order)
		}
	}
	newestFirst(want)
	if len(rows) != len(want) {
		return o.wrong("lists %d orders, and %d belong to the phone", len(rows), len(want))
	}
	for i, row := range rows {
		order := o.inPlace(want, i, row.OrderID)
		switch {
		case row.OrderID != order.id:
			return o.wrong("lists another order at place %d", i+1)
		case !amounts(row.Fee, order.fixed) || !amounts(row.Cash, order.cash):
			return o.wrong("says %s, in cash %s, where it was %s, in cash %s", row.Fee, row.Cash, order.fixed, order.cash)
		case row.Car != order.plate() || row.Entered != m.At(order.entered) || row.Left != m.At(order.leftAt):
			return o.wrong("says that %s was there from %s to %s", row.Car, row.Entered, row.Left)
		case row.Park != order.park.id || row.Name != order.park.name:
			return o.wrong("says that it was in car park %s %s", row.Park, row.Name)
		}
	}
	return ""
}

// amounts reports whether a text of a history is an amount: with one decimal place at least.
func amounts(text string, want client.Fen) bool {
	amount, err := client.ParseYuan(text)
	return err == nil && amount == want && strings.Contains(text, ".")
}

// status holds how full a car park is to the cars that are in it.
func (o *observed) status() string {
	m := o.m
	var data struct {
		Total  json.Number `json:"totalSpace"`
		Time   string      `json:"time"`
		Status string      `json:"status"`
	}
	o.data(&data)
	p := m.park(o.text("parkingId"))
	free := max(p.total-p.occupied-m.taken[p.id], 0)
	word := m.setup.words[1]
	switch {
	case free == 0:
		word = m.setup.words[2]
	case free*100 > p.total*m.setup.plenty:
		word = m.setup.words[0]
	}
	if data.Total.String() != strconv.Itoa(p.total) || data.Time != m.At(m.now) || data.Status != word {
		return o.wrong("says %s of %s at %s, want %s of %d at %s", data.Status, data.Total, data.Time, word, p.total, m.At(m.now))
	}
	return ""
}

// StampAt is a time_stamp.
func StampAt(t time.Time) string { return t.In(client.Zone).Format(client.StampLayout) }

// TimeAt is an instant as the platform prints it.
func TimeAt(t time.Time) string { return t.In(client.Zone).Format(client.TimeLayout) }
