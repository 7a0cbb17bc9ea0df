package webhook

import (
	"github.com/etcp-mock/etcp-mock/client"
	"github.com/etcp-mock/etcp-mock/contract/report"
	"github.com/etcp-mock/etcp-mock/internal/lang"
)

var controls = []check{
	{
		id: controlPositive, level: report.Must, section: "§10.1",
		title: lang.Text{EN: "a right push is accepted, else nothing else is judged", ZH: "正确的推送必须被接受，否则其余各项不作判断"},
		sent:  lang.Text{EN: "the entry of a long-term car, signed right, no field empty", ZH: "一条签名正确、字段均不为空的长租车入场推送"},
		fix: lang.Text{
			EN: "signment = UPPER(HEX(MD5(merchant_no + data + merchant_key))), data being what was received without signment, in the order it was received",
			ZH: "signment = UPPER(HEX(MD5(merchant_no + data + merchant_key)))，data 为收到的内容去掉 signment 后按原有顺序的文本",
		},
		judge: judge{expected: isAccepted, run: func(x *examination, _ lang.Text) { x.controlRun() }},
	},
	{
		id: controlNegative, level: report.Must, section: "§10",
		title: lang.Text{EN: "what is no push is not answered with code 0", ZH: "不是推送的内容不得以 code 0 应答"},
		sent:  lang.Text{EN: "the text `this is no push` as the body", ZH: "正文为文本 `this is no push` 的请求"},
		fix: lang.Text{
			EN: "code 0 says that a push is dealt with: read, verify, store, and only then answer 0",
			ZH: "code 0 表示推送已处理完毕：先读取、验签、保存，然后才返回 0",
		},
		judge: judge{
			expected: lang.Text{EN: "anything but HTTP 2xx with code 0", ZH: "除 HTTP 2xx 且 code 为 0 以外的任何应答"},
			run:      func(x *examination, sent lang.Text) { x.refuse(body("this is no push"), sent) },
		},
	},
}

// controlRun is the positive control. What is no answer of an HTTP API is an outage; a refusal is looked into.
func (x *examination) controlRun() {
	m := x.maker.entry()
	r := x.send(m)
	if x.ctx.Err() != nil {
		return
	}
	if o := x.outageOf(m, r); o != nil && o.Kind != "timeout" && !r.misencoded() {
		x.report.Outage = o
		return
	}
	if x.note(m, rightPush, r, true) {
		return
	}
	if why := r.refusal(x.endpoint.Timeout); !why.IsZero() {
		f := x.fail(m, r, lang.Text{EN: "a right push was not accepted: %s", ZH: "正确的推送未被接受：%s"}.With(why))
		f.Fix = x.in(x.diagnose(m, r))
	}
}

var kindChecks = []check{
	{
		id: "exit", level: report.Must, section: "§10.2", kinds: []client.Kind{client.KindExit},
		title: lang.Text{EN: "an exit after its entry is accepted", ZH: "入场之后的离场推送必须被接受"},
		sent:  lang.Text{EN: "the entry of a long-term car, then the exit of the same synId, with receivableFee 0", ZH: "先发长租车入场，再发同一 synId 的离场，receivableFee 为 0"},
		fix: lang.Text{
			EN: "synId names the stay: the exit carries the entry's; a unique key is (kind, synId), not synId alone; a fee of 0 is no missing fee",
			ZH: "synId 标识一次停车：离场与入场使用同一个 synId；唯一键应为（类型, synId），而不是只有 synId；费用为 0 不等于缺少费用",
		},
		judge: acceptsInTurn(func(k *maker) []part {
			m := k.entry()
			return []part{{theEntry, m}, {theExit, k.exit(m)}}
		}),
	},
	{
		id: "unbind", level: report.Must, section: "§10.3", kinds: []client.Kind{client.KindUnbind},
		title: lang.Text{EN: "an unbinding is accepted", ZH: "车辆解绑推送必须被接受"},
		sent:  lang.Text{EN: "a push of plateNumber and time", ZH: "只含 plateNumber 和 time 的推送"},
		fix: lang.Text{
			EN: "it has no synId, and the same fields as certification-invalid: give each a URL of its own (--kind unbind=URL), or say --kind unbind=none",
			ZH: "它没有 synId，且字段与认证失效推送相同：请为两者分别设置地址（--kind unbind=URL），或声明 --kind unbind=none",
		},
		judge: acceptsOne(func(k *maker) message { return k.notice(client.KindUnbind) }),
	},
	{
		id: "certification-invalid", level: report.Must, section: "§10.4", kinds: []client.Kind{client.KindCertificationInvalid},
		title: lang.Text{EN: "a lost certification is accepted", ZH: "车辆认证失效推送必须被接受"},
		sent:  lang.Text{EN: "a push of plateNumber and time", ZH: "只含 plateNumber 和 time 的推送"},
		fix: lang.Text{
			EN: "it has no synId, and the same fields as unbind: give each a URL of its own (--kind certification-invalid=URL), or say --kind certification-invalid=none",
			ZH: "它没有 synId，且字段与解绑推送相同：请为两者分别设置地址（--kind certification-invalid=URL），或声明 --kind certification-invalid=none",
		},
		judge: acceptsOne(func(k *maker) message { return k.notice(client.KindCertificationInvalid) }),
	},
}

