package api_test

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/client"
	"github.com/etcp-mock/etcp-mock/client/control"
	"github.com/etcp-mock/etcp-mock/mock"
	"github.com/etcp-mock/etcp-mock/mock/internal/servertest"
	"github.com/etcp-mock/etcp-mock/schemas"
)

// desk is a merchant's developer at work: a mock over real HTTP, its control
// API, and a client for each of two merchants.
type desk struct {
	t   *testing.T
	url string
	box *control.Sandbox
	m   map[string]*client.Client
}

// obj is the data of a request.
type obj = map[string]any

const (
	alice, bob, carol = "13800000001", "13900000002", "13700000003"
	plate             = "渝ATX061"
	vin, engine       = "LVSHBFDC7RF414158", "DA01991"
)

// newDesk starts a mock whose clock stands at 2017-08-20 12:00:00. Both
// merchants' pushes are taken and answered.
func newDesk(t *testing.T, opts ...mock.Option) *desk {
	t.Helper()
	return newDeskOf(t, nil, opts...)
}

// newDeskOf changes the fixture before the mock is made of it.
func newDeskOf(t *testing.T, change func(fixture obj), opts ...mock.Option) *desk {
	t.Helper()
	receiver := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		_, _ = io.WriteString(w, `{"code":0,"message":"ok"}`)
	}))
	t.Cleanup(receiver.Close)
	merchant := func(no string) obj {
		return obj{"no": no, "key": "key-of-" + no, "push": obj{"url": receiver.URL + "/" + no}}
	}
	fixture := obj{
		"clock": "2017-08-20 12:00:00", "seed": 7,
		"merchants": []any{merchant("M1"), merchant("M2")},
		"parkings": []any{obj{
			"id": "1", "name": "ETCP 智慧停车场", "city": "重庆市", "lat": "29.563", "lon": "106.551", "totalSpace": 5,
			"tariff": obj{"freeMinutes": 15, "unitMinutes": 60, "unitPrice": "5", "dailyCap": "50"},
		}},
	}
	if change != nil {
		change(fixture)
	}
	text, err := json.Marshal(fixture)
	require.NoError(t, err)
	server, err := mock.New(append([]mock.Option{mock.WithFixture(text)}, opts...)...)
	require.NoError(t, err)
	require.NoError(t, server.Start("127.0.0.1:0"))
	transport := &http.Transport{}
	t.Cleanup(func() {
		transport.CloseIdleConnections()
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		require.NoError(t, server.Close(ctx))
		servertest.CheckReplay(t, server)
	})
	h := client.WithHTTPClient(&http.Client{Transport: transport})
	return &desk{
		t: t, url: server.URL(),
		box: control.New(server.URL(), control.WithHTTPClient(&http.Client{Transport: transport})).Sandbox("default"),
		m: map[string]*client.Client{
			"M1": client.New(server.URL(), "M1", "key-of-M1", h),
			"M2": client.New(server.URL(), "M2", "key-of-M2", h),
		},
	}
}

// send sends a request that may be overridden, as M1.
func (d *desk) send(r client.Request) *client.Answer {
	d.t.Helper()
	answer, err := d.m["M1"].Send(d.t.Context(), r)
	require.NoError(d.t, err)
	require.NoError(d.t, schemas.ValidateAnswer(r.Endpoint, answer.Raw))
	return answer
}

// as sends data as a merchant and wants a code.
func (d *desk) as(merchant string, code int, endpoint string, data any) *client.Answer {
	d.t.Helper()
	answer, err := d.m[merchant].Do(d.t.Context(), endpoint, data)
	require.NoError(d.t, err)
	require.Equal(d.t, http.StatusOK, answer.HTTPStatus)
	require.NoError(d.t, schemas.ValidateAnswer(endpoint, answer.Raw))
	require.Equal(d.t, code, answer.Code, "%s %v: %s %s", endpoint, data, answer.Message, answer.Reason)
	return answer
}

// want is as for M1.
func (d *desk) want(code int, endpoint string, data any) *client.Answer {
	d.t.Helper()
	return d.as("M1", code, endpoint, data)
}

// raw sends a text as data, as M1, and wants a code.
func (d *desk) raw(code int, endpoint, data string) *client.Answer {
	d.t.Helper()
	answer := d.send(client.Request{Endpoint: endpoint, RawData: data})
	require.Equal(d.t, code, answer.Code, "%s %.200q: %s %s", endpoint, data, answer.Message, answer.Reason)
	return answer
}

