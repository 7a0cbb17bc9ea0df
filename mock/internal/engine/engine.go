// Package engine is all that one sandbox is, as one deterministic state machine: the platform's state, clock, faults with their
// random source, push log and journal.
//
// An [Engine] changes only by [Engine.Apply], which takes an [Input] and the two instants it happens at, and gives its
// [Effects]: what is to be answered and sent, what happened, when to come back. It reads no clock, starts nothing, sends
// nothing and holds no lock; whoever owns it lets one caller in at a time. The same inputs give the same effects, byte for
// byte, on every architecture. So the order in which inputs are applied is the order of the log, the journal, the recording
// and the events, each with the same instant.
//
// Readers get values or a [View], on which nothing can be changed.
package engine

import (
	"runtime/debug"
	"time"

	"github.com/etcp-mock/etcp-mock/internal/lang"
	"github.com/etcp-mock/etcp-mock/sign/diagnose"

	"github.com/etcp-mock/etcp-mock/mock/internal/clock"
	"github.com/etcp-mock/etcp-mock/mock/internal/fault"
	"github.com/etcp-mock/etcp-mock/mock/internal/fixture"
	"github.com/etcp-mock/etcp-mock/mock/internal/journal"
	"github.com/etcp-mock/etcp-mock/mock/internal/platform"
	"github.com/etcp-mock/etcp-mock/mock/internal/platform/notation"
	"github.com/etcp-mock/etcp-mock/mock/internal/platform/reasons"
	"github.com/etcp-mock/etcp-mock/mock/internal/push"
)

// Stamp is when an input happens: on the sandbox's clock, and in real time.
type Stamp struct{ At, Wall time.Time }

// Input is one change of a sandbox. It is a value with a codec ([Encode], [Decode]).
type Input interface {
	// Kind is the stable word of the input, such as request.
	Kind() string
	// summary is what the input does, in a line of each language, without keys.
	summary() lang.Text
	// apply carries the input out. What it leaves in fx.Err says that nothing has changed.
	apply(e *Engine, st Stamp, fx *Effects)
}

// Explainer finds out what takes long to explain, when somebody asks. It changes nothing.
type Explainer interface {
	// Sign explains a wrong signature.
	Sign(attempt diagnose.Request) reasons.Explanation
	// Merchant names the merchant that was probably meant.
	Merchant(no string) reasons.Explanation
}

// Effects is what applying an input gave. Its slices are the engine's own until the next input.
type Effects struct {
	Seq    uint64         // of the input in the log, from 1
	Stamp  Stamp          // when it happened
	At     time.Time      // what the clock showed after it
	Err    error          // why it was refused; then nothing else has changed
	Sends  []push.Attempt // to be sent now
	Events []Event
	WakeAt time.Time // when something falls due next on the sandbox's clock; zero: nothing

	Entry    *journal.Entry   // of a Request that was answered; it is in the Request
	Injected *fault.OnRequest // of a Request: what faults do to its answer
	Answer   string           // of a Request: what is sent
	Length   int              // of a Request: how long its answer is in all
	Result   platform.Result  // of a Command
	Push     *push.Item       // of a Redeliver, or of a Command that triggers one
	Fault    *fault.Active    // of an AddFault
	Made     []string         // kinds of the pushes that were made
	Attempt  *AttemptEffect   // of an Outcome that was still awaited

	Settings   bool // rules, merchants or faults have changed
	Restarted  bool // another state is in the place of the one before
	Panic      any  // what a rule failed with; the request was answered with code 2
	PanicStack []byte
}

// AttemptEffect is what an attempt came to, for counting.
type AttemptEffect struct {
	Kind      string
	Delivered bool
	Ended     bool // the push is delivered or failed by it
}

// Engine is one sandbox's data. It is made by [New] and the input [Create].
type Engine struct {
	explainer Explainer

	id, instance string
	spec         fixture.Spec
	state        *platform.State
	clock        clock.Clock
	faults       *fault.Set
	pushes       *push.Log
	journal      journal.Journal

	seq        uint64
	eventSeq   uint64
	generation uint64
	version    uint64 // of the settings
	settings   *Settings
	now        time.Time // what the clock shows while an input is applied

	events  []Event
	values  []journal.Stored // room for values of events
	answer  []byte
	scratch *scratch // nil until the first input after Create
}

// scratch is room for one input, in place of values made for each, which the collector would have to find.
type scratch struct {
	effects  Effects
	exchange exchange
}

// New is an engine without a sandbox, which a [Create] makes, or [FromCheckpoint] brings back. The explainer may be nil: then
// nothing is explained lazily.
func New(explainer Explainer) *Engine {
	return &Engine{explainer: explainer, pushes: push.NewLog()}
}

// Apply lets an input happen. A stamp before the one before it, as after the host's clock was set back, counts as that.
func (e *Engine) Apply(st Stamp, in Input) Effects { return *e.Run(st, in) }

