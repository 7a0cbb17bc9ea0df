package show

import (
	"encoding/json"
	"strings"

	"github.com/etcp-mock/etcp-mock/client/control"
	"github.com/etcp-mock/etcp-mock/cmd/internal/cli"
)

// eventLine is an event as JSON.
type eventLine struct {
	ID    string          `json:"id"`
	Event string          `json:"event"`
	Data  json.RawMessage `json:"data"`
}

// Event prints an event of a sandbox in one line; under a request that was refused stands why.
func (p *Printer) Event(e control.Event) error {
	if p.JSON {
		return p.Compact(eventLine{e.ID, e.Kind, e.Data})
	}
	switch e.Kind {
	case control.EventRequest:
		return printEvent(e, func(q control.Request) {
			p.Line("%s %s", p.Cyan(cli.Pad(p.In("request"), 8)), p.requestLine(q))
			if why := p.Why(q); why != "" && q.Code != 0 {
				p.Line("         %s", p.Yellow(why))
			}
		})
	case control.EventPush:
		return printEvent(e, func(x control.Push) {
			p.Line("%s %s  %s  %s  %s  %s  %s", p.Blue(cli.Pad(p.In("push"), 8)), p.Dim(pushTime(x)), cli.Pad(cli.Clean(x.ID), 5), cli.Pad(cli.Clean(string(x.Kind)), 18),
				cli.Pad(p.State(x.Status), 9), p.Phrase("%s to %s", cli.Clean(x.PlateNumber), cli.Clean(x.MerchantNo)), p.Dim(p.lastAttempt(x)))
		})
	case control.EventCar:
		return printEvent(e, func(o control.Order) {
			at := o.EntranceTime
			verb := p.Phrase("enters %s", cli.Clean(o.ParkingName))
			if o.State != control.Parked {
				at, verb = o.ExitTime, p.Phrase("leaves %s after %s, fee %s", cli.Clean(o.ParkingName), p.stayed(o), o.ParkingFee)
			}
			p.Line("%s %s  %s %s", p.Green(cli.Pad(p.In("car"), 8)), p.Dim(at.String()), p.Bold(cli.Clean(o.PlateNumber)), verb)
		})
	case control.EventClock:
		return printEvent(e, func(c control.Clock) {
			p.Line("%s %s  %s", p.Yellow(cli.Pad(p.In("clock"), 8)), p.Dim(c.Now.String()), p.In(cli.Clean(c.Mode)))
		})
	case control.EventFault:
		return printEvent(e, func(f faultEvent) {
			hit := cli.Clean(f.Endpoint)
			if f.PushID != "" {
				hit = p.Phrase("push %s", cli.Clean(f.PushID))
			}
			p.Line("%s %s  %s hits %s: %s", p.Red(cli.Pad(p.In("fault"), 8)), p.Dim(cli.Clean(f.At)), p.Bold(cli.Clean(f.Fault.ID)), hit, cli.Clean(Flat(f.Fault.Do)))
		})
	case control.EventReset:
		return printEvent(e, func(r resetEvent) {
			p.Line("%s %s  %s", p.Yellow(cli.Pad(p.In("reset"), 8)), p.Dim(cli.Clean(r.Now)), p.cause(r.Cause))
		})
	case control.EventFaults, control.EventRules, control.EventMerchants, control.EventSandbox:
		return printEvent(e, func(c control.Changed) {
			what := e.Kind
			if what == control.EventMerchants {
				what = "merchant" // as wide as the others
			}
			p.Line("%s %s %s", p.Yellow(cli.Pad(p.In(what), 8)), cli.Clean(strings.Join(c.IDs, ", ")), p.In(cli.Clean(c.Action)))
		})
	case control.EventLagged:
		p.Line("%s some events are lost, for this reader was too slow: %s", p.Red(cli.Pad(p.In("lagged"), 8)), cli.Clean(string(e.Data)))
	default:
		p.Line("%s %s", p.Red(cli.Pad(cli.Clean(e.Kind), 8)), cli.Clean(string(e.Data)))
	}
	return nil
}

// cause is why a sandbox, or what is told of it, began anew.
func (p *Printer) cause(cause string) string {
	if cause == control.CauseUnknown {
		return p.In("the event to resume behind is not one of this sandbox; what follows is what happens from now on")
	}
	return p.In(cli.Clean(cause))
}

// resetEvent says why a sandbox began anew.
type resetEvent struct {
	Cause string `json:"cause"`
	Now   string `json:"now"`
}

// faultEvent is what a fault has hit.
type faultEvent struct {
	Fault    control.Fault `json:"fault"`
	At       string        `json:"at"`
	Endpoint string        `json:"endpoint"`
	PushID   string        `json:"pushId"`
}

func pushTime(x control.Push) string {
	if n := len(x.Attempts); n > 0 {
		return x.Attempts[n-1].At.String()
	}
	return x.CreatedAt.String()
}

func printEvent[T any](e control.Event, show func(T)) error {
	var v T
	if err := json.Unmarshal(e.Data, &v); err != nil {
		return cli.Errorf("event %s: %w", e.ID, err)
	}
	show(v)
	return nil
}
