package match_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/etcp-mock/etcp-mock/scenarios/internal/expression"
	"github.com/etcp-mock/etcp-mock/scenarios/internal/match"
	"github.com/etcp-mock/etcp-mock/scenarios/internal/syntax"
)

// value is a JSON value, as an answer holds it.
func value(depth int) *rapid.Generator[any] {
	leaves := []*rapid.Generator[any]{
		rapid.Just[any](nil), rapid.Map(rapid.Bool(), func(b bool) any { return b }), rapid.Map(rapid.IntRange(-9, 9), func(n int) any { return n }),
		rapid.Map(rapid.StringMatching(`[a-z渝]{0,3}`), func(s string) any { return s }),
	}
	if depth > 0 {
		leaves = append(leaves, rapid.Map(rapid.SliceOfN(value(depth-1), 0, 3), func(s []any) any { return s }), rapid.Map(rapid.MapOfN(rapid.StringMatching(`[a-c]`), value(depth-1), 0, 3), func(m map[string]any) any { return m }))
	}
	return rapid.OneOf(leaves...)
}

// Whatever a value is, it matches itself, written out or as what a ${…} gives; with more in its objects it still does; and with one leaf changed there is one
// difference, at the leaf.
func TestMatch_itself(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		given := map[string]any{"x": value(3).Draw(t, "value")}
		text, err := json.Marshal(given)
		require.NoError(t, err)
		for _, want := range []string{string(text), `{"x":"${same}"}`} {
			m, err := compiledAs(want)
			require.NoError(t, err)
			for _, got := range []map[string]any{given, {"x": given["x"], "more": 1}, {"x": more(given["x"])}} {
				matching := &match.Matching{Scope: map[string]any{"same": given["x"]}}
				matching.Match(m, "", got, true)
				require.NoError(t, matching.Err)
				require.Empty(t, matching.Differences, want)
			}
			changed, path := spoilt(given["x"], "x")
			matching := &match.Matching{Scope: map[string]any{"same": given["x"]}}
			matching.Match(m, "", map[string]any{"x": changed}, true)
			require.Len(t, matching.Differences, 1, "%s, but %v", want, changed)
			require.Equal(t, path, matching.Differences[0].Path)
			require.False(t, matching.Differences[0].Absent)
		}
	})
}

func compiledAs(text string) (*match.Matcher, error) {
	node, err := syntax.Read("m.yaml", []byte(text), syntax.Limits{Bytes: 1 << 20, Nodes: 1000})
	if err != nil {
		return nil, err
	}
	c := &syntax.Checker{File: "m.yaml", Text: []byte(text)}
	return match.Compile(c, node, ""), c.Err()
}

// more is a value with another member in each of its objects.
func more(v any) any {
	switch x := v.(type) {
	case []any:
		out := make([]any, len(x))
		for i := range x {
			out[i] = more(x[i])
		}
		return out
	case map[string]any:
		out := map[string]any{"another": 1}
		for name := range x {
			out[name] = more(x[name])
		}
		return out
	}
	return v
}

// spoilt is a value with its first leaf changed, and where that is.
func spoilt(v any, path string) (any, string) {
	switch x := v.(type) {
	case []any:
		if len(x) > 0 {
			first, at := spoilt(x[0], syntax.Index(path, 0))
			return append([]any{first}, x[1:]...), at
		}
	case map[string]any:
		for _, name := range []string{"a", "b", "c"} {
			if inner, has := x[name]; has {
				changed, at := spoilt(inner, syntax.Join(path, name))
				out := more(x).(map[string]any)
				out[name] = changed
				return out, at
			}
		}
	}
	return "nothing like it", path
}

// What no table row above reaches: values inside of what a ${…} gives, lengths of objects, times with a zone, and operands of a wrong type.
func TestMatch_computed(t *testing.T) {
	t.Parallel()
	scope := map[string]any{"object": map[string]any{"a": 1, "b": 2}, "bad": "(", "kind": "text", "soon": "soon", "long": "5 parsecs"}
	for _, c := range []struct{ want, got, differs, fails string }{
		{`{a: "${object}"}`, `{"a":{"a":1}}`, "a.b: want 2, but it is absent", ""},
		{`{a: "${object}"}`, `{"a":7}`, `a: want the object {"a":1,"b":2}, got the number 7`, ""},
		{`{a: {$len: 2}}`, `{"a":{"x":1,"y":2}}`, "", ""},
		{`{a: {$len: 2}}`, `{"a":22}`, "a: want length 2, got the number 22", ""},
		{`{a: {$near: "2017-08-20 12:00:00", $within: 1h}}`, `{"a":"2017-08-20T05:00:00+01:00"}`, "", ""},
		{`{a: {$near: "2017-08-20 12:00:00", $within: 1s}}`, `{"a":"noon"}`, `a: want a time within 1s of "2017-08-20 12:00:00", got the string "noon"`, ""},
		{`{a: {$gt: 1, $len: 2}}`, `{}`, "a: want $gt, but it is absent", ""},
		{`{a: {b: {$gt: 1}, c: [{$any: true}]}}`, `{"a":[]}`, "a: want an object, got the array []", ""},
		{`{a: {$any: false}}`, `{}`, "", ""},
		{`{a: {$match: "${bad}"}}`, `{"a":"x"}`, "", "$match: error parsing regexp"},
		{`{a: {$near: "${soon}", $within: 1s}}`, `{"a":"x"}`, "", "$near wants a time"},
		{`{a: {$near: "2017-08-20 12:00:00", $within: "${long}"}}`, `{"a":"x"}`, "", "parsecs"},
	} {
		m, err := compiled(t, c.want)
		require.NoError(t, err, c.want)
		got, err := expression.Decode([]byte(c.got))
		require.NoError(t, err)
		matching := &match.Matching{Scope: scope}
		matching.Match(m, "", got, true)
		if c.fails != "" {
			require.ErrorContains(t, matching.Err, c.fails)
			continue
		}
		require.NoError(t, matching.Err)
		var said []string
		for _, d := range matching.Differences {
			said = append(said, d.Path+": "+d.Detail)
		}
		require.Equal(t, c.differs, strings.Join(said, ""), c.want)
	}
}

// Of very many differences the first two hundred are kept; a matcher knows which names it holds to something.
func TestMatching_bounds(t *testing.T) {
	t.Parallel()
	want, got := map[string]int{}, map[string]any{}
	for i := range 300 {
		want[string(rune('一'+i))] = 1
		got[string(rune('一'+i))] = 2
	}
	text, err := json.Marshal(want)
	require.NoError(t, err)
	m, err := compiled(t, string(text))
	require.NoError(t, err)
	matching := &match.Matching{}
	matching.Match(m, "", got, true)
	require.Len(t, matching.Differences, 200)
	require.True(t, m.Names("一"))
	require.False(t, m.Names("code"))
	require.False(t, (*match.Matcher)(nil).Names("code"))
}
