package active

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// A value is broken where its bug is on, and only there.
func TestIf(t *testing.T) {
	old := Bug
	t.Cleanup(func() { Bug = old })
	for bug, want := range map[int]string{0: "right", 1: "right", 2: "broken", 3: "right"} {
		Bug = bug
		require.Equal(t, want, If(2, "broken", "right"))
	}
}
