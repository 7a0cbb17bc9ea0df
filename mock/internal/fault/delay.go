package fault

import (
	"encoding/json"
	"errors"
	"math"
	"math/rand/v2"
	"time"

	"github.com/etcp-mock/etcp-mock/mock/internal/portable"
	"github.com/etcp-mock/etcp-mock/mock/internal/strict"
)

func init() {
	register("delay", effect{
		given: func(do *Do) bool { return do.Delay != nil },
		check: func(c *checker, _ *effect, do *Do) { c.delay(do.Delay) },
		request: func(do *Do, out *OnRequest, rng *rand.PCG) {
			out.Delay = min(out.Delay+do.Delay.draw(rng), MaxDelay)
		},
		push: func(do *Do, out *OnPush, rng *rand.PCG) {
			out.Delay = min(out.Delay+do.Delay.draw(rng), MaxDelay)
		},
	})
}

const maxSigma = 5

func (c *checker) delay(d *Delay) {
	within := func(pointer string, given *strict.Duration) {
		c.wants(given == nil || given.Std() <= MaxDelay, pointer, "want at most 10m")
	}
	within("/do/delay", d.By)
	within("/do/delay/min", d.Min)
	within("/do/delay/max", d.Max)
	within("/do/delay/median", d.Median)
	c.wants(d.Min == nil || d.Max == nil || *d.Min <= *d.Max, "/do/delay/min", "is above max")
	c.wants(d.Sigma >= 0 && d.Sigma <= maxSigma, "/do/delay/sigma", "want a number from 0 to %d", maxSigma)
}

// Delay is a fixed delay (By), one evenly spread over a range (Min, Max), or a
// lognormal one (Median, Sigma), which is cut off at [MaxDelay] and rounded to milliseconds.
type Delay struct {
	By       *strict.Duration
	Min, Max *strict.Duration
	Median   *strict.Duration
	Sigma    float64
}

type delayRange struct {
	Min *strict.Duration `json:"min"`
	Max *strict.Duration `json:"max"`
}

type delaySpread struct {
	Median *strict.Duration `json:"median"`
	Sigma  float64          `json:"sigma"`
}

// MarshalJSON gives "2s", {"min","max"} or {"median","sigma"}.
func (d Delay) MarshalJSON() ([]byte, error) {
	switch {
	case d.Median != nil:
		return json.Marshal(delaySpread{d.Median, d.Sigma})
	case d.Max != nil:
		return json.Marshal(delayRange{d.Min, d.Max})
	}
	return json.Marshal(d.By)
}

var errDelay = errors.New(`want a duration such as "2s", {"min":"1s","max":"3s"} or {"median":"2s","sigma":0.5}`)

// UnmarshalStrictJSON reads the three forms, and each whole.
func (d *Delay) UnmarshalStrictJSON(raw json.RawMessage) error {
	*d = Delay{}
	if len(raw) == 0 || raw[0] != '{' {
		var by strict.Duration
		if problems := strict.Decode(raw, &by, strict.Limits{}); len(problems) > 0 {
			return strict.ProblemsError(problems)
		}
		d.By = &by
		return nil
	}
	var all struct {
		delayRange
		Median *strict.Duration `json:"median"`
		Sigma  *float64         `json:"sigma"`
	}
	if problems := strict.Decode(raw, &all, strict.Limits{}); len(problems) > 0 {
		return strict.ProblemsError(problems)
	}
	isRange, isSpread := all.Min != nil && all.Max != nil, all.Median != nil && all.Sigma != nil
	if isRange == isSpread || (isRange && (all.Median != nil || all.Sigma != nil)) || (isSpread && (all.Min != nil || all.Max != nil)) {
		return errDelay
	}
	*d = Delay{Min: all.Min, Max: all.Max, Median: all.Median}
	if isSpread {
		d.Sigma = *all.Sigma
	}
	return nil
}

// UnmarshalJSON reads what MarshalJSON gives.
func (d *Delay) UnmarshalJSON(raw []byte) error { return d.UnmarshalStrictJSON(raw) }

// Lognormal is a delay with a median, cut off at [MaxDelay].
func Lognormal(median time.Duration, sigma float64) *Delay {
	m := strict.Duration(median)
	return &Delay{Median: &m, Sigma: sigma}
}

// draw is how long it is this time.
func (d *Delay) draw(rng *rand.PCG) time.Duration {
	var wait time.Duration
	switch {
	case d.Median != nil:
		spread := portable.Exp(float64(d.Sigma * portable.Normal(rng)))
		most := math.Min(float64(float64(d.Median.Std())*spread), float64(MaxDelay))
		wait = time.Duration(most).Round(time.Millisecond)
	case d.Max != nil:
		span := d.Max.Std() - d.Min.Std()
		wait = d.Min.Std() + time.Duration(rand.New(rng).Int64N(int64(span)+1)) //nolint:gosec // what is drawn has to repeat
	default:
		wait = d.By.Std()
	}
	return min(wait, MaxDelay)
}
