package model

import (
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/etcp-mock/etcp-mock/client"
	"github.com/etcp-mock/etcp-mock/client/control"
	"github.com/etcp-mock/etcp-mock/internal/jsonvalue"
)

// Push is a push that must have been sent.
type Push struct {
	Kind, Vehicle string
	to            int // the merchant
	at            time.Duration
	fields        []pushField
	verdict       verdict
	again         []time.Duration // when it was redelivered
}

type pushField struct {
	name, text string
	number     bool
}

// stay tells every merchant that is related to a vehicle of the begin or the end of a stay: with its plate masked, unless it is certified for that merchant (§10.1, §10.2).
func (m *Model) stay(kind string, o *parkingOrder) {
	b := m.bound[o.vehicle]
	if b == nil {
		return
	}
	for _, to := range b.merchants {
		plate := o.plate()
		if b.certified != to {
			plate = masked(plate)
		}
		m.push(kind, o.vehicle, to, m.stayFields(kind, plate, o))
	}
}

func (m *Model) stayFields(kind, plate string, o *parkingOrder) []pushField {
	userType, fix, days := "77", "", ""
	if o.longTerm {
		userType, fix, days = "76", fixParkingID, remainingDays
	}
	fields := []pushField{
		{"synId", o.id, false},
		{"plateNumber", plate, false},
		{"parkName", o.park.name, false},
		{"parkId", o.park.id, true},
		{"entranceTime", m.At(o.entered), false},
		{"userType", userType, false},
		{"pushTime", m.At(m.now), false},
	}
	if kind == "exit" {
		fee := pushField{"receivableFee", strconv.FormatInt((int64(o.fixed)+50)/100, 10), true}
		switch m.setup.receivable {
		case "decimal":
			fee.text = plainly(o.fixed)
		case "string":
			fee = pushField{"receivableFee", plainly(o.fixed), false}
		}
		fields = append(fields, pushField{"exitTime", m.At(m.now), false}, pushField{"stayedTime", strconv.FormatInt(int64((m.now-o.entered)/time.Second), 10), true}, fee)
	}
	return append(fields, pushField{"fixParkingId", fix, false}, pushField{"remainingDays", days, false})
}

// plainly is an amount without what says nothing.
func plainly(fen client.Fen) string {
	return strconv.FormatFloat(float64(fen)/100, 'f', -1, 64)
}

// notice tells merchants of a vehicle that was unbound or certified elsewhere (§10.3, §10.4).
func (m *Model) notice(kind, v string, merchants []int) {
	plate, _, _ := strings.Cut(v, "|")
	for _, to := range merchants {
		m.push(kind, v, to, []pushField{{"plateNumber", plate, false}, {"time", m.At(m.now), false}})
	}
}

func (m *Model) push(kind, v string, to int, fields []pushField) {
	if verdict := m.setup.Hooks[to].to(kind); verdict != nil {
		m.pushes = append(m.pushes, &Push{Kind: kind, Vehicle: v, to: to, at: m.now, fields: fields, verdict: *verdict})
	}
}

// contentTypes are those of the rule push.encoding.
var contentTypes = map[string]string{"json": "application/json", "form": "application/x-www-form-urlencoded", "form-data-param": "application/x-www-form-urlencoded"}

// Wrong is what is wrong with what a push says, under a value of the rule push.encoding, and the field at fault; "": nothing, and no single field.
func (m *Push) Wrong(contentType, body, encoding string) (field, detail string) {
	if kind, _, _ := strings.Cut(contentType, ";"); kind != contentTypes[encoding] {
		return "", "want the content type " + contentTypes[encoding]
	}
	values := map[string]any{}
	if encoding != "json" {
		query, err := url.ParseQuery(body)
		if err != nil {
			return "", err.Error()
		}
		for name := range query {
			values[name] = query.Get(name)
		}
		body = query.Get("data")
	}
	if encoding != "form" {
		dec := json.NewDecoder(strings.NewReader(body))
		dec.UseNumber()
		if err := dec.Decode(&values); err != nil {
			return "", err.Error()
		}
	}
	for _, f := range m.fields {
		text, ok := values[f.name].(string)
		number, isNumber := values[f.name].(json.Number)
		if isNumber {
			text = number.String()
		}
		switch {
		case encoding != "form" && (f.number && !isNumber || !f.number && !ok):
			return f.name, fmt.Sprintf("want %s as another JSON type", f.name)
		case f.name == "receivableFee":
			amount, err := client.ParseYuan(text)
			if want, _ := client.ParseYuan(f.text); err != nil || amount != want {
				return f.name, "want receivableFee " + f.text
			}
		case text != f.text:
			return f.name, "want " + f.name + " " + f.text
		}
	}
	return "", ""
}

// Value is what a field of a push must be, as JSON; "" where it has none of that name.
func (m *Push) Value(field string) string {
	for _, f := range m.fields {
		switch {
		case f.name != field:
		case f.number:
			return f.text
		default:
			return jsonvalue.Encode(f.text)
		}
	}
	return ""
}

// Attempts are when a push must have been tried, and how it ended (§10): at once, or when the one before of the same vehicle was done with, and again on the schedule.
type Attempts struct {
	At     []time.Duration // since the sandbox's start
	Status string          // as the control API says it
	next   time.Duration   // where it is pending
}

// Pushes are those to a merchant that must have been sent, in their order.
func (m *Model) Pushes(to int) (due []*Push) {
	for _, push := range m.pushes {
		if push.to == to {
			due = append(due, push)
		}
	}
	return due
}

// Redelivered notes that a push was sent once more.
func (m *Model) Redelivered(push *Push) { push.again = append(push.again, m.now) }

// Outcomes are what must have become of pushes to one merchant, in their order.
func (m *Model) Outcomes(pushes []*Push) []Attempts {
	all := make([]Attempts, len(pushes))
	free := map[string]time.Duration{} // when a vehicle's next push may go out; beyond now: it waits
	for i, push := range pushes {
		begin := push.at
		if after, ok := free[push.Vehicle]; ok && !m.setup.apart {
			begin = max(begin, after)
		}
		a := &all[i]
		a.Status, a.next = control.PushPending, begin
		for n := 0; a.next <= m.now && a.Status == control.PushPending; n++ {
			a.At = append(a.At, a.next)
			switch {
			case push.verdict.delivered:
				a.Status = control.PushDelivered
			case n >= len(m.setup.schedule):
				a.Status = control.PushFailed
			default:
				a.next += m.setup.schedule[n]
			}
		}
		if a.Status == control.PushPending {
			free[push.Vehicle] = 1 << 62
		} else {
			free[push.Vehicle] = max(free[push.Vehicle], a.At[len(a.At)-1])
		}
		a.At = append(a.At, push.again...)
		slices.Sort(a.At)
	}
	return all
}
