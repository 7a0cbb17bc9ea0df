package diagnose_test

import (
	"crypto/hmac"
	"crypto/md5"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/text/encoding/simplifiedchinese"

	"github.com/etcp-mock/etcp-mock/sign"
	"github.com/etcp-mock/etcp-mock/sign/diagnose"
	"github.com/etcp-mock/etcp-mock/sign/diagnose/diagnosetest"
)

const (
	patientData  = `{"token":"t/1","plateNumber":"渝B757D0","note":"a b+<c>","parkingId":7,"appId":""}`
	patientKey   = "5f4dcc3b5aa765d6"
	patientStamp = "20171027093000"
	otherKey     = "0a1b2c3d4e5f6071"
)

func findings(r diagnose.Request) []diagnose.Finding { return r.Examine().Findings }

func pushFindings(p diagnose.Push) []diagnose.Finding {
	out, err := p.Examine()
	if err != nil {
		return []diagnose.Finding{diagnose.Malformed(err)}
	}
	return out.Findings
}

func raw(text string) string {
	sum := md5.Sum([]byte(text))
	return strings.ToUpper(hex.EncodeToString(sum[:]))
}

func patient(signature string) diagnose.Request {
	return diagnose.Request{
		MerchantNo: "M10086", Key: patientKey, Data: patientData, RawData: url.QueryEscape(patientData), Stamp: patientStamp,
		Sign: signature, OtherKeys: map[string]string{"M2": "ffffffffffff", "M3": otherKey, "M4": otherKey},
	}
}

// with is the signature of patientData with something replaced in it.
func with(old, replacement string) string {
	data := strings.ReplaceAll(patientData, old, replacement)
	if data == patientData {
		panic("nothing replaced: " + old)
	}
	return raw(data + patientKey + patientStamp)
}

func ofData(data string) string { return raw(data + patientKey + patientStamp) }

