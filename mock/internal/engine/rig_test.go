package engine

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/etcp-mock/etcp-mock/sign/diagnose"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/mock/internal/fixture"
	"github.com/etcp-mock/etcp-mock/mock/internal/platform"
	"github.com/etcp-mock/etcp-mock/mock/internal/platform/notation"
	"github.com/etcp-mock/etcp-mock/mock/internal/platform/reasons"
	"github.com/etcp-mock/etcp-mock/mock/internal/push"
	"github.com/etcp-mock/etcp-mock/sign"
)

var (
	noon   = time.Date(2017, 8, 20, 12, 0, 0, 0, notation.Shanghai)
	today  = time.Date(2026, 11, 27, 1, 2, 3, 456789, time.UTC)
	alice  = "13800000001"
	theCar = notation.Vehicle{Plate: "渝ATX061", Color: "1"}
)

// city is a fixture with two merchants whose pushes are wanted, and a car park. Its clock stands at noon.
func city() *fixture.Fixture {
	hook := func(no string) *fixture.Hook { return &fixture.Hook{URL: "http://accept.invalid/" + no} }
	return &fixture.Fixture{
		Clock:     &fixture.Clock{Now: &fixture.Instant{Time: noon}},
		Merchants: []fixture.Merchant{{No: "M1", Key: "key-M1", Push: hook("M1")}, {No: "M2", Key: "key-M2", Push: hook("M2")}},
		Parkings:  []fixture.Parking{{ID: "1", Name: "ETCP 智慧停车场", City: "重庆市", Lat: "29.563010", Lon: "106.551557"}},
		Vehicles:  []fixture.Vehicle{{PlateNumber: "渝A00003", UserType: "76", FixParkingID: "U7", RemainingDays: "12"}},
		Users:     []fixture.User{{Phone: alice, Plates: []fixture.Binding{{PlateNumber: theCar.Plate, MerchantNo: "M1"}}}},
	}
}

// rig is an engine with its owner: who stamps the inputs, keeps the log as bytes, and remembers what each input gave and left.
type rig struct {
	t       require.TestingT
	e       *Engine
	wall    time.Time
	history History

	log    [][]byte
	shown  []string // the effects of each input
	states []string // the engine after each

	inFlight []push.Attempt
	kinds    map[string]int
}

// newRig makes a sandbox of a fixture, or of a spec's default where it is nil.
func newRig(t require.TestingT, f *fixture.Fixture) *rig {
	r := &rig{t: t, e: New(echo{}), wall: today, kinds: map[string]int{}}
	fx := r.apply(&Create{ID: "s", Instance: "b1", Spec: fixture.Spec{Seed: 7, Fixture: f, FirstMerchant: "M1"}})
	require.NoError(t, fx.Err)
	return r
}

// apply is what an owner does with an input.
func (r *rig) apply(in Input) Effects {
	at := r.wall
	if r.e.state != nil {
		at = r.e.View().Now(r.wall)
	}
	before, err := Encode(nil, &Record{Seq: r.e.seq + 1, Stamp: Stamp{at, r.wall}, Input: in})
	require.NoError(r.t, err)
	fx := r.e.Apply(Stamp{at, r.wall}, in)
	require.Equal(r.t, uint64(len(r.log)+1), fx.Seq)
	same, err := Encode(nil, &Record{Seq: fx.Seq, Stamp: Stamp{at, r.wall}, Input: in})
	require.NoError(r.t, err)
	require.Equal(r.t, before, same, "applying an input changes nothing of it")

	record := Record{Seq: fx.Seq, Stamp: fx.Stamp, Input: in}
	raw, err := Encode(nil, &record)
	require.NoError(r.t, err)
	record.Note(r.e, &fx)
	r.history.Add(record, Keep{1 << 30, 1 << 40}, 0)
	r.log = append(r.log, raw)
	r.shown = append(r.shown, shownOf(r.t, &fx))
	r.states = append(r.states, stateOf(r.t, r.e))
	r.kinds[record.Word()]++
	if _, resumed := in.(*Resume); resumed || fx.Restarted {
		r.inFlight = nil
	}
	r.inFlight = append(r.inFlight, fx.Sends...)
	return fx
}

// do lets a command happen that must.
func (r *rig) do(c platform.Command) Effects {
	fx := r.apply(&Command{c})
	require.NoError(r.t, fx.Err)
	return fx
}

// request is a request that is signed as it should be.
func (r *rig) request(merchant, endpoint, data string) *Request {
	key, _ := r.e.Settings().Key(merchant)
	stamp := r.wall.In(notation.Shanghai).Format(notation.StampLayout)
	return &Request{
		Endpoint: endpoint, Method: "POST", MerchantNo: merchant, TimeStamp: stamp, Data: data, Sign: sign.Request(data, key, stamp),
		RemoteAddr: "127.0.0.1:4711", Elapsed: 42 * time.Microsecond,
	}
}

