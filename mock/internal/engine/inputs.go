package engine

import (
	"errors"
	"slices"
	"time"

	"github.com/etcp-mock/etcp-mock/mock/internal/clock"
	"github.com/etcp-mock/etcp-mock/mock/internal/fault"
	"github.com/etcp-mock/etcp-mock/mock/internal/fixture"
	"github.com/etcp-mock/etcp-mock/mock/internal/journal"
	"github.com/etcp-mock/etcp-mock/mock/internal/platform"
	"github.com/etcp-mock/etcp-mock/mock/internal/platform/notation"
	"github.com/etcp-mock/etcp-mock/mock/internal/push"
)

// Errors of inputs.
var (
	// ErrClockBack is the cause where a clock was to go back over what has happened.
	ErrClockBack = errors.New("the clock goes back only in a sandbox with no orders and no pushes; reset it to begin anew")
	// ErrCreated is the cause where a sandbox was to be created a second time.
	ErrCreated = errors.New("the sandbox was created already: create is the first input of a log, and comes once")
	// ErrNotCreated is the cause where an input came before the one that creates the sandbox.
	ErrNotCreated = errors.New("the sandbox is not created yet: create is the first input of a log")
)

// Create makes the sandbox, from a fixture or from a state. It is the first input of every log; a second one is refused
// ([ErrCreated]).
type Create struct {
	ID       string       `json:"id"`
	Instance string       `json:"instance"` // names this sandbox among all there ever were
	Spec     fixture.Spec `json:"spec"`
	State    *Document    `json:"state,omitempty"` // in the place of what the spec builds
}

// Kind is create.
func (*Create) Kind() string { return "create" }

func (c *Create) apply(e *Engine, st Stamp, fx *Effects) {
	if e.state != nil {
		fx.Err = ErrCreated
		return
	}
	start, err := c.Spec.Build(st.Wall)
	if err != nil {
		fx.Err = err
		return
	}
	e.id, e.instance, e.spec = c.ID, c.Instance, c.Spec
	e.state, e.clock, e.faults = start.State, start.Clock, start.Faults
	if c.State != nil {
		if fx.Err = e.restore(c.State, st); fx.Err != nil {
			e.state = nil
			return
		}
	}
	e.now = e.clock.Base()
	fx.Stamp.At = e.now // the sandbox's clock begins here
	e.changed(EventSandbox, Added, c.ID)
	fx.Settings = true
}

// Command is an act of the simulator or the operator.
type Command struct{ platform.Command }

// Kind is command.
func (*Command) Kind() string { return "command" }

func (c *Command) apply(e *Engine, _ Stamp, fx *Effects) {
	func() {
		defer recovered(fx, func() {
			fx.Result = platform.Result{Err: &platform.CommandError{Kind: platform.Conflict, Detail: "the mock itself failed at this; its log says where"}}
		})
		if full := e.room(c.Command); full != nil {
			fx.Result = platform.Result{Err: full}
			return
		}
		fx.Result = e.command(c.Command, fx)
	}()
	if fx.Result.Err != nil {
		fx.Err = fx.Result.Err
		return
	}
	switch command := c.Command.(type) {
	case platform.SetRules:
		e.journal.Shrink(journalLimits(e.state.Rules()))
		e.pushes.Trim(e.policy())
		names := make([]string, 0, len(command.Rules))
		for name := range command.Rules {
			names = append(names, name)
		}
		slices.Sort(names)
		e.changed(EventRules, Changes, names...)
		fx.Settings = true
	case platform.PutMerchant:
		e.changed(EventMerchants, Changes, command.Merchant.No)
		fx.Settings = true
	case platform.DeleteMerchant:
		e.changed(EventMerchants, Deleted, command.No)
		fx.Settings = true
	case platform.Enter, platform.Exit, platform.PutParking, platform.DeleteParking, platform.PutVehicle, platform.DeleteVehicle, platform.PutBinding, platform.PutOrder, platform.Trigger:
	default:
		panic("engine: a command with effects that nobody has thought of")
	}
}

// SetClock changes mode and rate, and sets the clock back; a time that lies ahead is reached by [MoveClock]. To say so, a
// Change.Now that lies ahead is not refused, and changes nothing.
type SetClock struct {
	Change clock.Change `json:"change"`
	Quiet  bool         `json:"quiet,omitempty"` // a move follows, which will say what the clock shows
}

