package mistakes_test

import (
	"bytes"
	"compress/gzip"
	"compress/zlib"
	"crypto/md5"
	"encoding/base64"
	"encoding/hex"
	"html"
	"io"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"

	"github.com/etcp-mock/etcp-mock/sign/diagnose/internal/guess"
	"github.com/etcp-mock/etcp-mock/sign/diagnose/internal/mistakes"
	"github.com/etcp-mock/etcp-mock/sign/diagnose/internal/wire"
)

// signed is a text that somebody hashed for a request or push that has this data.
type signed struct{ kind, data, text string }

// Of requests: what else clients sign than what they send, each kind by the text that its name stands for.
func TestKinds_ofRequests(t *testing.T) {
	t.Parallel()
	const paid = `{"payTime":"2017-10-27 09:30:00","payment":"8.50","orderId":"9E2F1B7C-6D0A-4C37-9D55-0C1C6B0B7E11","parkingId":7}`
	behind := key + stamp
	of := func(data, old, replacement string) string {
		require.Contains(t, data, old)
		return strings.Replace(data, old, replacement, 1) + behind
	}
	for _, c := range []signed{
		{"field-names-rewritten", bound, `{"token":"d970cff4-3811","plate_number":"渝ATX061","plate_color":"1"}` + behind},
		{"field-names-rewritten", bound, `{"Token":"d970cff4-3811","PlateNumber":"渝ATX061","PlateColor":"1"}` + behind},
		{"field-names-rewritten", bound, `{"TOKEN":"d970cff4-3811","PLATENUMBER":"渝ATX061","PLATECOLOR":"1"}` + behind},
		{"field-names-rewritten", bound, `{"TOKEN":"d970cff4-3811","PLATE_NUMBER":"渝ATX061","PLATE_COLOR":"1"}` + behind},
		{"field-names-rewritten", bound, `{"token":"d970cff4-3811","plate-number":"渝ATX061","plate-color":"1"}` + behind},
		{"field-names-rewritten", `{"plate_number":"x","car-color":"1"}`, `{"plateNumber":"x","carColor":"1"}` + behind},
		{"plate-rewritten", bound, of(bound, "渝ATX061", "渝A·TX061")},
		{"plate-rewritten", bound, of(bound, "渝ATX061", "渝A TX061")},
		{"plate-rewritten", bound, of(bound, "渝ATX061", "渝****61")},
		{"plate-rewritten", bound, of(bound, "渝ATX061", "ATX061")},
		{"plate-rewritten", bound, of(bound, "渝ATX061", "渝ＡＴＸ０６１")},
		{"plate-rewritten", `{"plateNumber":"渝A·tx061"}`, `{"plateNumber":"渝ATX061"}` + behind},
		{"color-rewritten", bound, of(bound, `"plateColor":"1"`, `"plateColor":"3"`)},
		{"color-rewritten", bound, of(bound, `"plateColor":"1"`, `"plateColor":1`)},
		{"color-rewritten", bound, of(bound, `"plateColor":"1"`, `"plateColor":"蓝色"`)},
		{"id-rewritten", paid, of(paid, "9E2F1B7C-6D0A-4C37-9D55-0C1C6B0B7E11", "9E2F1B7C6D0A4C379D550C1C6B0B7E11")},
		{"id-rewritten", `{"orderId":"9E2F1B7C6D0A4C379D550C1C6B0B7E11"}`, `{"orderId":"9E2F1B7C-6D0A-4C37-9D55-0C1C6B0B7E11"}` + behind},
		{"json-single-quoted", bound, strings.ReplaceAll(bound, `"`, "'") + behind},
		{"json-number-unquoted", paid, of(paid, `"8.50"`, "8.50")},
		{"json-number-quoted", paid, of(paid, ":7}", `:"7"}`)},
		{"json-number-quoted", paid, of(paid, ":7}", `:"7.00"}`)},
		{"number-rewritten", paid, of(paid, `"8.50"`, `"8.5"`)},
		{"number-rewritten", paid, of(paid, `"8.50"`, `"8.500"`)},
		{"amount-in-fen", paid, of(paid, `"8.50"`, `"850"`)},
		{"amount-in-fen", `{"payment":850}`, `{"payment":8.50}` + behind},
		{"time-drift", paid, of(paid, "09:30:00", "09:30:01")},
		{"time-rewritten", paid, of(paid, "2017-10-27 09:30:00", "2017-10-27T09:30:00")},
		{"values-url-decoded", `{"code":"%41+b"}`, `{"code":"A b"}` + behind},
		{"values-url-decoded", `{"code":"%41+b"}`, `{"code":"A+b"}` + behind},
		{"plus-for-space", `{"a":"x y"}`, `{"a":"x+y"}` + behind},
		{"plus-for-space", `{"a":"x+y"}`, `{"a":"x y"}` + behind},
		{"unicode-normalized", `{"a":"é渝"}`, norm.NFD.String(`{"a":"é渝"}`) + behind},
		{"unicode-normalized", `{"a":"Ａ"}`, `{"a":"A"}` + behind},
		{"data-hex", bound, hex.EncodeToString([]byte(bound)) + behind},
		{"data-hex", bound, strings.ToUpper(hex.EncodeToString([]byte(bound))) + behind},
		{"data-unset", bound, "[object Object]" + behind},
		{"data-unset", bound, "{}" + behind},
		{"data-unset", bound, "$DATA" + behind},
		{"text-case", bound, strings.ToUpper(bound) + behind},
		{"html-signed", `{"a":"<渝>"}`, `{&#34;a&#34;:&#34;&lt;渝&gt;&#34;}` + behind},
		{"html-signed", `{"a":"渝"}`, `{"a":"&#28189;"}` + behind},
		{"decoded-as-gbk", bound, wire.DecodeFrom(wire.GBK, bound) + behind},
		{"ascii-question-marks", bound, of(bound, "渝", "???")},
		{"query-url-encoded", `{"a":"x y","b":"渝"}`, "a=x+y&b=%E6%B8%9D" + behind},
		{"query-url-encoded", `{"a":"x y","b":"渝"}`, "a=x%20y&b=%E6%B8%9D" + behind},
		{"python-repr", `{"a":"x","b":null,"c":true}`, `{'a': 'x', 'b': None, 'c': True}` + behind},
		{"map-to-string", `{"b":"x","a":null}`, "map[a:<nil> b:x]" + behind},
		{"keys-and-values-joined", `{"a":"x","b":7}`, "a:x,b:7" + behind},
		{"values-joined", `{"a":"x","b":7}`, "x|7" + behind},
		{"keys-reordered", `{"a":1,"b":2,"c":3}`, `{"b":2,"a":1,"c":3}` + behind},
		{"hashmap-order", `{"token":"t","plateNumber":"x"}`, `{"plateNumber":"x","token":"t"}` + behind},
		{"parts-repeated", bound, key + bound + stamp + key},
		{"parts-repeated", bound, bound + bound + key + stamp},
		{"text-framed", bound, "null" + bound + key + stamp},
		{"text-framed", bound, "-n " + bound + key + stamp},
		{"text-framed", bound, "-n " + bound + key + stamp + "\n"},
		{"text-framed", bound, "b'" + bound + key + stamp + "'"},
		{"separator-joined", bound, "[" + bound + ", " + key + ", " + stamp + "]"},
		{"data-missing", bound, ""},
		{"data-missing", bound, stamp + key + merchantNo},
		{"path-included", bound, "/merchant/open/1.0.0/openapi/bindcar?merchant_no=" + merchantNo + "&time_stamp=" + stamp + "&data=" + bound + key},
		{"envelope-signed", bound, strings.TrimSuffix(bound, "}") + `,"merchant_no":"` + merchantNo + `","time_stamp":"` + stamp + `"}` + key},
		{"envelope-signed", bound, `{"time_stamp":"` + stamp + `","data":` + bound + "}&key=" + key},
		{"wechat-pay-style", bound, "merchant_no=" + merchantNo + "&plateColor=1&plateNumber=渝ATX061&time_stamp=" + stamp + "&token=d970cff4-3811&key=" + key},
		{"wechat-pay-style", bound, "data=" + bound + "&merchant_no=" + merchantNo + "&time_stamp=" + stamp + "&key=" + key},
		{"wechat-pay-style", bound, "plateColor=1&plateNumber=%E6%B8%9DATX061&token=d970cff4-3811&key=" + key},
		{"taobao-style", bound, key + "data" + bound + "merchant_no" + merchantNo + "time_stamp" + stamp + key},
		{"alipay-style", bound, key + "plateColor=1&plateNumber=渝ATX061&token=d970cff4-3811"},
		{"key-padded", bound, bound + "merchant_key=" + key + stamp},
		{"key-padded", bound, bound + "${" + key + "}" + stamp},
		{"stamp-format", bound, bound + key + "2017年10月27日 09:30:00"},
		{"stamp-format", bound, bound + key + "1509067800"},
		{"stamp-format", bound, bound + key + "20170927093000"}, // getMonth()
		{"stamp-format", bound, bound + key + "2.0171027093E13"},
		{"stamp-zone", bound, bound + key + "20171026203000"}, // New York in winter
	} {
		require.True(t, tries(request(c.data, ""), c.kind, c.text), "%s of %s: %q", c.kind, c.data, c.text)
	}
}

