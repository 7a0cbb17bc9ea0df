package sign_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/sign"
)

const (
	docData  = `{"param1":"value1","param2":"value2","param3":"value3"}`
	docKey   = "noxxxxx"
	docStamp = "20170721132452"
	docSign  = "A3DE1813F4DDBADFC18555E18A2E579D"
)

func Example() {
	data := `{"token":"d970cff4","plateNumber":"渝B757D0"}`
	signature := sign.Request(data, "merchant-key", "20171027093000")
	fmt.Println(signature)

	v := sign.Verifier{Key: "merchant-key"}
	fmt.Println(v.Verify(data, "20171027093000", signature))
	fmt.Println(v.Verify(data, "20171027093000", strings.ToLower(signature)))
	// Output:
	// D2951AEA31036497652C887126A95EE5
	// <nil>
	// sign: mismatch
}

func TestVectors_documentsOwnComesFirst(t *testing.T) {
	v := sign.Vectors()[0]
	require.Equal(t, sign.Vector{
		Name: v.Name, Kind: "request", Data: docData, Key: docKey, Stamp: docStamp, Sign: docSign, Whitespace: sign.Exact,
	}, v)
	require.Equal(t, docSign, sign.Request(docData, docKey, docStamp))
}

func TestVectors(t *testing.T) {
	rules := map[string]int{}
	for _, v := range sign.Vectors() {
		t.Run(v.Name, func(t *testing.T) {
			rules[string(v.Whitespace)+string(v.SignData)]++
			switch v.Kind {
			case "request":
				require.Equal(t, v.Sign, sign.RequestWith(v.Whitespace, v.Data, v.Key, v.Stamp))
				require.NoError(t, sign.Verifier{Key: v.Key, Whitespace: v.Whitespace}.Verify(v.Data, v.Stamp, v.Sign))
				require.NoError(t, sign.Verifier{Key: v.Key, Whitespace: sign.Either}.Verify(v.Data, v.Stamp, v.Sign))
			case "push":
				require.Equal(t, v.Sign, sign.Push(v.MerchantNo, v.Data, v.Key))
				body := strings.TrimSuffix(v.Body, "}") + `,"signment":"` + v.Sign + `"}`
				check := sign.PushVerifier{MerchantNo: v.MerchantNo, Key: v.Key, SignData: v.SignData}
				require.NoError(t, check.Verify([]byte(body)))
			default:
				t.Fatalf("kind %q", v.Kind)
			}
		})
	}
	for _, rule := range []string{"exact", "strip", "either", "json", "values", "query"} {
		require.NotZero(t, rules[rule], "no vector for %s", rule)
	}
}

func TestVectors_areTheCallersOwn(t *testing.T) {
	sign.Vectors()[0].Sign = "spoiled"
	require.Equal(t, docSign, sign.Vectors()[0].Sign)
}

func TestVerifier_refuses(t *testing.T) {
	spaced := `{"a": 1}`
	for name, c := range map[string]struct {
		v                 sign.Verifier
		data, stamp, sign string
		want              error
	}{
		"no sign":              {sign.Verifier{Key: docKey}, docData, docStamp, "", sign.ErrMissing},
		"no data":              {sign.Verifier{Key: docKey}, "", docStamp, docSign, sign.ErrMissing},
		"no stamp":             {sign.Verifier{Key: docKey}, docData, "", docSign, sign.ErrMissing},
		"no key":               {sign.Verifier{}, docData, docStamp, sign.Request(docData, "", docStamp), sign.ErrMissing},
		"lower case":           {sign.Verifier{Key: docKey}, docData, docStamp, strings.ToLower(docSign), sign.ErrMismatch},
		"one digit less":       {sign.Verifier{Key: docKey}, docData, docStamp, docSign[:31], sign.ErrMismatch},
		"one digit more":       {sign.Verifier{Key: docKey}, docData, docStamp, docSign + "0", sign.ErrMismatch},
		"another key":          {sign.Verifier{Key: "other"}, docData, docStamp, docSign, sign.ErrMismatch},
		"stripped under exact": {sign.Verifier{Key: "k"}, spaced, docStamp, sign.RequestWith(sign.Strip, spaced, "k", docStamp), sign.ErrMismatch},
		"exact under strip": {
			sign.Verifier{Key: "k", Whitespace: sign.Strip}, spaced, docStamp, sign.Request(spaced, "k", docStamp), sign.ErrMismatch,
		},
	} {
		t.Run(name, func(t *testing.T) {
			err := c.v.Verify(c.data, c.stamp, c.sign)
			require.ErrorIs(t, err, c.want)
			require.NotContains(t, err.Error(), docKey)
		})
	}
}

