package control_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/mock"
	"github.com/etcp-mock/etcp-mock/mock/internal/servertest"
)

// state is the whole state of the sandbox default, to see that nothing has changed.
func (c *controlled) state(tb testing.TB) string {
	tb.Helper()
	a := c.Ask(tb, http.MethodGet, servertest.Default+"/state", nil)
	require.Equal(tb, http.StatusOK, a.Status, a.Body)
	return a.Body
}

// docs/control-api.md: errors are RFC 9457 problems with pointers into the body as sent, whatever is wrong at once;
// unknown fields are an error; writes are all or nothing.
func TestControl_refusals(t *testing.T) {
	c := newControlled(t)
	c.AcceptPushes(t)
	here := func(path string) string { return servertest.Default + path }
	rows := []struct {
		name, method, path string
		body               any
		status             int
		pointers           []string
	}{
		{"no such path", "GET", "/__admin/none", nil, 404, nil},
		{"no such path in a sandbox", "GET", here("/none"), nil, 404, nil},
		{"a parameter twice", "GET", here("/requests?limit=1&limit=2"), nil, 422, nil},
		{"an escaped slash", "GET", "/__admin%2fversion", nil, 404, nil},
		{"an escaped letter", "GET", "/%5f_admin/version", nil, 404, nil},
		{"the prefix alone", "GET", "/__admin", nil, 404, nil},
		{"no such sandbox", "GET", "/__admin/sandboxes/none/clock", nil, 404, nil},
		{"wrong method", "POST", here("/clock"), "{}", 405, nil},
		{"wrong method on a named thing", "PATCH", here("/merchants/M1"), "{}", 405, nil},
		{"not JSON", "POST", here("/cars/enter"), `{"plateNumber":`, 422, []string{""}},
		{"not an object", "POST", here("/cars/enter"), `[]`, 422, []string{""}},
		{"null", "POST", here("/cars/enter"), `null`, 422, []string{""}},
		{"two values", "POST", here("/cars/enter"), `{} {}`, 422, []string{""}},
		{"not UTF-8", "POST", here("/clock/advance"), "{\"by\":\"\xff\"}", 422, []string{"/by", "/by"}},
		{"a field twice", "POST", here("/clock/advance"), `{"by":"1m","by":"2m"}`, 422, []string{"/by"}},
		{"an unknown field", "POST", here("/clock/advance"), `{"by":"1m","for":"2m"}`, 422, []string{"/for"}},
		{"another case", "POST", here("/clock/advance"), `{"By":"1m"}`, 422, []string{"/By"}},
		{"an unknown field where no body belongs", "POST", here("/reset"), `{"seed":1}`, 422, []string{"/seed"}},
		{"a body over the limit", "POST", here("/cars/enter"), `{"plateNumber":"` + strings.Repeat("x", 17<<20) + `"}`, 413, nil},
		{"nested without end", "POST", here("/cars/enter"), `{"plateNumber":` + strings.Repeat("[", 1000), 422, []string{"/plateNumber" + strings.Repeat("/0", 63)}},

		{"several at once", "POST", here("/cars/enter"), `{"plateNumber":"X","plateColor":"9","at":"2017-08-20 12:00:00","userType":"78"}`, 422, []string{"/plateNumber", "/plateColor", "/userType", "/parkingId"}},
		{"several of the wrong type", "POST", here("/cars/enter"), `{"plateNumber":1,"plateColor":2,"parkingId":1,"at":5,"remainingDays":11}`, 422, []string{"/plateNumber", "/plateColor", "/parkingId", "/at", "/remainingDays"}},
		{"plateColor is a string", "POST", here("/cars/exit"), `{"plateNumber":"渝ATX061","plateColor":1}`, 422, []string{"/plateColor"}},
		{"at is no time", "POST", here("/cars/enter"), `{"plateNumber":"渝ATX061","parkingId":"1","at":"20 August"}`, 422, []string{"/at"}},
		{"at is no day", "POST", here("/cars/enter"), `{"plateNumber":"渝ATX061","parkingId":"1","at":"2017-02-30 12:00:00"}`, 422, []string{"/at"}},
		{"at before the start", "POST", here("/cars/enter"), `{"plateNumber":"渝ATX061","parkingId":"1","at":"2017-08-20 11:59:59"}`, 422, []string{"/at"}},
		{"at after now", "POST", here("/cars/enter"), `{"plateNumber":"渝ATX061","parkingId":"1","at":"2017-08-20T12:00:01+08:00"}`, 422, []string{"/at"}},
		{"unknown car park", "POST", here("/cars/enter"), `{"plateNumber":"渝ATX061","parkingId":"2"}`, 404, nil},
		{"not parked", "POST", here("/cars/exit"), `{"plateNumber":"渝ATX061"}`, 409, nil},
		{"payment", "POST", here("/cars/exit"), `{"plateNumber":"渝","payment":"card"}`, 422, []string{"/plateNumber", "/payment"}},

		{"clock: now, mode and rate", "PUT", here("/clock"), `{"now":"1969-01-01 00:00:00","mode":"stopped","rate":0}`, 422, []string{"/now"}},
		{"clock: mode and rate", "PUT", here("/clock"), `{"mode":"stopped","rate":0}`, 422, []string{"/mode", "/rate"}},
		{"clock: rate too fast", "PUT", here("/clock"), `{"rate":86401}`, 422, []string{"/rate"}},
		{"advance by nothing said", "POST", here("/clock/advance"), `{}`, 422, []string{"/by"}},
		{"advance back", "POST", here("/clock/advance"), `{"by":"-1m"}`, 422, []string{"/by"}},
		{"advance by a number", "POST", here("/clock/advance"), `{"by":45}`, 422, []string{"/by"}},
		{"advance beyond a hundred years", "POST", here("/clock/advance"), `{"by":"40000d"}`, 422, []string{"/by"}},

		{"rules: all that is wrong", "PATCH", here("/rules"), `{"sms.interval":"soon","a/b~c":1,"sms.ttl":"1m","strict":"perhaps"}`, 422, []string{"/a~1b~0c", "/sms.interval", "/strict"}},
		{"merchant: no key", "PUT", here("/merchants/M9"), `{}`, 422, []string{"/key"}},
		{"merchant: URLs and kinds", "PUT", here("/merchants/M9"), `{"key":"k","push":{"url":"ftp://x","urls":{"unbind":"x","none":"http://x"},"kinds":["entry","leave"]}}`, 422, []string{"/push/url", "/push/urls/none", "/push/urls/unbind", "/push/kinds/1"}},
		{"merchant: another number", "PUT", here("/merchants/M9"), `{"no":"M8","key":"k"}`, 422, []string{"/no"}},
		{"merchant: none", "DELETE", here("/merchants/M9"), nil, 404, nil},
		{"parking: all that is wrong", "PUT", here("/parkings/9"), `{"name":"","lat":"91","lon":"x","parkingType":"9","totalSpace":-1,"occupied":1,"tariff":{"freeMinutes":-1,"unitMinutes":0,"unitPrice":"1.234","dailyCap":"-1"}}`, 422, []string{"/tariff/unitPrice", "/tariff/dailyCap"}},
		{"parking: ranges", "PUT", here("/parkings/9"), `{"name":"","lat":"91","lon":"x","parkingType":"9","totalSpace":-1,"occupied":1,"tariff":{"freeMinutes":-1,"unitMinutes":0}}`, 422, []string{"/name", "/lat", "/lon", "/parkingType", "/tariff/freeMinutes", "/tariff/unitMinutes", "/totalSpace", "/occupied"}},
		{"parking: id is no number", "PUT", here("/parkings/x"), `{"name":"x","city":"x","lat":"1","lon":"1"}`, 422, []string{"/id"}},
		{"parking: none", "GET", here("/parkings/9"), nil, 404, nil},
		{"parking: none to delete", "DELETE", here("/parkings/9"), nil, 404, nil},
		{"vehicle: no plate", "PUT", here("/vehicles/X"), `{}`, 422, nil},
		{"vehicle: VIN and colour", "PUT", here("/vehicles/渝ATX061"), `{"plateColor":"5","vin":"I","userType":"1"}`, 422, []string{"/vin", "/userType", "/plateColor"}},
		{"vehicle: colours differ", "PUT", here("/vehicles/渝ATX061?plateColor=2"), `{"plateColor":"1"}`, 422, []string{"/plateColor"}},
		{"vehicle: plates differ", "PUT", here("/vehicles/渝ATX061"), `{"plateNumber":"渝ATX062"}`, 422, []string{"/plateNumber"}},
		{"vehicle: none", "DELETE", here("/vehicles/渝ATX061"), nil, 404, nil},
		{"vehicle: colour in the query", "DELETE", here("/vehicles/渝ATX061?plateColor=7"), nil, 422, nil},
		{"sms: none sent", "GET", here("/sms/13800000001"), nil, 404, nil},
		{"order state", "GET", here("/orders?state=gone"), nil, 422, nil},
		{"push status", "GET", here("/pushes?status=gone"), nil, 422, nil},
		{"push kind", "GET", here("/pushes?kind=leave"), nil, 422, nil},
		{"push: none", "GET", here("/pushes/p77"), nil, 404, nil},
		{"push: none to redeliver", "POST", here("/pushes/p77/redeliver"), nil, 404, nil},
		{"trigger: nothing", "POST", here("/pushes"), `{}`, 422, []string{"/kind", "/merchantNo"}},
		{"trigger: kind", "POST", here("/pushes"), `{"merchantNo":"M1","kind":"leave"}`, 422, []string{"/kind"}},
		{"trigger: fields", "POST", here("/pushes"), `{"merchantNo":"M1","kind":"unbind","fields":{"plateNumber":true,"parkName":"x","a/b":1}}`, 422, []string{"/fields/a~1b", "/fields/parkName", "/fields/plateNumber"}},
		{"trigger: merchant", "POST", here("/pushes"), `{"merchantNo":"M2","kind":"entry"}`, 404, nil},
		{"drain: timeout", "POST", here("/pushes/drain"), `{"timeout":"1h"}`, 422, []string{"/timeout"}},
		{"request: none", "GET", here("/requests/r77"), nil, 404, nil},
		{"request code", "GET", here("/requests?code=x"), nil, 422, nil},
		{"limit 0", "GET", here("/orders?limit=0"), nil, 422, nil},
		{"limit 1001", "GET", here("/pushes?limit=1001"), nil, 422, nil},
		{"limit no number", "GET", here("/requests?limit=ten"), nil, 422, nil},
		{"after of nothing", "GET", here("/requests?after=x"), nil, 422, nil},
		{"after of no order", "GET", here("/orders?after=x"), nil, 422, nil},
		{"order", "GET", here("/requests?order=random"), nil, 422, nil},

		{"sandbox: default stays", "DELETE", servertest.Default, nil, 409, nil},
		{"sandbox: id", "POST", "/__admin/sandboxes", `{"id":"a b"}`, 422, []string{"/id"}},
		{"sandbox: id taken", "POST", "/__admin/sandboxes", `{"id":"default"}`, 409, nil},
		{"sandbox: merchant taken", "POST", "/__admin/sandboxes", `{"fixture":{"merchants":[{"no":"M1","key":"k"}]}}`, 409, nil},
		{"sandbox: seed", "POST", "/__admin/sandboxes", `{"seed":-1}`, 422, []string{"/seed"}},
		{"sandbox: seed is a text", "POST", "/__admin/sandboxes", `{"seed":"7"}`, 422, []string{"/seed"}},
	}
	before := c.state(t)
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			a := c.Ask(t, row.method, row.path, row.body)
			status, pointers, _ := a.Problem(t)
			require.Equal(t, row.status, status, a.Body)
			if row.pointers == nil {
				row.pointers = []string{}
			}
			require.Equal(t, row.pointers, pointers, a.Body)
			require.Equal(t, status == http.StatusMethodNotAllowed, a.Header.Get("Allow") != "")
			require.NotContains(t, a.Body, servertest.Key)
			require.Equal(t, "en", a.Header.Get("Content-Language"))

			zh := c.Ask(t, row.method, row.path, row.body, "Accept-Language", "zh-CN,zh;q=0.9,en;q=0.8")
			require.Equal(t, row.status, zh.Status, zh.Body)
			require.Equal(t, "zh", zh.Header.Get("Content-Language"))
			requireChinese(t, zh.Body, row.pointers)
		})
	}
	require.Equal(t, before, c.state(t), "what was refused has changed something")
}

