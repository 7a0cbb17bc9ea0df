package runs

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/etcp-mock/etcp-mock/scenarios"
)

// Scenario is a scenario in the listing.
type Scenario struct {
	Name      string   `json:"name"`
	Summary   string   `json:"summary"`
	SummaryZh string   `json:"summaryZh"`
	Tags      []string `json:"tags"`
	Covers    []string `json:"covers"`
	File      string   `json:"file"`
	BuiltIn   bool     `json:"builtIn"`
	Cases     int      `json:"cases"`
}

// Reload reads the folder anew and says what is wrong in it. What is right in it replaces what was.
func (s *Runs) Reload() (problems []string) {
	if s.dir == "" {
		return nil
	}
	library, err := scenarios.Load(scenarios.Builtin(), s.dir)
	if found, ok := errors.AsType[scenarios.Problems](err); ok {
		for _, p := range found {
			problems = append(problems, p.Error())
		}
	} else if err != nil {
		problems = append(problems, err.Error())
	}
	if library != nil {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.library = library
	}
	return problems
}

func (s *Runs) have() *scenarios.Library {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.library == nil {
		s.library = scenarios.NewLibrary(scenarios.Builtin())
	}
	return s.library
}

func (s *Runs) named(name string) (*scenarios.Library, *scenarios.Scenario, error) {
	library := s.have()
	if found := library.Get(name); found != nil {
		return library, found, nil
	}
	return nil, nil, fmt.Errorf("%w: %s", ErrNoScenario, name)
}

// find is the scenario that is to be run and the library that it uses.
func (s *Runs) find(in Request) (*scenarios.Library, *scenarios.Scenario, error) {
	if in.Source == "" {
		return s.named(in.Name)
	}
	library := scenarios.NewLibrary(s.have()).Give(slices.Collect(maps.Keys(in.Vars))...)
	what, err := library.Parse("source", []byte(in.Source))
	return library, what, err
}

// Scenarios are the scenarios there are, by name.
func (s *Runs) Scenarios() []Scenario {
	items := []Scenario{}
	for _, each := range s.have().All() {
		items = append(items, listed(each))
	}
	return items
}

func listed(s *scenarios.Scenario) Scenario {
	return Scenario{
		Name: s.Name, Summary: s.Summary, SummaryZh: s.SummaryZh, File: s.File,
		Tags: append([]string{}, s.Tags...), Covers: append([]string{}, s.Covers...), // [] in JSON, never null
		BuiltIn: scenarios.Builtin().Get(s.Name) == s, Cases: len(s.Cases()),
	}
}

// Scenario is a scenario of the listing and the text of its file; its error is [ErrNoScenario].
func (s *Runs) Scenario(name string) (item Scenario, source string, err error) {
	_, found, err := s.named(name)
	if err != nil {
		return Scenario{}, "", err
	}
	return listed(found), string(found.Text), nil
}

// Fixture is what a scenario's sandbox begins with, as a fixture's JSON, made up from a seed where one is given; nil where that is what any new
// sandbox has. Its error is [ErrNoScenario].
func (s *Runs) Fixture(name string, seed *uint64) (json.RawMessage, error) {
	library, found, err := s.named(name)
	if err != nil {
		return nil, err
	}
	text, err := scenarios.Fixture(found, library, seed)
	if err == nil && !found.HasFixture() {
		return nil, nil
	}
	return text, err
}

// Validate checks a scenario's text, and holds it to what the server takes; its error is [scenarios.Problems].
func (s *Runs) Validate(source string) error {
	_, err := scenarios.NewLibrary(s.have()).JudgedBy(s.judge).Parse("source", []byte(source))
	return err
}
