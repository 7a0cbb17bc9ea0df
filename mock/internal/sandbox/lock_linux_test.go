package sandbox

import (
	"runtime"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/mock/internal/engine"
	"github.com/etcp-mock/etcp-mock/mock/internal/subset"
	"github.com/etcp-mock/etcp-mock/mock/internal/verify"
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

// Whoever asks for a push that is not among 10,000 holds the lock for the time of copying what identifies them; that they are read and ranked takes many
// times as long, and is done without it.
func TestVerifyPushes_holdsTheLockBriefly(t *testing.T) {
	s := full(t, 6_667) // every second has two pushes
	body, err := subset.New([]byte(`{"plateNumber":"渝Z99999","nothing":{"is":"like it"}}`))
	require.NoError(t, err)
	want := verify.PushWant{Kind: "entry", Body: body}
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	const rounds = 10
	var held, searched time.Duration
	for range rounds {
		out, err := s.verify(t.Context(), verify.Count{Min: 1, Max: -1}, func(v engine.View) func() verify.Found {
			began := threadTime(t)
			all := v.Pushes().Briefs()
			held += threadTime(t) - began
			require.Len(t, all, 10_001)
			return func() verify.Found {
				found, began := want.Pushes(all), threadTime(t)
				nearest := found.Nearest
				found.Nearest = func() []verify.Near {
					defer func() { searched += threadTime(t) - began }()
					return nearest()
				}
				return found
			}
		})
		require.NoError(t, err)
		require.Len(t, out.Nearest, 5)
	}
	t.Logf("figure: the lock was held for %v of processor time, and the nearest took %v", (held / rounds).Round(10*time.Microsecond), (searched / rounds).Round(10*time.Microsecond))
	require.Less(t, held, searched/5)
}
