package push_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/etcp-mock/etcp-mock/mock/internal/push"
)

// world drives a log as a sandbox would, and remembers what must hold.
type world struct {
	log      *push.Log
	now      time.Time
	policy   push.Policy
	added    []push.Item
	flying   []push.Attempt
	finished map[string][]string // by vehicle, in the order in which they were
	status   map[string]push.Status
	tries    map[string]int
}

func vehicleOf(i push.Item) string { return i.MerchantNo + i.PlateNumber + i.PlateColor }

func (w *world) add(rt *rapid.T) {
	i := item(fmt.Sprint("p", len(w.added)), rapid.SampledFrom([]string{"M1", "M2"}).Draw(rt, "merchant"), rapid.SampledFrom([]string{"渝A1", "渝A2"}).Draw(rt, "plate"))
	i.Injected.Hold = rapid.IntRange(0, 4).Draw(rt, "hold") == 0
	i.Injected.Duplicates = max(rapid.IntRange(-3, 2).Draw(rt, "duplicates"), 0)
	got, err := w.log.Add(i, w.now)
	require.NoError(rt, err)
	w.added = append(w.added, got)
	w.status[i.ID] = push.Pending
}

func (w *world) due(rt *rapid.T) {
	at, some := w.log.NextDue(w.policy)
	count := w.log.DueOrInFlight(w.now, w.policy) - w.log.InFlight()
	out := w.log.Due(w.now, w.policy)
	require.Len(rt, out, count)
	require.Equal(rt, some && !at.After(w.now), len(out) > 0)
	w.flying = append(w.flying, out...)
	busy := map[string]bool{}
	for _, a := range w.flying {
		v := vehicleOf(a.Item)
		if w.status[a.Item.ID] == push.Pending && !a.Item.Injected.Hold {
			require.False(rt, busy[v], "two pushes of %s on their way", v)
			busy[v] = true
		}
		require.Equal(rt, w.added[index(a.Item.ID)].Body, a.Item.Body)
	}
}

func index(id string) (n int) {
	_, _ = fmt.Sscanf(id, "p%d", &n)
	return n
}

func (w *world) outcome(rt *rapid.T) {
	if len(w.flying) == 0 {
		return
	}
	n := rapid.IntRange(0, len(w.flying)-1).Draw(rt, "which")
	a := w.flying[n]
	w.flying = append(w.flying[:n], w.flying[n+1:]...)
	result := rapid.SampledFrom([]push.Result{good, bad}).Draw(rt, "result")
	require.True(rt, w.log.Outcome(a, w.now, result, w.policy))
	w.tries[a.Item.ID]++
	w.check(rt, a.Item.ID)
}

// check follows an item's status: it ends once, and only a redelivery brings it from failed to delivered.
func (w *world) check(rt *rapid.T, id string) {
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

func (w *world) redeliver(rt *rapid.T) {
	if len(w.added) == 0 {
		return
	}
	_, err := w.log.Redeliver(rapid.SampledFrom(w.added).Draw(rt, "again").ID, w.now)
	require.NoError(rt, err)
}

func (w *world) restore(rt *rapid.T) {
	s := w.log.Snapshot()
	if rapid.Bool().Draw(rt, "elsewhere") {
		w.log = push.NewLog()
	}
	require.NoError(rt, w.log.Restore(s))
	require.Equal(rt, s, w.log.Snapshot())
	for _, a := range w.flying { // forgotten, due again
		require.False(rt, w.log.Outcome(a, w.now, good, w.policy))
	}
	w.flying = nil
}

func TestLog_losesNothingAndKeepsOrder(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		w := &world{log: push.NewLog(), now: noon, policy: push.DefaultPolicy(), finished: map[string][]string{}, status: map[string]push.Status{}, tries: map[string]int{}}
		w.policy.Schedule = w.policy.Schedule[:rapid.IntRange(0, 3).Draw(rt, "retries")]
		rt.Repeat(map[string]func(*rapid.T){
			"add":       w.add,
			"due":       w.due,
			"outcome":   w.outcome,
			"redeliver": w.redeliver,
			"restore":   w.restore,
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
				require.Equal(rt, len(w.flying), w.log.InFlight())
			},
		})
		w.drain(rt)
	})
}

// drain lets time run until nothing is to come: by then all is delivered or failed, each vehicle's in its order.
func (w *world) drain(rt *rapid.T) {
	for steps := 0; ; steps++ {
		require.Less(rt, steps, 10_000, "no end")
		for len(w.flying) > 0 {
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
		policy := push.DefaultPolicy()
		l, now := push.NewLog(), noon
		n := rapid.IntRange(0, 30).Draw(rt, "pushes")
		for i := range n {
			_, err := l.Add(item(fmt.Sprint("p", i), "M1", rapid.SampledFrom([]string{"渝A1", "渝A2", ""}).Draw(rt, "plate")), now)
			require.NoError(rt, err)
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
