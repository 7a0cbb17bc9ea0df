package language

import (
	"slices"
	"strings"

	"github.com/etcp-mock/etcp-mock/scenarios/internal/syntax"
	"github.com/etcp-mock/etcp-mock/scenarios/internal/template"
	"github.com/etcp-mock/etcp-mock/scenarios/problem"
)

// Case is what is run: a scenario, or one row of its matrix.
type Case struct {
	Scenario *Scenario
	Row      int // from 1; 0 without a matrix
}

// Cases are the cases of a scenario.
func (s *Scenario) Cases() []Case {
	if len(s.Matrix) == 0 {
		return []Case{{s, 0}}
	}
	cases := make([]Case, len(s.Matrix))
	for i := range cases {
		cases[i] = Case{s, i + 1}
	}
	return cases
}

// Name is the scenario's name, and the row's number where there is one: pays[2].
func (c Case) Name() string {
	if c.Row == 0 {
		return c.Scenario.Name
	}
	return syntax.Index(c.Scenario.Name, c.Row)
}

// Position is where the case stands in its file.
func (c Case) Position() problem.Position {
	if c.Row == 0 {
		return c.Scenario.Position
	}
	return c.Scenario.Matrix[c.Row-1].Position
}

// At reports whether a line of the file belongs to this case rather than to another row's.
func (c Case) At(line int) bool {
	if c.Row == 0 {
		return true
	}
	rows := c.Scenario.Matrix
	from, to := rows[0].Position.Line, rows[len(rows)-1].Position.Line
	if line < from || line > to {
		return true
	}
	if c.Row < len(rows) {
		to = rows[c.Row].Position.Line - 1
	}
	return line >= rows[c.Row-1].Position.Line && line <= max(to, rows[c.Row-1].Position.Line)
}

// StateNeeded is what the scenario and its setup need to be set, in words, and the line that says so.
func (s *Scenario) StateNeeded() (parts string, line int) {
	var all []string
	for ; s != nil; s = s.SetupScenario {
		for _, part := range s.State {
			if !slices.Contains(all, part) {
				all = append(all, part)
			}
		}
		if line == 0 {
			line = s.statePosition.Line
		}
	}
	return strings.Join(all, ", "), line
}

// AllVars are the variables of a scenario and its setup, with the first row of its matrix.
func (s *Scenario) AllVars() []Variable {
	var out []Variable
	if s.SetupScenario != nil {
		out = s.SetupScenario.AllVars()
	}
	out = append(out, s.Variables...)
	if len(s.Matrix) > 0 {
		out = append(out, s.Matrix[0].Values...)
	}
	return out
}

// FixtureValue is the scenario's fixture, or else its setup's, or nil.
func (s *Scenario) FixtureValue() *template.Value {
	for ; s != nil; s = s.SetupScenario {
		if s.fixture != nil {
			return s.fixture
		}
	}
	return nil
}

// Needs is what a scenario wants of its target.
type Needs struct {
	Control []*Step // those that only a mock can do
	Pushes  []*Step // those that wait for pushes
	Writes  []*Step // calls that change something
	SMS     []*Step // those that want an SMS code
}

// Needs says what the scenario wants of its target, with what it uses; it must be linked.
func (s *Scenario) Needs() Needs {
	var n Needs
	s.needs(&n, map[*Scenario]bool{})
	return n
}

func (s *Scenario) needs(n *Needs, seen map[*Scenario]bool) {
	if seen[s] {
		return
	}
	seen[s] = true
	if s.SetupScenario != nil {
		s.SetupScenario.needs(n, seen)
	}
	s.Walk(func(step *Step) {
		wants := step.Kind.Needs(step)
		for _, list := range []struct {
			need  Need
			steps *[]*Step
		}{{NeedControl, &n.Control}, {NeedPushes, &n.Pushes}, {NeedWrites, &n.Writes}, {NeedSMS, &n.SMS}} {
			if wants&list.need != 0 {
				*list.steps = append(*list.steps, step)
			}
		}
		if other := s.Used[step.Uses]; other != nil {
			other.needs(n, seen)
		}
	})
}
