package recording_test

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
	"pgregory.net/rapid"

	"github.com/etcp-mock/etcp-mock/mock"
	"github.com/etcp-mock/etcp-mock/mock/internal/servertest"
	"github.com/etcp-mock/etcp-mock/scenarios"
	"github.com/etcp-mock/etcp-mock/schemas"
	"github.com/etcp-mock/etcp-mock/sign"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

type m = map[string]any

// recorded is what came of a run that can be compared: each request with its answer, each push with its body.
type recorded struct {
	Requests []map[string]any
	Pushes   []map[string]any
}

// volatileOf are a request's and a push's fields that another run has differently: the wall clock, the key, the merchant's number.
var volatileOf = []string{"timeStamp", "sign", "durationMicros", "wallAt", "merchantNo", "explanation", "explanationZh", "diagnosis", "fix", "fixZh", "signed", "attempts", "url", "status", "nextAttemptAt", "waitsFor"}

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
			if data, ok := item["data"].(map[string]any); ok && data["scrollId"] != nil {
				data["scrollId"] = "sealed"
			}
			if response, ok := item["response"].(string); ok {
				item["response"] = ofTheMerchant.ReplaceAllString(response, `"scrollId":"sealed"`)
			}
			if body, ok := item["body"].(string); ok {
				before, _, _ := strings.Cut(body, `"signment"`)
				item["body"] = before
			}
		}
		return page.Items
	}
	return recorded{take("/requests"), take("/pushes")}
}

// recordingOf is the YAML of what was done to a sandbox.
func recordingOf(t require.TestingT, handler http.Handler, sandbox, query string) string {
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
	c := servertest.New(t)
	_, _ = c.Call(t, "uservalidatecode", m{"mobilePhone": "13800000001"})
	sms := c.Do(t, "GET", "/sms/13800000001", nil)
	_, login := c.Call(t, "userlogin", m{"mobilePhone": "13800000001", "code": sms["code"], "appId": "A"})
	c.Call(t, "bindcar", m{"token": login["token"], "plateNumber": "渝ATX061"})
	c.Do(t, "POST", "/cars/enter", m{"plateNumber": "渝ATX061", "parkingId": "1"})
	c.Do(t, "POST", "/clock/advance", m{"by": "90m"})
	c.Do(t, "POST", "/faults", m{"on": m{"endpoint": "carnum", "merchantNo": "M1"}, "times": 1, "do": m{"code": 2}})
	c.Call(t, "carnum", m{"token": login["token"]})
	c.Do(t, "PATCH", "/rules", m{"sms.interval": "30s"})
	c.Do(t, "PUT", "/parkings/9", m{"name": "九号", "city": "重庆市", "lat": "29.5", "lon": "106.5"})
	text := c.Ask(t, "GET", servertest.Default+"/recording", nil).Body
	for _, want := range []string{
		"- sms: {mobilePhone: \"13800000001\"}", "save: {code: code}", `code: "${code}"`, "save: {token: data.token}", `token: "${token}"`,
		"- advance: 1h30m\n", "merchantNo: \"${merchant}\"", "- rules: {sms.interval: 30s}", "/parkings/9",
	} {
		require.Contains(t, text, want)
	}
	require.NotContains(t, text, servertest.Key)
	require.NotContains(t, text, "M1")
	require.NotContains(t, text, sms["code"])
	require.NotContains(t, text, login["token"])

	parsed, err := scenarios.Parse("recorded.yaml", []byte(text))
	require.NoError(t, err, text)
	result, err := scenarios.Run(t.Context(), scenarios.Mock(c.URL, ""), parsed, scenarios.Options{})
	require.NoError(t, err)
	require.Equal(t, scenarios.Passed, result.Status, "%s\n%s", failureOf(result.Cases[0]), text)
}

// from begins later: a request's id or a time; anything else is 422, and a state from elsewhere 409.
func TestRecording_from(t *testing.T) {
	t.Parallel()
	c := servertest.New(t)
	c.Call(t, "parkingstatus", m{"parkingId": "1"})
	c.Call(t, "parkingstatus", m{"parkingId": "1"})
	require.Contains(t, c.Ask(t, "GET", servertest.Default+"/recording?from=r2", nil).Body, "# The first step brings the sandbox to where the recording begins.")
	require.Equal(t, 422, c.Ask(t, "GET", servertest.Default+"/recording?from=yesterday", nil).Status)

	other := servertest.New(t)
	other.Call(t, "parkingstatus", m{"parkingId": "2"})
	state := other.Ask(t, "GET", servertest.Default+"/state", nil).Body
	require.Equal(t, 200, c.Ask(t, "PUT", servertest.Default+"/state", state).Status)
	require.Equal(t, 409, c.Ask(t, "GET", servertest.Default+"/recording", nil).Status)
	c.Do(t, "POST", "/reset", nil)
	require.Equal(t, 200, c.Ask(t, "GET", servertest.Default+"/recording", nil).Status)
}

