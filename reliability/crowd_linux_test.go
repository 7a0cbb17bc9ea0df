package reliability_test

import (
	"fmt"
	"net/http"
	"os"
	"regexp"
	"runtime/debug"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
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

// raced tells whether this program, and so the processes that it starts, runs with the race detector, which takes memory of its own.
func raced() bool {
	info, _ := debug.ReadBuildInfo()
	for _, s := range info.Settings {
		if s.Key == "-race" {
			return s.Value == "true"
		}
	}
	return false
}

// Ten thousand sandboxes that nobody uses.
func TestTenThousandSandboxes(t *testing.T) {
	p := start(t, "server")
	client := newClient(t)
	for range 9_999 { // and default
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, p.line+"/__admin/sandboxes", strings.NewReader("{}"))
		require.NoError(t, err)
		res, err := client.Do(r)
		require.NoError(t, err)
		require.NoError(t, res.Body.Close())
		require.Equal(t, http.StatusCreated, res.StatusCode)
	}
	if raced() {
		t.Skip("with the race detector memory is no measure")
	}
	megabytes := func() int { return resident(t, p.cmd.Process.Pid) / 1_000_000 }
	made := megabytes()
	require.Eventually(t, func() bool { return megabytes() < 100 && megabytes() < made }, time.Minute, time.Second)
	t.Logf("figure: %d MB resident when they were made, %d MB some seconds later", made, megabytes())
}