// Run is [Engine.Apply]; what it gives is good until the next input. Effects are half a kilobyte, which is not to be copied from hand to hand.
func (e *Engine) Run(st Stamp, in Input) *Effects {
	if e.state == nil { // it is created, and may never be used
		fx := &Effects{}
		e.applyTo(fx, st, in)
		return fx
	}
	if e.scratch == nil {
		e.scratch = &scratch{}
	}
	e.scratch.effects = Effects{}
	e.applyTo(&e.scratch.effects, st, in)
	return &e.scratch.effects
}

func (e *Engine) applyTo(fx *Effects, st Stamp, in Input) {
	st.At, st.Wall = st.At.In(notation.Shanghai).Round(0), st.Wall.In(notation.Shanghai).Round(0)
	if st.At.Before(e.clock.Base()) {
		st.At = e.clock.Base()
	}
	e.seq++
	fx.Seq, fx.Stamp, e.now = e.seq, st, st.At
	e.events = e.events[:0]
	e.clock = e.clock.At(st.At, st.Wall)
	if _, creates := in.(*Create); e.state == nil && !creates {
		fx.Err = ErrNotCreated
		return
	}
	in.apply(e, st, fx)
	if e.state == nil {
		return // a Create that failed
	}
	if fx.Settings || e.settings == nil {
		e.publish()
	}
	e.dispatch(fx)
	fx.Events, fx.At = e.events, e.now
}

// CheckpointCost is about how many things a checkpoint copies one by one. Counting tokens among them, of which there are up to 200,000,
// had a history keep as many inputs between two checkpoints.
func (e *Engine) CheckpointCost() int {
	return e.state.CopyCost() + e.pushes.Len() + e.journal.Len()
}

// Objects is about how many things there are in a checkpoint that is written.
func (e *Engine) Objects() int {
	return e.state.Objects() + e.pushes.Len() + e.journal.Len()
}

// policy is what the rules say of pushes.
func (e *Engine) policy() push.Policy {
	r := e.state.Rules()
	return push.Policy{Schedule: r.PushSchedule, Timeout: r.PushTimeout, Ordering: r.PushOrdering, Keep: r.PushesKeep, KeepBytes: r.PushesBytes}
}

// dispatch takes out the attempts that are due, and finds when the next will be.
func (e *Engine) dispatch(fx *Effects) {
	policy := e.policy()
	next, waiting := e.pushes.NextDue(policy)
	if waiting && !next.After(e.now) {
		fx.Sends = e.pushes.Due(e.now, policy)
		for i := range fx.Sends {
			a := &fx.Sends[i]
			if to := e.state.PushURL(a.Item.MerchantNo, a.Item.Kind); to != "" && to != a.Item.URL { // it has moved since
				a.Item.URL = to
				e.pushes.Retarget(a.Item.ID, to)
			}
		}
		next, waiting = e.pushes.NextDue(policy)
	}
	if waiting && !e.clock.IsFrozen() {
		fx.WakeAt = next
	}
}

// command lets a command of the platform happen, and makes the pushes that fall due by it.
func (e *Engine) command(c platform.Command, fx *Effects) platform.Result {
	r := e.state.Apply(e.now, c)
	switch c.(type) {
	case platform.Enter, platform.Exit:
		if r.Err == nil {
			e.emit(EventCar, r.Value)
		}
	}
	e.push(r.Pushes, fx)
	return r
}

// push makes the pushes that fall due.
func (e *Engine) push(pushes []platform.Push, fx *Effects) {
	for i := range pushes {
		item := e.pushes.Add(e.itemOf(&pushes[i]), e.now)
		e.emit(EventPush, item)
		fx.Made = append(fx.Made, item.Kind)
		fx.Push = &item
	}
}

// itemOf is a push as it goes out, with what faults inject.
func (e *Engine) itemOf(p *platform.Push) push.Item {
	item := push.Item{
		Kind: p.Kind, MerchantNo: p.MerchantNo, PlateNumber: p.Vehicle.Plate, PlateColor: p.Vehicle.Color,
		OrderID: p.OrderID, URL: e.state.PushURL(p.MerchantNo, p.Kind),
	}
	corrupt := false
	if e.faults.OnPushes() {
		on := e.faults.Push(fault.Push{
			Kind: p.Kind, MerchantNo: p.MerchantNo, Body: e.state.PushJSON(p, false), Plain: e.state.PushJSON(p, true), Releases: e.pushes.Holding(p.MerchantNo),
		})
		for _, f := range on.Hits {
			e.emit(EventFault, FaultHit{Fault: f, At: e.now, MerchantNo: p.MerchantNo, PushID: e.pushes.NextID()})
		}
		item.Faults = fault.IDs(on.Hits)
		item.Injected = push.Injected{Delay: on.Delay, Drop: on.Drop, Duplicates: on.Duplicates, Hold: on.Reorder}
		corrupt = on.CorruptSign
	}
	encoded := e.state.Encode(p, corrupt)
	item.ContentType, item.Body, item.Signed = encoded.ContentType, encoded.Body, encoded.Signed
	return item
}

// recovered is deferred around a rule: where it panics, nothing has changed, and failed is called.
func recovered(fx *Effects, failed func()) {
	if failure := recover(); failure != nil {
		fx.Panic, fx.PanicStack = failure, debug.Stack()
		failed()
	}
}
