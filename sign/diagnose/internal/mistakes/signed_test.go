package mistakes_test

import (
	"crypto/md5"
	"encoding/base64"
	"encoding/hex"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/etcp-mock/etcp-mock/internal/zone"
	"github.com/etcp-mock/etcp-mock/sign/diagnose/internal/guess"
	"github.com/etcp-mock/etcp-mock/sign/diagnose/internal/mistakes"
	"github.com/etcp-mock/etcp-mock/sign/diagnose/internal/wire"
)

// tries reports whether a kind's rows try a text; twice that of a hash.
func tries(c *guess.Case, kind, text string) bool {
	hash := func(text string) string { return guess.UpperHex(md5.Sum([]byte(text))) }
	for i := range mistakes.Table {
		row := &mistakes.Table[i]
		if row.Kind != kind || row.In&c.Scope == 0 {
			continue
		}
		if slices.Contains(texts(c, row, false), text+"\x00"+hash(text)) {
			return true
		}
	}
	return false
}

// bound is the data of a bindcar.
const bound = `{"token":"d970cff4-3811","plateNumber":"渝ATX061","plateColor":"1"}`

// What a client puts together in another way than §6 is tried: other orders, joins, names, line ends, the path.
func TestForms(t *testing.T) {
	c := request(bound, "")
	for _, row := range []struct{ kind, text string }{
		{"key-missing", bound + stamp},
		{"stamp-missing", bound + key},
		{"data-missing", key + stamp},
		{"key-stamp-swapped", bound + stamp + key},
		{"parts-reordered", key + bound + stamp},
		{"parts-reordered", stamp + key + bound},
		{"push-formula", merchantNo + bound + key},
		{"merchant-no-included", merchantNo + bound + key + stamp},
		{"merchant-no-included", key + merchantNo + stamp + bound + key},
		{"merchant-no-for-key", bound + merchantNo + stamp},
		{"ampersand-joined", bound + "&" + key + "&" + stamp},
		{"ampersand-joined", "data=" + bound + "&time_stamp=" + stamp + "&key=" + key},
		{"ampersand-joined", "merchant_no=" + merchantNo + "&data=" + bound + "&time_stamp=" + stamp + "&secret=" + key},
		{"ampersand-joined", "key=" + key + "&time_stamp=" + stamp + "&data=" + bound},
		{"separator-joined", bound + "|" + key + "|" + stamp},
		{"separator-joined", stamp + "-" + bound + "-" + key},
		{"separator-joined", bound + "\n" + key + "\n" + stamp + "\n"},
		{"path-included", "/merchant/open/1.0.0/openapi/bindcar" + bound + key + stamp},
		{"path-included", bound + key + stamp + "bindcar"},
		{"trailing-newline", bound + key + stamp + "\n"},
		{"trailing-newline", bound + "\n" + key + stamp},
	} {
		require.True(t, tries(c, row.kind, row.text), "%s: %q", row.kind, row.text)
	}
	body := `{"plateNumber":"渝ATX061","time":"2017-08-19 12:07:19"}`
	p := push(body)
	for _, row := range []struct{ kind, text string }{
		{"key-missing", merchantNo + body},
		{"request-formula", body + key},
		{"request-formula", body + key + merchantNo},
		{"parts-reordered", key + body + merchantNo},
		{"parts-reordered", key + body},
		{"ampersand-joined", merchantNo + "&" + body + "&" + key},
		{"ampersand-joined", "data=" + body + "&merchant_no=" + merchantNo + "&key=" + key},
		{"separator-joined", merchantNo + ":" + body + ":" + key},
		{"trailing-newline", merchantNo + body + key + "\r\n"},
		{"merchant-no-case", strings.ToUpper(merchantNo) + body + key},
		{"field-left-out", merchantNo + `{"plateNumber":"渝ATX061"}` + key},
	} {
		require.True(t, tries(p, row.kind, row.text), "%s: %q", row.kind, row.text)
	}
	require.False(t, tries(p, "merchant-no-included", body), "of requests only")
}

// What a client hashes that has the key in other words is tried, whatever the key.
func TestKeys(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		k := rapid.StringMatching(`[A-Za-z0-9]{8,24}`).Draw(t, "key")
		c := request(bound, "")
		c.Right.Key = k
		sum := md5.Sum([]byte(k))
		for kind, others := range map[string][]string{
			"key-trailing-newline": {k + "\n", k + "\r\n"},
			"key-padded":           {k + " ", " " + k, k + "\t", "\uFEFF" + k, `"` + k + `"`, "'" + k + "'"},
			"key-case":             {strings.ToLower(k), strings.ToUpper(k)},
			"key-hashed":           {hex.EncodeToString(sum[:]), strings.ToUpper(hex.EncodeToString(sum[:]))},
			"key-encoded":          {base64.StdEncoding.EncodeToString([]byte(k)), hex.EncodeToString([]byte(k))},
			"key-cut":              {k[1:], k[:len(k)-1], k[3:], k[:len(k)-3], k + k},
			"key-unset":            {"null", "undefined", "noxxxxx", "${merchant_key}", "$KEY"},
		} {
			for _, other := range others {
				if other != k {
					require.True(t, tries(c, kind, bound+other+stamp), "%s: %q", kind, other)
				}
			}
		}
	})
	spaced := request(bound, "")
	spaced.Right.Key = " " + key + "\n"
	require.True(t, tries(spaced, "key-trimmed", bound+key+stamp))
	decoded := request(bound, "")
	decoded.Right.Key = hex.EncodeToString([]byte("secret key"))
	require.True(t, tries(decoded, "key-encoded", bound+"secret key"+stamp))
}

