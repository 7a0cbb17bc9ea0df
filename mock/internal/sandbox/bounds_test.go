package sandbox

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/mock/internal/engine"
	"github.com/etcp-mock/etcp-mock/mock/internal/journal"
	"github.com/etcp-mock/etcp-mock/mock/internal/subset"
	"github.com/etcp-mock/etcp-mock/mock/internal/verify"
)

// However many large requests come, what a sandbox keeps of them is bounded: the log and the events let the oldest go, and the
// journal trims them. It says so of each, and what they were stays, can be searched for, and comes back with a state.
func TestSandbox_bytes(t *testing.T) {
	s := newBox(t, newHost(t, verdicts{}), nil)
	const large, entries = 60 << 10, 1800
	for i := range entries {
		data := `{"n":"` + string(rune('0'+i%10)) + `"}` + strings.Repeat(" ", large)
		fx := s.Request(&engine.Request{Endpoint: "carnum", Method: "POST", MerchantNo: "demo", Data: data, TimeStamp: s.Now().Format("20060102150405"), Sign: "X"})
		require.Equal(t, 4, fx.Entry.Code)
	}
	h := s.History()
	require.Greater(t, h.First(), uint64(1))
	require.LessOrEqual(t, s.events.ring.size, eventsBytes)
	require.Positive(t, s.NewsSince(0).Missed)

	all := journalOf(t, s)
	require.Len(t, all, entries)
	first, last := all[0], all[entries-1]
	require.True(t, first.Trimmed)
	require.Less(t, len(first.Data), 2<<10)
	require.Contains(t, first.Explain("en"), "trimmed before anybody asked")
	require.NotContains(t, first.Explain("zh"), "{")
	require.False(t, last.Trimmed)
	require.NotContains(t, last.Explain("en"), "trimmed")

	code := 4
	v, err := s.VerifyRequests(t.Context(), verify.RequestWant{Endpoint: "carnum", Code: &code}, verify.Count{Min: entries, Max: entries})
	require.NoError(t, err)
	require.True(t, v.OK)
	want, err := subset.New([]byte(`{"n":"9"}`))
	require.NoError(t, err)
	v, err = s.VerifyRequests(t.Context(), verify.RequestWant{Data: want}, verify.Count{Min: 1, Max: -1})
	require.NoError(t, err)
	require.True(t, v.OK, "what is kept whole matches")

	state := s.State()
	state.Journal.Entries = []journal.Entry{first, last} // the whole is large
	d, err := engine.NewDocument(&state)
	require.NoError(t, err)
	require.NoError(t, s.Restore(d))
	restored, _ := s.Entry(first.ID)
	require.True(t, restored.Trimmed)
	require.Equal(t, first.Explain("en"), restored.Explain("en"))
	restored, _ = s.Entry(last.ID)
	require.Equal(t, last.Explain("en"), restored.Explain("en"))
}
