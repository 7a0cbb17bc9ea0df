// Package examples_test runs the examples of every language against a mock of its own, as their readers would.
package examples_test

import (
	"os"
	"os/exec"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/mock/mocktest"
)

func TestExamples(t *testing.T) {
	t.Parallel()
	for _, example := range []struct {
		language string
		command  []string
	}{
		{"shell", []string{"bash", "shell/park.sh"}},
		{"python", []string{"python3", "-B", "python/test_park.py"}},
		{"node", []string{"node", "--test", "node/park.test.mjs"}},
		{"java", []string{"java", "java/Park.java"}},
	} {
		t.Run(example.language, func(t *testing.T) {
			t.Parallel()
			m := mocktest.New(t)
			cmd := exec.CommandContext(t.Context(), example.command[0], example.command[1:]...)
			cmd.Env = append(os.Environ(),
				"ETCP_MOCK_URL="+m.URL, "ETCP_MOCK_ADMIN="+m.URL+"/__admin",
				"ETCP_MOCK_MERCHANT_NO="+m.MerchantNo, "ETCP_MOCK_MERCHANT_KEY="+m.MerchantKey)
			out, err := cmd.CombinedOutput()
			require.NoError(t, err, "%s", out)
		})
	}
}
