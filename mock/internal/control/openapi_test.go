package control_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/mock/internal/servertest"
	"github.com/etcp-mock/etcp-mock/schemas"
)

// described holds each answer of the control API to the definition that the OpenAPI document gives it, and remembers which
// routes were asked.
type described struct {
	*controlled
	asked map[string]bool
}

func (d *described) ask(t *testing.T, method, path string, body any) servertest.Answer {
	t.Helper()
	route := routeOf(t, method, path)
	d.asked[route.Method+" "+route.Path] = true
	if route.Body != "" && body != nil {
		text, err := json.Marshal(body)
		require.NoError(t, err)
		require.NoError(t, schemas.ValidateControl(route.Body, text), "what is sent to %s %s", method, path)
	}
	a := d.Ask(t, method, path, body)
	require.Equal(t, route.Status, a.Status, "%s %s: %s", method, path, a.Body)
	switch {
	case route.Answer == "":
		require.Empty(t, a.Body, "%s %s", method, path)
	case strings.Contains(route.Answer, "/"):
		require.True(t, strings.HasPrefix(a.Header.Get("Content-Type"), route.Answer), "%s %s: %s", method, path, a.Header.Get("Content-Type"))
	default:
		require.NoError(t, schemas.ValidateControl(route.Answer, []byte(a.Body)), "%s %s: %s", method, path, a.Body)
	}
	return a
}

// follows reads the first event of a stream.
func (d *described) follows(t *testing.T, path string) {
	t.Helper()
	d.asked["GET "+routeOf(t, "GET", path).Path] = true
	stream := d.FollowAt(t, path, "")
	_, more := stream.Next()
	require.True(t, more)
	stream.Close()
}

func routeOf(t *testing.T, method, target string) schemas.ControlRoute {
	t.Helper()
	path, query, _ := strings.Cut(target, "?")
	parts := strings.Split(path, "/")
	routes := schemas.ControlRoutes()
	// A route without a parameter in a place wins over one with.
	slices.SortStableFunc(routes, func(a, b schemas.ControlRoute) int { return strings.Count(a.Path, "{") - strings.Count(b.Path, "{") })
	for _, r := range routes {
		pattern := strings.Split(r.Path, "/")
		if r.Method != method || len(pattern) != len(parts) {
			continue
		}
		if slices.EqualFunc(pattern, parts, func(a, b string) bool { return a == b || strings.HasPrefix(a, "{") }) {
			values, err := url.ParseQuery(query)
			require.NoError(t, err)
			for name := range values {
				require.Contains(t, r.Query, name, "%s %s", method, target)
			}
			return r
		}
	}
	require.Fail(t, "no such route", "%s %s", method, target)
	return schemas.ControlRoute{}
}

type m = map[string]any

