package push_test

import (
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
	log.Add(push.Item{MerchantNo: "M"}, now)
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

// Finished pushes are dropped where they are too large together, the oldest first; pending ones stay.
func TestLog_bytes(t *testing.T) {
	log := push.NewLog()
	now := time.Unix(0, 0)
	policy := push.Policy{Keep: 100_000, KeepBytes: 256 << 20}
	body := strings.Repeat("x", 10<<20)
	waits := log.Add(push.Item{MerchantNo: "M", Body: body, Injected: push.Injected{Hold: true}}, now).ID
	others := make([]string, 60)
	for i := range others {
		others[i] = log.Add(push.Item{MerchantNo: "other", Body: body}, now).ID
		for _, a := range log.Due(now, policy) {
			log.Outcome(a, now, push.Result{Delivered: true}, policy)
		}
	}
	require.Equal(t, 1+25, log.Len())
	_, there := log.Get(waits)
	require.True(t, there)
	_, there = log.Get(others[34])
	require.False(t, there)
	_, there = log.Get(others[35])
	require.True(t, there)
}
