package runs_test

import (
	"context"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/mock/internal/runs"
	"github.com/etcp-mock/etcp-mock/scenarios"
)

// serverThatHolds answers no request before the test ends or the client leaves.
func serverThatHolds(t *testing.T, dir, replica string) *runs.Runs {
	t.Helper()
	r := runs.New(dir, replica, slog.New(slog.DiscardHandler), nil)
	r.Serve(http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		<-q.Context().Done()
		w.WriteHeader(http.StatusServiceUnavailable)
	}), http.DefaultClient, time.Now)
	t.Cleanup(r.Close)
	return r
}

const small = "name: small\nsteps:\n  - advance: 1h\n"

func TestStart_refusesMoreThanSixteenAtOnce(t *testing.T) {
	r := serverThatHolds(t, "", "")
	for range 16 {
		_, err := r.Start(runs.Request{Source: small})
		require.NoError(t, err)
	}
	_, err := r.Start(runs.Request{Source: small})
	require.ErrorIs(t, err, runs.ErrTooMany)

	require.True(t, r.Stop("run-3"))
	r.Wait(t.Context(), "run-3")
	stopped, found := r.Get("run-3")
	require.True(t, found)
	require.Equal(t, "failed", stopped.Status)
	require.NotNil(t, stopped.Result)
	_, err = r.Start(runs.Request{Source: small})
	require.NoError(t, err, "one has ended")
	require.Equal(t, "run-17", r.List()[0].ID, "the newest first")
}

func TestClose_endsRunsAndTakesNoMore(t *testing.T) {
	r := serverThatHolds(t, "", "")
	id, err := r.Start(runs.Request{Source: small})
	require.NoError(t, err)
	r.Close()
	ended, _ := r.Get(id)
	require.NotEqual(t, runs.Running, ended.Status)
	_, err = r.Start(runs.Request{Source: small})
	require.ErrorIs(t, err, runs.ErrTooMany)
}

func TestWait_endsWithItsContext(t *testing.T) {
	r := serverThatHolds(t, "", "")
	id, err := r.Start(runs.Request{Source: small})
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	r.Wait(ctx, id)
	r.Wait(t.Context(), "run-99") // one that never was
	still, _ := r.Get(id)
	require.Equal(t, runs.Running, still.Status)
	require.NotNil(t, still.Steps, "[] in JSON")
}

func TestReplica_isPartOfTheID(t *testing.T) {
	id, err := serverThatHolds(t, "", "b").Start(runs.Request{Source: small})
	require.NoError(t, err)
	require.Equal(t, "run-1.b", id)
	require.Equal(t, "b", runs.Replica(id))
	require.Empty(t, runs.Replica("run-1"))
}

func TestLibrary_keepsWhatIsRightAndSaysWhatIsWrong(t *testing.T) {
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, "small.yaml"), []byte(small), 0o600))
	r := serverThatHolds(t, dir, "")
	item, source, err := r.Scenario("small")
	require.NoError(t, err)
	require.Equal(t, small, source)
	require.False(t, item.BuiltIn)
	text, err := r.Fixture("small", nil)
	require.NoError(t, err)
	require.Nil(t, text, "what any new sandbox has")

	require.NoError(t, os.WriteFile(filepath.Join(dir, "bad.yaml"), []byte("name: bad\nsteps:\n  - advanse: 1h\n"), 0o600))
	problems := r.Reload()
	require.Len(t, problems, 1)
	require.True(t, strings.Contains(problems[0], "bad.yaml:3"), problems[0])
	_, _, err = r.Scenario("small")
	require.NoError(t, err)

	_, _, err = r.Scenario("nosuch")
	require.ErrorIs(t, err, runs.ErrNoScenario)
	_, err = r.Start(runs.Request{Name: "nosuch"})
	require.ErrorIs(t, err, runs.ErrNoScenario)
	var wrong scenarios.Problems
	require.ErrorAs(t, r.Validate("steps: 1"), &wrong)
	_, err = r.Start(runs.Request{Source: small, Speed: "-1x"})
	require.ErrorAs(t, err, &wrong)
}

// A scenario of the folder that uses what is not there is a problem of the folder, and none of its scenarios.
func TestReload_usesWhatIsNotThere(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for name, line := range map[string]string{"uses": "steps: [{use: not-there}]", "sets-up": "setup: not-there\nsteps: [{advance: 1h}]"} {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name+".yaml"), []byte("name: "+name+"\n"+line+"\n"), 0o600))
	}
	r := serverThatHolds(t, dir, "")
	problems := strings.Join(r.Reload(), "\n")
	for _, name := range []string{"uses", "sets-up"} {
		require.Contains(t, problems, name+".yaml")
		_, err := r.Start(runs.Request{Name: name})
		require.ErrorIs(t, err, runs.ErrNoScenario)
	}
	require.Equal(t, 2, strings.Count(problems, "not-there"), problems)
	require.NoError(t, os.WriteFile(filepath.Join(dir, "other.yaml"), []byte("name: other\nsteps: [{advance: 1h}]\n"), 0o600))
	require.Len(t, r.Reload(), 2)
	_, err := r.Start(runs.Request{Name: "other"})
	require.NoError(t, err, "what is right in the folder is there")
}
