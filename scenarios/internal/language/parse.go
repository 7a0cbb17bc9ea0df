package language

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
	p := parse(name, text, reading{})
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

// parse parses a scenario.
func parse(name string, text []byte, how reading) parsed {
	root, err := syntax.Read(name, text, scenarioLimits)
	if err != nil {
		return parseAround(name, text, how, err.(*problem.Problem)) //nolint:errorlint,forcetypeassert // its only kind of error
	}
	c := &syntax.Checker{File: name, Text: text, Judge: how.judge}
	c.Form(scenarioForm, root, "")
	if len(c.Problems) > 0 {
		out := parsed{file: name, refers: referencesIn(root)}
		if n := root.Get("name"); n != nil {
			out.name = n.Scalar
		}
		nowhere(c, root, how.given, len(out.refers) > 0)
		names := referencesTo(c, root)
		if n := root.Get("sandbox"); n != nil {
			checkReferences(c, names, template.Compile(&syntax.Checker{}, n, ""))
		}
		if len(out.refers) == 0 {
			missingSnapshots(c, names.restores, names.snapshots)
			missingCodes(c, names)
		}
		out.err = c.Err()
		return out
	}
	c.Uses = nil // building notes them with their steps
	b := &Builder{Checker: c, setup: root.Get("setup")}
	s := b.scenario(root)
	s.uses, s.refers = b.uses(), referencesTo(c, root)
	if len(s.references()) == 0 {
		checkVariables(c, s, how.given)
		s.linked.Store(true)
	}
	if err := c.Err(); err != nil {
		return parsed{file: name, err: err, name: s.Name, refers: referencesIn(root)}
	}
	return parsed{file: name, scenario: s}
}