// data decodes what a success carries.
func data[T any](t *testing.T, answer *client.Answer) (out T) {
	t.Helper()
	require.NoError(t, json.Unmarshal(answer.Data, &out), "%s", answer.Raw)
	return out
}

// token signs a phone in.
func (d *desk) token(merchant, phone string) string {
	d.t.Helper()
	answer := d.as(merchant, 0, "usersigin", obj{"mobilePhone": phone, "appId": "ETCP"})
	return data[struct{ Token string }](d.t, answer).Token
}

func (d *desk) rules(set obj) {
	d.t.Helper()
	_, err := d.box.SetRules(d.t.Context(), set)
	require.NoError(d.t, err)
}

func (d *desk) advance(by string) {
	d.t.Helper()
	_, err := d.box.AdvanceBy(d.t.Context(), by)
	require.NoError(d.t, err)
}

// clock sets the clock forward.
func (d *desk) clock(to string) {
	d.t.Helper()
	_, err := d.box.SetClock(d.t.Context(), control.ClockChange{Now: instant(d.t, to)})
	require.NoError(d.t, err)
}

func instant(t *testing.T, text string) client.Time {
	t.Helper()
	at, err := client.ParseTime(text)
	require.NoError(t, err)
	return at
}

func (d *desk) sms(phone string) string {
	d.t.Helper()
	sms, err := d.box.SMS(d.t.Context(), phone)
	require.NoError(d.t, err)
	return sms.Code
}

// enter and exit drive a blue car into, or out of, car park 1.
func (d *desk) enter(number string) control.Order {
	d.t.Helper()
	order, err := d.box.Enter(d.t.Context(), control.Entry{PlateNumber: number, ParkingID: "1"})
	require.NoError(d.t, err)
	return order
}

func (d *desk) exit(number, payment string) control.Order {
	d.t.Helper()
	order, err := d.box.Exit(d.t.Context(), control.Exit{PlateNumber: number, Payment: payment})
	require.NoError(d.t, err)
	return order
}

// bind binds a blue vehicle through M1 for a phone and gives the token.
func (d *desk) bind(phone, number string) (token string) {
	d.t.Helper()
	token = d.token("M1", phone)
	d.want(0, "bindcar", obj{"token": token, "plateNumber": number})
	return token
}

// pushes lists what was pushed, oldest first.
func (d *desk) pushes() []control.Push {
	d.t.Helper()
	list, err := d.box.Pushes(d.t.Context(), control.PushFilter{}, control.Page{Limit: 1000})
	require.NoError(d.t, err)
	return list.Items
}

// pushed tells the pushes after the first n: merchant, kind and the plate in the body.
func (d *desk) pushed(n int) (told []string) {
	d.t.Helper()
	for _, p := range d.pushes()[n:] {
		require.NoError(d.t, schemas.ValidatePush(string(p.Kind), []byte(p.Body)))
		var body struct{ PlateNumber string }
		require.NoError(d.t, json.Unmarshal([]byte(p.Body), &body), p.Body)
		told = append(told, p.MerchantNo+" "+string(p.Kind)+" "+body.PlateNumber)
	}
	return told
}

// lints are the rules an answer's request was noted for, in their order.
func (d *desk) lints(answer *client.Answer) (rules []string) {
	d.t.Helper()
	entry, err := d.box.Request(d.t.Context(), answer.RequestID)
	require.NoError(d.t, err)
	for _, l := range entry.Lints {
		rules = append(rules, l.Rule)
	}
	return rules
}

// unpaid asks what a number owes, as M1.
func (d *desk) unpaid(token, number string) []unpaidRow {
	d.t.Helper()
	return data[[]unpaidRow](d.t, d.want(0, "orderunpay", obj{"token": token, "plateNumber": number}))
}

// unpaidRow is an item of orderunpay as it is on the wire.
type unpaidRow struct {
	CarNumber, EntranceTime, ExitTime, OrderID, ParkingName, VerificationInfo string
	ParkingFee, RemainingFee, ParkingID                                       json.Number
}

// payment is what pays a row.
func (row unpaidRow) payment(token, external string, amount any) obj {
	return obj{
		"token": token, "orderId": row.OrderID, "externalOrderId": external, "payment": amount,
		"payTime": "2017-08-20 12:30:00", "verificationInfo": row.VerificationInfo,
	}
}

// anHour is a time on the wall that stands still.
func anHour(t *testing.T, text string) (mock.Option, func(time.Duration) string) {
	t.Helper()
	at := instant(t, text)
	stamp := func(off time.Duration) string { return at.Add(off).In(client.Zone).Format(client.StampLayout) }
	return mock.WithClock(func() time.Time { return at.Time }), stamp
}
