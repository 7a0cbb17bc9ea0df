// Package gosource reads the Go code of this module for tests that hold it to something: which package imports what, which text has its
// Chinese.
package gosource

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// File is a Go file that is no test, parsed with its comments.
type File struct {
	Path   string // with slashes, below the folder as it was given
	Syntax *ast.File
	set    *token.FileSet
}

// Folder are the files of a folder, not of those inside it. There is at least one.
func Folder(tb testing.TB, folder string) []File {
	tb.Helper()
	return tree(tb, folder, func(string) bool { return true })
}

// Tree are the files of a folder and of those inside it, but for hidden ones, testdata, and those with one of the names. There is at least one.
func Tree(tb testing.TB, folder string, skip ...string) []File {
	tb.Helper()
	return tree(tb, folder, func(name string) bool {
		return strings.HasPrefix(name, ".") || name == "testdata" || slices.Contains(skip, name)
	})
}

func tree(tb testing.TB, folder string, skip func(name string) bool) (files []File) {
	tb.Helper()
	set := token.NewFileSet()
	require.NoError(tb, filepath.WalkDir(folder, func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && name != folder && skip(d.Name()):
			return filepath.SkipDir
		case d.IsDir() || !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go"):
			return nil
		}
		file, err := parser.ParseFile(set, name, nil, parser.ParseComments|parser.SkipObjectResolution)
		files = append(files, File{filepath.ToSlash(name), file, set})
		return err
	}))
	require.NotEmpty(tb, files, folder)
	return files
}

// At is where something stands in the file: its path and line.
func (f File) At(n ast.Node) string {
	return f.Path + ":" + strconv.Itoa(f.set.Position(n.Pos()).Line)
}

// Imported are the paths of the packages that a file imports, by the names that they have in it.
func Imported(file *ast.File) map[string]string {
	paths := map[string]string{}
	for _, spec := range file.Imports {
		path, _ := strconv.Unquote(spec.Path.Value) // the parser has read it
		parts := strings.Split(path, "/")
		name := parts[len(parts)-1]
		if len(parts) > 1 && len(name) > 1 && name[0] == 'v' && strings.Trim(name[1:], "0123456789") == "" {
			name = parts[len(parts)-2] // the version of a module
		}
		if spec.Name != nil {
			name = spec.Name.Name
		}
		paths[name] = path
	}
	return paths
}

// Text is the text of a literal; false where the expression is none.
func Text(e ast.Expr) (string, bool) {
	l, ok := e.(*ast.BasicLit)
	if !ok || l.Kind != token.STRING {
		return "", false
	}
	text, err := strconv.Unquote(l.Value)
	return text, err == nil
}

// Called is the name of the function or method that is called, and of the package or variable before it: cli.Errorf is cli and Errorf. Both are
// empty where what is called has no name.
func Called(x *ast.CallExpr) (of, name string) {
	switch f := x.Fun.(type) {
	case *ast.SelectorExpr:
		if of, ok := f.X.(*ast.Ident); ok {
			return of.Name, f.Sel.Name
		}
		return "", f.Sel.Name
	case *ast.Ident:
		return "", f.Name
	}
	return "", ""
}
