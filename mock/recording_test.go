package mock_test

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/mock"
	"github.com/etcp-mock/etcp-mock/scenarios"
)

// recorded is what came of a run that can be compared: each request with its answer, each push with its body.
type recorded struct {
	Requests []map[string]any
	Pushes   []map[string]any
}

// volatileOf are a request's and a push's fields that another run has differently: the wall clock, the key, the merchant's number.
var volatileOf = []string{"timeStamp", "sign", "durationMicros", "wallAt", "merchantNo", "explanation", "explanationZh", "diagnosis", "fix", "fixZh", "signed", "attempts", "url", "status", "nextAttemptAt"}

// ofTheMerchant are sealed values: its number, which is another each time, is in them.
var ofTheMerchant = regexp.MustCompile(`"scrollId\\?":\\?"[^"]*"`)

func whatCame(t *testing.T, handler http.Handler, sandbox string) (out recorded) {
	t.Helper()
	take := func(path string) []map[string]any {
		r := httptest.NewRequest(http.MethodGet, "/__admin/sandboxes/"+sandbox+path+"?limit=1000", http.NoBody)
		r.Host = "127.0.0.1"
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, r)
		require.Equal(t, 200, w.Code, w.Body.String())
		var page struct{ Items []map[string]any }
		require.NoError(t, json.Unmarshal(w.Body.Bytes(), &page))
		for _, item := range page.Items {
			for _, name := range volatileOf {
				delete(item, name)
			}
			if data, is := item["data"].(map[string]any); is && data["scrollId"] != nil {
				data["scrollId"] = "sealed"
			}
			if response, is := item["response"].(string); is {
				item["response"] = ofTheMerchant.ReplaceAllString(response, `"scrollId":"sealed"`)
			}
			if body, is := item["body"].(string); is {
				before, _, _ := strings.Cut(body, `"signment"`)
				item["body"] = before
			}
		}
		return page.Items
	}
	return recorded{take("/requests"), take("/pushes")}
}

// recordingOf is the YAML of what was done to a sandbox.
func recordingOf(t *testing.T, handler http.Handler, sandbox, query string) string {
	t.Helper()
	r := httptest.NewRequest(http.MethodGet, "/__admin/sandboxes/"+sandbox+"/recording"+query, http.NoBody)
	r.Host = "127.0.0.1"
	w := httptest.NewRecorder()
	handler.ServeHTTP(w, r)
	require.Equal(t, 200, w.Code, w.Body.String())
	require.True(t, strings.HasPrefix(w.Header().Get("Content-Type"), "application/yaml"))
	return w.Body.String()
}

// play runs a scenario in a server of its own and leaves its sandbox.
func play(t *testing.T, c scenarios.Case, o scenarios.Options) (http.Handler, *scenarios.CaseResult) {
	t.Helper()
	server, err := mock.New()
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, server.Close(context.Background())) })
	o.Keep = true
	target := scenarios.InProcess(server.Handler())
	result, err := scenarios.RunCase(t.Context(), target, c, o)
	require.NoError(t, err)
	return server.Handler(), result
}

// Each built-in scenario, recorded and run again, gives the same requests, answers and pushes, and a file that a scenario may be.
func TestRecording_ofEachBuiltIn(t *testing.T) {
	t.Parallel()
	for _, s := range scenarios.Builtin().All() {
		for _, c := range s.Cases() {
			t.Run(c.Name(), func(t *testing.T) {
				t.Parallel()
				seed := uint64(11)
				first, result := play(t, c, scenarios.Options{Seed: &seed})
				require.Equal(t, scenarios.Passed, result.Status)
				text := recordingOf(t, first, result.Sandbox, "")
				want := whatCame(t, first, result.Sandbox)

				again, err := scenarios.Parse("recorded.yaml", []byte(text))
				require.NoError(t, err, "%s", text)
				second, replayed := play(t, again.Cases()[0], scenarios.Options{})
				require.Equal(t, scenarios.Passed, replayed.Status, "%s\n%s", failureOf(replayed), text)
				require.Equal(t, want, whatCame(t, second, replayed.Sandbox), "%s", text)
				require.NotContains(t, text, "key-", "no key is in it")
			})
		}
	}
}

