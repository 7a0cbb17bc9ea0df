package fuzz

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/contract/internal/contracttest"
	"github.com/etcp-mock/etcp-mock/scenarios"
)

// playing is a fuzzer at work on a handler that is a platform without a control API, as the demo merchant.
func playing(handler http.Handler) *fuzzing {
	f := &fuzzing{guide: guide{cells: map[cell]int{}}}
	f.fuzzer.Target = scenarios.InProcess(handler)
	f.fuzzer.Target.Control, f.fuzzer.Target.MerchantNo, f.fuzzer.Target.MerchantKey, f.fuzzer.Target.Now = nil, "demo", "demo-key", time.Now
	return f
}

// broken is a mock that answers 500 where a request and its answer are so.
func broken(t *testing.T, where func(endpoint, data, body string) bool) *fuzzing {
	t.Helper()
	spoil := func(endpoint string, r *http.Request, status int, body string) (int, string) {
		if where(endpoint, r.Form.Get("data"), body) {
			return http.StatusInternalServerError, "oops"
		}
		return status, body
	}
	return playing(contracttest.BrokenMock{Handler: contracttest.NewHandler(t), Bug: contracttest.Bug{Spoil: spoil}})
}

// shrunk plays stories until some fail, and gives them and what became of them; what it shrinks fails in the same way, is no longer, and is a part of what it came from.
func shrunk(t *testing.T, f *fuzzing, kind string, some int) (all []story) {
	t.Helper()
	m := maker{seed: 1, writes: true, length: 20}
	for number := uint64(1); len(all) < some; number++ {
		require.Less(t, number, uint64(400), "too few stories fail")
		s := m.story(number, nil)
		failure := f.play(t.Context(), s)
		if failure == nil {
			continue
		}
		require.Equal(t, kind, failure.kind, failure.message)
		before := slices.Clone(s.steps)
		small, same := f.shrink(t.Context(), s, failure)
		require.Equal(t, before, s.steps)
		require.Equal(t, kind, same.kind)
		again := f.play(t.Context(), small)
		require.NotNil(t, again, "it fails no more")
		require.Equal(t, kind, again.kind)
		require.Equal(t, same.step, small.steps[len(small.steps)-1].id, "the last step shows it")
		require.LessOrEqual(t, len(small.steps), failure.step+1)
		for _, step := range small.steps {
			require.True(t, slices.ContainsFunc(before, func(old fuzzStep) bool { return old.id == step.id && old.subject == step.subject }), "it makes no steps up")
		}
		all = append(all, small)
	}
	return all
}

// What one request shows, a story of one step shows, sent as it should be, with the parameter that it takes and no other.
func TestFuzzing_shrinkToOneStep(t *testing.T) {
	t.Parallel()
	f := broken(t, func(endpoint, data, _ string) bool {
		return endpoint == "bindcar" && strings.Contains(data, `"plateColor"`)
	})
	for _, s := range shrunk(t, f, "5xx bindcar", 12) {
		require.Len(t, s.steps, 1)
		step := s.steps[0]
		require.Empty(t, step.overrides)
		require.Empty(t, step.way+step.style+step.stamp)
		require.Len(t, step.fields, 1)
		require.Equal(t, "plateColor", step.fields[0].name)
	}
}

// What takes the answer of an earlier request keeps that one, with the parameters that make it a good one, in their simple form.
func TestFuzzing_shrinkKeepsWhatItTakes(t *testing.T) {
	t.Parallel()
	f := broken(t, func(endpoint, _, body string) bool {
		return endpoint == "carnum" && strings.HasPrefix(body, `{"code":0,`)
	})
	for _, s := range shrunk(t, f, "5xx carnum", 6) {
		require.Len(t, s.steps, 2)
		require.Equal(t, "usersigin", s.steps[0].subject)
		for _, field := range s.steps[0].fields {
			require.Equal(t, simple(field.name), field.value, field.name)
		}
		require.Equal(t, symbol("token"+strconv.Itoa(s.steps[0].id)), s.steps[1].fields[0].value)
	}
}

// Where a smaller story fails in another way, or not at all, that is not what was found; and of what is not seen again nothing is left out.
func TestFuzzing_shrinkKeepsTheFailure(t *testing.T) {
	t.Parallel()
	f := broken(t, func(endpoint, _, _ string) bool { return endpoint == "carnum" || endpoint == "parkingstatus" })
	f.answered.Store(true)
	s := story{steps: []fuzzStep{{action: "call", subject: "carnum", raw: "[]"}, {id: 1, action: "call", subject: "parkingstatus", fields: []fuzzField{{"parkingId", "1"}}}}}
	small, failure := f.shrink(t.Context(), s, &breach{kind: "5xx parkingstatus", step: 1})
	require.Equal(t, "parkingstatus: HTTP 500", failure.message)
	require.Len(t, small.steps, 1)
	require.Equal(t, fuzzStep{id: 1, action: "call", subject: "parkingstatus", fields: []fuzzField{}}, small.steps[0])
	gone := &breach{kind: "5xx bindcar", step: 1}
	small, failure = f.shrink(t.Context(), s, gone)
	require.Equal(t, s, small)
	require.Same(t, gone, failure)
}
