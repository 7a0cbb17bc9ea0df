package ledger_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/internal/postgrestest"
	"github.com/etcp-mock/etcp-mock/mock/internal/ledger"
	"github.com/etcp-mock/etcp-mock/mock/internal/ledger/file"
	"github.com/etcp-mock/etcp-mock/mock/internal/ledger/memory"
	"github.com/etcp-mock/etcp-mock/mock/internal/ledger/postgres"
)

// opener opens a store; each call is the store's next process, the one before having closed it.
type opener func(t *testing.T) ledger.Ledger

// stores are those that the tests of this package run over.
var stores = []struct {
	name string
	make func(t *testing.T) opener
}{
	{"memory", func(*testing.T) opener {
		s := &memory.Store{}
		return func(*testing.T) ledger.Ledger {
			s = s.Reopen()
			return s
		}
	}},
	{"file", func(t *testing.T) opener { return openFile(t, file.Options{Sync: file.DefaultSync}) }},
	{"file that syncs always", func(t *testing.T) opener { return openFile(t, file.Options{Sync: file.Always}) }},
	{"file of small segments", func(t *testing.T) opener {
		return openFile(t, file.Options{Sync: file.DefaultSync, SegmentSize: 100})
	}},
	{"postgres", openPostgres},
}

// server is the PostgreSQL of these tests.
var server *postgrestest.Server

func TestMain(m *testing.M) { postgrestest.Main(m, &server) }

func openPostgres(t *testing.T) opener {
	t.Helper()
	url := server.Database(t)
	return func(t *testing.T) ledger.Ledger {
		t.Helper()
		s, err := postgres.Open(t.Context(), url, postgres.Options{Replica: "r1", Timeout: 10 * time.Second})
		require.NoError(t, err)
		t.Cleanup(func() { require.NoError(t, s.Close()) })
		return s
	}
}

func openFile(t *testing.T, opts file.Options) opener {
	t.Helper()
	dir := t.TempDir()
	return func(t *testing.T) ledger.Ledger {
		t.Helper()
		s, err := file.Open(dir, opts)
		require.NoError(t, err)
		t.Cleanup(func() { require.NoError(t, s.Close()) })
		return s
	}
}

func overStores(t *testing.T, test func(t *testing.T, open opener)) {
	t.Helper()
	for _, s := range stores {
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			test(t, s.make(t))
		})
	}
}

// kept is what a store gave back.
type kept struct {
	snapshot string
	at       uint64 // the input after which it was made
	inputs   []string
	next     uint64
}

func (k *kept) restore() ledger.Restore {
	return ledger.Restore{
		Snapshot: func(seq uint64, state []byte) error {
			if k.next != 0 {
				return errors.New("a snapshot after something else")
			}
			k.snapshot, k.at, k.next = string(state), seq, seq+1
			return nil
		},
		Record: func(seq uint64, input []byte) error {
			k.next = max(k.next, 1)
			if seq != k.next {
				return fmt.Errorf("input %d where %d is next", seq, k.next)
			}
			k.inputs, k.next = append(k.inputs, string(input)), seq+1
			return nil
		},
	}
}

func take(t *testing.T, l ledger.Ledger, id string) (ledger.Log, kept) {
	t.Helper()
	var k kept
	log, err := l.Take(t.Context(), id, k.restore())
	require.NoError(t, err)
	require.Equal(t, max(k.next, 1), log.Next())
	require.Equal(t, log.Next()-1, log.Durable())
	return log, k
}

func create(t *testing.T, l ledger.Ledger, id string, merchants ...string) ledger.Log {
	t.Helper()
	log, err := l.Create(t.Context(), id, merchants)
	require.NoError(t, err)
	return log
}

func put(t *testing.T, log ledger.Log, inputs ...string) {
	t.Helper()
	var last uint64
	for _, input := range inputs {
		require.NoError(t, log.Ready())
		next := log.Next()
		seq, err := log.Append([]byte(input))
		require.NoError(t, err)
		require.Equal(t, next, seq)
		last = seq
	}
	require.NoError(t, log.Wait(t.Context(), last))
	require.Equal(t, last, log.Durable())
}

// What was durable is there in the next process, in order.
func TestTake_whatWasDurable(t *testing.T) {
	t.Parallel()
	overStores(t, func(t *testing.T, open opener) {
		l := open(t)
		long := strings.Repeat("渝", 1<<19)
		put(t, create(t, l, "default"), "one", "", long)
		put(t, create(t, l, "Other/沙 箱.."), "else")
		for round := range 3 {
			require.NoError(t, l.Close())
			l = open(t)
			log, k := take(t, l, "default")
			require.Equal(t, append([]string{"one", "", long}, []string{"again 0", "again 1", "again 2"}[:round]...), k.inputs)
			put(t, log, fmt.Sprint("again ", round))
		}
		_, k := take(t, l, "Other/沙 箱..")
		require.Equal(t, []string{"else"}, k.inputs)
		_, err := l.Take(t.Context(), "unknown", ledger.Restore{})
		require.ErrorIs(t, err, ledger.ErrUnknown)
	})
}

// A sandbox's first inputs are durable when it is made.
func TestCreate_withInputs(t *testing.T) {
	t.Parallel()
	overStores(t, func(t *testing.T, open opener) {
		l := open(t)
		log, err := l.Create(t.Context(), "default", []string{"M2", "M1"}, []byte("a"), []byte("b"))
		require.NoError(t, err)
		require.Equal(t, uint64(3), log.Next())
		require.Equal(t, uint64(2), log.Durable())
		put(t, log, "c")
		require.NoError(t, l.Close())
		l = open(t)
		_, k := take(t, l, "default")
		require.Equal(t, []string{"a", "b", "c"}, k.inputs)
		_, err = l.Create(t.Context(), "default", nil)
		require.ErrorIs(t, err, ledger.ErrExists)
	})
}

