package template_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/scenarios/internal/syntax"
	"github.com/etcp-mock/etcp-mock/scenarios/internal/template"
	"github.com/etcp-mock/etcp-mock/scenarios/problem"
)

func compiled(tb testing.TB, text string) (*template.Value, *syntax.Checker) {
	tb.Helper()
	node, err := syntax.Read("t.yaml", []byte(text), syntax.Limits{Bytes: 1 << 20, Nodes: 1000})
	require.NoError(tb, err)
	c := &syntax.Checker{File: "t.yaml", Text: []byte(text)}
	return template.Compile(c, node, ""), c
}

var scope = map[string]any{"n": 3, "plate": "渝ATX061", "list": []any{1, "b"}, "none": nil}

// A text that is one ${…} keeps its value's type; others are texts. $${ is a plain ${. Data keeps the file's order.
func TestValue(t *testing.T) {
	for text, want := range map[string]string{
		`{b: "${n}", a: "n${n}"}`:      `{"b":3,"a":"n3"}`,
		`["${list}", "${n + 1}"]`:      `[[1,"b"],4]`,
		`"${plate}-${list}"`:           `"渝ATX061-[1,\"b\"]"`,
		`"$${n} is ${n}"`:              `"${n} is 3"`,
		`"${ {\"a\": \"}\"}.a }"`:      `"}"`,
		`"${none}"`:                    `null`,
		`[1.50, true, null, "<&>"]`:    `[1.50,true,null,"<&>"]`,
		`{z: {y: ["${plate}"]}, a: 1}`: `{"z":{"y":["渝ATX061"]},"a":1}`,
	} {
		v, c := compiled(t, text)
		require.NoError(t, c.Err(), text)
		var out bytes.Buffer
		require.NoError(t, v.WriteJSON(&out, scope), text)
		require.Equal(t, want, out.String(), text)
	}
}

// What fails says where in the file.
func TestValue_fails(t *testing.T) {
	for text, want := range map[string]problem.Position{
		"a: 1\nb: [\"${1 / 0}\"]":  {Line: 2, Column: 5},
		"a: \"x${none}\"":          {Line: 1, Column: 4},
		"a: {b: \"${n + plate}\"}": {Line: 1, Column: 8},
	} {
		v, c := compiled(t, text)
		require.NoError(t, c.Err())
		_, err := v.Eval(scope)
		var at *template.Error
		require.ErrorAs(t, err, &at, text)
		require.Equal(t, want, at.Position, text)
	}
	v, _ := compiled(t, "[1]")
	_, err := v.Text(scope)
	require.ErrorContains(t, err, "want a text, got array")
}

// What does not compile is found when the file is read, all of it.
func TestCompile_wrong(t *testing.T) {
	_, c := compiled(t, "{a: \"${1 +}\", b: \"${n\", c: \"${}\"}")
	problems := c.Err().(problem.Problems) //nolint:errorlint,forcetypeassert // its only kind
	require.Len(t, problems, 3)
	require.Contains(t, problems[0].Detail, "does not compile")
	require.Equal(t, "has a ${ that no } closes", problems[1].Detail)
	require.Contains(t, problems[2].Detail, "is an empty expression")
}

// Of an expression without end that is wrong, a problem shows the beginning.
func TestCompile_longExpression(t *testing.T) {
	_, c := compiled(t, `"${`+strings.Repeat("(", 100_000)+`}"`)
	require.Less(t, len(c.Err().Error()), 1000)
}

// A value knows where its parts stand, by name and by JSON pointer, and which variables it reads.
func TestValue_parts(t *testing.T) {
	v, c := compiled(t, "a: {b/c: [1, \"${n}\"]}")
	require.Equal(t, problem.Position{Line: 1, Column: 14}, v.Locate("/a/b~1c/1"))
	require.Equal(t, problem.Position{Line: 1, Column: 10}, v.Locate("/a/b~1c/7"))
	require.NotNil(t, v.Find("a").Find("b/c"))
	require.Nil(t, v.Find("x").Find("y"), "nothing has no parts")
	text, err := v.Find("x").Text(scope)
	require.NoError(t, err)
	require.Empty(t, text)
	require.Len(t, c.Uses, 1)
	require.Equal(t, []string{"n"}, c.Uses[0].Names)
}

// The forms take a ${…} in place of what they want, and bounds for the rest.
func TestForms(t *testing.T) {
	for form, values := range map[*syntax.Form]map[string]string{
		template.Duration:          {"1h30m": "", "8d": "", `"${x}"`: "", "long": "want a duration", "5": "want a duration"},
		template.Instant:           {"2017-08-20 12:00:00": "", `"${now()}"`: "", "noon": "want a time"},
		template.Money:             {`"5.50"`: "", `"5.505"`: "want an amount", "5.5": "in quotes"},
		template.WholeNumber(1, 9): {"9": "", `"${n}"`: "", "10": "want a whole number from 1 to 9", "x": "want a whole number, or a ${…}"},
		template.Expression:        {"n + 1": "", `"${n}"`: "", "n +": "does not compile"},
	} {
		for text, want := range values {
			node, err := syntax.Read("t.yaml", []byte("a: "+text), syntax.Limits{Bytes: 1 << 10, Nodes: 10})
			require.NoError(t, err)
			c := &syntax.Checker{File: "t.yaml"}
			c.Form(form, node.Get("a"), "a")
			if want == "" {
				require.NoError(t, c.Err(), text)
				continue
			}
			require.ErrorContains(t, c.Err(), want, text)
		}
	}
}
