package traffic

import (
	"time"

	"github.com/brianvoe/gofakeit/v6"

	"github.com/etcp-mock/etcp-mock/client"
	"github.com/etcp-mock/etcp-mock/client/control"
	"github.com/etcp-mock/etcp-mock/scenarios/internal/fake"
)

// city is what lives: it decides what happens next. It knows nothing of the mock but its car parks.
type city struct {
	f         *gofakeit.Faker
	mix       []int // by kind
	merchants int
	parkings  []*carPark
	names     map[string]bool // plates and phones there have been

	owners, roomy bag[*owner] // all, and those who may bind another vehicle
	outside       bag[*car]   // bound ones that are not parked
	unpaid        bag[*car]   // parked
	payable       bag[*car]   // of these, those whose owner can pay
	paid          bag[*car]   // parked, and may leave
	bound, parked int
	free          int // spaces, as far as it is known
}

type carPark struct {
	id, lat, lon string
	free         int
}

type owner struct {
	phone    string
	merchant int
	token    string
	since    time.Time // when it was given
	cars     int
	ever     int // vehicles ever bound
}

type car struct {
	plate   string
	owner   *owner // nil: nobody has bound it
	parking *carPark
	since   time.Time
	long    bool // a long-term tenant's
}

// event is one that happens, with those it happens to.
type event struct {
	Event

	owner   *owner
	car     *car
	parking *carPark
}

// What the platform allows by its rules' defaults (§9.4).
const (
	maxOwnerCars = 3
	maxOwnerEver = 4
)

func newCity(t Plan, merchants int, parkings []control.Parking) *city {
	c := &city{f: fake.New(t.Seed + 1), merchants: merchants, names: map[string]bool{}}
	for _, k := range kinds {
		weight := k.Weight
		if t.Mix != nil {
			weight = t.Mix[k.Name]
		}
		c.mix = append(c.mix, weight)
	}
	for _, p := range parkings {
		place := &carPark{id: p.ID, lat: p.Lat, lon: p.Lon}
		if p.TotalSpace != nil {
			place.free = max(*p.TotalSpace-p.Occupied, 0)
		}
		c.parkings = append(c.parkings, place)
		c.free += place.free
	}
	return c
}

// occupies notes a car that is parked already.
func (c *city) occupies(plate, parking string) {
	c.names[plate] = true
	for _, p := range c.parkings {
		if p.id == parking && p.free > 0 {
			p.free--
			c.free--
		}
	}
}

// next is what happens at a moment.
func (c *city) next(now time.Time) *event {
	kind := c.draw(now)
	for {
		before := c.before(kind)
		if before == "" {
			break
		}
		kind = before
	}
	e := &event{Event: Event{Kind: kind}}
	c.fill(e)
	if e.car != nil {
		e.PlateNumber = e.car.plate
		if e.parking == nil {
			e.parking = e.car.parking
		}
	}
	if e.owner != nil {
		e.Phone, e.Merchant = e.owner.phone, e.owner.merchant
	}
	if e.parking != nil {
		e.ParkingID = e.parking.id
	}
	return e
}

// draw takes a kind by the mix and the hour: arrivals have their peak in the morning, departures in the evening.
func (c *city) draw(now time.Time) string {
	h := now.In(client.Zone).Hour()
	weights, total := make([]int, len(c.mix)), 0
	for i, k := range kinds {
		weights[i] = c.mix[i] * (arriving[h] + leaving[h])
		switch k.Name {
		case kindEnter:
			weights[i] = c.mix[i] * 2 * arriving[h]
		case kindLeave, kindPayCash, kindDebit, kindForget:
			weights[i] = c.mix[i] * 2 * leaving[h]
		}
		total += weights[i]
	}
	if total == 0 {
		return kindEnter
	}
	at := c.f.Number(0, total-1)
	for i, weight := range weights {
		if at -= weight; at < 0 {
			return kinds[i].Name
		}
	}
	return kindEnter
}

// before is what has to happen before a kind of event can, or "".
func (c *city) before(kind string) string {
	switch kind {
	case kindBind:
		return needed(kindSignIn, c.roomy.len())
	case kindUnbind:
		return needed(kindBind, c.outside.len())
	case kindAsk:
		return needed(kindSignIn, c.owners.len())
	case kindEnter:
		return c.beforeEnter()
	case kindPayOnline:
		if c.payable.len() == 0 && c.outside.len() > 0 {
			return kindEnter
		}
		return needed(kindBind, c.payable.len())
	case kindLeave:
		return needed(kindPayOnline, c.paid.len())
	case kindPayCash, kindDebit, kindForget:
		return needed(kindEnter, c.unpaid.len())
	}
	return ""
}

func needed(kind string, have int) string {
	if have > 0 {
		return ""
	}
	return kind
}

// beforeEnter empties a city that is full.
func (c *city) beforeEnter() string {
	switch {
	case c.free > 0:
		return ""
	case c.paid.len() > 0:
		return kindLeave
	case c.unpaid.len() > 0:
		return kindPayCash
	}
	return kindWrong // others have it all
}

