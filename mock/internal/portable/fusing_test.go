package portable_test

import (
	"bytes"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// pure are the packages whose results are kept: the compiler may join no product of theirs with a sum, and of package
// math they use only what is exact.
var pure = []string{"portable", "platform", "fault"}

var exactMath = []string{"Sqrt", "Round", "Trunc", "Floor", "Ceil", "Abs", "Min", "Max", "Frexp", "Ldexp", "Inf", "IsInf", "IsNaN", "NaN", "Float64bits", "Float64frombits"}

// fusable are the places of a package's source that may give other bits on another architecture.
func fusable(fset *token.FileSet, files []*ast.File, info *types.Info) (found []string) {
	report := func(at ast.Node, what string) { found = append(found, fset.Position(at.Pos()).String()+": "+what) }
	for _, file := range files {
		var parents []ast.Node
		ast.Inspect(file, func(n ast.Node) bool {
			if n == nil {
				parents = parents[:len(parents)-1]
				return true
			}
			switch n := n.(type) {
			case *ast.AssignStmt:
				if n.Tok == token.MUL_ASSIGN && isFloat(info, n.Lhs[0]) {
					report(n, "a product that is not converted")
				}
			case *ast.BinaryExpr:
				if n.Op == token.MUL && isFloat(info, n) && info.Types[n].Value == nil && !rounded(parents, info) {
					report(n, "a product that is not converted")
				}
			case *ast.SelectorExpr:
				name := n.Sel.Name
				if used, ok := info.Uses[n.Sel].(*types.Func); ok {
					if used.Pkg() != nil && used.Pkg().Path() == "math" && !slices.Contains(exactMath, name) {
						report(n, "math."+name+" has other bits elsewhere")
					}
					if used.Pkg() != nil && used.Pkg().Path() == "math/rand/v2" && slices.Contains([]string{"NormFloat64", "ExpFloat64"}, name) {
						report(n, name+" has other bits elsewhere")
					}
				}
			}
			parents = append(parents, n)
			return true
		})
	}
	return found
}

func isFloat(info *types.Info, e ast.Expr) bool {
	basic, ok := info.TypeOf(e).Underlying().(*types.Basic)
	return ok && basic.Info()&types.IsFloat != 0
}

// rounded tells whether a product is converted at once, or is a part of another product, a quotient or a comparison.
func rounded(parents []ast.Node, info *types.Info) bool {
	for _, parent := range slices.Backward(parents) {
		switch parent := parent.(type) {
		case *ast.ParenExpr:
			continue
		case *ast.CallExpr:
			return info.Types[parent.Fun].IsType()
		case *ast.BinaryExpr:
			return slices.Contains([]token.Token{token.MUL, token.QUO, token.LSS, token.GTR, token.LEQ, token.GEQ}, parent.Op)
		default:
			return false
		}
	}
	return false
}

// exports finds the compiled packages that type checking needs.
func exports(t *testing.T, packages ...string) types.Importer {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), "go", append([]string{"list", "-export", "-deps", "-f", "{{.ImportPath}} {{.Export}}"}, packages...)...).Output()
	require.NoError(t, err)
	files := map[string]string{}
	for line := range strings.Lines(string(out)) {
		if name, file, ok := strings.Cut(strings.TrimSpace(line), " "); ok {
			files[name] = file
		}
	}
	return importer.ForCompiler(token.NewFileSet(), "gc", func(path string) (io.ReadCloser, error) { return os.Open(files[path]) })
}

func check(t *testing.T, imports types.Importer, fset *token.FileSet, files []*ast.File) []string {
	t.Helper()
	info := &types.Info{Types: map[ast.Expr]types.TypeAndValue{}, Uses: map[*ast.Ident]types.Object{}, Defs: map[*ast.Ident]types.Object{}}
	_, err := (&types.Config{Importer: imports}).Check("p", fset, files, info)
	require.NoError(t, err)
	return fusable(fset, files, info)
}

// What is kept is the same on every architecture: no product of floating point can be joined with a sum.
func TestPurePackages_fuseNothing(t *testing.T) {
	paths := make([]string, len(pure))
	for i, name := range pure {
		paths[i] = "../" + name
	}
	imports := exports(t, paths...)
	for _, path := range paths {
		fset := token.NewFileSet()
		var files []*ast.File
		names, err := filepath.Glob(filepath.Join(path, "*.go"))
		require.NoError(t, err)
		for _, name := range names {
			if strings.HasSuffix(name, "_test.go") {
				continue
			}
			file, err := parser.ParseFile(fset, name, nil, 0)
			require.NoError(t, err)
			files = append(files, file)
		}
		require.NotEmpty(t, files)
		require.Empty(t, check(t, imports, fset, files))
	}
}

// The check finds every way in which a product can meet a sum.
func TestFusable_finds(t *testing.T) {
	imports := exports(t, "math", "math/rand/v2")
	for source, lines := range map[string]int{
		`return x*y + z`:                                   1,
		`return z - (x * y)`:                               1,
		`p := x * y; return p + z`:                         1,
		`x *= y; return x + z`:                             1,
		`return math.Sqrt(x*y) + float64(y*z)`:             1,
		`return math.Sin(x)`:                               1,
		`return rand.NormFloat64()`:                        1,
		`return float64(x*y) + z`:                          0,
		`if x*y > z { return float64((x*y)*z) }; return z`: 0,
		`n := 3; n *= 2; return float64(n*n + n)`:          0,
		`return float64(x*y/z) + math.Pi*2`:                0,
	} {
		fset := token.NewFileSet()
		text := bytes.NewBufferString("package p\nimport (\"math\"; \"math/rand/v2\")\nvar _, _ = math.Pi, rand.Int\nfunc f(x, y, z float64) float64 { " + source + " }")
		file, err := parser.ParseFile(fset, "p.go", text, 0)
		require.NoError(t, err)
		require.Len(t, check(t, imports, fset, []*ast.File{file}), lines, source)
	}
}
