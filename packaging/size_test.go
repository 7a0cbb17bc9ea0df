package packaging_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// The runner, as it is released, is smaller than the mock by three megabytes at least: it links no database, no other replicas, no metrics and no pages for a browser.
func TestContract_isSmallerThanTheMock(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	size := func(command string) int64 {
		to := filepath.Join(dir, command)
		out, err := exec.CommandContext(t.Context(), "./build.sh", "./cmd/"+command, to).CombinedOutput()
		require.NoError(t, err, "%s", out)
		info, err := os.Stat(to)
		require.NoError(t, err)
		return info.Size()
	}
	require.Less(t, size("contract")+3_000_000, size("etcp-mock"))

	out, err := exec.CommandContext(t.Context(), "go", "list", "-deps", "../cmd/contract").Output()
	require.NoError(t, err)
	linked := strings.Fields(string(out))
	require.Contains(t, linked, "github.com/etcp-mock/etcp-mock/mock/inprocess")
	for _, name := range linked {
		for _, part := range []string{"/jackc/pgx/", "/prometheus/", "/mock/internal/cluster", "/mock/internal/console", "/mock/internal/openapi", "/mock/internal/ledger/"} {
			require.NotContains(t, name, part)
		}
	}
}
