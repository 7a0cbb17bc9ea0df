package fuzz

import (
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/etcp-mock/etcp-mock/contract/fuzz/internal/model"
	"github.com/etcp-mock/etcp-mock/scenarios"
)

// Each kind of step is written as the step of a scenario that does the same.
func TestStory_scenarioSteps(t *testing.T) {
	t.Parallel()
	call := func(change func(f *fuzzStep)) fuzzStep {
		f := fuzzStep{id: 4, action: "call", subject: "carnum", fields: []fuzzField{{"token", "t"}}}
		change(&f)
		return f
	}
	for _, c := range []struct {
		name  string
		step  fuzzStep
		lines []string
	}{
		{"a wait", fuzzStep{action: "advance", subject: "1h0m30s"}, []string{"  - {advance: 1h0m30s}"}},
		{"a message", fuzzStep{id: 2, action: "sms", fields: []fuzzField{{"mobilePhone", symbol("phone1")}}}, []string{`  - {sms: {"mobilePhone":"${phone1}"}, save: {code2: code}}`, `vars: {phone1: "13900000008"}`}},
		{"a car that comes", fuzzStep{action: "enter", fields: []fuzzField{{"plateNumber", "渝A00001"}, {"parkingId", "1"}}}, []string{`  - {enter: {"plateNumber":"渝A00001","parkingId":"1"}}`}},
		{"a car that goes", fuzzStep{action: "exit", fields: []fuzzField{{"plateNumber", "渝A00001"}, {"payment", "none"}}}, []string{`  - {exit: {"plateNumber":"渝A00001","payment":"none"}}`}},
		{"a push again", fuzzStep{id: 9, action: "redeliver", subject: "0"}, []string{"  - {push: entry, save: {push9: push.id}}", `  - {redeliver: "${push9}"}`}},
		{"a call", call(func(*fuzzStep) {}), []string{"  - call: carnum", `    data: {"token":"t"}`, "    expect: {code: 20101}"}},
		{"the other merchant's", call(func(f *fuzzStep) { f.as = 1 }), []string{"    as: two"}},
		{"a changed token", call(func(f *fuzzStep) { f.fields[0].value = derived{"text0", "longer"} }), []string{`    data: {"token":"${text0 + '0'}"}`, `vars: {text0: "T1-0"}`}},
		{"spaces", call(func(f *fuzzStep) { f.style = "spaced" }), []string{`rawData: " {\r\n\"token\" : \"t\"\n} "`}},
		{"a name twice", call(func(f *fuzzStep) { f.style = "twice" }), []string{`rawData: "{\"token\":{\"x\":[false]},\"token\":\"t\"}"`}},
		{"garbage", call(func(f *fuzzStep) { f.raw = "[]" }), []string{`request: {rawData: "[]"}`}},
		{"what is no text", call(func(f *fuzzStep) { f.raw = "\xff" }), []string{`request: {encodedData: "%FF"}`}},
		{"an encoding", call(func(f *fuzzStep) { f.raw, f.encoded = "%00", "%2500" }), []string{`request: {encodedData: "%2500"}`}},
		{"no sign", call(func(f *fuzzStep) { f.overrides = []string{"no sign"} }), []string{"request: {omit: [sign]}"}},
		{"an empty stamp", call(func(f *fuzzStep) { f.overrides = []string{"an empty time_stamp"} }), []string{`request: {timeStamp: ""}`}},
		{"an empty data", call(func(f *fuzzStep) { f.overrides = []string{"an empty data"} }), []string{`request: {rawData: ""}`}},
		{"another merchant", call(func(f *fuzzStep) { f.overrides = []string{"merchant {merchant}x"} }), []string{`request: {merchantNo: "${merchant}x"}`}},
		{"a merchant cut short", call(func(f *fuzzStep) { f.overrides = []string{"merchant {beginning}"} }), []string{`merchantNo: "${merchant[0:len(merchant) - 1]}"`}},
		{"the other key", call(func(f *fuzzStep) { f.overrides = []string{"key other"} }), []string{"request: {key: " + strconv.Quote(model.Keys[1]) + "}"}},
		{"an old stamp", call(func(f *fuzzStep) { f.overrides = []string{"stamp -11m"} }), []string{`request: {timeStamp: "-11m"}`}},
		{"a stamp at the edge", call(func(f *fuzzStep) { f.stamp = "20170820121000" }), []string{`request: {timeStamp: "20170820121000"}`}},
		{"a wrong sign", call(func(f *fuzzStep) { f.overrides = []string{"sign {lower}"} }), []string{`request: {sign: "{lower}"}`}},
		{"hashed otherwise", call(func(f *fuzzStep) { f.overrides = []string{"hashed without the key"} }), []string{`signed: "{\"token\":\"t\"}20170820120000", timeStamp: "20170820120000"`}},
		{"stripped", call(func(f *fuzzStep) { f.raw, f.strip = `{"a": 1}`, true }), []string{`signed: "{\"a\":1}{key}{time_stamp}"`}},
		{"by PUT", call(func(f *fuzzStep) { f.way = "by PUT" }), []string{`request: {method: "PUT"}`, "expect: {code: 20101, httpStatus: 405}"}},
		{"by HEAD", call(func(f *fuzzStep) { f.way = "by HEAD" }), []string{`  - http: {method: HEAD, url: "/merchant/open/1.0.0/openapi/carnum"}`, "    expect: {status: 405}"}},
		{"a path", call(func(f *fuzzStep) { f.way = "with a slash" }), []string{`  - http: {method: GET, url: "/merchant/open/1.0.0/openapi/carnum/"}`, "    expect: {status: 404}"}},
		{"a version", call(func(f *fuzzStep) { f.way = "another version" }), []string{`version: "2.0.0"`, "httpStatus: 404"}},
		{"a type", call(func(f *fuzzStep) { f.way = "a GET with a type" }), []string{`headers: {Content-Type: "application/json"}`}},
		{"a query", call(func(f *fuzzStep) { f.way = "with more beside" }), []string{`query: "x=1&{params}&y"`}},
		{"a large body", call(func(f *fuzzStep) { f.subject, f.way = "bindcar", "a byte over a mebibyte in chunks" }), []string{"size: 1048577", "headers: {Transfer-Encoding: chunked}", "httpStatus: 413"}},
		{"no type", call(func(f *fuzzStep) { f.subject, f.way = "bindcar", "a body of -" }), []string{`headers: {Content-Type: ""}`}},
	} {
		at := &breach{message: "x", step: 4, wantCode: 20101, redelivered: map[int]string{9: "entry"}}
		text := story{salt: 1, steps: []fuzzStep{c.step}}.scenario(model.Usual(), at)
		for _, line := range c.lines {
			require.Contains(t, text, line, c.name)
		}
		parsed, err := scenarios.Parse("found.yaml", []byte(text))
		require.NoError(t, err, "%s: %s", c.name, text)
		require.Len(t, parsed.Steps, strings.Count(text, "\n  - "), text)
	}
}

