package engine

import (
	"encoding/json"
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/etcp-mock/etcp-mock/mock/internal/clock"
	"github.com/etcp-mock/etcp-mock/mock/internal/fault"
	"github.com/etcp-mock/etcp-mock/mock/internal/fixture"
	"github.com/etcp-mock/etcp-mock/mock/internal/platform"
	"github.com/etcp-mock/etcp-mock/mock/internal/platform/notation"
	"github.com/etcp-mock/etcp-mock/mock/internal/platform/tariff"
)

// Every state that can be reached comes back as it was, at the edges of what is accepted: fees of ten billion yuan and more, the largest
// counters and seeds, the first and the last instant, every rate.
func TestState_extremesRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		one := func(name string, all ...int64) int64 { return rapid.SampledFrom(all).Draw(t, name) }
		fee := notation.Fen(one("fee", 0, 1, 1e11+1, 1e12-1))
		price := notation.Fen(one("price", 0, 1, 100_000*100))
		start := rapid.SampledFrom([]time.Time{clock.Earliest, noon, clock.Latest.Add(-time.Second), clock.Latest}).Draw(t, "start")
		f := city()
		rate := rapid.SampledFrom([]float64{math.SmallestNonzeroFloat64, 1e-12, 1.0 / 3, clock.MaxRate}).Draw(t, "rate")
		f.Clock = &fixture.Clock{Now: &fixture.Instant{Time: start}, Mode: rapid.SampledFrom([]string{clock.Running, clock.Frozen}).Draw(t, "mode"), Rate: &rate}
		f.Orders = []fixture.Order{{
			PlateNumber: "渝A00001", ParkingID: "1", EntranceTime: &fixture.Instant{Time: start.Add(-time.Hour)}, ExitTime: &fixture.Instant{Time: start}, ParkingFee: &fee, Payment: "none",
		}}
		seed := uint64(one("seed", 0, 1, math.MaxInt64, -1))
		r := &rig{t: t, e: New(echo{}), wall: today, kinds: map[string]int{}}
		spec := fixture.Spec{Seed: seed, Fixture: f, FirstMerchant: "M1"}
		if New(echo{}).Apply(Stamp{At: today, Wall: today}, &Create{ID: "s", Instance: "b1", Spec: spec}).Err != nil {
			return // refused: it is not reached
		}
		r.apply(&Create{ID: "s", Instance: "b1", Spec: spec})
		count := int(one("count", 0, 1, math.MaxInt32, math.MaxInt64))
		probability := rapid.SampledFrom([]float64{0, math.SmallestNonzeroFloat64, 1 - 1e-16, 1}).Draw(t, "probability")
		r.apply(&AddFault{fault.Fault{After: count, Times: count, Probability: &probability, Do: fault.Do{Code: new(2)}}})
		put := platform.PutParking{Parking: platform.Parking{
			ID: "1", Name: "P", City: "C", Lat: "29.5", Lon: "106.5", TotalSpace: int(one("spaces", 1, 1_000_000)),
			Tariff: tariff.Tariff{UnitMinutes: int(one("unit", 1, 60, 527_040)), FreeMinutes: int(one("free", 0, 527_040)), UnitPrice: price},
		}}
		if put.Parking.Tariff.Validate() == nil {
			r.apply(&Command{put})
		}
		r.apply(&Command{platform.Enter{Vehicle: theCar, ParkingID: "1"}})
		move := rapid.SampledFrom([]time.Time{start, start.Add(time.Second), start.AddDate(1, 0, 0), start.AddDate(1000, 0, 0), clock.Latest}).Draw(t, "move")
		if clock.InRange(move) {
			r.apply(&MoveClock{To: move, Last: true})
		}
		r.apply(&Command{platform.Exit{Vehicle: theCar, Payment: rapid.SampledFrom([]string{"cash", "none", "withhold"}).Draw(t, "payment")}})

		first, err := json.Marshal(r.e.LastState())
		require.NoError(t, err)
		require.NoError(t, r.apply(&Restore{State: &Document{raw: first}}).Err, "%s", first)
		second, err := json.Marshal(r.e.LastState())
		require.NoError(t, err)
		same(t, string(first), string(second), "a state and what it is restored to")
	})
}
