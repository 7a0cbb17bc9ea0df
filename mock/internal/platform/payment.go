package platform

import (
	"cmp"
	"errors"
	"slices"
	"strconv"
	"time"

	"github.com/etcp-mock/etcp-mock/internal/excerpt"
	"github.com/etcp-mock/etcp-mock/mock/internal/platform/nearby"
	"github.com/etcp-mock/etcp-mock/mock/internal/platform/notation"
	"github.com/etcp-mock/etcp-mock/mock/internal/platform/params"
	"github.com/etcp-mock/etcp-mock/mock/internal/platform/reasons"
	"github.com/etcp-mock/etcp-mock/mock/internal/platform/seal"
	"github.com/etcp-mock/etcp-mock/sign/diagnose/inspect"
)

// HistoryRow is an item of orderhistory; every value is a string (§9.6).
type HistoryRow struct {
	ParkingName  string `json:"parkingName"`
	EntranceTime string `json:"entranceTime"`
	ExitTime     string `json:"exitTime"`
	ParkingFee   string `json:"parkingFee"`
	Actual       string `json:"actual"`
	ParkingID    string `json:"parkingId"`
	OrderID      string `json:"orderId"`
	CarNumber    string `json:"carNumber"`
}

// orderHistory is orderhistory (§9.6): stays that ended within history.window,
// its edge included, with nothing left owing; newest entranceTime first.
func (w *State) orderHistory(now time.Time, who caller, _ *params.Input) outcome {
	var found []*order
	for _, o := range w.byPhone[who.phone] {
		when := o.ExitTime
		if w.rules.HistoryBy == "entrance" {
			when = o.EntranceTime
		}
		if o.left() && notation.Second(now).Sub(when) <= w.rules.HistoryWindow && o.remaining(now, w.rules) == 0 {
			found = append(found, o)
		}
	}
	slices.SortFunc(found, newestEntrance)
	rows := make([]HistoryRow, len(found))
	for i, o := range found {
		rows[i] = HistoryRow{
			ParkingName: o.ParkingName, EntranceTime: notation.FormatTime(o.EntranceTime), ExitTime: notation.FormatTime(o.ExitTime),
			ParkingFee: o.fee(now, w.rules).OnePlace(), Actual: o.Cash.OnePlace(),
			ParkingID: o.ParkingID, OrderID: o.ID, CarNumber: o.Vehicle.Plate,
		}
	}
	return outcome{data: rows}
}

// UnpaidRow is an item of orderunpay; fees and parkingId are JSON numbers (§9.7).
type UnpaidRow struct {
	CarNumber        string       `json:"carNumber"`
	EntranceTime     string       `json:"entranceTime"`
	ExitTime         string       `json:"exitTime"`
	OrderID          string       `json:"orderId"`
	ParkingFee       notation.Fen `json:"parkingFee"`
	ParkingID        int64        `json:"parkingId"`
	ParkingName      string       `json:"parkingName"`
	RemainingFee     notation.Fen `json:"remainingFee"`
	VerificationInfo string       `json:"verificationInfo"`
}

// orderUnpay is orderunpay (§9.7): the stay of the car now parked, and stays that
// ended with something unpaid, of that number in any colour, newest first.
func (w *State) orderUnpay(now time.Time, _ caller, in *params.Input) outcome {
	var found []*order
	for _, o := range w.byPlate[in.Get("plateNumber")] {
		if o.state(now, w.rules) != Left {
			found = append(found, o)
		}
	}
	slices.SortFunc(found, newestEntrance)
	rows := make([]UnpaidRow, len(found))
	for i, o := range found {
		number := o.Vehicle.Plate
		if w.rules.UnpayMask {
			number = notation.Mask(number)
		}
		parkingID, _ := strconv.ParseInt(o.ParkingID, 10, 64) // ValidParkingID held it
		remaining := o.remaining(now, w.rules)
		rows[i] = UnpaidRow{
			CarNumber: number, EntranceTime: notation.FormatTime(o.EntranceTime), ExitTime: notation.FormatTime(o.end(now)),
			OrderID: o.ID, ParkingFee: o.fee(now, w.rules), ParkingID: parkingID, ParkingName: o.ParkingName,
			RemainingFee: remaining, VerificationInfo: w.seals().Quote(seal.Quote{Order: o.ID, Amount: remaining, At: now}),
		}
	}
	return outcome{data: rows}
}

