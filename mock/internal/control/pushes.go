package control

import (
	"encoding/json"
	"errors"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/etcp-mock/etcp-mock/mock/internal/engine"
	"github.com/etcp-mock/etcp-mock/mock/internal/platform"
	"github.com/etcp-mock/etcp-mock/mock/internal/platform/notation"
	"github.com/etcp-mock/etcp-mock/mock/internal/problem"
	"github.com/etcp-mock/etcp-mock/mock/internal/push"
	"github.com/etcp-mock/etcp-mock/mock/internal/sandbox"
	"github.com/etcp-mock/etcp-mock/mock/internal/strict"
	"github.com/etcp-mock/etcp-mock/schemas"
	"github.com/etcp-mock/etcp-mock/sign"
	"github.com/etcp-mock/etcp-mock/sign/diagnose/inspect"
)

type pushItem struct {
	ID            string        `json:"id"`
	Kind          string        `json:"kind"`
	MerchantNo    string        `json:"merchantNo"`
	PlateNumber   string        `json:"plateNumber"`
	OrderID       string        `json:"orderId"`
	URL           string        `json:"url"`
	ContentType   string        `json:"contentType"`
	Body          string        `json:"body"`
	Signed        string        `json:"signed"`
	Status        string        `json:"status"`
	Attempts      []attemptItem `json:"attempts"`
	NextAttemptAt *string       `json:"nextAttemptAt"`
	CreatedAt     string        `json:"createdAt"`
	WaitsFor      string        `json:"waitsFor,omitempty"` // the push that is to be finished first (rule push.ordering)
	Faults        []string      `json:"faults"`             // ids of those that hit it
}

type attemptItem struct {
	At         string `json:"at"`
	DurationMs int64  `json:"durationMs"`
	HTTPStatus int    `json:"httpStatus"`
	Response   string `json:"response"`
	Error      string `json:"error"`
	ErrorZh    string `json:"errorZh"`
	// Diagnosis says what the answer is that was refused, in both languages, and what to do.
	Diagnosis []inspect.Finding `json:"diagnosis,omitempty"`
}

// answered says what is wrong with the answer of an attempt; none where it was accepted, or where there was no answer of HTTP 2xx.
func answered(status int, response, failure string) []inspect.Finding {
	if failure == "" || status < 200 || status > 299 {
		return nil
	}
	if f, ok := inspect.Answer([]byte(response)); ok {
		return []inspect.Finding{f}
	}
	return nil
}

func pushOf(p push.Item) pushItem {
	item := pushItem{
		ID: p.ID, Kind: p.Kind, MerchantNo: p.MerchantNo, PlateNumber: p.PlateNumber, OrderID: p.OrderID, URL: p.URL,
		ContentType: p.ContentType, Body: p.Body, Signed: p.Signed, Status: string(p.Status),
		Attempts: []attemptItem{}, CreatedAt: notation.FormatTime(p.CreatedAt), WaitsFor: p.WaitsFor, Faults: p.Faults,
	}
	if item.Faults == nil {
		item.Faults = []string{}
	}
	for _, a := range p.Attempts {
		found := answered(a.HTTPStatus, a.Response, a.Error)
		item.Attempts = append(item.Attempts, attemptItem{notation.FormatTime(a.At), a.DurationMs, a.HTTPStatus, a.Response, a.Error, push.AnswerErrorZh(a.Error, a.Response), found})
	}
	if !p.NextAttemptAt.IsZero() {
		next := notation.FormatTime(p.NextAttemptAt)
		item.NextAttemptAt = &next
	}
	return item
}

func (a *Control) listPushes(in *call) (reply, error) {
	page, err := in.page()
	if err != nil {
		return reply{}, err
	}
	filter, err := in.pushFilter()
	if err != nil {
		return reply{}, err
	}
	found, next, err := in.sandbox.Pushes(filter, page)
	if err != nil {
		return reply{}, problem.InQuery("after", err.Error())
	}
	items := make([]pushItem, len(found))
	for i, p := range found {
		items[i] = pushOf(p)
	}
	return ok(list[pushItem]{Items: items, Next: next})
}

