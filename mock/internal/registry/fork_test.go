package registry

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/mock/internal/engine"
	"github.com/etcp-mock/etcp-mock/mock/internal/fault"
	"github.com/etcp-mock/etcp-mock/mock/internal/fixture"
	"github.com/etcp-mock/etcp-mock/mock/internal/platform"
	"github.com/etcp-mock/etcp-mock/mock/internal/platform/notation"
	"github.com/etcp-mock/etcp-mock/mock/internal/push"
	"github.com/etcp-mock/etcp-mock/mock/internal/sandbox"
	"github.com/etcp-mock/etcp-mock/mock/internal/strict"
)

var car = notation.Vehicle{Plate: "渝ATX061", Color: "1"}

// parked is a sandbox with a car that a phone has bound through A and that has entered, and a fault on A's requests.
func parked(t *testing.T, r *Registry) *sandbox.Sandbox {
	t.Helper()
	f := with("A", "B")
	f.Users = []fixture.User{{Phone: "13800000001", Plates: []fixture.Binding{{PlateNumber: car.Plate, MerchantNo: "A"}}}}
	code := 2
	f.Faults = []fault.Fault{{On: fault.On{MerchantNo: "A", Endpoint: "carnum"}, Do: fault.Do{Code: &code}}}
	s, err := r.Create("origin", Spec{Fixture: f})
	require.NoError(t, err)
	require.NoError(t, s.Do(platform.Enter{Vehicle: car, ParkingID: "1"}).Err)
	_, err = s.Drain(t.Context(), 10*time.Second)
	require.NoError(t, err)
	return s
}

func stateText(t *testing.T, s *sandbox.Sandbox) string {
	t.Helper()
	text, err := json.Marshal(s.State())
	require.NoError(t, err)
	return string(text)
}

// A fork is as its origin was at a point, under other merchants' numbers and keys, and leaves the origin as it is.
func TestFork(t *testing.T) {
	r := newRegistry(t)
	origin := parked(t, r)
	require.NoError(t, origin.Do(platform.Exit{Vehicle: car, Payment: "none"}).Err)
	_, err := origin.Drain(t.Context(), 10*time.Second)
	require.NoError(t, err)
	before := stateText(t, origin)

	fork, err := r.Fork(origin, "2", "fork", map[string]string{"A": "F"})
	require.NoError(t, err)
	require.Equal(t, before, stateText(t, origin))
	require.Equal(t, "fork", fork.ID())
	require.NotEqual(t, origin.Instance(), fork.Instance())
	numbers := fork.Merchants()
	require.Len(t, numbers, 2)
	require.Contains(t, numbers, "F")
	require.NotContains(t, numbers, "B", "a number of its own, where none was asked for")
	r.agrees(t)
	fork.View(func(w engine.StateView, _ time.Time) {
		for _, m := range w.Merchants() {
			require.Nil(t, m.Push)
			require.NotContains(t, []string{"key-A", "key-B"}, m.Key)
		}
		orders := w.OrdersOf(car.Plate, "", time.Time{})
		require.Len(t, orders, 1)
		require.Equal(t, platform.Parked, orders[0].State, "it had not left yet")
	})
	require.Equal(t, "F", fork.Faults()[0].On.MerchantNo)
	require.NotContains(t, strings.ReplaceAll(stateText(t, fork), `"signed":"A{`, ""), `"A"`, "nothing is A's any more")

	require.NoError(t, fork.Do(platform.Exit{Vehicle: car, Payment: "cash"}).Err)
	require.Equal(t, before, stateText(t, origin))
	require.NoError(t, fork.Reset())
	require.ElementsMatch(t, numbers, fork.Merchants(), "reset, it keeps its own numbers")
	r.agrees(t)
}

// Nothing that was pending at the origin is sent to its merchants by the fork.
func TestFork_deliversNothingTwice(t *testing.T) {
	r := newRegistry(t)
	s := r.make(t, "origin", "A")
	require.NoError(t, s.Do(platform.PutMerchant{Merchant: platform.Merchant{No: "A", Key: "k", Push: &platform.Hook{URL: "http://127.0.0.1:1/"}}}).Err)
	require.NoError(t, s.Do(platform.Trigger{MerchantNo: "A", Kind: "unbind"}).Err)
	_, err := s.Drain(t.Context(), 10*time.Second)
	require.NoError(t, err)
	fork, err := r.Fork(s, "", "fork", nil)
	require.NoError(t, err)
	_, err = fork.Advance(t.Context(), time.Hour)
	require.NoError(t, err)
	items, _, err := fork.Pushes(push.Filter{}, sandbox.Page{Limit: 9})
	require.NoError(t, err)
	require.Len(t, items, 1)
	require.Empty(t, items[0].URL)
	require.Equal(t, push.Failed, items[0].Status)
	require.Equal(t, "connection refused", items[0].Attempts[0].Error, "the origin's")
	for _, a := range items[0].Attempts[1:] {
		require.Equal(t, `push URL "": want an absolute http or https URL`, a.Error)
	}
	mine, _ := s.Push("p1")
	require.Equal(t, push.Pending, mine.Status)
}

// What cannot be forked says why, and leaves no sandbox and no number behind.
func TestFork_refused(t *testing.T) {
	r := newRegistry(t)
	origin := parked(t, r)
	r.make(t, "other", "C")
	_, err := r.Fork(origin, "r99", "x", nil)
	require.ErrorIs(t, err, engine.ErrForgotten)
	_, err = r.Fork(origin, "nothing", "x", nil)
	require.ErrorIs(t, err, engine.ErrNoPoint)
	_, err = r.Fork(origin, "", "other", nil)
	require.ErrorIs(t, err, ErrTaken)
	_, err = r.Fork(origin, "", "x", map[string]string{"A": "C", "B": "F"})
	require.ErrorIs(t, err, ErrTaken)
	require.Empty(t, r.owner("F"))
	_, err = r.Fork(origin, "", "x", map[string]string{"Z": "F"})
	var invalid *strict.Invalid
	require.True(t, errors.As(err, &invalid))
	require.Equal(t, "/merchants/Z", invalid.Problems[0].Pointer)
	_, err = r.Fork(origin, "", "x", map[string]string{"A": "F", "B": "F"})
	require.Error(t, err, "two merchants cannot have one number")
	_, ok := r.Get("x")
	require.False(t, ok)
	r.agrees(t)
}

// A sandbox without a fixture is forked with its one merchant, and reset to it.
func TestFork_withoutAFixture(t *testing.T) {
	r := newRegistry(t)
	s, err := r.Create("", Spec{})
	require.NoError(t, err)
	fork, err := r.Fork(s, "", "", map[string]string{s.Merchants()[0]: "F"})
	require.NoError(t, err)
	require.Equal(t, []string{"F"}, fork.Merchants())
	require.NoError(t, fork.Reset())
	require.Equal(t, []string{"F"}, fork.Merchants())
	r.agrees(t)
}
