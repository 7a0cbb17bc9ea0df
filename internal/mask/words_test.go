package mask_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/internal/mask"
)

// A secret of others is hidden where it stands as a word of its own; one that is short, or is no word, is not looked for.
func TestMasker_wordsOfOthers(t *testing.T) {
	m := mask.New("own-secret").Beside(mask.NewWords("others_key-1", "0123456789abcdef", "short", "no/word/at/all", ""))
	for text, want := range map[string]string{
		"others_key-1":                         "•••",
		`{"sign":"others_key-1","a":"x"}`:      `{"sign":"•••","a":"x"}`,
		"a others_key-1, 0123456789abcdef.":    "a •••, •••.",
		"xothers_key-1 others_key-12":          "xothers_key-1 others_key-12",
		"short no/word/at/all":                 "short no/word/at/all",
		"http://u:0123456789abcdef@h/?k=other": "http://u:•••@h/?k=other",
		"own-secret and others_key-1":          "••• and •••",
		"渝others_key-1渝":                       "渝•••渝",
		"":                                     "",
	} {
		require.Equal(t, want, m.Text(text))
		require.Equal(t, want != text, m.In([]byte(text)), text)
	}
	require.Equal(t, "others_key-1", mask.New().Beside(nil).Text("others_key-1"))
	require.Equal(t, "•••", mask.Masker{}.Beside(mask.NewWords("others_key-1")).Text("others_key-1"))
	require.True(t, mask.New("").Beside(mask.NewWords("short")).IsZero())
}
