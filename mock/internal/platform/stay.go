package platform

import (
	"slices"
	"strings"
	"time"

	"github.com/etcp-mock/etcp-mock/mock/internal/platform/notation"
	"github.com/etcp-mock/etcp-mock/mock/internal/platform/rules"
	"github.com/etcp-mock/etcp-mock/mock/internal/platform/tariff"
)

// An Order is one stay of a car and what was paid for it, as it is handed out.
type Order struct {
	ID             string
	Vehicle        notation.Vehicle
	ParkingID      string
	ParkingName    string
	UserType       string
	FixParkingID   string
	RemainingDays  string
	EntranceTime   time.Time
	ExitTime       time.Time // zero while parked
	State          string    // parked, left, owing
	Fee            notation.Fen
	PaidElectronic notation.Fen
	PaidCash       notation.Fen
	Remaining      notation.Fen
	Payments       []Payment
}

// Payment is one electronic payment. What the platform debits by itself
// (withhold) has no externalOrderId and no merchant.
type Payment struct {
	PayOrderID      string       `json:"payOrderId"`
	ExternalOrderID string       `json:"externalOrderId"`
	MerchantNo      string       `json:"merchantNo"`
	Phone           string       `json:"phone,omitempty"`
	Amount          notation.Fen `json:"payment"`
	PayTime         string       `json:"payTime"` // as the merchant wrote it
	At              time.Time    `json:"at"`
}

// The states of an order.
const (
	Parked = "parked"
	Left   = "left"
	Owing  = "owing"
)

type order struct {
	ID            string           `json:"orderId"`
	Seq           uint64           `json:"seq"`
	Vehicle       notation.Vehicle `json:"vehicle"`
	ParkingID     string           `json:"parkingId"`
	ParkingName   string           `json:"parkingName"`
	Tariff        tariff.Tariff    `json:"tariff"`
	UserType      string           `json:"userType"`
	FixParkingID  string           `json:"fixParkingId,omitempty"`
	RemainingDays string           `json:"remainingDays,omitempty"`
	EntranceTime  time.Time        `json:"entranceTime"`
	ExitTime      time.Time        `json:"exitTime,omitzero"`
	Owner         string           `json:"owner,omitempty"` // the phone that had it bound when it left
	FixedFee      *notation.Fen    `json:"fixedFee,omitempty"`
	Given         bool             `json:"given,omitempty"`   // FixedFee does not follow from the tariff, but was given with the stay
	ExitFee       *notation.Fen    `json:"exitFee,omitempty"` // what FixedFee was when it left, where a later payment has changed it
	Cash          notation.Fen     `json:"cash,omitempty"`
	SettledAt     time.Time        `json:"settledAt,omitzero"` // when it was last paid in full
	Payments      []Payment        `json:"payments,omitempty"`
	Done          bool             `json:"done,omitempty"` // counted among the finished
}

// clone shares nothing with the order.
func (o *order) clone() *order {
	c := *o
	c.Tariff, c.Payments = o.Tariff.Clone(), slices.Clone(o.Payments)
	if o.FixedFee != nil {
		fee := *o.FixedFee
		c.FixedFee = &fee
	}
	if o.ExitFee != nil {
		fee := *o.ExitFee
		c.ExitFee = &fee
	}
	return &c
}

func (o *order) left() bool { return !o.ExitTime.IsZero() }

func (o *order) electronic() (sum notation.Fen) {
	for i := range o.Payments {
		sum += o.Payments[i].Amount
	}
	return sum
}

func (o *order) paid() notation.Fen { return o.electronic() + o.Cash }

// end is when the stay ended, or now while it lasts.
func (o *order) end(now time.Time) time.Time {
	if o.left() {
		return o.ExitTime
	}
	return notation.Second(now)
}

// fee is the whole fee of the stay as of now: fixed once the car has left; what
// was paid while the grace after paying in full lasts (its edge included); else
// the tariff's, from entry. Long-term cars pay nothing.
func (o *order) fee(now time.Time, r *rules.Rules) notation.Fen {
	switch {
	case o.FixedFee != nil:
		return *o.FixedFee
	case o.UserType == LongTerm:
		return 0
	case o.inGrace(now, r):
		return o.paid()
	default:
		return o.Tariff.FeeBetween(o.EntranceTime, o.end(now), r.TariffFree)
	}
}

func (o *order) inGrace(now time.Time, r *rules.Rules) bool {
	return !o.SettledAt.IsZero() && !o.end(now).After(notation.Second(o.SettledAt).Add(r.TariffGrace))
}

// remaining is what is left to pay; a fee that fell below what was paid leaves nothing.
func (o *order) remaining(now time.Time, r *rules.Rules) notation.Fen {
	return max(o.fee(now, r)-o.paid(), 0)
}

