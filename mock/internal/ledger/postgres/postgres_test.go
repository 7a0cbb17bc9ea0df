//go:build unix

package postgres_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/internal/postgrestest"
	"github.com/etcp-mock/etcp-mock/mock/internal/ledger"
	"github.com/etcp-mock/etcp-mock/mock/internal/ledger/postgres"
)

// server is the PostgreSQL of the tests that do not stop it.
var server *postgrestest.Server

func TestMain(m *testing.M) { postgrestest.Main(m, &server) }

func open(t testing.TB, url, replica string) *postgres.Store {
	t.Helper()
	s, err := postgres.Open(context.Background(), url, postgres.Options{Replica: replica})
	require.NoError(t, err)
	t.Cleanup(func() { _ = s.Close() })
	return s
}

func take(t testing.TB, s *postgres.Store) (log ledger.Log, inputs []string) {
	t.Helper()
	log, err := s.Take(context.Background(), "default", ledger.Restore{
		Snapshot: func(uint64, []byte) error { return nil },
		Record: func(_ uint64, input []byte) error {
			inputs = append(inputs, string(input))
			return nil
		},
	})
	require.NoError(t, err)
	return log, inputs
}

func put(ctx context.Context, log ledger.Log, input string) error {
	if err := log.Ready(); err != nil {
		return err
	}
	seq, err := log.Append([]byte(input))
	if err != nil {
		return err
	}
	return log.Wait(ctx, seq)
}

// within requires that something takes less than a time. What a machine that stands still delays is done again.
func within(t testing.TB, d time.Duration, what func()) {
	t.Helper()
	var took time.Duration
	for range 5 {
		start := time.Now()
		what()
		if took = time.Since(start); took < d {
			return
		}
	}
	require.Less(t, took, d)
}

// When another replica has taken a sandbox, the stale owner's append is refused, whoever speaks first.
func TestTake_byAnotherReplica(t *testing.T) {
	t.Parallel()
	url := server.Database(t)
	one, two := open(t, url, "r1"), open(t, url, "r2")
	stale, err := one.Create(t.Context(), "default", []string{"M1"})
	require.NoError(t, err)
	require.NoError(t, put(t.Context(), stale, "one"))
	owner, inputs := take(t, two)
	require.Equal(t, []string{"one"}, inputs)
	require.ErrorIs(t, put(t.Context(), stale, "stale"), ledger.ErrFenced)
	require.ErrorIs(t, stale.Ready(), ledger.ErrFenced)
	require.NoError(t, put(t.Context(), owner, "two"))
	places, err := one.Places(t.Context())
	require.NoError(t, err)
	require.Equal(t, []ledger.Place{{Sandbox: "default", Merchants: []string{"M1"}, Owner: "r2", Epoch: owner.Epoch()}}, places)
	require.NoError(t, owner.Close(t.Context()))
	places, err = one.Places(t.Context())
	require.NoError(t, err)
	require.Empty(t, places[0].Owner)
	_, inputs = take(t, one)
	require.Equal(t, []string{"one", "two"}, inputs)
}

// Two replicas that own the same sandbox in turns, without a word to each other: nothing that was durable is lost, and
// nothing is written twice.
func TestTake_backAndForth(t *testing.T) {
	t.Parallel()
	url := server.Database(t)
	stores := []*postgres.Store{open(t, url, "r1"), open(t, url, "r2")}
	_, err := stores[0].Create(t.Context(), "default", nil)
	require.NoError(t, err)
	var mu sync.Mutex
	durable := map[string]bool{}
	var wg sync.WaitGroup
	for i, s := range stores {
		wg.Go(func() {
			for round := range 20 {
				log, _ := take(t, s)
				for n := range 5 {
					input := fmt.Sprint(i, round, n)
					if err := put(t.Context(), log, input); err != nil {
						require.ErrorIs(t, err, ledger.ErrFenced)
						break
					}
					mu.Lock()
					durable[input] = true
					mu.Unlock()
				}
			}
		})
	}
	wg.Wait()
	_, inputs := take(t, stores[0])
	times := map[string]int{}
	for _, input := range inputs {
		times[input]++
		require.Equal(t, 1, times[input])
	}
	for input := range durable {
		require.Equal(t, 1, times[input], input)
	}
}

