package control

import (
	"encoding/json"
	"errors"
	"strings"
	"time"

	"github.com/etcp-mock/etcp-mock/mock/internal/clock"
	"github.com/etcp-mock/etcp-mock/mock/internal/fault"
	"github.com/etcp-mock/etcp-mock/mock/internal/fixture"
	"github.com/etcp-mock/etcp-mock/mock/internal/platform/notation"
	"github.com/etcp-mock/etcp-mock/mock/internal/strict"
	"github.com/etcp-mock/etcp-mock/scenarios"
)

// judges are the values of scenarios that the control API takes, by what they are called there.
var judges = map[string]func(in *call, wall time.Time) error{
	"sandbox": func(in *call, wall time.Time) error {
		f, err := ReadFixture(in.body, wall)
		if err != nil {
			return err
		}
		return f.Judge(wall)
	},
	"fault": func(in *call, _ time.Time) error {
		var body fault.Fault
		if err := in.decode(&body); err != nil {
			return err
		}
		return fixture.CheckFault(&body)
	},
	"rules": func(in *call, _ time.Time) error { _, err := in.rules(); return err },
	"clock": func(in *call, _ time.Time) error { _, err := in.clockChange(); return err },
	"enter": func(in *call, _ time.Time) error {
		body, err := in.entering()
		if err == nil {
			_, err = body.check()
		}
		return err
	},
	"exit": func(in *call, _ time.Time) error {
		body, err := in.leaving()
		if err == nil {
			_, err = body.check()
		}
		return err
	},
	"trigger": func(in *call, _ time.Time) error {
		body, err := in.triggered()
		if err == nil {
			_, err = triggerFields(body.Kind, body.Fields)
		}
		return err
	},
	"sms": func(in *call, _ time.Time) error {
		var body struct {
			MobilePhone string `json:"mobilePhone"`
		}
		if err := in.decode(&body); err != nil {
			return err
		}
		if !notation.ValidPhone(body.MobilePhone) {
			return invalidAt("/mobilePhone", "want 11 digits, the first 1, the second 3 to 9")
		}
		return nil
	},
}

// Judge says what the value of a scenario would be refused for whatever is in its sandbox: of a sandbox, which is a fixture, and of the steps
// fault, rules, clock, enter, exit, trigger, sms and call (with its data); of others it knows nothing. A clock that is a text is an instant. wall is the time now.
func Judge(wall func() time.Time) scenarios.Judge {
	return func(what string, value []byte, left []string) (out []scenarios.Judged) {
		if what == "call" {
			return judgeCall(value, left)
		}
		judge := judges[what]
		if judge == nil || len(value) > 0 && value[0] == '"' && what != "clock" {
			return nil
		}
		text := len(value) > 0 && value[0] == '"'
		if text {
			value = append(append([]byte(`{"now":`), value...), '}')
		}
		found, wrong := errors.AsType[*strict.Invalid](judge(&call{body: value}, wall()))
		if !wrong {
			return nil
		}
		for _, p := range fixture.Known(found.Problems, left) {
			if text {
				p.Pointer = strings.TrimPrefix(p.Pointer, "/now")
			}
			out = append(out, scenarios.Judged{Pointer: p.Pointer, Detail: p.Detail})
		}
		return out
	}
}

// rules are rules to be set, each checked.
func (in *call) rules() (set map[string]any, err error) {
	if err := in.decode(&set); err != nil {
		return nil, err
	}
	if set == nil {
		return nil, &strict.Invalid{Problems: []strict.Problem{{Detail: "want an object, got null"}}}
	}
	return set, fixture.CheckRules(set)
}

// clockChange is a change of a clock, checked.
func (in *call) clockChange() (clock.Change, error) {
	var body struct {
		Now  *fixture.Instant `json:"now"`
		Mode *string          `json:"mode"`
		Rate *float64         `json:"rate"`
	}
	if err := in.decode(&body); err != nil {
		return clock.Change{}, err
	}
	change := clock.Change{Mode: body.Mode, Rate: body.Rate}
	if body.Now != nil {
		change.Now = &body.Now.Time
	}
	return change, change.Check()
}

// trigger is a push to be made by hand.
type trigger struct {
	MerchantNo string                     `json:"merchantNo"`
	Kind       string                     `json:"kind"`
	Fields     map[string]json.RawMessage `json:"fields"`
}

func (in *call) triggered() (body trigger, err error) {
	err = in.decode(&body)
	return body, err
}
