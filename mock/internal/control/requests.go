package control

import (
	"encoding/json"
	"errors"
	"strconv"
	"unicode/utf8"

	"github.com/etcp-mock/etcp-mock/mock/internal/engine"
	"github.com/etcp-mock/etcp-mock/mock/internal/journal"
	"github.com/etcp-mock/etcp-mock/mock/internal/platform/notation"
	"github.com/etcp-mock/etcp-mock/mock/internal/platform/params"
	"github.com/etcp-mock/etcp-mock/mock/internal/platform/reasons"
	"github.com/etcp-mock/etcp-mock/mock/internal/problem"
	"github.com/etcp-mock/etcp-mock/sign/diagnose/inspect"
)

type requestItem struct {
	ID             string            `json:"id"`
	At             string            `json:"at"`
	Endpoint       string            `json:"endpoint"`
	Method         string            `json:"method"`
	MerchantNo     string            `json:"merchantNo"`
	TimeStamp      string            `json:"timeStamp"`
	Data           any               `json:"data"`
	DataText       string            `json:"dataText,omitempty"` // data as it was hashed, where that is not how it is printed here
	Sign           string            `json:"sign"`
	HTTPStatus     int               `json:"httpStatus"`
	Code           int               `json:"code"`
	Reason         string            `json:"reason"`
	Explanation    string            `json:"explanation"`
	ExplanationZh  string            `json:"explanationZh"` // both end with the fix, where that is known
	Fix            string            `json:"fix"`
	FixZh          string            `json:"fixZh"`
	Diagnosis      []inspect.Finding `json:"diagnosis,omitempty"` // each mistake that is known, as POST /__admin/sign/explain gives it
	Lints          []params.Lint     `json:"lints"`
	Response       string            `json:"response"`
	DurationMicros int64             `json:"durationMicros"`
	WallAt         string            `json:"wallAt"`
	RemoteAddr     string            `json:"remoteAddr,omitempty"`
	Headers        headers           `json:"headers,omitempty"`
	Phone          string            `json:"phone,omitempty"`
	PlateNumber    string            `json:"plateNumber,omitempty"`
	OrderID        string            `json:"orderId,omitempty"`
	Faults         []string          `json:"faults"`            // ids of those that were applied
	Cut            string            `json:"cut,omitempty"`     // the connection was, before or after the state changed
	Trimmed        bool              `json:"trimmed,omitempty"` // data and response were, since the journal has its limit
}

// headers are written as an object, in their order.
type headers []journal.Header

// MarshalJSON writes {"Content-Type":"…"}.
func (h headers) MarshalJSON() ([]byte, error) {
	all := make(map[string]string, len(h))
	for _, header := range h {
		all[header.Name] = header.Value
	}
	return json.Marshal(all)
}

func requestOf(e journal.Entry) requestItem {
	item := unexplained(&e)
	item.Explanation, item.ExplanationZh = e.Explain("en"), e.Explain("zh")
	item.Fix, item.FixZh, item.Diagnosis = e.Fix("en"), e.Fix("zh"), e.Diagnosis()
	return item
}

// brieflyOf is requestOf without examining a signature.
func brieflyOf(e journal.Entry) requestItem {
	item := unexplained(&e)
	why := reasons.Refuse("sign-unexamined").With("id", e.ID)
	item.Explanation, item.ExplanationZh = why.Explain("en"), why.Explain("zh")
	return item
}

func unexplained(e *journal.Entry) requestItem {
	item := requestItem{
		ID: e.ID, At: notation.FormatTime(e.At), Endpoint: e.Endpoint, Method: e.Method, MerchantNo: e.MerchantNo, TimeStamp: e.TimeStamp,
		Data: e.Data, Sign: e.Sign, HTTPStatus: e.HTTPStatus, Code: e.Code, Reason: e.Reason(),
		Lints: e.Lints, Response: e.Response, DurationMicros: e.Duration.Microseconds(),
		WallAt: notation.FormatTime(e.WallAt), RemoteAddr: e.RemoteAddr, Headers: e.Headers, Phone: e.Phone, PlateNumber: e.PlateNumber, OrderID: e.OrderID,
		Faults: e.Faults, Cut: e.Cut, Trimmed: e.Trimmed,
	}
	if utf8.ValidString(e.Data) && json.Valid([]byte(e.Data)) {
		item.Data = json.RawMessage(e.Data)
		if spaced(e.Data) {
			item.DataText = e.Data
		}
	}
	if item.Lints == nil {
		item.Lints = []params.Lint{}
	}
	if item.Faults == nil {
		item.Faults = []string{}
	}
	return item
}

func (a *Control) listRequests(in *call) (reply, error) {
	page, err := in.page()
	if err != nil {
		return reply{}, err
	}
	filter := journal.Filter{
		Endpoint: in.gin.Query("endpoint"), MerchantNo: in.gin.Query("merchantNo"), Lint: in.gin.Query("lint"), Reason: in.gin.Query("reason"),
		Phone: in.gin.Query("phone"), OrderID: in.gin.Query("orderId"),
	}
	filter.PlateNumber, _, _ = notation.NormalPlate(in.gin.Query("plateNumber"))
	if err := errors.Join(
		in.asInQuery("endpoint", func(n named) { n.endpoint("", filter.Endpoint) }), inQuery("lint", "lint", filter.Lint, lintNames()),
		in.asInQuery("plateNumber", func(n named) { n.plate("", in.gin.Query("plateNumber"), never) }), in.asInQuery("phone", func(n named) { n.phone(filter.Phone) }),
		inQuery("reason", "reason", filter.Reason, reasonNames()), in.asInQuery("merchantNo", func(n named) { n.merchant("", filter.MerchantNo) }),
	); err != nil {
		return reply{}, err
	}
	if text := in.gin.Query("code"); text != "" {
		code, err := strconv.Atoi(text)
		if err != nil {
			return reply{}, problem.InQuery("code", "want a whole number")
		}
		if err := in.asInQuery("code", func(n named) { n.code("", &code) }); err != nil {
			return reply{}, err
		}
		filter.Code = &code
	}
	found, next, err := in.sandbox.Requests(filter, page)
	if err != nil {
		return reply{}, problem.InQuery("after", err.Error())
	}
	items := make([]requestItem, len(found))
	for i, e := range found {
		items[i] = requestOf(e)
	}
	return ok(list[requestItem]{Items: items, Next: next})
}

func (a *Control) getRequest(in *call) (reply, error) {
	e, found := in.sandbox.Entry(in.gin.Param("request"))
	if !found {
		return reply{}, problem.Missing(problem.UnknownRequest, "no request "+in.gin.Param("request")+" in the journal")
	}
	return ok(requestOf(e))
}

func (a *Control) clearRequests(in *call) (reply, error) {
	return noContent(in.sandbox.Apply(&engine.ClearJournal{}).Err)
}

// spaced says whether JSON has white space between its tokens, which is lost
// where it is printed within other JSON.
func spaced(text string) bool {
	quoted := false
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c == '"':
			quoted = !quoted
		case quoted && c == '\\':
			i++
		case !quoted && c <= ' ':
			return true
		}
	}
	return false
}
