package main

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
)

// inChinese is the argument of a table that is wanted in Chinese.
const inChinese = "zh"

var errNoChinese = errors.New("there is no Chinese for it in docs/generate/chinese.go")

var (
	han     = regexp.MustCompile(`\p{Han}`)
	literal = regexp.MustCompile("`[^`]*`")
	word    = regexp.MustCompile(`[A-Za-z]*[a-z]{2}`)
)

// translated is a table with its English cells in Chinese. A cell with neither Chinese nor a translation is an error, so that
// a changed text does not stay behind in one language.
func translated(t table) (table, error) {
	var wrong error
	for _, row := range t {
		for i, cell := range row {
			text, known := words[cell]
			if !known {
				text = fragments.Replace(cell)
				if !han.MatchString(text) && word.MatchString(literal.ReplaceAllString(text, "")) {
					wrong = errors.Join(wrong, fmt.Errorf("%q: %w", cell, errNoChinese))
				}
			}
			row[i] = text
		}
	}
	return t, wrong
}

// fragments are parts of cells.
var fragments = strings.NewReplacer(
	" by a rule", "（规则开启时）",
	" (a phone)", "（手机号）",
	"; then `signment`", "；最后是 `signment`",
	" (string or number)", "（字符串或数字均可）",
	"group 1", "组合 1",
	"group 2", "组合 2",
)

// words are whole cells.
var words = map[string]string{ //nolint:gosec // "token" is the title of a column
	"yes": "是",

	// Titles.
	"check": "校验", "code": "code", "endpoint": "接口", "method": "方法", "section": "章节", "title": "名称", "token": "需要 token",
	"changes state": "改变状态", "own codes": "自身的 code", "by a rule": "由规则引入", "parameter": "参数", "required": "必填",
	"form": "格式", "message": "文案", "answered by": "返回它的接口", "kind": "类型",
	"fields, in the order that is signed": "字段，按签名顺序", "rule": "规则", "default": "默认值", "meaning": "含义", "values": "可选值",
	"lint": "lint", "reason": "原因", "explanation": "解释", "step": "步骤", "does": "作用", "its own fields": "特有字段",
	"field": "字段", "what": "作用", "matcher": "匹配器", "the value": "值",

	// Checks.
	"Injected faults: they may answer, delay, or cut the connection":         "注入的故障：可能直接应答、延迟，或断开连接",
	"`merchant_no`, `time_stamp`, `data` and `sign` are there and not empty": "`merchant_no`、`time_stamp`、`data`、`sign` 齐全且不为空",
	"The merchant is known": "商户存在",
	"`time_stamp` is an instant written yyyyMMddHHmmss, in Asia/Shanghai":                   "`time_stamp` 是按 yyyyMMddHHmmss 书写的有效时间，时区 Asia/Shanghai",
	"`time_stamp` is within `timestamp.window` of the wall clock or of the sandbox's clock": "`time_stamp` 与真实时钟或沙箱时钟相差不超过 `timestamp.window`",
	"`sign` is right":                   "`sign` 正确",
	"`data` is UTF-8 and a JSON object": "`data` 是 UTF-8 编码的 JSON 对象",
	"The required business parameters are there, not null and not empty":                          "必填的业务参数齐全，不为 null，不为空",
	"Each parameter has its form, in the document's order; then, with the rule `strict`, no lint": "各参数按文档顺序逐个校验格式；规则 `strict` 开启时，还不能有任何 lint",
	"The token is known, the newest of its user, this merchant's, and not expired":                "token 存在，是该用户最新的一个，属于本商户，且未过期",
	"The endpoint's own rules": "接口自身的规则",
	"as injected":              "由故障决定",
	"those of the endpoint":    "由接口决定",

	// Forms of parameters.
	"text":                        "文本",
	"text, at most 64 characters": "文本，最多 64 个字符",
	"phone: `^1[3-9][0-9]{9}$`":   "手机号：`^1[3-9][0-9]{9}$`",
	"plate":                       "车牌",
	"alone":                       "单独使用",
	"1 blue, 2 black, 3 yellow, 4 white (string or number)":               "1 蓝，2 黑，3 黄，4 白（字符串或数字均可）",
	"yuan: a plain decimal over 0, at most two places (string or number)": "金额，单位元：大于 0 的普通小数，最多两位（字符串或数字均可）",
	"`yyyy-MM-dd HH:mm:ss`, Asia/Shanghai":                                "`yyyy-MM-dd HH:mm:ss`，时区 Asia/Shanghai",
	"17 characters, A–Z and 0–9 without I, O, Q":                          "17 位，A–Z 和 0–9，不含 I、O、Q",
	"decimal, −90 to 90, BD-09":                                           "小数，−90 到 90，BD-09 坐标系",
	"decimal, −180 to 180, BD-09":                                         "小数，−180 到 180，BD-09 坐标系",
	"whole metres, 500 to 5000":                                           "整数，单位米，500 到 5000",

	// Codes and rules.
	"every endpoint": "所有接口",
	"an injected fault, or a failure of the mock itself": "注入的故障，或模拟平台自身出错",
	"that of §11": "§11 的文案",
	"The message that goes with a code; of code 0, that of a success.": "某个 code 对应的文案；code 0 为成功时的文案。",
}
