package recording_test

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/etcp-mock/etcp-mock/mock"
	"github.com/etcp-mock/etcp-mock/mock/internal/servertest"
	"github.com/etcp-mock/etcp-mock/scenarios"
	"github.com/etcp-mock/etcp-mock/schemas"
	"github.com/etcp-mock/etcp-mock/sign"
)

// Calls a few milliseconds apart stand beside each other in a recording, and what lies between others is whole seconds.
func TestRecording_waitsInSeconds(t *testing.T) {
	t.Parallel()
	c := servertest.New(t)
	c.Advance(t, "340ms")
	token := c.Bind(t, "13800000001", "渝ATX061")
	c.Advance(t, "12ms")
	c.Call(t, "carnum", m{"token": token})
	c.Advance(t, "2m0.9s")
	c.Call(t, "carnum", m{"token": token})
	text := c.Ask(t, "GET", servertest.Default+"/recording", nil).Body
	require.Equal(t, 1, strings.Count(text, "- advance: "), text)
	require.Contains(t, text, "- advance: 2m1s\n")
	require.Contains(t, text, `clock: "2017-08-20 12:00:00"`)
}

// What a recording says above itself is in the language that the request asks for.
func TestRecording_inEachLanguage(t *testing.T) {
	t.Parallel()
	c := servertest.New(t)
	c.Call(t, "parkingstatus", m{"parkingId": "1"})
	c.Ask(t, "GET", "/merchant/open/1.0.0/openapi/nosuch", nil)
	c.Call(t, "parkingstatus", m{"parkingId": "1"})
	c.PutMerchant(t, "M7", nil)
	for language, want := range map[string][]string{
		"zh-CN": {"# r2（GET nosuch）没有录入：没有步骤能发送它。\n", "# 第一个步骤把沙箱带到录制开始时的状态。\n", "# 商户 M7 是后来新建的；这里从一开始就有。\n"},
		"en":    {"# r2 (GET nosuch) is left out: no step can send it.\n", "# The first step brings the sandbox to where the recording begins.\n", "# Merchant M7 was made later; here it is there from the start.\n"},
	} {
		answer := c.Ask(t, "GET", servertest.Default+"/recording?from=r3", nil, "Accept-Language", language)
		for _, line := range want {
			require.Contains(t, answer.Body, line)
		}
		require.Equal(t, "Accept-Language", answer.Header.Get("Vary"))
	}
	c.Do(t, "POST", "/reset", nil)
	require.Contains(t, c.Ask(t, "GET", servertest.Default+"/recording", nil, "Accept-Language", "zh").Body, "# 没有任何操作；场景至少要有一个步骤。\n")
}

// Where a part of a second decided, it is in the recording: an SMS code was asked for again too early, by less than a second.
func TestRecording_waitsThatDecide(t *testing.T) {
	t.Parallel()
	c := servertest.New(t)
	c.Advance(t, "900ms")
	c.Call(t, "uservalidatecode", m{"mobilePhone": "13800000001"})
	c.Advance(t, "59.95s")
	c.Call(t, "uservalidatecode", m{"mobilePhone": "13800000001"})
	text := c.Ask(t, "GET", servertest.Default+"/recording", nil).Body
	require.Contains(t, text, "- advance: 59.95s\n")
	require.Equal(t, 1, strings.Count(text, "    expect: {code: "), "the second was refused: %s", text)
}

// A quote that came after a payment, in the same second, stays after it; one that came before it needs no parts of a second.
func TestRecording_quotesAboutPayments(t *testing.T) {
	t.Parallel()
	for _, after := range []bool{false, true} {
		c := servertest.New(t)
		token := c.Bind(t, "13800000001", "渝ATX061")
		c.Enter(t, "渝ATX061")
		c.Advance(t, "90m")
		_, owed := c.CallAny(t, "orderunpay", m{"token": token, "plateNumber": "渝ATX061"})
		quote := owed.([]any)[0].(m)
		c.Advance(t, "12ms")
		code, _ := c.Call(t, "orderpaid", m{"token": token, "orderId": quote["orderId"], "externalOrderId": "x", "payment": quote["remainingFee"], "payTime": "2017-08-20 13:30:00", "verificationInfo": quote["verificationInfo"]})
		require.Equal(t, 0, code)
		if after {
			c.Advance(t, "12ms")
			c.CallAny(t, "orderunpay", m{"token": token, "plateNumber": "渝ATX061"})
		}
		require.Equal(t, after, strings.Contains(c.Ask(t, "GET", servertest.Default+"/recording", nil).Body, "- advance: 12ms\n"))
	}
}

// However calls lie in time, a recording gives what they gave: ages that are about those of the rules, and quotes about payments.
func TestRecording_anyTiming(t *testing.T) {
	t.Parallel()
	rapid.Check(t, recordsAnyTiming)
}

