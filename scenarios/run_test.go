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
