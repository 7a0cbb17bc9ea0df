package control

import (
	"errors"
	"net/http"

	"github.com/etcp-mock/etcp-mock/mock/internal/fixture"
	"github.com/etcp-mock/etcp-mock/mock/internal/problem"
	"github.com/etcp-mock/etcp-mock/mock/internal/runs"
	"github.com/etcp-mock/etcp-mock/mock/internal/strict"
)

func (a *Control) listScenarios(in *call) (reply, error) {
	page, err := in.page()
	if err != nil {
		return reply{}, err
	}
	return listed(paged(a.runs.Scenarios(), page, func(s runs.Scenario) string { return s.Name }, byText))
}

func (a *Control) getScenario(in *call) (reply, error) {
	item, source, err := a.runs.Scenario(in.gin.Param("scenario"))
	if err != nil {
		return reply{}, err
	}
	return ok(struct {
		runs.Scenario
		Source string `json:"source"`
	}{item, source})
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
			return reply{}, problem.Because(problem.UnknownSandbox, invalidAt("/sandbox", "no sandbox "+body.Sandbox))
		}
	}
	id, err := a.runs.Start(runs.Request{
		Name: body.Name, Source: body.Source, Sandbox: body.Sandbox, Vars: body.Vars, Seed: body.Seed, Speed: body.Speed, Keep: body.Keep,
	})
	if err != nil {
		return reply{}, err
	}
	if !body.Wait {
		run, _ := a.runs.Get(id)
		return reply{status: http.StatusAccepted, body: run}, nil
	}
	a.runs.Wait(in.ctx, id)
	run, _ := a.runs.Get(id)
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
	if err := a.runs.Validate(body.Source); err != nil {
		return reply{}, err
	}
	return ok(map[string]bool{"ok": true})
}

func (a *Control) reloadScenarios(in *call) (reply, error) {
	if err := in.none(); err != nil {
		return reply{}, err
	}
	problems := a.runs.Reload()
	if problems == nil {
		problems = []string{}
	}
	return ok(map[string]any{"scenarios": len(a.runs.Scenarios()), "problems": problems})
}

func (a *Control) listRuns(in *call) (reply, error) {
	page, err := in.page()
	if err != nil {
		return reply{}, err
	}
	return listed(paged(a.runs.List(), page, func(r runs.Report) string { return r.ID }, nil))
}

func (a *Control) getRun(in *call) (reply, error) {
	run, found := a.runs.Get(in.gin.Param("run"))
	if !found {
		return reply{}, problem.Missing(problem.UnknownRun, "no run "+in.gin.Param("run"))
	}
	return ok(run)
}

func (a *Control) stopRun(in *call) (reply, error) {
	if !a.runs.Stop(in.gin.Param("run")) {
		return reply{}, problem.Missing(problem.UnknownRun, "no run "+in.gin.Param("run"))
	}
	return noContent(nil)
}

// scenarioFixture is what the sandbox of a scenario begins with.
func (a *Control) scenarioFixture(name string, seed *uint64) (*fixture.Fixture, error) {
	text, err := a.runs.Fixture(name, seed)
	if errors.Is(err, runs.ErrNoScenario) {
		return nil, problem.Because(problem.UnknownScenario, invalidAt("/scenario", err.Error()))
	}
	if err != nil || text == nil {
		return nil, err
	}
	fixture, err := ReadFixture(text, a.registry.Wall())
	return fixture, strict.Below(err, "/fixture")
}
