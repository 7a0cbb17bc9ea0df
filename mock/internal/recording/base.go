package recording

import (
	"fmt"
	"time"

	"github.com/etcp-mock/etcp-mock/mock/internal/engine"
	"github.com/etcp-mock/etcp-mock/mock/internal/fixture"
	"github.com/etcp-mock/etcp-mock/mock/internal/platform"
	"github.com/etcp-mock/etcp-mock/mock/internal/platform/notation"
)

// base is what a sandbox was where the log that is kept begins, as a fixture. What a fixture cannot have is not in it: who is signed in,
// codes that were sent, quotes, and stays that are over and paid.
type base struct {
	fixture *fixture.Fixture
	seed    uint64
	at      time.Time
}

// baseOf is nil where the log is kept from its beginning.
func baseOf(h *engine.History) (*base, error) {
	c := h.Base()
	if c == nil {
		return nil, nil //nolint:nilnil // there is none
	}
	e, err := engine.FromCheckpoint(c, nil)
	if err != nil {
		return nil, fmt.Errorf("recording: %w", err)
	}
	v := e.View()
	state, now := v.State(), v.Clock(c.Wall).Now
	f := &fixture.Fixture{Rules: state.RulesSet()}
	for _, m := range state.Merchants() {
		one := fixture.Merchant{No: m.No, Name: m.Name}
		if m.Push != nil {
			hook := fixture.Hook(*m.Push)
			one.Push = &hook
		}
		f.Merchants = append(f.Merchants, one)
	}
	for _, p := range state.Parkings() {
		f.Parkings = append(f.Parkings, parked(p))
	}
	for _, vehicle := range state.Vehicles() {
		r, _ := state.Registered(vehicle)
		f.Vehicles = append(f.Vehicles, fixture.Vehicle{
			PlateNumber: vehicle.Plate, PlateColor: vehicle.Color, VIN: r.VIN, Engine: r.Engine, UserType: r.UserType, FixParkingID: r.FixParkingID, RemainingDays: r.RemainingDays,
		})
	}
	for _, phone := range state.Phones() {
		if u := bound(state.User(phone, now)); len(u.Plates) > 0 {
			f.Users = append(f.Users, u)
		}
	}
	for _, kind := range []string{platform.Owing, platform.Parked} {
		for _, o := range state.OrdersOf("", kind, now) {
			f.Orders = append(f.Orders, stayed(&o))
		}
	}
	for _, active := range v.Faults() {
		f.Faults = append(f.Faults, active.Fault)
	}
	return &base{f, state.Seed(), now}, nil
}

func parked(p platform.Parking) fixture.Parking {
	t := p.Tariff
	return fixture.Parking{
		ID: p.ID, Name: p.Name, City: p.City, Lat: p.Lat, Lon: p.Lon, ParkingType: p.ParkingType, ElectronicPayment: &p.ElectronicPayment, TotalSpace: &p.TotalSpace, Occupied: p.Occupied,
		Tariff: &fixture.Tariff{FreeMinutes: &t.FreeMinutes, UnitMinutes: &t.UnitMinutes, UnitPrice: &t.UnitPrice, DailyCap: t.DailyCap},
	}
}

func bound(u platform.User) fixture.User {
	out := fixture.User{Phone: u.Phone}
	for _, b := range u.Bindings {
		for _, no := range b.Merchants {
			out.Plates = append(out.Plates, fixture.Binding{
				PlateNumber: b.Vehicle.Plate, PlateColor: b.Vehicle.Color, MerchantNo: no, Since: instant(b.Since), Certified: no == b.CertifiedFor,
			})
		}
	}
	return out
}

func stayed(o *platform.Order) fixture.Order {
	out := fixture.Order{
		PlateNumber: o.Vehicle.Plate, PlateColor: o.Vehicle.Color, ParkingID: o.ParkingID, EntranceTime: instant(o.EntranceTime),
		UserType: o.UserType, FixParkingID: o.FixParkingID, RemainingDays: o.RemainingDays,
	}
	if !o.ExitTime.IsZero() {
		out.ExitTime, out.Payment = instant(o.ExitTime), "none"
	}
	return out
}

func instant(at time.Time) *fixture.Instant { return &fixture.Instant{Time: at.In(notation.Shanghai)} }
