package rules

import (
	"strconv"
	"time"

	"github.com/etcp-mock/etcp-mock/schemas"
)

// Rule is a row of the table of rules: a name that a user sets, its default,
// and the section it reads.
type Rule struct {
	Name    string
	Default any // a string, bool, float64 or []any, as JSON has them
	Section string
	Doc     string
	DocZh   string // the same in Chinese
	OneOf   []string
	field   func(*Rules) any // a pointer into Rules
	code    int              // of a message.<code>
	wall    bool             // bounded tightly since it costs real time
	none    bool             // 0 stands for no limit
	least   int              // of a number; 0: 1
	most    int              // of a number; 0: maxRuleCount
}

const (
	maxRuleDuration = 100 * 366 * 24 * time.Hour
	maxRuleText     = 200
	maxRuleCount    = 10_000_000
	maxRuleSteps    = 50

	mebibyte   = 1 << 20
	leastBytes = 64 << 10
	mostBytes  = 1 << 40
)

var table = rows()

func rows() []Rule {
	all := []Rule{
		{Name: "timestamp.window", Default: "10m", Section: "§3.2", Doc: "How far time_stamp may be from the wall clock or the sandbox's clock.", DocZh: "time_stamp 与真实时钟或沙箱时钟允许相差的范围。", field: func(r *Rules) any { return &r.TimestampWindow }},
		{Name: "sign.whitespace", Default: "exact", Section: "§6", OneOf: []string{"exact", "strip", "either"}, Doc: "Whether space, tab, CR and LF are stripped before hashing.", DocZh: "计算签名前是否去掉空格、制表符、CR 和 LF。", field: func(r *Rules) any { return &r.SignWhitespace }},
		{Name: "strict", Default: false, Section: "§3", Doc: "Turns every lint into code 6.", DocZh: "把所有提示都当作参数错误（code 6）。", field: func(r *Rules) any { return &r.Strict }},
		{Name: "sms.interval", Default: "60s", Section: "§9.1", Doc: "Time before a phone may ask for another code.", DocZh: "同一手机号两次获取验证码的最短间隔。", field: func(r *Rules) any { return &r.SMSInterval }},
		{Name: "sms.ttl", Default: "5m", Section: "§9.1", Doc: "Lifetime of an SMS code.", DocZh: "验证码有效期。", field: func(r *Rules) any { return &r.SMSTTL }},
		{Name: "token.ttl", Default: "24h", Section: "§9.3", Doc: "Lifetime of a token.", DocZh: "token 有效期。", field: func(r *Rules) any { return &r.TokenTTL }},
		{Name: "signin.binds_car", Default: false, Section: "§9.3", Doc: "Whether usersigin binds its carNumber.", DocZh: "usersigin 是否同时绑定 carNumber。", field: func(r *Rules) any { return &r.SigninBindsCar }},
		{Name: "bind.max", Default: 3.0, Section: "§9.4", Doc: "Vehicles a phone may have bound at once.", DocZh: "一个手机号同时最多绑定的车辆数。", field: func(r *Rules) any { return &r.BindMax }},
		{Name: "bind.max_per_month", Default: 4.0, Section: "§9.4", Doc: "Different vehicles a phone may bind within a month.", DocZh: "一个手机号一个月内最多绑定的不同车辆数。", field: func(r *Rules) any { return &r.BindMaxPerMonth }},
		{Name: "bind.month", Default: "rolling", Section: "§9.4", OneOf: []string{"rolling", "calendar"}, Doc: "What a month is: after now minus one month, or since the first.", DocZh: "“一个月”的算法：最近一个月（rolling）或自然月（calendar）。", field: func(r *Rules) any { return &r.BindMonth }},
		{Name: "history.window", Default: "7d", Section: "§9.6", Doc: "How far orderhistory looks back.", DocZh: "orderhistory 查询多久以内的订单。", field: func(r *Rules) any { return &r.HistoryWindow }},
		{Name: "history.by", Default: "exit", Section: "§9.6", OneOf: []string{"exit", "entrance"}, Doc: "Which time of an order must lie within history.window.", DocZh: "按离场时间（exit）还是入场时间（entrance）判断是否在查询范围内。", field: func(r *Rules) any { return &r.HistoryBy }},
		{Name: "unpay.mask", Default: true, Section: "§9.7", Doc: "Whether orderunpay masks carNumber.", DocZh: "orderunpay 返回的车牌是否脱敏。", field: func(r *Rules) any { return &r.UnpayMask }},
		{Name: "quote.ttl", Default: "5m", Section: "§9.8", Doc: "How long a quoted fee may be paid though it has grown.", DocZh: "报价有效期，有效期内费用上涨仍可按原价支付。", field: func(r *Rules) any { return &r.QuoteTTL }},
		{Name: "retrieve.registry", Default: "open", Section: "§9.9", OneOf: []string{"open", "closed"}, Doc: "Whether a vehicle that is not in the registry is taken at its word.", DocZh: "车辆未登记时，carretrieve 是否信任商户提交的信息。", field: func(r *Rules) any { return &r.RetrieveRegistry }},
		{Name: "retrieve.takes_over", Default: true, Section: "§9.9", Doc: "Whether carretrieve moves a vehicle that another phone has bound.", DocZh: "carretrieve 是否可以找回已被其他手机号绑定的车辆。", field: func(r *Rules) any { return &r.RetrieveTakesOver }},
		{Name: "search.page", Default: 20.0, Section: "§9.10", Doc: "Car parks a page of surroundingparking.", DocZh: "surroundingparking 每页的停车场数。", field: func(r *Rules) any { return &r.SearchPage }},
		{Name: "status.plenty", Default: 0.2, Section: "§9.11", Doc: "Free share above which a car park says status.word.plenty.", DocZh: "空位比例高于此值时，停车场状态为“充足”。", field: func(r *Rules) any { return &r.StatusPlenty }},
		{Name: "status.word.plenty", Default: "充足", Section: "§9.11", Doc: "The word for plenty of space.", DocZh: "车位充足时的用词。", field: func(r *Rules) any { return &r.WordPlenty }},
		{Name: "status.word.tight", Default: "紧张", Section: "§9.11", Doc: "The word for little space.", DocZh: "车位紧张时的用词。", field: func(r *Rules) any { return &r.WordTight }},
		{Name: "status.word.full", Default: "已满", Section: "§9.11", Doc: "The word for no space.", DocZh: "车位已满时的用词。", field: func(r *Rules) any { return &r.WordFull }},
		{Name: "tariff.free", Default: "threshold", Section: "§9.10", OneOf: []string{"threshold", "deducted"}, Doc: "Past the free time: charged from entry, or without the free time.", DocZh: "超过免费时长后：从入场起计费（threshold），或扣除免费时长（deducted）。", field: func(r *Rules) any { return &r.TariffFree }},
		{Name: "tariff.grace", Default: "15m", Section: "§9.8", Doc: "Time to leave after paying in full.", DocZh: "付清后允许离场的时间。", field: func(r *Rules) any { return &r.TariffGrace }},
		{Name: "push.sign_data", Default: "json", Section: "§10.1", OneOf: []string{"json", "values", "query"}, Doc: "What the document calls data in a push's signature.", DocZh: "推送签名中 data 的含义：JSON 文本、各值相连，或查询串。", field: func(r *Rules) any { return &r.PushSignData }},
		{Name: "push.encoding", Default: "json", Section: "§10", OneOf: []string{"json", "form", "form-data-param"}, Doc: "How a push's body is sent.", DocZh: "推送内容的编码方式。", field: func(r *Rules) any { return &r.PushEncoding }},
		{Name: "push.receivable_fee", Default: "integer", Section: "§10.2", OneOf: []string{"integer", "decimal", "string"}, Doc: "How receivableFee is written.", DocZh: "receivableFee 的写法：整数、小数或字符串。", field: func(r *Rules) any { return &r.PushReceivableFee }},
		{Name: "push.timeout", Default: "5s", Section: "§10", Doc: "Real time a merchant has to answer a push.", DocZh: "商户应答推送的时限（真实时间）。", wall: true, field: func(r *Rules) any { return &r.PushTimeout }},
		{Name: "push.schedule", Default: []any{"10s", "30s", "2m", "5m", "15m"}, Section: "§10", Doc: "Waits before each retry, after the failure before.", DocZh: "每次失败后到下一次重试的等待时间。", field: func(r *Rules) any { return &r.PushSchedule }},
		{Name: "push.ordering", Default: "vehicle", Section: "§10", OneOf: []string{"vehicle", "none"}, Doc: "Whether one vehicle's pushes to one merchant keep their order.", DocZh: "同一辆车发给同一商户的推送是否保持顺序。", field: func(r *Rules) any { return &r.PushOrdering }},
		{Name: "push.rate", Default: 0.0, Section: "§10", Doc: "Pushes a second to one merchant, in real time; 0: as many as fall due.", DocZh: "每个商户每秒最多发出的推送数（真实时间）；0 表示不限。", none: true, most: 1_000_000, field: func(r *Rules) any { return &r.PushRate }},
		{Name: "memory.max", Default: 0.0, Section: "-", Doc: "Bytes of memory that a sandbox may take; 0: no limit.", DocZh: "沙箱最多占用的内存字节数；0 表示不限。", none: true, most: 1 << 50, field: func(r *Rules) any { return &r.MemoryMax }},
		{Name: "log.keep", Default: 10_000.0, Section: "-", Doc: "Newest inputs kept for the log, fork and undo.", DocZh: "为输入日志、分叉和撤销保留的最新条数。", field: func(r *Rules) any { return &r.LogKeep }},
		{Name: "log.bytes", Default: 32.0 * mebibyte, Section: "-", Doc: "Bytes that these inputs hold; where they are more, fewer are kept.", DocZh: "这些输入最多占用的字节数；超过时减少保留的条数。", least: leastBytes, most: mostBytes, field: func(r *Rules) any { return &r.LogBytes }},
		{Name: "journal.keep", Default: 10_000.0, Section: "-", Doc: "Newest journal entries kept.", DocZh: "请求日志保留的最新条数。", field: func(r *Rules) any { return &r.JournalKeep }},
		{Name: "journal.bytes", Default: 64.0 * mebibyte, Section: "-", Doc: "Bytes that these entries hold; where they are more, the oldest lose their long texts, then go.", DocZh: "这些请求日志最多占用的字节数；超过时先截短最旧记录的长文本，再删除最旧的记录。", least: leastBytes, most: mostBytes, field: func(r *Rules) any { return &r.JournalBytes }},
		{Name: "orders.keep", Default: 1_000_000.0, Section: "-", Doc: "Newest finished orders kept; parked and owing ones always are.", DocZh: "已结束订单保留的最新条数；在场和欠费订单始终保留。", field: func(r *Rules) any { return &r.OrdersKeep }},
		{Name: "pushes.keep", Default: 100_000.0, Section: "-", Doc: "Newest finished pushes kept; pending ones always are.", DocZh: "已结束推送保留的最新条数；待送达的始终保留。", field: func(r *Rules) any { return &r.PushesKeep }},
		{Name: "pushes.bytes", Default: 256.0 * mebibyte, Section: "-", Doc: "Bytes that these pushes hold; where they are more, the oldest go.", DocZh: "这些推送最多占用的字节数；超过时删除最旧的推送。", least: leastBytes, most: mostBytes, field: func(r *Rules) any { return &r.PushesBytes }},
		{Name: "tokens.keep", Default: 200_000.0, Section: "§9.3", Doc: "Newest tokens kept; one that was forgotten is taken for one that was never given.", DocZh: "令牌保留的最新个数；被删除的令牌视为从未发放。", field: func(r *Rules) any { return &r.TokensKeep }},
	}
	for _, c := range schemas.Codes() {
		text := c.Message
		if c.Code == schemas.CodeOK {
			text = "ok"
		}
		all = append(all, Rule{
			Name: "message." + strconv.Itoa(c.Code), Default: text, Section: "§11", code: c.Code,
			Doc: "The message that goes with code " + strconv.Itoa(c.Code) + ".", DocZh: "code " + strconv.Itoa(c.Code) + " 的 message。",
		})
	}
	return all
}
