package sandbox

import (
	"context"
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/mock/internal/fixture"
	"github.com/etcp-mock/etcp-mock/mock/internal/ledger"
	"github.com/etcp-mock/etcp-mock/mock/internal/ledger/memory"
)

// hooked is a ledger whose logs end, have something happen, and are deleted then, or not.
type hooked struct {
	ledger.Ledger
	meanwhile func()
	fails     error
}

func (l *hooked) Create(ctx context.Context, sandbox string, merchants []string, inputs ...[]byte) (ledger.Log, error) {
	log, err := l.Ledger.Create(ctx, sandbox, merchants, inputs...)
	return hookedLog{log, l}, err
}

type hookedLog struct {
	ledger.Log
	store *hooked
}

func (l hookedLog) Delete(ctx context.Context) error {
	if l.store.fails != nil {
		return l.store.fails
	}
	err := l.Log.Delete(ctx)
	l.store.meanwhile()
	return err
}

// What happens in a sandbox while it is deleted is refused, and fails nobody who is told that it is gone.
func TestRemove_whatHappensMeanwhile(t *testing.T) {
	t.Parallel()
	host := newHost(t, verdicts{})
	store := &hooked{Ledger: &memory.Store{}}
	host.Ledger = store
	host.Broken = func(_ *Sandbox, err error) { t.Error(err) }
	s := newBox(t, host, fixture.Demo())
	store.meanwhile = func() {
		fx := send(t, s, "demo", "parkingstatus", map[string]any{"parkingId": "1"})
		require.ErrorIs(t, fx.Err, ErrClosed)
	}
	require.NoError(t, s.Remove(t.Context()))
	s.Close()
	require.NoError(t, s.Durable(t.Context()))
	host.Sending.Wait()
}

// A sandbox that could not be deleted goes on.
func TestRemove_fails(t *testing.T) {
	t.Parallel()
	host := newHost(t, verdicts{})
	store := &hooked{Ledger: &memory.Store{}, fails: errors.New("the disk is full")}
	host.Ledger = store
	s := newBox(t, host, fixture.Demo())
	require.ErrorIs(t, s.Remove(t.Context()), store.fails)
	require.NoError(t, send(t, s, "demo", "parkingstatus", map[string]any{"parkingId": "1"}).Err)
	s.Close()
}
