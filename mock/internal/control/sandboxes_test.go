package control_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/mock"
	"github.com/etcp-mock/etcp-mock/mock/internal/servertest"
)

// create makes a sandbox and gives its id and first merchant.
func (c *controlled) create(tb testing.TB, body any) (id, no, key string) {
	tb.Helper()
	a := c.Ask(tb, http.MethodPost, "/__admin/sandboxes", body)
	require.Equal(tb, http.StatusCreated, a.Status, a.Body)
	var made struct {
		ID        string
		Merchants []struct{ MerchantNo, MerchantKey, PushURL string }
	}
	require.NoError(tb, json.Unmarshal([]byte(a.Body), &made))
	require.NotEmpty(tb, made.ID)
	if len(made.Merchants) > 0 {
		no, key = made.Merchants[0].MerchantNo, made.Merchants[0].MerchantKey
	}
	return made.ID, no, key
}

// in is do in another sandbox than default.
func (c *controlled) in(tb testing.TB, sandbox, method, path string, body any) map[string]any {
	tb.Helper()
	a := c.Ask(tb, method, "/__admin/sandboxes/"+sandbox+path, body)
	require.Less(tb, a.Status, 300, "%s %s: %s", method, path, a.Body)
	out := map[string]any{}
	if a.Body != "" {
		require.NoError(tb, json.Unmarshal([]byte(a.Body), &out), a.Body)
	}
	return out
}

// session is a story whose every random thing is put down: code, tokens, order, payment, push.
func (c *controlled) session(t *testing.T, id, no, key string) []any {
	t.Helper()
	var told []any
	note := func(values ...any) { told = append(told, values...) }
	code, _ := c.Call(t, "uservalidatecode", map[string]any{"mobilePhone": "13800000001"}, no, key)
	note(code)
	sms := c.in(t, id, http.MethodGet, "/sms/13800000001", nil)["code"]
	note(sms)
	_, data := c.Call(t, "userlogin", map[string]any{"mobilePhone": "13800000001", "code": sms, "appId": "ETCP"}, no, key)
	note(data["token"])
	c.Call(t, "bindcar", map[string]any{"token": data["token"], "plateNumber": "渝ATX061"}, no, key)
	note(c.in(t, id, http.MethodPost, "/cars/enter", map[string]any{"plateNumber": "渝ATX061", "parkingId": "1"})["orderId"])
	c.in(t, id, http.MethodPost, "/clock/advance", map[string]any{"by": "90m"})
	rows := c.rows(t, "orderunpay", map[string]any{"token": data["token"], "plateNumber": "渝ATX061"}, no, key)
	note(rows[0]["verificationInfo"])
	_, paid := c.Call(t, "orderpaid", map[string]any{
		"token": data["token"], "orderId": rows[0]["orderId"], "externalOrderId": "E1", "payment": rows[0]["remainingFee"],
		"payTime": "2017-08-20 13:30:00", "verificationInfo": rows[0]["verificationInfo"],
	}, no, key)
	note(paid["payOrderId"])
	return told
}

// rows is call for an endpoint that answers a list.
func (c *controlled) rows(t *testing.T, endpoint string, data map[string]any, merchant ...string) (rows []map[string]any) {
	t.Helper()
	code, list := c.CallAny(t, endpoint, data, merchant...)
	require.Zero(t, code)
	for _, row := range list.([]any) {
		rows = append(rows, row.(map[string]any))
	}
	return rows
}

