package api_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/client/control"
)

type historyRow struct {
	ParkingName, EntranceTime, ExitTime, ParkingFee, Actual, ParkingID, OrderID, CarNumber string
}

func (d *desk) history(merchant, phone string) []historyRow {
	d.t.Helper()
	return data[[]historyRow](d.t, d.as(merchant, 0, "orderhistory", obj{"token": d.token(merchant, phone)}))
}

func (d *desk) pay(code int, merchant, token string, row unpaidRow, external string, amount any) string {
	d.t.Helper()
	return d.as(merchant, code, "orderpaid", row.payment(token, external, amount)).Reason
}

// §9.7.3: the values, byte for byte; fees and parkingId are numbers.
func TestOrderUnpay_values(t *testing.T) {
	d := newDesk(t)
	token := d.token("M1", alice)
	require.Equal(t, `[]`, string(d.want(0, "orderunpay", obj{"token": token, "plateNumber": plate}).Data))
	order := d.enter(plate)
	d.advance("61m1s")
	answer := d.want(0, "orderunpay", obj{"token": token, "plateNumber": "渝 atx061", "appId": "x"})
	row := data[[]unpaidRow](t, answer)[0]
	require.Len(t, row.VerificationInfo, 128)
	require.Regexp(t, `^[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}$`, row.OrderID)
	want := `[{"carNumber":"渝****61","entranceTime":"2017-08-20 12:00:00","exitTime":"2017-08-20 13:01:01","orderId":"` + order.OrderID +
		`","parkingFee":10,"parkingId":1,"parkingName":"ETCP 智慧停车场","remainingFee":10,"verificationInfo":"` + row.VerificationInfo + `"}]`
	require.Equal(t, want, string(answer.Data))
	d.rules(obj{"unpay.mask": false})
	require.Equal(t, plate, d.unpaid(token, plate)[0].CarNumber)
}

// Masked: the first character, ****, the last two.
func TestOrderUnpay_mask(t *testing.T) {
	d := newDesk(t)
	token := d.token("M1", alice)
	for number, masked := range map[string]string{plate: "渝****61", "京AD12345": "京****45", "粤Z1234港": "粤****4港", "京AD1234学": "京****4学"} {
		d.enter(number)
		require.Equal(t, masked, d.unpaid(token, number)[0].CarNumber)
		d.exit(number, "")
	}
}

// §9.7: the car now parked and what left owing, of that number in any colour, newest entrance first.
func TestOrderUnpay_anyColour(t *testing.T) {
	d := newDesk(t)
	token := d.token("M1", alice)
	var want []string
	for _, color := range []string{"1", "2", "3"} {
		order, err := d.box.Enter(t.Context(), control.Entry{PlateNumber: plate, PlateColor: color, ParkingID: "1"})
		require.NoError(t, err)
		want = append([]string{order.OrderID}, want...)
		d.advance("20m")
	}
	_, err := d.box.Exit(t.Context(), control.Exit{PlateNumber: plate, PlateColor: "1", Payment: "none"})
	require.NoError(t, err)
	_, err = d.box.Exit(t.Context(), control.Exit{PlateNumber: plate, PlateColor: "2", Payment: "cash"})
	require.NoError(t, err)
	want = []string{want[0], want[2]}
	var got []string
	for _, row := range d.unpaid(token, plate) {
		got = append(got, row.OrderID)
	}
	require.Equal(t, want, got)
	require.Equal(t, "2017-08-20 13:00:00", d.unpaid(token, plate)[1].ExitTime) // it has left; no longer now
	d.advance("1h")
	require.Equal(t, "2017-08-20 13:00:00", d.unpaid(token, plate)[1].ExitTime)
	require.EqualValues(t, "5", d.unpaid(token, plate)[1].RemainingFee) // and its fee stands still
}

// §9.8.3: what a payment answers.
func TestOrderPaid_values(t *testing.T) {
	d := newDesk(t)
	token := d.token("M1", alice)
	d.enter(plate)
	d.advance("61m")
	row := d.unpaid(token, plate)[0]
	answer := d.want(0, "orderpaid", row.payment(token, "20170612095858257937", "10.00"))
	require.Equal(t, "支付通知成功", answer.Message)
	paid := data[map[string]any](t, answer)
	require.Regexp(t, `^no20170820130100[0-9]{7}$`, paid["payOrderId"])
	require.Equal(t, `{"externalOrderId":"20170612095858257937","orderId":"`+row.OrderID+`","payOrderId":"`+paid["payOrderId"].(string)+
		`","payTime":"2017-08-20 12:30:00","payment":10}`, string(answer.Data))
	orders, err := d.box.Orders(t.Context(), control.OrderFilter{}, control.Page{})
	require.NoError(t, err)
	require.Len(t, orders.Items[0].Payments, 1)
	require.EqualValues(t, 1000, orders.Items[0].PaidElectronic)
	require.Zero(t, orders.Items[0].RemainingFee)
}

