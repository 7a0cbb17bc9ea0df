package suite_test

import (
	"path"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/scenarios/suite"
)

// Every case is a file of its own name, says what it covers and what it holds, and asserts something.
func TestCases(t *testing.T) {
	all := suite.Library().Own()
	files, err := suite.Files.ReadDir(".")
	require.NoError(t, err)
	require.Len(t, all, len(files))
	for _, s := range all {
		require.Equal(t, s.Name+".yaml", path.Base(s.File))
		require.NotEmpty(t, s.Summary, s.Name)
		require.NotEmpty(t, s.Covers, s.Name)
	}
}
