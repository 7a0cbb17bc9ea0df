package platform_test

import (
	"cmp"
	"slices"
	"time"

	"github.com/etcp-mock/etcp-mock/mock/internal/platform"
	"github.com/etcp-mock/etcp-mock/mock/internal/platform/notation"
)

// model states the rules of login, binding, stays and money a second time, as
// plainly as they can be put: everything is a list that is searched from end to
// end. It knows the ids and texts that the platform drew, and nothing else of it.
type model struct {
	now       time.Time
	sms       map[string]*sentCode
	tokens    []givenToken
	bonds     []*bond
	bindings  []bound // every binding there ever was
	stays     []*stay
	externals map[string]*paid
}

type sentCode struct {
	text string
	at   time.Time
	used bool
}

type givenToken struct {
	text, merchant, app, phone string
	at                         time.Time
}

type bond struct {
	vehicle   notation.Vehicle
	phone     string
	merchants []string
	certified string
}

type bound struct {
	phone   string
	vehicle notation.Vehicle
	at      time.Time
}

type stay struct {
	id       string
	vehicle  notation.Vehicle
	in, out  time.Time
	fee      notation.Fen // once it has left
	electron notation.Fen
	cash     notation.Fen
	settled  time.Time
	phones   []string // whose it is
	quotes   []asked
}

type asked struct {
	amount notation.Fen
	at     time.Time
	info   string
}

type paid struct {
	stay   *stay
	amount notation.Fen
	answer platform.PaidData
}

// The tariff of the model's one car park.
const (
	modelFree  = 15 * time.Minute
	modelUnit  = 45 * time.Minute
	modelPrice = notation.Fen(550)
	modelCap   = notation.Fen(3000)
)

// holder is check 10.
func (m *model) holder(merchant, text string) (phone string, ok bool) {
	for i, t := range m.tokens {
		if t.text != text || t.merchant != merchant || m.now.Sub(t.at) >= 24*time.Hour {
			continue
		}
		for _, later := range m.tokens[i+1:] {
			if later.merchant == t.merchant && later.app == t.app && later.phone == t.phone {
				return "", false
			}
		}
		return t.phone, true
	}
	return "", false
}

func (m *model) bond(v notation.Vehicle) *bond {
	for _, b := range m.bonds {
		if b.vehicle == v {
			return b
		}
	}
	return nil
}

func (m *model) count(phone string) (n int) {
	for _, b := range m.bonds {
		if b.phone == phone {
			n++
		}
	}
	return n
}

// aMonthAgo is the same day of the month before, or its last.
func aMonthAgo(now time.Time) time.Time {
	last := time.Date(now.Year(), now.Month(), 0, 0, 0, 0, 0, notation.Shanghai)
	return time.Date(last.Year(), last.Month(), min(now.Day(), last.Day()), now.Hour(), now.Minute(), now.Second(), now.Nanosecond(), notation.Shanghai)
}

// limits are the two of §9.4.
func (m *model) limits(phone string, v notation.Vehicle) int {
	if m.count(phone) >= 3 {
		return 20803
	}
	var different []notation.Vehicle
	for _, b := range m.bindings {
		if b.phone == phone && b.at.After(aMonthAgo(m.now)) && !slices.Contains(different, b.vehicle) {
			different = append(different, b.vehicle)
		}
	}
	if len(different) >= 4 && !slices.Contains(different, v) {
		return 20804
	}
	return 0
}

func (m *model) add(phone, merchant string, v notation.Vehicle) *bond {
	b := &bond{vehicle: v, phone: phone, merchants: []string{merchant}}
	m.bonds = append(m.bonds, b)
	m.bindings = append(m.bindings, bound{phone, v, m.now})
	return b
}

func (m *model) remove(b *bond) {
	m.bonds = slices.DeleteFunc(m.bonds, func(other *bond) bool { return other == b })
}

func (b *bond) relate(merchant string) {
	if !slices.Contains(b.merchants, merchant) {
		b.merchants = append(b.merchants, merchant)
	}
}

func (m *model) bind(phone, merchant string, v notation.Vehicle) int {
	if b := m.bond(v); b != nil {
		if b.phone != phone {
			return 20802
		}
		b.relate(merchant)
		return 0
	}
	if code := m.limits(phone, v); code != 0 {
		return code
	}
	m.add(phone, merchant, v)
	return 0
}

func (m *model) unbind(phone, merchant, plate string) (code int, pushes []string) {
	code = 20100
	for _, color := range []string{"1", "2", "3", "4"} {
		b := m.bond(notation.Vehicle{Plate: plate, Color: color})
		if b == nil || b.phone != phone {
			continue
		}
		code = 0
		m.remove(b)
		b.relate(merchant)
		for _, told := range b.merchants {
			pushes = append(pushes, told+" unbind "+plate)
		}
	}
	return code, pushes
}

