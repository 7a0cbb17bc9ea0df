package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"
)

// figures is everything that was measured.
type figures struct {
	settings   settings
	compared   []comparison
	endpoints  []named
	baselines  []named
	sizes      []named
	refused    []comparison
	pushes     pushFigures
	kept       []comparison
	restarts   []restart
	pauses     []pause
	replicated []scaled
	starts     []time.Duration
	bare       []time.Duration
	idle       memory
	bareIdle   memory
	million    []millionStart
	peers      []peerTurns
	endurance  []endurance
	inside     []insideRow
	watched    []watched
}

// comparison is the same requests to the baseline and to the mock, in turns.
type comparison struct {
	name        string
	connections int
	turns       []turn
}

// turn is one pair of a comparison.
type turn struct{ baseline, mock outcome }

// named is one measurement with its name.
type named struct {
	name string
	outcome
	bytes, mallocs float64 // a request
}

// endurance is the memory after so many requests.
type endurance struct {
	requests int64
	memory
}

func measure(ctx context.Context, s settings) (string, error) {
	f := figures{settings: s}
	for _, step := range f.steps() {
		if s.step != "" && !slices.Contains(strings.Split(s.step, ","), step.name) {
			continue
		}
		fmt.Fprintln(os.Stderr, "bench:", step.name)
		if err := step.do(ctx); err != nil {
			return "", fmt.Errorf("%s: %w", step.name, err)
		}
	}
	return f.report(), nil
}

// step is one thing that is measured.
type step struct {
	name string
	do   func(context.Context) error
}

func (f *figures) steps() []step {
	return []step{
		{"start", f.measureStart},
		{"turns", f.measureTurns},
		{"refused", f.measureRefused},
		{"endpoints", f.measureEndpoints},
		{"sizes", f.measureSizes},
		{"pushes", func(ctx context.Context) (err error) { f.pushes, err = measurePushes(ctx, f.settings); return err }},
		{"kept", f.measureKept},
		{"restart", f.measureRestart},
		{"pauses", f.measurePauses},
		{"replicas", f.measureReplicas},
		{"peers", f.measurePeers},
		{"console", f.measureConsole},
		{"inside", f.measureInside},
		{"endurance", f.measureEndurance},
	}
}

func stepNames() []string {
	var names []string
	for _, s := range (&figures{}).steps() {
		names = append(names, s.name)
	}
	return names
}

