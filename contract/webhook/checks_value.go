package webhook

import (
	"strings"

	"github.com/etcp-mock/etcp-mock/client"
	"github.com/etcp-mock/etcp-mock/contract/report"
	"github.com/etcp-mock/etcp-mock/internal/lang"
	"github.com/etcp-mock/etcp-mock/sign"
)

var timeFix = lang.Text{
	EN: "times are yyyy-MM-dd HH:mm:ss in Asia/Shanghai, on a 24-hour clock (HH, not hh)",
	ZH: "时间格式为 yyyy-MM-dd HH:mm:ss，时区 Asia/Shanghai，24 小时制（HH，不是 hh）",
}

// entering are entries at given times.
func entering(texts ...string) func(*maker) []message {
	return func(k *maker) []message {
		list := make([]message, len(texts))
		for i, at := range texts {
			list[i] = k.entry().with("entranceTime", at, "pushTime", at)
		}
		return list
	}
}

var timeChecks = []check{
	{
		id: "time-hour-00", level: report.Must, section: "§10.1", fix: timeFix,
		title: lang.Text{EN: "the hour 00 is accepted", ZH: "0 点的时间必须被接受"},
		sent:  lang.Text{EN: "an entry at 00:00:00 and one at 00:30:15", ZH: "00:00:00 和 00:30:15 的入场推送"},
		judge: accepts(func(k *maker) []message { return entering(k.at(0, 0, 0), k.at(0, 30, 15))(k) }),
	},
	{
		id: "time-hour-12", level: report.Must, section: "§10.1", fix: timeFix,
		title: lang.Text{EN: "noon and the hours after it are accepted", ZH: "中午 12 点及之后的时间必须被接受"},
		sent:  lang.Text{EN: "an entry at 12:00:00 and one at 13:00:01", ZH: "12:00:00 和 13:00:01 的入场推送"},
		judge: accepts(func(k *maker) []message { return entering(k.at(12, 0, 0), k.at(13, 0, 1))(k) }),
	},
	{
		id: "time-last-second", level: report.Must, section: "§10.1", after: []string{"time-hour-12"}, fix: timeFix,
		title: lang.Text{EN: "the day's last second is accepted", ZH: "一天的最后一秒必须被接受"},
		sent:  lang.Text{EN: "an entry at 23:59:59", ZH: "23:59:59 的入场推送"},
		judge: accepts(func(k *maker) []message { return entering(k.at(23, 59, 59))(k) }),
	},
	{
		id: "time-month-ends", level: report.Must, section: "§10.1", fix: timeFix,
		title: lang.Text{EN: "the last days of months are accepted", ZH: "月末日期必须被接受"},
		sent:  lang.Text{EN: "entries on the 31st, the 30th and 28 February", ZH: "31 日、30 日和 2 月 28 日的入场推送"},
		judge: accepts(entering("2025-01-31 10:44:19", "2025-04-30 10:44:19", "2025-02-28 10:44:19", "2025-12-31 10:59:59")),
	},
	{
		id: "time-leap-day", level: report.Must, section: "§10.1", fix: timeFix,
		title: lang.Text{EN: "29 February is accepted", ZH: "2 月 29 日必须被接受"},
		sent:  lang.Text{EN: "an entry at 2024-02-29 10:15:00", ZH: "2024-02-29 10:15:00 的入场推送"},
		judge: accepts(entering("2024-02-29 10:15:00")),
	},
	timeNow, pushedLater,
}

// timeNow is a check for receivers in another time zone: what has just happened in Shanghai lies hours ahead of a clock that reads it as UTC.
var timeNow = check{
	id: "time-now", level: report.Must, section: "§10.1", after: []string{"time-hour-00", "time-hour-12"}, // or the hour it is decides
	title: lang.Text{EN: "what happens now is accepted", ZH: "刚刚发生的事件必须被接受"},
	sent:  lang.Text{EN: "an entry whose entranceTime and pushTime are now, in Asia/Shanghai", ZH: "entranceTime 和 pushTime 为北京时间此刻的入场推送"},
	fix: lang.Text{
		EN: "read the times in Asia/Shanghai, not in the server's own zone: read as UTC, what has just happened lies eight hours ahead",
		ZH: "请按 Asia/Shanghai 时区读取时间，而不是服务器自己的时区：按 UTC 读取时，刚刚发生的事件会在八小时之后",
	},
	judge: acceptsOne(func(k *maker) message {
		return k.entry().at(k.now)
	}),
}

