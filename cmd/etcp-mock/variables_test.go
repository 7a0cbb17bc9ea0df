package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
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
		`ETCP_MOCK_FIXTURE=nowhere`:    {"serve", "--addr", "127.0.0.1:0"},
		`ETCP_MOCK_SCENARIOS=nowhere`:  {"serve", "--addr", "127.0.0.1:0"},
		`ETCP_MOCK_ADMIN_HOST=http://`: {"serve", "--addr", "127.0.0.1:0"},
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

	require.NoError(t, os.WriteFile("taken", nil, 0o600))
	for setting, args := range map[string][]string{
		"ETCP_MOCK_DATA=taken":                       {"serve", "--addr", "127.0.0.1:0"},
		"ETCP_MOCK_DATA=" + filepath.Dir(os.Args[0]): {"serve", "--addr", "127.0.0.1:0"},
		"ETCP_MOCK_DATA=mysql://h/db":                {"serve", "--addr", "127.0.0.1:0"},
		"ETCP_MOCK_ADDR=203.0.113.9:1":               {"serve"},
		"ETCP_MOCK_ADMIN_ADDR=unix:/nowhere/sock":    {"serve", "--addr", "127.0.0.1:0"},
		"ETCP_MOCK_CA_DIR=taken/below":               {"serve", "--addr", "127.0.0.1:0", "--tls"},
	} {
		name, value, _ := strings.Cut(setting, "=")
		t.Setenv(name, value)
		var problems bytes.Buffer
		require.NotZero(t, run(t.Context(), args, strings.NewReader(""), &bytes.Buffer{}, &problems), setting)
		require.Regexp(t, "^etcp-mock: "+name+": ", problems.String(), "what fails later is blamed on the variable, too")
		require.NotContains(t, problems.String(), "mock: data:")
		t.Setenv(name, "")
	}
}
