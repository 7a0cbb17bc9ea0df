package mistakes

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/schemas"
)

// The fields that a library may have added to a push, empty, are those of all pushes (§10).
func TestAllFields(t *testing.T) {
	t.Parallel()
	var known, want []string
	for _, f := range allFields {
		known = append(known, f.name)
	}
	for _, row := range schemas.Pushes() {
		for _, name := range row.Fields {
			if !contains(want, name) {
				want = append(want, name)
			}
		}
	}
	require.ElementsMatch(t, want, known)
}
