package sandbox

import (
	"fmt"
	"runtime"
	"time"

	"github.com/etcp-mock/etcp-mock/mock/internal/engine"
	"github.com/etcp-mock/etcp-mock/mock/internal/fixture"
)

// History is the newest part of the log, as it is now.
func (s *Sandbox) History() engine.History {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.history
}

// State takes everything out, at one instant.
func (s *Sandbox) State() engine.State {
	return s.CopyState().State()
}

// copyAtOnce is how many things are copied without others being let in between.
const copyAtOnce = 4 * copyStep

// CopyState takes everything out, at one instant between the call and its end, for it to be shaped and written without a lock. A
// large state is copied in steps, between which others are served; all that want a copy meanwhile share one.
func (s *Sandbox) CopyState() *engine.Copy {
	s.mu.Lock()
	if s.copying == nil && s.engine.Objects() <= copyAtOnce {
		defer s.mu.Unlock()
		return s.engine.Copy(s.wall())
	}
	s.beginCopyLocked()
	ready, first := make(chan *engine.Copy, 1), len(s.readers) == 0
	s.readers = append(s.readers, ready)
	s.mu.Unlock()
	for first && s.copyOn() { // only one makes steps, so that many that read delay nobody
		runtime.Gosched()
	}
	return <-ready
}

// copyOn makes a step of a copy that readers wait for. It says whether there are more to make.
func (s *Sandbox) copyOn() (more bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.readers) > 0 {
		s.copyLocked()
	}
	return len(s.readers) > 0
}

func (s *Sandbox) beginCopyLocked() {
	if s.copying == nil {
		s.copying = s.engine.BeginCheckpoint()
	}
}

// copyLocked makes a step of the checkpoint that is being made; once it is whole, whoever wanted it has it.
func (s *Sandbox) copyLocked() {
	c := s.copying.Step(copyStep)
	if c == nil {
		return
	}
	s.copying = nil
	for _, ready := range s.readers {
		ready <- s.engine.CopyOf(c, s.wall())
	}
	s.readers = nil
	if !s.wanted {
		return
	}
	s.wanted = false
	s.history.Checkpoint(c, engine.KeepBy(s.engine.View().State().Rules()))
	s.snapshotLocked()
	// A snapshot is written as a whole: as many inputs lie between two as there are things in one.
	if next := s.nextSnapshot(c); next != nil && next.Seq-s.snapshot >= uint64(s.engine.Objects()) { //nolint:gosec // never negative
		s.fresh = next
	}
}

// replayAtOpening is the most inputs that are left to be replayed when the sandbox is opened again: less than a second's work.
const replayAtOpening = 50_000

// nextSnapshot is what is to be stored: what the history begins with, so that the log is as long after a restart as before it; or now,
// where that would leave too much to be replayed. It is nil where the newest snapshot that is kept still serves.
func (s *Sandbox) nextSnapshot(now *engine.Checkpoint) *engine.Checkpoint {
	base := s.history.Base()
	switch {
	case base != nil && base.Seq > s.snapshot && now.Seq-base.Seq <= replayAtOpening:
		return base
	case now.Seq-s.snapshot <= replayAtOpening:
		return nil
	}
	return now
}

// CopyStateAt is CopyState of what was right after a point of the log ([engine.History.Point]).
func (s *Sandbox) CopyStateAt(at string) (*engine.Copy, error) {
	e, _, err := s.at(at)
	if err != nil {
		return nil, err
	}
	return e.LastCopy(), nil
}

// StateAt is the state as it was right after a point of the log ([engine.History.Point]).
func (s *Sandbox) StateAt(at string) (engine.State, error) {
	c, err := s.CopyStateAt(at)
	if err != nil {
		return engine.State{}, err
	}
	return c.State(), nil
}

// at is the engine as it was right after a point of the log.
func (s *Sandbox) at(point string) (*engine.Engine, uint64, error) {
	h := s.History()
	seq, err := h.Point(point)
	if err != nil {
		return nil, 0, err
	}
	e, err := h.At(seq, nil)
	return e, seq, err
}

// Diff is what changed between two points of the log; "" is now.
func (s *Sandbox) Diff(from, to string) ([]engine.Difference, error) {
	h := s.History()
	var engines [2]*engine.Engine
	for i, point := range []string{from, to} {
		seq := h.Last()
		if point != "" {
			var err error
			if seq, err = h.Point(point); err != nil {
				return nil, err
			}
		}
		var err error
		if engines[i], err = h.At(seq, nil); err != nil {
			return nil, err
		}
	}
	return engine.Diff(engines[0], engines[1]), nil
}

// Reset puts the sandbox back to its own fixture: state, clock, faults, journal, pushes. Its error is [*strict.Invalid], or the
// registry's where a merchant of the fixture now is another sandbox's.
func (s *Sandbox) Reset() error {
	return s.reset(&engine.Reset{})
}

// ResetTo makes the sandbox anew from something else, as [Sandbox.Reset] does from its own fixture; where it fails, nothing has changed.
func (s *Sandbox) ResetTo(spec fixture.Spec) error {
	return s.reset(&engine.Reset{Spec: &spec})
}

func (s *Sandbox) reset(in *engine.Reset) error {
	var spec fixture.Spec
	var generation uint64
	s.Read(func(v engine.View, _ time.Time) { spec, generation = v.Spec(), v.Generation() })
	if err := in.Prepare(spec, generation, s.wall()); err != nil {
		return err
	}
	if in.Spec != nil {
		spec = *in.Spec
	}
	return s.claiming(in, spec.MerchantNumbers()).Err
}

// Spec is what the sandbox is made from, and reset to.
func (s *Sandbox) Spec() (spec fixture.Spec) {
	s.Read(func(v engine.View, _ time.Time) { spec = v.Spec() })
	return spec
}

// Restore puts a state in the place of what is, whole or not at all. Its error is [*strict.Invalid], or the registry's where
// another sandbox has one of its merchants.
func (s *Sandbox) Restore(d *engine.Document) error {
	if err := d.Prepare(); err != nil {
		return err
	}
	return s.claiming(&engine.Restore{State: d}, d.Merchants()).Err
}

// Undo puts the sandbox back to what it was right after a point of the log. What came later stays in the log.
func (s *Sandbox) Undo(to string) error {
	e, seq, err := s.at(to)
	if err != nil {
		return err
	}
	state := e.LastState()
	d, err := engine.NewDocument(&state)
	if err != nil {
		return fmt.Errorf("undo: %w", err)
	}
	if err := d.Prepare(); err != nil {
		return err
	}
	return s.claiming(&engine.Restore{State: d, Undo: seq}, d.Merchants()).Err
}

// ForkPoint is what a fork starts from: the state right after a point of the log, "" for now, and what the sandbox was made
// from.
func (s *Sandbox) ForkPoint(at string) (state engine.State, spec fixture.Spec, err error) {
	s.Read(func(v engine.View, _ time.Time) { spec = v.Spec() })
	if at == "" {
		return s.State(), spec, nil
	}
	state, err = s.StateAt(at)
	return state, spec, err
}
