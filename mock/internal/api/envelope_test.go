package api_test

import (
	"context"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/client"
	"github.com/etcp-mock/etcp-mock/schemas"
	"github.com/etcp-mock/etcp-mock/sign"
)

// §9.1.3, §9.12.3: the envelope, byte for byte; data is absent where there is none.
func TestEnvelope_shape(t *testing.T) {
	d := newDesk(t)
	answer := d.want(0, "uservalidatecode", obj{"mobilePhone": alice})
	require.Equal(t, `{"code":0,"message":"ok"}`, string(answer.Raw))
	require.Equal(t, "application/json;charset=UTF-8", answer.Header.Get("Content-Type"))
	require.Regexp(t, `^r[0-9]+$`, answer.RequestID)
	require.Empty(t, answer.Header.Values("X-Mock-Reason"))
	answer = d.want(0, "carnum", obj{"token": d.token("M1", alice)})
	require.Equal(t, `{"code":0,"data":{"number":0},"message":"ok"}`, string(answer.Raw))
	answer = d.want(20101, "carnum", obj{"token": "x"})
	require.Equal(t, `{"code":20101,"message":"无效 token"}`, string(answer.Raw))
	require.Equal(t, "token-unknown", answer.Reason)
	entry, err := d.box.Request(t.Context(), answer.RequestID)
	require.NoError(t, err)
	require.Equal(t, string(answer.Raw), entry.Response)
}

// override is a request that is wrong in a certain way.
type override struct {
	client.Request

	data obj
}

// ways are the checks of a request in their order, each with what breaks it.
var ways = []struct {
	name  string
	code  int
	apply func(*override)
}{
	{"2 sign missing", 20102, func(b *override) { b.Omit = []string{"sign"} }},
	{"3 merchant", 5, func(b *override) { b.MerchantNo = "nobody" }},
	{"4 stamp malformed", 6, func(b *override) { b.TimeStamp = "20170230120000" }},
	{"5 stamp expired", 3, func(b *override) { b.TimeStamp = "20160101120000" }},
	{"6 sign wrong", 4, func(b *override) { b.Sign = strings.Repeat("0", 32) }},
	{"7 data no object", 6, func(b *override) { b.RawData = "[]" }},
	{"8 parameter missing", 20102, func(b *override) { delete(b.data, "carFrameNum") }},
	{"9 form", 6, func(b *override) { b.data["plateNumber"] = "X" }},
	{"9 lint under strict", 6, func(b *override) { b.data["unknown"] = 1 }},
	{"10 token", 20101, func(b *override) { b.data["token"] = "nonsense" }},
	{"11 the endpoint's own", 20100, func(b *override) { b.data["carEngineNum"] = "OTHER" }},
}

// A request that is wrong in two ways gets the code of the earlier check.
func TestEnvelope_checksInOrder(t *testing.T) {
	d := newDeskOf(t, func(f obj) {
		f["rules"] = obj{"strict": true}
		f["vehicles"] = []any{obj{"plateNumber": plate, "vin": vin, "engine": engine}}
	})
	token := d.token("M1", alice)
	reasons := map[int]string{}
	for _, way := range ways { // they are those of the table
		number, err := strconv.Atoi(strings.SplitN(way.name, " ", 2)[0])
		require.NoError(t, err)
		check := schemas.Checks()[number-1]
		require.Equal(t, number, check.Number)
		require.True(t, check.Codes == nil || slices.Contains(check.Codes, way.code), way.name)
	}
	for i, first := range ways {
		for j := i; j < len(ways); j++ {
			second := ways[j]
			if first.name[:1] == "4" && second.name[:1] == "5" {
				continue // one stamp cannot be both
			}
			b := override{data: obj{"token": token, "plateNumber": plate, "carFrameNum": vin, "carEngineNum": engine}}
			b.Endpoint = "carretrieve"
			second.apply(&b)
			first.apply(&b)
			b.Data = b.data
			answer := d.send(b.Request)
			require.Equal(t, first.code, answer.Code, "%s and %s: %s", first.name, second.name, answer.Reason)
			if i == j {
				reasons[i] = answer.Reason
			}
			require.Equal(t, reasons[i], answer.Reason, "%s and %s", first.name, second.name)
		}
	}
	b := obj{"token": token, "plateNumber": plate, "carFrameNum": vin, "carEngineNum": engine}
	d.want(0, "carretrieve", b)
}

// Check 2: each of the four present and not empty; the first in their order is named.
func TestEnvelope_fourParameters(t *testing.T) {
	d := newDesk(t)
	names := []string{"merchant_no", "time_stamp", "data", "sign"}
	for _, endpoint := range []string{"carnum", "bindcar"} {
		for i, name := range names {
			answer := d.send(client.Request{Endpoint: endpoint, Omit: names[i:]})
			require.Equal(t, 20102, answer.Code)
			require.Equal(t, "missing-parameter: "+name, answer.Reason)
			answer = d.send(client.Request{Endpoint: endpoint, Params: map[string]string{name: ""}})
			require.Equal(t, 20102, answer.Code)
			require.Equal(t, "missing-parameter: "+name, answer.Reason)
			require.Equal(t, `{"code":20102,"message":"缺少必要参数"}`, string(answer.Raw))
		}
	}
}

