package mask_test

import (
	"encoding/base64"
	"fmt"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/internal/mask"
)

// A secret is hidden in capitals and small letters, in URLs however they escape it, and in base64, wherever it stands in what was encoded.
func TestMasker_spellings(t *testing.T) {
	const secret = "s3cret/Key+1?"
	m := mask.New(secret)
	inURL := url.QueryEscape(secret)
	for _, text := range []string{secret, "S3CRET/KEY+1?", "s3cret/key+1?", inURL, strings.ToLower(inURL), url.QueryEscape(inURL), url.PathEscape(secret), fmt.Sprintf("%x", secret), fmt.Sprintf("%X", secret)} {
		require.Equal(t, "a=•••;", m.Text("a="+text+";"), text)
		require.True(t, m.In([]byte("a="+text)), text)
	}
	for before := range 7 {
		for behind := range 7 {
			plain := strings.Repeat("u", before) + secret + strings.Repeat("v", behind)
			for _, coding := range []*base64.Encoding{base64.StdEncoding, base64.RawURLEncoding} {
				text := coding.EncodeToString([]byte(plain))
				for _, written := range []string{text, url.QueryEscape(text)} {
					hidden := m.Text(written)
					require.Contains(t, hidden, "•••", plain)
					left := strings.Split(hidden, "•••")
					require.LessOrEqual(t, len(left[0]), before*8/6+1, "next to nothing of it is left in %s", hidden)
				}
			}
		}
	}
	require.Equal(t, "azE", mask.New("k1").Text("azE"), "of a short one it would be found in what is none")
}

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
