package scenarios

import (
	"time"

	"github.com/etcp-mock/etcp-mock/client/control"
	"github.com/etcp-mock/etcp-mock/scenarios/internal/match"
	"github.com/etcp-mock/etcp-mock/scenarios/internal/syntax"
	"github.com/etcp-mock/etcp-mock/scenarios/internal/template"
	"github.com/etcp-mock/etcp-mock/scenarios/problem"
)

// The limits of a scenario's file. A long recording is some megabytes.
var scenarioLimits = syntax.Limits{Bytes: 32 << 20, Nodes: 1_000_000}

// Parse reads a scenario from YAML (or JSON). Its error is [Problems]: everything that is wrong with the file, each with
// its position. Whether the scenarios it uses exist, [Scenario.Link] says; without any, Parse has checked everything.
func Parse(name string, text []byte) (*Scenario, error) {
	p := parse(name, text, nil)
	return p.scenario, p.err
}

// parsed is what became of a file: a scenario, or what is wrong with it.
type parsed struct {
	file     string
	scenario *Scenario
	err      error
	name     string             // of a scenario that is wrong, as far as it has one
	refers   []syntax.Reference // the scenarios that it names
}

// parse parses a scenario that may read variables given from outside.
func parse(name string, text []byte, given []string) parsed {
	root, err := syntax.Read(name, text, scenarioLimits)
	if err != nil {
		return parsed{file: name, err: problem.Problems{err.(*problem.Problem)}} //nolint:errorlint // its only kind of error
	}
	c := &syntax.Checker{File: name, Text: text}
	c.Form(scenarioForm, root, "")
	if len(c.Problems) > 0 {
		out := parsed{file: name, refers: referencesIn(root)}
		if n := root.Get("name"); n != nil {
			out.name = n.Scalar
		}
		nowhere(c, root, given, len(out.refers) > 0)
		if n := root.Get("sandbox"); n != nil {
			checkMerchants(c, &Scenario{fixture: template.Compile(&syntax.Checker{}, n, ""), merchants: c.Merchants})
		}
		out.err = c.Err()
		return out
	}
	c.Uses = nil // building notes them with their steps
	b := &builder{c: c, setup: root.Get("setup")}
	s := b.scenario(root)
	s.uses, s.merchants = b.uses(), c.Merchants
	if len(s.references()) == 0 {
		checkVariables(c, s, given)
		s.linked = true
	}
	if err := c.Err(); err != nil {
		return parsed{file: name, err: err, name: s.Name, refers: referencesIn(root)}
	}
	return parsed{file: name, scenario: s}
}

// referencesIn are the names of other scenarios in a file, however broken.
func referencesIn(root *syntax.Node) []syntax.Reference {
	referring := scenarioForm.FieldsWhere(func(f *syntax.Form) bool { return f.Refers })
	var out []syntax.Reference
	var walk func(n *syntax.Node, path string)
	walk = func(n *syntax.Node, path string) {
		for i, item := range n.Items {
			walk(item, syntax.Index(path, i))
		}
		for _, m := range n.Members {
			at := syntax.Join(path, m.Name)
			if referring[m.Name] && m.Value.Kind == syntax.TextKind {
				out = append(out, syntax.Reference{Name: m.Value.Scalar, Position: m.Value.Position, Path: at})
			}
			walk(m.Value, at)
		}
	}
	walk(root, "")
	return out
}

// builder builds the model of a file that has the right form.
type builder struct {
	c      *syntax.Checker
	setup  *syntax.Node // the scenario that is run first
	owners []*Step      // of the checker's uses, as far as they stand in steps
}

// owns notes that the uses since the first stand in a step, but for those that stand in steps inside it.
func (b *builder) owns(step *Step, first int) {
	for len(b.owners) < len(b.c.Uses) {
		b.owners = append(b.owners, nil)
	}
	for i := range b.owners[first:] {
		if b.owners[first+i] == nil {
			b.owners[first+i] = step
		}
	}
}

// uses are the places that read variables, with the steps they stand in.
func (b *builder) uses() []stepUse {
	uses := make([]stepUse, len(b.c.Uses))
	for i, u := range b.c.Uses {
		uses[i].Use = u
		if i < len(b.owners) {
			uses[i].step = b.owners[i]
		}
	}
	return uses
}

// stepUse is a place that reads variables, and the step it stands in, or nil.
type stepUse struct {
	syntax.Use

	step *Step
}

