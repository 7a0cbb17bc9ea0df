// Package fault is what goes wrong on purpose: faults as data, which of them
// hit a request or a push, and what they then do to it. It is pure. What is
// random comes from a seeded source of its own, so that the same requests in the
// same order meet the same faults.
//
// What a fault can do is a row of [schemas.Effects], which says what it is, what
// it is given and what it is for; a field of [Do]; and a file of its own, named
// for the field, which registers an [effect]: how it is checked, and how done.
package fault

import (
	"encoding/json"
	"time"

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

// Do is what a fault does: at least one of the effects, each in a file of its own.
type Do struct {
	// To requests. Code, Message, HTTPStatus, Body, Empty and Garbage answer in
	// the platform's place; Headers, Dribble and Truncate change whatever the
	// answer is.
	Code       *int              `json:"code,omitempty"`
	Message    *string           `json:"message,omitempty"`
	HTTPStatus *int              `json:"httpStatus,omitempty"`
	Headers    map[string]string `json:"headers,omitempty"`
	Body       *string           `json:"body,omitempty"`
	Empty      bool              `json:"empty,omitempty"`
	Garbage    int               `json:"garbage,omitempty"` // bytes
	Truncate   bool              `json:"truncate,omitempty"`
	Dribble    *strict.Duration  `json:"dribble,omitempty"` // before each byte, in wall time
	Cut        string            `json:"cut,omitempty"`     // Before or After

	// To either, in wall time.
	Delay *Delay `json:"delay,omitempty"`

	// To pushes. Duplicate is how many deliveries there are in all.
	Duplicate   *int `json:"duplicate,omitempty"`
	Reorder     bool `json:"reorder,omitempty"`
	CorruptSign bool `json:"corruptSign,omitempty"`
	Drop        bool `json:"drop,omitempty"`
}
