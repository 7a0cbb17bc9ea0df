package tokens_test

import (
	"math/rand/v2"
	"runtime"
	"runtime/metrics"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/etcp-mock/etcp-mock/mock/internal/platform/notation"
	"github.com/etcp-mock/etcp-mock/mock/internal/platform/tokens"
)

// A token's text is what it was, whether it is a UUID or, as in a state that somebody has written, any other text; one that only looks alike
// is another.
func TestAll_texts(t *testing.T) {
	t.Parallel()
	const uuid = "0f9a8b7c-6d5e-4f3a-9b2c-1d0e9f8a7b6c"
	texts := []string{
		uuid, strings.ToUpper(uuid), strings.ReplaceAll(uuid, "-", "0"), strings.ReplaceAll(uuid, "-", ""), uuid[:8] + uuid[9:] + "0", "-" + uuid[1:], uuid[:35] + "g",
		"T1", "令牌", " " + uuid, uuid + " ",
	}
	all := tokens.New()
	for i, text := range texts {
		all.Add(text, tokens.Holder{Merchant: "M1", App: "A", Phone: strconv.Itoa(i)}, time.Unix(int64(i), 5))
	}
	for i, text := range texts {
		found, known, _, voided := all.Find(text)
		require.True(t, known, text)
		require.False(t, voided)
		require.Equal(t, text, found.Text())
		require.Equal(t, strconv.Itoa(i), found.Holder().Phone)
		require.True(t, found.At().Equal(time.Unix(int64(i), 5)))
	}
	for _, text := range []string{"", "T2", "1" + uuid[1:], uuid[:36-1]} {
		_, known, _, _ := all.Find(text)
		require.False(t, known, text)
	}
}

// given is a token as the model has it.
type given struct {
	text   string
	holder tokens.Holder
	at     time.Time
}

// Whatever is added and forgotten: the newest are known, in order, with their holders and times; each but a holder's newest is voided by that
// holder's next; what is forgotten is unknown; and lists that were taken on the way stay as they were.
func TestAll_isWhatWasGiven(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0))
		most, holders := rapid.SampledFrom([]int{1, 7, 511, 512, 513, 1500}).Draw(t, "most"), rapid.IntRange(1, 700).Draw(t, "holders")
		all, model := tokens.New(), []given(nil)
		type taken struct {
			list  tokens.List
			model []given
		}
		var lists []taken
		for i := range rapid.IntRange(0, 4000).Draw(t, "given") {
			g := given{tokens.UUID([16]byte{byte(i), byte(i >> 8), 1}), tokens.Holder{Merchant: "M", Phone: strconv.Itoa(r.IntN(holders))}, time.Unix(int64(i), int64(r.IntN(1e9)))}
			if r.IntN(50) == 0 {
				g.text = "text " + strconv.Itoa(i)
			}
			all.Add(g.text, g.holder, g.at)
			all.ForgetOldest(most)
			model = append(model, g)
			if r.IntN(300) == 0 {
				lists = append(lists, taken{all.List(), model[max(0, len(model)-most):]})
			}
		}
		for i, g := range model {
			found, known, next, voided := all.Find(g.text)
			if known != (i >= len(model)-most) {
				t.Fatalf("token %d of %d: known is %t", i, len(model), known)
			}
			if known {
				same(t, g, found)
				checkVoided(t, model, i, next, voided)
			}
		}
		for _, l := range append(lists, taken{all.List(), model[max(0, len(model)-most):]}) {
			if l.list.Len() != len(l.model) {
				t.Fatalf("a list has %d tokens, want %d", l.list.Len(), len(l.model))
			}
			for i, g := range l.model {
				same(t, g, l.list.Index(i))
			}
		}
	})
}

func same(t *rapid.T, want given, found tokens.Token) {
	if found.Text() != want.text || *found.Holder() != want.holder || !found.At().Equal(want.at) || found.At().Location() != notation.Shanghai {
		t.Fatalf("a token is %s of %v at %v, want %v", found.Text(), *found.Holder(), found.At(), want)
	}
}

func checkVoided(t *rapid.T, model []given, i int, next tokens.Token, voided bool) {
	for _, later := range model[i+1:] {
		if later.holder == model[i].holder {
			if !voided {
				t.Fatalf("token %d is not voided by its holder's next", i)
			}
			same(t, later, next)
			return
		}
	}
	if voided {
		t.Fatalf("token %d is voided, and is its holder's newest", i)
	}
}

// Of 200,000 tokens of a thousand users there is hardly anything for the collector to follow: it goes through less than a fifth of what they take.
func TestAll_hasFewPointers(t *testing.T) {
	scanned := func() (scan, live uint64) {
		runtime.GC()
		runtime.GC()
		sample := []metrics.Sample{{Name: "/gc/scan/heap:bytes"}, {Name: "/gc/heap/live:bytes"}}
		metrics.Read(sample)
		return sample[0].Value.Uint64(), sample[1].Value.Uint64()
	}
	scanBefore, liveBefore := scanned()
	all := tokens.New()
	for i := range 200_000 {
		all.Add(tokens.UUID([16]byte{byte(i), byte(i >> 8), byte(i >> 16)}), tokens.Holder{Merchant: "M", Phone: strconv.Itoa(i % 1000)}, time.Unix(int64(i), 0))
	}
	scan, live := scanned()
	require.Equal(t, 200_000, all.Len())
	t.Logf("%.1f MB, of which the collector goes through %.1f MB", float64(live-liveBefore)/1e6, float64(scan-scanBefore)/1e6)
	require.Less(t, live-liveBefore, uint64(20<<20))
	require.Less(t, scan-scanBefore, (live-liveBefore)/5)
	runtime.KeepAlive(&all)
}
