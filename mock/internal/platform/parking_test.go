package platform

import (
	"encoding/json"
	"fmt"
	"hash/fnv"
	"math"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/etcp-mock/etcp-mock/mock/internal/platform/notation"
)

// haversine is the distance of docs/protocol.md §4, in metres, with the functions of package math.
func haversine(lat1, lon1, lat2, lon2 float64) float64 {
	const rad = math.Pi / 180
	s, t := math.Sin((lat2-lat1)*rad/2), math.Sin((lon2-lon1)*rad/2)
	return 2 * 6_371_000 * math.Asin(math.Min(1, math.Sqrt(s*s+math.Cos(lat1*rad)*math.Cos(lat2*rad)*t*t)))
}

// A radius search gives what looking at every car park gives (§9.10): by distance, then by id, page after page.
func TestSpots_nearestAreTheNearest(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		w := New(1, time.Date(2017, 8, 20, 12, 0, 0, 0, notation.Shanghai))
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
			metres, here := haversine(q.Lat, q.Lon, p.lat, p.lon), pointOf(q.Lat, q.Lon)
			if n := (near{p, arc(here.chord(&p.at))}); n.distance <= int64(q.Radius)*1000 {
				require.InDelta(rt, metres*1000, n.distance, 0.501)
				want = append(want, n)
			} else {
				require.Greater(rt, metres, float64(q.Radius))
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
			require.Equal(rt, want[i].distance, got[i].distance)
		}
	})
}

// Distances and the scroll ids that carry them have the same bits on every architecture: the digest was found on amd64 and on arm64.
func TestSurroundingParking_sameBitsEverywhere(t *testing.T) {
	r := newRig(t)
	for i := range 2_000 {
		lat, lon := 29.5+float64(i*7919%2000)/20_000, 106.5+float64(i*104_729%2000)/20_000
		r.do(PutParking{Parking{ID: itoa(i + 10), Lat: strconv.FormatFloat(lat, 'f', 7, 64), Lon: strconv.FormatFloat(lon, 'f', 7, 64)}})
	}
	digest := fnv.New64a()
	for i := range 50 {
		pairs := []string{"lat", "29.55" + itoa(i), "lon", "106.55" + itoa(i), "radius", "5000"}
		for range 10 {
			data := r.code(0, r.call("surroundingparking", pairs...)).Answer.Data.(ParkingList)
			text, err := json.Marshal(data)
			require.NoError(t, err)
			digest.Write(text)
			pairs = []string{"scrollId", data.ScrollID}
		}
	}
	require.Equal(t, uint64(0xbb7348f97303887a), digest.Sum64())
}

// A car cannot enter before it last left: that is a conflict, not a value that cannot be.
func TestEnter_notBeforeItLeft(t *testing.T) {
	r := newRig(t)
	r.do(Enter{Vehicle: theCar, ParkingID: "1"})
	r.pass(2 * 3600e9)
	left := r.now
	r.do(Exit{Vehicle: theCar})
	r.pass(3600e9)
	result := r.w.Apply(r.now, Enter{Vehicle: theCar, ParkingID: "1", At: left.Add(-1e9)})
	require.Equal(t, Conflict, result.Err.Kind)
	require.Equal(t, "at", result.Err.Field)
	r.do(Enter{Vehicle: theCar, ParkingID: "1", At: left})
}