func TestPushVerifier_refuses(t *testing.T) {
	v := sign.PushVerifier{MerchantNo: "M1", Key: "k"}
	signed := func(fields ...sign.Field) string { return sign.Push("M1", sign.PushText(fields, sign.JSON), "k") }
	ab := signed(sign.Field{Name: "a", Value: "1"}, sign.Field{Name: "b", Value: 2})
	for name, c := range map[string]struct {
		body string
		want error
	}{
		"right":                 {`{"a":"1","b":2,"signment":"` + ab + `"}`, nil},
		"signment first":        {` { "signment" : "` + ab + `", "a":"1","b":2}`, nil},
		"fields in other order": {`{"b":2,"a":"1","signment":"` + ab + `"}`, sign.ErrMismatch},
		"number quoted":         {`{"a":"1","b":"2","signment":"` + ab + `"}`, sign.ErrMismatch},
		"number rewritten":      {`{"a":"1","b":2.0,"signment":"` + ab + `"}`, sign.ErrMismatch},
		"lower case":            {`{"a":"1","b":2,"signment":"` + strings.ToLower(ab) + `"}`, sign.ErrMismatch},
		"no signment":           {`{"a":"1","b":2}`, sign.ErrMissing},
		"empty signment":        {`{"a":"1","b":2,"signment":""}`, sign.ErrMissing},
		"signment a number":     {`{"a":"1","signment":7}`, sign.ErrMalformed},
		"a name twice":          {`{"a":"1","b":2,"a":"1","signment":"` + ab + `"}`, sign.ErrMalformed},
		"signment twice":        {`{"signment":"x","a":"1","b":2,"signment":"` + ab + `"}`, sign.ErrMalformed},
		"an object inside":      {`{"a":{},"signment":"` + ab + `"}`, sign.ErrMalformed},
		"an array inside":       {`{"a":[1],"signment":"` + ab + `"}`, sign.ErrMalformed},
		"an array":              {`["a"]`, sign.ErrMalformed},
		"a scalar":              {`null`, sign.ErrMalformed},
		"two objects":           {`{} {}`, sign.ErrMalformed},
		"cut off":               {`{"a":"1"`, sign.ErrMalformed},
		"empty":                 {``, sign.ErrMalformed},
		"not UTF-8":             {"{\"a\":\"\xd3\xe5\",\"signment\":\"x\"}", sign.ErrMalformed},
	} {
		t.Run(name, func(t *testing.T) {
			err := v.Verify([]byte(c.body))
			if c.want == nil {
				require.NoError(t, err)
				return
			}
			require.ErrorIs(t, err, c.want)
		})
	}
	body := []byte(`{"a":"1","b":2,"signment":"` + ab + `"}`)
	require.ErrorIs(t, sign.PushVerifier{Key: "k"}.Verify(body), sign.ErrMissing)
	require.ErrorIs(t, sign.PushVerifier{MerchantNo: "M1"}.Verify(body), sign.ErrMissing)
}

func TestPushVerifier_formFields(t *testing.T) {
	fields := []sign.Field{{Name: "synId", Value: "9E"}, {Name: "parkId", Value: sign.Number("1002559")}, {Name: "remainingDays", Value: ""}}
	for _, how := range []sign.PushData{sign.JSON, sign.Values, sign.Query, ""} {
		signment := sign.Push("M1", sign.PushText(fields, how), "k")
		v := sign.PushVerifier{MerchantNo: "M1", Key: "k", SignData: how}
		require.NoError(t, v.VerifyFields(fields, signment))
		require.ErrorIs(t, v.VerifyFields(fields[1:], signment), sign.ErrMismatch)
		require.ErrorIs(t, v.VerifyFields(fields, ""), sign.ErrMissing)
	}
}

func TestPushText(t *testing.T) {
	fields := []sign.Field{{"b", "渝<&>\u2028"}, {"a", 0}, {"c", int64(-9)}, {"d", sign.Number("5.50")}, {"e", ""}}
	require.Equal(t, "{\"b\":\"渝<&>\u2028\",\"a\":0,\"c\":-9,\"d\":5.50,\"e\":\"\"}", sign.PushText(fields, sign.JSON))
	require.Equal(t, "渝<&>\u20280-95.50", sign.PushText(fields, sign.Values))
	require.Equal(t, "b=渝<&>\u2028&a=0&c=-9&d=5.50&e=", sign.PushText(fields, sign.Query))
	require.Equal(t, "{}", sign.PushText(nil, sign.JSON))
	require.Panics(t, func() { sign.PushText([]sign.Field{{"x", 1.5}}, sign.JSON) })
}

func TestAppendJSONString_isEncodingJSONWithoutItsEscapes(t *testing.T) {
	for _, s := range []string{"", "plain", "渝B757D0", "\"\\/", "\x00\x01\b\f\n\r\t\x1f\x7f", "<&>", "a\xffb\xd3\xe5", "🚗", "\u2028\u2029"} {
		var buf bytes.Buffer
		enc := json.NewEncoder(&buf)
		enc.SetEscapeHTML(false)
		require.NoError(t, enc.Encode(s))
		want := strings.NewReplacer(`\u2028`, "\u2028", `\u2029`, "\u2029", `\ufffd`, "\ufffd").Replace(strings.TrimSuffix(buf.String(), "\n"))
		require.Equal(t, want, string(sign.AppendJSONString(nil, s)))
	}
}

func TestVectorsJSON_isWhatVectorsReturns(t *testing.T) {
	raw, err := os.ReadFile("vectors.json")
	require.NoError(t, err)
	var all []sign.Vector
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.DisallowUnknownFields()
	require.NoError(t, dec.Decode(&all))
	require.Equal(t, all, sign.Vectors())
}
