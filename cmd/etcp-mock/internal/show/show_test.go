package show

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/etcp-mock/etcp-mock/client"
	"github.com/etcp-mock/etcp-mock/client/control"
	"github.com/etcp-mock/etcp-mock/cmd/internal/cli"
	"github.com/etcp-mock/etcp-mock/internal/wrap"
)

// printer prints into a buffer, in a language.
func printer(chinese bool) (*Printer, *bytes.Buffer) {
	var out bytes.Buffer
	return &Printer{&cli.Printer{Out: &out, Chinese: chinese}}, &out
}

func at(text string) client.Time {
	t, err := client.ParseTime(text)
	if err != nil {
		panic(err)
	}
	return t
}

// A duration for people is the same duration, without parts of nothing.
func TestShort(t *testing.T) {
	for d, want := range map[time.Duration]string{
		time.Hour: "1h", 90 * time.Minute: "1h30m", 10 * time.Minute: "10m", 20 * time.Hour: "20h", 24 * time.Hour: "1d", 51 * time.Hour: "2d3h", 0: "0s", 61 * time.Second: "1m1s", 49*time.Hour + 10*time.Minute: "2d1h10m",
	} {
		require.Equal(t, want, short(d))
	}
	rapid.Check(t, func(t *rapid.T) {
		d := time.Duration(rapid.Int64Range(0, 40*24*3600).Draw(t, "seconds")) * time.Second
		back, err := control.ParseDuration(short(d))
		require.NoError(t, err)
		require.Equal(t, d, back, short(d))
	})
}

// A small object is name=value, in its own order.
func TestFlat(t *testing.T) {
	for raw, want := range map[string]string{`{"b":2,"a":"x","n":{"c":[1]}}`: `b=2 a=x n={"c":[1]}`, `{}`: "", `[1]`: "", `{"t":"<渝>"}`: "t=<渝>", `{"a":null}`: "a=null"} {
		require.Equal(t, want, Flat(json.RawMessage(raw)))
	}
	counts := map[string]int{"leave": 2, "enter": 3, "bind": 2}
	en, _ := printer(false)
	zh, _ := printer(true)
	require.Equal(t, "enter 3, bind 2, leave 2", en.tally(counts, cityEvents, " "), "most first, then by name")
	require.Equal(t, "入场 3，绑定 2，付费离场 2", zh.tally(counts, cityEvents, " "))
}

// An explanation is shown without the fix that it ends with, which is shown apart, in either language.
func TestPrinter_Why(t *testing.T) {
	q := control.Request{Explanation: "The amount is wrong. Pay 10.00.", Fix: "Pay 10.00", ExplanationZh: "金额不符。请支付 10.00。", FixZh: "请支付 10.00"}
	en, _ := printer(false)
	zh, _ := printer(true)
	require.Equal(t, "The amount is wrong.", en.Why(q))
	require.Equal(t, "金额不符。", zh.Why(q))
	require.Equal(t, "Pay 10.00", en.Fix(q))
	q.ExplanationZh, q.FixZh = "", ""
	require.Equal(t, "The amount is wrong.", zh.Why(q), "English where there is no Chinese")
	require.Equal(t, `a\x1b[31m`, en.Why(control.Request{Explanation: "a\x1b[31m"}), "what merchants sent moves no cursor")
}

// Events of every kind are one line, aligned, with the reason of a refusal below; as JSON they are id, event and data.
func TestPrinter_Event(t *testing.T) {
	p, out := printer(false)
	for _, row := range []struct{ kind, data, want string }{
		{control.EventRequest, `{"id":"r1","at":"2017-08-20 12:00:00","endpoint":"bindcar","code":0,"merchantNo":"M1"}`, "request  2017-08-20 12:00:00  r1     bindcar             0      M1\n"},
		{
			control.EventRequest, `{"id":"r2","at":"2017-08-20 12:00:00","endpoint":"bindcar","code":20802,"merchantNo":"M1","reason":"plate-bound-by-other","explanation":"It is bound by another."}`,
			"request  2017-08-20 12:00:00  r2     bindcar             20802  M1  plate-bound-by-other\n         It is bound by another.\n",
		},
		{control.EventCar, `{"plateNumber":"渝ATX061","parkingName":"P","state":"parked","entranceTime":"2017-08-20 12:00:00"}`, "car      2017-08-20 12:00:00  渝ATX061 enters P\n"},
		{
			control.EventCar, `{"plateNumber":"渝ATX061","parkingName":"P","state":"left","entranceTime":"2017-08-20 12:00:00","exitTime":"2017-08-20 13:30:00","parkingFee":10}`,
			"car      2017-08-20 13:30:00  渝ATX061 leaves P after 1h30m, fee 10.0\n",
		},
		{control.EventClock, `{"now":"2017-08-20 12:00:00","mode":"frozen"}`, "clock    2017-08-20 12:00:00  frozen\n"},
		{control.EventReset, `{"cause":"restore","now":"2017-08-20 12:00:00"}`, "reset    2017-08-20 12:00:00  restore\n"},
		{
			control.EventReset, `{"cause":"unknown-event-id","now":"2017-08-20 12:00:00"}`,
			"reset    2017-08-20 12:00:00  the event to resume behind is not one of this sandbox; what follows is what happens from now on\n",
		},
		{"faults", `{"action":"added","ids":["f1","f2"]}`, "faults   f1, f2 added\n"},
		{"something\n", `{"a":1}`, `something\x0a {"a":1}` + "\n"},
	} {
		out.Reset()
		require.NoError(t, p.Event(control.Event{ID: "1", Kind: row.kind, Data: json.RawMessage(row.data)}))
		require.Equal(t, row.want, out.String())
	}
	require.ErrorContains(t, p.Event(control.Event{ID: "7", Kind: control.EventCar, Data: json.RawMessage("[")}), "event 7: ")
	out.Reset()
	p.JSON = true
	require.NoError(t, p.Event(control.Event{ID: "7", Kind: "car", Data: json.RawMessage(`{"a":"<渝>"}`)}))
	require.Equal(t, `{"id":"7","event":"car","data":{"a":"<渝>"}}`+"\n", out.String())
}

