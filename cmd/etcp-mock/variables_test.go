package main

import (
	"bytes"
	"context"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/cmd/internal/helptest"
)

// A wrong value of the environment is blamed on its variable, whatever command reads it, in both languages.
func TestVariables_wrongValues(t *testing.T) {
	t.Chdir(t.TempDir())
	tried := helptest.WrongVariables(t, newRoot, func(ctx context.Context, args []string, stdin *strings.Reader, stdout, stderr *bytes.Buffer) int {
		return run(ctx, args, stdin, stdout, stderr)
	}, map[string][]string{
		`ETCP_MOCK_SERVER=http://a b`:  {"orders"},
		`ETCP_MOCK_ADDR=nowhere`:       {"serve"},
		`ETCP_MOCK_ADMIN_ADDR=nowhere`: {"serve", "--addr", "127.0.0.1:0"},
		`ETCP_MOCK_LOG_FORMAT=xml`:     {"serve", "--addr", "127.0.0.1:0"},
		`ETCP_MOCK_SYNC=often`:         {"serve", "--addr", "127.0.0.1:0", "--data", "d"},
		`ETCP_MOCK_PUSH_ALLOW=a b`:     {"serve", "--addr", "127.0.0.1:0"},
		`ETCP_MOCK_ADMIN_TOKEN=a b`:    {"serve", "--addr", "127.0.0.1:0"},
		`ETCP_MOCK_TLS_CERT=a.pem`:     {"serve", "--addr", "127.0.0.1:0"},
		`ETCP_MOCK_FAIL=some`:          {"listen", "--merchant-no", "M", "--merchant-key", "k"},
		`ETCP_MOCK_DELAY=soon`:         {"fault", "add"},
		`ETCP_MOCK_CODE=x`:             {"requests"},
		`ETCP_MOCK_PROBABILITY=0`:      {"fault", "add", "--code", "2"},
		`ETCP_MOCK_MIX=x`:              {"traffic"},
		`ETCP_MOCK_SPEED=x`:            {"traffic"},
		`ETCP_MOCK_FOR=x`:              {"traffic"},
		`ETCP_MOCK_VAR=x`:              {"scenario", "run", "temporary-car-pays-online"},
		`ETCP_MOCK_TAG=nope`:           {"scenario", "run", "--all"},
		`ETCP_MOCK_HTTP_STATUS=7`:      {"listen", "--merchant-no", "M", "--merchant-key", "k"},
	})
	require.Greater(t, tried, 50)
}
