package sandbox

import (
	"errors"
	"fmt"
	"time"

	"github.com/etcp-mock/etcp-mock/mock/internal/fault"
	"github.com/etcp-mock/etcp-mock/mock/internal/platform"
	"github.com/etcp-mock/etcp-mock/mock/internal/push"
)

// stateVersion is of the shape of [State].
const stateVersion = 1

// State is a whole sandbox as one document: put back, here or on another
// server, every flow goes on. The key that seals quotes follows from the seed.
type State struct {
	Version int               `json:"version"`
	Clock   ClockState        `json:"clock"`
	World   platform.Snapshot `json:"world"`
	Pushes  push.State        `json:"pushes"`
	Faults  fault.State       `json:"faults"`
	Journal JournalState      `json:"journal"`
}

// ClockState is a clock; one that runs goes on from Now when it is put back.
type ClockState struct {
	Now  time.Time `json:"now"`
	Mode string    `json:"mode"`
	Rate float64   `json:"rate"`
}

// JournalState is a journal, oldest entry first.
type JournalState struct {
	Seq     uint64  `json:"seq"`
	Entries []Entry `json:"entries"`
}

// ErrState is the cause where a state cannot be put back.
var ErrState = errors.New("not a state that can be put back")

// State takes everything out, at one instant.
func (s *Sandbox) State() State {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.clock.show(s.wall())
	return State{
		Version: stateVersion, Clock: ClockState(c), World: s.world.Snapshot(), Pushes: s.pushes.Snapshot(), Faults: s.faults.State(),
		Journal: JournalState{Seq: s.journal.seq, Entries: s.journal.values()},
	}
}

// Restore puts a state in the place of what is, whole or not at all. Its errors
// are [ErrState] and, where another sandbox has one of its merchants, [ErrTaken].
func (s *Sandbox) Restore(state State) error {
	if state.Version != stateVersion {
		return fmt.Errorf("%w: version %d, want %d", ErrState, state.Version, stateVersion)
	}
	now := state.Clock.Now
	change := ClockChange{Now: &now, Mode: &state.Clock.Mode, Rate: &state.Clock.Rate}
	if err := change.Check(); err != nil {
		return fmt.Errorf("%w: clock: %w", ErrState, err)
	}
	world, err := platform.FromSnapshot(state.World)
	if err != nil {
		return fmt.Errorf("%w: world: %w", ErrState, err)
	}
	log := push.NewLog()
	if err := log.Restore(state.Pushes); err != nil {
		return fmt.Errorf("%w: pushes: %w", ErrState, err)
	}
	faults, err := fault.FromState(state.Faults, platform.NewDice(world.Seed(), "faults"))
	if err != nil {
		return fmt.Errorf("%w: faults: %w", ErrState, err)
	}
	next := clock{rate: state.Clock.Rate, frozen: state.Clock.Mode == Frozen}.at(now, s.wall())
	return s.replace(CauseRestore, start{world, next, faults}, func() {
		s.pushes = log
		s.journal = journal{ring: pointers(state.Journal.Entries), seq: state.Journal.Seq}
		s.doubtAgain()
	})
}
