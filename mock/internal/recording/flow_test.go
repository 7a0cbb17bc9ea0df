package recording

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/etcp-mock/etcp-mock/mock/internal/journal"
)

// text is a value as the recorder writes it.
func text(tb require.TestingT, value any) string {
	written, err := json.Marshal(value)
	require.NoError(tb, err)
	return string(written)
}

// A value that came in an answer is a variable wherever it goes later, taken from the answer it first came in; it is saved once, and a short
// value is followed nowhere, since it may be equal by chance.
func TestFlow(t *testing.T) {
	f := newFlow()
	login, again := &step{}, &step{}
	f.answered(login, "usersigin", object{{"code", json.Number("0")}, {"data", object{{"token", "d970cff4-3811"}}}})
	f.answered(again, "usersigin", object{{"data", object{{"token", "d970cff4-3811"}}}}) // the same one, given once more
	f.answered(again, "usersigin", object{{"data", object{{"token", "aaaaaaaa-1111"}}}})
	f.answered(again, "usersigin", object{{"data", object{{"token", "short"}}}})
	require.Empty(t, login.saves, "nobody has used it")
	filled := f.fill(object{{"token", "d970cff4-3811"}, {"list", []any{"aaaaaaaa-1111", "d970cff4-3811"}}, {"other", "short"}, {"n", json.Number("1")}})
	require.Equal(t, `{"token":"${token}","list":["${token2}","${token}"],"other":"short","n":1}`, oneLine(t, text(t, filled)))
	require.Equal(t, `{"token":"data.token"}`, oneLine(t, text(t, login.saves)))
	require.Equal(t, `{"token2":"data.token"}`, oneLine(t, text(t, again.saves)))
	require.Equal(t, "now2", f.fresh("now"), "names that expressions have stay theirs")
}

func oneLine(t *testing.T, text string) string {
	t.Helper()
	return strings.ReplaceAll(text, "\n", "")
}

// What an answer is held to is what is the same in every run: the document's volatile fields are left out, a list keeps its length.
func TestStable(t *testing.T) {
	answer, ok := parse(`{"code":0,"data":[{"orderId":"x","parkingName":"P","parkingFee":10,"verificationInfo":"sealed"},{"orderId":"y","verificationInfo":"z"}]}`)
	require.True(t, ok)
	kept := oneLine(t, text(t, stable("orderunpay", answer.(object))))
	require.Equal(t, `[{"parkingName":"P","parkingFee":10},{"$any":true}]`, kept)
	answer, _ = parse(`{"code":0,"data":{"token":"x"}}`)
	require.Nil(t, stable("usersigin", answer.(object)), "nothing of it is the same")
	answer, _ = parse(`{"code":0}`)
	require.Nil(t, stable("unbindcar", answer.(object)))
}

// Time is written as what passed, without zeros, and reads back as the same.
func TestDurationText(t *testing.T) {
	for d, want := range map[time.Duration]string{
		90 * time.Minute: "1h30m", 2 * time.Hour: "2h", time.Minute: "1m", 61 * time.Second: "1m1s", 26*time.Hour + 5*time.Second: "26h0m5s", 1500 * time.Millisecond: "1.5s", 10 * time.Minute: "10m", 20 * time.Hour: "20h",
	} {
		require.Equal(t, want, durationText(d))
	}
	rapid.Check(t, func(rt *rapid.T) {
		d := time.Duration(rapid.Int64Range(1, 1<<50).Draw(rt, "milliseconds") / 1000 * int64(time.Millisecond) % (1 << 60))
		again, err := time.ParseDuration(durationText(d))
		require.NoError(rt, err)
		require.Equal(rt, d, again)
	})
}

// Every ${ that somebody sent is escaped, wherever it stands, and only the recorder's own are not: whoever runs the recording evaluates no
// stranger's text.
func TestLiteral(t *testing.T) {
	var values func(depth int) *rapid.Generator[any]
	values = func(depth int) *rapid.Generator[any] {
		scalars := rapid.OneOf(
			rapid.Map(rapid.SampledFrom([]string{"${env(\"X\")}", "a$${b}", "$", "{", "${", "渝"}), func(s string) any { return s }),
			rapid.Map(rapid.SampledFrom([]template{"${token}", "data.token"}), func(s template) any { return s }),
			rapid.SampledFrom([]any{nil, true, 7, json.Number("8.00"), map[string]string{"in": "${go}"}}),
		)
		if depth == 0 {
			return scalars
		}
		return rapid.OneOf(scalars, rapid.SliceOfN(values(depth-1), 0, 3).AsAny(), rapid.Map(rapid.SliceOfN(values(depth-1), 0, 3), func(list []any) any {
			out := object{}
			for i, v := range list {
				out.set(string(rune('a'+i)), v)
			}
			return out
		}))
	}
	rapid.Check(t, func(rt *rapid.T) {
		value := values(3).Draw(rt, "value")
		escaped, err := literal(value)
		require.NoError(rt, err)
		require.NotContains(rt, strings.ReplaceAll(strings.ReplaceAll(text(rt, escaped), "$${", ""), "${token}", ""), "${")
		require.Equal(rt, strings.Count(text(rt, value), "${token}"), strings.Count(text(rt, escaped), "${token}"))
		require.Equal(rt, text(rt, value), strings.ReplaceAll(text(rt, escaped), "$${", "${"), "that is all that was done")
	})
	_, err := literal(json.RawMessage(`{"a":1,"a":2}`))
	require.ErrorIs(t, err, errUnreadable)
}

// A recording begins with a request, by its number, or at a time.
func TestBeginning(t *testing.T) {
	noon := time.Date(2017, 8, 20, 4, 0, 0, 0, time.UTC)
	for from, want := range map[string][]bool{"": {true, true, true}, "r10": {false, true, false}, "r9": {true, true, false}, "2017-08-20 12:00:01": {false, false, true}, "2017-08-20T04:00:00Z": {true, true, true}} {
		begins, err := beginning(from)
		require.NoError(t, err, from)
		for i, a := range []act{{at: noon, what: requested{Entry: &journal.Entry{ID: "r9"}}}, {at: noon, what: requested{Entry: &journal.Entry{ID: "r10"}}}, {at: noon.Add(time.Second), what: redelivered{id: "p1"}}} {
			require.Equal(t, want[i], begins(a), "%q %d", from, i)
		}
	}
	for _, from := range []string{"yesterday", "r", "rx", "17", "2017-08-20"} {
		_, err := beginning(from)
		require.ErrorIs(t, err, ErrFrom, from)
	}
}
