package control

import (
	"context"
	"encoding/json"
	"net/http"
	"strconv"

	"github.com/etcp-mock/etcp-mock/client"
)

// Request is a request in the journal, with what was answered and why.
type Request struct {
	ID             string            `json:"id"`
	At             client.Time       `json:"at"` // on the sandbox's clock
	Endpoint       string            `json:"endpoint"`
	Method         string            `json:"method"`
	MerchantNo     string            `json:"merchantNo"`
	TimeStamp      string            `json:"timeStamp"`
	Data           json.RawMessage   `json:"data"`               // the object sent, or a string where it was no JSON
	DataText       string            `json:"dataText,omitempty"` // data as it was sent, where that is not how Data has it
	Headers        map[string]string `json:"headers,omitempty"`
	Sign           string            `json:"sign"`
	HTTPStatus     int               `json:"httpStatus"`
	Code           int               `json:"code"`
	Reason         string            `json:"reason"`        // a stable word: sign-mismatch
	Explanation    string            `json:"explanation"`   // in English
	ExplanationZh  string            `json:"explanationZh"` // in Chinese; both end with the fix, where that is known
	Fix            string            `json:"fix"`           // what to do, in English
	FixZh          string            `json:"fixZh"`         // in Chinese
	Diagnosis      []Diagnosis       `json:"diagnosis"`     // each mistake that is known, with its evidence and fix
	Lints          []Lint            `json:"lints"`
	Response       string            `json:"response"`
	DurationMicros int64             `json:"durationMicros"`
	WallAt         client.Time       `json:"wallAt"` // when it came, in real time
	RemoteAddr     string            `json:"remoteAddr"`
	Phone          string            `json:"phone"`       // whom it was about, also where it carries only a token; "" where that is not known
	PlateNumber    string            `json:"plateNumber"` // and which vehicle
	OrderID        string            `json:"orderId"`     // and which stay
	Faults         []string          `json:"faults"`      // ids of those that were applied
	Cut            string            `json:"cut"`         // CutBefore or CutAfter where the connection was cut: no answer came, and HTTPStatus is 0
	Trimmed        bool              `json:"trimmed"`     // the journal holds as much as it may, so of Data and Response only the beginnings are kept, with … behind them
}

// Lint is a note on a request that was accepted, but that the real platform may not accept.
type Lint struct {
	Rule     string `json:"rule"`
	Detail   string `json:"detail"`
	DetailZh string `json:"detailZh,omitempty"` // in Chinese
}

// RequestFilter narrows [Sandbox.Requests]; what is empty, or nil, does not.
type RequestFilter struct {
	Endpoint   string
	MerchantNo string
	Code       *int
	Lint       string // a lint's rule; "any" for whichever
	Reason     string // the stable word of why it was refused

	// What a request was about, also where it carries only a token or an order.
	Phone       string
	PlateNumber string
	OrderID     string
}

// Requests lists the journal, the oldest first.
func (s *Sandbox) Requests(ctx context.Context, f RequestFilter, page Page) (List[Request], error) {
	code := ""
	if f.Code != nil {
		code = strconv.Itoa(*f.Code)
	}
	query := page.query("endpoint", f.Endpoint, "merchantNo", f.MerchantNo, "code", code, "lint", f.Lint,
		"reason", f.Reason, "phone", f.Phone, "plateNumber", f.PlateNumber, "orderId", f.OrderID)
	return do[List[Request]](ctx, s.c, http.MethodGet, s.path+"/requests", query, nil)
}

// Request is one entry of the journal, by its id (the platform's answer has it as X-Mock-Request-Id).
func (s *Sandbox) Request(ctx context.Context, id string) (Request, error) {
	return do[Request](ctx, s.c, http.MethodGet, s.path+"/requests/"+segment(id), nil, nil)
}

// ClearRequests empties the journal.
func (s *Sandbox) ClearRequests(ctx context.Context) error {
	return s.c.exec(ctx, http.MethodDelete, s.path+"/requests", nil, nil)
}

// RequestWant is what [Sandbox.VerifyRequests] looks for; what is empty, or nil, does not matter.
type RequestWant struct {
	Endpoint   string         `json:"endpoint,omitempty"`
	MerchantNo string         `json:"merchantNo,omitempty"`
	Code       *int           `json:"code,omitempty"`
	Data       map[string]any `json:"data,omitempty"`    // a subset
	ByValue    bool           `json:"byValue,omitempty"` // 10, 10.0 and "10.0" are equal
	Count      *Count         `json:"count,omitempty"`
	Within     Duration       `json:"within,omitempty"` // real time, waited on the server
}

// VerifyRequests counts the requests that match, and waits for them where Within says so.
func (s *Sandbox) VerifyRequests(ctx context.Context, in RequestWant) (Verification, error) {
	return do[Verification](ctx, s.c, http.MethodPost, s.path+"/requests/verify", nil, in)
}

// Recording is the journal and the simulator's actions, from an entry's id on (or all), as a scenario (YAML).
func (s *Sandbox) Recording(ctx context.Context, from string) ([]byte, error) {
	return s.c.raw(ctx, http.MethodGet, s.path+"/recording", Page{}.query("from", from), nil)
}

// RecordingIn is [Sandbox.Recording] with its comments in a language, "en" or "zh".
func (s *Sandbox) RecordingIn(ctx context.Context, from, language string) ([]byte, error) {
	own := *s.c
	own.language = language
	return own.raw(ctx, http.MethodGet, s.path+"/recording", Page{}.query("from", from), nil)
}
