package control_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/mock"
	"github.com/etcp-mock/etcp-mock/mock/internal/servertest"
)

// refused is that a call below default is refused with a status.
func (c *controlled) refused(tb testing.TB, status int, method, path string, body any, pointers ...string) {
	tb.Helper()
	a := c.Ask(tb, method, servertest.Default+path, body)
	got, at, _ := a.Problem(tb)
	require.Equal(tb, status, got, a.Body)
	if len(pointers) > 0 {
		require.Equal(tb, pointers, at, a.Body)
	}
}

func (c *controlled) clock(tb testing.TB) string {
	tb.Helper()
	return c.Ask(tb, http.MethodGet, servertest.Default+"/clock", nil).Body
}

// docs/control-api.md, World: forward is the same as an advance: what falls due on the way happens.
func TestControlWorld_clockForward(t *testing.T) {
	c := newControlled(t)
	c.PutMerchant(t, "M1", map[string]any{"url": "http://127.0.0.1:1/"})
	c.Do(t, http.MethodPost, "/pushes", map[string]any{"merchantNo": "M1", "kind": "entry"})
	require.Equal(t, "2017-08-20 13:00:00", c.Do(t, http.MethodPut, "/clock", map[string]any{"now": "2017-08-20 13:00:00"})["now"])
	p := c.Pushes(t, "status=failed")[0]
	require.Len(t, p.Attempts, 6)
	require.Equal(t, "2017-08-20 12:22:40", p.Attempts[5].At)
}

// docs/control-api.md, World: now may go back only on a sandbox with no orders and no pushes.
func TestControlWorld_clockBack(t *testing.T) {
	c := newControlled(t)
	back := map[string]any{"now": "2017-08-19 12:00:00"}
	require.Equal(t, "2017-08-19 12:00:00", c.Do(t, http.MethodPut, "/clock", back)["now"])
	c.Do(t, http.MethodPost, "/clock/advance", map[string]any{"by": "1h"})
	entered := c.Do(t, http.MethodPost, "/cars/enter", map[string]any{"plateNumber": "渝ATX061", "parkingId": "1", "at": "2017-08-19 12:00:00"})
	require.Equal(t, "2017-08-19 12:00:00", entered["entranceTime"], "the start went back with the clock")
	c.refused(t, http.StatusConflict, http.MethodPut, "/clock", map[string]any{"now": "2017-08-19 12:59:59", "mode": "running"})
	require.JSONEq(t, `{"now":"2017-08-19 13:00:00","mode":"frozen","rate":1}`, c.clock(t), "all or nothing")
	c.Do(t, http.MethodPut, "/clock", map[string]any{"now": "2017-08-19 13:00:00"}) // what it shows already

	c.Do(t, http.MethodPost, "/reset", nil)
	c.PutMerchant(t, "M1", map[string]any{"url": "http://127.0.0.1:1/"})
	c.Do(t, http.MethodPost, "/pushes", map[string]any{"merchantNo": "M1", "kind": "unbind"})
	c.refused(t, http.StatusConflict, http.MethodPut, "/clock", back)
}

