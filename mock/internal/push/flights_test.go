package push_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/mock/internal/push"
)

// read is a state as it comes back from a file.
func read(t *testing.T, s push.State) (out push.State) {
	t.Helper()
	text, err := json.Marshal(s)
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(text, &out))
	return out
}

// inFlight is a log with p1 in flight, p2 behind it, p3 redelivered and in flight, and p4 that is held.
func inFlight(t *testing.T) (l *push.Log, first, redelivery push.Attempt) {
	t.Helper()
	l = push.NewLog()
	add(t, l, noon, item("p1", "M1", "渝A1"), item("p2", "M1", "渝A1"), item("p3", "M1", "渝A3"), injected("p4", "M2", "渝A4", push.Injected{Hold: true}))
	due := l.Due(noon, fiveSec)
	require.Equal(t, []string{"p1", "p3"}, ids(due))
	l.Outcome(due[1], noon, bad, fiveSec)
	_, err := l.Redeliver("p3", noon)
	require.NoError(t, err)
	again := l.Due(noon, fiveSec)
	require.Equal(t, []string{"p3"}, ids(again))
	require.True(t, again[0].Redelivery)
	return l, due[0], again[0]
}

// Restored from a checkpoint, the outcomes of what was in flight are still awaited, and mean what they would have meant.
func TestCheckpoint_keepsAttemptsInFlight(t *testing.T) {
	l, first, redelivery := inFlight(t)
	other := push.NewLog()
	require.NoError(t, other.Restore(read(t, l.Checkpoint())))
	require.Equal(t, 2, other.InFlight())
	require.Equal(t, l.Attempts(), other.Attempts())
	require.Empty(t, other.Due(noon, fiveSec), "p1 and p3 are in flight, p2 is behind p1, p4 is held")
	require.True(t, other.Holding("M2"))
	require.True(t, get(t, other, "p1").NextAttemptAt.IsZero())

	for _, log := range []*push.Log{l, other} {
		require.True(t, log.Outcome(first, noon.Add(time.Second), good, fiveSec))
		require.True(t, log.Outcome(redelivery, noon.Add(time.Second), bad, fiveSec))
		require.False(t, log.Outcome(redelivery, noon.Add(time.Second), bad, fiveSec), "twice")
		require.Equal(t, noon.Add(10*time.Second), get(t, log, "p3").NextAttemptAt, "a redelivery that fails leaves the schedule")
		due := log.Due(noon.Add(time.Second), fiveSec)
		require.Equal(t, []string{"p2"}, ids(due))
		require.EqualValues(t, 4, due[0].Seq, "numbers of attempts go on")
	}
	require.Equal(t, read(t, l.Checkpoint()), read(t, other.Checkpoint()))
}

// A snapshot has no attempts in flight: restored, they are due again, and the outcome of those from before is nobody's.
func TestSnapshot_forgetsAttemptsInFlight(t *testing.T) {
	l, first, _ := inFlight(t)
	for _, i := range l.Snapshot().Items {
		require.Zero(t, i.Flight)
		require.False(t, i.Redelivers)
	}
	require.NoError(t, l.Restore(read(t, l.Snapshot())))
	require.Zero(t, l.InFlight())
	require.False(t, l.Outcome(first, noon, good, fiveSec))
	require.Equal(t, []string{"p1", "p3"}, ids(l.Due(noon, fiveSec)))
}

// Where the sender has gone, its attempts are due again, a redelivery as one, and with what was injected into a first attempt.
func TestForgetFlights(t *testing.T) {
	l, first, redelivery := inFlight(t)
	add(t, l, noon, injected("p5", "M1", "渝A5", push.Injected{Drop: true, Delay: time.Second}))
	dropped := l.Due(noon, fiveSec)
	require.True(t, dropped[0].Drop)
	before := l.Attempts()
	l.ForgetFlights()
	require.Zero(t, l.InFlight())
	for _, a := range []push.Attempt{first, redelivery, dropped[0]} {
		require.False(t, l.Outcome(a, noon, good, fiveSec))
	}
	due := l.Due(noon, fiveSec)
	require.Equal(t, []string{"p1", "p3", "p5"}, ids(due))
	require.Equal(t, []bool{false, true, false}, []bool{due[0].Redelivery, due[1].Redelivery, due[2].Redelivery})
	require.True(t, due[2].Drop)
	require.Equal(t, time.Second, due[2].Delay)
	require.Equal(t, first.Item.Body, due[0].Item.Body, "byte for byte")
	require.Greater(t, due[0].Seq, before)
	require.Len(t, get(t, l, "p3").Attempts, 1, "an attempt that nobody knows the outcome of is not on record")
}

// Numbers of attempts never go back, so that one from before is not taken for another's.
func TestSetAttempts(t *testing.T) {
	l := push.NewLog()
	l.SetAttempts(100)
	l.SetAttempts(7)
	require.EqualValues(t, 100, l.Attempts())
	add(t, l, noon, item("p1", "M1", "渝A1"))
	require.EqualValues(t, 101, l.Due(noon, fiveSec)[0].Seq)
	l.Reset()
	require.EqualValues(t, 101, l.Attempts())
	require.NoError(t, l.Restore(push.State{}))
	require.EqualValues(t, 101, l.Attempts())
}
