package expression

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"
)

// An expression of any text compiles or says why not; run, it gives a plain value or says why not.
func FuzzExpression(f *testing.F) {
	for _, seed := range []string{
		"fee + 1", "0.1 + 0.2 == 0.3", "data[0].verificationInfo", "sum(list)", "count(list, # > 0.5)", "let x = n; x * 2", "1..3", "1..1000000000", "n in list",
		"text matches \"(a+)+$\"", "map(1..9999, map(1..9999, #))", "repeat(\"x\", 1000000000)", "10 / 0", "7 % 0", "1e400", "-9223372036854775808 / -1", "{\"a\": [n]}", "fake.plate()", "nothing?.a ?? 4", "toJSON(data)", "\"\\u0000\"",
	} {
		f.Add(seed)
	}
	scope := map[string]any{
		"fee": json.Number("9.50"), "n": 3, "text": "abc", "list": []any{1, json.Number("0.1"), 5}, "nothing": nil,
		"data": []any{map[string]any{"verificationInfo": "V", "remainingFee": 10}},
		"fake": map[string]any{"plate": func(...any) (any, error) { return "渝A12345", nil }},
	}
	f.Fuzz(func(t *testing.T, text string) {
		e, err := Compile(text)
		if err != nil {
			require.NotEmpty(t, err.Error())
			return
		}
		if value, err := e.Eval(scope); err == nil {
			_ = TypeOf(value)
			_, _ = e.Truth(scope)
		}
	})
}

// A number is read exactly or not at all, and is itself when it is written again.
func FuzzNumber(f *testing.F) {
	for _, seed := range []string{"8", "8.00", "0.1", "1e3", "1e-400", "1e400", "-0", "1e999999999", "00", ".5", "9223372036854775808", "0.3333333333333333333333"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		r, ok := ParseRational(text)
		if !ok {
			return
		}
		again, ok := Rational(decimal(r))
		if !ok { // a power of ten wrote more digits than are taken
			require.Greater(t, len(r.Num().String()), maxNumber-1)
			return
		}
		back, ok := Rational(decimal(again))
		require.True(t, ok)
		require.Zero(t, again.Cmp(back), text)
	})
}