func TestDiagnose_namesTheMistake(t *testing.T) {
	const d, k, s = patientData, patientKey, patientStamp
	gbk, err := simplifiedchinese.GBK.NewEncoder().String(d)
	require.NoError(t, err)
	right := sign.Request(d, k, s)
	digest, _ := hex.DecodeString(right)
	mac := hmac.New(sha256.New, []byte(k))
	mac.Write([]byte(d + s))
	macMD5 := hmac.New(md5.New, []byte(k))
	macMD5.Write([]byte(d + s))
	spaced := strings.NewReplacer(`":`, `": `, `,"`, `, "`).Replace(d)
	for _, c := range []struct {
		name, sign string
		want       []string
	}{
		{"lower case", strings.ToLower(right), []string{"lower-case"}},
		{"white space stripped", sign.RequestWith(sign.Strip, d, k, s), []string{"whitespace-stripped"}},
		{"data as in the URL", ofData(url.QueryEscape(d)), []string{"data-url-encoded"}},
		{"data with %20", ofData(url.PathEscape(d)), []string{"data-url-encoded"}},
		{"data encoded twice", ofData(url.QueryEscape(url.QueryEscape(d))), []string{"data-double-encoded"}},
		{"plus lost", with("+", " "), []string{"plus-for-space"}},
		{"keys sorted", ofData(`{"appId":"","note":"a b+<c>","parkingId":7,"plateNumber":"渝B757D0","token":"t/1"}`), []string{"keys-sorted"}},
		{"keys shuffled", ofData(`{"parkingId":7,"token":"t/1","appId":"","plateNumber":"渝B757D0","note":"a b+<c>"}`), []string{"keys-reordered"}},
		{"Python's spaces", ofData(spaced), []string{"json-spaced"}},
		{"indented", ofData("{\n  \"token\": \"t/1\",\n  \"plateNumber\": \"渝B757D0\",\n  \"note\": \"a b+<c>\",\n  \"parkingId\": 7,\n  \"appId\": \"\"\n}"), []string{"json-spaced"}},
		{"escaped characters", with("渝", `\u6e1d`), []string{"json-escaped-unicode"}},
		{"escaped in upper case", with("渝", `\u6E1D`), []string{"json-escaped-unicode"}},
		{"json.dumps", ofData(strings.ReplaceAll(spaced, "渝", `\u6e1d`)), []string{"json-spaced", "json-escaped-unicode"}},
		{"escaped slash", with("/", `\/`), []string{"json-escaped-slash"}},
		{"json_encode", ofData(strings.NewReplacer("/", `\/`, "渝", `\u6e1d`).Replace(d)), []string{"json-escaped-unicode", "json-escaped-slash"}},
		{"Go's HTML escapes", with("<c>", `\u003cc\u003e`), []string{"json-escaped-html"}},
		{"key last", raw(d + s + k), []string{"key-stamp-swapped"}},
		{"key first", raw(k + d + s), []string{"parts-reordered"}},
		{"joined by &", raw(d + "&" + k + "&" + s), []string{"ampersand-joined"}},
		{"named and joined", raw("data=" + d + "&key=" + k + "&time_stamp=" + s), []string{"ampersand-joined"}},
		{"joined by |", raw(d + "|" + k + "|" + s), []string{"separator-joined"}},
		{"no key", raw(d + s), []string{"key-missing"}},
		{"no stamp", raw(d + k), []string{"stamp-missing"}},
		{"a push's formula", raw("M10086" + d + k), []string{"push-formula"}},
		{"number for key", raw(d + "M10086" + s), []string{"merchant-no-for-key"}},
		{"key with line end", raw(d + k + "\n" + s), []string{"key-trailing-newline"}},
		{"key with space", raw(d + k + " " + s), []string{"key-padded"}},
		{"key in upper case", raw(d + strings.ToUpper(k) + s), []string{"key-case"}},
		{"key hashed", raw(d + strings.ToLower(raw(k)) + s), []string{"key-hashed"}},
		{"echo without -n", raw(d + k + s + "\n"), []string{"trailing-newline"}},
		{"stamp in seconds", raw(d + k + "1509067800"), []string{"stamp-format"}},
		{"stamp in milliseconds", raw(d + k + "1509067800000"), []string{"stamp-format"}},
		{"stamp readable", raw(d + k + "2017-10-27 09:30:00"), []string{"stamp-format"}},
		{"stamp ISO", raw(d + k + "2017-10-27T09:30:00+08:00"), []string{"stamp-format"}},
		{"stamp in UTC", raw(d + k + "20171027013000"), []string{"stamp-zone"}},
		{"clock asked twice", raw(d + k + "20171027092959"), []string{"stamp-drift"}},
		{"GBK", ofData(gbk), []string{"gbk-encoded"}},
		{"no Chinese", with("渝", "?"), []string{"ascii-question-marks"}},
		{"another's key", raw(d + otherKey + s), []string{"other-merchant-key"}},
		{"16 digits", right[8:24], []string{"truncated"}},
		{"cut off", right[:30], []string{"truncated"}},
		{"not hex", "Z" + right[1:], []string{"not-hex"}},
		{"base64", base64.StdEncoding.EncodeToString(digest), []string{"base64"}},
		{"BitConverter", strings.TrimSuffix(strings.ToUpper(fmt.Sprintf("% x", digest)), " "), []string{"sign-separated"}},
		{"SHA-256", fmt.Sprintf("%X", sha256.Sum256([]byte(d+k+s))), []string{"sha256"}},
		{"HMAC-SHA256", fmt.Sprintf("%X", mac.Sum(nil)), []string{"hmac-sha256"}},
		{"HMAC-MD5", fmt.Sprintf("%X", macMD5.Sum(nil)), []string{"hmac-md5"}},
		{"map printed", ofData("{token=t/1, plateNumber=渝B757D0, note=a b+<c>, parkingId=7, appId=}"), []string{"map-to-string"}},
		{"number quoted", with(":7", `:"7"`), []string{"json-number-quoted"}},
		{"empty dropped", with(`,"appId":""`, ""), []string{"empty-dropped"}},
		{"null for empty", with(`""`, "null"), []string{"null-for-empty"}},
		{"lower case and sorted", strings.ToLower(ofData(`{"appId":"","note":"a b+<c>","parkingId":7,"plateNumber":"渝B757D0","token":"t/1"}`)), []string{"lower-case", "keys-sorted"}},
		{"encoded and swapped", raw(url.QueryEscape(d) + s + k), []string{"data-url-encoded", "key-stamp-swapped"}},
		{"something else", raw("something else"), []string{"unknown"}},
		{"nothing", "", []string{"sign-missing"}},
		{"right", right, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			var kinds []string
			for _, f := range findings(patient(c.sign)) {
				kinds = append(kinds, f.Kind)
				diagnosetest.Whole(t, f, patientKey, otherKey)
			}
			require.Equal(t, c.want, kinds)
		})
	}
}