// Amounts compare as decimals: 8, 8.0 and "8.00" are equal.
func TestOrderPaid_amountsAreDecimals(t *testing.T) {
	for _, amount := range []any{10, "10", "10.0", "10.00", json.Number("10.0"), json.Number("10.00"), "010"} {
		d := newDesk(t)
		token := d.token("M1", alice)
		d.enter(plate)
		d.advance("61m")
		row := d.unpaid(token, plate)[0]
		for _, wrong := range []any{"9.99", "10.01", 1, 100} {
			require.Equal(t, "payment-mismatch", d.pay(20206, "M1", token, row, "E1", wrong))
		}
		d.pay(0, "M1", token, row, "E1", amount)
	}
}

// The order of orderpaid's own checks: order and verificationInfo, then externalOrderId, then what is left, then the amount.
func TestOrderPaid_checksInOrder(t *testing.T) {
	d := newDesk(t)
	token := d.token("M1", alice)
	d.enter(plate)
	d.enter("渝A00001")
	d.advance("61m")
	row, other := d.unpaid(token, plate)[0], d.unpaid(token, "渝A00001")[0]
	unknown := row
	unknown.OrderID = "B9466E26-7420-4BDF-958D-E90106AB5F20"
	require.Equal(t, "order-unknown", d.pay(7, "M1", token, unknown, "E1", 10))
	lower := row
	lower.OrderID = strings.ToLower(row.OrderID)
	require.Equal(t, "order-unknown", d.pay(7, "M1", token, lower, "E1", 10))
	for _, info := range []string{other.VerificationInfo, "x", row.VerificationInfo[:127] + "A", "A" + row.VerificationInfo[1:], row.VerificationInfo + "=", strings.Repeat("A", 128), " " + row.VerificationInfo, row.VerificationInfo[:64] + other.VerificationInfo[64:]} {
		if info == row.VerificationInfo {
			continue
		}
		bad := row
		bad.VerificationInfo = info
		require.Equal(t, "verification-info-invalid", d.pay(7, "M1", token, bad, "E1", 10), info)
	}
	d.pay(20206, "M1", token, row, "E1", 11) // a refused payment does not use the id up
	d.pay(0, "M1", token, row, "E1", 10)
	require.Equal(t, "external-order-reused", d.pay(8, "M1", token, row, "E1", 11)) // before nothing to pay
	require.Equal(t, "external-order-reused", d.pay(8, "M1", token, other, "E1", 10))
	require.Equal(t, "nothing-to-pay", d.pay(7, "M1", token, row, "E2", 10))
	require.Equal(t, "nothing-to-pay", d.pay(7, "M1", token, row, "E2", 11))                       // before the amount
	require.Equal(t, "external-order-reused", d.pay(8, "M2", d.token("M2", bob), other, "E1", 10)) // sandbox-wide
	d.pay(0, "M1", token, other, "E2", 10)
}

// The same externalOrderId with the same order and amount gets the first answer once more.
func TestOrderPaid_retryIsSafe(t *testing.T) {
	d := newDesk(t)
	token := d.token("M1", alice)
	d.enter(plate)
	d.advance("61m")
	row := d.unpaid(token, plate)[0]
	first := d.want(0, "orderpaid", row.payment(token, "E1", "10"))
	require.Equal(t, string(first.Raw), string(d.want(0, "orderpaid", row.payment(token, "E1", "10.00")).Raw))
	d.advance("10h") // though much more is owed now, and the quote is old
	later := row.payment(token, "E1", 10)
	later["payTime"] = "2017-08-20 23:00:00"
	require.Equal(t, string(first.Raw), string(d.want(0, "orderpaid", later).Raw))
	d.exit(plate, "")
	require.Equal(t, string(first.Raw), string(d.as("M2", 0, "orderpaid", row.payment(d.token("M2", bob), "E1", 10)).Raw))
	orders, err := d.box.Orders(t.Context(), control.OrderFilter{}, control.Page{})
	require.NoError(t, err)
	require.Len(t, orders.Items[0].Payments, 1)
}

