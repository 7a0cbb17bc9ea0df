package engine

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/mock/internal/clock"
	"github.com/etcp-mock/etcp-mock/mock/internal/platform"
)

// point is a sequence number that must be there.
func point(t *testing.T, h History, text string) uint64 {
	t.Helper()
	seq, err := h.Point(text)
	require.NoError(t, err, text)
	return seq
}

// parkAndGo is a short story: created (1), a token (2, r1), entered (3, p1), an hour (4), left (5, p2), asked (6, r2).
func parkAndGo(t *testing.T) *rig {
	t.Helper()
	r := newRig(t, city())
	token := r.token()
	r.do(platform.Enter{Vehicle: theCar, ParkingID: "1"})
	r.apply(&MoveClock{To: noon.Add(time.Hour), Last: true})
	r.do(platform.Exit{Vehicle: theCar, Payment: "none"})
	r.call(0, "orderunpay", map[string]any{"token": token, "plateNumber": theCar.Plate}, nil)
	return r
}

// A point is named by a request, a push, a sequence number or a time on the sandbox's clock.
func TestPoint(t *testing.T) {
	h := parkAndGo(t).history
	for text, want := range map[string]uint64{
		"1": 1, "6": 6, "r1": 2, "r2": 6, "p1": 3, "p2": 5,
		"2017-08-20 12:00:00": 3, "2017-08-20 12:59:59": 3, "2017-08-20 13:00:00": 6, "2030-01-01 00:00:00": 6, "2017-08-20T12:30:00+08:00": 3, "2017-08-20T04:30:00.5Z": 3,
	} {
		require.Equal(t, want, point(t, h, text), text)
	}
	for _, text := range []string{"", "0", "7", "-1", "x", "r", "rx", "p0", "2017-08-20", "1e3", "r-1", "+1"} {
		_, err := h.Point(text)
		require.Error(t, err, text)
		if text != "7" {
			require.ErrorIs(t, err, ErrNoPoint, text)
		}
	}
	for _, text := range []string{"r3", "p3", "2017-08-20 11:59:59"} {
		_, err := h.Point(text)
		require.ErrorIs(t, err, ErrForgotten, text)
	}
}

// The time of a sandbox begins with its clock, not with the real time at which it was made.
func TestPoint_theStart(t *testing.T) {
	r := newRig(t, city())
	require.EqualValues(t, 1, point(t, r.history, "2017-08-20 12:00:00"))
	r.apply(&MoveClock{To: noon.Add(time.Hour)})
	r.apply(&Wake{})
	require.EqualValues(t, 1, point(t, r.history, "2017-08-20 12:59:59"), "the clock has not been moved then")
	require.EqualValues(t, 3, point(t, r.history, "2017-08-20 13:00:00"))
}

// Before what is kept, every way to name a point says that it is forgotten; what is kept is found by its own names.
func TestPoint_beforeWhatIsKept(t *testing.T) {
	r := parkAndGo(t)
	for range 2 {
		c := r.e.Checkpoint()
		r.history.Checkpoint(c, Keep{1, 32 << 20})
		r.apply(&Wake{})
	}
	r.do(platform.Enter{Vehicle: theCar, ParkingID: "1"})
	h := r.history
	require.False(t, h.Whole())
	require.EqualValues(t, 7, h.First())
	for _, text := range []string{"1", "5", "r1", "r2", "p1", "p2", "2017-08-20 12:59:59"} {
		_, err := h.Point(text)
		require.ErrorIs(t, err, ErrForgotten, text)
		require.ErrorContains(t, err, "the log goes back to input 7 (rule log.keep)")
	}
	require.EqualValues(t, 6, point(t, h, "6"), "the checkpoint itself")
	require.EqualValues(t, 9, point(t, h, "p3"))
	_, err := h.At(5, nil)
	require.ErrorIs(t, err, ErrForgotten)
	_, err = h.Replay(5, nil, func(*Engine, *Record, *Effects) {})
	require.ErrorIs(t, err, ErrForgotten)
}

