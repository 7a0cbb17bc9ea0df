package api_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/client/control"
)

// §9.6.3: every value is a string; the plate is not masked; "5.0" for whole yuan, "0.0" for no cash.
func TestOrderHistory_values(t *testing.T) {
	d := newDeskOf(t, func(f obj) {
		f["parkings"].([]any)[0].(obj)["tariff"] = obj{"freeMinutes": 15, "unitMinutes": 60, "unitPrice": "5.5"}
	})
	d.bind(alice, plate)
	require.Equal(t, `[]`, string(d.want(0, "orderhistory", obj{"token": d.token("M1", alice)}).Data))
	order := d.enter(plate)
	d.advance("1h")
	require.Empty(t, d.history("M1", alice)) // still parked
	d.exit(plate, "")
	want := `[{"parkingName":"ETCP 智慧停车场","entranceTime":"2017-08-20 12:00:00","exitTime":"2017-08-20 13:00:00","parkingFee":"5.5","actual":"5.5","parkingId":"1","orderId":"` + order.OrderID + `","carNumber":"` + plate + `"}]`
	require.Equal(t, want, string(d.want(0, "orderhistory", obj{"token": d.token("M1", alice)}).Data))
	d.enter(plate)
	d.exit(plate, "") // it cost nothing, and is listed too
	d.enter(plate)
	d.advance("61m")
	d.exit(plate, "withhold")
	rows := d.history("M1", alice)
	require.Len(t, rows, 3)
	require.Equal(t, []string{"11.0", "0.0", "0.0", "0.0", "5.5", "5.5"}, []string{
		rows[0].ParkingFee, rows[0].Actual, rows[1].ParkingFee, rows[1].Actual, rows[2].ParkingFee, rows[2].Actual,
	})
}

// §9.6: what still owes is not listed; it is once it is paid.
func TestOrderHistory_notWhatOwes(t *testing.T) {
	d := newDesk(t)
	d.bind(alice, plate)
	d.enter(plate)
	d.advance("1h")
	require.Equal(t, "owing", d.exit(plate, "none").State)
	require.Empty(t, d.history("M1", alice))
	token := d.token("M1", alice)
	d.pay(0, "M1", token, d.unpaid(token, plate)[0], "E1", 5)
	rows := d.history("M1", alice)
	require.Len(t, rows, 1)
	require.Equal(t, "0.0", rows[0].Actual)
}

// §9.6: 近 7 天内, its edge included; history.by and history.window.
func TestOrderHistory_window(t *testing.T) {
	d := newDesk(t)
	d.bind(alice, plate)
	d.enter(plate)
	d.advance("2h")
	d.exit(plate, "")
	listed := func(n int) {
		t.Helper()
		require.Len(t, d.history("M1", alice), n)
	}
	d.advance("166h") // seven days after it entered
	d.rules(obj{"history.by": "entrance"})
	listed(1)
	d.advance("1s")
	listed(0)
	d.rules(obj{"history.by": "exit"})
	listed(1)
	d.clock("2017-08-27 14:00:00")
	listed(1)
	d.advance("1s")
	listed(0)
	d.rules(obj{"history.window": "8d"})
	listed(1)
	d.clock("2017-08-28 14:00:00")
	listed(1)
	d.advance("1s")
	listed(0)
}

// §9.6: 按入场时间倒序; the newest entranceTime first, whichever left first.
func TestOrderHistory_newestEntranceFirst(t *testing.T) {
	d := newDesk(t)
	d.bind(alice, "渝A00001")
	d.bind(alice, "渝A00002")
	d.bind(alice, "渝A00003")
	for _, number := range []string{"渝A00001", "渝A00002", "渝A00003"} {
		d.enter(number)
		d.advance("1m")
	}
	for _, number := range []string{"渝A00003", "渝A00001", "渝A00002"} {
		d.advance("1m")
		d.exit(number, "")
	}
	var order []string
	for _, row := range d.history("M2", alice) { // through any merchant
		order = append(order, row.CarNumber)
	}
	require.Equal(t, []string{"渝A00003", "渝A00002", "渝A00001"}, order)
}

// An order belongs to the phone that had the vehicle bound when it left, and to the phone that paid it.
func TestOrderHistory_belongsToOwnerAndPayer(t *testing.T) {
	d := newDesk(t)
	token := d.bind(alice, plate)
	d.enter(plate)
	d.advance("1h")
	payer := d.token("M2", bob) // another phone through another merchant
	row := data[[]unpaidRow](t, d.as("M2", 0, "orderunpay", obj{"token": payer, "plateNumber": plate}))[0]
	d.pay(0, "M2", payer, row, "E1", "5.00")
	require.Empty(t, d.history("M1", bob))
	d.exit(plate, "")
	d.want(0, "unbindcar", obj{"token": token, "plateNumber": plate})
	d.bind(carol, plate) // has it later
	require.Len(t, d.history("M1", alice), 1)
	require.Len(t, d.history("M1", bob), 1)
	require.Empty(t, d.history("M1", carol))
}

// A car that left before it was bound left as nobody's.
func TestOrderHistory_boundAfterItLeft(t *testing.T) {
	d := newDesk(t)
	d.enter(plate)
	d.advance("1h")
	d.bind(alice, plate)
	_, err := d.box.Exit(t.Context(), control.Exit{PlateNumber: plate, At: instant(t, "2017-08-20 12:59:59")})
	require.NoError(t, err)
	require.Empty(t, d.history("M1", alice))
	require.Empty(t, d.pushes())
}
