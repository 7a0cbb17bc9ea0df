package inspect_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/sign/diagnose/inspect"
)

// An id that nobody has is said to be the one that was meant, whatever was done to it on the way.
func TestOrderID(t *testing.T) {
	const id = "9E2F1B7C-6D0A-4C37-9D55-0C1C6B0B7E11"
	known := func(given string) bool { return given == id }
	for _, s := range []saying{
		{"lower case", strings.ToLower(id), "id-case", "there is such an order in upper case", "大写", id},
		{"padded", " " + id, "id-padded", "white space", "空白", id},
		{"a zero-width space", id + "\u200b", "id-padded", "invisible", "不可见", id},
		{"no dashes", "9e2f1b7c6d0a4c379d550c1c6b0b7e11", "id-dashes", "dashes", "连字符", id},
		{"in braces without dashes", "{9e2f1b7c6d0a4c379d550c1c6b0b7e11}", "id-dashes", "dashes", "连字符", id},
		{"en dashes", strings.ReplaceAll(id, "-", "–"), "id-dashes", "other characters", "别的字符", id},
		{"underscores", strings.ReplaceAll(id, "-", "_"), "id-dashes", "other characters", "别的字符", id},
		{"in quotes", `"` + id + `"`, "id-framed", "quotes", "引号", id},
		{"in braces", "{" + id + "}", "id-framed", "stands around it", "前后", id},
		{"a URN", "urn:uuid:" + strings.ToLower(id), "id-framed", "stands around it", "前后", id},
		{"URL-encoded", strings.ReplaceAll(id, "-", "%2D"), "id-url-encoded", "URL-encoded", "URL 编码", id},
		{"truncated", id[:30], "id-truncated", "30 characters", "30 个字符", "36"},
		{"the other id of a payment", "no201708201330001234567", "id-other", "payOrderId", "payOrderId", "orderunpay"},
		{"unset", "undefined", "value-unset", "without a value", "未赋值", "order"},
	} {
		t.Run(s.name, func(t *testing.T) {
			f, ok := inspect.OrderID(s.given, known)
			require.True(t, ok)
			s.check(t, f)
		})
	}
	for _, given := range []string{"x", "", strings.Repeat("9", 200), "9E2F1B7C-6D0A-4C37-9D55-0C1C6B0B7E12"} {
		_, ok := inspect.OrderID(given, known)
		require.False(t, ok, given)
	}
}

func TestToken(t *testing.T) {
	const token = "b3af3f61-ebc7-412c-9626-2ba46f50b896"
	known := func(given string) bool { return given == token }
	for _, s := range []saying{
		{"upper case", strings.ToUpper(token), "id-case", "there is such a token in lower case", "小写", token},
		{"Bearer", "Bearer " + token, "id-framed", "a word before it", "前缀", token},
		{"the object it came in", `{"token": "` + token + `"}`, "id-framed", "the object", "对象", token},
		{"truncated", token[:34], "id-truncated", "34 characters", "34 个字符", "36"},
		{"null", "null", "value-unset", "without a value", "未赋值", "token"},
		{"[object Object]", "[object Object]", "value-unset", "without a value", "未赋值", "token"},
		{"a JSON web token", "eyJhbGciOiJIUzI1NiJ9.e30.abc", "id-other", "another system", "别的系统", "usersigin"},
	} {
		t.Run(s.name, func(t *testing.T) {
			f, ok := inspect.Token(s.given, known)
			require.True(t, ok)
			s.check(t, f)
		})
	}
	_, ok := inspect.Token("b3af3f61-ebc7-412c-9626-2ba46f50b897", known)
	require.False(t, ok)
}

func TestCode(t *testing.T) {
	for _, s := range []saying{
		{"a space before it", " 042315", "value-padded", "white space", "空白", "042315"},
		{"full width", "０４２３１５", "full-width", "full-width", "全角", "042315"},
		{"a number", "42315", "leading-zeros", "zeros are gone", "0 丢失", "042315"},
	} {
		t.Run(s.name, func(t *testing.T) {
			f, ok := inspect.Code(s.given, "042315")
			require.True(t, ok)
			s.check(t, f)
		})
	}
	for _, given := range []string{"42314", "042314", "0", strings.Repeat(" ", 200) + "042315"} {
		_, ok := inspect.Code(given, "042315")
		require.False(t, ok, given)
	}
}

func TestParkingID(t *testing.T) {
	known := func(given string) bool { return given == "1" }
	byName := func(name string) string { return map[string]string{"ETCP 智慧停车场": "1"}[name] }
	for _, s := range []saying{
		{"a floating-point number", "1.0", "id-number", "floating-point", "浮点数", "1"},
		{"zeros", "001", "id-number", "zeros", "0", "1"},
		{"full width", "１", "full-width", "full-width", "全角", "1"},
		{"its name", "ETCP 智慧停车场", "id-other", "name of a car park", "名称", "1"},
		{"an order's id", "9E2F1B7C-6D0A-4C37-9D55-0C1C6B0B7E11", "id-other", "orderId", "orderId", "car park"},
		{"a word", "north", "id-word", "it is a word", "它是文字", "surroundingparking"},
		{"a Chinese word", "北门", "id-word", "it is a word", "它是文字", "parkId of a push"},
		{"a letter before digits", "P002", "id-word", "`P` is no digit", "`P` 不是数字", "surroundingparking"},
		{"a fraction", "1.5", "id-word", "`.` is no digit", "`.` 不是数字", "surroundingparking"},
		{"a letter before its number", "P1", "id-framed", "beside its number: `P`", "编号之外还有别的内容：`P`", ": 1"},
		{"Java's long", "1L", "id-framed", "`L`", "`L`", ": 1"},
	} {
		t.Run(s.name, func(t *testing.T) {
			f, ok := inspect.ParkingID(s.given, known, byName)
			require.True(t, ok)
			s.check(t, f)
		})
	}
	_, ok := inspect.ParkingID("7", known, byName)
	require.False(t, ok)
}
