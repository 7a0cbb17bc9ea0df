package webhook

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/internal/lang"
)

// What to do about a status is said, not asked.
func TestByStatus_doesNotAsk(t *testing.T) {
	t.Parallel()
	for status, fix := range byStatus {
		require.NotContains(t, fix.In(lang.English), "?", status)
		require.NotContains(t, fix.In(lang.Chinese), "？", status)
	}
}