// Of a key of another merchant that fits the number is said; of two with the same key the first.
func TestOtherMerchantKey(t *testing.T) {
	c := request(bound, "")
	c.Others = map[string]string{"M4": "shared-key", "M3": "shared-key", "M5": "no-key"}
	c.Want = md5.Sum([]byte(bound + "shared-key" + stamp))
	for i := range mistakes.Table {
		row := &mistakes.Table[i]
		if row.Kind != "other-merchant-key" {
			continue
		}
		var said []string
		require.True(t, row.Try(c, c.Right, false, func(g guess.Guess) bool { said = append(said, g.What.En); return true }))
		require.Equal(t, []string{"the key of merchant M3 was used"}, said)
		c.Want = md5.Sum([]byte("?"))
		require.True(t, row.Try(c, c.Right, false, func(guess.Guess) bool { t.Fatal("no key fits"); return false }))
	}
}

// Every instant that was signed in another format, zone or second than it was sent is tried.
func TestStamps(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		at := time.Unix(rapid.Int64Range(1_400_000_000, 1_900_000_000).Draw(t, "at"), 0).In(zone.Shanghai)
		c := request(bound, "")
		c.Right.Stamp = at.Format(zone.StampLayout)
		utc := at.UTC()
		for kind, others := range map[string][]string{
			"stamp-format": {
				at.Format(time.DateTime), at.Format(time.RFC3339), utc.Format("2006-01-02T15:04:05.000Z07:00"), at.Format("2006/01/02 15:04:05"), at.Format("Mon Jan 02 15:04:05 CST 2006"), at.Format("060102150405"),
				utc.Format(time.DateTime), at.Format("20060102 150405"), `"` + c.Right.Stamp + `"`,
			},
			"stamp-zone":  {utc.Format(zone.StampLayout), at.Add(time.Hour).Format(zone.StampLayout), utc.Add(5*time.Hour + 30*time.Minute).Format(zone.StampLayout)},
			"stamp-drift": {at.Add(time.Second).Format(zone.StampLayout), at.Add(-10 * time.Second).Format(zone.StampLayout)},
			"stamp-unset": {"null", "undefined", "yyyyMMddHHmmss", "$STAMP"},
		} {
			for _, other := range others {
				require.True(t, tries(c, kind, bound+key+other), "%s: %q", kind, other)
			}
		}
		require.False(t, tries(c, "stamp-format", bound+key+utc.Format(zone.StampLayout)), "that is another zone, not another format")
	})
	malformed := request(bound, "")
	malformed.Right.Stamp = "2017-10-27"
	require.False(t, tries(malformed, "stamp-drift", bound+key+"2017-10-27"))
}

// The time of a signature is found to the millisecond, in the formats that have milliseconds.
func TestMilliseconds(t *testing.T) {
	at, err := time.ParseInLocation(zone.StampLayout, stamp, zone.Shanghai)
	require.NoError(t, err)
	for _, signed := range []time.Time{at.Add(-300 * time.Millisecond), at.Add(7 * time.Millisecond), at.Add(1999 * time.Millisecond)} {
		millis := strconv.FormatInt(signed.UnixMilli(), 10)
		c := request(bound, "")
		c.Want = md5.Sum([]byte(bound + key + millis))
		found := ""
		for i := range mistakes.Table {
			if row := &mistakes.Table[i]; row.Kind == "stamp-format" && row.Alone {
				c.Left = guess.Effort
				row.Try(c, c.Right, false, func(g guess.Guess) bool { found = g.Stamp; return false })
			}
		}
		require.Equal(t, millis, found)
	}
}

