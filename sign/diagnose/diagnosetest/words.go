package diagnosetest

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/sign/diagnose/internal/words"
)

// said is what the finding about a push has to say, whichever program made the mistake: what happened, what shows it, what to do.
type said struct{ what, whatZh, evidence, evidenceZh, fix, fixZh string }

// What shows a mistake: where the texts part, or the right text where the parts were put together otherwise.
const (
	differs, differsZh = "first difference at byte", "第一处不同在第"
	right, rightZh     = "the right text is M1{", "正确的待签名文本是 M1{"
)

// saidOfPushes has a row for each kind that [Pushes] and [Matrix] lead to.
var saidOfPushes = map[string]said{
	"ampersand-joined":      {"joined by &", "用 & 相连", right, rightZh, "nothing between the parts", "直接相连"},
	"amount-in-fen":         {"signed in fen and sent in yuan", "签名时用分而发送时用元", "in receivableFee", "字段 receivableFee", "amounts in yuan", "金额保持元"},
	"characters-escaped":    {`\xe6`, `\xe6`, differs, differsZh, "as received, in UTF-8", "收到的 UTF-8 原文"},
	"data-double-encoded":   {"URL-encoded twice", "两次 URL 编码", "signed `%257B", "签名的是 `%257B", "do not URL-encode it", "不要做 URL 编码"},
	"data-missing":          {"", "", right, rightZh, "Hash merchant_no + data + key", "请对 merchant_no + data + 密钥 求哈希"},
	"data-url-encoded":      {"while it was URL-encoded", "还是 URL 编码后的文本", "signed `%7B", "签名的是 `%7B", "do not URL-encode it", "不要做 URL 编码"},
	"decoded-as-gbk":        {"read as GBK", "按 GBK 读取", "but sent `渝", "发送的是 `渝", "as UTF-8", "按 UTF-8 读取"},
	"field-added":           {"fields were added that were not received", "加进了没有收到的字段", "which the push does not have", "推送里没有的", "as received", "原文求哈希"},
	"field-left-out":        {"a field was left out", "漏掉了字段", "the text lacks", "文本中缺少", "all fields that were received", "收到的所有字段"},
	"field-names-rewritten": {"names in another style", "字段名是另一种写法", "signed `PlateNumber", "签名的是 `PlateNumber", "naming strategy", "命名策略"},
	"field-order":           {"sorted", "排序", differs, differsZh, "in the order they are received", "收到时的顺序"},
	"gbk-encoded":           {"hashed in GBK", "按 GBK 字节求了哈希", `\xd3\xe5`, `\xd3\xe5`, "UTF-8 bytes, not GBK", "UTF-8 字节求哈希，而不是 GBK"},
	"hash-chained":          {"another hash was taken first", "先求了另一种哈希", right, rightZh, "MD5 of the text itself", "直接对文本求 MD5"},
	"hashmap-order":         {"Java Hash", "Java Hash", differs, differsZh, "LinkedHashMap", "LinkedHashMap"},
	"hex-twice":             {"in hex once more", "又做了一次十六进制编码", "its 64 digits", "64 位", "once", "只写一次"},
	"hmac-md5":              {"HMAC", "HMAC", "32 digits", "32 位", "plain MD5", "普通 MD5"},
	"hmac-sha256":           {"HMAC-SHA256", "HMAC-SHA256", "64 digits", "64 位", "plain MD5", "普通 MD5"},
	"id-rewritten":          {"without its dashes", "不带连字符", "in synId", "字段 synId", "dashes of its ids", "保留标识中的连字符"},
	"json-escaped-html":     {"<, >, &, = or '", "<、>、&、=", `\u003c`, `\u003c`, "as received", "原文求哈希"},
	"json-escaped-slash":    {`\/`, `\/`, `\/`, `\/`, "PHP's json_encode", "PHP 的 json_encode"},
	"json-escaped-unicode":  {`\u escapes`, `\u 转义`, differs, differsZh, `encoded anew with \u escapes`, `带 \u 转义的文本`},
	"json-number-quoted":    {"put into quotes", "加上了引号", "signed `\"", "签名的是 `\"", "without quotes", "不加引号"},
	"json-single-quoted":    {"' in the place of", "用 ' 代替", "signed `'plateNumber", "签名的是 `'plateNumber", "double quotes", "双引号"},
	"json-spaced":           {"laid out", "排版", differs, differsZh, "compact JSON", "紧凑 JSON"},
	"key-cut":               {"characters are missing at an end of the key", "密钥的开头或末尾缺了字符", "missing at its end: 1", "末尾少了", "the whole key", "完整的密钥"},
	"key-encoded":           {"decoded from hex or Base64, or encoded", "十六进制或 Base64 解码（或编码）", "written in Base64", "做了 Base64 编码", "as it was given", "给定的密钥文本"},
	"key-missing":           {"the key was left out", "漏掉了密钥", right, rightZh, "key is part of the text", "密钥是待签名文本的一部分"},
	"key-mistyped":          {"the key has another character", "密钥中有字符不同", "of the key", "密钥第", "Copy the key", "复制密钥"},
	"key-trailing-newline":  {"a line end stands behind the key", "密钥后面带有换行符", "stands behind the key", "密钥后面有 `\\n`", "trim it", "请去掉"},
	"lower-case":            {"lower case", "小写", "first at digit", "首先在第", "upper case", "大写"},
	"md5-twice":             {"MD5 of the MD5", "又求了一次 MD5", right, rightZh, "Hash once", "只求一次"},
	"merchant-no-case":      {"merchant_no was turned into another case", "merchant_no 的大小写被改变", right, rightZh, "in the case it was given in", "按原样使用"},
	"merchant-no-unset":     {"a variable without a value", "未赋值的变量", right, rightZh, "its merchant's number", "配置商户号"},
	"number-as-double":      {"read as a double", "当作 double 读取", "in parkId: signed `.0", "字段 parkId：签名的是 `.0", "literal text", "数字的原文"},
	"parts-reordered":       {"another order", "顺序不对", right, rightZh, "merchant_no, data, key", "merchant_no、data、密钥"},
	"parts-repeated":        {"stands twice", "出现了两次", right, rightZh, "comes once", "只出现一次"},
	"plate-rewritten":       {"in another form", "写法不同", "in plateNumber: signed `·", "字段 plateNumber：签名的是 `·", "before the plate is brought into another form", "车牌"},
	"printed-signed":        {"not the JSON that was sent", "而不是发送的 JSON", differs, differsZh, "not the printed object", "而不是"},
	"push-time-included":    {"a time was put into the text", "加进了时间", "the time in it is", "其中的时间是", "nothing else (§10)", "只对 merchant_no + data + 密钥"},
	"request-formula":       {"a formula of requests", "请求的公式", right, rightZh, "merchant_no, data, key (§10)", "merchant_no、data、密钥（§10）"},
	"sign-number":           {"a big number", "大整数", "it is `", "它是 `", "32 hex digits", "32 位大写十六进制"},
	"signment-cut-badly":    {"signment was cut out", "剪掉 signment 时", "brace", "花括号", "together with the comma", "连同它前面的逗号"},
	"signment-included":     {"signment was left in the text", "留有 signment", differs, differsZh, "Take signment out", "去掉 signment"},
	"sm3":                   {"SM3", "SM3", "64 digits", "64 位", "MD5", "MD5"},
	"text-framed":           {"before or behind the whole text", "前后多了内容", right, rightZh, "begin with an empty text", "从空字符串开始"},
	"time-rewritten":        {"in another format", "以另一格式输出", "in entranceTime", "字段 entranceTime", "declare the field as a string", "声明为字符串"},
	"trailing-newline":      {"a line end was hashed", "换行符也参与了哈希", right, rightZh, "without a line end", "不要把换行符"},
	"truncated":             {"only a part of the right one", "只是正确签名的一部分", "16 digits", "16 位", "all 32 digits", "全部 32 位"},
	"unicode-normalized":    {"NFD", "NFD", "in plateNumber", "字段 plateNumber", "without Unicode normalization", "不要做 Unicode 规范化"},
	"utf16-encoded":         {"UTF-16", "UTF-16", right, rightZh, "UTF-8 bytes", "UTF-8 字节"},
	"utf8-twice":            {"read as ISO-8859-1", "按 ISO-8859-1 读取", "signed `æ¸", "签名的是 `æ¸", "Decode the body as UTF-8", "按 UTF-8 而不是 ISO-8859-1 解码"},
	"values-joined":         {"the values were joined", "相连的各个值", differs, differsZh, "the JSON text", "JSON 文本"},
	"wechat-pay-style":      {"WeChat Pay v2", "微信支付 v2", "signed `", "签名的是 `", "does not sort", "不排序"},
	"other-charset":         {"hashed in Big5", "按 Big5 字节求了哈希", differs, differsZh, "UTF-8 bytes", "UTF-8 字节"},
	"value-unset":           {"signed without its value", "签名时没有值", "None", "None", "nor None", "不是 null 或 None"},
	"whitespace-stripped":   {"white space was taken out", "去掉了空白", differs, differsZh, "Keep white space", "保留空白"},
}

