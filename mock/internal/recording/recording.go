// Package recording turns what was done to a sandbox into a scenario that does it again: calls, cars, clock, faults. A value
// that flows from an answer into a later request becomes a variable; keys stay out; time is written as what passed.
package recording

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/etcp-mock/etcp-mock/internal/lang"
	"github.com/etcp-mock/etcp-mock/internal/mask"
	"github.com/etcp-mock/etcp-mock/mock/internal/engine"
	"github.com/etcp-mock/etcp-mock/mock/internal/fixture"
	"github.com/etcp-mock/etcp-mock/mock/internal/platform"
	"github.com/etcp-mock/etcp-mock/mock/internal/platform/notation"
)

// ErrAlien is the cause where a state was put back that was not taken out of the sandbox: no steps lead to what is.
var ErrAlien = errors.New("a state was put back that was not taken out of this sandbox, and no steps lead to it; reset the sandbox, or record in a fresh one")

// ErrFrom is the cause where a recording is to begin nowhere.
var ErrFrom = errors.New(`want the id of a request such as r17, or a time such as "2017-08-20 12:00:00"`)

// Scenario is a scenario as JSON, in the order people read it, and what is to be said above it.
type Scenario struct {
	Notes []lang.Text
	JSON  json.RawMessage
}

// Make makes the scenario of a sandbox's log. What happened before from (a request's id, or a time; "" is the beginning) is in it too, since
// all that follows rests on it, but is held to nothing. What hides hides is not in it. Its errors are [ErrAlien] and [ErrFrom].
func Make(h *engine.History, name, from string, hides mask.Masker) (Scenario, error) {
	log, err := read(h)
	if err != nil {
		return Scenario{}, err
	}
	if log.alien {
		return Scenario{}, ErrAlien
	}
	begins, err := beginning(from)
	if err != nil {
		return Scenario{}, err
	}
	precision := log.precision()
	log.start = log.start.Truncate(precision)
	r := recorder{log: log, flow: newFlow(), precision: precision, cursor: log.start, begins: begins, hides: hides}
	if log.lost > 0 {
		r.note(lang.T(
			"The first %d inputs are no longer kept. This begins at %s, with what there was then: car parks, vehicles, bindings, parked cars, amounts owed, rules and faults. Who had signed in by then signs in anew.",
			"最早的 %d 条输入已不再保留。本录制从 %s 开始，以当时的状态为初始数据：停车场、车辆登记、绑定、在场车辆、待缴费用、规则和故障。此前登录的用户须重新登录。",
		).With(log.lost, notation.FormatTime(log.start)))
	}
	r.merchants()
	begun := !strings.HasPrefix(from, "r") // a time may lie after the last act
	for _, a := range log.list {
		begun = begun || begins(a)
		r.act(a)
	}
	if !begun {
		return Scenario{}, fmt.Errorf("no request %s; %w", from, ErrFrom)
	}
	whole, err := literal(r.scenario(""))
	if err != nil {
		return Scenario{}, fmt.Errorf("recording: %w", err)
	}
	text, err := json.Marshal(whole)
	if err != nil {
		return Scenario{}, fmt.Errorf("recording: %w", err)
	}
	return Scenario{r.notes, named(name, hideSet(text, hides))}, nil
}

// hideSet hides keys in what was set. A word stands there for them, since whoever runs the recording sets it again, and what stands for a key
// elsewhere is refused there.
func hideSet(text []byte, hides mask.Masker) []byte {
	return hides.JSONAs("hidden", text, func(member string) bool { return setMembers[member] })
}

// setMembers are those that whoever may call the control API has set: a key may have been put into a name, a rule or a fault.
var setMembers = map[string]bool{"name": true, "city": true, "vin": true, "engine": true, "do": true, "where": true, "rules": true, "fields": true}

// named gives a scenario that has none its name, which is the sandbox's id and is shown as it is.
func named(name string, scenario []byte) []byte {
	text, _ := json.Marshal(name) //nolint:errchkjson // a text always encodes
	return append(append([]byte(`{"name":`), text...), bytes.TrimPrefix(scenario, []byte(`{"name":""`))...)
}

// beginning tells of an act whether the recording has begun.
func beginning(from string) (func(act) bool, error) {
	if from == "" {
		return func(act) bool { return true }, nil
	}
	if n, err := strconv.ParseUint(strings.TrimPrefix(from, "r"), 10, 64); err == nil && from[0] == 'r' {
		return func(a act) bool {
			asked, ok := a.what.(requested)
			if !ok {
				return false
			}
			id, err := strconv.ParseUint(strings.TrimPrefix(asked.ID, "r"), 10, 64)
			return err == nil && id >= n
		}, nil
	}
	var at fixture.Instant
	if at.UnmarshalText([]byte(from)) != nil {
		return nil, ErrFrom
	}
	return func(a act) bool { return !a.at.Before(at.Time) }, nil
}

