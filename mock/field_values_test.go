package mock_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/mock/internal/servertest"
	"github.com/etcp-mock/etcp-mock/sign"
)

// valued writes a rightly signed request of a data, as it is, to a connection.
func (c *controlled) valued(t *testing.T, endpoint, data string) journaled {
	t.Helper()
	stamp := servertest.Stamp()
	form := url.Values{"merchant_no": {"M1"}, "time_stamp": {stamp}, "data": {data}, "sign": {sign.Request(data, servertest.Key, stamp)}}.Encode()
	_, entry := c.wires(t, fmt.Sprintf("POST /merchant/open/1.0.0/openapi/%s HTTP/1.1\r\nHost: mock\r\nConnection: close\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: %d\r\n\r\n%s", endpoint, len(form), form))
	return entry
}

// A plate says which character is out of place, as U+00B7, and invisible ones are made visible.
func TestField_plates(t *testing.T) {
	c := newControlled(t)
	_, data := c.Call(t, "usersigin", map[string]any{"mobilePhone": "13800000001", "appId": "ETCP"})
	for _, row := range []struct{ name, plate, kind, says, zh, fix string }{
		{"a middle dot", "渝A·TX061", "plate-separator", "character 3 is U+00B7", "第 3 个字符是 U+00B7", "渝ATX061"},
		{"a bullet", "渝A•TX061", "plate-separator", "U+2022", "U+2022", "渝ATX061"},
		{"a katakana dot", "渝A・TX061", "plate-separator", "U+30FB", "U+30FB", "渝ATX061"},
		{"a hyphen", "渝A-TX061", "plate-separator", "U+002D", "U+002D", "渝ATX061"},
		{"a zero-width space", "渝A\u200bTX061", "plate-invisible", `character 3 is U+200B, invisible; the plate is ` + "`渝A\\u200bTX061`", `U+200B（不可见）`, "渝ATX061"},
		{"a byte order mark", "\uFEFF渝ATX061", "plate-invisible", "character 1 is U+FEFF", "第 1 个字符是 U+FEFF", "渝ATX061"},
		{"a left-to-right mark", "渝ATX061\u200e", "plate-invisible", "U+200E", "U+200E", "渝ATX061"},
		{"a no-break space", "渝A\u00a0TX061", "plate-space", "U+00A0", "U+00A0", "渝ATX061"},
		{"a full-width space", "渝A　TX061", "plate-space", "U+3000", "U+3000", "渝ATX061"},
		{"full-width letters", "渝ＡTX061", "plate-full-width", "U+FF21", "U+FF21", "渝ATX061"},
		{"full-width digits", "渝ATX０６１", "plate-full-width", "character 5 is U+FF10", "U+FF10", "渝ATX061"},
		{"the letter O", "渝ATXO61", "plate-letter", "no I and O", "没有字母 I 和 O", "digits"},
		{"a traditional character", "遼A12345", "plate-traditional", "traditional", "繁体字", "simplified"},
		{"masked", "渝****61", "plate-masked", "masked", "脱敏", "whole plate"},
		{"no province", "ATX061", "plate-province", "province", "省份", "province"},
		{"mojibake", "æ¸\u009dATX061", "mojibake", "encoded twice", "编码了两次", "UTF-8"},
		{"a province written out", "重庆ATX061", "plate-province", "written out", "全称", "渝ATX061"},
		{"URL-encoded inside of data", "%E6%B8%9DATX061", "plate-url-encoded", "URL-encoded inside", "又做了 URL 编码", "only data as a whole"},
		{"a reference of HTML", "&#28189;ATX061", "plate-html-escaped", "HTML-escaped", "HTML 转义", "plate itself"},
		{"escaped twice", "\\u6e1dATX061", "plate-escaped", "escaped twice", "转义了两次", "once"},
		{"two plates", "渝ATX061,渝ATX062", "plate-list", "more than one plate", "不止一个车牌", "one plate"},
		{"a Cyrillic letter", "渝\u0410TX061", "plate-letter", "character 2 is U+0410", "第 2 个字符是 U+0410", "ASCII"},
		{"no plate", "无牌车", "plate-unset", "no plate", "不是车牌", "Ask the user"},
		{"a plate too short", "渝ATX06", "plate-length", "it has 6 characters", "它有 6 个字符", "whole plate"},
		{"a question mark", "?ATX061", "characters-replaced", "U+003F", "U+003F", "UTF-8"},
	} {
		t.Run(row.name, func(t *testing.T) {
			text, _ := json.Marshal(map[string]any{"token": data["token"], "plateNumber": row.plate})
			entry := c.valued(t, "bindcar", string(text))
			require.Equal(t, "malformed-parameter: plateNumber", entry.Reason)
			entry.holds(t, []string{row.kind}, []string{row.says}, []string{row.zh}, row.fix, "")
			require.NotContains(t, entry.Explanation, "\u200b")
			require.NotContains(t, entry.ExplanationZh, "\u200b")
		})
	}
}

