package runs

import (
	"context"
	"log/slog"
	"net/http"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/etcp-mock/etcp-mock/scenarios"
)

// Steps that run at once end in any order: each is shown where it began, as what it came to.
func TestRun_stepsThatEndInAnyOrder(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		r := &run{done: make(chan struct{}), status: Running}
		n := rapid.IntRange(1, 8).Draw(rt, "steps")
		steps := make([]*scenarios.StepResult, n)
		c := &scenarios.CaseResult{Name: "a case", Row: rapid.IntRange(0, 1).Draw(rt, "row")}
		for i := range steps {
			steps[i] = &scenarios.StepResult{Name: "step " + strconv.Itoa(i), File: "f.yaml", Position: scenarios.Position{Line: i + 1, Column: 5}}
			r.note(scenarios.Event{Case: c, Step: steps[i]})
		}
		r.note(scenarios.Event{Case: c}) // of the case itself
		open := n
		for _, i := range rapid.Permutation([]int{0, 1, 2, 3, 4, 5, 6, 7}).Draw(rt, "order") {
			if i >= n {
				continue
			}
			steps[i].Status, steps[i].Duration = scenarios.Passed, time.Duration(i)*time.Millisecond
			r.note(scenarios.Event{Case: c, Step: steps[i], Ended: true})
			open--
			running := 0
			for at, s := range r.report(false).Steps {
				require.Equal(rt, "f.yaml:"+strconv.Itoa(at+1)+":5", s.Place)
				require.Equal(rt, map[int]string{0: "", 1: "a case: "}[c.Row]+"step "+strconv.Itoa(at), s.Name)
				if s.Status == Running {
					running++
				} else {
					require.EqualValues(rt, at, s.DurationMs)
				}
			}
			require.Equal(rt, open, running)
		}
	})
}

// Two hundred runs are kept; the oldest that is over makes room, one that goes on is never forgotten.
func TestRuns_keepsTwoHundred(t *testing.T) {
	s := New("", "", slog.New(slog.DiscardHandler), nil)
	defer s.Close()
	first, _, err := s.enlist("goes on")
	require.NoError(t, err)
	defer s.going.Done()
	defer first.over(nil)
	for range maxKept + 50 {
		r, _, err := s.enlist("small")
		require.NoError(t, err)
		r.over(&scenarios.Result{Status: scenarios.Passed})
		s.going.Done()
	}
	all := s.List()
	require.Len(t, all, maxKept)
	require.Equal(t, "run-251", all[0].ID)
	require.Equal(t, "run-1", all[maxKept-1].ID, "it goes on")
	require.Equal(t, "run-53", all[maxKept-2].ID)
	_, found := s.Get("run-2")
	require.False(t, found)
}

// A run whose engine panics has failed; the next one starts.
func TestStart_aRunThatPanics(t *testing.T) {
	s := New("", "", slog.New(slog.DiscardHandler), nil)
	defer s.Close()
	s.Serve(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic("the handler fell down") }), http.DefaultClient, time.Now)
	for range 2 {
		id, err := s.Start(Request{Source: "name: small\nsteps:\n  - advance: 1h\n"})
		require.NoError(t, err)
		s.Wait(t.Context(), id)
		got, _ := s.Get(id)
		require.Equal(t, string(scenarios.Failed), got.Status)
	}
}

// Runs are started, listed, read, awaited and stopped by any number at once.
func TestRuns_atOnce(t *testing.T) {
	s := New("", "", slog.New(slog.DiscardHandler), nil)
	s.Serve(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusServiceUnavailable) }), http.DefaultClient, time.Now)
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for range 5 {
				id, err := s.Start(Request{Source: "name: small\nsteps:\n  - advance: 1h\n"})
				if err != nil {
					continue // sixteen run already
				}
				s.List()
				s.Stop(id)
				s.Reload()
				s.Wait(ctx, id)
				if got, found := s.Get(id); !found || got.Status == Running {
					t.Errorf("%s is %s after it was awaited", id, got.Status)
				}
			}
		})
	}
	all.Wait()
	require.NoError(t, ctx.Err())
	s.Close()
}

// Of a run that goes on and on the first and the newest steps are shown.
func TestRun_showsSoManySteps(t *testing.T) {
	require.Equal(t, 1000, maxSteps, "as the documentation says")
	t.Parallel()
	r := &run{done: make(chan struct{}), status: Running}
	c := &scenarios.CaseResult{Name: "a case"}
	outer := &scenarios.StepResult{Name: "outer", Position: scenarios.Position{Line: 1}}
	r.note(scenarios.Event{Case: c, Step: outer})
	for i := range 5 * maxSteps {
		step := &scenarios.StepResult{Name: strconv.Itoa(i), Position: scenarios.Position{Line: 2}}
		r.note(scenarios.Event{Case: c, Step: step})
		ended := *step
		ended.Status = scenarios.Passed
		r.note(scenarios.Event{Case: c, Step: &ended, Ended: true})
	}
	shown := r.report(false).Steps
	require.Len(t, shown, maxSteps)
	require.Equal(t, []string{"outer", Running, "0", strconv.Itoa(5*maxSteps - 1)}, []string{shown[0].Name, shown[0].Status, shown[1].Name, shown[maxSteps-1].Name})
}
