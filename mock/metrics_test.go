package mock_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/mock/internal/servertest"
	"github.com/etcp-mock/etcp-mock/schemas"
)

// metric is the value of a line of GET /metrics, or "" where there is none.
func metric(text, line string) string {
	for l := range strings.Lines(text) {
		if value, ok := strings.CutPrefix(l, line+" "); ok {
			return strings.TrimSpace(value)
		}
	}
	return ""
}

func (c *controlled) metrics(tb testing.TB) string {
	tb.Helper()
	a := c.Ask(tb, http.MethodGet, "/metrics", nil)
	require.Equal(tb, http.StatusOK, a.Status, a.Body)
	require.Contains(tb, a.Header.Get("Content-Type"), "text/plain")
	return a.Body
}

// Requests by endpoint and code, durations, pushes by kind and outcome, attempts, queue depth, sandboxes, journal size.
func TestMetrics(t *testing.T) {
	c := newControlled(t)
	answer := `{"code":1}`
	merchant := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, answer) }))
	defer merchant.Close()
	c.Do(t, http.MethodPut, "/merchants/M1", map[string]any{"key": servertest.Key, "push": map[string]any{"url": merchant.URL}})
	c.Call(t, "carnum", map[string]any{"token": "none"})
	c.Call(t, "carnum", map[string]any{"token": "none"})
	c.Call(t, "parkingstatus", map[string]any{"parkingId": "1"})
	c.Ask(t, http.MethodGet, schemas.PathPrefix+"no/such/path", nil)
	c.Ask(t, http.MethodGet, schemas.PathPrefix+"another", nil)
	c.Bind(t, "13800000001", "渝ATX061")
	c.Do(t, http.MethodPost, "/cars/enter", map[string]any{"plateNumber": "渝ATX061", "parkingId": "1"})
	c.Do(t, http.MethodPost, "/pushes/drain", nil)

	text := c.metrics(t)
	for line, want := range map[string]string{
		`etcp_mock_requests_total{code="20101",endpoint="carnum"}`:                     "2",
		`etcp_mock_requests_total{code="0",endpoint="carnum"}`:                         "0",
		`etcp_mock_requests_total{code="0",endpoint="parkingstatus"}`:                  "1",
		`etcp_mock_requests_total{code="1",endpoint="other"}`:                          "2",
		`etcp_mock_request_duration_seconds_count{endpoint="carnum"}`:                  "2",
		`etcp_mock_pushes_created_total{kind="entry"}`:                                 "1",
		`etcp_mock_pushes_total{kind="entry",outcome="delivered"}`:                     "0",
		`etcp_mock_push_attempts_total{kind="entry",outcome="failed"}`:                 "1",
		`etcp_mock_push_attempts_total{kind="certification-invalid",outcome="failed"}`: "0",
		`etcp_mock_pushes_pending`:                                                     "1",
		`etcp_mock_sandboxes`:                                                          "1",
		`etcp_mock_journal_entries`:                                                    "7",
		`etcp_mock_event_readers`:                                                      "0",
	} {
		require.Equal(t, want, metric(text, line), line)
	}
	require.NotEmpty(t, metric(text, "go_goroutines"))
	require.NotEmpty(t, metric(text, "process_open_fds"))

	answer = `{"code":0}`
	c.Do(t, http.MethodPost, "/clock/advance", map[string]any{"by": "10s"})
	c.Ask(t, http.MethodPost, "/__admin/sandboxes", `{"id":"another"}`)
	c.Follow(t, "")
	text = c.metrics(t)
	require.Equal(t, "1", metric(text, `etcp_mock_pushes_total{kind="entry",outcome="delivered"}`))
	require.Equal(t, "1", metric(text, `etcp_mock_push_attempts_total{kind="entry",outcome="delivered"}`))
	require.Equal(t, "0", metric(text, "etcp_mock_pushes_pending"))
	require.Equal(t, "2", metric(text, "etcp_mock_sandboxes"))
	require.Equal(t, "1", metric(text, "etcp_mock_event_readers"))
}

// No label grows without bound: whatever is asked, the lines stay the same.
func TestMetrics_areBounded(t *testing.T) {
	c := newControlled(t)
	lines := func() int { return len(regexp.MustCompile(`(?m)^etcp_mock_`).FindAllString(c.metrics(t), -1)) }
	before := lines()
	for i := range 50 {
		name := strings.Repeat("x", i+1)
		c.Ask(t, http.MethodGet, schemas.PathPrefix+name, nil)
		c.Call(t, "carnum", map[string]any{"token": name}, "merchant-"+name, name)
	}
	c.Ask(t, http.MethodPost, servertest.Default+"/faults", `{"on":{"endpoint":"carnum"},"do":{"code":77}}`)
	c.Call(t, "carnum", map[string]any{"token": "none"})
	require.Equal(t, before, lines())
	require.Equal(t, "1", metric(c.metrics(t), `etcp_mock_requests_total{code="other",endpoint="carnum"}`))
}

// Several servers of one process count apart.
func TestMetrics_ofTwoServers(t *testing.T) {
	one, two := newControlled(t), newControlled(t)
	one.Call(t, "carnum", map[string]any{"token": "none"})
	const line = `etcp_mock_requests_total{code="20101",endpoint="carnum"}`
	require.Equal(t, "1", metric(one.metrics(t), line))
	require.Equal(t, "0", metric(two.metrics(t), line))
}