// PaidData is the data of orderpaid (§9.8).
type PaidData struct {
	ExternalOrderID string       `json:"externalOrderId"`
	OrderID         string       `json:"orderId"`
	PayOrderID      string       `json:"payOrderId"`
	PayTime         string       `json:"payTime"`
	Payment         notation.Fen `json:"payment"`
}

// orderPaid is orderpaid (§9.8). An unknown order, a verificationInfo that is
// not its own or nothing left to pay: 7. An externalOrderId used for something
// else: 8; used for this very payment: the first answer once more. An amount
// that is neither a young quote's nor, past quote.ttl, what is due now: 20206.
func (w *State) orderPaid(now time.Time, who caller, in *params.Input) outcome {
	o := w.orders[in.Get("orderId")]
	if o == nil {
		given := in.Get("orderId")
		refusal := reasons.Refuse("order-unknown").With("given", excerpt.Given(given))
		if f, ok := inspect.OrderID(given, func(id string) bool { return w.orders[id] != nil }); ok {
			refusal.Because(f)
		}
		return refuse(refusal)
	}
	quoted, err := w.seals().OpenQuote(in.Get("verificationInfo"))
	if err == nil && quoted.Order != o.ID {
		err = errOtherOrder
	}
	if err != nil {
		return refuse(refuseVerificationInfo(o, in.Get("verificationInfo"), quoted, err))
	}
	amount, _ := notation.ParseFen(in.Get("payment")) // check 9 has read it
	external := in.Get("externalOrderId")
	if first, ok := w.external[external]; ok {
		return w.paidAgain(w.orders[first], o, external, amount)
	}
	remaining := o.remaining(now, w.rules)
	if remaining == 0 {
		return refuse(w.refuseNothingToPay(o, now))
	}
	// A quote no younger than the last payment in full was settled by it.
	young := now.Sub(quoted.At) < w.rules.QuoteTTL && quoted.At.After(o.SettledAt)
	want := remaining
	if young {
		want = quoted.Amount
	}
	if amount != want {
		return refuse(w.mismatch(o, quoted, young, amount, want, now))
	}
	p := Payment{
		PayOrderID: w.payOrderID(now), ExternalOrderID: external, MerchantNo: who.merchant, Phone: who.phone,
		Amount: amount, PayTime: in.Get("payTime"), At: now,
	}
	w.settle(o, p, now)
	return outcome{data: paidData(o, p)}
}

var errOtherOrder = errors.New("it belongs to another order")

func paidData(o *order, p Payment) PaidData {
	return PaidData{p.ExternalOrderID, o.ID, p.PayOrderID, p.PayTime, p.Amount}
}

// paidAgain answers a merchant's retry as it answered first, and refuses the id
// for anything else.
func (w *State) paidAgain(first, o *order, external string, amount notation.Fen) outcome {
	at := slices.IndexFunc(first.Payments, func(p Payment) bool { return p.ExternalOrderID == external })
	p := first.Payments[at]
	if first == o && p.Amount == amount {
		return outcome{data: paidData(o, p)}
	}
	return refuse(reasons.Refuse("external-order-reused").With("external", excerpt.Given(external)).
		With("firstPayment", p.Amount.Plain()).With("firstOrder", first.ID).
		With("payment", amount.Plain()).With("order", o.ID))
}

// settle books a payment that covers what was asked for: the order is paid in
// full, though its fee may have grown since the quote, and the grace begins.
func (w *State) settle(o *order, p Payment, now time.Time) {
	w.copying.open.touch(o)
	o.Payments = append(o.Payments, p)
	o.SettledAt = now
	w.external[p.ExternalOrderID] = o.ID
	w.copying.external.touch(p.ExternalOrderID)
	w.belongs(o, p.Phone)
	if o.left() {
		paid := o.paid()
		if *o.FixedFee != paid {
			o.ExitFee = o.FixedFee
		}
		o.FixedFee = &paid
		w.finish(o)
	}
}

