package engine

import (
	"bytes"
	"encoding/json"
	"errors"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/mock/internal/fault"
	"github.com/etcp-mock/etcp-mock/mock/internal/fixture"
	"github.com/etcp-mock/etcp-mock/mock/internal/platform"
	"github.com/etcp-mock/etcp-mock/mock/internal/push"
	"github.com/etcp-mock/etcp-mock/mock/internal/strict"
)

var seqNumber = regexp.MustCompile(`^\{"seq":\d+,`)

// unnumbered is an engine's bytes without the number of its last input, which a refused one has as well.
func unnumbered(state string) string { return seqNumber.ReplaceAllString(state, "{") }

// A document that is no state is refused whole, with a pointer to each thing that is wrong; the engine stays as it was.
func TestRestore_refusesWholly(t *testing.T) {
	r := parkAndGo(t)
	r.apply(&AddFault{fault.Fault{Do: fault.Do{Code: new(2)}}})
	text, err := json.Marshal(r.e.LastState())
	require.NoError(t, err)
	edit := func(change func(s *State)) string {
		var s State
		require.NoError(t, json.Unmarshal(text, &s))
		change(&s)
		edited, err := json.Marshal(s)
		require.NoError(t, err)
		return string(edited)
	}
	for name, row := range map[string]struct{ text, pointer string }{
		"empty":               {`{}`, "/version"},
		"another version":     {edit(func(s *State) { s.Version = 1 }), "/version"},
		"a newer version":     {edit(func(s *State) { s.Version = StateVersion + 1 }), "/version"},
		"no object":           {`[]`, ""},
		"cut short":           {string(text[:len(text)-1]), ""},
		"half":                {string(text[:len(text)/2]), ""},
		"a word for a number": {strings.Replace(string(text), `"version":2`, `"version":"2"`, 1), ""},
		"clock mode":          {edit(func(s *State) { s.Clock.Mode = "sideways" }), "/clock/mode"},
		"clock rate":          {edit(func(s *State) { s.Clock.Rate = 0 }), "/clock/rate"},
		"clock time":          {edit(func(s *State) { s.Clock.Now = noon.AddDate(7500, 0, 0) }), "/clock/now"},
		"merchant":            {edit(func(s *State) { s.Platform.Merchants[1].Key = "" }), "/platform/merchants/1/key"},
		"push URL":            {edit(func(s *State) { s.Platform.Merchants[0].Push.URL = "ftp://x" }), "/platform/merchants/0/push/url"},
		"random source":       {edit(func(s *State) { s.Platform.Rng = nil }), "/platform/rng"},
		"rule":                {edit(func(s *State) { s.Platform.Rules = map[string]any{"nothing": 1.0} }), "/platform/rules"},
		"an order twice":      {edit(func(s *State) { s.Platform.Orders = append(s.Platform.Orders, s.Platform.Orders[0]) }), "/platform/orders"},
		"a push's id":         {edit(func(s *State) { s.Pushes.Items[0].ID = "p7" }), "/pushes"},
		"a push in flight":    {edit(func(s *State) { s.Pushes.Items[1].Flight = 3 }), "/pushes/items/1/flight"},
		"a fault":             {edit(func(s *State) { s.Faults.List[0].Do = fault.Do{} }), "/faults"},
		"the faults' source":  {edit(func(s *State) { s.Faults.Rng = []byte("x") }), "/faults"},
		"a request's id":      {edit(func(s *State) { s.Journal.Entries[0].ID = "r2" }), "/journal/entries/1/id"},
		"no request's id":     {edit(func(s *State) { s.Journal.Entries[1].ID = "x" }), "/journal/entries/1/id"},
		"a request's time":    {edit(func(s *State) { s.Journal.Entries[0].At = time.Date(9999, 12, 31, 23, 59, 59, 0, time.UTC) }), "/journal/entries/0/at"},
		"the journal's end":   {edit(func(s *State) { s.Journal.Seq = 1 }), "/journal/entries/1/id"},
	} {
		t.Run(name, func(t *testing.T) {
			before := stateOf(t, r.e)
			fx := r.e.Apply(Stamp{noon, r.wall}, &Restore{State: &Document{raw: []byte(row.text)}}) // what is no JSON at all cannot be in a log
			var invalid *strict.Invalid
			require.True(t, errors.As(fx.Err, &invalid), "%v", fx.Err)
			require.NotEmpty(t, invalid.Problems)
			var pointers []string
			for _, p := range invalid.Problems {
				pointers = append(pointers, p.Pointer)
				require.NotEmpty(t, p.Detail)
			}
			for i := range pointers {
				require.NotContains(t, pointers[i+1:], pointers[i], "each is reported once")
			}
			require.Condition(t, func() bool {
				for _, p := range pointers {
					if p == row.pointer || row.pointer != "" && strings.HasPrefix(p, row.pointer+"/") {
						return true
					}
				}
				return false
			}, "want %s, got %v", row.pointer, invalid.Problems)
			require.Empty(t, fx.Events)
			require.Empty(t, fx.Sends)
			require.False(t, fx.Restarted || fx.Settings)
			same(t, unnumbered(before), unnumbered(stateOf(t, r.e)), "the state before and after")
		})
	}
}

// Everything that is wrong is listed at once.
func TestRestore_listsAll(t *testing.T) {
	r := parkAndGo(t)
	state := r.e.LastState()
	state.Clock.Mode, state.Platform.Merchants[0].Key, state.Pushes.Items[0].ID, state.Journal.Seq = "x", "", "p9", 0
	var invalid *strict.Invalid
	require.True(t, errors.As(r.apply(&Restore{State: document(t, state)}).Err, &invalid))
	pointers := make([]string, len(invalid.Problems))
	for i, p := range invalid.Problems {
		pointers[i] = p.Pointer
	}
	require.Subset(t, pointers, []string{"/clock/mode", "/platform/merchants/0/key", "/pushes", "/journal/entries/0/id", "/journal/entries/1/id"})
}

