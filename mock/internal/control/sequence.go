package control

import (
	"encoding/json"
	"strconv"
	"time"

	"github.com/etcp-mock/etcp-mock/mock/internal/strict"
	"github.com/etcp-mock/etcp-mock/mock/internal/verify"
)

// maxSequence bounds the steps of a sequence.
const maxSequence = 1000

type sequenceStep struct {
	Endpoint   string          `json:"endpoint"`
	Push       string          `json:"push"`
	Car        string          `json:"car"`
	MerchantNo string          `json:"merchantNo"`
	Code       *int            `json:"code"`
	Data       json.RawMessage `json:"data"`
}

// verifySequence looks for requests, pushes and cars in the order in which they happened.
func (a *Control) verifySequence(in *call) (reply, error) {
	var body struct {
		Steps   []sequenceStep   `json:"steps"`
		Strict  bool             `json:"strict"`
		Within  *strict.Duration `json:"within"`
		ByValue bool             `json:"byValue"` // numbers compare as people mean them: see [subset.Object.ByValue]
	}
	if err := in.decode(&body); err != nil {
		return reply{}, err
	}
	invalid := &strict.Invalid{}
	if n := len(body.Steps); n == 0 || n > maxSequence {
		invalid.Add("/steps", "want 1 to "+strconv.Itoa(maxSequence)+" steps")
	}
	var within time.Duration
	if body.Within != nil {
		if within = time.Duration(*body.Within); within > maxWithin {
			invalid.Add("/within", "want at most 10m")
		}
	}
	steps := make([]verify.Step, len(body.Steps))
	for i := range body.Steps {
		steps[i] = body.Steps[i].read(named{in, invalid}, strict.Pointer("steps", strconv.Itoa(i)))
	}
	if err := invalid.Err(); err != nil {
		return reply{}, err
	}
	if body.ByValue {
		for i := range steps {
			steps[i].ByValue()
		}
	}
	found, err := in.sandbox.VerifySequence(in.ctx, steps, body.Strict, within)
	if err != nil {
		return reply{}, err
	}
	out := struct {
		OK      bool     `json:"ok"`
		Matched []string `json:"matched"`
		Missing *int     `json:"missing,omitempty"` // the index of the first step that did not come
		Got     string   `json:"got,omitempty"`     // with strict: what came in its place
	}{OK: found.OK, Matched: found.Matched, Got: found.Got}
	if !found.OK {
		out.Missing = &found.Missing
	}
	return ok(out)
}

// read checks one step; the position in the body is at.
func (s *sequenceStep) read(n named, at string) (out verify.Step) {
	e := n.invalid
	named := 0
	for _, name := range []string{s.Endpoint, s.Push, s.Car} {
		if name != "" {
			named++
		}
	}
	if named != 1 {
		e.Add(at, "want one of endpoint, push and car")
		return out
	}
	switch {
	case s.Endpoint != "":
		n.request(at, s.Endpoint, s.MerchantNo, s.Code, s.Data)
		out.Request = &verify.RequestWant{Endpoint: s.Endpoint, MerchantNo: s.MerchantNo, Code: s.Code, Data: wanted(e, at+"/data", s.Data)}
		return out
	case s.Push != "":
		n.push(at, "push", s.Push, s.MerchantNo, "data", s.Data)
		out.Push = &verify.PushWant{Kind: s.Push, MerchantNo: s.MerchantNo, Body: wanted(e, at+"/data", s.Data)}
	default:
		if out.Car = s.Car; s.Car != "enter" && s.Car != "exit" {
			e.Add(at+"/car", "want enter or exit")
		}
		if s.Data != nil || s.MerchantNo != "" {
			e.Add(at, "a car has neither data nor merchantNo")
		}
	}
	if s.Code != nil {
		e.Add(at+"/code", "only a request has a code")
	}
	return out
}
