// Package schema plants many bugs in one build. Each function that has a bug becomes one that chooses, by the number of the bug that
// is on, between copies of itself: one that is right, and one for each bug. It writes an overlay for go build, and changes no file of
// the tree.
package schema

import (
	"bytes"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// Bug is a change of one text of a file into another.
type Bug struct {
	Number        int // from 1
	Before, After string
	Offset        int // of Before in the file
}

const activePath = "github.com/etcp-mock/etcp-mock/mutants/active"

var (
	// ErrPlace means that a text stands where no bug can be planted.
	ErrPlace = errors.New("no bug can be planted here")
	// ErrSyntax means that a file with the bug is no Go.
	ErrSyntax = errors.New("is no Go")
)

// Plant is the text of a file with bugs in it. The active bug is chosen when the process starts.
func Plant(name string, src []byte, bugs []Bug) ([]byte, error) {
	set := token.NewFileSet()
	file, err := parser.ParseFile(set, name, src, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	p := planter{src: src, base: set.File(file.Pos()).Base(), file: file, name: name}
	edits := map[ast.Node][]Bug{}
	var order []ast.Node
	for _, b := range bugs {
		node, err := p.placeOf(b)
		if err != nil {
			return nil, err
		}
		if edits[node] == nil {
			order = append(order, node)
		}
		edits[node] = append(edits[node], b)
	}
	slices.SortFunc(order, func(a, b ast.Node) int { return int(a.Pos() - b.Pos()) })
	var out bytes.Buffer
	last := 0
	for _, node := range order {
		from, to := p.span(node)
		out.Write(src[last:from])
		switch node := node.(type) {
		case *ast.FuncDecl:
			p.function(&out, node, edits[node])
		case ast.Expr:
			p.value(&out, node, edits[node])
		}
		last = to
	}
	out.Write(src[last:])
	text := out.Bytes()
	at := int(file.Name.End()) - p.base
	imports := "; import mutants_active " + strconv.Quote(activePath)
	if bytes.Contains(text, []byte("strings.")) && !slices.ContainsFunc(file.Imports, func(i *ast.ImportSpec) bool { return i.Path.Value == `"strings"` }) {
		imports += `; import "strings"` // a bug may change texts in a file that does not
	}
	return slices.Concat(text[:at], []byte(imports), text[at:]), nil
}

type planter struct {
	src  []byte
	base int
	file *ast.File
	name string
}

func (p *planter) span(n ast.Node) (from, to int) {
	return int(n.Pos()) - p.base, int(n.End()) - p.base
}

func (p *planter) text(n ast.Node) string {
	from, to := p.span(n)
	return string(p.src[from:to])
}

// placeOf is the function or the value of a variable that a bug lies in.
func (p *planter) placeOf(b Bug) (ast.Node, error) {
	for _, decl := range p.file.Decls {
		from, to := p.span(decl)
		if b.Offset < from || b.Offset+len(b.Before) > to {
			continue
		}
		switch d := decl.(type) {
		case *ast.FuncDecl:
			if d.Body == nil || d.Name.Name == "init" || recovers(d) {
				return nil, fmt.Errorf("%s: %q: %w: the function recovers or is init", p.name, b.Before, ErrPlace)
			}
			return d, p.parses(from, to, b)
		case *ast.GenDecl:
			if d.Tok != token.VAR {
				return nil, fmt.Errorf("%s: %q: %w: in a %s", p.name, b.Before, ErrPlace, d.Tok)
			}
			for _, spec := range d.Specs {
				for _, value := range spec.(*ast.ValueSpec).Values {
					from, to := p.span(value)
					if b.Offset >= from && b.Offset+len(b.Before) <= to {
						return value, nil
					}
				}
			}
		}
	}
	return nil, fmt.Errorf("%s: %q: %w", p.name, b.Before, ErrPlace)
}

func (p *planter) parses(from, to int, b Bug) error {
	text := "package p\n" + p.changed(from, to, b)
	if _, err := parser.ParseFile(token.NewFileSet(), "", text, parser.SkipObjectResolution); err != nil {
		return fmt.Errorf("%s: %q → %q: %w: %w", p.name, b.Before, b.After, ErrSyntax, err)
	}
	return nil
}

func recovers(d *ast.FuncDecl) (found bool) {
	ast.Inspect(d.Body, func(n ast.Node) bool {
		if _, literal := n.(*ast.FuncLit); literal {
			return false // that one recovers for itself
		}
		call, isCall := n.(*ast.CallExpr)
		if isCall {
			if id, named := call.Fun.(*ast.Ident); named && id.Name == "recover" {
				found = true
			}
		}
		return true
	})
	return found
}

// changed is a part of the file with a bug.
func (p *planter) changed(from, to int, b Bug) string {
	end := b.Offset + len(b.Before)
	return string(p.src[from:b.Offset]) + b.After + string(p.src[end:to])
}

func (p *planter) value(out *bytes.Buffer, e ast.Expr, bugs []Bug) {
	from, to := p.span(e)
	text := string(p.src[from:to])
	for _, b := range bugs {
		text = fmt.Sprintf("mutants_active.If(%d, %s, %s)", b.Number, p.changed(from, to, b), text)
	}
	out.WriteString(text)
}

// function writes a function that chooses, and its copies.
func (p *planter) function(out *bytes.Buffer, d *ast.FuncDecl, bugs []Bug) {
	from, to := p.span(d)
	fmt.Fprintf(out, "func ")
	call := d.Name.Name
	if d.Recv != nil {
		fmt.Fprintf(out, "(mutants_recv %s) ", p.text(d.Recv.List[0].Type))
		call = "mutants_recv." + call
	}
	out.WriteString(d.Name.Name)
	if d.Type.TypeParams != nil {
		out.WriteString(p.text(d.Type.TypeParams))
	}
	var params, args []string
	for _, field := range d.Type.Params.List {
		for range max(1, len(field.Names)) {
			name := "mutants_p" + strconv.Itoa(len(params))
			params = append(params, name+" "+p.text(field.Type))
			if _, variadic := field.Type.(*ast.Ellipsis); variadic {
				name += "..."
			}
			args = append(args, name)
		}
	}
	fmt.Fprintf(out, "(%s) ", strings.Join(params, ", "))
	give := ""
	if d.Type.Results != nil {
		out.WriteString(p.results(d.Type.Results))
		give = "return "
	}
	list := strings.Join(args, ", ")
	out.WriteString(" { switch mutants_active.Bug { ")
	for _, b := range bugs {
		fmt.Fprintf(out, "case %d: %s%s__%d(%s); ", b.Number, give, call, b.Number, list)
	}
	fmt.Fprintf(out, "default: %s%s__0(%s) }", give, call, list)
	if give != "" {
		out.WriteString("; ")
	}
	out.WriteString(" }\n")
	at := int(d.Name.End()) - p.base
	out.WriteString(string(p.src[from:at]) + "__0" + string(p.src[at:to]) + "\n")
	for _, b := range bugs {
		text := p.changed(from, to, b)
		out.WriteString(text[:at-from] + "__" + strconv.Itoa(b.Number) + text[at-from:] + "\n")
	}
}

// results are a function's results without their names, so that none of them is shadowed.
func (p *planter) results(list *ast.FieldList) string {
	var types []string
	for _, field := range list.List {
		for range max(1, len(field.Names)) {
			types = append(types, p.text(field.Type))
		}
	}
	return "(" + strings.Join(types, ", ") + ")"
}

// Files are the Go files under some folders of a tree, tests aside.
func Files(root string, folders ...string) ([]string, error) {
	var files []string
	for _, folder := range folders {
		err := filepath.WalkDir(filepath.Join(root, folder), func(path string, d os.DirEntry, err error) error {
			if err == nil && !d.IsDir() && strings.HasSuffix(path, ".go") && !strings.HasSuffix(path, "_test.go") {
				files = append(files, path)
			}
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	return files, nil
}