func (o *order) state(now time.Time, r *rules.Rules) string {
	switch {
	case !o.left():
		return Parked
	case o.remaining(now, r) > 0:
		return Owing
	default:
		return Left
	}
}

// value is the order as it is handed out.
func (o *order) value(now time.Time, r *rules.Rules) Order {
	return Order{
		ID: o.ID, Vehicle: o.Vehicle, ParkingID: o.ParkingID, ParkingName: o.ParkingName,
		UserType: o.UserType, FixParkingID: o.FixParkingID, RemainingDays: o.RemainingDays,
		EntranceTime: o.EntranceTime, ExitTime: o.ExitTime, State: o.state(now, r),
		Fee: o.fee(now, r), PaidElectronic: o.electronic(), PaidCash: o.Cash,
		Remaining: o.remaining(now, r), Payments: slices.Clone(o.Payments),
	}
}

// newestEntrance sorts by entranceTime, newest first; of two that entered in
// the same second the later order comes first (§9.6).
func newestEntrance(a, b *order) int {
	if c := b.EntranceTime.Compare(a.EntranceTime); c != 0 {
		return c
	}
	if a.Seq > b.Seq {
		return -1
	}
	return 1
}

// Enter is a car driving in.
type Enter struct {
	Vehicle       notation.Vehicle `json:"vehicle"`
	ParkingID     string           `json:"parkingId"`
	At            time.Time        `json:"at,omitzero"`        // zero: now
	UserType      string           `json:"userType,omitempty"` // "": the registry's, else temporary
	FixParkingID  string           `json:"fixParkingId,omitempty"`
	RemainingDays string           `json:"remainingDays,omitempty"`
}

func (c Enter) apply(w *State, now time.Time) Result {
	p, ok := w.parkings[c.ParkingID]
	if !ok {
		return failedBecause("unknown-parking", NotFound, "parkingId", w.NoParking(c.ParkingID))
	}
	at, problem := w.moment(c.At, now, w.start)
	if problem != nil {
		return Result{Err: problem}
	}
	if o := w.parked[c.Vehicle]; o != nil {
		return failed(Conflict, "plateNumber", c.Vehicle.Plate+" is parked already, in "+o.ParkingName+" since "+notation.FormatTime(o.EntranceTime))
	}
	for _, o := range w.byPlate[c.Vehicle.Plate] {
		if o.Vehicle == c.Vehicle && o.left() && o.ExitTime.After(at) {
			return failed(Conflict, "at", c.Vehicle.Plate+" was parked until "+notation.FormatTime(o.ExitTime))
		}
	}
	if p.free() == 0 {
		return failed(Conflict, "parkingId", p.Name+" is full: "+itoa(p.TotalSpace)+" spaces")
	}
	o := w.newOrder(c, p, at)
	done := Result{Value: o.value(now, w.rules), Pushes: w.stayPushes("entry", o, at, now)}
	w.addOrder(o)
	return done
}

func (w *State) newOrder(c Enter, p *parking, at time.Time) *order {
	known := w.registry[c.Vehicle]
	o := &order{
		ID: strings.ToUpper(w.uuid()), Seq: w.orderSeq, Vehicle: c.Vehicle,
		ParkingID: p.ID, ParkingName: p.Name, Tariff: p.Tariff.Clone(),
		UserType:      firstOf(c.UserType, known.UserType, Temporary),
		FixParkingID:  firstOf(c.FixParkingID, known.FixParkingID),
		RemainingDays: firstOf(c.RemainingDays, known.RemainingDays),
		EntranceTime:  at,
	}
	if o.UserType != LongTerm { // a temporary car has neither (§10.1)
		o.FixParkingID, o.RemainingDays = "", ""
	}
	return o
}

func (w *State) addOrder(o *order) {
	w.orderSeq++
	w.orders[o.ID] = o
	if !o.Done {
		w.open[o] = struct{}{}
		w.copying.open.touch(o)
	}
	w.byPlate[o.Vehicle.Plate] = append(w.byPlate[o.Vehicle.Plate], o)
	if !o.left() {
		w.parked[o.Vehicle] = o
		if p := w.parkings[o.ParkingID]; p != nil {
			p.parked++
		}
	}
}

func firstOf(texts ...string) string {
	for _, text := range texts {
		if text != "" {
			return text
		}
	}
	return ""
}

// moment is when the simulator says a thing happened, to the second.
func (w *State) moment(at, now, earliest time.Time) (time.Time, *CommandError) {
	if at.IsZero() {
		return notation.Second(now), nil
	}
	switch at = notation.Second(at); {
	case at.Before(notation.Second(earliest)):
		return at, &CommandError{Kind: Invalid, Field: "at", Detail: notation.FormatTime(at) + " is earlier than " + notation.FormatTime(earliest) + ", when the sandbox began or the car came"}
	case at.After(now):
		return at, &CommandError{Kind: Invalid, Field: "at", Detail: notation.FormatTime(at) + " is later than the sandbox's now, " + notation.FormatTime(now) + ": move the clock first"}
	}
	return at, nil
}