// Ids begin again with a reset: an id means the newest that had it.
func TestPoint_afterAReset(t *testing.T) {
	r := parkAndGo(t)
	r.apply(&Reset{})
	r.token()
	require.EqualValues(t, 8, point(t, r.history, "r1"))
	require.EqualValues(t, 6, point(t, r.history, "r2"))
	r.do(platform.Enter{Vehicle: theCar, ParkingID: "1"})
	require.EqualValues(t, 9, point(t, r.history, "p1"))
	require.EqualValues(t, 5, point(t, r.history, "p2"))
}

// As many inputs as are to be kept are, and about as many again at most; a checkpoint is wanted only now and then.
func TestHistory_keeps(t *testing.T) {
	r := newRig(t, city())
	const keep = 2000
	h, wanted := History{}, 0
	for seq := uint64(1); seq <= 20_000; seq++ {
		if h.Add(Record{Seq: seq, Input: &Wake{}}, Keep{keep, 32 << 20}, 10) {
			wanted++
			c := r.e.Checkpoint()
			c.Seq = seq
			h.Checkpoint(c, Keep{keep, 32 << 20})
		}
		kept := int(h.Last() - h.First() + 1)
		require.GreaterOrEqual(t, kept, int(min(seq, keep)))
		require.LessOrEqual(t, kept, 3*keep)
		require.Equal(t, seq, h.Last())
	}
	require.Equal(t, 10, wanted)
}

// What is kept is bounded in bytes too: large inputs leave earlier.
func TestHistory_bytes(t *testing.T) {
	r := newRig(t, city())
	h, keep := History{}, Keep{10_000, 32 << 20}
	data := string(slices.Repeat([]byte("x"), 1<<20))
	for seq := uint64(1); seq <= 300; seq++ {
		if h.Add(Record{Seq: seq, Input: &Request{Data: data}}, keep, 10) {
			c := r.e.Checkpoint()
			c.Seq = seq
			h.Checkpoint(c, keep)
		}
		require.LessOrEqual(t, h.bytes, 2*keep.Bytes)
		require.Equal(t, h.bytes, h.bytesFrom(0))
	}
	require.Greater(t, h.First(), uint64(100))
}

// What changed between two points is listed by kind and key, with what was and what is; nothing else, and no key.
func TestDiff(t *testing.T) {
	r := parkAndGo(t)
	r.do(platform.SetRules{Rules: map[string]any{"strict": true}})
	r.do(platform.PutMerchant{Merchant: platform.Merchant{No: "M3", Key: "secret-of-M3"}})
	r.do(platform.DeleteMerchant{No: "M2"})
	at := func(seq uint64) *Engine {
		e, err := r.history.At(seq, nil)
		require.NoError(t, err)
		return e
	}
	named := func(from, to uint64) (all []string) {
		for _, d := range Diff(at(from), at(to)) {
			how := "changed"
			if string(d.Before) == "null" {
				how = "new"
			} else if string(d.After) == "null" {
				how = "gone"
			}
			key := d.Key
			if d.Kind == "order" || d.Kind == "token" {
				key = "…"
			}
			all = append(all, fmt.Sprint(d.Kind, " ", key, " ", how))
			require.NotContains(t, string(d.Before)+string(d.After), "secret-of-M3")
			require.NotEqual(t, string(d.Before), string(d.After))
		}
		return all
	}
	require.Empty(t, named(6, 6))
	require.Equal(t, []string{"token … new"}, named(1, 2))
	require.Equal(t, []string{"order … new", "push p1 new"}, named(2, 3))
	require.Equal(t, []string{"order … gone", "push p1 gone"}, named(3, 2), "the other way round")
	require.Equal(t, []string{"clock clock changed", "order … changed"}, named(3, 4), "what is owed grows")
	require.Equal(t, []string{"order … changed", "push p2 new"}, named(4, 5))
	require.Empty(t, named(5, 6), "asking changes nothing")
	require.Equal(t, []string{"merchant M2 gone", "merchant M3 new", "rule strict new"}, named(6, 9))
}