// scenario builds the model of a file that has the right form.
func (b *builder) scenario(root *syntax.Node) *Scenario {
	s := &Scenario{File: b.c.File, Text: b.c.Text, Name: root.Get("name").Scalar, Position: root.Get("name").Position}
	if n := root.Get("summary"); n != nil {
		s.Summary = n.Scalar
	}
	s.Tags, s.Covers, s.State = texts(root.Get("tags")), texts(root.Get("covers")), texts(root.Get("needs"))
	if n := root.Get("needs"); n != nil {
		s.statePosition = n.Position
		b.checkState(n, root.Get("sandbox"))
	}
	if n := root.Get("setup"); n != nil {
		s.Setup, s.setupPosition = n.Scalar, n.Position
	}
	s.vars = b.vars(root.Get("vars"), "vars")
	if n := root.Get("sandbox"); n != nil {
		s.fixture = template.Compile(b.c, n, "sandbox")
	}
	if n := root.Get("matrix"); n != nil {
		for i, item := range n.Items {
			row := &Row{Position: item.Position, vars: b.vars(item, syntax.Index("matrix", i))}
			for _, v := range row.vars {
				row.Names = append(row.Names, v.name)
			}
			s.Matrix = append(s.Matrix, row)
		}
	}
	s.Steps = b.steps(s, root.Get("steps"), "steps", PhaseSteps)
	s.Finally = b.steps(s, root.Get("finally"), "finally", PhaseFinally)
	return s
}

// checkState finds parts that are needed, and that no sandbox of the file holds. A setup may bring them.
func (b *builder) checkState(needs, sandbox *syntax.Node) {
	for i, item := range needs.Items {
		if b.setup == nil && !sandbox.Has(item.Scalar) {
			b.c.Problem(item.Position, syntax.Index("needs", i), "sandbox has no "+item.Scalar+", so that nothing would be set", "")
		}
	}
}

func texts(n *syntax.Node) []string {
	if n == nil {
		return nil
	}
	out := make([]string, len(n.Items))
	for i, item := range n.Items {
		out[i] = item.Scalar
	}
	return out
}

func (b *builder) vars(n *syntax.Node, path string) []variable {
	if n == nil {
		return nil
	}
	out := make([]variable, len(n.Members))
	for i, m := range n.Members {
		out[i] = variable{m.Name, m.Position, template.Compile(b.c, m.Value, syntax.Join(path, m.Name))}
	}
	return out
}

func (b *builder) steps(s *Scenario, n *syntax.Node, path string, phase Phase) []*Step {
	if n == nil {
		return nil
	}
	out := make([]*Step, len(n.Items))
	for i, item := range n.Items {
		out[i] = b.step(s, item, syntax.Index(path, i), phase)
	}
	return out
}

func (b *builder) step(s *Scenario, n *syntax.Node, path string, phase Phase) *Step {
	a := actionOf(n)
	step := &Step{Position: n.Position, Action: a.name, Phase: phase, file: s, action: a, extras: map[string]*template.Value{}}
	first := len(b.c.Uses)
	step.action.read(b, step, n, path)
	step.Subject = step.action.subject(n.Get(step.Action))
	if m := n.Get("name"); m != nil {
		step.Name = m.Scalar
	}
	for _, m := range n.Members {
		b.modifier(step, m, syntax.Join(path, m.Name))
	}
	b.owns(step, first)
	return step
}

// modifier compiles what any step takes.
func (b *builder) modifier(step *Step, m syntax.Member, path string) {
	switch m.Name {
	case "expect":
		step.expect = match.Compile(b.c, m.Value, path)
	case "assert":
		list := m.Value.Items
		if m.Value.Kind == syntax.TextKind {
			list = []*syntax.Node{m.Value}
		}
		for i, item := range list {
			if e := template.CompileExpression(b.c, item, syntax.Index(path, i), true); e != nil {
				step.asserts = append(step.asserts, positionedExpression{e, item.Position})
			}
		}
	case "save":
		for _, each := range m.Value.Members {
			if e := template.CompileExpression(b.c, each.Value, syntax.Join(path, each.Name), true); e != nil {
				step.saves = append(step.saves, saved{each.Name, positionedExpression{e, each.Value.Position}})
			}
		}
	case "until":
		if e := template.CompileExpression(b.c, m.Value, path, true); e != nil {
			step.until = &positionedExpression{e, m.Value.Position}
		}
	case "if":
		step.unless, step.ifPosition = template.CompileExpression(b.c, m.Value, path, false), m.Value.Position
	case "every":
		step.every = durationOf(m.Value)
	case "within":
		step.within, step.waits = durationOf(m.Value), true
	}
}

func durationOf(n *syntax.Node) time.Duration {
	d, _ := control.ParseDuration(n.Scalar) // checked by its form
	return d
}
