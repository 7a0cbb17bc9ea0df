package fault_test

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/schemas"
)

// docs/control-api.md, Faults: code, message, httpStatus and body answer in the platform's place; nothing is carried out.
func TestFault_answers(t *testing.T) {
	for name, row := range map[string]struct {
		do     obj
		status int
		code   float64
		body   string
	}{
		"code":            {obj{"code": 2}, 200, 2, `{"code":2,"message":"服务器异常"}`},
		"another code":    {obj{"code": 20101}, 200, 20101, `{"code":20101,"message":"无效 token"}`},
		"message":         {obj{"message": "忙"}, 200, 2, `{"code":2,"message":"忙"}`},
		"code, message":   {obj{"code": 1, "message": "稍后再试"}, 200, 1, `{"code":1,"message":"稍后再试"}`},
		"success":         {obj{"code": 0}, 200, 0, `{"code":0,"message":"ok"}`},
		"unknown code":    {obj{"code": 777, "message": "?"}, 200, 777, `{"code":777,"message":"?"}`},
		"status":          {obj{"httpStatus": 503}, 503, 2, `{"code":2,"message":"服务器异常"}`},
		"status and code": {obj{"httpStatus": 500, "code": 1}, 500, 1, `{"code":1,"message":"失败"}`},
		"body":            {obj{"body": "<html>502 Bad Gateway</html>", "httpStatus": 502}, 502, 2, "<html>502 Bad Gateway</html>"},
		"empty body":      {obj{"body": ""}, 200, 2, ""},
		"delay and code":  {obj{"code": 2, "delay": "1ms"}, 200, 2, `{"code":2,"message":"服务器异常"}`},
	} {
		t.Run(name, func(t *testing.T) {
			c := newControlled(t)
			id := c.fault(t, obj{"endpoint": "usersigin"}, row.do)
			answer, err := c.sends(t, "usersigin", obj{"mobilePhone": "13800000001", "appId": "ETCP"})
			require.NoError(t, err)
			require.Equal(t, row.status, answer.Status)
			require.Equal(t, row.body, answer.Body)
			require.Equal(t, "injected-fault", answer.Header.Get("X-Mock-Reason"))
			entry := c.newest(t)
			require.Equal(t, answer.Header.Get("X-Mock-Request-Id"), entry["id"])
			require.Equal(t, []any{id}, entry["faults"])
			require.Equal(t, row.code, entry["code"])
			require.Equal(t, row.body, entry["response"])
			require.Equal(t, "injected-fault", entry["reason"])
			require.Contains(t, entry["explanation"], id)
			require.Contains(t, entry["explanationZh"], id)
		})
	}
}

// They stand before all other checks, and match on whatever could be read of a request.
func TestFault_comesFirst(t *testing.T) {
	c := newControlled(t)
	c.fault(t, obj{"endpoint": "bindcar"}, obj{"code": 2})
	form := "Content-Type"
	for _, row := range [][2]string{
		{"", "application/x-www-form-urlencoded"},
		{"merchant_no=nobody", "application/x-www-form-urlencoded"},
		{"data=%zz", "application/x-www-form-urlencoded"},
		{"{}", "application/json"},
		{strings.Repeat("x", 1<<20+1), "application/x-www-form-urlencoded"},
	} {
		a := c.Ask(t, http.MethodPost, schemas.PathPrefix+"bindcar", row[0], form, row[1])
		require.Equal(t, 200, a.Status)
		require.JSONEq(t, `{"code":2,"message":"服务器异常"}`, a.Body)
	}
	a := c.Ask(t, http.MethodPost, schemas.PathPrefix+"unbindcar", "", form, "application/x-www-form-urlencoded")
	require.Equal(t, "missing-parameter: merchant_no", a.Header.Get("X-Mock-Reason"))
}

