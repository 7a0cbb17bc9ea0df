package journal

import (
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/etcp-mock/etcp-mock/mock/internal/platform/params"
	"github.com/etcp-mock/etcp-mock/mock/internal/platform/reasons"
)

func sizeOf(j *Journal) (sum int) {
	for _, e := range j.Values() {
		sum += e.textSize()
		if e.Lazy != nil {
			sum += e.Lazy.size
		}
	}
	return sum
}

// refused is an entry whose signature was wrong, with what explains it.
func refused(id, data string) *Entry {
	lazy := NewLazy(func() reasons.Explanation {
		return reasons.Explanation{Values: []reasons.Value{{Name: "want", Text: "W"}, {Name: "signed", Text: data}, {Name: "diagnosis", Text: "D"}}}
	}, len(data), false)
	return &Entry{ID: id, Endpoint: "carnum", Code: 4, Data: data, Response: "{}", Refusal: reasons.Refuse("sign-mismatch").With("given", "X"), Lazy: lazy}
}

// The journal keeps its entries, but of the oldest the beginnings only, once they are too large together. It says so of each,
// and what they were stays.
func TestJournal_bytes(t *testing.T) {
	const large, entries, most = 1 << 20, 200, 64 << 20
	var j Journal
	for i := range entries {
		j.Add(refused(j.NextID(), `{"n":"`+strconv.Itoa(i%10)+`"}`+strings.Repeat(" ", large)), Limits{entries, most})
	}
	require.LessOrEqual(t, j.size, most)
	require.Equal(t, sizeOf(&j), j.size)
	require.Equal(t, entries, j.Len())
	all, next := j.List(Filter{}, 0, 1000, false)
	require.Len(t, all, entries)
	require.Empty(t, next)
	first, last := all[0], all[entries-1]
	require.True(t, first.Trimmed)
	require.Len(t, first.Data, trimmed+len("…"))
	require.Contains(t, first.Explain("en"), "trimmed before anybody asked")
	require.NotContains(t, first.Explain("zh"), "{")
	require.False(t, last.Trimmed)
	require.NotContains(t, last.Explain("en"), "trimmed")
}

// A journal whose entries are too large though all are trimmed forgets the oldest, and never the newest.
func TestJournal_bytesOfMany(t *testing.T) {
	const most = 64 << 10
	var j Journal
	for i := range 5_000 {
		j.Add(refused(j.NextID(), strings.Repeat("x", i%3*1000)), Limits{1000, most})
		require.LessOrEqual(t, j.Bytes(), most)
		require.Equal(t, sizeOf(&j), j.size)
		require.Equal(t, "r"+strconv.Itoa(i+1), j.Values()[j.Len()-1].ID)
	}
	require.Greater(t, j.Len(), 20)
	j.Shrink(Limits{1000, 1})
	require.Equal(t, 1, j.Len())
	require.NotNil(t, j.Get("r5000"))
}

// What was explained before it was trimmed stays explained.
func TestJournal_explainedBefore(t *testing.T) {
	var j Journal
	e := refused(j.NextID(), strings.Repeat("x", 1<<20))
	j.Add(e, Limits{1000, 64 << 20})
	require.False(t, e.Lazy.explainedNow())
	want := e.Explain("en")
	require.True(t, e.Lazy.explainedNow())
	for range 100 {
		j.Add(refused(j.NextID(), strings.Repeat("y", 1<<20)), Limits{1000, 64 << 20})
	}
	require.True(t, j.Get("r1").Trimmed)
	require.Equal(t, want, j.Get("r1").Explain("en"))
}

// What is trimmed does not depend on which entries somebody had explained: that is no part of a sandbox's state.
func TestJournal_trimsAlike(t *testing.T) {
	fill := func(look bool) *Journal {
		j := &Journal{}
		for i := range 200 {
			e := refused(j.NextID(), strings.Repeat("x", 100<<10*(1+i%9)))
			j.Add(e, Limits{150, 64 << 20})
			if look && i%3 == 0 {
				e.Explain("en")
			}
		}
		return j
	}
	asked, unasked := fill(true), fill(false)
	require.Equal(t, unasked.size, asked.size)
	require.Positive(t, asked.trimmed)
	require.Equal(t, unasked.trimmed, asked.trimmed)
	values := func(j *Journal) []Entry {
		all := j.Values()
		for i := range all {
			all[i].Lazy = nil
		}
		return all
	}
	require.Equal(t, values(unasked), values(asked))
}