// docs/control-api.md, Sandboxes: without a fixture a sandbox gets one fresh merchant, its number random, and a few car parks;
// same seed, same calls: same codes, ids and tokens.
func TestControlSandboxes_seed(t *testing.T) {
	c := newControlled(t)
	tell := func(seed int) (string, string, []any) {
		id, no, key := c.create(t, map[string]any{"seed": seed})
		require.NotEmpty(t, c.in(t, id, http.MethodGet, "/parkings", nil)["items"])
		c.in(t, id, http.MethodPut, "/clock", map[string]any{"mode": "frozen"})
		c.in(t, id, http.MethodPut, "/clock", map[string]any{"now": "2017-08-20 12:00:00"})
		return no, key, c.session(t, id, no, key)
	}
	no1, key1, first := tell(7)
	no2, key2, second := tell(7)
	_, key3, third := tell(8)
	require.NotEqual(t, no1, no2)
	require.Equal(t, key1, key2)
	require.Equal(t, first, second)
	require.NotEqual(t, key1, key3)
	for i := range first {
		if i > 0 {
			require.NotEqual(t, first[i], third[i])
		}
	}
	require.Len(t, c.Ask(t, http.MethodGet, "/__admin/sandboxes?limit=1", nil).Body, len(`{"items":[{"id":"default","merchants":["M1"],"now":"2017-08-20 12:00:00","orders":0,"pushesPending":0}],"next":"default"}`)+1)
}

// The seed of the call goes before the fixture's, which goes before chance.
func TestControlSandboxes_whichSeed(t *testing.T) {
	c := newControlled(t)
	for _, row := range []struct {
		body string
		want float64
	}{{`{"seed":9}`, 9}, {`{"fixture":{"seed":8}}`, 8}, {`{"seed":9,"fixture":{"seed":8}}`, 9}} {
		id, _, _ := c.create(t, row.body)
		require.InDelta(t, row.want, c.in(t, id, http.MethodGet, "", nil)["seed"], 0, row.body)
	}
}

// docs/control-api.md, Sandboxes: reset goes back to the sandbox's own fixture: state, clock, journal, pushes, rules.
func TestControlSandboxes_reset(t *testing.T) {
	c := newControlled(t)
	before := c.state(t)
	c.AcceptPushes(t)
	c.Do(t, http.MethodPut, "/merchants/M2", map[string]any{"key": "k2"})
	c.Do(t, http.MethodPatch, "/rules", map[string]any{"sms.interval": "10s"})
	c.Bind(t, "13800000001", "渝ATX061")
	c.Do(t, http.MethodPut, "/parkings/2", map[string]any{"name": "P", "city": "", "lat": "29", "lon": "106"})
	c.Do(t, http.MethodPut, "/vehicles/渝ATX061", map[string]any{"engine": "E"})
	c.Do(t, http.MethodPost, "/cars/enter", map[string]any{"plateNumber": "渝ATX061", "parkingId": "1"})
	c.Do(t, http.MethodPost, "/clock/advance", map[string]any{"by": "1h"})
	c.Do(t, http.MethodPut, "/clock", map[string]any{"mode": "running", "rate": 60})
	c.Do(t, http.MethodPost, "/pushes/drain", nil)
	detail := c.Do(t, http.MethodPost, "/reset", nil)
	require.Equal(t, "2017-08-20 12:00:00", detail["now"])
	require.Equal(t, before, c.state(t))
	id, no, _ := c.create(t, `{"id":"own","fixture":{"merchants":[{"no":"M2","key":"k2"}]}}`) // M2 is free again
	require.Equal(t, []any{"own", "M2"}, []any{id, no})
}

