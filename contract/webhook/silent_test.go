package webhook_test

import (
	"net/http"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"
)

// Ways of signing that got no answer are not ruled out, and the report says how many there are.
func TestExamine_saysWhatGotNoAnswer(t *testing.T) {
	var requests atomic.Int64
	short := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		if requests.Add(1) > 60 {
			panic(http.ErrAbortHandler)
		}
		_, _ = w.Write([]byte(`{"code":4,"message":"sign"}`))
	})
	r, err := webhookOf(short).Examine(t.Context())
	require.NoError(t, err)
	fix := r.Cases[0].Failures[0].Fix
	require.Contains(t, fix, "got no answer")
	require.Contains(t, fix, "are not ruled out")
	require.NotContains(t, fix, "is the key right")
}

// An endpoint that answers few at a time, and closes the connections of the others, is given fewer at once, and its mistake is found.
func TestExamine_sendsFewerToAShortQueue(t *testing.T) {
	var inside atomic.Int64
	inner := merchant{verify: hashed(compact)}
	short := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer inside.Add(-1)
		if inside.Add(1) > 2 {
			panic(http.ErrAbortHandler)
		}
		inner.ServeHTTP(w, r)
	})
	w := webhookOf(short)
	w.Only = []string{"raw-white-space"}
	r, err := w.Examine(t.Context())
	require.NoError(t, err)
	last := r.Cases[len(r.Cases)-1]
	require.Contains(t, last.Failures[0].Fix, "(json-compacted)")
}

// What rests on a check that was itself not judged names the one that failed.
func TestExamine_namesTheRootOfWhatIsSkipped(t *testing.T) {
	slow := merchant{store: func(push map[string]any) error {
		if push["exitTime"] != nil {
			panic(http.ErrAbortHandler)
		}
		return nil
	}}
	r, err := webhookOf(slow).Examine(t.Context())
	require.NoError(t, err)
	for _, c := range r.Cases {
		if c.ID == "twice-exit" {
			require.Contains(t, c.Reason, "it rests on exit, which did not pass")
			return
		}
	}
	t.Fatal("twice-exit")
}