// However entries come, go, are trimmed or are given what explains them, the journal is as large as they are.
func TestJournal_size(t *testing.T) {
	const most = 64 << 10
	text := strings.Repeat("x", 20<<10)
	rapid.Check(t, func(t *rapid.T) {
		var j Journal
		for range rapid.IntRange(1, 40).Draw(t, "entries") {
			keep := rapid.SampledFrom([]int{1, 3, 8, 8, 8, 8}).Draw(t, "keep")
			data := text[:rapid.SampledFrom([]int{0, 900, 9 << 10, 20 << 10}).Draw(t, "size")]
			j.Add(refused(j.NextID(), data), Limits{keep, most})
			switch rapid.IntRange(0, 9).Draw(t, "then") {
			case 0:
				j = Of(j.Values(), j.Seq(), Limits{keep, most})
			case 1:
				j.ExplainBy(func(e *Entry) *Lazy { return refused("", e.Data).Lazy })
			case 2:
				j.Shrink(Limits{2, most})
			}
			require.Equal(t, sizeOf(&j), j.size)
			require.LessOrEqual(t, len(j.ring), keep)
			require.True(t, j.size <= most || j.trimmed == len(j.ring))
		}
	})
}

// The journal is the newest entries, in the order they came, found by their ids and listed page by page from either end.
func TestJournal_asASlice(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var j Journal
		var all []string
		for range rapid.IntRange(0, 60).Draw(t, "steps") {
			keep := rapid.IntRange(1, 20).Draw(t, "keep")
			switch rapid.IntRange(0, 12).Draw(t, "step") {
			case 0:
				j.Clear()
				all = nil
			case 1:
				j.Shrink(Limits{Keep: keep})
				all = all[max(len(all)-keep, 0):]
			case 2:
				j.NextID() // of a request that wrote none
			default:
				id := j.NextID()
				require.EqualValues(t, j.Seq(), Number(id))
				j.Add(&Entry{ID: id}, Limits{Keep: keep})
				all = append(all, id)
				all = all[max(len(all)-keep, 0):]
			}
			require.Equal(t, len(all), j.Len())
			have := []string{}
			for _, e := range j.Values() {
				have = append(have, e.ID)
			}
			require.Equal(t, append([]string{}, all...), have)
			limit := rapid.IntRange(1, 7).Draw(t, "limit")
			newest := rapid.Bool().Draw(t, "newest")
			listed, after := []string{}, uint64(0)
			for {
				page, next := j.List(Filter{}, after, limit, newest)
				for _, e := range page {
					listed = append(listed, e.ID)
				}
				if next == "" {
					break
				}
				after = Number(next)
			}
			if newest {
				for i, id := range listed {
					require.Equal(t, all[len(all)-1-i], id)
				}
			}
			require.ElementsMatch(t, all, listed)
			for _, id := range all {
				require.Equal(t, id, j.Get(id).ID)
			}
			require.Nil(t, j.Get("r"+strconv.FormatUint(j.Seq()+1, 10)))
			require.Nil(t, j.Get("p1"))
			if len(all) > 0 && Number(all[0]) > 1 {
				require.Nil(t, j.Get("r"+strconv.FormatUint(Number(all[0])-1, 10)))
			}
		}
	})
}

// A filter lets pass what agrees in everything it names.
func TestFilter(t *testing.T) {
	code := 4
	e := refused("r1", "{}")
	e.MerchantNo, e.Phone, e.PlateNumber, e.OrderID, e.HTTPStatus = "M", "138", "渝A1", "O", 200
	e.Lints = []params.Lint{{Rule: "spaces"}}
	for _, row := range []struct {
		f    Filter
		want bool
	}{
		{Filter{}, true},
		{Filter{Endpoint: "carnum", MerchantNo: "M", Phone: "138", PlateNumber: "渝A1", OrderID: "O", Reason: "sign-mismatch", Code: &code, Failed: true, Lint: "spaces"}, true},
		{Filter{Endpoint: "bindcar"}, false},
		{Filter{MerchantNo: "N"}, false},
		{Filter{Phone: "139"}, false},
		{Filter{PlateNumber: "渝A2"}, false},
		{Filter{OrderID: "P"}, false},
		{Filter{Reason: "other"}, false},
		{Filter{Code: new(int)}, false},
		{Filter{Lint: "any"}, true},
		{Filter{Lint: "true"}, true},
		{Filter{Lint: "other"}, false},
	} {
		require.Equal(t, row.want, row.f.match(e), "%+v", row.f)
	}
	fine := &Entry{HTTPStatus: 200}
	require.False(t, (&Filter{Failed: true}).match(fine))
	require.False(t, (&Filter{Lint: "any"}).match(fine))
	require.False(t, (&Filter{Reason: "sign-mismatch"}).match(fine))
	fine.HTTPStatus = 503
	require.True(t, (&Filter{Failed: true}).match(fine))
}
