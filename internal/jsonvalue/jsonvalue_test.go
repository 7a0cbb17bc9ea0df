package jsonvalue_test

import (
	"encoding/json"
	"math"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/etcp-mock/etcp-mock/internal/jsonvalue"
)

// A number keeps the digits it was written with, and one value is read, no more.
func TestDecode(t *testing.T) {
	v, err := jsonvalue.Decode([]byte(`{"payment":10.340,"id":12345678901234567890,"none":null}`))
	require.NoError(t, err)
	require.Equal(t, map[string]any{"payment": json.Number("10.340"), "id": json.Number("12345678901234567890"), "none": nil}, v)
	for _, text := range []string{"", "{", `{"a":1}x`, "1 2", `{"a":1}{}`, "nul"} {
		_, err := jsonvalue.Decode([]byte(text))
		require.Error(t, err, text)
	}
	_, err = jsonvalue.Decode([]byte(" [1] \n"))
	require.NoError(t, err, "space around a value is no part of it")
}

// What is written has no HTML escapes, as the platform's texts have none.
func TestEncode(t *testing.T) {
	require.Equal(t, `{"a":"<渝&\">","b":1.50}`, jsonvalue.Encode(map[string]any{"b": json.Number("1.50"), "a": `<渝&">`}))
	require.Contains(t, jsonvalue.Encode(math.NaN()), "unsupported value", "what JSON cannot hold")
}

func TestTypeOf(t *testing.T) {
	for text, want := range map[string]string{"null": "null", `"1"`: "string", "1": "number", "true": "boolean", "[]": "array", "{}": "object"} {
		v, err := jsonvalue.Decode([]byte(text))
		require.NoError(t, err)
		require.Equal(t, want, jsonvalue.TypeOf(v))
	}
}

// Numbers are the same by value, not by spelling, and a text is no number.
func TestSameNumber(t *testing.T) {
	require.True(t, jsonvalue.SameNumber(json.Number("8"), json.Number("8.0")))
	require.True(t, jsonvalue.SameNumber(json.Number("80e-1"), json.Number("8")))
	require.False(t, jsonvalue.SameNumber(json.Number("8"), json.Number("8.01")))
	require.False(t, jsonvalue.SameNumber(json.Number("8"), "8"))
	require.False(t, jsonvalue.SameNumber(nil, nil))
	require.False(t, jsonvalue.SameNumber(json.Number("90071992547409930.0"), json.Number("90071992547409931.0")), "exactly")
}

// Any name is an element of a pointer and read back (RFC 6901: ~0 is ~, ~1 is /).
func TestPointer(t *testing.T) {
	require.Equal(t, "a~1b~0c", jsonvalue.EscapePointer("a/b~c"))
	require.Equal(t, "~1", jsonvalue.UnescapePointer("~01"), "~01 is ~1, not /")
	rapid.Check(t, func(t *rapid.T) {
		name := rapid.StringOf(rapid.SampledFrom([]rune("/~01a渝"))).Draw(t, "name")
		escaped := jsonvalue.EscapePointer(name)
		require.NotContains(t, escaped, "/")
		require.Equal(t, name, jsonvalue.UnescapePointer(escaped))
	})
}

// A text is what JSON says it is, and of a wrong escape what stands there.
func TestUnquote(t *testing.T) {
	t.Parallel()
	for quoted, want := range map[string]string{`""`: "", `"渝 a"`: "渝 a", `"\u6e1d\n\"\/"`: "渝\n\"/", `"\x"`: `\x`, `"\ud800"`: "\uFFFD", `"a\\"`: `a\`} {
		require.Equal(t, want, jsonvalue.Unquote(quoted), quoted)
	}
}