var (
	theEntry = lang.Text{EN: "the entry", ZH: "入场推送"}
	theExit  = lang.Text{EN: "the exit", ZH: "离场推送"}
	emptyFix = lang.Text{
		EN: "a car that pays by the stay has neither a long-term space nor days left: both fields are the empty text; do not parse, index or require them",
		ZH: "临停车没有固定车位，也没有剩余天数：两个字段都是空字符串；不要解析、截取或要求其非空",
	}
)

var carChecks = []check{
	{
		id: "empty-fix-parking-id", level: report.Must, section: "§10.1", fix: emptyFix,
		title: lang.Text{EN: "fixParkingId may be empty", ZH: "fixParkingId 可以为空"},
		sent:  lang.Text{EN: "an entry with fixParkingId \"\"", ZH: "fixParkingId 为 \"\" 的入场推送"},
		judge: acceptsOne(func(k *maker) message { return k.entry().with("fixParkingId", "") }),
	},
	{
		id: "empty-remaining-days", level: report.Must, section: "§10.1", fix: emptyFix,
		title: lang.Text{EN: "remainingDays may be empty", ZH: "remainingDays 可以为空"},
		sent:  lang.Text{EN: "an entry with remainingDays \"\"", ZH: "remainingDays 为 \"\" 的入场推送"},
		judge: acceptsOne(func(k *maker) message { return k.entry().with("remainingDays", "") }),
	},
	{
		id: "temporary-entry", level: report.Must, section: "§10.1", after: []string{"empty-fix-parking-id", "empty-remaining-days"},
		title: lang.Text{EN: "the entry of a temporary car is accepted", ZH: "临停车的入场推送必须被接受"},
		sent:  lang.Text{EN: "an entry with userType 77, fixParkingId and remainingDays empty", ZH: "userType 为 77，fixParkingId 与 remainingDays 为空的入场推送"},
		fix:   lang.Text{EN: "userType is 76 (long-term) or 77 (temporary): %s", ZH: "userType 为 76（长租）或 77（临停）：%s"}.With(emptyFix),
		judge: acceptsOne(func(k *maker) message { return k.entry().temporary() }),
	},
	{
		id: "temporary-exit", level: report.Must, section: "§10.2", kinds: []client.Kind{client.KindExit}, after: []string{"temporary-entry"}, fix: emptyFix,
		title: lang.Text{EN: "the exit of a temporary car is accepted", ZH: "临停车的离场推送必须被接受"},
		sent:  lang.Text{EN: "an exit with userType 77, fixParkingId and remainingDays empty", ZH: "userType 为 77，fixParkingId 与 remainingDays 为空的离场推送"},
		judge: accepts(func(k *maker) []message {
			m := k.entry().temporary()
			return []message{m, k.exit(m)}
		}),
	},
	{
		id: "long-term-year", level: report.Must, section: "§10.1",
		title: lang.Text{EN: "a long-term space may have a year left, and any name", ZH: "长租车位可以剩余一年，编号可以是任意文本"},
		sent:  lang.Text{EN: "an entry with remainingDays 365 and fixParkingId `B2-东017`", ZH: "remainingDays 为 365、fixParkingId 为 `B2-东017` 的入场推送"},
		fix: lang.Text{
			EN: "remainingDays has as many digits as it needs, and fixParkingId is a text: keep both as they come",
			ZH: "remainingDays 的位数没有限制，fixParkingId 是文本：请按原样保存",
		},
		judge: acceptsOne(func(k *maker) message { return k.entry().with("fixParkingId", "B2-东017", "remainingDays", "365") }),
	},
	{
		id: "without-user-type", level: report.Must, section: "§10.1",
		title: lang.Text{EN: "userType is optional (非必须)", ZH: "userType 为非必须字段"},
		sent:  lang.Text{EN: "an entry without the field userType", ZH: "不含 userType 字段的入场推送"},
		fix:   lang.Text{EN: "read a missing userType as a temporary car", ZH: "缺少 userType 时按临停车处理"},
		judge: acceptsOne(func(k *maker) message { return k.entry().without("userType") }),
	},
	{
		id: "without-push-time", level: report.Must, section: "§10.1",
		title: lang.Text{EN: "pushTime is optional (非必须)", ZH: "pushTime 为非必须字段"},
		sent:  lang.Text{EN: "an entry without the field pushTime", ZH: "不含 pushTime 字段的入场推送"},
		fix: lang.Text{
			EN: "do not require pushTime; the time of the event is entranceTime or exitTime",
			ZH: "不要要求 pushTime；事件的时间是 entranceTime 或 exitTime",
		},
		judge: acceptsOne(func(k *maker) message { return k.entry().without("pushTime") }),
	},
}

// provinces are the first characters a plate may have (§9.4).
const provinces = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼使"

