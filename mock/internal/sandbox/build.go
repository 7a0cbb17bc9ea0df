package sandbox

import (
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/etcp-mock/etcp-mock/internal/jsonvalue"
	"github.com/etcp-mock/etcp-mock/internal/suggest"
	"github.com/etcp-mock/etcp-mock/mock/internal/fault"
	"github.com/etcp-mock/etcp-mock/mock/internal/platform"
)

// Spec is what a sandbox is made from, and put back to.
type Spec struct {
	Seed     *uint64  `json:"seed"`
	Fallback *uint64  `json:"-"`                 // the seed where neither Seed nor the fixture names one; nil: chance
	Fixture  *Fixture `json:"fixture,omitempty"` // nil: one fresh merchant and a few car parks

	firstMerchant string // its number, where there is no fixture
	seedGiven     bool   // Seed was asked for, and goes before the fixture's
	hostile       bool
}

// fixture is the one it is made from in the end.
func (spec Spec) fixture() *Fixture {
	f := spec.Fixture
	if f == nil {
		f = &Fixture{Parkings: smallCity()}
	}
	if spec.hostile {
		f = Hostile(f)
	}
	return f
}

// start is how a life of a sandbox begins.
type start struct {
	world  *platform.State
	clock  clock
	faults *fault.Set
}

// build makes all that a sandbox begins with, or says everything that is wrong.
func (spec Spec) build(wall time.Time) (start, error) {
	f := spec.fixture()
	c := clock{base: wall.In(platform.Shanghai).Round(0), wall: wall, rate: 1}
	problems := &InvalidError{}
	if f.Clock != nil {
		c = problems.clock(c, f.Clock)
	}
	seed := *spec.Seed
	if f.Seed != nil && !spec.seedGiven {
		seed = *f.Seed
	}
	b := builder{problems: problems, world: platform.New(seed, c.base), now: c.base}
	if spec.Fixture == nil {
		b.apply("/merchants/0", platform.PutMerchant{Merchant: platform.Merchant{No: spec.firstMerchant, Key: b.world.Key()}})
	}
	b.rules(f.Rules)
	b.people(f)
	b.orders(f.Orders)
	faults := b.faults(f.Faults)
	if err := problems.err(); err != nil {
		return start{}, err
	}
	return start{b.world, c, faults}, nil
}

func (e *InvalidError) clock(c clock, f *FixtureClock) clock {
	e.oneOf("/clock/mode", f.Mode, Running, Frozen)
	if f.Now != nil {
		c.base = f.Now.Time
		c.frozen = f.Mode == "" && f.Rate == nil // a rate says that it runs
	}
	if f.Mode == Frozen {
		c.frozen = true
	}
	if f.Rate != nil {
		if c.rate = *f.Rate; !(c.rate > 0 && c.rate <= maxRate) {
			e.add("/clock/rate", wantRate)
		}
	}
	return c
}

type builder struct {
	problems *InvalidError
	world    *platform.State
	now      time.Time
}

// apply adds to the world, unless something is wrong already and it would only
// repeat it.
func (b *builder) apply(at string, c platform.Command) {
	r := b.world.Apply(b.now, c)
	if r.Err == nil {
		return
	}
	if r.Err.Field != "" {
		at += "/" + r.Err.Field
	}
	b.problems.add(at, r.Err.Detail)
}

func (b *builder) rules(set map[string]any) {
	if err := CheckRules(set); err != nil {
		b.problems.Problems = append(b.problems.Problems, Below(err, "/rules").(*InvalidError).Problems...) //nolint:errorlint,forcetypeassert // CheckRules has no other
		return
	}
	b.world.Apply(b.now, platform.SetRules{Rules: set})
}

// CheckRules says everything that is wrong with rules to be set; its error is [*InvalidError].
func CheckRules(set map[string]any) error {
	e := &InvalidError{}
	names := make([]string, 0, 64)
	for _, r := range platform.RuleTable() {
		names = append(names, r.Name)
	}
	for _, name := range slices.Sorted(maps.Keys(set)) {
		if !slices.Contains(names, name) {
			unknown := platform.ErrUnknownRule.Error()
			if near := suggest.Nearest(name, names); near != "" {
				unknown += "; did you mean " + near + "?"
			}
			e.add(Pointer(name), unknown)
			continue
		}
		if set[name] == nil { // back to its default
			continue
		}
		if _, err := platform.CheckRule(name, set[name]); err != nil {
			e.add(Pointer(name), err.Error())
		}
	}
	return e.err()
}

// Pointer is an RFC 6901 pointer to a position.
func Pointer(steps ...string) string {
	var pointer strings.Builder
	for _, step := range steps {
		pointer.WriteString("/" + jsonvalue.EscapePointer(step))
	}
	return pointer.String()
}

func at(list string, i int) string { return "/" + list + "/" + strconv.Itoa(i) }

