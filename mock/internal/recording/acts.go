package recording

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/etcp-mock/etcp-mock/mock/internal/engine"
	"github.com/etcp-mock/etcp-mock/mock/internal/fault"
	"github.com/etcp-mock/etcp-mock/mock/internal/fixture"
	"github.com/etcp-mock/etcp-mock/mock/internal/journal"
	"github.com/etcp-mock/etcp-mock/mock/internal/platform"
	"github.com/etcp-mock/etcp-mock/schemas"
)

// act is something that was done to a sandbox, at an instant of its clock.
type act struct {
	at   time.Time
	what any // one of the values below
}

// What an act can be.
type (
	requested struct {
		*journal.Entry

		smsCode string // the code it had sent
	}
	commanded struct {
		command platform.Command
		result  platform.Result
	}
	clockMoved    struct{ to time.Time }
	faultAdded    struct{ fault fault.Fault }
	faultDeleted  struct{ id string } // "": all of them
	redelivered   struct{ id string }
	stateTaken    struct{ name string }
	stateRestored struct{ name string }
)

// acts is everything done to a sandbox since its fixture, read off its log.
type acts struct {
	list      []act
	fixture   *fixture.Fixture
	seed      uint64
	start     time.Time           // what the clock showed before the first
	merchants []platform.Merchant // as they are now
	lost      uint64              // how many inputs before the first are no longer kept
	alien     bool                // a state was restored that was not taken out here: the acts do not lead to what is
	states    []*taken
}

// taken is a state that was restored, and where in the acts it was taken out.
type taken struct {
	name  string
	state *engine.State
	at    int // behind so many acts; -1: nowhere
}

// read replays the log.
func read(h *engine.History) (*acts, error) {
	a := &acts{}
	from, err := baseOf(h)
	if err != nil {
		return nil, err
	}
	if from != nil {
		a.lost, a.start = h.First()-1, from.at
	}
	states, err := restoredStates(h)
	if err != nil {
		return nil, err
	}
	e, err := h.Replay(h.Last(), nil, func(e *engine.Engine, r *engine.Record, fx *engine.Effects) { a.see(e, r, fx, states) })
	if err != nil {
		return nil, fmt.Errorf("recording: %w", err)
	}
	v := e.View()
	spec := v.Spec()
	a.fixture, a.seed, a.merchants = spec.Whole(), v.State().Seed(), v.State().Merchants()
	if from != nil && a.lost > 0 { // and no reset since
		a.fixture, a.seed = from.fixture, from.seed
	}
	a.insertTaken()
	return a, nil
}

// restoredStates are the states that were restored, by the sequence number of that.
func restoredStates(h *engine.History) (map[uint64]*taken, error) {
	states := map[uint64]*taken{}
	for _, r := range h.Records(h.First()-1, int(h.Last())) { //nolint:gosec // bounded by what is kept
		restore, ok := r.Input.(*engine.Restore)
		if !ok || r.Result != "" {
			continue
		}
		state, err := restore.State.Read()
		if err != nil {
			return nil, fmt.Errorf("recording: %w", err)
		}
		states[r.Seq] = &taken{state: state, at: -1}
	}
	return states, nil
}

func (a *acts) see(e *engine.Engine, r *engine.Record, fx *engine.Effects, states map[uint64]*taken) {
	a.add(e, r, fx, states[r.Seq])
	if fx.Restarted && len(a.list) == 0 { // what was taken out before is none of what follows
		for _, t := range states {
			t.at = -1
		}
	}
	if len(states) == 0 {
		return
	}
	mark := e.Mark()
	for seq, t := range states {
		if seq > r.Seq && mark == t.state.Mark() && !fx.At.After(t.state.Clock.Now) {
			if now := e.LastState(); now.Same(t.state) {
				t.at = len(a.list)
			}
		}
	}
}

func (a *acts) add(e *engine.Engine, r *engine.Record, fx *engine.Effects, restored *taken) {
	note := func(what any) { a.list = append(a.list, act{r.At, what}) }
	switch in := r.Input.(type) {
	case *engine.Create:
		a.start = fx.At
		a.alien = in.State != nil
	case *engine.Request:
		if fx.Entry != nil {
			note(requested{fx.Entry, smsCode(e, fx.Entry)})
		}
	case *engine.Command:
		_, enters := in.Command.(platform.Enter)
		_, leaves := in.Command.(platform.Exit)
		if enters || leaves || fx.Err == nil { // a car that was refused, too
			note(commanded{in.Command, fx.Result})
		}
	case *engine.SetClock:
		if fx.Err == nil && in.Change.Now != nil {
			note(clockMoved{fx.At})
		}
	case *engine.MoveClock:
		note(clockMoved{fx.At})
	case *engine.AddFault:
		if fx.Err == nil {
			note(faultAdded{in.Fault})
		}
	case *engine.DeleteFault:
		if fx.Err == nil {
			note(faultDeleted{in.ID})
		}
	case *engine.Redeliver:
		if fx.Err == nil {
			note(redelivered{in.ID})
		}
	case *engine.Reset:
		if fx.Err != nil {
			return
		}
		a.list, a.start, a.alien, a.states, a.lost = nil, fx.At, false, nil, 0
	case *engine.Restore:
		a.restore(restored, fx)
	case *engine.Wake, *engine.Resume, *engine.Outcome, *engine.ClearJournal:
		// what follows from the others, or leaves nothing to be done again
	default:
		panic("recording: nobody has said what is recorded of " + r.Input.Kind())
	}
}

func (a *acts) restore(t *taken, fx *engine.Effects) {
	switch {
	case fx.Err != nil || t == nil:
	case t.at < 0 || t.at > len(a.list):
		a.list, a.start, a.alien, a.states = nil, fx.At, true, nil
	default:
		same := slices.IndexFunc(a.states, func(s *taken) bool { return s.at == t.at && s.state.Same(t.state) })
		if same >= 0 {
			t.name = a.states[same].name
		} else {
			t.name = fmt.Sprintf("state-%d", len(a.states)+1)
			a.states = append(a.states, t)
		}
		a.list = append(a.list, act{fx.At, stateRestored{t.name}})
	}
}

// insertTaken puts the taking out of states among the acts.
func (a *acts) insertTaken() {
	slices.SortStableFunc(a.states, func(x, y *taken) int { return y.at - x.at })
	for _, t := range a.states {
		a.list = slices.Insert(a.list, t.at, act{t.state.Clock.Now, stateTaken{t.name}})
	}
}

// smsCode is the code that a request had sent: whoever replays it reads that code, and does not know it.
func smsCode(e *engine.Engine, entry *journal.Entry) string {
	if entry.Endpoint != "uservalidatecode" || entry.Code != schemas.CodeOK {
		return ""
	}
	var data struct {
		MobilePhone any `json:"mobilePhone"` // a number is accepted too
	}
	dec := json.NewDecoder(strings.NewReader(entry.Data))
	dec.UseNumber()
	if dec.Decode(&data) != nil {
		return ""
	}
	sms, _ := e.View().State().SMS(fmt.Sprint(data.MobilePhone))
	return sms.Code
}
