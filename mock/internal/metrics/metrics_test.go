package metrics_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/mock/internal/metrics"
)

// scrape is what GET /metrics answers.
func scrape(t *testing.T, m *metrics.Metrics) string {
	t.Helper()
	w := httptest.NewRecorder()
	m.Handler().ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/metrics", http.NoBody))
	require.Equal(t, http.StatusOK, w.Code)
	return w.Body.String()
}

// What was counted is told, with the labels of the document.
func TestMetrics(t *testing.T) {
	held := metrics.Held{Sandboxes: 3, Journal: 70, PushesPending: 2, EventReaders: 1}
	m := metrics.New(func() metrics.Held { return held })
	m.Request("bindcar", 0, time.Millisecond)
	m.Request("bindcar", 20802, time.Millisecond)
	m.Request("bindcar", 20802, time.Millisecond)
	m.PushMade("entry")
	m.PushAttempt("entry", false)
	m.PushAttempt("entry", true)
	m.PushEnded("entry", true)
	m.PushEnded("exit", false)
	text := scrape(t, m)
	for _, line := range []string{
		`etcp_mock_requests_total{code="0",endpoint="bindcar"} 1`,
		`etcp_mock_requests_total{code="20802",endpoint="bindcar"} 2`,
		`etcp_mock_request_duration_seconds_count{endpoint="bindcar"} 3`,
		`etcp_mock_pushes_created_total{kind="entry"} 1`,
		`etcp_mock_push_attempts_total{kind="entry",outcome="failed"} 1`,
		`etcp_mock_push_attempts_total{kind="entry",outcome="delivered"} 1`,
		`etcp_mock_pushes_total{kind="entry",outcome="delivered"} 1`,
		`etcp_mock_pushes_total{kind="exit",outcome="failed"} 1`,
		"etcp_mock_sandboxes 3", "etcp_mock_journal_entries 70", "etcp_mock_pushes_pending 2", "etcp_mock_event_readers 1",
	} {
		require.Contains(t, text, line+"\n")
	}
	held.Sandboxes = 4
	require.Contains(t, scrape(t, m), "etcp_mock_sandboxes 4\n", "what is held is asked at each scrape")
}

// Strangers' names and codes are "other": no label grows without bound.
func TestMetrics_boundedLabels(t *testing.T) {
	m := metrics.New(func() metrics.Held { return metrics.Held{} })
	series := func() int { return strings.Count(scrape(t, m), "\netcp_mock_") }
	before := series()
	for i := range 1000 {
		m.Request(fmt.Sprint("path", i), i*31, 0)
		m.Request("bindcar", 1_000_000+i, 0)
		m.PushMade(fmt.Sprint("kind", i))
		m.PushAttempt(fmt.Sprint("kind", i), true)
		m.PushEnded(fmt.Sprint("kind", i), false)
	}
	require.Equal(t, before, series())
	require.Contains(t, scrape(t, m), `etcp_mock_requests_total{code="other",endpoint="bindcar"} 1000`)
}
