package main

import (
	"strings"

	"github.com/etcp-mock/etcp-mock/internal/phrases"
)

// inChinese is a page of what was measured in Chinese: the same figures, line by line.
func inChinese(page string) string {
	lines := strings.Split(page, "\n")
	for i, line := range lines {
		switch {
		case strings.HasPrefix(line, "|"):
			cells := strings.Split(line, "|")
			for j, cell := range cells {
				cells[j] = strings.Replace(cell, strings.TrimSpace(cell), chinese.Of(strings.TrimSpace(cell)), 1)
			}
			lines[i] = strings.Join(cells, "|")
		case strings.HasPrefix(line, unmeasured):
			sections := strings.Split(strings.TrimSuffix(strings.TrimPrefix(line, unmeasured), "."), "; ")
			for j := range sections {
				sections[j] = chinese.Of(sections[j])
			}
			lines[i] = "本次没有测量、沿用之前结果的：" + strings.Join(sections, "；") + "。"
		default:
			mark := line[:len(line)-len(strings.TrimLeft(line, "# "))]
			lines[i] = mark + chinese.Of(strings.TrimPrefix(line, mark))
		}
	}
	return strings.Join(lines, "\n")
}

// unmeasured begins the line that names the sections that were not measured this time.
const unmeasured = "Not measured this time but before: "

