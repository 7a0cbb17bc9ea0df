package rules

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// Where 0 stands for no limit a rule takes it; elsewhere a number is at least 1.
func TestRules_zeroIsNoLimit(t *testing.T) {
	for _, name := range []string{"push.rate", "memory.max"} {
		_, err := Check(name, 0.0)
		require.NoError(t, err, name)
		_, err = Check(name, -1.0)
		require.Error(t, err, name)
	}
	_, err := Check("memory.max", float64(64<<30))
	require.NoError(t, err)
	for _, name := range []string{"log.keep", "journal.keep", "bind.max"} {
		_, err := Check(name, 0.0)
		require.Error(t, err, name)
		_, err = Check(name, 1.0)
		require.NoError(t, err, name)
	}
}
