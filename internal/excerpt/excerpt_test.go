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

// A URL is shortened to who is named by it; what names nobody stays.
func TestHost(t *testing.T) {
	require.Equal(t, "https://h:1", excerpt.Host("https://user:secret@h:1/path?token=secret#x"))
	for _, other := range []string{"", "h:1", "/path", "http://h:x/", "http://"} {
		require.Equal(t, other, excerpt.Host(other))
	}
}

// A message keeps what it says: what it quotes is shortened, and the rest only where that is not enough.
func TestMessage(t *testing.T) {
	long := strings.Repeat("x", 1000)
	short := strings.Repeat("x", 60) + "…"
	require.Equal(t, `no car park "`+short+`" in "S"`, excerpt.Message(`no car park "`+long+`" in "S"`, 200))
	require.Equal(t, `got "\"`+strings.Repeat("x", 58)+`…" twice`, excerpt.Message(`got "\"`+long+`\"" twice`, 200))
	require.Equal(t, `"`+short, excerpt.Message(`"`+long, 200))
	require.Len(t, excerpt.Message(long, 200), 200+len("…"))
	require.LessOrEqual(t, len(excerpt.Message(strings.Repeat(`"a" `, 1000), 200)), 200+len("…"))
	require.Equal(t, `"`+long+`"`, excerpt.Message(`"`+long+`"`, 2000), "it is short enough")
}
