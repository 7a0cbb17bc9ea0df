package nearby

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// haversine is the distance of docs/protocol.md §4, in metres, with the functions of package math.
func haversine(lat1, lon1, lat2, lon2 float64) float64 {
	const rad = math.Pi / 180
	s, t := math.Sin((lat2-lat1)*rad/2), math.Sin((lon2-lon1)*rad/2)
	return 2 * 6_371_000 * math.Asin(math.Min(1, math.Sqrt(s*s+math.Cos(lat1*rad)*math.Cos(lat2*rad)*t*t)))
}

// A radius search gives what looking at every car park gives (§9.10): by distance, then by id, page after page.
func TestAround_nearestAreTheNearest(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		var x Index
		// Around the date line, a pole, and here; some in the same place.
		around := rapid.SampledFrom([][2]float64{{29.563, 106.551}, {0, 180}, {0, -180}, {89.99, 10}, {-89.99, 0}, {60, 179.99}}).Draw(rt, "around")
		offset := rapid.Float64Range(-0.05, 0.05)
		var all []*Place
		for i := range rapid.IntRange(0, 60).Draw(rt, "parkings") {
			lat := min(max(around[0]+offset.Draw(rt, "lat"), -90), 90)
			lon := around[1] + offset.Draw(rt, "lon")
			if lon > 180 {
				lon -= 360
			} else if lon < -180 {
				lon += 360
			}
			latText, lonText := fmt.Sprintf("%.6f", lat), fmt.Sprintf("%.6f", lon)
			if rapid.IntRange(0, 4).Draw(rt, "same place") == 0 {
				latText, lonText = fmt.Sprintf("%.6f", around[0]), fmt.Sprintf("%.6f", around[1])
			}
			place := NewPlace(strconv.Itoa(i+1), "C", latText, lonText, rapid.Bool().Draw(rt, "electronic"))
			p := &place
			x.Add(p)
			all = append(all, p)
		}
		q := Circle{Lat: around[0], Lon: around[1], Radius: rapid.IntRange(500, 5000).Draw(rt, "radius"), Electronic: rapid.Bool().Draw(rt, "only electronic")}
		if len(all) > 0 { // what is no longer there is not found
			x.Remove(all[len(all)-1])
			all = all[:len(all)-1]
		}
		var want []Found
		for _, p := range all {
			metres, here := haversine(q.Lat, q.Lon, p.Lat, p.Lon), pointOf(q.Lat, q.Lon)
			if q.Electronic && !p.Electronic {
				continue
			}
			if n := (Found{p, arc(here.chord(&p.at))}); n.Distance <= int64(q.Radius)*1000 {
				require.InDelta(rt, metres*1000, n.Distance, 0.501)
				want = append(want, n)
			} else {
				require.Greater(rt, metres, float64(q.Radius))
			}
		}
		slices.SortFunc(want, compare)
		limit := rapid.IntRange(1, 20).Draw(rt, "page")
		var got []Found
		for {
			page := x.Around(q, limit)
			got = append(got, page...)
			if len(page) < limit {
				break
			}
			q.After, q.AfterDistance = page[limit-1].ID, page[limit-1].Distance
		}
		require.Equal(rt, len(want), len(got))
		for i := range want {
			require.Equal(rt, want[i].ID, got[i].ID)
			require.Equal(rt, want[i].Distance, got[i].Distance)
		}
	})
}

// A city is listed by number, page after page, with or without those that cannot be paid electronically.
func TestInCity_everyPlaceOnceByNumber(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		var x Index
		electronic := rapid.Bool().Draw(rt, "only electronic")
		var want []int64
		for _, number := range rapid.SliceOfNDistinct(rapid.Int64Range(1, 1e15-1), 0, 30, rapid.ID[int64]).Draw(rt, "numbers") {
			place := NewPlace(strconv.FormatInt(number, 10), rapid.SampledFrom([]string{"A", "B"}).Draw(rt, "city"), "1", "2", rapid.Bool().Draw(rt, "electronic"))
			p := &place
			x.Add(p)
			switch {
			case rapid.IntRange(0, 9).Draw(rt, "removed") == 0:
				x.Remove(p)
			case p.City == "A" && (p.Electronic || !electronic):
				want = append(want, number)
			}
		}
		slices.Sort(want)
		limit, after := rapid.IntRange(1, 7).Draw(rt, "page"), ""
		var got []int64
		for {
			page := x.InCity("A", electronic, after, limit)
			for _, f := range page {
				got, after = append(got, f.Number), f.ID
			}
			if len(page) < limit {
				break
			}
		}
		require.Equal(rt, want, got)
		require.Empty(rt, x.InCity("nowhere", electronic, "", limit))
	})
}
