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
	t.Setenv("ETCP_MOCK_MERCHANT_KEY", "k")
	tried := helptest.WrongVariables(t, newRoot, func(ctx context.Context, args []string, stdin *strings.Reader, stdout, stderr *bytes.Buffer) int {
		return run(ctx, args, stdin, stdout, stderr)
	}, map[string][]string{
		`ETCP_MOCK_TARGET=ftp://nowhere`: {"run"},
		`ETCP_MOCK_KIND=x`:               {"webhook", "http://127.0.0.1:1", "--merchant-no", "M"},
		`ETCP_MOCK_REQUIRE=101`:          {"coverage"},
		`ETCP_MOCK_VAR=x`:                {"run"},
		`ETCP_MOCK_TAG=nope`:             {"list"},
		`ETCP_MOCK_REPEAT=0`:             {"run"},
		`ETCP_MOCK_SPEED=x`:              {"run"},
		`ETCP_MOCK_CACERT=nowhere.pem`:   {"run", "--target", "http://127.0.0.1:1"},
		`ETCP_MOCK_PROXY=x`:              {"run", "--target", "http://127.0.0.1:1"},
		`ETCP_MOCK_KEY_FILE=nowhere`:     {"webhook", "http://127.0.0.1:1", "--merchant-no", "M"},
		`ETCP_MOCK_MOCK=c`:               {"diff", "http://127.0.0.1:1", "http://127.0.0.1:2"},
	})
	require.Greater(t, tried, 50)
}
