package language

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/etcp-mock/etcp-mock/internal/suggest"
	"github.com/etcp-mock/etcp-mock/scenarios/internal/syntax"
	"github.com/etcp-mock/etcp-mock/scenarios/problem"
)

// references are the names of the scenarios it uses, its setup first.
func (s *Scenario) references() []string {
	var names []string
	if s.Setup != "" {
		names = append(names, s.Setup)
	}
	s.Walk(func(step *Step) {
		if step.Uses != "" && !slices.Contains(names, step.Uses) {
			names = append(names, step.Uses)
		}
	})
	return names
}

// linking is held while scenarios are linked: they link each other, in any order and in circles, and it takes no time to speak of.
var linking sync.Mutex

// Link finds the scenarios that this one uses, and theirs, and checks that none uses itself and that every variable is
// defined somewhere. Its error is [Problems]. A linked scenario stays as it is.
func (s *Scenario) Link(in *Library) error {
	if s.linked.Load() {
		return nil
	}
	linking.Lock()
	defer linking.Unlock()
	return s.linkLocked(in, []string{s.Name})
}

func (s *Scenario) linkLocked(in *Library, chain []string) error {
	if s.linked.Load() {
		return nil
	}
	c := &syntax.Checker{File: s.File, Text: s.Text}
	found := map[string]*Scenario{}
	for _, name := range s.references() {
		at, path := s.referencePosition(name)
		other := in.Get(name)
		if chained := in.canonical(name); slices.Contains(chain, chained) {
			c.Problem(at, path, "uses itself: "+strings.Join(append(slices.Clone(chain), chained), " → "), "")
			continue
		}
		if other == nil {
			c.Problem(at, path, fmt.Sprintf("there is no scenario %q", name), suggest.DidYouMean(name, slices.DeleteFunc(in.Names(), func(n string) bool { return n == s.Name })))
			continue
		}
		if err := other.linkLocked(in, append(slices.Clone(chain), other.Name)); err != nil {
			if p, ok := err.(problem.Problems); ok { //nolint:errorlint // its only kind
				c.Problems = append(c.Problems, p...)
			}
			continue
		}
		found[name] = other
	}
	if len(c.Problems) > 0 {
		checkReferences(c, s.refers, s.FixtureValue()) // variables may come from what is missing
		return c.Err()
	}
	s.Used, s.SetupScenario = found, found[s.Setup]
	checkVariables(c, s, in.givenNames())
	if err := c.Err(); err != nil {
		return err
	}
	s.linked.Store(true)
	return nil
}

func (s *Scenario) referencePosition(name string) (at problem.Position, path string) {
	if name == s.Setup {
		return s.SetupPosition, "setup"
	}
	s.Walk(func(step *Step) {
		if path == "" && step.Uses == name {
			at, path = step.Body.Position, step.Action
		}
	})
	return at, path
}

// Always are the names that every expression has.
var Always = []string{"merchant", "sandbox", "url", "index"}

// flow follows the variables through a scenario.
type flow struct {
	c     *syntax.Checker
	s     *Scenario
	known map[string]bool
}

// checkVariables finds expressions that read what is nowhere defined before them.
func checkVariables(c *syntax.Checker, s *Scenario, given []string) {
	checkReferences(c, s.refers, s.FixtureValue())
	checkUsed(c, s)
	f := flow{c, s, map[string]bool{}}
	f.add(given)
	for _, name := range Always {
		f.known[name] = true
	}
	if s.SetupScenario != nil {
		f.add(s.SetupScenario.Exports())
	}
	for _, v := range s.Variables {
		f.read(nil, "vars."+v.Name)
		f.known[v.Name] = true
	}
	checkRows(c, s, f.known)
	outer := maps.Clone(f.known)
	for i, row := range s.Matrix {
		f.read(nil, syntax.Index("matrix", i))
		for _, v := range row.Values {
			outer[v.Name] = true
		}
	}
	f.known = outer
	f.read(nil, "sandbox")
	f.steps(s.Steps)
	f.steps(s.Finally)
}

