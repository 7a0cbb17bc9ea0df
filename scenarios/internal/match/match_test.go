package match_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/scenarios/internal/expression"
	"github.com/etcp-mock/etcp-mock/scenarios/internal/match"
	"github.com/etcp-mock/etcp-mock/scenarios/internal/syntax"
)

// compiled is a matcher of a text, with what is wrong with it.
func compiled(tb testing.TB, text string) (*match.Matcher, error) {
	tb.Helper()
	node, err := syntax.Read("m.yaml", []byte(text), syntax.Limits{Bytes: 1 << 20, Nodes: 1000})
	require.NoError(tb, err)
	c := &syntax.Checker{File: "m.yaml", Text: []byte(text)}
	m := match.Compile(c, node, "")
	return m, c.Err()
}

// differences are what a value differs by from a matcher.
func differences(tb testing.TB, text, got string) []string {
	tb.Helper()
	m, err := compiled(tb, text)
	require.NoError(tb, err, text)
	value, err := expression.Decode([]byte(got))
	require.NoError(tb, err)
	matching := &match.Matching{Scope: map[string]any{"n": 3, "list": []any{1, 2}, "like": "^渝"}}
	matching.Match(m, "", value, true)
	require.NoError(tb, matching.Err, text)
	var out []string
	for _, d := range matching.Differences {
		out = append(out, d.Path+": "+d.Detail)
	}
	return out
}

// What is expected is a subset, by value and JSON type; matchers stand in for values.
func TestMatch(t *testing.T) {
	for _, c := range []struct{ want, got, differs string }{
		{`{a: 1}`, `{"a":1,"b":2}`, ""},
		{`{a: 1}`, `{"a":1.0}`, ""},
		{`{a: 1}`, `{"a":"1"}`, `a: want the number 1, got the string "1"`},
		{`{a: "1"}`, `{"a":1}`, `a: want the string "1", got the number 1`},
		{`{a: true}`, `{"a":false}`, "a: want true, got false"},
		{`{a: null}`, `{"a":null}`, ""},
		{`{a: null}`, `{}`, "a: want null, but it is absent"},
		{`{a: {b: [1, {c: 2}]}}`, `{"a":{"b":[1,{"c":3}]}}`, "a.b[1].c: want 2, got 3"},
		{`{a: [1]}`, `{"a":[1,2]}`, "a: want 1 items, got 2"},
		{`{a: [1]}`, `{"a":{}}`, "a: want an array, got the object {}"},
		{`{a: {b: 1}}`, `{"a":[]}`, "a: want an object, got the array []"},
		{`{a: "${n}"}`, `{"a":3}`, ""},
		{`{a: "${list}"}`, `{"a":[1,3]}`, "a[1]: want 2, got 3"},
		{`{a: "x${n}"}`, `{"a":"x3"}`, ""},
		{`{a: {$match: "^渝"}}`, `{"a":"渝ATX061"}`, ""},
		{`{a: {$match: "^渝"}}`, `{"a":"京A"}`, `a: want a string that matches ^渝, got the string "京A"`},
		{`{a: {$match: "${like}"}}`, `{"a":"渝A"}`, ""},
		{`{a: {$match: x}}`, `{"a":1}`, "a: want a string that matches x, got the number 1"},
		{`{a: {$type: integer}}`, `{"a":3.0}`, ""},
		{`{a: {$type: integer}}`, `{"a":3.5}`, "a: want an integer, got the number 3.5"},
		{`{a: {$type: string}}`, `{"a":null}`, "a: want type string, got null"},
		{`{a: {$gt: 0, $lt: 3}}`, `{"a":3}`, "a: want less than 3, got the number 3"},
		{`{a: {$gte: 3, $lte: 3}}`, `{"a":3.00}`, ""},
		{`{a: {$gt: "2017"}}`, `{"a":"2018"}`, ""},
		{`{a: {$gt: 1}}`, `{"a":"2"}`, `a: want more than 1, got the string "2"`},
		{`{a: {$ne: 1}}`, `{"a":"1"}`, ""},
		{`{a: {$ne: 1}}`, `{"a":1}`, "a: want anything but 1, got the number 1"},
		{`{a: {$len: 2}}`, `{"a":"停车"}`, ""},
		{`{a: {$len: "${n}"}}`, `{"a":[1,2]}`, "a: want length 3, got the array [1,2]"},
		{`{a: {$any: true}}`, `{"a":null}`, ""},
		{`{a: {$any: true}}`, `{}`, "a: want $any, but it is absent"},
		{`{a: {$absent: true}}`, `{}`, ""},
		{`{a: {$absent: true}}`, `{"a":1}`, "a: want it absent, got 1"},
		{`{a: {$near: "2017-08-20 12:00:00", $within: 5s}}`, `{"a":"2017-08-20 12:00:05"}`, ""},
		{`{a: {$near: "2017-08-20 12:00:00", $within: 5s}}`, `{"a":"2017-08-20 12:00:06"}`, `a: want a time within 5s of "2017-08-20 12:00:00", got the string "2017-08-20 12:00:06"`},
	} {
		got := differences(t, c.want, c.got)
		if c.differs == "" {
			require.Empty(t, got, "%s of %s", c.want, c.got)
			continue
		}
		require.Equal(t, []string{c.differs}, got, "%s of %s", c.want, c.got)
	}
}

// All differences are found, each with the position of what was expected.
func TestMatch_all(t *testing.T) {
	m, err := compiled(t, "a: 1\nb: [2, 3]\nc: {d: 4}\n")
	require.NoError(t, err)
	matching := &match.Matching{}
	value, err := expression.Decode([]byte(`{"a":0,"b":[0,0],"c":{}}`))
	require.NoError(t, err)
	matching.Match(m, "data", value, true)
	require.Len(t, matching.Differences, 4)
	require.Equal(t, "data.b[1]", matching.Differences[2].Path)
	require.Equal(t, 2, matching.Differences[2].Position.Line)
	require.Equal(t, 8, matching.Differences[2].Position.Column)
	require.True(t, matching.Differences[3].Absent)
}

// What is no matcher is found when the file is read.
func TestCompile_wrong(t *testing.T) {
	for text, want := range map[string]string{
		`{a: {$mach: x}}`:                     `there is no matcher "$mach" (did you mean "$match"?)`,
		`{a: {$gt: 1, b: 2}}`:                 `"b" stands beside matchers`,
		`{a: {$match: "("}}`:                  "$match: missing closing",
		`{a: {$type: text}}`:                  `there is no type "text"`,
		`{a: {$within: 5s}}`:                  "$within goes with $near",
		`{a: {$near: "2017-08-20 12:00:00"}}`: "$near wants $within",
		`{a: {$any: yes it is}}`:              "want true or false",
		`{a: {$len: -1}}`:                     "want a whole number from 0",
		`{a: "${1 +}"}`:                       "does not compile",
		`{a: {$near: "noon", $within: 5s}}`:   "want a time",
	} {
		_, err := compiled(t, text)
		require.ErrorContains(t, err, want, text)
	}
}

// What an expression gives that no matcher takes is an error, not a difference.
func TestMatch_expressionFails(t *testing.T) {
	for _, text := range []string{`{a: "${1 / 0}"}`, `{a: {$gt: "${1 / 0}"}}`, `{a: {$match: "${1}"}}`} {
		m, err := compiled(t, text)
		require.NoError(t, err)
		matching := &match.Matching{}
		matching.Match(m, "", map[string]any{"a": "x"}, true)
		require.Error(t, matching.Err, text)
	}
}
