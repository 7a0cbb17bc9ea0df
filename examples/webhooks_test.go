package examples_test

import (
	"bufio"
	"context"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/client"
	"github.com/etcp-mock/etcp-mock/contract/report"
	"github.com/etcp-mock/etcp-mock/contract/webhook"
)

// The sample merchants pass every check of contract webhook, the SHOULDs too.
func TestWebhooks(t *testing.T) {
	t.Parallel()
	goes := filepath.Join(t.TempDir(), "webhook")
	out, err := exec.CommandContext(t.Context(), "go", "build", "-o", goes, "./go/webhook").CombinedOutput()
	require.NoError(t, err, "%s", out)
	for _, example := range []struct {
		language string
		command  []string
	}{
		{"go", []string{goes}},
		{"python", []string{"python3", "-B", "python/webhook.py"}},
		{"node", []string{"node", filepath.Join(installed(t), "webhook.mjs")}},
		{"java", []string{"java", "-cp", filepath.Join(installed(t), "classes"), "java/Webhook.java"}},
	} {
		t.Run(example.language, func(t *testing.T) {
			t.Parallel()
			const no, key = "M1", "the-key-of-M1"
			url := started(t, append(environment(t), "ETCP_MOCK_MERCHANT_NO="+no, "ETCP_MOCK_MERCHANT_KEY="+key), example.command)
			w := webhook.Endpoint{
				URL: url, MerchantNo: no, Key: key, Strict: true, Seed: 7, Burst: 50, Timeout: time.Minute,
				Kinds: map[client.Kind]string{client.KindUnbind: "/etcp/unbind", client.KindCertificationInvalid: "/etcp/certification-invalid"},
			}
			r, err := w.Examine(t.Context())
			require.NoError(t, err)
			require.Greater(t, len(r.Cases), 70)
			for _, c := range r.Cases {
				require.Equal(t, report.Passed, c.Status, "%s: %+v", c.ID, c.Failures)
			}
			require.Equal(t, report.ExitPassed, r.ExitCode())
		})
	}
}

// started starts a merchant and gives the address on its first line.
func started(t *testing.T, env, command []string) string {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	cmd := exec.CommandContext(ctx, command[0], command[1:]...)
	cmd.Env, cmd.Stderr = env, os.Stderr
	stdout, err := cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	lines := bufio.NewReader(stdout)
	drained := make(chan struct{})
	t.Cleanup(func() {
		stop()
		<-drained
		_ = cmd.Wait() // it was killed
	})
	first, err := lines.ReadString('\n')
	go func() {
		defer close(drained)
		_, _ = lines.WriteTo(io.Discard)
	}()
	require.NoError(t, err)
	return strings.TrimPrefix(strings.TrimSpace(first), "listening on ")
}
