package sandbox

import (
	"errors"
	"fmt"
	"strings"
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

// State takes everything out, at one instant.
func (s *Sandbox) State() State {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.clock.show(s.wall())
	state := State{
		Version: stateVersion, Clock: ClockState(c), World: s.world.Snapshot(), Pushes: s.pushes.Snapshot(), Faults: s.faults.State(),
		Journal: JournalState{Seq: s.journal.seq, Entries: s.journal.values()},
	}
	s.note(c.Now, Kept{state.mark()})
	return state
}

// Restore puts a state in the place of what is, whole or not at all. Its errors
// are [*InvalidError] and, where another sandbox has one of its merchants, [ErrTaken].
func (s *Sandbox) Restore(state State) error {
	e := &InvalidError{}
	if state.Version != stateVersion {
		e.add("/version", fmt.Sprintf("want %d, got %d", stateVersion, state.Version))
		return e
	}
	now := state.Clock.Now
	change := ClockChange{Now: &now, Mode: &state.Clock.Mode, Rate: &state.Clock.Rate}
	e.join(Below(change.Check(), "/clock"))
	for i, m := range state.World.Merchants {
		f := FixtureMerchant{No: m.No, Key: m.Key, Name: m.Name}
		if m.Push != nil {
			hook := FixtureHook(*m.Push)
			f.Push = &hook
		}
		e.merchant("/world"+at("merchants", i), f)
	}
	world, err := platform.FromSnapshot(state.World)
	if wrong, is := errors.AsType[*platform.SnapshotError](err); is {
		e.add("/world"+wrong.Pointer, wrong.Detail)
	}
	log := push.NewLog()
	if err := log.Restore(state.Pushes); err != nil {
		e.add("/pushes", strings.TrimPrefix(err.Error(), push.ErrState.Error()+": "))
	}
	e.pushIDs(state)
	e.journal(state.Journal)
	if e.err() != nil {
		return e
	}
	faults, err := fault.FromState(state.Faults, platform.NewRand(world.Seed(), "faults"))
	if err != nil {
		e.add("/faults", strings.TrimPrefix(err.Error(), fault.ErrState.Error()+": "))
		return e
	}
	next := clock{rate: state.Clock.Rate, frozen: state.Clock.Mode == Frozen}.at(now, s.wall())
	return s.replace(CauseRestore, start{world, next, faults}, func() {
		s.pushes = log
		s.journal = journalOf(state.Journal.Entries, state.Journal.Seq)
		s.doubtAgain()
		s.noteRestore(state.mark())
	})
}

// join takes over what another check has found.
func (e *InvalidError) join(err error) {
	if other, is := errors.AsType[*InvalidError](err); is {
		e.Problems = append(e.Problems, other.Problems...)
	}
}

// pushIDs holds the log to ids that the world has given, and will not give again.
func (e *InvalidError) pushIDs(state State) {
	for i, item := range state.Pushes.Items {
		n, err := Page{After: item.ID}.after("p")
		if err != nil || n > state.World.PushSeq {
			e.add("/pushes"+at("items", i)+"/id", "want p and a number up to world.pushSeq")
		}
		if item.Redeliveries > maxRedeliveries {
			e.add("/pushes"+at("items", i)+"/redeliveries", fmt.Sprintf("want at most %d", maxRedeliveries))
		}
	}
}

// maxRedeliveries bounds what may wait to be sent once more.
const maxRedeliveries = 1000

func (e *InvalidError) journal(j JournalState) {
	before := uint64(0)
	for i := range j.Entries {
		n, err := Page{After: j.Entries[i].ID}.after("r")
		if err != nil || n <= before || n > j.Seq {
			e.add("/journal"+at("entries", i)+"/id", "want r and a number that grows, up to seq")
		}
		before = n
	}
}
