package syntax_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/internal/lazyregexp"
	"github.com/etcp-mock/etcp-mock/scenarios/internal/syntax"
	"github.com/etcp-mock/etcp-mock/scenarios/problem"
)

// shop is a form with one of each: fields, lists, bounds, names, patterns and alternatives.
var shop = func() *syntax.Form {
	sell := syntax.Object("a step", syntax.Required("sell", syntax.Plain, "Sells."), syntax.Optional("price", &syntax.Form{Want: "a price", Kind: syntax.NumberKind, Positive: true}, "For how much."))
	buy := syntax.Object("a step", syntax.Required("buy", &syntax.Form{Want: "fruit", Kind: syntax.TextKind, OneOf: []string{"apple", "pear"}}, "Buys."))
	buy.Check = func(c *syntax.Checker, n *syntax.Node, path string) {
		if n.Get("buy").Scalar == "pear" {
			c.Problem(n.Position, path, "pears are out", "")
		}
	}
	step := &syntax.Form{Want: "a step", Kind: syntax.ObjectKind, Name: "step", Alternatives: func() []*syntax.Form { return []*syntax.Form{sell, buy} }}
	return syntax.Object("a shop",
		syntax.Required("name", syntax.Plain, "Its name."),
		syntax.Optional("open", syntax.Flag, "Whether it is open."),
		syntax.Optional("staff", &syntax.Form{Want: "a number", Kind: syntax.NumberKind, Number: &syntax.Bounds{Least: 1, Most: 9}}, "How many."),
		syntax.Optional("code", &syntax.Form{Want: "two letters", Kind: syntax.TextKind, Pattern: lazyregexp.New(`^[a-z]{2}$`), Fixed: true}, "A code."),
		syntax.Optional("vars", &syntax.Form{Want: "a mapping", Kind: syntax.ObjectKind, Each: syntax.Plain, Defines: true, Keys: lazyregexp.New(`^[a-z]+$`), KeyWant: "name"}, "Variables."),
		syntax.Optional("steps", &syntax.Form{Want: "a list of steps", Kind: syntax.ListKind, Item: step, Least: 1}, "What happens."))
}()

func problems(tb testing.TB, text string) (out []string) {
	tb.Helper()
	c := &syntax.Checker{File: "s.yaml", Text: []byte(text)}
	c.Form(shop, read(tb, text), "")
	err := c.Err()
	if err == nil {
		return nil
	}
	for _, p := range err.(problem.Problems) { //nolint:errorlint,forcetypeassert // its only kind
		p.File, p.Position = "", problem.Position{}
		out = append(out, p.Error())
	}
	return out
}

// A form finds everything that is wrong, says what was wanted, and what was meant.
func TestChecker_form(t *testing.T) {
	require.Empty(t, problems(t, "{name: x, open: true, staff: 9, code: ab, vars: {a: b}, steps: [{sell: y, price: 0.5}, {buy: apple}]}"))
	for text, want := range map[string][]string{
		"{}":                                          {": name is missing"},
		"{name: 1}":                                   {`: name: want a text, got a number 1 (write "1", in quotes)`},
		"{name: x, opn: true}":                        {`: unknown field "opn" (did you mean "open"?)`},
		"{name: x, open: yes it}":                     {`: open: want true or false, got a text "yes it"`},
		"{name: x, staff: 10}":                        {": staff: want a whole number from 1 to 9, got 10"},
		"{name: x, staff: 1.5}":                       {": staff: want a whole number from 1 to 9, got 1.5"},
		"{name: x, code: ABC}":                        {`: code: want two letters, got "ABC"`},
		"{name: x, vars: {A: b}}":                     {": vars.A: is no name"},
		"{name: x, steps: []}":                        {": steps: is empty; want a list of steps"},
		"{name: x, steps: {}}":                        {": steps: want a list of steps, got a mapping"},
		"{name: x, steps: [{}]}":                      {": steps[0]: want a step (one of sell, buy)"},
		"{name: x, steps: [{by: apple}]}":             {`: steps[0]: there is no step "by" (there is sell, buy)`},
		"{name: x, steps: [{buy: aple}]}":             {`: steps[0].buy: there is no fruit "aple" (did you mean "apple"?)`},
		"{name: x, steps: [{buy: pear}]}":             {": steps[0]: pears are out"},
		"{name: x, steps: [{buy: apple, price: 1}]}":  {`: steps[0]: unknown field "price" of the step buy (there is buy)`},
		"{name: x, steps: [{sell: y, price: 0}]}":     {": steps[0].price: want a price, got 0"},
		"{name: x, steps: [{sell: y, buy: apple}]}":   {": steps[0]: does two things, sell and buy (make two steps of it)"},
		"{staff: 0, opn: true, steps: [{by: apple}]}": {": name is missing", ": staff: want a whole number from 1 to 9, got 0", `: unknown field "opn" (did you mean "open"?)`, `: steps[0]: there is no step "by" (there is sell, buy)`},
	} {
		require.ElementsMatch(t, want, problems(t, text), text)
	}
}

// The JSON Schema says what the form says.
func TestJSONSchema(t *testing.T) {
	s := syntax.JSONSchema(shop)
	require.Equal(t, []string{"name"}, s["required"])
	require.Equal(t, false, s["additionalProperties"])
	properties := s["properties"].(map[string]any)
	require.Equal(t, map[string]any{"type": "integer", "minimum": 1, "maximum": 9, "description": "How many."}, properties["staff"])
	require.Equal(t, "^[a-z]{2}$", properties["code"].(map[string]any)["pattern"])
	require.Equal(t, map[string]any{"$ref": "#/$defs/step"}, properties["steps"].(map[string]any)["items"])
	step := s["$defs"].(map[string]any)["step"].(map[string]any)
	require.Len(t, step["anyOf"], 2)
	require.Equal(t, "sell", step["anyOf"].([]any)[0].(map[string]any)["title"])
}

// Fields are found by what their forms say, at any depth.
func TestForm_fieldsWhere(t *testing.T) {
	require.Equal(t, map[string]bool{"vars": true}, shop.FieldsWhere(func(f *syntax.Form) bool { return f.Defines }))
	require.Equal(t, map[string]bool{"buy": true}, shop.FieldsWhere(func(f *syntax.Form) bool { return f.OneOf != nil }))
}

// Of very many problems the first are said, and how many more there are.
func TestChecker_many(t *testing.T) {
	c := &syntax.Checker{File: "s.yaml"}
	for range 70 {
		c.Problem(problem.Position{Line: 1, Column: 1}, "a", "is wrong", "")
	}
	all := c.Err().(problem.Problems) //nolint:errorlint,forcetypeassert // its only kind
	require.Len(t, all, 51)
	require.Equal(t, "and 20 more", all[50].Detail)
}

// A file that is wrong all over is not checked to its end: a thousand problems behind those that are told are enough.
func TestChecker_stops(t *testing.T) {
	t.Parallel()
	n, err := syntax.Read("s.yaml", []byte("steps:\n"+strings.Repeat("- {by: 1}\n", 5000)), syntax.Limits{Bytes: 1 << 20, Nodes: 1 << 20})
	require.NoError(t, err)
	c := &syntax.Checker{File: "s.yaml"}
	c.Form(shop, n, "")
	all := c.Err().(problem.Problems) //nolint:errorlint,forcetypeassert // its only kind
	require.Equal(t, "and over 999 more", all[len(all)-1].Detail)
	require.Less(t, c.More, 1100)
}
