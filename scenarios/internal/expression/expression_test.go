package expression

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestExpressions(t *testing.T) {
	scope := map[string]any{
		"fee": json.Number("9.50"), "n": 3, "text": "abc", "list": []any{1, json.Number("0.1"), 5},
		"data": []any{map[string]any{"verificationInfo": "V", "remainingFee": 10}},
		"fake": map[string]any{"plate": func(...any) (any, error) { return "渝A12345", nil }},
		"now":  func(...any) (any, error) { return "2017-08-20 12:00:00", nil },
	}
	for text, want := range map[string]any{
		"fee": json.Number("9.50"), "fee + 1": json.Number("10.5"), "fee + 0.5": 10, "0.1 + 0.2": json.Number("0.3"),
		"0.1 + 0.2 == 0.3": true, "fee == 9.5": true, "data[0].verificationInfo": "V", "data[0].remainingFee - 1": 9,
		"fake.plate()": "渝A12345", "now()": "2017-08-20 12:00:00", "-fee": json.Number("-9.5"), "7 % 4": 3, "10 / 4": json.Number("2.5"),
		"1 / 3": json.Number("0.333333333333"), "sum(list)": json.Number("6.1"), "max(list)": 5, "text + \"d\"": "abcd", "n in list": false, "5 in list": true,
		"text == 3": false, "\"3\" == 3": false, "count(list, # > 0.5)": 2, "filter(list, # > 0.5)[1]": 5, "n > 2 and text startsWith \"a\"": true,
		"let x = n; x * 2": 6, "yuan(fee)": "9.50", "round(fee)": 10, "int(\"12\")": 12, "decimal(\"8.50\")": json.Number("8.5"), "string(fee) + \"元\"": "9.50元", "len(list)": 3,
		"data[0].nothing ?? 4": 4, "text matches \"^a\"": true, "[1, n]": []any{1, 3}, "map(list, # * 2)": []any{2, json.Number("0.2"), 10}, "1..3": []any{1, 2, 3}, "2 in 1..3": true,
		"n > 1 ? \"many\" : \"one\"": "many", "upper(text)": "ABC", "toJSON(fee)": "9.50",
	} {
		e, err := Compile(text)
		require.NoError(t, err, text)
		got, err := e.Eval(scope)
		require.NoError(t, err, text)
		require.Equal(t, want, got, text)
	}
	for text, want := range map[string]string{
		"":          "is an empty expression",
		"code = 0":  "does not compile: = compares nothing, write ==, at character 6 of the expression",
		"1 2":       `does not compile: unexpected "2", at character 3 of the expression`,
		"fee +":     "does not compile: the expression ends too early, at character 5 of the expression",
		"2 ** 3":    "does not compile: powers are not supported",
		"nosuch(1)": "",
		"count(list, count(list, count(list, true) > 0) > 0)": "does not compile: has more than 2 loops, one inside another",
	} {
		_, err := Compile(text)
		if want != "" {
			require.EqualError(t, err, want, text)
		}
	}
	for text, want := range map[string]string{
		"fee + text":                        "fee + text: number + string: a number and a text do not add; string(…) and decimal(…) turn one into the other",
		"data[3]":                           "data[3]: index out of range: 3 (array length is 1)",
		"fee / 0":                           "fee / 0: division by zero",
		"map(1..100000, map(1..100000, #))": "map(1..100000, map(1..100000, #)): memory budget exceeded",
	} {
		e, err := Compile(text)
		require.NoError(t, err, text)
		_, err = e.Eval(scope)
		require.EqualError(t, err, want, text)
	}
	e, err := Compile("fee + other.x > count(list, # > limit) and len(data) == 1 and now() != uuid()")
	require.NoError(t, err)
	require.ElementsMatch(t, []string{"fee", "other", "list", "limit", "data"}, e.Names)
}

// unhurried gives expressions more time than a test takes on a slow machine, so that another bound is met.
func unhurried(t *testing.T) {
	t.Helper()
	before := maxTime
	maxTime = time.Minute
	t.Cleanup(func() { maxTime = before })
}

// Whatever an expression does, it ends: its loops have a budget of steps and of what they give, a text that is put together has a length.
func TestExpressions_budget(t *testing.T) {
	list := make([]any, 20_000)
	for i := range list {
		list[i] = i
	}
	scope := map[string]any{"list": list, "text": "abc", "letters": []any{"a", "b", "a"}}
	const long = `takes over 1000000 steps, or over 500ms`
	for text, want := range map[string]string{
		`count(list, count(list, true) > 0)`:                     long,
		`let a = 1..100000; all(a, all(a, # == 1 or true))`:      long,
		`all(list, # in list and list == list)`:                  long,
		`reduce(1..100, #acc + #acc, "x")`:                       `+: the text would be over 1048576 bytes`,
		`replace(repeat("a", 100000), "a", repeat("b", 100000))`: `replace: the text would be over 1048576 bytes`,
		`join(map(1..10000, repeat("x", 1000)), "")`:             `join: the text would be over 1048576 bytes`,
		`repeat("x", 1000000000)`:                                `repeat: the text would be over 1048576 bytes`,
		`len(uniq(1..100000))`:                                   `uniq: the list has over 5000 items`,
		`__step(1, 2)`:                                           `is not for expressions`,
		`__step()`:                                               `is not for expressions`,
		`replace(1, "a", "b")`:                                   `replace wants texts, not number`,
		`join([1], "")`:                                          `join wants texts, not number`,
		`filter(list, 1)`:                                        ``,
	} {
		e, err := Compile(text)
		require.NoError(t, err, text)
		_, err = e.Eval(scope)
		require.ErrorContains(t, err, want, text)
	}
	unhurried(t)
	for text, want := range map[string]any{
		`count(list, # > 5)`: 19994, `count(list[:10], count(list[:1000], # >= 0) == 1000)`: 10, `uniq(letters)`: []any{"a", "b"}, `uniq([1, 1.0, "1"])`: []any{1, "1"},
		`replace(text, "b", "xx")`: "axxc", `replace("aaa", "a", "b", 2)`: "bba", `replace(text, "", "-")`: "-a-b-c-", `join(letters, "+")`: "a+b+a", `join(split("a b", " "))`: "ab",
		`repeat(text, 2)`: "abcabc", `sortBy(letters, #)`: []any{"a", "a", "b"}, `reduce(list[:10], #acc + #)`: 45, `find(list, # > 3)`: 4, `len(groupBy(letters, #))`: 2, `none(list, # < 0)`: true,
	} {
		e, err := Compile(text)
		require.NoError(t, err, text)
		got, err := e.Eval(scope)
		require.NoError(t, err, text)
		require.Equal(t, want, got, text)
	}
	require.Len(t, scope, 3, "the variables are the caller's")
}

// What the steps of an expression make is bounded, too, however fast they are.
func TestExpressions_memory(t *testing.T) {
	unhurried(t)
	for _, text := range []string{`reduce(1..100000, #acc + "xxxxxxxxxxxxxxxxxxxx", "")`, `len(map(1..1000, repeat("x", 1000000)))`} {
		e, err := Compile(text)
		require.NoError(t, err, text)
		_, err = e.Eval(nil)
		require.ErrorContains(t, err, `makes over 64 MiB`, text)
	}
}
