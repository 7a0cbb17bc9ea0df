package schema

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
)

// generated are the folders whose code Generate changes; skipped are files and functions of them that no request goes through.
var (
	generated    = []string{"mock/internal/platform", "mock/internal/engine", "mock/internal/api", "mock/internal/push", "sign"}
	skippedFile  = regexp.MustCompile(`(codec|snapshot|snapshot_check|copy|summary|why|fixes|phrases|refusal|diff|history|view|state|rename|same|commands|fix|validate|reading|forget|allow|requestline|inputs|events|setup|settings|vectors|doc)\.go$|diagnose/`)
	skippedFunc  = regexp.MustCompile(`^(String|Explain|Summary|Validate|MarshalJSON|UnmarshalJSON|MarshalText|UnmarshalText|UnmarshalStrictJSON|clip|excerpt|short|explain|Size|headersOf|about|mismatch|wantsOf|apply|CheckRule|canonicalRule|RuleTable|lint|keep|kindName|jsonKind|beside|besideZh|inDays|lazySign|phrase|wider|forget.*|clone|refuse[A-Z].*|RawPushText|PushFields|parsePush|nextField|VerifyFields|Trim|trim|Mark|Identifier)$`)
	explanations = map[string]bool{"With": true, "Say": true, "Because": true, "At": true, "Prose": true, "Sprintf": true, "Errorf": true, "New": true, "panic": true, "Error": true}
)

// Generate makes bugs of the code by rules: other operators, constants one off, conditions turned round, statements dropped. One in
// every so many is given. Those that do not compile are left out.
func Generate(root string, every int) ([]Row, error) {
	files, err := Files(root, generated...)
	if err != nil {
		return nil, err
	}
	exports, err := ListExports(root, "./mock/internal/...", "./sign")
	if err != nil {
		return nil, err
	}
	var rows []Row
	for _, path := range files {
		if skippedFile.MatchString(path) {
			continue
		}
		src, err := os.ReadFile(path)
		if err != nil {
			return nil, err
		}
		found, err := generateIn(path, src)
		if err != nil {
			return nil, err
		}
		if found, err = compiling(path, src, found, exports); err != nil {
			return nil, err
		}
		rows = append(rows, found...)
	}
	var some []Row
	for i := 0; i < len(rows); i += max(1, every) {
		some = append(some, rows[i])
	}
	return some, nil
}

// Containing are the rows with a text.
func Containing(rows []Row, text string) []Row {
	var some []Row
	for _, r := range rows {
		if strings.Contains(r.String(), text) || strings.Contains(r.Rule, text) {
			some = append(some, r)
		}
	}
	return some
}

func compiling(path string, src []byte, rows []Row, exports Exports) ([]Row, error) {
	var bugs []Bug
	var planned []Row
	for _, r := range rows {
		b := Bug{Number: len(bugs) + 1, Before: r.Before, After: r.After, Offset: r.offset}
		if _, err := Plant(path, src, []Bug{b}); err == nil {
			bugs, planned = append(bugs, b), append(planned, r)
		}
	}
	if len(bugs) == 0 {
		return nil, nil
	}
	text, err := Plant(path, src, bugs)
	if err != nil {
		return nil, err
	}
	wrong, err := Check(filepath.Dir(path), map[string][]byte{path: text}, exports)
	if err != nil {
		return nil, err
	}
	bad := map[int]bool{}
	for _, w := range wrong {
		bad[w.Number] = true
	}
	var good []Row
	for i, r := range planned {
		if !bad[i+1] {
			good = append(good, r)
		}
	}
	return good, nil
}

type generator struct {
	src  []byte
	base int
	path string
	rows []Row
	in   string // the function
}

