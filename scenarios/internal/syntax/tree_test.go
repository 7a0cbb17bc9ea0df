package syntax_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/scenarios/internal/syntax"
	"github.com/etcp-mock/etcp-mock/scenarios/problem"
)

var limits = syntax.Limits{Bytes: 1 << 20, Nodes: 1000}

func read(tb testing.TB, text string) *syntax.Node {
	tb.Helper()
	n, err := syntax.Read("t.yaml", []byte(text), limits)
	require.NoError(tb, err)
	return n
}

// Scalars have the type that YAML 1.2 gives them and the digits they are written with; what looks like a time is a text.
func TestRead_scalars(t *testing.T) {
	for text, want := range map[string]string{
		"a: 10.50":                              `{"a":10.50}`,
		"a: 007":                                `{"a":7}`,
		"a: 0x10":                               `{"a":16}`,
		`a: "7"`:                                `{"a":"7"}`,
		"a: 2017-08-20 12:00:00":                `{"a":"2017-08-20 12:00:00"}`,
		"a: 2017-08-20":                         `{"a":"2017-08-20"}`,
		"a: true":                               `{"a":true}`,
		"a: ~":                                  `{"a":null}`,
		"a: 停车 <&>":                             `{"a":"停车 <&>"}`,
		"a: &x [1]\nb: *x":                      `{"a":[1],"b":[1]}`,
		"a: &x {c: 1, d: 2}\nb: {<<: *x, c: 3}": `{"a":{"c":1,"d":2},"b":{"c":3,"d":2}}`,
		"":                                      `{}`,
		`{"b": 1, "a": 2}`:                      `{"b":1,"a":2}`,
	} {
		var out bytes.Buffer
		read(t, text).WriteJSON(&out)
		require.Equal(t, want, out.String(), text)
	}
}

// What cannot be read says why, and where.
func TestRead_refuses(t *testing.T) {
	for text, want := range map[string]string{
		"a: 1\na: 2":             `t.yaml:2:1: "a" is there twice`,
		"a: 1\n---\nb: 2":        "t.yaml:2:1: a file holds one document, and this is a second",
		"a: &x [*x]":             "the alias *x stands inside what it names",
		"? [1]\n: 2":             "a key must be a plain text",
		"a: .nan":                "is no number that JSON has",
		"a: !!binary aGk=":       "binary values are not accepted",
		"a: [1":                  "t.yaml:1",
		"b: {<<: 3}":             "",
		strings.Repeat("[", 200): "",
		"a: [" + strings.Repeat("1,", 1200) + "1]": "the file has more than 1000 values",
	} {
		_, err := syntax.Read("t.yaml", []byte(text), limits)
		require.ErrorContains(t, err, want, text)
		require.IsType(t, &problem.Problem{}, err)
	}
	_, err := syntax.Read("t.yaml", bytes.Repeat([]byte("#"), 2<<20), limits)
	require.EqualError(t, err, "t.yaml: is over 1 MiB")
}

// A JSON pointer is found where its value stands, or else its nearest parent that is there.
func TestNode_locate(t *testing.T) {
	n := read(t, "a:\n  b/c: [1, {d: 2}]\n")
	for pointer, want := range map[string]problem.Position{
		"/a/b~1c/1/d": {Line: 2, Column: 16},
		"/a/b~1c/9":   {Line: 2, Column: 8},
		"/a/x":        {Line: 2, Column: 3},
		"":            {Line: 1, Column: 1},
	} {
		require.Equal(t, want, n.Locate(pointer), pointer)
	}
	require.Equal(t, map[string]any{"b/c": []any{1, map[string]any{"d": 2}}}, n.Get("a").Value())
	var none *syntax.Node
	require.Nil(t, none.Get("a"))
	require.False(t, none.Has("a"))
	require.Empty(t, none.Mapping())
}

// What is written is what is read: the order, the types and the texts, however odd.
func TestWriteYAML_readsBack(t *testing.T) {
	for _, text := range []string{
		`{"name":"a","steps":[{"call":"bindcar","data":{"plateNumber":"渝ATX061","n":"007","t":"2017-08-20 12:00:00"}},{"sleep":"1h30m"}]}`,
		`{"vars":{"a":"yes","b":"~","c":"","d":" x ","e":"a: b","f":"#","g":"${x}","h":"1e3","i":"null","j":"-","k":"a\nb","l":"\"","m":"\u0000","n":"\u2028"}}`,
		`{"steps":[],"n":8.00,"b":true,"z":null,"deep":{"a":{"b":{"c":[1,[2,{"d":3}]]}}}}`,
	} {
		out, err := syntax.WriteYAML([]byte(text), []string{"steps"}, "first\nsecond")
		require.NoError(t, err)
		require.True(t, strings.HasPrefix(string(out), "# first\n# second\n"))
		var back bytes.Buffer
		read(t, string(out)).WriteJSON(&back)
		require.JSONEq(t, text, back.String(), "%s", out)
	}
	_, err := syntax.WriteYAML([]byte(`[1]`), nil)
	require.EqualError(t, err, "want a mapping")
}

// A text is quoted where some reader of YAML, or a person, would take it for something else.
func TestAmbiguous(t *testing.T) {
	for text, want := range map[string]bool{
		"carnum": false, "渝ATX061": false, "1h30m": false, "8d": false, "two words": false, "": true, "7": true, "yes": true, "No": true,
		"a: b": true, "#1": true, " x": true, "-1": true, "~": true, "on": true, "1.0": true, "${x}": true, "null": true,
	} {
		require.Equal(t, want, syntax.Ambiguous(text), text)
	}
}

// However a file is read, it is read, or refused with a problem that lies in it.
func FuzzRead(f *testing.F) {
	for _, seed := range []string{"a: 1", "a: &x [*x]", "- {<<: *a}", "? x\n: y", "a: |\n  b", "\xff", "a: .inf", "{\"a\": 1e400}"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		n, err := syntax.Read("f.yaml", []byte(text), limits)
		if err != nil {
			require.IsType(t, &problem.Problem{}, err)
			return
		}
		var out bytes.Buffer
		n.WriteJSON(&out)
		_, err = syntax.Read("f.json", out.Bytes(), syntax.Limits{Bytes: 8 << 20, Nodes: 100_000})
		require.NoError(t, err, "%s", out.String())
	})
}