// docs/control-api.md, Sandboxes: a merchant's requests reach the sandbox that owns it; deleting the sandbox frees its number.
func TestControlSandboxes_ownership(t *testing.T) {
	c := newControlled(t)
	id, no, key := c.create(t, `{"id":"b","fixture":{"merchants":[{"no":"MB","key":"kb","push":{"url":"http://127.0.0.1:1/x"}}]}}`)
	require.Equal(t, []any{map[string]any{"merchantNo": "MB", "merchantKey": "kb", "pushUrl": "http://127.0.0.1:1/x"}}, c.in(t, "b", http.MethodGet, "", nil)["merchants"])
	code, _ := c.Call(t, "usersigin", map[string]any{"mobilePhone": "13800000001", "appId": "ETCP"}, no, key)
	require.Zero(t, code)
	require.Len(t, c.in(t, id, http.MethodGet, "/requests", nil)["items"], 1)
	require.Empty(t, c.Do(t, http.MethodGet, "/requests", nil)["items"])

	status, _, _ := c.Ask(t, http.MethodPut, servertest.Default+"/merchants/MB", `{"key":"k"}`).Problem(t)
	require.Equal(t, http.StatusConflict, status)
	require.Equal(t, http.StatusNoContent, c.Ask(t, http.MethodDelete, "/__admin/sandboxes/b", nil).Status)
	require.Equal(t, http.StatusNotFound, c.Ask(t, http.MethodGet, "/__admin/sandboxes/b", nil).Status)
	code, _ = c.Call(t, "usersigin", map[string]any{"mobilePhone": "13800000001", "appId": "ETCP"}, no, key)
	require.Equal(t, 5, code)
	require.Len(t, c.Do(t, http.MethodGet, "/requests?code=5", nil)["items"], 1, "requests of no sandbox are in default's journal")
	require.Equal(t, "MB", c.Do(t, http.MethodPut, "/merchants/MB", map[string]any{"key": "k"})["no"])
}

// docs/control-api.md, Sandboxes: the state goes on elsewhere: a quote sealed before is payable, tokens hold, pushes retry, the
// journal is there.
func TestControlSandboxes_stateElsewhere(t *testing.T) {
	here := newControlled(t)
	here.Do(t, http.MethodPut, "/merchants/M1", map[string]any{"key": servertest.Key, "push": map[string]any{"url": "http://127.0.0.1:1/"}})
	token := here.Bind(t, "13800000001", "渝ATX061")
	here.Do(t, http.MethodPatch, "/rules", map[string]any{"quote.ttl": "6m", "message.0": "好"})
	order := here.Do(t, http.MethodPost, "/cars/enter", map[string]any{"plateNumber": "渝ATX061", "parkingId": "1"})
	here.Do(t, http.MethodPost, "/clock/advance", map[string]any{"by": "15s"})
	here.Do(t, http.MethodPost, "/clock/advance", map[string]any{"by": "20m"})
	quote := here.rows(t, "orderunpay", map[string]any{"token": token, "plateNumber": "渝ATX061"})[0]
	state := here.state(t)
	require.Equal(t, state, here.state(t), "looking changes nothing")

	there := newControlled(t)
	there.Bind(t, "13900000009", "渝B12345")
	there.Do(t, http.MethodPut, "/state", json.RawMessage(state))
	require.JSONEq(t, state, there.state(t))
	m := there.AcceptPushes(t)
	code, paid := there.Call(t, "orderpaid", map[string]any{
		"token": token, "orderId": order["orderId"], "externalOrderId": "E1", "payment": 5, "payTime": "2017-08-20 12:20:15",
		"verificationInfo": quote["verificationInfo"],
	})
	require.Zero(t, code)
	require.InDelta(t, 5, paid["payment"], 0)
	there.Do(t, http.MethodPost, "/clock/advance", map[string]any{"by": "1h"})
	push := there.Do(t, http.MethodGet, "/pushes", nil)["items"].([]any)[0].(map[string]any)
	require.Equal(t, "delivered", push["status"], push)
	require.Equal(t, m.URL+"/etcp", push["url"], "a push goes to where its merchant is now")
	require.NotEmpty(t, there.Do(t, http.MethodGet, "/requests?endpoint=bindcar", nil)["items"])

	id, _, _ := there.create(t, `{}`)
	status, _, _ := there.Ask(t, http.MethodPut, "/__admin/sandboxes/"+id+"/state", state).Problem(t)
	require.Equal(t, http.StatusConflict, status, "M1 is default's")
}