func (m *model) retrieve(phone, merchant string, v notation.Vehicle) (code int, pushes []string) {
	b := m.bond(v)
	if b == nil || b.phone != phone {
		if code := m.limits(phone, v); code != 0 {
			return code, nil
		}
	}
	if b != nil && b.certified != "" && b.certified != merchant {
		pushes = append(pushes, b.certified+" certification-invalid "+v.Plate)
	}
	if b != nil && b.phone != phone {
		m.remove(b)
		for _, told := range b.merchants {
			pushes = append(pushes, told+" unbind "+v.Plate)
		}
		b = nil
	}
	if b == nil {
		b = m.add(phone, merchant, v)
	}
	b.relate(merchant)
	b.certified = merchant
	return 0, pushes
}

// price is the tariff: unit by unit, day by day.
func price(length time.Duration) (total notation.Fen) {
	if length <= modelFree {
		return 0
	}
	for day := time.Duration(0); day < length; day += 24 * time.Hour {
		fee := notation.Fen(0)
		for at := day; at < min(length, day+24*time.Hour); at += modelUnit {
			fee += modelPrice
		}
		total += min(fee, modelCap)
	}
	return total
}

func (s *stay) paid() notation.Fen { return s.electron + s.cash }

func (s *stay) feeAt(now time.Time) notation.Fen {
	switch {
	case !s.out.IsZero():
		return s.fee
	case !s.settled.IsZero() && now.Sub(s.settled) <= 15*time.Minute:
		return s.paid()
	default:
		return price(now.Sub(s.in))
	}
}

func (s *stay) owes(now time.Time) notation.Fen { return s.feeAt(now) - s.paid() }

func (m *model) parked(v notation.Vehicle) *stay {
	for _, s := range m.stays {
		if s.vehicle == v && s.out.IsZero() {
			return s
		}
	}
	return nil
}

// told are the pushes of a car's coming or going.
func (m *model) told(kind string, v notation.Vehicle) (pushes []string) {
	b := m.bond(v)
	if b == nil {
		return nil
	}
	for _, merchant := range b.merchants {
		plate := "渝****" + v.Plate[len(v.Plate)-2:]
		if b.certified == merchant {
			plate = v.Plate
		}
		pushes = append(pushes, merchant+" "+kind+" "+plate)
	}
	return pushes
}

func (m *model) exit(s *stay, how string) {
	s.fee, s.out = s.feeAt(m.now), m.now
	if b := m.bond(s.vehicle); b != nil {
		s.phones = append(s.phones, b.phone)
	}
	switch how {
	case "cash":
		s.cash += s.fee - s.paid()
	case "withhold":
		s.electron += s.fee - s.paid()
	}
}

// owing are the stays of a number that orderunpay lists, newest entrance first.
func (m *model) owing(plate string) (found []*stay) {
	for _, s := range m.stays {
		if s.vehicle.Plate == plate && (s.out.IsZero() || s.owes(m.now) > 0) {
			found = append(found, s)
		}
	}
	newestFirst(found)
	return found
}

func (m *model) history(phone string) (found []*stay) {
	for _, s := range m.stays {
		if !s.out.IsZero() && s.owes(m.now) == 0 && m.now.Sub(s.out) <= 7*24*time.Hour && slices.Contains(s.phones, phone) {
			found = append(found, s)
		}
	}
	newestFirst(found)
	return found
}

// newestFirst turns a list around and sorts it stably, so that of one second the later comes first.
func newestFirst(found []*stay) {
	slices.Reverse(found)
	slices.SortStableFunc(found, func(a, b *stay) int { return cmp.Compare(b.in.Unix(), a.in.Unix()) })
}

// pay is orderpaid for a stay, with one of the quotes it was given.
func (m *model) pay(s *stay, q asked, phone, external string, amount notation.Fen) (code int, first *platform.PaidData) {
	if before := m.externals[external]; before != nil {
		if before.stay == s && before.amount == amount {
			return 0, &before.answer
		}
		return 8, nil
	}
	due := s.owes(m.now)
	if due == 0 {
		return 7, nil
	}
	if m.now.Sub(q.at) < 5*time.Minute && q.at.After(s.settled) {
		due = q.amount
	}
	if amount != due {
		return 20206, nil
	}
	s.electron += amount
	s.settled = m.now
	s.phones = append(s.phones, phone)
	if !s.out.IsZero() {
		s.fee = s.paid()
	}
	return 0, nil
}
