package main

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// What was measured takes the place of what was before, in the order of the report; the rest stays, and is named.
func TestMerged(t *testing.T) {
	older := "# Benchmarks\n\nOn Monday.\n\n## Pushes\n\nold pushes\n\n## Memory\n\nold memory\n"
	report := "# Benchmarks\n\nOn Tuesday.\n\n## Beside bare Gin\n\nturns\n\n## Memory\n\nnew memory\n\n"
	want := "# Benchmarks\n\nOn Tuesday.\n\n## Beside bare Gin\n\nturns\n\n## Pushes\n\nold pushes\n\n## Memory\n\nnew memory\n\nNot measured this time but before: Pushes.\n"
	require.Equal(t, want, merged(older, report))
	require.Equal(t, want, merged(want, report), "again")
	require.Equal(t, "# Benchmarks\n\nOn Tuesday.\n\n## Memory\n\nnew memory\n", merged("", "# Benchmarks\n\nOn Tuesday.\n\n## Memory\n\nnew memory\n"))
}
