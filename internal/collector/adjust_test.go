package collector

import (
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"testing"

	"github.com/stretchr/testify/require"
)

// The target is set where it differs by more than a tenth of what it is measured in, and left alone else: setting it stops the program.
func TestTuner_adjust(t *testing.T) {
	before := debug.SetGCPercent(100)
	t.Cleanup(func() { debug.SetGCPercent(before) })
	percent := func() int {
		now := debug.SetGCPercent(100)
		debug.SetGCPercent(now)
		return now
	}
	u := &tuner{growth: growth, most: most, sample: []metrics.Sample{{Name: "/gc/heap/live:bytes"}}}
	u.adjust()
	require.Equal(t, u.percent, percent())
	require.True(t, u.percent >= least && u.percent <= most, u.percent)
	for _, off := range []int{-change, change} {
		debug.SetGCPercent(77)
		u.percent += off
		kept := u.percent
		u.adjust()
		require.Equal(t, kept, u.percent, "next to what it is")
		require.Equal(t, 77, percent())
		u.percent += off
		u.adjust()
		require.NotEqual(t, 77, percent(), "too far from it")
	}
}

// Where a large fixture was read before, the first collections come when the heap has grown by half of it, and not by eight times as much.
func TestTuner_begin(t *testing.T) {
	before := debug.SetGCPercent(100)
	t.Cleanup(func() { debug.SetGCPercent(before) })
	text := make([]byte, 4*growth)
	(&tuner{growth: growth, most: most}).begin()
	runtime.KeepAlive(text)
	require.Equal(t, least, debug.SetGCPercent(100))
}