// Of two replicas that make one merchant number at once, one is refused with whose it is.
func TestClaim_twoReplicas(t *testing.T) {
	t.Parallel()
	url := server.Database(t)
	stores := []*postgres.Store{open(t, url, "r1"), open(t, url, "r2")}
	for round := range 20 {
		no := fmt.Sprint("M", round)
		errs := make([]error, 2)
		var wg sync.WaitGroup
		for i, s := range stores {
			wg.Go(func() { _, errs[i] = s.Create(t.Context(), fmt.Sprint("sb", round, i), []string{no}) })
		}
		wg.Wait()
		var taken *ledger.TakenError
		require.ErrorAs(t, errors.Join(errs...), &taken)
		require.Equal(t, no, taken.Merchant)
		require.True(t, errs[0] == nil || errs[1] == nil)
	}
}

// A deleted sandbox's log cannot write into the one that was made with its id.
func TestDelete_madeAgain(t *testing.T) {
	t.Parallel()
	url := server.Database(t)
	one, two := open(t, url, "r1"), open(t, url, "r2")
	stale, err := one.Create(t.Context(), "default", nil, []byte("old"))
	require.NoError(t, err)
	other, _ := take(t, two)
	require.NoError(t, other.Delete(t.Context()))
	_, err = two.Create(t.Context(), "default", nil, []byte("new"))
	require.NoError(t, err)
	require.ErrorIs(t, put(t.Context(), stale, "stale"), ledger.ErrFenced)
	_, inputs := take(t, two)
	require.Equal(t, []string{"new"}, inputs)
}

// A replica that has stopped beating is not live, on the database's clock; another process cannot have its name before.
func TestBeat(t *testing.T) {
	t.Parallel()
	db := server.Database(t)
	one, two := open(t, db, "r1"), open(t, db, "r2")
	const lifetime = 2 * time.Second // two calls lie within it on a machine that is slow
	_, err := one.Beat(t.Context(), "r1", "run1", "127.0.0.1:1", lifetime)
	require.NoError(t, err)
	all, err := two.Beat(t.Context(), "r2", "run2", "127.0.0.1:2", lifetime)
	require.NoError(t, err)
	require.Len(t, all, 2)
	require.Equal(t, "127.0.0.1:1", all[0].Addr)
	require.True(t, all[0].Live && all[1].Live)
	_, err = two.Beat(t.Context(), "r1", "run3", "127.0.0.1:3", lifetime)
	require.ErrorIs(t, err, ledger.ErrExists)
	require.Eventually(t, func() bool {
		all, err = two.Replicas(t.Context(), lifetime)
		return err == nil && !all[0].Live
	}, time.Minute, 20*time.Millisecond)
	require.GreaterOrEqual(t, all[0].Silent, lifetime)
	all, err = two.Beat(t.Context(), "r1", "run3", "127.0.0.1:3", lifetime)
	require.NoError(t, err)
	require.Equal(t, "127.0.0.1:3", all[0].Addr)

	_, err = one.Create(t.Context(), "default", nil)
	require.NoError(t, err)
	require.NoError(t, one.Leave(t.Context(), "r1", "run1"), "another has the name: nothing is left")
	places, err := one.Places(t.Context())
	require.NoError(t, err)
	require.Equal(t, "r1", places[0].Owner)
	require.NoError(t, one.Leave(t.Context(), "r1", "run3"))
	places, err = one.Places(t.Context())
	require.NoError(t, err)
	require.Empty(t, places[0].Owner)
	all, err = two.Replicas(t.Context(), lifetime)
	require.NoError(t, err)
	require.Len(t, all, 1)
}