type recorder struct {
	log   *acts
	hides mask.Masker
	flow  flow
	notes []lang.Text
	steps []*step

	precision time.Duration // to which instants are cut off
	cursor    time.Time     // what the clock of the scenario shows

	begins func(act) bool
	begun  bool

	known   []platform.Merchant // the first calls where nobody is named
	unnamed bool                // the only merchant needs no number
}

// step is one step on its way.
type step struct {
	fields object // the action and what stands beside it
	expect object
	saves  object
}

func (s *step) object(begun bool) object {
	out := s.fields
	if len(s.expect) > 0 && (begun || s.expect.get("data") == nil) {
		out.set("expect", s.expect)
	}
	if len(s.saves) > 0 {
		out.set("save", s.saves)
	}
	return out
}

func (r *recorder) add(fields object) *step {
	s := &step{fields: fields}
	r.steps = append(r.steps, s)
	return s
}

func (r *recorder) note(text lang.Text) {
	if !slices.Contains(r.notes, text) {
		r.notes = append(r.notes, text)
	}
}

// until lets time pass up to an instant, as exactly as the recording is.
func (r *recorder) until(at time.Time) {
	at = at.Truncate(r.precision)
	if gap := at.Sub(r.cursor); gap > 0 {
		r.add(object{{"advance", durationText(gap)}})
		r.cursor = at
	}
}

// durationText is a duration without the zeros that nobody writes: 1h30m.
func durationText(d time.Duration) string {
	text := d.String()
	if strings.HasSuffix(text, "m0s") {
		text = strings.TrimSuffix(text, "0s")
	}
	if strings.HasSuffix(text, "h0m") {
		text = strings.TrimSuffix(text, "0m")
	}
	return text
}

func (r *recorder) act(a act) {
	if !r.begun && r.begins(a) {
		r.begun = true
		if len(r.steps) > 0 {
			n := len(r.steps)
			note := lang.T("The first %d steps bring the sandbox to where the recording begins.", "前 %d 个步骤把沙箱带到录制开始时的状态。").With(n)
			if n == 1 {
				note = lang.T("The first step brings the sandbox to where the recording begins.", "第一个步骤把沙箱带到录制开始时的状态。")
			}
			r.note(note)
		}
	}
	if moved, ok := a.what.(clockMoved); ok && moved.to.Truncate(r.precision).Before(r.cursor) {
		r.add(object{{"clock", notation.FormatTime(moved.to)}})
		r.cursor = moved.to.Truncate(r.precision)
		return
	}
	r.until(a.at)
	switch what := a.what.(type) {
	case clockMoved:
		r.until(what.to)
	case requested:
		r.asked(what)
	case commanded:
		r.commanded(what)
	case faultAdded:
		r.add(object{{"fault", r.fault(what.fault)}})
	case faultDeleted:
		if what.id == "" {
			r.add(object{{"fault", "clear"}})
			return
		}
		r.admin(http.MethodDelete, "/faults/"+url.PathEscape(what.id), nil)
	case redelivered:
		r.add(object{{"redeliver", what.id}})
	case stateTaken:
		r.add(object{{"snapshot", what.name}})
	case stateRestored:
		r.add(object{{"restore", what.name}})
	}
}

// admin is a call of the control API for which the format has no step.
func (r *recorder) admin(method, path string, body any) {
	call := object{{"method", method}, {"url", template("/__admin/sandboxes/${sandbox}" + plain(path))}}
	if body != nil {
		call.set("json", body)
	}
	r.add(object{{"http", call}})
}

// scenario is the whole file.
func (r *recorder) scenario(name string) object {
	var called []string
	steps := make([]any, 0, len(r.steps))
	for _, s := range r.steps {
		steps = append(steps, s.object(true))
		if call, ok := s.fields.get("call").(string); ok && !slices.Contains(called, call) {
			called = append(called, call)
		}
	}
	summary, summaryZh := fmt.Sprintf("Recorded: %d steps", len(steps)), fmt.Sprintf("录制：%d 个步骤", len(steps))
	if len(steps) == 1 {
		summary = "Recorded: 1 step"
	}
	if len(called) > 0 {
		summary += " with " + strings.Join(called, ", ")
		summaryZh += "，调用了 " + strings.Join(called, "、")
	}
	if len(steps) == 0 {
		steps = append(steps, object{{"advance", "1s"}})
		if r.log.lost > 0 {
			r.note(lang.T("Nothing was done since then; a scenario wants a step.", "此后没有任何操作；场景至少要有一个步骤。"))
		} else {
			r.note(lang.T("Nothing was done; a scenario wants a step.", "没有任何操作；场景至少要有一个步骤。"))
		}
	}
	return object{
		{"name", name},
		{"summary", summary + "."},
		{"summaryZh", summaryZh + "。"},
		{"tags", []any{"recorded"}},
		{"sandbox", r.fixture()},
		{"steps", steps},
	}
}
