package model

import (
	"slices"
	"time"

	"github.com/etcp-mock/etcp-mock/schemas"
)

// monthBefore is one month earlier, or the last day of that month where it has no such day (§9.4).
func monthBefore(t time.Time) time.Time {
	first := time.Date(t.Year(), t.Month()-1, 1, t.Hour(), t.Minute(), t.Second(), 0, t.Location())
	last := first.AddDate(0, 1, -1).Day()
	return first.AddDate(0, 0, min(t.Day(), last)-1)
}

// predictBinding is the code of binding a vehicle (§9.4): whose it is, then how many there are.
func (m *Model) predictBinding(phone, v string) int {
	switch b := m.bound[v]; {
	case b == nil:
		return m.limits(phone, v)
	case b.phone != phone:
		return schemas.CodeBoundByOther
	}
	return 0
}

// limits are those of §9.4: at once, then in a month, where a vehicle that is counted does not count again.
func (m *Model) limits(phone, v string) int {
	if m.boundBy(phone) >= m.setup.bind {
		return schemas.CodeTooManyBound
	}
	now := m.setup.Clock.Add(m.now)
	since := monthBefore(now)
	if m.setup.calendar { // its first second counts
		since = time.Date(now.Year(), now.Month(), 1, 0, 0, 0, 0, now.Location()).Add(-time.Second)
	}
	counted, mine := 0, false
	for other, at := range m.counted[phone] {
		if m.setup.Clock.Add(at).After(since) {
			counted++
			mine = mine || other == v
		}
	}
	if counted >= m.setup.bindings && !mine {
		return schemas.CodeTooManyBoundInAMonth
	}
	return 0
}

// predictRetrieval is the code of carretrieve: the registry, the owner, the limits (§9.9).
func (m *Model) predictRetrieval(phone string, fields map[string]any) int {
	v := VehicleOf(fields)
	known, b := lookup(v), m.bound[v]
	switch {
	case known == nil && m.setup.closed, known != nil && known.VIN != "" && known.VIN != Text(fields, "carFrameNum"), known != nil && known.Engine != "" && known.Engine != Text(fields, "carEngineNum"):
		return schemas.CodeOperationFailed
	case b != nil && b.phone == phone:
		return 0
	case b != nil && !m.setup.takesOver:
		return schemas.CodeBoundByOther
	}
	return m.limits(phone, v)
}

// bind notes that a phone has bound a vehicle through a merchant, which is related to it now.
func (m *Model) bind(phone, v string, as int) {
	if b := m.bound[v]; b != nil {
		b.relate(as)
		return
	}
	m.bound[v] = &boundVehicle{phone: phone, merchants: []int{as}, certified: none}
	if m.counted[phone] == nil {
		m.counted[phone] = map[string]time.Duration{}
	}
	m.counted[phone][v] = m.now
}

func (b *boundVehicle) relate(as int) {
	if !slices.Contains(b.merchants, as) {
		b.merchants = append(b.merchants, as)
	}
}

// retrieve notes that a phone has found a vehicle again (§9.9): it is certified for the merchant now, and for no other; from another phone it is taken.
func (m *Model) retrieve(phone, v string, as int) {
	b := m.bound[v]
	if b != nil && b.certified != none && b.certified != as {
		m.notice("certification-invalid", v, []int{b.certified})
	}
	if b != nil && b.phone != phone {
		m.notice("unbind", v, b.merchants)
		delete(m.bound, v)
	}
	m.bind(phone, v, as)
	m.bound[v].certified = as
}

// ownColours are the vehicles of a number that a phone has bound.
func (m *Model) ownColours(phone string, fields map[string]any) (own []string) {
	plate := normalPlate(Text(fields, "plateNumber"))
	for _, colour := range []string{"|1", "|2", "|3", "|4"} {
		if b := m.bound[plate+colour]; b != nil && b.phone == phone {
			own = append(own, plate+colour)
		}
	}
	return own
}

// unbind notes that all colours of a number are unbound (§9.5): every merchant that is related hears of it, and who called.
func (m *Model) unbind(phone string, fields map[string]any, as int) {
	for _, v := range m.ownColours(phone, fields) {
		b := m.bound[v]
		b.relate(as)
		m.notice("unbind", v, b.merchants)
		delete(m.bound, v)
	}
}

// Enter notes that a car has entered a car park, and the order that it was given.
func (m *Model) Enter(v, parking, id string) {
	p := m.park(parking)
	if p == nil {
		return
	}
	known := lookup(v)
	o := &parkingOrder{id: id, vehicle: v, park: *p, entered: m.now, number: len(m.orders), longTerm: known != nil && known.longTerm}
	m.orders = append(m.orders, o)
	m.parked[v] = o
	m.taken[p.id]++
	m.stay("entry", o)
}

// Exit notes that a car has left, and how its driver paid (cash, withhold or none): its fee stands still, and what is owed is paid in cash, debited or left owing.
func (m *Model) Exit(v, how string) {
	o := m.parked[v]
	if o == nil {
		return
	}
	due := m.due(o)
	o.fixed = m.fee(o)
	o.left, o.leftAt = true, m.now
	if b := m.bound[v]; b != nil {
		o.owner = b.phone
	}
	switch how {
	case "none":
	case "withhold":
		o.sum += due
	default:
		o.cash += due
	}
	delete(m.parked, v)
	m.taken[o.park.id]--
	m.stay("exit", o)
}
