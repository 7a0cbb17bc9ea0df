package show

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/client"
	"github.com/etcp-mock/etcp-mock/client/control"
	"github.com/etcp-mock/etcp-mock/internal/lang"
)

// refusedPush is a push whose first attempt was refused and whose next is planned.
func refusedPush() control.Push {
	return control.Push{
		ID: "p1", Kind: client.KindExit, Status: control.PushPending, PlateNumber: "渝ATX061", MerchantNo: "M1", Body: `{"a":1}`, CreatedAt: at("2017-08-20 12:00:00"), NextAttemptAt: at("2017-08-20 12:00:10"),
		Attempts: []control.Attempt{{
			At: at("2017-08-20 12:00:00"), DurationMs: 3, HTTPStatus: 200, Response: `{"code":"0"}`, Error: "code is a string", ErrorZh: "code 是字符串",
			Diagnosis: []control.Diagnosis{{Kind: "code-string", Fix: "Answer a number", FixZh: "请返回数字"}},
		}},
	}
}

// An attempt that was refused is said with why, of which kind it is and what to do, in the reader's language: in the table, in the card and in
// the events.
func TestPush_refusedAttempt(t *testing.T) {
	t.Parallel()
	for chinese, want := range map[bool][3]string{false: {"code is a string", "Answer a number", "; next 2017-08-20 12:00:10"}, true: {"code 是字符串", "请返回数字", "2017-08-20 12:00:10"}} {
		p, out := printer(chinese)
		require.NoError(t, Push(p, refusedPush()))
		for _, text := range append([]string{"code-string", `{"code":"0"}`, "(3 ms)"}, want[:2]...) {
			require.Contains(t, out.String(), text)
		}
		out.Reset()
		require.NoError(t, Pushes(p, []control.Push{refusedPush()}, false))
		require.Contains(t, out.String(), want[0])
		require.Contains(t, out.String(), want[2])
		out.Reset()
		raw, err := json.Marshal(refusedPush())
		require.NoError(t, err)
		require.NoError(t, p.Event(control.Event{ID: "1", Kind: control.EventPush, Data: raw}))
		require.Contains(t, out.String(), want[0])
	}
}

// What the webhook itself said stands behind the reason, in the table.
func TestPushes_messageOfTheWebhook(t *testing.T) {
	t.Parallel()
	x := refusedPush()
	x.Attempts[0].Response = `{"code":6,"message":"give each a URL of its own"}`
	for chinese, want := range map[bool]string{false: "code is a string (give each a URL of its own); next", true: "code 是字符串（give each a URL of its own）"} {
		p, out := printer(chinese)
		require.NoError(t, Pushes(p, []control.Push{x}, false))
		require.Contains(t, out.String(), want)
	}
}

// A push that waits for another of its vehicle says so, and no time, for that follows from the other; a delivered one has its HTTP status.
func TestPush_waitsAndDelivered(t *testing.T) {
	t.Parallel()
	p, out := printer(false)
	waits := refusedPush()
	waits.WaitsFor, waits.Attempts = "p0", nil
	require.NoError(t, Push(p, waits))
	require.Contains(t, out.String(), "waits for p0 (push.ordering)")
	require.NotContains(t, out.String(), "next attempt")
	out.Reset()
	p.Held([]control.Push{waits, refusedPush()})
	require.Equal(t, "p1 waits for p0 (push.ordering)\n", out.String(), "only those that wait")
	delivered := control.Push{ID: "p2", Status: control.PushDelivered, Attempts: []control.Attempt{{HTTPStatus: 204}}}
	require.Equal(t, "HTTP 204", p.lastAttempt(delivered))
	require.Empty(t, p.lastAttempt(control.Push{}))
	held := control.Push{ID: "p3", Status: control.PushPending, Faults: []string{"f1"}, CreatedAt: waits.CreatedAt, NextAttemptAt: waits.CreatedAt}
	require.Equal(t, "fault f1", p.lastAttempt(held))
	out.Reset()
	require.NoError(t, Push(p, held))
	require.Regexp(t, `\nfault +f1\n`, out.String())
	require.NotContains(t, out.String(), "held", "it is on its way")
	held.NextAttemptAt.Time = held.CreatedAt.Add(reorderedFor)
	require.Equal(t, "held by fault f1 until the merchant's next push", p.lastAttempt(held))
	out.Reset()
	require.NoError(t, Push(p, held))
	require.Contains(t, out.String(), "held by fault f1")
	out.Reset()
	require.NoError(t, Pushes(p, nil, true))
	require.NoError(t, Pushes(p, nil, false))
	require.Equal(t, "no push is like that\nno pushes; a merchant gets some when it has a push URL and a plate is bound through it (try: etcp-mock listen)\n", out.String())
}

// As JSON each thing is as the control API has it, and nothing of the printing is beside it.
func TestPrinting_json(t *testing.T) {
	t.Parallel()
	for _, print := range []func(p *Printer) error{
		func(p *Printer) error { return Push(p, refusedPush()) },
		func(p *Printer) error { return Order(p, lang.Same("left"), control.Order{OrderID: "O1"}) },
		func(p *Printer) error { return Sandbox(p, control.SandboxDetail{ID: "a"}) },
		func(p *Printer) error { return Merchant(p, control.Merchant{No: "M1"}) },
		func(p *Printer) error { return Parking(p, control.Parking{ID: "1"}) },
		func(p *Printer) error { return User(p, control.User{Phone: "138"}) },
		func(p *Printer) error { return VehicleCard(p, control.VehicleCard{PlateNumber: "渝ATX061"}) },
		func(p *Printer) error { return Stay(p, &control.Order{}, []control.StayItem{{ID: "1"}}) },
		func(p *Printer) error { return Requests(p, []control.Request{{ID: "r1", Code: 6}}, false) },
	} {
		p, out := printer(true)
		p.JSON = true
		require.NoError(t, print(p))
		require.True(t, json.Valid(out.Bytes()), out.String())
	}
}

// A stay is said with what was paid and how, in both languages; while it goes on it has no end.
func TestOrder(t *testing.T) {
	t.Parallel()
	o := control.Order{
		OrderID: "O1", PlateNumber: "渝ATX061", ParkingName: "P", ParkingID: "1", State: control.Parked, EntranceTime: at("2017-08-20 12:00:00"), ParkingFee: 10 * client.Yuan, PaidElectronic: 8 * client.Yuan, PaidCash: 2 * client.Yuan,
	}
	p, out := printer(false)
	require.NoError(t, Order(p, lang.Same("entered"), o))
	require.Equal(t, "渝ATX061 entered P (car park 1)\norder  O1\nstay   2017-08-20 12:00:00\nfee    10.0\npaid   8.0 electronically, 2.0 in cash\nstate  parked\n", out.String())
	o.State, o.ExitTime = control.Left, at("2017-08-22 15:00:00")
	zh, said := printer(true)
	require.NoError(t, Order(zh, lang.Same("left"), o))
	for _, want := range []string{"51 小时", "，", "10.0"} {
		require.Contains(t, said.String(), want)
	}
	require.False(t, strings.Contains(said.String(), " in cash"))
}
