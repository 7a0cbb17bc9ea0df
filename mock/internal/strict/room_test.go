package strict

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// An array always gets room for its next item, and never more than eight times what it has: a body of many arrays that end early costs little.
func TestRoomFor(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(0, 1<<24).Draw(t, "items")
		room := roomFor(n, rapid.IntRange(0, 1<<27).Draw(t, "bytes"), rapid.IntRange(0, 1<<27).Draw(t, "left"))
		require.Greater(t, room, n)
		require.LessOrEqual(t, room, max(8*n, 4))
	})
}
