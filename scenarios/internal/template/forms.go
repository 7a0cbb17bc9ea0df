package template

import (
	"strings"

	"github.com/etcp-mock/etcp-mock/client/control"
	"github.com/etcp-mock/etcp-mock/internal/lazyregexp"
	"github.com/etcp-mock/etcp-mock/scenarios/internal/expression"
	"github.com/etcp-mock/etcp-mock/scenarios/internal/syntax"
)

// Forms whose texts may hold ${…}.
var (
	Text = &syntax.Form{Want: "a text", Kind: syntax.TextKind, Name: "text", Check: func(c *syntax.Checker, n *syntax.Node, path string) {
		CompileText(c, &Value{}, n, path)
	}}
	TextOrNo = &syntax.Form{Want: "a text or a number", Options: []*syntax.Form{Text, syntax.Leaf("a number", syntax.NumberKind)}}
	Any      = &syntax.Form{Want: "a value", Anything: true, Name: "value", Check: func(c *syntax.Checker, n *syntax.Node, path string) {
		if Computes(n) {
			Compile(c, n, path)
		}
	}}
	Count = WholeNumber(0, 1_000_000)
	// duration is Go's, with days in front.
	Duration = &syntax.Form{
		Want: "a duration such as 45m, 1h30m or 8d", Kind: syntax.TextKind, Name: "duration", Check: checkDuration,
		Pattern: lazyregexp.New(`^([0-9]+d)?(([0-9]+(\.[0-9]+)?|\.[0-9]+)(ns|us|µs|ms|s|m|h))*$`),
	}
	FixedDuration = &syntax.Form{Want: Duration.Want, Kind: syntax.TextKind, Check: checkDuration, Pattern: Duration.Pattern, Fixed: true}
	Expression    = &syntax.Form{Want: "an expression", Kind: syntax.TextKind, Name: "expression", Check: func(c *syntax.Checker, n *syntax.Node, path string) {
		CompileExpression(c, n, path, false)
	}}
	AnswerExpression = &syntax.Form{Want: "an expression", Kind: syntax.TextKind, Name: "expression", Check: func(c *syntax.Checker, n *syntax.Node, path string) {
		CompileExpression(c, n, path, true)
	}}
	Instant = &syntax.Form{
		Want: "a time such as 2017-08-20 12:00:00", Kind: syntax.TextKind, Name: "time", Check: Text.Check,
		Pattern: lazyregexp.New(`^[0-9]{4}-[0-9]{2}-[0-9]{2}[ T][0-9]{2}:[0-9]{2}:[0-9]{2}`),
	}
	Money = &syntax.Form{Want: "an amount of yuan as a text, such as \"5.50\"", Kind: syntax.TextKind, Check: Text.Check, Pattern: lazyregexp.New(`^[0-9]+(\.[0-9]{1,2})?$`)}
)

// WholeNumber is a whole number between two, both included, or one ${…}.
func WholeNumber(least, most int) *syntax.Form {
	return &syntax.Form{Want: "a whole number", Options: []*syntax.Form{{Want: "a whole number", Kind: syntax.NumberKind, Number: &syntax.Bounds{Least: least, Most: most}}, Computed}}
}

// Computed is a text in place of a value of another type: one ${…}.
var Computed = &syntax.Form{Want: "a ${…}", Computed: true, Kind: syntax.TextKind, Pattern: lazyregexp.New(`^\$\{.*\}$`), Check: func(c *syntax.Checker, n *syntax.Node, path string) {
	CompileText(c, &Value{}, n, path)
}}

func checkDuration(c *syntax.Checker, n *syntax.Node, path string) {
	Text.Check(c, n, path)
	if IsTemplate(n) {
		return
	}
	if _, err := control.ParseDuration(n.Scalar); err != nil {
		c.Problem(n.Position, path, "want a duration such as 45m, 1h30m or 8d, got "+expression.Brief(n.Scalar), "")
	}
}

// IsTemplate reports whether a text holds a ${…}.
func IsTemplate(n *syntax.Node) bool {
	return n.Kind == syntax.TextKind && strings.Contains(n.Scalar, "${")
}
