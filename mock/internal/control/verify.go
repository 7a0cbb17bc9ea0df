package control

import (
	"encoding/json"
	"time"

	"github.com/etcp-mock/etcp-mock/internal/lang"
	"github.com/etcp-mock/etcp-mock/mock/internal/platform/notation"
	"github.com/etcp-mock/etcp-mock/mock/internal/push"
	"github.com/etcp-mock/etcp-mock/mock/internal/strict"
	"github.com/etcp-mock/etcp-mock/mock/internal/subset"
	"github.com/etcp-mock/etcp-mock/mock/internal/verify"
)

// maxWithin bounds how long a verification may wait, in real time.
const maxWithin = 10 * time.Minute

// counting is the part of a verification that says how many, and by when.
type counting struct {
	Count *struct {
		Min *int `json:"min"`
		Max *int `json:"max"`
	} `json:"count"`
	Within  *strict.Duration `json:"within"`
	ByValue bool             `json:"byValue"` // numbers compare as people mean them: see [subset.Object.ByValue]
}

type verification struct {
	OK       bool       `json:"ok"`
	Matched  int        `json:"matched"`
	Detail   string     `json:"detail,omitempty"` // where it does not hold: what was wanted
	DetailZh string     `json:"detailZh,omitempty"`
	Hint     string     `json:"hint,omitempty"` // which there are too many of, or why there are none, where that is known
	HintZh   string     `json:"hintZh,omitempty"`
	Nearest  []nearItem `json:"nearest"`
}

type nearItem struct {
	ID      string   `json:"id"`
	Differs []string `json:"differs"`
}

// count reads it: min is 1, and 0 where only max is given.
func (c *counting) count(e *strict.Invalid) verify.Count {
	out := verify.Count{Min: 1, Max: -1}
	add := func(pointer, detail string) {
		e.Problems = append(e.Problems, strict.Problem{Pointer: pointer, Detail: detail})
	}
	if c.Count != nil {
		if c.Count.Max != nil {
			if out.Min, out.Max = 0, *c.Count.Max; out.Max < 0 {
				add("/count/max", "want 0 or more")
			}
		}
		if c.Count.Min != nil {
			switch out.Min = *c.Count.Min; {
			case out.Min < 0:
				add("/count/min", "want 0 or more")
			case out.Max >= 0 && out.Min > out.Max:
				add("/count/max", "want at least min")
			}
		}
	}
	if c.Within != nil {
		if out.Within = time.Duration(*c.Within); out.Within > maxWithin {
			add("/within", "want at most 10m")
		}
	}
	return out
}

// wanted reads a subset; nil is none.
func wanted(e *strict.Invalid, pointer string, raw json.RawMessage) *subset.Object {
	if raw == nil || string(raw) == "null" {
		return nil
	}
	object, err := subset.New(raw)
	if err != nil {
		e.Problems = append(e.Problems, strict.Problem{Pointer: pointer, Detail: err.Error()})
	}
	return object
}

// verifyRequests counts the requests that match, and waits for them. Data is a
// subset of a request's; its scalars compare by JSON type and value: 8 and 8.0
// are equal, 8 and "8" are not, and the nearest miss says so. With byValue they are.
func (a *Control) verifyRequests(in *call) (reply, error) {
	var body struct {
		counting

		Endpoint   string          `json:"endpoint"`
		MerchantNo string          `json:"merchantNo"`
		Code       *int            `json:"code"`
		Data       json.RawMessage `json:"data"`
	}
	if err := in.decode(&body); err != nil {
		return reply{}, err
	}
	invalid := &strict.Invalid{}
	want := verify.RequestWant{Endpoint: body.Endpoint, MerchantNo: body.MerchantNo, Code: body.Code, Data: wanted(invalid, "/data", body.Data)}
	named{in, invalid}.request("", body.Endpoint, body.MerchantNo, body.Code, body.Data)
	count := body.count(invalid)
	if len(invalid.Problems) > 0 {
		return reply{}, invalid
	}
	if body.ByValue {
		want.Data.ByValue()
	}
	found, err := in.sandbox.VerifyRequests(in.ctx, want, count)
	return verified(count, found, lang.Text{}, err)
}

// verifyPushes does for pushes what verifyRequests does for requests. The plate
// is the real one; what is looked for in the body is as it was sent, whatever
// push.encoding is: the fields of a form are strings.
func (a *Control) verifyPushes(in *call) (reply, error) {
	var body struct {
		counting

		Kind        string          `json:"kind"`
		MerchantNo  string          `json:"merchantNo"`
		PlateNumber string          `json:"plateNumber"`
		Status      string          `json:"status"`
		Body        json.RawMessage `json:"body"`
	}
	if err := in.decode(&body); err != nil {
		return reply{}, err
	}
	invalid := &strict.Invalid{}
	plate, _, _ := notation.NormalPlate(body.PlateNumber)
	want := verify.PushWant{Kind: body.Kind, MerchantNo: body.MerchantNo, PlateNumber: plate, Status: body.Status, Body: wanted(invalid, "/body", body.Body)}
	names := named{in, invalid}
	names.push("", "kind", body.Kind, body.MerchantNo, "body", body.Body)
	names.plate("/plateNumber", body.PlateNumber, names.pushed)
	switch push.Status(body.Status) {
	case "", push.Pending, push.Delivered, push.Failed:
	default:
		invalid.Problems = append(invalid.Problems, strict.Problem{Pointer: "/status", Detail: "want one of pending, delivered, failed"})
	}
	count := body.count(invalid)
	if len(invalid.Problems) > 0 {
		return reply{}, invalid
	}
	if body.ByValue {
		want.Body.ByValue()
	}
	found, err := in.sandbox.VerifyPushes(in.ctx, want, count)
	if err != nil || found.OK || found.Matched > 0 {
		return verified(count, found, lang.Text{}, err)
	}
	like := verify.PushWant{Kind: want.Kind, MerchantNo: want.MerchantNo, PlateNumber: want.PlateNumber}
	made, err := in.sandbox.VerifyPushes(in.ctx, like, verify.Count{Min: 1, Max: -1})
	var why lang.Text
	if err == nil && !made.OK {
		why = in.sandbox.WhyUnpushed(want)
	}
	return verified(count, found, why, err)
}

// verified says what was wanted and how many matched; why is the reason for which there are none, where that is known.
func verified(count verify.Count, v verify.Verification, why lang.Text, err error) (reply, error) {
	if err != nil {
		return reply{}, err
	}
	out := verification{OK: v.OK, Matched: v.Matched, Nearest: make([]nearItem, len(v.Nearest))}
	if !v.OK {
		wanted := count.Wanted(v.Matched)
		out.Detail, out.DetailZh = wanted.EN, wanted.ZH
		switch n := len(v.TooMany); {
		case n > 0 && v.Matched > n:
			why = lang.T("the latest are %s", "最近的是 %s").With(v.TooMany)
		case n > 0:
			why = lang.T("these are %s", "它们是 %s").With(v.TooMany)
		}
		out.Hint, out.HintZh = why.EN, why.ZH
	}
	for i, n := range v.Nearest {
		out.Nearest[i] = nearItem(n)
	}
	return ok(out)
}