// What a step takes is saved by the step that was asked for it, if its answer gave it; what none gave is a text that nobody gave. A step that is as it was has its code.
func TestStory_scenarioLinks(t *testing.T) {
	t.Parallel()
	s := story{steps: []fuzzStep{
		{action: "call", subject: "usersigin", fields: []fuzzField{{"mobilePhone", symbol("phone0")}}},
		{id: 1, action: "call", subject: "orderunpay", fields: []fuzzField{{"token", symbol("token0")}}},
		{id: 2, action: "call", subject: "orderpaid", fields: []fuzzField{
			{"token", derived{"token0", "changed"}}, {"orderId", symbol("order1")}, {"payment", symbol("fee1")}, {"verificationInfo", symbol("proof1")},
		}},
	}}
	at := &breach{message: "x", step: 2, wantCode: 20101, codes: map[int]int{1: 20203}, known: map[symbol]any{"token0": "T", "order1": "O", "fee1": "5", "proof1": "P"}}
	text := s.scenario(model.Usual(), at)
	require.Contains(t, text, "save: {token0: \"data.token\"}\n")
	require.Contains(t, text, "save: {fee1: \"data[0].remainingFee\", order1: \"data[0].orderId\", proof1: \"data[0].verificationInfo\"}\n    expect: {code: 20203}\n")
	require.Contains(t, text, `data: {"token":"${'~' + token0[1:]}","orderId":"${order1}","payment":"${fee1}","verificationInfo":"${proof1}"}`+"\n    expect: {code: 20101}\n")
	at.known = map[symbol]any{"token0": "T"}
	text = s.scenario(model.Usual(), at)
	require.NotContains(t, text, "order1")
	require.Contains(t, text, `"orderId":"never-given","payment":"5","verificationInfo":"never-given"}`)
	at.shows, at.step = "  - {advance: 1s}\n", 2
	require.NotContains(t, s.scenario(model.Usual(), at), "code: 20101", "what shows it comes after")
}

var (
	reference = regexp.MustCompile(`(?:token|order|proof|fee|scroll|code|push|phone|plate|text)\d+`)
	isGiven   = regexp.MustCompile(`((?:token|order|proof|fee|scroll|code|push|phone|plate|text)\d+): `)
)

// Whatever the story: what its scenario refers to, a variable or a step before has given.
func TestStory_scenarioRefersToWhatIsGiven(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s, _, _ := drawn(t)
		text := s.scenario(model.SetupOf(s.made, true), &breach{message: "x", wantCode: model.Unsure})
		given := map[string]bool{}
		for line := range strings.SplitSeq(text, "\n") {
			for _, expression := range regexp.MustCompile(`\$\{[^}]*\}`).FindAllString(line, -1) {
				for _, name := range reference.FindAllString(expression, -1) {
					require.True(t, given[name], "%s in %s\n%s", name, line, text)
				}
			}
			for _, name := range isGiven.FindAllStringSubmatch(line, -1) {
				given[name[1]] = true
			}
		}
	})
}