// call sends a request and gives the answer's data.
func (r *rig) call(code int, endpoint string, fields map[string]any, to any) {
	data, err := json.Marshal(fields)
	require.NoError(r.t, err)
	fx := r.apply(r.request("M1", endpoint, string(data)))
	require.Equal(r.t, code, fx.Entry.Code, "%s: %s", endpoint, fx.Entry.Explain("en"))
	if to != nil {
		require.NoError(r.t, json.Unmarshal([]byte(fx.Entry.Response), &struct{ Data any }{to}))
	}
}

// token signs alice in.
func (r *rig) token() string {
	var data struct{ Token string }
	r.call(0, "usersigin", map[string]any{"mobilePhone": alice, "appId": "ETCP"}, &data)
	return data.Token
}

// document is a state as text.
func document(t require.TestingT, state State) *Document {
	d, err := NewDocument(&state)
	require.NoError(t, err)
	return d
}

// stateOf is everything of an engine, as bytes.
func stateOf(t require.TestingT, e *Engine) string {
	written := e.LastCopy()
	var pieces, whole bytes.Buffer
	n, err := written.WriteTo(&pieces)
	require.NoError(t, err)
	require.EqualValues(t, pieces.Len(), n)
	enc := json.NewEncoder(&whole)
	enc.SetEscapeHTML(false)
	require.NoError(t, enc.Encode(written.State()))
	require.Equal(t, strings.TrimSuffix(whole.String(), "\n"), pieces.String(), "written in pieces it is what it is whole")
	return textOf(t, e.Checkpoint())
}

func textOf(t require.TestingT, c *Checkpoint) string {
	text, err := json.Marshal(c.Shaped())
	require.NoError(t, err)
	return plain(text)
}

// shownOf is all that an owner sees of applying an input, as text.
func shownOf(t require.TestingT, fx *Effects) string {
	type event struct {
		Seq   uint64
		Kind  string
		Value any
	}
	events := make([]event, len(fx.Events))
	for i, e := range fx.Events {
		events[i] = event(e)
	}
	why := ""
	if fx.Entry != nil {
		why = fx.Entry.Explain("en") + fx.Entry.Explain("zh")
	}
	text, err := json.Marshal(map[string]any{
		"seq": fx.Seq, "stamp": fx.Stamp, "at": fx.At, "err": fmt.Sprint(fx.Err), "sends": fx.Sends, "events": events, "wakeAt": fx.WakeAt, "entry": fx.Entry,
		"why": why, "injected": fx.Injected, "length": fx.Length, "answer": fx.Result.Answer, "refused": fmt.Sprint(fx.Result.Err), "push": fx.Push, "fault": fx.Fault,
		"made": fx.Made, "attempt": fx.Attempt, "settings": fx.Settings, "restarted": fx.Restarted, "panic": fmt.Sprint(fx.Panic),
	})
	require.NoError(t, err)
	return plain(text)
}

// plain is JSON with one way to write U+FFFD: encoding/json escapes it where it stands for bytes that are no UTF-8, and these
// are gone once they were written.
func plain(text []byte) string { return strings.ReplaceAll(string(text), `\ufffd`, "\ufffd") }

// echo explains a signature by what it is asked about.
type echo struct{}

func (echo) Sign(a diagnose.Request) reasons.Explanation {
	return reasons.Explanation{Values: []reasons.Value{{Name: "want", Text: a.Key}, {Name: "signed", Text: a.Data}, {Name: "diagnosis", Text: a.RawData}}}
}

func (echo) Merchant(no string) reasons.Explanation {
	return reasons.Explanation{Values: []reasons.Value{{Name: "fix", Text: "not " + no}}}
}

// settle gives every attempt in flight the same outcome.
func (r *rig) settle(delivered bool) {
	all := r.inFlight
	r.inFlight = nil
	for _, a := range all {
		result := push.Result{Delivered: delivered, HTTPStatus: 200, Response: `{"code":0}`, Duration: time.Millisecond}
		if !delivered {
			result = push.Result{Error: "connection refused"}
		}
		r.apply(&Outcome{Attempt: a.Seq, ID: a.Item.ID, SentAt: a.At, Result: result})
	}
}

// replayed applies a log, as bytes, to a fresh engine, and shows each input.
func replayed(t require.TestingT, e *Engine, log [][]byte, see func(i int, fx *Effects)) {
	for i, raw := range log {
		record, err := Decode(raw)
		require.NoError(t, err)
		fx := e.Apply(record.Stamp, record.Input)
		see(i, &fx)
	}
}

// same compares long texts, and shows where they differ.
func same(t require.TestingT, want, got, what string, args ...any) {
	if want == got {
		return
	}
	at := 0
	for at < min(len(want), len(got)) && want[at] == got[at] {
		at++
	}
	near := func(text string) string { return text[max(at-120, 0):min(at+120, len(text))] }
	require.FailNow(t, fmt.Sprintf(what, args...)+" differ", "want …%s…\n got …%s…", near(want), near(got))
}

//go:fix inline