// docs/control-api.md, World: a clock runs at its rate, stands where it is frozen, and goes on from there.
func TestControlWorld_clockModes(t *testing.T) {
	var wall atomic.Int64
	wall.Store(time.Date(2020, 1, 1, 0, 0, 0, 700e6, time.UTC).UnixNano())
	c := newControlled(t, mock.WithClock(func() time.Time { return time.Unix(0, wall.Load()) }))
	pass := func(d time.Duration) { wall.Add(int64(d)) }
	c.Do(t, http.MethodPut, "/clock", map[string]any{"mode": "running", "rate": 60})
	pass(time.Minute)
	require.JSONEq(t, `{"now":"2017-08-20 13:00:00","mode":"running","rate":60}`, c.clock(t))
	c.Do(t, http.MethodPut, "/clock", map[string]any{"rate": 0.5})
	pass(2 * time.Minute)
	require.JSONEq(t, `{"now":"2017-08-20 13:01:00","mode":"running","rate":0.5}`, c.clock(t))
	c.Advance(t, "59m")
	require.JSONEq(t, `{"now":"2017-08-20 14:00:00","mode":"running","rate":0.5}`, c.clock(t), "an advance goes on running")
	pass(1500 * time.Millisecond)
	c.Do(t, http.MethodPut, "/clock", map[string]any{"mode": "frozen"})
	pass(time.Hour)
	c.Enter(t, "渝ATX061")
	c.Do(t, http.MethodPut, "/clock", map[string]any{"now": "2017-08-20 14:00:00"}) // frozen within that second
	require.JSONEq(t, `{"now":"2017-08-20 14:00:00","mode":"frozen","rate":0.5}`, c.clock(t))
	c.Do(t, http.MethodPut, "/clock", map[string]any{"mode": "running", "rate": 86400, "now": "2017-08-21 00:00:00"})
	pass(12 * time.Hour)
	require.Contains(t, c.clock(t), `"now":"2135-12-`)
	for range 70 {
		pass(100 * 24 * time.Hour)
		c.clock(t)
	}
	require.Contains(t, c.clock(t), `"now":"9000-01-01 00:00:00"`, "and stands at its end")
	c.refused(t, http.StatusUnprocessableEntity, http.MethodPost, "/clock/advance", `{"by":"1s"}`, "/by")
}

// docs/control-api.md, World: a car enters: 201 the order; parked already or full: 409; its type from the call, else the registry.
func TestControlWorld_enter(t *testing.T) {
	c := newControlled(t)
	c.Do(t, http.MethodPut, "/vehicles/"+url.PathEscape("渝 b12345")+"?plateColor=2", map[string]any{"userType": "76", "fixParkingId": "U7", "remainingDays": "11"})
	c.Do(t, http.MethodPut, "/parkings/2", map[string]any{"name": "P2", "city": "", "lat": "29", "lon": "106", "totalSpace": 5, "occupied": 3})
	enter := func(fields map[string]any) map[string]any {
		fields["parkingId"] = "2"
		return c.Do(t, http.MethodPost, "/cars/enter", fields)
	}
	long := enter(map[string]any{"plateNumber": "渝B12345", "plateColor": "2"})
	require.Equal(t, []any{"76", "U7", "11", "P2"}, []any{long["userType"], long["fixParkingId"], long["remainingDays"], long["parkingName"]})
	short := enter(map[string]any{"plateNumber": "渝B12345"}) // another colour is another vehicle
	require.Equal(t, []any{"77", "1", "parked", "0", ""}, []any{short["userType"], short["plateColor"], short["state"], short["parkingFee"], short["exitTime"]})
	require.Equal(t, []any{}, short["payments"])
	c.refused(t, http.StatusConflict, http.MethodPost, "/cars/enter", map[string]any{"plateNumber": "渝B12345", "parkingId": "1"})
	c.refused(t, http.StatusConflict, http.MethodPost, "/cars/enter", map[string]any{"plateNumber": "渝B00001", "parkingId": "2"}) // 3 + 2 of 5
	c.refused(t, http.StatusConflict, http.MethodDelete, "/parkings/2", nil)
	kept := c.Do(t, http.MethodGet, "/parkings/2", nil)
	require.Equal(t, []any{3.0, 2.0}, []any{kept["occupied"], kept["parked"]})
	kept["name"] = "P two"
	require.Equal(t, kept, c.Do(t, http.MethodPut, "/parkings/2", kept), "what GET answers can be put back")
	c.Exit(t, "渝B12345")
	c.Do(t, http.MethodPost, "/cars/exit", map[string]any{"plateNumber": "渝B12345", "plateColor": "2"})
	require.Equal(t, http.StatusNoContent, c.Ask(t, http.MethodDelete, servertest.Default+"/parkings/2", nil).Status)
	require.Equal(t, "77", c.Do(t, http.MethodPost, "/cars/enter", map[string]any{"plateNumber": "渝B12345", "plateColor": "2", "parkingId": "1", "userType": "77", "fixParkingId": "U9"})["userType"])
	require.Equal(t, "76", c.Do(t, http.MethodPost, "/cars/enter", map[string]any{"plateNumber": "渝B00001", "parkingId": "1", "userType": "76"})["userType"])
}

