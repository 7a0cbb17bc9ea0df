// Package traffic lives a city's day in a sandbox of a mock: cars come and go by the hour, their owners log in, bind, ask,
// pay and forget to pay. It is what the step traffic of scenarios and the command `etcp-mock traffic` run.
package traffic

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/etcp-mock/etcp-mock/client"
	"github.com/etcp-mock/etcp-mock/client/control"
	"github.com/etcp-mock/etcp-mock/internal/duration"
	"github.com/etcp-mock/etcp-mock/scenarios/internal/fake"
)

// Plan is a city that lives its day in a sandbox: cars come and go by the hour, their owners log in, bind, ask, pay and
// forget to pay, and a few requests are wrong. The same seed in the same sandbox makes the same events.
type Plan struct {
	Rate  float64        // events a second of the sandbox's clock, on average; busy hours have more
	For   time.Duration  // on the sandbox's clock; at most 31 days, and 100 000 events
	Mix   map[string]int // weights of the kinds of events in place of their usual ones, see [Kinds]; nil: the usual ones
	Seed  uint64
	Speed float64 // how much faster than real time it passes; 0: at once

	// Progress gets each event when it has happened.
	Progress func(Event)
	// Answered gets each answer.
	Answered func(endpoint string, code int)
}

// Kind is a kind of event of a city.
type Kind struct {
	Name   string
	Doc    string
	Weight int // its usual one
}

// The names of the kinds.
const (
	kindSignIn    = "signIn"
	kindBind      = "bind"
	kindUnbind    = "unbind"
	kindEnter     = "enter"
	kindAsk       = "ask"
	kindPayOnline = "payOnline"
	kindLeave     = "leave"
	kindPayCash   = "payCash"
	kindDebit     = "debit"
	kindForget    = "forget"
	kindWrong     = "wrong"
)

var kinds = []Kind{
	{kindSignIn, "An owner logs in, by SMS or through the merchant.", 8},
	{kindBind, "An owner binds a vehicle, or has it certified.", 8},
	{kindUnbind, "An owner unbinds a vehicle.", 1},
	{kindEnter, "A car enters.", 26},
	{kindAsk, "An owner asks what is owed, for the history, or for car parks.", 18},
	{kindPayOnline, "An owner pays through the merchant.", 12},
	{kindLeave, "A car whose fee is paid leaves.", 11},
	{kindPayCash, "A car leaves, and its driver pays in cash.", 7},
	{kindDebit, "A car leaves, and the fee is debited.", 4},
	{kindForget, "A car leaves without paying.", 2},
	{kindWrong, "A merchant sends something wrong.", 3},
}

// Kinds are the kinds of events there are, with their usual weights. Where the mix wants what cannot be yet, what
// has to come before it comes in its place: a car enters before one can leave.
func Kinds() []Kind { return slices.Clone(kinds) }

// Event is something that happened.
type Event struct {
	Index       int         `json:"index"` // from 0
	Total       int         `json:"total"`
	At          client.Time `json:"at"`
	Kind        string      `json:"kind"`
	What        string      `json:"what,omitempty"` // of the kind: sms, carretrieve, orderhistory, …
	Merchant    int         `json:"merchant"`       // which of the sandbox's, from 0
	Phone       string      `json:"phone,omitempty"`
	PlateNumber string      `json:"plateNumber,omitempty"`
	ParkingID   string      `json:"parkingId,omitempty"`
	Failure     string      `json:"failure,omitempty"` // what was not as it should have been
}

// Report is what became of it.
type Report struct {
	Seed       uint64         `json:"seed"`
	From       client.Time    `json:"from"`
	To         client.Time    `json:"to"`
	Events     int            `json:"events"`
	Kinds      map[string]int `json:"kinds"`
	Calls      map[string]int `json:"calls"`      // by endpoint
	Codes      map[string]int `json:"codes"`      // by code of §11
	TurnedAway int            `json:"turnedAway"` // cars that found the car park full
	Owners     int            `json:"owners"`
	Vehicles   int            `json:"vehicles"` // bound by them
	Parked     int            `json:"parked"`   // at the end, of those that came
	PaidOnline client.Fen     `json:"paidOnline"`
	PaidCash   client.Fen     `json:"paidCash"`
	Debited    client.Fen     `json:"debited"`
	Owing      client.Fen     `json:"owing"`
	Unexpected int            `json:"unexpected"` // what was not as it should have been …
	Failures   []string       `json:"failures"`   // … and the first of it
	Failed     []Event        `json:"-"`          // the events of Failures
}

const maxFailures = 20

// run drives the city's events into a sandbox.
type run struct {
	Plan

	sandbox *control.Sandbox
	clients []*client.Client
	report  *Report
	now     time.Time // of the sandbox, as far as it is known
	running bool
	serial  int // of the merchant's payments
}

// Run lives the city's day in a sandbox of a mock, as its merchants. The report is there even where an error breaks it off.
func (t Plan) Run(ctx context.Context, sandbox *control.Sandbox, merchants []*client.Client) (*Report, error) {
	d := &run{Plan: t, sandbox: sandbox, clients: merchants}
	return d.live(ctx)
}

