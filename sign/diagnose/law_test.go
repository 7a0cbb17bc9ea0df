package diagnose_test

import (
	"encoding/hex"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/etcp-mock/etcp-mock/sign/diagnose"
	"github.com/etcp-mock/etcp-mock/sign/diagnose/inspect"
)

// A random signature is given no kind, whatever came with it, and no explanation holds a key.
func TestRequest_randomSignature(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		key := rapid.StringMatching(`[a-zA-Z0-9/+=" ]{8,24}`).Draw(t, "key")
		data := rapid.OneOf(
			rapid.StringMatching(`\{"token":"[a-z0-9]{4}","plateNumber":"[渝?æ\x{200b}]?A[A-Z0-9]{5}","payment":[0-9]{1,3}(\.[0-9])?\}`),
			rapid.String(),
			rapid.Just(`{"k":"`+key+`"}`),
		).Draw(t, "data")
		size := rapid.SampledFrom([]int{16, 16, 16, 20, 32, 64}).Draw(t, "size") // those of SHA-1, SHA-256 and SHA-512, too
		digest := rapid.SliceOfN(rapid.Byte(), size, size).Draw(t, "sign")
		signature := strings.ToUpper(hex.EncodeToString(digest))
		body := "merchant_no=M1&data=" + rapid.SampledFrom([]string{url.QueryEscape(data), data}).Draw(t, "raw")
		out := diagnose.Request{MerchantNo: "M1", Key: key, Data: data, Stamp: patientStamp, Sign: signature, RawBody: body, OtherKeys: map[string]string{"M2": "other-key-1"}}.Examine()
		require.Len(t, out.Findings, 1)
		require.Equal(t, "unknown", out.Findings[0].Kind)
		for _, text := range texts(out) {
			require.NotContains(t, text, key)
			require.NotContains(t, text, "other-key-1")
		}
	})
}

// A signature made with a key that nobody has is given no kind either, whatever the request: only the key is wrong, and no explanation holds one.
func TestRequest_randomKey(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		key := rapid.StringMatching(`[a-zA-Z0-9]{16}`).Draw(t, "key")
		used := rapid.StringMatching(`[a-zA-Z0-9]{16}`).Filter(func(s string) bool { return s != key }).Draw(t, "used")
		data := rapid.SampledFrom([]string{
			`{"token":"d970cff4-3811","plateNumber":"渝ATX061","plateColor":"1"}`, `{"lat": 29.5, "lon": 106.5, "radius": 1000}`, `{"city":"???"}`, `{"payment":8.50,"appId":""}`,
			`{"verificationInfo":"A1b2 /zQ=="}`, `{'token': 't'}`, `{"plateNumber":"æ¸ATX061"}`, `token=t&plateColor=1`, `{&quot;a&quot;:1}`, `{"token":"t`,
		}).Draw(t, "data")
		body := "merchant_no=M1&time_stamp=" + patientStamp + "&data=" + url.QueryEscape(data)
		out := diagnose.Request{MerchantNo: "M1", Key: key, Data: data, Stamp: patientStamp, Sign: raw(data + used + patientStamp), RawBody: body, OtherKeys: map[string]string{"M2": "other-key-1"}}.Examine()
		require.Len(t, out.Findings, 1)
		require.Equal(t, "unknown", out.Findings[0].Kind)
		for _, text := range texts(out) {
			for _, secret := range []string{key, used, "other-key-1"} {
				require.NotContains(t, text, secret)
			}
		}
		right := diagnose.Request{MerchantNo: "M1", Key: key, Data: data, Stamp: patientStamp, Sign: raw(data + key + patientStamp), RawBody: body}.Examine()
		require.True(t, right.OK)
		require.Empty(t, right.Findings)
	})
}

func texts(out diagnose.Result) []string {
	all := []string{out.Signed}
	for _, f := range out.Findings {
		all = append(all, f.Detail, f.DetailZh, f.Evidence, f.EvidenceZh, f.Fix, f.FixZh)
	}
	for _, a := range out.Alternatives {
		for _, f := range a {
			all = append(all, f.Detail, f.DetailZh, f.Evidence, f.EvidenceZh, f.Fix, f.FixZh)
		}
	}
	return all
}