// on: endpoint, merchantNo, and where, a subset of data.
func TestFault_matches(t *testing.T) {
	data := obj{"parkingId": "1", "extra": obj{"a": []any{1, "x"}, "b": true}}
	for name, row := range map[string]struct {
		on  obj
		hit bool
	}{
		"anything":         {obj{}, true},
		"endpoint":         {obj{"endpoint": "parkingstatus"}, true},
		"another":          {obj{"endpoint": "bindcar"}, false},
		"merchant":         {obj{"merchantNo": "M1"}, true},
		"another merchant": {obj{"merchantNo": "M2"}, false},
		"text":             {obj{"where": obj{"parkingId": "1"}}, true},
		"number":           {obj{"where": obj{"parkingId": 1}}, false},
		"another value":    {obj{"where": obj{"parkingId": 2}}, false},
		"inner":            {obj{"where": obj{"extra": obj{"b": true}}}, true},
		"array":            {obj{"where": obj{"extra": obj{"a": []any{1.0, "x"}}}}, true},
		"shorter array":    {obj{"where": obj{"extra": obj{"a": []any{1}}}}, false},
		"absent":           {obj{"where": obj{"extra": obj{"c": nil}}}, false},
		"another shape":    {obj{"where": obj{"parkingId": obj{}}}, false},
		"all of it":        {obj{"endpoint": "parkingstatus", "merchantNo": "M1", "where": data}, true},
	} {
		t.Run(name, func(t *testing.T) {
			c := newControlled(t)
			id := c.fault(t, row.on, obj{"code": 2})
			code, _ := c.Call(t, "parkingstatus", data)
			require.Equal(t, row.hit, code == 2)
			matched, applied := c.stats(t, id)
			require.Equal(t, row.hit, matched == 1 && applied == 1)
		})
	}
}

// after lets matches through, times bounds those that are hit.
func TestFault_afterAndTimes(t *testing.T) {
	c := newControlled(t)
	id := c.fault(t, obj{"endpoint": "parkingstatus"}, obj{"code": 2}, obj{"after": 2, "times": 3})
	var codes []int
	for range 8 {
		code, _ := c.Call(t, "parkingstatus", aStatus)
		codes = append(codes, code)
	}
	require.Equal(t, []int{0, 0, 2, 2, 2, 0, 0, 0}, codes)
	matched, applied := c.stats(t, id)
	require.Equal(t, []float64{8, 3}, []float64{matched, applied})
	require.Equal(t, []any{}, c.newest(t)["faults"])
}

// Probabilities come from the seed: the same calls meet the same faults, as often as they should, and no
// code, id or token is another for it.
func TestFault_probability(t *testing.T) {
	run := func(probability float64) (hits []int, token any) {
		c := newControlled(t)
		c.fault(t, obj{"endpoint": "parkingstatus"}, obj{"code": 2}, obj{"probability": probability})
		for n := range 200 {
			if code, _ := c.Call(t, "parkingstatus", aStatus); code == 2 {
				hits = append(hits, n)
			}
		}
		_, data := c.Call(t, "usersigin", obj{"mobilePhone": "13800000001", "appId": "ETCP"})
		return hits, data["token"]
	}
	first, token := run(0.2)
	require.InDelta(t, 40, len(first), 15)
	again, same := run(0.2)
	require.Equal(t, first, again)
	require.Equal(t, token, same)
	none, same := run(0)
	require.Empty(t, none)
	require.Equal(t, token, same)
	all, _ := run(1)
	require.Len(t, all, 200)
}

// cut: the connection is reset. before: nothing was carried out; after: the state has changed, only the answer is lost.
func TestFault_cut(t *testing.T) {
	for _, when := range []string{"before", "after"} {
		t.Run(when, func(t *testing.T) {
			c := newControlled(t)
			_, data := c.Call(t, "usersigin", obj{"mobilePhone": "13800000001", "appId": "ETCP"})
			id := c.fault(t, obj{"endpoint": "bindcar"}, obj{"cut": when, "delay": "1ms"}, obj{"times": 1})
			_, err := c.sends(t, "bindcar", obj{"token": data["token"], "plateNumber": "渝ATX061"})
			require.ErrorIs(t, err, syscall.ECONNRESET)

			entry := c.newest(t)
			require.Equal(t, []any{id}, entry["faults"])
			require.Equal(t, when, entry["cut"])
			require.Zero(t, entry["httpStatus"])
			bound := c.Do(t, http.MethodGet, "/users/13800000001", nil)["bindings"]
			if when == "before" {
				require.Empty(t, bound)
				require.Equal(t, "injected-fault", entry["reason"])
				return
			}
			require.Len(t, bound, 1)
			require.Zero(t, entry["code"])
			require.Equal(t, `{"code":0,"message":"ok"}`, entry["response"])
			code, number := c.Call(t, "carnum", obj{"token": data["token"]})
			require.Zero(t, code)
			require.EqualValues(t, 1, number["number"])
		})
	}
}

// Where there is no connection to reset, net/http's own way of giving up a request is taken.
func TestFault_cutWithoutConnection(t *testing.T) {
	c := newControlled(t)
	c.fault(t, obj{}, obj{"cut": "before"})
	r := c.signed(t.Context(), t, "parkingstatus", aStatus)
	r.RequestURI = r.URL.RequestURI()
	require.PanicsWithValue(t, http.ErrAbortHandler, func() { c.Mock.Handler().ServeHTTP(httptest.NewRecorder(), r) })
	require.Equal(t, "before", c.newest(t)["cut"])
}

