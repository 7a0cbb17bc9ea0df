package schema

import (
	"bytes"
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/mutants/active"
)

// program has a bug's place of every sort: a function, a method, an argument list that goes on, a type parameter, named results, nothing
// that is given back, and the values of variables.
const program = `package main

import "fmt"

type purse struct{ yuan int }

var limit, name = 3, "limit"

func (p *purse) pay(n int) { p.yuan -= n }

func (purse) unit() string { return "yuan" }

func sum(start int, more ...int) (total int, err error) {
	total = start
	for _, n := range more {
		total += n
	}
	return
}

func first[T any](all []T) T { return all[0] }

func within(n int) bool { return n < limit }

func main() {
	p := &purse{10}
	p.pay(4)
	total, _ := sum(1, 2, 3)
	fmt.Println(p.yuan, p.unit(), total, first([]int{7, 8}), within(3), name)
}
`

// bugOf changes a text that stands once in the program.
func bugOf(t *testing.T, number int, before, after string) Bug {
	t.Helper()
	require.Equal(t, 1, strings.Count(program, before), before)
	return Bug{Number: number, Before: before, After: after, Offset: strings.Index(program, before)}
}

// One build holds all bugs, and each process has the one whose number it is given, or none.
func TestPlant_aProcessHasTheBugOfItsNumber(t *testing.T) {
	t.Parallel()
	rows := []struct{ before, after, says string }{
		{"p.yuan -= n", "p.yuan += n", "14 yuan 6 7 false limit"},
		{`return "yuan"`, `return "fen"`, "6 fen 6 7 false limit"},
		{"total += n", "total -= n", "6 yuan -4 7 false limit"},
		{"total = start", "", "6 yuan 5 7 false limit"},
		{"all[0]", "all[len(all)-1]", "6 yuan 6 8 false limit"},
		{"n < limit", "n <= limit", "6 yuan 6 7 true limit"},
		{`"limit"`, `"most"`, "6 yuan 6 7 false most"},
	}
	var bugs []Bug
	for i, row := range rows {
		bugs = append(bugs, bugOf(t, i+1, row.before, row.after))
	}
	text, err := Plant("main.go", []byte(program), bugs)
	require.NoError(t, err)

	folder := t.TempDir()
	write := func(name string, text []byte) {
		path := filepath.Join(folder, name)
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o700))
		require.NoError(t, os.WriteFile(path, text, 0o600))
	}
	chooses, err := os.ReadFile("../active/active.go")
	require.NoError(t, err)
	write("go.mod", []byte("module github.com/etcp-mock/etcp-mock\n\ngo 1.26\n"))
	write("mutants/active/active.go", chooses)
	write("main.go", text)
	build := exec.CommandContext(t.Context(), "go", "build", "-o", "program", ".")
	build.Dir = folder
	out, err := build.CombinedOutput()
	require.NoError(t, err, "%s\n%s", out, text)
	run := func(number int) string {
		cmd := exec.CommandContext(t.Context(), filepath.Join(folder, "program"))
		cmd.Env = []string{active.Variable + "=" + strconv.Itoa(number)}
		out, err := cmd.Output()
		require.NoError(t, err)
		return strings.TrimSpace(string(out))
	}
	require.Equal(t, "6 yuan 6 7 false limit", run(0))
	require.Equal(t, "6 yuan 6 7 false limit", run(99))
	for i, row := range rows {
		require.Equal(t, row.says, run(i+1), row.before)
	}
}

// Where nothing can be planted, the error says why.
func TestPlant_refuses(t *testing.T) {
	t.Parallel()
	const src = "package p\n\nconst most = 3\n\nvar n int\n\nfunc init() { n = 1 }\n\nfunc safe() { defer func() { recover() }(); n = 2; _ = recover() }\n\nfunc lives() { defer func() { recover() }(); n = 4 }\n"
	for _, row := range []struct {
		before, after string
		want          error
	}{
		{"= 3", "= 4", ErrPlace},
		{"n = 1", "n = 2", ErrPlace},
		{"n = 2", "n = 3", ErrPlace},
		{"package p", "package q", ErrPlace},
		{"n int", "n uint", ErrPlace},
		{"n = 4", "n = = 4", ErrSyntax},
		{"n = 4", "n = 5", nil},
	} {
		_, err := Plant("p.go", []byte(src), []Bug{{Number: 1, Before: row.before, After: row.after, Offset: strings.Index(src, row.before)}})
		if row.want == nil {
			require.NoError(t, err, row.before)
			continue
		}
		require.ErrorIs(t, err, row.want, row.before)
		require.ErrorContains(t, err, "p.go: "+strconv.Quote(row.before))
	}
	_, err := Plant("p.go", []byte("no Go"), nil)
	require.Error(t, err)
}

