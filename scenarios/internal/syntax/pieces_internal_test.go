package syntax

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// A long list is written piece by piece, and reads as if it had been written as a whole, whatever its items hold.
func TestWriteYAML_pieces(t *testing.T) {
	long := []string{"steps", "sandbox"}
	items := func(n int, item string) string {
		all := make([]string, n)
		for i := range all {
			all[i] = fmt.Sprintf(item, i)
		}
		return "[" + strings.Join(all, ",") + "]"
	}
	hostile := `{"a: b":"- piece\n\nsteps:\n  - x","n":%d,"<<":[1,{"x":null}],"#":"\u2028 <&>","":[],"t":"` + strings.Repeat("w ", 100) + `"}`
	for _, n := range []int{0, 1, piece, piece + 1, 2*piece + 7} {
		for _, mapping := range []string{
			`{"name":"n","sandbox":{"rules":{"a":1},"orders":` + items(n, hostile) + `,"merchants":` + items(n, `"%d"`) + `},"steps":` + items(n, hostile) + `,"x":` + items(n, `%d`) + `}`,
			`{"steps":` + items(n, `[["%d"]]`) + `}`, `{"steps":` + items(n, `"a\nb %d"`) + `,"sandbox":{"u: v":` + items(n, `{"%d":{}}`) + `}}`,
		} {
			want, err := writeWhole(json.RawMessage(mapping), long)
			require.NoError(t, err)
			got, err := WriteYAML(json.RawMessage(mapping), long)
			require.NoError(t, err)
			require.Equal(t, string(want), string(got))
			rest, _, err := inPieces(json.RawMessage(mapping), long)
			require.NoError(t, err)
			if n > piece && !strings.Contains(mapping, `"x":`) {
				require.Less(t, len(rest), 1000)
			}
		}
	}
	for _, mapping := range []string{`[1]`, `"x"`, `null`, ``, `{`, `{"steps":[}`} {
		_, err := WriteYAML(json.RawMessage(mapping), long)
		require.Error(t, err, mapping)
	}
}
