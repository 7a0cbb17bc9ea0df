package push_test

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/mock/internal/push"
)

var (
	noon    = time.Date(2017, 8, 20, 12, 0, 0, 0, time.FixedZone("", 8*3600))
	good    = push.Result{Delivered: true, HTTPStatus: 200, Response: `{"code":0}`, Duration: 3 * time.Millisecond}
	bad     = push.Result{HTTPStatus: 500, Response: "oops", Error: "answered HTTP 500", Duration: time.Millisecond}
	fiveSec = defaultPolicy()
)

// defaultPolicy is the policy of a sandbox whose rules nobody touched.
func defaultPolicy() push.Policy {
	return push.Policy{
		Schedule: []time.Duration{10 * time.Second, 30 * time.Second, 2 * time.Minute, 5 * time.Minute, 15 * time.Minute},
		Timeout:  5 * time.Second,
		Ordering: push.OrderVehicle,
		Keep:     10_000,
	}
}

func item(id, merchant, plate string) push.Item {
	return push.Item{ID: id, Kind: "entry", MerchantNo: merchant, PlateNumber: plate, PlateColor: "1", URL: "http://m/", ContentType: "application/json", Body: `{"id":"` + id + `"}`}
}

// add gives the log pushes whose ids must come out as the test calls them.
func add(t *testing.T, l *push.Log, at time.Time, items ...push.Item) {
	t.Helper()
	for _, i := range items {
		require.Equal(t, i.ID, l.Add(i, at).ID)
	}
}

func ids(attempts []push.Attempt) []string {
	out := []string{}
	for _, a := range attempts {
		out = append(out, a.Item.ID)
	}
	return out
}

func get(t *testing.T, l *push.Log, id string) push.Item {
	t.Helper()
	i, ok := l.Get(id)
	require.True(t, ok, "no push %s", id)
	return i
}

func TestLog_retriesOnTheScheduleThenFails(t *testing.T) {
	l := push.NewLog()
	add(t, l, noon, item("p1", "M1", "渝A1"))
	now := noon
	for n, wait := range append([]time.Duration{0}, fiveSec.Schedule...) {
		at, ok := l.NextDue(fiveSec)
		require.True(t, ok)
		require.Equal(t, now.Add(wait), at, "attempt %d", n+1)
		require.Empty(t, l.Due(at.Add(-1), fiveSec))
		now = at
		due := l.Due(now, fiveSec)
		require.Equal(t, []string{"p1"}, ids(due))
		require.Equal(t, 1, l.InFlight())
		require.True(t, get(t, l, "p1").NextAttemptAt.IsZero(), "in flight there is no next attempt yet")
		require.Empty(t, l.Due(now.Add(time.Hour), fiveSec), "one attempt at a time")
		_, ok = l.NextDue(fiveSec)
		require.False(t, ok)
		now = now.Add(time.Second)
		require.True(t, l.Outcome(due[0], now, bad, fiveSec))
		require.False(t, l.Outcome(due[0], now, bad, fiveSec), "twice")
	}
	p := get(t, l, "p1")
	require.Equal(t, push.Failed, p.Status)
	require.Len(t, p.Attempts, 6)
	require.Equal(t, push.AttemptRecord{At: noon, DurationMs: 1, HTTPStatus: 500, Response: "oops", Error: "answered HTTP 500"}, p.Attempts[0])
	require.True(t, p.NextAttemptAt.IsZero())
	require.Zero(t, l.Pending())
	require.Zero(t, l.DueOrInFlight(now.Add(time.Hour), fiveSec))
}

func TestLog_vehiclesKeepTheirOrderAndDoNotWaitForEachOther(t *testing.T) {
	l := push.NewLog()
	add(t, l, noon, item("p1", "M1", "渝A1"), item("p2", "M1", "渝A1"), item("p3", "M1", "渝B1"), item("p4", "M2", "渝A1"))
	green := item("p5", "M1", "渝A1")
	green.PlateColor = "5"
	add(t, l, noon, green)

	due := l.Due(noon, fiveSec)
	require.Equal(t, []string{"p1", "p3", "p4", "p5"}, ids(due))
	require.Equal(t, 4, l.DueOrInFlight(noon, fiveSec))
	for _, a := range due[1:] {
		l.Outcome(a, noon, good, fiveSec)
	}
	l.Outcome(due[0], noon, bad, fiveSec)
	require.Empty(t, l.Due(noon.Add(9*time.Second), fiveSec), "p2 waits while p1 is retried")
	require.Zero(t, l.DueOrInFlight(noon, fiveSec), "a retry that falls due later does not count")

	at, ok := l.NextDue(fiveSec)
	require.True(t, ok)
	require.Equal(t, noon.Add(10*time.Second), at)
	due = l.Due(at, fiveSec)
	require.Equal(t, []string{"p1"}, ids(due))
	l.Outcome(due[0], at, good, fiveSec)
	require.Equal(t, at, get(t, l, "p2").NextAttemptAt)
	require.Equal(t, []string{"p2"}, ids(l.Due(at, fiveSec)))
}

