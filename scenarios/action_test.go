package scenarios

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"reflect"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/scenarios/internal/language"
)

// optionalParts are the parts of a row that a step may do without.
var optionalParts = []string{"Beside", "Check", "Seeks", "Verdict", "Judged"}

// lacking are the parts that a kind of step lacks.
func lacking(a *language.Kind) (parts []string) {
	row := reflect.ValueOf(*a)
	for i := range row.NumField() {
		name := row.Type().Field(i).Name
		if row.Field(i).IsZero() && !strings.Contains(strings.Join(optionalParts, " "), name) {
			parts = append(parts, name)
		}
	}
	return parts
}

// Every kind of step says all that is to be known of it.
func TestActions_complete(t *testing.T) {
	require.GreaterOrEqual(t, len(language.Kinds()), 21)
	for _, a := range language.Kinds() {
		require.Empty(t, lacking(a), "the step %s lacks parts", a.Name)
		require.NotNil(t, behaviours[a].run, "the step %s does nothing", a.Name)
		require.NotNil(t, behaviours[a].expects, "the step %s says not what it is held to", a.Name)
		require.FileExists(t, "step_"+a.Name+".go", "a step has a file of its own")
		if a.Children != language.NoSteps {
			require.True(t, a.Answer.None, "%s: a step of steps has no answer of its own", a.Name)
		}
	}
	toy := *language.Kinds()[0]
	toy.Subject, toy.Needs = nil, nil
	require.Equal(t, []string{"Subject", "Needs"}, lacking(&toy), "a step that lacks a part is found")
}

// comparisons are the lines of a file that compare something with a step's name: step.Action with anything, or a switch
// over it.
func comparisons(tb testing.TB, name string, source any) (lines []string) {
	tb.Helper()
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, name, source, 0)
	require.NoError(tb, err)
	names := map[string]bool{}
	for _, a := range language.Kinds() {
		names[strconv.Quote(a.Name)] = true
	}
	ofAction := func(e ast.Expr) bool {
		s, ok := e.(*ast.SelectorExpr)
		return ok && s.Sel.Name == "Action"
	}
	isName := func(e ast.Expr) bool {
		l, ok := e.(*ast.BasicLit)
		return ok && names[l.Value]
	}
	found := func(n ast.Node) { lines = append(lines, fset.Position(n.Pos()).String()) }
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.BinaryExpr:
			if ofAction(n.X) && isName(n.Y) || ofAction(n.Y) && isName(n.X) {
				found(n)
			}
		case *ast.SwitchStmt:
			if n.Tag != nil && ofAction(n.Tag) {
				found(n)
			}
		case *ast.IndexExpr:
			if ofAction(n.Index) {
				found(n)
			}
		}
		return true
	})
	return lines
}

// No code but a step's own row knows it by its name: nothing here, in the runner or in the commands compares one.
func TestActions_noSpecialCases(t *testing.T) {
	for _, pattern := range []string{"*.go", "../contract/*.go", "../contract/*/*.go", "../cmd/*/*.go", "../mock/*.go"} {
		files, err := filepath.Glob(pattern)
		require.NoError(t, err)
		require.NotEmpty(t, files, pattern)
		for _, name := range files {
			if strings.HasSuffix(name, "_test.go") {
				continue
			}
			text, err := os.ReadFile(name)
			require.NoError(t, err)
			require.Empty(t, comparisons(t, name, text), "a step's name is compared")
		}
	}
	for _, special := range []string{`step.Action == "use"`, `"push" != s.Action`} {
		require.Len(t, comparisons(t, "toy.go", "package toy\nfunc f() bool { return "+special+" }"), 1, "a comparison is found")
	}
	require.Len(t, comparisons(t, "toy.go", "package toy\nfunc f() { switch s.Action {\ncase \"use\":\n} }"), 1, "a switch is found")
}
