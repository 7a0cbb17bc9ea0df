package control

import (
	"context"
	"net/http"
	"time"

	"github.com/etcp-mock/etcp-mock/client"
)

// The states of a [Push].
const (
	PushPending   = "pending"
	PushDelivered = "delivered"
	PushFailed    = "failed" // given up; it can be redelivered
)

// Push is a push to a merchant, with every attempt to deliver it.
type Push struct {
	ID            string      `json:"id"`
	Kind          client.Kind `json:"kind"`
	MerchantNo    string      `json:"merchantNo"`
	PlateNumber   string      `json:"plateNumber"` // the real one, where the body masks it
	OrderID       string      `json:"orderId"`     // "" for unbind and certification-invalid
	URL           string      `json:"url"`
	ContentType   string      `json:"contentType"`
	Body          string      `json:"body"`
	Signed        string      `json:"signed"` // the text that was hashed, with the key as •••
	Status        string      `json:"status"`
	Attempts      []Attempt   `json:"attempts"`
	NextAttemptAt client.Time `json:"nextAttemptAt"` // zero where none is planned
	CreatedAt     client.Time `json:"createdAt"`
	WaitsFor      string      `json:"waitsFor,omitempty"` // id of the push of the same vehicle that is to be finished first (rule push.ordering)
	Faults        []string    `json:"faults"`             // ids of those that hit it
}

// Attempt is one attempt to deliver a push.
type Attempt struct {
	At         client.Time `json:"at"`
	DurationMs int64       `json:"durationMs"`
	HTTPStatus int         `json:"httpStatus"` // 0 where no answer came
	Response   string      `json:"response"`
	Error      string      `json:"error"` // "" where it was delivered
	ErrorZh    string      `json:"errorZh"`
	// Diagnosis says what the answer is that was refused, and what to do.
	Diagnosis []Diagnosis `json:"diagnosis,omitempty"`
}

// PushFilter narrows [Sandbox.Pushes]; what is empty does not.
type PushFilter struct {
	Kind        client.Kind
	MerchantNo  string
	PlateNumber string // the real one
	Status      string
}

// Pushes lists the pushes, the oldest first.
func (s *Sandbox) Pushes(ctx context.Context, f PushFilter, page Page) (List[Push], error) {
	query := page.query("kind", string(f.Kind), "merchantNo", f.MerchantNo, "plateNumber", f.PlateNumber, "status", f.Status)
	return do[List[Push]](ctx, s.c, http.MethodGet, s.path+"/pushes", query, nil)
}

// Push is one push.
func (s *Sandbox) Push(ctx context.Context, id string) (Push, error) {
	return do[Push](ctx, s.c, http.MethodGet, s.path+"/pushes/"+segment(id), nil, nil)
}

// Trigger is what [Sandbox.TriggerPush] takes.
type Trigger struct {
	MerchantNo string         `json:"merchantNo"`
	Kind       client.Kind    `json:"kind"`
	Fields     map[string]any `json:"fields,omitempty"` // what is left out is made up
}

// TriggerPush pushes to a merchant without anything having happened. A merchant without a push URL: [IsConflict].
func (s *Sandbox) TriggerPush(ctx context.Context, in Trigger) (Push, error) {
	return do[Push](ctx, s.c, http.MethodPost, s.path+"/pushes", nil, in)
}

// Redeliver sends a push once more, byte for byte.
func (s *Sandbox) Redeliver(ctx context.Context, id string) error {
	return s.c.exec(ctx, http.MethodPost, s.path+"/pushes/"+segment(id)+"/redeliver", nil, nil)
}

// DrainPushes waits, in real time, until no attempt is due or in flight. Where that takes longer than the timeout the
// error is a [*ProblemError] with Status 504 and Pending. Retries that fall due later on the sandbox's clock do not count.
func (s *Sandbox) DrainPushes(ctx context.Context, timeout time.Duration) error {
	return s.c.exec(ctx, http.MethodPost, s.path+"/pushes/drain", nil, map[string]string{"timeout": timeout.String()})
}

// Count is how many are wanted; nil for Min is 1, or 0 where Max is given.
type Count struct {
	Min *int `json:"min,omitempty"`
	Max *int `json:"max,omitempty"`
}

// Verification is whether what was wanted was found.
type Verification struct {
	OK      bool `json:"ok"`
	Matched int  `json:"matched"`
	// Detail says what was wanted where that does not hold ("want at least 2, matched 1"), DetailZh the same in Chinese.
	Detail   string `json:"detail,omitempty"`
	DetailZh string `json:"detailZh,omitempty"`
	// Hint says why there are no such pushes, or names some of what there is too much of, where that is known; HintZh is the same in Chinese.
	Hint    string    `json:"hint,omitempty"`
	HintZh  string    `json:"hintZh,omitempty"`
	Nearest []NearHit `json:"nearest"` // what came near, where nothing matched
}

// NearHit is an entry that nearly matches, and where it does not.
type NearHit struct {
	ID      string   `json:"id"`
	Differs []string `json:"differs"` // "data.payment: want 8, got 9"
}

// PushWant is what [Sandbox.VerifyPushes] looks for; what is empty does not matter.
type PushWant struct {
	Kind        client.Kind    `json:"kind,omitempty"`
	MerchantNo  string         `json:"merchantNo,omitempty"`
	PlateNumber string         `json:"plateNumber,omitempty"`
	Status      string         `json:"status,omitempty"`
	Body        map[string]any `json:"body,omitempty"`    // a subset
	ByValue     bool           `json:"byValue,omitempty"` // 10, 10.0 and "10.0" are equal
	Count       *Count         `json:"count,omitempty"`
	Within      Duration       `json:"within,omitempty"` // real time, waited on the server
}

// VerifyPushes counts the pushes that match, and waits for them where Within says so.
func (s *Sandbox) VerifyPushes(ctx context.Context, in PushWant) (Verification, error) {
	return do[Verification](ctx, s.c, http.MethodPost, s.path+"/pushes/verify", nil, in)
}
