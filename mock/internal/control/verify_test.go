package control_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/mock/internal/servertest"
)

type verifyAnswer struct {
	OK           bool
	Matched      int
	Hint, HintZh string
	Nearest      []struct {
		ID      string
		Differs []string
	}
}

func (c *controlled) verifies(tb testing.TB, what, body string) verifyAnswer {
	tb.Helper()
	a := c.Ask(tb, http.MethodPost, servertest.Default+"/"+what+"/verify", body)
	require.Equal(tb, http.StatusOK, a.Status, a.Body)
	require.Contains(tb, a.Body, `"nearest":[`)
	var out verifyAnswer
	require.NoError(tb, json.Unmarshal([]byte(a.Body), &out))
	return out
}

// docs/control-api.md, Journal: POST …/requests/verify matches subsets of endpoint, merchantNo, code and data.
func TestVerifyRequests(t *testing.T) {
	c := newControlled(t)
	c.Do(t, http.MethodPut, "/merchants/M2", map[string]any{"key": "k2"})
	for _, data := range []map[string]any{
		{"token": "t1", "plateNumber": "渝ATX061", "appId": "ETCP"},
		{"token": "t1", "plateNumber": "渝ATX062", "appId": 7},
	} {
		c.Call(t, "orderunpay", data)
	}
	c.Call(t, "parkingstatus", map[string]any{"parkingId": "1"})
	for _, row := range []struct {
		want    string
		ok      bool
		matched int
		differs string // of the nearest
	}{
		{`{}`, true, 3, ""},
		{`{"endpoint":"orderunpay"}`, true, 2, ""},
		{`{"endpoint":"orderunpay","merchantNo":"M1","code":20101}`, true, 2, ""},
		{`{"code":0}`, true, 1, ""},
		{`{"data":{"token":"t1"}}`, true, 2, ""},
		{`{"endpoint":"orderunpay","data":{"plateNumber":"渝ATX061"}}`, true, 1, ""},
		{`{"endpoint":"orderunpay","data":{"appId":7.0}}`, true, 1, ""},
		{`{"endpoint":"orderunpay","data":{"appId":"7"}}`, false, 0, `data.appId: want "7", got 7 (a number)`},
		{`{"endpoint":"orderunpay","data":{"appId":"7"},"byValue":true}`, true, 1, ""},
		{`{"endpoint":"orderunpay","data":{"plateNumber":"渝ATX061","appId":7}}`, false, 0, `data.plateNumber: want "渝ATX061", got "渝ATX062"`},
		{`{"endpoint":"orderpaid"}`, false, 0, "endpoint: want orderpaid, got parkingstatus"},
		{`{"endpoint":"parkingstatus","code":1}`, false, 0, "code: want 1, got 0"},
		{`{"endpoint":"parkingstatus","merchantNo":"M2"}`, false, 0, "merchantNo: want M2, got M1"},
		{`{"data":{"city":null}}`, false, 0, "data.city: want null, got nothing"},
		{`{"count":{"min":3}}`, true, 3, ""},
		{`{"count":{"min":4}}`, false, 3, ""},
		{`{"count":{"max":2}}`, false, 3, ""},
		{`{"count":{"max":3}}`, true, 3, ""},
		{`{"endpoint":"orderpaid","count":{"max":0}}`, true, 0, ""},
		{`{"endpoint":"orderunpay","count":{"min":2,"max":2}}`, true, 2, ""},
		{`{"endpoint":"orderunpay","count":{"min":3,"max":5}}`, false, 2, "endpoint: want orderunpay, got parkingstatus"},
	} {
		t.Run(row.want, func(t *testing.T) {
			out := c.verifies(t, "requests", row.want)
			require.Equal(t, row.ok, out.OK)
			require.Equal(t, row.matched, out.Matched)
			if row.differs == "" {
				require.Empty(t, out.Nearest)
				return
			}
			require.Equal(t, row.differs, out.Nearest[0].Differs[0])
		})
	}
}

