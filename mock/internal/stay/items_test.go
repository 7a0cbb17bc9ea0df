package stay

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// Of two things in one second the one that leads to the other goes first, whatever the fractions say: a car drives in at a whole second.
func TestBefore(t *testing.T) {
	noon := time.Date(2017, 8, 20, 12, 0, 0, 0, time.UTC)
	item := func(of string, at time.Duration) Item { return Item{Kind: of, At: noon.Add(at), rank: kinds[of].rank} }
	login, enter, quote, exit := item(Login, 300*time.Millisecond), item(Enter, 0), item(Quote, 200*time.Millisecond), item(Exit, 0)
	require.Negative(t, before(login, enter))
	require.Negative(t, before(enter, quote))
	require.Negative(t, before(quote, exit))
	require.Positive(t, before(item(Login, time.Second), enter), "another second")
	require.Zero(t, before(enter, enter))
}

// Each kind has a lane, and every call that leads to a stay's change a kind.
func TestKinds(t *testing.T) {
	lanes := map[string]bool{LaneUser: true, LanePlatform: true, LaneCar: true, LaneWebhook: true}
	for name := range kinds {
		i := Item{Kind: name}
		require.True(t, lanes[i.Lane()], name)
	}
	for endpoint, of := range endpoints {
		require.Contains(t, kinds, of, endpoint)
	}
}
