package runs

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/etcp-mock/etcp-mock/scenarios"
)

// Running is the status of a run, and of a step, that is not over.
const Running = "running"

// Report is a run and its steps so far.
type Report struct {
	ID       string            `json:"id"`
	Scenario string            `json:"scenario"`
	Status   string            `json:"status"`  // running, passed, failed
	Started  string            `json:"started"` // RFC 3339, UTC
	Steps    []Step            `json:"steps"`
	Result   *scenarios.Result `json:"result,omitempty"` // everything there is to know, once it is over
}

// Step is a step of a run.
type Step struct {
	Name       string `json:"name"`
	Status     string `json:"status"` // running, passed, failed, skipped
	DurationMs int64  `json:"durationMs"`
	Detail     string `json:"detail"`
	Place      string `json:"place"` // file:line:column
}

type run struct {
	id       string
	started  time.Time
	scenario string
	stop     context.CancelFunc
	done     chan struct{}

	mu     sync.Mutex
	status string
	steps  []Step
	result *scenarios.Result
}

func (r *run) ended() bool {
	select {
	case <-r.done:
		return true
	default:
		return false
	}
}

// note follows the run.
func (r *run) note(e scenarios.Event) {
	if e.Step == nil {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	step := stepOf(e.Case, e.Step)
	if !e.Ended {
		step.Status = Running
		r.steps = append(r.steps, step)
		r.forget()
		return
	}
	for i := len(r.steps) - 1; i >= 0; i-- { // steps that run at once end in any order
		if r.steps[i].Status == Running && r.steps[i].Place == step.Place {
			r.steps[i] = step
			return
		}
	}
	r.steps = append(r.steps, step)
	r.forget()
}

// maxSteps is how many steps of a run that goes on are shown: the first and the newest half of them.
const maxSteps = 1000

// forget lets go of a step in the middle that has ended, where there are too many.
func (r *run) forget() {
	if len(r.steps) <= maxSteps {
		return
	}
	for i := maxSteps / 2; i < len(r.steps); i++ {
		if r.steps[i].Status != Running {
			r.steps = append(r.steps[:i], r.steps[i+1:]...)
			return
		}
	}
}

func stepOf(c *scenarios.CaseResult, s *scenarios.StepResult) Step {
	step := Step{
		Name: s.Name, Status: string(s.Status), DurationMs: s.Duration.Milliseconds(), Detail: s.Reason,
		Place: fmt.Sprintf("%s:%d:%d", s.File, s.Line, s.Column),
	}
	if c.Row > 0 {
		step.Name = c.Name + ": " + s.Name
	}
	if s.Failure != nil {
		step.Detail = s.Failure.Detail
	}
	return step
}

// over ends the run: its steps are those of the result, those that were not begun too. Without a result it has failed.
func (r *run) over(result *scenarios.Result) {
	r.mu.Lock()
	defer r.mu.Unlock()
	defer close(r.done)
	r.status = string(scenarios.Failed)
	if result == nil {
		return
	}
	r.result = result
	if result.Status != scenarios.Failed {
		r.status = string(scenarios.Passed)
	}
	r.steps = nil
	for _, c := range result.Cases {
		for _, s := range c.Steps {
			r.steps = append(r.steps, stepOf(c, s))
		}
	}
}

func (r *run) report(full bool) Report {
	r.mu.Lock()
	defer r.mu.Unlock()
	out := Report{
		ID: r.id, Scenario: r.scenario, Status: r.status, Started: r.started.UTC().Format(time.RFC3339),
		Steps: append([]Step{}, r.steps...),
	}
	if full {
		out.Result = r.result
	}
	return out
}
