package push_test

import (
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/mock/internal/push"
)

// Of many attempts the newest keep what was answered, the others its beginning.
func TestLog_answersOfManyAttempts(t *testing.T) {
	log := push.NewLog()
	now := time.Unix(0, 0)
	policy := push.Policy{Schedule: make([]time.Duration, 400)}
	_, err := log.Add(push.Item{ID: "p1", MerchantNo: "M"}, now)
	require.NoError(t, err)
	answer := strings.Repeat("车", 4<<10/3)
	for range 300 {
		due := log.Due(now, policy)
		require.Len(t, due, 1)
		require.True(t, log.Outcome(due[0], now, push.Result{HTTPStatus: 500, Response: answer, Error: "answered HTTP 500"}, policy))
	}
	item, _ := log.Get("p1")
	require.Len(t, item.Attempts, 256)
	require.Equal(t, answer, item.Attempts[255].Response)
	require.Equal(t, answer, item.Attempts[240].Response)
	require.Equal(t, answer[:255]+"…", item.Attempts[239].Response)
	require.Less(t, item.Size(), 200<<10)
}

// Finished pushes are dropped where they weigh too much together, the oldest first; pending ones stay.
func TestLog_bytes(t *testing.T) {
	log := push.NewLog()
	now := time.Unix(0, 0)
	policy := push.Policy{Keep: 100_000}
	body := strings.Repeat("x", 10<<20)
	_, err := log.Add(push.Item{ID: "waits", MerchantNo: "M", Body: body, Injected: push.Injected{Hold: true}}, now)
	require.NoError(t, err)
	for i := range 60 {
		_, err := log.Add(push.Item{ID: strconv.Itoa(i), MerchantNo: "other", Body: body}, now)
		require.NoError(t, err)
		for _, a := range log.Due(now, policy) {
			log.Outcome(a, now, push.Result{Delivered: true}, policy)
		}
	}
	require.Equal(t, 1+25, log.Len())
	_, there := log.Get("waits")
	require.True(t, there)
	_, there = log.Get("34")
	require.False(t, there)
	_, there = log.Get("35")
	require.True(t, there)
}
