package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// What fails after the command line was read is blamed on the variable, too.
func TestVariables_failLater(t *testing.T) {
	t.Chdir(t.TempDir())
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
		require.Regexp(t, "^etcp-mock: "+name+": ", problems.String())
		require.NotContains(t, problems.String(), "mock: data:")
		t.Setenv(name, "")
	}
}
