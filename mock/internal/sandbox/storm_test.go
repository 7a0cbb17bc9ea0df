package sandbox

import (
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/mock/internal/clock"
	"github.com/etcp-mock/etcp-mock/mock/internal/engine"
	"github.com/etcp-mock/etcp-mock/mock/internal/fault"
	"github.com/etcp-mock/etcp-mock/mock/internal/fixture"
	"github.com/etcp-mock/etcp-mock/mock/internal/journal"
	"github.com/etcp-mock/etcp-mock/mock/internal/platform"
	"github.com/etcp-mock/etcp-mock/mock/internal/platform/notation"
	"github.com/etcp-mock/etcp-mock/mock/internal/push"
)

var phones = []string{"13800000001", "13900000002", "13700000003"}

// stormFixture has a clock that stands, two merchants whose pushes are sent, a vehicle for each phone, and a fault now and then.
func stormFixture() *fixture.Fixture {
	share, two := 0.1, 2
	f := &fixture.Fixture{
		Clock:    &fixture.Clock{Now: &fixture.Instant{Time: time.Date(2017, 8, 20, 12, 0, 0, 0, notation.Shanghai)}},
		Rules:    map[string]any{"push.schedule": []any{"1s", "5s"}},
		Parkings: []fixture.Parking{{ID: "1", Name: "P", City: "C", Lat: "29.1", Lon: "106.1"}},
		Faults: []fault.Fault{
			{On: fault.On{Endpoint: "carnum"}, Probability: &share, Do: fault.Do{Code: &two}},
			{On: fault.On{Push: "entry"}, Probability: &share, Do: fault.Do{Duplicate: &two}},
			{On: fault.On{Push: "exit"}, Probability: &share, Do: fault.Do{Drop: true}},
		},
	}
	for i := range 2 {
		no := fmt.Sprint("M", i)
		f.Merchants = append(f.Merchants, fixture.Merchant{No: no, Key: "key-" + no, Push: &fixture.Hook{URL: "http://accept.invalid/" + no}})
	}
	for i, phone := range phones {
		f.Users = append(f.Users, fixture.User{Phone: phone, Plates: []fixture.Binding{{PlateNumber: plateOf(i), MerchantNo: "M0"}}})
	}
	return f
}

func plateOf(i int) string { return fmt.Sprintf("渝A0000%d", i) }

// round lets everything that can happen to a sandbox happen at once, and waits until all of it has.
func round(t *testing.T, s *Sandbox, n int) {
	t.Helper()
	var wg sync.WaitGroup
	for i, phone := range phones {
		vehicle := notation.Vehicle{Plate: plateOf(i), Color: "1"}
		wg.Go(func() {
			merchant := fmt.Sprint("M", (n+i)%2)
			var answer struct{ Data struct{ Token string } }
			fx := send(t, s, merchant, "usersigin", map[string]any{"mobilePhone": phone, "appId": "ETCP"})
			_ = json.Unmarshal([]byte(fx.Entry.Response), &answer)
			for _, endpoint := range []string{"bindcar", "orderunpay", "carnum"} {
				wg.Go(func() {
					send(t, s, merchant, endpoint, map[string]any{"token": answer.Data.Token, "plateNumber": vehicle.Plate})
				})
			}
		})
		wg.Go(func() {
			s.Do(platform.Enter{Vehicle: vehicle, ParkingID: "1"})
			s.Do(platform.Exit{Vehicle: vehicle, Payment: "cash"})
		})
	}
	wg.Go(func() {
		if _, err := s.Advance(t.Context(), time.Second); err != nil && !errors.Is(err, ErrMoving) {
			t.Error(err)
		}
	})
	wg.Go(func() {
		frozen := clock.Frozen
		if _, err := s.SetClock(t.Context(), clock.Change{Mode: &frozen}); err != nil && !errors.Is(err, ErrMoving) {
			t.Error(err)
		}
	})
	wg.Go(func() {
		code := 1
		fx := s.Apply(&engine.AddFault{Fault: fault.Fault{On: fault.On{Endpoint: "bindcar"}, Times: 1, Do: fault.Do{Code: &code}}})
		s.Apply(&engine.DeleteFault{ID: fx.Fault.ID})
	})
	wg.Go(func() { s.Do(platform.SetRules{Rules: map[string]any{"bind.max": float64(3 + n%2)}}) })
	wg.Go(func() { s.Do(platform.Trigger{MerchantNo: "M1", Kind: "unbind"}) })
	wg.Go(func() { s.Apply(&engine.Redeliver{ID: "p1"}) })
	wg.Go(func() {
		s.Do(platform.PutMerchant{Merchant: platform.Merchant{No: "M1", Key: "key-M1", Push: &platform.Hook{URL: fmt.Sprint("http://accept.invalid/", n)}}})
	})
	wg.Go(func() {
		if _, _, err := s.Requests(journal.Filter{}, Page{Limit: 5, Newest: true}); err != nil {
			t.Error(err)
		}
		if n%10 == 0 {
			_ = s.State()
		}
	})
	wg.Wait()
}

