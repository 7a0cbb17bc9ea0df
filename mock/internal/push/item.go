// Package push delivers what the platform tells its merchants (§10).
//
// A [Log] is the pure half: the queue of pushes, when each is due on its sandbox's clock, which one waits for which, and the
// record of every attempt. It reads no clock, takes no lock and sends nothing. A [Sender] is the other half: one HTTP
// exchange, judged. The owner of a Log moves values
// between the two:
//
//	for _, attempt := range log.Due(now, policy) {
//		// without the lock:
//		result := sender.Send(ctx, attempt, policy.Timeout)
//		// with it:
//		log.Outcome(attempt, now, result, policy)
//	}
package push

import (
	"slices"
	"time"
)

// Status says how a push stands.
type Status string

// A push is pending until an attempt is answered as §10 wants it, or its schedule is used up.
const (
	Pending   Status = "pending"
	Delivered Status = "delivered"
	Failed    Status = "failed"
)

// Item is one push: what is sent, where to, and what became of it.
type Item struct {
	ID          string `json:"id"`
	Kind        string `json:"kind"`
	MerchantNo  string `json:"merchantNo"`
	PlateNumber string `json:"plateNumber"`
	PlateColor  string `json:"plateColor,omitempty"`
	OrderID     string `json:"orderId"`
	URL         string `json:"url"`
	ContentType string `json:"contentType"`
	// Body goes out byte for byte, in every attempt.
	Body string `json:"body"`
	// Signed is the text that was hashed, with the key hidden.
	Signed   string          `json:"signed"`
	Status   Status          `json:"status"`
	Attempts []AttemptRecord `json:"attempts"`
	// NextAttemptAt is zero while an attempt is in flight and when none is to come. Behind another push of its vehicle an
	// item may go out later than it says.
	NextAttemptAt time.Time `json:"nextAttemptAt,omitzero"`
	CreatedAt     time.Time `json:"createdAt"`
	// WaitsFor is the id of the push of the same vehicle to the same merchant that is to be finished first under OrderVehicle. It follows from
	// the rest, and is set where an item is shown.
	WaitsFor string `json:"-"`
	// Seq counts the items of a log from 1, in the order they were added: the cursor of List.
	Seq uint64 `json:"seq"`
	// Faults are the ids of the faults that hit it, Injected is what they do to its delivery.
	Faults   []string `json:"faults,omitempty"`
	Injected Injected `json:"injected,omitzero"`
}

// Brief is what an item is, and its status: what a search looks at. Of many it is copied in little time.
type Brief struct {
	ID, Kind, MerchantNo, PlateNumber, ContentType, Body string
	Status                                               Status
}

// Brief is the item's.
func (i *Item) Brief() Brief {
	return Brief{i.ID, i.Kind, i.MerchantNo, i.PlateNumber, i.ContentType, i.Body, i.Status}
}

// Injected is what goes wrong on purpose with the delivery of a push. A redelivery that is asked for by hand has none of it.
type Injected struct {
	// Delay is the wall time to wait before the first attempt is sent.
	Delay time.Duration `json:"delay,omitempty"`
	// Drop loses the first attempt: it fails without reaching the merchant.
	Drop bool `json:"drop,omitempty"`
	// Duplicates is how often the push is sent again when its schedule has delivered it.
	Duplicates int `json:"duplicates,omitempty"`
	// Hold keeps the push back until the merchant's next one, of whatever vehicle, is delivered or failed, or for HoldFor at
	// most. It keeps no order with its own vehicle's others.
	Hold bool `json:"hold,omitempty"`
}

// HoldFor is how long a push is held where no next one comes, on the sandbox's clock.
const HoldFor = 24 * time.Hour

// AttemptRecord is what one attempt came to. Response is the answer's beginning, Error is empty when it delivered.
type AttemptRecord struct {
	At         time.Time `json:"at"`
	DurationMs int64     `json:"durationMs"`
	HTTPStatus int       `json:"httpStatus,omitempty"`
	Response   string    `json:"response,omitempty"`
	Error      string    `json:"error,omitempty"`
}

// Attempt is an item on its way out. It is a value: the log knows it by Seq, and whoever sends it may let it go.
type Attempt struct {
	Item       Item
	Redelivery bool
	// Seq is the attempt's number in its log, never given twice, not even after Reset or Restore.
	Seq uint64
	// At is when it fell to be sent; it becomes the record's At. Whoever sends later may set it before Outcome.
	At time.Time
	// Delay and Drop are the item's injected effects, as far as this attempt has it: who sends waits so long first, and does not send.
	Delay time.Duration
	Drop  bool
}

// Result is what an exchange came to.
type Result struct {
	Delivered  bool
	HTTPStatus int
	Response   string
	Error      string
	Duration   time.Duration
}

// Filter chooses items of a listing; an empty field lets all pass.
type Filter struct {
	Kind        string
	MerchantNo  string
	PlateNumber string
	Status      Status
}

// Match tells whether an item passes.
func (f Filter) Match(item Item) bool { return f.match(&item) }

func (f Filter) match(item *Item) bool {
	return (f.Kind == "" || f.Kind == item.Kind) &&
		(f.MerchantNo == "" || f.MerchantNo == item.MerchantNo) &&
		(f.PlateNumber == "" || f.PlateNumber == item.PlateNumber) &&
		(f.Status == "" || f.Status == item.Status)
}

// Size is about how many bytes an item keeps.
func (i *Item) Size() int {
	const rest, each = 512, 128
	bytes := rest + len(i.URL) + len(i.Body) + len(i.Signed)
	for at := range i.Attempts {
		bytes += each + len(i.Attempts[at].Response) + len(i.Attempts[at].Error)
	}
	return bytes
}

// clone returns a copy that shares no memory that changes.
func (i *Item) clone() Item {
	c := *i
	c.Attempts = slices.Clone(i.Attempts)
	return c
}
