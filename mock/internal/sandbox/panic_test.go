package sandbox

import (
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/mock/internal/platform"
	"github.com/etcp-mock/etcp-mock/mock/internal/push"
)

// told keeps what a set of sandboxes said had failed.
type told struct {
	mu    sync.Mutex
	whats []string
}

func (f *told) note(what string, _ any) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.whats = append(f.whats, what)
}

func (f *told) all() []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return append([]string(nil), f.whats...)
}

// A sender that panics fails the attempt, each time it is told once, and the pushes go their way.
func TestDeliver_aSenderThatPanics(t *testing.T) {
	var failed told
	ws := NewWorlds(time.Now, new(push.Sender)) // which has no transport
	ws.Failed = failed.note
	s, err := ws.Create(Default, Spec{Fixture: DemoFixture()})
	require.NoError(t, err)
	defer s.close()
	r := s.Do(platform.SetRules{Rules: map[string]any{"push.schedule": []any{"1m", "1m"}}})
	require.Nil(t, r.Err)
	require.NoError(t, s.PutMerchant(platform.Merchant{No: "demo", Key: "k", Push: &platform.Hook{URL: "http://127.0.0.1:1/"}}))
	require.Nil(t, s.Do(platform.Trigger{MerchantNo: "demo", Kind: "entry"}).Err)
	_, err = s.Drain(t.Context(), 10*time.Second)
	require.NoError(t, err)
	_, err = s.Advance(t.Context(), 10*time.Minute)
	require.NoError(t, err)
	items, _, err := s.Pushes(push.Filter{}, Page{Limit: 10})
	require.NoError(t, err)
	require.Len(t, items, 1)
	require.Equal(t, push.Failed, items[0].Status)
	for _, a := range items[0].Attempts {
		require.Contains(t, a.Error, "the mock itself failed")
	}
	require.Len(t, failed.all(), len(items[0].Attempts))
	require.Equal(t, sending, failed.all()[0])
}
