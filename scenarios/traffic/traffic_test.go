package traffic_test

import (
	"context"
	"crypto/rand"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/client"
	"github.com/etcp-mock/etcp-mock/client/control"
	"github.com/etcp-mock/etcp-mock/mock"
	"github.com/etcp-mock/etcp-mock/scenarios"
	"github.com/etcp-mock/etcp-mock/scenarios/traffic"
)

// inProcess is a mock without a socket.
func inProcess(tb testing.TB) scenarios.Target {
	tb.Helper()
	server, err := mock.New()
	require.NoError(tb, err)
	tb.Cleanup(func() { require.NoError(tb, server.Close(context.Background())) })
	return scenarios.InProcess(server.Handler())
}

// run lives a day in a sandbox, as its merchants.
func run(tb testing.TB, day traffic.Plan, target scenarios.Target, sandbox string) (*traffic.Report, error) {
	tb.Helper()
	merchants, err := target.Merchants(tb.Context(), sandbox)
	require.NoError(tb, err)
	return day.Run(tb.Context(), target.Control.Sandbox(sandbox), merchants)
}

// town is a sandbox with one car park and one merchant.
func town(tb testing.TB, target scenarios.Target, spaces int) string {
	tb.Helper()
	got, err := target.Control.CreateSandbox(tb.Context(), control.NewSandbox{Fixture: map[string]any{
		"clock": "2017-08-21 00:00:00", "merchants": []any{map[string]any{"no": "M-" + rand.Text(), "key": "k"}},
		"parkings": []any{
			map[string]any{"id": "1", "name": "停车场", "city": "重庆市", "lat": "29.563", "lon": "106.551", "totalSpace": spaces},
		},
	}})
	require.NoError(tb, err)
	return got.ID
}

// The same seed makes the same events, another seed others; they come in their order, more of them by day than by night.
func TestTraffic_sameSeed(t *testing.T) {
	target := inProcess(t)
	day := func(seed uint64) (events []traffic.Event, report *traffic.Report) {
		traffic := traffic.Plan{Rate: 400.0 / 86400, For: 24 * time.Hour, Seed: seed, Progress: func(e traffic.Event) { events = append(events, e) }}
		report, err := run(t, traffic, target, town(t, target, 20))
		require.NoError(t, err)
		return events, report
	}
	events, report := day(1)
	again, same := day(1)
	require.Equal(t, events, again)
	require.Equal(t, report, same)
	other, _ := day(2)
	require.NotEqual(t, events, other)

	require.Equal(t, 400, report.Events)
	require.Zero(t, report.Unexpected, "%v", report.Failures)
	require.Equal(t, "2017-08-22 00:00:00", report.To.String())
	night, morning := 0, 0
	for i, e := range events {
		require.Equal(t, i, e.Index)
		require.False(t, i > 0 && e.At.Before(events[i-1].At.Time))
		switch e.At.Hour() {
		case 2, 3:
			night++
		case 7, 8:
			morning++
		}
	}
	require.Greater(t, morning, 4*night)
}

// What the report says is what the orders say.
func TestTraffic_report(t *testing.T) {
	target := inProcess(t)
	id := town(t, target, 30)
	report, err := run(t, traffic.Plan{Rate: 600.0 / 86400, For: 24 * time.Hour, Seed: 3}, target, id)
	require.NoError(t, err)
	require.Zero(t, report.Unexpected, "%v", report.Failures)
	orders, err := target.Control.Sandbox(id).Orders(t.Context(), control.OrderFilter{}, control.Page{Limit: 1000})
	require.NoError(t, err)
	require.Len(t, orders.Items, report.Kinds["enter"]-report.TurnedAway)
	parked := 0
	var electronic, cash client.Fen
	for _, o := range orders.Items {
		electronic, cash = electronic+o.PaidElectronic, cash+o.PaidCash
		if o.State == control.Parked {
			parked++
		}
	}
	require.Equal(t, parked, report.Parked)
	require.Equal(t, cash, report.PaidCash)
	require.Equal(t, electronic, report.PaidOnline+report.Debited)
	require.Positive(t, report.PaidOnline)
	require.Positive(t, report.Debited)
}

