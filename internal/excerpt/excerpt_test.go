package excerpt_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/internal/excerpt"
)

func TestExcerpt(t *testing.T) {
	require.Equal(t, "渝停车场", excerpt.Runes("渝停车场", 4))
	require.Equal(t, "渝停…", excerpt.Runes("渝停车场", 2))
	require.Equal(t, strings.Repeat("停", 60)+"…", excerpt.Given(strings.Repeat("停", 61)))
	require.Equal(t, "渝停", excerpt.Bytes("渝停", 6))
	require.Equal(t, "渝…", excerpt.Bytes("渝停", 5), "cut between characters")
}