// An undo puts everything back but the log: what was done since stays in it, as undone, and counts go on.
func TestUndo(t *testing.T) {
	r := parkAndGo(t)
	e, err := r.history.At(3, nil)
	require.NoError(t, err)
	want := e.LastState()
	fx := r.apply(&Restore{State: document(t, want), Undo: 3})
	require.NoError(t, fx.Err)
	require.True(t, fx.Restarted)
	require.Equal(t, Restart{CauseUndo, noon}, fx.Events[0].Value)
	require.EqualValues(t, 7, fx.Seq)
	have := r.e.LastState()
	for i := range have.Pushes.Items { // due again, since the attempt in flight was forgotten
		have.Pushes.Items[i].Attempts = want.Pushes.Items[i].Attempts
	}
	require.True(t, want.Same(&have))
	require.Equal(t, []string{"p1"}, []string{fx.Sends[0].Item.ID})

	undone := r.history.Undone()
	for seq, want := range []bool{false, false, false, false, true, true, true, false} {
		require.Equal(t, want, undone(uint64(seq)), "input %d", seq)
	}
	require.Equal(t, "r2", r.apply(r.request("M1", "carnum", "{}")).Entry.ID, "ids go on from where it was put back to")
}

// Who goes back to what was undone has it happen again: it is undone no more, and ids name what led to what is now, not the undo
// that brought it back, nor what was done in between.
func TestUndo_ofAnUndo(t *testing.T) {
	r := parkAndGo(t)
	backTo := func(seq uint64) {
		t.Helper()
		e, err := r.history.At(seq, nil)
		require.NoError(t, err)
		require.NoError(t, r.apply(&Restore{State: document(t, e.LastState()), Undo: seq}).Err)
	}
	backTo(2)                                                                        // 7
	r.do(platform.Enter{Vehicle: theCar, ParkingID: "1"})                            // 8, p1 once more
	r.call(0, "uservalidatecode", map[string]any{"mobilePhone": "13800000009"}, nil) // 9, r2 once more
	require.EqualValues(t, 8, point(t, r.history, "p1"))
	require.EqualValues(t, 9, point(t, r.history, "r2"))
	require.EqualValues(t, 5, point(t, r.history, "p2"), "undone, but in the log")
	backTo(6) // 10
	for seq, want := range []bool{1: false, false, false, false, false, false, true, true, true, false} {
		require.Equal(t, want, seq > 0 && r.history.Undone()(uint64(seq)), "input %d", seq)
	}
	for text, want := range map[string]uint64{"r1": 2, "p1": 3, "p2": 5, "r2": 6, "2017-08-20 12:00:00": 3, "2017-08-20 13:00:00": 10, "8": 8} {
		require.Equal(t, want, point(t, r.history, text), text)
	}
	moments, whole := r.history.Since(noon)
	require.True(t, whole)
	require.Len(t, moments, 6, "all that was done in the first place")
	moments, whole = r.history.Since(noon.Add(time.Minute))
	require.True(t, whole)
	require.Len(t, moments, 2, "what was done after the hour, though the undo was called before it")
}

// An undo that was refused undid nothing.
func TestUndone_refused(t *testing.T) {
	r := parkAndGo(t)
	before := stateOf(t, r.e)
	fx := r.apply(&Restore{State: &Document{raw: []byte(`{}`)}, Undo: 2})
	require.Error(t, fx.Err)
	require.False(t, fx.Restarted)
	require.False(t, r.history.Undone()(4))
	same(t, unnumbered(before), unnumbered(stateOf(t, r.e)), "the state before and after a refused undo")
}

// A clock that was set back is where it was, also in a replay.
func TestPoint_clockSetBack(t *testing.T) {
	r := newRig(t, city())
	r.apply(&MoveClock{To: noon.Add(2 * time.Hour)})
	require.NoError(t, r.apply(&SetClock{Change: clock.Change{Now: new(noon.Add(-time.Hour))}}).Err)
	r.apply(&Wake{})
	require.EqualValues(t, 4, point(t, r.history, "2017-08-20 11:30:00"))
	e, err := r.history.At(4, echo{})
	require.NoError(t, err)
	same(t, r.states[3], stateOf(t, e), "state")
}