func TestDiagnose_showsTheTextAndTheFirstDifference(t *testing.T) {
	found := findings(diagnose.Request{
		Key: "secret", Data: `{"a":1,"b":"渝"}`, Stamp: patientStamp,
		Sign: raw(`{"a": 1, "b": "渝"}` + "secret" + patientStamp),
	})
	require.Equal(t, []diagnose.Finding{{
		Kind:       "json-spaced",
		Detail:     `the JSON was laid out with spaces after commas and colons, as Python's json.dumps writes; signed {"a": 1, "b": "渝"}•••20171027093000`,
		DetailZh:   `JSON 的排版是：逗号和冒号后带空格，如 Python 的 json.dumps；实际签名的文本是 {"a": 1, "b": "渝"}•••20171027093000`,
		Evidence:   "first difference at byte 6 of data, in a: signed ` 1, \"b\": \"渝`, but sent `1,\"b\":\"渝\"}`",
		EvidenceZh: "data 的第一处不同在第 6 字节，字段 a：签名的是 ` 1, \"b\": \"渝`，发送的是 `1,\"b\":\"渝\"}`",
		Fix:        "Sign the very text that is sent; it has less white space",
		FixZh:      "请对实际发送的文本签名；它的空白更少",
	}}, found)
}

// However much there is to guess about the JSON, the keys of the others are tried.
func TestDiagnose_otherKeyOfALongObject(t *testing.T) {
	a := patient("")
	a.Data = `{"token":"d970cff4-3811-438b-ba90-50503510345b","orderId":"9E2F1B7C-6D0A-4C37-9D55-0C1C6B0B7E11","externalOrderId":"x1",` +
		`"payment":"8.00","payTime":"2017-10-27 09:30:00","verificationInfo":"` + strings.Repeat("A1b2", 32) + `"}`
	a.Sign = raw(a.Data + otherKey + patientStamp)
	found := findings(a)
	require.Equal(t, "other-merchant-key", found[0].Kind)
	require.Contains(t, found[0].Detail, "merchant M3")
}

func TestDiagnose_leadingZero(t *testing.T) {
	for i := range 1000 {
		data := fmt.Sprintf(`{"i":%d}`, i)
		right := sign.Request(data, "k", patientStamp)
		if right[0] != '0' {
			continue
		}
		found := findings(diagnose.Request{Key: "k", Data: data, Stamp: patientStamp, Sign: strings.TrimLeft(right, "0")})
		require.Len(t, found, 1)
		require.Equal(t, "leading-zero-dropped", found[0].Kind)
	}
}

func TestDiagnose_rule(t *testing.T) {
	a := patient(sign.Request(patientData, patientKey, patientStamp))
	a.Whitespace = sign.Strip
	found := findings(a)
	require.Len(t, found, 1)
	require.Equal(t, "whitespace-kept", found[0].Kind)
	a.Sign = strings.ToLower(sign.RequestWith(sign.Strip, patientData, patientKey, patientStamp))
	for _, a.Whitespace = range []sign.Whitespace{sign.Strip, sign.Either} {
		found = findings(a)
		require.Len(t, found, 1)
		require.Equal(t, "lower-case", found[0].Kind)
	}
}

