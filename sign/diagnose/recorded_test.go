package diagnose_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/sign/diagnose"
	"github.com/etcp-mock/etcp-mock/sign/diagnose/diagnosetest"
	"github.com/etcp-mock/etcp-mock/sign/diagnose/inspect"
)

// recorded are the bytes that programs in other languages sent, each with a mistake; the programs are beside them, and record.py has recorded them.
var recorded = map[string]struct{ kinds, says, saysZh, fix, fixZh string }{
	"java-doubles":  {"number-as-double", "read as a double|in payment: signed `.0,", "当作 double 读取|字段 payment", "Gson's Map<String, Object>", "Gson 的 Map<String, Object>"},
	"java-entity":   {"characters-replaced", "replaced by ?|in plateNumber", "替换成了 ?|字段 plateNumber", `new UrlEncodedFormEntity(list, "UTF-8")`, `new UrlEncodedFormEntity(list, "UTF-8")`},
	"java-gbk":      {"form-charset", "the form is in GBK|D3 E5 is 渝", "表单是 GBK 编码|D3 E5", "escape it as UTF-8", "请按 UTF-8 转义"},
	"java-hashmap":  {"hashmap-order", "Java HashMap|first difference at byte 3", "Java HashMap|第一处不同在第 3 字节", "LinkedHashMap", "LinkedHashMap"},
	"java-printed":  {"java-map+number-rewritten", "Java Map|a number was written anew", "Java Map|数字被重新输出", "not map.toString()", "而不是 map.toString()"},
	"java-string":   {"characters-replaced", "replaced by ?|byte 41", "替换成了 ?|第 41 字节", `new StringEntity(body, "UTF-8")`, `new StringEntity(body, "UTF-8")`},
	"mjs-brackets":  {"data-as-array", "one JSON text|data[token]", "一段 JSON 文本|data[token]", "JSON.stringify(data)", "JSON.stringify(data)"},
	"mjs-escape":    {"percent-u-escaped", "escape()|%u6E1D", "escape()|%u6E1D", "encodeURIComponent", "encodeURIComponent"},
	"mjs-formdata":  {"body-multipart", "multipart/form-data|it begins with", "multipart/form-data|它以", "URLSearchParams, not FormData", "URLSearchParams 而不是 FormData"},
	"mjs-json":      {"body-json", "the body is JSON|application/json", "请求体是 JSON|application/json", "merchant_no=…", "merchant_no=…"},
	"mjs-length":    {"content-length-in-characters", "ends early|2 bytes are missing", "提前结束|缺少 2 字节", "Buffer.byteLength", "Buffer.byteLength"},
	"mjs-object":    {"unknown", "[object Object], the text of a JavaScript object", "[object Object]", "JSON.stringify(data)", "JSON.stringify(data)"},
	"php-array":     {"data-as-array", "one JSON text|data[token]", "一段 JSON 文本|data[token]", "json_encode($data)", "json_encode($data)"},
	"php-bom":       {"bom", "byte order mark|\\ufeff", "BOM|\\ufeff", "U+FEFF", "U+FEFF"},
	"php-dumped":    {"json-escaped-unicode", "\\u escapes|signed `\\u6e1d", "\\u 转义|签名的是 `\\u6e1d", "JSON_UNESCAPED_UNICODE", "JSON_UNESCAPED_UNICODE"},
	"php-entities":  {"html-escaped", "HTML-escaped|&quot;", "HTML 转义|&quot;", "htmlspecialchars", "htmlspecialchars"},
	"php-multipart": {"body-multipart", "multipart/form-data", "multipart/form-data", "application/x-www-form-urlencoded", "application/x-www-form-urlencoded"},
	"py-dict":       {"unknown", "data came twice|data is no JSON object|`token`", "data 出现了两次|data 不是 JSON 对象", "data is JSON text, not an object given to a form encoder", "data 应是 JSON 文本，而不是交给表单编码器的对象"},
	"py-dumps":      {"lower-case+json-spaced+json-escaped-unicode", "lower case|Python's json.dumps|\\u escapes", "小写|Python 的 json.dumps|\\u 转义", "ensure_ascii=False", "ensure_ascii=False"},
	"py-json":       {"body-json", "the body is JSON", "请求体是 JSON", "merchant_no=…", "merchant_no=…"},
	"py-latin":      {"characters-replaced", "replaced by ?", "替换成了 ?", "UTF-8", "UTF-8"},
	"py-str":        {"python-dict", "Python dict|signed `\"token", "Python dict|签名的是 `\"token", "json.dumps(d)", "json.dumps(d)"},
	"rb-array":      {"unknown", "data came twice", "data 出现了两次", "data is JSON text", "data 应是 JSON 文本"},
	"rb-body":       {"parameter-name", "`merchantno` is there", "收到的是 `merchantno`", "Rename it to merchant_no", "请改名为 merchant_no"},
	"rb-hash":       {"ruby-hash", "Ruby hash|but sent `=>", "Ruby Hash|发送的是 `=>", "hash.to_json", "hash.to_json"},
	"sh-file":       {"data-padded", "white space stands around data|but sent `\\n`", "前后有空白|发送的是 `\\n`", "--data-urlencode data@file", "--data-urlencode data@file"},
	"sh-get":        {"parameters-in-body", "a GET carries its parameters in the query", "GET 的参数要放在查询串里", "carnum?merchant_no=…", "carnum?merchant_no=…"},
	"sh-multipart":  {"body-multipart", "multipart/form-data", "multipart/form-data", "curl -d, not -F", "curl 用 -d 而不是 -F"},
	"sh-raw":        {"data-not-url-encoded", "without URL encoding|signed `+b/c=", "未做 URL 编码|签名的是 `+b/c=", "+ is %2B", "+ 写成 %2B"},
}