// A process that has died leaves its name at once, since its connections are gone; one that lives keeps it.
func TestBeat_ofOneThatDied(t *testing.T) {
	t.Parallel()
	db := server.Database(t)
	one, two := open(t, db, "r1"), open(t, db, "r1")
	const lifetime = time.Hour
	_, err := one.Beat(t.Context(), "r1", "run1", "127.0.0.1:1", lifetime)
	require.NoError(t, err)
	_, err = two.Beat(t.Context(), "r1", "run2", "127.0.0.1:2", lifetime)
	require.ErrorIs(t, err, ledger.ErrExists)
	c, err := pgconn.Connect(t.Context(), db)
	require.NoError(t, err)
	_, err = c.Exec(t.Context(), `SELECT pg_terminate_backend(split_part(session, '@', 1)::int) FROM etcp_mock_replicas`).ReadAll()
	require.NoError(t, err)
	require.NoError(t, c.Close(t.Context()))
	require.Eventually(t, func() bool {
		all, err := two.Beat(t.Context(), "r1", "run2", "127.0.0.1:2", lifetime)
		return err == nil && len(all) == 1 && all[0].Addr == "127.0.0.1:2"
	}, time.Minute, 20*time.Millisecond)
	require.Eventually(t, func() bool { // the first attempt finds the connection broken
		_, err := one.Beat(t.Context(), "r1", "run1", "127.0.0.1:1", lifetime)
		return errors.Is(err, ledger.ErrExists)
	}, time.Minute, 20*time.Millisecond)
}

// Tables of a later version are left alone, and the password is in no error.
func TestOpen_refused(t *testing.T) {
	t.Parallel()
	db := server.Database(t)
	require.NoError(t, open(t, db, "r1").Close())
	server.Exec(t, "UPDATE "+mustParse(t, db).Query().Get("search_path")+".etcp_mock_version SET version = 9")
	_, err := postgres.Open(t.Context(), db, postgres.Options{})
	require.ErrorContains(t, err, "version 9")
	for _, bad := range []string{
		"postgres://user:sesame@127.0.0.1:1/db", "postgres://user:sesame@127.0.0.1:port/db", "postgres://user:sesame@%zz/db",
	} {
		_, err := postgres.Open(t.Context(), bad, postgres.Options{})
		require.Error(t, err)
		require.NotContains(t, err.Error(), "sesame")
	}
}

// Several replicas that start at once make the tables once.
func TestOpen_atOnce(t *testing.T) {
	t.Parallel()
	db := server.Database(t)
	var wg sync.WaitGroup
	for i := range 6 {
		wg.Go(func() {
			s, err := postgres.Open(context.Background(), db, postgres.Options{Replica: fmt.Sprint("r", i), Timeout: time.Minute})
			if err == nil {
				err = s.Close()
			}
			if err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
}

func startServer(t *testing.T) *postgrestest.Server {
	t.Helper()
	s, err := postgrestest.Start()
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, s.Stop()) })
	return s
}

func mustParse(t testing.TB, text string) *url.URL {
	t.Helper()
	u, err := url.Parse(text)
	require.NoError(t, err)
	return u
}

// Between taking a sandbox and reading it another replica may take it, append to it, and keep a snapshot that drops what was about to
// be read: the former owner reads up to its own end, or is told that it is fenced, and never that something is damaged.
func TestTake_whileAnotherTakesAndKeeps(t *testing.T) {
	t.Parallel()
	url := server.Database(t)
	stores := []*postgres.Store{open(t, url, "r1"), open(t, url, "r2")}
	_, err := stores[0].Create(t.Context(), "default", nil)
	require.NoError(t, err)
	var wg sync.WaitGroup
	for _, s := range stores {
		wg.Go(func() {
			for round := range 30 {
				log, err := s.Take(t.Context(), "default", ledger.Restore{
					Snapshot: func(uint64, []byte) error { return nil },
					Record:   func(uint64, []byte) error { return nil },
				})
				if err != nil {
					require.ErrorIs(t, err, ledger.ErrFenced)
					continue
				}
				if put(t.Context(), log, strconv.Itoa(round)) != nil {
					continue
				}
				if err := log.Keep(t.Context(), log.Durable(), bytes.NewBufferString("state")); err != nil {
					require.ErrorIs(t, err, ledger.ErrFenced)
				}
			}
		})
	}
	wg.Wait()
}
