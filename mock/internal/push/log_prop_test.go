package push_test

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/etcp-mock/etcp-mock/mock/internal/push"
)

// owner runs a log as a sandbox would, and remembers what must hold.
type owner struct {
	log      *push.Log
	now      time.Time
	policy   push.Policy
	added    []push.Item
	inFlight []push.Attempt
	finished map[string][]string // by vehicle, in the order in which they were
	status   map[string]push.Status
	tries    map[string]int
}

func vehicleOf(i push.Item) string { return i.MerchantNo + i.PlateNumber + i.PlateColor }

func (w *owner) add(rt *rapid.T) {
	i := item(fmt.Sprint("p", len(w.added)+1), rapid.SampledFrom([]string{"M1", "M2"}).Draw(rt, "merchant"), rapid.SampledFrom([]string{"渝A1", "渝A2"}).Draw(rt, "plate"))
	i.Injected.Hold = rapid.IntRange(0, 4).Draw(rt, "hold") == 0
	i.Injected.Duplicates = max(rapid.IntRange(-3, 2).Draw(rt, "duplicates"), 0)
	require.Equal(rt, i.ID, w.log.NextID())
	got := w.log.Add(i, w.now)
	w.added = append(w.added, got)
	w.status[i.ID] = push.Pending
}

func (w *owner) due(rt *rapid.T) {
	at, some := w.log.NextDue(w.policy)
	count := w.log.DueOrInFlight(w.now, w.policy) - w.log.InFlight()
	out := w.log.Due(w.now, w.policy)
	require.Len(rt, out, count)
	require.Equal(rt, some && !at.After(w.now), len(out) > 0)
	w.inFlight = append(w.inFlight, out...)
	busy := map[string]bool{}
	for _, a := range w.inFlight {
		v := vehicleOf(a.Item)
		if w.status[a.Item.ID] == push.Pending && !a.Item.Injected.Hold {
			require.False(rt, busy[v], "two pushes of %s on their way", v)
			busy[v] = true
		}
		require.Equal(rt, w.added[index(a.Item.ID)-1].Body, a.Item.Body)
	}
}

func index(id string) (n int) {
	_, _ = fmt.Sscanf(id, "p%d", &n)
	return n
}

func (w *owner) outcome(rt *rapid.T) {
	if len(w.inFlight) == 0 {
		return
	}
	n := rapid.IntRange(0, len(w.inFlight)-1).Draw(rt, "which")
	a := w.inFlight[n]
	w.inFlight = append(w.inFlight[:n], w.inFlight[n+1:]...)
	result := rapid.SampledFrom([]push.Result{good, bad}).Draw(rt, "result")
	require.True(rt, w.log.Outcome(a, w.now, result, w.policy))
	w.tries[a.Item.ID]++
	w.check(rt, a.Item.ID)
}

// check follows an item's status: it ends once, and only a redelivery brings it from failed to delivered.
func (w *owner) check(rt *rapid.T, id string) {
	i, ok := w.log.Get(id)
	require.True(rt, ok)
	was := w.status[id]
	w.status[id] = i.Status
	require.Len(rt, i.Attempts, w.tries[id])
	switch was {
	case i.Status:
	case push.Pending:
		if i.Injected.Hold {
			break
		}
		w.finished[vehicleOf(i)] = append(w.finished[vehicleOf(i)], id)
	default:
		require.Equal(rt, push.Failed, was)
		require.Equal(rt, push.Delivered, i.Status)
	}
}

func (w *owner) redeliver(rt *rapid.T) {
	if len(w.added) == 0 {
		return
	}
	_, err := w.log.Redeliver(rapid.SampledFrom(w.added).Draw(rt, "again").ID, w.now)
	require.NoError(rt, err)
}

func (w *owner) restore(rt *rapid.T) {
	s := w.log.Snapshot()
	if rapid.Bool().Draw(rt, "elsewhere") {
		w.log = push.NewLog()
	}
	require.NoError(rt, w.log.Restore(s))
	require.Equal(rt, s, w.log.Snapshot())
	for _, a := range w.inFlight { // forgotten, due again
		require.False(rt, w.log.Outcome(a, w.now, good, w.policy))
	}
	w.inFlight = nil
}

