package push_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/mock/internal/push"
)

func TestNext(t *testing.T) {
	five := defaultPolicy().Schedule
	for _, c := range []struct {
		name     string
		schedule []time.Duration
		failures int
		delay    time.Duration
		more     bool
	}{
		{"never failed", five, 0, 0, true},
		{"first failure", five, 1, 10 * time.Second, true},
		{"second", five, 2, 30 * time.Second, true},
		{"third", five, 3, 2 * time.Minute, true},
		{"fourth", five, 4, 5 * time.Minute, true},
		{"fifth", five, 5, 15 * time.Minute, true},
		{"sixth is the last", five, 6, 0, false},
		{"far beyond", five, 1000, 0, false},
		{"no schedule, no retry", nil, 1, 0, false},
		{"at once again", []time.Duration{0}, 1, 0, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			delay, more := push.Next(c.schedule, c.failures)
			require.Equal(t, c.delay, delay)
			require.Equal(t, c.more, more)
		})
	}
}