func failureOf(c *scenarios.CaseResult) string {
	text, err := json.MarshalIndent(c, "", " ")
	if err != nil {
		return err.Error()
	}
	return string(text)
}

// What flows from an answer into a request becomes a variable; the key and the merchant's number stay out.
func TestRecording_followsValues(t *testing.T) {
	t.Parallel()
	c := newControlled(t)
	_, _ = c.call(t, "uservalidatecode", m{"mobilePhone": "13800000001"})
	sms := c.do(t, "GET", "/sms/13800000001", nil)
	_, login := c.call(t, "userlogin", m{"mobilePhone": "13800000001", "code": sms["code"], "appId": "A"})
	c.call(t, "bindcar", m{"token": login["token"], "plateNumber": "渝ATX061"})
	c.do(t, "POST", "/cars/enter", m{"plateNumber": "渝ATX061", "parkingId": "1"})
	c.do(t, "POST", "/clock/advance", m{"by": "90m"})
	c.do(t, "POST", "/faults", m{"on": m{"endpoint": "carnum", "merchantNo": "M1"}, "times": 1, "do": m{"code": 2}})
	c.call(t, "carnum", m{"token": login["token"]})
	c.do(t, "PATCH", "/rules", m{"sms.interval": "30s"})
	c.do(t, "PUT", "/parkings/9", m{"name": "九号", "city": "重庆市", "lat": "29.5", "lon": "106.5"})
	text := c.ask(t, "GET", controlDefault+"/recording", nil).body
	for _, want := range []string{
		"- sms: {mobilePhone: \"13800000001\"}", "save: {code: code}", `code: "${code}"`, "save: {token: data.token}", `token: "${token}"`,
		"- advance: 1h30m\n", "merchantNo: \"${merchant}\"", "- rules: {sms.interval: 30s}", "/parkings/9",
	} {
		require.Contains(t, text, want)
	}
	require.NotContains(t, text, controlKey)
	require.NotContains(t, text, "M1")
	require.NotContains(t, text, sms["code"])
	require.NotContains(t, text, login["token"])

	parsed, err := scenarios.Parse("recorded.yaml", []byte(text))
	require.NoError(t, err, text)
	result, err := scenarios.Run(t.Context(), scenarios.Mock(c.url, ""), parsed, scenarios.Options{})
	require.NoError(t, err)
	require.Equal(t, scenarios.Passed, result.Status, "%s\n%s", failureOf(result.Cases[0]), text)
}

// from begins later: a request's id or a time; anything else is 422, and a state from elsewhere 409.
func TestRecording_from(t *testing.T) {
	t.Parallel()
	c := newControlled(t)
	c.call(t, "parkingstatus", m{"parkingId": "1"})
	c.call(t, "parkingstatus", m{"parkingId": "1"})
	require.Contains(t, c.ask(t, "GET", controlDefault+"/recording?from=r2", nil).body, "The first 1 steps bring the sandbox to where the recording begins")
	require.Equal(t, 422, c.ask(t, "GET", controlDefault+"/recording?from=yesterday", nil).status)

	other := newControlled(t)
	other.call(t, "parkingstatus", m{"parkingId": "2"})
	state := other.ask(t, "GET", controlDefault+"/state", nil).body
	require.Equal(t, 200, c.ask(t, "PUT", controlDefault+"/state", state).status)
	require.Equal(t, 409, c.ask(t, "GET", controlDefault+"/recording", nil).status)
	c.do(t, "POST", "/reset", nil)
	require.Equal(t, 200, c.ask(t, "GET", controlDefault+"/recording", nil).status)
}

// BenchmarkRecording writes ten thousand requests as a scenario.
func BenchmarkRecording(b *testing.B) {
	h := demo(b)
	token := tokenOf(b, h, "13800000001")
	r := signed("GET", "carnum", `{"token":"`+token+`"}`)
	for range 10_000 {
		r.serve(h)
	}
	b.ResetTimer()
	for b.Loop() {
		q := httptest.NewRequest(http.MethodGet, "/__admin/sandboxes/default/recording", http.NoBody)
		q.Host = "127.0.0.1"
		w := httptest.NewRecorder()
		h.ServeHTTP(w, q)
		if w.Code != http.StatusOK || w.Body.Len() < 100_000 {
			b.Fatal(w.Code)
		}
	}
}
