package suite_test

import (
	"path"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/scenarios/suite"
)

// Every case is a file of its own name, and says what it is about in both languages, what it covers and what it holds.
func TestCases(t *testing.T) {
	all := suite.Library().Own()
	files, err := suite.Files.ReadDir(".")
	require.NoError(t, err)
	require.Len(t, all, len(files))
	for _, s := range all {
		require.Equal(t, s.Name+".yaml", path.Base(s.File))
		require.NotEmpty(t, s.Summary, s.Name)
		require.Regexp(t, `\p{Han}`, s.SummaryZh, "%s has no summary in Chinese", s.Name)
		require.NotEmpty(t, s.Checks, s.Name)
		require.NotEmpty(t, s.Covers, s.Name)
	}
}
