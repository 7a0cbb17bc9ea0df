package cli

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/scenarios"
)

// stored puts scenarios into a folder, which becomes the current one, and gives a source over a small library of its own.
func stored(t *testing.T, files map[string]string) Source {
	t.Helper()
	t.Chdir(t.TempDir())
	for name, text := range files {
		require.NoError(t, os.MkdirAll(filepath.Dir(name), 0o700))
		require.NoError(t, os.WriteFile(name, []byte(text), 0o600))
	}
	builtIn := scenarios.NewLibrary(nil)
	for _, text := range []string{
		"name: The owner pays\ntags: [smoke]\nsteps: [{sleep: 0s}]\n", "name: leaves\ntags: [smoke, slow]\nsteps: [{sleep: 0s}]\n",
		"name: rows\nmatrix:\n  - {n: 1}\n  - {n: 2}\nsteps:\n  - {sleep: 0s}\n",
	} {
		s, err := builtIn.Parse("", []byte(text))
		require.NoError(t, err)
		require.NoError(t, builtIn.Add(s))
	}
	return Source{
		Library: func() *scenarios.Library { return builtIn }, Otherwise: func(l *scenarios.Library) []*scenarios.Scenario { return l.All() }, List: "contract list",
	}
}

func names(s *Selection) []string {
	out := []string{}
	for _, c := range s.Cases {
		out = append(out, c.Name())
	}
	return out
}

// What the arguments and --tag, --name, --file choose: files, folders, lines, names and slugs, filtered; without arguments all that the source says.
func TestSelection(t *testing.T) {
	files := map[string]string{
		"mine.yaml":       "name: mine\ntags: [own]\nmatrix:\n  - {n: 1}\n  - {n: 2}\nsteps:\n  - {sleep: 0s}\n  - {sleep: 0s}\n",
		"more/other.yaml": "name: 入场/离场\ntags: [smoke]\nsteps: [{use: leaves}]\n",
	}
	for _, row := range []struct {
		args  []string
		flags SelectionFlags
		want  []string
		all   int
	}{
		{nil, SelectionFlags{}, []string{"The owner pays", "leaves", "rows[1]", "rows[2]"}, 4},
		{[]string{"leaves"}, SelectionFlags{}, []string{"leaves"}, 1},
		{[]string{"the-owner-pays", "The owner pays"}, SelectionFlags{}, []string{"The owner pays"}, 1},
		{[]string{"mine.yaml"}, SelectionFlags{}, []string{"mine[1]", "mine[2]"}, 2},
		{[]string{"mine.yaml:5"}, SelectionFlags{}, []string{"mine[2]"}, 2},
		{[]string{"mine.yaml:7"}, SelectionFlags{}, []string{"mine[1]", "mine[2]"}, 2},
		{nil, SelectionFlags{file: "mine.yaml:4"}, []string{"mine[1]"}, 2},
		{[]string{"more", "leaves"}, SelectionFlags{}, []string{"入场/离场", "leaves"}, 2},
		{[]string{"."}, SelectionFlags{tags: []string{"smoke"}}, []string{"入场/离场"}, 3},
		{nil, SelectionFlags{tags: []string{"smoke", "!slow"}}, []string{"The owner pays"}, 4},
		{nil, SelectionFlags{tags: []string{"!smoke"}}, []string{"rows[1]", "rows[2]"}, 4},
		{nil, SelectionFlags{names: []string{"owner"}}, []string{"The owner pays"}, 4},
		{nil, SelectionFlags{names: []string{"l*s", "rows[2]"}}, []string{"leaves", "rows[2]"}, 4},
		{nil, SelectionFlags{names: []string{"row??2?"}}, []string{"rows[2]"}, 4},
		{[]string{"more"}, SelectionFlags{names: []string{"入场*"}}, []string{"入场/离场"}, 1},
		{nil, SelectionFlags{names: []string{"nobody"}}, []string{}, 4},
	} {
		s, err := row.flags.Choose(row.args, stored(t, files))
		require.NoError(t, err, row)
		require.Equal(t, row.want, names(s), row)
		require.Equal(t, row.all, s.All, row)
	}
}

