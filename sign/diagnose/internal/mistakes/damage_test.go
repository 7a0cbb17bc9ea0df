package mistakes_test

import (
	"encoding/base64"
	"html"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/etcp-mock/etcp-mock/sign/diagnose/internal/guess"
	"github.com/etcp-mock/etcp-mock/sign/diagnose/internal/mistakes"
	"github.com/etcp-mock/etcp-mock/sign/diagnose/internal/wire"
)

// triesData reports whether a kind's rows try a text in the place of data, whatever stands around it.
func triesData(c *guess.Case, kind, data string) bool {
	found := false
	for i := range mistakes.Table {
		row := &mistakes.Table[i]
		if row.Kind != kind || row.In&c.Scope == 0 {
			continue
		}
		c.Left = guess.Effort
		row.Try(c, c.Right, false, func(g guess.Guess) bool {
			g.Settle()
			found = g.Data == data
			return !found
		})
		if found {
			return true
		}
	}
	return false
}

// sent is data as honest clients marshal it: flat, with a plate, texts that a form escapes, numbers.
func sent() *rapid.Generator[string] {
	return rapid.Custom(func(t *rapid.T) string {
		return `{"token":"` + rapid.StringMatching(`[a-z0-9][a-z0-9/+=&%]{2,8}[a-z0-9]`).Draw(t, "token") + `","plateNumber":"` +
			string(rapid.SampledFrom([]rune(wire.PlateProvinces)).Draw(t, "province")) + rapid.StringMatching(`[A-HJ-NP-Z][0-9]{5}`).Draw(t, "plate") + `","payment":` +
			rapid.StringMatching(`[1-9][0-9]?(\.[1-9])?`).Draw(t, "payment") + `}`
	})
}

// damage is what is done to data on its way: arrived is what a server reads, raw the parameter as it stands in the form ("": arrived, URL-encoded).
type damage struct {
	kind string
	do   func(data string) (arrived, raw string)
}

// decoded is what a server reads of a raw parameter: up to a bare &.
func decoded(raw string) string {
	data, _, _ := strings.Cut(raw, "&")
	return wire.Unescape(data, true)
}

// damages are what was seen in the field, and the like of it.
var damages = []damage{
	{"characters-replaced", func(data string) (string, string) { return wire.QuestionMarks(data), "" }},
	{"characters-replaced", func(data string) (string, string) { return wire.ReplacedBy(data, "\uFFFD"), "" }},
	{"characters-dropped", func(data string) (string, string) { return wire.ReplacedBy(data, ""), "" }},
	{"form-charset", func(data string) (string, string) { return wire.EncodeIn(wire.GBK, data), "" }},
	{"mojibake", func(data string) (string, string) { return wire.UTF8Twice(data), "" }},
	{"mojibake", func(data string) (string, string) { return wire.UTF8Twice(wire.UTF8Twice(data)), "" }},
	{"mojibake", func(data string) (string, string) { return wire.DecodeFrom(wire.Windows1252, data), "" }},
	{"html-escaped", func(data string) (string, string) { return html.EscapeString(data), "" }},
	{"html-escaped", func(data string) (string, string) {
		raw := strings.NewReplacer(`"`, "&quot;", "&", "&amp;", "%", "%25", "+", "%2B").Replace(data)
		return decoded(raw), raw
	}},
	{"data-not-url-encoded", func(data string) (string, string) { return decoded(data), data }},
	{"data-not-url-encoded", func(data string) (string, string) {
		raw := strings.NewReplacer("{", "%7B", "}", "%7D", `"`, "%22", "渝", "%E6%B8%9D", "%", "%25").Replace(data) // as encodeURI does
		return decoded(raw), raw
	}},
	{"data-double-encoded", func(data string) (string, string) { return url.QueryEscape(data), "" }},
	{"data-double-encoded", func(data string) (string, string) { return url.QueryEscape(url.QueryEscape(data)), "" }},
	{"bom", func(data string) (string, string) { return "\uFEFF" + data, "" }},
	{"invisible-characters", func(data string) (string, string) { return strings.Replace(data, `":"`, "\":\"\u200b", 2), "" }},
	{"backslashes-added", func(data string) (string, string) { return strings.ReplaceAll(data, `"`, `\"`), "" }},
	{"full-width-punctuation", func(data string) (string, string) {
		return strings.NewReplacer(`"`, "“", ",", "，").Replace(data), ""
	}},
	{"data-base64", func(data string) (string, string) { return base64.StdEncoding.EncodeToString([]byte(data)), "" }},
	{"data-base64", func(data string) (string, string) { return base64.RawURLEncoding.EncodeToString([]byte(data)), "" }},
	{"data-padded", func(data string) (string, string) { return "\n" + data + " \r\n", "" }},
	{"data-framed", func(data string) (string, string) { return `"` + data + `"`, "" }},
	{"data-framed", func(data string) (string, string) { return "[" + data + "]", "" }},
	{"data-cut", func(data string) (string, string) { return strings.TrimSuffix(data, "}"), "" }},
	{"line-ends-changed", func(data string) (string, string) { return strings.ReplaceAll(data, ",", ",\r\n"), "" }},
	{"percent-u-escaped", func(data string) (string, string) {
		data = strings.NewReplacer("%", "%25", "+", "%2B", "&", "%26", "=", "%3D").Replace(data)
		raw := escapeU(data)
		return decoded(raw), raw
	}},
}