// Kind is clock.
func (*SetClock) Kind() string { return "clock" }

func (c *SetClock) apply(e *Engine, st Stamp, fx *Effects) {
	if fx.Err = c.Change.Check(); fx.Err != nil {
		return
	}
	next, to := e.clock, c.Change.Now
	switch {
	case to == nil || !to.Before(e.now):
	case e.state.Orders() == 0 && e.pushes.Len() == 0:
		next = next.At(*to, st.Wall)
		if to.Before(e.state.Start()) {
			e.state.SetStart(to.In(notation.Shanghai))
		}
	case to.Before(e.now.Truncate(time.Second)): // what the clock shows now stays as it is
		fx.Err = ErrClockBack
		return
	}
	if c.Change.Mode != nil {
		next = next.WithMode(*c.Change.Mode)
	}
	if c.Change.Rate != nil {
		next = next.WithRate(*c.Change.Rate)
	}
	e.clock, e.now = next, next.Base()
	if !c.Quiet {
		e.emit(EventClock, e.clock.Read(st.Wall))
	}
}

// MoveClock is a step of an advance: the clock shows To. A time that lies behind moves nothing.
type MoveClock struct {
	To   time.Time `json:"to"`
	Last bool      `json:"last,omitempty"` // the advance has ended here, or was broken off
}

// Kind is move.
func (*MoveClock) Kind() string { return "move" }

// Check holds the time against what a clock may show; its error is [clock.ErrRange].
func (m *MoveClock) Check() error {
	if !clock.InRange(m.To) {
		return clock.ErrRange
	}
	return nil
}

func (m *MoveClock) apply(e *Engine, st Stamp, fx *Effects) {
	if fx.Err = m.Check(); fx.Err != nil {
		return
	}
	if m.To.After(e.now) {
		e.clock = e.clock.At(m.To, st.Wall)
		e.now = e.clock.Base()
	}
	if m.Last {
		e.emit(EventClock, e.clock.Read(st.Wall))
	}
}

// Wake is that something is due.
type Wake struct{}

// Kind is wake.
func (*Wake) Kind() string { return "wake" }

func (*Wake) apply(*Engine, Stamp, *Effects) {}

// Resume is that another owner has taken over: the attempts that were in flight are due again.
type Resume struct{}

// Kind is resume.
func (*Resume) Kind() string { return "resume" }

func (*Resume) apply(e *Engine, _ Stamp, _ *Effects) { e.pushes.ForgetFlights() }

// AddFault puts a fault in force.
type AddFault struct {
	Fault fault.Fault `json:"fault"`
}

// Kind is fault-add.
func (*AddFault) Kind() string { return "fault-add" }

func (a *AddFault) apply(e *Engine, _ Stamp, fx *Effects) {
	if fx.Err = fixture.CheckFault(&a.Fault); fx.Err != nil {
		return
	}
	if full := e.roomLeft(); full != nil {
		fx.Err = full
		return
	}
	added, err := e.faults.Add(a.Fault)
	if fx.Err = err; err == nil {
		e.changed(EventFaults, Added, added.ID)
		fx.Fault, fx.Settings = &added, true
	}
}

// DeleteFault takes a fault away, or all of them where ID is "".
type DeleteFault struct {
	ID string `json:"id,omitempty"`
}

// Kind is fault-delete.
func (*DeleteFault) Kind() string { return "fault-delete" }

func (d *DeleteFault) apply(e *Engine, _ Stamp, fx *Effects) {
	ids := []string{d.ID}
	if d.ID == "" {
		ids = []string{}
		for _, f := range e.faults.List() {
			ids = append(ids, f.ID)
		}
		e.faults.Clear()
	} else if fx.Err = e.faults.Remove(d.ID); fx.Err != nil {
		return
	}
	e.changed(EventFaults, Deleted, ids...)
	fx.Settings = true
}

// Redeliver sends a push once more.
type Redeliver struct {
	ID string `json:"id"`
}

// Kind is redeliver.
func (*Redeliver) Kind() string { return "redeliver" }

func (r *Redeliver) apply(e *Engine, _ Stamp, fx *Effects) {
	item, err := e.pushes.Redeliver(r.ID, e.now)
	if fx.Err = err; err == nil {
		e.emit(EventPush, item)
		fx.Push = &item
	}
}

