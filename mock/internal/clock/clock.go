// Package clock is a sandbox's time as data: an instant, the real instant that belongs to it, and how fast time goes on from
// there. It reads no clock of its own. All times are shown in Asia/Shanghai.
package clock

import (
	"errors"
	"math"
	"time"

	"github.com/etcp-mock/etcp-mock/mock/internal/platform/notation"
	"github.com/etcp-mock/etcp-mock/mock/internal/strict"
)

// The modes of a clock.
const (
	Running = "running"
	Frozen  = "frozen"
)

// MaxRate bounds how fast a clock may run: a day a second.
const MaxRate = 86_400

// WantRate is what is said of a rate out of bounds.
const WantRate = "want a number above 0, at most 86400 (a day in a second)"

// Latest and Earliest bound what a clock may show, so that printed times keep four digits of year.
var (
	Earliest = time.Date(1970, 1, 2, 0, 0, 0, 0, notation.Shanghai)
	Latest   = time.Date(9000, 1, 1, 0, 0, 0, 0, notation.Shanghai)
)

// ErrRange is the cause where a time lies outside [Earliest] to [Latest].
var ErrRange = errors.New("the clock shows times from 1970 to 9000")

// InRange tells whether a clock may show a time.
func InRange(t time.Time) bool { return !t.Before(Earliest) && !t.After(Latest) }

// Reading is what a clock shows.
type Reading struct {
	Now  time.Time `json:"now"`
	Mode string    `json:"mode"`
	Rate float64   `json:"rate"` // sandbox seconds a real second, while running
}

// Members is what a clock shows as the control API and the events have it.
func (r Reading) Members() map[string]any {
	return map[string]any{"now": notation.FormatTime(r.Now), "mode": r.Mode, "rate": r.Rate}
}

// Clock is a value: setting it gives another.
type Clock struct {
	base, wall time.Time
	rate       float64
	frozen     bool
}

// New is a clock that runs at rate 1 and shows now at the real instant wall.
func New(now, wall time.Time) Clock { return Clock{rate: 1}.At(now, wall) }

// Now is what the clock shows at a real instant. It never runs back: where the host's clock was set back since the clock was
// last set, it shows what it was set to.
func (c *Clock) Now(wall time.Time) time.Time {
	if c.frozen {
		return c.base
	}
	gone := max(wall.Sub(c.wall), 0)
	if c.rate != 1 {
		seconds := float64(gone.Seconds() * c.rate)
		if seconds >= float64(Latest.Unix()-c.base.Unix()) {
			return Latest
		}
		if seconds > math.MaxInt64/1e9/2 { // longer than a Duration
			return time.Unix(c.base.Unix()+int64(seconds), 0).In(notation.Shanghai)
		}
		gone = time.Duration(float64(gone) * c.rate)
	}
	if now := c.base.Add(gone); now.Before(Latest) {
		return now
	}
	return Latest
}

// Base is the instant the clock was last set to.
func (c *Clock) Base() time.Time { return c.base }

// Wall is the real instant at which the clock showed Base.
func (c *Clock) Wall() time.Time { return c.wall }

// IsFrozen tells whether the clock stands.
func (c *Clock) IsFrozen() bool { return c.frozen }

// At is the clock set to an instant, going on as it did.
func (c Clock) At(now, wall time.Time) Clock {
	c.base, c.wall = now.In(notation.Shanghai).Round(0), wall.Round(0)
	return c
}

// WithMode is the clock frozen, or running.
func (c Clock) WithMode(mode string) Clock {
	c.frozen = mode == Frozen
	return c
}

// WithRate is the clock at another rate.
func (c Clock) WithRate(rate float64) Clock {
	c.rate = rate
	return c
}

// RealWait is how long in real time until the clock, which runs, shows an instant.
func (c *Clock) RealWait(until, wall time.Time) time.Duration {
	left := until.Sub(c.Now(wall))
	if left <= 0 {
		return 0
	}
	if c.rate != 1 { // rounded up: whoever waits is not woken before, to wait for nothing again and again
		left = time.Duration(math.Min(math.Ceil(float64(left)/c.rate), math.MaxInt64/2))
	}
	return left
}

// Read is what the clock shows at a real instant, and how it goes.
func (c *Clock) Read(wall time.Time) Reading {
	mode := Running
	if c.frozen {
		mode = Frozen
	}
	return Reading{Now: c.Now(wall), Mode: mode, Rate: c.rate}
}

// Change is what to change of a clock; nil is left as it is.
type Change struct {
	Now  *time.Time `json:"now,omitempty"`
	Mode *string    `json:"mode,omitempty"`
	Rate *float64   `json:"rate,omitempty"`
}

// Check lists everything that is wrong with a change; its error is [*strict.Invalid].
func (c Change) Check() error {
	e := &strict.Invalid{}
	if c.Now != nil && !InRange(*c.Now) {
		e.Add("/now", ErrRange.Error())
	}
	if c.Mode != nil && *c.Mode != Running && *c.Mode != Frozen {
		e.Add("/mode", "want running or frozen")
	}
	if c.Rate != nil && !ValidRate(*c.Rate) {
		e.Add("/rate", WantRate)
	}
	return e.Err()
}

// ValidRate tells whether a clock may run so fast; NaN is none.
func ValidRate(rate float64) bool { return rate > 0 && rate <= MaxRate }
