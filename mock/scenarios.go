package mock

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"net/http"
	"runtime/debug"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/etcp-mock/etcp-mock/mock/internal/control"
	"github.com/etcp-mock/etcp-mock/scenarios"
)

// WithScenarios serves the scenarios of a folder beside the built-in ones. What is wrong in it is logged, and stops nothing.
func WithScenarios(dir string) Option { return func(o *options) { o.scenarios = dir } }

// The bounds of runs on a server.
const (
	maxRunning = 16
	maxKept    = 200
	runTimeout = 10 * time.Minute
)

// stage runs scenarios on the server itself, through its own handler.
type stage struct {
	log     *slog.Logger
	dir     string
	replica string // whose runs they are, where several servers share a database
	target  scenarios.Target
	life    context.Context //nolint:containedctx // the life of the runs, ended by close
	end     context.CancelFunc

	mu      sync.Mutex
	library *scenarios.Library // nil until it is asked for: a start need not read them
	runs    map[string]*stagedRun
	order   []string
	last    int
	closed  bool
	going   sync.WaitGroup
}

type stagedRun struct {
	id      string
	started time.Time
	name    string
	stop    context.CancelFunc
	done    chan struct{}

	mu     sync.Mutex
	status string
	steps  []control.RunStep
	result *scenarios.Result
}

func newStage(dir string, log *slog.Logger) *stage {
	s := &stage{log: log, dir: dir, runs: map[string]*stagedRun{}}
	s.life, s.end = context.WithCancel(context.Background())
	for _, problem := range s.Reload() {
		log.Error("a scenario cannot be read", "problem", problem)
	}
	return s
}

// serveBy says what the runs go to: the server's own handler.
func (s *stage) serveBy(handler http.Handler, outside *http.Client, wall func() time.Time) {
	s.target = scenarios.InProcess(handler)
	s.target.Outside, s.target.Now = outside, wall
}

// close ends the runs and waits for them: their finally has run, their sandboxes are gone.
func (s *stage) close() {
	s.mu.Lock()
	s.closed = true
	s.mu.Unlock()
	s.end()
	s.going.Wait()
}

// Reload reads the folder anew. What is right in it replaces what was; what is wrong is reported.
func (s *stage) Reload() []string {
	if s.dir == "" {
		return nil
	}
	library, err := scenarios.Load(scenarios.Builtin(), s.dir)
	var reported []string
	var problems scenarios.Problems
	switch {
	case errors.As(err, &problems):
		for _, p := range problems {
			reported = append(reported, p.Error())
		}
	case err != nil:
		reported = append(reported, err.Error())
	}
	if library != nil {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.library = library
	}
	return reported
}

func (s *stage) have() *scenarios.Library {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.library == nil {
		s.library = scenarios.NewLibrary(scenarios.Builtin())
	}
	return s.library
}

func (s *stage) get(name string) (*scenarios.Library, *scenarios.Scenario, error) {
	library := s.have()
	if found := library.Get(name); found != nil {
		return library, found, nil
	}
	return nil, nil, fmt.Errorf("%w: %s", control.ErrNoScenario, name)
}

// List are the scenarios there are.
func (s *stage) List() []control.Scenario {
	library := s.have()
	items := []control.Scenario{}
	for _, each := range library.All() {
		items = append(items, control.Scenario{
			Name: each.Name, Summary: each.Summary, SummaryZh: each.SummaryZh, Tags: list(each.Tags), Covers: list(each.Covers), File: each.File,
			BuiltIn: scenarios.Builtin().Get(each.Name) == each, Cases: len(each.Cases()),
		})
	}
	return items
}

func list(texts []string) []string {
	if texts == nil {
		return []string{}
	}
	return texts
}

// Source is a scenario's file.
func (s *stage) Source(name string) (string, error) {
	_, found, err := s.get(name)
	if err != nil {
		return "", err
	}
	return string(found.Text), nil
}

// Fixture is a scenario's world.
func (s *stage) Fixture(name string) (json.RawMessage, error) {
	library, found, err := s.get(name)
	if err != nil {
		return nil, err
	}
	text, err := scenarios.Fixture(found, library)
	if err == nil && !found.HasFixture() {
		return nil, nil // it has the car parks and the merchant of any new sandbox
	}
	return text, err
}

// Validate checks a source.
func (s *stage) Validate(source string) error {
	_, err := s.have().Parse("source", []byte(source))
	return sourceError(err)
}

func sourceError(err error) error {
	var problems scenarios.Problems
	if !errors.As(err, &problems) {
		return err
	}
	out := &control.SourceError{}
	for _, p := range problems {
		detail := p.Detail
		if p.Field != "" {
			detail = p.Field + ": " + detail
		}
		if p.Hint != "" {
			detail += " (" + p.Hint + ")"
		}
		out.Problems = append(out.Problems, control.SourceProblem{Line: p.Line, Column: p.Column, Detail: detail})
	}
	return out
}