// docs/control-api.md, Journal: with byValue numbers compare by value in every step of a sequence, in the data of requests and the bodies of pushes.
func TestVerifySequence_byValue(t *testing.T) {
	c := newControlled(t)
	c.Do(t, http.MethodPut, "/merchants/M1", map[string]any{"key": "k1", "push": map[string]any{"url": "http://127.0.0.1:9/"}})
	c.Call(t, "orderpaid", map[string]any{"token": "t1", "payment": "10.0", "externalOrderId": 7})
	c.Do(t, http.MethodPost, "/pushes", map[string]any{"merchantNo": "M1", "kind": "exit", "fields": map[string]any{"stayedTime": 5400}})
	const steps = `"steps":[{"endpoint":"orderpaid","data":{"payment":10,"externalOrderId":"7"}},{"push":"exit","data":{"stayedTime":"5400.0"}}]`
	for body, missing := range map[string]int{`{` + steps + `}`: 0, `{` + steps + `,"byValue":false}`: 0, `{` + steps + `,"byValue":true}`: -1, `{"byValue":true,"strict":true,` + steps + `}`: -1} {
		out := c.Do(t, http.MethodPost, "/verify/sequence", json.RawMessage(body))
		require.Equal(t, missing < 0, out["ok"], body)
		if missing >= 0 {
			require.EqualValues(t, missing, out["missing"])
		}
	}
	require.Equal(t, http.StatusUnprocessableEntity, c.Ask(t, http.MethodPost, servertest.Default+"/verify/sequence", `{"steps":[{"endpoint":"orderpaid","byValue":true}]}`).Status)
}

// The nearest misses are few, the best first, and name what differs.
func TestVerifyRequests_nearest(t *testing.T) {
	c := newControlled(t)
	for i := range 20 {
		c.Call(t, "userlogin", map[string]any{"mobilePhone": "13800000001", "code": strconv.Itoa(100000 + i), "appId": "A" + strconv.Itoa(i%2)})
	}
	out := c.verifies(t, "requests", `{"endpoint":"userlogin","code":0,"data":{"mobilePhone":"13800000002","appId":"A1"}}`)
	require.Len(t, out.Nearest, 5)
	require.Equal(t, "r20", out.Nearest[0].ID, "of equals the newest")
	require.Equal(t, []string{"code: want 0, got 20203", `data.mobilePhone: want "13800000002", got "13800000001"`}, out.Nearest[0].Differs)
	out = c.verifies(t, "requests", `{"endpoint":"userlogin","data":{"code":"100003","appId":"A0","mobilePhone":"13800000001"}}`)
	var values []string
	for _, near := range out.Nearest {
		values = append(values, near.Differs...)
	}
	require.Equal(t, []string{
		`data.code: want "100003", got "100004"`, `data.code: want "100003", got "100002"`, // as near, and the newer first
		`data.code: want "100003", got "100006"`, `data.code: want "100003", got "100000"`, `data.code: want "100003", got "100008"`,
	}, values, "of those that differ in as much, those with the nearest values first")
	out = c.verifies(t, "requests", `{"endpoint":"userlogin","code":20203,"data":{"code":"100003","mobilePhone":"13800000001","appId":"A0"}}`)
	require.Len(t, out.Nearest, 5)
	for _, near := range out.Nearest {
		require.Len(t, near.Differs, 1)
	}
}