// Every answer of the control API is what the OpenAPI document says it is.
func TestOpenAPI_saysWhatTheServerDoes(t *testing.T) {
	t.Parallel()
	d := &described{newControlled(t), map[string]bool{}}
	s := servertest.Default
	d.ask(t, "GET", "/healthz", nil)
	d.ask(t, "GET", "/readyz", nil)
	d.ask(t, "GET", "/__admin/version", nil)
	d.ask(t, "GET", "/__admin/replicas", nil)
	d.ask(t, "GET", "/metrics", nil)
	d.ask(t, "GET", "/__admin/session", nil)
	d.ask(t, "POST", "/__admin/session", m{"token": "none is wanted here"})
	d.ask(t, "DELETE", "/__admin/session", nil)
	d.ask(t, "GET", "/__admin/reasons", nil)
	d.ask(t, "GET", "/__admin/lints", nil)
	d.ask(t, "GET", "/__admin/openapi.json", nil)
	d.ask(t, "GET", "/__admin/docs", nil)
	d.ask(t, "GET", "/__admin/sandboxes?limit=10", nil)
	d.ask(t, "POST", "/__admin/sandboxes", m{"id": "other", "seed": 3, "fixture": m{"clock": m{"now": "2017-08-20 12:00:00", "mode": "running", "rate": 60}}})
	d.ask(t, "GET", "/__admin/sandboxes/other", nil)
	d.ask(t, "POST", "/__admin/sandboxes/other/reset", nil)
	d.ask(t, "DELETE", "/__admin/sandboxes/other", nil)
	d.ask(t, "PATCH", s+"/rules", m{"sms.interval": "30s"})
	d.ask(t, "GET", s+"/rules", nil)
	d.ask(t, "GET", s+"/clock", nil)
	d.ask(t, "PUT", s+"/clock", m{"mode": "frozen"})
	d.ask(t, "POST", s+"/clock/advance", m{"by": "1m"})
	d.ask(t, "PUT", s+"/merchants/M2", m{"key": "k2", "name": "二", "push": m{"url": "http://127.0.0.1:1/", "urls": m{"unbind": "http://127.0.0.1:1/u"}, "kinds": []string{"entry", "exit", "unbind"}}})
	d.ask(t, "GET", s+"/merchants", nil)
	d.ask(t, "PUT", s+"/parkings/2", m{"name": "P2", "city": "重庆市", "lat": "29.5", "lon": "106.5", "tariff": m{"unitPrice": "2.5"}})
	d.ask(t, "GET", s+"/parkings/2", nil)
	d.ask(t, "GET", s+"/parkings?order=newest", nil)
	d.ask(t, "PUT", s+"/vehicles/渝ATX061?plateColor=2", m{"vin": "LVSHBFDC7RF414158", "engine": "DA01991", "userType": "76", "fixParkingId": "U7", "remainingDays": "11"})
	d.ask(t, "GET", s+"/vehicles", nil)

	_, data := d.Call(t, "usersigin", m{"mobilePhone": "13800000001", "appId": "A"}, "M2", "k2")
	token := data["token"]
	d.Call(t, "bindcar", m{"token": token, "plateNumber": "渝ATX061"}, "M2", "k2")
	d.Call(t, "uservalidatecode", m{"mobilePhone": "13800000001"})
	d.ask(t, "GET", s+"/vehicles/渝ATX061?plateColor=2", nil)
	d.ask(t, "GET", s+"/vehicles/渝ATX061", nil)
	d.ask(t, "GET", s+"/vehicles/渝Z99999", nil)
	d.ask(t, "GET", s+"/users", nil)
	d.ask(t, "GET", s+"/users/13800000001", nil)
	d.ask(t, "GET", s+"/sms/13800000001", nil)
	var order struct{ OrderID string }
	require.NoError(t, json.Unmarshal([]byte(d.ask(t, "POST", s+"/cars/enter", m{"plateNumber": "渝ATX061", "parkingId": "1"}).Body), &order))
	d.ask(t, "GET", s+"/orders/"+order.OrderID+"/fee?until=2017-08-21+12:00:00&limit=5&after=2017-08-20+12:01:00", nil)
	d.ask(t, "GET", s+"/stays/"+order.OrderID+"?limit=2&order=newest", nil)
	d.ask(t, "GET", s+"/orders?plateNumber=渝ATX061&state=parked", nil)
	d.ask(t, "POST", s+"/cars/exit", m{"plateNumber": "渝ATX061", "payment": "withhold"})
	d.ask(t, "GET", s+"/orders", nil)

	d.ask(t, "POST", s+"/merchants/M2/examine", nil)
	d.ask(t, "POST", s+"/pushes/drain", m{"timeout": "5s"})
	d.ask(t, "GET", s+"/pushes?kind=entry&merchantNo=M2&plateNumber=渝ATX061&status=pending", nil)
	var push struct{ ID string }
	require.NoError(t, json.Unmarshal([]byte(d.ask(t, "POST", s+"/pushes", m{"merchantNo": "M2", "kind": "exit", "fields": m{"stayedTime": 5}}).Body), &push))
	d.ask(t, "GET", s+"/pushes/"+push.ID, nil)
	d.ask(t, "POST", s+"/pushes/"+push.ID+"/redeliver", nil)
	d.ask(t, "POST", s+"/pushes/verify", m{"kind": "entry", "count": m{"min": 1}})

	var requests struct{ Items []struct{ ID string } }
	require.NoError(t, json.Unmarshal([]byte(d.ask(t, "GET", s+"/requests?endpoint=bindcar&merchantNo=M2&code=0", nil).Body), &requests))
	d.ask(t, "GET", s+"/requests/"+requests.Items[0].ID, nil)
	d.ask(t, "POST", s+"/requests/verify", m{"endpoint": "bindcar", "data": m{"plateNumber": "京A00000"}})
	d.ask(t, "POST", "/__admin/sign/explain", m{"merchantNo": "M1", "data": "{}", "timeStamp": "20170820120000", "sign": "0"})
	var fault struct{ ID string }
	require.NoError(t, json.Unmarshal([]byte(d.ask(t, "POST", s+"/faults", m{"on": m{"endpoint": "carnum", "where": m{"token": "t"}}, "times": 2, "probability": 0.5, "do": m{"code": 2, "delay": m{"min": "1ms", "max": "2ms"}}}).Body), &fault))
	d.ask(t, "GET", s+"/faults", nil)
	d.ask(t, "DELETE", s+"/faults/"+fault.ID, nil)
	d.ask(t, "DELETE", s+"/faults", nil)

	d.ask(t, "GET", "/__admin/scenarios", nil)
	d.ask(t, "GET", "/__admin/scenarios/temporary-car-pays-online", nil)
	d.ask(t, "POST", "/__admin/scenarios/validate", m{"source": smallScenario})
	d.ask(t, "POST", "/__admin/scenarios/reload", nil)
	var run struct{ ID string }
	require.NoError(t, json.Unmarshal([]byte(d.ask(t, "POST", "/__admin/scenarios/run", m{"source": smallScenario, "seed": 1}).Body), &run))
	d.ask(t, "GET", "/__admin/runs", nil)
	d.ask(t, "GET", "/__admin/runs/"+run.ID, nil)
	d.ask(t, "DELETE", "/__admin/runs/"+run.ID, nil)

	d.ask(t, "GET", s+"/recording", nil)
	for _, query := range []string{"?after=none", "?after=none&digest=true"} {
		d.follows(t, s+"/events"+query)
	}

	d.ask(t, "GET", s+"/sms", nil)
	d.ask(t, "GET", s+"/log", nil)
	d.ask(t, "GET", s+"/log?after=99999999", nil)
	d.ask(t, "GET", s+"/diff?from=1", nil)
	d.ask(t, "POST", s+"/verify/sequence", m{"steps": []m{{"endpoint": "carnum"}, {"push": "entry"}, {"car": "enter"}}})
	d.ask(t, "POST", s+"/fork", m{"id": "forked"})
	d.ask(t, "POST", s+"/undo", m{"to": "r1"})

	var state m
	require.NoError(t, json.Unmarshal([]byte(d.ask(t, "GET", s+"/state", nil).Body), &state))
	d.ask(t, "PUT", s+"/state", state)
	d.ask(t, "DELETE", s+"/requests", nil)
	d.ask(t, "DELETE", s+"/vehicles/渝ATX061?plateColor=2", nil)
	d.ask(t, "DELETE", s+"/parkings/2", nil)
	d.ask(t, "DELETE", s+"/merchants/M2", nil)

	for _, r := range schemas.ControlRoutes() {
		require.True(t, d.asked[r.Method+" "+r.Path], "%s %s is described and was not asked", r.Method, r.Path)
	}
}

