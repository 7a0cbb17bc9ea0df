package control_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/mock"
	"github.com/etcp-mock/etcp-mock/mock/internal/servertest"
)

const smallScenario = `name: small
summary: A car comes.
vars: {plate: 渝ATX061}
sandbox: {parkings: [{id: "1", name: P, city: C, lat: "29.5", lon: "106.5"}]}
steps:
  - enter: {plateNumber: "${plate}", parkingId: "1"}
    expect: {plateNumber: "${plate}", state: parked}
`

type stagedRun struct {
	ID, Status string
	Steps      []struct {
		Name, Status, Detail, Place string
		DurationMs                  int
	}
}

func (c *controlled) run(tb testing.TB, body any, status int) stagedRun {
	tb.Helper()
	a := c.Ask(tb, "POST", "/__admin/scenarios/run", body)
	require.Equal(tb, status, a.Status, a.Body)
	var out stagedRun
	require.NoError(tb, json.Unmarshal([]byte(a.Body), &out))
	return out
}

func (c *controlled) sandboxes(tb testing.TB) int {
	tb.Helper()
	var out struct{ Items []any }
	require.NoError(tb, json.Unmarshal([]byte(c.Ask(tb, "GET", "/__admin/sandboxes", nil).Body), &out))
	return len(out.Items)
}

func TestScenarios_runAndWait(t *testing.T) {
	c := newControlled(t)
	run := c.run(t, map[string]any{"name": "temporary-car-pays-online", "wait": true}, 200)
	require.Equal(t, "passed", run.Status)
	require.Len(t, run.Steps, 10)
	require.Equal(t, "The owner logs in.", run.Steps[0].Name)
	require.Equal(t, "passed", run.Steps[0].Status)
	require.Equal(t, 1, c.sandboxes(t), "nothing is left behind")

	again := c.Ask(t, "GET", "/__admin/runs/"+run.ID, nil)
	require.Equal(t, 200, again.Status)
	require.Equal(t, 404, c.Ask(t, "GET", "/__admin/runs/nosuch", nil).Status)
}

func TestScenarios_failedRunSaysWhere(t *testing.T) {
	c := newControlled(t)
	source := strings.Replace(smallScenario, "state: parked", "state: left", 1)
	run := c.run(t, map[string]any{"source": source, "wait": true, "vars": map[string]any{"plate": "京A12345"}}, 200)
	require.Equal(t, "failed", run.Status)
	require.Equal(t, `state: want "left", got "parked"`, run.Steps[0].Detail)
	require.Equal(t, "enter 京A12345", run.Steps[0].Name)
	require.Equal(t, "source:6:5", run.Steps[0].Place)
	require.Equal(t, 1, c.sandboxes(t))
}

func TestScenarios_runWithoutWaiting(t *testing.T) {
	c := newControlled(t)
	run := c.run(t, map[string]any{"source": smallScenario}, 202)
	require.NotEmpty(t, run.ID)
	require.Eventually(t, func() bool {
		return strings.Contains(c.Ask(t, "GET", "/__admin/runs/"+run.ID, nil).Body, `"status":"passed","started"`)
	}, time.Minute, time.Millisecond)
	require.Contains(t, c.Ask(t, "GET", "/__admin/runs", nil).Body, run.ID)
}

func TestScenarios_runInASandboxThatStays(t *testing.T) {
	c := newControlled(t)
	run := c.run(t, map[string]any{"source": smallScenario, "sandbox": "default", "wait": true}, 200)
	require.Equal(t, "passed", run.Status, run)
	require.Contains(t, c.Ask(t, "GET", servertest.Default+"/orders", nil).Body, "渝ATX061")
	require.Equal(t, 422, c.Ask(t, "POST", "/__admin/scenarios/run", map[string]any{"source": smallScenario, "sandbox": "nosuch"}).Status)
}

// A run that is broken off runs its finally, and its sandbox goes; so does one that the server's end breaks off.
func TestScenarios_stop(t *testing.T) {
	c := newControlled(t)
	source := smallScenario + "  - sleep: 8h\n"
	run := c.run(t, map[string]any{"source": source, "speed": "1x"}, 202)
	require.Eventually(t, func() bool { return c.sandboxes(t) == 2 }, time.Minute, time.Millisecond)
	require.Equal(t, 204, c.Ask(t, "DELETE", "/__admin/runs/"+run.ID, nil).Status)
	require.Eventually(t, func() bool { return c.sandboxes(t) == 1 }, time.Minute, time.Millisecond)
	require.Contains(t, c.Ask(t, "GET", "/__admin/runs/"+run.ID, nil).Body, "the run was broken off")

	for range 16 {
		c.run(t, map[string]any{"source": source, "speed": "1x"}, 202)
	}
	require.Equal(t, 409, c.Ask(t, "POST", "/__admin/scenarios/run", map[string]any{"source": source}).Status)
}

