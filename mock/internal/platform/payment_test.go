package platform

import (
	"encoding/base64"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/mock/internal/platform/notation"
)

var theCar = notation.Vehicle{Plate: car, Color: "1"}

func (r *rig) unpaid(token string) []UnpaidRow {
	r.t.Helper()
	return r.code(0, r.call("orderunpay", "token", token, "plateNumber", car)).Answer.Data.([]UnpaidRow)
}

func (r *rig) pay(token string, row UnpaidRow, external, payment string) Result {
	return r.call("orderpaid", "token", token, "orderId", row.OrderID, "externalOrderId", external, "payment", payment,
		"payTime", "2017-08-20 13:30:00", "verificationInfo", row.VerificationInfo)
}

// §9.7, §9.8: the story of a temporary car that pays online.
func TestOrderPaid_story(t *testing.T) {
	r := newRig(t)
	token := r.token("M1", alice)
	require.Empty(t, r.unpaid(token))
	r.call("bindcar", "token", token, "plateNumber", car)
	r.do(Enter{Vehicle: theCar, ParkingID: "1"})
	r.pass(90 * time.Minute)
	row := r.unpaid(token)[0]
	require.Equal(t, "渝****61", row.CarNumber)
	require.Equal(t, notation.Fen(1000), row.RemainingFee)
	require.Equal(t, "2017-08-20 13:30:00", row.ExitTime)
	raw, err := base64.StdEncoding.DecodeString(row.VerificationInfo)
	require.NoError(t, err)
	require.Len(t, row.VerificationInfo, 128)
	require.Len(t, raw, 96)

	r.code(20206, r.pay(token, row, "E1", "11"))
	paid := r.code(0, r.pay(token, row, "E1", "10.0")).Answer
	require.Equal(t, "支付通知成功", paid.Message)
	data := paid.Data.(PaidData)
	require.Regexp(t, `^no20170820133000[0-9]{7}$`, data.PayOrderID)
	require.Equal(t, data, r.code(0, r.pay(token, row, "E1", "10.00")).Answer.Data) // a retry is safe
	r.code(8, r.pay(token, row, "E1", "9"))
	r.code(7, r.pay(token, row, "E2", "10"))

	r.pass(15 * time.Minute) // the grace's edge
	require.Zero(t, r.unpaid(token)[0].RemainingFee)
	r.pass(time.Hour)
	require.Equal(t, notation.Fen(500), r.unpaid(token)[0].RemainingFee)
	exit := r.do(Exit{Vehicle: theCar})
	require.Contains(t, r.body(exit.Pushes[0]), `"receivableFee":15`)
	history := r.code(0, r.call("orderhistory", "token", token)).Answer.Data.([]HistoryRow)
	require.Equal(t, "15.0", history[0].ParkingFee)
	require.Equal(t, "5.0", history[0].Actual)
}

// §9.8: a young quote settles though the fee has grown; past quote.ttl what is due now counts.
func TestOrderPaid_quotes(t *testing.T) {
	r := newRig(t)
	token := r.token("M1", alice)
	r.do(Enter{Vehicle: theCar, ParkingID: "1"})
	r.pass(59 * time.Minute)
	young := r.unpaid(token)[0]
	require.Equal(t, notation.Fen(500), young.RemainingFee)
	r.pass(5*time.Minute - 1)
	require.Equal(t, notation.Fen(1000), r.unpaid(token)[0].RemainingFee)
	r.pass(1)
	r.code(20206, r.pay(token, young, "E1", "5"))
	r.pass(-1)
	r.code(0, r.pay(token, young, "E1", "5"))
	require.Zero(t, r.unpaid(token)[0].RemainingFee)
	forged := young
	forged.VerificationInfo = young.VerificationInfo[:127] + "A"
	r.code(7, r.pay(token, forged, "E2", "5"))
	r.code(7, r.call("orderpaid", "token", token, "orderId", "x", "externalOrderId", "E", "payment", "8", "payTime", "2017-08-20 13:30:00", "verificationInfo", "x"))
}

// §10.2's own example: stayedTime 148980; a long-term car pays nothing.
func TestExitPush_documentExample(t *testing.T) {
	r := newRig(t)
	r.now = at(t, "2017-08-17 18:44:19")
	r.w.SetStart(r.now)
	r.do(PutVehicle{theCar, Registered{UserType: "76", FixParkingID: "U7", RemainingDays: "12"}})
	r.call("bindcar", "token", r.token("M1", alice), "plateNumber", car)
	r.do(Enter{Vehicle: theCar, ParkingID: "1"})
	r.now = at(t, "2017-08-19 12:07:19")
	p := r.w.Encode(&r.do(Exit{Vehicle: theCar}).Pushes[0], false)
	require.Regexp(t, `^\{"synId":"[0-9A-F-]{36}","plateNumber":"渝\*\*\*\*61","parkName":"ETCP 智慧停车场","parkId":1,"entranceTime":"2017-08-17 18:44:19","userType":"76","pushTime":"2017-08-19 12:07:19","exitTime":"2017-08-19 12:07:19","stayedTime":148980,"receivableFee":0,"fixParkingId":"U7","remainingDays":"12","signment":"[0-9A-F]{32}"\}$`, p.Body)
	require.NotContains(t, p.Signed, "key-M1")
}

// §9.6: seven days after leaving, the edge included; what still owes is not listed.
func TestOrderHistory_window(t *testing.T) {
	r := newRig(t)
	r.call("bindcar", "token", r.token("M1", alice), "plateNumber", car)
	r.do(Enter{Vehicle: theCar, ParkingID: "1"})
	r.pass(2 * time.Hour)
	r.do(Exit{Vehicle: theCar, Payment: PayNone})
	token := r.token("M1", alice)
	history := func() []HistoryRow {
		return r.code(0, r.call("orderhistory", "token", token)).Answer.Data.([]HistoryRow)
	}
	require.Empty(t, history())
	row := r.unpaid(token)[0]
	r.code(0, r.pay(token, row, "E1", "10"))
	require.Len(t, history(), 1)
	require.Equal(t, "0.0", history()[0].Actual)
	r.pass(7 * 24 * time.Hour)
	token = r.token("M1", alice)
	require.Len(t, history(), 1)
	r.pass(time.Second)
	token = r.token("M1", alice)
	require.Empty(t, history())
}
