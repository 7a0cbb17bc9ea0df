// Package sandbox runs sandboxes: each is an engine behind one lock, with what happens by itself around it: timers, and the
// workers that send pushes.
//
// Whatever changes a sandbox becomes an input of the engine here, stamped with the sandbox's time and applied, in one locked
// section; the log of inputs is kept in the same order. Nothing waits with the lock held: a merchant that answers a push may
// call the mock back, or move the clock, before it does.
package sandbox

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/etcp-mock/etcp-mock/internal/mask"
	"github.com/etcp-mock/etcp-mock/mock/internal/engine"
	"github.com/etcp-mock/etcp-mock/mock/internal/ledger"
	"github.com/etcp-mock/etcp-mock/mock/internal/platform"
	"github.com/etcp-mock/etcp-mock/mock/internal/push"
)

// Host is what the sandboxes of a server share.
type Host struct {
	// Wall is the real time.
	Wall func() time.Time
	// Sender makes single attempts to deliver a push.
	Sender Sender
	// Context is the life of the attempts under way.
	Context context.Context //nolint:containedctx // ended by whoever made the host
	// Sending counts the goroutines that send.
	Sending sync.WaitGroup
	// Counts hears what becomes of pushes, with a sandbox's lock held; nil: nobody does.
	Counts PushCounter
	// Failed hears of a panic in what a sandbox does by itself, with its stack. What panicked ends; the sandbox goes on. nil: nobody does.
	Failed func(what string, failure any, stack []byte)
	// Explainer explains what an engine leaves to be explained.
	Explainer engine.Explainer
	// Index has the merchant numbers of all sandboxes.
	Index Index
	// Keys are the keys of the merchants of all sandboxes, each of which says its own.
	Keys mask.Words
	// Ledger keeps the sandboxes; nil: nothing is kept.
	Ledger ledger.Ledger
	// Broken hears of a sandbox whose inputs cannot be kept any more; it is closed and has to be opened again. nil where Ledger is.
	Broken func(s *Sandbox, err error)
}

// Sender makes one attempt to deliver a push, and says what it came to.
type Sender interface {
	Send(ctx context.Context, attempt push.Attempt, timeout time.Duration) push.Result
}

// PushCounter counts pushes by their kind.
type PushCounter interface {
	PushMade(kind string)
	PushAttempt(kind string, delivered bool)
	PushEnded(kind string, delivered bool)
}

// Index says which sandbox a merchant number belongs to. None of its methods is called with a sandbox's lock held.
type Index interface {
	// Reserve holds numbers for a sandbox, all or none; its error is the registry's.
	Reserve(s *Sandbox, numbers []string) error
	// Settle has a sandbox own exactly these numbers.
	Settle(s *Sandbox, numbers []string)
}

// Sandbox is one sandbox.
type Sandbox struct {
	id       string
	instance string
	host     *Host

	settings atomic.Pointer[engine.Settings]

	claims sync.Mutex // held while merchants change hands; never awaited with mu held

	mu       sync.Mutex
	engine   *engine.Engine
	history  engine.History
	events   eventRing
	queues   map[string]*queue      // of attempts, by merchant
	delayed  map[uint64]*time.Timer // attempts in flight that a fault delays
	sending  context.Context        //nolint:containedctx // the life of the attempts under way, till another state takes the place of this one
	giveUp   context.CancelFunc     // ends sending
	wake     *time.Timer            // for the next due push, while the clock runs
	wakeAt   time.Time              // what it is set for, on the sandbox's clock
	changed  chan struct{}          // made by who waits for an outcome, closed by the next
	closed   bool
	removing bool                  // what is kept of it is being deleted: that its log has ended breaks nothing
	storing  bool                  // a snapshot is on its way
	wanted   bool                  // the history wants the checkpoint that is being made
	broken   error                 // why its inputs cannot be kept; it is closed then
	snapshot uint64                // the input after which the newest snapshot that is kept was made
	copying  *engine.Checkpointing // the checkpoint that is being made, a step with each input, and of whoever waits for a copy
	readers  []chan<- *engine.Copy // who waits for a copy of it; one of them makes steps, too
	fresh    *engine.Checkpoint    // what is stored next: not before the events after it are as many as can be resumed from
	restarts uint64                // how often another state took the place of the one before

	log   ledger.Log   // nil: nothing is kept. It is set before others know the sandbox
	ended atomic.Int64 // when it was closed, in nanoseconds since 1970; 0: it was not
	floor time.Time    // the real time of the last input that another process has applied: the clock shows no earlier one

	moving chan struct{} // holds one token: whoever takes it moves the clock
}