func (b *builder) people(f *Fixture) {
	e := b.problems
	seen := map[string]bool{}
	once := func(pointer, id string) {
		if seen[id] {
			e.add(pointer, "is there twice")
		}
		seen[id] = true
	}
	for i, m := range f.Merchants {
		once(at("merchants", i)+"/no", "merchant "+m.No)
		b.apply(at("merchants", i), platform.PutMerchant{Merchant: e.merchant(at("merchants", i), m)})
	}
	for i, p := range f.Parkings {
		once(at("parkings", i)+"/id", "parking "+p.ID)
		if checked := e.parking(at("parkings", i), p); platform.ValidParkingID(p.ID) {
			b.apply(at("parkings", i), platform.PutParking{Parking: checked})
		}
	}
	for i, v := range f.Vehicles {
		vehicle, row := e.registered(at("vehicles", i), v)
		once(at("vehicles", i)+"/plateNumber", "vehicle "+vehicle.String())
		b.apply(at("vehicles", i), platform.PutVehicle{Vehicle: vehicle, Registered: row})
	}
	for i, u := range f.Users {
		once(at("users", i)+"/phone", "user "+u.Phone)
		b.user(at("users", i), u, f)
	}
}

func (b *builder) user(pointer string, u FixtureUser, f *Fixture) {
	if !platform.ValidPhone(u.Phone) {
		b.problems.add(pointer+"/phone", "want 11 digits, the first 1, the second 3 to 9")
	}
	for j, p := range u.Plates {
		where := pointer + at("plates", j)
		c := platform.PutBinding{
			Phone: u.Phone, Vehicle: b.problems.vehicle(where, p.PlateNumber, p.PlateColor),
			MerchantNo: p.MerchantNo, Since: b.now, Certified: p.Certified,
		}
		if p.MerchantNo == "" && len(f.Merchants) > 0 {
			c.MerchantNo = f.Merchants[0].No
		}
		if _, ok := b.world.Merchant(c.MerchantNo); !ok {
			b.problems.add(where+"/merchantNo", "no merchant "+strconv.Quote(c.MerchantNo)+" in this fixture")
		}
		if p.Since != nil {
			if c.Since = p.Since.Time; c.Since.After(b.now) {
				b.problems.add(where+"/since", "is after the world's start, "+platform.FormatTime(b.now))
			}
		}
		b.apply(where, c)
	}
}

func (b *builder) orders(all []FixtureOrder) {
	for i, o := range all {
		where := at("orders", i)
		e := b.problems
		e.oneOf(where+"/payment", o.Payment, platform.PayCash, platform.PayWithhold, platform.PayNone)
		e.longTerm(where, o.UserType, o.FixParkingID, o.RemainingDays)
		c := platform.PutOrder{Payment: o.Payment, Fee: o.ParkingFee, Enter: platform.Enter{
			Vehicle: e.vehicle(where, o.PlateNumber, o.PlateColor), ParkingID: o.ParkingID,
			UserType: o.UserType, FixParkingID: o.FixParkingID, RemainingDays: o.RemainingDays,
		}}
		if o.ParkingFee != nil && *o.ParkingFee < 0 {
			e.add(where+"/parkingFee", "want 0 yuan or more")
		}
		if o.EntranceTime == nil {
			e.add(where+"/entranceTime", "is required")
			continue
		}
		c.Enter.At = o.EntranceTime.Time
		if o.ExitTime != nil {
			c.ExitTime = o.ExitTime.Time
		}
		b.apply(where, c)
	}
}

// smallCity is what a sandbox has that was given nothing.
func smallCity() []FixtureParking {
	yes, no := true, false
	places := func(n int) *int { return &n }
	fen := func(f platform.Fen) *platform.Fen { return &f }
	return []FixtureParking{
		{
			ID: "1", Name: "ETCP 智慧停车场", City: "重庆市", Lat: "29.563010", Lon: "106.551557", ElectronicPayment: &yes, TotalSpace: places(114), Occupied: 3,
			Tariff: &FixtureTariff{FreeMinutes: places(15), UnitMinutes: places(60), UnitPrice: fen(500), DailyCap: fen(5000)},
		},
		{
			ID: "2", Name: "解放碑地下停车场", City: "重庆市", Lat: "29.559434", Lon: "106.577015", ParkingType: "7", ElectronicPayment: &yes, TotalSpace: places(320), Occupied: 250,
			Tariff: &FixtureTariff{FreeMinutes: places(30), UnitMinutes: places(30), UnitPrice: fen(400), DailyCap: fen(8000)},
		},
		{
			ID: "3", Name: "观音桥停车楼", City: "重庆市", Lat: "29.575320", Lon: "106.533620", ParkingType: "146", ElectronicPayment: &yes, TotalSpace: places(200), Occupied: 180,
			Tariff: &FixtureTariff{FreeMinutes: places(15), UnitMinutes: places(60), UnitPrice: fen(650), DailyCap: fen(6000)},
		},
		{
			ID: "4", Name: "洪崖洞路边停车场", City: "重庆市", Lat: "29.562080", Lon: "106.580300", ElectronicPayment: &no, TotalSpace: places(12), Occupied: 12,
			Tariff: &FixtureTariff{FreeMinutes: places(0), UnitMinutes: places(60), UnitPrice: fen(1000)},
		},
		{
			ID: "3126", Name: "ETCP 停车场", City: "北京市", Lat: "39.872748", Lon: "116.429718", ParkingType: "7", ElectronicPayment: &yes, TotalSpace: places(500), Occupied: 42,
			Tariff: &FixtureTariff{FreeMinutes: places(15), UnitMinutes: places(15), UnitPrice: fen(200)},
		},
	}
}

// DemoFixture is what the sandbox default has that was given nothing: the
// merchant demo with the key demo-key, and a small city of car parks.
func DemoFixture() *Fixture {
	return &Fixture{
		Merchants: []FixtureMerchant{{No: "demo", Key: "demo-key", Name: "演示商户"}},
		Parkings:  smallCity(),
	}
}