// docs/control-api.md, World: a car leaves; what is owed is paid in cash, debited electronically, or left owing.
func TestControlWorld_exit(t *testing.T) {
	c := newControlled(t)
	for payment, want := range map[string][]any{
		"":         {"left", "10", "10", "0", "0", 0},
		"cash":     {"left", "10", "10", "0", "0", 0},
		"withhold": {"left", "10", "0", "10", "0", 1},
		"none":     {"owing", "10", "0", "0", "10", 0},
	} {
		c.Do(t, http.MethodPost, "/reset", nil)
		c.Enter(t, "渝ATX061")
		c.Advance(t, "61m")
		body := map[string]any{"plateNumber": "渝ATX061"}
		if payment != "" {
			body["payment"] = payment
		}
		o := c.Do(t, http.MethodPost, "/cars/exit", body)
		require.Equal(t, want, []any{o["state"], o["parkingFee"], o["paidCash"], o["paidElectronic"], o["remainingFee"], len(o["payments"].([]any))}, payment)
		c.Advance(t, "1d")
		all := c.Do(t, http.MethodGet, "/orders?state="+want[0].(string)+"&plateNumber="+url.QueryEscape("渝atx061"), nil)["items"].([]any)
		require.Equal(t, []any{o}, all, "it stands still")
		require.Empty(t, c.Do(t, http.MethodGet, "/orders?state=parked", nil)["items"])
		require.Empty(t, c.Do(t, http.MethodGet, "/orders?plateNumber="+url.QueryEscape("渝ATX062"), nil)["items"])
		c.refused(t, http.StatusConflict, http.MethodPost, "/cars/exit", body)
	}
}

// docs/control-api.md: at lies between the sandbox's start and its now; a past at has pushTime now and today's owner, if the
// binding is older than at.
func TestControlWorld_past(t *testing.T) {
	c := newControlled(t)
	r := servertest.NewReceiver(t, servertest.AnswerOK)
	c.PutMerchant(t, "M1", map[string]any{"url": r.URL})
	c.Advance(t, "1h")
	c.Bind(t, "13800000001", "渝ATX061") // at 13:00
	c.Advance(t, "1h")
	enter := func(plate, at string) {
		c.Do(t, http.MethodPost, "/cars/enter", map[string]any{"plateNumber": plate, "parkingId": "1", "at": at})
	}
	enter("渝ATX061", "2017-08-20 12:59:59")
	c.Drain(t)
	require.Empty(t, r.All(), "the binding is younger")
	c.refused(t, http.StatusUnprocessableEntity, http.MethodPost, "/cars/exit", map[string]any{"plateNumber": "渝ATX061", "at": "2017-08-20 12:59:58"}, "/at")
	o := c.Do(t, http.MethodPost, "/cars/exit", map[string]any{"plateNumber": "渝ATX061", "at": "2017-08-20T13:30:00+08:00"})
	require.Equal(t, []any{"2017-08-20 13:30:00", "5"}, []any{o["exitTime"], o["parkingFee"]})
	c.Drain(t)
	var exit map[string]any
	require.NoError(t, json.Unmarshal([]byte(r.All()[0].Body), &exit))
	require.Equal(t, []any{"2017-08-20 14:00:00", "2017-08-20 13:30:00", "2017-08-20 12:59:59", 1801.0}, []any{exit["pushTime"], exit["exitTime"], exit["entranceTime"], exit["stayedTime"]})
	c.refused(t, http.StatusConflict, http.MethodPost, "/cars/enter", map[string]any{"plateNumber": "渝ATX061", "parkingId": "1", "at": "2017-08-20 13:00:00"}) // it was in there then
	enter("渝ATX061", "2017-08-20 13:30:00")
	c.Drain(t)
	require.Len(t, r.All(), 2)
	require.Contains(t, r.All()[1].Body, `"entranceTime":"2017-08-20 13:30:00"`)
	require.Contains(t, r.All()[1].Body, `"pushTime":"2017-08-20 14:00:00"`)
}

