package memory_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/etcp-mock/etcp-mock/mock/internal/ledger"
	"github.com/etcp-mock/etcp-mock/mock/internal/ledger/memory"
)

var errFull = errors.New("no space left")

// kept is what the store has of a sandbox: the snapshot and the inputs behind it.
func kept(tb require.TestingT, s *memory.Store, id string) (log ledger.Log, snapshot string, inputs []string) {
	log, err := s.Take(context.Background(), id, ledger.Restore{
		Snapshot: func(_ uint64, state []byte) error { snapshot = string(state); return nil },
		Record: func(_ uint64, input []byte) error {
			inputs = append(inputs, string(input))
			input[0] = '?' // what a reader does with it is its own affair
			return nil
		},
	})
	require.NoError(tb, err)
	return log, snapshot, inputs
}

// What was appended and not durable when the store failed is lost, what was durable stays; the log has ended, also once the store works again.
func TestFail_losesWhatWasNotDurable(t *testing.T) {
	s := &memory.Store{}
	log, err := s.Create(t.Context(), "a", nil)
	require.NoError(t, err)
	first, err := log.Append([]byte("one"))
	require.NoError(t, err)
	require.NoError(t, log.Wait(t.Context(), first))
	second, err := log.Append([]byte("two"))
	require.NoError(t, err, "nothing is written before somebody waits")
	s.Fail(errFull)
	require.NoError(t, log.Wait(t.Context(), first))
	require.ErrorIs(t, log.Wait(t.Context(), second), errFull)
	s.Fail(nil)
	require.ErrorIs(t, log.Ready(), errFull)
	_, err = log.Append([]byte("three"))
	require.ErrorIs(t, err, errFull)
	require.NoError(t, log.Close(t.Context()), "an end that was known before")

	again, _, inputs := kept(t, s, "a")
	require.Equal(t, []string{"one"}, inputs)
	require.Equal(t, second, again.Next(), "its number is free again")
	require.ErrorContains(t, again.Wait(t.Context(), second), "was not appended")
}

// While the store fails every write is refused and changes nothing; what is there can be read.
func TestFail_everyWrite(t *testing.T) {
	s := &memory.Store{}
	log, err := s.Create(t.Context(), "a", []string{"M1"}, []byte("one"))
	require.NoError(t, err)
	before, err := s.Places(t.Context())
	require.NoError(t, err)
	s.Fail(errFull)
	for name, write := range map[string]func() error{
		"create":  func() error { _, err := s.Create(t.Context(), "b", []string{"M2"}); return err },
		"claim":   func() error { return log.Claim(t.Context(), "M3") },
		"release": func() error { return log.Release(t.Context(), "M1") },
		"keep":    func() error { return log.Keep(t.Context(), 1, strings.NewReader("state")) },
		"delete":  func() error { return log.Delete(t.Context()) },
	} {
		require.ErrorIs(t, write(), errFull, name)
	}
	after, err := s.Places(t.Context())
	require.NoError(t, err)
	require.Equal(t, before, after)
	_, snapshot, inputs := kept(t, s, "a")
	require.Empty(t, snapshot)
	require.Equal(t, []string{"one"}, inputs)
}

// A snapshot that cannot be written is none.
func TestKeep_aWriterThatFails(t *testing.T) {
	s := &memory.Store{}
	log, err := s.Create(t.Context(), "a", nil, []byte("one"))
	require.NoError(t, err)
	require.ErrorIs(t, log.Keep(t.Context(), 1, failing{}), errFull)
	_, snapshot, inputs := kept(t, s, "a")
	require.Empty(t, snapshot)
	require.Equal(t, []string{"one"}, inputs)
}

type failing struct{}

func (failing) WriteTo(w io.Writer) (int64, error) {
	n, _ := io.WriteString(w, "half a st")
	return int64(n), errFull
}

// Whatever is appended, awaited, kept and failed in whatever order: what another finds is what was durable, no more and no less, as it was
// when it was appended.
func TestStore_keepsWhatWasDurable(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		s := &memory.Store{}
		log, err := s.Create(t.Context(), "a", nil)
		require.NoError(rt, err)
		var appended []string // by number, from 1
		durable, failed := 0, false
		for step := range rapid.IntRange(1, 40).Draw(rt, "steps") {
			switch rapid.IntRange(0, 4).Draw(rt, "what") {
			case 0, 1:
				input := []byte(fmt.Sprint("input ", step))
				if _, err := log.Append(input); err == nil {
					appended = append(appended, string(input))
				}
				input[0] = '!' // the caller's bytes are its own again
			case 2:
				err := log.Wait(t.Context(), uint64(len(appended)))
				if failed && len(appended) > durable {
					require.ErrorIs(rt, err, errFull)
					log, _, _ = kept(rt, s, "a")
					appended = appended[:durable]
				} else if err == nil {
					durable = len(appended)
				}
			case 3:
				if failed = !failed; failed {
					s.Fail(errFull)
				} else {
					s.Fail(nil)
				}
			default:
				_ = log.Keep(t.Context(), uint64(durable), strings.NewReader(strings.Join(appended[:durable], "\n")))
			}
		}
		require.Equal(rt, uint64(durable), log.Durable())
		_, snapshot, inputs := kept(rt, s, "a")
		if snapshot != "" {
			inputs = append(strings.Split(snapshot, "\n"), inputs...)
		}
		require.True(rt, slices.Equal(appended[:durable], inputs), "%q, want %q", inputs, appended[:durable])
	})
}