// A field of data: another name, another form, inside of another member.
func TestField_fieldsOfData(t *testing.T) {
	c := newControlled(t)
	for _, row := range []struct{ name, endpoint, data, reason, kind, says, zh, fix string }{
		{"snake case", "bindcar", `{"token":"t","plate_number":"渝ATX061"}`, "missing-parameter: plateNumber", "field-name", "`plate_number` is there; the name is plateNumber", "plate_number", "Rename it to plateNumber"},
		{"another word", "usersigin", `{"phone":"13800000001","appId":"E"}`, "missing-parameter: mobilePhone", "field-name", "`phone` is there", "phone", "mobilePhone"},
		{"an object around it", "bindcar", `{"params":{"token":"t","plateNumber":"渝ATX061"}}`, "missing-parameter: token", "field-nested", "inside of params", "params 里面", "without params"},
		{"a phone's prefix", "usersigin", `{"mobilePhone":"+8613800000001","appId":"E"}`, "malformed-parameter: mobilePhone", "phone-prefix", "+86", "+86", "13800000001"},
		{"a phone as a double", "usersigin", `{"mobilePhone":1.3800000001E10,"appId":"E"}`, "malformed-parameter: mobilePhone", "phone-as-number", "floating-point", "浮点数", "text"},
		{"an amount with a currency", "orderpaid", `{"token":"t","orderId":"o","externalOrderId":"x","payment":"8元","payTime":"2017-08-20 13:30:00","verificationInfo":"v"}`, "malformed-parameter: payment", "amount-unit", "currency", "货币", "8.00"},
		{"a time with slashes", "orderpaid", `{"token":"t","orderId":"o","externalOrderId":"x","payment":"8","payTime":"2017/08/20 13:30:00","verificationInfo":"v"}`, "malformed-parameter: payTime", "time-format", "slashes", "斜杠", "2017-08-20 13:30:00"},
		{"lat and lon swapped", "surroundingparking", `{"lat":"106.551","lon":"29.563","radius":"1000"}`, "malformed-parameter: lat", "coordinate-swapped", "swapped", "写反", "latitude"},
		{"kilometres", "surroundingparking", `{"lat":"29.563","lon":"106.551","radius":"1"}`, "malformed-parameter: radius", "radius-kilometres", "kilometres", "公里", "1000"},
		{"a colour in words", "bindcar", `{"token":"t","plateNumber":"渝ATX061","plateColor":"蓝"}`, "malformed-parameter: plateColor", "color-in-words", "in words", "文字", "1"},
		{"a VIN in lower case", "carretrieve", `{"token":"t","plateNumber":"渝ATX061","carFrameNum":"lsvau2180n2183294","carEngineNum":"1"}`, "malformed-parameter: carFrameNum", "vin-case", "lower-case", "小写", "LSVAU2180N2183294"},
	} {
		t.Run(row.name, func(t *testing.T) {
			entry := c.valued(t, row.endpoint, row.data)
			require.Equal(t, row.reason, entry.Reason, entry.Explanation)
			entry.holds(t, []string{row.kind}, []string{row.says}, []string{row.zh}, row.fix, "")
		})
	}
}

