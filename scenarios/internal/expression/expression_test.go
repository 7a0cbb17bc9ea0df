package expression

import (
	"encoding/json"
	"testing"

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
		"fee +":     "does not compile: unexpected token EOF, at character 5 of the expression",
		"2 ** 3":    "does not compile: powers are not taken",
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