func generateIn(path string, src []byte) ([]Row, error) {
	set := token.NewFileSet()
	file, err := parser.ParseFile(set, path, src, parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	g := &generator{src: src, base: set.File(file.Pos()).Base(), path: path}
	for _, decl := range file.Decls {
		d, ok := decl.(*ast.FuncDecl)
		if !ok || d.Body == nil || skippedFunc.MatchString(d.Name.Name) {
			continue
		}
		g.in = d.Name.Name
		ast.Inspect(d.Body, g.visit)
	}
	return g.rows, nil
}

func (g *generator) change(from, to token.Pos, after string) {
	a, b := int(from)-g.base, int(to)-g.base
	g.rows = append(g.rows, Row{
		File: filepath.Base(g.path), Rule: g.in, Before: string(g.src[a:b]), After: after, path: g.path, offset: a,
		context: string(g.src[max(0, a-40):min(len(g.src), b+20)]),
	})
}

var others = map[token.Token][]string{
	token.LSS: {"<=", ">="}, token.LEQ: {"<"}, token.GTR: {">=", "<="}, token.GEQ: {">"}, token.EQL: {"!="}, token.NEQ: {"=="},
	token.LAND: {"||"}, token.LOR: {"&&"}, token.ADD: {"-"}, token.SUB: {"+"}, token.MUL: {"/"}, token.QUO: {"*"}, token.REM: {"/"},
}

// visit changes a node in all the ways there are.
func (g *generator) visit(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.CallExpr:
		if name := calledName(n); explanations[name] {
			if s, chained := n.Fun.(*ast.SelectorExpr); chained {
				ast.Inspect(s.X, g.visit)
			}
			return false
		}
	case *ast.BinaryExpr:
		for _, other := range others[n.Op] {
			g.change(n.OpPos, n.OpPos+token.Pos(len(n.Op.String())), other)
		}
	case *ast.BasicLit:
		g.literal(n)
	case *ast.Ident:
		switch n.Name {
		case "true":
			g.change(n.Pos(), n.End(), "false")
		case "false":
			g.change(n.Pos(), n.End(), "true")
		}
	case *ast.IfStmt:
		g.change(n.Cond.Pos(), n.Cond.End(), "("+g.text(n.Cond)+") && false")
		g.change(n.Cond.Pos(), n.Cond.End(), "("+g.text(n.Cond)+") || true")
	case *ast.CaseClause:
		for _, c := range n.List {
			if _, literal := c.(*ast.BasicLit); !literal && !isSelector(c) {
				g.change(c.Pos(), c.End(), "("+g.text(c)+") && false")
			}
		}
	case *ast.ExprStmt, *ast.IncDecStmt, *ast.BranchStmt, *ast.DeferStmt:
		g.change(n.Pos(), n.End(), "")
	case *ast.AssignStmt:
		if n.Tok != token.DEFINE {
			g.change(n.Pos(), n.End(), "")
		}
	case *ast.UnaryExpr:
		if n.Op == token.NOT {
			g.change(n.Pos(), n.X.Pos(), "")
		}
	}
	return true
}

func isSelector(e ast.Expr) bool { _, ok := e.(*ast.SelectorExpr); return ok }

func (g *generator) text(n ast.Node) string {
	return string(g.src[int(n.Pos())-g.base : int(n.End())-g.base])
}

func (g *generator) literal(n *ast.BasicLit) {
	switch n.Kind { //nolint:exhaustive // of the others there is no neighbour
	case token.INT:
		if v, err := strconv.ParseInt(n.Value, 0, 64); err == nil {
			g.change(n.Pos(), n.End(), strconv.FormatInt(v+1, 10))
			if v > 0 {
				g.change(n.Pos(), n.End(), strconv.FormatInt(v-1, 10))
			}
		}
	case token.STRING:
		if len(n.Value) > 2 {
			g.change(n.Pos(), n.End(), `"x"`)
		}
	case token.CHAR:
		g.change(n.Pos(), n.End(), n.Value+"+1")
	}
}

func calledName(c *ast.CallExpr) string {
	switch f := c.Fun.(type) {
	case *ast.Ident:
		return f.Name
	case *ast.SelectorExpr:
		return f.Sel.Name
	}
	return ""
}