// takeOver goes on from a checkpoint: what was in flight still is, under its own number.
func (w *owner) takeOver(rt *rapid.T) {
	text, err := json.Marshal(w.log.Checkpoint())
	require.NoError(rt, err)
	var s push.State
	require.NoError(rt, json.Unmarshal(text, &s))
	attempts := w.log.Attempts()
	w.log = push.NewLog()
	require.NoError(rt, w.log.Restore(s))
	w.log.SetAttempts(attempts)
	require.Equal(rt, attempts, w.log.Attempts())
	again, err := json.Marshal(w.log.Checkpoint())
	require.NoError(rt, err)
	require.Equal(rt, string(text), string(again))
}

// resume is that whoever sent the attempts has gone: all of them are due again.
func (w *owner) resume(rt *rapid.T) {
	w.log.ForgetFlights()
	for _, a := range w.inFlight {
		require.False(rt, w.log.Outcome(a, w.now, good, w.policy))
	}
	w.inFlight = nil
}

func TestLog_losesNothingAndKeepsOrder(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		w := &owner{log: push.NewLog(), now: noon, policy: defaultPolicy(), finished: map[string][]string{}, status: map[string]push.Status{}, tries: map[string]int{}}
		w.policy.Schedule = w.policy.Schedule[:rapid.IntRange(0, 3).Draw(rt, "retries")]
		rt.Repeat(map[string]func(*rapid.T){
			"add":       w.add,
			"due":       w.due,
			"outcome":   w.outcome,
			"redeliver": w.redeliver,
			"restore":   w.restore,
			"take over": w.takeOver,
			"resume":    w.resume,
			"time": func(rt *rapid.T) {
				w.now = w.now.Add(time.Duration(rapid.IntRange(0, 40).Draw(rt, "seconds")) * time.Second)
			},
			"": func(rt *rapid.T) {
				items, next := w.log.List(push.Filter{}, 0, 0)
				require.Zero(rt, next)
				require.Len(rt, items, len(w.added), "lost or invented")
				pending := 0
				for n, i := range items {
					require.Equal(rt, w.added[n].ID, i.ID)
					require.Equal(rt, w.status[i.ID], i.Status)
					if i.Status == push.Pending {
						pending++
					}
				}
				require.Equal(rt, pending, w.log.Pending())
				require.Equal(rt, len(w.inFlight), w.log.InFlight())
			},
		})
		w.drain(rt)
	})
}

// drain lets time run until nothing is to come: by then all is delivered or failed, each vehicle's in its order.
func (w *owner) drain(rt *rapid.T) {
	for steps := 0; ; steps++ {
		require.Less(rt, steps, 10_000, "no end")
		for len(w.inFlight) > 0 {
			w.outcome(rt)
		}
		at, ok := w.log.NextDue(w.policy)
		if !ok {
			break
		}
		if at.After(w.now) {
			w.now = at
		}
		w.due(rt)
	}
	require.Zero(rt, w.log.Pending())
	require.Zero(rt, w.log.DueOrInFlight(w.now.Add(24*time.Hour), w.policy))
	want := map[string][]string{}
	for _, i := range w.added {
		require.NotEqual(rt, push.Pending, w.status[i.ID])
		if i.Injected.Hold {
			continue
		}
		want[vehicleOf(i)] = append(want[vehicleOf(i)], i.ID)
	}
	require.Equal(rt, want, w.finished)
}

// The same log without ordering lets all go out at once, and still loses nothing, whatever order the outcomes come in.
func TestLog_withoutOrderingLosesNothing(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		policy := defaultPolicy()
		l, now := push.NewLog(), noon
		n := rapid.IntRange(0, 30).Draw(rt, "pushes")
		for i := range n {
			l.Add(item(fmt.Sprint("p", i), "M1", rapid.SampledFrom([]string{"渝A1", "渝A2", ""}).Draw(rt, "plate")), now)
		}
		for range 100 * (n + 1) {
			policy.Ordering = rapid.SampledFrom([]string{push.OrderNone, push.OrderVehicle}).Draw(rt, "ordering")
			at, ok := l.NextDue(policy)
			if !ok {
				break
			}
			if at.After(now) {
				now = at
			}
			due := l.Due(now, policy)
			for _, k := range rapid.Permutation(due).Draw(rt, "order") {
				l.Outcome(k, now, rapid.SampledFrom([]push.Result{good, bad}).Draw(rt, "result"), policy)
			}
		}
		require.Zero(rt, l.Pending())
		require.Zero(rt, l.InFlight())
		require.Equal(rt, n, l.Len())
	})
}