// HoldsPush holds the findings about a push to their kinds, and to the words of each kind in both languages.
func HoldsPush(tb testing.TB, p Push, findings []words.Finding, keys ...string) {
	tb.Helper()
	var kinds []string
	for _, f := range findings {
		kinds = append(kinds, f.Kind)
		Whole(tb, f, keys...)
		s, ok := saidOfPushes[f.Kind]
		require.True(tb, ok, "no words are expected of %s", f.Kind)
		others := len(findings) > 1 // the first difference may be another mistake's
		for _, c := range []struct{ text, want string }{{f.Detail, s.what}, {f.DetailZh, s.whatZh}, {f.Fix, s.fix}, {f.FixZh, s.fixZh}} {
			require.Contains(tb, c.text, c.want, f.Kind)
		}
		if !others || s.evidence == differs || f.Kind == "lower-case" {
			require.Contains(tb, f.Evidence, s.evidence, f.Kind)
			require.Contains(tb, f.EvidenceZh, s.evidenceZh, f.Kind)
		}
	}
	require.Equal(tb, p.Kinds, kinds, "%+v", findings)
}

// HoldsRequest holds the findings about a request to its kinds and to what its row says of them in both languages.
func HoldsRequest(tb testing.TB, r Request, findings []words.Finding, keys ...string) {
	tb.Helper()
	var kinds, en, zh, fix, fixZh []string
	for _, f := range findings {
		kinds = append(kinds, f.Kind)
		Whole(tb, f, keys...)
		en, zh = append(en, f.Detail, f.Evidence), append(zh, f.DetailZh, f.EvidenceZh)
		fix, fixZh = append(fix, f.Fix), append(fixZh, f.FixZh)
	}
	require.Equal(tb, r.Kinds, kinds, "%+v", findings)
	for _, want := range r.Says {
		require.Contains(tb, strings.Join(en, " "), want)
	}
	for _, want := range r.SaysZh {
		require.Contains(tb, strings.Join(zh, " "), want)
	}
	require.Contains(tb, strings.Join(fix, "; "), r.Fix)
	require.Contains(tb, strings.Join(fixZh, "；"), r.FixZh)
}

// SaidOfPushes are the kinds of which [HoldsPush] expects words.
func SaidOfPushes() []string {
	var kinds []string
	for kind := range saidOfPushes {
		kinds = append(kinds, kind)
	}
	slices.Sort(kinds)
	return kinds
}
