package platform

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/etcp-mock/etcp-mock/mock/internal/platform/notation"
)

// Merchants are all merchants, by number.
func (w *State) Merchants() []Merchant {
	return merchantsOf(slices.Collect(maps.Values(w.merchants)))
}

func merchantsOf(from []*Merchant) []Merchant {
	all := make([]Merchant, len(from))
	for i, m := range from {
		all[i] = m.clone()
	}
	slices.SortStableFunc(all, func(a, b Merchant) int { return cmp.Compare(a.No, b.No) })
	return all
}

// Merchant is one merchant.
func (w *State) Merchant(no string) (Merchant, bool) {
	m, ok := w.merchants[no]
	if !ok {
		return Merchant{}, false
	}
	return m.clone(), true
}

// Parkings are all car parks, by numeric id.
func (w *State) Parkings() []Parking {
	return parkingsOf(slices.Collect(maps.Values(w.parkings)))
}

func parkingsOf(from []*parking) []Parking {
	all := slices.Clone(from)
	slices.SortFunc(all, func(a, b *parking) int { return cmp.Compare(a.place.Number, b.place.Number) })
	values := make([]Parking, len(all))
	for i, p := range all {
		values[i] = p.clone()
	}
	return values
}

// ParkingAt is one car park and how many cars of orders are parked in it.
func (w *State) ParkingAt(id string) (p Parking, parked int, ok bool) {
	found, ok := w.parkings[id]
	if !ok {
		return Parking{}, 0, false
	}
	return found.clone(), found.parked, true
}

// sortedRegistry is in the order of plate and colour.
func sortedRegistry(all []RegisteredVehicle) []RegisteredVehicle {
	slices.SortFunc(all, func(a, b RegisteredVehicle) int { return compareVehicles(a.Vehicle, b.Vehicle) })
	return all
}

// User is what a phone has bound.
type User struct {
	Phone          string
	Bindings       []Binding
	BoundThisMonth int
}

// Binding is one vehicle a phone has bound.
type Binding struct {
	Vehicle      notation.Vehicle
	Since        time.Time
	Merchants    []string
	CertifiedFor string
}

// mostParkings is how many car parks an error lists.
const mostParkings = 10

// NoParking is what is said of a car park that does not exist: with those that do.
func (w *State) NoParking(id string) string {
	ids := make([]string, 0, mostParkings)
	all := w.Parkings()
	for _, p := range all[:min(len(all), mostParkings)] {
		ids = append(ids, p.ID)
	}
	switch {
	case len(all) == 0:
		return "no car park " + id + "; there is none"
	case len(all) > mostParkings:
		ids = append(ids, "…")
	}
	return "no car park " + id + "; there are " + strings.Join(ids, ", ")
}

// Phones are those of every user, in no order.
func (w *State) Phones() []string {
	all := make([]string, 0, len(w.users))
	for phone := range w.users {
		all = append(all, phone)
	}
	return all
}

// User is what a phone has bound, in the order it was bound; nothing for a
// phone never seen.
func (w *State) User(phone string, now time.Time) User {
	found := User{Phone: phone}
	u := w.users[phone]
	if u == nil {
		return found
	}
	for _, v := range u.Bound {
		b := w.bindings[v]
		found.Bindings = append(found.Bindings, Binding{v, b.Since, slices.Clone(b.Merchants), b.CertifiedFor})
	}
	counted, _ := w.boundThisMonth(now, u)
	found.BoundThisMonth = len(counted)
	return found
}

// Registered is a vehicle's row of the registry.
func (w *State) Registered(v notation.Vehicle) (Registered, bool) {
	row, ok := w.registry[v]
	return row, ok
}

// Owner is the phone that has a vehicle bound, and how.
func (w *State) Owner(v notation.Vehicle) (phone string, how Binding, ok bool) {
	b := w.bindings[v]
	if b == nil {
		return "", Binding{}, false
	}
	return b.Phone, Binding{v, b.Since, slices.Clone(b.Merchants), b.CertifiedFor}, true
}

// TokenPhone is the phone a token was given to, whether it is still good or not; "" for one that was never given, or is forgotten.
func (w *State) TokenPhone(text string) string {
	if t, known, _, _ := w.tokens.Find(text); known {
		return t.Holder().Phone
	}
	return ""
}

// OrderPlate is the plate of an order; "" for one that is not known.
func (w *State) OrderPlate(id string) string {
	if o := w.orders[id]; o != nil {
		return o.Vehicle.Plate
	}
	return ""
}

// Message is the latest code sent to a phone.
type Message struct {
	Phone string
	SMS
}

// Messages are the codes sent, newest first, the latest of each phone.
func (w *State) Messages() []Message {
	all := make([]Message, 0, len(w.sms))
	for phone := range w.sms {
		sms, _ := w.SMS(phone)
		all = append(all, Message{phone, sms})
	}
	slices.SortFunc(all, func(a, b Message) int { return cmp.Or(b.SentAt.Compare(a.SentAt), cmp.Compare(a.Phone, b.Phone)) })
	return all
}

// OrderKey is an order among others: they are in the order of Seq.
type OrderKey struct {
	ID  string
	Seq uint64
}

// OrderKeys are the orders of a number, or all (plate ""), in no order: sorting very many is for whoever has let others in again.
func (w *State) OrderKeys(plate string) []OrderKey {
	if plate != "" {
		all := make([]OrderKey, 0, len(w.byPlate[plate]))
		for _, o := range w.byPlate[plate] {
			all = append(all, OrderKey{o.ID, o.Seq})
		}
		return all
	}
	all := make([]OrderKey, 0, len(w.orders))
	for id, o := range w.orders {
		all = append(all, OrderKey{id, o.Seq})
	}
	return all
}

// Vehicles are those that the registry has, in no order.
func (w *State) Vehicles() []notation.Vehicle {
	all := make([]notation.Vehicle, 0, len(w.registry))
	for v := range w.registry {
		all = append(all, v)
	}
	return all
}

// CompareVehicles is the order in which vehicles are listed.
func CompareVehicles(a, b notation.Vehicle) int { return compareVehicles(a, b) }

// Order is one order as it stands at an instant.
func (w *State) Order(id string, now time.Time) (Order, bool) {
	o := w.orders[id]
	if o == nil {
		return Order{}, false
	}
	return o.value(now, w.rules), true
}

// Objects counts the entities that are remembered.
func (w *State) Objects() int {
	return len(w.orders) + w.tokens.Len() + len(w.users) + len(w.parkings) + len(w.registry) + len(w.sms) + len(w.bindings) + len(w.external)
}

// Tokens is how many tokens are kept.
func (w *State) Tokens() int { return w.tokens.Len() }

// CopyCost is about how many things [State.Copy] copies one by one; tokens and finished orders are not among them.
func (w *State) CopyCost() int {
	return len(w.open) + len(w.users) + len(w.parkings) + len(w.registry) + len(w.sms) + len(w.bindings) + len(w.external) + len(w.byPhone)
}

// Mark is the same for equal states, and rarely for others; it costs little.
func (w *State) Mark() string {
	rng, _ := w.rng.MarshalBinary() // a PCG always encodes
	return mark(rng, w.orderSeq, w.tokens.Len())
}

// Mark is that of the state the snapshot was taken of.
func (s *Snapshot) Mark() string { return mark(s.Rng, s.OrderSeq, len(s.Tokens)) }

func mark(rng []byte, orders uint64, tokens int) string {
	return fmt.Sprintf("%x %d %d", rng, orders, tokens)
}