func TestVerify_badInput(t *testing.T) {
	c := newControlled(t)
	for _, row := range []struct{ what, body, pointer string }{
		{"requests", `{"within":"11m"}`, "/within"},
		{"requests", `{"within":"soon"}`, "/within"},
		{"requests", `{"count":{"min":-1}}`, "/count/min"},
		{"requests", `{"count":{"max":-1}}`, "/count/max"},
		{"requests", `{"count":{"min":3,"max":2}}`, "/count/max"},
		{"requests", `{"count":3}`, "/count"},
		{"requests", `{"data":[]}`, "/data"},
		{"requests", `{"code":"0"}`, "/code"},
		{"requests", `{"kind":"entry"}`, "/kind"},
		{"pushes", `{"kind":"arrival"}`, "/kind"},
		{"pushes", `{"status":"done"}`, "/status"},
		{"pushes", `{"body":"渝"}`, "/body"},
		{"pushes", `{"endpoint":"carnum"}`, "/endpoint"},
		{"pushes", `{"within":"10m1s"}`, "/within"},
	} {
		a := c.Ask(t, http.MethodPost, servertest.Default+"/"+row.what+"/verify", row.body)
		require.Equal(t, http.StatusUnprocessableEntity, a.Status, row.body)
		require.Contains(t, a.Body, `"pointer":"`+row.pointer+`"`, row.body)
	}
}

// within waits on the server until what is wanted has come, and no longer.
func TestVerifyRequests_within(t *testing.T) {
	c := newControlled(t)
	done := make(chan verifyAnswer)
	start := time.Now()
	go func() {
		done <- c.verifies(t, "requests", `{"endpoint":"parkingstatus","data":{"parkingId":"1"},"count":{"min":3},"within":"10m"}`)
	}()
	for range 3 {
		c.Call(t, "carnum", map[string]any{"token": "none"})
		c.Call(t, "parkingstatus", map[string]any{"parkingId": "1"})
	}
	out := <-done
	require.True(t, out.OK)
	require.Equal(t, 3, out.Matched)
	require.Less(t, time.Since(start), 5*time.Minute)
}

// For a max the wait lasts until the time is over, or until it can hold no more.
func TestVerifyRequests_withinMax(t *testing.T) {
	c := newControlled(t)
	start := time.Now()
	out := c.verifies(t, "requests", `{"count":{"max":1},"within":"50ms"}`)
	require.True(t, out.OK)
	require.GreaterOrEqual(t, time.Since(start), 50*time.Millisecond)

	done := make(chan verifyAnswer)
	go func() { done <- c.verifies(t, "requests", `{"count":{"max":1},"within":"10m"}`) }()
	for range 2 {
		c.Call(t, "carnum", map[string]any{"token": "none"})
	}
	require.False(t, (<-done).OK)
}

func TestVerifyRequests_withinIsOver(t *testing.T) {
	c := newControlled(t)
	c.Call(t, "carnum", map[string]any{"token": "none"})
	out := c.verifies(t, "requests", `{"endpoint":"carnum","code":0,"within":"30ms"}`)
	require.False(t, out.OK)
	require.Equal(t, []string{"code: want 0, got 20101"}, out.Nearest[0].Differs)
}

type readerFunc func([]byte) (int, error)

func (f readerFunc) Read(p []byte) (int, error) { return f(p) }

