package mask_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/internal/mask"
)

// A secret is hidden in every spelling; a short one only where it stands alone, so that "k" does not eat the letters of other words.
func TestMasker(t *testing.T) {
	m := mask.New("s3cret/key", "k1", "s3cret/key+more", "")
	for text, want := range map[string]string{
		"key=s3cret/key.":                "key=•••.",
		"?key=s3cret%2Fkey&a=1":          "?key=•••&a=1",
		"s3cret/key+more":                "•••",
		`{"key":"k1","other":"ok1"}`:     `{"key":"•••","other":"ok1"}`,
		"k1 k12 xk1 k1":                  "••• k12 xk1 •••",
		"nothing":                        "nothing",
		"渝k1":                            "渝k1",
		"":                               "",
		`{"a":"s3cre\u0074/key"} \u0041`: `{"a":"•••"} A`,
		`\u0041 \u00`:                    `\u0041 \u00`,
	} {
		require.Equal(t, want, m.Text(text), text)
	}
	value := map[string]any{"a": []any{"k1", 1.0, nil}, "b": "s3cret/key"}
	require.Equal(t, map[string]any{"a": []any{"•••", 1.0, nil}, "b": "•••"}, m.Value(value))
	require.Equal(t, "k1", value["a"].([]any)[0], "the value itself is left alone")
	require.True(t, mask.New("", "").IsZero())
	require.Equal(t, "k1", mask.Masker{}.Text("k1"))
}
