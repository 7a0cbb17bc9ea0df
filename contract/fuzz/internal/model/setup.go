package model

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/etcp-mock/etcp-mock/client"
	"github.com/etcp-mock/etcp-mock/internal/jsonvalue"
)

// Setup is what a story's sandbox is made of: its clock, its car parks and registry, its two merchants and its rules. It follows from a number of the
// story's, so that the same story has the same again.
type Setup struct {
	Clock time.Time // where it stands when the story begins

	token, sms, code, quote, grace, history time.Duration
	Window                                  time.Duration // that a time_stamp may be off

	bind, bindings, page int // at once, in a month; car parks a page
	calendar             bool
	binds                bool // usersigin binds its carNumber
	takesOver, closed    bool
	plain                bool // orderunpay does not mask
	byEntrance           bool
	deducted             bool
	Strict               bool

	receivable                     string
	Whitespace, Encoding, SignData string // the rules sign.whitespace, push.encoding and push.sign_data

	plenty   int // percent
	words    [3]string
	schedule []time.Duration
	apart    bool // push.ordering: none

	main  tariff // of car park 1
	Hooks [2]Hook
}

// start is when the sandboxes' clocks begin by default, and stand still.
var start = time.Date(2017, 8, 20, 12, 0, 0, 0, client.Zone)

// usual is the setup of many stories: all rules as they are by default, and a tariff that is computed in one's head.
var usual = Setup{
	Clock: start, token: 24 * time.Hour, sms: time.Minute, code: 5 * time.Minute, quote: 5 * time.Minute, grace: 15 * time.Minute,
	history: 7 * 24 * time.Hour, Window: 10 * time.Minute, bind: 3, bindings: 4, page: 20, takesOver: true,
	Whitespace: "exact", receivable: "integer", Encoding: "json", SignData: "json", plenty: 20, words: [3]string{"充足", "紧张", "已满"},
	schedule: []time.Duration{10 * time.Second, 30 * time.Second, 2 * time.Minute, 5 * time.Minute, 15 * time.Minute},
	main:     tariff{free: 15 * time.Minute, unit: time.Hour, price: 500},
	Hooks:    [2]Hook{{url: &verdicts[0]}, {url: &verdicts[0]}},
}

// Usual is the setup of many stories, and what is assumed of a platform that no sandbox was made on.
func Usual() Setup { return usual }

// Durations are those of the rules, and of what is free in car park 1, by the names that errands wait by.
func (u *Setup) Durations() map[string]time.Duration {
	return map[string]time.Duration{"token": u.token, "sms": u.sms, "code": u.code, "quote": u.quote, "grace": u.grace, "history": u.history, "free": u.main.free}
}

// variants are ways to differ from the usual setup. A story has none of them, or up to three.
var variants = []func(u *Setup){
	func(u *Setup) { u.token, u.sms, u.code = 2*time.Hour, 30*time.Second, 2*time.Minute },
	func(u *Setup) { u.quote, u.grace = 2*time.Minute, 20*time.Minute },
	func(u *Setup) { u.bind, u.bindings = 2, 3 },
	func(u *Setup) { u.bind, u.bindings = 4, 6 },
	func(u *Setup) { u.takesOver = false },
	func(u *Setup) { u.plain = true },
	func(u *Setup) { u.closed = true },
	func(u *Setup) { u.byEntrance = true },
	func(u *Setup) { u.history = 36 * time.Hour },
	func(u *Setup) { u.binds = true },
	func(u *Setup) { u.binds, u.bind = true, 1 },
	func(u *Setup) { u.Window = 5 * time.Minute },
	func(u *Setup) { u.page = 1 },
	func(u *Setup) { u.page = 2 },
	func(u *Setup) { u.plenty = 50 },
	func(u *Setup) { u.words = [3]string{"有空位", "较少", "无空位"} },
	func(u *Setup) { u.receivable = "decimal" },
	func(u *Setup) { u.receivable = "string" },
	func(u *Setup) { u.Encoding = "form" },
	func(u *Setup) { u.Encoding = "form-data-param" },
	func(u *Setup) { u.SignData = "values" },
	func(u *Setup) { u.SignData = "query" },
	func(u *Setup) { u.Whitespace = "strip" },
	func(u *Setup) { u.Whitespace = "either" },
	func(u *Setup) { u.Strict = true },
	func(u *Setup) { u.Strict, u.page = true, 3 },
	func(u *Setup) { u.Strict, u.binds = true, true },
	func(u *Setup) { u.schedule, u.apart = []time.Duration{5 * time.Second, time.Minute}, true },
	func(u *Setup) { u.schedule = []time.Duration{7 * time.Second} },
	func(u *Setup) { u.main = tariff{30 * time.Minute, 45 * time.Minute, 335, 4010} },
	func(u *Setup) { u.main, u.deducted = tariff{30 * time.Minute, 45 * time.Minute, 335, 4010}, true },
	func(u *Setup) { u.main, u.deducted = tariff{25 * time.Hour, 30 * time.Minute, 250, 2050}, true },
	func(u *Setup) { u.main = tariff{0, 20 * time.Minute, 115, 0} },
	func(u *Setup) { u.main = tariff{10 * time.Minute, time.Hour, 450, 1350} },
	func(u *Setup) { u.Clock = time.Date(2017, 2, 28, 10, 0, 0, 0, client.Zone) },
	func(u *Setup) { u.Clock = time.Date(2017, 3, 1, 9, 0, 0, 0, client.Zone) },
	func(u *Setup) { u.Clock = time.Date(2016, 2, 29, 10, 0, 0, 0, client.Zone) },
	func(u *Setup) { u.Clock, u.calendar = time.Date(2017, 8, 31, 23, 30, 0, 0, client.Zone), true },
	func(u *Setup) { u.Clock, u.calendar = time.Date(2017, 9, 1, 0, 0, 0, 0, client.Zone), true },
	func(u *Setup) { u.Clock, u.calendar = time.Date(2017, 7, 31, 23, 59, 59, 0, client.Zone), true },
}

