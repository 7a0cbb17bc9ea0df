package platform

import (
	"github.com/etcp-mock/etcp-mock/mock/internal/platform/nearby"
	"github.com/etcp-mock/etcp-mock/mock/internal/platform/rules"
	"github.com/etcp-mock/etcp-mock/mock/internal/platform/tariff"
)

// Parking is a car park (§9.10).
type Parking struct {
	ID                string        `json:"id"` // a whole number
	Name              string        `json:"name"`
	City              string        `json:"city"`
	Lat               string        `json:"lat"` // degrees, BD-09, shown as given
	Lon               string        `json:"lon"`
	ParkingType       string        `json:"parkingType"` // 8 ground, 7 underground, 146 both
	ElectronicPayment bool          `json:"electronicPayment"`
	TotalSpace        int           `json:"totalSpace"`
	Occupied          int           `json:"occupied"` // by others than the orders
	Tariff            tariff.Tariff `json:"tariff"`
}

// clone shares nothing with the car park.
func (p *Parking) clone() Parking {
	c := *p
	c.Tariff = p.Tariff.Clone()
	return c
}

// Site is a car park as it was put: it is never changed, so that the sandboxes that begin with the same car parks share them.
type Site struct {
	Parking

	place nearby.Place
}

// NewSite makes what is shared of a car park, which is right ([Parking.Validate]) and is not changed after.
func NewSite(p Parking) *Site {
	return &Site{Parking: p, place: nearby.NewPlace(p.ID, p.City, p.Lat, p.Lon, p.ElectronicPayment)}
}

// Put is the command that makes it one of a sandbox's car parks.
func (s *Site) Put() PutParking { return PutParking{Parking: s.Parking, site: s} }

type parking struct {
	*Site

	parked int // orders parked in it
}

// free is how many spaces are left, never below none.
func (p *parking) free() int { return max(p.TotalSpace-p.Occupied-p.parked, 0) }

// status is 充足 when more than a share is free, 已满 when none is, 紧张 between (§9.11).
func (p *parking) status(r *rules.Rules) string {
	switch free := p.free(); {
	case free == 0:
		return r.WordFull
	case int64(free)*10_000 > int64(p.TotalSpace)*int64(r.StatusPlenty):
		return r.WordPlenty
	default:
		return r.WordTight
	}
}

func (w *State) putParking(site *Site) (again bool) {
	next := &parking{Site: site}
	old, again := w.parkings[site.ID]
	if again {
		next.parked = old.parked
		w.places.Remove(&old.place)
	}
	w.parkings[site.ID] = next
	w.copying.parkings.touch(site.ID)
	w.places.Add(&next.place)
	return again
}

func (w *State) deleteParking(p *parking) {
	w.places.Remove(&p.place)
	delete(w.parkings, p.ID)
	w.copying.parkings.touch(p.ID)
}
