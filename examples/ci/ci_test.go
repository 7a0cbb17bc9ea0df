// Package ci_test runs what the CI recipes run, as the CI would.
package ci_test

import (
	"encoding/json"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/scenarios"
)

// The steps of the GitHub action build the mock, start it, and leave its address for the steps after them.
func TestAction(t *testing.T) {
	root, err := filepath.Abs("../..")
	require.NoError(t, err)
	text, err := os.ReadFile(filepath.Join(root, "action.yml"))
	require.NoError(t, err)
	var action struct {
		Runs struct {
			Using string
			Steps []struct {
				Name, Shell, Run string
				Env              map[string]string
			}
		}
	}
	document, err := scenarios.ReadDocument("action.yml", text)
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(document.JSON, &action))
	require.Equal(t, "composite", action.Runs.Using)

	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	addr := listener.Addr().String()
	require.NoError(t, listener.Close())
	dir := t.TempDir()
	inputs := strings.NewReplacer("${{ github.action_path }}", root, "${{ inputs.addr }}", addr, "${{ inputs.fixture }}", "", "${{ inputs.seed }}", "1")
	env := append(os.Environ(), "RUNNER_TEMP="+dir, "GITHUB_ENV="+filepath.Join(dir, "env"), "GITHUB_OUTPUT="+filepath.Join(dir, "output"), "GITHUB_PATH="+filepath.Join(dir, "path"))
	t.Cleanup(func() { _ = exec.Command("pkill", "-f", filepath.Join(dir, "etcp-mock")+" serve").Run() }) //nolint:noctx // ends what the step left running
	for _, step := range action.Runs.Steps {
		require.Equal(t, "bash", step.Shell)
		cmd := exec.CommandContext(t.Context(), "bash", "-eo", "pipefail", "-c", step.Run)
		cmd.Env = env
		for name, value := range step.Env {
			cmd.Env = append(cmd.Env, name+"="+inputs.Replace(value))
		}
		out, err := cmd.CombinedOutput()
		require.NoError(t, err, "%s: %s", step.Name, out)
	}
	left, err := os.ReadFile(filepath.Join(dir, "env"))
	require.NoError(t, err)
	require.Contains(t, string(left), "ETCP_MOCK_URL=http://"+addr+"\n")
	require.Contains(t, string(left), "ETCP_MOCK_MERCHANT_NO=demo\n")

	park := exec.CommandContext(t.Context(), "bash", filepath.Join(root, "examples/shell/park.sh"))
	park.Env = append(os.Environ(), strings.Split(strings.TrimSpace(string(left)), "\n")...)
	out, err := park.CombinedOutput()
	require.NoError(t, err, "%s", out)
	require.Contains(t, string(out), "paid 10 yuan")
}
