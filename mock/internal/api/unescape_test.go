package api

import (
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// The one pass over data says what net/url says, and tells what a form encoder makes of a text from every other way to send it.
func TestUnescape(t *testing.T) {
	t.Parallel()
	piece := rapid.OneOf(
		rapid.SampledFrom([]string{"%7B", "%7b", "%22", "%20", "+", " ", "%", "%2", "%zz", "%4a", "%4A", "%41", "a", "Z", "0", "~", "-", "_", ".", "!", "{", "渝", "%E6%B8%9D", "\xff", "\x00", "&", "="}),
		rapid.Map(rapid.String(), url.QueryEscape),
	)
	rapid.Check(t, func(t *rapid.T) {
		text := strings.Join(rapid.SliceOfN(piece, 0, 12).Draw(t, "pieces"), "")
		want, err := url.QueryUnescape(text)
		plain, escaped, ok := unescape(text)
		if len(text) > 512 {
			require.False(t, ok)
			return
		}
		require.Equal(t, err == nil, ok)
		if ok {
			require.Equal(t, want, plain)
			require.Equal(t, url.QueryEscape(want) == text, escaped)
			require.Equal(t, escaped, isEscaped(text, want))
		}
	})
}