var (
	plateFix = lang.Text{
		EN: "do not match plates against a narrower pattern than the platform's: they are a province's character or 使, a letter, and 5 or 6 more",
		ZH: "不要使用比平台更严格的车牌规则：车牌由省份简称或“使”、一个字母以及 5 或 6 个字符组成",
	}
	maskFix = lang.Text{
		EN: "entry and exit are masked unless the car is certified for the merchant (§9.9): find the stay by synId, not by plate",
		ZH: "除非车辆已为该商户认证（§9.9），入场和离场推送的车牌都是脱敏的：请按 synId 而不是按车牌查找停车记录",
	}
)

// plates are entries of given plates.
func plates(texts ...string) func(*maker) []message {
	return func(k *maker) []message {
		list := make([]message, len(texts))
		for i, p := range texts {
			list[i] = k.entry().with("plateNumber", p)
		}
		return list
	}
}

var plateChecks = []check{
	{
		id: "plate-masked", level: report.Must, section: "§9.7 §10.1", fix: maskFix,
		title: lang.Text{EN: "a masked plate is accepted", ZH: "脱敏的车牌必须被接受"},
		sent:  lang.Text{EN: "an entry with a plate such as 渝****61", ZH: "车牌形如 渝****61 的入场推送"},
		judge: acceptsPlates(func(k *maker) []message { return []message{k.entry().with("plateNumber", masked(k.plate))} }),
	},
	{
		id: "plate-masked-exit", level: report.Must, section: "§9.7 §10.2", kinds: []client.Kind{client.KindExit}, after: []string{"plate-masked", "temporary-exit"}, fix: maskFix,
		title: lang.Text{EN: "a masked plate is accepted at the exit", ZH: "离场推送中脱敏的车牌必须被接受"},
		sent:  lang.Text{EN: "an exit with a plate such as 渝****61", ZH: "车牌形如 渝****61 的离场推送"},
		judge: acceptsPlates(func(k *maker) []message {
			m := k.entry().temporary().with("plateNumber", masked(k.plate))
			return []message{m, k.exit(m)}
		}),
	},
	{
		id: "plate-new-energy", level: report.Must, section: "§9.4",
		title: lang.Text{EN: "new-energy plates of eight characters are accepted", ZH: "8 位新能源车牌必须被接受"},
		sent:  lang.Text{EN: "entries of 渝AD12345, 粤BF00001 and 京AA1234K", ZH: "渝AD12345、粤BF00001 和 京AA1234K 的入场推送"},
		fix:   lang.Text{EN: "a new-energy plate has 8 characters; make the column and the pattern wide enough", ZH: "新能源车牌有 8 位；数据库列和校验规则要足够宽"},
		judge: acceptsPlates(plates("渝AD12345", "粤BF00001", "京AA1234K")),
	},
	{
		id: "plate-provinces", level: report.Must, section: "§9.4", fix: plateFix,
		title: lang.Text{EN: "plates of every province are accepted", ZH: "各省份的车牌都必须被接受"},
		sent:  lang.Text{EN: "an entry of a plate of each province, and of 使", ZH: "每个省份以及“使”字车牌各一条入场推送"},
		judge: acceptsPlates(func(k *maker) []message {
			var list []message
			for _, p := range provinces {
				list = append(list, k.entry().with("plateNumber", string(p)+"A"+k.newPlate()[4:]))
			}
			return list
		}),
	},
	{
		id: "plate-suffixes", level: report.Must, section: "§9.4",
		title: lang.Text{EN: "plates that end in a character are accepted", ZH: "以汉字结尾的车牌必须被接受"},
		sent:  lang.Text{EN: "an entry of a plate that ends in each of 学警港澳挂领试超", ZH: "以 学警港澳挂领试超 各字结尾的车牌各一条入场推送"},
		fix:   lang.Text{EN: "the last character may be one of 学警港澳挂领试超", ZH: "最后一位可以是 学警港澳挂领试超 之一"},
		judge: acceptsPlates(func(k *maker) []message {
			var list []message
			for _, p := range "学警港澳挂领试超" {
				list = append(list, k.entry().with("plateNumber", "粤A1234"+string(p)))
			}
			return list
		}),
	},
	{
		id: "plate-emergency", level: report.Must, section: "§9.4", after: []string{"plate-new-energy", "plate-suffixes"},
		title: lang.Text{EN: "plates of emergency services are accepted", ZH: "应急车牌必须被接受"},
		sent:  lang.Text{EN: "an entry of the plate 粤A1234应急", ZH: "车牌为 粤A1234应急 的入场推送"},
		fix:   lang.Text{EN: "the last two characters may be 应急", ZH: "最后两位可以是 应急"},
		judge: acceptsPlates(func(k *maker) []message { return []message{k.entry().with("plateNumber", "粤A1234应急")} }),
	},
	{
		id: "plate-letters", level: report.Should, section: "§9.4", fix: plateFix,
		title: lang.Text{EN: "plates of letters alone are accepted", ZH: "全字母车牌应被接受"},
		sent:  lang.Text{EN: "entries of 京AFAAAA and 沪ABCDEF", ZH: "京AFAAAA 和 沪ABCDEF 的入场推送"},
		judge: acceptsPlates(plates("京AFAAAA", "沪ABCDEF")),
	},
}
