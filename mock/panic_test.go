package mock_test

import (
	"log/slog"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/internal/commandtest"
	"github.com/etcp-mock/etcp-mock/mock"
)

// Whatever panics while a command is carried out, the answer is code 2, the journal has it, the log has it once, and
// nothing has happened: the same request succeeds afterwards.
func TestPanic(t *testing.T) {
	var log commandtest.Output
	var left atomic.Int64 // readings of the clock until one panics
	wall := func() time.Time {
		if left.Add(-1) == 0 {
			panic("a clock of the test")
		}
		return time.Now()
	}
	c := newControlled(t, mock.WithClock(wall), mock.WithLogger(slog.New(slog.NewTextHandler(&log, nil))))
	token := c.Bind(t, "13800000001", "渝A00001")
	bind := map[string]any{"token": token, "plateNumber": "渝A00002"}
	for n, want := range []int{2, 0} { // where the request is applied, nowhere
		before := strings.Count(log.String(), "a rule failed")
		left.Store(int64(n + 1))
		if want == 0 {
			left.Store(0)
		}
		code, _ := c.Call(t, "bindcar", bind)
		left.Store(0)
		require.Equal(t, want, code)
		entry := c.Do(t, http.MethodGet, "/requests?order=newest&limit=1", nil)["items"].([]any)[0].(map[string]any)
		require.EqualValues(t, want, entry["code"])
		if want == 0 {
			continue
		}
		require.Equal(t, "panic", entry["reason"])
		require.Equal(t, before+1, strings.Count(log.String(), "a rule failed"))
		_, number := c.Call(t, "carnum", map[string]any{"token": token})
		require.EqualValues(t, 1, number["number"])
	}
}

// A handler of the control API that panics answers 500, is commandtest.Output once, and the server goes on.
func TestPanic_control(t *testing.T) {
	var log commandtest.Output
	var armed atomic.Bool
	wall := func() time.Time {
		if armed.CompareAndSwap(true, false) {
			panic("a clock of the test")
		}
		return time.Now()
	}
	c := newControlled(t, mock.WithClock(wall), mock.WithLogger(slog.New(slog.NewTextHandler(&log, nil))))
	armed.Store(true)
	a := c.Ask(t, http.MethodPost, "/__admin/sandboxes/default/cars/enter", map[string]any{"plateNumber": "渝A00001", "parkingId": "1"})
	require.Equal(t, http.StatusInternalServerError, a.Status, a.Body)
	require.Equal(t, 1, strings.Count(log.String(), "the control API failed"))
	c.Do(t, http.MethodPost, "/cars/enter", map[string]any{"plateNumber": "渝A00001", "parkingId": "1"})
}
