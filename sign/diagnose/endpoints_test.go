package diagnose_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/schemas"
	"github.com/etcp-mock/etcp-mock/sign/diagnose/internal/wire"
)

// The paths that are tried in a signed text are those of all endpoints.
func TestEndpoints(t *testing.T) {
	var names []string
	for _, e := range schemas.Endpoints() {
		names = append(names, e.Name)
	}
	require.Equal(t, names, wire.Endpoints)
}
