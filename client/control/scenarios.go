package control

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"
)

// ScenarioInfo is a scenario the server has.
type ScenarioInfo struct {
	Name      string   `json:"name"`
	Summary   string   `json:"summary"`
	SummaryZh string   `json:"summaryZh"` // the same in Chinese; "" where the file has none
	Tags      []string `json:"tags"`
	Covers    []string `json:"covers"` // sections of the platform's document
	File      string   `json:"file"`
	BuiltIn   bool     `json:"builtIn"`
	Cases     int      `json:"cases"`  // a scenario with a table has one for each of its rows
	Source    string   `json:"source"` // YAML; not in the listing
}

// Scenarios lists the scenarios the server has.
func (c *Client) Scenarios(ctx context.Context, page Page) (List[ScenarioInfo], error) {
	return do[List[ScenarioInfo]](ctx, c, http.MethodGet, "/__admin/scenarios", page.query(), nil)
}

// Scenario is one scenario with its source. No such scenario: [IsNotFound].
func (c *Client) Scenario(ctx context.Context, name string) (ScenarioInfo, error) {
	return do[ScenarioInfo](ctx, c, http.MethodGet, "/__admin/scenarios/"+segment(name), nil, nil)
}

// ScenarioReload is how many scenarios the server has after [Client.ReloadScenarios], and what is wrong in its folder.
type ScenarioReload struct {
	Scenarios int      `json:"scenarios"`
	Problems  []string `json:"problems"`
}

// ReloadScenarios has the server read its folder of scenarios anew.
func (c *Client) ReloadScenarios(ctx context.Context) (ScenarioReload, error) {
	return do[ScenarioReload](ctx, c, http.MethodPost, "/__admin/scenarios/reload", nil, nil)
}

// ScenarioRun is what [Client.RunScenario] takes: a name the server knows, or a source.
type ScenarioRun struct {
	Name    string         `json:"name,omitempty"`
	Source  string         `json:"source,omitempty"` // YAML
	Sandbox string         `json:"sandbox,omitempty"`
	Vars    map[string]any `json:"vars,omitempty"`
	Seed    *uint64        `json:"seed,omitempty"`  // of everything made up
	Speed   any            `json:"speed,omitempty"` // "max" (the default), or how much faster than real time: "10x"
	Keep    bool           `json:"keep,omitempty"`  // leave the sandbox there
	Wait    bool           `json:"wait,omitempty"`  // answer when it is over
}

// The states of a [Run] and, but for Running, of its steps.
const (
	Running = "running"
	Passed  = "passed"
	Failed  = "failed"
)

// Run is a scenario that runs or ran.
type Run struct {
	ID       string    `json:"id"`
	Scenario string    `json:"scenario"` // its name
	Status   string    `json:"status"`
	Started  time.Time `json:"started"` // on the server's own clock
	Steps    []RunStep `json:"steps"`
}

// RunStep is a step of a [Run].
type RunStep struct {
	Name       string `json:"name"`
	Status     string `json:"status"`
	DurationMs int64  `json:"durationMs"`
	Detail     string `json:"detail"`
	Place      string `json:"place"` // file:line:column
}

// RunScenario starts a scenario, and with Wait gives its result.
func (c *Client) RunScenario(ctx context.Context, in ScenarioRun) (Run, error) {
	return do[Run](ctx, c, http.MethodPost, "/__admin/scenarios/run", nil, in)
}

// Run is the state of a run.
func (c *Client) Run(ctx context.Context, id string) (Run, error) {
	return do[Run](ctx, c, http.MethodGet, "/__admin/runs/"+segment(id), nil, nil)
}

// Runs lists the runs, the newest first.
func (c *Client) Runs(ctx context.Context, page Page) (List[Run], error) {
	return do[List[Run]](ctx, c, http.MethodGet, "/__admin/runs", page.query(), nil)
}

// StopRun breaks a run off: its finally runs, and its sandbox goes.
func (c *Client) StopRun(ctx context.Context, id string) error {
	return c.exec(ctx, http.MethodDelete, "/__admin/runs/"+segment(id), nil, nil)
}

// ValidateScenario checks a scenario's source (YAML) without running it.
func (c *Client) ValidateScenario(ctx context.Context, source string) error {
	if source == "" {
		return fmt.Errorf("control: %w", errNoSource)
	}
	return c.exec(ctx, http.MethodPost, "/__admin/scenarios/validate", nil, map[string]string{"source": source})
}

var errNoSource = errors.New("an empty scenario")
