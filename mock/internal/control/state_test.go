package control_test

import (
	"encoding/json"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/mock"
	"github.com/etcp-mock/etcp-mock/mock/internal/servertest"
)

// richState is the state of a sandbox in which everything has happened once.
func richState(tb testing.TB) string {
	tb.Helper()
	c := newControlled(tb)
	m := c.AcceptPushes(tb)
	c.Do(tb, http.MethodPut, "/merchants/M2", map[string]any{"key": "k2", "name": "二", "push": map[string]any{"url": "http://127.0.0.1:1/", "urls": map[string]any{"unbind": m.URL}, "kinds": []string{"entry", "unbind"}}})
	c.Do(tb, http.MethodPatch, "/rules", map[string]any{"quote.ttl": "6m", "push.schedule": []string{"10s", "1h"}, "strict": false})
	c.Do(tb, http.MethodPut, "/vehicles/渝B12345", map[string]any{"vin": "LVSHBFDC7RF414158", "engine": "E1", "userType": "76", "fixParkingId": "U7", "remainingDays": "3"})
	c.Call(tb, "uservalidatecode", map[string]any{"mobilePhone": "13800000001"})
	token := c.Bind(tb, "13800000001", "渝ATX061")
	second := c.Bind(tb, "13800000001", "渝ATX062")
	c.Call(tb, "carretrieve", map[string]any{"token": second, "plateNumber": "渝B12345", "carFrameNum": "LVSHBFDC7RF414158", "carEngineNum": "E1"})
	order := c.Do(tb, http.MethodPost, "/cars/enter", map[string]any{"plateNumber": "渝ATX061", "parkingId": "1"})
	c.Do(tb, http.MethodPost, "/cars/enter", map[string]any{"plateNumber": "渝B12345", "parkingId": "1"})
	c.Do(tb, http.MethodPost, "/clock/advance", map[string]any{"by": "20m"})
	_, list := c.CallAny(tb, "orderunpay", map[string]any{"token": second, "plateNumber": "渝ATX061"})
	row := list.([]any)[0].(map[string]any)
	c.Call(tb, "orderpaid", map[string]any{"token": second, "orderId": order["orderId"], "externalOrderId": "E1", "payment": 5, "payTime": "2017-08-20 12:20:00", "verificationInfo": row["verificationInfo"]})
	c.Do(tb, http.MethodPost, "/cars/exit", map[string]any{"plateNumber": "渝ATX061"})
	c.Do(tb, http.MethodPost, "/cars/enter", map[string]any{"plateNumber": "渝ATX062", "parkingId": "1"})
	c.Do(tb, http.MethodPost, "/clock/advance", map[string]any{"by": "40m"})
	c.Do(tb, http.MethodPost, "/cars/exit", map[string]any{"plateNumber": "渝ATX062", "payment": "none"})
	c.Call(tb, "unbindcar", map[string]any{"token": token, "plateNumber": "渝ATX061"})
	c.Do(tb, http.MethodPost, "/pushes", map[string]any{"merchantNo": "M2", "kind": "entry"})
	c.Do(tb, http.MethodPost, "/pushes/drain", nil)
	c.Do(tb, http.MethodPut, "/clock", map[string]any{"mode": "frozen"})
	return c.state(tb)
}

// handled is a server without a socket whose answers are looked at.
type handled struct{ http.Handler }

func newHandled(tb testing.TB) handled {
	tb.Helper()
	server, err := mock.New(mock.WithFixture([]byte(servertest.Fixture)))
	require.NoError(tb, err)
	tb.Cleanup(func() {
		require.NoError(tb, server.Close(tb.Context()))
		servertest.CheckReplay(tb, server)
	})
	return handled{server.Handler()}
}

func (h handled) ask(method, path, body string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, servertest.Default+path, strings.NewReader(body))
	r.Host = "127.0.0.1"
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

// still is what of the state does not move by itself, as deliveries do.
func (h handled) still(tb testing.TB) [3]string {
	tb.Helper()
	var s struct{ Platform, Clock, Journal json.RawMessage }
	require.NoError(tb, json.Unmarshal(h.ask(http.MethodGet, "/state", "").Body.Bytes(), &s))
	require.NotEmpty(tb, s.Platform)
	return [3]string{string(s.Platform), string(s.Clock), string(s.Journal)}
}

