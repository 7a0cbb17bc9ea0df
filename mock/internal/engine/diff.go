package engine

import (
	"bytes"
	"cmp"
	"encoding/json"
	"slices"
	"time"

	"github.com/etcp-mock/etcp-mock/mock/internal/platform"
	"github.com/etcp-mock/etcp-mock/mock/internal/platform/notation"
)

// Difference is one thing that is another at two points of a log. Before or After is null where it was not there.
type Difference struct {
	Kind   string          `json:"kind"` // binding, order, payment, token, push, clock, rule, merchant, parking, vehicle, sms, fault
	Key    string          `json:"key"`
	Before json.RawMessage `json:"before"`
	After  json.RawMessage `json:"after"`
}

type thing struct{ kind, key string }

// Diff is what changed from one engine to another, as a person reads it, by kind and key. Merchant keys are left out.
func Diff(from, to *Engine) []Difference {
	before, after := from.things(), to.things()
	out := []Difference{}
	for at, was := range before {
		if current, still := after[at]; !still || !bytes.Equal(was, current) {
			out = append(out, Difference{at.kind, at.key, was, orNull(current)})
		}
	}
	for at, current := range after {
		if _, had := before[at]; !had {
			out = append(out, Difference{at.kind, at.key, orNull(nil), current})
		}
	}
	slices.SortFunc(out, func(a, b Difference) int { return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Key, b.Key)) })
	return out
}

func orNull(raw json.RawMessage) json.RawMessage {
	if raw == nil {
		return json.RawMessage("null")
	}
	return raw
}

// things is everything in a sandbox that can differ.
func (e *Engine) things() map[thing]json.RawMessage {
	out := map[thing]json.RawMessage{}
	put := func(kind, key string, value any) {
		if raw, err := json.Marshal(value); err == nil {
			out[thing{kind, key}] = raw
		}
	}
	s := e.state.Snapshot()
	for _, b := range s.Bindings {
		put("binding", b.Vehicle.Plate+" "+b.Vehicle.Color, bindingView{b.Phone, notation.FormatTime(b.Since), b.Merchants, b.CertifiedFor})
	}
	for _, o := range e.state.OrdersOf("", "", e.now) {
		put("order", o.ID, orderView(&o))
		for _, p := range o.Payments {
			put("payment", p.PayOrderID, map[string]string{
				"orderId": o.ID, "externalOrderId": p.ExternalOrderID, "merchantNo": p.MerchantNo, "payment": p.Amount.Plain(), "payTime": p.PayTime,
			})
		}
	}
	for i := range s.Tokens {
		t := &s.Tokens[i]
		put("token", t.Token, map[string]string{"phone": t.Holder.Phone, "merchantNo": t.Holder.Merchant, "appId": t.Holder.App, "at": notation.FormatTime(t.At), "voidedAt": timeText(t.VoidedAt)})
	}
	for phone, sms := range s.SMS {
		put("sms", phone, map[string]any{"code": sms.Code, "sentAt": notation.FormatTime(sms.SentAt), "used": sms.Used})
	}
	for _, m := range s.Merchants {
		m.Key = ""
		put("merchant", m.No, m)
	}
	for _, p := range s.Parkings {
		put("parking", p.ID, p)
	}
	for _, r := range s.Registry {
		put("vehicle", r.Vehicle.Plate+" "+r.Vehicle.Color, r.Registered)
	}
	for name, value := range s.Rules {
		put("rule", name, value)
	}
	for _, f := range e.faults.List() {
		put("fault", f.ID, f)
	}
	for _, item := range e.pushes.Snapshot().Items {
		put("push", item.ID, map[string]any{
			"kind": item.Kind, "merchantNo": item.MerchantNo, "plateNumber": item.PlateNumber, "orderId": item.OrderID, "status": item.Status, "attempts": len(item.Attempts),
		})
	}
	clock := e.clock.Read(e.clock.Wall())
	put("clock", "clock", map[string]any{"now": notation.FormatTime(clock.Now), "mode": clock.Mode, "rate": clock.Rate})
	return out
}

type bindingView struct {
	Phone        string   `json:"phone"`
	Since        string   `json:"since"`
	Merchants    []string `json:"merchants"`
	CertifiedFor string   `json:"certifiedFor,omitempty"`
}

func orderView(o *platform.Order) map[string]string {
	return map[string]string{
		"plateNumber": o.Vehicle.Plate, "parkingName": o.ParkingName, "state": o.State, "entranceTime": notation.FormatTime(o.EntranceTime),
		"exitTime": timeText(o.ExitTime), "parkingFee": o.Fee.Plain(), "paidElectronic": o.PaidElectronic.Plain(), "paidCash": o.PaidCash.Plain(), "remainingFee": o.Remaining.Plain(),
	}
}

func timeText(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return notation.FormatTime(t)
}
