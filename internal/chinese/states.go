package chinese

// states are what is wrong with a state that is put back.
var states = map[string]string{ //nolint:gosec // texts, and no credentials
	"a state: %w":                               "状态：%s",
	"no state: %s":                              "不是状态：%s",
	"no state, or of another kind":              "不是状态，或是另一种",
	"it is one of another version":              "它属于另一个版本",
	"%d bytes too many":                         "多出 %s 字节",
	"want %d, got %d":                           "应为 %s，实际为 %s",
	"an attempt in flight is none of a state":   "状态中不能有正在进行的投递",
	"want a time up to the year %s":             "时间最晚到 %s 年",
	"want r and a number that grows, up to seq": "应为 r 加递增的数字，不超过 seq",
	"engine: %w":                                "引擎：%s",
	"engine: a command: %w":                     "引擎：命令：%s",
	"not a command":                             "不是命令",
	"%w that can be kept: %s":                   "%s，不能保存：%s",
	"%w: no kind %q":                            "%s：没有类型 %s",
	"%w: %s is over %d bytes":                   "%s：%s 超过 %s 字节",
	"%w: a field of a push is a %T":             "%s：推送的一个字段是 %s",
	"%w: rng: %w":                               "%s：随机源：%s",

	"%w: id %q is empty or there twice, or counts below 0": "%s：id %s 为空或重复，或计数小于 0",

	"not the faults of a state":                     "不是状态中的故障",
	"push log state":                                "推送日志的状态",
	"%w: item %d: id %q is not that of its seq, %s": "%s：第 %s 项：id %s 与其 seq 不符，应为 %s",

	"%w: item %d: seq %d does not lie above its predecessor's %d and within the log's %d": "%s：第 %s 项：seq %s 应大于前一项的 %s，且不超过日志的 %s",

	"%w: item %d: status %q":                     "%s：第 %s 项：status 为 %s",
	"%w: item %d: redeliveries: want at most %d": "%s：第 %s 项：redeliveries 最多 %s",

	"%w: item %d: a negative number of failures or redeliveries": "%s：第 %s 项：失败或重发的次数为负",

	"%w: item %d: its injected effects": "%s：第 %s 项：注入的效果有误",

	"%w: item %d: it releases %q, which is none before it": "%s：第 %s 项：它放行 %s，而此前没有这一项",

	"want a time of the years 1900 to 9900": "应为 1900 到 9900 年的时间",

	"want a plate and a colour, such as \"渝ATX061/1\"": "应为车牌加颜色，如 \"渝ATX061/1\"",

	"want six digits and when they were sent":      "应为六位数字和发送时间",
	"want when the holder's next token was given":  "应为该用户下一个 token 的发放时间",
	"is empty or there twice":                      "为空或重复",
	"want none: it is the holder's newest token":   "不应有：它是该用户最新的 token",
	"has no binding of its own, or is there twice": "没有自己的绑定，或重复",
	"want a vehicle and when it was bound":         "应为车辆和绑定时间",

	"%s is bound by %s, who does not have it among users": "%s 被 %s 绑定，而该用户名下没有它",

	"want an order": "应为订单",

	"want a UUID in upper case that is not there twice": "应为不重复的大写 UUID",

	"want numbers that grow, below orderSeq": "应为递增的数字，小于 orderSeq",
	"want a car park that is there":          "应为已有的停车场",
	"want 76 or 77":                          "应为 76 或 77",
	"want whole seconds":                     "应为整秒",

	"want an exit after the entrance, and a fixedFee with it": "出场应晚于入场，并带 fixedFee",

	"is parked twice":                             "重复停放",
	"want amounts that are not negative":          "金额不能为负",
	"want an amount above 0 and when it was paid": "应为大于 0 的金额和支付时间",

	"want a fixedFee where the fee was given or has changed since the exit": "费用是指定的或出场后有变化时，应有 fixedFee",

	"is not done: it is parked or owes something": "尚未完成：仍在场内或有欠费",
	"no such order":                              "没有这个订单",
	"want an order that is done, once":           "应为已完成的订单，且只出现一次",
	"%s orders are done":                         "有 %s 个订单已完成",
	"no order with this id was paid with it":     "没有以它支付过的、该 id 的订单",
	"not a record of this version":               "不是该版本的记录",
	"input %d, %s: %w":                           "输入 %s，%s：%s",
	"%w: version %d, want %d":                    "%s：版本 %s，应为 %s",
	"%w: input %d of kind %q":                    "%s：输入 %s 的类型为 %s",
	"%w: input %d, %s: cut short or edited (%v)": "%s：输入 %s，%s：被截断或修改过（%s）",
	"a request: %w":                              "请求：%s",

	"the sandbox was created already: create is the first input of a log, and comes once": "沙箱已经创建：create 是日志的第一个输入，只出现一次",
	"the sandbox is not created yet: create is the first input of a log":                  "沙箱尚未创建：create 是日志的第一个输入",
}
