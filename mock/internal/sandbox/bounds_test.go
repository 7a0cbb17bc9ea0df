package sandbox

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/etcp-mock/etcp-mock/mock/internal/platform"
	"github.com/etcp-mock/etcp-mock/mock/internal/push"
	"github.com/etcp-mock/etcp-mock/mock/internal/subset"
	"github.com/etcp-mock/etcp-mock/sign"
)

func newBox(t *testing.T) *Sandbox {
	t.Helper()
	ws := NewWorlds(time.Now, push.NewSender(push.SenderOptions{}))
	t.Cleanup(ws.Close)
	s, err := ws.Create(Default, Spec{Fixture: DemoFixture()})
	require.NoError(t, err)
	return s
}

// The journal keeps its entries, but of the oldest the beginnings only, once they
// weigh too much. It says so of each; what they were stays, and can be searched for.
func TestJournal_bytes(t *testing.T) {
	s := newBox(t)
	refusal := platform.Refuse("sign-mismatch").With("given", "X")
	const large, entries = 1 << 20, 200
	for i := range entries {
		data := `{"n":"` + string(rune('0'+i%10)) + `"}` + strings.Repeat(" ", large)
		e := Entry{Endpoint: "carnum", Code: 3, Data: data, Response: "{}", Refusal: refusal}
		e.Doubt = s.Doubt(sign.RequestAttempt{MerchantNo: "demo", Key: "k", Data: data, Stamp: "20170820120000", Sign: "X"})
		s.Record(e)
	}
	require.LessOrEqual(t, s.journal.weighed, journalBytes)
	require.LessOrEqual(t, s.tape.acts.weighed, tapeBytes)
	require.Positive(t, s.tape.lost)
	require.LessOrEqual(t, s.events.ring.weighed, eventsBytes)
	require.Positive(t, s.NewsSince(0).Missed)

	all, _, err := s.Requests(RequestFilter{}, Page{Limit: 1000})
	require.NoError(t, err)
	require.Len(t, all, entries)
	first, last := all[0], all[entries-1]
	require.True(t, first.Shortened)
	require.Len(t, first.Data, shortened+len("…"))
	require.Contains(t, first.Explain("en"), "shortened before anybody asked")
	require.NotContains(t, first.Explain("zh"), "{")
	require.False(t, last.Shortened)
	require.NotContains(t, last.Explain("en"), "shortened")

	code := 3
	v, err := s.VerifyRequests(t.Context(), RequestWant{Endpoint: "carnum", Code: &code}, Count{Min: entries, Max: entries})
	require.NoError(t, err)
	require.True(t, v.OK)
	want, err := subset.New([]byte(`{"n":"9"}`))
	require.NoError(t, err)
	v, err = s.VerifyRequests(t.Context(), RequestWant{Data: want}, Count{Min: 1, Max: -1})
	require.NoError(t, err)
	require.True(t, v.OK, "what is kept whole matches")

	state := s.State()
	require.NoError(t, s.Restore(state))
	restored, _ := s.Request(first.ID)
	require.True(t, restored.Shortened)
	require.Equal(t, first.Explain("en"), restored.Explain("en"))
}

// A ring is the newest of what was put into it, and weighs what they weigh.
func TestRing_asASlice(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		weigh := func(v *int) int { return *v }
		r := ring[int]{weigh: weigh}
		var all []int
		most, mostBytes := rapid.IntRange(1, 9).Draw(t, "most"), rapid.IntRange(1, 40).Draw(t, "bytes")
		for _, v := range rapid.SliceOf(rapid.IntRange(0, 20)).Draw(t, "values") {
			had := len(all)
			all = append(all, v)
			sum := func() (n int) {
				for _, v := range all {
					n += v
				}
				return n
			}
			for len(all) > 1 && (len(all) > most || sum() > mostBytes) {
				all = all[1:]
			}
			require.EqualValues(t, had+1-len(all), r.add(v, most, mostBytes))
			require.Equal(t, len(all), r.len())
			require.Equal(t, sum(), r.weighed)
			for i, v := range all {
				require.Equal(t, v, *r.at(i))
			}
		}
	})
}

// However entries come, go and are shortened, the journal weighs what they weigh.
func TestJournal_weighs(t *testing.T) {
	text := strings.Repeat("x", 20<<20)
	rapid.Check(t, func(t *rapid.T) {
		var j journal
		for range rapid.IntRange(1, 40).Draw(t, "entries") {
			keep := rapid.SampledFrom([]int{1, 3, 8, 8, 8, 8}).Draw(t, "keep")
			j.add(&Entry{ID: j.nextID(), Data: text[:rapid.SampledFrom([]int{0, 900, 9 << 20, 20 << 20}).Draw(t, "size")]}, keep)
			sum := 0
			j.forward(func(e *Entry) bool { sum += e.weight(); return true })
			require.Equal(t, sum, j.weighed)
			require.LessOrEqual(t, len(j.ring), keep)
			require.True(t, sum <= journalBytes || j.short == len(j.ring))
		}
	})
}
