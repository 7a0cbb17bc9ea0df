package language

import (
	"slices"
	"sync/atomic"
	"time"

	"github.com/etcp-mock/etcp-mock/internal/suggest"
	"github.com/etcp-mock/etcp-mock/scenarios/internal/expression"
	"github.com/etcp-mock/etcp-mock/scenarios/internal/match"
	"github.com/etcp-mock/etcp-mock/scenarios/internal/template"
	"github.com/etcp-mock/etcp-mock/scenarios/problem"
)

// Scenario is a scenario file, parsed. It is not changed once it is linked, and can be run many times at once.
type Scenario struct {
	Name      string
	File      string // as it was given to Parse
	Summary   string
	SummaryZh string // the same in Chinese, or ""
	Tags      []string
	Covers    []string // sections of the platform's document: §9.8
	Checks    []string // rules that it holds a target to, by their ids
	State     []string // parts of the sandbox that it rests on: clock, users, …; where they cannot be set it is skipped
	Setup     string   // the scenario run first, or ""
	Steps     []*Step
	Finally   []*Step
	Matrix    []*Row           // empty: one case without a row
	Position  problem.Position // of the name
	Text      []byte           // the file

	Variables     []Variable
	fixture       *template.Value // nil: none
	statePosition problem.Position
	SetupPosition problem.Position
	SetupScenario *Scenario
	Used          map[string]*Scenario
	uses          []stepUse
	refers        references
	linked        atomic.Bool
}

// Row is a row of the matrix: the variables of one case.
type Row struct {
	Position problem.Position
	Names    []string // of its variables, in the file's order
	Values   []Variable
}

// Variable is a variable of a scenario and its value, which may be a template.
type Variable struct {
	Name     string
	Position problem.Position
	Value    *template.Value
}

// Step is one step of a scenario.
type Step struct {
	Position problem.Position
	Action   string // call, enter, push, …
	Subject  string // the endpoint of a call, the kind of a push, the name of a scenario used, …
	Name     string // the step's own, or ""
	Phase    Phase
	Steps    []*Step // inside it
	Uses     string  // the scenario whose steps it runs, or ""

	File       *Scenario
	Kind       *Kind
	Body       *template.Value
	Extras     map[string]*template.Value
	Where      *match.Matcher
	With       []Variable
	Expect     *match.Matcher
	Asserts    []Expression
	Saves      []Saved
	If         *expression.Expression // if
	IfPosition problem.Position
	Until      *Expression
	Every      time.Duration
	Within     time.Duration
	Waits      bool // within was given
}

// Phase is the part of a scenario a step stands in.
type Phase string

// The phases of a case, in their order.
const (
	PhaseSetup   Phase = "setup"
	PhaseSteps   Phase = "steps"
	PhaseFinally Phase = "finally"
)

// Expression is an expression, and where it stands.
type Expression struct {
	*expression.Expression
	Position problem.Position
}

// Saved is a variable that a step takes from its answer.
type Saved struct {
	Name string
	From Expression
}

// Asserts reports whether the scenario expects anything beyond what every call is held to. A case that does not is vacuous.
func (s *Scenario) Asserts() bool {
	found := false
	s.Walk(func(step *Step) {
		found = found || step.Expect != nil || len(step.Asserts) > 0 || step.Kind.Verdict || step.Until != nil
	})
	return found
}

// UpTo are the steps up to the one at a line of the file; all of them for line 0, and for one before the first step or behind the last.
func (s *Scenario) UpTo(line int) []*Step {
	last := -1
	for i, step := range s.Steps {
		if step.Position.Line <= line {
			last = i
		}
	}
	if line == 0 || last < 0 || len(s.Finally) > 0 && line >= s.Finally[0].Position.Line {
		return s.Steps
	}
	return s.Steps[:last+1]
}

// Walk visits every step, those inside steps too, in the file's order; not those of other scenarios.
func (s *Scenario) Walk(visit func(*Step)) {
	var walk func(steps []*Step)
	walk = func(steps []*Step) {
		for _, step := range steps {
			visit(step)
			walk(step.Steps)
		}
	}
	walk(s.Steps)
	walk(s.Finally)
}

// Vars are the names of the scenario's variables, in the file's order.
func (s *Scenario) Vars() []string {
	names := make([]string, len(s.Variables))
	for i, v := range s.Variables {
		names[i] = v.Name
	}
	return names
}

// HasFixture reports whether the scenario, or its setup, says what its sandbox holds; it must be linked. One that does not
// has the car parks and the merchant of any new sandbox.
func (s *Scenario) HasFixture() bool { return s.FixtureValue() != nil }

// Declares reports whether the scenario, or its setup, has a variable of this name, or reads one that it does not have; did
// you mean is the nearest there is.
func (s *Scenario) Declares(name string) (declared bool, didYou string) {
	for _, u := range s.uses {
		if slices.Contains(u.Names, name) {
			return true, ""
		}
	}
	var names []string
	for _, v := range s.AllVars() {
		names = append(names, v.Name)
	}
	return slices.Contains(names, name), suggest.DidYouMean(name, names)
}

// Expects reports whether the step says itself what a field of its answer must be.
func (s *Step) Expects(name string) bool { return s.Expect.Names(name) }

// ReadsAny reports whether anything looks at the step's answer: its kind, what is expected of it, or expressions.
func (s *Step) ReadsAny() bool {
	return s.Kind.Verdict || s.Expect != nil || len(s.Asserts)+len(s.Saves) > 0 || s.Until != nil
}

// Reads reports whether anything may look at a field of the step's answer.
func (s *Step) Reads(name string) bool {
	return s.ReadsAny() && (len(s.Asserts)+len(s.Saves) > 0 || s.Until != nil || !s.Expect.IsMapping() || s.Expect.Names(name))
}