// What an earlier epoch writes is refused, and changes nothing.
func TestTake_fences(t *testing.T) {
	t.Parallel()
	overStores(t, func(t *testing.T, open opener) {
		l := open(t)
		stale := create(t, l, "default", "M1")
		put(t, stale, "one")
		_, err := stale.Append([]byte("not durable"))
		require.NoError(t, err)
		owner, k := take(t, l, "default")
		require.Greater(t, owner.Epoch(), stale.Epoch())
		durable := len(k.inputs) // what was appended may have become durable before
		put(t, owner, "two")
		seq, err := stale.Append([]byte("stale"))
		if err == nil {
			err = stale.Wait(t.Context(), seq)
		}
		require.ErrorIs(t, err, ledger.ErrFenced)
		require.ErrorIs(t, stale.Ready(), ledger.ErrFenced)
		require.ErrorIs(t, stale.Claim(t.Context(), "M2"), ledger.ErrFenced)
		require.ErrorIs(t, stale.Release(t.Context(), "M1"), ledger.ErrFenced)
		require.ErrorIs(t, stale.Delete(t.Context()), ledger.ErrFenced)
		require.ErrorIs(t, stale.Keep(t.Context(), 1, strings.NewReader("stale")), ledger.ErrFenced)
		put(t, owner, "three")
		_, k = take(t, l, "default")
		require.Equal(t, []string{"two", "three"}, k.inputs[durable:])
		require.Equal(t, "one", k.inputs[0])
		require.Empty(t, k.snapshot)
	})
}

// A snapshot stands for the inputs before it, and appends go on while it is written.
func TestKeep(t *testing.T) {
	t.Parallel()
	overStores(t, func(t *testing.T, open opener) {
		l := open(t)
		log := create(t, l, "default")
		put(t, log, "one", "two", "three")
		require.ErrorIs(t, log.Keep(t.Context(), 4, strings.NewReader("too new")), ledger.ErrNotDurable)
		require.NoError(t, log.Keep(t.Context(), 2, &appender{t, log, "after 2"}))
		put(t, log, "five")
		require.NoError(t, l.Close())
		l = open(t)
		log, k := take(t, l, "default")
		require.Equal(t, kept{snapshot: "after 2", at: 2, inputs: []string{"three", "while it is written", "five"}, next: 6}, k)
		require.NoError(t, log.Keep(t.Context(), 5, strings.NewReader("after 5")))
		_, k = take(t, l, "default")
		require.Equal(t, kept{snapshot: "after 5", at: 5, next: 6}, k)
		require.NoError(t, l.Close())
		l = open(t)
		log, k = take(t, l, "default")
		require.Equal(t, kept{snapshot: "after 5", at: 5, next: 6}, k)
		put(t, log, "six")
		_, k = take(t, l, "default")
		require.Equal(t, []string{"six"}, k.inputs)
	})
}

// appender appends while its text is written.
type appender struct {
	t    *testing.T
	log  ledger.Log
	text string
}

func (a *appender) WriteTo(w io.Writer) (int64, error) {
	put(a.t, a.log, "while it is written")
	n, err := w.Write([]byte(a.text))
	return int64(n), err
}

// A snapshot that cannot be written changes nothing.
func TestKeep_fails(t *testing.T) {
	t.Parallel()
	overStores(t, func(t *testing.T, open opener) {
		l := open(t)
		log := create(t, l, "default")
		put(t, log, "one", "two")
		require.NoError(t, log.Keep(t.Context(), 1, strings.NewReader("after 1")))
		require.ErrorContains(t, log.Keep(t.Context(), 2, broken{}), "no more")
		put(t, log, "three")
		_, k := take(t, l, "default")
		require.Equal(t, kept{snapshot: "after 1", at: 1, inputs: []string{"two", "three"}, next: 4}, k)
	})
}

type broken struct{}

func (broken) WriteTo(w io.Writer) (int64, error) {
	n, err := w.Write(bytes.Repeat([]byte("x"), 3<<20))
	return int64(n), errors.Join(err, errors.New("no more"))
}

// A log that is given up has all that was appended, and takes no more.
func TestClose(t *testing.T) {
	t.Parallel()
	overStores(t, func(t *testing.T, open opener) {
		l := open(t)
		log := create(t, l, "a")
		for range 10 {
			_, err := log.Append([]byte("x"))
			require.NoError(t, err)
		}
		require.NoError(t, log.Close(t.Context()))
		require.ErrorIs(t, log.Ready(), ledger.ErrClosed)
		_, err := log.Append([]byte("late"))
		require.ErrorIs(t, err, ledger.ErrClosed)
		_, k := take(t, l, "a")
		require.Len(t, k.inputs, 10)
		require.NoError(t, l.Close())
		_, err = l.Take(t.Context(), "a", ledger.Restore{})
		require.ErrorIs(t, err, ledger.ErrClosed)
		_, err = l.Places(t.Context())
		require.ErrorIs(t, err, ledger.ErrClosed)
	})
}

// An error of restore ends Take, which gives it back.
func TestTake_restoreFails(t *testing.T) {
	t.Parallel()
	overStores(t, func(t *testing.T, open opener) {
		l := open(t)
		put(t, create(t, l, "a"), "one")
		bad := errors.New("unknown kind of input")
		_, err := l.Take(t.Context(), "a", ledger.Restore{Record: func(uint64, []byte) error { return bad }})
		require.ErrorIs(t, err, bad)
		_, k := take(t, l, "a")
		require.Equal(t, []string{"one"}, k.inputs)
	})
}