// requireChinese holds that a problem's title, its detail and those of its errors are in Chinese, values aside.
func requireChinese(tb testing.TB, body string, pointers []string) {
	tb.Helper()
	var p struct {
		Title, Detail string
		Errors        []struct{ Pointer, Detail string }
	}
	require.NoError(tb, json.Unmarshal([]byte(body), &p))
	english := regexp.MustCompile(`[a-z]{2,} [a-z]{2,}`)
	texts := []string{p.Title, p.Detail}
	at := []string{}
	for _, e := range p.Errors {
		texts, at = append(texts, e.Detail), append(at, e.Pointer)
	}
	require.Equal(tb, pointers, at)
	for _, text := range texts {
		require.Regexp(tb, `\p{Han}`, text)
		require.NotRegexp(tb, english, text)
	}
}

// docs/control-api.md: times are read as yyyy-MM-dd HH:mm:ss or RFC 3339, durations with d, and money is text.
func TestControl_forms(t *testing.T) {
	c := newControlled(t)
	for by, now := range map[string]string{"26h30m": "2017-08-21 14:30:00", "8d": "2017-08-28 12:00:00", "1d12h": "2017-08-22 00:00:00", "0s": "2017-08-20 12:00:00"} {
		c.Do(t, http.MethodPost, "/reset", nil)
		require.Equal(t, now, c.Do(t, http.MethodPost, "/clock/advance", map[string]any{"by": by})["now"], by)
	}
	for _, at := range []string{"2017-08-20 13:00:00", "2017-08-20T13:00:00+08:00", "2017-08-20T05:00:00Z", "2017-08-20T05:00:00.5Z"} {
		c.Do(t, http.MethodPost, "/reset", nil)
		require.Equal(t, "2017-08-20 13:00:00", c.Do(t, http.MethodPut, "/clock", map[string]any{"now": at})["now"], at)
	}
	c.Do(t, http.MethodPost, "/reset", nil)
	c.Do(t, http.MethodPost, "/cars/enter", map[string]any{"plateNumber": " 渝a tx061", "parkingId": "1"})
	c.Do(t, http.MethodPost, "/clock/advance", map[string]any{"by": "61m"})
	order := c.Do(t, http.MethodPost, "/cars/exit", map[string]any{"plateNumber": "渝ATX061", "payment": "withhold"})
	for field, want := range map[string]any{
		"plateNumber": "渝ATX061", "plateColor": "1", "parkingId": "1", "parkingName": "ETCP 智慧停车场", "userType": "77",
		"entranceTime": "2017-08-20 12:00:00", "exitTime": "2017-08-20 13:01:00", "state": "left",
		"parkingFee": "10", "paidElectronic": "10", "paidCash": "0", "remainingFee": "0",
	} {
		require.Equal(t, want, order[field], field)
	}
}

