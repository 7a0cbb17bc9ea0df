package sandbox

import (
	"context"
	"fmt"
	"io"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/mock/internal/engine"
	"github.com/etcp-mock/etcp-mock/mock/internal/fixture"
	"github.com/etcp-mock/etcp-mock/mock/internal/ledger"
	"github.com/etcp-mock/etcp-mock/mock/internal/ledger/memory"
)

// slowToKeep is a ledger that has not stored a snapshot before it is let.
type slowToKeep struct {
	ledger.Ledger
	storing, let chan struct{}
}

func (l slowToKeep) Create(ctx context.Context, sandbox string, merchants []string, inputs ...[]byte) (ledger.Log, error) {
	log, err := l.Ledger.Create(ctx, sandbox, merchants, inputs...)
	return slowLog{log, l}, err
}

type slowLog struct {
	ledger.Log
	store slowToKeep
}

func (l slowLog) Keep(ctx context.Context, seq uint64, state io.WriterTo) error {
	l.store.storing <- struct{}{}
	<-l.store.let
	return l.Log.Keep(ctx, seq, state)
}

// No request waits for a snapshot: it is copied in steps of bounded length, one with each input, and written while requests are
// answered. From it and the inputs behind it the sandbox is what it was.
func TestSnapshot_nobodyWaits(t *testing.T) {
	const cars = 4000
	host, store := newHost(t, verdicts{}), &memory.Store{}
	slow := slowToKeep{store, make(chan struct{}, 1), make(chan struct{})}
	host.Ledger = slow
	host.Broken = func(_ *Sandbox, err error) { t.Error(err) }
	f := fixture.Demo()
	start := host.Wall()
	f.Clock = &fixture.Clock{Now: &fixture.Instant{Time: start}}
	f.Rules = map[string]any{"log.keep": 1000}
	f.Parkings = []fixture.Parking{{ID: "1", Name: "P", City: "重庆市", Lat: "29.5", Lon: "106.5", TotalSpace: new(10 * cars)}}
	f.Orders = nil
	for i := range cars {
		f.Orders = append(f.Orders, fixture.Order{PlateNumber: fmt.Sprintf("渝B%05d", i), ParkingID: "1", EntranceTime: &fixture.Instant{Time: start.Add(-time.Hour)}})
	}
	s := newBox(t, host, f)
	ask := func() {
		fx := send(t, s, "demo", "parkingstatus", map[string]any{"parkingId": "1"})
		require.NoError(t, fx.Err)
		require.Zero(t, fx.Entry.Code, fx.Entry.Explain("en"))
	}
	steps, most := 0, 0
	for stored := false; !stored; {
		ask()
		switch {
		case s.copying != nil:
			steps++
		case steps > 0:
			most, steps = max(most, steps), 0
		}
		select {
		case <-slow.storing:
			stored = true
		default:
		}
	}
	require.GreaterOrEqual(t, most, cars/copyStep, "as many inputs were applied while it was copied")
	for range 200 { // more than can be on their way at once
		ask()
	}
	s.mu.Lock()
	require.Zero(t, s.snapshot)
	s.mu.Unlock()
	close(slow.let)
	host.Sending.Wait()
	s.mu.Lock()
	require.Positive(t, s.snapshot)
	s.mu.Unlock()

	want := jsonOf(t, s.State())
	s.Close()
	host.Ledger = store
	again, err := Open(t.Context(), host, "s", nil)
	require.NoError(t, err)
	defer again.Close()
	require.Equal(t, want, jsonOf(t, again.State()))
	h := again.History()
	require.Greater(t, h.First(), uint64(1), "the snapshot stands for the inputs before it")
}

// A restart keeps the log as it was: to each point of it there is still a way back.
func TestFinish_keepsTheLog(t *testing.T) {
	host, store := newHost(t, verdicts{}), &memory.Store{}
	host.Ledger = store
	s := newBox(t, host, fixture.Demo())
	for range 5 {
		send(t, s, "demo", "parkingstatus", map[string]any{"parkingId": "1"})
	}
	before := s.History()
	for range 2 {
		s.Close()
		require.NoError(t, s.Finish(t.Context()))
		store = store.Reopen()
		host.Ledger = store
		again, err := Open(t.Context(), host, "s", nil)
		require.NoError(t, err)
		t.Cleanup(again.Close)
		s = again
		h := s.History()
		require.True(t, h.Whole())
		require.Equal(t, before.Records(0, 100), h.Records(0, 100)[:before.Last()])
	}
	require.NoError(t, s.Undo("r2"))
	s.Read(func(v engine.View, _ time.Time) { require.Equal(t, 2, v.Journal().Len()) })
}

// What is stored is what the history begins with; and the log says rightly why it goes back no further.
func TestSnapshot_isTheBeginningOfTheHistory(t *testing.T) {
	host, store := newHost(t, verdicts{}), &memory.Store{}
	host.Ledger = store
	f := fixture.Demo()
	f.Rules = map[string]any{"log.keep": 1000, "journal.keep": 100}
	s := newBox(t, host, f)
	for range 4500 {
		send(t, s, "demo", "parkingstatus", map[string]any{"parkingId": "1"})
	}
	host.Sending.Wait()
	before := s.History()
	require.ErrorContains(t, s.Undo("r1"), "(rule log.keep)")
	s.Close()
	require.NoError(t, s.Finish(t.Context()))
	host.Ledger = store.Reopen()
	again, err := Open(t.Context(), host, "s", nil)
	require.NoError(t, err)
	defer again.Close()
	after := again.History()
	require.Positive(t, again.snapshot)
	require.LessOrEqual(t, after.First(), before.First(), "nothing that was in the log is lost")
	require.Less(t, int(after.Last()-after.First()), 4000)
	require.ErrorContains(t, again.Undo("r1"), "before which the server was restarted")
}