// pushedLater is a push that goes out after what it says: the platform was down, the car entered just before midnight, or a simulator says what was.
var pushedLater = check{
	id: "push-time-later", level: report.Must, section: "§10.1", after: []string{"time-hour-00", "time-last-second"},
	title: lang.Text{EN: "a push that goes out later than what it says is accepted", ZH: "晚于事件发出的推送必须被接受"},
	sent:  lang.Text{EN: "an entry shortly before midnight whose pushTime is of the next day, and one whose pushTime is three days later", ZH: "一条临近零点入场、pushTime 在次日的推送，和一条 pushTime 晚三天的推送"},
	fix:   laterFix,
	judge: accepts(func(k *maker) []message {
		return []message{
			k.entry().with("entranceTime", "2025-08-17 23:59:30", "pushTime", "2025-08-18 00:00:05"),
			k.entry().with("entranceTime", "2025-08-17 18:44:19", "pushTime", "2025-08-20 18:44:19"),
		}
	}),
}

var (
	exitOnly       = []client.Kind{client.KindExit}
	afterTemporary = []string{"temporary-exit"} // an exit with a fee is a temporary car's
	afterExit      = []string{"exit-without-entry"}
	zeroFix        = lang.Text{EN: "0 is a value, not an absence", ZH: "0 是一个值，不是缺失"}
	eitherFix      = lang.Text{EN: "seen in the wild, against the document: read a number or a text", ZH: "线上确有此情况，与文档不符：数字和字符串都要能读取"}
)

