// Package runs runs scenarios on a server: its library of scenarios (built in, and those of a folder), and the runs that the
// control API starts, follows and stops. Runs go through the server's own handler, and end with the server.
package runs

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/etcp-mock/etcp-mock/scenarios"
	"github.com/etcp-mock/etcp-mock/scenarios/traffic"
)

// The bounds of runs on a server.
const (
	maxRunning = 16
	maxKept    = 200
	timeout    = 10 * time.Minute
)

// Errors of runs.
var (
	ErrNoScenario = errors.New("no such scenario")
	ErrTooMany    = errors.New("too many scenarios run already")
)

// separator lies between a run's id and the replica that runs it.
const separator = "."

// Replica is the replica that a run's id names; "" where it names none.
func Replica(id string) string {
	_, name, _ := strings.Cut(id, separator)
	return name
}

// Runs are the scenarios of a server and their runs.
type Runs struct {
	log     *slog.Logger
	dir     string
	replica string
	judge   scenarios.Judge
	target  scenarios.Target
	life    context.Context //nolint:containedctx // the life of the runs, ended by Close
	end     context.CancelFunc

	mu      sync.Mutex
	library *scenarios.Library // nil until it is asked for: a start need not read them
	runs    map[string]*run
	order   []string
	last    int
	closed  bool
	going   sync.WaitGroup
}

// New reads the folder dir, "" for none, beside the built-in scenarios. What is wrong in it is logged, and stops nothing. replica is
// part of the runs' ids where several servers share a database, else "". Validate holds scenarios to what judge says the server takes.
func New(dir, replica string, log *slog.Logger, judge scenarios.Judge) *Runs {
	s := &Runs{log: log, dir: dir, replica: replica, judge: judge, runs: map[string]*run{}}
	s.life, s.end = context.WithCancel(context.Background())
	for _, problem := range s.Reload() {
		log.Error("a scenario cannot be read", "problem", problem)
	}
	return s
}

// Serve says what the runs speak to: the server's own handler, by outside anything else, and by wall the time. It is called before
// the first run.
func (s *Runs) Serve(handler http.Handler, outside *http.Client, wall func() time.Time) {
	s.target = scenarios.InProcess(handler)
	s.target.Outside, s.target.Now = outside, wall
}

// Close ends the runs and waits for them: their finally has run, their sandboxes are gone.
func (s *Runs) Close() {
	s.mu.Lock()
	s.closed = true
	s.mu.Unlock()
	s.end()
	s.going.Wait()
}

// Request is what is to be run, and how.
type Request struct {
	Name, Source string // either the name of a scenario, or the text of one
	Sandbox      string // "" for one of its own
	Vars         map[string]any
	Seed         *uint64
	Speed        any // "max", "10x" or a number; nil is max
	Keep         bool
}

// Start starts a run and gives its id. Its errors are [ErrNoScenario], [ErrTooMany] and [scenarios.Problems].
func (s *Runs) Start(in Request) (string, error) {
	library, what, err := s.find(in)
	if err != nil {
		return "", err
	}
	speed, err := traffic.ParseSpeed(in.Speed)
	if err != nil {
		return "", scenarios.Problems{{Detail: err.Error()}}
	}
	started, ctx, err := s.enlist(what.Name)
	if err != nil {
		return "", err
	}
	target := s.target
	target.Sandbox = in.Sandbox
	o := scenarios.Options{Library: library, Vars: in.Vars, Seed: in.Seed, Speed: speed, Keep: in.Keep, Progress: started.note}
	go func() {
		defer s.going.Done()
		defer started.stop()
		defer func() {
			if failure := recover(); failure != nil {
				s.log.Error("a run of a scenario failed", "scenario", what.Name, "panic", failure, "stack", string(debug.Stack()))
				started.over(nil)
			}
		}()
		result, err := scenarios.Run(ctx, target, what, o)
		if err != nil {
			s.log.Error("a scenario cannot be run", "scenario", what.Name, "error", err)
		}
		started.over(result)
	}()
	return started.id, nil
}

// enlist makes room for a run, and forgets the oldest that are over.
func (s *Runs) enlist(scenario string) (*run, context.Context, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	running := 0
	for _, each := range s.runs {
		if !each.ended() {
			running++
		}
	}
	if running >= maxRunning || s.closed {
		return nil, nil, fmt.Errorf("%w: %d", ErrTooMany, running)
	}
	for len(s.order) >= maxKept {
		oldest := slices.IndexFunc(s.order, func(id string) bool { return s.runs[id].ended() })
		delete(s.runs, s.order[oldest])
		s.order = slices.Delete(s.order, oldest, oldest+1)
	}
	s.last++
	id := "run-" + strconv.Itoa(s.last)
	if s.replica != "" {
		id += separator + s.replica
	}
	ctx, stop := context.WithTimeout(s.life, timeout)
	added := &run{id: id, scenario: scenario, started: time.Now(), stop: stop, done: make(chan struct{}), status: Running}
	s.runs[id] = added
	s.order = append(s.order, id)
	s.going.Add(1)
	return added, ctx, nil
}

func (s *Runs) run(id string) *run {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.runs[id]
}

// Get is the state of a run, with its result once it is over.
func (s *Runs) Get(id string) (Report, bool) {
	found := s.run(id)
	if found == nil {
		return Report{}, false
	}
	return found.report(true), true
}

// List are the runs, the newest first, without their results.
func (s *Runs) List() []Report {
	s.mu.Lock()
	all := make([]*run, 0, len(s.order))
	for _, id := range slices.Backward(s.order) {
		all = append(all, s.runs[id])
	}
	s.mu.Unlock()
	out := make([]Report, len(all))
	for i, each := range all {
		out[i] = each.report(false)
	}
	return out
}

// Wait waits until a run is over, or the context ends.
func (s *Runs) Wait(ctx context.Context, id string) {
	found := s.run(id)
	if found == nil {
		return
	}
	select {
	case <-found.done:
	case <-ctx.Done():
	}
}

// Stop breaks a run off: its finally runs, and its sandbox goes.
func (s *Runs) Stop(id string) bool {
	found := s.run(id)
	if found != nil {
		found.stop()
	}
	return found != nil
}

// Format writes a scenario that was made here, as JSON, as the file of it, with a link to the format's schema.
func (s *Runs) Format(scenario json.RawMessage, notes ...string) ([]byte, error) {
	return scenarios.Format(scenario, append([]string{"yaml-language-server: $schema=" + scenarios.SchemaURL}, notes...)...)
}
