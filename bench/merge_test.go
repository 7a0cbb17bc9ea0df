package main

import (
	"os"
	"path/filepath"
	"regexp"
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

// Every section that is reported has its place in the document.
func TestTitles(t *testing.T) {
	files, err := filepath.Glob("*.go")
	require.NoError(t, err)
	found := 0
	for _, file := range files {
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		for _, m := range regexp.MustCompile(`say\("## (.*)"\)`).FindAllStringSubmatch(string(text), -1) {
			require.Contains(t, titles, m[1], file)
			found++
		}
	}
	require.Equal(t, len(titles), found)
}
