// Package expression compiles and runs the expressions of scenario files, with exact numbers: 0.1 + 0.2 == 0.3, and 8.00
// stays 8.00.
package expression

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/expr-lang/expr"
	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/checker"
	"github.com/expr-lang/expr/compiler"
	"github.com/expr-lang/expr/conf"
	"github.com/expr-lang/expr/file"
	"github.com/expr-lang/expr/optimizer"
	"github.com/expr-lang/expr/parser"
	"github.com/expr-lang/expr/vm"

	"github.com/etcp-mock/etcp-mock/internal/lazyregexp"
)

// The bounds of an expression.
const (
	maxExpression = 4 << 10 // bytes
	maxExprNodes  = 500
	maxPredicates = 2 // one inside another: each loops over a list
	maxExprMemory = 200_000
)

// Expression is a compiled expression. It is shared and not changed.
type Expression struct {
	Text    string
	program *vm.Program
	loops   bool     // it runs on a budget
	Names   []string // the variables it reads
}

// operators are computed by us: exactly, and without turning one type into another.
var operators = map[string]string{
	"+": "add", "-": "subtract", "*": "multiply", "/": "divide", "%": "remainder",
	"==": "equal", "!=": "unequal", "<": "less", "<=": "lessOrEqual", ">": "greater", ">=": "greaterOrEqual", "in": "within",
}

const ours = "__"

// shared is what expr.Compile makes anew for each expression, made once: tables of functions that compiling only reads. Making them was a tenth of
// what reading the contract suite takes.
var shared = sync.OnceValue(func() *conf.Config {
	c := conf.CreateNew()
	for _, option := range []expr.Option{expr.MaxNodes(maxExprNodes), expr.DisableBuiltin("now"), expr.DisableBuiltin("date"), expr.DisableBuiltin("timezone"), expr.Optimize(true)} {
		option(c)
	}
	for name := range c.Disabled {
		delete(c.Builtins, name)
	}
	function := func(name string, f func(params ...any) (any, error)) { expr.Function(name, f)(c) }
	for op, name := range operators {
		switch op {
		case "+", "-", "*", "/", "%":
			function(ours+name, func(p ...any) (any, error) { return arithmetic(op, p[0], p[1]) })
		case "==":
			function(ours+name, func(p ...any) (any, error) { return Same(p[0], p[1]), nil })
		case "!=":
			function(ours+name, func(p ...any) (any, error) { return !Same(p[0], p[1]), nil })
		case "in":
			function(ours+name, func(p ...any) (any, error) { return contains(p[0], p[1]) })
		default:
			function(ours+name, func(p ...any) (any, error) {
				order, err := Compare(p[0], p[1])
				holds := map[string]bool{"<": order < 0, "<=": order <= 0, ">": order > 0, ">=": order >= 0}
				return holds[op], err
			})
		}
	}
	for name, f := range exactFunctions {
		function(name, f)
	}
	function(stepName, step)
	return c
})

// compile is expr.Compile with the shared tables.
func compile(text string, r *rewriter) (*vm.Program, error) {
	c := *shared()
	c.Visitors = []ast.Visitor{r}
	tree, err := checker.ParseCheck(text, &c)
	if err != nil {
		return nil, err
	}
	if err := optimizer.Optimize(&tree.Node, &c); err != nil {
		if f, ok := errors.AsType[*file.Error](err); ok {
			return nil, f.Bind(tree.Source)
		}
		return nil, err
	}
	return compiler.Compile(tree, &c)
}

func contains(item, in any) (any, error) {
	switch v := in.(type) {
	case []any:
		return slices.ContainsFunc(v, func(each any) bool { return Same(item, each) }), nil
	case map[string]any:
		name, ok := item.(string)
		_, has := v[name]
		return ok && has, nil
	case []int: // a range
		return slices.ContainsFunc(v, func(each int) bool { return Same(item, each) }), nil
	}
	return nil, fmt.Errorf("in wants an array or object at its right, not %s", TypeOf(in))
}

// FunctionNames are what an expression can call beyond the library's own.
var FunctionNames = []string{"now", "today", "fake", "uuid", "env"}

var expressions = struct {
	sync.RWMutex
	byText map[string]*Expression
}{byText: map[string]*Expression{}}

// maxCached bounds the expressions kept compiled over all scenarios.
const maxCached = 20_000

// Compile compiles an expression, or gives it compiled already.
func Compile(text string) (*Expression, error) {
	expressions.RLock()
	e := expressions.byText[text]
	expressions.RUnlock()
	if e != nil {
		return e, nil
	}
	switch {
	case strings.TrimSpace(text) == "":
		return nil, errors.New("is an empty expression")
	case len(text) > maxExpression:
		return nil, fmt.Errorf("is an expression over %d bytes", maxExpression)
	}
	r := &rewriter{}
	program, err := compile(text, r)
	if err == nil {
		err = r.err
	}
	if err != nil {
		return nil, expressionError(err)
	}
	e = &Expression{Text: text, program: program, loops: r.loops, Names: r.free()}
	expressions.Lock()
	defer expressions.Unlock()
	if len(expressions.byText) >= maxCached {
		clear(expressions.byText)
	}
	expressions.byText[text] = e
	return e, nil
}

// expressionError is the library's error without its own drawing of the position.
func expressionError(err error) error {
	if f, ok := errors.AsType[*file.Error](err); ok {
		if strings.HasSuffix(f.Message, `Operator("=")`) {
			return fmt.Errorf("does not compile: = compares nothing, write ==, at character %d of the expression", f.Column+1)
		}
		return fmt.Errorf("does not compile: %s, at character %d of the expression", plainly(f.Message), f.Column+1)
	}
	return fmt.Errorf("does not compile: %s", firstLine(err.Error()))
}