func TestLog_withoutOrderingNothingWaits(t *testing.T) {
	none := fiveSec
	none.Ordering = push.OrderNone
	l := push.NewLog()
	add(t, l, noon, item("p1", "M1", "渝A1"), item("p2", "M1", "渝A1"), item("p3", "M1", "渝A1"))
	require.Equal(t, 3, l.DueOrInFlight(noon, none))
	require.Equal(t, 1, l.DueOrInFlight(noon, fiveSec))
	due := l.Due(noon, none)
	require.Equal(t, []string{"p1", "p2", "p3"}, ids(due))
	l.Outcome(due[1], noon, good, none)
	l.Outcome(due[0], noon, bad, none)
	l.Outcome(due[2], noon, bad, none)
	// the rule changes while two are pending: the second now waits for the first
	later := noon.Add(time.Minute)
	due = l.Due(later, fiveSec)
	require.Equal(t, []string{"p1"}, ids(due))
	l.Outcome(due[0], later, good, fiveSec)
	require.Equal(t, []string{"p3"}, ids(l.Due(later, fiveSec)))
}

func TestLog_redelivery(t *testing.T) {
	l := push.NewLog()
	add(t, l, noon, item("p1", "M1", "渝A1"), item("p2", "M1", "渝A1"))
	_, err := l.Redeliver("nobody", noon)
	require.ErrorIs(t, err, push.ErrUnknown)

	l.Outcome(l.Due(noon, fiveSec)[0], noon, bad, fiveSec) // p1's next attempt is at 12:00:10

	t.Run("of a pending push goes out now and leaves its schedule", func(t *testing.T) {
		at := noon.Add(time.Second)
		p, err := l.Redeliver("p1", at)
		require.NoError(t, err)
		require.Equal(t, at, p.NextAttemptAt)
		due := l.Due(at, fiveSec)
		require.Equal(t, []string{"p1"}, ids(due))
		require.True(t, due[0].Redelivery)
		require.Equal(t, item("p1", "M1", "渝A1").Body, due[0].Item.Body)
		l.Outcome(due[0], at, bad, fiveSec)
		require.Equal(t, noon.Add(10*time.Second), get(t, l, "p1").NextAttemptAt)
		require.Equal(t, push.Pending, get(t, l, "p1").Status)
	})
	t.Run("of a waiting push keeps its vehicle's order", func(t *testing.T) {
		_, err := l.Redeliver("p2", noon.Add(time.Second))
		require.NoError(t, err)
		require.Empty(t, l.Due(noon.Add(time.Second), fiveSec))
	})
	t.Run("that succeeds delivers and frees the next", func(t *testing.T) {
		at := noon.Add(2 * time.Second)
		_, err := l.Redeliver("p1", at)
		require.NoError(t, err)
		l.Outcome(l.Due(at, fiveSec)[0], at, good, fiveSec)
		require.Equal(t, push.Delivered, get(t, l, "p1").Status)
		due := l.Due(at, fiveSec)
		require.Equal(t, []string{"p2"}, ids(due))
		l.Outcome(due[0], at, good, fiveSec)
		require.Empty(t, l.Due(at, fiveSec), "the redelivery was its first attempt")
		require.Len(t, get(t, l, "p2").Attempts, 1)
	})
	t.Run("of a delivered push that fails leaves it delivered", func(t *testing.T) {
		at := noon.Add(time.Hour)
		_, err := l.Redeliver("p1", at)
		require.NoError(t, err)
		l.Outcome(l.Due(at, fiveSec)[0], at, bad, fiveSec)
		require.Equal(t, push.Delivered, get(t, l, "p1").Status)
		require.Zero(t, l.DueOrInFlight(at.Add(time.Hour), fiveSec))
	})
	t.Run("of a failed push delivers it", func(t *testing.T) {
		none := fiveSec
		none.Schedule = nil
		add(t, l, noon, item("p3", "M1", "渝A1"))
		l.Outcome(l.Due(noon, none)[0], noon, bad, none)
		require.Equal(t, push.Failed, get(t, l, "p3").Status)
		_, err := l.Redeliver("p3", noon)
		require.NoError(t, err)
		l.Outcome(l.Due(noon, none)[0], noon, good, none)
		require.Equal(t, push.Delivered, get(t, l, "p3").Status)
	})
}