// chinese has each line, title and name of the page.
var chinese = phrases.New(map[string]string{ //nolint:gosec // what it says of a token is no credential
	"Benchmarks": "性能测试",
	"Written by `go run ./bench -write`, on %s (%s, %d processors, %s), %s. Server and load share the processors.":                                                               "由 `go run ./bench -write` 写于 %v（%v，%v 个处理器，%v），%v。服务器与压测程序共用处理器。",
	"The machine was under a load of %s in the quarter of an hour before the end; the same requests went to both servers in turns, so that what else ran on it weighed on both.": "结束前一刻钟内机器的平均负载为 %v；同样的请求轮流发给两个服务器，机器上的其他负载对两者的影响相同。",
	"Everything is switched on: signature, state, journal, metrics, events. The baseline is a bare Gin server that parses the same":                                              "所有功能都已打开：签名、状态、请求日志、指标、事件。基准是一个裸 Gin 服务器：",
	"form, hashes, unmarshals `data` and looks a value up.":                                                                                                                      "解析同样的表单、计算哈希、解码 `data`、查找一个值。",
	"Beside bare Gin": "与裸 Gin 对比",
	"The same requests to bare Gin and to the mock, in %d turns of %s each, over %d connections where nothing else is said.":                "同样的请求发给裸 Gin 和模拟平台，共 %v 轮，每轮 %v；没有另外说明时为 %v 个连接。",
	"A ratio is the mock's figure over bare Gin's in the same turn; each figure is the median over the turns, with the least and the most.": "比值是同一轮中模拟平台与裸 Gin 的数值之比；每个数值是各轮的中位数，括号内为最小值和最大值。",
	"The rotation is carnum, bindcar, orderunpay and parkingstatus.":                                                                        "“轮换”依次为 carnum、bindcar、orderunpay、parkingstatus。",
	"bare Gin, requests/s":                 "裸 Gin，请求/秒",
	"the mock, requests/s":                 "模拟平台，请求/秒",
	"throughput, ratio":                    "吞吐量，比值",
	"processor time, ratio":                "处理器时间，比值",
	"p99, ratio":                           "p99，比值",
	"rotation":                             "轮换",
	"orderpaid (retry)":                    "orderpaid（重试）",
	"a mixed day":                          "混合的一天",
	"usersigin, %d phones, %d connections": "usersigin，%v 个手机号，%v 个连接",
	"A flood of wrong signatures":          "大量错误签名",
	"The same requests with the right signature and with a wrong one, to one mock in %d turns of %s each. A ratio is wrong over right in the same turn.": "同样的请求，签名正确的和错误的，发给同一个模拟平台，共 %v 轮，每轮 %v。比值是同一轮中错误的与正确的之比。",
	"right, requests/s":                       "正确，请求/秒",
	"wrong, requests/s":                       "错误，请求/秒",
	"By endpoint, and by size of the sandbox": "按接口和沙箱大小",
	"requests/s":                              "请求/秒",
	"processor µs":                            "处理器 µs",
	"bytes":                                   "字节",
	"objects":                                 "对象",
	"bare Gin, as %s":                         "裸 Gin，按 %v",
	"%d car parks, %d vehicles, %d orders":    "%v 个停车场，%v 辆车，%v 个订单",
	"The sizes are asked a mixed day. Bytes and objects are what the server allocates a request, net/http's share included.": "各种大小都以混合的一天来测。字节和对象是服务器为每个请求分配的，包括 net/http 的部分。",
	"Pushes":                            "推送",
	"a second":                          "每秒",
	"… the requests answered beside it": "……同时应答的请求",
	"… while requests are answered over %d connections":                                     "……同时通过 %v 个连接应答请求",
	"… those requests (p99 %s ms)":                                                          "……这些请求（p99 %v ms）",
	"… and without the backlog (p99 %s ms)":                                                 "……没有积压时（p99 %v ms）",
	"from a backlog of %d, all due at once":                                                 "积压 %v 条，全部同时到期",
	"to one fast merchant, while requests are answered":                                     "发给一个应答快的商户，同时应答请求",
	"to %d of %d merchants, all answering":                                                  "发给 %[2]v 个商户中的 %[1]v 个，全部应答",
	"to the same, while the other %d hang":                                                  "发给同样的商户，其余 %v 个不应答",
	"With `--data DIR`":                                                                     "使用 `--data DIR`",
	"The rotation, to a mock without and one with `--data DIR` (`--sync 100ms`), in turns.": "轮换的请求，轮流发给不用和使用 `--data DIR`（`--sync 100ms`）的模拟平台。",
	"connections":            "连接数",
	"without, requests/s":    "不用，请求/秒",
	"with, requests/s":       "使用，请求/秒",
	"Start with a directory": "从目录启动",
	"a directory of %d orders, from exec to the first answer": "含 %v 个订单的目录，从启动进程到第一个应答",
	"inputs after the snapshot":                               "快照之后的输入",
	"stopped":                                                 "正常停止",
	"killed right after":                                      "随即强制终止",
	"killed with these inputs since":                          "在这些输入之后强制终止",
	"The longest wait":                                        "最长的等待",
	"%d orders, %d requests over %d connections, several snapshots": "%v 个订单，%v 个请求，%v 个连接，其间多次快照",
	"longest ms":                 "最长 ms",
	"with --data DIR":            "使用 --data DIR",
	"without --data":             "不用 --data",
	"Replicas on one PostgreSQL": "共用一个 PostgreSQL 的副本",
	"24 sandboxes, signed sign-ins over %d connections, each replica with GOMAXPROCS=1. A balancer that hashes merchant numbers reaches the owner in one": "24 个沙箱，带签名的登录请求，%v 个连接，每个副本 GOMAXPROCS=1。按商户号哈希的负载均衡器只有三分之一的请求到达拥有者，",
	"of three cases, for replicas hash sandboxes in a way of their own; \"by owner\" is without a hop.":                                                   "因为副本按自己的方式哈希沙箱；“按拥有者”没有转发。",
	"This machine has %d processors for the database, the replicas and the load together: it shows what a hop costs, not how replicas scale.":             "这台机器的 %v 个处理器由数据库、副本和压测程序共用：这里显示的是一次转发的代价，而不是副本的扩展性。",
	"replicas, how they are reached": "副本数，如何到达",
	"of one":                         "相对一个副本",
	"%d, by owner":                   "%v，按拥有者",
	"%d, by merchant":                "%v，按商户",
	"%d, blindly":                    "%v，随机",
	"An open page":                   "打开的页面",
	"The server's processor time at %d requests a second (a mixed day, %d connections), in slices of %s with somebody looking on, each between two slices without;":                                  "服务器在每秒 %v 个请求（混合的一天，%v 个连接）时的处理器时间；有人查看的片段长 %v，前后各有一个无人查看的片段；",
	"medians of %d turns with the least and the most. What serves onlookers is what a profile of %d seconds finds of their own code in it, which a busy machine":                                     "为 %v 轮的中位数，括号内为最小值和最大值。“服务查看者”是 %v 秒的剖析中其自身代码所占的部分，",
	"hardly changes. The page runs in Chromium on the same processors, and has read the journal before it is measured. The machine was under a load of %s in the quarter of an hour before the end.": "机器忙时也几乎不变。页面在同样的处理器上的 Chromium 中运行，测量前已读完请求日志。结束前一刻钟内机器的平均负载为 %v。",
	"of one processor, without":           "占一个处理器，无人查看",
	"with":                                "有人查看",
	"more than without":                   "多出",
	"what serves onlookers":               "服务查看者",
	"a reader of the page's event stream": "读取页面事件流",
	"the page, Live":                      "页面“实时”",
	"the page, Charts":                    "页面“图表”",
	"Inside":                              "内部",
	"Benchmarks of single packages, the median of %d runs of each with the least and the most.": "单个包的基准测试，各运行 %v 次的中位数，括号内为最小值和最大值。",
	"lock held, %s":                                          "持锁时间，%v",
	"an input applied, %s":                                   "应用一个输入，%v",
	"memory of a journal entry":                              "一条请求日志的内存",
	"memory of a delivered push":                             "一个已送达推送的内存",
	"memory of a finished order":                             "一个已结束订单的内存",
	"memory of a token":                                      "一个令牌的内存",
	"replay of a mixed log":                                  "重放混合的日志",
	"surroundingparking's search, 5 km, a million car parks": "surroundingparking 的搜索，5 km，一百万个停车场",
	"Beside other mock servers":                              "与其他 mock 服务器对比",
	"The same signed requests of parkingstatus to each, in %d turns of %s each, over %d connections; medians of the turns. The others answer a fixed text,": "向每个服务器发送相同的已签名 parkingstatus 请求，共 %v 轮，每轮 %v，%v 个连接；取各轮的中位数。其他服务器取自各自的 npm 包，返回固定文本，",
	"out of their npm packages; etcp-mock verifies the signature, looks the car park up, and keeps its journal and log.":                                    "etcp-mock 则验证签名、查询停车场，并保留请求日志和输入日志。",
	"version":                       "版本",
	"memory after the load":         "负载之后的内存",
	"from exec to the first answer": "从启动进程到第一个应答",
	"The process":                   "进程",
	"from exec to the first answer, median of %d":                                        "从启动进程到第一个应答，%v 次的中位数",
	"… a bare Gin server":                                                                "……裸 Gin 服务器",
	"resident memory after the first answer":                                             "第一个应答之后的常驻内存",
	"… of it the program's own, without pages of its file":                               "……其中程序自有的，不含程序文件的页",
	"with a fixture of a million car parks, from exec to the first answer, median of %d": "使用含一百万个停车场的初始数据，从启动进程到第一个应答，%v 次的中位数",
	"… the most memory on the way":                                                       "……期间的最大内存",
	"of it its own":                                                                      "其中自有",
	"Memory":                                                                             "内存",
	"A mixed day, at the default rules.":                                                 "混合的一天，默认规则。",
	"requests answered":                                                                  "已应答的请求",
	"resident memory":                                                                    "常驻内存",
	"made, of a fixture":                                                                 "由初始数据新建",
})
