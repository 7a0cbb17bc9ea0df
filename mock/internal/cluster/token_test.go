package cluster

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/mock/internal/ledger"
)

// digests is a store that knows what replicas show each other.
type digests struct {
	connection
	peers map[string]string
}

func (s digests) with(all []ledger.Replica) []ledger.Replica {
	for i := range all {
		all[i].Peers = s.peers[all[i].Name]
	}
	return all
}

func (s digests) Beat(ctx context.Context, name, run, addr string, lifetime time.Duration) ([]ledger.Replica, error) {
	all, err := s.connection.Beat(ctx, name, run, addr, lifetime)
	return s.with(all), err
}

func (s digests) Replicas(ctx context.Context, lifetime time.Duration) ([]ledger.Replica, error) {
	all, err := s.connection.Replicas(ctx, lifetime)
	return s.with(all), err
}

// A replica whose peers would refuse it is not let in, and is never seen by them: they would give it sandboxes that nobody could reach. One
// that is not live any more does not count.
func TestJoin_otherToken(t *testing.T) {
	t.Parallel()
	const lifetime = time.Minute
	fake := newFakeStore()
	store := digests{connection{fake, "a"}, map[string]string{"a": "one", "b": "other", "c": "one"}}
	_, err := store.Beat(t.Context(), "a", "run", "127.0.0.1:1", lifetime)
	require.NoError(t, err)

	local := &fakeLocal{connection: connection{fake, "b"}, owned: map[string]uint64{}}
	_, err = Join(t.Context(), store, local, Options{Name: "b", Peers: "other", Lifetime: lifetime})
	var refused *TokenError
	require.ErrorAs(t, err, &refused)
	require.Equal(t, "a", refused.Replica)
	require.NotContains(t, fake.beats, "b")

	c, err := Join(t.Context(), store, local, Options{Name: "c", Peers: "one", Lifetime: lifetime})
	require.NoError(t, err)
	require.NoError(t, c.Leave(t.Context()))

	fake.mu.Lock()
	fake.beats["a"] = time.Now().Add(-2 * lifetime)
	fake.mu.Unlock()
	c, err = Join(t.Context(), store, local, Options{Name: "b", Peers: "other", Lifetime: lifetime})
	require.NoError(t, err)
	require.NoError(t, c.Leave(t.Context()))
}

// hasty is a store in which another replica begins while one reads who is there.
type hasty struct{ digests }

func (s hasty) Replicas(ctx context.Context, lifetime time.Duration) ([]ledger.Replica, error) {
	all, err := s.digests.Replicas(ctx, lifetime)
	if err == nil {
		_, err = s.Beat(ctx, "a", "run", "127.0.0.1:1", lifetime)
	}
	return all, err
}

// Of two that start at once with other tokens, whoever sees the other leaves.
func TestJoin_otherTokenAtOnce(t *testing.T) {
	t.Parallel()
	fake := newFakeStore()
	store := hasty{digests{connection{fake, "b"}, map[string]string{"a": "one", "b": "other"}}}
	local := &fakeLocal{connection: connection{fake, "b"}, owned: map[string]uint64{}}
	_, err := Join(t.Context(), store, local, Options{Name: "b", Peers: "other", Lifetime: time.Minute})
	var refused *TokenError
	require.ErrorAs(t, err, &refused)
	require.NotContains(t, fake.beats, "b")
}
