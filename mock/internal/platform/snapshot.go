package platform

import (
	"cmp"
	"maps"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/etcp-mock/etcp-mock/mock/internal/platform/notation"
	"github.com/etcp-mock/etcp-mock/mock/internal/platform/tokens"
)

// Snapshot is a state as one value that JSON can carry, in an order that
// depends on nothing but the state: equal states give equal bytes.
type Snapshot struct {
	Seed      uint64              `json:"seed"`
	Rng       []byte              `json:"rng"`
	Start     time.Time           `json:"start"`
	Rules     map[string]any      `json:"rules"`
	OrderSeq  uint64              `json:"orderSeq"`
	Merchants []Merchant          `json:"merchants"`
	Parkings  []Parking           `json:"parkings"`
	Registry  []RegisteredVehicle `json:"registry"`
	SMS       map[string]smsCode  `json:"sms"`
	Tokens    []namedToken        `json:"tokens"`
	Bindings  []namedBinding      `json:"bindings"`
	Users     map[string]*user    `json:"users"`
	Orders    []*order            `json:"orders"`
	ByPhone   map[string][]string `json:"byPhone"`
	Finished  []string            `json:"finished"`
	External  map[string]string   `json:"external"`
}

type namedToken struct {
	Token    string        `json:"token"`
	Holder   tokens.Holder `json:"holder"`
	At       time.Time     `json:"at"`
	VoidedAt time.Time     `json:"voidedAt,omitzero"` // when the holder's next was given
}

type namedBinding struct {
	Vehicle notation.Vehicle `json:"vehicle"`
	binding
}

// RegisteredVehicle is a row of the registry with its vehicle.
type RegisteredVehicle struct {
	Vehicle notation.Vehicle `json:"vehicle"`
	Registered
}

// Snapshot takes the whole state out: it copies and shapes. It shares nothing with the state.
func (w *State) Snapshot() Snapshot { return w.Copy().Snapshot() }

// FromSnapshot makes a state that goes on where the snapshot was taken, and shares
// nothing with it. Its error is [*SnapshotError]: what contradicts itself.
func FromSnapshot(s Snapshot) (*State, error) {
	if err := s.check(); err != nil {
		return nil, err
	}
	w := New(s.Seed, s.Start.In(notation.Shanghai))
	w.rng = &rand.PCG{}
	if err := w.rng.UnmarshalBinary(s.Rng); err != nil {
		return nil, &SnapshotError{"/rng", err.Error()}
	}
	if r := (SetRules{s.Rules}).apply(w, s.Start); r.Err != nil {
		return nil, &SnapshotError{"/rules", r.Err.Detail}
	}
	w.inhabit()
	w.orderSeq = s.OrderSeq
	for i := range s.Merchants {
		m := s.Merchants[i].clone()
		w.merchants[m.No] = &m
	}
	for i := range s.Parkings {
		w.putParking(NewSite(s.Parkings[i].clone()))
	}
	for _, r := range s.Registry {
		w.registry[r.Vehicle] = r.Registered
	}
	w.users, w.bindings = make(map[string]*user, len(s.Users)), make(map[notation.Vehicle]*binding, len(s.Bindings))
	maps.Copy(w.sms, s.SMS)
	for _, t := range s.Tokens {
		w.tokens.Add(t.Token, t.Holder, t.At)
	}
	for phone, u := range s.Users {
		w.users[phone] = &user{slices.Clone(u.Bound), slices.Clone(u.History)}
	}
	for _, b := range s.Bindings {
		c := b.binding
		c.Merchants = slices.Clone(b.Merchants)
		w.bindings[b.Vehicle] = &c
	}
	w.restoreOrders(s)
	return w, nil
}

func (w *State) restoreOrders(s Snapshot) {
	w.orders, w.byPlate = make(map[string]*order, len(s.Orders)), make(map[string][]*order, len(s.Orders))
	for _, o := range s.Orders {
		w.addOrder(o.clone())
	}
	w.orderSeq = s.OrderSeq
	for phone, ids := range s.ByPhone {
		for _, id := range ids {
			w.belongs(w.orders[id], phone)
		}
	}
	maps.Copy(w.external, s.External)
	for _, id := range s.Finished {
		w.finished = append(w.finished, w.orders[id])
	}
}

func compareVehicles(a, b notation.Vehicle) int {
	if c := cmp.Compare(a.Plate, b.Plate); c != 0 {
		return c
	}
	return cmp.Compare(a.Color, b.Color)
}

// Rename changes every merchant number of the snapshot but those of Merchants.
func (s *Snapshot) Rename(name func(no *string)) {
	for i := range s.Tokens {
		name(&s.Tokens[i].Holder.Merchant)
	}
	for i := range s.Bindings {
		b := &s.Bindings[i]
		for j := range b.Merchants {
			name(&b.Merchants[j])
		}
		name(&b.CertifiedFor)
	}
	for _, o := range s.Orders {
		for i := range o.Payments {
			name(&o.Payments[i].MerchantNo)
		}
	}
}