// What is done to data, its values or the whole text before it is hashed is tried.
func TestTexts(t *testing.T) {
	const data = `{"token":"a b/c<d>","appId":"","free":null,"payment":8.50,"radius":500,"plateNumber":"渝ATX061"}`
	c := request(data, "")
	of := func(old, replacement string) string {
		require.Contains(t, data, old)
		return strings.Replace(data, old, replacement, 1) + key + stamp
	}
	for _, row := range []struct{ kind, text string }{
		{"whitespace-stripped", of(" ", "")},
		{"data-url-encoded", url.QueryEscape(data) + key + stamp},
		{"gbk-encoded", wire.EncodeIn(wire.GBK, data) + key + stamp},
		{"other-charset", wire.EncodeIn(wire.UTF16LE, data) + key + stamp},
		{"ascii-question-marks", of("渝", "?")},
		{"utf8-twice", wire.UTF8Twice(data) + key + stamp},
		{"decoded-as-gbk", wire.DecodeFrom(wire.GBK, data) + key + stamp},
		{"html-signed", strings.NewReplacer(`"`, "&quot;", "<", "&lt;", ">", "&gt;").Replace(data) + key + stamp},
		{"data-framed", "\uFEFF" + data + key + stamp},
		{"data-framed", `{"data":` + data + "}" + key + stamp},
		{"data-base64", base64.StdEncoding.EncodeToString([]byte(data)) + key + stamp},
		{"data-quoted", `"` + strings.ReplaceAll(data, `"`, `\"`) + `"` + key + stamp},
		{"envelope-signed", `{"merchant_no":"` + merchantNo + `","time_stamp":"` + stamp + `","data":` + data + "}" + key},
		{"json-spaced", strings.NewReplacer(`":`, `": `, `,"`, `, "`).Replace(data) + key + stamp},
		{"json-escaped-unicode", of("渝", `\u6e1d`)},
		{"json-escaped-unicode", of("渝", `\u6E1D`)},
		{"json-escaped-slash", of("/", `\/`)},
		{"json-escaped-html", of("<d>", `\u003cd\u003e`)},
		{"json-number-quoted", of("500", `"500"`)},
		{"number-rewritten", of("8.50", "8.5")},
		{"number-as-double", of("500", "500.0")},
		{"null-for-empty", of(`""`, "null")},
		{"empty-for-null", of("null", `""`)},
		{"empty-dropped", of(`"appId":"","free":null,`, "")},
		{"values-trimmed", of("a b", "ab")},
		{"value-case", of("a b/c<d>", "A B/C<D>")},
		{"amount-in-fen", of("8.50", "850")},
		{"field-not-sent", of(`}`, `,"plateColor":""}`)},
		{"field-left-out", of(`,"plateNumber":"渝ATX061"`, "")},
		{"keys-sorted", `{"appId":"","free":null,"payment":8.50,"plateNumber":"渝ATX061","radius":500,"token":"a b/c<d>"}` + key + stamp},
		{"values-joined", "a b/c<d>null8.50500渝ATX061" + key + stamp},
		{"query-joined", "token=a b/c<d>&appId=&free=null&payment=8.50&radius=500&plateNumber=渝ATX061" + key + stamp},
		{"map-to-string", "{token=a b/c<d>, appId=, free=null, payment=8.50, radius=500, plateNumber=渝ATX061}" + key + stamp},
		{"keys-and-values-joined", "tokena b/c<d>appIdfreenullpayment8.50radius500plateNumber渝ATX061" + key + stamp},
		{"wechat-pay-style", "payment=8.50&plateNumber=渝ATX061&radius=500&token=a b/c<d>&key=" + key},
		{"alipay-style", "appId=&free=null&payment=8.50&plateNumber=渝ATX061&radius=500&token=a b/c<d>" + key},
		{"taobao-style", key + "payment8.50plateNumber渝ATX061radius500tokena b/c<d>" + key},
		{"text-case", strings.ToUpper(data + key + stamp)},
		{"text-base64", base64.StdEncoding.EncodeToString([]byte(data + key + stamp))},
		{"utf16-encoded", wire.EncodeIn(wire.UTF16BE, data+key+stamp)},
		{"low-bytes", string(wire.LowBytes([]byte(data + key + stamp)))},
		{"md5-salted-twice", hex.EncodeToString(md5Of(data)) + key + stamp},
		{"md5-salted-twice", data + strings.ToUpper(hex.EncodeToString(md5Of(key+stamp)))},
	} {
		require.True(t, tries(c, row.kind, row.text), "%s: %q", row.kind, row.text)
	}
	require.True(t, tries(request(`{"phone":"+86 138-0000-0001"}`, ""), "phone-rewritten", `{"phone":"13800000001"}`+key+stamp))
	require.True(t, tries(request(`{"phone":"13800000001"}`, ""), "phone-rewritten", `{"phone":"+86-13800000001"}`+key+stamp))
	require.True(t, tries(request("{\n  \"a\": \"x y\"\n}", ""), "json-compacted", `{"a":"x y"}`+key+stamp))
	require.True(t, tries(request(`{"a":"\u6e1d\/"}`, ""), "json-unescaped", `{"a":"渝/"}`+key+stamp))
	require.True(t, tries(request(`{"t":"2017-08-19 12:07:19"}`, ""), "time-rewritten", `{"t":1503115639000}`+key+stamp))
}

func md5Of(text string) []byte {
	sum := md5.Sum([]byte(text))
	return sum[:]
}