// How what is still owed is paid when a car leaves.
const (
	PayCash     = "cash"
	PayWithhold = "withhold"
	PayNone     = "none"
)

// Exit is a car driving out.
type Exit struct {
	Vehicle notation.Vehicle `json:"vehicle"`
	At      time.Time        `json:"at,omitzero"`       // zero: now
	Payment string           `json:"payment,omitempty"` // cash, withhold or none; "": cash
}

func (c Exit) apply(w *State, now time.Time) Result {
	o := w.parked[c.Vehicle]
	if o == nil {
		return failed(Conflict, "plateNumber", c.Vehicle.Plate+" (plateColor "+c.Vehicle.Color+") is not parked")
	}
	at, problem := w.moment(c.At, now, w.start)
	if problem == nil && at.Before(o.EntranceTime) {
		problem = &CommandError{Kind: Invalid, Field: "at", Detail: notation.FormatTime(at) + " is before it entered, " + notation.FormatTime(o.EntranceTime)}
	}
	if problem != nil {
		return Result{Err: problem}
	}
	gone := w.leaving(*o, at, now, c.Payment)
	done := Result{Value: gone.value(now, w.rules), Pushes: w.stayPushes("exit", &gone, at, now)}
	w.leave(o, gone, now)
	return done
}

// leaving is an order as it is once its stay has ended: the fee stands still,
// and what is owed is paid or not.
func (w *State) leaving(o order, at, now time.Time, how string) order {
	fee := o.fee(at, w.rules)
	o.ExitTime, o.FixedFee = at, &fee
	if b := w.bindings[o.Vehicle]; b != nil && !b.Since.After(at) {
		o.Owner = b.Phone
	}
	owed := o.remaining(now, w.rules)
	switch {
	case owed == 0 || how == PayNone:
	case how == PayWithhold:
		o.Payments = append(slices.Clone(o.Payments), Payment{
			PayOrderID: w.payOrderID(at), Phone: o.Owner, Amount: owed, PayTime: notation.FormatTime(at), At: at,
		})
	default:
		o.Cash += owed
	}
	return o
}

// leave ends a stay, as leaving has said.
func (w *State) leave(o *order, gone order, now time.Time) {
	w.copying.open.touch(o)
	o.ExitTime, o.FixedFee, o.Owner, o.Cash, o.Payments = gone.ExitTime, gone.FixedFee, gone.Owner, gone.Cash, gone.Payments
	if w.parked[o.Vehicle] == o {
		delete(w.parked, o.Vehicle)
		if p := w.parkings[o.ParkingID]; p != nil {
			p.parked--
		}
	}
	if o.Owner != "" {
		w.belongs(o, o.Owner)
	}
	if o.remaining(now, w.rules) == 0 {
		w.finish(o)
	}
}

// belongs puts an order into a phone's history, once (§9.6).
func (w *State) belongs(o *order, phone string) {
	if !slices.Contains(w.byPhone[phone], o) {
		w.byPhone[phone] = append(w.byPhone[phone], o)
		w.copying.byPhone.touch(phone)
	}
}

// payOrderID is no, the sandbox's now, and 7 digits (§9.8).
func (w *State) payOrderID(now time.Time) string {
	return "no" + now.In(notation.Shanghai).Format(notation.StampLayout) + w.number(7)
}

// finish counts an order that has left and owes nothing, and forgets the
// oldest of those beyond orders.keep.
func (w *State) finish(o *order) {
	if o.Done {
		return
	}
	o.Done = true
	delete(w.open, o)
	w.copying.open.touch(o)
	w.finished = append(w.finished, o)
	for len(w.finished) > w.rules.OrdersKeep {
		w.forget(w.finished[0])
		w.finished = w.finished[1:]
	}
}

func (w *State) forget(o *order) {
	delete(w.orders, o.ID)
	remove := func(index map[string][]*order, key string) {
		if rest := without(index[key], o); len(rest) > 0 {
			index[key] = rest
		} else {
			delete(index, key)
		}
	}
	remove(w.byPlate, o.Vehicle.Plate)
	remove(w.byPhone, o.Owner)
	w.copying.byPhone.touch(o.Owner)
	for i := range o.Payments {
		remove(w.byPhone, o.Payments[i].Phone)
		w.copying.byPhone.touch(o.Payments[i].Phone)
		delete(w.external, o.Payments[i].ExternalOrderID)
		w.copying.external.touch(o.Payments[i].ExternalOrderID)
	}
}

// without is a list without a value. The list itself stays as it is, for a [Copy] may have it.
func without[T comparable](list []T, value T) []T {
	at := slices.Index(list, value)
	if at < 0 {
		return list
	}
	return append(slices.Clone(list[:at]), list[at+1:]...)
}