// Of pushes: what receivers hash that is not what came (§10).
func TestKinds_ofPushes(t *testing.T) {
	t.Parallel()
	const notice = `{"time":"2017-08-19 12:07:19","plateNumber":"渝ATX061"}`
	const entry = `{"synId":"O1","plateNumber":"渝A****","parkName":"停车场","parkId":7,"entranceTime":"2017-08-19 12:07:19","userType":"77","pushTime":"2017-08-19 12:07:20"}`
	open, openEntry := strings.TrimSuffix(notice, "}"), strings.TrimSuffix(entry, "}")
	for _, c := range []signed{
		{"signment-cut-badly", notice, merchantNo + open + ",}" + key},
		{"signment-cut-badly", notice, merchantNo + open + key},
		{"signment-cut-badly", notice, merchantNo + open + `,"signment":}` + key},
		{"signment-cut-badly", notice, merchantNo + open + "}}" + key},
		{"signment-included", notice, merchantNo + open + `,"signment":"` + strings.Repeat("0", 32) + `"}` + key},
		{"signment-included", notice, merchantNo + open + `,"signment":""}` + key},
		{"signment-included", notice, merchantNo + `{"signment":null,` + notice[1:] + key},
		{"field-added", entry, merchantNo + openEntry + `,"exitTime":null,"stayedTime":null,"receivableFee":null}` + key},
		{"field-added", entry, merchantNo + openEntry + `,"exitTime":"","stayedTime":0,"receivableFee":0}` + key},
		{"field-added", entry, merchantNo + openEntry + `,"stayedTime":0.0,"receivableFee":0.0}` + key},
		{"push-time-included", notice, merchantNo + notice + key + "2017-08-19 12:07:19"},
		{"push-time-included", notice, notice + key + "20170819120719"},
		{"push-time-included", notice, merchantNo + "1503115639" + notice + key},
		{"field-order", notice, merchantNo + `{"plateNumber":"渝ATX061","time":"2017-08-19 12:07:19"}` + key},
		{"field-left-out", entry, merchantNo + strings.Replace(strings.Replace(entry, `,"userType":"77"`, "", 1), `,"pushTime":"2017-08-19 12:07:20"`, "", 1) + key},
		{"merchant-no-unset", notice, "undefined" + notice + key},
		{"parts-repeated", notice, key + notice + key},
		{"text-framed", notice, merchantNo + notice + key + " "},
		{"plate-rewritten", notice, merchantNo + strings.Replace(notice, "渝ATX061", "渝A-TX061", 1) + key},
		{"md5-salted-twice", notice, merchantNo + hex.EncodeToString(md5Of(notice)) + key},
		{"md5-salted-twice", notice, guess.UpperHex(md5.Sum([]byte(merchantNo+notice+key))) + key},
		{"ampersand-joined", notice, "merchant_no=" + merchantNo + "&data=" + notice + "&secret=" + key},
	} {
		require.True(t, tries(push(c.data), c.kind, c.text), "%s: %q", c.kind, c.text)
	}
	values := push(notice)
	values.How = "values"
	require.True(t, tries(values, "json-signed", merchantNo+notice+key), "the rule says values")
	require.False(t, tries(push(notice), "json-signed", merchantNo+notice+key), "the rule says JSON")
}

