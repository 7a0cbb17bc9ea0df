// Package fault is what goes wrong on purpose: faults as data, which of them
// hit a request or a push, and what they then do to it. It is pure. Its chance
// comes from a seeded stream of its own, so that the same requests in the same
// order meet the same faults.
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

// MaxDelay bounds every delay, in wall time.
const MaxDelay = 10 * time.Minute

// Fault is something that goes wrong on purpose: what it is on, which of the
// matches it hits, and what it does to those.
type Fault struct {
	Name        string   `json:"name,omitempty"` // for the reader
	On          On       `json:"on"`
	After       int      `json:"after,omitempty"`       // matches that are let through first
	Times       int      `json:"times,omitempty"`       // matches that are hit, 0 for no limit
	Probability *float64 `json:"probability,omitempty"` // of being hit, nil for always
	Do          Do       `json:"do"`
}

// On is what a fault matches: requests, or pushes where Push names their kind.
// What is empty does not matter.
type On struct {
	Endpoint   string          `json:"endpoint,omitempty"`
	MerchantNo string          `json:"merchantNo,omitempty"`
	Push       string          `json:"push,omitempty"`
	Where      json.RawMessage `json:"where,omitempty"` // a subset of a request's data or of a push's body
}

// Do is what a fault does.
type Do struct {
	// To requests. Code, Message, HTTPStatus and Body answer in the platform's
	// place; Truncate shortens whatever the answer is.
	Code       *int    `json:"code,omitempty"`
	Message    *string `json:"message,omitempty"`
	HTTPStatus *int    `json:"httpStatus,omitempty"`
	Cut        string  `json:"cut,omitempty"` // Before or After
	Body       *string `json:"body,omitempty"`
	Truncate   bool    `json:"truncate,omitempty"`

	// To either, in wall time.
	Delay *Delay `json:"delay,omitempty"`

	// To pushes. Duplicate is how many deliveries there are in all.
	Duplicate   *int `json:"duplicate,omitempty"`
	Reorder     bool `json:"reorder,omitempty"`
	CorruptSign bool `json:"corruptSign,omitempty"`
	Drop        bool `json:"drop,omitempty"`
}

// When a connection is cut: before the request is carried out, or after, so
// that only its answer is lost.
const (
	Before = "before"
	After  = "after"
)

// answers tells whether a request is answered in the platform's place.
func (d *Do) answers() bool {
	return d.Code != nil || d.Message != nil || d.HTTPStatus != nil || d.Body != nil
}

// toRequest tells whether anything is done that only a request has.
func (d *Do) toRequest() bool { return d.answers() || d.Cut != "" || d.Truncate }

// toPush tells whether anything is done that only a push has.
func (d *Do) toPush() bool { return d.Duplicate != nil || d.Reorder || d.CorruptSign || d.Drop }

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
	case d == nil:
		return 0
	case d.Median != nil:
		spread := portable.Exp(float64(d.Sigma * portable.Normal(rng)))
		most := math.Min(float64(float64(d.Median.Std())*spread), float64(MaxDelay))
		wait = time.Duration(most).Round(time.Millisecond)
	case d.Max != nil:
		span := d.Max.Std() - d.Min.Std()
		wait = d.Min.Std() + time.Duration(rand.New(rng).Int64N(int64(span)+1)) //nolint:gosec // chance that has to repeat
	default:
		wait = d.By.Std()
	}
	return min(wait, MaxDelay)
}