var exitChecks = []check{
	{
		id: "exit-before-entry", order: true, level: report.Must, section: "§10.2", kinds: exitOnly, after: afterTemporary,
		title: lang.Text{EN: "an exit that comes before its entry is accepted, and the entry after it", ZH: "先于入场到达的离场推送必须被接受，随后的入场推送也必须被接受"},
		sent:  lang.Text{EN: "an exit, then the entry of the same synId", ZH: "先发离场，再发同一 synId 的入场"},
		fix: lang.Text{
			EN: "a failed entry is sent again later, so it may come after the exit: store what came, and let the later event win by its own time",
			ZH: "失败的入场推送会稍后重发，因此可能晚于离场到达：收到什么就保存什么，并以事件自身的时间判断先后",
		},
		judge: judge{expected: isAccepted, run: func(x *examination, _ lang.Text) {
			m := x.maker.entry().temporary()
			x.accept(x.maker.exit(m), lang.Text{EN: "the exit that comes first", ZH: "先到的离场推送"})
			x.accept(m, lang.Text{EN: "the entry that comes after its exit", ZH: "离场之后到达的入场推送"})
		}},
	},
	{
		id: "exit-without-entry", order: true, level: report.Must, section: "§10.2", kinds: exitOnly, after: afterTemporary,
		title: lang.Text{EN: "an exit whose entry never comes is accepted", ZH: "没有入场推送的离场推送必须被接受"},
		sent:  lang.Text{EN: "an exit of a synId never sent before", ZH: "synId 从未出现过的离场推送"},
		fix: lang.Text{
			EN: "the car may have entered before it was bound: an exit holds all that is to know of the stay",
			ZH: "车辆可能在绑定之前就已入场：离场推送包含该次停车的全部信息",
		},
		judge: acceptsOne(func(k *maker) message { return k.exit(k.entry().temporary()) }),
	},
	{
		id: "exit-at-once", level: report.Must, section: "§10.2", kinds: exitOnly, after: afterExit, fix: zeroFix,
		title: lang.Text{EN: "a stay of no length is accepted", ZH: "时长为 0 的停车必须被接受"},
		sent:  lang.Text{EN: "an exit with stayedTime 0 and receivableFee 0", ZH: "stayedTime 为 0、receivableFee 为 0 的离场推送"},
		judge: acceptsOne(func(k *maker) message { return k.stay(k.at(10, 15, 30), k.at(10, 15, 30)).with("receivableFee", 0) }),
	},
	{
		id: "exit-long-stay", level: report.Must, section: "§10.2", kinds: exitOnly, after: afterExit,
		title: lang.Text{EN: "a stay of four hundred days is accepted", ZH: "长达四百天的停车必须被接受"},
		sent:  lang.Text{EN: "an exit with stayedTime 34560000 and receivableFee 20000", ZH: "stayedTime 为 34560000、receivableFee 为 20000 的离场推送"},
		fix:   lang.Text{EN: "stayedTime is a Long of seconds: a day is 86400 of them", ZH: "stayedTime 是以秒为单位的 Long：一天为 86400 秒"},
		judge: acceptsOne(func(k *maker) message {
			return k.stay("2024-01-10 08:00:00", "2025-02-13 08:00:00").with("receivableFee", 20000)
		}),
	},
	{
		id: "exit-fee-0", level: report.Must, section: "§10.2", kinds: exitOnly, after: afterExit,
		title: lang.Text{EN: "a fee of 0 is accepted", ZH: "费用为 0 的离场推送必须被接受"},
		sent:  lang.Text{EN: "the exit of a temporary car within the free time, receivableFee 0", ZH: "临停车在免费时间内离场，receivableFee 为 0"},
		fix:   lang.Text{EN: "within the free time a stay costs nothing: %s", ZH: "免费时间内停车不收费：%s"}.With(zeroFix),
		judge: acceptsOne(func(k *maker) message { return k.stay(k.at(10, 15, 30), k.at(10, 25, 30)).with("receivableFee", 0) }),
	},
	{
		id: "exit-fee-decimal", level: report.Should, section: "§10.2", kinds: exitOnly, after: afterExit,
		title: lang.Text{EN: "a fee with a fraction is accepted", ZH: "带小数的费用应被接受"},
		sent:  lang.Text{EN: "an exit with receivableFee 5.5", ZH: "receivableFee 为 5.5 的离场推送"},
		fix: lang.Text{
			EN: "the document says Integer, in yuan; half yuan occur (§9.6), so read a decimal",
			ZH: "文档写的是 Integer，单位元；但会出现半元（§9.6），请按小数读取",
		},
		judge: acceptsOne(func(k *maker) message { return k.exit(k.entry().temporary()).with("receivableFee", sign.Number("5.5")) }),
	},
	{
		id: "exit-fee-text", level: report.Should, section: "§10.2", kinds: exitOnly, after: afterExit, fix: eitherFix,
		title: lang.Text{EN: "a fee as text is accepted", ZH: "字符串形式的费用应被接受"},
		sent:  lang.Text{EN: "an exit with receivableFee \"0.0\"", ZH: "receivableFee 为 \"0.0\" 的离场推送"},
		judge: notInAForm(acceptsOne(func(k *maker) message { return k.exit(k.entry().temporary()).with("receivableFee", "0.0") })),
	},
	{
		id: "exit-push-time-later", level: report.Must, section: "§10.2", kinds: exitOnly, after: []string{"exit-without-entry", "push-time-later"}, fix: laterFix,
		title: lang.Text{EN: "an exit that goes out on a later day is accepted", ZH: "次日以后才发出的离场推送必须被接受"},
		sent:  lang.Text{EN: "an exit whose pushTime is a day later than its exitTime, as in the document's example (§10.2.2)", ZH: "pushTime 比 exitTime 晚一天的离场推送，如文档示例（§10.2.2）"},
		judge: acceptsOne(func(k *maker) message {
			return k.stay("2017-08-17 18:44:19", "2017-08-19 12:07:19").with("pushTime", "2017-08-20 11:57:51")
		}),
	},
	{
		id: "exit-without-optional", level: report.Must, section: "§10.2", kinds: exitOnly,
		after: []string{"exit-without-entry", "without-user-type", "without-push-time"}, fix: optionalFix,
		title: lang.Text{EN: "userType and pushTime are optional (非必须) in an exit, too", ZH: "离场推送的 userType 和 pushTime 也是非必须字段"},
		sent:  lang.Text{EN: "an exit without userType, and one without pushTime", ZH: "不含 userType 和不含 pushTime 的离场推送各一条"},
		judge: accepts(func(k *maker) []message {
			return []message{k.exit(k.entry().temporary()).without("userType"), k.exit(k.entry().temporary()).without("pushTime")}
		}),
	},
	{
		id: "time-new-year", level: report.Must, section: "§10.2", kinds: exitOnly, after: afterExit, fix: timeFix,
		title: lang.Text{EN: "a stay over the turn of the year is accepted", ZH: "跨年的停车必须被接受"},
		sent:  lang.Text{EN: "an exit at 2026-01-01 08:00:05 of an entry in 2025", ZH: "2025 年入场、2026-01-01 08:00:05 离场的推送"},
		judge: acceptsOne(func(k *maker) message { return k.stay("2025-12-31 10:50:00", "2026-01-01 08:00:05") }),
	},
}