// docs/control-api.md, World: the code that was sent; 404 before; used up by a login.
func TestControlWorld_sms(t *testing.T) {
	c := newControlled(t)
	c.Call(t, "uservalidatecode", map[string]any{"mobilePhone": "13800000001"})
	sms := c.Do(t, http.MethodGet, "/sms/13800000001", nil)
	require.Regexp(t, `^[0-9]{6}$`, sms["code"])
	require.Equal(t, []any{"2017-08-20 12:00:00", "2017-08-20 12:05:00", false}, []any{sms["sentAt"], sms["expiresAt"], sms["used"]})
	code, _ := c.Call(t, "userlogin", map[string]any{"mobilePhone": "13800000001", "code": sms["code"], "appId": "ETCP"})
	require.Zero(t, code)
	require.Equal(t, true, c.Do(t, http.MethodGet, "/sms/13800000001", nil)["used"])
}

// docs/control-api.md, World: merchants are put whole and listed in the fixture's shape; users tell who is certified for whom.
func TestControlWorld_merchantsAndUsers(t *testing.T) {
	c := newControlled(t)
	full := map[string]any{"no": "a/b c", "key": "k", "name": "n", "push": map[string]any{"url": "http://127.0.0.1:9/x", "urls": map[string]any{"unbind": "https://127.0.0.1:9/u"}, "kinds": []any{"entry", "unbind"}}}
	require.Equal(t, full, c.Do(t, http.MethodPut, "/merchants/"+url.PathEscape("a/b c"), full))
	require.Contains(t, c.Do(t, http.MethodGet, "/merchants", nil)["items"], full)
	plain := map[string]any{"no": "a/b c", "key": "k2"}
	require.Equal(t, plain, c.Do(t, http.MethodPut, "/merchants/"+url.PathEscape("a/b c"), map[string]any{"key": "k2"}), "put whole")
	code, data := c.Call(t, "usersigin", map[string]any{"mobilePhone": "13800000001", "appId": "ETCP"}, "a/b c", "k2")
	require.Zero(t, code)
	c.Bind(t, "13800000001", "渝ATX061")
	code, _ = c.Call(t, "carretrieve", map[string]any{"token": data["token"], "plateNumber": "渝ATX061", "carFrameNum": "LVSHBFDC7RF414158", "carEngineNum": "E1"}, "a/b c", "k2")
	require.Zero(t, code)
	require.Equal(t, map[string]any{"phone": "13800000001", "boundThisMonth": 1.0, "bindings": []any{map[string]any{
		"plateNumber": "渝ATX061", "plateColor": "1", "since": "2017-08-20 12:00:00", "merchants": []any{"M1", "a/b c"}, "certifiedFor": "a/b c",
	}}}, c.Do(t, http.MethodGet, "/users/13800000001", nil))
	require.Equal(t, http.StatusNoContent, c.Ask(t, http.MethodDelete, servertest.Default+"/merchants/"+url.PathEscape("a/b c"), nil).Status)
	code, _ = c.Call(t, "carnum", map[string]any{"token": data["token"]}, "a/b c", "k2")
	require.Equal(t, 5, code)
	c.Do(t, http.MethodPut, "/vehicles/"+url.PathEscape("渝ATX061"), `{}`)
	require.Equal(t, http.StatusNoContent, c.Ask(t, http.MethodDelete, servertest.Default+"/vehicles/"+url.PathEscape("渝atx 061"), nil).Status)
}

