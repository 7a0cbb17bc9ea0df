package language

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// Every row of the Chinese descriptions is one that the schema has, and none is missing.
func TestDescriptionRows(t *testing.T) {
	var schema any
	require.NoError(t, json.Unmarshal(Schema(), &schema))
	said := map[string]bool{}
	var walk func(value any)
	walk = func(value any) {
		switch value := value.(type) {
		case map[string]any:
			for name, each := range value {
				if text, ok := each.(string); ok && (name == "title" || name == "description") {
					said[text] = true
				}
				walk(each)
			}
		case []any:
			for _, each := range value {
				walk(each)
			}
		}
	}
	walk(schema)
	for english := range descriptionRows {
		used := said[english]
		if before, after, ok := strings.Cut(english, "%v"); ok {
			for text := range said {
				used = used || strings.HasPrefix(text, before) && strings.HasSuffix(text, after)
			}
		}
		require.True(t, used, "the schema does not say %q", english)
	}
	for text := range said {
		if strings.Contains(text, " ") {
			require.NotEqual(t, text, descriptions.Of(text), "no Chinese")
		}
	}
}