// A key that was sent as merchant_no is named as such, and not said again.
func TestField_keyAndNumberSwapped(t *testing.T) {
	c := newControlled(t)
	a := c.Ask(t, http.MethodPost, "/merchant/open/1.0.0/openapi/bindcar", url.Values{"merchant_no": {servertest.Key}, "time_stamp": {servertest.Stamp()}, "data": {"{}"}, "sign": {"x"}}.Encode(), "Content-Type", "application/x-www-form-urlencoded")
	require.Equal(t, "unknown-merchant", a.Header.Get("X-Mock-Reason"))
	var entry journaled
	require.NoError(t, json.Unmarshal([]byte(c.Ask(t, http.MethodGet, servertest.Default+"/requests/"+a.Header.Get("X-Mock-Request-Id"), nil).Body), &entry))
	entry.holds(t, []string{"merchant-no-is-key"}, []string{"the key of merchant M1 was sent as merchant_no"}, []string{"写反"}, "merchant_no=M1", "merchant_no=M1")
	require.NotContains(t, entry.Explanation+entry.ExplanationZh, servertest.Key)
}

// A payment: fen for yuan, an order's id in another form, a verificationInfo that was changed on its way.
func TestField_payments(t *testing.T) {
	c := newControlled(t)
	d := &wronged{t: t, controlled: c}
	_, data := c.Call(t, "usersigin", map[string]any{"mobilePhone": wrongPhone, "appId": "ETCP"})
	d.token, _ = data["token"].(string)
	c.Call(t, "bindcar", map[string]any{"token": d.token, "plateNumber": "渝ATX061"})
	d.parks("渝ATX061")
	d.advance("90m")
	due := d.unpaid("渝ATX061")
	order, _ := due["orderId"].(string)
	// A sealed text with what the rows change; quotes of one order differ from each other.
	seal := ""
	for range 200 {
		if seal, _ = d.unpaid("渝ATX061")["verificationInfo"].(string); strings.Contains(seal, "+") && strings.Contains(seal, "/") {
			break
		}
		d.advance("1s")
	}
	require.Contains(t, seal, "+")
	pay := func(t *testing.T, orderID, payment, sealed string) journaled {
		t.Helper()
		text, err := json.Marshal(map[string]any{
			"token": d.token, "orderId": orderID, "externalOrderId": "x1", "payment": json.RawMessage(payment), "payTime": "2017-08-20 13:30:00", "verificationInfo": sealed,
		})
		require.NoError(t, err)
		return c.valued(t, "orderpaid", string(text))
	}
	for _, row := range []struct{ name, reason, kind, order, payment, sealed, says, zh, fix string }{
		{"fen", "payment-mismatch", "amount-in-fen", order, "1000", seal, "a hundred times what is due: fen instead of yuan?", "一百倍", "send 10"},
		{"fen as text", "payment-mismatch", "amount-in-fen", order, `"1000"`, seal, "a hundred times", "一百倍", "send 10"},
		{"divided by 100", "payment-mismatch", "amount-divided", order, "0.1", seal, "a hundredth", "百分之一", "send 10"},
		{"jiao", "payment-mismatch", "amount-in-jiao", order, "100", seal, "ten times", "十倍", "send 10"},
		{"an order in lower case", "order-unknown", "id-case", strings.ToLower(order), "10", seal, "there is such an order in upper case", "大写", order},
		{"an order without dashes", "order-unknown", "id-dashes", strings.ReplaceAll(order, "-", ""), "10", seal, "dashes are missing", "连字符", order},
		{"an order with a space", "order-unknown", "id-padded", order + " ", "10", seal, "white space", "空白", order},
		{"+ became a space", "verification-info-invalid", "sealed-plus-lost", order, "10", strings.ReplaceAll(seal, "+", " "), "its + have become spaces", "变成了空格", "%2B"},
		{"URL-encoded", "verification-info-invalid", "sealed-url-encoded", order, "10", url.QueryEscape(seal), "URL-encoded inside of data", "URL 编码", "as it is"},
		{"truncated", "verification-info-invalid", "sealed-truncated", order, "10", seal[:100], "truncated: it has 100 characters, 128 were issued", "100 个字符", "128"},
		{"an OpenSSL line end", "verification-info-invalid", "sealed-line-ends", order, "10", seal[:64] + "\n" + seal[64:], `line ends: character 65 is ` + "`\\n`", "换行", "one line"},
		{"base64url", "verification-info-invalid", "sealed-base64url", order, "10", strings.NewReplacer("+", "-", "/", "_").Replace(seal), "- and _", "-、_", "as orderunpay gave it"},
		{"escaped slashes", "verification-info-invalid", "sealed-backslashes", order, "10", strings.ReplaceAll(seal, "/", `\/`), "backslashes", "反斜杠", "as orderunpay gave it"},
		{"in upper case", "verification-info-invalid", "sealed-case", order, "10", strings.ToUpper(seal), "one case", "大小写", "as orderunpay gave it"},
		{"HTML-escaped", "verification-info-invalid", "sealed-html-escaped", order, "10", strings.ReplaceAll(seal, "+", "&#43;"), "HTML-escaped", "HTML 转义", "as orderunpay gave it"},
	} {
		t.Run(row.name, func(t *testing.T) {
			entry := pay(t, row.order, row.payment, row.sealed)
			require.Equal(t, row.reason, entry.Reason, entry.Explanation)
			entry.holds(t, []string{row.kind}, []string{row.says}, []string{row.zh}, row.fix, "")
		})
	}
}