// BenchmarkRecording writes ten thousand requests as a scenario.
func BenchmarkRecording(b *testing.B) {
	c := servertest.New(b)
	token := c.Bind(b, "13800000001", "渝ATX061")
	for range 10_000 {
		c.Call(b, "carnum", m{"token": token})
	}
	for b.Loop() {
		q := httptest.NewRequest(http.MethodGet, "/__admin/sandboxes/default/recording", http.NoBody)
		q.Host = "127.0.0.1"
		w := httptest.NewRecorder()
		c.Mock.Handler().ServeHTTP(w, q)
		if w.Code != http.StatusOK || w.Body.Len() < 100_000 {
			b.Fatal(w.Code)
		}
	}
}

// hostileTexts are what somebody may send who hopes that a recording evaluates it on another's machine.
var hostileTexts = []string{
	`${env("SECRET")}`, `$${env("SECRET")}`, `$$${env("SECRET")}`, `a${env("SECRET")}b${`, "${env(\"SECRET\")}\n- http: {}", `"}${env('SECRET')}`, `'${env("SECRET")}'`, `#${env("SECRET")}`,
	`*a`, `&a ${env("SECRET")}`, `!!str ${env("SECRET")}`, "${`}`+env(\"SECRET\")}", `{"$any":true}`, `$any`, "\u2028${env(\"SECRET\")}", `${merchant}`, `${sandbox}`, `~`, `null`, `1e3`,
	"a\r${env(\"SECRET\")}", "a\u0085- ${env('SECRET')}", "\u2029${env('SECRET')}", "\v${env('SECRET')}", "\ufffe${env('SECRET')}", "\x00", "\x7f", "\u009f",
}

// lineEndings are the characters that end a line for some reader of YAML, and some that YAML does not allow.
var lineEndings = []string{"\n", "\r", "\r\n", "\u0085", "\u2028", "\u2029", "\v", "\f", "\x00", "\x01", "\x1b", "\x7f", "\u009f", "\ufeff", "\ufffe", "\uffff", "\xff"}

// A recording of a sandbox whose texts are expressions evaluates none of them: whoever runs it gives nothing away, and gets the same.
func TestRecording_ofHostileTexts(t *testing.T) {
	t.Parallel()
	rapid.Check(t, recordsHostileTexts)
}

// FuzzRecording does the same from the fuzzer's bytes.
func FuzzRecording(f *testing.F) {
	f.Add([]byte("0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"))
	f.Fuzz(rapid.MakeFuzz(recordsHostileTexts))
}

// withoutNotes is a recording without what it says of requests that no step can send: whoever runs it does not send them.
func withoutNotes(text string) string {
	for strings.HasPrefix(text, "# ") {
		_, text, _ = strings.Cut(text, "\n")
	}
	return text
}

