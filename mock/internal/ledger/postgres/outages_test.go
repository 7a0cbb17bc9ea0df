//go:build unix

package postgres_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/mock/internal/ledger"
	"github.com/etcp-mock/etcp-mock/mock/internal/ledger/postgres"
)

// A group whose answer got lost on the way is asked about on another connection: it is written once.
func TestAppend_answerLost(t *testing.T) {
	t.Parallel()
	proxy := newProxy(t, server.Addr())
	s := open(t, proxy.url(t, server.Database(t)), "r1")
	log, err := s.Create(t.Context(), "default", nil)
	require.NoError(t, err)
	require.NoError(t, put(t.Context(), log, "before"))
	want := []string{"before"}
	for i := range 10 {
		proxy.loseAnswers.Store(true) // of the connections that there are
		input := fmt.Sprint("lost ", i)
		require.NoError(t, put(t.Context(), log, input))
		want = append(want, input)
	}
	_, inputs := take(t, s)
	require.Equal(t, want, inputs)
}

// Cut off from the store, an owner knows within three seconds that it cannot say whether its last input was written;
// those after it fail at once. Healed, it is refused where another has taken over.
func TestAppend_cutOff(t *testing.T) {
	t.Parallel()
	proxy := newProxy(t, server.Addr())
	db := server.Database(t)
	s, peer := open(t, proxy.url(t, db), "r1"), open(t, db, "r2")
	log, err := s.Create(t.Context(), "default", nil)
	require.NoError(t, err)
	other, err := s.Create(t.Context(), "other", nil)
	require.NoError(t, err)
	require.NoError(t, put(t.Context(), log, "one"))
	proxy.cut.Store(true)
	within(t, 10*time.Second, func() {
		require.ErrorIs(t, put(t.Context(), log, "two"), ledger.ErrUncertain)
	})
	within(t, time.Second, func() { // at once: its timeout would be two seconds
		require.ErrorIs(t, put(t.Context(), log, "three"), ledger.ErrUncertain)
	})
	within(t, 10*time.Second, func() {
		_, err := s.Take(t.Context(), "default", ledger.Restore{})
		require.ErrorIs(t, err, ledger.ErrUnavailable)
	})
	owner, inputs := take(t, peer)
	require.Equal(t, []string{"one"}, inputs)
	require.NoError(t, put(t.Context(), owner, "taken over"))
	proxy.heal()
	require.ErrorIs(t, log.Ready(), ledger.ErrUncertain)
	require.Eventually(t, func() bool {
		return put(t.Context(), other, "goes on") == nil
	}, time.Minute, 50*time.Millisecond)
	require.Eventually(t, func() bool {
		_, err := s.Places(t.Context())
		return err == nil
	}, time.Minute, 50*time.Millisecond)
	again, inputs := take(t, s)
	require.Equal(t, []string{"one", "taken over"}, inputs)
	require.NoError(t, put(t.Context(), again, "back"))
	require.ErrorIs(t, put(t.Context(), owner, "stale"), ledger.ErrFenced)
}

// A store that is slow is not waited for beyond the timeout, and what it said it did not do has not happened.
func TestAppend_slow(t *testing.T) {
	t.Parallel()
	db := server.Database(t)
	s := open(t, db, "r1")
	log, err := s.Create(t.Context(), "default", nil)
	require.NoError(t, err)
	schema := mustParse(t, db).Query().Get("search_path")
	locker, err := pgconn.Connect(t.Context(), server.URL())
	require.NoError(t, err)
	defer locker.Close(context.Background())
	_, err = locker.Exec(t.Context(), fmt.Sprintf("BEGIN; LOCK TABLE %s.etcp_mock_sandboxes", schema)).ReadAll()
	require.NoError(t, err)
	var failed error
	within(t, 10*time.Second, func() {
		failed = put(t.Context(), log, "slow")
	})
	require.True(t, errors.Is(failed, ledger.ErrUnavailable) || errors.Is(failed, ledger.ErrUncertain), "%v", failed)
	_, err = locker.Exec(t.Context(), "COMMIT").ReadAll()
	require.NoError(t, err)
	log, inputs := take(t, s)
	if !errors.Is(failed, ledger.ErrUncertain) {
		require.Empty(t, inputs)
	}
	require.NoError(t, put(t.Context(), log, "again"))
}

