package platform

import (
	"cmp"
	"math"
	"slices"
	"strconv"

	"github.com/tidwall/rtree"
)

// Parking is a car park (§9.10).
type Parking struct {
	ID                string `json:"id"` // a whole number
	Name              string `json:"name"`
	City              string `json:"city"`
	Lat               string `json:"lat"` // degrees, BD-09, shown as given
	Lon               string `json:"lon"`
	ParkingType       string `json:"parkingType"` // 8 ground, 7 underground, 146 both
	ElectronicPayment bool   `json:"electronicPayment"`
	TotalSpace        int    `json:"totalSpace"`
	Occupied          int    `json:"occupied"` // by others than the orders
	Tariff            Tariff `json:"tariff"`
}

// clone shares nothing with the car park.
func (p *Parking) clone() Parking {
	c := *p
	c.Tariff = p.Tariff.clone()
	return c
}

type parking struct {
	Parking
	lat, lon float64
	place    place
	number   int64 // the id as a number, for sorting
	parked   int   // orders parked in it
}

func newParking(p Parking) *parking {
	lat, _ := coordinate(p.Lat, 90)
	lon, _ := coordinate(p.Lon, 180)
	number, _ := strconv.ParseInt(p.ID, 10, 64)
	return &parking{Parking: p, lat: lat, lon: lon, place: placeOf(lat, lon), number: number}
}

// free is how many spaces are left, never below none.
func (p *parking) free() int { return max(p.TotalSpace-p.Occupied-p.parked, 0) }

// status is 充足 when more than a share is free, 已满 when none is, 紧张 between (§9.11).
func (p *parking) status(r *Rules) string {
	switch free := p.free(); {
	case free == 0:
		return r.WordFull
	case int64(free)*10_000 > int64(p.TotalSpace)*int64(r.StatusPlenty):
		return r.WordPlenty
	default:
		return r.WordTight
	}
}

func (w *State) putParking(p Parking) {
	next := newParking(p)
	if old, ok := w.parkings[p.ID]; ok {
		next.parked = old.parked
		w.unindexParking(old)
	}
	w.parkings[p.ID] = next
	w.spots.tree.Insert(next.point(), next.point(), next)
	ids := w.city[p.City]
	at, _ := slices.BinarySearchFunc(ids, next, w.compareID)
	w.city[p.City] = slices.Insert(ids, at, p.ID)
}

func (w *State) compareID(id string, p *parking) int {
	number, _ := strconv.ParseInt(id, 10, 64)
	return cmp.Compare(number, p.number)
}

func (w *State) unindexParking(p *parking) {
	w.spots.tree.Delete(p.point(), p.point(), p)
	ids := w.city[p.City]
	if at, found := slices.BinarySearchFunc(ids, p, w.compareID); found {
		w.city[p.City] = slices.Delete(ids, at, at+1)
	}
	if len(w.city[p.City]) == 0 {
		delete(w.city, p.City)
	}
}

func (w *State) deleteParking(p *parking) {
	w.unindexParking(p)
	delete(w.parkings, p.ID)
}

// spots finds car parks by place.
type spots struct {
	tree rtree.RTreeG[*parking]
}

func (p *parking) point() [2]float64 { return [2]float64{p.lon, p.lat} }

const earthRadius = 6_371_000 // metres

// haversine is the distance in metres on the coordinates as given.
func haversine(lat1, lon1, lat2, lon2 float64) float64 {
	const rad = math.Pi / 180
	dLat, dLon := (lat2-lat1)*rad, (lon2-lon1)*rad
	s, t := math.Sin(dLat/2), math.Sin(dLon/2)
	h := s*s + math.Cos(lat1*rad)*math.Cos(lat2*rad)*t*t
	return 2 * earthRadius * math.Asin(math.Min(1, math.Sqrt(h)))
}

// place is a point of the unit sphere.
type place [3]float64

func placeOf(lat, lon float64) place {
	const rad = math.Pi / 180
	sinLat, cosLat := math.Sincos(lat * rad)
	sinLon, cosLon := math.Sincos(lon * rad)
	return place{cosLat * cosLon, cosLat * sinLon, sinLat}
}

// beyond tells whether two places are certainly further apart than so many
// metres, for the chord between them is never longer than the arc. It costs a
// fraction of what the distance does.
func (a *place) beyond(b *place, metres float64) bool {
	const slack = 1e-12 // of rounding, some micrometres on the ground
	x, y, z := a[0]-b[0], a[1]-b[1], a[2]-b[2]
	most := metres/earthRadius + slack
	return x*x+y*y+z*z > most*most
}

// near is a car park and how far it is from where one asked, in metres.
type near struct {
	*parking
	distance float64
}

func compareNear(a, b near) int {
	if c := cmp.Compare(a.distance, b.distance); c != 0 {
		return c
	}
	return cmp.Compare(a.number, b.number)
}

// within finds the nearest car parks in a circle that come after one already
// shown, at most limit, by distance and then by id. The rtree gives a box,
// the distance decides.
func (s *spots) within(q scroll, limit int) []near {
	const metresPerDegree = earthRadius * math.Pi / 180
	reach := float64(q.Radius) * 1.001
	dLat := reach / metresPerDegree
	lon, dLon := 0.0, 180.0 // around a pole: every meridian
	if shrink := math.Cos((math.Abs(q.Lat) + dLat) * math.Pi / 180); shrink > 1e-3 {
		lon, dLon = q.Lon, dLat/shrink
	}
	var found []near
	last := near{parking: &parking{number: -1}, distance: -1}
	if q.After != "" {
		last.number, _ = strconv.ParseInt(q.After, 10, 64)
		last.distance = q.Distance
	}
	here, worst := placeOf(q.Lat, q.Lon), float64(q.Radius)
	consider := func(p *parking) {
		if here.beyond(&p.place, worst) {
			return
		}
		n := near{p, haversine(q.Lat, q.Lon, p.lat, p.lon)}
		if n.distance > float64(q.Radius) || (q.PayType && !p.ElectronicPayment) || compareNear(n, last) <= 0 {
			return
		}
		if len(found) < limit {
			at, _ := slices.BinarySearchFunc(found, n, compareNear)
			found = slices.Insert(found, at, n)
		} else if compareNear(n, found[limit-1]) < 0 {
			at, _ := slices.BinarySearchFunc(found, n, compareNear)
			found = slices.Insert(found[:limit-1], at, n)
		}
		if len(found) == limit {
			worst = found[limit-1].distance
		}
	}
	visit := func(_, _ [2]float64, p *parking) bool {
		consider(p)
		return true
	}
	search := func(lon float64) {
		s.tree.Search([2]float64{lon - dLon, q.Lat - dLat}, [2]float64{lon + dLon, q.Lat + dLat}, visit)
	}
	search(lon)
	if lon+dLon > 180 { // a box that crosses the date line goes on at its other side
		search(lon - 360)
	}
	if lon-dLon < -180 {
		search(lon + 360)
	}
	return found
}

// inCity lists a city's car parks by numeric id, after one already shown.
func (w *State) inCity(q scroll, limit int) []near {
	ids := w.city[q.City]
	from := 0
	if q.After != "" {
		number, _ := strconv.ParseInt(q.After, 10, 64)
		from, _ = slices.BinarySearchFunc(ids, &parking{number: number + 1}, w.compareID)
	}
	var found []near
	for _, id := range ids[from:] {
		if len(found) == limit {
			break
		}
		if p := w.parkings[id]; !q.PayType || p.ElectronicPayment {
			found = append(found, near{parking: p})
		}
	}
	return found
}