// docs/control-api.md: a list answers items and next; limit (100 by default, at most 1000) and after go through it, and it
// goes on behind an item that is gone meanwhile.
func TestControl_lists(t *testing.T) {
	c := newControlled(t)
	for i := range 101 {
		c.Do(t, http.MethodPut, fmt.Sprintf("/parkings/%d", i+2), map[string]any{"name": "P", "city": "重庆市", "lat": "29", "lon": "106", "totalSpace": 1000})
	}
	first := c.Do(t, http.MethodGet, "/parkings", nil)
	require.Len(t, first["items"], 100)
	require.Equal(t, "100", first["next"])
	rest := c.Do(t, http.MethodGet, "/parkings?after=100", nil)
	require.Len(t, rest["items"], 2)
	require.Nil(t, rest["next"])
	c.Do(t, http.MethodDelete, "/parkings/100", nil)
	require.Equal(t, rest, c.Do(t, http.MethodGet, "/parkings?after=100", nil))
	require.Len(t, c.Do(t, http.MethodGet, "/parkings?limit=1000", nil)["items"], 101)

	var ids []string
	for i := range 7 {
		ids = append(ids, c.Do(t, http.MethodPost, "/cars/enter", map[string]any{"plateNumber": fmt.Sprintf("渝B0000%d", i), "parkingId": "2"})["orderId"].(string))
		c.Call(t, "carnum", map[string]any{"token": "none"})
	}
	for _, row := range []struct {
		path, id string
		want     []string
	}{
		{"/orders", "orderId", ids},
		{"/requests", "id", []string{"r1", "r2", "r3", "r4", "r5", "r6", "r7"}},
		{"/requests?order=newest", "id", []string{"r7", "r6", "r5", "r4", "r3", "r2", "r1"}},
		{"/parkings?order=newest", "id", nil},
	} {
		var got []string
		after := ""
		for {
			list := c.Do(t, http.MethodGet, row.path+map[bool]string{true: "&", false: "?"}[strings.Contains(row.path, "?")]+"limit=3&after="+after, nil)
			items := list["items"].([]any)
			require.LessOrEqual(t, len(items), 3)
			for _, item := range items {
				got = append(got, item.(map[string]any)[row.id].(string))
			}
			next, more := list["next"].(string)
			if !more {
				break
			}
			after = next
		}
		if row.want != nil {
			require.Equal(t, row.want, got, row.path)
		} else {
			require.Len(t, got, 101)
		}
	}
	empty := c.Ask(t, http.MethodGet, servertest.Default+"/vehicles", nil)
	require.JSONEq(t, `{"items":[]}`, empty.Body)
}

// Handler serves everything without a socket.
func TestControl_withoutSocket(t *testing.T) {
	server, err := mock.New(mock.WithFixture([]byte(servertest.Fixture)))
	require.NoError(t, err)
	defer func() { require.NoError(t, server.Close(t.Context())) }()
	require.Empty(t, server.Addr())
	for path, want := range map[string]string{
		"/healthz": `{"status":"ok"}`, "/readyz": `{"status":"ok"}`,
		servertest.Default + "/clock": `{"now":"2017-08-20 12:00:00","mode":"frozen","rate":1}`,
	} {
		r := httptest.NewRequest(http.MethodGet, path, http.NoBody)
		r.Host = "127.0.0.1"
		w := httptest.NewRecorder()
		server.Handler().ServeHTTP(w, r)
		require.JSONEq(t, want, w.Body.String(), path)
	}
}
