package scenarios_test

import (
	"context"
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/mock"
	"github.com/etcp-mock/etcp-mock/scenarios"
)

// inProcess is a mock without a socket.
func inProcess(tb testing.TB) scenarios.Target {
	tb.Helper()
	server, err := mock.New()
	require.NoError(tb, err)
	tb.Cleanup(func() { require.NoError(tb, server.Close(context.Background())) })
	return scenarios.InProcess(server.Handler())
}

func show(tb testing.TB, v any) string {
	tb.Helper()
	text, err := json.MarshalIndent(v, "", " ")
	require.NoError(tb, err)
	return string(text)
}

// Every built-in scenario passes, and leaves no sandbox behind.
func TestBuiltin(t *testing.T) {
	target := inProcess(t)
	for _, s := range scenarios.Builtin().All() {
		t.Run(s.Name, func(t *testing.T) {
			result, err := scenarios.Run(t.Context(), target, s, scenarios.Options{})
			require.NoError(t, err)
			require.Equal(t, scenarios.Passed, result.Status, show(t, result))
			require.True(t, s.Asserts(), "it asserts nothing")
		})
	}
	left, err := target.Control.Sandboxes(t.Context(), pageOf)
	require.NoError(t, err)
	require.Len(t, left.Items, 1)
}