// A quote younger than quote.ttl counts, though the fee has grown; past that, what is due now.
func TestOrderPaid_quotes(t *testing.T) {
	d := newDesk(t)
	token := d.token("M1", alice)
	d.enter(plate)
	d.advance("59m")
	young := d.unpaid(token, plate)[0]
	d.advance("4m59s")
	require.EqualValues(t, "10", d.unpaid(token, plate)[0].RemainingFee)
	require.Equal(t, "payment-mismatch", d.pay(20206, "M1", token, young, "E1", 10))
	d.advance("1s") // exactly quote.ttl old: what is due now counts
	require.Equal(t, "payment-mismatch", d.pay(20206, "M1", token, young, "E1", 5))
	d.rules(obj{"quote.ttl": "301s"})
	d.pay(0, "M1", token, young, "E1", 5)
	row := d.unpaid(token, plate)[0] // settled, and the grace begins
	require.EqualValues(t, "0", row.RemainingFee)
	require.EqualValues(t, "5", row.ParkingFee)
	d.advance("15m") // its edge included
	require.EqualValues(t, "0", d.unpaid(token, plate)[0].RemainingFee)
	d.advance("1s")
	row = d.unpaid(token, plate)[0]
	require.EqualValues(t, "5", row.RemainingFee) // the fee from entry less what was paid
	require.EqualValues(t, "10", row.ParkingFee)
	require.Equal(t, "payment-mismatch", d.pay(20206, "M1", token, row, "E2", 10))
	d.pay(0, "M1", token, row, "E2", 5)
	old := young // settled by a payment since: it cannot be paid twice
	d.advance("24h")
	token = d.token("M1", alice)
	require.Equal(t, "payment-mismatch", d.pay(20206, "M1", token, old, "E3", 5))
	due := d.unpaid(token, plate)[0].RemainingFee
	d.pay(0, "M1", token, old, "E3", due) // an old quote, the remaining fee now
}

// Leaving within the grace costs nothing more; after it, the fee from entry less what was paid. tariff.grace says how long.
func TestOrderPaid_grace(t *testing.T) {
	for _, row := range []struct{ grace, wait, fee, cash string }{
		{"15m", "15m", "5.0", "0.0"},
		{"15m", "15m1s", "10.0", "5.0"},
		{"0s", "0s", "5.0", "0.0"},
		{"0s", "16m", "10.0", "5.0"},
		{"2h", "2h", "5.0", "0.0"},
		{"2h", "121m", "15.0", "10.0"},
	} {
		d := newDesk(t)
		token := d.bind(alice, plate)
		d.rules(obj{"tariff.grace": row.grace})
		d.enter(plate)
		d.advance("50m")
		d.pay(0, "M1", token, d.unpaid(token, plate)[0], "E1", 5)
		if row.wait != "0s" {
			d.advance(row.wait)
		}
		order := d.exit(plate, "")
		require.Equal(t, "left", order.State)
		got := d.history("M1", alice)[0]
		require.Equal(t, []string{row.fee, row.cash}, []string{got.ParkingFee, got.Actual}, "%v", row)
		p := d.pushes()[len(d.pushes())-1]
		require.Contains(t, p.Body, `"receivableFee":`+strings.TrimSuffix(row.fee, ".0")+`,`) // the whole fee, whatever was prepaid
	}
}

// Left owing, it is paid later with a young quote, or by another.
func TestOrderPaid_afterLeaving(t *testing.T) {
	d := newDesk(t)
	token := d.token("M1", alice)
	d.enter(plate)
	d.advance("59m")
	young := d.unpaid(token, plate)[0]
	d.advance("2m")
	d.exit(plate, "none")
	require.EqualValues(t, "10", d.unpaid(token, plate)[0].RemainingFee)
	d.pay(0, "M1", token, young, "E1", 5) // a young quote that is paid settles the order
	require.Empty(t, d.unpaid(token, plate))
	require.Equal(t, "nothing-to-pay", d.pay(7, "M1", token, young, "E2", 5))
	d.enter(plate)
	row := d.unpaid(token, plate)[0]
	require.Equal(t, "nothing-to-pay", d.pay(7, "M1", token, row, "E3", 1)) // free so far
	d.advance("61m")
	fresh := d.unpaid(token, plate)[0]
	d.exit(plate, "cash")
	require.Equal(t, "nothing-to-pay", d.pay(7, "M1", token, fresh, "E3", 10))
}

