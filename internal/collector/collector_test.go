package collector

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// A small heap may grow by 24 MiB, a large one by half.
func TestTarget(t *testing.T) {
	require.Equal(t, most, target(0))
	require.Equal(t, most, target(1<<20))
	require.Equal(t, 300, target(8<<20))
	require.Equal(t, 100, target(24<<20))
	require.Equal(t, 50, target(48<<20))
	require.Equal(t, 50, target(4<<30))
}