// fill says whom an event happens to.
func (c *city) fill(e *event) {
	switch e.Kind {
	case kindSignIn:
		c.signIn(e)
	case kindBind:
		e.owner = c.roomy.pick(c.f)
		e.What = c.one("bindcar", "bindcar", "bindcar", "carretrieve")
		e.car = &car{plate: c.fresh(func() string { return fake.Plate(c.f, c.f.Number(5, 6)) }), owner: e.owner}
	case kindUnbind:
		e.car = c.outside.pick(c.f)
		e.owner = e.car.owner
	case kindEnter:
		c.enter(e)
	case kindAsk:
		e.owner = c.owners.pick(c.f)
		e.What = c.one("orderunpay", "orderunpay", "orderhistory", "carnum", "surroundingparking", "parkingstatus")
		e.parking = c.parkings[c.f.Number(0, len(c.parkings)-1)]
		if e.What == "orderunpay" && c.payable.len() > 0 {
			e.car = c.payable.pick(c.f)
			e.owner, e.parking = e.car.owner, e.car.parking
		}
	case kindPayOnline:
		e.car = earlier(c.payable.pick(c.f), c.payable.pick(c.f))
		e.owner = e.car.owner
	case kindLeave:
		e.car = earlier(c.paid.pick(c.f), c.paid.pick(c.f))
	case kindPayCash, kindDebit, kindForget:
		e.car = earlier(c.unpaid.pick(c.f), c.unpaid.pick(c.f))
	case kindWrong:
		e.What = c.one("key", "timeStamp", "merchantNo", "missing", "phone", "token", "plate")
		e.Merchant = c.f.Number(0, c.merchants-1)
		e.PlateNumber = fake.Plate(c.f, 5)
	}
}

// signIn has a new owner log in, or one there is already.
func (c *city) signIn(e *event) {
	if c.roomy.len() > 0 && c.f.Number(0, 2) == 0 {
		e.owner, e.What = c.owners.pick(c.f), "usersigin"
		return
	}
	e.owner = &owner{phone: c.fresh(func() string { return fake.Phone(c.f) }), merchant: c.f.Number(0, c.merchants-1)}
	e.What = c.one("usersigin", "usersigin", "userlogin")
}

// enter has a car come that somebody has bound, or a stranger's.
func (c *city) enter(e *event) {
	e.car = &car{plate: c.fresh(func() string { return fake.Plate(c.f, c.f.Number(5, 6)) }), long: c.f.Number(0, 9) == 0}
	if c.outside.len() > 0 && c.f.Number(0, 2) > 0 {
		e.car = c.outside.pick(c.f)
	}
	for {
		if e.parking = c.parkings[c.f.Number(0, len(c.parkings)-1)]; e.parking.free > 0 {
			return
		}
	}
}

func (c *city) one(of ...string) string { return of[c.f.Number(0, len(of)-1)] }

// fresh is a name that nobody has had yet.
func (c *city) fresh(draw func() string) string {
	for {
		if name := draw(); !c.names[name] {
			c.names[name] = true
			return name
		}
	}
}

func earlier(a, b *car) *car {
	if b.since.Before(a.since) {
		return b
	}
	return a
}

// What has happened.

func (c *city) hasSignedIn(o *owner) {
	c.owners.add(o)
	if o.cars < maxOwnerCars && o.ever < maxOwnerEver {
		c.roomy.add(o)
	}
}

func (c *city) hasBound(a *car) {
	a.owner.cars++
	a.owner.ever++
	if a.owner.cars >= maxOwnerCars || a.owner.ever >= maxOwnerEver {
		c.roomy.remove(a.owner)
	}
	c.bound++
	c.outside.add(a)
}

func (c *city) hasUnbound(a *car) {
	c.outside.remove(a)
	c.bound--
	a.owner.cars--
	c.hasSignedIn(a.owner)
}

func (c *city) hasEntered(a *car, at *carPark, now time.Time) {
	c.outside.remove(a)
	a.parking, a.since = at, now
	at.free--
	c.free--
	c.parked++
	c.unpaid.add(a)
	if a.owner != nil {
		c.payable.add(a)
	}
}

func (c *city) hasPaid(a *car) {
	c.unpaid.remove(a)
	c.payable.remove(a)
	c.paid.add(a)
}

func (c *city) hasLeft(a *car) {
	c.unpaid.remove(a)
	c.payable.remove(a)
	c.paid.remove(a)
	a.parking.free++
	c.free++
	c.parked--
	if a.owner != nil {
		c.outside.add(a)
	}
}

// isFull says that a car park has no space after all, for others have it.
func (c *city) isFull(p *carPark) {
	c.free -= p.free
	p.free = 0
}

// bag is a set from which one can be picked by chance, the same whenever the chances are the same.
type bag[T comparable] struct {
	items []T
	at    map[T]int
}

func (b *bag[T]) len() int { return len(b.items) }

func (b *bag[T]) pick(f *gofakeit.Faker) T { return b.items[f.Number(0, len(b.items)-1)] }

func (b *bag[T]) add(item T) {
	if _, ok := b.at[item]; ok {
		return
	}
	if b.at == nil {
		b.at = map[T]int{}
	}
	b.at[item] = len(b.items)
	b.items = append(b.items, item)
}

func (b *bag[T]) remove(item T) {
	at, ok := b.at[item]
	if !ok {
		return
	}
	last := len(b.items) - 1
	b.items[at] = b.items[last]
	b.at[b.items[at]] = at
	b.items = b.items[:last]
	delete(b.at, item)
}