// A bug that does not compile is found by its number; what was wrong before has none.
func TestCheck(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	path := filepath.Join(folder, "p.go")
	src := []byte("package p\n\nfunc a() int { return 1 }\n\nfunc b__7() int { return \"x\" }\n\nfunc c() string { return 2 }\n")
	require.NoError(t, os.WriteFile(path, []byte("package p\n"), 0o600))
	require.NoError(t, os.WriteFile(filepath.Join(folder, "p_test.go"), []byte("package p\n\nvar wrong int = \"\"\n"), 0o600))
	found, err := Check(folder, nil, nil)
	require.NoError(t, err)
	require.Empty(t, found)
	found, err = Check(folder, map[string][]byte{path: src}, nil)
	require.NoError(t, err)
	require.Len(t, found, 2)
	require.Equal(t, []int{7, 0}, []int{found[0].Number, found[1].Number})
	_, err = Check(folder, map[string][]byte{path: []byte("no Go")}, nil)
	require.Error(t, err)
}

// The rules of generated bugs: every change of a small function, and each alone is Go.
func TestGenerateIn(t *testing.T) {
	t.Parallel()
	src := []byte("package p\n\nfunc f(a, b int, ok bool) int {\n\tif !ok {\n\t\treturn 0\n\t}\n\ta += 2\n\tlog(\"paid\", panic(\"x\"))\n\tswitch {\n\tcase a < b:\n\t\treturn a * b\n\t}\n\treturn 'x'\n}\n\nfunc Explain() int { return 3 }\n")
	rows, err := generateIn("some/p.go", src)
	require.NoError(t, err)
	var got []string
	for _, r := range rows {
		require.Equal(t, "p.go", r.File)
		require.Equal(t, "f", r.Rule, "what only explains is left alone")
		require.Equal(t, r.Before, string(src[r.offset:r.offset+len(r.Before)]))
		require.Contains(t, r.String(), "   in: ")
		changed := bytes.Join([][]byte{src[:r.offset], []byte(r.After), src[r.offset+len(r.Before):]}, nil)
		_, err := parser.ParseFile(token.NewFileSet(), "", changed, parser.SkipObjectResolution)
		require.NoError(t, err, r)
		got = append(got, r.Before+" → "+r.After)
	}
	require.ElementsMatch(t, []string{
		"!ok → (!ok) && false", "!ok → (!ok) || true", "! → ", "0 → 1", "a += 2 → ", "2 → 3", "2 → 1", `log("paid", panic("x")) → `, `"paid" → "x"`,
		"a < b → (a < b) && false", "< → <=", "< → >=", "* → /", "'x' → 'x'+1",
	}, got)
	_, err = generateIn("p.go", []byte("no Go"))
	require.Error(t, err)

	require.Len(t, Containing(rows, "→ <="), 1)
	require.Len(t, Containing(rows, "f"), len(rows), "by the function, too")
	require.Empty(t, Containing(rows, "nothing like it"))
}

// A row's text has to stand once in the files of its name, and to be changed.
func TestPlantAll_placesOfRows(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	for path, text := range map[string]string{
		"sign/a.go": "package sign\n\nvar On = true\n\nfunc f() int { return 1 }\n\nfunc g() int { return 2 }\n", "sign/a_test.go": "package sign\n\nfunc h() int { return 1 }\n",
		"mock/internal/x/a.go": "package x\n\nfunc g() int { return 2 }\n",
	} {
		require.NoError(t, os.MkdirAll(filepath.Join(root, filepath.Dir(path)), 0o700))
		require.NoError(t, os.WriteFile(filepath.Join(root, path), []byte(text), 0o600))
	}
	planted, err := PlantAll(root, []Row{{File: "a.go", Before: "return 1", After: "return 3"}, {File: "a.go", Before: "true", After: "false"}})
	require.NoError(t, err)
	require.Len(t, planted.Texts, 1)
	require.Equal(t, map[int]bool{1: false, 2: true}, planted.Values, "the second is on from the start or never")

	_, err = PlantAll(root, []Row{
		{File: "a.go", Before: "return 2", After: "x"}, {File: "b.go", Before: "return 1", After: "x"}, {File: "a.go", Before: "x", After: "x"}, {File: "a.go", Before: "return 1", After: "return return"},
	})
	for _, want := range []error{ErrTwice, ErrNotThere, ErrSame, ErrSyntax} {
		require.ErrorIs(t, err, want, "all of them in one pass")
	}
	_, err = PlantAll(t.TempDir(), nil)
	require.ErrorIs(t, err, os.ErrNotExist)
}

// What is no table is refused with the place where it is wrong.
func TestRead_refuses(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"- {file: sign.go, rule: sign-case, befor: a, after: b}\n":                                               `"befor"`,
		"- {file: sign.go, rule: none, before: a, after: b}\n- {file: sign.go, rule: no, before: a, after: b}\n": `"none"`,
		"{file: sign.go}\n": "cannot unmarshal object",
		"- [\n":             "table.yaml:1",
	} {
		path := filepath.Join(t.TempDir(), "table.yaml")
		require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
		_, err := Read(path)
		require.ErrorContains(t, err, want)
	}
	_, err := Read(filepath.Join(t.TempDir(), "none.yaml"))
	require.ErrorIs(t, err, os.ErrNotExist)
}

// The compiled forms of what a package imports are listed with it.
func TestListExports(t *testing.T) {
	t.Parallel()
	found, err := ListExports("../..", "./mutants/active")
	require.NoError(t, err)
	require.FileExists(t, found[activePath])
	require.FileExists(t, found["strconv"])
	_, err = ListExports("../..", "./no/such/folder")
	require.Error(t, err)
}