// Of what changed each field stands in a line, aligned; a thing that came or went has all of its.
func TestPrinter_Difference(t *testing.T) {
	p, out := printer(false)
	p.Difference(control.Difference{Kind: "order", Key: "9E2F", Before: json.RawMessage(`{"state":"parked","paid":0,"same":1}`), After: json.RawMessage(`{"state":"left","paid":8,"same":1}`)})
	p.Difference(control.Difference{Kind: "user", Key: "138", After: json.RawMessage(`{"phone":"138"}`)})
	p.Difference(control.Difference{Kind: "fault", Key: "f1", Before: json.RawMessage(`{"times":2,"note":""}`)})
	p.Difference(control.Difference{Kind: "clock", Key: "clock", Before: json.RawMessage(`"12:00"`), After: json.RawMessage(`"13:00"`)})
	require.Equal(t, "order 9E2F\n  paid   0 → 8\n  state  parked → left\nuser 138\n  + phone  138\nfault f1\n  - times  2\nclock\n  12:00 → 13:00\n", out.String())
}

// A frozen clock is said where a push waits for a later time, with how far to move it; else there is nothing to say.
func TestPrinter_FrozenClock(t *testing.T) {
	now := control.Clock{Now: at("2017-08-20 12:00:00"), Mode: control.ClockFrozen}
	later := []control.Push{{ID: "p2", NextAttemptAt: at("2017-08-20 12:02:00")}, {ID: "p1", NextAttemptAt: at("2017-08-20 12:00:30")}, {ID: "p3", WaitsFor: "p1", NextAttemptAt: at("2017-08-20 12:00:01")}}
	p, out := printer(false)
	p.FrozenClock(now, later)
	require.Equal(t, "the clock is frozen at 2017-08-20 12:00:00: 2 pushes wait for a later attempt, p1 at 2017-08-20 12:00:30 (etcp-mock clock advance 30s)\n", out.String())
	out.Reset()
	p.FrozenClock(control.Clock{Now: now.Now, Mode: "running"}, later)
	p.FrozenClock(now, []control.Push{{ID: "p1", NextAttemptAt: now.Now}})
	require.Empty(t, out.String())
	zh, said := printer(true)
	zh.FrozenClock(now, later)
	require.Contains(t, said.String(), "2 条推送等待下次重试，其中 p1")
}

// Only what was refused and not delivered is printed after a command; of nothing, nothing.
func TestPrinter_Failures(t *testing.T) {
	p, out := printer(false)
	requests := []control.Request{{ID: "r1", Code: 0}, {ID: "r2", Code: 6, Endpoint: "bindcar", Reason: "plate-malformed", Fix: "Send a plate"}}
	pushes := []control.Push{{ID: "p1", Status: control.PushDelivered}, {ID: "p2", Status: "failed", Kind: client.KindExit}}
	require.NoError(t, p.Failures("default", requests, pushes))
	for _, want := range []string{"sandbox default refused 1 of 2 requests", "plate-malformed", "sandbox default did not deliver 1 of 2 pushes", "p2"} {
		require.Contains(t, out.String(), want)
	}
	require.NotContains(t, out.String(), "r1")
	require.NotContains(t, out.String(), "p1")
	out.Reset()
	require.NoError(t, p.Failures("default", requests[:1], pushes[:1]))
	require.Empty(t, out.String())
}

// Tables of things are aligned in both languages, though names and plates are Chinese.
func TestTables_aligned(t *testing.T) {
	spaces, free, unit := 20, 15, 60
	price, most := 5*client.Yuan, 50*client.Yuan
	for _, chinese := range []bool{false, true} {
		p, out := printer(chinese)
		require.NoError(t, Parkings(p, []control.Parking{
			{ID: "1", Name: "ETCP 智慧停车场", City: "重庆市", TotalSpace: &spaces, Tariff: &control.Tariff{FreeMinutes: &free, UnitMinutes: &unit, UnitPrice: &price, DailyCap: &most}}, {ID: "22", Name: "P", City: "x"},
		}))
		require.NoError(t, Vehicles(p, []control.Vehicle{{PlateNumber: "渝ATX061", PlateColor: "1", UserType: client.LongTerm}, {PlateNumber: "沪A1", PlateColor: "9", UserType: "78"}}))
		lines := strings.Split(strings.TrimRight(out.String(), "\n"), "\n")
		require.Len(t, lines, 6)
		column := func(line, text string) int {
			before, _, found := strings.Cut(line, text)
			require.True(t, found, "%q in %q", text, line)
			return wrap.Width(before)
		}
		require.Equal(t, column(lines[1], "重庆市"), column(lines[2], "x"))
		tariff := "15 min free, ¥5.0 per 60 min, at most ¥50.0 a day"
		kind := "long-term"
		if chinese {
			tariff, kind = "15 分钟免费，¥5.0 / 60 分钟，每日封顶 ¥50.0", "长租"
		}
		require.Contains(t, lines[1], tariff)
		require.Equal(t, column(lines[4], kind), column(lines[5], "78"))
	}
}