// A reset, the sandbox's end, the server's end and the client's going away end a wait.
func TestVerify_whatEndsAWait(t *testing.T) {
	waiting := func(t *testing.T, c *controlled, sandbox string) chan servertest.Answer {
		t.Helper()
		answer := make(chan servertest.Answer, 1)
		begun := make(chan struct{})
		body := io.MultiReader(strings.NewReader(`{"within":"10m"}`), readerFunc(func(p []byte) (int, error) {
			close(begun)
			return 0, io.EOF
		}))
		r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/__admin/sandboxes/"+sandbox+"/requests/verify", body)
		go func() {
			w := httptest.NewRecorder()
			c.Mock.Handler().ServeHTTP(w, r)
			answer <- servertest.Answer{Status: w.Code}
		}()
		<-begun
		return answer
	}
	t.Run("reset", func(t *testing.T) {
		c := newControlled(t)
		answer := waiting(t, c, "default")
		for { // until one comes after it waits
			c.Do(t, http.MethodPost, "/reset", nil)
			select {
			case a := <-answer:
				require.Equal(t, http.StatusConflict, a.Status)
				return
			default:
			}
		}
	})
	t.Run("delete", func(t *testing.T) {
		c := newControlled(t)
		c.Ask(t, http.MethodPost, "/__admin/sandboxes", `{"id":"gone"}`)
		answer := waiting(t, c, "gone")
		require.Equal(t, http.StatusNoContent, c.Ask(t, http.MethodDelete, "/__admin/sandboxes/gone", nil).Status)
		require.Equal(t, http.StatusNotFound, (<-answer).Status)
	})
	t.Run("close", func(t *testing.T) {
		c := newControlled(t)
		answer := waiting(t, c, "default")
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		require.NoError(t, c.Mock.Close(ctx))
		require.Equal(t, http.StatusServiceUnavailable, (<-answer).Status)
	})
	t.Run("the client goes", func(t *testing.T) {
		c := newControlled(t)
		ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
		defer cancel()
		r, err := http.NewRequestWithContext(ctx, http.MethodPost, c.URL+servertest.Default+"/requests/verify", strings.NewReader(`{"within":"10m"}`))
		require.NoError(t, err)
		_, err = c.HTTP.Do(r) //nolint:bodyclose // there is none
		require.ErrorIs(t, err, context.DeadlineExceeded)
		closing, end := context.WithTimeout(t.Context(), time.Minute)
		defer end()
		require.NoError(t, c.Mock.Close(closing)) // which waits for what goes on
	})
}

// docs/control-api.md, Pushes: POST …/pushes/verify does the same for pushes, in every encoding.
func TestVerifyPushes(t *testing.T) {
	for _, encoding := range []string{"json", "form", "form-data-param"} {
		t.Run(encoding, func(t *testing.T) {
			c := newControlled(t)
			c.Do(t, http.MethodPatch, "/rules", map[string]any{"push.encoding": encoding})
			c.AcceptPushes(t)
			c.Bind(t, "13800000001", "渝ATX061")
			done := make(chan verifyAnswer)
			go func() {
				done <- c.verifies(t, "pushes", `{"kind":"exit","merchantNo":"M1","plateNumber":"渝 atx061","status":"delivered","body":{"plateNumber":"渝****61","fixParkingId":""},"within":"10m"}`)
			}()
			c.Do(t, http.MethodPost, "/cars/enter", map[string]any{"plateNumber": "渝ATX061", "parkingId": "1"})
			c.Do(t, http.MethodPost, "/clock/advance", map[string]any{"by": "45m"})
			c.Do(t, http.MethodPost, "/cars/exit", map[string]any{"plateNumber": "渝ATX061"})
			require.True(t, (<-done).OK)

			out := c.verifies(t, "pushes", `{"kind":"exit","body":{"stayedTime":2699}}`)
			require.False(t, out.OK)
			got := "2700"
			if encoding == "form" {
				got = `"2700"`
			}
			require.Equal(t, "p2", out.Nearest[0].ID)
			require.Equal(t, []string{"body.stayedTime: want 2699, got " + got}, out.Nearest[0].Differs)
			out = c.verifies(t, "pushes", `{"kind":"entry","status":"failed"}`)
			require.Equal(t, []string{"status: want failed, got delivered"}, out.Nearest[0].Differs)
			require.True(t, c.verifies(t, "pushes", `{"count":{"min":2,"max":2}}`).OK)
		})
	}
}

