package chinese_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/internal/chinese"
)

// A message is told by the format that says most of it; messages inside it are in Chinese too, and what somebody wrote stays as written.
func TestOf(t *testing.T) {
	for english, want := range map[string]string{
		`data.at: want "2017-08-20 12:00:01", got "2017-08-20 12:00:02"`: `data.at：应为 "2017-08-20 12:00:01"，实际为 "2017-08-20 12:00:02"`,
		`data.payment: want 10, got "10.0" (a string)`:                   `data.payment：应为 10，实际为 "10.0"（字符串）`,
		"data[0].orderId: index out of range: 0 (array length is 0)":     "data[0].orderId：下标超出范围：0（数组长度为 0）",
		"is required":                                                                                 "必填",
		"want a string, got a number":                                                                 "应为字符串，实际为数字",
		"want a text, got a number 7":                                                                 "应为文本，实际为数字 7",
		"no car park 99; there are 1, 2, 3":                                                           "没有停车场 99；现有：1、2、3",
		`no endpoint "bindcra"; did you mean bindcar?`:                                                `没有接口 "bindcra"；是否想用 bindcar？`,
		`unknown field "push.timeout"; known are no, key, name, push`:                                 `未知字段 "push.timeout"；可用的字段：no、key、name、push`,
		`it stands under rules, as bind.max`:                                                          `它属于 rules，名为 bind.max`,
		`unknown field "bind.maximum"; it stands under rules, as bind.max`:                            `未知字段 "bind.maximum"；它属于 rules，名为 bind.max`,
		`no such rule; there are bind.max, memory.max`:                                                `没有这条规则；现有：bind.max、memory.max`,
		`unknown field "parkingID"; did you mean "parkingId"?`:                                        `未知字段 "parkingID"；是否想用 "parkingId"？`,
		`endpoint in the query: no endpoint "x"; there are bindcar, carnum`:                           `查询参数 endpoint：没有接口 "x"；现有：bindcar、carnum`,
		"not JSON: line 1:8: the end, where a value should be":                                        "不是 JSON：第 1 行第 8 列：文本已结束，此处应有一个值",
		"渝ATX061 is parked already, in ETCP 智慧停车场 since 2017-08-20 12:00:00":                          "渝ATX061 已在场内：自 2017-08-20 12:00:00 起停在 ETCP 智慧停车场",
		`no merchant "is required"`:                                                                   `没有商户 "is required"`,
		`no parameter of bindcar "nosuch"; there are token, plateNumber`:                              `bindcar 没有参数 "nosuch"；现有：token、plateNumber`,
		`no kind of push "foo"; there are entry, exit`:                                                `没有推送类型 "foo"；现有：entry、exit`,
		`"1 +" does not compile: the expression ends too early, at character 3 of the expression`:     `"1 +" 无法编译：表达式不完整，在表达式的第 3 个字符`,
		"${a b} has a ${ that no } closes":                                                            "${a b} 有 ${ 没有以 } 闭合",
		"did you mean sms.interval?":                                                                  "是否想用 sms.interval？",
		`want a duration such as "45m", "26h30m" or "8d", got "x or y"`:                               `应为时长，如 "45m"、"26h30m"、"8d"，实际为 "x or y"`,
		`want an id of this list, or what next said, got "x"`:                                         `应为该列表中的 id，或 next 给出的值，实际为 "x"`,
		`want a time such as 2017-08-20 12:00:00, got "yesterday"`:                                    `应为时间，如 2017-08-20 12:00:00，实际为 "yesterday"`,
		`"1 2" does not compile: unexpected "2", at character 3 of the expression`:                    `"1 2" 无法编译：意外的 "2"，在表达式的第 3 个字符`,
		"there is $match, $gt":                                                                        "现有：$match、$gt",
		`no such push: "p77"`:                                                                         `没有这个推送："p77"`,
		`there is no check "twice-entri" (--list-checks shows them all); did you mean "twice-entry"?`: `没有检查项目 "twice-entri"（--list-checks 列出全部检查）；是否想用 "twice-entry"？`,
		`there is no encoding "formm"; there are json, form and form-data-param`:                      `没有编码 "formm"；现有：json、form、form-data-param`,
		"open /a/b: no such file or directory":                                                        "打开 /a/b：没有这个文件或目录",

		"mock: WithData: make the directory: the store cannot be written or read: mkdir /proc/x: no such file or directory": "模拟平台：WithData：创建目录：存储无法读写：创建目录 /proc/x：没有这个文件或目录",

		"dial tcp 127.0.0.1:1: connect: connection refused":                                                "连接 127.0.0.1:1：连接被拒绝",
		`duration "x": want one such as 45m, 26h30m or 8d, below 100 years`:                                `时长 "x"：应为 45m、26h30m、8d 这样的值，小于 100 年`,
		`2016-01-01 00:00:00 is not in the log that is kept: the log goes back to input 1 (rule log.keep)`: `2016-01-01 00:00:00 不在保留的日志中：日志最早到输入 1（规则 log.keep）`,
		"want max, or how much faster than real time, such as 10x, got \"quick\"":                          "应为 max，或相对真实时间的倍数，如 10x，实际为 \"quick\"",
		"answer: invalid character 'h' looking for beginning of value":                                     "answer：此处应有一个值，却是字符 'h'",
		"invalid character 'x' in literal true (expecting 'r')":                                            "true 中有无效字符 'x'（应为 'r'）",
		"a: b":                  "a: b",
		"sandbox s1 is taken":   "沙箱 s1 已被占用",
		"nobody ever said this": "nobody ever said this",
		"":                      "",
	} {
		require.Equal(t, want, chinese.Of(english), english)
	}
	long := strings.Repeat("is required ", 10_000)
	require.Equal(t, long, chinese.Of(long))
	require.Equal(t, "is \xff", chinese.Of("is \xff"))
}

// A sentence is in one language: whatever a value is, no English word that only sentences have stands outside of quotes in a Chinese one.
func TestOf_noEnglishWithinChinese(t *testing.T) {
	t.Parallel()
	function := regexp.MustCompile(`(?:^|[ （：；，])(?:is|are|or|and|the|there|want|not|which|that|cannot)(?:$|[ ）：；，])`)
	quoted := regexp.MustCompile(`"(?:[^"\\]|\\.)*"|'[^']*'`)
	verb := regexp.MustCompile(`%(\[[0-9]+\])?[-+# 0]*[0-9.]*[a-zA-Z]`)
	for format := range chinese.All() {
		for _, value := range []string{"it is nothing", "this and that", "want more of it", "json, form or other"} {
			text := verb.ReplaceAllStringFunc(format, func(v string) string {
				switch v[len(v)-1] {
				case 'd', 'x', 'f', 'g':
					return "7"
				case 'q':
					return `"q"`
				case 'c':
					return "c"
				}
				return value
			})
			said := chinese.Of(text)
			if said == text {
				continue
			}
			require.NotRegexp(t, function, quoted.ReplaceAllString(said, ""), "%s: %s", text, said)
		}
	}
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
