package webhook

import (
	"github.com/etcp-mock/etcp-mock/client"
	"github.com/etcp-mock/etcp-mock/contract/report"
	"github.com/etcp-mock/etcp-mock/internal/lang"
)

var (
	twiceFix = lang.Text{
		EN: "a lost answer, or a redelivery, brings the same push again, byte for byte: know it by (kind, synId), and answer code 0 once more without doing its work again",
		ZH: "应答丢失或重新投递都会使同一推送逐字节重发：用（类型、synId）识别，不重复处理，再次返回 code 0",
	}
	noticeTwiceFix = lang.Text{
		EN: "a lost answer, or a redelivery, brings the same push again, byte for byte. It has no synId: know it by (kind, plateNumber, time), and answer code 0 once more without doing its work again",
		ZH: "应答丢失或重新投递都会使同一推送逐字节重发。它没有 synId：用（类型、plateNumber、time）识别，不重复处理，再次返回 code 0",
	}
	sentTwice = lang.Text{EN: "the same push twice, byte for byte", ZH: "同一推送逐字节发送两次"}
)

// twice judges a push that comes again, byte for byte.
func twice(push func(*maker) message) judge {
	j := acceptsInTurn(func(k *maker) []part {
		m := push(k)
		return []part{{lang.Text{EN: "the push", ZH: "该推送"}, m}, {lang.Text{EN: "the same push a second time", ZH: "第二次发送的同一推送"}, m}}
	})
	j.expected = lang.Text{EN: "%s, both times", ZH: "%s，两次都如此"}.With(isAccepted)
	return j
}

var repeatChecks = []check{
	{
		id: "twice-entry", order: true, level: report.Must, section: "§10.1", sent: sentTwice, fix: twiceFix,
		title: lang.Text{EN: "the same entry is accepted twice", ZH: "同一入场推送发送两次都必须被接受"},
		judge: twice((*maker).entry),
	},
	{
		id: "twice-exit", order: true, level: report.Must, section: "§10.2", sent: sentTwice, fix: twiceFix, kinds: exitOnly, after: []string{"twice-entry", "exit-without-entry"},
		title: lang.Text{EN: "the same exit is accepted twice", ZH: "同一离场推送发送两次都必须被接受"},
		judge: twice(func(k *maker) message { return k.exit(k.entry().temporary()) }),
	},
	{
		id: "twice-unbind", order: true, level: report.Must, section: "§10.3", sent: sentTwice, fix: noticeTwiceFix, kinds: []client.Kind{client.KindUnbind},
		title: lang.Text{EN: "the same unbinding is accepted twice", ZH: "同一解绑推送发送两次都必须被接受"},
		judge: twice(func(k *maker) message { return k.notice(client.KindUnbind).with("time", k.at(13, 1, 1)) }),
	},
	{
		id: "twice-certification", order: true, level: report.Must, section: "§10.4", sent: sentTwice, fix: noticeTwiceFix, kinds: []client.Kind{client.KindCertificationInvalid},
		title: lang.Text{EN: "the same lost certification is accepted twice", ZH: "同一认证失效推送发送两次都必须被接受"},
		judge: twice(func(k *maker) message { return k.notice(client.KindCertificationInvalid).with("time", k.at(13, 1, 1)) }),
	},
	{
		id: "twice-entry-after-exit", order: true, level: report.Must, section: "§10.1", kinds: exitOnly, after: []string{"twice-entry", "temporary-exit"}, fix: twiceFix,
		title: lang.Text{EN: "an entry that comes again after its exit is accepted", ZH: "离场之后再次到达的入场推送必须被接受"},
		sent:  lang.Text{EN: "an entry, its exit, the entry again", ZH: "入场、离场，再次发送该入场"},
		judge: acceptsInTurn(func(k *maker) []part {
			m := k.entry().temporary()
			return []part{{theEntry, m}, {theExit, k.exit(m)}, {lang.Text{EN: "the entry a second time", ZH: "第二次发送的入场推送"}, m}}
		}),
	},
	{
		id: "refused-then-right", order: true, level: report.Must, section: "§10.1", after: []string{controlNegative, forged},
		title: lang.Text{EN: "a push that was refused is accepted when it comes right", ZH: "被拒绝过的推送在签名正确后必须被接受"},
		sent:  lang.Text{EN: "an entry with a forged signment, then the same entry signed right", ZH: "先发伪造 signment 的入场，再发签名正确的同一入场"},
		fix: lang.Text{
			EN: "do not remember a push that was refused: an attacker could keep the right one out",
			ZH: "不要记住被拒绝的推送：否则攻击者可以阻止正确的推送",
		},
		judge: judge{
			expected: lang.Text{EN: "the first refused, the second accepted", ZH: "第一条被拒绝，第二条被接受"},
			run: func(x *examination, _ lang.Text) {
				m := x.maker.entry()
				x.refuse(m.signedAs(x.forged()), lang.Text{EN: "the push with a forged signment", ZH: "伪造 signment 的推送"})
				x.accept(m, lang.Text{EN: "the same push, signed right", ZH: "签名正确的同一推送"})
			},
		},
	},
	{
		id: "twice-at-once", order: true, level: report.Should, section: "§10.1", after: []string{"twice-entry"},
		title: lang.Text{EN: "the same push five times at once is accepted", ZH: "同一推送同时到达五次应被接受"},
		sent:  lang.Text{EN: "the same entry five times at once", ZH: "同时发送五次同一入场推送"},
		fix:   lang.Text{EN: "a unique key, and its violation read as \"known already\"; %s", ZH: "使用唯一键，违反唯一键时视为“已处理”；%s"}.With(twiceFix),
		judge: acceptsAtOnce(lang.Text{EN: "%s, each time", ZH: "%s，每次都如此"}.With(isAccepted), func(x *examination) []message {
			m := x.maker.entry()
			return []message{m, m, m, m, m}
		}),
	},
}
