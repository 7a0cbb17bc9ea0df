package mock_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/etcp-mock/etcp-mock/mock"
	"github.com/etcp-mock/etcp-mock/mock/internal/servertest"
	"github.com/etcp-mock/etcp-mock/schemas"
	"github.com/etcp-mock/etcp-mock/sign"
)

// compared drives the mock and the model side by side.
type compared struct {
	*rapid.T

	model   naive
	handler http.Handler
	wall    time.Time
	payment int // how many were tried
}

const naiveFixture = `{"clock":"2017-08-01 12:00:00","seed":5,"merchants":[
	{"no":"MA","key":"ka","push":{"url":"http://accept.invalid/"}},{"no":"MB","key":"kb","push":{"url":"http://accept.invalid/"}}],
	"parkings":[{"id":"1","name":"P","city":"重庆市","lat":"29.5","lon":"106.5","totalSpace":1000,
		"tariff":{"freeMinutes":15,"unitMinutes":60,"unitPrice":"5","dailyCap":"50"}}]}`

// serve gives the status, 0 where the connection was cut, and the body.
func (s *compared) serve(r *http.Request) (status int, body []byte) {
	r.Host = "127.0.0.1"
	w := httptest.NewRecorder()
	defer func() {
		if cut, ok := recover().(error); ok && errors.Is(cut, http.ErrAbortHandler) {
			status, body = 0, nil
		} else if ok {
			panic(cut)
		}
	}()
	s.handler.ServeHTTP(w, r)
	return w.Code, w.Body.Bytes()
}

func (s *compared) admin(method, path string, body any, into any) int {
	text, err := json.Marshal(body)
	require.NoError(s, err)
	r := httptest.NewRequest(method, servertest.Default+path, strings.NewReader(string(text)))
	r.Header.Set("Content-Type", "application/json")
	status, answer := s.serve(r)
	if into != nil && status < 300 {
		require.NoError(s, json.Unmarshal(answer, into))
	}
	return status
}