// What chooses nothing by mistake is an error that names what there is.
func TestSelection_mistakes(t *testing.T) {
	files := map[string]string{"mine.yaml": "name: mine\nsteps: [{sleep: 0s}]\n", "broken.yaml": "name: broken\nsteps: []\n"}
	for _, row := range []struct {
		args  []string
		flags SelectionFlags
		want  string
	}{
		{[]string{"leavs"}, SelectionFlags{}, `there is no scenario "leavs"; did you mean "leaves"? the names there are: contract list`},
		{[]string{"cases/pay.yaml"}, SelectionFlags{}, "there is no file cases/pay.yaml"},
		{[]string{"pay.yaml:3"}, SelectionFlags{}, "there is no file pay.yaml"},
		{nil, SelectionFlags{file: "mine.yaml"}, `--file is FILE:LINE, not "mine.yaml"`},
		{[]string{"leaves"}, SelectionFlags{file: "mine.yaml:1"}, "a line is of one file: name that file alone"},
		{nil, SelectionFlags{tags: []string{"smok"}}, `--tag: no scenario has the tag "smok"; did you mean "smoke"? the tags there are: slow, smoke`},
		{nil, SelectionFlags{tags: []string{"!fast"}}, `no scenario has the tag "fast"`},
		{[]string{"mine.yaml"}, SelectionFlags{tags: []string{"nope"}}, `--tag: no scenario has the tag "nope", or any other`},
		{[]string{"broken.yaml"}, SelectionFlags{}, "broken.yaml:2:8: steps: is empty"},
	} {
		_, err := row.flags.Choose(row.args, stored(t, files))
		require.ErrorContains(t, err, row.want)
	}
}

// A file with a line at its end, as editors write it.
func TestSplitLine(t *testing.T) {
	for arg, want := range map[string]struct {
		name string
		line int
	}{
		"a.yaml": {"a.yaml", 0}, "a.yaml:12": {"a.yaml", 12}, "a.yaml:0": {"a.yaml:0", 0}, "a.yaml:-1": {"a.yaml:-1", 0}, "a.yaml:x": {"a.yaml:x", 0}, "pays: twice": {"pays: twice", 0}, "C:\\a.yaml:3": {"C:\\a.yaml", 3},
	} {
		name, line := splitLine(arg)
		require.Equal(t, want.name, name)
		require.Equal(t, want.line, line)
	}
}

// Variables from a file are secret, those of --var are not; one that no scenario has is refused, with the nearest that there is.
func TestVariables(t *testing.T) {
	source := stored(t, map[string]string{
		"vars.yaml": "key: t0p\nport: 8787\n", "list.yaml": "[1]\n", "wrong.yaml": "a: {",
		"mine.yaml": "name: mine\nvars: {due: 10}\nsteps: [{sms: {mobilePhone: \"13800000001\"}, assert: due == 10}, {set: {a: \"${token}\"}}]\n",
	})
	v := VariableFlags{given: []string{"due=12", "list:=[1]"}, file: "vars.yaml"}
	out, err := v.Read()
	require.NoError(t, err)
	require.Equal(t, map[string]any{"due": scenarios.Text("12"), "list": []any{1}}, out.Plain)
	require.Equal(t, "t0p", out.Secret["key"])
	require.ElementsMatch(t, []string{"due", "list", "key", "port"}, out.Names())
	for want, wrong := range map[string]VariableFlags{
		"--var: want name=value":                            {given: []string{"due"}},
		"--var-file: open nowhere.yaml":                     {file: "nowhere.yaml"},
		"--var-file list.yaml: want a mapping of variables": {file: "list.yaml"},
		"wrong.yaml:1:4: { is never closed":                 {file: "wrong.yaml"},
	} {
		_, err := wrong.Read()
		require.ErrorContains(t, err, want)
	}
	s, err := (&SelectionFlags{}).Choose([]string{"mine.yaml"}, source, "token")
	require.NoError(t, err)
	for given, want := range map[string]string{"due": "", "token": "", "code": "", "deu": `--var deu: no scenario that is run has this variable; did you mean "due"?`} {
		err := Variables{Plain: map[string]any{given: 1}}.check(s.Cases)
		if want == "" {
			require.NoError(t, err, given)
		} else {
			require.EqualError(t, err, want)
		}
	}
	require.NoError(t, Variables{Plain: map[string]any{"x": 1}}.check(nil), "that nothing runs is said otherwise")
}

// A case is listed with its sections, tags and position; that none is listed has an exit code of its own.
func TestSelection_Print(t *testing.T) {
	source := stored(t, nil)
	root, out := printing(t)
	s, err := (&SelectionFlags{names: []string{"rows"}}).Choose(nil, source)
	require.NoError(t, err)
	require.NoError(t, s.Print(root, true))
	var rows []caseRow
	require.NoError(t, json.Unmarshal(out.Bytes(), &rows))
	require.Equal(t, "rows[2]", rows[1].ID)
	require.Equal(t, 4, rows[1].Line)
	require.NotNil(t, rows[1].Tags, "a list, though empty")
	out.Reset()
	require.NoError(t, s.Print(root, false))
	require.Contains(t, out.String(), "2 of 4 cases\n")
	none := &Selection{All: 4}
	require.Equal(t, ExitCode(ExitNothing), none.Print(root, false))
}