// Outcome is what an attempt to deliver a push came to.
type Outcome struct {
	Attempt uint64      `json:"attempt"` // its number in the push log
	ID      string      `json:"id"`      // of the push
	SentAt  time.Time   `json:"sentAt"`  // on the sandbox's clock
	Result  push.Result `json:"result"`
}

// Kind is outcome.
func (*Outcome) Kind() string { return "outcome" }

func (o *Outcome) apply(e *Engine, _ Stamp, fx *Effects) {
	before, _ := e.pushes.Get(o.ID)
	attempt := push.Attempt{Seq: o.Attempt, At: o.SentAt.In(notation.Shanghai)}
	if !e.pushes.Outcome(attempt, e.now, o.Result, e.policy()) {
		return // of another generation
	}
	fx.Attempt = &AttemptEffect{Kind: before.Kind, Delivered: o.Result.Delivered}
	if item, kept := e.pushes.Get(o.ID); kept {
		e.emit(EventPush, item)
		fx.Attempt.Ended = item.Status != before.Status
	}
}

// ClearJournal empties the journal; ids go on.
type ClearJournal struct{}

// Kind is journal-clear.
func (*ClearJournal) Kind() string { return "journal-clear" }

func (*ClearJournal) apply(e *Engine, _ Stamp, _ *Effects) { e.journal.Clear() }

// Reset puts the sandbox back to its fixture: state, clock, faults, journal, pushes.
type Reset struct {
	Spec *fixture.Spec `json:"spec,omitempty"` // what it is made from from now on; nil: what it was made from
	Wall time.Time     `json:"wall,omitzero"`  // real time at which it was built, where that was before the lock was taken

	built *builtSpec
}

// builtSpec is what a spec was built to.
type builtSpec struct {
	start      fixture.Start
	generation uint64 // of the sandbox whose spec it was
}

// Prepare builds what the sandbox is put back to: what costs much of a reset, before a lock is taken. spec is the sandbox's own, of
// its generation. Its error is [*strict.Invalid].
func (r *Reset) Prepare(spec fixture.Spec, generation uint64, wall time.Time) error {
	start, err := r.build(spec, wall)
	if err != nil {
		return err
	}
	r.Wall, r.built = wall, &builtSpec{start, generation}
	return nil
}

func (r *Reset) build(spec fixture.Spec, wall time.Time) (fixture.Start, error) {
	if r.Spec != nil {
		spec = *r.Spec
	}
	return spec.Build(wall)
}

// Kind is reset.
func (*Reset) Kind() string { return "reset" }

func (r *Reset) apply(e *Engine, st Stamp, fx *Effects) {
	var start fixture.Start
	built := r.built
	r.built = nil // the engine's from now on
	if built != nil && (r.Spec != nil || built.generation == e.generation) {
		start = built.start
	} else {
		wall := st.Wall
		if !r.Wall.IsZero() {
			wall = r.Wall
		}
		if start, fx.Err = r.build(e.spec, wall); fx.Err != nil {
			return
		}
	}
	if r.Spec != nil {
		e.spec = *r.Spec
	}
	e.state, e.clock, e.faults = start.State, start.Clock, start.Faults
	e.pushes.Reset()
	e.journal = journal.Journal{}
	e.restarted(CauseReset, st, fx)
}

// Restore puts a state in the place of what is.
type Restore struct {
	State *Document `json:"state"`
	Undo  uint64    `json:"undo,omitempty"` // the sequence number whose state it is, where what came later is undone
}

// Kind is restore, or undo.
func (r *Restore) Kind() string {
	if r.Undo != 0 {
		return "undo"
	}
	return "restore"
}

func (r *Restore) apply(e *Engine, st Stamp, fx *Effects) {
	if fx.Err = e.restore(r.State, st); fx.Err != nil {
		return
	}
	cause := CauseRestore
	if r.Undo != 0 {
		cause = CauseUndo
	}
	e.restarted(cause, st, fx)
}

// restarted says that another state is in the place of the one before.
func (e *Engine) restarted(cause string, st Stamp, fx *Effects) {
	e.generation++
	e.now = e.clock.Now(st.Wall)
	fx.Restarted, fx.Settings = true, true
	e.emit(EventReset, Restart{cause, e.now})
}
