package engine

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/mock/internal/clock"
	"github.com/etcp-mock/etcp-mock/mock/internal/fixture"
)

// A sandbox is created once, and nothing else happens in it before: either is refused, and changes nothing.
func TestCreate_once(t *testing.T) {
	r := newRig(t, city())
	before := unnumbered(stateOf(t, r.e))
	fx := r.apply(&Create{ID: "other", Instance: "b2", Spec: fixture.Spec{Seed: 8, FirstMerchant: "M9"}})
	require.ErrorIs(t, fx.Err, ErrCreated)
	require.Empty(t, fx.Events)
	require.Equal(t, before, unnumbered(stateOf(t, r.e)))

	e := New(nil)
	for kind, fresh := range inputs {
		if kind == "create" {
			continue
		}
		fx := e.Apply(Stamp{noon, today}, fresh())
		require.ErrorIs(t, fx.Err, ErrNotCreated, kind)
	}
	require.NoError(t, e.Apply(Stamp{noon, today}, &Create{ID: "s", Instance: "b", Spec: fixture.Spec{FirstMerchant: "M1"}}).Err)
}

// The clock is moved to no time that it cannot show.
func TestMoveClock_bounds(t *testing.T) {
	r := newRig(t, city())
	before := unnumbered(stateOf(t, r.e))
	for _, to := range []time.Time{clock.Latest.Add(1), clock.Latest.AddDate(900, 0, 0), clock.Earliest.Add(-1), {}} {
		fx := r.apply(&MoveClock{To: to, Last: true})
		require.ErrorIs(t, fx.Err, clock.ErrRange, to)
		require.Empty(t, fx.Events)
		require.Equal(t, before, unnumbered(stateOf(t, r.e)), to)
	}
	require.NoError(t, r.apply(&MoveClock{To: clock.Latest}).Err)
	require.True(t, r.e.View().Now(today).Equal(clock.Latest))
}
