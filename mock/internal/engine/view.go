package engine

import (
	"time"

	"github.com/etcp-mock/etcp-mock/mock/internal/clock"
	"github.com/etcp-mock/etcp-mock/mock/internal/fault"
	"github.com/etcp-mock/etcp-mock/mock/internal/fixture"
	"github.com/etcp-mock/etcp-mock/mock/internal/journal"
	"github.com/etcp-mock/etcp-mock/mock/internal/platform"
	"github.com/etcp-mock/etcp-mock/mock/internal/platform/notation"
	"github.com/etcp-mock/etcp-mock/mock/internal/platform/rules"
	"github.com/etcp-mock/etcp-mock/mock/internal/push"
)

// StateView is what can be read of the platform's state. What its methods give is a copy, or is never changed.
type StateView interface {
	Merchants() []platform.Merchant
	Merchant(no string) (platform.Merchant, bool)
	Parkings() []platform.Parking
	ParkingAt(id string) (p platform.Parking, parked int, ok bool)
	Vehicles() []notation.Vehicle
	Registered(v notation.Vehicle) (platform.Registered, bool)
	Owner(v notation.Vehicle) (phone string, how platform.Binding, ok bool)
	User(phone string, now time.Time) platform.User
	Phones() []string
	NoParking(id string) string
	SMS(phone string) (platform.SMS, bool)
	Messages() []platform.Message
	OrdersOf(plate, state string, now time.Time) []platform.Order
	OrderKeys(plate string) []platform.OrderKey
	Order(id string, now time.Time) (platform.Order, bool)
	OrderAt(id string, at time.Time) (platform.Order, bool)
	FeeLine(id string, after, until time.Time, limit int, now time.Time) (platform.FeeLine, bool)
	Orders() int
	Rules() *rules.Rules
	RulesSet() map[string]any
	Seed() uint64
	Start() time.Time
}

// View is an engine to be read: nothing on it changes anything. It is good while the engine's owner lets the reader in.
type View struct{ e *Engine }

// View is the engine to be read.
func (e *Engine) View() View { return View{e} }

// State is the platform's state.
func (v View) State() StateView { return v.e.state }

// Now is what the clock shows at a real instant.
func (v View) Now(wall time.Time) time.Time { return v.e.clock.Now(wall) }

// Clock is what the clock shows at a real instant, and how it goes.
func (v View) Clock(wall time.Time) clock.Reading { return v.e.clock.Read(wall) }

// RealWait is how long in real time until the clock, which runs, shows an instant.
func (v View) RealWait(until, wall time.Time) time.Duration { return v.e.clock.RealWait(until, wall) }

// Faults lists the faults in force, oldest first.
func (v View) Faults() []fault.Active { return v.e.faults.List() }

// Journal is the journal; it must not be changed.
func (v View) Journal() Journal { return &v.e.journal }

// Journal is what can be read of a journal.
type Journal interface {
	Len() int
	Seq() uint64
	Get(id string) *journal.Entry
	List(f journal.Filter, after uint64, limit int, newest bool) (found []journal.Entry, next string)
	Forward(visit func(*journal.Entry) bool)
	Snapshot() journal.Journal
}

// Pushes is what can be read of a push log.
type Pushes interface {
	Get(id string) (push.Item, bool)
	List(f push.Filter, after uint64, limit int) (items []push.Item, next uint64)
	ListNewest(f push.Filter, before uint64, limit int) (items []push.Item, next uint64)
	Visit(visit func(*push.Item) bool)
	Briefs() []push.Brief
	Pending() int
	InFlight() int
	Len() int
	Seq() uint64
	DueOrInFlight(now time.Time, policy push.Policy) int
	NextDue(policy push.Policy) (time.Time, bool)
}

// Pushes is the push log.
func (v View) Pushes() Pushes { return v.e.pushes }

// Policy is what the rules say of pushes.
func (v View) Policy() push.Policy { return v.e.policy() }

// Instance names the sandbox among all there ever were.
func (v View) Instance() string { return v.e.instance }

// Spec is what the sandbox was made from.
func (v View) Spec() fixture.Spec { return v.e.spec }

// Seq is the number of the last input.
func (v View) Seq() uint64 { return v.e.seq }

// Generation counts how often another state was put in the place of the one before.
func (v View) Generation() uint64 { return v.e.generation }