// Errors of a sandbox.
var (
	ErrClosed = errors.New("the sandbox is gone")
	ErrMoved  = fmt.Errorf("%w: the sandbox has moved to another replica", ledger.ErrUnavailable)
	ErrMoving = errors.New("the clock is being moved by another call")
	ErrReset  = errors.New("the sandbox was reset or restored meanwhile")
)

// New makes a sandbox by the first input of its log. Its error is [*strict.Invalid].
func New(host *Host, create *engine.Create) (*Sandbox, error) {
	s := newSandbox(host, create.ID)
	s.instance = create.Instance
	s.mu.Lock()
	defer s.mu.Unlock()
	wall := host.Wall()
	fx := s.applyStamped(engine.Stamp{At: wall, Wall: wall}, create)
	if fx.Err != nil {
		s.giveUp()
		return nil, fx.Err
	}
	return s, nil
}

func newSandbox(host *Host, id string) *Sandbox {
	s := &Sandbox{
		id: id, host: host, engine: engine.New(host.Explainer), moving: make(chan struct{}, 1),
	}
	s.sending, s.giveUp = context.WithCancel(host.Context)
	s.endTurn()
	return s
}

// ID is the sandbox's name.
func (s *Sandbox) ID() string { return s.id }

// Instance names this sandbox among all there ever were, so that a sequence number of another, on a server before or under the same
// id, is not taken for one of its own.
func (s *Sandbox) Instance() string { return s.instance }

// Settings are what the checks of a request's envelope rest on.
func (s *Sandbox) Settings() *engine.Settings { return s.settings.Load() }

// Hides hides the keys of the sandbox's merchants in texts that are shown, and, as words, those of all others that are known.
func (s *Sandbox) Hides() mask.Masker { return s.Settings().Hides().Beside(&s.host.Keys) }

// publish lets the settings be read that are in force.
func (s *Sandbox) publish() {
	now := s.engine.Settings()
	s.settings.Store(now)
	if !s.closed {
		s.host.Keys.Set(s, now.AppendKeys(nil))
	}
}

// Apply lets an input happen now, but one by which merchants change hands.
func (s *Sandbox) Apply(in engine.Input) engine.Effects {
	s.mu.Lock()
	defer s.mu.Unlock()
	return *s.applyLocked(in)
}

// Request applies a request of the platform: what costs much of it is done before the lock is taken.
func (s *Sandbox) Request(r *engine.Request) engine.Effects {
	r.Prepare(s.settings.Load())
	fx := s.Apply(r)
	if fx.Err == nil {
		if err := s.await(s.host.Context, fx.Seq); err != nil {
			return engine.Effects{Err: err, Injected: &engine.NothingInjected}
		}
	}
	return fx
}

// Do lets a command happen now. By one that sets a merchant, the merchant's number becomes this sandbox's, or the error is the
// registry's.
func (s *Sandbox) Do(c platform.Command) engine.Effects {
	in := &engine.Command{Command: c}
	switch c := c.(type) {
	case platform.PutMerchant:
		return s.claiming(in, []string{c.Merchant.No})
	case platform.DeleteMerchant:
		return s.claiming(in, nil)
	default:
		return s.Apply(in)
	}
}

// claiming applies an input by which merchants change hands: the numbers are reserved, and those that the sandbox has after it
// are its own.
func (s *Sandbox) claiming(in engine.Input, wanted []string) engine.Effects {
	s.claims.Lock()
	defer s.claims.Unlock()
	if err := s.host.Index.Reserve(s, wanted); err != nil {
		return engine.Effects{Err: err}
	}
	defer func() { s.host.Index.Settle(s, s.Merchants()) }()
	return s.claimed(in, wanted)
}

// Merchants are the numbers of the sandbox's merchants.
func (s *Sandbox) Merchants() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.merchantsLocked()
}

func (s *Sandbox) merchantsLocked() []string {
	all := s.engine.View().State().Merchants()
	numbers := make([]string, len(all))
	for i, m := range all {
		numbers[i] = m.No
	}
	return numbers
}

// applyLocked stamps an input with the sandbox's time and applies it. What it gives is good until the next input.
func (s *Sandbox) applyLocked(in engine.Input) *engine.Effects {
	if err := s.stillLocked(s.restarts); err != nil {
		return &engine.Effects{Err: err, Injected: &engine.NothingInjected}
	}
	if err := s.readyLocked(); err != nil {
		return &engine.Effects{Err: err, Injected: &engine.NothingInjected}
	}
	wall := s.host.Wall()
	return s.applyStamped(engine.Stamp{At: s.engine.View().Now(s.notBeforeFloor(wall)), Wall: wall}, in)
}

