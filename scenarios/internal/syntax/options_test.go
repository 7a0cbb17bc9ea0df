package syntax_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v5" //nolint:depguard // what a form takes is held to another judge
	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/internal/lazyregexp"
	"github.com/etcp-mock/etcp-mock/scenarios/internal/syntax"
	"github.com/etcp-mock/etcp-mock/scenarios/problem"
)

// till is a form of alternatives: values of several kinds, computed ones, mappings of any keys.
var till = func() *syntax.Form {
	computed := &syntax.Form{Want: "a ${…}", Kind: syntax.TextKind, Pattern: lazyregexp.New(`^\$\{.*\}$`), Computed: true}
	amount := &syntax.Form{Want: "an amount", Options: []*syntax.Form{{Want: "a number above 0", Kind: syntax.NumberKind, Positive: true}, computed}}
	tags := &syntax.Form{Want: "a text, or a list of texts", Options: []*syntax.Form{syntax.Plain, syntax.List(syntax.Plain, "a list of texts")}}
	return syntax.Object("a till",
		syntax.Optional("amount", amount, "How much."), syntax.Optional("tags", tags, "Words."), syntax.Optional("note", &syntax.Form{Want: "anything", Anything: true}, "Any."),
		syntax.Optional("prices", &syntax.Form{Want: "prices", Kind: syntax.ObjectKind, Each: amount, Least: 1, Reserved: []string{"total"}}, "By name."),
		syntax.Optional("when", &syntax.Form{Want: "a time as HH:MM", Kind: syntax.TextKind, Pattern: lazyregexp.New(`^\d\d:\d\d$`)}, "When."),
		syntax.Optional("box", &syntax.Form{Want: "a box of something", Kind: syntax.ObjectKind, Least: 1, Fields: []syntax.Field{syntax.Optional("lid", syntax.Flag, "A lid.")}}, "A box."),
	)
}()

// What a form takes its JSON Schema takes, and what it refuses with these words the schema refuses.
func TestForm_agreesWithItsSchema(t *testing.T) {
	t.Parallel()
	text, err := json.Marshal(syntax.JSONSchema(till))
	require.NoError(t, err)
	schema, err := jsonschema.CompileString("till.json", string(text))
	require.NoError(t, err)
	for given, want := range map[string]string{
		`{}`:                          "",
		`{amount: 0.5}`:               "",
		`{amount: "${due}"}`:          "",
		`{amount: 0}`:                 "amount: want a number above 0, got 0",
		`{amount: -1}`:                "amount: want a number above 0, got -1",
		`{amount: "5"}`:               `amount: want an amount, or a ${…}, got "5"`,
		`{amount: true}`:              "amount: want an amount, got a boolean true",
		`{amount: [1]}`:               "amount: want an amount, got a list",
		`{tags: a}`:                   "",
		`{tags: [a, b]}`:              "",
		`{tags: [a, 7]}`:              `tags[1]: want a text, got a number 7 (write "7", in quotes)`,
		`{tags: 7}`:                   `tags: want a text, or a list of texts, got a number 7 (write "7", in quotes)`,
		`{note: {any: [thing, 1]}}`:   "",
		`{prices: {a: 1, b: "${x}"}}`: "",
		`{prices: {}}`:                "prices: is empty; want prices",
		`{prices: {a: 0}}`:            "prices.a: want a number above 0, got 0",
		`{prices: 1}`:                 "prices: want a mapping (prices), got a number 1",
		`{when: "12:30"}`:             "",
		`{when: "at ${hour}:30"}`:     "",
		`{when: noon}`:                `when: want a time as HH:MM, got "noon"`,
		`{box: {lid: true}}`:          "",
		`{box: {}}`:                   "box: is empty; want a box of something",
		`{box: {lid: ~}}`:             "box.lid: want true or false, got null",
		`{what: 1}`:                   `unknown field "what" (there is amount, tags, note, prices, when, box)`,
	} {
		node := read(t, given)
		c := &syntax.Checker{File: "t", Text: []byte(given)}
		c.Form(till, node, "")
		var said []string
		for _, p := range c.Problems {
			p.Position = problem.Position{}
			said = append(said, strings.TrimPrefix(p.Error(), "t: "))
		}
		require.Equal(t, want, strings.Join(said, "; "), given)
		var value any
		written, err := json.Marshal(node.Value())
		require.NoError(t, err)
		require.NoError(t, json.Unmarshal(written, &value))
		require.Equal(t, want == "", schema.Validate(value) == nil, given)
	}
}

// What else a schema says of a form: that some names are taken, and of a field without words of its own what it is.
func TestJSONSchema_rest(t *testing.T) {
	t.Parallel()
	form := syntax.Object("an answer", syntax.Field{Name: "code", Form: syntax.Plain})
	require.Equal(t, "What code of the answer must be.", syntax.JSONSchema(form)["properties"].(map[string]any)["code"].(map[string]any)["description"])
	prices := syntax.JSONSchema(till)["properties"].(map[string]any)["prices"].(map[string]any)
	require.Equal(t, map[string]any{"not": map[string]any{"enum": []string{"total"}}}, prices["propertyNames"])
	require.Equal(t, 1, prices["minProperties"])
	own := &syntax.Form{Want: "x", Anything: true, Schema: func() map[string]any { return map[string]any{"const": 1} }}
	require.Equal(t, 1, syntax.JSONSchema(own)["const"])
}

// What an expression reads is noted with where it stands; what reads nothing is not.
func TestChecker_reads(t *testing.T) {
	t.Parallel()
	c := &syntax.Checker{}
	c.Reads(nil, problem.Position{Line: 1}, "a", false)
	c.Reads([]string{"x", "y"}, problem.Position{Line: 2, Column: 3}, "b", true)
	require.Equal(t, []syntax.Use{{Names: []string{"x", "y"}, Position: problem.Position{Line: 2, Column: 3}, Path: "b", Answer: true}}, c.Uses)
}

// Where a control character stands is said; of JSON it is read, as every JSON reader does.
func TestRead_controlCharacters(t *testing.T) {
	t.Parallel()
	_, err := syntax.Read("t.yaml", []byte("a: 1\nb: 渝\x7f\n"), limits)
	require.EqualError(t, err, "t.yaml:2:5: control characters are not allowed")
	require.Equal(t, map[string]any{"a": "x\x7f\u0085\u2028y"}, read(t, "{\"a\": \"x\x7f\u0085\u2028y\"}").Value())
	for text, want := range map[string]string{
		"b: {<<: [{c: 1}, {c: 2, d: 3}]}": `{"c":1,"d":3}`, "b: {<<: [1]}": "", "b: +012": "12", "b: -007": "-7", "b: +000": "0",
	} {
		node, err := syntax.Read("t.yaml", []byte(text), limits)
		if want == "" {
			require.ErrorContains(t, err, "<< merges a mapping, or a list of mappings")
			continue
		}
		require.NoError(t, err)
		value, err := json.Marshal(node.Get("b").Value())
		require.NoError(t, err)
		require.JSONEq(t, want, string(value), text)
	}
	_, err = syntax.Read("t.yaml", []byte("a: &x "+strings.Repeat("[", 60)+strings.Repeat("]", 60)+"\nb: "+strings.Repeat("[", 60)+"*x"+strings.Repeat("]", 60)), limits)
	require.ErrorContains(t, err, "is nested more than 100 deep", "what an alias stands for counts, too")
}