// A sandbox that cannot be made leaves no engine; its error is that of the document or of the fixture.
func TestCreate_refused(t *testing.T) {
	var invalid *strict.Invalid
	e := New(nil)
	fx := e.Apply(Stamp{today, today}, &Create{ID: "s", Spec: fixture.Spec{Fixture: &fixture.Fixture{Merchants: []fixture.Merchant{{No: "M"}}}}})
	require.True(t, errors.As(fx.Err, &invalid))
	require.Equal(t, "/merchants/0/key", invalid.Problems[0].Pointer)
	require.Nil(t, e.state)
	fx = e.Apply(Stamp{today, today}, &Create{ID: "s", Spec: fixture.Spec{FirstMerchant: "M"}, State: &Document{raw: []byte(`{"version":1}`)}})
	require.True(t, errors.As(fx.Err, &invalid))
	require.Nil(t, e.state)
}

// A sandbox made from a state is as the one that the state was taken of, and has its own id.
func TestCreate_fromAState(t *testing.T) {
	r := parkAndGo(t)
	want := r.e.LastState()
	e := New(echo{})
	fx := e.Apply(Stamp{today, today}, &Create{ID: "fork", Instance: "b2", Spec: fixture.Spec{Seed: 1, FirstMerchant: "M1"}, State: document(t, want)})
	require.NoError(t, fx.Err)
	have := e.LastState()
	require.True(t, want.Same(&have))
	require.Equal(t, "fork", e.id)
	require.Equal(t, want.Clock, have.Clock)
	require.Len(t, fx.Sends, 1, "what was in flight is due again")
}

// A state that was written and read is the same, and what goes on from it answers the same.
func TestState_roundTrip(t *testing.T) {
	r := parkAndGo(t)
	first, err := json.Marshal(r.e.LastState())
	require.NoError(t, err)
	require.NoError(t, r.apply(&Restore{State: &Document{raw: first}}).Err)
	r.inFlight = nil
	second, err := json.Marshal(r.e.LastState())
	require.NoError(t, err)
	same(t, string(first), string(second), "a state and what it is restored to")
	require.Equal(t, r.e.Mark(), new(r.e.LastState()).Mark())
}

// Of a checkpoint too, what cannot be is refused.
func TestFromCheckpoint_refuses(t *testing.T) {
	c := parkAndGo(t).e.Checkpoint().Shaped()
	c.State.Version = 1
	_, err := FromCheckpoint(c, nil)
	var invalid *strict.Invalid
	require.True(t, errors.As(err, &invalid))
}

// Taken over by another owner, the attempts in flight are due again, byte for byte, and their outcomes from before are nobody's.
func TestResume(t *testing.T) {
	r := newRig(t, city())
	sent := r.do(platform.Enter{Vehicle: theCar, ParkingID: "1"}).Sends
	require.Len(t, sent, 1)
	c := r.e.Checkpoint()
	e, err := FromCheckpoint(c, nil)
	require.NoError(t, err)
	fx := e.Apply(Stamp{noon, today}, &Resume{})
	require.Len(t, fx.Sends, 1)
	require.Equal(t, sent[0].Item.Body, fx.Sends[0].Item.Body)
	require.NotEqual(t, sent[0].Seq, fx.Sends[0].Seq)
	old := e.Apply(Stamp{noon, today}, &Outcome{Attempt: sent[0].Seq, ID: "p1", SentAt: noon, Result: push.Result{Delivered: true}})
	require.Nil(t, old.Attempt)
	require.Empty(t, old.Events)
	now := e.Apply(Stamp{noon, today}, &Outcome{Attempt: fx.Sends[0].Seq, ID: "p1", SentAt: noon, Result: push.Result{Delivered: true}})
	require.Equal(t, &AttemptEffect{Kind: "entry", Delivered: true, Ended: true}, now.Attempt)
}

// Each input happens at one instant, on both clocks: its events, its journal entry and its record agree.
func TestApply_oneInstant(t *testing.T) {
	r := newRig(t, city())
	fx := r.apply(r.request("M1", "carnum", "{}"))
	require.Equal(t, noon, fx.Stamp.At)
	require.Equal(t, noon, fx.Entry.At)
	require.True(t, fx.Entry.WallAt.Equal(r.wall))
	before := r.e.Apply(Stamp{noon.Add(-time.Hour), r.wall.Add(-time.Hour)}, &Wake{})
	require.Equal(t, noon, before.Stamp.At, "a stamp before the one before it counts as that")
}

// A checkpoint is read as it was written; one of another version, one that was cut, and what is none is not read.
func TestReadCheckpoint(t *testing.T) {
	c := parkAndGo(t).e.Checkpoint()
	text, err := json.Marshal(c.Shaped())
	require.NoError(t, err)
	var written bytes.Buffer
	_, err = c.WriteTo(&written)
	require.NoError(t, err)
	read, err := ReadCheckpoint(written.Bytes())
	require.NoError(t, err)
	again, err := json.Marshal(read)
	require.NoError(t, err)
	require.Equal(t, string(text), string(again))
	for _, from := range [][]byte{nil, {checkpointVersion + 1}, written.Bytes()[:written.Len()-1], append(written.Bytes(), 0), text} {
		_, err := ReadCheckpoint(from)
		require.Error(t, err)
	}
}
