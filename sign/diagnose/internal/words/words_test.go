package words_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/etcp-mock/etcp-mock/sign/diagnose/internal/words"
)

// What is shown of a stranger's text is one line of valid text, in which nothing is invisible; what is visible stays as it is.
func TestVisible(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := string(rapid.SliceOf(rapid.Byte()).Draw(t, "bytes")) + rapid.String().Draw(t, "text")
		shown := words.Visible(s)
		require.True(t, utf8.ValidString(shown))
		for _, r := range shown {
			require.False(t, r < ' ' || r == 0x7f || words.Invisible(r), "%U in %q", r, shown)
		}
	})
	for s, want := range map[string]string{"渝 a": "渝 a", "\n\t\r\x00": `\n\t\r\x00`, "\u200b\uFEFF\u00a0": `\u200b\ufeff\u00a0`, "\xd3\xe5": `\xd3\xe5`, "\uFFFD": "\uFFFD"} {
		require.Equal(t, want, words.Visible(s))
	}
}

// A text is cut between characters, and says that it was; two texts part where they first differ.
func TestCut(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := rapid.StringMatching(`[a渝]{0,20}`).Draw(t, "a"), rapid.StringMatching(`[a渝]{0,20}`).Draw(t, "b")
		most := rapid.IntRange(0, 40).Draw(t, "most")
		cut := words.Cut(a, most)
		require.True(t, strings.HasPrefix(a, strings.TrimSuffix(cut, "…")))
		require.Equal(t, len(a) > most, strings.HasSuffix(cut, "…"))
		at := words.FirstDifference(a, b)
		require.Equal(t, a[:at], b[:at])
		require.True(t, at == len(a) || at == len(b) || a[at] != b[at])
	})
}

// A byte of data is said with its line and column, in characters, and what stands there.
func TestAtByte(t *testing.T) {
	text := "{\n\"渝\": \u200bx}"
	require.Equal(t, "byte 1 (line 1, column 1): `{\\n\"渝\": \\u200bx}`", words.AtByte(text, 0).En)
	require.Equal(t, "byte 7 (line 2, column 3): `\": \\u200bx}`", words.AtByte(text, 6).En)
	require.Equal(t, "第 7 字节（第 2 行第 3 列）：`\": \\u200bx}`", words.AtByte(text, 6).Zh)
	require.Equal(t, "it ends at byte 14", words.AtByte(text, 99).En)
	require.Equal(t, words.Phrase{En: "ab", Zh: "甲乙"}, words.Phrase{En: "a", Zh: "甲"}.Plus("b", "乙"))
}

// One is no plural.
func TestCharacters(t *testing.T) {
	require.Equal(t, []string{"0 characters", "1 character", "2 characters"}, []string{words.Characters(0), words.Characters(1), words.Characters(2)})
}
