package platform

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// A radius search gives what looking at every car park gives (§9.10): by distance, then by id, page after page.
func TestSpots_nearestAreTheNearest(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		w := New(1, time.Date(2017, 8, 20, 12, 0, 0, 0, Shanghai))
		// Around the date line, a pole, and here; some in the same place.
		around := rapid.SampledFrom([][2]float64{{29.563, 106.551}, {0, 180}, {0, -180}, {89.99, 10}, {-89.99, 0}, {60, 179.99}}).Draw(rt, "around")
		offset := rapid.Float64Range(-0.05, 0.05)
		var all []*parking
		for i := range rapid.IntRange(0, 60).Draw(rt, "parkings") {
			lat := min(max(around[0]+offset.Draw(rt, "lat"), -90), 90)
			lon := around[1] + offset.Draw(rt, "lon")
			if lon > 180 {
				lon -= 360
			} else if lon < -180 {
				lon += 360
			}
			p := Parking{ID: itoa(i + 1), Lat: fmt.Sprintf("%.6f", lat), Lon: fmt.Sprintf("%.6f", lon), City: "C"}
			if len(all) > 0 && rapid.IntRange(0, 4).Draw(rt, "same place") == 0 {
				p.Lat, p.Lon = all[0].Lat, all[0].Lon
			}
			w.putParking(p)
			all = append(all, w.parkings[p.ID])
		}
		q := scroll{Lat: around[0], Lon: around[1], Radius: rapid.IntRange(500, 5000).Draw(rt, "radius")}
		var want []near
		for _, p := range all {
			if n := (near{p, haversine(q.Lat, q.Lon, p.lat, p.lon)}); n.distance <= float64(q.Radius) {
				want = append(want, n)
			}
		}
		slices.SortFunc(want, compareNear)
		limit := rapid.IntRange(1, 20).Draw(rt, "page")
		var got []near
		for {
			page := w.spots.within(q, limit)
			got = append(got, page...)
			if len(page) < limit {
				break
			}
			q.After, q.Distance = page[limit-1].ID, page[limit-1].distance
		}
		require.Equal(rt, len(want), len(got))
		for i := range want {
			require.Equal(rt, want[i].ID, got[i].ID)
		}
	})
}
