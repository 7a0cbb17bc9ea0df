package mask_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/internal/mask"
)

func words(secrets ...string) *mask.Words {
	w := new(mask.Words)
	w.Set("somebody", secrets)
	return w
}

// A secret of others is hidden where it stands as a word of its own; one that is short, or is no word, is not looked for.
func TestMasker_wordsOfOthers(t *testing.T) {
	m := mask.New("own-secret").Beside(words("others_key-1", "0123456789abcdef", "short", "no/word/at/all", ""))
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
	require.Equal(t, "•••", mask.Masker{}.Beside(words("others_key-1")).Text("others_key-1"))
	require.True(t, mask.New("").Beside(words("short")).IsZero())
}

// A secret is hidden as long as anybody has it.
func TestWords_ofSeveralOwners(t *testing.T) {
	w := new(mask.Words)
	shows := func(text string) string { return mask.Masker{}.Beside(w).Text(text) }
	w.Set(1, []string{"both-have", "one-has-it"})
	w.Set(2, []string{"both-have", "both-have"})
	require.Equal(t, "••• •••", shows("both-have one-has-it"))
	w.Set(1, []string{"one-has-it"})
	require.Equal(t, "••• •••", shows("both-have one-has-it"))
	w.Set(2, []string{"both-have"})
	require.Equal(t, "••• •••", shows("both-have one-has-it"))
	w.Set(2, nil)
	require.Equal(t, "both-have •••", shows("both-have one-has-it"))
	w.Set(1, nil)
	w.Set(1, nil)
	require.Equal(t, "both-have one-has-it", shows("both-have one-has-it"))
	require.True(t, mask.Masker{}.Beside(w).IsZero())
}

// What one owner's change costs does not depend on how many others there are.
func TestWords_setBesideMany(t *testing.T) {
	cost := func(others int) float64 {
		w := new(mask.Words)
		for n := range others {
			w.Set(n, []string{fmt.Sprintf("%032x", n)})
		}
		n := others
		return testing.AllocsPerRun(100, func() { w.Set(others, []string{"another-secret-" + string(rune('a'+n%2))}); n++ })
	}
	require.LessOrEqual(t, cost(10_000), cost(1)+1)
}

// BenchmarkWords_Set is the cost of one owner's change beside ten thousand others.
func BenchmarkWords_Set(b *testing.B) {
	w := new(mask.Words)
	for n := range 10_000 {
		w.Set(n, []string{fmt.Sprintf("%032x", n)})
	}
	for n := 0; b.Loop(); n++ {
		w.Set(0, []string{fmt.Sprintf("%032x", 10_000+n%2)})
	}
}