// Where no push was made that is looked for, the refusal says why, where that is known; where there are too many of something, it names some.
func TestVerify_saysWhy(t *testing.T) {
	c := newControlled(t)
	pushes := func(want string) string {
		out := c.verifies(t, "pushes", want)
		require.False(t, out.OK)
		return out.Hint + " " + out.HintZh
	}
	drive := func(plate string) {
		c.Do(t, http.MethodPost, "/cars/enter", map[string]any{"plateNumber": plate, "parkingId": "1"})
	}
	c.Bind(t, "13800000001", "渝ATX061")
	drive("渝ATX061")
	const silent = "merchant M1 has no push URL for it (set one: etcp-mock merchants set-url, or an inbox of the test) 商户 M1 未设置接收该推送的地址（请设置：etcp-mock merchants set-url，或测试的 inbox）"
	require.Equal(t, silent, pushes(`{}`))
	require.Equal(t, silent, pushes(`{"kind":"entry","merchantNo":"M1"}`))

	c.Do(t, http.MethodPut, "/merchants/M1", map[string]any{"key": servertest.Key, "push": map[string]any{"url": "http://127.0.0.1:1", "kinds": []string{"entry"}}})
	require.Equal(t, silent, pushes(`{"kind":"exit"}`))
	require.Equal(t, " ", pushes(`{"kind":"entry","plateNumber":"渝ATX061"}`)) // 渝ATX061 is bound: it came before there was a URL
	drive("渝ATX062")
	const unbound = "渝ATX062 has entered or left, but nobody has bound it, and only vehicles that are bound are pushed (§10)"
	require.Contains(t, pushes(`{"kind":"entry"}`), unbound)
	require.Contains(t, pushes(`{"kind":"entry","plateNumber":"渝ATX062"}`), unbound)
	require.Contains(t, pushes(`{"kind":"entry","plateNumber":"渝ATX062"}`), "渝ATX062 有进出场，但没有人绑定该车")
	require.NotContains(t, pushes(`{"kind":"entry","plateNumber":"渝ATX061"}`), "bound")
	require.Contains(t, pushes(`{"kind":"exit","plateNumber":"渝ATX062"}`), "no push URL for it (set one: etcp-mock merchants set-url, or an inbox of the test), and nobody has bound 渝ATX062, which has")

	c.Bind(t, "13800000001", "渝ATX063")
	drive("渝ATX063")
	require.NotContains(t, pushes(`{"kind":"entry","body":{"parkName":"nowhere"}}`), "bound") // one was made, and comes near

	require.Equal(t, "these are r4, r2", c.verifies(t, "requests", `{"endpoint":"bindcar","count":{"max":0}}`).Hint)
	require.Equal(t, "它们是 r4、r2", c.verifies(t, "requests", `{"endpoint":"bindcar","count":{"max":0}}`).HintZh)
	require.Equal(t, "these are r4, r2", c.verifies(t, "requests", `{"endpoint":"bindcar","count":{"max":1}}`).Hint)
	for range 5 {
		c.Call(t, "bindcar", map[string]any{})
	}
	require.Equal(t, "最近的是 r9、r8、r7、r6、r5", c.verifies(t, "requests", `{"endpoint":"bindcar","count":{"max":0}}`).HintZh)
}

// BenchmarkVerify searches a full journal of 10 000 requests: under 5 ms.
func BenchmarkVerify(b *testing.B) {
	c := newControlled(b)
	for i := range 10_000 {
		c.Call(b, "orderpaid", map[string]any{
			"token": "d970cff4-3811-438b-ba90-50503510345b", "orderId": "9E2F1B7C-6D0A-4C37-9D55-0C1C6B0B7E11", "externalOrderId": fmt.Sprint("x", i),
			"payment": 8, "payTime": "2017-10-27 09:30:00", "verificationInfo": strings.Repeat("A1b2", 32),
		})
	}
	for name, want := range map[string]string{
		"one":  `{"endpoint":"orderpaid","merchantNo":"M1","data":{"externalOrderId":"x5000","payment":8}}`,
		"all":  `{"endpoint":"orderpaid","merchantNo":"M1","data":{"payment":8.0}}`,
		"none": `{"endpoint":"orderpaid","data":{"payment":"8","payTime":"2017-10-27 09:30:01"}}`,
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				c.verifies(b, "requests", want)
			}
		})
	}
}
