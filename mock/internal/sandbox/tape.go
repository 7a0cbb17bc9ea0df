package sandbox

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/etcp-mock/etcp-mock/mock/internal/fault"
	"github.com/etcp-mock/etcp-mock/mock/internal/platform"
	"github.com/etcp-mock/etcp-mock/schemas"
)

// Act is something that was done to a sandbox, at an instant of its clock.
type Act struct {
	At   time.Time
	What any // one of the values below
}

// What an [Act] can be. Nothing of it is written again.
type (
	// Asked is a request of the platform.
	Asked struct {
		*Entry

		SMSCode string // the code it had sent
	}
	// Commanded is an act of the simulator or the operator.
	Commanded struct {
		Command platform.Command
		Result  platform.Result
	}
	// Moved is that the clock was moved, to an instant.
	Moved struct{ To time.Time }
	// Faulted is that a fault was put in force.
	Faulted struct{ Fault fault.Fault }
	// Mended is that a fault was taken away, or all of them ("").
	Mended struct{ ID string }
	// Redelivered is that a push was sent once more.
	Redelivered struct{ ID string }
	// Kept is that the state was taken out; its mark tells it from others.
	Kept struct{ Mark string }
	// Restored is that a state that was taken out was put back.
	Restored struct{ Mark string }
)

// The bounds of the acts that are remembered.
const (
	tapeKeep  = 20_000
	tapeBytes = 64 << 20
)

// tape keeps the newest acts.
type tape struct {
	acts  ring[Act]
	lost  uint64
	start time.Time
	alien bool // a state was put back that was not taken out here
}

func (t *tape) add(a Act) {
	t.acts.weigh = (*Act).weight
	t.lost += t.acts.add(a, tapeKeep, tapeBytes)
}

// weight is about how many bytes an act keeps.
func (a *Act) weight() int {
	switch what := a.What.(type) {
	case Asked:
		return what.weight()
	case Commanded:
		bytes := lightWeight
		for i := range what.Result.Pushes {
			p := &what.Result.Pushes[i]
			bytes += lightWeight + len(p.Body) + len(p.Signed)
		}
		return bytes
	default:
		return lightWeight
	}
}

// Tape is everything done to a sandbox since its fixture.
type Tape struct {
	Fixture   *Fixture // what it started from
	Seed      uint64
	Merchants []platform.Merchant // as they are now
	Start     time.Time           // what the clock showed then
	Acts      []Act               // in the order they happened
	Lost      uint64              // how many before the first are forgotten
	Alien     bool                // a state was put back that was not taken out here: the acts do not lead to what is
}

// Tape copies the acts out.
func (s *Sandbox) Tape() Tape {
	s.mu.Lock()
	defer s.mu.Unlock()
	t := &s.tape
	out := Tape{
		Fixture: s.spec.fixture(), Seed: s.world.Seed(), Merchants: s.world.Merchants(),
		Start: t.start, Lost: t.lost, Alien: t.alien, Acts: make([]Act, t.acts.len()),
	}
	for i := range out.Acts {
		out.Acts[i] = *t.acts.at(i)
	}
	return out
}

// note puts an act on the tape; the door is held.
func (s *Sandbox) note(at time.Time, what any) { s.tape.add(Act{at, what}) }

// noteRequest puts a request on the tape, with the code it had sent: whoever
// replays it reads that code, and does not know it.
func (s *Sandbox) noteRequest(e *Entry) {
	asked := Asked{Entry: e}
	if e.Endpoint == "uservalidatecode" && e.Code == schemas.CodeOK {
		var data struct {
			MobilePhone any `json:"mobilePhone"` // a number is taken too
		}
		dec := json.NewDecoder(strings.NewReader(e.Data))
		dec.UseNumber()
		if dec.Decode(&data) == nil {
			sms, _ := s.world.SMS(fmt.Sprint(data.MobilePhone))
			asked.SMSCode = sms.Code
		}
	}
	s.note(e.At, asked)
}

// taped says whether a command is an act: calls are, as requests.
func taped(c platform.Command, r platform.Result) bool {
	switch c.(type) {
	case platform.Call:
		return false
	case platform.Enter, platform.Exit:
		return true // refused too
	default:
		return r.Err == nil
	}
}

// mark tells a state of this sandbox from its others, without reading all of it.
func (state *State) mark() string {
	return fmt.Sprintf("%x %d %d %d %d %d", state.World.Rng, state.World.OrderSeq, state.World.PushSeq, state.Journal.Seq,
		len(state.World.Tokens), state.Clock.Now.UnixNano())
}

// noteRestore puts on the tape that a state was put back.
func (s *Sandbox) noteRestore(mark string) {
	for i := range s.tape.acts.len() {
		if kept, is := s.tape.acts.at(i).What.(Kept); is && kept.Mark == mark {
			s.note(s.now(), Restored{mark})
			return
		}
	}
	s.tape = tape{start: s.now(), alien: true}
}