// truncate: the whole length is declared, fewer bytes come; of an answer that was injected, too.
func TestFault_truncate(t *testing.T) {
	for name, do := range map[string]obj{"the platform's": {"truncate": true}, "an injected": {"truncate": true, "body": "<html>no such luck</html>"}} {
		t.Run(name, func(t *testing.T) {
			c := newControlled(t)
			c.fault(t, obj{"endpoint": "parkingstatus"}, do)
			answer, err := c.sends(t, "parkingstatus", aStatus)
			require.ErrorIs(t, err, io.ErrUnexpectedEOF)
			require.NotEmpty(t, answer.Body)
			require.Equal(t, answer.Body, c.newest(t)["response"])
		})
	}
}

// A delay is wall time; the request then goes on as if nothing had been.
func TestFault_delay(t *testing.T) {
	for name, delay := range map[string]any{
		"fixed": "30ms", "range": obj{"min": "30ms", "max": "60ms"}, "lognormal": obj{"median": "40ms", "sigma": 0.01},
	} {
		t.Run(name, func(t *testing.T) {
			c := newControlled(t)
			id := c.fault(t, obj{"endpoint": "parkingstatus"}, obj{"delay": delay})
			began := time.Now()
			code, data := c.Call(t, "parkingstatus", aStatus)
			require.GreaterOrEqual(t, time.Since(began), 30*time.Millisecond)
			require.Zero(t, code)
			require.Equal(t, "3", data["totalSpace"])
			entry := c.newest(t)
			require.Equal(t, []any{id}, entry["faults"])
			require.GreaterOrEqual(t, entry["durationMicros"], 30_000.0)
			require.Empty(t, entry["reason"])
			for _, f := range c.Do(t, http.MethodGet, "/faults", nil)["items"].([]any) {
				require.Equal(t, delay, f.(obj)["do"].(obj)["delay"], "shown as it was sent")
			}
		})
	}
}

// A client that gives up ends the wait, and so does the server's stop; the request is carried out all the same.
func TestFault_delayEndsEarly(t *testing.T) {
	c := newControlled(t)
	_, data := c.Call(t, "usersigin", obj{"mobilePhone": "13800000001", "appId": "ETCP"})
	c.fault(t, obj{"endpoint": "bindcar"}, obj{"delay": "10m"})
	hits := c.Follow(t, "")
	ctx, cancel := context.WithCancel(t.Context())
	gone := make(chan error, 1)
	go func() {
		answer, err := c.HTTP.Do(c.signed(ctx, t, "bindcar", obj{"token": data["token"], "plateNumber": "渝ATX061"}))
		if err == nil {
			_ = answer.Body.Close()
		}
		gone <- err
	}()
	hits.Until("fault")
	cancel()
	require.ErrorIs(t, <-gone, context.Canceled)
	require.Equal(t, "bindcar", hits.Until("request").Data["endpoint"])
	require.Len(t, c.Do(t, http.MethodGet, "/users/13800000001", nil)["bindings"], 1)

	c.fault(t, obj{"endpoint": "parkingstatus"}, obj{"delay": "10m"})
	answered := make(chan int, 1)
	go func() {
		answer, err := c.HTTP.Do(c.signed(context.Background(), t, "parkingstatus", aStatus))
		if err != nil {
			answered <- 0
			return
		}
		_ = answer.Body.Close()
		answered <- answer.StatusCode
	}()
	hits.Until("fault")
	ctx, cancel = context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	require.NoError(t, c.Mock.Close(ctx))
	require.Equal(t, http.StatusOK, <-answered)
}

// Several faults hit the same request: all are applied, the first to say a thing is right, delays add up.
func TestFault_together(t *testing.T) {
	c := newControlled(t)
	a := c.fault(t, obj{}, obj{"delay": "20ms"})
	b := c.fault(t, obj{"endpoint": "parkingstatus"}, obj{"code": 1, "delay": "20ms"})
	d := c.fault(t, obj{"merchantNo": "M1"}, obj{"code": 7, "httpStatus": 500})
	began := time.Now()
	answer, err := c.sends(t, "parkingstatus", aStatus)
	require.NoError(t, err)
	require.GreaterOrEqual(t, time.Since(began), 40*time.Millisecond)
	require.Equal(t, 500, answer.Status)
	require.JSONEq(t, `{"code":1,"message":"失败"}`, answer.Body)
	require.Equal(t, []any{a, b, d}, c.newest(t)["faults"])
}