// parseAround is what is wrong with a file that cannot be read: the mistakes of its syntax, and what its other parts have that no form takes. Of
// what one part says of another nothing is said: it may be in a part that could not be read.
func parseAround(name string, text []byte, how reading, first *problem.Problem) parsed {
	root, problems := syntax.ReadAround(name, text, scenarioLimits, first)
	c := &syntax.Checker{File: name, Text: text, Judge: how.judge, Problems: problems}
	out := parsed{file: name}
	if root != nil {
		c.Form(scenarioForm, root, "")
		out.refers = referencesIn(root)
		if n := root.Get("name"); n != nil {
			out.name = n.Scalar
		}
	}
	out.err = c.Err()
	return out
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

// Builder builds the model of a file that has the right form.
type Builder struct {
	Checker *syntax.Checker
	setup   *syntax.Node // the scenario that is run first
	owners  []*Step      // of the checker's uses, as far as they stand in steps
}

// owns notes that the uses since the first stand in a step, but for those that stand in steps inside it.
func (b *Builder) owns(step *Step, first int) {
	for len(b.owners) < len(b.Checker.Uses) {
		b.owners = append(b.owners, nil)
	}
	for i := range b.owners[first:] {
		if b.owners[first+i] == nil {
			b.owners[first+i] = step
		}
	}
}

// uses are the places that read variables, with the steps they stand in.
func (b *Builder) uses() []stepUse {
	uses := make([]stepUse, len(b.Checker.Uses))
	for i, u := range b.Checker.Uses {
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
func (b *Builder) scenario(root *syntax.Node) *Scenario {
	s := &Scenario{File: b.Checker.File, Text: b.Checker.Text, Name: root.Get("name").Scalar, Position: root.Get("name").Position}
	if n := root.Get("summary"); n != nil {
		s.Summary = n.Scalar
	}
	if n := root.Get("summaryZh"); n != nil {
		s.SummaryZh = n.Scalar
	}
	s.Tags, s.Covers, s.Checks, s.State = texts(root.Get("tags")), texts(root.Get("covers")), texts(root.Get("checks")), texts(root.Get("needs"))
	if n := root.Get("needs"); n != nil {
		s.statePosition = n.Position
		b.checkState(n, root.Get("sandbox"))
	}
	if n := root.Get("setup"); n != nil {
		s.Setup, s.SetupPosition = n.Scalar, n.Position
	}
	s.Variables = b.Vars(root.Get("vars"), "vars")
	if n := root.Get("sandbox"); n != nil {
		s.fixture = template.Compile(b.Checker, n, "sandbox")
	}
	if n := root.Get("matrix"); n != nil {
		for i, item := range n.Items {
			row := &Row{Position: item.Position, Values: b.Vars(item, syntax.Index("matrix", i))}
			for _, v := range row.Values {
				row.Names = append(row.Names, v.Name)
			}
			s.Matrix = append(s.Matrix, row)
		}
	}
	s.Steps = b.Steps(s, root.Get("steps"), "steps", PhaseSteps)
	s.Finally = b.Steps(s, root.Get("finally"), "finally", PhaseFinally)
	return s
}

// checkState finds parts that are needed, and that no sandbox of the file holds. A setup may bring them.
func (b *Builder) checkState(needs, sandbox *syntax.Node) {
	for i, item := range needs.Items {
		if b.setup == nil && !sandbox.Has(item.Scalar) {
			b.Checker.Problem(item.Position, syntax.Index("needs", i), "sandbox has no "+item.Scalar+", so that nothing would be set", "")
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

// Vars reads the variables of a scenario, in the order of the file.
func (b *Builder) Vars(n *syntax.Node, path string) []Variable {
	if n == nil {
		return nil
	}
	out := make([]Variable, len(n.Members))
	for i, m := range n.Members {
		out[i] = Variable{m.Name, m.Position, template.Compile(b.Checker, m.Value, syntax.Join(path, m.Name))}
	}
	return out
}

// Steps reads a list of steps; path is its pointer in the file.
func (b *Builder) Steps(s *Scenario, n *syntax.Node, path string, phase Phase) []*Step {
	if n == nil {
		return nil
	}
	out := make([]*Step, len(n.Items))
	for i, item := range n.Items {
		out[i] = b.step(s, item, syntax.Index(path, i), phase)
	}
	return out
}

func (b *Builder) step(s *Scenario, n *syntax.Node, path string, phase Phase) *Step {
	a := kindOf(n)
	step := &Step{Position: n.Position, Action: a.Name, Phase: phase, File: s, Kind: a, Extras: map[string]*template.Value{}}
	first := len(b.Checker.Uses)
	step.Kind.Read(b, step, n, path)
	step.Subject = step.Kind.Subject(n.Get(step.Action))
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
func (b *Builder) modifier(step *Step, m syntax.Member, path string) {
	switch m.Name {
	case "expect":
		step.Expect = match.Compile(b.Checker, m.Value, path)
	case "assert":
		list := m.Value.Items
		if m.Value.Kind == syntax.TextKind {
			list = []*syntax.Node{m.Value}
		}
		for i, item := range list {
			if e := template.CompileExpression(b.Checker, item, syntax.Index(path, i), true); e != nil {
				step.Asserts = append(step.Asserts, Expression{e, item.Position})
			}
		}
	case "save":
		for _, each := range m.Value.Members {
			if e := template.CompileExpression(b.Checker, each.Value, syntax.Join(path, each.Name), true); e != nil {
				step.Saves = append(step.Saves, Saved{each.Name, Expression{e, each.Value.Position}})
			}
		}
	case "until":
		if e := template.CompileExpression(b.Checker, m.Value, path, true); e != nil {
			step.Until = &Expression{e, m.Value.Position}
		}
	case "if":
		step.If, step.IfPosition = template.CompileExpression(b.Checker, m.Value, path, false), m.Value.Position
	case "every":
		step.Every = durationOf(m.Value)
	case "within":
		step.Within, step.Waits = durationOf(m.Value), true
	}
}

func durationOf(n *syntax.Node) time.Duration {
	d, _ := control.ParseDuration(n.Scalar) // checked by its form
	return d
}
