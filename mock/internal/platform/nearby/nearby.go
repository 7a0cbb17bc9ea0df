// Package nearby finds car parks: by distance around a point, or by number in a city (§9.10), page after page.
package nearby

import (
	"cmp"
	"math"
	"slices"
	"strconv"

	"github.com/tidwall/btree"
	"github.com/tidwall/rtree"

	"github.com/etcp-mock/etcp-mock/mock/internal/platform/notation"
	"github.com/etcp-mock/etcp-mock/mock/internal/portable"
)

// Place is where a car park is, and what it is looked for by. It is not changed once it is in an index.
type Place struct {
	ID         string
	Number     int64 // the id as a number, which car parks are listed by
	City       string
	Lat, Lon   float64 // degrees
	Electronic bool    // payment

	at spherePoint
}

// NewPlace reads the id, and degrees as the document writes them (§9.10).
func NewPlace(id, city, lat, lon string, electronic bool) Place {
	p := Place{ID: id, City: city, Electronic: electronic}
	p.Number, _ = strconv.ParseInt(id, 10, 64)
	p.Lat, _ = notation.Latitude(lat)
	p.Lon, _ = notation.Longitude(lon)
	p.at = pointOf(p.Lat, p.Lon)
	return p
}

// Found is a place and how far it is from where one asked. Distances are whole millimetres: they are sorted by and kept
// in scroll ids, so that they must be the same on every architecture.
type Found struct {
	*Place
	Distance int64
}

