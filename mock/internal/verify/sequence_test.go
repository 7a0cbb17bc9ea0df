package verify_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/etcp-mock/etcp-mock/mock/internal/journal"
	"github.com/etcp-mock/etcp-mock/mock/internal/push"
	"github.com/etcp-mock/etcp-mock/mock/internal/subset"
	"github.com/etcp-mock/etcp-mock/mock/internal/verify"
)

// happened is what happened, in words: a request's endpoint, a push's kind behind >, a car's movement behind !.
func happened(words string) (all []verify.Happening) {
	for i, word := range strings.Fields(words) {
		id := string(rune('a' + i))
		switch {
		case strings.HasPrefix(word, ">"):
			all = append(all, verify.Happening{Push: &push.Brief{ID: id, Kind: word[1:], Body: `{"n":1}`, Status: push.Pending}})
		case strings.HasPrefix(word, "!"):
			all = append(all, verify.Happening{Car: word[1:], Plate: id})
		default:
			all = append(all, verify.Happening{Request: &journal.Entry{ID: id, Endpoint: word, Data: `{"n":1}`}})
		}
	}
	return all
}

func steps(words string) (all []verify.Step) {
	for word := range strings.FieldsSeq(words) {
		switch {
		case strings.HasPrefix(word, ">"):
			all = append(all, verify.Step{Push: &verify.PushWant{Kind: word[1:]}})
		case strings.HasPrefix(word, "!"):
			all = append(all, verify.Step{Car: word[1:]})
		default:
			all = append(all, verify.Step{Request: &verify.RequestWant{Endpoint: word}})
		}
	}
	return all
}

// Steps are found in their order, with others between, or strictly one behind the other; where not, the first that is missing is
// named, those before it, and, strictly, what came in its place.
func TestSequence(t *testing.T) {
	for _, row := range []struct {
		happened, steps string
		strict          bool
		missing         int
		matched, got    string
	}{
		{"sign bind !enter >entry", "sign bind", false, -1, "a b", ""},
		{"sign bind !enter >entry", "sign bind", true, -1, "a b", ""},
		{"sign bind !enter >entry", "sign >entry", false, -1, "a d", ""},
		{"sign bind !enter >entry", "sign >entry", true, 1, "a", "b"},
		{"sign bind !enter >entry", "bind sign", false, 1, "b", ""},
		{"sign bind !enter >entry", "!enter >entry", true, -1, "enter c d", ""},
		{"sign bind !enter >entry", ">entry pay", false, 1, "d", ""},
		{"sign bind !enter >entry", ">entry pay", true, 1, "d", ""},
		{"sign bind !enter >entry", "pay", false, 0, "", ""},
		{"sign sign bind", "sign bind", true, -1, "b c", ""},
		{"sign sign bind", "sign sign sign", false, 2, "a b", ""},
		{"sign bind sign bind pay", "sign bind pay", true, -1, "c d e", ""},
		{"sign bind quit sign bind look", "sign bind pay", true, 2, "a b", "c"},
		{"sign quit sign bind look", "sign bind pay", true, 2, "c d", "e"},
		{"!enter !exit", "!exit !enter", false, 1, "exit b", ""},
		{"", "sign", false, 0, "", ""},
		{"", "sign", true, 0, "", ""},
		{"sign", "sign sign", true, 1, "a", ""},
	} {
		r := verify.Sequence(happened(row.happened), steps(row.steps), row.strict)
		require.Equal(t, row.missing < 0, r.OK, "%+v", row)
		require.Equal(t, row.missing, r.Missing, "%+v", row)
		require.Equal(t, row.matched, strings.Join(r.Matched, " "), "%+v", row)
		require.Equal(t, row.got, r.Got, "%+v", row)
		require.NotNil(t, r.Matched)
	}
}

// A step may say more than its kind: the code, the data, the body.
func TestSequence_whatAStepSays(t *testing.T) {
	all := happened("bind >exit bind")
	all[2].Request.Code = 20100
	want, err := subset.New([]byte(`{"n":1}`))
	require.NoError(t, err)
	other, err := subset.New([]byte(`{"n":2}`))
	require.NoError(t, err)
	code := 20100
	ok := func(steps ...verify.Step) verify.SequenceResult { return verify.Sequence(all, steps, false) }
	require.Equal(t, []string{"c"}, ok(verify.Step{Request: &verify.RequestWant{Endpoint: "bind", Code: &code}}).Matched)
	require.Equal(t, []string{"a", "b"}, ok(verify.Step{Request: &verify.RequestWant{Data: want}}, verify.Step{Push: &verify.PushWant{Body: want}}).Matched)
	require.Equal(t, 0, ok(verify.Step{Request: &verify.RequestWant{Data: other}}).Missing)
	require.Equal(t, 0, ok(verify.Step{Push: &verify.PushWant{Status: "delivered"}}).Missing)
	require.Equal(t, "enter b", new(happened("x !enter")[1]).ID())
}

// What is found strictly is found loosely too; loosely, a sequence is found exactly where it can be made of what happened by
// leaving others out.
func TestSequence_laws(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		words := rapid.SliceOfN(rapid.SampledFrom([]string{"a", "b", ">c", "!d"}), 0, 12)
		have := words.Draw(t, "happened")
		want := rapid.SliceOfN(rapid.SampledFrom([]string{"a", "b", ">c", "!d"}), 1, 5).Draw(t, "steps")
		all, sought := happened(strings.Join(have, " ")), steps(strings.Join(want, " "))
		loose, strict := verify.Sequence(all, sought, false), verify.Sequence(all, sought, true)
		require.Equal(t, strings.Contains(" "+strings.Join(have, " ")+" ", " "+strings.Join(want, " ")+" "), strict.OK)
		require.True(t, loose.OK || !strict.OK)
		rest := have
		for _, word := range want {
			for len(rest) > 0 && rest[0] != word {
				rest = rest[1:]
			}
			if len(rest) == 0 {
				require.False(t, loose.OK)
				return
			}
			rest = rest[1:]
		}
		require.True(t, loose.OK)
		for _, r := range []verify.SequenceResult{loose, strict} {
			if r.OK {
				require.Len(t, r.Matched, len(want))
			} else {
				require.Len(t, r.Matched, r.Missing)
			}
		}
	})
}