// call sends a request, lets the model do the same, and holds one to the other; faults come between. answered is false
// where there is nothing to look at.
func (s *compared) call(merchant, endpoint string, data map[string]any, model func() int, into any) (answered bool) {
	text, err := json.Marshal(data)
	require.NoError(s, err)
	row, _ := schemas.Lookup(endpoint)
	stamp := s.wall.In(time.FixedZone("", 8*3600)).Format("20060102150405")
	key := "k" + strings.ToLower(merchant[1:])
	body := url.Values{"merchant_no": {merchant}, "time_stamp": {stamp}, "data": {string(text)}, "sign": {sign.Request(string(text), key, stamp)}}.Encode()
	r := httptest.NewRequest(row.Method, schemas.PathPrefix+endpoint, strings.NewReader(body))
	if row.Method == http.MethodGet {
		r = httptest.NewRequest(row.Method, schemas.PathPrefix+endpoint+"?"+body, http.NoBody)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	status, answer := s.serve(r)
	effect := s.model.faults[endpoint]
	delete(s.model.faults, endpoint)
	want := schemas.CodeServerError
	if effect == "" || effect == "after" {
		want = model()
	}
	if effect == "before" || effect == "after" {
		require.Zero(s, status, "%s: the connection is cut", endpoint)
		return false
	}
	var got struct {
		Code int
		Data json.RawMessage
	}
	require.NoError(s, json.Unmarshal(answer, &got))
	require.Equal(s, want, got.Code, "%s %s: %s", endpoint, text, answer)
	if got.Code != 0 || into == nil {
		return false
	}
	require.NoError(s, json.Unmarshal(got.Data, into))
	return true
}

// withToken is call for an endpoint that takes one.
func (s *compared) withToken(merchant, phone, endpoint string, data map[string]any, model func() int, into any) bool {
	data["token"] = s.model.tokens[merchant+phone].text
	if data["token"] == "" {
		data["token"] = "none"
	}
	return s.call(merchant, endpoint, data, func() int {
		if !s.model.valid(merchant, phone) {
			return schemas.CodeInvalidToken
		}
		return model()
	}, into)
}

func fine() int { return 0 }

func (s *compared) step() {
	n := &s.model
	merchant := rapid.SampledFrom([]string{"MA", "MB"}).Draw(s.T, "merchant")
	phone := rapid.SampledFrom([]string{"13800000001", "13800000002", "13800000003"}).Draw(s.T, "phone")
	plate := rapid.SampledFrom([]string{"渝A00001", "渝A00002", "渝A00003", "渝A00004", "渝A00005"}).Draw(s.T, "plate")
	switch act := rapid.SampledFrom([]string{"signin", "bind", "bind", "unbind", "carnum", "enter", "exit", "unpay", "pay", "history", "advance", "fault"}).Draw(s.T, "act"); act {
	case "signin":
		var data struct{ Token string }
		s.call(merchant, "usersigin", map[string]any{"mobilePhone": phone, "appId": "A"}, fine, &data)
		n.tokens[merchant+phone] = naiveToken{data.Token, n.now}
	case "bind":
		s.withToken(merchant, phone, "bindcar", map[string]any{"plateNumber": plate}, func() int { return n.bind(merchant, phone, plate) }, nil)
	case "unbind":
		s.withToken(merchant, phone, "unbindcar", map[string]any{"plateNumber": plate}, func() int { return n.unbind(merchant, phone, plate) }, nil)
	case "carnum":
		var data struct{ Number int }
		if s.withToken(merchant, phone, "carnum", map[string]any{}, fine, &data) {
			require.Equal(s, n.boundBy(phone), data.Number)
		}
	case "enter", "exit":
		s.car(act, plate)
	case "unpay":
		s.unpay(merchant, phone, plate)
	case "pay":
		s.pay(merchant, phone, plate)
	case "history":
		var data []json.RawMessage
		if s.withToken(merchant, phone, "orderhistory", map[string]any{}, fine, &data) {
			require.Len(s, data, n.history(phone))
		}
	case "advance":
		by := time.Duration(rapid.SampledFrom([]int{1, 10, 15, 16, 61, 300, 1439, 1440, 4000}).Draw(s.T, "minutes")) * time.Minute
		require.Equal(s, 200, s.admin("POST", "/clock/advance", map[string]any{"by": by.String()}, nil))
		n.now = n.now.Add(by)
	case "fault":
		endpoint := rapid.SampledFrom([]string{"bindcar", "unbindcar", "carnum", "orderunpay", "orderpaid"}).Draw(s.T, "endpoint")
		do := map[string]any{"cut": "before"}
		kind := rapid.SampledFrom([]string{"before", "after", "code"}).Draw(s.T, "effect")
		if kind == "code" {
			do = map[string]any{"code": 2}
		} else {
			do["cut"] = kind
		}
		if n.faults[endpoint] == "" {
			require.Equal(s, 201, s.admin("POST", "/faults", map[string]any{"on": map[string]any{"endpoint": endpoint}, "times": 1, "do": do}, nil))
			n.faults[endpoint] = kind
		}
	}
}

func (s *compared) car(act, plate string) {
	n := &s.model
	var order struct{ State, ParkingFee, RemainingFee string }
	o := n.parked(plate)
	if act == "enter" {
		want := 201
		if o != nil {
			want = 409
		} else {
			n.orders = append(n.orders, &naiveOrder{plate: plate, in: n.now, belongsTo: map[string]bool{}})
			n.drive("entry", plate)
		}
		require.Equal(s, want, s.admin("POST", "/cars/enter", map[string]any{"plateNumber": plate, "parkingId": "1"}, nil))
		return
	}
	how := rapid.SampledFrom([]string{"cash", "withhold", "none"}).Draw(s.T, "payment")
	want, owes := 409, 0
	if o != nil {
		want, owes = 200, o.owes(n.now)
		fee := o.fee(n.now)
		o.out, o.fixed = n.now, fee
		if owner := n.owners[plate]; owner != "" {
			o.belongsTo[owner] = true
		}
		if how != "none" {
			o.paid, owes = fee, 0
		}
		n.drive("exit", plate)
	}
	require.Equal(s, want, s.admin("POST", "/cars/exit", map[string]any{"plateNumber": plate, "payment": how}, &order))
	if o != nil {
		require.Equal(s, strconv.Itoa(o.fixed), order.ParkingFee)
		require.Equal(s, strconv.Itoa(owes), order.RemainingFee)
	}
}

type naiveQuote struct {
	OrderID, VerificationInfo string
	ParkingFee, RemainingFee  float64
}

func (s *compared) unpay(merchant, phone, plate string) []naiveQuote {
	var data []naiveQuote
	if !s.withToken(merchant, phone, "orderunpay", map[string]any{"plateNumber": plate}, fine, &data) {
		return nil
	}
	want := s.model.unpaid(plate)
	require.Len(s, data, len(want))
	for i, o := range want {
		require.InDelta(s, float64(o.fee(s.model.now)), data[i].ParkingFee, 0, "the fee of %s", plate)
		require.InDelta(s, float64(o.owes(s.model.now)), data[i].RemainingFee, 0, "what %s owes", plate)
	}
	return data
}

// pay asks and pays at once, or a yuan too much.
func (s *compared) pay(merchant, phone, plate string) {
	quotes := s.unpay(merchant, phone, plate)
	if len(quotes) == 0 {
		return
	}
	n, quote, o := &s.model, quotes[0], s.model.unpaid(plate)[0]
	over := rapid.IntRange(0, 1).Draw(s.T, "over")
	s.payment++
	amount := int(quote.RemainingFee) + over
	s.withToken(merchant, phone, "orderpaid", map[string]any{
		"orderId": quote.OrderID, "externalOrderId": fmt.Sprintf("E%d", s.payment), "payment": strconv.Itoa(max(amount, 1)),
		"payTime": "2017-08-01 12:00:00", "verificationInfo": quote.VerificationInfo,
	}, func() int {
		switch {
		case o.owes(n.now) == 0:
			return schemas.CodeOrderUpdateFailed
		case over > 0:
			return schemas.CodeWrongAmount
		}
		o.paid, o.settled = o.paid+amount, n.now
		o.belongsTo[phone] = true
		return 0
	}, nil)
}

// Random sessions over several merchants, phones, cars, jumps of time and faults: a second, simple statement of the rules
// agrees with every answer and counts every push. What fails is shrunk, and told as a scenario that does it again.
func TestModel_withFaultsOverHTTP(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		wall := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
		server, err := mock.New(mock.WithFixture([]byte(naiveFixture)), mock.WithClock(func() time.Time { return wall }))
		require.NoError(rt, err)
		defer func() {
			require.NoError(rt, server.Close(context.Background()))
			servertest.CheckReplay(rt, server)
		}()
		s := &compared{T: rt, handler: server.Handler(), wall: wall, model: naive{
			now:    time.Date(2017, 8, 1, 12, 0, 0, 0, time.FixedZone("", 8*3600)),
			tokens: map[string]naiveToken{}, owners: map[string]string{}, told: map[string][]string{}, pushes: map[string]int{}, faults: map[string]string{},
		}}
		defer func() {
			if rt.Failed() {
				r := httptest.NewRequest(http.MethodGet, servertest.Default+"/recording", http.NoBody)
				_, text := s.serve(r)
				rt.Logf("as a scenario:\n%s", text)
			}
		}()
		for range rapid.IntRange(1, 120).Draw(rt, "steps") {
			s.step()
		}
		s.countPushes()
	})
}

func (s *compared) countPushes() {
	got := map[string]int{}
	after := ""
	for {
		var page struct {
			Items []struct{ MerchantNo, Kind string }
			Next  string
		}
		require.Equal(s, 200, s.admin("GET", "/pushes?limit=1000&after="+after, nil, &page))
		for _, p := range page.Items {
			got[p.MerchantNo+" "+p.Kind]++
		}
		if after = page.Next; after == "" {
			break
		}
	}
	require.Equal(s, s.model.pushes, got)
}
