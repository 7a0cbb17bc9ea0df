package sandbox

import (
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/mock/internal/platform"
	"github.com/etcp-mock/etcp-mock/mock/internal/push"
)

// reported keeps what a sandbox reported to have failed.
type reported struct {
	mu    sync.Mutex
	whats []string
}

func (f *reported) note(what string, _ any, stack []byte) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.whats = append(f.whats, what)
	if len(stack) == 0 {
		f.whats = append(f.whats, "without a stack")
	}
}

func (f *reported) all() []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return append([]string(nil), f.whats...)
}

// A sender that panics fails the attempt, each time it is reported once, and the pushes go their way.
func TestDeliver_aSenderThatPanics(t *testing.T) {
	var failed reported
	host := newHost(t, new(push.Sender)) // which has no transport
	host.Failed = failed.note
	s := newBox(t, host, nil)
	require.NoError(t, s.Do(platform.SetRules{Rules: map[string]any{"push.schedule": []any{"1m", "1m"}}}).Err)
	require.NoError(t, s.Do(platform.PutMerchant{Merchant: platform.Merchant{No: "demo", Key: "k", Push: &platform.Hook{URL: "http://127.0.0.1:1/"}}}).Err)
	require.NoError(t, s.Do(platform.Trigger{MerchantNo: "demo", Kind: "entry"}).Err)
	_, err := s.Drain(t.Context(), 10*time.Second)
	require.NoError(t, err)
	_, err = s.Advance(t.Context(), 10*time.Minute)
	require.NoError(t, err)
	items, _, err := s.Pushes(push.Filter{}, Page{Limit: 10})
	require.NoError(t, err)
	require.Len(t, items, 1)
	require.Equal(t, push.Failed, items[0].Status)
	require.Len(t, items[0].Attempts, 3)
	for _, a := range items[0].Attempts {
		require.Contains(t, a.Error, "the mock itself failed")
	}
	require.Equal(t, []string{sending, sending, sending}, failed.all())
}
