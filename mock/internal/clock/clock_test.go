package clock_test

import (
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/etcp-mock/etcp-mock/mock/internal/clock"
	"github.com/etcp-mock/etcp-mock/mock/internal/platform/notation"
)

var (
	noon = time.Date(2017, 8, 20, 12, 0, 0, 0, notation.Shanghai)
	wall = time.Date(2026, 11, 27, 1, 0, 0, 0, time.UTC)
)

// A clock goes on from what it was set to, at its rate, while it runs.
func TestNow(t *testing.T) {
	c := clock.New(noon, wall)
	for _, row := range []struct {
		name string
		c    clock.Clock
		gone time.Duration
		want time.Duration
	}{
		{"running", c, time.Minute, time.Minute},
		{"a day a second", c.WithRate(clock.MaxRate), time.Second, 24 * time.Hour},
		{"half as fast", c.WithRate(0.5), time.Minute, 30 * time.Second},
		{"frozen", c.WithMode(clock.Frozen), time.Hour, 0},
		{"running again", c.WithMode(clock.Frozen).WithMode(clock.Running), time.Hour, time.Hour},
		{"the host's clock was set back", c, -time.Hour, 0},
	} {
		require.Equal(t, noon.Add(row.want), row.c.Now(wall.Add(row.gone)), row.name)
	}
	c = clock.New(clock.Latest.Add(-time.Hour), wall)
	require.Equal(t, clock.Latest, c.Now(wall.Add(2*time.Hour)), "no further than four digits of year")
}

// A clock never runs back, and waits neither less than nothing nor, however slow it is, for an instant that it has long passed.
func TestRealWait(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rate := rapid.SampledFrom([]float64{1, 0.5, 1.0 / 3, 1e-9, math.SmallestNonzeroFloat64, 60, clock.MaxRate}).Draw(t, "rate")
		c := clock.New(noon, wall).WithRate(rate)
		until := noon.Add(time.Duration(rapid.Int64Range(-1e15, 1e15).Draw(t, "until")))
		wait := c.RealWait(until, wall)
		require.GreaterOrEqual(t, wait, time.Duration(0))
		require.True(t, until.After(noon) || wait == 0)
		if wait < math.MaxInt64/2 {
			off := c.Now(wall.Add(wait)).Sub(until)
			require.True(t, !until.After(noon) || off.Abs() <= time.Duration(math.Abs(float64(until.Sub(noon)))*1e-9+rate+3), "off by %s", off)
		} else {
			require.Less(t, rate, 1.0)
		}
	})
	slow := clock.New(noon, wall).WithRate(1e-9)
	require.Greater(t, slow.RealWait(noon.Add(24*time.Hour), wall), 100*365*24*time.Hour, "not at once, again and again")
}

// Everything that is wrong with a change is listed.
func TestChange(t *testing.T) {
	early, mode, rate, nan := time.Unix(0, 0), "sideways", 0.0, math.NaN()
	require.EqualError(t, clock.Change{Now: &early, Mode: &mode, Rate: &rate}.Check(), clock.Change{Now: &early, Mode: &mode, Rate: &nan}.Check().Error())
	require.ErrorContains(t, clock.Change{Rate: &nan}.Check(), clock.WantRate)
	require.NoError(t, clock.Change{}.Check())
	mode, rate = clock.Frozen, clock.MaxRate
	require.NoError(t, clock.Change{Now: &noon, Mode: &mode, Rate: &rate}.Check())
}
