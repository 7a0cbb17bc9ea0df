package gosource_test

import (
	"go/ast"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/internal/gosource"
)

// written is a folder with Go files, tests, and folders inside it.
func written(t *testing.T) string {
	t.Helper()
	root := t.TempDir()
	for name, text := range map[string]string{
		"a.go":      "package a\n\nimport (\n\t\"fmt\"\n\t\"math/rand/v2\"\n\t. \"strings\"\n\tyaml \"gopkg.in/yaml.v3\"\n\t\"example.test/v2\"\n)\n\nvar _ = fmt.Sprint(`one` + \"t\\two\", rand.N(7), Repeat(\"x\", 2), yaml.Node{}.Line(), v2.X().Y(), func() {}())\n",
		"a_test.go": "package a\n", "notes.txt": "no Go", "inner/b.go": "package inner\n", ".hidden/c.go": "not Go", "testdata/d.go": "not Go", "other/e.go": "not Go",
	} {
		path := filepath.Join(root, filepath.FromSlash(name))
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o750))
		require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
	}
	return root
}

func names(t *testing.T, root string, files []gosource.File) (names []string) {
	t.Helper()
	for _, f := range files {
		name, err := filepath.Rel(root, filepath.FromSlash(f.Path))
		require.NoError(t, err)
		names = append(names, filepath.ToSlash(name))
	}
	return names
}

// Tests are left out, and of a tree hidden folders, testdata and those that are named: what they hold is not read.
func TestTree(t *testing.T) {
	root := written(t)
	require.Equal(t, []string{"a.go", "inner/b.go"}, names(t, root, gosource.Tree(t, root, "other")))
	require.Equal(t, []string{"a.go"}, names(t, root, gosource.Folder(t, root)))
}

// A package is known in a file by its last element, by the one before where that is a version, or by the name it is given.
func TestImported(t *testing.T) {
	file := gosource.Folder(t, written(t))[0]
	require.Equal(t, map[string]string{"fmt": "fmt", "rand": "math/rand/v2", ".": "strings", "yaml": "gopkg.in/yaml.v3", "example.test": "example.test/v2"}, gosource.Imported(file.Syntax))
}

// The texts of a file and the names of what it calls, each with its line.
func TestFile_contents(t *testing.T) {
	file := gosource.Folder(t, written(t))[0]
	var texts, calls []string
	ast.Inspect(file.Syntax, func(n ast.Node) bool {
		switch x := n.(type) {
		case *ast.ImportSpec:
			return false
		case *ast.CallExpr:
			of, name := gosource.Called(x)
			calls = append(calls, of+"."+name)
			require.Equal(t, file.Path+":11", file.At(x))
		case ast.Expr:
			if text, ok := gosource.Text(x); ok {
				texts = append(texts, text)
			}
		}
		return true
	})
	require.Equal(t, []string{"one", "t\two", "x"}, texts)
	require.Equal(t, []string{"fmt.Sprint", "rand.N", ".Repeat", ".Line", ".Y", "v2.X", "."}, calls)
}