// What is shown of a long text is cut out of it, and no half of a key with it.
func TestDiagnose_longDataThatHoldsTheKey(t *testing.T) {
	key := "0123456789abcdefghij"
	for pad := 0; pad < 300; pad += 4 { // wherever a text is cut, some key lies across it
		data := `{"a":"` + strings.Repeat("x", 1100+pad) + key + strings.Repeat("y", 40) + `"}`
		spaced := strings.Replace(data, "yy", "y y", 1)
		for _, f := range findings(diagnose.Request{Key: key, Data: data, Stamp: patientStamp, Sign: raw(strings.TrimPrefix(spaced, "{") + key)}) {
			require.NotContains(t, f.Detail, key[:5])
			require.NotContains(t, f.Detail, key[15:])
		}
		found := findings(diagnose.Request{Key: key, Data: data, RawData: spaced, Stamp: patientStamp, Sign: raw(spaced + key + patientStamp)})
		require.Equal(t, "data-not-url-encoded", found[0].Kind)
		require.NotContains(t, found[0].Detail, key[:5])
		require.NotContains(t, found[0].Detail, key[15:])
	}
}

func TestDiagnose_dataThatHoldsTheKey(t *testing.T) {
	key := `k"e/y +<渝>=`
	quoted := string(sign.AppendJSONString(nil, key))
	data := `{"b":` + quoted + `,"a":"` + strings.Repeat("x", 500) + `","c":` + quoted + `}`
	dressed := func(f diagnose.Finding) {
		for _, dress := range []string{key, quoted[1 : len(quoted)-1], url.QueryEscape(key), url.PathEscape(key), "e/y", `e\/y`, "e%2Fy"} {
			require.NotContains(t, f.Detail, dress, f.Kind)
		}
	}
	for _, signed := range []string{
		strings.ReplaceAll(data, `,`, `, `), strings.ReplaceAll(data, "/", `\/`), url.QueryEscape(data),
		strings.ReplaceAll(data, " ", ""), "other",
	} {
		for _, f := range findings(diagnose.Request{Key: key, Data: data, Stamp: patientStamp, Sign: raw(signed + key + patientStamp)}) {
			dressed(f)
		}
	}
}

func TestDiagnosePush_namesTheMistake(t *testing.T) {
	fields := []sign.Field{
		{Name: "synId", Value: "9E2F"},
		{Name: "plateNumber", Value: "渝B757D0"},
		{Name: "parkId", Value: 1002559},
		{Name: "exitTime", Value: "2017-08-19 12:07:19"},
		{Name: "receivableFee", Value: sign.Number("5.50")},
		{Name: "fixParkingId", Value: ""},
		{Name: "remainingDays", Value: ""},
	}
	data := sign.PushText(fields, sign.JSON)
	sorted := slices.SortedFunc(slices.Values(fields), func(a, b sign.Field) int { return strings.Compare(a.Name, b.Name) })
	moved := slices.Concat(fields[2:3], fields[:2], fields[3:])
	push := func(data string) string { return raw("M1" + data + patientKey) }
	for _, c := range []struct {
		name, signment string
		want           []string
	}{
		{"lower case", strings.ToLower(push(data)), []string{"lower-case"}},
		{"sorted", push(sign.PushText(sorted, sign.JSON)), []string{"field-order"}},
		{"one moved", push(sign.PushText(moved, sign.JSON)), []string{"field-order"}},
		{"signment left in", push(strings.TrimSuffix(data, "}") + `,"signment":""}`), []string{"signment-included"}},
		{"values", push(sign.PushText(fields, sign.Values)), []string{"values-joined"}},
		{"query", push(sign.PushText(fields, sign.Query)), []string{"query-joined"}},
		{"query, sorted", push(sign.PushText(sorted, sign.Query)), []string{"query-joined", "field-order"}},
		{"null", push(strings.ReplaceAll(data, `""`, "null")), []string{"null-for-empty"}},
		{"empty dropped", push(sign.PushText(fields[:5], sign.JSON)), []string{"empty-dropped"}},
		{"spaced", push(strings.ReplaceAll(data, `":`, `": `)), []string{"json-spaced"}},
		{"escaped", push(strings.ReplaceAll(data, "渝", `\u6e1d`)), []string{"json-escaped-unicode"}},
		{"number rewritten", push(strings.ReplaceAll(data, "5.50", "5.5")), []string{"number-rewritten"}},
		{"numbers quoted", push(strings.NewReplacer("1002559", `"1002559"`, "5.50", `"5.50"`).Replace(data)), []string{"json-number-quoted"}},
		{"a request's formula", raw(data + patientKey), []string{"request-formula"}},
		{"key first", raw(patientKey + data + "M1"), []string{"parts-reordered"}},
		{"no key", raw("M1" + data), []string{"key-missing"}},
		{"another's key", raw("M1" + data + otherKey), []string{"other-merchant-key"}},
		{"key with line end", raw("M1" + data + patientKey + "\n"), []string{"key-trailing-newline"}},
		{"white space", push(strings.ReplaceAll(data, " ", "")), []string{"whitespace-stripped"}},
		{"the document's example, which is no hex", "DB64914QDSC94EC34DB57B94D86AE9TR", []string{"not-hex"}},
		{"something else", raw("?"), []string{"unknown"}},
		{"right", push(data), nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			a := diagnose.Push{
				MerchantNo: "M1", Key: patientKey, OtherKeys: map[string]string{"M3": otherKey},
				Body: []byte(strings.TrimSuffix(data, "}") + `,"signment":"` + c.signment + `"}`),
			}
			check := func() {
				var kinds []string
				for _, f := range pushFindings(a) {
					kinds = append(kinds, f.Kind)
					diagnosetest.Whole(t, f, patientKey, otherKey)
				}
				require.Equal(t, c.want, kinds)
			}
			check()
			// The other way round: the push is right, and its receiver computed something else.
			a.Body = []byte(strings.TrimSuffix(data, "}") + `,"signment":"` + push(data) + `"}`)
			a.Signment = c.signment
			check()
		})
	}
	unknown := pushFindings(diagnose.Push{MerchantNo: "M1", Key: patientKey, Body: []byte(`{"a":"b","signment":"` + raw("?") + `"}`)})[0]
	require.Contains(t, unknown.Fix, "check the key and merchant_no", "both are hashed")
	require.Equal(t, "malformed", pushFindings(diagnose.Push{Body: []byte(`[]`)})[0].Kind)
	require.Equal(t, "signment-missing", pushFindings(diagnose.Push{Body: []byte(`{}`)})[0].Kind)
}