// docs/control-api.md, Sandboxes: rules are {value, default, section}; a patch is all or nothing and takes effect at once.
func TestControlSandboxes_rules(t *testing.T) {
	c := newControlled(t)
	rules := c.Do(t, http.MethodGet, "/rules", nil)
	for name, want := range map[string]any{"timestamp.window": "10m", "strict": false, "bind.max": 3.0, "push.schedule": []any{"10s", "30s", "2m", "5m", "15m"}, "message.5": "没有找到商户密钥", "journal.keep": 10000.0} {
		rule := rules[name].(map[string]any)
		require.Equal(t, want, rule["value"], name)
		require.Equal(t, want, rule["default"], name)
		require.NotEmpty(t, rule["section"], name)
	}
	require.Equal(t, http.StatusUnprocessableEntity, c.Ask(t, http.MethodPatch, servertest.Default+"/rules", "null").Status)
	patched := c.Do(t, http.MethodPatch, "/rules", map[string]any{"timestamp.window": "5m", "strict": true, "journal.keep": 2})
	require.Equal(t, "5m", patched["timestamp.window"].(map[string]any)["value"])
	require.Equal(t, "10m", patched["timestamp.window"].(map[string]any)["default"])
	for range 5 {
		c.Call(t, "carnum", map[string]any{"token": "none"})
	}
	require.Len(t, c.Do(t, http.MethodGet, "/requests", nil)["items"], 2)
	c.Do(t, http.MethodPatch, "/rules", map[string]any{"journal.keep": 1})
	left := c.Do(t, http.MethodGet, "/requests", nil)["items"].([]any)
	require.Len(t, left, 1)
	require.Equal(t, "r5", left[0].(map[string]any)["id"], "the newest are kept")
	require.Equal(t, false, c.Do(t, http.MethodPatch, "/rules", map[string]any{"strict": nil})["strict"].(map[string]any)["value"])
}

