package sandbox

import (
	"runtime"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/mock/internal/engine"
)

// threadTime is the processor time that the calling thread has used.
func threadTime(t *testing.T) time.Duration {
	t.Helper()
	const thread = 1 // RUSAGE_THREAD
	var used syscall.Rusage
	require.NoError(t, syscall.Getrusage(thread, &used))
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}

// Whoever reads a large state holds its lock for some milliseconds at a time at most. It is the processor time of each step that is measured,
// since a machine under load may stop any of them for longer.
func TestCopyState_holdsTheLockBriefly(t *testing.T) {
	s := full(t, stateOrders(t))
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	ready, steps, longest, slowest := make(chan *engine.Copy, 1), 0, time.Duration(0), time.Duration(0)
	s.mu.Lock()
	s.beginCopyLocked()
	s.readers = append(s.readers, ready)
	s.mu.Unlock()
	for more := true; more; steps++ {
		start, used := time.Now(), threadTime(t)
		more = s.copyOn()
		longest, slowest = max(longest, threadTime(t)-used), max(slowest, time.Since(start))
	}
	<-ready
	t.Logf("figure: %d steps, the longest took %v of processor time (%v of real time)", steps, longest.Round(10*time.Microsecond), slowest.Round(10*time.Microsecond))
	require.Less(t, longest, 25*time.Millisecond)
}