// A database without room refuses, keeps what it has, and goes on once there is room.
func TestAppend_databaseFull(t *testing.T) {
	t.Parallel()
	disk, err := os.MkdirTemp("", "etcp-mock-full-") //nolint:usetesting // the database's user must reach it
	require.NoError(t, err)
	t.Cleanup(func() { _ = os.RemoveAll(disk) })
	full := startServer(t)
	if err := syscall.Mount("tmpfs", disk, "tmpfs", 0, fmt.Sprint("size=2m,uid=", full.UID())); err != nil {
		if errors.Is(err, syscall.EPERM) {
			t.Skip("only root can mount a small disk")
		}
		require.NoError(t, err)
	}
	t.Cleanup(func() { _ = syscall.Unmount(disk, syscall.MNT_DETACH) })
	full.Exec(t, "CREATE TABLESPACE small LOCATION '"+disk+"'")
	s := open(t, full.Database(t)+"&default_tablespace=small", "r1")
	log, err := s.Create(t.Context(), "default", nil)
	require.NoError(t, err)
	ballast := filepath.Join(disk, "ballast")
	require.NoError(t, os.WriteFile(ballast, make([]byte, 1<<20), 0o600))
	noise := make([]byte, 64<<10)
	for i := range noise {
		noise[i] = byte(i * i >> 7)
	}
	durable := 0
	for err == nil {
		if err = put(t.Context(), log, fmt.Sprint(durable, string(noise))); err == nil {
			durable++
		}
		for i := range noise { // so that the server cannot compress them
			noise[i] = noise[i]*31 + byte(i>>3) + byte(durable)
		}
	}
	require.ErrorIs(t, err, ledger.ErrUnavailable)
	require.NotErrorIs(t, err, ledger.ErrUncertain)
	require.NoError(t, os.Remove(ballast))
	log, inputs := take(t, s)
	require.Len(t, inputs, durable)
	require.NoError(t, put(t.Context(), log, "again"))
}

// While the server is stopped nothing is answered; when it is back, everything that was durable is there.
func TestServer_stoppedAndStarted(t *testing.T) {
	t.Parallel()
	own := startServer(t)
	db := own.Database(t)
	s := open(t, db, "r1")
	log, err := s.Create(t.Context(), "default", nil)
	require.NoError(t, err)
	var durable []string
	for round := range 3 {
		halted := make(chan error, 1)
		time.AfterFunc(100*time.Millisecond, func() { halted <- own.Halt(round == 1) })
		var failed error
		for n := 0; failed == nil; n++ {
			input := fmt.Sprint(round, ".", n)
			if failed = put(t.Context(), log, input); failed == nil {
				durable = append(durable, input)
			}
		}
		require.NoError(t, <-halted)
		require.True(t, errors.Is(failed, ledger.ErrUnavailable) || errors.Is(failed, ledger.ErrUncertain), "%v", failed)
		within(t, time.Second, func() {
			require.Error(t, log.Ready())
		})
		within(t, 10*time.Second, func() {
			_, err := postgres.Open(t.Context(), db, postgres.Options{Replica: "r3"})
			require.ErrorIs(t, err, ledger.ErrUnavailable)
		})
		_, err := s.Take(t.Context(), "default", ledger.Restore{})
		require.ErrorIs(t, err, ledger.ErrUnavailable)
		require.NoError(t, own.Run())
		require.Eventually(t, func() bool {
			_, err := s.Places(t.Context())
			return err == nil
		}, time.Minute, 20*time.Millisecond)
		var inputs []string
		log, inputs = take(t, s)
		// The input that was not answered may have been written.
		require.GreaterOrEqual(t, len(inputs), len(durable))
		require.LessOrEqual(t, len(inputs), len(durable)+1)
		require.Equal(t, durable, inputs[:len(durable)])
		durable = inputs
	}
}
