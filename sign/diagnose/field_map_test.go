package diagnose_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/sign/diagnose/diagnosetest"
)

// fieldRow is a mistake seen in the field: the kind it has to be named, and the rows of package diagnosetest that put it on the wire.
type fieldRow struct {
	mistake, kind string
	sent          []string
}

// signedRows are of requests whose signature does not fit what arrived.
var signedRows = []fieldRow{
	{"a form in ISO-8859-1", "characters-replaced", []string{"Apache HttpClient: new UrlEncodedFormEntity(list), ISO-8859-1", "the same, the city", "U+FFFD where a character stood", "锟斤拷"}},
	{"a form in GBK", "form-charset", []string{`URLEncoder.encode(data, "GBK")`, "a form in Big5", "GBK bytes, not escaped"}},
	{"UTF-8 read as Latin-1 and written again", "mojibake", []string{"UTF-8 read as ISO-8859-1 and written as UTF-8", "UTF-8 read as windows-1252", "UTF-8 read as GBK"}},
	{"&quot; for quotes", "html-escaped", []string{"htmlspecialchars over data", "&#34; over data, sent raw"}},
	{"a bare &", "data-not-url-encoded", []string{"a bare & in data", "two bare & in data", "a bare & with a = behind it"}},
	{"a bare +", "data-not-url-encoded", []string{"a bare + in data", "a bare + in data, after encodeURI"}},
	{"a bare %41", "data-not-url-encoded", []string{"a bare % in data"}},
	{"data with a byte order mark", "bom", []string{"a byte order mark", "a byte order mark read as ISO-8859-1"}},
	{"Content-Length in characters", "content-length-in-characters", []string{"Content-Length counts characters", "Content-Length counts characters, two of them"}},
	{"data twice", "parameter-twice", []string{"data in body and again behind it"}},
	{"a dict given to a form encoder", "unknown", []string{"requests: data=dict, the keys alone"}},
	{"HashMap, capacity 16", "hashmap-order", []string{"HashMap of Java 8", "new HashMap(64)"}},
	{"Gson's doubles", "number-as-double", []string{"Gson, Map<String, Object>"}},
	{"one number quoted", "json-number-quoted", []string{"a number quoted"}},
	{"WeChat Pay v2", "wechat-pay-style", []string{"WeChat Pay v2", "WeChat Pay v2 over the four parameters"}},
	{"MD5 of the MD5", "md5-twice", []string{"MD5 of the MD5, lower case", "MD5 of the MD5, upper case"}},
	{"UTF-16", "utf16-encoded", []string{"Encoding.Unicode", "UTF-16BE"}},
	{"indented with CR LF", "json-spaced", []string{"indented on Windows", "indented by four on Windows"}},
	{"fastjson's pretty print", "json-spaced", []string{"fastjson's pretty print"}},
	{"lower case", "lower-case", []string{"lower case"}},
	{"white space stripped", "whitespace-stripped", []string{"white space stripped"}},
	{"URL-encoded", "data-url-encoded", []string{"signed after URL-encoding"}},
	{"URL-encoded twice", "data-double-encoded", []string{"encoded twice"}},
	{"other orders", "parts-reordered", []string{"the key first"}},
	{"joined by &", "ampersand-joined", []string{"joined by &"}},
	{"no key", "key-missing", []string{"no key"}},
	{"a key with a line end", "key-trailing-newline", []string{"a key with its line end", "a key with a carriage return"}},
	{"another format of the stamp", "stamp-format", []string{"another format of the stamp", "time signed: System.currentTimeMillis()"}},
	{"sorted keys", "keys-sorted", []string{"json.dumps, sort_keys"}},
	{"spacing and escapes of JSON libraries", "json-escaped-unicode", []string{"json.dumps", "System.Text.Json", "PHP's pretty print"}},
	{"GBK hashed", "gbk-encoded", []string{"GBK hashed"}},
	{"truncated", "truncated", []string{"16 digits"}},
	{"the values joined", "values-joined", []string{"the values joined", "values joined by commas"}},
}

// pushRows are kinds that all four pushes are tried with.
var pushRows = []string{
	"hashmap-order", "wechat-pay-style", "md5-twice", "utf16-encoded", "json-spaced", "json-escaped-unicode", "lower-case", "whitespace-stripped", "data-url-encoded", "data-double-encoded", "parts-reordered",
	"ampersand-joined", "key-missing", "key-trailing-newline", "gbk-encoded", "truncated", "values-joined", "signment-included", "utf8-twice", "decoded-as-gbk", "trailing-newline",
}

