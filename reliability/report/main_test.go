package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// tests are the names of the tests of a package.
func tests(t *testing.T, pkg string) map[string]bool {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("..", "..", pkg, "*_test.go"))
	require.NoError(t, err)
	names := map[string]bool{}
	for _, name := range files {
		parsed, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		require.NoError(t, err)
		for _, d := range parsed.Decls {
			if f, is := d.(*ast.FuncDecl); is && f.Recv == nil {
				names[f.Name.Name] = true
			}
		}
	}
	return names
}

// Every promise is held by a test that there is, and stands on the page.
func TestPromises(t *testing.T) {
	written, err := os.ReadFile(filepath.Join("..", "..", page))
	require.NoError(t, err)
	for _, p := range promises {
		require.True(t, tests(t, p.pkg)[p.test], "%s has no test %s", p.pkg, p.test)
		require.Contains(t, string(written), "| "+p.text+" | `"+p.test+"`", "write it anew with make reliability")
	}
}