func TestLog_keepsTheNewestFinishedOnes(t *testing.T) {
	policy := fiveSec
	policy.Keep, policy.Schedule = 3, nil
	l := push.NewLog()
	for n := range 1000 {
		add(t, l, noon, item(fmt.Sprintf("p%d", n+1), "M1", "渝A1"))
	}
	for n := range 900 {
		r := good
		if n == 5 {
			r = bad
		}
		l.Outcome(l.Due(noon, policy)[0], noon, r, policy)
	}
	require.Equal(t, 103, l.Len())
	items, next := l.List(push.Filter{}, 0, 4)
	require.Equal(t, []string{"p6", "p899", "p900", "p901"}, []string{items[0].ID, items[1].ID, items[2].ID, items[3].ID}, "a failed one outlives those delivered")
	items, next = l.List(push.Filter{}, next, 98)
	require.Len(t, items, 98)
	items, next = l.List(push.Filter{}, next, 100)
	require.Equal(t, "p1000", items[0].ID)
	require.Zero(t, next)
	items, _ = l.List(push.Filter{Status: push.Failed}, 0, 0)
	require.Len(t, items, 1)
}

// The log gives each push its id, p and its number, whatever the caller calls it; none is given twice, also behind pushes that
// were dropped or restored.
func TestLog_givesIDs(t *testing.T) {
	policy := fiveSec
	policy.Keep = 1
	l := push.NewLog()
	for n := 1; n <= 5; n++ {
		id := fmt.Sprint("p", n)
		require.Equal(t, id, l.NextID())
		added := l.Add(item("p1", "M1", "渝A1"), noon)
		require.Equal(t, id, added.ID)
		require.EqualValues(t, n, added.Seq)
		require.EqualValues(t, n, l.Seq())
		l.Outcome(l.Due(noon, policy)[0], noon, good, policy)
	}
	require.Equal(t, 1, l.Len())
	other := push.NewLog()
	require.NoError(t, other.Restore(l.Snapshot()))
	require.Equal(t, "p6", other.Add(item("", "M1", "渝A1"), noon).ID)
	l.Reset()
	require.Equal(t, "p1", l.Add(item("", "M1", "渝A1"), noon).ID)
}

func TestLog_resetForgetsWhatIsInFlight(t *testing.T) {
	l := push.NewLog()
	add(t, l, noon, item("p1", "M1", "渝A1"))
	old := l.Due(noon, fiveSec)[0]
	l.Reset()
	add(t, l, noon, item("p1", "M1", "渝A1"))
	again := l.Due(noon, fiveSec)[0]
	require.False(t, l.Outcome(old, noon, good, fiveSec))
	require.Equal(t, push.Pending, get(t, l, "p1").Status)
	require.True(t, l.Outcome(again, noon, good, fiveSec))
}

func TestLog_handsOutValues(t *testing.T) {
	l := push.NewLog()
	add(t, l, noon, item("p1", "M1", "渝A1"))
	l.Outcome(l.Due(noon, fiveSec)[0], noon, bad, fiveSec)
	p := get(t, l, "p1")
	p.Attempts[0].Error = "changed"
	require.Equal(t, "answered HTTP 500", get(t, l, "p1").Attempts[0].Error)
	s := l.Snapshot()
	s.Items[0].Attempts[0].Error = "changed"
	require.Equal(t, "answered HTTP 500", get(t, l, "p1").Attempts[0].Error)
}

func TestLog_restoreRefusesWhatNoSnapshotSays(t *testing.T) {
	l := push.NewLog()
	add(t, l, noon, item("p1", "M1", "渝A1"), item("p2", "M1", "渝A1"))
	for name, spoil := range map[string]func(*push.State){
		"no id":         func(s *push.State) { s.Items[0].ID = "" },
		"twice":         func(s *push.State) { s.Items[1].ID = "p1" },
		"out of order":  func(s *push.State) { s.Items[1].Seq = 1 },
		"beyond":        func(s *push.State) { s.Seq = 1 },
		"status":        func(s *push.State) { s.Items[0].Status = "lost" },
		"negative":      func(s *push.State) { s.Items[0].Failures = -1 },
		"redeliveries":  func(s *push.State) { s.Items[0].Redeliveries = -1 },
		"seq from zero": func(s *push.State) { s.Items[0].Seq = 0 },
	} {
		t.Run(name, func(t *testing.T) {
			s := l.Snapshot()
			spoil(&s)
			require.ErrorIs(t, l.Restore(s), push.ErrState)
			require.Equal(t, 2, l.Len())
		})
	}
}

func TestState_isStableJSON(t *testing.T) {
	l := push.NewLog()
	add(t, l, noon, item("p1", "M1", "渝A1"))
	l.Outcome(l.Due(noon, fiveSec)[0], noon, bad, fiveSec)
	first, err := json.Marshal(l.Snapshot())
	require.NoError(t, err)
	var s push.State
	require.NoError(t, json.Unmarshal(first, &s))
	other := push.NewLog()
	require.NoError(t, other.Restore(s))
	second, err := json.Marshal(other.Snapshot())
	require.NoError(t, err)
	require.Equal(t, string(first), string(second))
}
