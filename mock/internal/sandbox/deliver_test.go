package sandbox

import (
	"context"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/mock/internal/engine"
	"github.com/etcp-mock/etcp-mock/mock/internal/platform"
	"github.com/etcp-mock/etcp-mock/mock/internal/push"
)

// hanging is a sender whose merchants never answer.
type hanging struct {
	begun chan struct{}
	ended atomic.Int32
}

func (h *hanging) Send(ctx context.Context, _ push.Attempt, _ time.Duration) push.Result {
	h.begun <- struct{}{}
	<-ctx.Done()
	h.ended.Add(1)
	return push.Result{Error: "broken off"}
}

// Resetting a sandbox and deleting it break off its attempts: a merchant that hangs holds no connection for a state that is gone.
func TestDeliver_isBrokenOff(t *testing.T) {
	sender := &hanging{begun: make(chan struct{}, 9)}
	s := newBox(t, newHost(t, sender), nil)
	trigger := func() {
		merchant := s.Merchants()[0]
		require.NoError(t, s.Do(platform.PutMerchant{Merchant: platform.Merchant{No: merchant, Key: "k", Push: &platform.Hook{URL: "http://merchant.test/"}}}).Err)
		require.NoError(t, s.Do(platform.Trigger{MerchantNo: merchant, Kind: "entry"}).Err)
		<-sender.begun
	}
	trigger()
	require.NoError(t, s.Reset())
	require.Eventually(t, func() bool { return sender.ended.Load() == 1 }, time.Minute, time.Millisecond)
	trigger()
	s.Read(func(v engine.View, now time.Time) { require.Equal(t, 1, v.Pushes().DueOrInFlight(now, v.Policy())) })
	s.Close()
	require.Eventually(t, func() bool { return sender.ended.Load() == 2 }, time.Minute, time.Millisecond)
}
