package chinese_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/internal/chinese"
)

// A message is told by the format that says most of it; messages inside it are in Chinese too, and what somebody wrote stays as written.
func TestOf(t *testing.T) {
	for english, want := range map[string]string{
		"is required":                                                                    "必填",
		"want a string, got a number":                                                    "应为字符串，给出的是数字",
		"want a text, got a number 7":                                                    "应为文本，给出的是数字 7",
		"no car park 99; there are 1, 2, 3":                                              "没有停车场 99；现有：1, 2, 3",
		`no endpoint "bindcra"; did you mean bindcar?`:                                   `没有接口 "bindcra"；是否想用 bindcar？`,
		`unknown field "parkingID"; did you mean "parkingId"?`:                           `未知字段 "parkingID"；是否想用 "parkingId"？`,
		`endpoint in the query: no endpoint "x"; there are bindcar, carnum`:              `查询参数 endpoint：没有接口 "x"；现有：bindcar, carnum`,
		"not JSON: line 1:8: the end, where a value should be":                           "不是 JSON：第 1 行第 8 列：文本已结束，此处应有一个值",
		"渝ATX061 is parked already, in ETCP 智慧停车场 since 2017-08-20 12:00:00":             "渝ATX061 已在场内：自 2017-08-20 12:00:00 起停在 ETCP 智慧停车场",
		`no merchant "is required"`:                                                      `没有商户 "is required"`,
		`no parameter of bindcar "nosuch"; there are token, plateNumber`:                 `bindcar 没有参数 "nosuch"；现有：token, plateNumber`,
		`no kind of push "foo"; there are entry, exit`:                                   `没有推送类型 "foo"；现有：entry, exit`,
		`"1 +" does not compile: unexpected token EOF, at character 3 of the expression`: `"1 +" 无法编译：表达式不完整，在表达式的第 3 个字符`,
		"${a b} has a ${ that no } closes":                                               "${a b} 有 ${ 没有以 } 闭合",
		"did you mean sms.interval?":                                                     "是否想用 sms.interval？",
		`want a duration such as "45m", "26h30m" or "8d", got "x or y"`:                  `应为时长，如 "45m"、"26h30m"、"8d"，给出的是 "x or y"`,
		`want an id of this list, or what next said, got "x"`:                            `应为该列表中的 id，或 next 给出的值，给出的是 "x"`,
		`no such push: "p77"`:                                                            `没有这个推送："p77"`,
		"sandbox s1 is taken":                                                            "沙箱 s1 已被占用",
		"nobody ever said this":                                                          "nobody ever said this",
		"":                                                                               "",
	} {
		require.Equal(t, want, chinese.Of(english), english)
	}
	long := strings.Repeat("is required ", 10_000)
	require.Equal(t, long, chinese.Of(long))
	require.Equal(t, "is \xff", chinese.Of("is \xff"))
}

// No text, whatever it is, is more than a moment's work, and none loses what it holds.
func FuzzOf(f *testing.F) {
	for _, seed := range []string{"want a, got b", "no %s %s; there are", "want want want, got got", `"\"`, "a; did you mean b; did you mean c?"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if out := chinese.Of(text); strings.Contains(out, "%!") && !strings.Contains(text, "%!") {
			t.Fatalf("%q: %q", text, out)
		}
	})
}