// A hash of a hash: of its digits in either case, of its bytes, and once more.
func TestMD5Twice(t *testing.T) {
	t.Parallel()
	c := request(bound, "")
	first := md5.Sum([]byte(bound + key + stamp))
	lower := md5.Sum([]byte(hex.EncodeToString(first[:])))
	want := [][md5.Size]byte{lower, md5.Sum([]byte(guess.UpperHex(first))), md5.Sum(first[:]), md5.Sum([]byte(hex.EncodeToString(lower[:])))}
	var got [][md5.Size]byte
	for i := range mistakes.Table {
		if row := &mistakes.Table[i]; row.Kind == "md5-twice" {
			row.Try(c, c.Right, false, func(g guess.Guess) bool {
				got = append(got, g.Hash([]byte(bound+key+stamp)))
				return true
			})
		}
	}
	require.Subset(t, got, want)
}

// packed is a text as a client packs it before it is sent.
func packed(t *testing.T, text string, to func(io.Writer) io.WriteCloser) string {
	t.Helper()
	var out bytes.Buffer
	w := to(&out)
	_, err := io.WriteString(w, text)
	require.NoError(t, err)
	require.NoError(t, w.Close())
	return base64.StdEncoding.EncodeToString(out.Bytes())
}

// What arrived damaged, and which rarer damage led to it: the text that was sent is tried.
func TestRepair_rare(t *testing.T) {
	t.Parallel()
	const data = `{"token":"t","plateNumber":"渝A12345"}`
	for _, c := range []struct{ kind, arrived, sent string }{
		{"data-hex", hex.EncodeToString([]byte(data)), data},
		{"data-compressed", packed(t, data, func(w io.Writer) io.WriteCloser { return gzip.NewWriter(w) }), data},
		{"data-compressed", packed(t, data, func(w io.Writer) io.WriteCloser { return zlib.NewWriter(w) }), data},
		{"backslashes-lost", `{"a":"u6e1dA12345"}`, `{"a":"\u6e1dA12345"}`},
		{"space-lost", `{"payTime":"2017-10-2709:30:00"}`, `{"payTime":"2017-10-27 09:30:00"}`},
		{"space-lost", `{"a":"x%20y"}`, `{"a":"x y"}`},
		{"braces-lost", strings.TrimSuffix(strings.TrimPrefix(data, "{"), "}"), data},
		{"braces-lost", data[1:], data},
		{"python-bytes", `b'{"token":"t"}'`, `{"token":"t"}`},
		{"characters-escaped", `{"plateNumber":"\xe6\xb8\x9dA12345"}`, `{"plateNumber":"渝A12345"}`},
		{"json-extended", `{"a":1,/* the first */"b":2,}`, `{"a":1,"b":2}`},
		{"data-framed", `{"data":{"a":1}}`, `{"a":1}`},
		{"data-framed", `{"data":"{\"a\":1}"}`, `{"a":1}`},
		{"data-quoted", `"{\"a\":1}"`, `{"a":1}`},
		{"html-escaped", html.EscapeString(html.EscapeString(data)), data},
		{"form-charset", wire.EncodeIn(wire.Big5, `{"city":"重慶市"}`), `{"city":"重慶市"}`},
	} {
		require.True(t, triesData(request(c.arrived, ""), c.kind, c.sent), "%s: %q does not lead from %q", c.kind, c.sent, c.arrived)
	}
}