// token is how the library names a token that it did not expect: its kind, and its text where there is one.
var token = lazyregexp.New(`^unexpected token (?:(EOF)|\w+\((".*")\))$`)

// plainly is what the library says of a text, in words that need no knowledge of the library.
func plainly(message string) string {
	message = lowerFirst(message)
	switch of := token().FindStringSubmatch(message); {
	case of == nil:
		return message
	case of[1] != "":
		return "the expression ends too early"
	default:
		return "unexpected " + of[2]
	}
}

func firstLine(text string) string {
	line, _, _ := strings.Cut(text, "\n")
	return line
}

func lowerFirst(text string) string {
	if text == "" {
		return text
	}
	return strings.ToLower(text[:1]) + text[1:]
}

// rewriter hands operators to our functions, notes the variables, and bounds the loops.
type rewriter struct {
	names, declared []string
	loops           bool
	err             error
}

// Visit is called for a node after its children.
func (r *rewriter) Visit(node *ast.Node) {
	switch n := (*node).(type) {
	case *ast.IdentifierNode:
		r.names = append(r.names, n.Value)
	case *ast.VariableDeclaratorNode:
		r.declared = append(r.declared, n.Name)
	case *ast.BinaryNode:
		if name, ok := operators[n.Operator]; ok {
			ast.Patch(node, &ast.CallNode{Callee: &ast.IdentifierNode{Value: ours + name}, Arguments: []ast.Node{n.Left, n.Right}})
		} else if n.Operator == "**" || n.Operator == "^" {
			r.err = errors.New("powers are not supported")
		}
	case *ast.UnaryNode:
		if n.Operator == "-" {
			ast.Patch(node, &ast.CallNode{Callee: &ast.IdentifierNode{Value: ours + "subtract"}, Arguments: []ast.Node{&ast.IntegerNode{}, n.Node}})
		}
	case *ast.PredicateNode:
		r.loops = true
		n.Node = &ast.CallNode{Callee: &ast.IdentifierNode{Value: stepName}, Arguments: []ast.Node{&ast.IdentifierNode{Value: budgetName}, n.Node}}
	case *ast.BuiltinNode:
		if depth := predicates(n); depth > maxPredicates {
			r.err = fmt.Errorf("has more than %d loops, one inside another", maxPredicates)
		}
	}
}

// predicates is how many loops stand one inside another.
func predicates(n ast.Node) int {
	v := &loops{}
	ast.Walk(&n, v)
	return v.deepest
}

// loops counts predicates. A node is visited after its children, so that each predicate's depth is known when it is met.
type loops struct {
	deepest int
}

func (l *loops) Visit(node *ast.Node) {
	p, ok := (*node).(*ast.PredicateNode)
	if !ok {
		return
	}
	inner := &loops{}
	body := p.Node
	ast.Walk(&body, inner)
	l.deepest = max(l.deepest, inner.deepest+1)
}

// free are the variables read, without those the expression declares and the functions.
func (r *rewriter) free() []string {
	var names []string
	for _, name := range r.names {
		if strings.HasPrefix(name, ours) || slices.Contains(r.declared, name) || slices.Contains(FunctionNames, name) || slices.Contains(names, name) {
			continue
		}
		if _, ok := exactFunctions[name]; ok {
			continue
		}
		names = append(names, name)
	}
	return names
}

// machines are the library's virtual machines, kept for the next run.
var machines = sync.Pool{New: func() any { return &vm.VM{MemoryBudget: maxExprMemory} }}

// Eval runs the expression over the variables.
func (e *Expression) Eval(scope map[string]any) (any, error) {
	if e.loops {
		scope = withBudget(scope)
	}
	machine := machines.Get().(*vm.VM)
	defer machines.Put(machine)
	out, err := machine.Run(e.program, scope)
	if err != nil {
		if f, ok := errors.AsType[*file.Error](err); ok {
			return nil, fmt.Errorf("%s: %s", e.Text, evalMessage(f))
		}
		return nil, fmt.Errorf("%s: %s", e.Text, firstLine(err.Error()))
	}
	switch out.(type) {
	case nil, bool, int, string, []any, map[string]any:
		return out, nil
	}
	return plainValue(out), nil
}

func evalMessage(f *file.Error) string {
	if f.Prev != nil && !strings.HasPrefix(f.Message, f.Prev.Error()) {
		return f.Prev.Error()
	}
	return f.Message
}

// Truth runs the expression, which must say true or false.
func (e *Expression) Truth(scope map[string]any) (bool, error) {
	out, err := e.Eval(scope)
	if err != nil {
		return false, err
	}
	yes, ok := out.(bool)
	if !ok {
		return false, fmt.Errorf("%s: gives %s, not true or false", e.Text, TypeOf(out))
	}
	return yes, nil
}

// Comparison takes an expression that compares apart.
func Comparison(text string) (left, right string, ok bool) {
	tree, err := parser.Parse(text)
	if err != nil {
		return "", "", false
	}
	n, binary := tree.Node.(*ast.BinaryNode)
	if !binary || !slices.Contains([]string{"==", "!=", "<", "<=", ">", ">=", "in", "matches", "contains", "startsWith", "endsWith"}, n.Operator) {
		return "", "", false
	}
	return n.Left.String(), n.Right.String(), true
}
