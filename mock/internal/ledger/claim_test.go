package ledger_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/mock/internal/ledger"
)

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
