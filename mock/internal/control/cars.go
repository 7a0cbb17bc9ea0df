package control

import (
	"cmp"
	"net/http"
	"slices"
	"time"

	"github.com/etcp-mock/etcp-mock/mock/internal/engine"
	"github.com/etcp-mock/etcp-mock/mock/internal/fixture"
	"github.com/etcp-mock/etcp-mock/mock/internal/platform"
	"github.com/etcp-mock/etcp-mock/mock/internal/platform/notation"
)

type orderItem struct {
	OrderID        string        `json:"orderId"`
	PlateNumber    string        `json:"plateNumber"`
	PlateColor     string        `json:"plateColor"`
	ParkingID      string        `json:"parkingId"`
	ParkingName    string        `json:"parkingName"`
	UserType       string        `json:"userType"`
	FixParkingID   string        `json:"fixParkingId,omitempty"`
	RemainingDays  string        `json:"remainingDays,omitempty"`
	EntranceTime   string        `json:"entranceTime"`
	ExitTime       string        `json:"exitTime"`
	State          string        `json:"state"`
	ParkingFee     string        `json:"parkingFee"`
	PaidElectronic string        `json:"paidElectronic"`
	PaidCash       string        `json:"paidCash"`
	RemainingFee   string        `json:"remainingFee"`
	Payments       []paymentItem `json:"payments"`
}

type paymentItem struct {
	PayOrderID      string `json:"payOrderId"`
	ExternalOrderID string `json:"externalOrderId"`
	MerchantNo      string `json:"merchantNo"`
	Payment         string `json:"payment"`
	PayTime         string `json:"payTime"`
}

func orderOf(o platform.Order) orderItem {
	item := orderItem{
		OrderID: o.ID, PlateNumber: o.Vehicle.Plate, PlateColor: o.Vehicle.Color, ParkingID: o.ParkingID, ParkingName: o.ParkingName,
		UserType: o.UserType, FixParkingID: o.FixParkingID, RemainingDays: o.RemainingDays,
		EntranceTime: notation.FormatTime(o.EntranceTime), State: o.State,
		ParkingFee: o.Fee.Plain(), PaidElectronic: o.PaidElectronic.Plain(), PaidCash: o.PaidCash.Plain(), RemainingFee: o.Remaining.Plain(),
		Payments: []paymentItem{},
	}
	if !o.ExitTime.IsZero() {
		item.ExitTime = notation.FormatTime(o.ExitTime)
	}
	for _, p := range o.Payments {
		item.Payments = append(item.Payments, paymentItem{p.PayOrderID, p.ExternalOrderID, p.MerchantNo, p.Amount.Plain(), p.PayTime})
	}
	return item
}

// entering is a car that enters.
type entering struct {
	PlateNumber   string           `json:"plateNumber"`
	PlateColor    string           `json:"plateColor"`
	ParkingID     string           `json:"parkingId"`
	At            *fixture.Instant `json:"at"`
	UserType      string           `json:"userType"`
	FixParkingID  string           `json:"fixParkingId"`
	RemainingDays string           `json:"remainingDays"`
}

func (in *call) entering() (body entering, err error) {
	err = in.decode(&body)
	return body, err
}

func (e *entering) check() (notation.Vehicle, error) {
	return fixture.CheckStay(e.PlateNumber, e.PlateColor, e.UserType, e.FixParkingID, e.RemainingDays)
}

func (a *Control) enter(in *call) (reply, error) {
	body, err := in.entering()
	if err != nil {
		return reply{}, err
	}
	v, err := body.check()
	if body.ParkingID == "" {
		err = alsoInvalid(err, "/parkingId", "is required")
	}
	if err != nil {
		return reply{}, err
	}
	r := in.sandbox.Do(platform.Enter{
		Vehicle: v, ParkingID: body.ParkingID, At: instant(body.At),
		UserType: body.UserType, FixParkingID: body.FixParkingID, RemainingDays: body.RemainingDays,
	})
	return orderReply(http.StatusCreated, r)
}

// leaving is a car that leaves.
type leaving struct {
	PlateNumber string           `json:"plateNumber"`
	PlateColor  string           `json:"plateColor"`
	At          *fixture.Instant `json:"at"`
	Payment     string           `json:"payment"`
}

func (in *call) leaving() (body leaving, err error) {
	err = in.decode(&body)
	return body, err
}

func (l *leaving) check() (notation.Vehicle, error) {
	v, err := fixture.CheckPlate(l.PlateNumber, l.PlateColor)
	switch l.Payment {
	case "", platform.PayCash, platform.PayWithhold, platform.PayNone:
	default:
		err = alsoInvalid(err, "/payment", "want one of cash, withhold, none")
	}
	return v, err
}

func (a *Control) exit(in *call) (reply, error) {
	body, err := in.leaving()
	if err != nil {
		return reply{}, err
	}
	v, err := body.check()
	if err != nil {
		return reply{}, err
	}
	return orderReply(http.StatusOK, in.sandbox.Do(platform.Exit{Vehicle: v, At: instant(body.At), Payment: body.Payment}))
}

func instant(i *fixture.Instant) time.Time {
	if i == nil {
		return time.Time{}
	}
	return i.Time
}

func orderReply(status int, fx engine.Effects) (reply, error) {
	if fx.Err != nil {
		return reply{}, fx.Err
	}
	o, _ := fx.Result.Value.(platform.Order)
	return reply{status: status, body: orderOf(o)}, nil
}

func (a *Control) listOrders(in *call) (reply, error) {
	page, err := in.page()
	if err != nil {
		return reply{}, err
	}
	plate, _, _ := notation.NormalPlate(in.gin.Query("plateNumber"))
	if err := in.asInQuery("plateNumber", func(n named) { n.plate("", in.gin.Query("plateNumber"), never) }); err != nil {
		return reply{}, err
	}
	state, err := in.queryOf("state", platform.Parked, platform.Left, platform.Owing)
	if err != nil {
		return reply{}, err
	}
	return listed(pageOf(in, page, in.orderKeys(plate, state), func(o platform.OrderKey) string { return o.ID }, nil,
		func(w engine.StateView, now time.Time, key platform.OrderKey) (orderItem, bool) {
			o, there := w.Order(key.ID, now)
			return orderOf(o), there
		}))
}

// atOnce is how many things of a listing are looked at without others being let in between.
const atOnce = 1000

// orderKeys are the orders of a plate, or of all, in a state or in any, oldest first.
func (in *call) orderKeys(plate, state string) (keys []platform.OrderKey) {
	in.sandbox.View(func(w engine.StateView, _ time.Time) { keys = w.OrderKeys(plate) })
	slices.SortFunc(keys, func(a, b platform.OrderKey) int { return cmp.Compare(a.Seq, b.Seq) })
	if state == "" {
		return keys
	}
	found := keys[:0]
	for some := range slices.Chunk(keys, atOnce) {
		in.sandbox.View(func(w engine.StateView, now time.Time) {
			for _, key := range some {
				if o, there := w.Order(key.ID, now); there && o.State == state {
					found = append(found, key)
				}
			}
		})
	}
	return found
}