// Start starts a run.
func (s *stage) Start(in control.ScenarioRun) (string, error) {
	library := s.have()
	var what *scenarios.Scenario
	var err error
	if in.Source != "" {
		library = scenarios.NewLibrary(library).Give(slices.Collect(maps.Keys(in.Vars))...)
		what, err = library.Parse("source", []byte(in.Source))
		err = sourceError(err)
	} else {
		library, what, err = s.get(in.Name)
	}
	if err != nil {
		return "", err
	}
	speed, err := scenarios.ParseSpeed(in.Speed)
	if err != nil {
		return "", &control.SourceError{Problems: []control.SourceProblem{{Detail: err.Error()}}}
	}
	run, ctx, err := s.enlist(what.Name)
	if err != nil {
		return "", err
	}
	target := s.target
	target.Sandbox = in.Sandbox
	o := scenarios.Options{Library: library, Vars: in.Vars, Seed: in.Seed, Speed: speed, Keep: in.Keep, Progress: run.note}
	go func() {
		defer s.going.Done()
		defer run.stop()
		defer func() {
			if failure := recover(); failure != nil {
				s.log.Error("a run of a scenario failed", "scenario", what.Name, "panic", failure, "stack", string(debug.Stack()))
				run.over(nil)
			}
		}()
		result, err := scenarios.Run(ctx, target, what, o)
		if err != nil {
			s.log.Error("a scenario cannot be run", "scenario", what.Name, "error", err)
		}
		run.over(result)
	}()
	return run.id, nil
}

// enlist makes room for a run, and forgets the oldest that are over.
func (s *stage) enlist(name string) (*stagedRun, context.Context, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	running := 0
	for _, run := range s.runs {
		if !run.ended() {
			running++
		}
	}
	if running >= maxRunning || s.closed {
		return nil, nil, fmt.Errorf("%w: %d", control.ErrTooManyRuns, running)
	}
	for len(s.order) >= maxKept {
		oldest := slices.IndexFunc(s.order, func(id string) bool { return s.runs[id].ended() })
		delete(s.runs, s.order[oldest])
		s.order = slices.Delete(s.order, oldest, oldest+1)
	}
	s.last++
	id := "run-" + strconv.Itoa(s.last)
	if s.replica != "" {
		id += runSeparator + s.replica
	}
	run := &stagedRun{id: id, name: name, started: time.Now(), done: make(chan struct{}), status: control.Running}
	ctx, stop := context.WithTimeout(s.life, runTimeout)
	run.stop = stop
	s.runs[run.id] = run
	s.order = append(s.order, run.id)
	s.going.Add(1)
	return run, ctx, nil
}

func (r *stagedRun) ended() bool {
	select {
	case <-r.done:
		return true
	default:
		return false
	}
}

// note follows the run.
func (r *stagedRun) note(e scenarios.Event) {
	if e.Step == nil {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	step := runStep(e.Case, e.Step)
	if !e.Ended {
		step.Status = control.Running
		r.steps = append(r.steps, step)
		return
	}
	for i := len(r.steps) - 1; i >= 0; i-- { // steps that run at once end in any order
		if r.steps[i].Status == control.Running && r.steps[i].Place == step.Place {
			r.steps[i] = step
			return
		}
	}
	r.steps = append(r.steps, step)
}

func runStep(c *scenarios.CaseResult, s *scenarios.StepResult) control.RunStep {
	step := control.RunStep{
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

// over ends the run: its steps are those of the result, those that were not begun too.
func (r *stagedRun) over(result *scenarios.Result) {
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
			r.steps = append(r.steps, runStep(c, s))
		}
	}
}

func (r *stagedRun) shown(full bool) control.Run {
	r.mu.Lock()
	defer r.mu.Unlock()
	out := control.Run{ID: r.id, Scenario: r.name, Status: r.status, Started: r.started.UTC().Format(time.RFC3339), Steps: slices.Clone(r.steps)}
	if out.Steps == nil {
		out.Steps = []control.RunStep{}
	}
	if full && r.result != nil {
		out.Result = r.result
	}
	return out
}

// Run is the state of a run.
func (s *stage) Run(id string) (control.Run, bool) {
	s.mu.Lock()
	run := s.runs[id]
	s.mu.Unlock()
	if run == nil {
		return control.Run{}, false
	}
	return run.shown(true), true
}

// Runs are the runs, the newest first.
func (s *stage) Runs() []control.Run {
	s.mu.Lock()
	runs := make([]*stagedRun, 0, len(s.order))
	for _, id := range s.order {
		runs = append(runs, s.runs[id])
	}
	s.mu.Unlock()
	slices.Reverse(runs)
	out := make([]control.Run, len(runs))
	for i, run := range runs {
		out[i] = run.shown(false)
	}
	return out
}

// Wait waits until a run is over.
func (s *stage) Wait(ctx context.Context, id string) {
	s.mu.Lock()
	run := s.runs[id]
	s.mu.Unlock()
	if run == nil {
		return
	}
	select {
	case <-run.done:
	case <-ctx.Done():
	}
}

// Format writes a scenario as the file of it.
func (s *stage) Format(scenario json.RawMessage, notes ...string) ([]byte, error) {
	return scenarios.Format(scenario, append([]string{"yaml-language-server: $schema=" + scenarios.SchemaURL}, notes...)...)
}

// Stop breaks a run off.
func (s *stage) Stop(id string) bool {
	s.mu.Lock()
	run := s.runs[id]
	s.mu.Unlock()
	if run != nil {
		run.stop()
	}
	return run != nil
}

// ReloadScenarios reads the folder of [WithScenarios] anew and says what is wrong in it, each thing on a line.
func (s *Server) ReloadScenarios() []string { return s.stage.Reload() }
