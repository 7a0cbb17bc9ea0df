package cluster

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/mock/internal/ledger"
)

// Who waits for a peer is let go when it counts as dead, at once where the list says so, and where no list has it, with the second: it may have
// joined after the first was made.
func TestWaiting_keep(t *testing.T) {
	t.Parallel()
	var w waiting
	at := func(addr string) func() error {
		ctx, over := w.begin(t.Context(), addr)
		t.Cleanup(over)
		return ctx.Err
	}
	alive, dead, unlisted := at("alive:1"), at("dead:1"), at("unlisted:1")
	list := []ledger.Replica{{Addr: "alive:1", Live: true}, {Addr: "dead:1"}}
	w.keep(list)
	require.NoError(t, alive())
	require.Error(t, dead())
	require.NoError(t, unlisted())
	w.keep(append(list, ledger.Replica{Addr: "unlisted:1", Live: true}))
	w.keep(list)
	require.NoError(t, unlisted())
	w.keep(list)
	require.Error(t, unlisted())
	require.NoError(t, alive())
}
