package sandbox

import (
	"math"
	"time"

	"github.com/etcp-mock/etcp-mock/mock/internal/platform"
)

// The modes of a clock.
const (
	Running = "running"
	Frozen  = "frozen"
)

// maxRate bounds how fast a clock may run: a day a second.
const maxRate = 86_400

const wantRate = "want a number above 0, at most 86400 (a day in a second)"

// Latest and Earliest bound what a clock may show, so that printed times keep
// four digits of year.
var (
	Earliest = time.Date(1970, 1, 2, 0, 0, 0, 0, platform.Shanghai)
	Latest   = time.Date(9000, 1, 1, 0, 0, 0, 0, platform.Shanghai)
)

// Clock is what a sandbox's clock shows.
type Clock struct {
	Now  time.Time
	Mode string
	Rate float64 // sandbox seconds a real second, while running
}

// clock is a sandbox's time as data: an instant, the real instant it was last
// read at, and how fast it runs from there. It never runs back: where the host's
// clock is set back, it goes on from what it showed last.
type clock struct {
	base, wall time.Time
	rate       float64
	frozen     bool
}

func (c *clock) now(wall time.Time) time.Time {
	if c.frozen {
		return c.base
	}
	gone := max(wall.Sub(c.wall), 0)
	if c.rate != 1 {
		gone = time.Duration(math.Min(float64(gone)*c.rate, math.MaxInt64/2))
	}
	c.base, c.wall = c.base.Add(gone), wall
	if c.base.After(Latest) {
		c.base = Latest
	}
	return c.base
}

// at is the clock set to an instant, going on as it did.
func (c clock) at(now, wall time.Time) clock {
	c.base, c.wall = now.In(platform.Shanghai).Round(0), wall
	return c
}

// realWait is how long in real time until the clock shows an instant.
func (c *clock) realWait(until, wall time.Time) time.Duration {
	left := until.Sub(c.now(wall))
	if c.rate != 1 {
		left = time.Duration(float64(left) / c.rate)
	}
	return max(left, 0)
}

func (c *clock) show(wall time.Time) Clock {
	mode := Running
	if c.frozen {
		mode = Frozen
	}
	return Clock{Now: c.now(wall), Mode: mode, Rate: c.rate}
}
