package platform

import (
	"cmp"
	"math"
	"slices"
	"strconv"

	"github.com/tidwall/btree"
	"github.com/tidwall/rtree"

	"github.com/etcp-mock/etcp-mock/mock/internal/portable"
)

// near is a car park and how far it is from where one asked. Distances are whole millimetres: they are sorted by and kept
// in scroll ids, so that they must be the same on every architecture.
type near struct {
	*parking
	distance int64
}

func compareNear(a, b near) int {
	if c := cmp.Compare(a.distance, b.distance); c != 0 {
		return c
	}
	return cmp.Compare(a.number, b.number)
}

const earthRadius = 6_371_000 // metres

// spherePoint is a point of the unit sphere. Straight through it, the way between two points takes no trigonometry.
type spherePoint [3]float64

func pointOf(lat, lon float64) spherePoint {
	sinLat, cosLat := portable.SinCos(lat)
	sinLon, cosLon := portable.SinCos(lon)
	return spherePoint{float64(cosLat * cosLon), float64(cosLat * sinLon), sinLat}
}

// chord is the square of the straight distance between two points, in radii.
func (a *spherePoint) chord(b *spherePoint) float64 {
	x, y, z := a[0]-b[0], a[1]-b[1], a[2]-b[2]
	return float64(x*x) + float64(y*y) + float64(z*z)
}

// chordOf is more than the chord of every distance up to so many millimetres.
func chordOf(millimetres int64) float64 {
	most := float64(millimetres+1) / (1000 * earthRadius)
	return float64(most * most)
}

// arc is the haversine distance in millimetres that belongs to a chord, for distances of some kilometres; for longer ones
// it is too short, but longer than 10 km.
func arc(chord float64) int64 {
	half := math.Sqrt(chord) / 2
	return int64(math.Round(float64(2 * 1000 * earthRadius * portable.AsinSmall(half))))
}

// spots finds car parks by place.
type spots struct {
	tree rtree.RTreeG[*parking]
}

func (p *parking) degrees() [2]float64 { return [2]float64{p.lon, p.lat} }

func (s *spots) add(p *parking)    { s.tree.Insert(p.degrees(), p.degrees(), p) }
func (s *spots) remove(p *parking) { s.tree.Delete(p.degrees(), p.degrees(), p) }

// circle is a search around a point.
type circle struct {
	scroll
	centre spherePoint
	last   near // the last car park shown; those after it are looked for
	limit  int
}

// firstReach is how far one looks first, in millimetres.
const firstReach = 600_000

// within finds the nearest car parks in a circle that come after one already shown, at most limit, by distance and then by
// id. It looks nearby first and then further away, for in a city the first page lies within a few hundred metres: with a
// million car parks, and 300 of them within 5 km, that takes a sixth of the time that looking at the whole circle does.
func (s *spots) within(q scroll, limit int) []near {
	c := circle{scroll: q, centre: pointOf(q.Lat, q.Lon), last: near{parking: &parking{number: -1}, distance: -1}, limit: limit}
	if q.After != "" {
		c.last.number, _ = strconv.ParseInt(q.After, 10, 64)
		c.last.distance = q.Distance
	}
	radius := int64(q.Radius) * 1000
	reach := min(c.last.distance+firstReach, radius)
	for {
		found := s.nearest(&c, reach)
		if len(found) == limit || reach == radius {
			return found
		}
		reach = min(wider(reach, len(found), limit), radius)
	}
}

// wider is where to look next, if so many were found evenly spread; it decides nothing but how fast that is.
func wider(reach int64, found, limit int) int64 {
	const most = 4
	if found == 0 {
		return most * reach
	}
	factor := math.Sqrt(1.3 * float64(limit) / float64(found))
	return int64(float64(reach) * min(max(factor, 1.5), most))
}

// nearest finds at most limit car parks no further away than reach. The rtree gives a box, the distance decides.
func (s *spots) nearest(c *circle, reach int64) []near {
	found := make([]near, 0, min(c.limit, 32)+32)
	worst := chordOf(reach)
	s.box(c.Lat, c.Lon, reach, func(_, _ [2]float64, p *parking) bool {
		chord := c.centre.chord(&p.at)
		if chord > worst || (c.PayType && !p.ElectronicPayment) {
			return true
		}
		n := near{p, arc(chord)}
		if n.distance > reach || compareNear(n, c.last) <= 0 {
			return true
		}
		if found = append(found, n); len(found) >= 2*c.limit+64 {
			found = nearestOf(found, c.limit)
			worst = chordOf(found[c.limit-1].distance)
		}
		return true
	})
	return nearestOf(found, c.limit)
}

func nearestOf(found []near, limit int) []near {
	slices.SortFunc(found, compareNear)
	return found[:min(limit, len(found))]
}

// box visits what lies in a box of degrees around a circle.
func (s *spots) box(lat, lon float64, reach int64, visit func(_, _ [2]float64, p *parking) bool) {
	const millimetresPerDegree = 1000 * earthRadius * math.Pi / 180
	dLat := (float64(reach) + 10) * 1.001 / millimetresPerDegree
	dLon := 180.0 // around a pole: every meridian
	if _, shrink := portable.SinCos(math.Abs(lat) + dLat); shrink > 1e-3 {
		dLon = dLat / shrink
	} else {
		lon = 0
	}
	search := func(lon float64) {
		s.tree.Search([2]float64{lon - dLon, lat - dLat}, [2]float64{lon + dLon, lat + dLat}, visit)
	}
	search(lon)
	if lon+dLon > 180 { // a box that crosses the date line goes on at its other side
		search(lon - 360)
	}
	if lon-dLon < -180 {
		search(lon + 360)
	}
}

// cityParkings are the car parks of a city by their numeric id: all, and those with electronic payment.
type cityParkings struct {
	all, electronic btree.Map[int64, *parking]
}

func (c *cityParkings) add(p *parking) {
	c.all.Set(p.number, p)
	if p.ElectronicPayment {
		c.electronic.Set(p.number, p)
	}
}

func (c *cityParkings) remove(p *parking) {
	c.all.Delete(p.number)
	c.electronic.Delete(p.number)
}

// inCity lists a city's car parks by numeric id, after one already shown.
func (w *State) inCity(q scroll, limit int) []near {
	listed := w.city[q.City]
	if listed == nil {
		return nil
	}
	from := int64(0)
	if q.After != "" {
		after, _ := strconv.ParseInt(q.After, 10, 64)
		from = after + 1
	}
	list := &listed.all
	if q.PayType {
		list = &listed.electronic
	}
	found := make([]near, 0, min(limit, list.Len()))
	list.Ascend(from, func(_ int64, p *parking) bool {
		found = append(found, near{parking: p})
		return len(found) < limit
	})
	return found
}
