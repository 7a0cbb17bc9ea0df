package sandbox

import (
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/mock/internal/engine"
	"github.com/etcp-mock/etcp-mock/mock/internal/platform"
	"github.com/etcp-mock/etcp-mock/mock/internal/platform/notation"
	"github.com/etcp-mock/etcp-mock/mock/internal/verify"
)

// seen are the ids of what a sequence can be made of, by the steps that match anything.
func seen(t *testing.T, s *Sandbox) (ids []string) {
	t.Helper()
	s.Read(func(v engine.View, _ time.Time) {
		for _, h := range s.happeningsLocked(v) {
			ids = append(ids, h.ID())
		}
	})
	return ids
}

// A sequence is looked for in what happened since the sandbox was made, reset or restored: requests, pushes and cars in one order.
// What a restored state had seen is none of it, and a restore that is refused changes nothing. After an undo it is what happened
// up to the point that the undo went back to, and since.
func TestVerifySequence_since(t *testing.T) {
	s := newBox(t, newHost(t, verdicts{}), stormFixture())
	car := notation.Vehicle{Plate: plateOf(0), Color: "1"}
	send(t, s, "M0", "carnum", nil)
	require.NoError(t, s.Do(platform.Enter{Vehicle: car, ParkingID: "1"}).Err)
	require.Error(t, s.Do(platform.Enter{Vehicle: car, ParkingID: "1"}).Err, "which is parked")
	all := []string{"r1", "enter " + car.Plate, "p1"}
	require.Equal(t, all, seen(t, s))
	steps := []verify.Step{{Request: &verify.RequestWant{Endpoint: "carnum"}}, {Car: "enter"}, {Push: &verify.PushWant{Kind: "entry"}}}
	found, err := s.VerifySequence(t.Context(), steps, true, 0)
	require.NoError(t, err)
	require.Equal(t, verify.SequenceResult{OK: true, Matched: all, Missing: -1}, found)

	state := s.State()
	wrong := state
	wrong.Version = 1
	d, err := engine.NewDocument(&wrong)
	require.NoError(t, err)
	require.Error(t, s.Restore(d))
	require.Equal(t, all, seen(t, s))

	require.NoError(t, s.Do(platform.Exit{Vehicle: car, Payment: "cash"}).Err)
	d, err = engine.NewDocument(&state)
	require.NoError(t, err)
	require.NoError(t, s.Restore(d))
	require.Empty(t, seen(t, s))
	require.NoError(t, s.Do(platform.Exit{Vehicle: car, Payment: "cash"}).Err)
	require.Equal(t, []string{"exit " + car.Plate, "p2"}, seen(t, s))
	require.NoError(t, s.Undo("r1"))
	require.Equal(t, []string{"r1"}, seen(t, s))
	require.NoError(t, s.Do(platform.Enter{Vehicle: car, ParkingID: "1"}).Err)
	require.Equal(t, []string{"r1", "enter " + car.Plate, "p1"}, seen(t, s))

	state = s.State()
	d, err = engine.NewDocument(&state)
	require.NoError(t, err)
	fork, err := New(s.host, &engine.Create{ID: "fork", Instance: "f", Spec: s.engine.View().Spec(), State: d})
	require.NoError(t, err)
	defer fork.Close()
	require.Empty(t, seen(t, fork))
}

// An undo that goes back to a point which another undo had put back shows what led to that point.
func TestVerifySequence_undoOfAnUndo(t *testing.T) {
	s := newBox(t, newHost(t, verdicts{}), stormFixture())
	car := notation.Vehicle{Plate: plateOf(0), Color: "1"}
	send(t, s, "M0", "carnum", nil)
	require.NoError(t, s.Do(platform.Enter{Vehicle: car, ParkingID: "1"}).Err)
	entered := s.History()
	require.NoError(t, s.Undo("r1"))
	send(t, s, "M0", "carnum", nil)
	require.Equal(t, []string{"r1", "r2"}, seen(t, s))
	require.NoError(t, s.Undo(strconv.FormatUint(entered.Last(), 10)))
	require.Equal(t, []string{"r1", "enter " + car.Plate, "p1"}, seen(t, s))
	require.NoError(t, s.Reset())
	require.Empty(t, seen(t, s))
}

// An undo puts back what was there right after a point, and leaves what came later in the log, as undone; it can be undone.
func TestUndo(t *testing.T) {
	s := newBox(t, newHost(t, verdicts{}), stormFixture())
	send(t, s, "M0", "usersigin", map[string]any{"mobilePhone": phones[0], "appId": "ETCP"})
	want, err := s.StateAt("r1")
	require.NoError(t, err)
	require.NoError(t, s.Do(platform.PutMerchant{Merchant: platform.Merchant{No: "M9", Key: "k"}}).Err)
	later := s.State()
	last := s.History()
	require.NoError(t, s.Undo("r1"))
	have := s.State()
	require.True(t, want.Same(&have))
	require.Equal(t, []string{"M0", "M1"}, s.Merchants())
	h := s.History()
	require.True(t, h.Undone()(last.Last()))
	differences, err := s.Diff("r1", "")
	require.NoError(t, err)
	require.Empty(t, differences)
	require.NoError(t, s.Undo("3"))
	have = s.State()
	require.True(t, later.Same(&have))
	require.ErrorIs(t, s.Undo("r7"), engine.ErrForgotten)
	require.ErrorIs(t, s.Undo("nothing"), engine.ErrNoPoint)
}