// docs/control-api.md, Sandboxes: every part of a fixture, with what is left out filled in.
func TestControlSandboxes_fixture(t *testing.T) {
	c := newControlled(t)
	c.create(t, `{"id":"f","fixture":{
		"clock":{"now":"2017-08-20T12:00:00+08:00","mode":"running","rate":0.001},"seed":7,"rules":{"sms.interval":"30s"},
		"merchants":[{"no":"F1","key":"k1","name":"渝停","push":{"url":"http://127.0.0.1:9/etcp","kinds":["entry","exit"]}},{"no":"F2","key":"k2"}],
		"parkings":[{"id":"1","name":"ETCP 智慧停车场","city":"重庆市","lat":"29.563","lon":"106.551","parkingType":"8","electronicPayment":true,"totalSpace":114,"occupied":3,
			"tariff":{"freeMinutes":15,"unitMinutes":60,"unitPrice":"5","dailyCap":"50"}},
			{"id":"2","name":"P2","city":"重庆市","lat":"29","lon":"106"},
			{"id":"3","name":"P3","city":"重庆市","lat":"29","lon":"106","tariff":{"unitPrice":"2.5"}}],
		"vehicles":[{"plateNumber":"渝 atx061","plateColor":"1","vin":"LVSHBFDC7RF414158","engine":"DA01991","userType":"76","fixParkingId":"U7","remainingDays":"11"}],
		"users":[{"phone":"13800000001","plates":[{"plateNumber":"渝ATX061","plateColor":"1","merchantNo":"F1","since":"2017-08-01 00:00:00"},{"plateNumber":"渝B12345","merchantNo":"F2"}]}],
		"orders":[{"plateNumber":"渝B12345","parkingId":"2","entranceTime":"2017-08-17 18:44:19","exitTime":"2017-08-19 12:07:19","payment":"cash"},
			{"plateNumber":"渝B12345","plateColor":"2","parkingId":"2","entranceTime":"2017-08-17 12:00:00","exitTime":"2017-08-17 13:00:00","payment":"none","parkingFee":"7.5"},
			{"plateNumber":"渝B00001","parkingId":"2","entranceTime":"2017-08-17 12:00:00","exitTime":"2017-08-17 13:00:00","payment":"withhold"},
			{"plateNumber":"渝ATX061","parkingId":"1","entranceTime":"2017-08-20 09:00:00"}],
		"faults":[]}}`)
	in := func(path string) map[string]any { return c.in(t, "f", http.MethodGet, path, nil) }
	require.Equal(t, "running", in("/clock")["mode"])
	require.InDelta(t, 0.001, in("/clock")["rate"], 0)
	require.Equal(t, "2017-08-20 12:00:00", in("/clock")["now"])
	require.Equal(t, "30s", in("/rules")["sms.interval"].(map[string]any)["value"])
	require.JSONEq(t, `{"items":[{"no":"F1","key":"k1","name":"渝停","push":{"url":"http://127.0.0.1:9/etcp","kinds":["entry","exit"]}},{"no":"F2","key":"k2"}]}`,
		c.Ask(t, http.MethodGet, "/__admin/sandboxes/f/merchants", nil).Body)
	require.JSONEq(t, `{"id":"2","name":"P2","city":"重庆市","lat":"29","lon":"106","parkingType":"8","electronicPayment":true,"totalSpace":100,"occupied":0,"parked":0,
		"tariff":{"freeMinutes":15,"unitMinutes":60,"unitPrice":"5","dailyCap":"50"}}`, c.Ask(t, http.MethodGet, "/__admin/sandboxes/f/parkings/2", nil).Body)
	require.Equal(t, map[string]any{"freeMinutes": 15.0, "unitMinutes": 60.0, "unitPrice": "2.5"}, in("/parkings/3")["tariff"], "without dailyCap there is none")
	require.Equal(t, []any{3.0, 1.0}, []any{in("/parkings/1")["occupied"], in("/parkings/1")["parked"]}, "occupied counts others than the orders")
	require.Equal(t, []any{map[string]any{"plateNumber": "渝ATX061", "plateColor": "1", "vin": "LVSHBFDC7RF414158", "engine": "DA01991", "userType": "76", "fixParkingId": "U7", "remainingDays": "11"}}, in("/vehicles")["items"])
	require.JSONEq(t, `{"phone":"13800000001","boundThisMonth":2,"bindings":[
		{"plateNumber":"渝ATX061","plateColor":"1","since":"2017-08-01 00:00:00","merchants":["F1"],"certifiedFor":null},
		{"plateNumber":"渝B12345","plateColor":"1","since":"2017-08-20 12:00:00","merchants":["F2"],"certifiedFor":null}]}`, c.Ask(t, http.MethodGet, "/__admin/sandboxes/f/users/13800000001", nil).Body)
	require.JSONEq(t, `{"phone":"13800000002","boundThisMonth":0,"bindings":[]}`, c.Ask(t, http.MethodGet, "/__admin/sandboxes/f/users/13800000002", nil).Body)
	money := [][]any{}
	for _, item := range in("/orders")["items"].([]any) {
		o := item.(map[string]any)
		money = append(money, []any{o["state"], o["userType"], o["parkingFee"], o["paidCash"], o["paidElectronic"], o["remainingFee"], len(o["payments"].([]any))})
	}
	require.Equal(t, [][]any{
		{"left", "77", "100", "100", "0", "0", 0}, // 50 for the first 24 hours, 18 started hours in the second: 90, capped
		{"owing", "77", "7.5", "0", "0", "7.5", 0},
		{"left", "77", "5", "0", "5", "0", 1},
		{"parked", "76", "0", "0", "0", "0", 0},
	}, money)
	require.Empty(t, in("/pushes")["items"], "the past pushes nothing")
}

