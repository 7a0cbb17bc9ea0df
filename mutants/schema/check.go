package schema

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
)

// Exports are where the compiled forms of packages are, by import path.
type Exports map[string]string

// ListExports compiles packages with what they import, as far as that is not done, and says where the results are.
func ListExports(root string, patterns ...string) (Exports, error) {
	cmd := exec.Command("go", append([]string{"list", "-export", "-deps", "-json=ImportPath,Export"}, patterns...)...) //nolint:gosec // packages of the tree
	cmd.Dir, cmd.Stderr = root, os.Stderr
	text, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("go list: %w", err)
	}
	found := Exports{}
	for dec := json.NewDecoder(bytes.NewReader(text)); ; {
		var p struct {
			ImportPath string `json:"ImportPath"`
			Export     string `json:"Export"`
		}
		if err := dec.Decode(&p); errors.Is(err, io.EOF) {
			return found, nil
		} else if err != nil {
			return nil, err
		}
		found[p.ImportPath] = p.Export
	}
}

// TypeError is a bug that does not compile.
type TypeError struct {
	Number int // of the bug; 0 where it is none's
	Err    error
}

// Check finds the bugs that do not compile in a folder, of which planted has some files' texts by their path.
func Check(folder string, planted map[string][]byte, exports Exports) ([]TypeError, error) {
	entries, err := filepath.Glob(filepath.Join(folder, "*.go"))
	if err != nil {
		return nil, err
	}
	set := token.NewFileSet()
	var files []*ast.File
	for _, path := range entries {
		if strings.HasSuffix(path, "_test.go") {
			continue
		}
		var src any
		if text, ok := planted[path]; ok {
			src = text
		}
		file, err := parser.ParseFile(set, path, src, parser.SkipObjectResolution)
		if err != nil {
			return nil, err
		}
		files = append(files, file)
	}
	var wrong []TypeError
	conf := types.Config{
		Importer: importer.ForCompiler(set, "gc", func(path string) (io.ReadCloser, error) { return os.Open(exports[path]) }),
		Error: func(err error) {
			if t, ok := errors.AsType[types.Error](err); ok {
				wrong = append(wrong, TypeError{numberAt(files, t.Pos), err})
			}
		},
	}
	_, _ = conf.Check(folder, set, files, nil) // Error has heard of all
	return wrong, nil
}

// numberAt is the number of the bug whose copy of a function a position lies in.
func numberAt(files []*ast.File, at token.Pos) int {
	for _, file := range files {
		if at < file.FileStart || at > file.FileEnd {
			continue
		}
		for _, decl := range file.Decls {
			if d, ok := decl.(*ast.FuncDecl); ok && at >= d.Pos() && at < d.End() {
				_, suffix, _ := strings.Cut(d.Name.Name, "__")
				n, _ := strconv.Atoi(suffix)
				return n
			}
		}
	}
	return 0
}
