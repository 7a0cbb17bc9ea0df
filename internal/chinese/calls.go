package chinese

// calls are what the control API refuses.
var calls = map[string]string{ //nolint:gosec // texts, and no credentials
	"no such path: %s":    "没有这个路径：%v",
	"%s takes %s, not %s": "%s 的方法是 %s，不是 %s",

	"the mock failed at this request; its log says where": "模拟平台处理该请求时出错，详见其日志",
	"the mock itself failed at this; its log says where":  "模拟平台自身出错，详见其日志",

	"no sandbox %s":                        "没有沙箱 %v",
	"the body is over %s MiB":              "请求体超过 %s MiB",
	"the body broke off":                   "请求体中断",
	"the body is over 4 KiB, or broke off": "请求体超过 4 KiB，或中断",

	"the server stops, or too many follow this sandbox already": "服务正在停止，或跟踪该沙箱的客户端太多",

	"there is an examination under way":    "检验正在进行",
	"%w of merchant %s":                    "%s（商户 %s）",
	"no merchant %s":                       "没有商户 %v",
	"merchant %s has no push URL":          "商户 %v 没有推送地址",
	"merchant %s has no push URL for %s":   "商户 %v 没有 %v 的推送地址",
	"this server cannot examine endpoints": "该服务不能检验推送地址",
	"a fault without an id":                "没有给出故障的 id",
	"no fault %q":                          "没有故障 %s",
	"from or to":                           "from 或 to",
	"want a sequence number":               "应为序号",

	"the log goes back to input %d (rule log.keep)":                                        "日志最早到输入 %s（规则 log.keep）",
	"the log goes back to input %d, before which the server was restarted with a snapshot": "日志最早到输入 %s：此前服务重启过，更早的内容只留有快照",
	"the log has all that happened":                                                        "日志完整，其中没有它",
	"%s is not in the log that is kept: %s":                                                "%v 不在保留的日志中：%s",

	"%s in the query: %s":                            "查询参数 %v：%s",
	"%s in the path: %s":                             "路径中的 %v：%s",
	"nothing here has the id %s":                     "此处没有 id 为 %s 的条目",
	"%s; did you mean %s?":                           "%s；是否想用 %s？",
	"%s; there are %s":                               "%s；现有：%v",
	"no %s %q":                                       "没有%s %s",
	"no %s %q; there are %s":                         "没有%s %s；现有：%v",
	"no %s %q; did you mean %s?":                     "没有%s %s；是否想用 %v？",
	"no parameter of %s %q":                          "%v 没有参数 %s",
	"no parameter of %s %q; there are %s":            "%v 没有参数 %s；现有：%v",
	"no parameter of %s %q; did you mean %s?":        "%v 没有参数 %s；是否想用 %v？",
	"no field of a push %s %q":                       "%v 推送没有字段 %s",
	"no field of a push %s %q; there are %s":         "%v 推送没有字段 %s；现有：%v",
	"no field of a push %s %q; did you mean %s?":     "%v 推送没有字段 %s；是否想用 %v？",
	"kind of push":                                   "推送类型",
	"field of a push":                                "推送字段",
	"parameter":                                      "参数",
	"endpoint":                                       "接口",
	"merchant":                                       "商户",
	"reason":                                         "原因",
	"code":                                           "code",
	"lint":                                           "lint",
	"no push %s":                                     "没有推送 %v",
	"no kind of push %s":                             "没有推送类型 %v",
	"a push of kind %s has the fields %s":            "类型为 %v 的推送有字段：%v",
	"a push of kind %s has no field %s":              "类型为 %v 的推送没有字段 %v",
	"%s attempts are still due or in flight":         "还有 %s 次投递到期或正在进行",
	"attempts are still due or in flight":            "还有投递到期或正在进行",
	"no request %s in the journal":                   "请求日志中没有 %v",
	"stands for a fixture, and there is one already": "相当于一份初始数据，而 fixture 已经给出",

	"%w; leave out its no and key in the fixture, and each sandbox gets a merchant of its own": "%s；在初始数据中省去它的 no 和 key，每个沙箱就有自己的商户",

	"there is something after it": "其后还有内容",

	"want 1 to 64 letters, digits, dots, dashes and underscores, beginning with a letter or digit": "应为 1 到 64 个字母、数字、点、短横线或下划线，以字母或数字开头",

	"want either a name or a source":        "name 和 source 应给出其中一个",
	"no run %s":                             "没有运行 %v",
	"want one of endpoint, push and car":    "应给出 endpoint、push、car 之一",
	"want enter or exit":                    "应为 enter 或 exit",
	"a car has neither data nor merchantNo": "car 没有 data 和 merchantNo",
	"only a request has a code":             "只有请求有 code",

	"is required, unless push, rawBody or rawQuery is given": "必填，除非给出 push、rawBody 或 rawQuery",

	"is over 1 MiB, which the platform does not read": "超过 1 MiB，平台不会读取",
	"merchantNo or merchantKey is required":           "需要 merchantNo 或 merchantKey",
	"no sandbox of this server has a merchant %s":     "该服务的沙箱都没有商户 %s",

	"is required: a push's signature is of merchant_no, data and the key (§10)": "必填：推送的签名由 merchant_no、data 和密钥组成（§10）",

	"no order %s": "没有订单 %v",

	"want oldest: the fee is counted from the entrance on": "应为 oldest：费用从入场起计算",

	"is before the car drove in, %s": "早于车辆入场的时间 %s",

	"want at most 31 days behind the entrance, or now: %s": "最多到入场后 31 天，或现在：%s",

	"want one of pending, delivered, failed": "应为 pending、delivered、failed 之一",
	"want one of cash, withhold, none":       "应为 cash、withhold、none 之一",

	"is required: a duration such as \"45m\" or \"8d\"": "必填：时长，如 \"45m\"、\"8d\"",

	"differs from the path's %s":                    "与路径中的 %v 不同",
	"differs from the query's %s":                   "与查询参数中的 %v 不同",
	"no vehicle %s in the registry: it is no plate": "登记库中没有车辆 %s：它不是车牌",
	"no code was sent to %s":                        "没有向 %s 发送过验证码",

	"the sandbox takes %s of memory, and the rule memory.max allows %s; reset it, lower the rules that say what is kept, or raise the limit": "沙箱占用内存 %s，而规则 memory.max 允许 %s；请重置沙箱、调低各项保留规则，或提高上限",
	"the clock goes back only in a sandbox with no orders and no pushes":                                                                     "只有没有订单也没有推送的沙箱，时钟才能往回拨",

	"is not in the log that is kept": "不在保留的日志中",

	"want the id of a request such as r17, the id of a push such as p4, a sequence number such as 120, or a time such as \"2017-08-20 12:00:00\"": "应为请求 id（如 r17）、推送 id（如 p4）、序号（如 120）或时间（如 \"2017-08-20 12:00:00\"）",

	"%w; the last input is %d":                 "%s；最后一个输入是 %s",
	"no page of another origin may write here": "其他来源的网页不能写入",

	"the host %s is no loopback name; allow it with --admin-host":                                "主机名 %s 不是回环地址；可用 --admin-host 允许",
	"the admin token is wanted: Authorization: Bearer …, or the cookie of POST /__admin/session": "需要管理令牌：Authorization: Bearer …，或 POST /__admin/session 的 cookie",

	"/__admin/session does not take %s":    "/__admin/session 不支持 %s",
	"that is not the admin token":          "管理令牌不正确",
	"no car park %s; there is none":        "没有停车场 %v；一个也没有",
	"no car park %s; there are %s":         "没有停车场 %v；现有：%v",
	"one car is parked in %s":              "有一辆车停在 %v",
	"%s cars are parked in %s":             "有 %v 辆车停在 %v",
	"%s is not in the registry":            "%s 不在登记库中",
	"%s is bound by %s already":            "%s 已被 %s 绑定",
	"%s is after the sandbox's start, %s":  "%s 晚于沙箱的起始时间 %s",
	"%s lies outside %s to %s":             "%s 不在 %s 到 %s 之间",
	"%s is parked already":                 "%v 已在场内",
	"%s is full":                           "%v 已满",
	"%s is parked already, in %s since %s": "%v 已在场内：自 %[3]v 起停在 %[2]v",
	"%s was parked until %s":               "%s 停车到 %s 为止",
	"%s is full: %s spaces":                "%v 已满：共 %v 个车位",
	"%s (plateColor %s) is not parked":     "%s（车牌颜色 %s）不在场内",
	"%s is before it entered, %s":          "%s 早于入场时间 %s",
	"no merchant %s then":                  "当时没有商户 %v",
	"fork: %w":                             "复制：%s",
	"undo: %w":                             "撤销：%s",
	"no such push":                         "没有这个推送",
	"no such sandbox":                      "没有这个沙箱",
	"%w: %q":                               "%s：%s",
	"the sandbox default always exists":    "沙箱 default 总是存在",
	"a server has at most %d sandboxes":    "一个服务最多 %s 个沙箱",
	"merchant %s is %w by another sandbox": "商户 %v %s（另一个沙箱）",
	"sandbox %s is %w":                     "沙箱 %v %s",
	"taken":                                "已被占用",
	"no such scenario":                     "没有这个场景",
	"too many scenarios run already":       "正在运行的场景太多",

	"the clock was broken off on its way and shows %s: %s": "时钟的推进中断，现在是 %s：%s",

	"want an id of this list, or what next said":   "应为该列表中的 id，或 next 给出的值",
	"the sandbox is gone":                          "沙箱已不存在",
	"%w: the sandbox has moved to another replica": "%s：沙箱已移到另一个副本",
	"%w: the sandbox is changing its owner":        "%s：沙箱正在更换所属副本",

	"%w: no beat of this replica has reached it lately":         "%s：该副本近期的心跳没有到达存储",
	"%w: replica %s, which owns the sandbox, cannot be reached": "%s：沙箱所属的副本 %s 无法连接",

	"the clock is being moved by another call":    "另一个调用正在推进时钟",
	"the sandbox was reset or restored meanwhile": "沙箱在此期间被重置或恢复",

	"a state was put back that was not taken out of this sandbox, and no steps lead to it; reset the sandbox, or record in a fresh one": "恢复过的状态并非取自该沙箱，没有步骤能够到达；请重置沙箱，或在新的沙箱中录制",
	"from is the id of a request such as r17, or a time such as \"2017-08-20 12:00:00\"":                                                "from 应为请求 id（如 r17），或时间（如 \"2017-08-20 12:00:00\"）",

	"no request %s; %w":                            "没有请求 %s；%s",
	"recording: %w":                                "录制：%s",
	"a value that is no JSON":                      "不是 JSON 的值",
	"want {\"token\":\"…\"}":                       "应为 {\"token\":\"…\"}",
	"Bad Request":                                  "请求有误",
	"Unauthorized":                                 "需要授权",
	"Forbidden":                                    "禁止访问",
	"Not Found":                                    "未找到",
	"Method Not Allowed":                           "不支持该方法",
	"Conflict":                                     "与当前状态冲突",
	"Gone":                                         "已不保留",
	"Request Entity Too Large":                     "请求体过大",
	"Unprocessable Entity":                         "内容有误",
	"Internal Server Error":                        "服务内部错误",
	"Service Unavailable":                          "暂时不可用",
	"Gateway Timeout":                              "等待超时",
	"context canceled":                             "已取消",
	"context deadline exceeded":                    "已超时",
	"the sandbox was taken by another":             "沙箱已被另一个副本接管",
	"there is no such sandbox":                     "没有这个沙箱",
	"there is such a sandbox already":              "已有这个沙箱",
	"the store cannot be written or read":          "存储无法读写",
	"the store did not say whether it was written": "存储没有确认是否已写入",
	"the store or the log is closed":               "存储或日志已关闭",
	"the data directory or a file in it was removed or replaced while it is in use": "数据目录或其中的文件在使用中被删除或替换",
	"too much waits to be written": "等待写入的内容太多",

	"a snapshot stands for inputs that are not durable": "快照所含的输入尚未落盘",

	"merchant number %s belongs to sandbox %q":     "商户号 %s 属于沙箱 %s",
	"%s: damaged at byte %d: %s":                   "%s：在第 %s 字节处损坏：%s",
	"%s: damaged: %s":                              "%s 已损坏：%s",
	"%s is in use by another process":              "%s 正被另一个进程使用",
	"%s is in use by process %d":                   "%s 正被进程 %s 使用",
	"an input of %d bytes is over the limit of %d": "输入有 %s 字节，超过上限 %s",
}