// envelopeRows are of requests that are refused before their signature is looked at, or accepted with a lint.
var envelopeRows = []fieldRow{
	{"other names of the parameters", "parameter-name", []string{"merchantNo", "timeStamp", "Sign", "signment"}},
	{"JSON as the body", "body-json", []string{"JSON under the form's content type", "JSON", "data alone as JSON"}},
	{"a GET with its parameters in the body", "parameters-in-body", []string{"a GET with its parameters in the body", "a GET with JSON in the body"}},
	{"PHP arrays", "data-as-array", []string{"PHP arrays", "jQuery without stringify"}},
	{"raw JSON", "", []string{"raw JSON in a form", "raw JSON in a URL", "a raw space in a URL", "raw spaces in the URL of a POST"}},
	{"a base URL glued wrongly", "path", []string{openAPIPath + "usersigin/", openAPIPath + "/usersigin"}},
	{"data is an array", "data-array", []string{"an array"}},
	{"data is a JSON string", "data-quoted", []string{"a JSON string"}},
	{"data is a Python dict's text", "python-dict", []string{"a Python dict's text"}},
	{"data is a Java Map's text", "java-map", []string{"a Java Map's text"}},
	{"data is Base64", "data-base64", []string{"Base64"}},
	{"a stamp 8 hours off", "stamp-utc", nil},
	{"a stamp 12 hours off", "stamp-12-hours", nil},
	{"milliseconds", "stamp-unix-milliseconds", nil},
	{"seconds missing", "stamp-seconds-missing", nil},
}

const openAPIPath = "/merchant/open/1.0.0/openapi/"

// testedRows are rows that other packages put on the wire: the file of the test, from the module's root, and what in it sends the row.
var testedRows = []struct {
	mistake, file string
	sends         []string
}{
	{"a plate's characters", "mock/field_values_test.go", []string{`"a middle dot"`, `"a zero-width space"`, `"full-width letters"`, "U+00B7"}},
	{"fen for yuan", "mock/field_values_test.go", []string{`"fen"`, "amount-in-fen"}},
	{"verificationInfo", "mock/field_values_test.go", []string{"sealed-plus-lost", "sealed-truncated", "sealed-url-encoded"}},
	{"orderId in lower case", "mock/field_values_test.go", []string{"id-case"}},
	{"answers to pushes", "mock/field_values_test.go", []string{"answer-bom", "answer-html", `"success"`, "answer-code-text"}},
	{"a receiver that writes the JSON anew", "contract/webhook/cause_test.go", []string{`"raw-number"`, `"raw-white-space"`, `"raw-escapes"`, `"text-html"`}},
	{"causes of a receiver", "contract/webhook/cause_test.go", []string{`"hashmap-order"`, `"wechat-pay-style"`, `"md5-twice"`, `"number-as-double"`, `"json-number-quoted"`, `"utf8-twice"`, `"decoded-as-gbk"`, `"trailing-newline"`}},
	{"an answer of text, a slow one", "contract/webhook/cause_test.go", []string{`"code":0`, "store the push, answer code 0"}},
	{"a 502 page, 429 with Retry-After", "mock/internal/fault/effects_test.go", []string{`"Retry-After":"7","content-type":"text/html"`}},
	{"an answer byte by byte, an empty one, random bytes", "mock/internal/fault/effects_test.go", []string{"func TestDribble", "func TestBodies", `"garbage":300`}},
}

// Each mistake seen in the field is put on the wire by a row that the tests of the wire hold to its kind, its words in both languages and its fix.
func TestField_everyRowIsSent(t *testing.T) {
	requests := map[string]diagnosetest.Request{}
	for _, r := range diagnosetest.Requests("M1", wireKey, patientStamp) {
		requests[r.Name] = r
	}
	for _, row := range signedRows {
		for _, name := range row.sent {
			r, ok := requests[name]
			require.True(t, ok, "%s: no request %q", row.mistake, name)
			require.Contains(t, r.Kinds, row.kind, name)
		}
	}
	envelopes := map[string]diagnosetest.Envelope{}
	kinds := map[string]diagnosetest.Envelope{}
	for _, e := range diagnosetest.Envelopes("M1", wireKey, time.Now()) {
		envelopes[e.Name], kinds[e.Kind] = e, e
	}
	for _, row := range envelopeRows {
		for _, name := range row.sent {
			e, ok := envelopes[name]
			require.True(t, ok, "%s: no envelope %q", row.mistake, name)
			require.Equal(t, row.kind, e.Kind, name)
			require.True(t, e.Lint != "" || len(e.Says) > 0 && len(e.SaysZh) > 0 && e.Fix != "", name)
		}
		if row.kind != "" {
			require.NotEmpty(t, kinds[row.kind].Says, row.mistake)
		}
	}
	for _, kind := range pushRows {
		for _, push := range []string{"entry", "exit", "unbind", "certification-invalid"} {
			require.True(t, slices.ContainsFunc(append(diagnosetest.Pushes("M1", wireKey), diagnosetest.Matrix("M1", wireKey)...), func(p diagnosetest.Push) bool {
				return p.Kind == push && slices.Contains(p.Kinds, kind)
			}), "%s of %s", kind, push)
		}
	}
	for _, row := range testedRows {
		text, err := os.ReadFile(filepath.Join("..", "..", filepath.FromSlash(row.file)))
		require.NoError(t, err)
		for _, sends := range row.sends {
			require.True(t, strings.Contains(string(text), sends), "%s: %s has no %s", row.mistake, row.file, sends)
		}
	}
}