// escapeU writes what is beyond ASCII as JavaScript's escape does.
func escapeU(s string) string {
	var b strings.Builder
	for _, r := range s {
		if r < 0x80 {
			b.WriteRune(r)
			continue
		}
		const digits = "0123456789ABCDEF"
		b.WriteString("%u" + string([]byte{digits[r>>12&15], digits[r>>8&15], digits[r>>4&15], digits[r&15]}))
	}
	return b.String()
}

// Whatever was sent, its repair is tried: the damage is undone, byte for byte.
func TestDamage_isUndone(t *testing.T) {
	for i, d := range damages {
		t.Run(d.kind, func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				data := sent().Draw(t, "data")
				arrived, raw := d.do(data)
				if d.kind == "line-ends-changed" {
					data = strings.ReplaceAll(data, ",", ",\n")
				}
				if arrived == data && raw == "" || raw != "" && decoded(raw) == data {
					return // nothing of it means something else
				}
				require.True(t, triesData(request(arrived, raw), d.kind, data), "%d: %q does not lead from %q to %q", i, d.kind, arrived, data)
			})
		})
	}
}

// Of an object that was printed instead of marshalled the JSON is tried: compact, and as json.dumps writes it.
func TestPrinted_isMarshalled(t *testing.T) {
	for _, c := range []struct{ kind, printed, json string }{
		{"python-dict", `{'token': 't', 'n': 7, 'x': None}`, `{"token": "t", "n": 7, "x": null}`},
		{"python-dict", `{'plateNumber': '渝A12345'}`, `{"plateNumber": "\u6e1dA12345"}`},
		{"java-map", `{token=t, payment=8.50}`, `{"token":"t","payment":8.50}`},
		{"java-map", `{token=t, payment=8.50}`, `{"token":"t","payment":"8.50"}`},
		{"java-object", `BindCar(token=t, plateNumber=渝A12345)`, `{"token":"t","plateNumber":"渝A12345"}`},
		{"ruby-hash", `{"token"=>"t", "n"=>7}`, `{"token":"t","n":7}`},
		{"go-map", `map[plateNumber:渝A12345 token:t]`, `{"plateNumber":"渝A12345","token":"t"}`},
		{"javascript-object", `{token: 't', n: 7}`, `{"token":"t","n":7}`},
		{"query-for-json", `token=t&n=7`, `{"token":"t","n":7}`},
		{"quotes-lost", `{token:t,plateNumber:渝A12345}`, `{"token":"t","plateNumber":"渝A12345"}`},
	} {
		require.True(t, triesData(request(c.printed, ""), c.kind, c.json), "%s: %s", c.kind, c.printed)
	}
	bare := request("token=t", "token=t&n=7&sign=x") // the bare & of a query: what follows are parameters of their own
	require.True(t, triesData(bare, "query-for-json", `{"token":"t","n":7}`))
}

// Where Content-Length counted characters, what is missing of the body is as much as its characters have bytes more.
func TestContentLength(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		data := `{"token":"t","plateNumber":"` + string(rapid.SampledFrom([]rune(wire.PlateProvinces)).Draw(t, "province")) + rapid.StringMatching(`[A-HJ-NP-Z][0-9]{5}`).Draw(t, "plate") + `"}`
		body := "merchant_no=M&data=" + data
		body = body[:len([]rune(body))]
		c := request(strings.TrimPrefix(body, "merchant_no=M&data="), "")
		c.Came = guess.CameOf("", "", body)
		require.Equal(t, 2, c.Came.CutBytes())
		require.True(t, triesData(c, "content-length-in-characters", data), body)
		require.False(t, triesData(c, "data-cut", data), "it is not cut anyhow")
	})
}

// GBK whose bytes happen to be UTF-8, as those of 鲁 are, is known for what it is; what is UTF-8 is not taken for GBK.
func TestFormCharset_looksLikeUTF8(t *testing.T) {
	meant := `{"plateNumber":"鲁A12345"}`
	arrived := wire.EncodeIn(wire.GBK, meant)
	require.Equal(t, `{"plateNumber":"³A12345"}`, arrived)
	c := request(arrived, "")
	require.True(t, triesData(c, "form-charset", meant))
	for i := range mistakes.Table {
		if row := &mistakes.Table[i]; row.Kind == "form-charset" {
			row.Try(c, c.Right, true, func(g guess.Guess) bool {
				require.Equal(t, "byte 17 of data: C2 B3 is 鲁 in GBK, and ³ in UTF-8, in plateNumber", g.Evidence.En)
				require.Equal(t, "data 第 17 字节：C2 B3 是 GBK 编码的“鲁”，在 UTF-8 中却是“³”，字段 plateNumber", g.Evidence.Zh)
				return true
			})
			require.Empty(t, texts(request(meant, ""), row, false))
		}
	}
}

// A parameter that came twice: the later one is tried, and it is said which that is.
func TestParameterTwice(t *testing.T) {
	c := request(`{"a":1}`, url.QueryEscape(`{"a":1}`)+"&data=%7B%22a%22%3A2%7D")
	require.True(t, triesData(c, "parameter-twice", `{"a":2}`))
	for i := range mistakes.Table {
		if row := &mistakes.Table[i]; row.Kind == "parameter-twice" {
			row.Try(c, c.Right, false, func(g guess.Guess) bool {
				require.Equal(t, "parameter 4 is a second data", g.Evidence.En)
				return true
			})
		}
	}
}
