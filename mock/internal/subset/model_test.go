package subset_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/big"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/etcp-mock/etcp-mock/internal/jsonvalue"
	"github.com/etcp-mock/etcp-mock/mock/internal/subset"
)

// contains is the package's rule once more, over decoded values and without any haste.
func contains(want, got any) bool {
	switch want := want.(type) {
	case map[string]any:
		object, ok := got.(map[string]any)
		for name, value := range want {
			member, there := object[name]
			ok = ok && there && contains(value, member)
		}
		return ok
	case []any:
		list, ok := got.([]any)
		return ok && slices.EqualFunc(want, list, contains)
	case json.Number:
		number, ok := got.(json.Number)
		a, okA := new(big.Rat).SetString(want.String())
		b, okB := new(big.Rat).SetString(number.String())
		return ok && okA && okB && a.Cmp(b) == 0
	default:
		return want == got
	}
}

// values are JSON values that are often the same, and often nearly.
func values(depth int) *rapid.Generator[any] {
	scalars := rapid.SampledFrom([]any{nil, true, false, json.Number("8"), json.Number("8.0"), json.Number("80e-1"), json.Number("9"), "8", "", "渝\"\\\n", "null", "true"})
	if depth == 0 {
		return scalars
	}
	names := rapid.SampledFrom([]string{"a", "b", "渝", "a\"", ""})
	return rapid.OneOf(scalars, rapid.MapOfN(names, values(depth-1), 0, 3).AsAny(), rapid.SliceOfN(values(depth-1), 0, 3).AsAny())
}

// What differs, and whether it does, is as a second statement of the rule says.
func TestObject_asTheRuleSays(t *testing.T) {
	names := rapid.SampledFrom([]string{"a", "b", "渝", "a\"", ""})
	rapid.Check(t, func(rt *rapid.T) {
		want := rapid.MapOfN(names, values(2), 0, 4).Draw(rt, "want")
		got := rapid.MapOfN(names, values(2), 0, 4).Draw(rt, "got")
		for name, value := range want { // half of what is wanted is there, so that both happen
			if rapid.Bool().Draw(rt, "there") {
				got[name] = value
			}
		}
		wanted, err := json.Marshal(want)
		require.NoError(rt, err)
		text, err := json.MarshalIndent(got, " ", "\t")
		require.NoError(rt, err)
		o, err := subset.New(wanted)
		require.NoError(rt, err)
		require.Equal(rt, len(want), o.Fields())
		decoded, err := jsonvalue.Decode(text)
		require.NoError(rt, err)
		differs := 0
		for name, value := range want {
			member, there := decoded.(map[string]any)[name]
			if !there || !contains(value, member) {
				differs++
			}
		}
		require.Equal(rt, differs, o.Differs(string(text)), "%s in %s: %q", wanted, text, o.Explain("data", string(text)))
		require.Equal(rt, differs == 0, len(o.Explain("data", string(text))) == 0)
	})
}

// Of an object with more members than are found in a single pass each counts as well.
func TestObject_manyMembers(t *testing.T) {
	whole := map[string]any{}
	for i := range 100 {
		whole[fmt.Sprint("m", i)] = i
	}
	wanted, err := json.Marshal(whole)
	require.NoError(t, err)
	o, err := subset.New(wanted)
	require.NoError(t, err)
	require.Zero(t, o.Differs(string(wanted)))
	for _, name := range []string{"m0", "m63", "m64", "m99"} {
		other := maps.Clone(whole)
		other[name] = "other"
		text, err := json.Marshal(other)
		require.NoError(t, err)
		require.Equal(t, 1, o.Differs(string(text)), name)
		require.Equal(t, []string{fmt.Sprintf(`data.%s: want %d, got "other"`, name, whole[name])}, o.Explain("data", string(text)))
	}
}

// A long value is shown by its beginning, on one line, in whole characters.
func TestObject_longValues(t *testing.T) {
	long := strings.Repeat("渝\t", 40)
	text, err := json.Marshal(map[string]any{"a": long})
	require.NoError(t, err)
	o, err := subset.New([]byte(`{"a":"x"}`))
	require.NoError(t, err)
	said := o.Explain("data", string(text))
	require.Len(t, said, 1)
	require.Regexp(t, `^data\.a: want "x", got "(渝\\t)+渝?\\?…$`, said[0])
	require.Less(t, len(said[0]), 140)
}
