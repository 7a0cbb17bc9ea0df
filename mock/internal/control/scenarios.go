package control

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/etcp-mock/etcp-mock/mock/internal/fixture"
	"github.com/etcp-mock/etcp-mock/mock/internal/strict"
)

// Scenarios is what knows scenarios and runs them on this server.
type Scenarios interface {
	// List are the scenarios there are, by name.
	List() []Scenario
	// Source is a scenario's file; its error is [ErrNoScenario].
	Source(name string) (string, error)
	// Fixture is the world of a scenario as a fixture's JSON; its error is [ErrNoScenario].
	Fixture(name string) (json.RawMessage, error)
	// Validate checks a source; its error is a [*SourceError].
	Validate(source string) error
	// Reload reads the folder anew, and says what is wrong in it.
	Reload() []string
	// Start starts a run and gives its id. Its errors are [ErrNoScenario], a [*SourceError] and [ErrTooManyRuns].
	Start(run ScenarioRun) (id string, err error)
	// Run is the state of a run.
	Run(id string) (Run, bool)
	// Runs are the runs, the newest first.
	Runs() []Run
	// Wait waits until a run is over, or the context ends.
	Wait(ctx context.Context, id string)
	// Format writes a scenario that was made here, as JSON, as the file of it.
	Format(scenario json.RawMessage, notes ...string) ([]byte, error)
	// Stop breaks a run off: its finally runs, and its sandbox goes.
	Stop(id string) bool
}

// Errors of scenarios.
var (
	ErrNoScenario  = errors.New("no such scenario")
	ErrTooManyRuns = errors.New("too many scenarios run already")
)

// SourceError is what is wrong with a scenario's source.
type SourceError struct{ Problems []SourceProblem }

// SourceProblem is one thing that is wrong, and where.
type SourceProblem struct {
	Line, Column int
	Detail       string
}

func (e *SourceError) Error() string {
	texts := make([]string, len(e.Problems))
	for i, p := range e.Problems {
		texts[i] = fmt.Sprintf("%d:%d: %s", p.Line, p.Column, p.Detail)
	}
	return strings.Join(texts, "; ")
}

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

// ScenarioRun is what is to be run, and how.
type ScenarioRun struct {
	Name, Source string
	Sandbox      string
	Vars         map[string]any
	Seed         *uint64
	Speed        any // "max", "10x" or a number; nil is max
	Keep         bool
}

// Run is a run and its steps so far.
type Run struct {
	ID       string    `json:"id"`
	Scenario string    `json:"scenario"`
	Status   string    `json:"status"` // running, passed, failed
	Started  string    `json:"started"`
	Steps    []RunStep `json:"steps"`
	Result   any       `json:"result,omitempty"` // everything there is to know, once it is over
}

// RunStep is a step of a run.
type RunStep struct {
	Name       string `json:"name"`
	Status     string `json:"status"` // running, passed, failed, skipped
	DurationMs int64  `json:"durationMs"`
	Detail     string `json:"detail"`
	Place      string `json:"place"` // file:line:column
}

// Running is the status of a run, and of a step, that is not over.
const Running = "running"

func (a *Control) listScenarios(in *call) (reply, error) {
	page, err := in.page()
	if err != nil {
		return reply{}, err
	}
	return listed(paged(a.scenarios.List(), page, func(s Scenario) string { return s.Name }, byText))
}

func (a *Control) getScenario(in *call) (reply, error) {
	name := in.gin.Param("scenario")
	source, err := a.scenarios.Source(name)
	if err != nil {
		return reply{}, fail(http.StatusNotFound, err.Error())
	}
	for _, s := range a.scenarios.List() {
		if s.Name == name {
			return ok(struct {
				Scenario
				Source string `json:"source"`
			}{s, source})
		}
	}
	return reply{}, fail(http.StatusNotFound, "no scenario "+name)
}

func (a *Control) runScenario(in *call) (reply, error) {
	var body struct {
		Name    string         `json:"name"`
		Source  string         `json:"source"`
		Sandbox string         `json:"sandbox"`
		Vars    map[string]any `json:"vars"`
		Seed    *uint64        `json:"seed"`
		Speed   any            `json:"speed"`
		Keep    bool           `json:"keep"`
		Wait    bool           `json:"wait"`
	}
	if err := in.decode(&body); err != nil {
		return reply{}, err
	}
	switch {
	case (body.Name == "") == (body.Source == ""):
		return reply{}, invalidAt("/name", "want either a name or a source")
	case body.Sandbox != "":
		if _, found := a.registry.Get(body.Sandbox); !found {
			return reply{}, invalidAt("/sandbox", "no sandbox "+body.Sandbox)
		}
	}
	id, err := a.scenarios.Start(ScenarioRun{
		Name: body.Name, Source: body.Source, Sandbox: body.Sandbox, Vars: body.Vars, Seed: body.Seed, Speed: body.Speed, Keep: body.Keep,
	})
	switch {
	case errors.Is(err, ErrNoScenario):
		return reply{}, fail(http.StatusNotFound, err.Error())
	case errors.Is(err, ErrTooManyRuns):
		return reply{}, fail(http.StatusConflict, err.Error())
	case err != nil:
		return reply{}, err
	}
	if !body.Wait {
		run, _ := a.scenarios.Run(id)
		return reply{status: http.StatusAccepted, body: run}, nil
	}
	a.scenarios.Wait(in.ctx, id)
	run, _ := a.scenarios.Run(id)
	return ok(run)
}

func (a *Control) validateScenario(in *call) (reply, error) {
	var body struct {
		Source string `json:"source"`
	}
	if err := in.decode(&body); err != nil {
		return reply{}, err
	}
	if body.Source == "" {
		return reply{}, invalidAt("/source", "is required")
	}
	if err := a.scenarios.Validate(body.Source); err != nil {
		return reply{}, err
	}
	return ok(map[string]bool{"ok": true})
}

func (a *Control) reloadScenarios(*call) (reply, error) {
	problems := a.scenarios.Reload()
	if problems == nil {
		problems = []string{}
	}
	return ok(map[string]any{"scenarios": len(a.scenarios.List()), "problems": problems})
}

func (a *Control) listRuns(in *call) (reply, error) {
	page, err := in.page()
	if err != nil {
		return reply{}, err
	}
	return listed(paged(a.scenarios.Runs(), page, func(r Run) string { return r.ID }, nil))
}

func (a *Control) getRun(in *call) (reply, error) {
	run, found := a.scenarios.Run(in.gin.Param("run"))
	if !found {
		return reply{}, fail(http.StatusNotFound, "no run "+in.gin.Param("run"))
	}
	return ok(run)
}

func (a *Control) stopRun(in *call) (reply, error) {
	if !a.scenarios.Stop(in.gin.Param("run")) {
		return reply{}, fail(http.StatusNotFound, "no run "+in.gin.Param("run"))
	}
	return noContent(nil)
}

// scenarioFixture is the world of a scenario.
func (a *Control) scenarioFixture(name string) (*fixture.Fixture, error) {
	text, err := a.scenarios.Fixture(name)
	if errors.Is(err, ErrNoScenario) {
		return nil, invalidAt("/scenario", err.Error())
	}
	if err != nil || text == nil {
		return nil, err
	}
	fixture, err := ReadFixture(text, a.registry.Wall())
	return fixture, strict.Below(err, "/fixture")
}