// Where the mix wants what cannot be yet, what has to come before it comes: to be paid online, a car must be parked, and
// bound by an owner who has logged in.
func TestTraffic_mix(t *testing.T) {
	target := inProcess(t)
	traffic := traffic.Plan{Rate: 1, For: time.Minute, Mix: map[string]int{"payOnline": 1}}
	report, err := run(t, traffic, target, town(t, target, 100))
	require.NoError(t, err)
	require.Positive(t, report.Kinds["payOnline"])
	require.ElementsMatch(t, []string{"signIn", "bind", "enter", "payOnline"}, keys(report.Kinds))
	require.Zero(t, report.Unexpected, "%v", report.Failures)
}

func keys(m map[string]int) (out []string) {
	for k := range m {
		out = append(out, k)
	}
	return out
}

// A city without space, and one of a single space, live too.
func TestTraffic_fullCity(t *testing.T) {
	target := inProcess(t)
	for _, spaces := range []int{0, 1} {
		traffic := traffic.Plan{Rate: 10.0 / 60, For: 10 * time.Minute, Mix: map[string]int{"enter": 3, "payCash": 1}}
		report, err := run(t, traffic, target, town(t, target, spaces))
		require.NoError(t, err)
		require.Equal(t, 100, report.Events)
		require.LessOrEqual(t, report.Parked, spaces)
	}
}

// What cannot be is refused before anything happens; what is broken off tells what has happened.
func TestTraffic_bounds(t *testing.T) {
	target := inProcess(t)
	id := town(t, target, 10)
	for want, traffic := range map[string]traffic.Plan{
		"events are too many":                    {Rate: 1000, For: time.Hour},
		"traffic lasts at most 31 days, not 32d": {Rate: 1, For: 32 * 24 * time.Hour},
		"not a single event":                     {Rate: 0.1, For: time.Second},
		`no kind of event "fly"; there are signIn, bind, unbind, enter, `: {Rate: 1, For: time.Minute, Mix: map[string]int{"fly": 1}},
		"the weight of ask is from 0 to":                                  {Rate: 1, For: time.Minute, Mix: map[string]int{"ask": -1}},
	} {
		_, err := run(t, traffic, target, id)
		require.ErrorContains(t, err, want)
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	traffic := traffic.Plan{Rate: 1, For: time.Hour, Progress: func(e traffic.Event) {
		if e.Index == 9 {
			cancel()
		}
	}}
	merchants, err := target.Merchants(ctx, id)
	require.NoError(t, err)
	report, err := traffic.Run(ctx, target.Control.Sandbox(id), merchants)
	require.ErrorIs(t, err, context.Canceled)
	require.Equal(t, 10, report.Events)
}

func TestParseRate(t *testing.T) {
	for text, want := range map[string]float64{"5/s": 5, "30/m": 0.5, "1.8/h": 0.0005} {
		got, err := traffic.ParseRate(text)
		require.NoError(t, err)
		require.InDelta(t, want, got, 1e-12)
	}
	for _, text := range []string{"", "5", "0/s", "-1/s", "5/d", "1e9/s", "5 /s", "5/s "} {
		_, err := traffic.ParseRate(text)
		require.Error(t, err, text)
	}
}

// What is not as it should be is counted, said in a line, and there as the event that it was; of many the first are.
func TestTraffic_failures(t *testing.T) {
	target := inProcess(t)
	id := town(t, target, 100)
	two := 2
	_, err := target.Control.Sandbox(id).AddFault(t.Context(), control.Fault{On: control.FaultOn{Endpoint: "bindcar"}, Do: control.FaultDo{Code: &two}})
	require.NoError(t, err)
	report, err := run(t, traffic.Plan{Rate: 1, For: time.Minute, Mix: map[string]int{"bind": 1}}, target, id)
	require.NoError(t, err)
	require.Positive(t, report.Unexpected)
	require.Len(t, report.Failed, len(report.Failures))
	for i, e := range report.Failed {
		require.Equal(t, e.At.String()+" "+e.Kind+" "+e.PlateNumber+": "+e.Failure, report.Failures[i])
		require.Contains(t, e.Failure, "bindcar: 2 ")
	}
}