// The viewer comes whole from this server, packed or not, and names no other host.
func TestOpenAPI_viewer(t *testing.T) {
	t.Parallel()
	c := newControlled(t)
	page := c.Ask(t, http.MethodGet, "/__admin/docs", nil)
	require.Equal(t, 200, page.Status)
	require.NotContains(t, page.Body, "http://")
	require.NotContains(t, page.Body, "https://")
	require.Contains(t, page.Header.Get("Content-Security-Policy"), "default-src 'none'")
	for _, asset := range []string{"swagger-ui-bundle.js", "swagger-ui.css", "start.js"} {
		require.Contains(t, page.Body, "/__admin/docs/"+asset[:4])
		plain := c.Ask(t, http.MethodGet, "/__admin/docs/"+asset, nil, "Accept-Encoding", "identity")
		require.Equal(t, 200, plain.Status, asset)
		require.Equal(t, "nosniff", plain.Header.Get("X-Content-Type-Options"))
		require.NotEmpty(t, plain.Body)
	}
	require.Equal(t, 404, c.Ask(t, http.MethodGet, "/__admin/docs/nothing.js", nil).Status)
	require.Contains(t, c.Ask(t, http.MethodGet, "/__admin/docs/start.js", nil).Body, "validatorUrl: null")
}

// Whatever lies below /__admin refuses a parameter that it does not have: calls, the document and the pages of its viewer. Probes, scrapers and
// browsers may add what they like to what is theirs.
func TestOpenAPI_unknownParameter(t *testing.T) {
	c := newControlled(t)
	for _, path := range []string{"/__admin/openapi.json", "/__admin/docs", "/__admin/docs/start.js", "/__admin/version", "/__admin/sandboxes/default/orders"} {
		answer := c.Ask(t, http.MethodGet, path+"?x=1", nil)
		require.Equal(t, http.StatusUnprocessableEntity, answer.Status, path)
		require.Equal(t, "application/problem+json", answer.Header.Get("Content-Type"))
		require.Contains(t, answer.Body, `parameter \"x\"`)
		require.Contains(t, answer.Body, `"parameter":"x"`)
		for _, malformed := range []string{"?plateNumber=%zz", "?limit=1;x=2"} { // what cannot be read is not left out in silence
			require.Equal(t, http.StatusUnprocessableEntity, c.Ask(t, http.MethodGet, path+malformed, nil).Status, path+malformed)
		}
		require.Equal(t, http.StatusOK, c.Ask(t, http.MethodGet, path, nil).Status, path)
	}
	for _, path := range []string{"/healthz", "/readyz", "/metrics", "/console/"} {
		require.Equal(t, http.StatusOK, c.Ask(t, http.MethodGet, path+"?x=1", nil).Status, path)
	}
}