// SetupOf is the setup of a number. Receives says that the fuzzer can take pushes at an address of its own.
func SetupOf(number uint64, receives bool) Setup {
	u, r := usual, rand.New(rand.NewPCG(number, 1<<40)) //nolint:gosec // made-up data from a seed
	if r.IntN(2) == 0 {
		for range 1 + r.IntN(3) {
			variants[r.IntN(len(variants))](&u)
		}
	}
	answers := r.IntN(6) == 0
	for i := range u.Hooks {
		u.Hooks[i] = hookOf(r, answers)
	}
	if !receives {
		for i := range u.Hooks {
			u.Hooks[i].accepting()
		}
	}
	return u
}

// Keys are those of the two merchants.
var Keys = [2]string{"Key-of-One", "kEy2/of&Two"}

// Registered is a vehicle of the registry: its number, and what carretrieve must agree with.
type Registered struct {
	Plate, Colour, VIN, Engine string // VIN and Engine: "" where nobody knows them
	longTerm                   bool
}

const (
	registeredVIN, registeredEngine = "LVSHBFDC7RF414158", "DA01991"
	fixParkingID, remainingDays     = "U7", "11"
)

// Registry is what the registry of every sandbox holds.
var Registry = []Registered{
	{"渝R12345", "1", registeredVIN, registeredEngine, false},
	{"渝R12345", "3", "LVSHBFDC7RF414160", "DA01993", false},
	{"渝L12345", "1", "LVSHBFDC7RF414161", "DA01994", true},
	{"渝L12346", "1", "", "", true},
}

// lookup finds a vehicle in the registry.
func lookup(vehicle string) *Registered {
	for i := range Registry {
		if Registry[i].Plate+"|"+Registry[i].Colour == vehicle {
			return &Registry[i]
		}
	}
	return nil
}

// Fixture is the setup as a sandbox is made of it, without merchants: the car parks and the registered vehicles that are needed.
func (u *Setup) Fixture(needs func(what string) bool) string {
	parts := []string{`"clock":"` + TimeAt(u.Clock) + `"`}
	if rules := u.rules(); len(rules) > 0 {
		parts = append(parts, `"rules":{`+strings.Join(rules, ",")+`}`)
	}
	var all []string
	for _, p := range u.parks() {
		if p.id == "1" || needs(p.id) {
			all = append(all, p.fixture())
		}
	}
	parts = append(parts, `"parkings":[`+strings.Join(all, ",")+`]`)
	all = nil
	for _, v := range Registry {
		if !needs(v.Plate) {
			continue
		}
		text := fmt.Sprintf(`{"plateNumber":%q,"plateColor":%q`, v.Plate, v.Colour)
		if v.VIN != "" {
			text += fmt.Sprintf(`,"vin":%q,"engine":%q`, v.VIN, v.Engine)
		}
		if v.longTerm {
			text += fmt.Sprintf(`,"userType":"76","fixParkingId":%q,"remainingDays":%q`, fixParkingID, remainingDays)
		}
		all = append(all, text+"}")
	}
	if len(all) > 0 {
		parts = append(parts, `"vehicles":[`+strings.Join(all, ",")+`]`)
	}
	return strings.Join(parts, ",")
}