// Check 4, §3.2: yyyyMMddHHmmss and an instant that exists.
func TestEnvelope_timeStampMalformed(t *testing.T) {
	d := newDesk(t)
	for _, stamp := range []string{
		"2017-07-21 13:24:52", "20170230120000", "20171301000000", "20170101240000", "20170101006000", "20170101000060",
		"2017072113245", "201707211324520", "nonsense", "２０１７０７２１１３２４５２", " 2017072113245", "20170721132452 ", "-2017072113245",
		"20170721132452.5", "2017072113245\x00", "20170001000000", "20170100000000", "1500614692", "1500614692000", "+2017072113245", "2017072 132452",
	} {
		answer := d.send(client.Request{Endpoint: "carnum", TimeStamp: stamp})
		require.Equal(t, 6, answer.Code, "%q: %s", stamp, answer.Reason)
		require.Equal(t, "timestamp-malformed", answer.Reason, stamp)
	}
	for _, stamp := range []string{"00000101000000", "00010101000000", "99991231235959", "20160229000000"} {
		answer := d.send(client.Request{Endpoint: "carnum", TimeStamp: stamp})
		require.Equal(t, 3, answer.Code, "%q: %s", stamp, answer.Reason)
		require.Equal(t, "timestamp-expired", answer.Reason, stamp)
	}
}

// Check 5: within ±10m of the wall clock or of the sandbox's, its edge included.
func TestEnvelope_timeStampWindow(t *testing.T) {
	wall, stamp := anHour(t, "2026-01-01 00:05:00")
	d := newDesk(t, wall)
	_, sandbox := anHour(t, "2017-08-20 12:00:00")
	check := func(code int, stamp string) {
		t.Helper()
		answer := d.send(client.Request{Endpoint: "carnum", TimeStamp: stamp, Data: obj{"token": "x"}})
		require.Equal(t, code, answer.Code, stamp)
	}
	for _, clock := range []func(time.Duration) string{stamp, sandbox} {
		d.rules(obj{"timestamp.window": nil})
		for _, side := range []time.Duration{1, -1} {
			check(20101, clock(side*10*time.Minute))
			check(3, clock(side*(10*time.Minute+time.Second)))
		}
		d.rules(obj{"timestamp.window": "90s"})
		check(20101, clock(90*time.Second))
		check(3, clock(91*time.Second))
	}
	d.rules(obj{"timestamp.window": nil})
	d.advance("1h") // the sandbox's clock, read when it is used
	check(20101, sandbox(70*time.Minute))
	check(3, sandbox(0))
	check(20101, stamp(0))
}

// Check 6, §6: over the decoded text of data, byte for byte, in upper case.
func TestEnvelope_signature(t *testing.T) {
	wall, _ := anHour(t, "2017-07-21 13:24:52")
	d := newDeskOf(t, func(f obj) { f["merchants"] = []any{obj{"no": "M1", "key": "noxxxxx"}} }, wall)
	const data, stamp, signature = `{"param1":"value1","param2":"value2","param3":"value3"}`, "20170721132452", "A3DE1813F4DDBADFC18555E18A2E579D"
	signed := func(code int, data, signature string) {
		t.Helper()
		for _, endpoint := range []string{"carnum", "bindcar"} {
			answer := d.send(client.Request{Endpoint: endpoint, RawData: data, TimeStamp: stamp, Sign: signature})
			require.Equal(t, code, answer.Code, "%s %s", data, answer.Reason)
		}
	}
	signed(20102, data, signature) // §6's own: past the signature, where token is missing
	signed(4, data, strings.ToLower(signature))
	signed(4, data, signature[:31])
	signed(4, data, signature+" ")
	signed(4, data+" ", signature)
	for _, odd := range []string{
		`{ "plateNumber" : "渝A 12345" }`, `{"x":"a+b %2B & = <é>😀 \" "}`, "{\"x\":\n\t1}\r\n", `{"x":"%7B"}`,
	} {
		signed(20102, odd, sign.Request(odd, "noxxxxx", stamp))
		signed(4, odd, sign.Request(url.QueryEscape(odd), "noxxxxx", stamp))
	}
}

// Rule sign.whitespace: clients that strip every space, tab, CR and LF before hashing.
func TestEnvelope_signWhitespace(t *testing.T) {
	d := newDeskOf(t, func(f obj) { f["merchants"] = []any{obj{"no": "M1", "key": "key of M1"}} })
	const data = "{\"token\": \"x\",\r\n\t\"y\": 1}"
	for rule, codes := range map[string][2]int{"exact": {20101, 4}, "strip": {4, 20101}, "either": {20101, 20101}} {
		d.rules(obj{"sign.whitespace": rule})
		stamp := time.Now().In(client.Zone).Format(client.StampLayout)
		for i, ws := range []sign.Whitespace{sign.Exact, sign.Strip} {
			answer := d.send(client.Request{Endpoint: "carnum", RawData: data, TimeStamp: stamp, Sign: sign.RequestWith(ws, data, "key of M1", stamp)})
			require.Equal(t, codes[i], answer.Code, "%s %s", rule, ws)
		}
	}
}

// A plain request of net/http, past the client's good manners.
func (d *desk) http(method, path, contentType, body string) (status int, header http.Header, text string) {
	d.t.Helper()
	var reader io.Reader = http.NoBody
	if body != "" {
		reader = strings.NewReader(body)
	}
	q, err := http.NewRequestWithContext(context.Background(), method, d.url+path, reader)
	require.NoError(d.t, err)
	if contentType != "" {
		q.Header.Set("Content-Type", contentType)
	}
	transport := &http.Transport{DisableKeepAlives: true}
	a, err := transport.RoundTrip(q)
	require.NoError(d.t, err)
	defer a.Body.Close()
	raw, err := io.ReadAll(a.Body)
	require.NoError(d.t, err)
	return a.StatusCode, a.Header, string(raw)
}

// form is the four parameters of M1, encoded.
func form(data string) string {
	stamp := time.Now().In(client.Zone).Format(client.StampLayout)
	return url.Values{"merchant_no": {"M1"}, "time_stamp": {stamp}, "data": {data}, "sign": {sign.Request(data, "key-of-M1", stamp)}}.Encode()
}

const formType = "application/x-www-form-urlencoded"