// What is no state and no fixture is refused before much memory or time is spent on it, however much of it there is: next to empty objects, and
// what is wrong from its beginning on.
func TestControl_largeNonsense(t *testing.T) {
	c := newControlled(t)
	const size = 4 << 20
	many := func(item string) string { return strings.Repeat(item+",", size/len(item)) + item }
	for _, call := range [][2]string{{http.MethodPut, "/__admin/sandboxes/default/state"}, {http.MethodPost, "/__admin/sandboxes"}} {
		for _, text := range []string{
			`{"version":2,"journal":{"seq":1,"entries":[` + many(`{}`) + `]}}`, `{"version":2,"platform":{"orders":[` + many(`{"seq":1}`) + `]}}`,
			`{"version":2,"platform":{"byPhone":{` + many(`"1":null`) + `}}}`, `{"fixture":{"orders":[` + many(`{}`) + `]}}`, `[` + many(`{"a":1}`) + `]`,
			`{"nobody":[` + many(`1`) + `]}`, `{"` + strings.Repeat("k", size) + `":1}`, strings.Repeat("[", size), strings.Repeat("x", size),
		} {
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			answer := c.Ask(t, call[0], call[1], text)
			runtime.ReadMemStats(&after)
			require.Equal(t, http.StatusUnprocessableEntity, answer.Status, "%.60s", text)
			require.Less(t, len(answer.Body), 4_000)
			require.Less(t, after.TotalAlloc-before.TotalAlloc, uint64(20*size), "%s %.60s", call[0], text)
		}
	}
	for _, path := range []string{"/requests/verify", "/faults", "/cars/enter", "/pushes", "/fork"} { // which take nothing large
		require.Equal(t, http.StatusRequestEntityTooLarge, c.Ask(t, http.MethodPost, "/__admin/sandboxes/default"+path, `{"nobody":"`+strings.Repeat("x", size)+`"}`).Status, path)
	}
}

// No body is no state.
func TestControlState_empty(t *testing.T) {
	answer := newControlled(t).Ask(t, http.MethodPut, "/__admin/sandboxes/default/state", "")
	require.Equal(t, http.StatusUnprocessableEntity, answer.Status)
	require.Contains(t, answer.Body, `"detail":"the body is empty, want JSON"`)
}

// A body that is wrong all over is not read a second time for what else it may mean.
func TestControlSandboxes_wrongAllOver(t *testing.T) {
	c := newControlled(t)
	var fields []string
	for i := range 150 {
		fields = append(fields, fmt.Sprintf(`"k%d":1`, i))
	}
	late := `,"parkings":[{"id":"1","name":"P","city":"C","lat":"99999","lon":"0"}]`
	few := c.Ask(t, http.MethodPost, "/__admin/sandboxes", `{"fixture":{"k":1`+late+`}}`)
	require.Contains(t, few.Body, "/fixture/parkings/0/lat")
	many := c.Ask(t, http.MethodPost, "/__admin/sandboxes", `{"fixture":{`+strings.Join(fields, ",")+late+`}}`)
	require.Equal(t, http.StatusUnprocessableEntity, many.Status)
	require.NotContains(t, many.Body, "/fixture/parkings/0/lat")
	require.Contains(t, many.Body, "reading stopped here")
}
