package fuzz

import (
	"encoding/json"
	"slices"
	"strings"
	"time"

	"github.com/etcp-mock/etcp-mock/client"
)

// monthBefore is one month earlier, or the last day of that month where it has no such day (§9.4).
func monthBefore(t time.Time) time.Time {
	first := time.Date(t.Year(), t.Month()-1, 1, t.Hour(), t.Minute(), t.Second(), 0, t.Location())
	last := first.AddDate(0, 1, -1).Day()
	return first.AddDate(0, 0, min(t.Day(), last)-1)
}

// bind notes that a phone has bound a vehicle, or found it again, which takes it from another.
func (m *model) bind(phone, v string, found bool) {
	owner, bound := m.owners[v]
	if bound && owner != phone {
		m.unbound(v)
	}
	if !bound || owner != phone {
		if m.counted[phone] == nil {
			m.counted[phone] = map[string]time.Duration{}
		}
		m.counted[phone][v] = m.now
	}
	m.owners[v] = phone
	if found {
		m.certified[v] = true
	}
}

// due is what is left to pay of an order now: nothing in the grace after it was paid in full.
func (m *model) due(o *modelOrder) client.Fen {
	if o.left || o.paid && m.now-o.paidAt <= grace {
		return 0
	}
	return max(client.Fen(feeOf(m.now-o.entered)*100)-o.sum, 0)
}

// observeQuote holds what is to pay to the stay that it is for.
func (m *model) observeQuote(row *quoteRow, wrong func(string, ...any) *breach) *breach {
	o := m.orders[row.OrderID]
	if o == nil {
		return wrong("lists an order that is none")
	}
	all := []rune(o.plate)
	is, err := client.ParseYuan(row.Fee.String())
	whole, failed := client.ParseYuan(row.Whole.String())
	due := m.due(o)
	switch {
	case err != nil || failed != nil:
		return wrong("shows fees that are no amounts")
	case is != due || whole != due+o.sum:
		return wrong("shows %s of %s to pay, want %s of %s", row.Fee, row.Whole, due, due+o.sum)
	case row.Car != string(all[0])+"****"+string(all[len(all)-2:]):
		return wrong("shows the car as %q", row.Car)
	case row.Entered != timeAt(start.Add(o.entered)) || row.Left != timeAt(start.Add(m.now)):
		return wrong("shows a stay from %s to %s", row.Entered, row.Left)
	case row.ParkingID != 1 || len(row.Proof) != 128:
		return wrong("shows car park %d and a verificationInfo of %d characters", row.ParkingID, len(row.Proof))
	}
	return nil
}

// observeHistory holds a history to what left within seven days, of a phone that had the vehicle bound or paid.
func (m *model) observeHistory(phone string, answer *client.Answer, wrong func(string, ...any) *breach) *breach {
	var rows []struct {
		OrderID string `json:"orderId"`
		Fee     string `json:"parkingFee"`
		Cash    string `json:"actual"`
		Car     string `json:"carNumber"`
		Left    string `json:"exitTime"`
	}
	_ = json.Unmarshal(answer.Data, &rows) // the schema has seen it
	var want []*modelOrder
	for _, o := range m.orders {
		if o.left && (o.owner == phone || slices.Contains(o.payers, phone)) && m.now-o.leftAt <= 7*24*time.Hour {
			want = append(want, o)
		}
	}
	slices.SortFunc(want, func(a, b *modelOrder) int { return b.number - a.number })
	if len(rows) != len(want) {
		return wrong("lists %d orders, and %d belong to the phone", len(rows), len(want))
	}
	for i, row := range rows {
		o := want[i]
		switch {
		case row.OrderID != o.id:
			return wrong("lists another order at place %d", i+1)
		case !amounts(row.Fee, o.cash+o.sum) || !amounts(row.Cash, o.cash):
			return wrong("says %s, in cash %s, where it was %s, in cash %s", row.Fee, row.Cash, o.cash+o.sum, o.cash)
		case row.Car != o.plate || row.Left != timeAt(start.Add(o.leftAt)):
			return wrong("says that %s left at %s", row.Car, row.Left)
		}
	}
	return nil
}

// amounts reports whether a text of a history is an amount: with one decimal place at least.
func amounts(text string, want client.Fen) bool {
	is, err := client.ParseYuan(text)
	return err == nil && is == want && strings.Contains(text, ".")
}

// observeStatus holds how full the car park is to the few cars of a story.
func (m *model) observeStatus(fields map[string]any, answer *client.Answer, wrong func(string, ...any) *breach) *breach {
	var data struct {
		Total  string `json:"totalSpace"`
		Time   string `json:"time"`
		Status string `json:"status"`
	}
	_ = json.Unmarshal(answer.Data, &data) // the schema has seen it
	if data.Total != carParks[textOf(fields, "parkingId")] || data.Time != timeAt(start.Add(m.now)) || data.Status != "充足" {
		return wrong("says %s of %s at %s", data.Status, data.Total, data.Time)
	}
	return nil
}
