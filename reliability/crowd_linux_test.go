package reliability_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/internal/commandtest"
)

// resident is the memory that a process has, in bytes, what it shares with others included.
func resident(t *testing.T, pid int) int {
	t.Helper()
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	require.NoError(t, err)
	found := regexp.MustCompile(`VmRSS:\s*(\d+) kB`).FindSubmatch(status)
	require.NotNil(t, found)
	kilobytes, err := strconv.Atoi(string(found[1]))
	require.NoError(t, err)
	return kilobytes << 10
}

// Ten thousand sandboxes that nobody uses. The server is the command itself, for with the race detector memory is no measure.
func TestTenThousandSandboxes(t *testing.T) {
	commands, err := commandtest.Built()
	require.NoError(t, err)
	p := startCommand(t, exec.CommandContext(context.Background(), filepath.Join(commands, "etcp-mock"), "serve", "--addr", "127.0.0.1:0"))
	base := strings.TrimPrefix(p.line, "listening on ")
	client := newClient(t)
	ask := func(method, path string, want int) {
		r, err := http.NewRequestWithContext(t.Context(), method, base+"/__admin/sandboxes"+path, strings.NewReader("{}"))
		require.NoError(t, err)
		res, err := client.Do(r)
		require.NoError(t, err)
		_, err = io.Copy(io.Discard, res.Body) // or the connection could not be used again
		require.NoError(t, errors.Join(err, res.Body.Close()))
		require.Equal(t, want, res.StatusCode)
	}
	for range 9_999 { // and default
		ask(http.MethodPost, "", http.StatusCreated)
	}
	for range 20 { // which leaves some to be given back, however slowly they were made
		ask(http.MethodGet, "?limit=1000", http.StatusOK)
	}
	megabytes := func() int { return resident(t, p.cmd.Process.Pid) / 1_000_000 }
	made := megabytes()
	require.Eventually(t, func() bool { return megabytes() < 100 && megabytes() < made }, time.Minute, time.Second)
	t.Logf("figure: %d MB resident when they were made, %d MB some seconds later", made, megabytes())
}