// A clock in a fixture: an instant stands, an object says how it goes, nothing is real time.
func TestControlSandboxes_fixtureClock(t *testing.T) {
	wall := time.Date(2020, 1, 2, 3, 4, 5, 0, time.UTC)
	c := newControlled(t, mock.WithClock(func() time.Time { return wall }))
	for _, row := range []struct{ clock, want string }{
		{`"2017-08-20 12:00:00"`, `{"now":"2017-08-20 12:00:00","mode":"frozen","rate":1}`},
		{`"2017-08-20T04:00:00Z"`, `{"now":"2017-08-20 12:00:00","mode":"frozen","rate":1}`},
		{`{"now":"2017-08-20 12:00:00"}`, `{"now":"2017-08-20 12:00:00","mode":"frozen","rate":1}`},
		{`{"now":"2017-08-20 12:00:00","mode":"running"}`, `{"now":"2017-08-20 12:00:00","mode":"running","rate":1}`},
		{`{"now":"2017-08-20 12:00:00","rate":60}`, `{"now":"2017-08-20 12:00:00","mode":"running","rate":60}`},
		{`{"mode":"frozen"}`, `{"now":"2020-01-02 11:04:05","mode":"frozen","rate":1}`},
		{`{"rate":2}`, `{"now":"2020-01-02 11:04:05","mode":"running","rate":2}`},
		{`null`, `{"now":"2020-01-02 11:04:05","mode":"running","rate":1}`},
	} {
		id, _, _ := c.create(t, `{"fixture":{"clock":`+row.clock+`}}`)
		require.JSONEq(t, row.want, c.Ask(t, http.MethodGet, "/__admin/sandboxes/"+id+"/clock", nil).Body, row.clock)
	}
}