// A token and a car park's id that nobody has are said to be the ones that were meant, whatever was done to them on the way.
func TestField_ids(t *testing.T) {
	c := newControlled(t)
	_, data := c.Call(t, "usersigin", map[string]any{"mobilePhone": wrongPhone, "appId": "ETCP"})
	token, _ := data["token"].(string)
	for _, row := range []struct{ name, token, kind, says, zh, fix string }{
		{"upper case", strings.ToUpper(token), "id-case", "there is such a token in lower case", "小写", token},
		{"Bearer", "Bearer " + token, "id-framed", "a word before it", "前缀", token},
		{"in quotes", `"` + token + `"`, "id-framed", "quotes", "引号", token},
		{"a line end", token + "\n", "id-padded", "white space", "空白", token},
		{"without dashes", strings.ReplaceAll(token, "-", ""), "id-dashes", "dashes are missing", "连字符", token},
		{"URL-encoded", strings.ReplaceAll(token, "-", "%2D"), "id-url-encoded", "URL-encoded", "URL 编码", token},
		{"truncated", token[:32], "id-truncated", "32 characters", "32 个字符", "36"},
		{"undefined", "undefined", "value-unset", "without a value", "未赋值", "token"},
	} {
		t.Run(row.name, func(t *testing.T) {
			text, err := json.Marshal(map[string]any{"token": row.token, "plateNumber": "渝ATX061"})
			require.NoError(t, err)
			entry := c.valued(t, "unbindcar", string(text))
			require.Equal(t, "token-unknown", entry.Reason, entry.Explanation)
			entry.holds(t, []string{row.kind}, []string{row.says}, []string{row.zh}, row.fix, "")
		})
	}
	for given, kind := range map[string]string{"1.0": "id-number", "001": "id-number", "１": "full-width", "north": "id-word", "北门": "id-word", "P-x": "id-word"} {
		entry := c.valued(t, "parkingstatus", `{"parkingId":"`+given+`"}`)
		require.Equal(t, "parking-unknown", entry.Reason, entry.Explanation)
		require.Len(t, entry.Diagnosis, 1, given)
		require.Equal(t, kind, entry.Diagnosis[0].Kind, given)
	}
}

