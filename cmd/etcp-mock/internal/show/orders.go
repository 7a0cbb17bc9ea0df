package show

import (
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/etcp-mock/etcp-mock/client/control"
	"github.com/etcp-mock/etcp-mock/cmd/internal/cli"
	"github.com/etcp-mock/etcp-mock/internal/duration"
	"github.com/etcp-mock/etcp-mock/internal/lang"
)

// Order prints a stay: where, from when to when, and what was paid.
func Order(p *Printer, verb lang.Text, o control.Order) error {
	if p.JSON {
		return p.Object(o)
	}
	p.Line("%s %s %s (car park %s)", p.Bold(cli.Clean(o.PlateNumber)), p.Either(verb.EN, verb.ZH), cli.Clean(o.ParkingName), cli.Clean(o.ParkingID))
	stay := o.EntranceTime.String()
	if !o.ExitTime.IsZero() {
		stay = p.Phrase("%s to %s, %s", stay, o.ExitTime, p.stayed(o))
	}
	p.Card(cli.Field{"order", cli.Clean(o.OrderID)}, cli.Field{"stay", stay}, cli.Field{"fee", o.ParkingFee.String()},
		cli.Field{"paid", p.paid(o)}, cli.Field{"state", p.State(o.State)})
	return nil
}

func (p *Printer) paid(o control.Order) string {
	ways := []string{}
	if o.PaidElectronic > 0 {
		ways = append(ways, p.Phrase("%s electronically", o.PaidElectronic))
	}
	if o.PaidCash > 0 {
		ways = append(ways, p.Phrase("%s in cash", o.PaidCash))
	}
	return strings.Join(ways, p.Either(", ", "，"))
}

func (p *Printer) stayed(o control.Order) string {
	length, chinese := duration.Between(o.EntranceTime.Time, o.ExitTime.Time)
	if d := o.ExitTime.Sub(o.EntranceTime.Time); d != math.MaxInt64 {
		length = short(d)
	}
	return p.Either(length, chinese)
}

// State colours the states of stays and pushes: what is over, what goes on, what went wrong.
func (p *Printer) State(state string) string {
	switch state {
	case control.Left, control.PushDelivered, control.Passed:
		return p.Green(p.In(state))
	case control.Parked, control.PushPending, control.Running:
		return p.Blue(p.In(state))
	}
	return p.Red(p.In(cli.Clean(state)))
}

// short is a duration for people: 1h30m, 2d3h.
func short(d time.Duration) string {
	const day = 24 * time.Hour
	if d >= day {
		days := strconv.Itoa(int(d/day)) + "d"
		if rest := d % day; rest != 0 {
			return days + short(rest)
		}
		return days
	}
	text := d.String()
	for _, zero := range []string{"m0s", "h0m"} {
		if strings.HasSuffix(text, zero) {
			text = text[:len(text)-2]
		}
	}
	return text
}