var valueChecks = []check{
	{
		id: "park-id-large", level: report.Must, section: "§10.1",
		title: lang.Text{EN: "a large parkId is accepted", ZH: "较大的 parkId 必须被接受"},
		sent:  lang.Text{EN: "entries with parkId 1002559 and 2147483647", ZH: "parkId 为 1002559 和 2147483647 的入场推送"},
		fix:   lang.Text{EN: "parkId is an Integer; keep 32 bits, better 64, for it", ZH: "parkId 是 Integer；请用 32 位、最好 64 位整数保存"},
		judge: accepts(func(k *maker) []message {
			return []message{k.entry().with("parkId", 1002559), k.entry().with("parkId", 2147483647)}
		}),
	},
	{
		id: "park-id-text", level: report.Should, section: "§10.1", fix: eitherFix,
		title: lang.Text{EN: "a parkId as text is accepted", ZH: "字符串形式的 parkId 应被接受"},
		sent:  lang.Text{EN: "an entry with parkId \"1002559\"", ZH: "parkId 为 \"1002559\" 的入场推送"},
		judge: notInAForm(acceptsOne(func(k *maker) message { return k.entry().with("parkId", "1002559") })),
	},
	{
		id: "syn-id-upper-case", level: report.Must, section: "§10.1",
		title: lang.Text{EN: "a synId in upper case is accepted", ZH: "大写的 synId 必须被接受"},
		sent:  lang.Text{EN: "an entry whose synId is in upper case", ZH: "synId 为大写的入场推送"},
		fix: lang.Text{
			EN: "the document's example is in lower case, orderId elsewhere in upper case: compare without regard to case, and do not validate it",
			ZH: "文档示例为小写，而别处的 orderId 为大写：比较时忽略大小写，且不要校验其格式",
		},
		judge: acceptsOne(func(k *maker) message { m := k.entry(); return m.with("synId", strings.ToUpper(m.text("synId"))) }),
	},
	{
		id: "remaining-days-0", level: report.Must, section: "§10.1", fix: zeroFix,
		title: lang.Text{EN: "the last day of a long-term space is accepted", ZH: "长租车位的最后一天必须被接受"},
		sent:  lang.Text{EN: "an entry with remainingDays \"0\"", ZH: "remainingDays 为 \"0\" 的入场推送"},
		judge: acceptsOne(func(k *maker) message { return k.entry().with("remainingDays", "0") }),
	},
	{
		id: "unknown-field", level: report.Should, section: "§10",
		title: lang.Text{EN: "a field that the document does not know is accepted", ZH: "文档中没有的字段应被接受"},
		sent:  lang.Text{EN: "entries with one more field, memo, that the signature covers: a text, and a number", ZH: "多出一个参与签名的字段 memo 的入场推送：字符串和数字各一条"},
		fix: lang.Text{
			EN: "verify over what was received, not over a list of known fields, and ignore what you do not know: the platform may add to it",
			ZH: "按收到的内容验签，而不是按已知字段列表；不认识的字段忽略即可：平台以后可能增加字段",
		},
		judge: judge{expected: isAccepted, run: func(x *examination, sent lang.Text) {
			if x.accept(x.maker.entry().with("memo", "x1"), sent) && x.sender.encoding != EncodingForm { // which does not tell a number from a text
				x.accept(x.maker.entry().with("memo", 7), sent)
			}
		}},
	},
	{
		id: "body-long", level: report.Should, section: "§10", after: []string{"unknown-field"},
		title: lang.Text{EN: "a body of eight hundred bytes and one of three kilobytes are accepted", ZH: "八百字节和三千字节的正文都应被接受"},
		sent:  lang.Text{EN: "entries with one more field, memo, of 480 and of 2700 characters, that the signature covers", ZH: "多出一个字段 memo（480 和 2700 个字符，参与签名）的入场推送"},
		fix: lang.Text{
			EN: "the document sets no limit of a push: read the whole body, in a loop until its end, and let no buffer and no limit of the server (client_max_body_size, a WAF) be smaller than some 64 KB",
			ZH: "文档没有限制推送的长度：请循环读完整个正文，缓冲区和服务器的限制（client_max_body_size、WAF）不要小于约 64 KB",
		},
		judge: acceptsInTurn(func(k *maker) []part {
			return []part{
				{lang.Text{EN: "an entry of some eight hundred bytes", ZH: "约八百字节的入场推送"}, k.entry().with("memo", strings.Repeat("memo", 120))},
				{lang.Text{EN: "an entry of some three kilobytes", ZH: "约三千字节的入场推送"}, k.entry().with("memo", strings.Repeat("memo", 675))},
			}
		}),
	},
}