// What a merchant answers to a push is named, in the attempt, for what it is.
func TestField_answersToPushes(t *testing.T) {
	c := newControlled(t)
	answer := ""
	merchant := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(answer)) }))
	defer merchant.Close()
	c.Do(t, http.MethodPut, "/merchants/M1", map[string]any{"key": servertest.Key, "push": map[string]any{"url": merchant.URL}})
	for _, row := range []struct{ name, answer, kind, says, zh, fix string }{
		{"a byte order mark", "\uFEFF{\"code\":0,\"message\":\"ok\"}", "answer-bom", "byte order mark", "BOM", "without a byte order mark"},
		{"HTML", "<!DOCTYPE html><html><body>Login</body></html>", "answer-html", "HTML page", "HTML 页面", "no login"},
		{"success", "success", "answer-word", "the word success", "单词 success", `{"code":0`},
		{"OK", "OK", "answer-word", "the word OK", "单词 OK", `{"code":0`},
		{"WeChat Pay's XML", "<xml><return_code>SUCCESS</return_code></xml>", "answer-xml", "XML", "XML", `{"code":0`},
		{"code as text", `{"code":"0","message":"ok"}`, "answer-code-text", "code is text", "code 是文本", `"code":0`},
		{"code 200", `{"code":200,"message":"ok"}`, "answer-code-not-0", "only 0 counts", "只有 0", "not 200"},
		{"a status for the code", `{"status":0}`, "answer-code-missing", "status", "status", `{"code":0`},
		{"marshalled twice", `"{\"code\":0}"`, "answer-quoted", "marshalled twice", "序列化了两次", "once"},
		{"nothing", "", "answer-empty", "empty", "为空", `{"code":0`},
		{"two answers", `{"code":0,"message":"ok"}{"code":1}`, "answer-trailing", `behind it stands`, "其后是", "Answer once"},
		{"PHP's warning before it", "<br />\n<b>Warning</b>: x on line 3<br />\n{\"code\":0,\"message\":\"ok\"}", "answer-framed", "stands before the JSON", "前面还有内容", "display_errors"},
		{"JSONP", `callback({"code":0,"message":"ok"})`, "answer-framed", "callback(", "callback(", "JSONP"},
		{"code inside of data", `{"data":{"code":0}}`, "answer-code-missing", "inside of data", "data 里面", `{"code":0`},
		{"gzip", "\x1f\x8b\x08\x00", "answer-compressed", "compressed", "压缩", `{"code":0`},
		{"cut", `{"code":0,"mess`, "answer-not-json", "ends early", "提前结束", `{"code":0`},
	} {
		t.Run(row.name, func(t *testing.T) {
			answer = row.answer
			made := c.Do(t, http.MethodPost, "/pushes", map[string]any{"merchantNo": "M1", "kind": "unbind"})
			c.Do(t, http.MethodPost, "/pushes/drain", map[string]any{"timeout": "10s"})
			a := c.Ask(t, http.MethodGet, servertest.Default+"/pushes/"+made["id"].(string), nil)
			var push struct {
				Attempts []struct {
					Error     string
					Diagnosis []struct{ Kind, Detail, DetailZh, Evidence, EvidenceZh, Fix, FixZh string }
				}
			}
			require.NoError(t, json.Unmarshal([]byte(a.Body), &push))
			require.NotEmpty(t, push.Attempts, a.Body)
			require.NotEmpty(t, push.Attempts[0].Error)
			require.Len(t, push.Attempts[0].Diagnosis, 1, a.Body)
			d := push.Attempts[0].Diagnosis[0]
			require.Equal(t, row.kind, d.Kind)
			require.Contains(t, d.Detail+" "+d.Evidence, row.says)
			require.Contains(t, d.DetailZh+" "+d.EvidenceZh, row.zh)
			require.Contains(t, d.Fix, row.fix)
			require.Regexp(t, `\p{Han}`, d.FixZh)
		})
	}
}