// A plate, a colour or an id that is in no other form has none to be tried in; nor has what is too long for one.
func TestRewritten_onlyWhatIsOne(t *testing.T) {
	t.Parallel()
	for kind, values := range map[string][]string{
		"plate-rewritten": {`"x"`, `"ATX061"`, `"渝A"`, `7`, `"渝A · 1"`, `"` + strings.Repeat("渝", 50) + `"`},
		"id-rewritten":    {`"x"`, `"a b-c"`, `"12:30-13:00"`, `7`, `"` + strings.Repeat("a-", 50) + `"`, `"渝-A"`},
		"color-rewritten": {`"1"`}, // of plateColor only
		"phone-rewritten": {`"1380000000"`, `"02388888888"`, `13800000001`},
		"amount-in-fen":   {`"0"`, `"x"`, `1234567890123`, `true`},
	} {
		for _, value := range values {
			c := request(`{"field":`+value+`}`, "")
			for i := range mistakes.Table {
				if row := &mistakes.Table[i]; row.Kind == kind && row.In&guess.OfRequests != 0 {
					require.Empty(t, texts(c, row, false), "%s of %s", kind, value)
				}
			}
		}
	}
}

// Whatever the names of fields are, a naming strategy that writes them otherwise is found out by some text with other names and the same values.
func TestRenamed_keepsValues(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		name := rapid.StringMatching(`[a-z]{2,6}([A-Z][a-z]{1,5}){1,3}`).Draw(t, "name")
		value := rapid.StringMatching(`[a-z0-9渝]{1,8}`).Draw(t, "value")
		c := request(`{"`+name+`":"`+value+`"}`, "")
		snake := strings.ToLower(regexp.MustCompile(`[A-Z]`).ReplaceAllString(name, "_$0"))
		for _, other := range []string{snake, strings.ToUpper(snake), strings.ReplaceAll(snake, "_", "-"), strings.ToUpper(name[:1]) + name[1:], strings.ToLower(name), strings.ToUpper(name)} {
			require.True(t, tries(c, "field-names-rewritten", `{"`+other+`":"`+value+`"}`+key+stamp), other)
		}
		back := request(`{"`+snake+`":"`+value+`"}`, "")
		require.True(t, tries(back, "field-names-rewritten", `{"`+name+`":"`+value+`"}`+key+stamp), snake)
	})
}

// URL-encoded once, twice or as another language does: the text that was signed is tried, whatever its characters.
func TestEncodings_areTried(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		data := `{"a":"` + rapid.StringOfN(rapid.SampledFrom([]rune("az09 渝/+&=~*'()!")), 1, 12, -1).Draw(t, "text") + `"}`
		c := request(data, "")
		once := url.QueryEscape(data)
		require.True(t, tries(c, "data-url-encoded", once+key+stamp), once)
		percent := strings.ReplaceAll(once, "+", "%20")
		require.True(t, tries(c, "data-url-encoded", percent+key+stamp), percent)
		require.True(t, tries(c, "data-double-encoded", url.QueryEscape(once)+key+stamp), "%s twice", once)
		require.True(t, tries(c, "data-base64", base64.StdEncoding.EncodeToString([]byte(data))+key+stamp))
		require.True(t, tries(c, "utf16-encoded", wire.EncodeIn(wire.UTF16LE, data+key+stamp)))
	})
}
