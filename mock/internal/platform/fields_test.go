package platform

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/schemas"
)

// A push that is triggered without fields has all of its kind (§10).
func TestMadeUp_hasEveryField(t *testing.T) {
	t.Parallel()
	values := New(1, time.Now()).madeUp(time.Now())
	for _, row := range schemas.Pushes() {
		for _, name := range row.Fields {
			require.Contains(t, values, name, row.Kind)
		}
	}
}