var (
	laterFix = lang.Text{
		EN: "pushTime is when the push was made, not when the car came: take the stay from entranceTime and exitTime, and do not compare the dates",
		ZH: "pushTime 是推送的时间，而不是车辆入场的时间：停车时间以 entranceTime、exitTime 为准，不要比较两者的日期",
	}
	optionalFix = lang.Text{
		EN: "do not require userType and pushTime, in no kind of push: the time of the event is entranceTime or exitTime",
		ZH: "任何推送都不要要求 userType 和 pushTime：事件的时间是 entranceTime 或 exitTime",
	}
)

// named are entries into car parks of given names.
func named(names ...string) judge {
	return accepts(func(k *maker) []message {
		list := make([]message, len(names))
		for i, name := range names {
			list[i] = k.entry().with("parkName", name)
		}
		return list
	})
}

var textChecks = []check{
	{
		id: "text-percent-plus", level: report.Must, section: "§6 §10.1", judge: named("A+B 停车场", "100%41 停车场", "5% 停车场"),
		title: lang.Text{EN: "a + and a % in a text are accepted", ZH: "文本中的 + 和 % 必须被接受"},
		sent:  lang.Text{EN: "an entry into the car park `A+B 100%41 停车场`", ZH: "车场名为 `A+B 100%41 停车场` 的入场推送"},
		fix: lang.Text{
			EN: "the signature covers the text once decoded: do not URL-decode what is decoded already",
			ZH: "签名针对只解码一次的文本：已经解码的内容不要再做 URL 解码",
		},
	},
	{
		id: "text-html", level: report.Must, section: "§10.1", judge: named("P&R <东>"),
		title: lang.Text{EN: "<, > and & in a text are accepted", ZH: "文本中的 <、> 和 & 必须被接受"},
		sent:  lang.Text{EN: "an entry into the car park `P&R <东>`", ZH: "车场名为 `P&R <东>` 的入场推送"},
		fix: lang.Text{
			EN: "hash the text that was received; one that is encoded anew may escape these (Go's json.Marshal, for one)",
			ZH: "对收到的原文计算散列；重新编码可能会转义这些字符（例如 Go 的 json.Marshal）",
		},
	},
	{
		id: "text-slash", level: report.Must, section: "§10.1", judge: named("东/西门"),
		title: lang.Text{EN: "a / in a text is accepted", ZH: "文本中的 / 必须被接受"},
		sent:  lang.Text{EN: "an entry into the car park `东/西门`", ZH: "车场名为 `东/西门` 的入场推送"},
		fix: lang.Text{
			EN: "hash the text that was received; one that is encoded anew may escape it (PHP's json_encode, for one)",
			ZH: "对收到的原文计算散列；重新编码可能会转义该字符（例如 PHP 的 json_encode）",
		},
	},
	{
		id: "text-quotes", level: report.Must, section: "§10.1", judge: named(`"红"\'星'`),
		title: lang.Text{EN: "quotes and backslashes in a text are accepted", ZH: "文本中的引号和反斜杠必须被接受"},
		sent:  lang.Text{EN: "an entry into the car park `\"红\"\\'星'`", ZH: "车场名为 `\"红\"\\'星'` 的入场推送"},
		fix:   lang.Text{EN: "hash the text that was received, and let a JSON library read it", ZH: "对收到的原文计算散列，并用 JSON 库解析"},
	},
	{
		id: "text-equals", level: report.Must, section: "§10.1", judge: named("a=1&b=2 停车场"),
		title: lang.Text{EN: "= and & in a text are accepted", ZH: "文本中的 = 和 & 必须被接受"},
		sent:  lang.Text{EN: "an entry into the car park `a=1&b=2 停车场`", ZH: "车场名为 `a=1&b=2 停车场` 的入场推送"},
		fix:   lang.Text{EN: "do not split what is decoded already", ZH: "已经解码的内容不要再拆分"},
	},
	{
		id: "text-spaces", level: report.Must, section: "§10.1", judge: named(" ETCP  停车场 "),
		title: lang.Text{EN: "spaces in a text are accepted as they are", ZH: "文本中的空格必须原样接受"},
		sent:  lang.Text{EN: "an entry into the car park ` ETCP  停车场 `, spaces at both ends", ZH: "车场名为 ` ETCP  停车场 `（首尾有空格）的入场推送"},
		fix:   lang.Text{EN: "hash before trimming: white space is part of the text", ZH: "先计算散列再去空格：空白是文本的一部分"},
	},
	{
		id: "text-full-width", level: report.Must, section: "§10.1", judge: named("城南（东区）Ｂ１～２号，①", "cafe\u0301 ﾊﾟｰｸ 停车场"),
		title: lang.Text{EN: "full-width and combined characters in a text are accepted", ZH: "文本中的全角字符和组合字符必须被接受"},
		sent:  lang.Text{EN: "entries into the car parks `城南（东区）Ｂ１～２号，①` and `cafe\u0301 ﾊﾟｰｸ 停车场`", ZH: "车场名为 `城南（东区）Ｂ１～２号，①` 和 `cafe\u0301 ﾊﾟｰｸ 停车场` 的入场推送"},
		fix: lang.Text{
			EN: "hash the text that was received: normalising it (NFKC, NFC, full-width to half-width) makes another text, so do that afterwards",
			ZH: "对收到的原文计算散列：规范化（NFKC、NFC、全角转半角）会得到另一段文本，请放到验签之后",
		},
	},
	{
		id: "text-in-pieces", level: report.Must, section: "§10.1",
		title: lang.Text{EN: "a body that comes in pieces is accepted", ZH: "分段到达的正文必须被接受"},
		sent:  lang.Text{EN: "an entry whose body comes in two pieces, split within a character", ZH: "正文分两段到达、从一个汉字中间断开的入场推送"},
		fix: lang.Text{
			EN: "the network splits a body anywhere: read it to its end (readAllBytes, io.ReadAll, Buffer.concat), and decode it when it is whole, not each piece by itself (body += chunk)",
			ZH: "网络可能在任何位置拆分正文：请读到结尾（readAllBytes、io.ReadAll、Buffer.concat），完整之后再解码，不要逐段解码（body += chunk）",
		},
		judge: judge{expected: isAccepted, run: func(x *examination, sent lang.Text) { x.acceptInPieces(sent) }},
	},
	{
		id: "text-four-bytes", level: report.Should, section: "§10.1", judge: named("🅿 𠮷"),
		title: lang.Text{EN: "characters beyond the basic plane are accepted", ZH: "基本平面以外的字符应被接受"},
		sent:  lang.Text{EN: "an entry into the car park `🅿 𠮷`", ZH: "车场名为 `🅿 𠮷` 的入场推送"},
		fix:   lang.Text{EN: "in MySQL that is utf8mb4, not utf8", ZH: "MySQL 中应使用 utf8mb4，而不是 utf8"},
	},
	{
		id: "text-long", level: report.Should, section: "§10.1", judge: named(strings.Repeat("停车", 30)),
		title: lang.Text{EN: "a long name is accepted", ZH: "较长的名称应被接受"},
		sent:  lang.Text{EN: "an entry into a car park with a name of 60 characters", ZH: "车场名为 60 个字符的入场推送"},
		fix:   lang.Text{EN: "make the column wide enough, or cut the name rather than refuse the push", ZH: "把数据库列设得足够宽，或截断名称，而不是拒绝推送"},
	},
}