func recordsAnyTiming(rt *rapid.T) {
	server, err := mock.New()
	require.NoError(rt, err)
	defer server.Close(context.Background())
	do := func(method, path, body string) []byte {
		r := httptest.NewRequest(method, path, strings.NewReader(body))
		r.Host = "127.0.0.1"
		w := httptest.NewRecorder()
		server.Handler().ServeHTTP(w, r)
		require.Less(rt, w.Code, 300, w.Body.String())
		return w.Body.Bytes()
	}
	do(http.MethodPost, "/__admin/sandboxes", `{"id":"s","fixture":{"clock":{"now":"2017-08-20 12:00:00","mode":"frozen"},
		"rules":{"sms.interval":"2s","sms.ttl":"3s","token.ttl":"6s","quote.ttl":"2s","tariff.grace":"2s"},
		"merchants":[{"no":"M1","key":"key-1","push":{"url":"http://accept.invalid/"}}],
		"parkings":[{"id":"1","name":"P","city":"重庆市","lat":"29.5","lon":"106.5","tariff":{"freeMinutes":0,"unitMinutes":1,"unitPrice":"1"}}]}}`)
	const s = "/__admin/sandboxes/s"
	call := func(endpoint string, data m) (out struct {
		Code int
		Data json.RawMessage
	},
	) {
		text, err := json.Marshal(data)
		require.NoError(rt, err)
		row, _ := schemas.Lookup(endpoint)
		stamp := servertest.Stamp()
		query := url.Values{"merchant_no": {"M1"}, "time_stamp": {stamp}, "data": {string(text)}, "sign": {sign.Request(string(text), "key-1", stamp)}}
		r := httptest.NewRequest(row.Method, schemas.PathPrefix+endpoint+"?"+query.Encode(), http.NoBody)
		if row.Method == http.MethodPost {
			r = httptest.NewRequest(row.Method, schemas.PathPrefix+endpoint, strings.NewReader(query.Encode()))
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		}
		w := httptest.NewRecorder()
		server.Handler().ServeHTTP(w, r)
		require.NoError(rt, json.Unmarshal(w.Body.Bytes(), &out))
		return out
	}
	token := ""
	do(http.MethodPost, s+"/cars/enter", `{"plateNumber":"渝ATX061","parkingId":"1"}`)
	acts := []func(){
		func() { call("uservalidatecode", m{"mobilePhone": "13800000001"}) },
		func() {
			var signed struct{ Token string }
			require.NoError(rt, json.Unmarshal(call("usersigin", m{"mobilePhone": "13800000001", "appId": "A"}).Data, &signed))
			token = signed.Token
			call("bindcar", m{"token": token, "plateNumber": "渝ATX061"})
		},
		func() { call("carnum", m{"token": token}) },
		func() {
			var owed []struct {
				OrderID, VerificationInfo string
				RemainingFee              json.Number
			}
			answer := call("orderunpay", m{"token": token, "plateNumber": "渝ATX061"})
			if answer.Code != 0 || json.Unmarshal(answer.Data, &owed) != nil || len(owed) == 0 {
				return
			}
			do(http.MethodPost, s+"/clock/advance", `{"by":"`+rapid.SampledFrom(gaps).Draw(rt, "gap before paying")+`"}`)
			call("orderpaid", m{"token": token, "orderId": owed[0].OrderID, "externalOrderId": "x", "payment": owed[0].RemainingFee, "payTime": "2017-08-20 12:00:00", "verificationInfo": owed[0].VerificationInfo})
		},
	}
	for range rapid.IntRange(2, 9).Draw(rt, "acts") {
		rapid.SampledFrom(acts).Draw(rt, "act")()
		do(http.MethodPost, s+"/clock/advance", `{"by":"`+rapid.SampledFrom(gaps).Draw(rt, "gap")+`"}`)
	}
	text := recordingOf(rt, server.Handler(), "s", "")
	scenario, err := scenarios.Parse("recorded.yaml", []byte(text))
	require.NoError(rt, err, "%s", text)
	second, err := mock.New()
	require.NoError(rt, err)
	defer second.Close(context.Background())
	result, err := scenarios.RunCase(context.Background(), scenarios.InProcess(second.Handler()), scenario.Cases()[0], scenarios.Options{})
	require.NoError(rt, err, "%s", text)
	require.Equal(rt, scenarios.Passed, result.Status, "%s\n%s", failureOf(result), text)
}

// gaps are waits about the ages of the rules, and short ones.
var gaps = []string{"1ms", "10ms", "400ms", "950ms", "1s", "1050ms", "1950ms", "2s", "2050ms", "2990ms", "3s", "5900ms", "1m"}