// startFixture starts a mock from a fixture's text; "" is its own small city.
func startFixture(ctx context.Context, fixture string) (*child, error) {
	if fixture == "" {
		return startChild(ctx, "mock", "")
	}
	dir, err := os.MkdirTemp("", "etcp-mock-bench")
	if err != nil {
		return nil, err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	name := filepath.Join(dir, "fixture.json")
	if err := os.WriteFile(name, []byte(fixture), 0o600); err != nil {
		return nil, err
	}
	return startChild(ctx, "mock", name)
}

// startPair starts the baseline and a mock that is made ready.
func startPair(ctx context.Context) (base, mock *child, work *workload, err error) {
	if base, err = startChild(ctx, "baseline", ""); err != nil {
		return nil, nil, nil, err
	}
	if mock, err = startFixture(ctx, ""); err != nil {
		base.stop()
		return nil, nil, nil, err
	}
	if work, err = prepare(ctx, mock); err != nil {
		base.stop()
		mock.stop()
		return nil, nil, nil, err
	}
	return base, mock, work, nil
}

// measureTurns is the comparison: the same requests to the baseline and to the mock, in turns, so that a machine whose
// speed drifts drifts for both. First a rotation, then each endpoint by itself.
func (f *figures) measureTurns(ctx context.Context) error {
	base, mock, work, err := startPair(ctx)
	if err != nil {
		return err
	}
	defer base.stop()
	defer mock.stop()
	all := f.settings.connections
	rotation := slices.Concat(work.requests["carnum"], work.requests["bindcar"], work.requests["orderunpay"], work.requests["parkingstatus"])
	type compared struct {
		name        string
		connections int
		requests    [][]byte
	}
	compare := []compared{{"rotation", all, rotation}}
	for _, name := range work.names {
		compare = append(compare, compared{name, all, work.requests[name]})
	}
	compare = append(compare, compared{"usersigin, 1000 phones, 64 connections", 64, work.signIns})
	for _, c := range compare {
		if f.settings.only != "" && !strings.Contains(c.name, f.settings.only) {
			continue
		}
		one, err := f.compare(ctx, base, mock, c.name, c.connections, c.requests)
		if err != nil {
			return fmt.Errorf("%s: %w", c.name, err)
		}
		f.compared = append(f.compared, one)
	}
	return nil
}

func (f *figures) compare(ctx context.Context, base, mock *child, name string, connections int, requests [][]byte) (comparison, error) {
	c := comparison{name: name, connections: connections}
	for _, server := range []*child{base, mock} { // warm
		if _, err := load(ctx, server, connections, f.settings.slice/2, 0, requests); err != nil {
			return c, err
		}
	}
	for range f.settings.rounds {
		var t turn
		var err error
		if t.baseline, err = load(ctx, base, connections, f.settings.slice, 0, requests); err != nil {
			return c, err
		}
		if t.mock, err = load(ctx, mock, connections, f.settings.slice, 0, requests); err != nil {
			return c, err
		}
		c.turns = append(c.turns, t)
	}
	if f.settings.profile == "" {
		return c, nil
	}
	for kind, server := range map[string]*child{"gin": base, "mock": mock} {
		if err := f.profiled(ctx, server, name+"-"+kind, connections, requests); err != nil {
			return c, err
		}
	}
	return c, nil
}

// profiled puts a server under load for some seconds and writes what it spends its processor time on.
func (f *figures) profiled(ctx context.Context, c *child, name string, connections int, requests [][]byte) error {
	const seconds = 6
	var profile []byte
	var failed error
	var writing sync.WaitGroup
	writing.Go(func() { profile, failed = c.profile(ctx, seconds) })
	_, err := load(ctx, c, connections, seconds*time.Second, 0, requests)
	writing.Wait()
	if err := errors.Join(err, failed); err != nil {
		return err
	}
	name = strings.NewReplacer(" ", "-", ",", "", "(", "", ")", "").Replace(name) + ".pprof"
	return os.WriteFile(filepath.Join(f.settings.profile, name), profile, 0o600)
}

func (f *figures) measureEndpoints(ctx context.Context) error {
	base, mock, work, err := startPair(ctx)
	if err != nil {
		return err
	}
	defer base.stop()
	defer mock.stop()
	for _, name := range []string{"carnum", "bindcar"} {
		n, err := f.one(ctx, base, "bare Gin, as "+name, work.requests[name])
		if err != nil {
			return err
		}
		f.baselines = append(f.baselines, n)
	}
	for _, name := range work.names {
		n, err := f.one(ctx, mock, name, work.requests[name])
		if err != nil {
			return err
		}
		f.endpoints = append(f.endpoints, n)
	}
	return nil
}

// one measures requests with what each allocates.
func (f *figures) one(ctx context.Context, c *child, name string, requests [][]byte) (named, error) {
	before, err := c.stats(ctx)
	if err != nil {
		return named{}, err
	}
	o, err := load(ctx, c, f.settings.connections, f.settings.slice, 0, requests)
	if err != nil {
		return named{}, fmt.Errorf("%s: %w", name, err)
	}
	after, err := c.stats(ctx)
	n := float64(max(o.requests, 1))
	return named{name, o, float64(after.Bytes-before.Bytes) / n, float64(after.Mallocs-before.Mallocs) / n}, err
}

// measureSizes asks the same of fixtures of many sizes.
func (f *figures) measureSizes(ctx context.Context) error {
	for _, vehicles := range []int{10, 1_000, 100_000} {
		if err := f.size(ctx, fmt.Sprintf("%d vehicles", vehicles), cityOf(vehicles, 10), nil); err != nil {
			return err
		}
	}
	for _, parkings := range f.settings.parkings {
		if err := f.size(ctx, fmt.Sprintf("%d car parks", parkings), cityOf(10, parkings), nil); err != nil {
			return err
		}
	}
	if err := f.size(ctx, "1000 sandboxes", "", func(ctx context.Context, c *child) (func(), error) {
		for range 1_000 {
			if err := c.admin(ctx, http.MethodPost, "/__admin/sandboxes", map[string]any{}); err != nil {
				return nil, err
			}
		}
		return func() {}, nil
	}); err != nil {
		return err
	}
	return f.size(ctx, "100 event readers", "", follow)
}

// follow opens a hundred event streams and reads them.
func follow(ctx context.Context, c *child) (func(), error) {
	ctx, cancel := context.WithCancel(ctx)
	var all sync.WaitGroup
	for range 100 {
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+c.addr+"/__admin/sandboxes/default/events", http.NoBody)
		if err != nil {
			cancel()
			return nil, err
		}
		all.Go(func() { _ = exchange(req, func([]byte) error { return nil }) }) // ends with the context
	}
	return func() { cancel(); all.Wait() }, nil
}

func (f *figures) size(ctx context.Context, name, fixture string, also func(context.Context, *child) (func(), error)) error {
	c, err := startFixture(ctx, fixture)
	if err != nil {
		return err
	}
	defer c.stop()
	work, err := prepare(ctx, c)
	if err != nil {
		return err
	}
	if also != nil {
		undo, err := also(ctx, c)
		if err != nil {
			return err
		}
		defer undo()
	}
	n, err := f.one(ctx, c, name, work.requests["a mixed day"])
	f.sizes = append(f.sizes, n)
	return err
}

func cityOf(vehicles, parkings int) string {
	var f strings.Builder
	fmt.Fprintf(&f, `{"merchants":[{"no":"%s","key":"%s"}],"parkings":[`, merchantNo, merchantKey)
	for i := range parkings {
		if i > 0 {
			f.WriteByte(',')
		}
		fmt.Fprintf(&f, `{"id":"%d","name":"P%d","city":"重庆市","lat":"%.4f","lon":"%.4f","totalSpace":1000000}`,
			i+1, i+1, 29+float64(i%1000)/1000, 106+float64(i/1000)/1000)
	}
	f.WriteString(`],"orders":[`)
	for i := range vehicles {
		if i > 0 {
			f.WriteByte(',')
		}
		fmt.Fprintf(&f, `{"plateNumber":"%s","parkingId":"%d","entranceTime":"2017-08-20 12:00:00"}`, carPlate(i), i%parkings+1)
	}
	f.WriteString(`]}`)
	return f.String()
}

func (f *figures) measureEndurance(ctx context.Context) error {
	if f.settings.endurance == 0 {
		return nil
	}
	c, err := startFixture(ctx, "")
	if err != nil {
		return err
	}
	defer c.stop()
	work, err := prepare(ctx, c)
	if err != nil {
		return err
	}
	const parts = 10
	sent := int64(0)
	for range parts {
		// The stamps of a part are fresh: they are good for ten minutes.
		requests := slices.Concat(work.requests["a mixed day"])
		o, err := load(ctx, c, f.settings.connections, 8*time.Minute, int64(f.settings.endurance/parts), requests)
		if err != nil {
			return err
		}
		sent += o.requests
		f.endurance = append(f.endurance, endurance{sent, c.memory()})
	}
	return nil
}