func FuzzDiagnose(f *testing.F) {
	f.Add(patientData, patientStamp, raw("x"), patientKey)
	f.Add(`{"a":[1,{"b":null}],"a":"\ud800"}`, "20171399", "0x12", "key")
	f.Fuzz(func(t *testing.T, data, stamp, signature, key string) {
		others := map[string]string{"M2": "another-key"}
		before := maps.Clone(others)
		for _, finding := range slices.Concat(
			findings(diagnose.Request{Key: key, Data: data, RawData: data, Stamp: stamp, Sign: signature, OtherKeys: others}),
			pushFindings(diagnose.Push{MerchantNo: stamp, Key: key, Body: []byte(data), Signment: signature, OtherKeys: others}),
		) {
			if finding.Fix == "" || strings.ContainsAny(finding.Detail+finding.Evidence+finding.Fix, "\n\r") {
				t.Fatalf("%+v", finding)
			}
		}
		if !maps.Equal(before, others) {
			t.Fatal("the keys were changed")
		}
	})
}

func BenchmarkDiagnose_unknown(b *testing.B) {
	six := `{"token":"d970cff4-3811-438b-ba90-50503510345b","orderId":"9E2F1B7C-6D0A-4C37-9D55-0C1C6B0B7E11","externalOrderId":"x1",` +
		`"payment":"8.00","payTime":"2017-10-27 09:30:00","verificationInfo":"` + strings.Repeat("A1b2", 32) + `"}`
	for name, data := range map[string]string{
		"six": six, "short": patientData, "4k": `{"a":"` + strings.Repeat("渝", 1300) + `"}`,
		"1M": `{"a":"` + strings.Repeat("渝", 340000) + `"}`,
	} {
		b.Run(name, func(b *testing.B) {
			a := patient(raw("?"))
			a.Data, a.RawData = data, url.QueryEscape(data)
			for b.Loop() {
				findings(a)
			}
		})
	}
}
