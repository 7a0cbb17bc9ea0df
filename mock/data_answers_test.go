package mock_test

import (
	"bytes"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/mock"
)

// Where the data directory cannot be written answers say so, and why, but not where it is; the log says that.
func TestData_answersHideWhereItIs(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "somewhere")
	var log bytes.Buffer
	s, err := mock.New(mock.WithData(dir, 0), mock.WithLogger(slog.New(slog.NewTextHandler(&log, nil))))
	require.NoError(t, err)
	require.NoError(t, os.Remove(filepath.Join(dir, "staging")))
	require.NoError(t, os.WriteFile(filepath.Join(dir, "staging"), nil, 0o600))
	for range 3 {
		w := httptest.NewRecorder()
		r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/__admin/sandboxes", strings.NewReader(`{"id":"a"}`))
		r.Host = "127.0.0.1"
		s.Handler().ServeHTTP(w, r)
		require.Equal(t, http.StatusServiceUnavailable, w.Code, w.Body)
		require.Contains(t, w.Body.String(), "not a directory")
		require.NotContains(t, w.Body.String(), "somewhere")
	}
	require.NoError(t, s.Close(t.Context()))
	require.Contains(t, log.String(), "somewhere")
}