// endures puts a document in the place of the state and, where it is taken, uses all of it: whatever it was, nothing
// fails, and nothing has changed where it was refused.
func (h handled) endures(tb testing.TB, document string) (taken bool) {
	tb.Helper()
	before := h.still(tb)
	put := h.ask(http.MethodPut, "/state", document)
	if put.Code != http.StatusOK {
		require.Equal(tb, http.StatusUnprocessableEntity, put.Code, put.Body)
		var p struct {
			Errors []struct{ Pointer, Detail string }
		}
		require.NoError(tb, json.Unmarshal(put.Body.Bytes(), &p))
		require.NotEmpty(tb, p.Errors, put.Body)
		require.Equal(tb, before, h.still(tb))
		return false
	}
	for _, use := range [][3]string{
		{"GET", "", ""},
		{"GET", "/orders", ""},
		{"GET", "/pushes", ""},
		{"GET", "/requests", ""},
		{"GET", "/parkings", ""},
		{"GET", "/merchants", ""},
		{"GET", "/vehicles", ""},
		{"GET", "/rules", ""},
		{"GET", "/users/13800000001", ""},
		{"GET", "/sms/13800000001", ""},
		{"GET", "/clock", ""},
		{"GET", "/faults", ""},
		{"POST", "/cars/exit", `{"plateNumber":"渝B12345"}`},
		{"POST", "/cars/enter", `{"plateNumber":"渝ATX061","parkingId":"1"}`},
		{"POST", "/pushes", `{"merchantNo":"M1","kind":"exit"}`},
		{"DELETE", "/vehicles/渝B12345", ""},
		{"DELETE", "/parkings/1", ""},
		{"PATCH", "/rules", `{"orders.keep":1}`},
		{"POST", "/cars/exit", `{"plateNumber":"渝ATX061"}`},
	} {
		a := h.ask(use[0], use[1], use[2])
		require.Less(tb, a.Code, 500, "%s %s after %s: %s", use[0], use[1], document, a.Body)
	}
	state := h.ask(http.MethodGet, "/state", "").Body.String()
	again := h.ask(http.MethodPut, "/state", state)
	require.Equal(tb, http.StatusOK, again.Code, "what was taken and used is no state any more: %s", again.Body)
	return true
}

// hostile are values to put in the place of any other.
var hostile = []any{
	nil, true, 0.0, -1.0, 1e18, 1.5, "", "x", "渝ATX061/1", "9999-12-31T23:59:59Z", "0001-01-01T00:00:00Z", "13800000001",
	[]any{},
	[]any{nil},
	map[string]any{},
	map[string]any{"x": nil},
}

// places visits every value of a JSON document with a way to put another in its place.
func places(value any, put func(any), visit func(put func(any), old any)) {
	visit(put, value)
	switch v := value.(type) {
	case map[string]any:
		for _, name := range slices.Sorted(maps.Keys(v)) { // in the same order each time, so that the same value gets the same replacement
			inner := v[name]
			places(inner, func(other any) { v[name] = other }, visit)
		}
	case []any:
		for i, inner := range v {
			places(inner, func(other any) { v[i] = other }, visit)
		}
	}
}

// docs/control-api.md, Sandboxes: a state that no sandbox can have is refused whole with a clear problem, whichever value of it is
// another; what is taken can be used. Each value in turn is replaced by hostile ones, left out, and put twice.
func TestControlState_hostile(t *testing.T) {
	h := newHandled(t)
	rich := richState(t)
	require.True(t, h.endures(t, rich))
	var document any
	require.NoError(t, json.Unmarshal([]byte(rich), &document))
	text := func() string {
		out, err := json.Marshal(document)
		require.NoError(t, err)
		return string(out)
	}
	count, taken, turn := 0, 0, 0
	try := func() {
		count++
		if h.endures(t, text()) {
			taken++
		}
	}
	places(document, func(other any) { document = other }, func(put func(any), old any) {
		put(hostile[turn%len(hostile)]) // in turn; the fuzz target tries them all
		turn += 3
		try()
		if list, ok := old.([]any); ok && len(list) > 0 {
			put(append(slices.Clone(list), list[0]))
			try()
			put(list[1:])
			try()
		}
		if object, ok := old.(map[string]any); ok {
			for name, inner := range object {
				delete(object, name)
				put(object)
				try()
				object[name] = inner
			}
		}
		put(old)
	})
	require.Greater(t, count, 500)
	require.Greater(t, taken, 50, "everything is refused, even what is harmless")
	for _, broken := range []string{"", "{", "null", "[]", "0", `{"version":2}`, `{"version":1,"vresion":1}`, rich + "{}", strings.Repeat(`{"world":`, 200)} {
		require.False(t, h.endures(t, broken), broken)
	}
}

// FuzzState puts hostile values in two places of a state at once.
func FuzzState(f *testing.F) {
	h := newHandled(f)
	rich := richState(f)
	f.Add(uint16(0), uint16(1), uint8(0), uint8(1), "x")
	f.Add(uint16(40), uint16(90), uint8(3), uint8(9), "p1")
	f.Fuzz(func(t *testing.T, place1, place2 uint16, value1, value2 uint8, text string) {
		var document any
		require.NoError(t, json.Unmarshal([]byte(rich), &document))
		for _, choice := range []struct {
			place uint16
			value uint8
		}{{place1, value1}, {place2, value2}} {
			var puts []func(any)
			places(document, func(other any) { document = other }, func(put func(any), _ any) { puts = append(puts, put) })
			value := any(text)
			if n, err := strconv.ParseFloat(text, 64); err == nil && n == n {
				value = json.Number(strconv.FormatFloat(n, 'f', -1, 64))
			}
			if int(choice.value) < len(hostile) {
				value = hostile[choice.value]
			}
			puts[int(choice.place)%len(puts)](value)
		}
		out, err := json.Marshal(document)
		if err != nil {
			return
		}
		h.endures(t, string(out))
	})
}