// A broken fixture is refused whole, each error with a pointer into the body as sent.
func TestControlSandboxes_brokenFixture(t *testing.T) {
	c := newControlled(t)
	const parking = `{"id":"1","name":"P","city":"C","lat":"29","lon":"106","totalSpace":1}`
	for name, row := range map[string]struct {
		fixture  string
		pointers []string
	}{
		"unknown part":       {`{"merchant":[]}`, []string{"/fixture/merchant"}},
		"numbers for texts":  {`{"parkings":[{"id":1,"name":"P","city":"C","lat":29.5,"lon":106}]}`, []string{"/fixture/parkings/0/id", "/fixture/parkings/0/lat", "/fixture/parkings/0/lon"}},
		"latitude":           {`{"parkings":[{"id":"1","name":"P","city":"C","lat":"91","lon":"106"}]}`, []string{"/fixture/parkings/0/lat"}},
		"clock":              {`{"clock":"noon"}`, []string{"/fixture/clock"}},
		"clock object":       {`{"clock":{"now":"noon","mood":"x"}}`, []string{"/fixture/clock/now", "/fixture/clock/mood"}},
		"clock values":       {`{"clock":{"mode":"slow","rate":0}}`, []string{"/fixture/clock/mode", "/fixture/clock/rate"}},
		"clock too fast":     {`{"clock":{"now":"2017-08-20 12:00:00","mode":"running","rate":86400.5}}`, []string{"/fixture/clock/rate"}},
		"rules":              {`{"rules":{"sms.interval":-1,"sms.intervall":"1s"}}`, []string{"/fixture/rules/sms.interval", "/fixture/rules/sms.intervall"}},
		"merchant twice":     {`{"merchants":[{"no":"A","key":"k"},{"no":"A","key":"k"}]}`, []string{"/fixture/merchants/1/no"}},
		"merchant":           {`{"merchants":[{"no":"","key":"","push":{"url":"x","kinds":["y"]}}]}`, []string{"/fixture/merchants/0/no", "/fixture/merchants/0/key", "/fixture/merchants/0/push/url", "/fixture/merchants/0/push/kinds/0"}},
		"control characters": {`{"merchants":[{"no":"A\u0000","key":"k"},{"no":"\u001b[31m","key":"k"}]}`, []string{"/fixture/merchants/0/no", "/fixture/merchants/1/no"}},
		"vehicle":            {`{"vehicles":[{"plateNumber":"X","plateColor":"0","vin":"V","userType":"7"}]}`, []string{"/fixture/vehicles/0/vin", "/fixture/vehicles/0/userType", "/fixture/vehicles/0/plateNumber", "/fixture/vehicles/0/plateColor"}},
		"user":               {`{"merchants":[{"no":"A","key":"k"}],"users":[{"phone":"1","plates":[]}]}`, []string{"/fixture/users/0/phone"}},
		"binding":            {`{"clock":"2017-08-20 12:00:00","merchants":[{"no":"A","key":"k"}],"users":[{"phone":"13800000001","plates":[{"plateNumber":"渝ATX061","merchantNo":"B","since":"2017-08-20 12:00:01"}]}]}`, []string{"/fixture/users/0/plates/0/merchantNo", "/fixture/users/0/plates/0/since"}},
		"two owners":         {`{"merchants":[{"no":"A","key":"k"}],"users":[{"phone":"13800000001","plates":[{"plateNumber":"渝ATX061"}]},{"phone":"13800000002","plates":[{"plateNumber":"渝ATX061"}]}]}`, []string{"/fixture/users/1/plates/0/plateNumber"}},
		"order elsewhere":    {`{"orders":[{"plateNumber":"渝ATX061","parkingId":"1","entranceTime":"2017-08-17 18:44:19"}]}`, []string{"/fixture/orders/0/parkingId"}},
		"order times":        {`{"clock":"2017-08-20 12:00:00","parkings":[` + parking + `],"orders":[{"plateNumber":"渝ATX061","parkingId":"1"},{"plateNumber":"渝ATX061","parkingId":"1","entranceTime":"2017-08-21 12:00:00"},{"plateNumber":"渝ATX061","parkingId":"1","entranceTime":"2017-08-19 12:00:00","exitTime":"2017-08-18 12:00:00"}]}`, []string{"/fixture/orders/0/entranceTime", "/fixture/orders/1/entranceTime", "/fixture/orders/2/exitTime"}},
		"order payment, fee": {`{"parkings":[` + parking + `],"orders":[{"plateNumber":"渝ATX061","parkingId":"1","entranceTime":"2017-08-17 18:44:19","payment":"card"}]}`, []string{"/fixture/orders/0/payment"}},
		"fee":                {`{"orders":[{"plateNumber":"渝ATX061","parkingId":"1","entranceTime":"2017-08-17 18:44:19","parkingFee":"5.555"}]}`, []string{"/fixture/orders/0/parkingFee", "/fixture/orders/0/parkingId"}},
		"full":               {`{"parkings":[` + parking + `],"orders":[{"plateNumber":"渝ATX061","parkingId":"1","entranceTime":"2017-08-17 18:44:19"},{"plateNumber":"渝ATX062","parkingId":"1","entranceTime":"2017-08-17 18:44:19"}]}`, []string{"/fixture/orders/1/parkingId"}},
		"parked twice":       {`{"parkings":[` + strings.Replace(parking, `:1}`, `:5}`, 1) + `],"orders":[{"plateNumber":"渝ATX061","parkingId":"1","entranceTime":"2017-08-17 18:44:19"},{"plateNumber":"渝 atx061","parkingId":"1","entranceTime":"2017-08-17 18:44:19"}]}`, []string{"/fixture/orders/1/plateNumber"}},
	} {
		t.Run(name, func(t *testing.T) {
			a := c.Ask(t, http.MethodPost, "/__admin/sandboxes", `{"id":"broken","fixture":`+row.fixture+`}`)
			status, pointers, _ := a.Problem(t)
			require.Equal(t, http.StatusUnprocessableEntity, status, a.Body)
			require.Equal(t, row.pointers, pointers, a.Body)
		})
	}
	require.Equal(t, http.StatusNotFound, c.Ask(t, http.MethodGet, "/__admin/sandboxes/broken", nil).Status)
}
