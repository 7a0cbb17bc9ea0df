package sandbox

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/mock/internal/push"
)

func answered(took time.Duration) push.Result {
	return push.Result{Delivered: true, HTTPStatus: 200, Duration: took}
}

// The queue of a merchant that answers at once is narrowed while its answers take long, and widened again when they do not.
func TestQueue_narrows(t *testing.T) {
	q := &queue{}
	require.Equal(t, queueWidth, q.width())
	q.answered(answered(150 * time.Microsecond))
	for range 200 {
		q.answered(answered(4 * time.Millisecond))
	}
	require.Equal(t, narrowest, q.width())
	for range 2000 {
		q.answered(answered(160 * time.Microsecond))
	}
	require.Equal(t, queueWidth, q.width())
}

// A merchant that takes its time, hangs or cannot be reached keeps its whole queue: it is not processor time that it waits for.
func TestQueue_slowMerchants(t *testing.T) {
	q := &queue{}
	for i := range 500 {
		q.answered(answered(time.Duration(5+i%200) * time.Millisecond))
		q.answered(push.Result{Error: "timed out", Duration: 10 * time.Second})
	}
	require.Equal(t, queueWidth, q.width())
}

// No more than push.rate attempts a second begin, evenly; time that was not used is not saved up.
func TestQueue_rate(t *testing.T) {
	q, now := &queue{}, time.Unix(1503201600, 0)
	require.Zero(t, q.rest(now, 0))
	for i := range 20 {
		require.Equal(t, time.Duration(i)*100*time.Millisecond, q.rest(now, 10))
	}
	now = now.Add(time.Hour)
	require.Zero(t, q.rest(now, 10))
	require.Equal(t, 100*time.Millisecond, q.rest(now, 10))
}