// storm lets so many rounds happen, and says that the journal, the log and the events are in one order, and that the log,
// applied again, gives the same journal, the same pushes and the same state.
func storm(t *testing.T, rounds int) {
	t.Helper()
	s := newBox(t, newHost(t, verdicts{}), stormFixture())
	var events []engine.Event
	for n := range rounds {
		round(t, s, n)
		news := s.NewsSince(uint64(len(events)))
		require.Zero(t, news.Missed)
		events = append(events, news.Events...)
	}
	_, err := s.Advance(t.Context(), time.Minute) // every retry
	require.NoError(t, err)
	pending, err := s.Drain(t.Context(), 10*time.Second)
	require.NoError(t, err)
	require.Zero(t, pending)
	news := s.NewsSince(uint64(len(events)))
	require.Zero(t, news.Missed)
	events = append(events, news.Events...)

	h := s.History()
	records := h.Records(0, 1<<30)
	require.True(t, h.Whole())
	require.Equal(t, s.Merchants(), []string{"M0", "M1"})
	inLog, made := []string{}, uint64(0)
	for i, r := range records {
		require.EqualValues(t, i+1, r.Seq)
		if r.Request != 0 {
			inLog = append(inLog, journalID(r.Request))
		}
		require.GreaterOrEqual(t, r.Pushes, made)
		made = r.Pushes
	}
	inEvents, at := []string{}, time.Time{}
	for i, e := range events {
		require.EqualValues(t, i+1, e.Seq)
		if stored, ok := e.Value.(*journal.Stored); ok {
			entry := stored.Entry()
			inEvents = append(inEvents, entry.ID)
			require.False(t, entry.At.Before(at))
			at = entry.At
		}
	}
	inJournal := journalOf(t, s)
	ids := make([]string, len(inJournal))
	for i, e := range inJournal {
		ids[i] = e.ID
	}
	require.Equal(t, ids, inLog)
	require.Equal(t, ids, inEvents)
	require.Greater(t, len(ids), 10*rounds)
	replaySame(t, s, inJournal, events)
}

// replaySame applies the log again, and compares.
func replaySame(t *testing.T, s *Sandbox, entries []journal.Entry, events []engine.Event) {
	t.Helper()
	h := s.History()
	requests, again := 0, 0
	e, err := h.Replay(h.Last(), words{}, func(_ *engine.Engine, _ *engine.Record, fx *engine.Effects) {
		if fx.Entry != nil {
			want := &entries[requests]
			require.Equal(t, want.Response, fx.Entry.Response)
			require.Equal(t, want.Code, fx.Entry.Code)
			require.Equal(t, want.ID, fx.Entry.ID)
			require.True(t, want.At.Equal(fx.Entry.At))
			requests++
		}
		for _, event := range fx.Events {
			require.Equal(t, events[again].Seq, event.Seq)
			require.Equal(t, events[again].Kind, event.Kind)
			require.Equal(t, jsonOf(t, events[again].Value), jsonOf(t, event.Value))
			again++
		}
	})
	require.NoError(t, err)
	require.Equal(t, len(entries), requests)
	require.Equal(t, len(events), again)
	items, _, err := s.Pushes(push.Filter{}, Page{Limit: 1 << 30})
	require.NoError(t, err)
	require.NotEmpty(t, items)
	for _, want := range items {
		have, ok := e.View().Pushes().Get(want.ID)
		require.True(t, ok)
		require.Equal(t, want.Body, have.Body)
		require.Equal(t, jsonOf(t, want), jsonOf(t, have))
	}
	require.True(t, jsonOf(t, s.State()) == jsonOf(t, e.LastState()), "the states differ")
}

// Whatever happens at once happened in one order, and the log says which.
func TestSandbox_oneOrder(t *testing.T) { storm(t, 20) }

// The same for longer.
func TestSandbox_oneOrderStorm(t *testing.T) {
	if testing.Short() {
		t.Skip("a storm")
	}
	storm(t, 200)
}