// No input makes an explanation fail, or break a line.
func FuzzExplanations(f *testing.F) {
	for _, seed := range []string{`{"a":1}`, "20171027093000", "渝A·TX061", "<html>", "merchantNo=1&data[x]=2", "\uFEFF", "{&quot;", "%", "a=b=c&&=", "{\"a\":\"\xd3\xe5\"}"} {
		f.Add(seed, seed)
	}
	f.Fuzz(func(t *testing.T, a, b string) {
		findings := []diagnose.Finding{inspect.Data(a)}
		add := func(found diagnose.Finding, ok bool) {
			if ok {
				findings = append(findings, found)
			}
		}
		for _, param := range []string{"merchant_no", "time_stamp", "data", "sign"} {
			add(inspect.Missing(param, inspect.Arrived{RawQuery: a, Body: b, ContentType: a, Want: "GET"}))
			add(inspect.Missing(param, inspect.Arrived{RawQuery: b, Body: a, ContentType: "application/x-www-form-urlencoded"}))
		}
		add(inspect.Stamp(a))
		add(inspect.Plate(a))
		add(inspect.Amount(a, b))
		add(inspect.Sealed(a, len(b)))
		known := func(id string) bool { return id == b }
		add(inspect.OrderID(a, known))
		add(inspect.Token(a, known))
		add(inspect.ParkingID(a, known, func(string) string { return b }))
		add(inspect.Answer([]byte(a)))
		for _, status := range []int{400, 431, 501} {
			add(inspect.Head(status, []byte(a+b)), true)
		}
		add(inspect.Path(a, "/p/", []string{"bindcar", "carnum"}))
		for _, found := range findings {
			if found.Kind == "" || found.Detail == "" || found.Fix == "" || found.FixZh == "" || strings.ContainsAny(found.Detail+found.DetailZh+found.Evidence+found.EvidenceZh+found.Fix+found.FixZh, "\n\r") {
				t.Fatalf("%+v", found)
			}
		}
	})
}

// The right hash in small letters is called that, whichever digits it has: one in 64 has the bits of a UUID of version 3.
func TestRequest_smallLetters(t *testing.T) {
	for i := range 300 {
		data := `{"token":"t` + strconv.Itoa(i) + `"}`
		out := diagnose.Request{MerchantNo: "M1", Key: "key-of-M1", Data: data, Stamp: patientStamp, Sign: strings.ToLower(raw(data + "key-of-M1" + patientStamp))}.Examine()
		require.Len(t, out.Findings, 1)
		require.Equal(t, "lower-case", out.Findings[0].Kind, data)
	}
}

// A printed object is known with what its language calls null, true and false, and with names without quotes.
func TestRequest_printedWithWords(t *testing.T) {
	const data = `{"token":"t1","plateNumber":"渝ATX061","payType":null,"now":true,"n":8.5}`
	for signed, kind := range map[string]string{
		`{'token': 't1', 'plateNumber': '渝ATX061', 'payType': None, 'now': True, 'n': 8.5}`: "python-repr",
		`{"token"=>"t1", "plateNumber"=>"渝ATX061", "payType"=>nil, "now"=>true, "n"=>8.5}`:  "python-repr",
		`{token=t1, plateNumber=渝ATX061, payType=null, now=true, n=8.5}`:                    "map-to-string",
		`{ token: 't1', plateNumber: '渝ATX061', payType: null, now: true, n: 8.5 }`:         "map-to-string",
		`map[n:8.5 now:true payType:<nil> plateNumber:渝ATX061 token:t1]`:                    "map-to-string",
	} {
		out := diagnose.Request{MerchantNo: "M1", Key: "key-of-M1", Data: data, Stamp: patientStamp, Sign: raw(signed + "key-of-M1" + patientStamp)}.Examine()
		require.NotEmpty(t, out.Findings)
		require.Equal(t, kind, out.Findings[0].Kind, signed)
	}
}
