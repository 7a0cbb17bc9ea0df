package mock_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/mock/internal/servertest"
	"github.com/etcp-mock/etcp-mock/scenarios"
)

// A recording that no file of scenarios could hold is refused, and its refusal says how to go on; what it says helps.
func TestRecording_largerThanAFileOfScenarios(t *testing.T) {
	s := newControlled(t)
	for range scenarios.MaxFile>>20 + 1 {
		out := s.Ask(t, http.MethodPost, servertest.Default+"/faults", map[string]any{"on": map[string]any{"endpoint": "carnum"}, "do": map[string]any{"body": strings.Repeat("x", 1<<20)}})
		require.Equal(t, http.StatusCreated, out.Status, out.Body)
		require.Equal(t, http.StatusNoContent, s.Ask(t, http.MethodDelete, servertest.Default+"/faults", nil).Status)
	}
	out := s.Ask(t, http.MethodGet, servertest.Default+"/recording", nil)
	require.Equal(t, http.StatusConflict, out.Status)
	require.Contains(t, out.Body, "the recording has 17 MiB, and a file of scenarios may have 16")
	require.Contains(t, out.Body, "reset the sandbox and record in parts")

	require.Less(t, s.Ask(t, http.MethodPost, servertest.Default+"/reset", nil).Status, 300)
	out = s.Ask(t, http.MethodGet, servertest.Default+"/recording", nil)
	require.Equal(t, http.StatusOK, out.Status, out.Body)
	require.Less(t, len(out.Body), 1<<20)
	_, err := scenarios.Parse("recorded", []byte(out.Body))
	require.NoError(t, err)
}
