package syntax

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// Brackets within brackets without end are refused before the library looks back through all of them at each; brackets in texts are no such.
func TestRead_deepBrackets(t *testing.T) {
	t.Parallel()
	const n = 200_000
	most := Limits{Bytes: 16 << 20, Nodes: 1 << 20}
	for name, text := range map[string]string{
		"lists":      "a: " + strings.Repeat("[", n) + strings.Repeat("]", n),
		"open":       strings.Repeat("[", n),
		"mappings":   strings.Repeat("{a: ", n) + strings.Repeat("}", n),
		"keys":       strings.Repeat("{[", n),
		"lines":      "a:\n  - [\n" + strings.Repeat("  [\n", n),
		"JSON":       `{"a":` + strings.Repeat(`[`, n) + strings.Repeat(`]`, n) + `}`,
		"dashes":     strings.Repeat("- ", n) + "@",
		"behind one": "a: [,]\nb: " + strings.Repeat("[", n),
	} {
		_, err := Read(name, []byte(text), most)
		require.Error(t, err, name)
		require.Less(t, len(err.Error()), 1000, name)
		if name != "behind one" {
			require.ErrorContains(t, err, "is nested more than 100 deep", name)
		}
	}
	brackets := strings.Repeat("[{", 2000)
	for name, text := range map[string]string{
		"in quotes": `a: "` + brackets + `"`, "in single quotes": "a: 'x''" + brackets + "'", "as text": "a: x" + brackets, "in lines": "a: |\n  " + brackets + "\n  " + brackets + "\nb: 1",
		"in a comment": "a: 1 # " + brackets + "\n# " + brackets, "JSON": `{"a": ["x", "` + brackets + `"]}`,
	} {
		_, err := Read(name, []byte(text), most)
		require.NoError(t, err, name)
	}
}

// What is wrong with a file that has everything in one line, as JSON without spaces, is found in one walk through it, however many quotes and brackets close.
func TestRead_oneLongLine(t *testing.T) {
	t.Parallel()
	began := time.Now()
	for _, item := range []string{`"a",`, `["a"],`, `{"a":1},`} {
		_, err := Read("line", []byte(`{"a":[`+strings.Repeat(item, 200_000)+" {"), Limits{Bytes: 16 << 20, Nodes: 1 << 22})
		require.ErrorContains(t, err, "never closed", item)
	}
	require.Less(t, time.Since(began), time.Minute) // several minutes where each quote looks at all that follows
}
