package push_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/mock/internal/push"
)

func injected(id, merchant, plate string, effects push.Injected) push.Item {
	i := item(id, merchant, plate)
	i.Injected = effects
	return i
}

// A held push goes out when the merchant's next one, of whatever vehicle, is done with; other merchants' do not matter.
func TestLog_holdsAPushBehindTheMerchantsNext(t *testing.T) {
	for _, plate := range []string{"渝A1", "渝A2"} {
		l := push.NewLog()
		add(t, l, noon, injected("p1", "M1", "渝A1", push.Injected{Hold: true}), item("p2", "M2", "渝A1"))
		require.True(t, l.Holding("M1"))
		due := l.Due(noon, fiveSec)
		require.Equal(t, []string{"p2"}, ids(due))
		l.Outcome(due[0], noon, good, fiveSec)
		require.Zero(t, l.DueOrInFlight(noon, fiveSec), "what is held is not due")

		add(t, l, noon.Add(time.Hour), item("p3", "M1", plate))
		require.False(t, l.Holding("M1"))
		due = l.Due(noon.Add(time.Hour), fiveSec)
		require.Equal(t, []string{"p3"}, ids(due))
		l.Outcome(due[0], noon.Add(time.Hour), bad, fiveSec)
		require.Empty(t, l.Due(noon.Add(time.Hour), fiveSec), "the next is not done with")

		text, err := json.Marshal(l.Snapshot())
		require.NoError(t, err)
		var state push.State
		require.NoError(t, json.Unmarshal(text, &state))
		l = push.NewLog()
		require.NoError(t, l.Restore(state))

		retry := noon.Add(time.Hour + 10*time.Second)
		due = l.Due(retry, fiveSec)
		require.Equal(t, []string{"p3"}, ids(due))
		l.Outcome(due[0], retry, good, fiveSec)
		require.Equal(t, []string{"p1"}, ids(l.Due(retry, fiveSec)))
	}
}

// Where no next push comes, a held one goes out after 24 hours; by hand it goes at once, and is waited for no more.
func TestLog_holdsNoneForEver(t *testing.T) {
	l := push.NewLog()
	add(t, l, noon, injected("p1", "M1", "渝A1", push.Injected{Hold: true}))
	require.Equal(t, noon.Add(push.HoldFor), get(t, l, "p1").NextAttemptAt)
	require.Empty(t, l.Due(noon.Add(push.HoldFor-1), fiveSec))
	require.Equal(t, []string{"p1"}, ids(l.Due(noon.Add(push.HoldFor), fiveSec)))
	require.False(t, l.Holding("M1"))

	l.Reset()
	add(t, l, noon, injected("p1", "M1", "渝A1", push.Injected{Hold: true}))
	_, err := l.Redeliver("p1", noon)
	require.NoError(t, err)
	due := l.Due(noon, fiveSec)
	require.Equal(t, []string{"p1"}, ids(due))
	l.Outcome(due[0], noon, good, fiveSec)
	require.False(t, l.Holding("M1"))
	require.Zero(t, l.Pending())
}

// A duplicate is the same bytes again once the push is delivered; it is no retry, and a push that failed has none.
func TestLog_sendsDuplicates(t *testing.T) {
	l := push.NewLog()
	add(t, l, noon, injected("p1", "M1", "渝A1", push.Injected{Duplicates: 2}))
	l.Outcome(l.Due(noon, fiveSec)[0], noon, bad, fiveSec)
	require.Empty(t, l.Due(noon, fiveSec))
	retry := noon.Add(10 * time.Second)
	for n, result := range []push.Result{good, bad, good} {
		due := l.Due(retry, fiveSec)
		require.Len(t, due, 1, "delivery %d", n)
		require.Equal(t, item("p1", "", "").Body, due[0].Item.Body)
		l.Outcome(due[0], retry, result, fiveSec)
	}
	require.Zero(t, l.DueOrInFlight(retry.Add(time.Hour), fiveSec))
	require.Len(t, get(t, l, "p1").Attempts, 4)
	require.Equal(t, push.Delivered, get(t, l, "p1").Status)
}

// Only the first attempt is delayed or dropped.
func TestLog_injectsIntoTheFirstAttempt(t *testing.T) {
	l := push.NewLog()
	add(t, l, noon, injected("p1", "M1", "渝A1", push.Injected{Delay: time.Second, Drop: true}))
	due := l.Due(noon, fiveSec)
	require.Equal(t, time.Second, due[0].Delay)
	require.True(t, due[0].Drop)
	l.Outcome(due[0], noon, bad, fiveSec)
	due = l.Due(noon.Add(10*time.Second), fiveSec)
	require.Zero(t, due[0].Delay)
	require.False(t, due[0].Drop)
}