// ParkingRow is an item of surroundingparking's list; every value is a string (§9.10).
type ParkingRow struct {
	ID             string `json:"id"`
	ParkingName    string `json:"parkingName"`
	Type           string `json:"type"`
	MinFreeTime    string `json:"minFreeTime"`
	AvgCostPrecise string `json:"avgCostPrecise"`
	ParkingType    string `json:"parkingType"`
	Distance       string `json:"distance"`
	Lon            string `json:"lon"`
	Lat            string `json:"lat"`
}

// ParkingList is the data of surroundingparking.
type ParkingList struct {
	List     []ParkingRow `json:"list"`
	ScrollID string       `json:"scrollId"`
}

// surroundingParking is surroundingparking (§9.10): by distance around a point,
// or by numeric id in a city. A scrollId goes on behind the last car park shown.
func (w *State) surroundingParking(_ time.Time, who caller, in *params.Input) outcome {
	var q seal.Scroll
	if text := in.Get("scrollId"); text != "" {
		var err error
		if q, err = w.seals().OpenScroll(text); err != nil || q.Merchant != who.merchant {
			return refuse(reasons.Refuse("scroll-id-invalid").At("scrollId").With("merchant", who.merchant))
		}
	} else {
		q = seal.Scroll{Merchant: who.merchant, City: in.Get("city"), PayType: in.Get("payType") != ""}
		q.Lat, _ = notation.Latitude(in.Get("lat"))
		q.Lon, _ = notation.Longitude(in.Get("lon"))
		q.Radius, _ = strconv.Atoi(in.Get("radius"))
	}
	var found []nearby.Found
	if q.City == "" {
		found = w.places.Around(q.Circle(), w.rules.SearchPage)
	} else {
		found = w.places.InCity(q.City, q.PayType, q.After, w.rules.SearchPage)
	}
	list := make([]ParkingRow, len(found))
	for i, f := range found {
		p, distance := w.parkings[f.ID], ""
		if q.City == "" {
			distance = strconv.FormatInt((f.Distance+500)/1000, 10) + "m"
		}
		list[i] = ParkingRow{
			ID: p.ID, ParkingName: p.Name, Type: "ss", MinFreeTime: itoa(p.Tariff.FreeMinutes),
			AvgCostPrecise: p.Tariff.PerHour().Plain(), ParkingType: p.ParkingType, Distance: distance, Lon: p.Lon, Lat: p.Lat,
		}
		q.Distance, q.After = f.Distance, f.ID
	}
	return outcome{data: ParkingList{List: list, ScrollID: w.seals().Scroll(q)}}
}

// StatusData is the data of parkingstatus (§9.11).
type StatusData struct {
	TotalSpace string `json:"totalSpace"`
	Time       string `json:"time"`
	Status     string `json:"status"`
}

// parkingStatus is parkingstatus (§9.11); an id that is unknown or no number is 1.
func (w *State) parkingStatus(now time.Time, _ caller, in *params.Input) outcome {
	p := w.parkings[in.Get("parkingId")]
	if p == nil {
		return refuse(w.refuseParking(in.Get("parkingId")))
	}
	return outcome{data: StatusData{TotalSpace: itoa(p.TotalSpace), Time: notation.FormatTime(now), Status: p.status(w.rules)}}
}

// OrdersOf lists orders, oldest first: of a number or of all (plate ""), in a
// state or in any (state "").
func (w *State) OrdersOf(plate, state string, now time.Time) []Order {
	var found []*order
	if plate != "" {
		found = slices.Clone(w.byPlate[plate])
	} else {
		for _, o := range w.orders {
			found = append(found, o)
		}
	}
	slices.SortFunc(found, func(a, b *order) int { return cmp.Compare(a.Seq, b.Seq) })
	orders := make([]Order, 0, len(found))
	for _, o := range found {
		if state == "" || o.state(now, w.rules) == state {
			orders = append(orders, o.value(now, w.rules))
		}
	}
	return orders
}
