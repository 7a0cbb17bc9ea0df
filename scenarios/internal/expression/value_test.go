package expression

import (
	"encoding/json"
	"math/big"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// amount is a decimal number as JSON and variables have it.
func amount() *rapid.Generator[json.Number] {
	return rapid.Custom(func(t *rapid.T) json.Number {
		return json.Number(rapid.StringMatching(`-?(0|[1-9][0-9]{0,12})(\.[0-9]{1,6})?`).Draw(t, "number"))
	})
}

// Arithmetic is exact: what was added is subtracted again, and sides are exchanged, which floats do not hold to.
func TestArithmetic_laws(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := amount().Draw(t, "a"), amount().Draw(t, "b")
		calc := func(op string, x, y any) any {
			v, err := arithmetic(op, x, y)
			require.NoError(t, err)
			return v
		}
		require.True(t, Same(a, calc("-", calc("+", a, b), b)), "%s + %s - %s", a, b, b)
		require.True(t, Same(calc("+", a, b), calc("+", b, a)))
		if r, _ := Rational(b); r.Sign() != 0 {
			rest, err := arithmetic("%", a, b)
			require.NoError(t, err)
			x, _ := Rational(rest)
			require.Negative(t, new(big.Rat).Abs(x).Cmp(new(big.Rat).Abs(r)), "a remainder is less than what divides")
		}
		order, err := Compare(a, b)
		require.NoError(t, err)
		other, err := Compare(b, a)
		require.NoError(t, err)
		require.Equal(t, order, -other)
		require.Equal(t, order == 0, Same(a, b))
	})
	_, err := arithmetic("/", 1, json.Number("0.00"))
	require.EqualError(t, err, "division by zero")
}

// Only decimal numbers are numbers: no fractions, other bases or powers of two, which would take a text of a server for one.
func TestParseRational_decimalOnly(t *testing.T) {
	for text, isNumber := range map[string]bool{
		"8": true, "8.00": true, "-0.5": true, "1e3": true, "1E-3": true, "1/3": false, "0x1F": false, "0b1": false, "1_000": false, "1p9": false, "1p10000000": false, "Inf": false, "NaN": false,
		"": false, "1e401": false, "\u00201": false, "一": false, strings.Repeat("1", maxNumber+1): false,
	} {
		_, ok := ParseRational(text)
		require.Equal(t, isNumber, ok, "%q", text)
	}
	for text, want := range map[string]string{`decimal("1/3")`: "is no number", `int("0x1F")`: "is no number", `yuan("1p9")`: "yuan wants a number"} {
		e, err := Compile(text)
		require.NoError(t, err)
		_, err = e.Eval(nil)
		require.ErrorContains(t, err, want)
	}
}

// JSON is one value: what follows it is an error, a bracket too many among it; integers are ints, other numbers keep their text.
func TestDecode(t *testing.T) {
	got, err := Decode([]byte(`{"a":[1,8.00,1e3,"x",null,true]}` + " \n"))
	require.NoError(t, err)
	require.Equal(t, map[string]any{"a": []any{1, json.Number("8.00"), json.Number("1e3"), "x", nil, true}}, got)
	for _, wrong := range []string{`{"a":1}}`, `1 ]`, `{} {}`, `{"a":1`, ``, `1,`, "{}\x00"} {
		_, err := Decode([]byte(wrong))
		require.Error(t, err, wrong)
	}
}

// Equal are values of the same JSON type and value, however they are held.
func TestSame(t *testing.T) {
	for _, pair := range [][2]any{{1, json.Number("1.0")}, {json.Number("1e2"), 100}, {[]any{1, "a"}, []any{json.Number("1.00"), "a"}}, {map[string]any{"a": nil}, map[string]any{"a": nil}}, {uint8(3), 3}, {0.5, json.Number("0.50")}} {
		require.True(t, Same(pair[0], pair[1]), "%v", pair)
		require.True(t, Same(pair[1], pair[0]), "%v", pair)
	}
	for _, pair := range [][2]any{{1, "1"}, {nil, false}, {0, false}, {[]any{1}, []any{1, 2}}, {map[string]any{"a": 1}, map[string]any{"b": 1}}, {map[string]any{"a": nil}, map[string]any{}}, {"", nil}} {
		require.False(t, Same(pair[0], pair[1]), "%v", pair)
		require.False(t, Same(pair[1], pair[0]), "%v", pair)
	}
}

// What an assertion compared is said: both sides, or the variables that it reads.
func TestSides(t *testing.T) {
	scope := map[string]any{"fee": json.Number("9.50"), "data": []any{map[string]any{"remainingFee": 10}}, "paid": false}
	for text, want := range map[string]string{
		"data[0].remainingFee == fee": ": data[0].remainingFee is 10, fee is 9.50",
		"fee > 10":                    ": fee is 9.50",
		"paid":                        ": paid is false",
		"paid and fee > 1":            ": paid is false, fee is 9.50",
		"1 == 2":                      "",
	} {
		e, err := Compile(text)
		require.NoError(t, err)
		require.Equal(t, want, Sides(e, scope), text)
	}
	long := Brief(strings.Repeat("渝", 500))
	require.Less(t, len([]rune(long)), 130)
	require.True(t, strings.HasSuffix(long, "…"))
	require.Equal(t, `the string "8"`, WithType("8"))
	require.Equal(t, "the number 8", WithType(8))
}

// Rounding is exact below 0, too: floor and ceil enclose a number, round goes up from a half, and int goes towards 0.
func TestRounding(t *testing.T) {
	eval := func(t require.TestingT, text string) any {
		e, err := Compile(text)
		require.NoError(t, err)
		v, err := e.Eval(nil)
		require.NoError(t, err, text)
		return v
	}
	rapid.Check(t, func(t *rapid.T) {
		n := string(amount().Draw(t, "n"))
		low, high := eval(t, "floor("+n+")"), eval(t, "ceil("+n+")")
		require.Equal(t, true, eval(t, "floor("+n+") <= "+n+" and "+n+" <= ceil("+n+")"))
		require.True(t, Same(low, high) || eval(t, "ceil("+n+") - floor("+n+")") == 1, n)
		require.Equal(t, true, eval(t, "abs("+n+" - round("+n+")) <= 0.5"))
		require.Equal(t, true, eval(t, "abs(int("+n+")) <= abs("+n+")"))
	})
	for text, want := range map[string]any{"round(2.5)": 3, "round(-2.5)": -2, "floor(-0.1)": -1, "ceil(-0.1)": 0, "int(-1.9)": -1, `yuan(8)`: "8.00", `yuan("8.5")`: "8.50", "min([3, 1.5])": json.Number("1.5"), "max(2, 10)": 10} {
		require.Equal(t, want, eval(t, text), text)
	}
}
