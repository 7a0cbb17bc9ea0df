package control

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/etcp-mock/etcp-mock/client"
	"github.com/etcp-mock/etcp-mock/internal/duration"
)

// Fault is something that goes wrong on purpose.
type Fault struct {
	ID          string  `json:"id,omitempty"`   // the server's
	Name        string  `json:"name,omitempty"` // for the reader
	On          FaultOn `json:"on"`
	After       int     `json:"after,omitempty"`       // matches that are let through first
	Times       int     `json:"times,omitempty"`       // matches that are hit; 0 is all
	Probability float64 `json:"probability,omitempty"` // of a match to be hit; 0 is always
	Do          FaultDo `json:"do"`

	Stats *FaultStats `json:"stats,omitempty"` // the server's
}

// FaultStats counts what a fault has met: the requests or pushes it is on, and those it hit.
type FaultStats struct {
	Matched int `json:"matched"`
	Applied int `json:"applied"`
}

// FaultOn is what a fault hits: requests, or, with Push, pushes.
type FaultOn struct {
	Endpoint   string         `json:"endpoint,omitempty"`
	MerchantNo string         `json:"merchantNo,omitempty"`
	Push       client.Kind    `json:"push,omitempty"`
	Where      map[string]any `json:"where,omitempty"` // a subset of data
}

// FaultDo is what a fault does.
type FaultDo struct {
	// Of requests.
	Code       *int   `json:"code,omitempty"`
	Message    string `json:"message,omitempty"`
	HTTPStatus int    `json:"httpStatus,omitempty"`
	Cut        string `json:"cut,omitempty"` // CutBefore or CutAfter
	Body       string `json:"body,omitempty"`
	Truncate   bool   `json:"truncate,omitempty"`

	Headers map[string]string `json:"headers,omitempty"` // set on whatever the answer is
	Empty   bool              `json:"empty,omitempty"`   // no body at all
	Garbage int               `json:"garbage,omitempty"` // so many random bytes, from the seed
	Dribble Duration          `json:"dribble,omitzero"`  // before each byte of the body, real time

	// Of both; real time.
	Delay *Delay `json:"delay,omitempty"`

	// Of pushes.
	Duplicate   int  `json:"duplicate,omitempty"` // 2 is two in all
	Reorder     bool `json:"reorder,omitempty"`
	CorruptSign bool `json:"corruptSign,omitempty"`
	Drop        bool `json:"drop,omitempty"`
}

// When a connection is cut: before or after the state has changed.
const (
	CutBefore = "before"
	CutAfter  = "after"
)

// Delay is a fixed delay, a range, or a lognormal distribution: set By, or Min and Max, or Median and Sigma.
type Delay struct {
	By       Duration
	Min, Max Duration
	Median   Duration
	Sigma    float64
}

type delayRange struct {
	Min Duration `json:"min"`
	Max Duration `json:"max"`
}

type delaySpread struct {
	Median Duration `json:"median"`
	Sigma  float64  `json:"sigma"`
}

// MarshalJSON gives "2s", {"min","max"} or {"median","sigma"}.
func (d Delay) MarshalJSON() ([]byte, error) {
	switch {
	case d.Median != 0:
		return json.Marshal(delaySpread{d.Median, d.Sigma})
	case d.Max != 0:
		return json.Marshal(delayRange{d.Min, d.Max})
	}
	return json.Marshal(d.By)
}

// UnmarshalJSON reads all three forms.
func (d *Delay) UnmarshalJSON(raw []byte) error {
	*d = Delay{}
	if len(raw) == 0 || raw[0] != '{' {
		return json.Unmarshal(raw, &d.By)
	}
	var all struct {
		delayRange
		delaySpread
	}
	err := json.Unmarshal(raw, &all)
	*d = Delay{Min: all.Min, Max: all.Max, Median: all.Median, Sigma: all.Sigma}
	return err
}

// Duration is a time.Duration that is text in JSON: "45m", "26h30m", and on input also "8d".
type Duration time.Duration

// MarshalJSON gives Go's form.
func (d Duration) MarshalJSON() ([]byte, error) { return json.Marshal(time.Duration(d).String()) }

// UnmarshalJSON reads Go's form, with days.
func (d *Duration) UnmarshalJSON(raw []byte) error {
	var text string
	if err := json.Unmarshal(raw, &text); err != nil {
		return err
	}
	parsed, err := ParseDuration(text)
	*d = Duration(parsed)
	return err
}

// ParseDuration reads Go's notation with d for days, "45m", "26h30m", "8d", "1d12h"; a minus in front makes it negative.
func ParseDuration(text string) (time.Duration, error) {
	rest, negative := strings.CutPrefix(text, "-")
	d, err := duration.Parse(rest)
	if err != nil {
		return 0, fmt.Errorf("duration %q: want one such as 45m, 26h30m or 8d, below 100 years", text)
	}
	if negative {
		d = -d
	}
	return d, nil
}

// Faults lists the faults.
func (s *Sandbox) Faults(ctx context.Context, page Page) (List[Fault], error) {
	return do[List[Fault]](ctx, s.c, http.MethodGet, s.path+"/faults", page.query(), nil)
}

// AddFault adds a fault and gives it back with its id and stats; those of f do not count.
func (s *Sandbox) AddFault(ctx context.Context, f Fault) (Fault, error) {
	f.ID, f.Stats = "", nil
	return do[Fault](ctx, s.c, http.MethodPost, s.path+"/faults", nil, f)
}

// DeleteFault takes a fault away.
func (s *Sandbox) DeleteFault(ctx context.Context, id string) error {
	return s.c.exec(ctx, http.MethodDelete, s.path+"/faults/"+segment(id), nil, nil)
}

// ClearFaults takes every fault away.
func (s *Sandbox) ClearFaults(ctx context.Context) error {
	return s.c.exec(ctx, http.MethodDelete, s.path+"/faults", nil, nil)
}