func recordsHostileTexts(rt *rapid.T) {
	hostile := rapid.SampledFrom(hostileTexts)
	draw := func(label string) string { return hostile.Draw(rt, label) }
	server, err := mock.New()
	require.NoError(rt, err)
	defer server.Close(context.Background())
	do := func(method, path string, body any) {
		text, err := json.Marshal(body)
		require.NoError(rt, err)
		r := httptest.NewRequest(method, path, strings.NewReader(string(text)))
		r.Host = "127.0.0.1"
		w := httptest.NewRecorder()
		server.Handler().ServeHTTP(w, r)
		require.Less(rt, w.Code, 500, w.Body.String())
		if path == "/__admin/sandboxes" {
			require.Equal(rt, 201, w.Code, w.Body.String())
		}
	}
	do("POST", "/__admin/sandboxes", m{"id": "s", "fixture": m{
		"clock":     m{"now": "2017-08-20 12:00:00", "mode": "frozen"},
		"merchants": []any{m{"no": "M1", "key": "key-1", "name": draw("name"), "push": m{"url": "http://accept.invalid/" + url.PathEscape(draw("path"))}}},
		"parkings":  []any{m{"id": "1", "name": draw("parking"), "city": "重庆市", "lat": "29.5", "lon": "106.5"}},
		"users":     []any{m{"phone": "13800000001"}},
		"faults":    []any{m{"on": m{"endpoint": "carnum", "where": m{"token": draw("matched")}}, "do": m{"code": 2, "message": draw("message")}}},
	}})
	s := "/__admin/sandboxes/s"
	steps := []func(){
		func() {
			end := rapid.SampledFrom(lineEndings).Draw(rt, "line ending")
			name := rapid.SampledFrom(append([]string{"x)" + end + "finally:" + end + `  - http: {method: GET, url: "http:\x2f\x2f127.0.0.1\x2f${env('SECRET')}"}` + end + "#"}, hostileTexts...)).Draw(rt, "endpoint")
			r := httptest.NewRequest(http.MethodGet, schemas.PathPrefix+url.PathEscape(name), http.NoBody)
			server.Handler().ServeHTTP(httptest.NewRecorder(), r)
		},
		func() {
			do("PUT", s+"/parkings/"+url.PathEscape(draw("id")), m{"name": draw("name"), "city": draw("city"), "lat": "29.5", "lon": "106.5"})
		},
		func() { do("PUT", s+"/merchants/M1", m{"key": "key-1", "name": draw("name")}) },
		func() {
			do("POST", s+"/cars/enter", m{"plateNumber": "渝ATX061", "parkingId": draw("where"), "userType": draw("kind"), "fixParkingId": draw("fix"), "remainingDays": draw("days")})
		},
		func() {
			do("POST", s+"/cars/enter", m{"plateNumber": "渝ATX061", "parkingId": "1", "userType": "1", "fixParkingId": draw("fix"), "remainingDays": draw("days")})
		},
		func() {
			do("PUT", s+"/vehicles/"+url.PathEscape("渝ATX061"), m{"vin": draw("vin"), "engine": draw("engine")})
		},
		func() {
			do("POST", s+"/faults", m{"on": m{"endpoint": "carnum", "where": m{draw("name"): draw("matched")}}, "times": 1, "do": m{"code": 2, "message": draw("message")}})
		},
		func() {
			do("POST", s+"/pushes", m{"merchantNo": "M1", "kind": "entry", "fields": m{"parkingName": draw("field"), "plateNumber": draw("plate")}})
		},
		func() {
			r := httptest.NewRequest(http.MethodPost, schemas.PathPrefix+"carnum?"+url.Values{
				"merchant_no": {rapid.SampledFrom(append([]string{"M1"}, hostileTexts...)).Draw(rt, "no")}, "time_stamp": {draw("stamp")}, "data": {`{"token":"` + draw("token") + `"}`}, "sign": {draw("sign")},
			}.Encode(), http.NoBody)
			server.Handler().ServeHTTP(httptest.NewRecorder(), r)
		},
		func() {
			for _, field := range []string{"token", "${env(\"SECRET\")}"} {
				data, _ := json.Marshal(map[string]string{field: draw("value")}) //nolint:errchkjson // texts always encode
				stamp := time.Now().In(time.FixedZone("", 8*3600)).Format("20060102150405")
				r := httptest.NewRequest(http.MethodGet, schemas.PathPrefix+"carnum?"+url.Values{
					"merchant_no": {"M1"}, "time_stamp": {stamp}, "data": {string(data)}, "sign": {sign.Request(string(data), "key-1", stamp)},
				}.Encode(), http.NoBody)
				server.Handler().ServeHTTP(httptest.NewRecorder(), r)
			}
		},
	}
	for range rapid.IntRange(1, 6).Draw(rt, "steps") {
		rapid.SampledFrom(steps).Draw(rt, "step")()
	}
	do("POST", s+"/clock/advance", m{"by": "1s"}) // so that something was done
	text := recordingOf(rt, server.Handler(), "s", "")
	scenario, err := scenarios.Parse("recorded.yaml", []byte(text))
	require.NoError(rt, err, "%s", text)
	second, err := mock.New()
	require.NoError(rt, err)
	defer second.Close(context.Background())
	target := scenarios.InProcess(second.Handler())
	target.Env = func(name string) (string, bool) {
		rt.Fatalf("the recording reads %s of the environment:\n%s", name, text)
		return "", false
	}
	result, err := scenarios.RunCase(context.Background(), target, scenario.Cases()[0], scenarios.Options{Keep: true})
	require.NoError(rt, err, "%s", text)
	require.Equal(rt, scenarios.Passed, result.Status, "%s\n%s", failureOf(result), text)
	again := recordingOf(rt, second.Handler(), result.Sandbox, "")
	require.Equal(rt, withoutNotes(text), withoutNotes(strings.ReplaceAll(again, result.Sandbox, "s")), "what is recorded of the run is the same")
}

// Where the log no longer goes back to the beginning, a recording begins with what there was then, and says since when.
func TestRecording_ofALogThatWasCut(t *testing.T) {
	c := servertest.New(t)
	c.AcceptPushes(t)
	c.Do(t, http.MethodPatch, "/rules", m{"log.keep": 1000, "journal.keep": 100})
	c.Bind(t, "13800000001", "渝ATX061")
	c.Enter(t, "渝B00001")
	c.Advance(t, "1h")
	for range 2100 { // twice what is kept at least
		c.Call(t, "parkingstatus", m{"parkingId": "1"})
	}
	c.Exit(t, "渝B00001")
	text := c.Ask(t, http.MethodGet, servertest.Default+"/recording", nil).Body
	for _, want := range []string{
		"inputs are no longer kept. This begins at 2017-08-20 13:00:00", `clock: "2017-08-20 13:00:00"`, "log.keep: 1000", "plateNumber: 渝ATX061", `phone: "13800000001"`,
		`entranceTime: "2017-08-20 12:00:00"`,
	} {
		require.True(t, strings.Contains(text, want), want) //nolint:testifylint // the text is long
	}
	require.False(t, strings.Contains(text, "0001-01-01")) //nolint:testifylint // the text is long
	parsed, err := scenarios.Parse("recorded.yaml", []byte(text))
	require.NoError(t, err)
	require.NotEmpty(t, parsed)
}