// docs/control-api.md, Journal: what was asked, by endpoint, merchant, code and lint; data as JSON where it is JSON.
func TestControlJournal_listing(t *testing.T) {
	c := newControlled(t)
	c.Do(t, http.MethodPut, "/merchants/M2", map[string]any{"key": "k2"})
	c.Call(t, "usersigin", map[string]any{"mobilePhone": 13800000001, "appId": "ETCP", "spare": 1})
	c.Call(t, "carnum", map[string]any{"token": "x"})
	c.Call(t, "carnum", map[string]any{"token": "x"}, "M2", "k2")
	c.Call(t, "carnum", map[string]any{"token": "x"}, "M2", "wrong")
	c.Call(t, "carnum", map[string]any{"token": "x"}, "M9", "k9")
	form := "merchant_no=M1&time_stamp=20170820120000&sign=0&data="
	for _, data := range []string{"no+JSON", "%5B1%5D", "%FF", "%22%FF%22"} {
		c.Ask(t, http.MethodPost, "/merchant/open/1.0.0/openapi/bindcar", form+data, "Content-Type", "application/x-www-form-urlencoded")
	}
	c.Ask(t, http.MethodGet, "/merchant/open/1.0.0/openapi/none", nil)
	ids := func(query string) (ids []string) {
		for _, item := range c.Do(t, http.MethodGet, "/requests?"+query, nil)["items"].([]any) {
			ids = append(ids, item.(map[string]any)["id"].(string))
		}
		return ids
	}
	for query, want := range map[string][]string{
		"": {"r1", "r2", "r3", "r4", "r5", "r6", "r7", "r8", "r9", "r10"}, "endpoint=usersigin": {"r1"}, "endpoint=carnum&merchantNo=M2": {"r3", "r4"},
		"code=20101": {"r2", "r3"}, "code=0": {"r1"}, "code=5": {"r5"}, "merchantNo=M9": {"r5"}, "endpoint=none": {"r10"}, "code=7": nil,
	} {
		require.Equal(t, want, ids(query), query)
	}
	first := c.Do(t, http.MethodGet, "/requests/r1", nil)
	require.Equal(t, map[string]any{"mobilePhone": 13800000001.0, "appId": "ETCP", "spare": 1.0}, first["data"])
	require.Equal(t, []any{"2017-08-20 12:00:00", "usersigin", "POST", "M1", 200.0, 0.0, ""}, []any{first["at"], first["endpoint"], first["method"], first["merchantNo"], first["httpStatus"], first["code"], first["reason"]})
	require.Contains(t, first["response"], `"code":0`)
	rules := map[string]bool{}
	for _, l := range first["lints"].([]any) {
		lint := l.(map[string]any)
		require.NotEmpty(t, lint["detail"])
		rules[lint["rule"].(string)] = true
	}
	require.Len(t, rules, 2)
	for rule := range rules {
		require.Equal(t, []string{"r1"}, ids("lint="+rule))
	}
	require.Equal(t, []string{"r1"}, ids("lint=any"))
	require.Equal(t, []string{"r1"}, ids("lint=true"))
	refused := c.Do(t, http.MethodGet, "/requests/r4", nil)
	require.Equal(t, "sign-mismatch", refused["reason"])
	require.NotEmpty(t, refused["explanation"])
	require.NotContains(t, refused["explanation"], "k2")
	for id, want := range map[string]any{"r6": "no JSON", "r7": []any{1.0}, "r8": "\ufffd", "r9": "\"\ufffd\""} {
		require.Equal(t, want, c.Do(t, http.MethodGet, "/requests/"+id, nil)["data"], id)
	}
	a := c.Ask(t, http.MethodGet, "/merchant/open/1.0.0/openapi/none", nil)
	require.Equal(t, "r11", a.Header.Get("X-Mock-Request-Id"))
	require.Equal(t, http.StatusNoContent, c.Ask(t, http.MethodDelete, servertest.Default+"/requests", nil).Status)
	require.Empty(t, ids(""))
	c.Call(t, "carnum", map[string]any{"token": "x"})
	require.Equal(t, []string{"r12"}, ids(""), "ids go on")
}
