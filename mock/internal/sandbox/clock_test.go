package sandbox

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/mock/internal/clock"
	"github.com/etcp-mock/etcp-mock/mock/internal/engine"
	"github.com/etcp-mock/etcp-mock/mock/internal/platform"
	"github.com/etcp-mock/etcp-mock/mock/internal/platform/notation"
	"github.com/etcp-mock/etcp-mock/mock/internal/push"
)

// refusing is a sender whose merchants refuse every push.
type refusing struct{}

func (refusing) Send(context.Context, push.Attempt, time.Duration) push.Result {
	return push.Result{HTTPStatus: 500, Error: "answered HTTP 500"}
}

// At whatever rate a clock runs, what waits for it is woken when it is due and not over and over before; a rate out of bounds is refused.
func TestSetClock_ratesSpinNothing(t *testing.T) {
	for _, rate := range []float64{5e-324, 1e-12, 1e-3, 0.1, 7, 86_399.7, clock.MaxRate} {
		synctest.Test(t, func(t *testing.T) {
			s := newBox(t, newHost(t, refusing{}), nil)
			merchant := s.Merchants()[0]
			require.NoError(t, s.Do(platform.PutMerchant{Merchant: platform.Merchant{No: merchant, Key: "k", Push: &platform.Hook{URL: "http://merchant.test/"}}}).Err)
			running := clock.Running
			_, err := s.SetClock(t.Context(), clock.Change{Mode: &running, Rate: &rate})
			require.NoError(t, err)
			require.NoError(t, s.Do(platform.Trigger{MerchantNo: merchant, Kind: "entry"}).Err)
			time.Sleep(24 * time.Hour)
			synctest.Wait()
			s.Read(func(v engine.View, _ time.Time) {
				require.Less(t, v.Seq(), uint64(60), "inputs at rate %v", rate)
				item, _ := v.Pushes().Get("p1")
				require.GreaterOrEqual(t, len(item.Attempts), 1)
				if rate >= 1 {
					require.Equal(t, push.Failed, item.Status, "the whole schedule has run")
				}
			})
		})
	}
	s := newBox(t, newHost(t, verdicts{}), nil)
	for _, rate := range []float64{1e9, 0, -1} {
		_, err := s.SetClock(t.Context(), clock.Change{Rate: &rate})
		require.Error(t, err)
	}
}

// A clock that is broken off on its way says how far it came, in its answer and in the last event; one that nobody waits for changes nothing.
func TestSetClock_brokenOff(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		sender := &hanging{begun: make(chan struct{}, 9)}
		s := newBox(t, newHost(t, sender), nil)
		frozen, rate := clock.Frozen, 5.0
		_, err := s.SetClock(t.Context(), clock.Change{Mode: &frozen})
		require.NoError(t, err)
		merchant := s.Merchants()[0]
		require.NoError(t, s.Do(platform.PutMerchant{Merchant: platform.Merchant{No: merchant, Key: "k", Push: &platform.Hook{URL: "http://merchant.test/"}}}).Err)

		gone, leave := context.WithCancel(t.Context())
		leave()
		before, seq := s.Clock(), s.LastEvent()
		later := before.Now.Add(time.Hour)
		_, err = s.SetClock(gone, clock.Change{Now: &later, Rate: &rate})
		require.ErrorIs(t, err, context.Canceled)
		require.Equal(t, before, s.Clock())
		require.Equal(t, seq, s.LastEvent())

		require.NoError(t, s.Do(platform.Trigger{MerchantNo: merchant, Kind: "entry"}).Err)
		<-sender.begun
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		_, err = s.SetClock(ctx, clock.Change{Now: &later, Rate: &rate})
		halfway, ok := errors.AsType[*BrokenOffError](err)
		require.True(t, ok, "%v", err)
		require.ErrorIs(t, err, context.DeadlineExceeded)
		want := clock.Reading{Now: before.Now, Mode: frozen, Rate: rate}
		require.Equal(t, want, halfway.Shown)
		require.Equal(t, want, s.Clock())
		require.Contains(t, err.Error(), notation.FormatTime(before.Now))
		events := s.NewsSince(seq).Events
		last := events[len(events)-1]
		require.Equal(t, engine.EventClock, last.Kind)
		require.Equal(t, want, last.Value)
		s.Close()
	})
}
