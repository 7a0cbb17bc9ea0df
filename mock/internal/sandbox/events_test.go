package sandbox

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/mock/internal/engine"
)

// A wait in a sandbox that was closed before it began ends at once: nothing comes any more.
func TestWatch_ofAClosedSandbox(t *testing.T) {
	s := newBox(t, newHost(t, verdicts{}), nil)
	s.Close()
	err := s.Watch(t.Context(), time.Hour, func(_ engine.View, _ bool, finish func()) bool {
		finish()
		return false
	})
	require.ErrorIs(t, err, ErrClosed)
}