// Check says what cannot be of it: its bounds, and the names and weights of its mix.
func (t Plan) Check() error {
	_, err := t.events()
	return err
}

// events is how many there are, or why there cannot be so many.
func (t Plan) events() (int, error) {
	n := t.Rate * t.For.Seconds()
	switch {
	case t.For <= 0 || t.For > maxLength:
		return 0, fmt.Errorf("traffic lasts at most %d days, not %s", int(maxLength.Hours()/24), duration.Format(t.For))
	case n < 1:
		return 0, fmt.Errorf("not a single event happens in %s at this rate", t.For)
	case n > maxEvents:
		return 0, fmt.Errorf("%.0f events are too many; there can be %d", n, maxEvents)
	}
	for name, weight := range t.Mix {
		if !slices.ContainsFunc(kinds, func(k Kind) bool { return k.Name == name }) {
			return 0, fmt.Errorf("there is no kind of event %q; there are %s", name, strings.Join(kindNames(), ", "))
		}
		if weight < 0 || weight > MaxWeight {
			return 0, fmt.Errorf("the weight of %s is from 0 to %d, not %d", name, MaxWeight, weight)
		}
	}
	return int(n), nil
}

func kindNames() []string {
	names := make([]string, len(kinds))
	for i, k := range kinds {
		names[i] = k.Name
	}
	return names
}

// MaxWeight bounds how much more often than others one kind of call may come.
const MaxWeight = 1_000_000

func (d *run) live(ctx context.Context) (*Report, error) {
	d.report = &Report{Seed: d.Seed, Kinds: map[string]int{}, Calls: map[string]int{}, Codes: map[string]int{}, Failures: []string{}}
	total, err := d.events()
	if err != nil {
		return d.report, err
	}
	town, err := d.town(ctx)
	if err != nil {
		return d.report, err
	}
	start := d.now
	d.report.From, d.report.To = client.At(start), client.At(start)
	times := newTimetable(fake.New(d.Seed), start, d.For, total)
	for i := range total {
		if err := d.until(ctx, times.at()); err != nil {
			return d.summed(town), err
		}
		e := town.next(d.now)
		e.Index, e.Total = i, total
		failure, err := d.happen(ctx, town, e)
		if err != nil {
			return d.summed(town), err
		}
		d.happened(e, failure)
	}
	return d.summed(town), d.until(ctx, start.Add(d.For))
}

// town is the city as it is before the day begins.
func (d *run) town(ctx context.Context) (*city, error) {
	clock, err := d.sandbox.Clock(ctx)
	if err != nil {
		return nil, err
	}
	d.now, d.running = clock.Now.Time, clock.Mode == control.ClockRunning
	parkings, err := d.sandbox.Parkings(ctx, control.Page{Limit: 1000})
	if err != nil {
		return nil, err
	}
	switch {
	case len(d.clients) == 0:
		return nil, errors.New("the sandbox has no merchant")
	case len(parkings.Items) == 0:
		return nil, errors.New("the sandbox has no car park")
	}
	c := newCity(d.Plan, len(d.clients), parkings.Items)
	return c, d.parked(ctx, c)
}

// parked finds what is parked already: it takes space, and its plates are taken.
func (d *run) parked(ctx context.Context, c *city) error {
	page := control.Page{Limit: 1000}
	for {
		list, err := d.sandbox.Orders(ctx, control.OrderFilter{State: control.Parked}, page)
		if err != nil {
			return err
		}
		for _, o := range list.Items {
			c.occupies(o.PlateNumber, o.ParkingID)
		}
		if page.After = list.Next; page.After == "" || len(list.Items) == 0 {
			return nil
		}
	}
}

// until lets time pass. A clock that runs is there already, perhaps.
func (d *run) until(ctx context.Context, at time.Time) error {
	if d.Speed > 0 && at.After(d.now) {
		if err := pause(ctx, time.Duration(float64(at.Sub(d.now))/d.Speed)); err != nil {
			return err
		}
	}
	if d.running {
		clock, err := d.sandbox.Clock(ctx)
		if err != nil {
			return err
		}
		d.now = clock.Now.Time
	}
	if by := at.Sub(d.now).Truncate(time.Second); by > 0 {
		clock, err := d.sandbox.Advance(ctx, by)
		if err != nil {
			return err
		}
		d.now = clock.Now.Time
	}
	d.report.To = client.At(d.now)
	return ctx.Err()
}

func (d *run) happened(e *event, failure string) {
	d.report.Events++
	d.report.Kinds[e.Kind]++
	e.At, e.Failure = client.At(d.now), failure
	if failure != "" {
		d.report.Unexpected++
		if len(d.report.Failures) < maxFailures {
			d.report.Failed = append(d.report.Failed, e.Event)
			d.report.Failures = append(d.report.Failures, fmt.Sprintf("%s %s %s: %s", e.At, e.Kind, e.PlateNumber, failure))
		}
	}
	if d.Progress != nil {
		d.Progress(e.Event)
	}
}

func (d *run) summed(town *city) *Report {
	d.report.Owners, d.report.Vehicles, d.report.Parked = town.owners.len(), town.bound, town.parked
	return d.report
}

func pause(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
