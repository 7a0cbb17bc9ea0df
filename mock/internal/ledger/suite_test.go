package ledger_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

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

func TestMain(m *testing.M) {
	var err error
	if server, err = postgrestest.Start(); err != nil {
		_, _ = os.Stderr.WriteString(err.Error() + "\n")
		os.Exit(1)
	}
	code := m.Run()
	if err := errors.Join(server.Stop(), goleak.Find()); err != nil {
		_, _ = os.Stderr.WriteString(err.Error() + "\n")
		code = max(code, 1)
	}
	os.Exit(code)
}

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

// A merchant number belongs to one sandbox; several are claimed all or none.
func TestClaim(t *testing.T) {
	t.Parallel()
	overStores(t, func(t *testing.T, open opener) {
		l := open(t)
		a, b := create(t, l, "a", "M1", "M2"), create(t, l, "b")
		var taken *ledger.TakenError
		require.ErrorAs(t, b.Claim(t.Context(), "M3", "M2"), &taken)
		require.Equal(t, ledger.TakenError{Merchant: "M2", Sandbox: "a"}, *taken)
		_, err := l.Create(t.Context(), "c", []string{"M4", "M1"}, []byte("input"))
		require.ErrorAs(t, err, &taken)
		require.Equal(t, map[string][]string{"a": {"M1", "M2"}, "b": nil}, merchants(t, l))

		require.NoError(t, a.Claim(t.Context(), "M1", "M0"))
		require.NoError(t, a.Release(t.Context(), "M2", "unknown"))
		require.NoError(t, b.Claim(t.Context(), "M2"))
		require.NoError(t, a.Release(t.Context(), "M2"), "it is another's, and left alone")
		want := map[string][]string{"a": {"M0", "M1"}, "b": {"M2"}}
		require.Equal(t, want, merchants(t, l))
		require.NoError(t, l.Close())
		require.Equal(t, want, merchants(t, open(t)))
	})
}

func merchants(t *testing.T, l ledger.Ledger) map[string][]string {
	t.Helper()
	places, err := l.Places(t.Context())
	require.NoError(t, err)
	all := map[string][]string{}
	for _, p := range places {
		if all[p.Sandbox] = p.Merchants; len(p.Merchants) == 0 {
			all[p.Sandbox] = nil
		}
	}
	return all
}

// Of many that want one number at once, exactly one gets it.
func TestClaim_atOnce(t *testing.T) {
	t.Parallel()
	overStores(t, func(t *testing.T, open opener) {
		l := open(t)
		errs := make([]error, 8)
		var wg sync.WaitGroup
		for i := range errs {
			wg.Go(func() {
				if i%2 == 0 {
					_, errs[i] = l.Create(t.Context(), fmt.Sprint("made", i), []string{"M1", fmt.Sprint("own", i)})
					return
				}
				log, err := l.Create(t.Context(), fmt.Sprint("made", i), nil)
				if err == nil {
					err = log.Claim(t.Context(), fmt.Sprint("own", i), "M1")
				}
				errs[i] = err
			})
		}
		wg.Wait()
		got := 0
		for _, err := range errs {
			if err == nil {
				got++
				continue
			}
			var taken *ledger.TakenError
			require.ErrorAs(t, err, &taken)
		}
		require.Equal(t, 1, got)
		numbers := 0
		for _, ms := range merchants(t, l) {
			numbers += len(ms)
		}
		require.Equal(t, 2, numbers)
	})
}

// A deleted sandbox is gone whole: its id and numbers are free, and nothing of it comes back.
func TestDelete(t *testing.T) {
	t.Parallel()
	overStores(t, func(t *testing.T, open opener) {
		l := open(t)
		log := create(t, l, "a", "M1")
		put(t, log, "one", "two")
		require.NoError(t, log.Keep(t.Context(), 1, strings.NewReader("after 1")))
		require.NoError(t, log.Delete(t.Context()))
		_, err := log.Append([]byte("late"))
		require.Error(t, err)
		require.Empty(t, merchants(t, l))
		_, err = l.Take(t.Context(), "a", ledger.Restore{})
		require.ErrorIs(t, err, ledger.ErrUnknown)
		create(t, l, "b", "M1")
		put(t, create(t, l, "a"), "new")
		require.NoError(t, l.Close())
		_, k := take(t, open(t), "a")
		require.Equal(t, kept{inputs: []string{"new"}, next: 2}, k)
	})
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

// An input has a limit.
func TestAppend_tooLarge(t *testing.T) {
	t.Parallel()
	overStores(t, func(t *testing.T, open opener) {
		log := create(t, open(t), "a")
		var large *ledger.TooLargeError
		_, err := log.Append(make([]byte, ledger.MaxRecord+1))
		require.ErrorAs(t, err, &large)
		put(t, log, "the log goes on")
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

// Many append to several sandboxes while snapshots are made: each input that was waited for is there once, in the order
// of its sequence number.
func TestAppend_atOnce(t *testing.T) {
	t.Parallel()
	overStores(t, func(t *testing.T, open opener) {
		l := open(t)
		const sandboxes, writers, each = 3, 8, 40
		var wg sync.WaitGroup
		for s := range sandboxes {
			counter := &counted{log: create(t, l, fmt.Sprint("s", s))}
			for w := range writers {
				wg.Go(func() {
					for i := range each {
						if err := counter.add(t.Context(), w); err != nil {
							t.Error(err)
							return
						}
						if w == 0 && i%10 == 9 {
							if err := counter.keep(t.Context()); err != nil {
								t.Error(err)
								return
							}
						}
					}
				})
			}
		}
		wg.Wait()
		require.NoError(t, l.Close())
		l = open(t)
		for s := range sandboxes {
			var sums [writers]uint64
			log, err := l.Take(t.Context(), fmt.Sprint("s", s), ledger.Restore{
				Snapshot: func(_ uint64, state []byte) error {
					return binary.Read(bytes.NewReader(state), binary.BigEndian, &sums)
				},
				Record: func(_ uint64, input []byte) error { sums[input[0]]++; return nil },
			})
			require.NoError(t, err)
			require.Equal(t, uint64(writers*each+1), log.Next())
			for _, sum := range sums {
				require.Equal(t, uint64(each), sum)
			}
		}
	})
}

// counted is a sandbox whose state is how many inputs each writer has made.
type counted struct {
	mu   sync.Mutex
	log  ledger.Log
	sums [8]uint64
	seq  uint64
}

func (c *counted) add(ctx context.Context, writer int) error {
	c.mu.Lock()
	seq, err := c.log.Append([]byte{byte(writer)})
	if err == nil {
		c.sums[writer]++
		c.seq = seq
	}
	c.mu.Unlock()
	if err != nil {
		return err
	}
	return c.log.Wait(ctx, seq)
}

func (c *counted) keep(ctx context.Context) error {
	c.mu.Lock()
	var state bytes.Buffer
	err := binary.Write(&state, binary.BigEndian, c.sums)
	seq := c.seq
	c.mu.Unlock()
	if err != nil {
		return err
	}
	if err := c.log.Wait(ctx, seq); err != nil {
		return err
	}
	return c.log.Keep(ctx, seq, &state)
}