// rules are those that differ from the usual ones.
func (u *Setup) rules() (rules []string) {
	differs := func(name string, value, standard any) {
		if fmt.Sprint(value) != fmt.Sprint(standard) {
			rules = append(rules, jsonvalue.Encode(name)+":"+jsonvalue.Encode(value))
		}
	}
	choice := func(first bool, yes, no string) string {
		if first {
			return yes
		}
		return no
	}
	d := &usual
	for _, row := range []struct {
		name   string
		is, by time.Duration
	}{
		{"token.ttl", u.token, d.token},
		{"sms.interval", u.sms, d.sms},
		{"sms.ttl", u.code, d.code},
		{"quote.ttl", u.quote, d.quote},
		{"tariff.grace", u.grace, d.grace},
		{"history.window", u.history, d.history},
		{"timestamp.window", u.Window, d.Window},
	} {
		differs(row.name, row.is.String(), row.by.String())
	}
	differs("bind.max", u.bind, d.bind)
	differs("bind.max_per_month", u.bindings, d.bindings)
	differs("bind.month", choice(u.calendar, "calendar", "rolling"), "rolling")
	differs("search.page", u.page, d.page)
	differs("signin.binds_car", u.binds, false)
	differs("retrieve.takes_over", u.takesOver, true)
	differs("retrieve.registry", choice(u.closed, "closed", "open"), "open")
	differs("unpay.mask", !u.plain, true)
	differs("history.by", choice(u.byEntrance, "entrance", "exit"), "exit")
	differs("tariff.free", choice(u.deducted, "deducted", "threshold"), "threshold")
	differs("strict", u.Strict, false)
	differs("sign.whitespace", u.Whitespace, d.Whitespace)
	differs("status.plenty", float64(u.plenty)/100, float64(d.plenty)/100)
	for i, name := range []string{"plenty", "tight", "full"} {
		differs("status.word."+name, u.words[i], d.words[i])
	}
	differs("push.receivable_fee", u.receivable, d.receivable)
	differs("push.encoding", u.Encoding, d.Encoding)
	differs("push.sign_data", u.SignData, d.SignData)
	differs("push.ordering", choice(u.apart, "none", "vehicle"), "vehicle")
	if !slices.Equal(u.schedule, d.schedule) {
		var waits []any
		for _, wait := range u.schedule {
			waits = append(waits, wait.String())
		}
		rules = append(rules, `"push.schedule":`+jsonvalue.Encode(waits))
	}
	return rules
}

// tariff is what a car park charges; most 0: no cap in 24 h.
type tariff struct {
	free, unit  time.Duration
	price, most client.Fen
}

func (t tariff) fixture() string {
	minutes := func(d time.Duration) string { return strconv.Itoa(int(d / time.Minute)) }
	text := `{"freeMinutes":` + minutes(t.free) + `,"unitMinutes":` + minutes(t.unit) + `,"unitPrice":"` + t.price.String() + `"`
	if t.most > 0 {
		text += `,"dailyCap":"` + t.most.String() + `"`
	}
	return text + "}"
}

// fee is what a stay costs: each 24 hours from entry by themselves, started units, without the free time where that is deducted.
func (t tariff) fee(stay time.Duration, deducted bool) (sum client.Fen) {
	const day = 24 * time.Hour
	if stay <= t.free {
		return 0
	}
	from := time.Duration(0)
	if deducted {
		from = t.free
	}
	for begin := time.Duration(0); begin < stay; begin += day {
		length := min(begin+day, stay) - max(begin, from)
		if length <= 0 {
			continue
		}
		part := client.Fen((length+t.unit-1)/t.unit) * t.price
		if t.most > 0 {
			part = min(part, t.most)
		}
		sum += part
	}
	return sum
}

// hour is what an hour costs in a list, at most what a day does.
func (t tariff) hour() client.Fen {
	minutes := client.Fen(t.unit / time.Minute)
	hour := (t.price*60 + minutes/2) / minutes
	if t.most > 0 {
		return min(hour, t.most)
	}
	return hour
}
