package sandbox

import (
	"fmt"
	"io"
	"os"
	"runtime"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/mock/internal/engine"
	"github.com/etcp-mock/etcp-mock/mock/internal/fixture"
	"github.com/etcp-mock/etcp-mock/mock/internal/platform"
	"github.com/etcp-mock/etcp-mock/mock/internal/platform/notation"
)

// inUse is the memory of everything that is reachable.
func inUse() int64 {
	runtime.GC()
	runtime.GC() // what a test before has left may be freed by the second
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

// full makes a sandbox of so many orders, each of a user of its own and half of them left, with pushes and a journal.
func full(t *testing.T, orders int) *Sandbox {
	t.Helper()
	s := newBox(t, newHost(t, verdicts{}), &fixture.Fixture{
		Clock:     &fixture.Clock{Now: &fixture.Instant{Time: time.Date(2017, 8, 20, 12, 0, 0, 0, notation.Shanghai)}, Mode: "frozen"},
		Merchants: []fixture.Merchant{{No: "M1", Key: "k1", Push: &fixture.Hook{URL: "http://127.0.0.1:1/"}}},
		Parkings:  []fixture.Parking{{ID: "1", Name: "P", City: "C", Lat: "29.5", Lon: "106.5", TotalSpace: new(1_000_000)}},
	})
	for i := range orders {
		v := notation.Vehicle{Plate: fmt.Sprintf("渝%c%05d", 'A'+i/100_000, i%100_000), Color: notation.DefaultPlateColor}
		require.NoError(t, s.Do(platform.PutBinding{Phone: fmt.Sprintf("138%08d", i), Vehicle: v, MerchantNo: "M1", Since: s.Now()}).Err)
		require.NoError(t, s.Do(platform.Enter{Vehicle: v, ParkingID: "1"}).Err)
		if i%2 == 0 {
			require.NoError(t, s.Do(platform.Exit{Vehicle: v}).Err)
		}
		if i%20 == 0 {
			send(t, s, "M1", "parkingstatus", map[string]any{"parkingId": "1"})
		}
	}
	return s
}

// stateOrders is how many orders a large state has: ETCP_MOCK_STATE_ORDERS, or few.
func stateOrders(t *testing.T) int {
	t.Helper()
	text := os.Getenv("ETCP_MOCK_STATE_ORDERS")
	if text == "" {
		return 4_000
	}
	orders, err := strconv.Atoi(text)
	require.NoError(t, err)
	return orders
}

// Writing out a large state takes less memory beside the state's own than that; the log says how long other calls waited.
func TestState_ofManyOrders(t *testing.T) {
	orders := stateOrders(t)
	before := inUse()
	s := full(t, orders)
	alive := inUse()
	state := alive - before

	var most atomic.Int64
	var longest atomic.Int64
	stop, stopped := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(stopped)
		for {
			select {
			case <-stop:
				return
			default:
			}
			start := time.Now()
			s.View(func(engine.StateView, time.Time) {})
			longest.Store(max(longest.Load(), int64(time.Since(start))))
			time.Sleep(time.Millisecond)
		}
	}()
	var held []time.Duration
	for range 5 {
		start := time.Now()
		c := s.CopyState()
		held = append(held, time.Since(start))
		w := &watching{most: &most}
		n, err := c.WriteTo(w)
		require.NoError(t, err)
		require.Equal(t, w.n, n)
	}
	close(stop)
	<-stopped
	slices.Sort(held)
	peak := state + most.Load() - alive
	t.Logf("%d orders: %d MiB in memory, %d MiB at most while it was written out (%.2f times); the lock was held %v (median of 5), the longest that another call waited was %v",
		orders, state>>20, peak>>20, float64(peak)/float64(state), held[2].Round(time.Millisecond), time.Duration(longest.Load()).Round(time.Millisecond))
	require.Less(t, float64(peak), 2*float64(state))
}

// watching drops what is written, and looks at what is in use meanwhile.
type watching struct {
	n    int64
	next int64
	most *atomic.Int64
}

func (w *watching) Write(b []byte) (int, error) {
	if w.n += int64(len(b)); w.n >= w.next {
		w.next = w.n + 16<<20
		w.most.Store(max(w.most.Load(), inUse()))
	}
	return io.Discard.Write(b)
}

// Many that read a large state at once, while requests go on, each get it as it was at one instant during their call; the lock is
// let go between two steps.
func TestCopyState_severalAtOnce(t *testing.T) {
	s := full(t, copyAtOnce/2)
	require.Greater(t, s.engine.Objects(), copyAtOnce)
	_, err := s.Drain(t.Context(), time.Minute) // so that requests are all that changes the state from here on
	require.NoError(t, err)
	ask := func() { require.NoError(t, send(t, s, "M1", "parkingstatus", map[string]any{"parkingId": "1"}).Err) }
	ask()
	var reading sync.WaitGroup
	copies := make([]*engine.Copy, 3)
	for i := range copies {
		reading.Go(func() { copies[i] = s.CopyState() })
	}
	for range 20 {
		ask()
	}
	reading.Wait()
	require.Nil(t, s.readers)
	at := s.engine.Copy(s.wall()).State()
	want := jsonOf(t, at)
	require.Equal(t, want, jsonOf(t, s.CopyState().State()), "in steps it is the same as at once")

	ready, steps := make(chan *engine.Copy, 1), 1
	s.beginCopyLocked()
	s.readers = append(s.readers, ready)
	for s.copyOn() {
		steps++
	}
	require.GreaterOrEqual(t, steps, copyAtOnce/copyStep)
	require.Equal(t, want, jsonOf(t, (<-ready).State()))

	for _, c := range copies {
		state := c.State()
		then, err := s.StateAt("r" + strconv.FormatUint(state.Journal.Seq, 10))
		require.NoError(t, err)
		require.Equal(t, jsonOf(t, then), jsonOf(t, state))
		state.Rename(map[string]string{"M1": "M2"}, map[string]string{"M1": "other"}) // what one does with its own is not seen by another
	}
}
