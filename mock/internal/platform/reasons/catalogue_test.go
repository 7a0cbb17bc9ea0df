package reasons

import (
	"regexp"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
)

// Both languages of an explanation name the same values, and end like sentences.
func TestCatalogue_sameValuesInBothLanguages(t *testing.T) {
	placeholder := regexp.MustCompile(`\{[A-Za-z]+\}`)
	for reason, entry := range catalogue {
		values := func(text string) []string {
			return slices.Compact(slices.Sorted(slices.Values(placeholder.FindAllString(text, -1))))
		}
		require.Equal(t, values(entry.en), values(entry.zh), reason)
		require.Regexp(t, `^[a-z]+(-[a-z]+)*$`, reason)
		require.Regexp(t, `[.}]$`, entry.en, reason)
		require.Regexp(t, `[。}]$`, entry.zh, reason)
	}
}
