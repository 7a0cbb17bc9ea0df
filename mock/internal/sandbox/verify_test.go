package sandbox

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/mock/internal/engine"
	"github.com/etcp-mock/etcp-mock/mock/internal/verify"
)

// What matches is counted, and what comes nearest is looked for, while others have the lock: they wait for what is copied only.
func TestVerify_searchesWithoutTheLock(t *testing.T) {
	s := newBox(t, newHost(t, verdicts{}), nil)
	var done []string
	free := func(what string) {
		require.True(t, s.mu.TryLock(), what)
		s.mu.Unlock()
		done = append(done, what)
	}
	out, err := s.verify(t.Context(), verify.Count{Min: 1, Max: -1}, func(engine.View) func() verify.Found {
		require.False(t, s.mu.TryLock(), "what is searched is copied with the lock held")
		return func() verify.Found {
			free("search")
			return verify.Found{Nearest: func() []verify.Near { free("nearest"); return nil }}
		}
	})
	require.NoError(t, err)
	require.False(t, out.OK)
	require.Equal(t, []string{"search", "nearest"}, done)
}

// What was copied is what the sandbox had then: the newest push comes first, with the status that it had.
func TestVerifyPushes_newestFirst(t *testing.T) {
	s := full(t, 3)
	found, err := s.VerifyPushes(t.Context(), verify.PushWant{Kind: "entry"}, verify.Count{Max: 0})
	require.NoError(t, err)
	require.False(t, found.OK)
	require.Equal(t, 3, found.Matched)
	require.Equal(t, []string{"p4", "p3", "p1"}, found.TooMany)
}