func TestScenarios_validate(t *testing.T) {
	c := newControlled(t)
	require.Equal(t, 200, c.Ask(t, "POST", "/__admin/scenarios/validate", map[string]any{"source": smallScenario}).Status)
	a := c.Ask(t, "POST", "/__admin/scenarios/validate", map[string]any{"source": strings.Replace(smallScenario, "enter:", "entr:", 1)})
	require.Equal(t, 422, a.Status)
	require.Equal(t, "application/problem+json", a.Header.Get("Content-Type"))
	require.Contains(t, a.Body, `{"pointer":"/source","detail":"steps[0]: there is no step \"entr\" (did you mean \"enter\"?)","line":6,"column":5}`)
	require.Equal(t, 422, c.Ask(t, "POST", "/__admin/scenarios/validate", map[string]any{}).Status)

	refused := strings.Replace(smallScenario, "steps:", "steps:\n  - rules: {quote.tttl: 5m}", 1) // which a run shows
	a = c.Ask(t, "POST", "/__admin/scenarios/validate", map[string]any{"source": refused})
	require.Equal(t, 422, a.Status)
	require.Contains(t, a.Body, "no such rule")
	require.Equal(t, "failed", c.run(t, map[string]any{"source": refused, "wait": true}, 200).Status)
}

func TestScenarios_refusals(t *testing.T) {
	c := newControlled(t)
	for _, each := range []struct {
		body   any
		status int
		says   string
	}{
		{map[string]any{"name": "nosuch"}, 404, "no such scenario: nosuch"},
		{map[string]any{}, 422, "want either a name or a source"},
		{map[string]any{"name": "a", "source": "b"}, 422, "want either a name or a source"},
		{map[string]any{"source": smallScenario, "speed": "warp"}, 422, "want max"},
		{map[string]any{"source": smallScenario, "sped": "max"}, 422, "/sped"},
	} {
		a := c.Ask(t, "POST", "/__admin/scenarios/run", each.body)
		require.Equal(t, each.status, a.Status, a.Body)
		require.Contains(t, a.Body, each.says)
	}
}

// A server hands out neither its environment nor its files.
func TestScenarios_environment(t *testing.T) {
	t.Setenv("SECRET_OF_THE_SERVER", "open sesame")
	c := newControlled(t)
	source := "name: x\nsteps: [{set: {a: \"${env('SECRET_OF_THE_SERVER')}\"}}, {http: {url: \"/${a}\"}}]\n"
	a := c.Ask(t, "POST", "/__admin/scenarios/run", map[string]any{"source": source, "wait": true})
	require.Contains(t, a.Body, "a server does not hand out its environment")
	require.NotContains(t, a.Body, "sesame")
}

// POST /__admin/sandboxes {"scenario"} makes the sandbox a scenario begins with.
func TestScenarios_world(t *testing.T) {
	c := newControlled(t)
	a := c.Ask(t, "POST", "/__admin/sandboxes", map[string]any{"id": "w", "scenario": "temporary-car-pays-online"})
	require.Equal(t, 201, a.Status, a.Body)
	require.Contains(t, a.Body, `"now":"2017-08-20 12:00:00"`)
	require.Contains(t, c.Ask(t, "GET", "/__admin/sandboxes/w/parkings", nil).Body, "ETCP 智慧停车场")
	require.Equal(t, 422, c.Ask(t, "POST", "/__admin/sandboxes", map[string]any{"scenario": "nosuch"}).Status)
}

// A folder's scenarios are served beside the built-in ones; what is wrong in it stops nothing.
func TestScenarios_folder(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600))
	}
	write("small.yaml", smallScenario+"summaryZh: 来了一辆车。\n")
	write("broken.yaml", "name: broken\nsteps: [{entr: {}}]\n")
	c := newControlled(t, mock.WithScenarios(dir))
	list := c.Ask(t, "GET", "/__admin/scenarios", nil).Body
	require.Contains(t, list, `"name":"small","summary":"A car comes.","summaryZh":"来了一辆车。"`)
	require.Contains(t, list, `"name":"temporary-car-pays-online"`)
	require.NotContains(t, list, `"broken"`)
	require.Contains(t, c.Ask(t, "GET", "/__admin/scenarios/small", nil).Body, `"source":"name: small\n`)
	require.Equal(t, "passed", c.run(t, map[string]any{"name": "small", "wait": true}, 200).Status)

	write("broken.yaml", strings.Replace(smallScenario, "small", "fixed", 1))
	write("small.yaml", "name: [\n")
	a := c.Ask(t, "POST", "/__admin/scenarios/reload", nil)
	require.Contains(t, a.Body, "small.yaml:")
	require.Equal(t, 422, c.Ask(t, "POST", "/__admin/scenarios/reload", `{"folder":"x"}`).Status, "it takes nothing")
	require.Equal(t, "passed", c.run(t, map[string]any{"name": "fixed", "wait": true}, 200).Status)
}

// A cut connection is an error to a scenario that runs without one, and ends neither its run nor the server.
func TestPanic_cutInAScenario(t *testing.T) {
	c := newControlled(t)
	source := `name: cut
summary: The connection is cut.
sandbox: {parkings: [{id: "1", name: P, city: C, lat: "29.5", lon: "106.5"}]}
steps:
  - fault: {on: {endpoint: parkingstatus}, do: {cut: before}, times: 1}
  - call: parkingstatus
    data: {parkingId: "1"}
    expect: {error: {$any: true}}
  - call: parkingstatus
    data: {parkingId: "1"}
    expect: {code: 0}
`
	run := c.run(t, map[string]any{"source": source, "wait": true}, 200)
	require.Equal(t, "passed", run.Status, "%+v", run.Steps)
}
