package input

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/etcp-mock/etcp-mock/client/control"
	"github.com/etcp-mock/etcp-mock/scenarios"
)

// KEY=VALUE is a text whatever it holds, and the object has the pairs in their order.
func TestPairs_textsAsTheyAre(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		values := rapid.SliceOfN(rapid.String(), 1, 4).Draw(t, "values")
		var given []string
		want := map[string]any{}
		for i, v := range values {
			v = strings.ToValidUTF8(v, "")
			key := "k" + string(rune('a'+i))
			given = append(given, key+"="+v)
			want[key] = v
		}
		pairs, err := ParsePairs(given)
		require.NoError(t, err)
		var got map[string]any
		require.NoError(t, json.Unmarshal([]byte(pairs.Object()), &got))
		require.Equal(t, want, got)
	})
}

// KEY:=JSON is that JSON, byte for byte; a dot makes an object in an object; what is neither is said.
func TestPairs(t *testing.T) {
	pairs, err := ParsePairs([]string{"b=<x>", "n:=8.00", "a.b=1", "a.c:=[1, 2]", ".x=y", "z.=y", "b=again"})
	require.NoError(t, err)
	require.Equal(t, `{"b":"<x>","n":8.00,"a.b":"1","a.c":[1, 2],".x":"y","z.":"y","b":"again"}`, pairs.Object())
	raw, err := JSON(pairs.Values())
	require.NoError(t, err)
	require.JSONEq(t, `{"b":"again","n":8.00,"a":{"b":"1","c":[1,2]},".x":"y","z.":"y"}`, string(raw))
	require.Nil(t, Pairs{}.Values())
	require.Equal(t, "{}", Pairs{}.Object())
	for given, want := range map[string]string{"plate": "want KEY=VALUE for a text, or KEY:=VALUE", "=x": "want KEY=VALUE", ":=1": "want KEY=VALUE", "n:=8.": "what stands behind := is JSON; a text is written n=8."} {
		_, err := ParsePairs([]string{given})
		require.ErrorContains(t, err, want, given)
	}
}

// A text is itself, or what is in a file or on stdin without the newline that an editor leaves.
func TestTextOrFile(t *testing.T) {
	name := filepath.Join(t.TempDir(), "push.json")
	require.NoError(t, os.WriteFile(name, []byte("{\"a\":1}\r\n"), 0o600))
	cmd := &cobra.Command{}
	cmd.SetIn(strings.NewReader("piped\n\n"))
	for given, want := range map[string]string{"text\n": "text\n", "@" + name: `{"a":1}`, "@-": "piped\n", "": ""} {
		got, err := TextOrFile(cmd, given)
		require.NoError(t, err)
		require.Equal(t, want, got)
	}
	printed, err := TextOrFile(cmd, "@{token=1; plateColor=1}")
	require.NoError(t, err)
	require.Equal(t, "@{token=1; plateColor=1}", printed, "PowerShell's print of an object is no file")
	_, err = TextOrFile(cmd, "@nowhere")
	require.Error(t, err)
}

// A refusal that points into a file has its lines; another error stays as it is.
func TestPlaced(t *testing.T) {
	document, err := scenarios.ReadDocument("faults.yaml", []byte("faults:\n  - {do: {code: x}}\n  - {on: {endpont: a}}\n"))
	require.NoError(t, err)
	problem := &control.ProblemError{Status: 422, Errors: []control.FieldError{{Pointer: "/1/on/endpont", Detail: `unknown field "endpont"`}, {Pointer: "/0/do/code", Detail: "want a number"}}}
	placed := Placed(problem, document, "/faults", "")
	require.ErrorContains(t, placed, "faults.yaml:2:17: faults[0].do.code: want a number")
	require.ErrorContains(t, placed, "faults.yaml:3:11: faults[1].on.endpont: unknown field")
	require.Equal(t, problem, Placed(problem, document, "/faults", "/else"), "it points elsewhere")
	require.Equal(t, problem, Placed(problem, nil, "", ""))
	require.Equal(t, os.ErrExist, Placed(os.ErrExist, document, "", ""))
}

// Names that people use stand for the numbers of the document; what is none is refused, with the names that there are.
func TestNames(t *testing.T) {
	for name, want := range map[string]string{"blue": "1", "白": "4", "3": "3", "": ""} {
		number, err := PlateColor(name)
		require.NoError(t, err)
		require.Equal(t, want, number)
	}
	for name, want := range map[string]string{"long-term": "76", "临停": "77", "76": "76", "": ""} {
		number, err := UserType(name)
		require.NoError(t, err)
		require.Equal(t, want, number)
	}
	_, err := PlateColor("pink")
	require.EqualError(t, err, `--plate-color is blue, black, yellow or white, not "pink"`)
	_, err = UserType("foo")
	require.EqualError(t, err, `--user-type is temporary or long-term, not "foo"`)
	at, err := Time("at", "2017-08-20 12:00:00")
	require.NoError(t, err)
	require.Equal(t, "2017-08-20 12:00:00", at.String())
	none, err := Time("at", "")
	require.NoError(t, err)
	require.True(t, none.IsZero())
	_, err = Time("at", "12:00")
	require.ErrorContains(t, err, `--at "12:00" is no time`)
	require.NoError(t, OneOf("rule", "a", "a", "b"))
	require.EqualError(t, OneOf("rule", "c", "a", "b"), `--rule is a or b, not "c"`)
}