func (s *Sandbox) applyStamped(st engine.Stamp, in engine.Input) *engine.Effects {
	fx := s.engine.Run(st, in)
	if _, ok := in.(*engine.Create); ok && fx.Err != nil {
		return fx
	}
	s.append(in, fx)
	if err := s.keepLocked(in, fx); err != nil {
		return &engine.Effects{Err: err, Injected: &engine.NothingInjected}
	}
	if fx.Settings {
		s.publish()
	}
	if fx.Restarted {
		s.restarts++
		s.forgetSends()
	}
	for i := range fx.Events {
		s.events.add(&fx.Events[i])
	}
	if len(fx.Events) > 0 {
		s.wakeFollowers()
	}
	s.count(fx)
	s.sendLocked(fx)
	s.setWake(in, fx)
	if fx.Panic != nil {
		s.failed("a rule", fx.Panic, fx.PanicStack)
	}
	return fx
}

// copyStep is how many things of the state are copied with each input while a checkpoint is made: a tenth of a millisecond's work, so
// that nobody waits for the whole of it.
const copyStep = 500

// append writes an input that was applied into the log.
func (s *Sandbox) append(in engine.Input, fx *engine.Effects) {
	r := engine.Record{Seq: fx.Seq, Stamp: fx.Stamp, Input: in}
	r.Note(s.engine, fx)
	keep := engine.KeepBy(s.engine.View().State().Rules())
	if s.history.Add(r, keep, s.engine.CheckpointCost()) {
		s.wanted = true
		s.beginCopyLocked()
	}
	if s.copying != nil {
		s.copyLocked()
	}
	if s.fresh != nil && s.events.seq-s.fresh.EventSeq >= eventsKeep {
		s.snapshotLocked()
	}
}

// setWake sets the timer for what falls due next.
func (s *Sandbox) setWake(in engine.Input, fx *engine.Effects) {
	switch in.(type) {
	case *engine.SetClock, *engine.MoveClock, *engine.Restore, *engine.Reset, *engine.Create:
	default:
		if fx.WakeAt.Equal(s.wakeAt) {
			return
		}
	}
	if s.wake != nil {
		s.wake.Stop()
		s.wake = nil
	}
	if s.wakeAt = fx.WakeAt; !fx.WakeAt.IsZero() && !s.closed {
		s.wake = time.AfterFunc(s.engine.View().RealWait(fx.WakeAt, s.wall()), s.alarm)
	}
}

func (s *Sandbox) alarm() {
	defer s.survive(sendingDue)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.wakeAt = time.Time{}
	s.applyLocked(&engine.Wake{})
}

// View looks at the platform's state as it is now. The function must keep nothing of it.
func (s *Sandbox) View(look func(w engine.StateView, now time.Time)) {
	s.Read(func(v engine.View, now time.Time) { look(v.State(), now) })
}

// Read looks at the engine as it is now. The function must keep nothing of it.
func (s *Sandbox) Read(look func(v engine.View, now time.Time)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	v := s.engine.View()
	look(v, v.Now(s.wall()))
}

// wall is the real time that the sandbox's clock goes by. Where the sandbox was another process's before, on a host whose clock
// is ahead, it stands until this one's has come so far.
func (s *Sandbox) wall() time.Time { return s.notBeforeFloor(s.host.Wall()) }

func (s *Sandbox) notBeforeFloor(wall time.Time) time.Time {
	if wall.After(s.floor) {
		return wall
	}
	return s.floor
}

// Now is the sandbox's time.
func (s *Sandbox) Now() (now time.Time) {
	s.Read(func(_ engine.View, at time.Time) { now = at })
	return now
}

// Close ends what the sandbox does by itself. Attempts under way are not awaited.
func (s *Sandbox) Close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closeLocked()
}

func (s *Sandbox) closeLocked() {
	s.closed = true
	s.ended.CompareAndSwap(0, time.Now().UnixNano())
	s.giveUp()
	s.stopDelayed()
	if s.wake != nil {
		s.wake.Stop()
		s.wake = nil
	}
	s.signal()
	s.wakeFollowers()
}

// survive is deferred by what runs by itself, so that its panic does not end the process.
func (s *Sandbox) survive(what string) {
	if failure := recover(); failure != nil {
		s.failed(what, failure, stack())
	}
}

func (s *Sandbox) failed(what string, failure any, stack []byte) {
	if s.host.Failed != nil {
		s.host.Failed(what, failure, stack)
	}
}
