package traffic

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/etcp-mock/etcp-mock/client"
	"github.com/etcp-mock/etcp-mock/client/control"
	"github.com/etcp-mock/etcp-mock/scenarios/internal/fake"
)

// happens makes an event happen as it does where nothing is refused.
func happens(c *city, e *event, now time.Time) {
	switch e.Kind {
	case kindSignIn:
		c.hasSignedIn(e.owner)
	case kindBind:
		c.hasBound(e.car)
	case kindUnbind:
		c.hasUnbound(e.car)
	case kindEnter:
		c.hasEntered(e.car, e.parking, now)
	case kindPayOnline:
		c.hasPaid(e.car)
	case kindLeave, kindPayCash, kindDebit, kindForget:
		c.hasLeft(e.car)
	}
}

// Whatever the mix, what happens can happen: a car enters where there is space, once; one that leaves is there, and has paid where it leaves by that; an owner has at
// most three vehicles at once and four ever; names are nobody else's; and the spaces that are free and taken are all there are.
func TestCity(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		mix := map[string]int{}
		for _, k := range kinds {
			mix[k.Name] = rapid.IntRange(0, 5).Draw(t, k.Name)
		}
		spaces := []int{rapid.IntRange(0, 4).Draw(t, "spaces"), 2}
		merchants := rapid.IntRange(1, 3).Draw(t, "merchants")
		c := newCity(Plan{Mix: mix, Seed: rapid.Uint64().Draw(t, "seed")}, merchants, []control.Parking{{ID: "1", TotalSpace: &spaces[0]}, {ID: "2", TotalSpace: &spaces[1]}, {ID: "3"}})
		parked, paid, phones := map[string]string{}, map[string]bool{}, map[string]int{}
		now := time.Date(2017, 8, 20, rapid.IntRange(0, 23).Draw(t, "hour"), 0, 0, 0, client.Zone)
		for range 120 {
			now = now.Add(10 * time.Minute)
			e := c.next(now)
			require.True(t, e.Merchant >= 0 && e.Merchant < merchants)
			where, isParked := parked[e.PlateNumber]
			switch e.Kind {
			case kindSignIn:
				phones[e.Phone]++
			case kindBind:
				require.LessOrEqual(t, e.owner.cars+1, maxOwnerCars)
				require.LessOrEqual(t, e.owner.ever+1, maxOwnerEver)
				require.Positive(t, phones[e.Phone], "the owner has logged in")
			case kindUnbind:
				require.False(t, isParked)
			case kindEnter:
				require.False(t, isParked)
				require.Positive(t, e.parking.free)
				parked[e.PlateNumber], paid[e.PlateNumber] = e.ParkingID, false
			case kindPayOnline:
				require.True(t, isParked && e.owner != nil && !paid[e.PlateNumber])
				paid[e.PlateNumber] = true
			case kindLeave, kindPayCash, kindDebit, kindForget:
				require.True(t, isParked)
				require.Equal(t, where, e.ParkingID)
				require.Equal(t, e.Kind == kindLeave, paid[e.PlateNumber])
				delete(parked, e.PlateNumber)
			}
			happens(c, e, now)
			require.Len(t, parked, c.parked)
			require.Equal(t, spaces[0]+spaces[1], c.free+c.parked)
		}
		drawn := c.draw(now)
		require.True(t, slices.ContainsFunc(Kinds(), func(k Kind) bool { return k.Name == drawn }), drawn)
	})
}

// What was parked before takes its space, in the car park that it is in, and its plate; one that has filled up has none.
func TestCity_occupied(t *testing.T) {
	t.Parallel()
	total := 2
	c := newCity(Plan{}, 1, []control.Parking{{ID: "1", TotalSpace: &total, Occupied: 1}, {ID: "2", TotalSpace: &total}})
	require.Equal(t, 3, c.free)
	c.occupies("渝A00001", "1")
	c.occupies("渝A00002", "1") // more than it has
	c.occupies("渝A00003", "9")
	require.Equal(t, 2, c.free)
	require.Equal(t, "渝A00004", c.fresh(func() string {
		for _, name := range []string{"渝A00001", "渝A00002", "渝A00003"} {
			if c.names[name] && !c.names["asked "+name] {
				c.names["asked "+name] = true
				return name
			}
		}
		return "渝A00004"
	}))
	c.isFull(c.parkings[1])
	require.Zero(t, c.free)
	require.Equal(t, kindWrong, c.beforeEnter(), "others have it all")
}

// A bag has what was added and not removed, each once, and gives one of them.
func TestBag(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var b bag[int]
		set := map[int]bool{}
		f := fake.New(rapid.Uint64().Draw(t, "seed"))
		for range rapid.IntRange(0, 60).Draw(t, "steps") {
			n := rapid.IntRange(0, 7).Draw(t, "n")
			if rapid.Bool().Draw(t, "add") {
				b.add(n)
				set[n] = true
			} else {
				b.remove(n)
				delete(set, n)
			}
			require.Equal(t, len(set), b.len())
			if len(set) > 0 {
				require.True(t, set[b.pick(f)])
			}
		}
	})
}

// A timetable has as many times as were asked for, in their order and within its length, to the second; more of them where the hours are busy, as many as those say.
func TestTimetable(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		from := time.Date(2017, 8, 20, 0, 0, rapid.IntRange(0, 86_399).Draw(t, "second"), 0, client.Zone)
		length := time.Duration(rapid.IntRange(60, 3*86_400).Draw(t, "seconds")) * time.Second
		events := rapid.IntRange(1, 300).Draw(t, "events")
		table := newTimetable(fake.New(rapid.Uint64().Draw(t, "seed")), from, length, events)
		before := from
		for range events {
			at := table.at()
			require.False(t, at.Before(before), "%s after %s", at, before)
			require.False(t, at.After(from.Add(length)))
			require.Zero(t, at.Nanosecond())
			before = at
		}
	})
	table := newTimetable(fake.New(1), time.Date(2017, 8, 20, 0, 0, 0, 0, client.Zone), 24*time.Hour, 2400)
	var counts [24]int
	for range 2400 {
		counts[table.at().Hour()]++
	}
	all := 0
	for h := range counts {
		all += arriving[h] + leaving[h]
	}
	for h, n := range counts { // between two events lies the same work each time: an hour has its share, and one more or less at each of its ends
		require.InDelta(t, 2400*float64(arriving[h]+leaving[h])/float64(all), n, 2, "hour %d", h)
	}
}

// A speed is max, a number, or a number and an x; of each type that a file may hold it in.
func TestParseSpeed(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		given any
		want  float64
	}{{nil, 0}, {"", 0}, {"max", 0}, {"10x", 10}, {"0.5", 0.5}, {60, 60}, {2.5, 2.5}, {"1e9", 1e9}} {
		speed, err := ParseSpeed(c.given)
		require.NoError(t, err, c.given)
		require.InDelta(t, c.want, speed, 0, c.given)
	}
	for _, given := range []any{"fast", "0", "-1x", "x", "10xx", "NaN", "Inf", "1e10", 0, true, []any{}} {
		_, err := ParseSpeed(given)
		require.ErrorContains(t, err, "want max, or how much faster", "%v", given)
	}
}