func (in *call) pushFilter() (f push.Filter, err error) {
	f.Kind = in.gin.Query("kind")
	if err := errors.Join(inQuery("kind", "kind of push", f.Kind, pushKinds()), in.asInQuery("merchantNo", func(n named) { n.merchant("", in.gin.Query("merchantNo")) })); err != nil {
		return f, err
	}
	status, err := in.queryOf("status", string(push.Pending), string(push.Delivered), string(push.Failed))
	f.Status, f.MerchantNo = push.Status(status), in.gin.Query("merchantNo")
	f.PlateNumber, _, _ = notation.NormalPlate(in.gin.Query("plateNumber"))
	if err != nil {
		return f, err
	}
	return f, in.asInQuery("plateNumber", func(n named) { n.plate("", in.gin.Query("plateNumber"), n.pushed) })
}

func (a *Control) getPush(in *call) (reply, error) {
	p, found := in.sandbox.Push(in.gin.Param("push"))
	if !found {
		return reply{}, problem.Missing(problem.UnknownPush, "no push "+in.gin.Param("push"))
	}
	return ok(pushOf(p))
}

func (a *Control) triggerPush(in *call) (reply, error) {
	body, err := in.triggered()
	if err != nil {
		return reply{}, err
	}
	fields, err := triggerFields(body.Kind, body.Fields)
	if body.MerchantNo == "" {
		err = alsoInvalid(err, "/merchantNo", "is required")
	}
	if err != nil {
		return reply{}, err
	}
	fx := in.sandbox.Do(platform.Trigger{MerchantNo: body.MerchantNo, Kind: body.Kind, Fields: fields})
	if fx.Err != nil {
		return reply{}, fx.Err
	}
	return created(pushOf(*fx.Push))
}

// triggerFields reads the fields of a push made by hand: strings, and numbers as they are written.
func triggerFields(kind string, given map[string]json.RawMessage) (map[string]any, error) {
	var err error
	row, known := schemas.LookupPush(kind)
	if !known {
		err = alsoInvalid(err, "/kind", "want one of "+strings.Join(pushKinds(), ", ")+", got "+strconv.Quote(kind))
	}
	fields := make(map[string]any, len(given))
	for _, name := range slices.Sorted(maps.Keys(given)) {
		at, raw := strict.Pointer("fields", name), given[name]
		switch {
		case known && !slices.Contains(row.Fields, name):
			err = alsoInvalid(err, at, "a push of kind "+kind+" has the fields "+strings.Join(row.Fields, ", "))
		case raw[0] == '"':
			var text string
			_ = json.Unmarshal(raw, &text) // it was read as JSON before
			fields[name] = text
		case raw[0] == '-' || (raw[0] >= '0' && raw[0] <= '9'):
			fields[name] = sign.Number(raw)
		default:
			err = alsoInvalid(err, at, "want a string or a number")
		}
	}
	return fields, err
}

func (a *Control) redeliverPush(in *call) (reply, error) {
	if err := in.none(); err != nil {
		return reply{}, err
	}
	fx := in.sandbox.Apply(&engine.Redeliver{ID: in.gin.Param("push")})
	if fx.Err != nil {
		return reply{}, fx.Err
	}
	return reply{status: http.StatusAccepted, body: pushOf(*fx.Push)}, nil
}

// maxDrain bounds how long a drain may wait, in real time.
const maxDrain = 10 * time.Minute

func (a *Control) drainPushes(in *call) (reply, error) {
	var body struct {
		Timeout *strict.Duration `json:"timeout"`
	}
	if err := in.decode(&body); err != nil {
		return reply{}, err
	}
	timeout := 5 * time.Second
	if body.Timeout != nil {
		if timeout = time.Duration(*body.Timeout); timeout > maxDrain {
			return reply{}, invalidAt("/timeout", "want at most 10m")
		}
	}
	pending, err := in.sandbox.Drain(in.ctx, timeout)
	if errors.Is(err, sandbox.ErrNotDrained) {
		return reply{}, &problem.StatusError{Status: http.StatusGatewayTimeout, Detail: strconv.Itoa(pending) + " attempts are still due or in flight", Pending: &pending}
	}
	return ok(map[string]int{"pending": 0})
}
