package platform

import (
	"cmp"
	"slices"
	"time"

	"github.com/etcp-mock/etcp-mock/mock/internal/platform/notation"
	"github.com/etcp-mock/etcp-mock/mock/internal/platform/rules"
	"github.com/etcp-mock/etcp-mock/mock/internal/platform/tokens"
)

// Copy is a state as it was at one moment: what it takes to make a [Snapshot], later and elsewhere.
type Copy struct {
	seed, orderSeq uint64
	rng            []byte
	start          time.Time
	rules          map[string]any
	merchants      copied[string, *Merchant]
	parkings       copied[string, *parking]
	registry       copied[notation.Vehicle, Registered]
	sms            copied[string, smsCode]
	tokens         tokens.List
	bindings       copied[notation.Vehicle, *binding]
	users          copied[string, *user]
	open           copied[*order, order]
	finished       []*order
	byPhone        copied[string, []*order]
	external       copied[string, string]
}

// Copy takes a copy at once; whoever owns the state lets nobody change it meanwhile, for some 20 ms with 100 000 users and as
// many orders ([State.BeginCopy] does it in steps). Shaping the copy into a snapshot takes longer, and needs no such care.
//
// Only orders that are parked or owe something change in place, so only they are copied one by one. Tokens, bindings,
// users, merchants, car parks and finished orders are replaced and never changed (but for what no snapshot reads: the next
// field of a token, how many cars are parked), and lists either grow at their end or are made anew ([without]).
func (w *State) Copy() *Copy {
	under := w.copying // one in steps goes on
	c := w.BeginCopy()
	c.Step(-1)
	done := c.End()
	w.copying = under
	return done
}

// Snapshot shapes the copy: equal states give equal bytes, in whatever order their maps were read. It shares nothing with
// the state or the copy.
func (c *Copy) Snapshot() Snapshot {
	s := c.Shared()
	for phone, u := range s.Users {
		s.Users[phone] = &user{slices.Clone(u.Bound), slices.Clone(u.History)}
	}
	for i := range s.Bindings {
		s.Bindings[i].Merchants = slices.Clone(s.Bindings[i].Merchants)
	}
	for i, o := range s.Orders {
		s.Orders[i] = o.clone()
	}
	return s
}

// Shared is the snapshot for whoever only reads it: it shares with the copy whatever is never changed, and is made in half the time.
func (c *Copy) Shared() Snapshot {
	s := Snapshot{
		Seed: c.seed, Rng: slices.Clone(c.rng), Start: c.start, Rules: rules.Clone(c.rules), OrderSeq: c.orderSeq,
		SMS: make(map[string]smsCode, c.sms.len()), Users: make(map[string]*user, c.users.len()),
		ByPhone: make(map[string][]string, c.byPhone.len()), External: make(map[string]string, c.external.len()),
	}
	var merchants []*Merchant
	c.merchants.each(func(_ string, m **Merchant) { merchants = append(merchants, *m) })
	var parkings []*parking
	c.parkings.each(func(_ string, p **parking) { parkings = append(parkings, *p) })
	registry := make([]RegisteredVehicle, 0, c.registry.len())
	c.registry.each(func(v notation.Vehicle, r *Registered) { registry = append(registry, RegisteredVehicle{v, *r}) })
	s.Merchants, s.Parkings, s.Registry = merchantsOf(merchants), parkingsOf(parkings), sortedRegistry(registry)
	c.sms.each(func(phone string, code *smsCode) { s.SMS[phone] = *code })
	c.external.each(func(external string, id *string) { s.External[external] = *id })
	c.users.each(func(phone string, u **user) { s.Users[phone] = *u })
	c.byPhone.each(func(phone string, orders *[]*order) {
		ids := make([]string, len(*orders))
		for i, o := range *orders {
			ids[i] = o.ID // never changed, so that it may be read here
		}
		s.ByPhone[phone] = ids
	})
	s.Tokens = c.namedTokens()
	s.Bindings = make([]namedBinding, 0, c.bindings.len()) // lists are never nil, which JSON would show
	c.bindings.each(func(v notation.Vehicle, b **binding) { s.Bindings = append(s.Bindings, namedBinding{v, **b}) })
	slices.SortFunc(s.Bindings, func(a, b namedBinding) int { return compareVehicles(a.Vehicle, b.Vehicle) })
	s.Orders = make([]*order, 0, c.open.len()+len(c.finished))
	s.Finished = make([]string, 0, len(c.finished))
	c.open.each(func(_ *order, o *order) { s.Orders = append(s.Orders, o) })
	for _, o := range c.finished {
		s.Orders, s.Finished = append(s.Orders, o), append(s.Finished, o.ID)
	}
	slices.SortFunc(s.Orders, func(a, b *order) int { return cmp.Compare(a.Seq, b.Seq) })
	return s
}

// namedTokens say of each when the next of its holder was given.
func (c *Copy) namedTokens() (all []namedToken) {
	newest := map[*tokens.Holder]int{}
	all = make([]namedToken, c.tokens.Len())
	for i := range all {
		t := c.tokens.Index(i)
		holder, at := t.Holder(), t.At()
		if before, ok := newest[holder]; ok {
			all[before].VoidedAt = at
		}
		newest[holder] = i
		all[i] = namedToken{Token: t.Text(), Holder: *holder, At: at}
	}
	return all
}