// What was recorded of clients in other languages is named, with evidence and a fix in both languages.
func TestRecorded(t *testing.T) {
	files, err := filepath.Glob("testdata/recorded/*.http")
	require.NoError(t, err)
	require.Len(t, files, len(recorded))
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".http")
		t.Run(name, func(t *testing.T) {
			bytes, err := os.ReadFile(file)
			require.NoError(t, err)
			findings := findingsOf(string(bytes))
			want := recorded[name]
			var kinds, en, zh, fix, fixZh []string
			for _, f := range findings {
				diagnosetest.Whole(t, f, wireKey)
				kinds, en, zh = append(kinds, f.Kind), append(en, f.Detail, f.Evidence), append(zh, f.DetailZh, f.EvidenceZh)
				fix, fixZh = append(fix, f.Fix), append(fixZh, f.FixZh)
			}
			require.Equal(t, want.kinds, strings.Join(kinds, "+"), "%+v", findings)
			for says := range strings.SplitSeq(want.says, "|") {
				require.Contains(t, strings.Join(en, " "), says)
			}
			for says := range strings.SplitSeq(want.saysZh, "|") {
				require.Contains(t, strings.Join(zh, " "), says)
			}
			require.Contains(t, strings.Join(fix, "; "), want.fix)
			require.Contains(t, strings.Join(fixZh, "；"), want.fixZh)
		})
	}
}

// findingsOf are what a server finds in a request as it came: a parameter that is missing, else what is wrong with the signature.
func findingsOf(request string) []diagnose.Finding {
	head, body, _ := strings.Cut(request, "\r\n\r\n")
	lines := strings.Split(head, "\r\n")
	first := strings.Fields(lines[0])
	path, query, _ := strings.Cut(first[1], "?")
	a := inspect.Arrived{Method: first[0], Path: path, RawQuery: query, Body: body, Want: first[0]}
	for _, line := range lines[1:] {
		name, value, _ := strings.Cut(line, ": ")
		a.HeaderNames = append(a.HeaderNames, name)
		if strings.EqualFold(name, "Content-Type") {
			a.ContentType = value
		}
	}
	read := body
	if kind, _, _ := strings.Cut(a.ContentType, ";"); a.Method == "GET" || kind != "application/x-www-form-urlencoded" {
		read = query
	}
	for _, param := range []string{"merchant_no", "time_stamp", "data", "sign"} {
		if !strings.Contains("&"+read, "&"+param+"=") {
			f, _ := inspect.Missing(param, a)
			return []diagnose.Finding{f}
		}
	}
	return diagnose.Request{MerchantNo: "M1", Key: wireKey, RawQuery: query, RawBody: body}.Explain().Findings
}