func (f *flow) add(names []string) {
	for _, name := range names {
		f.known[name] = true
	}
}

func (f *flow) steps(steps []*Step) {
	for _, step := range steps {
		f.read(step, "")
		switch step.Kind.Children {
		case AtOnce:
			before := maps.Clone(f.known)
			after := maps.Clone(f.known)
			for _, branch := range step.Steps {
				f.known = maps.Clone(before)
				f.steps([]*Step{branch})
				maps.Copy(after, f.known)
			}
			f.known = after
		case InOrder:
			f.steps(step.Steps)
		default:
		}
		f.add(step.defines())
		if other := f.s.Used[step.Uses]; other != nil {
			f.add(other.Exports())
		}
	}
}

// defines are the variables a step gives values.
func (s *Step) defines() []string {
	names := slices.Clone(s.Kind.Defines(s))
	for _, v := range s.Saves {
		names = append(names, v.Name)
	}
	return names
}

// Exports are the variables that come along when a scenario is used.
func (s *Scenario) Exports() []string {
	names := s.Vars()
	if s.SetupScenario != nil {
		names = append(names, s.SetupScenario.Exports()...)
	}
	s.Walk(func(step *Step) {
		names = append(names, step.defines()...)
		if other := s.Used[step.Uses]; other != nil {
			names = append(names, other.Exports()...)
		}
	})
	return names
}

// read checks what is read by a step, or, outside of steps, below a path.
func (f *flow) read(step *Step, below string) {
	for _, u := range f.s.uses {
		if u.step != step || step == nil && !isBelow(u.Path, below) {
			continue
		}
		var answer []string
		if u.Answer {
			answer = step.answerNames()
			if answer == nil {
				continue // its answer may hold anything
			}
		}
		for _, name := range u.Names {
			if f.known[name] || slices.Contains(answer, name) {
				continue
			}
			names := append(slices.Collect(maps.Keys(f.known)), answer...)
			slices.Sort(names)
			f.c.Problem(u.Position, u.Path, fmt.Sprintf("undefined variable %q", name), suggest.DidYouMean(name, names))
		}
	}
}

func isBelow(path, root string) bool {
	rest, ok := strings.CutPrefix(path, root)
	return ok && (rest == "" || rest[0] == '.' || rest[0] == '[')
}

// answerNames are what the step's answer holds; nil: that cannot be known.
func (s *Step) answerNames() []string {
	switch a := s.Kind.Answer; {
	case a.None:
		return append([]string{}, s.Given()...)
	case a.Open:
		return nil
	default:
		return slices.Concat(a.Names, a.Seen)
	}
}

// Given are the variables that a step and those inside it give values.
func (s *Step) Given() []string {
	names := s.defines()
	for _, inner := range s.Steps {
		names = append(names, inner.Given()...)
	}
	if other := s.File.Used[s.Uses]; other != nil {
		names = append(names, other.Exports()...)
	}
	return names
}

// nowhere finds variables that nothing in a file defines, where the file is too broken to be followed.
func nowhere(c *syntax.Checker, root *syntax.Node, given []string, foreign bool) {
	known := map[string]bool{}
	for _, name := range given {
		known[name] = true
	}
	for _, name := range Always {
		known[name] = true
	}
	defining := scenarioForm.FieldsWhere(func(f *syntax.Form) bool { return f.Defines })
	var walk func(n *syntax.Node)
	walk = func(n *syntax.Node) {
		for _, item := range n.Items {
			walk(item)
		}
		for _, m := range n.Members {
			if defining[m.Name] {
				for _, list := range append(m.Value.Items, m.Value) {
					for _, each := range list.Members {
						known[each.Name] = true
					}
				}
			}
			walk(m.Value)
		}
	}
	walk(root)
	if foreign {
		return
	}
	names := slices.Sorted(maps.Keys(known))
	for _, u := range c.Uses {
		for _, name := range u.Names {
			if !u.Answer && !known[name] {
				c.Problem(u.Position, u.Path, fmt.Sprintf("undefined variable %q", name), suggest.DidYouMean(name, names))
			}
		}
	}
}