// §9.10, §4: the tariff, seen through orderunpay.
func TestTariff_overTheWire(t *testing.T) {
	for _, row := range []struct {
		tariff obj
		rules  obj
		stay   string
		want   string
	}{
		{obj{"freeMinutes": 15, "unitMinutes": 60, "unitPrice": "5"}, nil, "15m", "0"},
		{obj{"freeMinutes": 15, "unitMinutes": 60, "unitPrice": "5"}, nil, "15m1s", "5"},
		{obj{"freeMinutes": 15, "unitMinutes": 60, "unitPrice": "5"}, nil, "1h", "5"},
		{obj{"freeMinutes": 15, "unitMinutes": 60, "unitPrice": "5"}, nil, "1h1s", "10"},
		{obj{"freeMinutes": 15, "unitMinutes": 60, "unitPrice": "5"}, obj{"tariff.free": "deducted"}, "15m", "0"},
		{obj{"freeMinutes": 15, "unitMinutes": 60, "unitPrice": "5"}, obj{"tariff.free": "deducted"}, "75m", "5"},
		{obj{"freeMinutes": 15, "unitMinutes": 60, "unitPrice": "5"}, obj{"tariff.free": "deducted"}, "75m1s", "10"},
		{obj{"freeMinutes": 15, "unitMinutes": 60, "unitPrice": "5", "dailyCap": "50"}, obj{"tariff.free": "deducted"}, "24h15m", "55"}, // given once
		{obj{"freeMinutes": 0, "unitMinutes": 60, "unitPrice": "5"}, nil, "0s", "0"},
		{obj{"freeMinutes": 0, "unitMinutes": 60, "unitPrice": "5"}, nil, "1s", "5"},
		{obj{"freeMinutes": 0, "unitMinutes": 60, "unitPrice": "5", "dailyCap": "50"}, nil, "24h", "50"},
		{obj{"freeMinutes": 0, "unitMinutes": 60, "unitPrice": "5", "dailyCap": "50"}, nil, "24h1s", "55"},
		{obj{"freeMinutes": 0, "unitMinutes": 60, "unitPrice": "5", "dailyCap": "50"}, nil, "48h", "100"},
		{obj{"freeMinutes": 0, "unitMinutes": 60, "unitPrice": "5"}, nil, "48h", "240"},     // no cap without dailyCap
		{obj{"freeMinutes": 0, "unitMinutes": 45, "unitPrice": "0.1"}, nil, "24h1s", "3.3"}, // each 24 h by itself: 32 and 1
		{obj{"freeMinutes": 0, "unitMinutes": 1000, "unitPrice": "3.33"}, nil, "48h", "13.32"},
		{obj{"freeMinutes": 0, "unitMinutes": 60, "unitPrice": "0.01"}, nil, "3h", "0.03"},
		{obj{"freeMinutes": 2000, "unitMinutes": 60, "unitPrice": "1"}, nil, "2000m", "0"},
		{obj{"freeMinutes": 2000, "unitMinutes": 60, "unitPrice": "1"}, nil, "2001m", "34"},
		{obj{"freeMinutes": 2000, "unitMinutes": 60, "unitPrice": "1"}, obj{"tariff.free": "deducted"}, "2001m", "1"},
		{obj{"freeMinutes": 0, "unitMinutes": 60, "unitPrice": "0"}, nil, "48h", "0"},
	} {
		d := newDeskOf(t, func(f obj) { f["parkings"].([]any)[0].(obj)["tariff"] = row.tariff })
		d.rules(row.rules)
		d.enter(plate)
		if row.stay != "0s" {
			d.advance(row.stay)
		}
		token := d.token("M1", alice)
		require.EqualValues(t, row.want, d.unpaid(token, plate)[0].ParkingFee, "%v", row)
	}
}

// Long-term cars (76) pay nothing.
func TestTariff_longTerm(t *testing.T) {
	d := newDesk(t)
	_, err := d.box.Enter(t.Context(), control.Entry{PlateNumber: plate, ParkingID: "1", UserType: "76"})
	require.NoError(t, err)
	d.advance("100h")
	row := d.unpaid(d.token("M1", alice), plate)[0]
	require.EqualValues(t, "0", row.ParkingFee)
	require.EqualValues(t, "0", row.RemainingFee)
}

// A quote that was given at the very instant of a payment is settled by it, however long quotes last.
func TestOrderPaid_quoteOfThePaymentsInstant(t *testing.T) {
	d := newDesk(t)
	d.rules(obj{"quote.ttl": "5h", "tariff.grace": "0s"})
	token := d.token("M1", alice)
	d.enter(plate)
	d.advance("61m")
	row := d.unpaid(token, plate)[0]
	d.pay(0, "M1", token, row, "E1", 10)
	d.advance("1h")
	require.Equal(t, "payment-mismatch", d.pay(20206, "M1", token, row, "E2", 10))
	d.pay(0, "M1", token, row, "E2", 5)
}
