package freeport_test

import (
	"net"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/internal/freeport"
)

// Each address is another one, can be listened on again and again, and is none that the system gives to whoever asks for any.
func TestAddress(t *testing.T) {
	t.Parallel()
	known := map[string]bool{}
	for range 20 {
		address, err := freeport.Address()
		require.NoError(t, err)
		require.False(t, known[address], address)
		known[address] = true
		for range 2 {
			listener, err := net.Listen("tcp", address) //nolint:noctx // it does not wait
			require.NoError(t, err)
			require.Less(t, listener.Addr().(*net.TCPAddr).Port, 30_000)
			require.NoError(t, listener.Close())
		}
	}
}

// One where somebody listens is passed over.
func TestAddress_taken(t *testing.T) {
	t.Parallel()
	var held []net.Listener
	defer func() {
		for _, listener := range held {
			_ = listener.Close()
		}
	}()
	for range 20 {
		address, err := freeport.Address()
		require.NoError(t, err)
		listener, err := net.Listen("tcp", address) //nolint:noctx // it does not wait
		require.NoError(t, err)
		held = append(held, listener)
	}
}
