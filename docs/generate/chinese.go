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
	" page of ", " 一页 ",
)

// words are whole cells.
var words = map[string]string{ //nolint:gosec // "token" is the title of a column
	"yes": "是",

	// Titles.
	"check": "校验", "code": "code", "endpoint": "接口", "method": "方法", "section": "章节", "title": "名称", "token": "需要 token",
	"changes state": "改变状态", "own codes": "自身的 code", "by a rule": "由规则引入", "parameter": "参数", "required": "必填",
	"form": "格式", "message": "文案", "answered by": "返回它的接口", "kind": "类型",
	"fields, in the order that is signed": "字段，按签名顺序", "rule": "规则", "default": "默认值", "meaning": "含义", "values": "可选值",
	"lint": "lint", "reason": "原因", "explanation": "解释", "step": "步骤", "does": "作用", "its own fields; `?` may be left out": "自身的字段；`?` 表示可省略",
	"field": "字段", "what": "作用", "matcher": "匹配器", "the value": "值",
	"call": "调用", "takes": "参数", "answers": "应答",
	"in place of": "原来的代码", "stands": "植入的代码", "why no client sees it": "客户端为何察觉不到",

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

	// Planted bugs that no client sees.
	"the wall clock does not stand still, so that no client can send its edge":                                    "真实时钟一直在走，任何客户端都无法恰好在边界上发送",
	"a case would have to wait most of push.timeout in real time, and fail on a machine that is slow":             "用例需要实际等待大半个 push.timeout，在较慢的机器上还会误报",
	"the document does not say whether a quote outlives the payment that came after it":                           "文档没有写明报价在其后的一次支付之后是否仍然有效",
	"a whole day costs the same whether it is the last full day or the first one begun":                           "恰好一整天的费用，算作最后一个整天或刚开始的一天，结果相同",
	"the document does not say what a redelivery that fails does to the schedule of a push that is still pending": "文档没有写明，推送尚未结束时手动重发失败会怎样影响它的重推计划",

	// Calls of the control API.
	"Is it alive?":           "进程是否存活",
	"Does it serve?":         "是否就绪，可以提供服务",
	"Figures for Prometheus": "供 Prometheus 采集的指标",
	"What is running":        "正在运行的版本",
	"List the processes that share the store, and which sandboxes each owns": "列出共用同一存储的各个进程，以及各自拥有的沙箱",
	"This document":                                             "OpenAPI 文档",
	"This document, to read and to try":                         "可阅读、可试调的接口文档页面",
	"Is the admin token wanted, and is this browser let in?":    "是否需要管理令牌，当前浏览器是否已获准访问",
	"Give this browser a cookie for the admin token":            "用管理令牌为当前浏览器换取 cookie",
	"Take this browser's cookie back":                           "收回当前浏览器的 cookie",
	"What a signature is right for, or what was signed instead": "检查一个签名是否正确；不正确时，找出它实际签的是什么",
	"List the words of X-Mock-Reason":                           "列出 X-Mock-Reason 的全部取值",
	"List the lints of the journal":                             "列出请求日志中的全部 lint",
	"List the sandboxes":                                        "列出沙箱",
	"Make a sandbox":                                            "创建沙箱",
	"A sandbox":                                                 "查询一个沙箱",
	"End a sandbox; default stays (409)":                        "删除沙箱；default 不能删除（409）",
	"Back to its own fixture":                                   "重置为它自己的 fixture",
	"Take everything out; at a request id, push id, sequence number or time": "导出全部状态；at 可指定请求 id、推送 id、序号或时间",
	"Put everything back, whole or not at all":                               "恢复全部状态，要么全部成功，要么什么都不变",
	"Make a new sandbox as this one was at a point of its log":               "以本沙箱在输入日志某一点的状态新建一个沙箱",
	"List what changed between two points of the log":                        "列出输入日志两点之间的变化",
	"Back to what it was at a point of its log":                              "撤销到输入日志的某一点",
	"List the inputs in the order they were applied":                         "按执行顺序列出全部输入",
	"What the platform goes by":                                              "查询平台规则",
	"Change rules, all or none":                                              "修改规则，要么全部生效，要么都不生效",
	"What time it is":                                                        "查询时钟",
	"Set, freeze or run the clock":                                           "设置、冻结或运行时钟",
	"Move the clock; all that falls due on the way happens":                  "拨快时钟；途中到期的一切都会发生",
	"List merchants, with their keys":                                        "列出商户及其密钥",
	"Make or replace a merchant":                                             "新建或替换商户",
	"Take a merchant away":                                                   "删除商户",
	"Judge a merchant's endpoint for pushes, as contract webhook does":       "检查商户的推送接收端，与 contract webhook 相同",
	"List car parks":                                                         "列出停车场",
	"A car park":                                                             "查询一个停车场",
	"Make or replace a car park":                                             "新建或替换停车场",
	"Take a car park away, unless cars are in it (409)":                      "删除停车场；场内有车时拒绝（409）",
	"List the registry":                                                      "列出车辆登记",
	"What is known of a vehicle: its row of the registry, who has bound it":  "查询一辆车：它的登记信息，以及被谁绑定",
	"Write a row of the registry":                                            "写入一条车辆登记",
	"Take a row out of the registry":                                         "删除一条车辆登记",
	"List users and what each has bound":                                     "列出用户及各自绑定的车辆",
	"What a phone has bound":                                                 "查询某手机号绑定的车辆",
	"List the codes sent, newest first, the latest of each phone":            "列出各手机号最新的验证码，最近的在前",
	"The latest code sent to a phone":                                        "查询某手机号最新的验证码",
	"A car drives in":                                                        "车辆入场",
	"A car drives out":                                                       "车辆出场",
	"List stays":                                                             "列出停车订单",
	"The fee of a stay over time: each instant at which it changes, and why; from the entrance until now, or at most 31 days": "停车费随时间的变化：每个变化的时刻及原因；从入场到现在，最多 31 天",
	"List what happened in the course of a stay, from the SMS code to the last push, and the attempts to come":                "列出一次停车的全过程：从短信验证码到最后一条推送，以及尚未进行的推送尝试",
	"List pushes with every attempt": "列出推送及每一次尝试",
	"Trigger a push by hand":         "手动触发一条推送",
	"A push":                         "查询一条推送",
	"Once more, byte for byte":       "逐字节重发一次",
	"Did the pushes go out?":         "验证推送是否已发出",
	"Wait until no attempt is due or in flight (504 with what is left)": "等到没有到期或进行中的推送尝试（超时返回 504 并说明剩余数量）",
	"List what the mock was asked":                                      "列出模拟平台收到的请求",
	"A request":                                                         "查询一个请求",
	"Was the mock asked that?":                                          "验证模拟平台是否收到过某请求",
	"Did these come in this order?":                                     "验证请求和推送是否按此顺序发生",
	"Forget what it was asked":                                          "清空请求日志",
	"What was done, as a scenario that does it again":                   "把做过的事导出为能够重现它的场景",
	"What happens, as it happens (server-sent events; Last-Event-ID or after resumes; digest=true counts requests that come too fast)": "实时事件流（server-sent events；用 Last-Event-ID 或 after 续接；digest=true 时，来得太快的请求只计数）",
	"List faults with what each has done": "列出故障及各自的命中情况",
	"Have something go wrong":             "注入故障",
	"Take a fault away":                   "清除一个故障",
	"Take every fault away":               "清除所有故障",
	"List scenarios":                      "列出场景",
	"Run a scenario (202; 200 with its result where wait is set)": "运行场景（202；设置了 wait 时返回 200 和结果）",
	"Say everything that is wrong with a scenario":                "找出场景里的所有错误",
	"Read the folder of scenarios anew":                           "重新读取场景目录",
	"A scenario with its source":                                  "查询一个场景及其源文件",
	"List runs, the newest first":                                 "列出运行记录，最近的在前",
	"How far a run is":                                            "查询一次运行的进度",
	"Break a run off: its finally runs, its sandbox goes":         "中断一次运行：执行它的 finally，并删除它的沙箱",
}