func compare(a, b Found) int {
	if c := cmp.Compare(a.Distance, b.Distance); c != 0 {
		return c
	}
	return cmp.Compare(a.Number, b.Number)
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

// maxFew is up to how many places are looked at one by one: trees take 3.5 KB even for one place, and most sandboxes have five.
const maxFew = 32

// Index finds places by where they are and by their city. Its zero value is empty.
type Index struct {
	few  []*Place // all, until they become more than maxFew
	many *trees   // all, from then on
}

type trees struct {
	tree   rtree.RTreeG[*Place]
	cities map[string]*city
}

// city has the places of a city by their number: all, and those with electronic payment.
type city struct {
	all, electronic btree.Map[int64, *Place]
}

func (p *Place) degrees() [2]float64 { return [2]float64{p.Lon, p.Lat} }

// Add puts a place into the index; none with its number is there.
func (x *Index) Add(p *Place) {
	if x.many == nil && len(x.few) < maxFew {
		x.few = append(x.few, p)
		return
	}
	if x.many == nil {
		x.many = &trees{cities: map[string]*city{}}
		for _, p := range x.few {
			x.many.add(p)
		}
		x.few = nil
	}
	x.many.add(p)
}

func (x *trees) add(p *Place) {
	x.tree.Insert(p.degrees(), p.degrees(), p)
	listed := x.cities[p.City]
	if listed == nil {
		listed = &city{}
		x.cities[p.City] = listed
	}
	listed.all.Load(p.Number, p) // as Set, and faster where numbers grow
	if p.Electronic {
		listed.electronic.Load(p.Number, p)
	}
}

// Remove takes a place out of the index again.
func (x *Index) Remove(p *Place) {
	if x.many == nil {
		x.few = slices.DeleteFunc(x.few, func(one *Place) bool { return one == p })
		return
	}
	x.many.remove(p)
	if x.many.tree.Len() == 0 {
		x.many = nil
	}
}

func (x *trees) remove(p *Place) {
	x.tree.Delete(p.degrees(), p.degrees(), p)
	listed := x.cities[p.City]
	listed.electronic.Delete(p.Number)
	if listed.all.Delete(p.Number); listed.all.Len() == 0 {
		delete(x.cities, p.City)
	}
}

// Circle is a search around a point.
type Circle struct {
	Lat, Lon      float64 // degrees
	Radius        int     // metres
	Electronic    bool    // only places with electronic payment
	AfterDistance int64   // millimetres, and
	After         string  // the id of the last place shown, "" where none was: those after it are looked for
}

// circle is a search as it is carried out.
type circle struct {
	Circle
	centre spherePoint
	last   Found
	limit  int
}

// firstReach is how far one looks first, in millimetres.
const firstReach = 600_000

// Around finds the nearest places in a circle that come after one already shown, at most limit, by distance and then by
// id. It looks nearby first and then further away, for in a city the first page lies within a few hundred metres: with a
// million car parks, and 300 of them within 5 km, that takes a sixth of the time that looking at the whole circle does.
func (x *Index) Around(q Circle, limit int) []Found {
	c := circle{Circle: q, centre: pointOf(q.Lat, q.Lon), last: Found{Place: &Place{Number: -1}, Distance: -1}, limit: limit}
	if q.After != "" {
		c.last.Number, _ = strconv.ParseInt(q.After, 10, 64)
		c.last.Distance = q.AfterDistance
	}
	radius := int64(q.Radius) * 1000
	reach := min(c.last.Distance+firstReach, radius)
	room := make([]Found, 0, min(limit, 32)+32)
	for {
		found := x.nearest(&c, reach, room)
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

// nearest finds at most limit car parks no further away than reach, in the room given. The rtree gives a box, the distance decides.
func (x *Index) nearest(c *circle, reach int64, room []Found) []Found {
	found := room
	worst := chordOf(reach)
	x.box(c.Lat, c.Lon, reach, func(_, _ [2]float64, p *Place) bool {
		chord := c.centre.chord(&p.at)
		if chord > worst || (c.Electronic && !p.Electronic) {
			return true
		}
		n := Found{p, arc(chord)}
		if n.Distance > reach || compare(n, c.last) <= 0 {
			return true
		}
		if found = append(found, n); len(found) >= 2*c.limit+64 {
			found = nearestOf(found, c.limit)
			worst = chordOf(found[c.limit-1].Distance)
		}
		return true
	})
	return nearestOf(found, c.limit)
}

func nearestOf(found []Found, limit int) []Found {
	slices.SortFunc(found, compare)
	return found[:min(limit, len(found))]
}

// box visits what lies in a box of degrees around a circle, and may visit others.
func (x *Index) box(lat, lon float64, reach int64, visit func(_, _ [2]float64, p *Place) bool) {
	if x.many == nil {
		for _, p := range x.few {
			visit(p.degrees(), p.degrees(), p)
		}
		return
	}
	const millimetresPerDegree = 1000 * earthRadius * math.Pi / 180
	dLat := (float64(reach) + 10) * 1.001 / millimetresPerDegree
	dLon := 180.0 // around a pole: every meridian
	if _, shrink := portable.SinCos(math.Abs(lat) + dLat); shrink > 1e-3 {
		dLon = dLat / shrink
	} else {
		lon = 0
	}
	search := func(lon float64) {
		x.many.tree.Search([2]float64{lon - dLon, lat - dLat}, [2]float64{lon + dLon, lat + dLat}, visit)
	}
	search(lon)
	if lon+dLon > 180 { // a box that crosses the date line goes on at its other side
		search(lon - 360)
	}
	if lon-dLon < -180 {
		search(lon + 360)
	}
}

// InCity lists a city's places by their number, at most limit, after one already shown ("" where none was).
func (x *Index) InCity(name string, electronic bool, after string, limit int) []Found {
	from := int64(0)
	if after != "" {
		shown, _ := strconv.ParseInt(after, 10, 64)
		from = shown + 1
	}
	if x.many == nil {
		return x.fewInCity(name, electronic, from, limit)
	}
	listed := x.many.cities[name]
	if listed == nil {
		return nil
	}
	list := &listed.all
	if electronic {
		list = &listed.electronic
	}
	found := make([]Found, 0, min(limit, list.Len()))
	list.Ascend(from, func(_ int64, p *Place) bool {
		found = append(found, Found{Place: p})
		return len(found) < limit
	})
	return found
}

func (x *Index) fewInCity(name string, electronic bool, from int64, limit int) (found []Found) {
	for _, p := range x.few {
		if p.City == name && p.Number >= from && (p.Electronic || !electronic) {
			found = append(found, Found{Place: p})
		}
	}
	return nearestOf(found, limit) // at no distance they are in the order of their numbers
}
