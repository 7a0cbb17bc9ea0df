package platform

import (
	"encoding/json"
	"hash/fnv"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// Distances, and what scroll ids carry of them, have the same bits on every architecture: the digest of the lists and of the fields as
// JSON.
func TestSurroundingParking_sameBitsEverywhere(t *testing.T) {
	r := newRig(t)
	for i := range 2_000 {
		lat, lon := 29.5+float64(i*7919%2000)/20_000, 106.5+float64(i*104_729%2000)/20_000
		r.do(PutParking{Parking: Parking{ID: itoa(i + 10), Lat: strconv.FormatFloat(lat, 'f', 7, 64), Lon: strconv.FormatFloat(lon, 'f', 7, 64)}})
	}
	digest := fnv.New64a()
	for i := range 50 {
		pairs := []string{"lat", "29.55" + itoa(i), "lon", "106.55" + itoa(i), "radius", "5000"}
		for range 10 {
			data := r.code(0, r.call("surroundingparking", pairs...)).Answer.Data.(ParkingList)
			pairs = []string{"scrollId", data.ScrollID}
			v, err := r.w.seals().OpenScroll(data.ScrollID)
			require.NoError(t, err)
			fields, err := json.Marshal(struct {
				Merchant string  `json:"m"`
				Lat      float64 `json:"a,omitempty"`
				Lon      float64 `json:"o,omitempty"`
				Radius   int     `json:"r,omitempty"`
				City     string  `json:"c,omitempty"`
				PayType  bool    `json:"p,omitempty"`
				Distance int64   `json:"d,omitempty"`
				After    string  `json:"i,omitempty"`
			}(v))
			require.NoError(t, err)
			data.ScrollID = string(fields)
			text, err := json.Marshal(data)
			require.NoError(t, err)
			digest.Write(text)
		}
	}
	require.Equal(t, uint64(0x63b2b4602aede00d), digest.Sum64())
}

// When a car comes or goes lies between the sandbox's start and its now; what is outside says on which side, and how to get there.
func TestEnter_momentOutside(t *testing.T) {
	r := newRig(t)
	later := r.w.Apply(r.now, Enter{Vehicle: theCar, ParkingID: "1", At: r.now.Add(time.Hour)})
	require.Regexp(t, "is later than the sandbox's now, .*: move the clock first$", later.Err.Detail)
	earlier := r.w.Apply(r.now, Enter{Vehicle: theCar, ParkingID: "1", At: r.now.AddDate(-1, 0, 0)})
	require.Regexp(t, "is earlier than .*, when the sandbox began or the car came$", earlier.Err.Detail)
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
