package scenarios_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/scenarios"
)

// A variable given as text takes the type that it has in the file; one given as JSON has its own.
func TestVars_typed(t *testing.T) {
	target := inProcess(t)
	for _, c := range []struct{ vars, given, assert string }{
		{"{due: 10}", "due=12", "due == 12"},
		{"{due: 10}", "due=12.50", "due == 12.5"},
		{"{due: 10}", "due=twelve", `due == "twelve"`},
		{"{due: 10.5}", "due=12", "due == 12"},
		{`{due: "10"}`, "due=12", `due == "12"`},
		{"{paid: false}", "paid=true", "paid == true"},
		{"{paid: false}", "paid=yes", `paid == "yes"`},
		{"{base: 4, due: \"${base + 6}\"}", "due=12", "due == 12"},
		{"{due: 10}", `due:="12"`, `due == "12"`},
		{`{due: "10"}`, "due:=12", "due == 12"},
		{"{list: [1]}", "list:=[1, 2.50]", "list[1] == 2.5"},
		{"{phone: 13800000001}", "phone=13800000002", "phone == 13800000002"},
	} {
		name, value, err := scenarios.ParseVar(c.given)
		require.NoError(t, err)
		result := run(t, target, "vars: "+c.vars+"\nsteps:\n  - sleep: 1s\n    assert: '"+c.assert+"'\n", scenarios.Options{Vars: map[string]any{name: value}})
		require.Equal(t, scenarios.Passed, result.Status, "%s %s: %s", c.vars, c.given, show(t, result))
	}
}

// A row's own value says the type too, and so does that of a scenario that is used.
func TestVars_typedByRowAndUsed(t *testing.T) {
	library := scenarios.NewLibrary(scenarios.Builtin())
	used, err := scenarios.Parse("used.yaml", []byte("name: used\nvars: {due: 1}\nsteps: [{sleep: 1s, assert: due == 12}]\n"))
	require.NoError(t, err)
	require.NoError(t, library.Add(used))
	user, err := library.Parse("user.yaml", []byte("name: user\nsteps: [{use: used}]\n"))
	require.NoError(t, err)
	rows, err := library.Parse("rows.yaml", []byte("name: rows\nmatrix: [{due: 3}, {due: \"3\"}]\nsteps: [{sleep: 1s, assert: string(due) == \"12\"}]\n"))
	require.NoError(t, err)
	for _, s := range []*scenarios.Scenario{user, rows} {
		result, err := scenarios.Run(t.Context(), inProcess(t), s, scenarios.Options{Library: library, Vars: map[string]any{"due": scenarios.Text("12")}})
		require.NoError(t, err)
		require.Equal(t, scenarios.Passed, result.Status, show(t, result))
	}
}

func TestParseVar(t *testing.T) {
	name, value, err := scenarios.ParseVar("note=a=b: c")
	require.NoError(t, err)
	require.Equal(t, "note", name)
	require.Equal(t, scenarios.Text("a=b: c"), value)
	name, value, err = scenarios.ParseVar("fee:=8.00")
	require.NoError(t, err)
	require.Equal(t, "fee", name)
	require.Equal(t, json.Number("8.00"), value, "a number is exact")
	for given, want := range map[string]string{
		"due":        `want name=value, or name:=json, got "due"`,
		"=12":        `want name=value, or name:=json, got "=12"`,
		"a-b=1":      `"a-b" is no name of a variable`,
		"due:={":     "the value of due is no JSON",
		"due:=12 13": "the value of due is no JSON",
	} {
		_, _, err := scenarios.ParseVar(given)
		require.ErrorContains(t, err, want, given)
	}
}
